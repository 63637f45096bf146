"""Names of desa and kecamatan, their aliases, and the codes they may mean."""

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.settings import GeocodingSettings

EXACT = 100.0
_CONFLICT = "kode dan nama desa bertentangan"
_TWO_LISTS = "kode ada dalam daftar Kemendagri dan BPS untuk desa yang berbeda"
_FOREIGN = "kode desa dari kabupaten lain"
ELSEWHERE = "lembar menyebut kabupaten lain"
CONTRADICTIONS = (_CONFLICT, _FOREIGN, ELSEWHERE)
_KOTA = re.compile(r"^\s*kota\b[\s.:]*", re.IGNORECASE)
_KABUPATEN = re.compile(r"^\s*kab(?:upaten)?\b[\s.:]*", re.IGNORECASE)
"""Notes of rows whose code and name do not go together: neither is taken."""
_LONGEST_NAME = 100
_CODE_DIGITS = 10
_DISTRICT_DIGITS = 4
_PREFIX = re.compile(r"^\s*(?:desa|ds|kelurahan|kel|kecamatan|kec|kabupaten|kab)\b[\s.:]*", re.IGNORECASE)
_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"))


def name_key(name: str) -> str:
    """Reduce the name of a place to what its spellings have in common.

    Examples
    --------
    >>> name_key("Ds. Wonokerto  Kulon"), name_key("WONOKERTOKULON"), name_key("Kec. Doro")
    ('wonokertokulon', 'wonokertokulon', 'doro')
    >>> name_key("Boeloepajong")
    'bulupajong'
    """
    key = re.sub(r"[^a-z0-9]", "", _PREFIX.sub("", name[:_LONGEST_NAME]).casefold())
    for old, new in _OLD_SPELLING:
        key = key.replace(old, new)
    return key


@dataclass(frozen=True)
class Spellings:
    """All known ways to write the names of some areas.

    Attributes
    ----------
    keys
        Reduced names, as :func:`name_key` gives them.
    owner
        For each key, the place of its area in ``kode``.
    kode
        Codes of the areas.
    """

    keys: tuple[str, ...]
    owner: np.ndarray
    kode: tuple[str, ...]

    def likeness(self, name: str) -> np.ndarray:
        """Return how like each area's best spelling is to a name, 0 to 100; a swap of neighbours is one slip."""
        scores = process.cdist([name_key(name)], self.keys, scorer=OSA.normalized_similarity)[0] * 100
        best = np.zeros(len(self.kode))
        np.maximum.at(best, self.owner, scores)
        return best

    def only(self, kode: Collection[str]) -> "Spellings":
        """Return the spellings of some of the areas."""
        kept = tuple(area for area in self.kode if area in kode)
        place = pd.Index(kept).get_indexer(pd.Index(self.kode))[self.owner]
        keys = tuple(key for key, there in zip(self.keys, place, strict=True) if there >= 0)
        return Spellings(keys, place[place >= 0], kept)


@dataclass(frozen=True)
class Match:
    """What a stated place means: codes where they are certain, else a note that says why not."""

    kode_desa: str | None = None
    kode_kecamatan: str | None = None
    score: float = 0.0
    method: str = ""
    note: str = ""


class Gazetteer:
    """The names of one district.

    Parameters
    ----------
    desa
        ``kode_desa``, ``nama_desa``, ``alias``, ``kode_kecamatan``, ``nama_kecamatan``, ``alias_kecamatan``,
        ``kode_bps``; aliases separated by semicolons.
    settings
        The likeness that a name must reach, and its lead over the next.
    """

    def __init__(self, desa: pd.DataFrame, settings: GeocodingSettings) -> None:
        self._desa = desa
        self._settings = settings

    @cached_property
    def _kecamatan_spellings(self) -> Spellings:
        return _spellings(self._desa, "nama_kecamatan", "alias_kecamatan", "kode_kecamatan")

    @cached_property
    def _desa_spellings(self) -> dict[str | None, Spellings]:
        """Spellings of desa by kecamatan; under ``None`` those of the whole district."""
        whole = _spellings(self._desa, "nama_desa", "alias", "kode_desa")
        inside: dict[str | None, set[str]] = {}
        for kode_desa, kode_kecamatan in self._kecamatan_of.items():
            inside.setdefault(kode_kecamatan, set()).add(kode_desa)
        return {None: whole, **{kecamatan: whole.only(kode) for kecamatan, kode in inside.items()}}

    @cached_property
    def _codes(self) -> dict[str, dict[str, str]]:
        """Ten digits to kode_desa, by the list they are from; a bare code may stand in both."""
        kode = self._desa["kode_desa"]
        bps = self._desa["kode_bps"]
        known = bps.notna() & (bps != "")
        return {
            "Kemendagri": dict(zip(kode.str.replace(".", ""), kode, strict=True)),
            "BPS": dict(zip(bps[known], kode[known], strict=True)),
        }

    @cached_property
    def _district_codes(self) -> frozenset[str]:
        """First four digits of the codes of both lists: those of the district."""
        return frozenset(kode[:4] for codes in self._codes.values() for kode in codes)

    @cached_property
    def _kecamatan_of(self) -> dict[str, str]:
        return dict(zip(self._desa["kode_desa"], self._desa["kode_kecamatan"], strict=True))

    def match(self, stated: pd.DataFrame) -> pd.DataFrame:
        """Find the desa that each row states.

        Parameters
        ----------
        stated
            ``kode_tertulis``, ``desa_tertulis``, ``kecamatan_tertulis`` as text; any of them may be missing.

        Returns
        -------
        pandas.DataFrame
            ``kode_desa``, ``kode_kecamatan``, ``score`` (0 to 100), ``method``, ``note``; index of ``stated``.
        """
        columns = ["kode_tertulis", "desa_tertulis", "kecamatan_tertulis"]
        written = stated[columns].fillna("").astype("str")
        places = written.groupby(columns, sort=False).ngroup().to_numpy()
        distinct = written.drop_duplicates().itertuples(index=False, name=None)
        names = [column.name for column in fields(Match)]
        matches = pd.DataFrame([vars(self._match_one(*triple)) for triple in distinct], columns=names)
        return matches.iloc[places].set_index(stated.index)

    def is_elsewhere(self, written: pd.Series, district: str) -> np.ndarray:
        """Say where a written kabupaten, by name or code, is not this district.

        A kota and the kabupaten around it often share a name: «Kota X» is not «Kabupaten X», a bare «X» may be
        either.
        """
        others = [name for name in written.dropna().unique() if self._is_other(str(name), district)]
        return np.asarray(written.isin(others), dtype=bool)

    def _is_other(self, written: str, district: str) -> bool:
        digits = re.sub(r"[.\s]", "", written)
        if digits.isdecimal():
            return len(digits) == _DISTRICT_DIGITS and digits not in self._district_codes
        core, own = name_key(_KOTA.sub("", written)), name_key(_KOTA.sub("", district))
        if not core:
            return False
        is_kota = bool(_KOTA.match(district))
        says_other_kind = bool(_KABUPATEN.match(written) if is_kota else _KOTA.match(written))
        return says_other_kind or OSA.normalized_similarity(core, own) * 100 < self._settings.name_score

    def likeness(self, names: pd.Series, kode_desa: np.ndarray) -> np.ndarray:
        """Return how like each written name is to the best spelling of one desa each, 0 to 100."""
        pairs = pd.DataFrame({"name": names.to_numpy(object), "kode": kode_desa})
        place = pairs.groupby(["name", "kode"], sort=False).ngroup().to_numpy()
        whole = self._desa_spellings[None]
        distinct = pairs.drop_duplicates().itertuples(index=False, name=None)
        found = [whole.only({kode}).likeness(name)[0] for name, kode in distinct]
        return np.array(found, dtype=float)[place]

    def _match_one(self, kode: str, desa: str, kecamatan: str) -> Match:
        kode_kecamatan, score_kecamatan = self._closest(kecamatan, self._kecamatan_spellings)
        if kode:
            by_code = self._by_code(kode, desa, kode_kecamatan)
            if by_code.kode_desa or not name_key(desa) or by_code.note in CONTRADICTIONS:
                return by_code
        if not name_key(desa):
            note = "" if kode_kecamatan or not kecamatan else "nama kecamatan tidak dikenali"
            return Match(
                None, kode_kecamatan, score_kecamatan, "nama kecamatan" if kode_kecamatan else "", note
            )
        if name_key(kecamatan) and not kode_kecamatan:
            # neighbouring districts have desa of the same names: without its kecamatan a name says nothing
            return Match(note="nama kecamatan tidak dikenali")
        found, score = self._closest(desa, self._desa_spellings[kode_kecamatan])
        if found:
            method = "nama desa di kecamatannya" if kode_kecamatan else "nama desa, tanpa kecamatan"
            return Match(found, self._kecamatan_of[found], score, method)
        note = "nama desa cocok dengan lebih dari satu desa" if score else "nama desa tidak dikenali"
        return Match(None, kode_kecamatan, score, "", note)

    def _by_code(self, kode: str, desa: str, kode_kecamatan: str | None) -> Match:
        digits = re.sub(r"\D", "", kode)
        read = {name: codes[digits] for name, codes in self._codes.items() if digits in codes}
        if not read:
            elsewhere = len(digits) == _CODE_DIGITS and digits[:4] not in self._district_codes
            return Match(
                None, kode_kecamatan, 0.0, "", _FOREIGN if elsewhere else "kode desa tidak ada dalam daftar"
            )
        fitting = {name: found for name, found in read.items() if self._fits(found, desa, kode_kecamatan)}
        if len(set(fitting.values())) != 1:
            return Match(None, kode_kecamatan, 0.0, "", _TWO_LISTS if fitting else _CONFLICT)
        name, found = next(iter(fitting.items()))
        return Match(found, self._kecamatan_of[found], 100.0, f"kode {name}")

    def _fits(self, kode_desa: str, desa: str, kode_kecamatan: str | None) -> bool:
        if kode_kecamatan and self._kecamatan_of[kode_desa] != kode_kecamatan:
            return False
        if not name_key(desa):
            return True
        own = self._desa_spellings[self._kecamatan_of[kode_desa]].only({kode_desa})
        found, _ = self._closest(desa, own)
        return found is not None

    def _closest(self, name: str, spellings: Spellings) -> tuple[str | None, float]:
        """Return the one clear winner and its score; no code but a score when several are as good."""
        if not name_key(name):
            return None, 0.0
        likeness = spellings.likeness(name)
        order = np.argsort(-likeness, kind="stable")
        best = float(likeness[order[0]])
        lead = best - (float(likeness[order[1]]) if len(order) > 1 else 0.0)
        if best < self._settings.name_score:
            return None, 0.0
        if lead < self._settings.name_margin and not (best == EXACT and lead > 0):
            return None, best
        return spellings.kode[order[0]], best


def _spellings(areas: pd.DataFrame, name: str, alias: str, kode: str) -> Spellings:
    rows = areas[[name, alias, kode]].drop_duplicates().fillna("").astype("str")
    written = (rows[name] + ";" + rows[alias]).str.split(";")
    pairs = pd.DataFrame({"key": written, "kode": rows[kode]}).explode("key")
    pairs = pairs.assign(key=pairs["key"].map(name_key)).query("key != ''").drop_duplicates()
    codes = tuple(sorted(pairs["kode"].unique()))
    owner = pd.Index(codes).get_indexer(pairs["kode"])
    return Spellings(tuple(pairs["key"]), owner, codes)

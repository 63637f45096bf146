"""Names of desa and kecamatan, their aliases, and the codes they may mean."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.gazetteer.area_codes import BPS, KEMENDAGRI, AreaCodes, CodesRead, clean_code
from geo.gazetteer.kabupaten_names import is_another
from geo.gazetteer.likeness import EVERYWHERE, NONE, SAME_SOUND, SEVERAL, Spellings, Words
from geo.gazetteer.row_blocks import in_blocks
from geo.gazetteer.search import (
    EXACT,
    ROUNDING,
    SLIPS_AHEAD,
    Found,
    exact,
    find,
    gather_spellings,
    has_text,
    may_be_short,
    slips,
    slips_of_pen,
)
from geo.gazetteer.spelling import (
    Parts,
    plain_key,
    read_otherwise,
    side,
    take_apart,
    tidy,
    without_kecamatan_word,
)  # fmt: skip
from geo.gazetteer.taught_names import find_taught, taught_spellings
from geo.settings import GeocodingSettings

_CONFLICT = "kode dan nama desa bertentangan"
_TWO_LISTS = "kode ada dalam daftar Kemendagri dan BPS untuk desa yang berbeda"
_FOREIGN = "kode desa dari kabupaten lain"
_OTHER_LIST = "kode hanya ada dalam daftar lain daripada yang dipakai lembar ini"
_UNLISTED = "kode desa tidak ada dalam daftar"
_NAME_STANDS = "kode desa tidak ada dalam daftar, nama desa yang dipakai"
_TWO_KECAMATAN = "sel desa menyebut kecamatan lain daripada kolom kecamatan"
_NO_KECAMATAN = "nama kecamatan tidak dikenali"
_SEVERAL_DESA = "nama desa cocok dengan lebih dari satu desa"
_NO_DESA = "nama desa tidak dikenali"
_IN_OTHER = "nama desa tidak dikenali di kecamatan itu; desa bernama demikian ada di kecamatan lain"
_ELSEWHERE_HERE = -3
_NONE_FITS = "ditinjau: tidak ada yang cocok"
ELSEWHERE = "lembar menyebut kabupaten lain"
CONTRADICTIONS = (_CONFLICT, _FOREIGN, ELSEWHERE, _TWO_KECAMATAN)
"""Notes of rows whose code and names do not go together: none is taken."""

_ORDER = (
    _FOREIGN, _OTHER_LIST, _TWO_LISTS, _CONFLICT, _NO_KECAMATAN, _SEVERAL_DESA, _IN_OTHER, _NO_DESA, _NO_KECAMATAN,
    _UNLISTED,
)  # fmt: skip
_NOTES = ("", _TWO_KECAMATAN, _NAME_STANDS, *dict.fromkeys(_ORDER))
_CONFLICT_NOTE, _TWO_KECAMATAN_NOTE, _NAME_STANDS_NOTE = _NOTES.index(_CONFLICT), 1, 2
_METHODS = (
    "", f"kode {KEMENDAGRI}", f"kode {BPS}", "nama desa di kecamatannya", "nama desa, tanpa kecamatan",
    "nama kecamatan", "ejaan dari keputusan peninjau",
)  # fmt: skip

_BY_TAUGHT = len(_METHODS) - 1
_STATED = ("kode_tertulis", "desa_tertulis", "kecamatan_tertulis")
_KEY = ("kode", "desa", "kecamatan")
_LIKELY, _QUITE_LIKELY = 60.0, 70.0
_VOTES, _CLEAR = 5, 0.95
_BETTER_ELSEWHERE = 15.0
_WORTH_SHOWING = 35.0


def stated_key(stated: pd.DataFrame) -> pd.DataFrame:
    """Return what decisions about names are kept under: code, desa and kecamatan without accidents of writing.

    Capitals, accents, invisible characters, repeated spaces and unusual punctuation fall away, and of a code all but
    its digits (and the points of Kemendagri's form); nothing that :meth:`Gazetteer.match` goes by. Decisions in files
    depend on this form: it must not change.

    Parameters
    ----------
    stated
        ``kode_tertulis``, ``desa_tertulis``, ``kecamatan_tertulis``; any of them may be missing.

    Returns
    -------
    pandas.DataFrame
        ``kode``, ``desa``, ``kecamatan``, empty text where there is nothing; index of ``stated``.

    Examples
    --------
    >>> sheet = pd.DataFrame({"kode_tertulis": ["'3326192010.0"], "desa_tertulis": [" DS.  WONOKERTO"],
    ...                       "kecamatan_tertulis": [None]})
    >>> stated_key(sheet).to_dict("records")
    [{'kode': '3326192010', 'desa': 'ds. wonokerto', 'kecamatan': ''}]
    """
    out = {}
    for key, column in zip(_KEY, _STATED, strict=True):
        place, distinct = _factorize(stated[column])
        cleaned = clean_code(distinct) if key == "kode" else tidy(distinct)
        out[key] = pd.Series(cleaned.to_numpy(zero_copy_only=False)[place], index=stated.index, dtype="str")
    return pd.DataFrame(out, index=stated.index)


class Gazetteer:
    """The names of one district.

    Parameters
    ----------
    desa
        ``kode_desa``, ``nama_desa``, ``alias``, ``kode_kecamatan``, ``nama_kecamatan``, ``alias_kecamatan``,
        ``kode_bps``; aliases separated by semicolons.
    settings
        The likeness that a name must reach, and its lead over the next.
    learned
        Decisions of reviewers: ``kode``, ``desa``, ``kecamatan`` as :func:`stated_key` gives them, and ``kode_desa``,
        missing where none fits. What they say of a name holds for its other spellings in that kecamatan too, and
        nowhere else (see :mod:`geo.gazetteer.taught_names`).
    """

    def __init__(
        self, desa: pd.DataFrame, settings: GeocodingSettings, learned: pd.DataFrame | None = None
    ) -> None:
        columns = [
            "kode_desa",
            "nama_desa",
            "alias",
            "kode_kecamatan",
            "nama_kecamatan",
            "alias_kecamatan",
            "kode_bps",
        ]
        self._areas = (
            pd.DataFrame(desa[columns]).astype("str").fillna("")
            .sort_values(["kode_kecamatan", "kode_desa"], ignore_index=True)
        )  # fmt: skip
        self._settings = settings
        self._learned = learned if learned is not None and len(learned) else None
        self._kecamatan = pd.Index(self._areas["kode_kecamatan"].unique())
        self._group = self._kecamatan.get_indexer(self._areas["kode_kecamatan"])

    @cached_property
    def _kode(self) -> np.ndarray:
        return self._areas["kode_desa"].to_numpy(object)

    @cached_property
    def _codes(self) -> AreaCodes:
        return AreaCodes(self._areas, self._kecamatan)

    @cached_property
    def _kecamatan_spellings(self) -> Spellings:
        rows = self._areas.drop_duplicates("kode_kecamatan")
        everyone = np.zeros(len(rows), dtype=np.int64)
        return gather_spellings(rows["nama_kecamatan"], rows["alias_kecamatan"], everyone)

    @cached_property
    def _desa_spellings(self) -> Spellings:
        return gather_spellings(self._areas["nama_desa"], self._areas["alias"], self._group)

    @cached_property
    def _taught(self) -> Spellings | None:
        """The names that reviewers have decided, where the kecamatan is that of the desa."""
        if self._learned is None:
            return None
        decided = self._learned.fillna(dict.fromkeys(_KEY, "")).rename(
            columns=dict(zip(_KEY, _STATED, strict=True))
        )
        row, _, cells = _distinct_rows(decided)
        told = self._read(cells)
        keys = plain_key(told.names.take(pa.array(told.text)))
        kecamatan = np.where(told.disagree, NONE, told.kecamatan)
        area = pd.Index(self._kode).get_indexer(decided["kode_desa"].fillna(""))
        taught = taught_spellings(
            keys.take(pa.array(row)), kecamatan[row], area, self._desa_spellings, self._group
        )
        return taught if len(taught.area) else None

    def match(self, stated: pd.DataFrame) -> pd.DataFrame:
        """Find the desa that each row states.

        Parameters
        ----------
        stated
            ``kode_tertulis``, ``desa_tertulis``, ``kecamatan_tertulis`` as text; any of them may be missing. Whether
            bare codes are Kemendagri's or those of BPS is learned from the other rows.

        Returns
        -------
        pandas.DataFrame
            ``kode_desa``, ``kode_kecamatan``, ``score`` (0 to 100), ``method``, ``note``; index of ``stated``.
        """
        row, first, cells = _distinct_rows(stated)
        told = self._with_likely_kecamatan(self._read(cells))
        rows = np.bincount(row, minlength=len(first))
        named, taught = self._by_taught(told, self._by_name(told))
        found = self._with_codes(told, named, taught, rows)
        if self._learned is not None:
            found = self._decided(stated.iloc[first], found, self._learned)
        return found.iloc[row].set_index(stated.index)

    def _read(self, cells: "list[tuple[np.ndarray, pa.Array]]") -> "_Told":
        """Take apart what distinct rows say, each text once."""
        (kode_of, kode), (desa_of, desa), (kecamatan_of, kecamatan) = cells
        part_of, parts = _take_apart(desa)
        desa_of = part_of[desa_of]
        size = len(parts.name)
        aside = self._which_kecamatan(pa.concat_arrays([tidy(kecamatan), parts.kecamatan, parts.note]))
        column, cell, behind = np.split(np.arange(len(aside.area)), [len(kecamatan), len(kecamatan) + size])
        noted = np.where(aside.score[behind] >= SAME_SOUND, aside.area[behind], NONE)
        names, notes = parts.name, pc.if_else(pa.array(noted >= 0), "", parts.note)
        beside = np.flatnonzero(has_text(notes))
        noted_keys = plain_key(notes.take(pa.array(beside)))
        meaning, length = side(pc.binary_join_element_wise("xxx", noted_keys, ""))
        only_side = (meaning > 0) & (length == pc.binary_length(noted_keys).to_numpy(zero_copy_only=False))
        sided = np.isin(np.arange(size), beside[only_side])
        names = pc.if_else(pa.array(sided), parts.whole, names)
        notes = pc.if_else(pa.array(sided), "", notes)
        in_cell = np.where(parts.kecamatan.to_numpy(zero_copy_only=False) != "", aside.area[cell], noted)
        names_it = has_text(parts.kecamatan)
        says_cell = names_it | (noted >= 0)
        says_column = has_text(without_kecamatan_word(tidy(kecamatan))[0])[kecamatan_of]
        area = np.where(says_column, aside.area[column][kecamatan_of], in_cell[desa_of])
        score = np.where(says_column, aside.score[column][kecamatan_of], aside.score[cell][desa_of])
        score = np.where(~says_column & ~names_it[desa_of], SAME_SOUND, score)
        column_area = np.where(says_column, aside.area[column][kecamatan_of], NONE)
        disagree = (column_area >= 0) & (in_cell[desa_of] >= 0) & (column_area != in_cell[desa_of])
        own = clean_code(kode)
        both = pa.concat_arrays([own, parts.kode.cast(own.type)])
        code_of = np.where(has_text(own)[kode_of], kode_of, len(own) + desa_of)
        coded = pc.dictionary_encode(both)
        kode_read = coded.indices.to_numpy()[code_of]
        codes = self._codes.read(coded.dictionary).take(kode_read)
        by_code = codes.kecamatan
        disagree |= (by_code >= 0) & (area >= 0) & (by_code != area)
        taken = (area < 0) & (by_code >= 0) & ~says_column
        text = pa.concat_arrays([tidy(kecamatan), parts.kecamatan])
        return _Told(
            desa_of,
            names,
            parts.written,
            notes,
            np.select([area >= 0, taken], [area, by_code], NONE),
            np.select([area >= 0, taken], [score, EXACT], 0.0),
            says_column | says_cell[desa_of],
            disagree,
            text.take(pa.array(np.where(says_column, kecamatan_of, len(kecamatan) + desa_of))),
            has_text(coded.dictionary)[kode_read],
            codes,
        )

    def _which_kecamatan(self, texts: pa.Array) -> Found:
        coded = pc.dictionary_encode(texts)
        names, _ = without_kecamatan_word(coded.dictionary)
        group = np.zeros(len(names), dtype=np.int64)
        found = _together(
            in_blocks(
                lambda rows: find(self._kecamatan_spellings, names[rows], group[rows], self._settings),
                len(names),
            )
        )
        weak = np.flatnonzero((found.area >= 0) & (found.score < SAME_SOUND))
        desa = weak[self._names_desa(plain_key(names.take(pa.array(weak))))]
        found.area[desa], found.score[desa] = NONE, 0.0
        place = coded.indices.to_numpy(zero_copy_only=False)
        return Found(found.area[place], found.score[place])

    def _names_desa(self, keys: pa.Array) -> np.ndarray:
        """Say which names are exactly those of a desa: in the place of a kecamatan they are no misspelt one."""
        return np.asarray(self._desa_spellings.exact(keys, np.full(len(keys), EVERYWHERE)) != NONE)

    def are_names(self, written: pd.Series) -> pd.DataFrame:
        """Say which texts are, however written, exactly the name of a ``desa`` and of a ``kecamatan``."""
        texts = tidy(written)
        kecamatan = plain_key(without_kecamatan_word(texts)[0])
        everyone = np.zeros(len(texts), dtype=np.int64)
        return pd.DataFrame(
            {
                "desa": self._names_desa(plain_key(take_apart(texts).name)),
                "kecamatan": np.asarray(self._kecamatan_spellings.exact(kecamatan, everyone) != NONE),
            },
            index=written.index,
        )

    def _by_name(self, told: "_Told") -> Found:
        """Find the desa by the names alone, inside the kecamatan where one is known."""
        pair = pd.factorize(told.text * (len(self._kecamatan) + 1) + told.kecamatan + 1)[0]
        first = _firsts(pair)
        text, group = (
            told.text[first],
            np.where(told.kecamatan[first] >= 0, told.kecamatan[first], EVERYWHERE),
        )
        found = _together(in_blocks(lambda rows: self._named(told, text[rows], group[rows]), len(text)))
        return Found(found.area[pair], found.score[pair])

    def _by_taught(self, told: "_Told", found: Found) -> tuple[Found, np.ndarray]:
        """Take what reviewers have taught, where the names alone are not known; and say where."""
        taught = np.zeros(len(found.area), dtype=bool)
        open_ = (told.kecamatan >= 0) & ~told.disagree & ((found.area < 0) | (found.score < EXACT))
        rows = np.flatnonzero(open_ & has_text(told.names)[told.text])
        if self._taught is None or not rows.size:
            return found, taught
        names = told.names.take(pa.array(told.text[rows]))
        meant = find_taught(
            self._taught, self._desa_spellings, names, plain_key(names), told.kecamatan[rows], self._settings
        )
        sure = (meant.area >= 0) & ((meant.score == EXACT) | (found.area[rows] == NONE))
        area, score = found.area.copy(), found.score.copy()
        area[rows[sure]], score[rows[sure]] = meant.area[sure], meant.score[sure]
        taught[rows[sure]] = True
        return Found(area, score), taught

    def _named(self, told: "_Told", text: np.ndarray, group: np.ndarray) -> Found:
        """Find the desa of some texts in their groups."""
        spellings = self._desa_spellings
        chosen = pa.array(text)
        names, wholes = told.names.take(chosen), told.wholes.take(chosen)
        found = find(spellings, names, group, self._settings, loosely=True)
        area, score = found.area, found.score
        more = np.flatnonzero(pc.not_equal(names, wholes).to_numpy(zero_copy_only=False))
        if more.size:
            long = wholes.take(pa.array(more))
            whole = exact(spellings, plain_key(long), long, group[more])
            beside = spellings.exact(plain_key(told.notes.take(chosen).take(pa.array(more))), group[more])
            rival = (beside >= 0) & (area[more] >= 0) & (beside != area[more])
            area[more] = np.select([whole != NONE, rival], [whole, SEVERAL], area[more])
            score[more] = np.where(whole != NONE, EXACT, score[more])
        again = np.flatnonzero(area == NONE)
        bare = read_otherwise(names.take(pa.array(again)))
        other = pc.not_equal(bare, names.take(pa.array(again)))
        again, bare = again[other.to_numpy(zero_copy_only=False)], bare.filter(other)
        if again.size:
            second = find(spellings, bare, group[again], self._settings, loosely=True)
            area[again], score[again] = second.area, second.score
        unsure = np.flatnonzero((group != EVERYWHERE) & (score < SAME_SOUND) & has_text(names))
        if unsure.size:
            other = spellings.exact(plain_key(names.take(pa.array(unsure))), np.full(len(unsure), EVERYWHERE))
            area[unsure[other != NONE]], score[unsure[other != NONE]] = _ELSEWHERE_HERE, 0.0
        return Found(area, score)

    def _with_likely_kecamatan(self, told: "_Told") -> "_Told":
        """Take the kecamatan that a badly written one is most like, where a desa is called exactly so there."""
        there = np.flatnonzero(
            (told.kecamatan < 0) & told.says & ~told.disagree & has_text(told.names)[told.text]
        )
        if not there.size:
            return told
        written, _ = without_kecamatan_word(told.kecamatan_text.take(pa.array(there)))
        words = Words.of(plain_key(written))
        near = self._kecamatan_spellings.nearest(words, np.zeros(len(there), dtype=np.int64))
        clear = near.lead >= np.maximum(self._settings.name_margin, slips(SLIPS_AHEAD, words)) - ROUNDING
        clear &= (near.score >= _QUITE_LIKELY) & ~self._names_desa(plain_key(written))
        far = np.flatnonzero(clear & (near.score < self._settings.name_score))
        clear[far] = slips_of_pen(self._kecamatan_spellings, words.take(far), near.area[far])
        there, near = there[clear], near.area[clear]
        keys = plain_key(told.names.take(pa.array(told.text[there])))
        so_called = self._desa_spellings.exact(keys, near) >= 0
        kecamatan, score = told.kecamatan.copy(), told.score.copy()
        kecamatan[there[so_called]], score[there[so_called]] = near[so_called], _QUITE_LIKELY
        return replace(told, kecamatan=kecamatan, score=score)

    def _likely_kecamatan(self, told: "_Told", found: Found) -> np.ndarray:
        """Say where a kecamatan that is not known for certain is most like that of the desa, which is certain."""
        likely = np.zeros(len(found.area), dtype=bool)
        there = np.flatnonzero(
            (found.area >= 0) & (found.score >= SAME_SOUND) & (told.kecamatan < 0) & told.says
        )
        if there.size:
            names, _ = without_kecamatan_word(told.kecamatan_text.take(pa.array(there)))
            keys = plain_key(names)
            like = self._kecamatan_spellings.score(keys, self._group[found.area[there]])
            best = self._kecamatan_spellings.nearest(
                Words.of(keys), np.zeros(len(there), dtype=np.int64)
            ).score
            likely[there] = (like >= _QUITE_LIKELY) & (like >= best - ROUNDING)
            likely[there] &= ~self._names_desa(keys)
        return likely

    def _with_codes(self, told: "_Told", found: Found, taught: np.ndarray, rows: np.ndarray) -> pd.DataFrame:
        """Weigh what names and codes say; rows tells how often each is in the sheet."""
        lost = told.says & (told.kecamatan < 0) & ~self._likely_kecamatan(told, found)
        by_name = np.where(lost | told.disagree, NONE, found.area)
        named = has_text(told.names)[told.text]
        read = (told.codes.kemendagri, told.codes.bps)
        fits = tuple(self._fits(told, found, area, named) for area in read)
        votes = [int(rows[fit & ~other & named].sum()) for fit, other in (fits, fits[::-1])]
        total = max(_VOTES, sum(votes))
        clear = next((place for place in (0, 1) if votes[place] >= _CLEAR * total), None)
        both = fits[0] & fits[1] & (read[0] != read[1])
        chosen = np.select([both, fits[0], fits[1]], [SEVERAL, read[0], read[1]], NONE)
        kemendagri = fits[0] & ~both
        other_list = np.zeros(len(chosen), dtype=bool)
        if clear is not None:
            chosen = np.where(both, read[clear], chosen)
            kemendagri = np.where(both, clear == 0, kemendagri)
            other_list = ~named & ~told.codes.dotted & (chosen >= 0) & ~fits[clear]
            chosen = np.where(other_list, NONE, chosen)
        readable = (read[0] >= 0) | (read[1] >= 0)
        against = told.disagree | (readable & (chosen == NONE) & ~other_list) | told.codes.foreign
        area = np.where(chosen >= 0, chosen, np.where(against | (chosen == SEVERAL), NONE, by_name))
        area = np.where(told.disagree, NONE, area)
        in_kecamatan = told.kecamatan >= 0
        conflict = np.where(readable | (told.codes.kecamatan >= 0), _CONFLICT_NOTE, _TWO_KECAMATAN_NOTE)
        note = np.select(
            [
                (area >= 0) & told.coded & ~readable & (told.codes.kecamatan < 0),
                area >= 0,
                told.disagree,
                told.codes.foreign,
                other_list & ~named,
                readable & (chosen == SEVERAL),
                readable,
                named & lost,
                named & (found.area == SEVERAL),
                named & (found.area == _ELSEWHERE_HERE),
                named,
                told.says & ~in_kecamatan,
                told.coded & ~in_kecamatan,
            ],
            [_NAME_STANDS_NOTE, 0, conflict, *(_NOTES.index(words) for words in _ORDER)],
            default=0,
        )
        only_kecamatan = (area < 0) & ~named & in_kecamatan & (note == 0)
        by_code = (area >= 0) & (chosen >= 0)
        method = np.select(
            [
                by_code,
                (area >= 0) & taught,
                (area >= 0) & (in_kecamatan | told.says),
                area >= 0,
                only_kecamatan,
            ],
            [np.where(kemendagri, 1, 2), _BY_TAUGHT, 3, 4, 5],
            default=0,
        )
        scored = (area >= 0) | (note == 0) | (note == _NOTES.index(_SEVERAL_DESA))
        score = np.select([by_code, only_kecamatan, scored], [EXACT, told.score, found.score])
        kecamatan = np.where(told.disagree, NONE, told.kecamatan)
        return self._result(area, kecamatan, score, _pick(_METHODS, method), _pick(_NOTES, note))

    def _result(
        self,
        area: np.ndarray,
        kecamatan: np.ndarray,
        score: np.ndarray,
        method: pd.api.extensions.ExtensionArray | str,
        note: pd.api.extensions.ExtensionArray | str,
    ) -> pd.DataFrame:
        group = np.where(area >= 0, self._group[area], kecamatan)
        return pd.DataFrame(
            {
                "kode_desa": _pick(self._kode, area),
                "kode_kecamatan": _pick(self._kecamatan.to_numpy(object), group),
                "score": score,
                "method": method,
                "note": note,
            }
        )

    def _fits(self, told: "_Told", found: Found, area: np.ndarray, named: np.ndarray) -> np.ndarray:
        """Say where a code's desa is one that the names may mean: that one, or none more than it."""
        fits = (area >= 0) & ~told.disagree & ((told.kecamatan < 0) | (self._group[area] == told.kecamatan))
        there = np.flatnonzero(fits & named & (found.area != area))
        if there.size:
            keys = plain_key(told.names.take(pa.array(told.text[there])))
            own = self._desa_spellings.score(keys, area[there], sides=False)
            words = Words.of(keys)
            near = self._desa_spellings.nearest(words, self._group[area[there]])
            alone = (near.area == area[there]) & (near.lead >= self._settings.name_margin)
            best = own >= near.score - ROUNDING
            # a code and a kecamatan that agree bear a badly written name, if none is much more like it
            borne = (
                (told.kecamatan[there] >= 0)
                & (own >= _QUITE_LIKELY)
                & (own >= near.score - slips(SLIPS_AHEAD, words))
            )
            borne |= may_be_short(
                self._desa_spellings, told.names.take(pa.array(told.text[there])), area[there]
            )
            borne &= found.area[there] != _ELSEWHERE_HERE
            likely = ((own >= self._settings.name_score) & best) | (alone & (own >= _LIKELY))
            fits[there] = (found.area[there] < 0) & (likely | borne)
        return np.asarray(fits)

    def _decided(self, distinct: pd.DataFrame, found: pd.DataFrame, learned: pd.DataFrame) -> pd.DataFrame:
        """Let the decisions of reviewers stand over everything."""
        decisions = learned.drop_duplicates(list(_KEY), keep="last").set_index(list(_KEY))["kode_desa"]
        place = decisions.index.get_indexer(pd.MultiIndex.from_frame(stated_key(distinct)))
        area = pd.Index(self._kode).get_indexer(decisions.fillna("").to_numpy(object)[place])
        refused = (place >= 0) & decisions.isna().to_numpy()[place]
        taken = (place >= 0) & (area >= 0)
        settled = self._result(
            area, np.full(len(area), NONE), np.full(len(area), EXACT), "keputusan peninjau", ""
        )
        out = found.where(pd.Series(~taken, index=found.index), settled)
        out.loc[refused, ["kode_desa", "method", "score", "note"]] = [None, "", 0.0, _NONE_FITS]
        return out

    def candidates(self, stated: pd.DataFrame, limit: int = 5) -> pd.DataFrame:
        """Find the desa that each row may mean, for a reviewer to choose from.

        Those of the stated kecamatan; those of another one where the name is much more like them, and the desa of a
        code that can be read.

        Parameters
        ----------
        stated
            As for :meth:`match`.
        limit
            At most so many a row.

        Returns
        -------
        pandas.DataFrame
            ``place`` (0-based row of ``stated``), ``kode_desa``, ``score`` (0 to 100), best first.
        """
        row, _, cells = _distinct_rows(stated)
        told = self._read(cells)
        keys = plain_key(told.names.take(pa.array(told.text)))
        extra = np.stack([told.codes.kemendagri, told.codes.bps], axis=1)
        found = [
            self._rank(likeness, rows, told.kecamatan[rows], extra[rows], limit)
            for rows, likeness in self._desa_spellings.likeness(keys)
        ]
        empty = pd.DataFrame({"row": [], "area": [], "score": []}).astype(
            {"row": int, "area": int, "score": float}
        )
        ranked = pd.concat([empty, *found], ignore_index=True)
        all_rows = pd.DataFrame({"place": np.arange(len(row)), "row": row})
        out = all_rows.merge(ranked, on="row").sort_values(
            ["place", "score", "area"], ascending=[True, False, True]
        )
        kode = _pick(self._kode, out["area"].to_numpy(np.int64))
        return pd.DataFrame(
            {"place": out["place"].to_numpy(), "kode_desa": kode, "score": out["score"].to_numpy()}
        )

    def _rank(
        self, likeness: np.ndarray, rows: np.ndarray, kecamatan: np.ndarray, coded: np.ndarray, limit: int
    ) -> pd.DataFrame:
        """Choose from the likeness of rows (down) and desa (across)."""
        score = np.round(likeness, 1)
        inside = (kecamatan[:, None] == self._group) | (kecamatan < 0)[:, None]
        best = np.where(inside, score, 0.0).max(axis=1, initial=0.0)[:, None]
        shown = (score >= _WORTH_SHOWING) & (inside | (score >= best + _BETTER_ELSEWHERE))
        rank = np.where(shown, score, -1.0)
        for column in coded.T:
            there = np.flatnonzero(column >= 0)
            rank[there, column[there]] = 200.0  # a code that can be read is always worth a look
        order = np.argsort(-rank, axis=1, kind="stable")[:, :limit]
        kept = np.take_along_axis(rank, order, axis=1) > 0
        row = np.nonzero(kept)[0]
        return pd.DataFrame({"row": rows[row], "area": order[kept], "score": score[row, order[kept]]})

    def likeness(self, names: pd.Series, kode_desa: np.ndarray) -> np.ndarray:
        """Return how like each written name is to the best spelling of one desa each, 0 to 100."""
        place, distinct = _factorize(names)
        area = pd.Index(self._kode).get_indexer(kode_desa)
        pair, first = np.unique(place * len(self._kode) + area, return_index=True, return_inverse=True)[1:][
            ::-1
        ]
        keys = plain_key(take_apart(tidy(distinct)).name).take(pa.array(place[first]))
        return self._desa_spellings.score(keys, area[first], sides=False)[pair]

    def stated_kabupaten(self, stated: pd.DataFrame) -> pd.Series:
        """Return the kabupaten that each row names: in its own column, else in the cells of desa and kecamatan.

        Parameters
        ----------
        stated
            ``kabupaten_tertulis``, ``desa_tertulis``, ``kecamatan_tertulis``.
        """
        desa_of, desa = _factorize(stated["desa_tertulis"])
        kecamatan_of, kecamatan = _factorize(stated["kecamatan_tertulis"])
        in_desa = _objects(take_apart(tidy(desa)).kabupaten)[desa_of]
        in_kecamatan = _objects(without_kecamatan_word(tidy(kecamatan))[1])[kecamatan_of]
        cells = pd.Series(np.where(in_desa != "", in_desa, in_kecamatan), index=stated.index, dtype="str")
        return stated["kabupaten_tertulis"].fillna(cells.replace("", pd.NA))

    def is_elsewhere(self, written: pd.Series, district: str) -> np.ndarray:
        """Say where a written kabupaten, by name or code, is not this district.

        A kota and the kabupaten around it often share a name: «Kota X» is not «Kabupaten X», a bare «X» may be
        either.
        """
        place, distinct = _factorize(written)
        another = is_another(tidy(distinct), district, self._codes.districts, self._settings.name_score)
        return np.asarray(another[place], dtype=bool)


@dataclass(frozen=True)
class _Told:
    """What distinct rows say; ``names``, ``wholes`` and ``notes`` are distinct texts, ``text`` points into them."""

    text: np.ndarray
    names: pa.Array
    wholes: pa.Array
    notes: pa.Array
    kecamatan: np.ndarray
    score: np.ndarray
    says: np.ndarray
    disagree: np.ndarray
    kecamatan_text: pa.Array
    coded: np.ndarray
    codes: CodesRead


def _factorize(column: pd.Series) -> tuple[np.ndarray, pa.Array]:
    """Return for each row the place of its text among the distinct ones; nothing written is an empty text."""
    texts = pa.array(column.fillna("").astype("str"), pa.large_string())
    coded = pc.dictionary_encode(texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts)
    return coded.indices.to_numpy().astype(np.int64), coded.dictionary.cast(pa.string())


def _distinct_rows(stated: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, pa.Array]]]:
    """Return for each row the place of its like among the distinct ones, and the first row of each of these.

    Of these also what they say: for each column, the places of their texts among the distinct texts.
    """
    code = np.zeros(len(stated), dtype=np.int64)
    columns = [_factorize(stated[column]) for column in _STATED]
    for place, distinct in columns:
        code = pd.factorize(code * (len(distinct) + 1) + place)[0] if len(distinct) > 1 else code
    first = _firsts(code)
    return code, first, [(place[first], distinct) for place, distinct in columns]


def _firsts(place: np.ndarray) -> np.ndarray:
    """Return where each place stands first; places are numbered from 0, none left out."""
    first = np.zeros(place.max(initial=-1) + 1, dtype=np.int64)
    first[place[::-1]] = np.arange(len(place))[::-1]
    return first


def _take_apart(texts: pa.Array) -> tuple[np.ndarray, Parts]:
    """Return for each cell of desa the place of its parts among the distinct ones, and these.

    Without capitals, signs and words in front many cells are the same.
    """
    blocks = in_blocks(lambda rows: take_apart(tidy(texts[rows])), len(texts))
    parts = [
        pa.concat_arrays(values) for values in zip(*(vars(part).values() for part in blocks), strict=True)
    ]
    written, _, name, *others = parts
    alone = pc.equal(written, name)
    for other in others:
        alone = pc.and_(alone, pc.equal(other, ""))
    joined = pc.binary_join_element_wise(*(part.filter(pc.invert(alone)) for part in parts), "|")
    coded = pc.dictionary_encode(pc.replace_with_mask(name, pc.invert(alone), joined))
    place = coded.indices.to_numpy().astype(np.int64)
    first = pa.array(_firsts(place))
    return place, Parts(*(part.take(first) for part in parts))


def _together(parts: list[Found]) -> Found:
    return Found(
        np.concatenate([part.area for part in parts]), np.concatenate([part.score for part in parts])
    )


def _objects(texts: pa.Array) -> np.ndarray:
    return np.asarray(texts.to_numpy(zero_copy_only=False), dtype=object)


def _pick(values: Sequence[str] | np.ndarray, place: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Take values by place, nothing where the place is negative."""
    return pd.array(values, dtype="str").take(np.maximum(place, NONE), allow_fill=True)

"""Which desa a polygon of an official file shows: by code, else by name inside its kecamatan."""

import re
import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy.optimize import linear_sum_assignment

from geo.errors import OtherDistrict, UnmatchedBoundaries

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.intp]

NAME_SCORE = 80.0
"""Least likeness (0 to 100) of two spellings of one name; siblings such as Kulon and Wetan stay below."""
NAME_MARGIN = 5.0
"""How far the best spelling must be ahead of the next desa."""
NAME_CONTRADICTS = 60.0
"""Below this likeness a name says something else than the code beside it."""

KODE_LENGTH = 10
KABUPATEN_LENGTH = 4
KIND = re.compile(r"^\s*(desa|ds|kelurahan|kel|kecamatan|kec|kabupaten|kab)\b\.?(?=.*\w)", re.IGNORECASE)
NOT_DESA_KODE = re.compile(r"(?:888|999)$|^....(?:888|999)")
NOT_DESA_NAME = re.compile(r"^(?:hutan|danau|waduk|rawa|laut|sungai|perairan|tubuh air)\b", re.IGNORECASE)


def printable(text: object, longest: int = 60) -> str:
    r"""Return text of a file fit to be shown: no control or direction characters, not too long.

    Examples
    --------
    >>> printable("Karang\x1b[31m\u202esari")
    'Karang[31msari'
    """
    kept = "".join(sign for sign in str(text) if unicodedata.category(sign)[0] != "C")
    return kept if len(kept) <= longest else f"{kept[: longest - 1]}…"


def bare(name: str) -> str:
    """Return the letters and digits of a name without the word for its kind.

    Examples
    --------
    >>> bare("Desa Api-Api"), bare("KEL. KAJEN"), bare("Kab. Contoh"), bare("Kota Contoh")
    ('apiapi', 'kajen', 'contoh', 'kotacontoh')
    """
    return re.sub(r"[\W_]", "", KIND.sub("", name)).casefold()


def digits(values: pd.Series) -> pd.Series:
    """Return codes as ten digits without dots or country letters, and ``""`` for what is no code of a desa.

    Examples
    --------
    >>> digits(pd.Series(["33.26.01.2001", "ID3326130023", 3326130023.0, "3326", None])).tolist()
    ['3326012001', '3326130023', '3326130023', '', '']
    """
    text = values.map(lambda value: f"{value:.0f}" if isinstance(value, float) else value, na_action="ignore")
    bare_digits = text.astype("string").str.replace(r"\.0+$|\D", "", regex=True)
    return bare_digits.where(bare_digits.str.len() == KODE_LENGTH, "").fillna("").astype(str)


def inside_district(rows: pd.DataFrame, names: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which features are of the district: by code, else by the name of the kabupaten.

    *Needs columns* ``kabupaten`` (as written, or ``""``) and any ``kode_*`` as of :func:`digits`.

    Raises
    ------
    OtherDistrict
        When not one feature is; it says which district was found.
    """
    prefixes = {kode[:KABUPATEN_LENGTH] for kode in {*_kemendagri(names), *_bps(names)}}
    codes = rows.filter(like="kode_")
    by_kode = codes.apply(lambda column: column.str[:KABUPATEN_LENGTH].isin(prefixes)).any(axis=1)
    coded = (codes != "").any(axis=1)
    written = rows["kabupaten"].map(bare)
    by_name = written.isin({bare(name) for name in names["nama_kabupaten"]} | {""})
    inside: pd.Series[bool] = by_kode.where(coded, by_name)
    if inside.any():
        return inside
    found = rows["kabupaten"].where(
        written != "", codes.max(axis=1).astype("string").str[:KABUPATEN_LENGTH].map("kode {}".format)
    )
    raise OtherDistrict(
        f"Berkas ini memuat {', '.join(map(printable, found.value_counts().index[:3]))}, bukan "
        f"{expected(names)}. Pilih berkas kabupaten yang benar."
    )


def expected(names: pd.DataFrame) -> str:
    """Return name and code of the district that the list of desa is about."""
    first = names.iloc[0]
    return f"{first['nama_kabupaten']} ({first['kode_kabupaten']})"


def match(rows: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Find the desa of each feature of the district.

    *Needs columns* ``kode_*`` (see :func:`digits`), ``desa``, ``kecamatan`` (as written, or ``""``).
    *Adds columns* ``kode_desa`` (missing when not found), ``how`` (``kode Kemendagri``, ``kode BPS``,
    ``nama``, ``bukan desa`` for forest and water, ``""`` when not found), ``score`` (likeness of the name, 0
    to 100), ``candidates`` (the nearest desa of a feature that was not found).

    Raises
    ------
    UnmatchedBoundaries
        When the codes fit both official lists and nothing tells which is meant.
    """
    likeness = _likeness(rows["desa"], names, ["nama_desa", "nama_bps", "alias"])
    near = _same_kecamatan(rows["kecamatan"], names)
    place, how = _by_kode(rows, names, likeness)
    # a code says one desa and the name is exactly another's: neither is believed
    exact = (likeness == 100) & near  # noqa: PLR2004 - letter by letter
    doubtful = (place >= 0) & (_at(likeness, place) < NAME_CONTRADICTS) & exact.any(axis=1)
    place[doubtful] = -1
    named = _by_name(rows, likeness * near, place, doubtful)
    how = np.where(place >= 0, how, np.where(named >= 0, "nama", ""))
    place = np.where(place >= 0, place, named)
    codes = rows.filter(like="kode_")
    without = (rows["desa"] == "") & (codes == "").all(axis=1)
    natural = codes.apply(lambda column: column.str.contains(NOT_DESA_KODE)).any(axis=1)
    natural |= rows["desa"].str.contains(NOT_DESA_NAME) | without
    how = np.where((place < 0) & natural, "bukan desa", how)
    kode = names["kode_desa"].astype("string").reset_index(drop=True)
    return rows.assign(
        kode_desa=kode.reindex(place).to_numpy(),
        how=how,
        score=_at(likeness, place),
        candidates=[
            _candidates(scores, inside, names) if lost else ""
            for scores, inside, lost in zip(likeness, near, how == "", strict=True)
        ],
    )


def _kemendagri(names: pd.DataFrame) -> dict[str, int]:
    return {kode: place for place, kode in enumerate(digits(names["kode_desa"])) if kode}


def _bps(names: pd.DataFrame) -> dict[str, int]:
    return {kode: place for place, kode in enumerate(digits(names["kode_bps"])) if kode}


def _by_kode(rows: pd.DataFrame, names: pd.DataFrame, likeness: Floats) -> tuple[Places, NDArray[np.str_]]:
    """Return the position of each feature's desa by its code (-1 unknown), and by which list.

    A ten-digit code may be of either list: the one that finds most desa whose names agree is taken.
    """
    unnamed = (rows["desa"] == "").to_numpy()
    tries: list[tuple[int, str, Places]] = []
    for column in rows.filter(like="kode_"):
        for title, kode in (("kode Kemendagri", _kemendagri(names)), ("kode BPS", _bps(names))):
            place = np.asarray(rows[column].map(kode).fillna(-1), dtype=np.intp)
            agrees = (place >= 0) & (unnamed | (_at(likeness, place) >= NAME_CONTRADICTS))
            if agrees.any():
                tries.append((int(agrees.sum()), title, place))
    tries.sort(key=lambda one: -one[0])
    best = np.full(len(rows), -1)
    how = np.full(len(rows), "", dtype="<U20")
    for weight, title, place in tries:
        if 2 * weight < tries[0][0]:
            break
        both = (best >= 0) & (place >= 0)
        if 2 * int((best[both] != place[both]).sum()) > int(both.sum()):
            raise UnmatchedBoundaries(
                f"Kode sepuluh angka di berkas ini cocok dengan daftar Kemendagri maupun BPS ({weight} dan "
                f"{tries[0][0]} desa). Sertakan kolom nama desa dengan --kolom desa=..., agar jelas "
                f"mana yang dimaksud."
            )
        how = np.where((best < 0) & (place >= 0), title, how)
        best = np.where(best < 0, place, best)
    return best, how


def _by_name(rows: pd.DataFrame, likeness: Floats, known: Places, doubtful: Bools) -> Places:
    """Return the position of each feature's desa by its name, one to one; -1 where none is sure enough.

    ``likeness`` is nought outside the feature's kecamatan.
    """
    place = np.full(len(rows), -1)
    exact = likeness == 100  # noqa: PLR2004 - letter by letter
    # an exact name may repeat a desa that is already found: another part of it
    sure = (known < 0) & ~doubtful & (exact.sum(axis=1) == 1)
    place[sure] = exact[sure].argmax(axis=1)
    free = np.setdiff1d(np.arange(likeness.shape[1]), np.concatenate([known, place]))
    wanted = rows[(known < 0) & ~doubtful & (place < 0)].groupby(["kecamatan", "desa"]).ngroup()
    first = rows.index.get_indexer(wanted.drop_duplicates().sort_values().index)
    if not len(first) or not len(free):
        return place
    scores = likeness[np.ix_(first, free)]
    row, column = linear_sum_assignment(-scores)
    taken = scores[row, column]
    others = scores[row]
    others[np.arange(len(row)), column] = 0.0
    good = (taken >= NAME_SCORE) & (taken - others.max(axis=1, initial=0.0) >= NAME_MARGIN)
    found = np.full(len(first), -1)
    found[row[good]] = free[column[good]]
    place[rows.index.get_indexer(wanted.index)] = found[wanted.to_numpy()]
    return place


def _likeness(written: pd.Series, names: pd.DataFrame, columns: list[str]) -> Floats:
    """Return how alike each written name is to the best spelling of each desa (rows, desa; 0 to 100)."""
    present = [column for column in columns if column in names]
    spelt = names[present].agg(";".join, axis=1).str.split(";").explode().map(bare)
    spelt = spelt[spelt != ""]
    starts = np.flatnonzero(~spelt.index.duplicated())
    code, distinct = pd.factorize(written.map(bare))
    scores = process.cdist(list(distinct), spelt.tolist(), scorer=fuzz.ratio, dtype=np.float64)
    scores[np.asarray(distinct) == ""] = 0.0
    best: Floats = np.maximum.reduceat(scores, starts, axis=1)[code]
    return best


def _same_kecamatan(written: pd.Series, names: pd.DataFrame) -> Bools:
    """Tell which desa lie in the kecamatan that each feature names; all where it names none."""
    likeness = _likeness(written, names, ["nama_kecamatan", "nama_kecamatan_bps", "alias_kecamatan"])
    best = likeness.max(axis=1, keepdims=True)
    same: Bools = (likeness == best) & (best >= NAME_SCORE) | (written == "").to_numpy()[:, None]
    return same


def _at(likeness: Floats, place: Places) -> Floats:
    found: Floats = np.where(place >= 0, likeness[np.arange(len(place)), place], 0.0)
    return found


def _candidates(scores: Floats, inside: Bools, names: pd.DataFrame) -> str:
    nearest = np.argsort(-(scores * (inside if inside.any() else 1)), kind="stable")[:2]
    found = names.iloc[nearest]
    return " atau ".join(found["nama_desa"] + " (" + found["kode_desa"] + ")")

"""Households that stand in a sheet more than once: found in groups, and which row of each counts."""

from collections.abc import Collection
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.columns import LONGEST_ANSWER
from geo.households.identifiers import NO_DATE, NO_REGION
from geo.symbology import join_words

KINDS = {"nik": "NIK sama", "kk_nama": "KK dan nama sama", "titik_nama": "titik dan nama sama"}
"""Ways in which two rows are alike, as settings name them, and in words."""

OTHER_NAME = "NIK sama, nama berbeda"
"""Told, but never a reason to count once: one of two families may have a mistyped number."""

SAME_PERSON = 85.0
"""Names at least this alike (0 to 100) may stand beside one NIK; a name that is part of the other is as alike."""

MOST_NAMES = 8
"""A NIK with more names than this is nobody's; the names are not even compared."""

SPOT_DEGREES = 1e-5
"""Positions in the same cell of this size, about a metre, are one spot."""

_NUMBER = r"^[1-9]\d{5}(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d{6}$"
"""What a NIK or KK can be: region, date (day + 40 for a woman), serial number."""

_FILLED_IN = (*(figure * 16 for figure in "0123456789"), "1234567890123456", "0123456789012345")

_BEFORE = (
    r"^(?:(?:h|hj|haji|hajjah|hajah|kh|drs|dra|dr|drg|ir|prof|ust|ustad|ustadz|ustadzah|tn|tuan|ny|nyonya|nn|bp|bpk"
    r"|bapak|pak|ibu|bu|sdr|sdri|sdra|saudara|saudari|alm|almh|almarhum|almarhumah|mbah|kyai|kiai|nyai) )+"
)
_AFTER = r"(?: (?:h|hj|alm|almh|almarhum|almarhumah))+$"
_DEGREE = (
    r"(?:[ ,.]+(?:[sm][. ]*(?:pd|ag|ip|sos|kom|km|kep|keb|hi|th|pt|pi|si|psi|kes|farm|gz|tr|ked|hut|sn|ak|hum|st)"
    r"(?:[. ]*[isd])?|a[. ]*m[. ]*d(?:[. ]*(?:keb|kep|pd|kom|ak|kes))?|[sm][. ]*[ehtp]|m[. ]*m|b[. ]*a"
    r"|ners|ns|lc)[. ]*)+$"
)
_MUHAMMAD = (
    r"^(?:m|moh|muh|moch|mhd|mohd|mohamad|mohammad|mochamad|mochammad|muhamad|muchamad|muchammad|muhammad) "
)
_NOBODY = r"^(?:x+|n ?n|no ?name|anonim|kosong|nihil|belum ada|tidak ada|tidak diketahui|tidak tahu|\d+|.)$"


def find_duplicates(households: gpd.GeoDataFrame, count_once: Collection[str]) -> gpd.GeoDataFrame:
    """Group the rows that seem to be one household, and choose which row of each group counts; none is dropped.

    Needs columns: ``nik``, ``no_kk``, ``nama``, ``kode_desa``, geometry; sharpened by ``nik_mark``,
    ``no_kk_mark`` (a damaged number is no evidence).
    Adds columns: ``duplicate_group`` (Int32, from 1 in the order of the sheet; missing = alone),
    ``duplicate_why`` (how the row is like another of its group, Indonesian), ``counts`` (bool).

    Parameters
    ----------
    households
        After geocoding: a geometry is a point of the household's own.
    count_once
        The ways of :data:`KINDS` by which alike rows count once; rows alike in other ways are grouped only.

    Notes
    -----
    Of rows that count once the one with a known desa counts, then the one with the most cells filled, then the
    first in the sheet: an empty copy must not hide a filled one. Names are compared without titles, capitals,
    punctuation and spaces. Rows that share a NIK under names that are clearly different all count.
    """
    nik, no_kk = (_shared(_sound(households, name)) for name in ("nik", "no_kk"))
    spot = _shared(_spots(households.geometry))
    rows = np.flatnonzero((nik >= 0) | (no_kk >= 0) | (spot >= 0))
    names = plain_names(households["nama"].iloc[rows])
    name = _numbered(names.str.replace(" ", ""))
    nik, no_kk, spot = nik[rows], no_kk[rows], spot[rows]
    torn = np.isin(nik, _with_different_names(nik, names))
    person = _shared(_both(nik, name))
    alike = {
        "nik": np.where(torn, np.where(person >= 0, person + len(households), -1), nik),
        "kk_nama": _shared(_both(no_kk, name)),
        "titik_nama": _shared(_both(spot, name)),
    }
    words = [np.where(codes >= 0, KINDS[kind], "").astype(object) for kind, codes in alike.items()]
    why = join_words(words[0], np.where(torn, OTHER_NAME, "").astype(object), *words[1:])
    group = _groups(nik, *alike.values(), size=len(rows))
    once = _groups(*(codes for kind, codes in alike.items() if kind in count_once), size=len(rows))
    spare = rows[_all_but_best(once, households.iloc[rows])]

    number = np.zeros(len(households), dtype="int32")
    number[rows] = _numbered(pd.Series(group).where(group >= 0)) + 1
    reasons, counts = np.full(len(households), "", dtype=object), np.ones(len(households), dtype=bool)
    reasons[rows], counts[spare] = why, False
    return households.assign(
        duplicate_group=pd.Series(number, index=households.index).astype("Int32").mask(number == 0),
        duplicate_why=pd.Series(reasons, index=households.index, dtype="str"),
        counts=counts,
    )


def duplicate_facts(households: pd.DataFrame, count_once: Collection[str]) -> dict[str, Any]:
    """Return how many groups and rows are alike, in which way, and how many rows do not count.

    Returns
    -------
    dict
        ``count_once`` (the ways that count once, in words), ``groups``, ``rows`` (of all groups),
        ``not_counted``, and ``kinds``: ``why``, ``groups``, ``rows`` of each way that occurs.
    """
    grouped = households.loc[households["duplicate_group"].notna(), ["duplicate_group", "duplicate_why"]]
    single = grouped.assign(why=grouped["duplicate_why"].str.split("; ")).explode("why")
    table = single.groupby("why")["duplicate_group"].agg(["nunique", "size"])
    order = (KINDS["nik"], OTHER_NAME, KINDS["kk_nama"], KINDS["titik_nama"])
    kinds = [
        {"why": why, "groups": int(groups), "rows": int(rows)}
        for why, groups, rows in table.reindex(order).dropna().itertuples()
    ]
    return {
        "count_once": [KINDS[kind] for kind in count_once],
        "groups": int(grouped["duplicate_group"].nunique()),
        "rows": len(grouped),
        "not_counted": int((~households["counts"]).sum()),
        "kinds": kinds,
    }


def plain_names(names: pd.Series) -> pd.Series:
    """Reduce names of persons to what tells them apart; missing where a name says nothing.

    Examples
    --------
    >>> plain_names(pd.Series(["H. SLAMET, S.Pd", "Slamet  (alm)", "Moh. Ali", "-", "Tn. X"])).tolist()
    ['slamet', 'slamet', 'muhammad ali', nan, nan]
    """
    places, distinct = pd.factorize(names)
    text = pd.Series(distinct, dtype="str").str.slice(stop=LONGEST_ANSWER).str.normalize("NFKC").str.lower()
    text = text.str.replace(_DEGREE, "", regex=True).str.replace(r"[\W_]+", " ", regex=True).str.strip()
    bare = text.str.replace(_BEFORE, "", regex=True).str.replace(_AFTER, "", regex=True)
    bare = bare.str.replace(_MUHAMMAD, "muhammad ", regex=True)
    text = bare.mask(bare.str.match(_NOBODY) | (bare == ""))
    return text.reindex(places).set_axis(names.index)


def _sound(households: pd.DataFrame, column: str) -> pd.Series:
    """Return the numbers that are evidence; one that is damaged or filled in is nobody's.

    A whole number that no office can have given out, because of its region or date, is a slip that a copy repeats:
    it tells something beside a name, but nothing alone.
    """
    numbers = households[column]
    mark = households.get(f"{column}_mark", pd.Series("", index=numbers.index)).fillna("")
    whole = numbers.str.match(r"^[0-9]{16}$", na=False) & ~numbers.str.endswith("0000", na=False)
    sound = whole & mark.isin(("", NO_REGION, NO_DATE)) & ~numbers.isin(_FILLED_IN)
    as_given_out = (mark == "") & numbers.str.match(_NUMBER, na=False)
    return numbers.where(sound & (as_given_out | households["nama"].notna()))


def _spots(points: gpd.GeoSeries) -> pd.Series:
    placed = np.flatnonzero(~shapely.is_missing(points.to_numpy()))
    lon, lat = np.rint(shapely.get_coordinates(points.to_numpy()[placed]) / SPOT_DEGREES).astype("int64").T
    return pd.Series(lon * round(360 / SPOT_DEGREES) + lat, index=placed).reindex(range(len(points)))


def _numbered(values: pd.Series) -> np.ndarray:
    """Return a number from 0 for each distinct value; -1 where missing."""
    return pd.factorize(values)[0].astype("int64")


def _both(one: np.ndarray, other: np.ndarray) -> pd.Series:
    """Return one key for two numberings, missing where either is."""
    key = pd.Series(one * (other.max(initial=0) + 1) + other)
    return key.where((one >= 0) & (other >= 0))


def _shared(values: pd.Series) -> np.ndarray:
    """Return a number for each value that more than one row has; -1 for the others."""
    codes = _numbered(values)
    often = np.bincount(codes + 1, minlength=1) > 1
    often[0] = False
    return np.where(often[codes + 1], codes, -1)


def _with_different_names(nik: np.ndarray, names: pd.Series) -> np.ndarray:
    """Find the NIK that stand beside names which cannot be one person's."""
    named = pd.DataFrame({"nik": nik, "name": names.to_numpy(object)})
    named = named[(named["nik"] >= 0) & named["name"].notna()].drop_duplicates()
    several = named.groupby("nik")["name"].transform("size")
    nobodys = named.loc[several > MOST_NAMES, "nik"].unique()
    named = named[(several > 1) & (several <= MOST_NAMES)].reset_index()
    pairs = named.merge(named, on="nik").query("index_x < index_y")
    if pairs.empty:
        return nobodys
    one, other = pairs["name_x"], pairs["name_y"]
    parts = cpdist(one.tolist(), other.tolist(), scorer=fuzz.token_set_ratio)
    unspaced = [side.str.replace(" ", "").tolist() for side in (one, other)]
    whole = cpdist(*unspaced, scorer=fuzz.ratio)
    differ = np.maximum(parts, whole) < SAME_PERSON
    return np.concatenate([nobodys, pairs.loc[differ, "nik"].unique()])


def _groups(*alike: np.ndarray, size: int) -> np.ndarray:
    """Return a number for what any of the numberings connects; -1 for a row alone."""
    links = [_to_first(codes) for codes in alike]
    pairs = np.hstack([np.empty((2, 0), dtype=int), *links])
    graph = coo_array((np.ones(pairs.shape[1], dtype=bool), tuple(pairs)), shape=(size, size))
    return _shared(pd.Series(connected_components(graph, directed=False)[1]))


def _to_first(codes: np.ndarray) -> np.ndarray:
    """Link each row to the first of its number."""
    rows = np.flatnonzero(codes >= 0)
    _, first, number = np.unique(codes[rows], return_index=True, return_inverse=True)
    return np.stack([rows, rows[first[number]]])


def _all_but_best(once: np.ndarray, households: pd.DataFrame) -> np.ndarray:
    """Return the places of the rows that do not count."""
    rows = np.flatnonzero(once >= 0)
    candidates = households.iloc[rows]
    filled = candidates.notna().to_numpy().sum(axis=1)
    order = np.lexsort(
        (-filled, candidates["kode_desa"].isna(), once[rows])
    )  # stable: the sheet's order last
    follows = np.diff(once[rows][order], prepend=-1) == 0
    spare: np.ndarray = rows[order[follows]]
    return spare

"""Households of a book: their class of need, their words, their numbers, and where they stand in metres."""

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.assessment import Assessment
from geo.atlas.selection import Selection
from geo.crs import to_metres
from geo.house_numbers import add_house_numbers
from geo.symbology import NEED_TITLES, known_need, need_class

CLASSES = tuple(NEED_TITLES)
"""Classes of need in the order of the legend; the first three are in need."""

IN_NEED = 3

_NO, _YES, _UNKNOWN = 0, 1, -1
_WORDS = np.full((3, 3), "–", dtype=object)
_WORDS[_YES, _NO], _WORDS[_NO, _YES], _WORDS[_YES, _YES] = "RTLH", "Jamban", "RTLH + jamban"
_WORDS[_YES, _UNKNOWN], _WORDS[_UNKNOWN, _YES] = "RTLH; jamban ?", "Jamban; RTLH ?"
_WORDS[_NO, _UNKNOWN], _WORDS[_UNKNOWN, _NO], _WORDS[_UNKNOWN, _UNKNOWN] = (
    "Jamban ?",
    "RTLH ?",
    "RTLH ?; jamban ?",
)

TEXTS = ("nama", "alamat", "dusun", "rt", "rw", "desil", "jumlah_art")


_NEEDED = (
    "counts", "kode_desa", "sheet_row", "house_number", "need_rtlh", "need_jamban", *TEXTS, "geometry",
)  # fmt: skip


def numbered_households(assessment: Assessment) -> gpd.GeoDataFrame:
    """Return the counted households with the columns that a book needs and no other; those of older runs numbered.

    Adds columns: ``house_number``, where it is missing.
    """
    table = assessment.households
    rows = table.loc[table["counts"].to_numpy(dtype=bool), [name for name in _NEEDED if name in table]]
    return rows if "house_number" in rows else add_house_numbers(rows)


def book_households(households: gpd.GeoDataFrame, selection: Selection, crs: CRS) -> pd.DataFrame:
    """Return every counted household of a book's desa, those that it does not choose as what stands around.

    Needs columns: ``kode_desa``, ``sheet_row``, ``house_number``; sharpened by ``need_rtlh``, ``need_jamban``,
    and :data:`TEXTS`. Adds columns: ``desa`` (place in ``selection.desa``), ``x`` ``y`` (metres in ``crs``; missing
    without an own point), ``number`` (within its desa, for as long as the run lasts), ``label`` (as text), ``need``
    (place in :data:`CLASSES`), ``words``, ``chosen``, and the texts (empty where nothing is known).

    Sorted by desa, then number; the index counts from 0.
    """
    desa = pd.Index(selection.desa).get_indexer(households["kode_desa"])
    if (desa < 0).any():
        households, desa = households[desa >= 0], desa[desa >= 0]
    rows = households["sheet_row"].to_numpy()
    chosen = np.ones(len(rows), dtype=bool) if selection.rows is None else np.isin(rows, selection.rows)
    points = households.geometry
    has_point = (points.notna() & ~points.is_empty).to_numpy()
    x, y = np.full(len(households), np.nan), np.full(len(households), np.nan)
    x[has_point], y[has_point] = to_metres(points[has_point].x, points[has_point].y, crs)
    number = households["house_number"].to_numpy(dtype=np.int64)
    table = pd.DataFrame(
        {
            "desa": desa,
            "sheet_row": rows,
            "number": number,
            "label": share_texts(number),
            "x": x,
            "y": y,
            "need": pd.Index(CLASSES).get_indexer(pd.Index(need_class(households))),
            "words": _WORDS[known_need(households, "rtlh"), known_need(households, "jamban")],
            "chosen": chosen,
            **{name: _text(households, name) for name in TEXTS},
        }
    )
    return table.sort_values(["desa", "number"], ignore_index=True)


def _text(households: gpd.GeoDataFrame, column: str) -> pd.Series:
    if column not in households:
        return pd.Series([""] * len(households), dtype="str")
    texts: pd.Series = households[column].astype("string").fillna("").astype("str")
    return texts.reset_index(drop=True)


def share_texts(values: pd.Series | np.ndarray) -> np.ndarray:
    """Return values as texts, empty where they are missing; equal ones are one object, as most are alike.

    Examples
    --------
    >>> share_texts(pd.Series([3, None, 3], dtype="Int64")).tolist()
    ['3', '', '3']
    """
    which, distinct = pd.factorize(values)
    texts = pd.Series(distinct).astype("string").to_numpy(dtype=object)
    return np.append(texts, "")[which]

"""Households of every sheet: their class of need, their words, and their numbers in reading order."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.atlas.frame import Frame, cell_name, cells
from geo.crs import to_metres
from geo.symbology import NEED_TITLES, known_need, need_class

CLASSES = tuple(NEED_TITLES)
"""Classes of need in the order of the legend; the first three are in need and carry a number."""

IN_NEED = 3

_NO, _YES, _UNKNOWN = 0, 1, -1
_WORDS = np.full((3, 3), "", dtype=object)
_WORDS[_YES, _NO], _WORDS[_NO, _YES], _WORDS[_YES, _YES] = "RTLH", "Jamban", "RTLH + jamban"
_WORDS[_YES, _UNKNOWN], _WORDS[_UNKNOWN, _YES] = "RTLH; jamban ?", "Jamban; RTLH ?"


def placed_households(households: gpd.GeoDataFrame, codes: Sequence[str], crs: CRS) -> pd.DataFrame:
    """Return the households that count in the given desa, sorted by desa, with what a sheet needs of them.

    Needs columns: ``kode_desa``, ``sheet_row``; sharpened by ``need_rtlh``, ``need_jamban``, ``desil``,
    ``dusun``, ``rt``, ``rw``. Adds columns: ``sheet`` (place of its desa in ``codes``), ``x`` ``y`` (metres in
    ``crs``; missing without an own point), ``need`` (place in ``CLASSES``), ``words``.
    """
    sheet = pd.Index(codes).get_indexer(households["kode_desa"])
    rtlh, jamban = known_need(households, "rtlh"), known_need(households, "jamban")
    points = households.geometry
    has_point = (points.notna() & ~points.is_empty).to_numpy()
    x, y = np.full(len(households), np.nan), np.full(len(households), np.nan)
    x[has_point], y[has_point] = to_metres(points[has_point].x, points[has_point].y, crs)
    frame = pd.DataFrame(
        {
            "sheet": sheet,
            "sheet_row": households["sheet_row"].to_numpy(),
            "x": x,
            "y": y,
            "need": pd.Index(CLASSES).get_indexer(pd.Index(need_class(households))),
            "words": _WORDS[rtlh, jamban],
            "desil": _text(households, "desil"),
            "place": _place(households),
            "dusun": _text(households, "dusun"),
        }
    )
    return frame[frame["sheet"] >= 0].sort_values(["sheet", "sheet_row"], ignore_index=True)


def numbered_households(placed: pd.DataFrame, frames: Sequence[Frame]) -> pd.DataFrame:
    """Give the households in need of each sheet numbers from 1, cell by cell as one reads the map.

    Those without an own point follow, so that no number is missing on the map before the last one drawn.

    Needs columns: those of ``placed_households``. Adds columns: ``cell`` (empty without an own point),
    ``number`` (0 when not in need), ``label`` (the number as text); sorted by sheet, then number, then the others.
    """
    sheet = placed["sheet"].to_numpy()
    west, north, step = (
        np.array([getattr(frame, name) for frame in frames], dtype=float)[sheet]
        for name in ("west", "north", "step_m")
    )
    xy = placed[["x", "y"]].to_numpy()
    column, row = cells(xy, west, north, step)
    need = placed["need"].to_numpy() < IN_NEED
    order = np.lexsort(
        (placed["sheet_row"], xy[:, 0], -xy[:, 1], column, row, np.isnan(xy[:, 0]), ~need, sheet)
    )
    starts = np.searchsorted(sheet, np.arange(len(frames)))
    rank = np.arange(len(placed)) - starts[sheet]
    numbered = placed.iloc[order].reset_index(drop=True)
    numbered["number"] = np.where(need[order], rank + 1, 0)
    numbered["label"] = (rank + 1).astype(str).astype(object)
    numbered["cell"] = _cell_names(column[order], row[order])
    return numbered


def _cell_names(column: np.ndarray, row: np.ndarray) -> np.ndarray:
    names = np.full(len(column), "", dtype=object)
    known = np.isfinite(column)
    pairs, which = np.unique(
        np.column_stack([column[known], row[known]]).astype(int), axis=0, return_inverse=True
    )
    words = np.array([cell_name(int(place), int(line)) for place, line in pairs], dtype=object)
    names[known] = words[which] if len(words) else ""
    return names


def _text(households: gpd.GeoDataFrame, column: str) -> np.ndarray:
    if column not in households:
        return np.full(len(households), "", dtype=object)
    return np.asarray(households[column].astype("string").fillna(""), dtype=object)


def _place(households: gpd.GeoDataFrame) -> np.ndarray:
    rt, rw = _text(households, "rt"), _text(households, "rw")
    return np.where((rt == "") & (rw == ""), "", rt + "/" + rw)

"""The number of each house within its desa: near houses have near numbers, in every print of a run."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.gazetteer.dusun_names import dusun_keys

LEVEL = 16
"""Of the curve: the side of the district in 65 536 parts, about a metre each."""

_ON_FOOT = ("dusun", "rw", "rt")


def add_house_numbers(households: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give each household that counts its number within its desa.

    Those with a point of their own come first, along a Hilbert curve over the whole district (geopandas' own), so
    that whoever walks by number walks from house to house, and houses on one spot follow one another. Then those
    without, as they are looked for: by dusun (its spellings are one), RW and RT, what is not stated last. What is
    alike in all this stands in the order of the sheet, so the same sheet gives the same numbers.

    Needs columns: ``counts``, ``kode_desa``, ``sheet_row``, ``geometry`` (points, WGS 84); sharpened by ``dusun``,
    ``rw``, ``rt``. Adds columns: ``house_number`` (Int32, from 1; missing where a row does not count or has no desa).

    Examples
    --------
    >>> points = gpd.points_from_xy([110, 110.1, 110, 110.2], [-7, -7, -7, -7.1])
    >>> rows = pd.DataFrame({"sheet_row": [2, 3, 4, 5], "kode_desa": ["a", "a", "a", None], "counts": True})
    >>> add_house_numbers(gpd.GeoDataFrame(rows, geometry=points, crs=4326))["house_number"].tolist()
    [1, 3, 2, <NA>]
    """
    desa = pd.factorize(households["kode_desa"])[0]
    numbered = np.flatnonzero(households["counts"].to_numpy(dtype=bool) & (desa >= 0))
    asked = [name for name in ("sheet_row", *_ON_FOOT, "geometry") if name in households]
    found, desa = households[asked].iloc[numbered], desa[numbered]
    keys = (found["sheet_row"].to_numpy(), *_on_foot(found), *_along_curve(found.geometry), desa)
    order = np.lexsort(keys)
    first = np.searchsorted(desa[order], desa[order])
    number = np.zeros(len(households), dtype=np.int32)
    number[numbered[order]] = np.arange(1, len(order) + 1) - first
    return households.assign(house_number=pd.arrays.IntegerArray(number, number == 0))


def _along_curve(points: gpd.GeoSeries) -> tuple[np.ndarray, ...]:
    """Return keys, the last the first to sort by: the place on the curve; those without a point last and alike."""
    lacks = (points.isna() | points.is_empty).to_numpy()
    x, y, place = np.zeros((3, len(points)))
    if not lacks.all():
        placed = points[~lacks]
        x[~lacks], y[~lacks] = placed.x, placed.y
        west, south, east, north = placed.total_bounds
        side = max(east - west, north - south) or 1.0  # a square: the curve must not favour one direction
        place[~lacks] = placed.hilbert_distance((west, south, west + side, south + side), level=LEVEL)
    return y, x, place, lacks


def _on_foot(households: pd.DataFrame) -> tuple[np.ndarray, ...]:
    """Return keys, the last the first to sort by: dusun, RW and RT; those with a point are alike."""
    lacks = (households.geometry.isna() | households.geometry.is_empty).to_numpy()
    keys = np.zeros((3, len(households)))
    for key, name, rank in zip(keys, _ON_FOOT, (_by_alphabet, _by_number, _by_number), strict=True):
        if name in households:
            written, distinct = pd.factorize(households.loc[lacks, name])
            key[lacks] = np.append(rank(pd.Series(distinct, dtype="str")), np.inf)[written]  # -1: not stated
    return tuple(keys[::-1])


def _by_alphabet(names: pd.Series) -> np.ndarray:
    keys = pd.Series(dusun_keys(names), dtype="str")
    return keys.where(keys != "").rank(method="dense", na_option="keep").fillna(np.inf).to_numpy()


def _by_number(texts: pd.Series) -> np.ndarray:
    return texts.str.extract("([0-9]+)")[0].astype("float").fillna(np.inf).to_numpy()

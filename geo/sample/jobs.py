"""Invented main occupations: fishers by the sea, farmers and cultivators near trees, labourers in towns."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.ndimage import uniform_filter
from scipy.special import ndtr

from geo.sample.landcover import CELL_M, LandCover

# Occupations of each kind of place with their shares, from those that a poor household more likely has.
_PLAIN: Mapping[str, float] = {
    "Buruh tani": 0.20, "Buruh harian lepas": 0.12, "Tidak bekerja": 0.05, "IRT": 0.05, "Petani penggarap": 0.07,
    "Buruh batik": 0.06, "Petani": 0.15, "Tukang becak": 0.02, "Buruh bangunan": 0.06, "Penjahit": 0.04,
    "Pedagang": 0.08, "Sopir": 0.03, "Wiraswasta": 0.04, "Karyawan swasta": 0.03,
}  # fmt: skip
_SHORE: Mapping[str, float] = {
    "Buruh nelayan": 0.30, "Nelayan": 0.38, "Pengolah ikan": 0.06, "Buruh tambak": 0.06, "Petani tambak": 0.05,
    "Buruh harian lepas": 0.06, "Pedagang ikan": 0.05, "Wiraswasta": 0.04,
}  # fmt: skip
_WOODS: Mapping[str, float] = {
    "Pesanggem": 0.12, "Buruh tani": 0.22, "Petani penggarap": 0.18, "Penderes": 0.05, "Buruh penyadap getah": 0.03,
    "Petani": 0.24, "Peternak": 0.04, "Tukang kayu": 0.05, "Pedagang": 0.05, "Sopir": 0.02,
}  # fmt: skip
_TOWN: Mapping[str, float] = {
    "Buruh harian lepas": 0.18, "Buruh batik": 0.14, "Asisten rumah tangga": 0.04, "Tidak bekerja": 0.06, "IRT": 0.06,
    "Tukang becak": 0.03, "Pemulung": 0.02, "Buruh konveksi": 0.09, "Buruh pabrik": 0.08, "Tukang bangunan": 0.06,
    "Pedagang keliling": 0.06, "Penjahit": 0.05, "Sopir": 0.04, "Pedagang": 0.05, "Karyawan swasta": 0.04,
}  # fmt: skip
PLACES: tuple[Mapping[str, float], ...] = (_PLAIN, _SHORE, _WOODS, _TOWN)

SHORE_M = 1500.0
"""Away from the sea the share of households that live from it falls by two thirds over this distance."""

NEAR_M = 500.0
"""Trees and houses within this make a place woods or town."""

BLANK_SHARE = 0.02
CAPITALS_SHARE = 0.08
"""Some clerks write in capitals."""

_FROM_SEA, _FROM_TREES, _FROM_TOWN = 0.65, 1.1, 1.0


def invent_jobs(
    poor: np.ndarray, from_sea_m: np.ndarray, trees: np.ndarray, built: np.ndarray, rng: np.random.Generator
) -> pd.Series:
    """Invent the main occupation of each household by its place and how poor it is.

    Parameters
    ----------
    poor
        About standard normal.
    from_sea_m
        Metres from the sea; infinite in a district without one.
    trees, built
        Share of trees and of built-up land around.

    Returns
    -------
    pandas.Series
        Words; empty where the clerk left the cell blank.
    """
    shore = _FROM_SEA * np.exp(-from_sea_m / SHORE_M)
    woods = (1 - shore) * np.clip(_FROM_TREES * trees, 0, 0.9)
    town = (1 - shore - woods) * np.clip(_FROM_TOWN * built, 0, 0.9)
    edges = np.cumsum([shore, woods, town], axis=0)
    draw = rng.random(poor.size)
    # counting from the last edge leaves the plain places for the rest
    place = np.where(draw < edges[0], 1, np.where(draw < edges[1], 2, np.where(draw < edges[2], 3, 0)))
    # the quantile of how well off the household is, with much chance in it
    better = ndtr((rng.normal(0, 1, poor.size) - 0.7 * poor) / np.hypot(1, 0.7))
    job = np.full(poor.size, "", dtype=object)
    for number, shares in enumerate(PLACES):
        weight = np.array(list(shares.values()))
        rank = np.searchsorted(np.cumsum(weight / weight.sum())[:-1], better, side="right")
        job = np.where(place == number, np.array(list(shares), dtype=object)[rank], job)
    written = pd.Series(job).astype("str")
    written = written.mask(rng.random(poor.size) < CAPITALS_SHARE, written.str.upper())
    return written.mask(rng.random(poor.size) < BLANK_SHARE, "")


def share_around(landcover: LandCover, code: int, homes: pd.DataFrame) -> np.ndarray:
    """Return the share of a class among the cells within about :data:`NEAR_M` of each home (``lon``, ``lat``)."""
    side, transform = 2 * round(NEAR_M / CELL_M) + 1, landcover.transform
    share = uniform_filter((landcover.classes == code).astype("float32"), side, mode="nearest")
    column = ((homes["lon"].to_numpy() - transform.c) / transform.a).astype(int)
    row = ((homes["lat"].to_numpy() - transform.f) / transform.e).astype(int)
    return np.asarray(share[row, column])

"""How many of the households that a filter asks for are in need, by area."""

from typing import Literal, NamedTuple

import numpy as np

from geo.filters.arrays import HouseholdArrays


class Counts(NamedTuple):
    """Households by area, in the order of the run's table; ``known + unknown == households``."""

    need: np.ndarray
    known: np.ndarray
    unknown: np.ndarray
    households: np.ndarray


def filtered_counts(
    arrays: HouseholdArrays, mask: np.ndarray, indicator: str, level: Literal["desa", "kecamatan"] = "desa"
) -> Counts:
    """Count the households of a mask by area.

    Households of no known area are in no entry: ``mask.sum() - counts.households.sum()`` are as many.

    Parameters
    ----------
    indicator
        One that is not sensitive.
    """
    places, codes = (
        (arrays.desa, arrays.desa_codes) if level == "desa" else (arrays.kecamatan, arrays.kecamatan_codes)
    )
    counted = mask & (places >= 0)
    needs = arrays.needs[indicator]

    def by_area(rows: np.ndarray) -> np.ndarray:
        return np.bincount(places[rows], minlength=len(codes))

    households = by_area(counted)
    unknown = by_area(counted & (needs < 0))
    return Counts(by_area(counted & (needs == 1)), households - unknown, unknown, households)

"""Which households and areas somebody looks at: a filter read from an address, and households as plain arrays."""

from geo.filters.arrays import CLASSES, HouseholdArrays, household_arrays
from geo.filters.choice import NAMES, Filter
from geo.filters.counts import Counts, filtered_counts
from geo.filters.reading import read_filter

__all__ = [
    "CLASSES",
    "NAMES",
    "Counts",
    "Filter",
    "HouseholdArrays",
    "filtered_counts",
    "household_arrays",
    "read_filter",
]

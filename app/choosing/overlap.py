"""Two lists side by side: who is in both, and who in one only."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.household_keys import KEYS, match_keys


@dataclass(frozen=True)
class Overlap:
    """Two lists side by side: places of their members in both, and in one only.

    Attributes
    ----------
    by_keys
        The lists are of different runs, and their households were recognised by their keys.
    unknown
        Members of either list whose household has no key, so that they cannot be compared.
    """

    both: list[tuple[int, int]]
    only_first: list[int]
    only_second: list[int]
    by_keys: bool
    unknown: int


def overlap(first: pd.DataFrame, second: pd.DataFrame, *, same_run: bool) -> Overlap:
    """Compare the members of two lists, by row of the sheet within a run, by their keys between runs."""
    if same_run:
        there = pd.Index(second["sheet_row"]).get_indexer(pd.Index(first["sheet_row"]))
        unknown = 0
    else:
        keys = [_key_table(members) for members in (first, second)]
        unknown = int(sum(table.isna().all(axis=1).sum() for table in keys))
        there = match_keys(*keys).fillna(-1).to_numpy(np.int64)
    both = [(here, int(other)) for here, other in enumerate(there) if other >= 0]
    found = {other for _, other in both}
    return Overlap(
        both,
        [here for here, other in enumerate(there) if other < 0],
        [other for other in range(len(second)) if other not in found],
        not same_run,
        unknown,
    )


def _key_table(members: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        [{kind: keys.get(kind) for kind in KEYS} for keys in members["keys"]], columns=[*KEYS]
    ).astype("str")

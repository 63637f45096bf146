"""What a sheet of persons says of its members, told of the household: somebody has it, nobody has it, or unknown."""

import numpy as np
import pandas as pd

from geo.households.members import sound_numbers


def fold_members(households: pd.DataFrame, names: list[str], members: np.ndarray) -> pd.DataFrame:
    """Return the rows with the answers of all rows of their KK, where members have rows of their own.

    Parameters
    ----------
    households
        The rows as they were read: ``no_kk``, ``no_kk_mark`` and the columns ``names`` (1, 0 or missing).
    names
        Columns that say whether something is there.
    members
        Whether a row is of a member for whom another row stands.

    Notes
    -----
    One yes is a yes of the household; a no of the household needs the no of everybody.

    Examples
    --------
    >>> rows = pd.DataFrame({"no_kk": ["3326010101200001"] * 2 + ["3326010101200002"] * 2, "no_kk_mark": "",
    ...                      "disabilitas": pd.array([0, 1, 0, None], "Int8")})
    >>> fold_members(rows, ["disabilitas"], np.array([False, True, False, True]))["disabilitas"].tolist()
    [1, 1, <NA>, <NA>]
    """
    if not members.any() or households[names].isna().all(axis=None):
        return households
    family = sound_numbers(households)
    shared = family.isin(family[members].dropna()).to_numpy()
    answers = households.loc[shared, names].astype("Float64")
    groups = answers.groupby(family[shared])
    highest, all_said = (
        groups.transform("max"),
        groups.transform("count").eq(groups.transform("size"), axis=0),
    )
    folded = highest.where(all_said | (highest == 1)).astype("Int8")
    return households.assign(**{name: households[name].mask(shared, folded[name]) for name in names})

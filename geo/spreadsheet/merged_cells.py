"""Cells merged downward: their value given to every row that they run over."""

import numpy as np
import pandas as pd

from geo.spreadsheet.sheets import Merges

_SHORT_NUMBER = r"[\s\d.,()]{1,6}"


def fill_merged(cells: pd.DataFrame, numbers: np.ndarray, merges: Merges, headings: list[str]) -> int:
    """Give the value of a merged cell to the rows that it runs over, in place.

    A row is filled only where it says something itself: a number that counts the rows makes no household. A cell with a
    value of its own keeps it. Of merged cells that overlap, as no program writes them, the upper one counts. What is
    merged over several columns fills the first of them.

    Parameters
    ----------
    cells
        Text by heading.
    numbers
        Number of each row in the sheet, increasing.
    merges
        As in :class:`geo.spreadsheet.sheets.Sheet`.
    headings
        Heading of each column of the sheet.

    Returns
    -------
    int
        How many cells were filled.

    Examples
    --------
    >>> from array import array
    >>> rows = [["1", "Lor", "A"], ["2", None, "B"], ["3", None, None]]
    >>> cells = pd.DataFrame(rows, columns=["No", "Desa", "Nama"], dtype="str")
    >>> fill_merged(cells, np.array([2, 3, 5]), array("q", [2, 5, 1]), ["No", "Desa", "Nama"])
    1
    >>> cells["Desa"].fillna("").tolist()
    ['Lor', 'Lor', '']
    """
    ranges = np.array(merges, dtype="int64").reshape(-1, 3)
    own = np.arange(len(numbers))
    found: dict[str, np.ndarray] = {}
    for column in np.unique(ranges[:, 2]):
        if column < len(headings) and headings[column] in cells:
            source = _sources(numbers, ranges[ranges[:, 2] == column, :2])
            empty = cells[headings[column]].isna().to_numpy()
            source = np.where(empty & ~empty[source], source, own)
            if (source != own).any():
                found[headings[column]] = source
    covered = np.zeros(len(numbers), dtype=bool)
    for source in found.values():
        covered |= source != own
    telling = _telling(cells, covered)
    filled = 0
    for heading, source in found.items():
        wanted = (source != own) & telling
        cells[heading] = cells[heading].array.take(np.where(wanted, source, own))
        filled += int(wanted.sum())
    return filled


def _sources(numbers: np.ndarray, ranges: np.ndarray) -> np.ndarray:
    """Find for every row the place of the row whose value it shares: its own, where no merged cell runs over it."""
    first, last = ranges[np.argsort(ranges[:, 0], kind="stable")].T
    apart = first > np.r_[0, np.maximum.accumulate(last)[:-1]]
    first, last = first[apart], last[apart]
    start, end = np.searchsorted(numbers, first), np.searchsorted(numbers, last, side="right")
    held = start < end
    held[held] = numbers[start[held]] == first[held]
    start, end = start[held], end[held]
    deep = end - start
    source = np.arange(len(numbers))
    source[np.repeat(end - deep.cumsum(), deep) + np.arange(deep.sum())] = np.repeat(start, deep)
    return source


def _telling(cells: pd.DataFrame, covered: np.ndarray) -> np.ndarray:
    """Tell which of the covered rows hold more than a single short number."""
    telling = covered.copy()
    lone = np.flatnonzero(covered & (cells.notna().sum(axis=1).to_numpy() == 1))
    telling[lone] = False
    for heading in cells:
        words = cells[heading].iloc[lone].dropna()
        telling[words.index] = ~words.str.fullmatch(_SHORT_NUMBER).to_numpy(dtype=bool)
    return telling

"""Work on many rows done some at a time, on all processors: less memory, and what is at work stays in the cache."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")
_MOST, _FEWEST, _SHARES = 65_536, 256, 2


def in_blocks(work: Callable[[slice], _T], size: int) -> list[_T]:
    """Do a piece of work for blocks of rows; it must let go of the interpreter to gain by it, as Arrow and numpy do.

    Parameters
    ----------
    work
        Takes the places of some rows that follow one another.
    size
        The number of rows.

    Returns
    -------
    list
        What came of each block, in the order of the rows; of one empty block when there are no rows.

    Examples
    --------
    >>> letters = "abcde"
    >>> "".join(in_blocks(lambda rows: letters[rows].upper(), len(letters)))
    'ABCDE'
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    share = -(-size // (_SHARES * processors))
    step = max(_FEWEST, min(_MOST, share))
    blocks = [slice(start, min(size, start + step)) for start in range(0, max(1, size), step)]
    if len(blocks) == 1:
        return [work(blocks[0])]
    with ThreadPoolExecutor(min(processors, len(blocks))) as pool:
        return list(pool.map(work, blocks))

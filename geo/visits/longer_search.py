"""A longer search for the same visits, house by house: the yardstick of a plan's total time."""

import numpy as np

from geo.visits.solver import share_out
from geo.visits.task import Stops, Task, total


def longest_search(task: Task, houses: Stops, *, seed: int, restarts: int = 3) -> float | None:
    """Return the least minutes of all days in which a search without the plan's rules saw the same houses.

    Each house is a stop by itself: a desa may be split at will (each time it is entered costs the report again), and
    those without a position need not come last. The engine searches at its highest level, from several orders
    of the same houses.

    Returns
    -------
    float
        None when no search found room for all of them.
    """
    random = np.random.default_rng(seed)
    found = []
    for _ in range(restarts):
        routes, left = share_out(task, [np.array([house]) for house in random.permutation(houses)], 5)
        found += [] if left else [total(task, routes)]
    return min(found, default=None)

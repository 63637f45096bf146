"""A group too large for a day's work is divided where its houses stand furthest apart, into near halves."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from geo.clusters.spanning_tree import Tree


def divide(
    tree: Tree, groups: np.ndarray, minimum: int, largest: float, weight: np.ndarray | None = None
) -> np.ndarray:
    """Cut the spanning tree of each group of more than ``largest`` weight until none is so large.

    Each cut takes the edge whose length times the weight on its lesser side is largest: the seam between
    two hamlets before the middle of one, and no crumbs. Every part hangs together along the tree and keeps at least
    ``minimum`` points; a group that no cut leaves that many on both sides stays whole, however heavy. No point is lost.

    Parameters
    ----------
    tree
        Spanning forest in which each group hangs together.
    groups
        Number of each point's group, -1 outside.
    minimum
        Least points of a part.
    largest, weight
        A part weighs no more; each point weighs 1 by default.

    Returns
    -------
    numpy.ndarray
        New numbers, -1 where it was.

    Examples
    --------
    >>> line = Tree(np.array([[0, 1], [1, 2], [2, 3]]), np.ones(3), np.array([1.0, 3.0, 1.0]))
    >>> divide(line, np.zeros(4, dtype=int), 2, 2)
    array([0, 0, 1, 1])
    """
    divided = groups.copy()
    heavy = np.ones(len(groups)) if weight is None else weight
    weights = np.bincount(groups[groups >= 0], heavy[groups >= 0], minlength=1)
    large = np.flatnonzero(weights > largest)
    inside = groups[tree.pairs[:, 0]] == groups[tree.pairs[:, 1]]
    number = len(weights)
    for group in large:
        points = np.flatnonzero(groups == group)
        edges = tree.where(inside & (groups[tree.pairs[:, 0]] == group))
        pairs = np.searchsorted(points, edges.pairs)
        parts = _parts(pairs, edges.length, heavy[points], minimum, largest)
        divided[points] = np.where(parts > 0, number + parts - 1, group)
        number += parts.max()
    return divided


def _parts(
    pairs: np.ndarray, length: np.ndarray, weight: np.ndarray, minimum: int, largest: float
) -> np.ndarray:
    """Return the part of each point of one tree, from 0."""
    count = len(weight)
    steps = coo_array((np.arange(1, len(pairs) + 1), pairs.T), shape=(count, count)).tocsr()
    order, above = breadth_first_order(steps, 0, directed=False)
    up = np.zeros(count)
    lower = np.where(above[pairs[:, 0]] == pairs[:, 1], pairs[:, 0], pairs[:, 1])
    up[lower] = length
    part = np.zeros(count, dtype=np.int64)
    todo, found = [0], 0
    while todo:
        this = todo.pop()
        own = order[part[order] == this]
        if weight[own].sum() <= largest:
            continue
        place = dict(zip(own.tolist(), range(len(own)), strict=True))
        parent = [place.get(node, -1) for node in above[own].tolist()]
        held, weighs = [1] * len(own), weight[own].tolist()
        for node in range(len(own) - 1, 0, -1):
            held[parent[node]] += held[node]
            weighs[parent[node]] += weighs[node]
        lesser = np.minimum(held, len(own) - np.array(held))
        lighter = np.minimum(weighs, weighs[0] - np.array(weighs))
        worth = np.where(lesser >= minimum, up[own] * lighter, 0.0)
        worth[0] = 0.0
        cut = int(worth.argmax())
        if worth[cut] <= 0:
            continue
        found += 1
        inside = [False] * len(own)
        for node in range(cut, len(own)):
            inside[node] = node == cut or (node > cut and inside[parent[node]])
        part[own[np.array(inside)]] = found
        todo += [this, found]
    return part

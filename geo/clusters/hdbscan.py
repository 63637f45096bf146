"""HDBSCAN on positions in the plane: groups at the density where each stands out most.

Sources: Campello, Moulavi & Sander, Density-based clustering based on hierarchical density estimates (PAKDD 2013);
McInnes & Healy, Accelerated hierarchical density based clustering (ICDMW 2017), for the condensed tree.
"""

from dataclasses import dataclass, field

import numpy as np

from geo.clusters.division import divide
from geo.clusters.spanning_tree import Tree, spanning_tree

NONE = -1
"""Number of what is in no group."""


def hdbscan(
    points: np.ndarray,
    minimum: int,
    distance_m: float = np.inf,
    largest: float = np.inf,
    weight: np.ndarray | None = None,
) -> np.ndarray:
    """Group points by density, each group at the density where it stands out most (excess of mass).

    Points on one spot count once, but for ``largest``. The order of the points does not matter.

    Parameters
    ----------
    points
        Metres, shape (n, 2).
    minimum, distance_m, largest
        As of :func:`find_groups`.
    weight
        Of each point, for ``largest`` alone; 1 by default.

    Returns
    -------
    numpy.ndarray
        Number of each point's group from 0, the westernmost first; -1 outside.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 2.1, 3.3, 90.0, 91.0, 92.1, 93.3, 500.0])
    >>> hdbscan(np.column_stack([x, x * 0]), 3)
    array([ 0,  0,  0,  0,  1,  1,  1,  1, -1])
    """
    spots, place = np.unique(points, axis=0, return_inverse=True)
    if len(spots) < minimum:
        return np.full(len(points), NONE)
    tree = spanning_tree(spots, minimum, distance_m)
    heavy = np.bincount(place.ravel(), weight)
    groups = find_groups(tree, len(spots), minimum, distance_m=distance_m, largest=largest, weight=heavy)
    return np.asarray(groups[place.ravel()])


def find_groups(
    tree: Tree,
    count: int,
    minimum: int,
    *,
    distance_m: float = np.inf,
    largest: float = np.inf,
    weight: np.ndarray | None = None,
) -> np.ndarray:
    """Return the groups of a spanning forest whose excess of mass is largest.

    Parameters
    ----------
    tree, count
        The forest of :func:`geo.clusters.spanning_tree.spanning_tree`, and how many points it has.
    minimum
        Least points of a group.
    distance_m
        Where the forest was cut. A part of it may be one group as a whole: a hamlet alone in its surroundings
        is one. Without a cut the whole is never a group.
    largest, weight
        A group that weighs more is divided, see :func:`geo.clusters.division.divide`.

    Returns
    -------
    numpy.ndarray
        Number of each point's group, in the order of their first points; -1 outside.
    """
    condensed = _condense(tree, count, minimum, 1 / distance_m)
    chosen = condensed.chosen(whole=bool(np.isfinite(distance_m)))
    groups = np.append(chosen, NONE)[np.array(condensed.of[:count], dtype=np.int64)]
    return _by_first(divide(tree, groups, minimum, largest, weight))


@dataclass(frozen=True)
class _Condensed:
    """The condensed tree: groups from the widest to the narrowest, a parent before its children."""

    of: list[int]
    parent: list[int] = field(default_factory=list)
    birth: list[float] = field(default_factory=list)
    excess: list[float] = field(default_factory=list)

    def begin(self, node: int, parent: int, birth: float) -> None:
        """Let a node of the dendrogram be a group from a density on."""
        self.of[node] = len(self.parent)
        self.parent.append(parent)
        self.birth.append(birth)
        self.excess.append(0.0)

    def leave(self, group: int, points: int, density: float) -> None:
        """Let points leave a group at a density: its excess of mass is what they stayed for."""
        self.excess[group] += points * (density - self.birth[group])

    def chosen(self, *, whole: bool) -> np.ndarray:
        """Return for each group the chosen one that it is or lies in, or -1; of equal excess the wider is chosen."""
        count = len(self.parent)
        below, stands = [0.0] * (count + 1), [False] * count
        for group in range(count - 1, -1, -1):
            parent, excess = self.parent[group], self.excess[group]
            stands[group] = (whole or parent != NONE) and excess >= below[group]
            below[parent] += excess if stands[group] else below[group]
        chosen = [NONE] * (count + 1)
        for group in range(count):
            above = chosen[self.parent[group]]
            chosen[group] = above if above != NONE else (group if stands[group] else NONE)
        return np.array(chosen[:count], dtype=np.int64)


def _condense(tree: Tree, count: int, minimum: int, start: float) -> _Condensed:
    """Walk down the dendrogram: where both sides have ``minimum`` points two groups begin, else the lesser leaves."""
    children, size = _dendrogram(tree, count)
    density = (1 / tree.length).tolist()
    condensed = _Condensed([NONE] * len(size))
    of = condensed.of
    inner = bytearray(len(size))
    for node in range(len(size) - 1, count - 1, -1):
        if size[node] >= minimum and not inner[node]:
            condensed.begin(node, NONE, start)
        group, here = of[node], density[node - count]
        two = children[node - count]
        for child in two:
            of[child], inner[child] = group, 1
        if size[node] < minimum:
            continue
        small = [size[child] for child in two if size[child] < minimum]
        condensed.leave(group, sum(small) if small else size[node], here)
        if not small:
            for child in two:
                condensed.begin(child, group, here)
    return condensed


def _dendrogram(tree: Tree, count: int) -> tuple[list[tuple[int, int]], list[int]]:
    """Join the points edge by edge, the shortest first: edge ``i`` makes node ``count + i``.

    Returns
    -------
    children, size
        The two nodes that each edge joins; the points of each node, of single points too.
    """
    top, above = list(range(count)), list(range(count))
    children, size = [], [1] * count

    def root(point: int) -> int:
        while above[point] != point:
            above[point] = point = above[above[point]]
        return point

    for node, (one, other) in enumerate(tree.pairs.tolist(), count):
        lesser, larger = root(one), root(other)
        if size[top[lesser]] > size[top[larger]]:
            lesser, larger = larger, lesser
        children.append((top[lesser], top[larger]))
        size.append(size[top[lesser]] + size[top[larger]])
        above[lesser], top[larger] = larger, node
    return children, size


def _by_first(groups: np.ndarray) -> np.ndarray:
    """Give groups their numbers from 0 in the order of their first points."""
    kept, first, number = np.unique(groups, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(np.where(kept >= 0, first, len(groups))))
    return np.where(kept >= 0, rank, NONE)[number] if len(groups) else groups

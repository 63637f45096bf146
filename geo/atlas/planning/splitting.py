"""Dense ground is split into parts until the numbers of each find room on a map of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.atlas.paper.frame import Frame, frame_for
from geo.atlas.paper.layout import Layout
from geo.atlas.planning.ground import Ground
from geo.atlas.planning.placing import Placed
from geo.atlas.planning.spots import Spots

USEFUL_SCALE = 20_000
"""A map of a smaller scale tells where houses are, not how to walk to them."""

COMFORT, FINER = 1_000, (500, 250)
"""A detail is drawn larger than the first only when its numbers do not fit otherwise."""

WALKING = 2_000
"""A map that has room to spare is not larger than this: it shows what lies around, so that its place is found."""

SIZES = (4, 2, 1)
"""How many maps share a page, smallest first."""

TINY_M = 15.0
"""Houses in so small a square that still find no room share labels as if they were on one spot."""

BLOCK_MM, MOST_IN_BLOCK = 20.0, 18
"""More numbers than that for one square of the map find no room; not worth a try."""

EVEN = 0.1
"""How wide a gap (share of the extent) weighs as much as cutting across the longer side in the middle."""


@dataclass(frozen=True, eq=False)
class Leaf:
    """Houses that have a map of their own: a quarter, half or whole page (``windows`` 4, 2, 1) of a layout.

    ``box`` is their ground in metres (west, south, east, north); those of two leaves do not overlap.
    """

    box: tuple[float, float, float, float]
    spots: Spots
    frame: Frame
    placed: Placed
    layout: Layout
    windows: int


@dataclass(frozen=True)
class Splitter:
    """Splits the ground of one desa.

    Attributes
    ----------
    ground
        The desa.
    wanted
        Whether each spot of the ground needs a place on a detail; others are taken only where they stand between such.
    choices
        Layouts for a map that has the page to itself.
    small
        The layout of pages with several maps.
    """

    ground: Ground
    wanted: np.ndarray
    choices: Sequence[Layout]
    small: Layout

    def split(self, which: np.ndarray) -> list[Leaf]:
        """Split some spots into leaves that hold all of the wanted among them."""
        core = which[self.wanted[which]]
        if not len(core):
            return []
        spots, box = self._between(which, core)
        leaf = self.fit(spots, box)
        tiny = max(box[2] - box[0], box[3] - box[1]) <= TINY_M
        if leaf and (leaf.windows > 1 or tiny):
            return [leaf]
        if tiny:
            return self._last_resort(spots, box)
        parts = _cut(self.ground.spots.xy, which, core)
        if not leaf:
            return [found for part in parts for found in self.split(part)]
        quarters = [
            self.fit(*self._between(part, part[self.wanted[part]]), sizes=SIZES[:1]) for part in parts
        ]
        found = [quarter for quarter in quarters if quarter]
        return found if len(found) == len(parts) else [leaf]

    def fit(
        self,
        spots: Spots,
        box: tuple[float, float, float, float],
        sizes: Sequence[int] = SIZES,
        largest: int = COMFORT,
    ) -> Leaf | None:
        """Find the smallest map on which the numbers of all spots find room, or none; finer than asked if need be."""
        for windows in sizes:
            layouts = (self.small,) if windows > 1 else self.choices
            frames = [frame_for(box, layout.windows(windows)[0].map, largest=largest) for layout in layouts]
            best = min(range(len(layouts)), key=lambda place: frames[place].scale)
            frame = frames[best]
            finer = [
                frame_for(box, frame.map, largest=scale)
                for scale in (COMFORT, *FINER)
                if COMFORT <= frame.scale <= largest
            ]
            if frame.scale > USEFUL_SCALE and len(spots) > 1:
                continue
            for attempt in dict.fromkeys([frame, *finer]):
                if _hopeless(attempt, spots):
                    continue
                placed = self.ground.place(attempt, spots, all_or_none=True)
                if len(placed.which) == len(spots):
                    return Leaf(box, spots, attempt, placed, layouts[best], windows)
        return None

    def enlarge(self, leaf: Leaf, windows: int) -> Leaf | None:
        """Draw a leaf on a larger map, with more of what lies around it, if its numbers find room there too."""
        return self.fit(leaf.spots, leaf.box, sizes=(windows,), largest=WALKING)

    def join(self, one: Leaf, other: Leaf) -> Leaf | None:
        """Draw two leaves, and what stands between them, as one on a map as large as that of the larger."""
        low = np.minimum(one.box[:2], other.box[:2])
        high = np.maximum(one.box[2:], other.box[2:])
        xy = self.ground.spots.xy
        inside = np.flatnonzero(((xy >= low) & (xy <= high)).all(axis=1))
        spots = self.ground.spots.take(inside)
        if len(np.setdiff1d(np.concatenate([one.spots.houses, other.spots.houses]), spots.houses)):
            return None
        size = min(one.windows, other.windows)
        return self.fit(spots, (*low.tolist(), *high.tolist()), sizes=(size,))

    def _between(
        self, which: np.ndarray, core: np.ndarray
    ) -> tuple[Spots, tuple[float, float, float, float]]:
        """Return the box of the wanted spots, and all spots that stand in it."""
        bounds = self.ground.spots.bounds[core]
        low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
        xy = self.ground.spots.xy[which]
        inside = which[((xy >= low) & (xy <= high)).all(axis=1)]
        return self.ground.spots.take(inside), (*low.tolist(), *high.tolist())

    def _last_resort(self, spots: Spots, box: tuple[float, float, float, float]) -> list[Leaf]:
        """Let houses share labels, of ever larger squares, until these find room; then several maps of one place."""
        square = 2.0
        while len(spots) > 1 and square < 2 * TINY_M:
            spots = self.ground.coarser(spots, square)
            leaf = self.fit(spots, box)
            if leaf:
                return [leaf]
            square *= 2
        for windows in SIZES:
            layout = self.small if windows > 1 else self.choices[0]
            frame = frame_for(box, layout.windows(windows)[0].map, largest=FINER[-1])
            placed = self.ground.place(frame, spots, all_or_none=True, lenient=True)
            if len(placed.which) == len(spots):
                return [Leaf(box, spots, frame, placed, layout, windows)]
        halves = np.array_split(np.arange(len(spots)), 2)
        return [leaf for half in halves for leaf in self._last_resort(spots.take(half), box)]


def _cut(xy: np.ndarray, which: np.ndarray, core: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut spots in two, across the widest gap between wanted ones, the more so near their middle."""
    best, axis, at = -1.0, 0, 0.0
    share = np.arange(1, len(core)) / len(core)
    weight = np.sqrt(2 * np.minimum(share, 1 - share))
    for direction in (0, 1):
        along = np.sort(xy[core, direction])
        gaps = np.diff(along)
        score = np.where(gaps > 0, (gaps + EVEN * (along[-1] - along[0])) * weight, -1.0)
        place = int(score.argmax())
        if score[place] > best:
            best, axis, at = float(score[place]), direction, float(along[place : place + 2].mean())
    below = xy[which, axis] < at
    return which[below], which[~below]


def _hopeless(frame: Frame, spots: Spots) -> bool:
    """Tell without a try that some square of the map has too many numbers."""
    block = np.floor(frame.on_paper(spots.xy) / BLOCK_MM).astype(int)
    crowd = np.bincount(block[:, 0] * 1000 + block[:, 1])
    return bool(crowd.max() > MOST_IN_BLOCK)

"""What a number stands at: a house, or several on one spot that share a label with their numbers as ranges."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from geo.atlas.planning.labels import NUMBER_MM

SPOT_M = 1.0
SHORT = 2
"""So many consecutive numbers are not worth a range."""

OWN_LABELS = 3
"""So many houses on one spot have labels of their own; more share one."""

WIDEST_MM, WORDS = 42.0, 40
"""A shared label is broken into rows of about this width; one of more words becomes several labels."""


@dataclass(frozen=True)
class Spots:
    """Labels to place, one an entry.

    Attributes
    ----------
    rows
        What each tells: usually one number; several rows where many houses share it.
    sizes
        Width and height (n, 2) in millimetres.
    xy
        Metres (n, 2): the mark that it stands at, that of its first house.
    bounds
        West, south, east, north (n, 4) of its houses in metres.
    houses, starts
        Places in the book's table, spot after spot in the order of numbers, and where each spot starts (n + 1).
    """

    rows: tuple[tuple[str, ...], ...]
    sizes: np.ndarray
    xy: np.ndarray
    bounds: np.ndarray
    houses: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        """Return how many labels there are."""
        return len(self.rows)

    @property
    def first(self) -> np.ndarray:
        """The first house of each spot."""
        return np.asarray(self.houses[self.starts[:-1]])

    def members(self, which: np.ndarray) -> np.ndarray:
        """Return the houses of some spots, sorted."""
        counts = np.diff(self.starts)
        return np.sort(self.houses[np.repeat(np.isin(np.arange(len(self)), which), counts)])

    def take(self, which: np.ndarray) -> "Spots":
        """Return some of the spots, in the order asked."""
        counts = np.diff(self.starts)[which]
        starts = np.concatenate([[0], np.cumsum(counts)])
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
        return Spots(
            tuple(self.rows[spot] for spot in which.tolist()),
            self.sizes[which],
            self.xy[which],
            self.bounds[which],
            self.houses[np.repeat(self.starts[which], counts) + inside],
            starts,
        )


def make_spots(
    houses: np.ndarray,
    desa: np.ndarray,
    number: np.ndarray,
    xy: np.ndarray,
    label_widths: Callable[[Sequence[str]], np.ndarray],
    *,
    spot_m: float = SPOT_M,
    own: int = OWN_LABELS,
) -> Spots:
    """Gather houses that stand on one spot under one label.

    Parameters
    ----------
    houses
        Places in the book's table, ascending; ``desa``, ``number`` and ``xy`` (metres) are theirs, sorted by desa
        and number.
    label_widths
        Width in millimetres of each text.
    spot_m
        Houses in one square of so many metres are on one spot.
    own
        So many houses on a spot keep labels of their own.
    """
    if not len(houses):
        return Spots((), np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 4)), houses, np.zeros(1, dtype=int))
    square = np.column_stack([desa, np.floor((xy - xy.min(axis=0)) / spot_m)])
    _, first, group, counts = np.unique(
        square, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    group = group.ravel()
    # A key per label, which is its first house; houses of a shared spot have that of the spot.
    key = np.where(counts[group] > own, first[group], np.arange(len(houses)))
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    digit = float(np.max(label_widths(list("0123456789"))))
    rows: dict[int, tuple[str, ...]] = {}
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        if end - start > 1:
            rows |= {
                start + offset: text
                for offset, text in told(number[order[start:end]], int(WIDEST_MM / digit)).items()
            }
    starts = np.union1d(starts, np.array(list(rows), dtype=int))
    single = number[order[starts]].astype(str).tolist()
    texts = [rows.get(start, (text,)) for start, text in zip(starts.tolist(), single, strict=True)]
    distinct = list(dict.fromkeys(row for text in texts for row in text))
    width = dict(zip(distinct, np.asarray(label_widths(distinct)).tolist(), strict=True))
    return Spots(
        tuple(texts),
        np.array([(max(width[row] for row in text), NUMBER_MM * len(text)) for text in texts]),
        xy[order[starts]],
        np.hstack([np.minimum.reduceat(xy[order], starts), np.maximum.reduceat(xy[order], starts)]),
        houses[order],
        np.append(starts, len(order)),
    )


def told(numbers: np.ndarray, letters: int) -> dict[int, tuple[str, ...]]:
    """Tell ascending numbers as ranges, in rows of about so many letters; by the place of each label's first.

    Examples
    --------
    >>> told(np.array([41, 42, 43, 47]), 20)
    {0: ('41–43, 47',)}
    >>> told(np.array([1, 2, 12, 13, 14, 20]), 8)
    {0: ('1, 2,', '12–14,', '20')}
    """
    # A run of three or more is one word; a shorter one is a word a number.
    begins = np.flatnonzero(np.diff(numbers, prepend=-2) != 1)
    ends = np.append(begins[1:], len(numbers))
    words = [
        (place, f"{numbers[place]}–{numbers[stop - 1]}" if stop - place > SHORT else str(numbers[place]))
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
        for place, stop in (
            [(begin, end)] if end - begin > SHORT else [(at, at + 1) for at in range(begin, end)]
        )
    ]
    labels = [words[start : start + WORDS] for start in range(0, len(words), WORDS)]
    return {label[0][0]: _rows([word for _, word in label], letters) for label in labels}


def _rows(words: Sequence[str], letters: int) -> tuple[str, ...]:
    rows: list[str] = []
    for word in words:
        if rows and len(rows[-1]) + len(word) + SHORT <= letters:
            rows[-1] += f" {word},"
        else:
            rows.append(f"{word},")
    return (*rows[:-1], rows[-1].removesuffix(","))


def read_label(text: str) -> list[int]:
    """Return the numbers that a label tells.

    Examples
    --------
    >>> read_label("41–43, 47"), read_label("5,")
    ([41, 42, 43, 47], [5])
    """
    ends = [[int(end) for end in word.split("–")] for word in text.replace(",", " ").split()]
    return [number for pair in ends for number in range(pair[0], pair[-1] + 1)]

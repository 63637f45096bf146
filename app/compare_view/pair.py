"""Both sides and all that follows from them, kept for the next who asks the same."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.access.roles import Permission, Person
from app.compare_view.charts import funnels
from app.compare_view.comparing import Comparison, compare
from app.compare_view.drawing import draw
from app.compare_view.runs import KeptRun
from app.compare_view.sides import LEFT, RIGHT, Side, read_sides
from app.compare_view.words import summary
from app.library import Library
from app.map_view import View

Json = dict[str, Any]
Query = Mapping[str, Sequence[str]]

_KEPT = 60
"""So many comparisons are kept; each weighs some hundreds of kilobytes."""

_RUNS = 3
"""Of so many runs at once: each is as large as its register."""

_OF_PAGE = ("pusat", "pilih", "urut")
"""Names in an address from which no figure follows."""


@dataclass(frozen=True)
class Pair:
    """Two sides held against each other."""

    left: Side
    right: Side
    found: Comparison
    legends: tuple[Json, Json]
    charts: tuple[Json | None, Json | None]
    summary: tuple[str, ...]
    who: Person

    @cached_property
    def views(self) -> dict[str, View]:
        """Return what each map draws."""
        return dict(zip((LEFT, RIGHT), draw(self.left, self.right, self.who), strict=True))


def pair_of(query: Query, runs: Sequence[KeptRun], shown: str, library: Library, who: Person) -> Pair:
    """Return the comparison of an address.

    Raises
    ------
    SettingsError
        Naming what a run does not know, or a run that is not theirs to compare.
    NotAllowed
        When a filter asks for what the person may not see.
    """
    figures = tuple(sorted((name, *values) for name, values in query.items() if name not in _OF_PAGE))
    made = (str(library.folder.resolve()), shown, *((run.id, run.created) for run in runs))
    key = (figures, made, who.may(Permission.SEE_HOUSEHOLDS), who.desa)
    found = _PAIRS.get(key)
    if found is None:
        asked = {name: values for name, values in query.items() if name not in _OF_PAGE}
        found = _pair(*read_sides(asked, [run.id for run in runs], shown, library.open, who), who)
        _PAIRS.keep(key, found)
    return found


def _pair(left: Side, right: Side, who: Person) -> Pair:
    found = compare(left, right, who)
    first, second = draw(left, right, who, tips=False)
    charts, told = funnels(left, right, who), tuple(summary(found, left, right))
    return Pair(left, right, found, (first.legend, second.legend), charts, told, who)


class _Pairs:
    def __init__(self) -> None:
        self._held: OrderedDict[object, Pair] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> Pair | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def keep(self, key: object, pair: Pair) -> None:
        with self._lock:
            self._held[key] = pair
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
            self._let_go()

    def _let_go(self) -> None:
        """Forget what holds on to runs that the library has closed in the meantime."""
        runs: set[int] = set()
        for key in reversed(list(self._held)):
            held = {id(side.opened) for side in (self._held[key].left, self._held[key].right)}
            if len(runs | held) > _RUNS:
                del self._held[key]
            else:
                runs |= held


_PAIRS = _Pairs()

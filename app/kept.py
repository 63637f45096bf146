"""What was worked out last, kept for the next who asks the same."""

import threading
import weakref
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Kept(Generic[_T]):
    """So many things of one kind, the longest unused of which gives way.

    Parameters
    ----------
    most
        How many; with ``weigh``, how much they may weigh together. The last one stays, whatever it weighs.

    Examples
    --------
    >>> kept = Kept[int](most=2)
    >>> [kept.get(key, lambda: len(key)) for key in ("a", "bb", "a")], kept.get("a", lambda: 99)
    ([1, 2, 1], 1)
    """

    def __init__(self, most: int, weigh: Callable[[_T], int] = lambda _: 1) -> None:
        self._most, self._weigh = most, weigh
        self._held: OrderedDict[Hashable, _T] = OrderedDict()
        self._making: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what is kept under a key, made now when it is not.

        The second who asks waits for the first; whoever asks for something else does not.
        """
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            making = self._making[key]
        with making:
            with self._lock:
                if key in self._held:
                    return self._held[key]
            try:
                made = make()
                with self._lock:
                    self._held[key] = made
                    while len(self._held) > 1 and sum(map(self._weigh, self._held.values())) > self._most:
                        self._held.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()


class KeptWith(Generic[_T]):
    """What follows from a thing that does not change, kept as long as that thing is there.

    Examples
    --------
    >>> class Run: ...
    >>> kept, run, other = KeptWith[str](), Run(), Run()
    >>> kept.get(run, "desa", lambda: "a"), kept.get(run, "desa", lambda: "b"), kept.get(other, "desa", lambda: "c")
    ('a', 'a', 'c')
    """

    def __init__(self) -> None:
        self._of: dict[int, dict[Hashable, _T]] = {}
        self._lock = (
            threading.RLock()
        )  # a thing may be let go, and what is kept with it, while something is kept

    def get(self, owner: object, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what is kept under a key of a thing, made now when it is not; two who ask at once may both make it."""
        place = id(owner)
        with self._lock:
            mine = self._of.get(place)
            if mine is None:
                mine = self._of[place] = {}
                weakref.finalize(owner, self._of.pop, place, None)
            if key in mine:
                return mine[key]
        made = mine[key] = make()
        return made

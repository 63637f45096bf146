"""What is kept in memory of the made tiles: the last ones asked for, up to a number of bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_OVERHEAD = 500  # bytes that an entry costs beside its own: key, header, links
_V = TypeVar("_V")


class RecentlyUsed(Generic[_V]):
    """Values by key; what was not asked for longest is dropped first. Safe for threads.

    Parameters
    ----------
    limit_bytes
        Of all values together.
    size
        Bytes of a value.

    Examples
    --------
    >>> kept = RecentlyUsed(limit_bytes=2_000, size=len)
    >>> kept.put("a", b"x" * 400), kept.put("b", b"y" * 400)
    (None, None)
    >>> kept.get("a"), kept.put("c", b"z" * 400), kept.get("b") is None
    (b'xxx..., None, True)
    """

    def __init__(self, limit_bytes: int, size: Callable[[_V], int]) -> None:
        self._limit = limit_bytes
        self._of = size
        self._entries: OrderedDict[Hashable, _V] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> _V | None:
        """Return what is kept under a key; nothing when it is not there, or no longer."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
            return found

    def put(self, key: Hashable, value: _V) -> None:
        """Keep a value under a key; what alone is beyond the limit is not kept."""
        cost = self._cost(value)
        if cost > self._limit:
            return
        with self._lock:
            former = self._entries.pop(key, None)
            self._size += cost - (0 if former is None else self._cost(former))
            self._entries[key] = value
            while self._size > self._limit:
                self._size -= self._cost(self._entries.popitem(last=False)[1])

    @property
    def size(self) -> int:
        """Return the bytes that are held, their bookkeeping included."""
        return self._size

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def _cost(self, value: _V) -> int:
        return self._of(value) + _OVERHEAD

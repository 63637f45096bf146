"""How often one may ask the API: so many requests a minute for each caller; further ones wait, many are refused."""

import asyncio
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from fastapi import Request

from app.access.attempts import count_failure, minutes_to_wait
from app.ogc.faults import Refusal
from app.records import Records

_MOST_CALLERS = 10_000
_MINUTE_S = 60.0

LONGEST_S = 2.0
"""So long a request waits at most."""


class Limits:
    """A bucket for each caller: it holds ``burst`` requests, and ``per_minute`` more flow in evenly.

    Whoever asks one page after the other is slowed, not refused: once the bucket is empty a request waits for its turn,
    if that comes within :data:`LONGEST_S`. It is in memory, hence of one process; a restart fills all buckets.

    Parameters
    ----------
    per_minute
        0 for no limit.
    clock
        Seconds, from anywhere.

    Examples
    --------
    >>> moment = [0.0]
    >>> limits = Limits(per_minute=60, burst=2, clock=lambda: moment[0])
    >>> [limits.turn("dinkes") for _ in range(5)], limits.turn("dinsos")
    ([0.0, 0.0, 1.0, 2.0, None], 0.0)
    >>> limits.seconds_to_wait("dinkes")
    1
    >>> moment[0] = 2.5
    >>> limits.turn("dinkes")
    0.5
    """

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_minute / _MINUTE_S, float(burst), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def turn(self, who: str, longest: float = LONGEST_S) -> float | None:
        """Count a request; return after how many seconds it is its turn, or None when that would be too long."""
        if not self._rate:
            return 0.0
        with self._lock:
            held, moment = self._held(who)
            wait = max(0.0, (1 - held) / self._rate)
            granted = wait <= longest
            # whoever waits has taken their turn in advance
            self._buckets[who] = (held - granted, moment)
            # whoever asked longest ago has a full bucket by now, or asks from a great many addresses
            while len(self._buckets) > _MOST_CALLERS:
                self._buckets.popitem(last=False)
        return wait if granted else None

    def seconds_to_wait(self, who: str) -> int:
        """Return after how many seconds a request would be let in, one at least."""
        if not self._rate:
            return 1
        with self._lock:
            held, moment = self._held(who)
            self._buckets[who] = (held, moment)
        return max(1, math.ceil((1 - held) / self._rate - LONGEST_S))

    def _held(self, who: str) -> tuple[float, float]:
        moment = self._clock()
        held, since = self._buckets.pop(who, (self._burst, moment))
        return min(self._burst, held + (moment - since) * self._rate), moment

    def require(self, who: str) -> None:
        """Refuse a request that would have to wait.

        Raises
        ------
        Refusal
            With 429 and ``Retry-After``.
        """
        if self.turn(who, longest=0) is None:
            raise self._too_often(who, "Terlalu banyak permintaan.")

    async def wait(self, who: str) -> None:
        """Let a request wait for its turn, without a thread.

        Raises
        ------
        Refusal
            With 429 and ``Retry-After``, when too many of the same caller wait already.
        """
        seconds = self.turn(who)
        if seconds is None:
            raise self._too_often(who, "Terlalu banyak permintaan sekaligus; kirim satu demi satu.")
        if seconds:
            await asyncio.sleep(seconds)

    def _too_often(self, who: str, why: str) -> Refusal:
        seconds = self.seconds_to_wait(who)
        return _too_many(f"{why} Coba lagi {seconds} detik lagi.", seconds)


def refuse_wrong_token(request: Request, records: Records, token: str) -> None:
    """Count a token that opens nothing as a sign-in that failed; a right one never waits for that.

    Raises
    ------
    Refusal
        With 429 and ``Retry-After``, when the same came too often, or too many from one address.
    """
    address = address_of(request)
    limits_of(request).require(address)
    with records.session(alone=True) as session:
        minutes = minutes_to_wait(session, token, address)
        if not minutes:
            count_failure(session, token, address)
    if minutes:
        raise _too_many(
            f"Terlalu banyak kunci API yang salah. Periksa kuncinya; coba lagi {minutes} menit lagi.",
            minutes * 60,
        )


def address_of(request: Request) -> str:
    """Return where a request comes from, as no account and no hand-over is called."""
    return f"alamat {request.client.host if request.client else ''}"


def limits_of(request: Request) -> Limits:
    """Return the limits of the application."""
    limits: Limits = request.app.state.limits
    return limits


def _too_many(text: str, seconds: int) -> Refusal:
    return Refusal(text, 429, {"Retry-After": str(seconds)})

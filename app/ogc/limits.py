"""How often one may ask the API: so many requests a minute for each caller, and fewer with wrong tokens."""

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


class Limits:
    """A bucket for each caller: it holds ``burst`` requests, and ``per_minute`` more flow in evenly.

    It is in memory, hence of one process; a restart fills all buckets.

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
    >>> [limits.seconds_to_wait("dinkes") for _ in range(3)], limits.seconds_to_wait("dinsos")
    ([0, 0, 1], 0)
    >>> moment[0] = 1.5
    >>> [limits.seconds_to_wait("dinkes") for _ in range(2)]
    [0, 1]
    """

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_minute / _MINUTE_S, float(burst), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def seconds_to_wait(self, who: str) -> int:
        """Count a request; return 0 when it may be answered, else after how many seconds the next one may."""
        if not self._rate:
            return 0
        with self._lock:
            moment = self._clock()
            held, since = self._buckets.pop(who, (self._burst, moment))
            held = min(self._burst, held + (moment - since) * self._rate)
            granted = held >= 1
            self._buckets[who] = (held - granted, moment)
            # whoever asked longest ago has a full bucket by now, or asks from a great many addresses
            while len(self._buckets) > _MOST_CALLERS:
                self._buckets.popitem(last=False)
        return 0 if granted else max(1, math.ceil((1 - held) / self._rate))

    def require(self, who: str) -> None:
        """Refuse a request that comes too soon.

        Raises
        ------
        Refusal
            With 429 and ``Retry-After``.
        """
        if seconds := self.seconds_to_wait(who):
            raise _too_many(f"Terlalu banyak permintaan. Coba lagi {seconds} detik lagi.", seconds)


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
            f"Terlalu banyak token yang salah. Periksa tokennya; coba lagi {minutes} menit lagi.",
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

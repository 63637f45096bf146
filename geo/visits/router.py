"""Minutes by road, asked of a router of the district (OSRM)."""

import http.client
import json
import urllib.error
import urllib.request
from ipaddress import ip_address
from itertools import product
from time import monotonic
from typing import Any, NoReturn
from urllib.parse import urlsplit

import numpy as np

from geo.errors import SettingsError
from geo.visits.task import Floats

TIMEOUT_S = 15.0
PATIENCE_S = 120.0
"""After so long for all parts of a table together the router counts as too slow."""

_SIDE = 50  # 50 places from and 50 to: the 100 that a router takes unless told otherwise
_LARGEST = 16_000_000  # bytes of an answer


class NoAnswer(Exception):
    """The router gave no table that can be used; the message (Indonesian) tells no position and no address."""


def check_router(address: str) -> str:
    """Return an address of a router that may be asked, without a slash at its end.

    Positions of households go there, so they travel only encrypted or within this machine.

    Raises
    ------
    SettingsError
        When it is none. The message does not repeat it: it may hold a key.

    Examples
    --------
    >>> check_router("http://127.0.0.1:5000/")
    'http://127.0.0.1:5000'
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        raise SettingsError(
            "Setelan visits.router bukan alamat web yang benar. Tulis seperti https://rute.contoh.id atau "
            "http://127.0.0.1:5000."
        )
    if parts.scheme == "http" and not _within_this_machine(host):
        raise SettingsError(
            "Setelan visits.router memakai http ke komputer lain, padahal letak rumah tangga dikirim ke sana. Pakai "
            "https, atau jalankan penghitung rute di komputer ini."
        )
    return address.rstrip("/")


def road_minutes(address: str, lon: np.ndarray, lat: np.ndarray) -> Floats:
    """Return the minutes by road from each place to each, as OSRM's table service tells them.

    Parameters
    ----------
    address
        Of the router, before ``/table/v1/driving/``.
    lon, lat
        Degrees, WGS 84.

    Returns
    -------
    numpy.ndarray
        Infinite where the router knows no way.

    Raises
    ------
    NoAnswer
        When any part of the table does not come, or is no table.

    Notes
    -----
    https://project-osrm.org/docs/v5.24.0/api/#table-service
    """
    base = check_router(address)
    opener = _opener(base)
    points = [f"{east:.6f},{north:.6f}" for east, north in zip(lon, lat, strict=True)]
    minutes = np.zeros((len(points), len(points)))
    begins = range(0, len(points), _SIDE)
    begun = monotonic()
    for row, column in product(begins, begins):
        if monotonic() - begun > PATIENCE_S:
            raise NoAnswer("server terlalu lambat")
        here, there = points[row : row + _SIDE], points[column : column + _SIDE]
        minutes[row : row + len(here), column : column + len(there)] = _table(opener, base, here, there)
    np.fill_diagonal(minutes, 0)
    return minutes


def _table(opener: urllib.request.OpenerDirector, base: str, here: list[str], there: list[str]) -> np.ndarray:
    count = len(here)
    # the service asks for two places at least, so that both lists are given whole
    url = (
        f"{base}/table/v1/driving/{';'.join([*here, *there])}?annotations=duration"
        f"&sources={';'.join(map(str, range(count)))}"
        f"&destinations={';'.join(map(str, range(count, count + len(there))))}"
    )
    try:
        with opener.open(url, timeout=TIMEOUT_S) as response:
            told = json.loads(response.read(_LARGEST))
    except urllib.error.HTTPError as fault:
        with fault:
            raise NoAnswer(f"server menjawab {fault.code}") from None
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, OSError):
        raise NoAnswer("server tidak dapat dihubungi") from None
    except (ValueError, RecursionError):
        raise NoAnswer("jawabannya bukan JSON") from None
    return _minutes(told, (count, len(there)))


def _minutes(told: Any, shape: tuple[int, int]) -> np.ndarray:  # noqa: ANN401  -- whatever a server sends
    try:
        if told["code"] != "Ok":
            raise NoAnswer("jawabannya bukan tabel waktu tempuh")
        seconds = np.array(told["durations"], dtype=float)
    except (KeyError, TypeError, ValueError):
        raise NoAnswer("jawabannya bukan tabel waktu tempuh") from None
    if seconds.shape != shape or (seconds < 0).any():
        raise NoAnswer("ukuran atau isi tabel waktu tempuhnya salah")
    return np.where(np.isfinite(seconds), seconds / 60, np.inf)


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """A router that sends the question elsewhere is not followed: positions stay where they were meant to go."""

    def redirect_request(self, *_: object) -> NoReturn:
        raise NoAnswer("server mengalihkan ke alamat lain")


def _opener(base: str) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [_NoDetour()]
    if _within_this_machine(urlsplit(base).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    opener = urllib.request.build_opener(*handlers)
    opener.addheaders = [("User-Agent", "peta-sasaran")]
    return opener


def _within_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

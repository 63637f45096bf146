"""Forms: sent by a page of this server and of this session, or refused."""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from geo.errors import NotAllowed

LONGEST = 1_000_000
"""Bytes of a form without files; a list of a thousand households fits many times over."""

_FOREIGN = "Formulir ini dikirim dari situs lain, jadi ditolak. Buka halamannya di peta ini, lalu kirim lagi."


def require_own_page(headers: Mapping[str, str], hostnames: Collection[str] = ()) -> None:
    """Refuse a form that a page of another site has sent.

    Browsers say where a form comes from in ``Sec-Fetch-Site`` and ``Origin``; programs that say neither hold no
    cookie that another site could abuse.

    Parameters
    ----------
    headers
        Of the request, with names in small letters.
    hostnames
        Names under which the pages are reached, for a proxy that does not hand on the name that was asked for.

    Raises
    ------
    NotAllowed
        When the form comes from elsewhere.

    Examples
    --------
    >>> require_own_page({"host": "peta.contoh.id", "origin": "https://peta.contoh.id"})
    >>> require_own_page({"host": "peta.contoh.id", "origin": "https://jahat.contoh"})
    Traceback (most recent call last):
    ...
    geo.errors.NotAllowed: Formulir ini dikirim dari situs lain, jadi ditolak. Buka halamannya di peta ini, lalu...
    """
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise NotAllowed(_FOREIGN)
    if origin is None:
        return
    if (
        origin == "null"
    ):  # browsers hide the origin of pages that send no referrer; then only the other header tells
        if site != "same-origin":
            raise NotAllowed(_FOREIGN)
        return
    try:
        place = urlsplit(origin)
        own = place.netloc == headers.get("host") or place.hostname in hostnames
    except ValueError:
        own = False
    if not own:
        raise NotAllowed(_FOREIGN)


def too_long(headers: Mapping[str, str]) -> bool:
    """Tell whether a form without files says that it is too long; what lies is stopped while it is read.

    Examples
    --------
    >>> too_long({"content-length": "120"}), too_long({"content-length": "2000000000"})
    (False, True)
    """
    length = headers.get("content-length", "0")
    files = headers.get("content-type", "").startswith("multipart/form-data")
    return not files and (not length.isdecimal() or int(length) > LONGEST)

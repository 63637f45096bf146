"""JSON or a page: what a request wants, by its parameter ``f`` or its header ``Accept``."""

from fastapi import Request

JSON, HTML = "json", "html"
FORMS = (JSON, HTML)

_JSON = (
    "application/json",
    "application/geo+json",
    "application/schema+json",
    "application/vnd.oai.openapi+json",
)
_HTML = ("text/html", "application/xhtml+xml")
_EXACT, _KIND, _ANY = 2, 1, 0


def wanted(parameter: str | None, accept: str) -> str | None:
    """Return ``json`` or ``html``; None when neither will do.

    JSON is what programs get that do not say; of two that are wanted alike it comes first.

    Examples
    --------
    >>> wanted(None, ""), wanted(None, "*/*"), wanted("html", "application/json")
    ('json', 'json', 'html')
    >>> wanted(None, "text/html,application/xhtml+xml,*/*;q=0.8"), wanted(None, "image/png")
    ('html', None)
    >>> wanted(None, "application/json;q=0.5, text/*"), wanted(None, "application/*;q=0, */*;q=0.1")
    ('html', 'html')
    """
    if parameter is not None:
        return parameter if parameter in FORMS else None
    ranges = [_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    liked = {JSON: _liking(_JSON, ranges), HTML: _liking(_HTML, ranges)}
    best = max(FORMS, key=lambda form: liked[form])
    return best if liked[best] > 0 else None


def prefers_html(request: Request) -> bool:
    """Tell whether a page is wanted, of whoever asks for something that is not there as well."""
    return wanted(request.query_params.get("f"), request.headers.get("accept", "")) == HTML


def _range(part: str) -> tuple[str, float]:
    name, *more = (piece.strip().lower() for piece in part.split(";"))
    quality = next((piece[2:] for piece in more if piece.startswith("q=")), "1")
    try:
        return name, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return name, 1.0


def _liking(types: tuple[str, ...], ranges: list[tuple[str, float]]) -> float:
    """Return the best quality of several media types, each by the range that fits it most closely."""
    fits = [[(_fit(kind, name), quality) for name, quality in ranges] for kind in types]
    return max(max((fit for fit in each if fit[0] >= 0), default=(0, 0.0))[1] for each in fits)


def _fit(kind: str, name: str) -> int:
    if name == kind:
        return _EXACT
    if name.endswith("/*") and kind.startswith(name[:-1]):
        return _KIND
    return _ANY if name == "*/*" else -1

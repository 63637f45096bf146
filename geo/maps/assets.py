"""Scripts and styles that a folium page links to, put into the page itself."""

import html
import re

_LINK = re.compile(
    r'<script src="(?P<script>[^"]+)"></script>|<link rel="stylesheet" href="(?P<style>[^"]+)"\s*/?>'
)
_SOURCE_MAP = re.compile(r"/[/*][#@]\s*sourceMappingURL=[^\n*]*(?:\*/)?")


def inline(page: str) -> str:
    """Return the page with every linked script and style written into it.

    Raises
    ------
    LookupError
        With the addresses that the offline store does not hold.
    """
    store = _store()
    links = [html.unescape(link["script"] or link["style"]) for link in _LINK.finditer(page)]
    if missing := sorted(set(links) - store.keys()):
        raise LookupError(f"no offline copy of {', '.join(missing)}")
    return _LINK.sub(lambda link: _element(link, store), page)


def _element(link: re.Match[str], store: dict[str, str]) -> str:
    # a source map would be fetched as soon as somebody opens the browser's tools
    text = _SOURCE_MAP.sub("", store[html.unescape(link["script"] or link["style"])]).strip()
    if link["script"]:
        text = text.replace("</script", "<\\/script")
        return f"<script>{text}</script>"
    return f"<style>{text.replace('</style', '')}</style>"


def _store() -> dict[str, str]:
    # it also loads every plugin's assets (0.2 s), so only when a page is made
    from offlinefolium.elements import _res  # noqa: PLC0415

    return dict(_res)

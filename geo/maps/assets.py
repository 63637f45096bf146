"""Scripts and styles that a folium page links to, put into the page itself."""

import ast
import html
import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

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
    store = offline_store()
    require(linked(page), store)
    return _LINK.sub(lambda link: _element(link, store), page)


def linked(page: str) -> list[str]:
    """Return the addresses of the scripts and styles that a page links to, in their order."""
    return [html.unescape(link["script"] or link["style"]) for link in _LINK.finditer(page)]


def require(addresses: Iterable[str], store: dict[str, str]) -> None:
    """Refuse addresses that a store does not hold.

    Raises
    ------
    LookupError
        With those addresses.
    """
    if missing := sorted(set(addresses) - store.keys()):
        raise LookupError(f"no offline copy of {', '.join(missing)}")


def without_source_map(text: str) -> str:
    """Return a script or style without the mark of its source map, which a browser's tools would fetch."""
    return _SOURCE_MAP.sub("", text).strip()


def _element(link: re.Match[str], store: dict[str, str]) -> str:
    text = without_source_map(store[html.unescape(link["script"] or link["style"])])
    if link["script"]:
        text = text.replace("</script", "<\\/script")
        return f"<script>{text}</script>"
    return f"<style>{text.replace('</style', '')}</style>"


def offline_store() -> dict[str, str]:
    """Return the address and text of every asset in the offline store.

    The assignments ``_res[address] = text`` are read from the source of its module: importing it would load a
    second folium with every plugin, and the assets twice, which takes eight times as long.
    """
    package = find_spec("offlinefolium")
    if package is None or package.origin is None:
        raise LookupError("folium-offline is not installed")
    source = Path(package.origin).with_name("elements.py").read_text(encoding="utf-8")
    named = [
        (line.targets[0].slice, line.value)
        for line in ast.parse(source).body
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Subscript)
    ]
    return {
        str(address.value): str(text.value)
        for address, text in named
        if isinstance(address, ast.Constant) and isinstance(text, ast.Constant)
    }

"""Links of the answers: whole addresses under the name by which the caller came."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request

from app.access.hosts import host_name
from app.settings import WebSettings

GEOJSON, JSON, HTML = "application/geo+json", "application/json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
ROOT = "/ogc"

_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
QUERYABLES, SORTABLES = f"{_REL}queryables", f"{_REL}sortables"


@dataclass(frozen=True)
class Links:
    """Where an answer stands, and from there the way to others.

    Attributes
    ----------
    base
        Address of the landing page.
    path
        Of what was asked, below it.
    given
        Its parameters.
    """

    base: str
    path: str
    given: tuple[tuple[str, str], ...]

    def to(self, *parts: str) -> str:
        """Return the address of something below the landing page."""
        return "/".join([self.base, *(quote(part, safe="") for part in parts)])

    def here(self, **changed: str) -> str:
        """Return the address that was asked, with some parameters set to other values."""
        asked = dict(self.given) | changed
        return f"{self.base}{self.path}" + (f"?{urlencode(asked, quote_via=quote)}" if asked else "")

    def own(self, kind: str, form: str) -> list[dict[str, str]]:
        """Return the links to what was asked: as it is, and as the other form shows it.

        Parameters
        ----------
        kind
            Media type of the JSON.
        form
            ``json`` or ``html``: which of them is being sent.
        """
        as_json = {"rel": "self" if form == "json" else "alternate", "type": kind, "title": "JSON"}
        as_page = {"rel": "self" if form == "html" else "alternate", "type": HTML, "title": "Halaman"}
        hrefs = [self.here(f="json"), self.here(f="html")]
        if "f" not in dict(self.given):
            hrefs[form == "html"] = self.here()
        return [{"href": hrefs[0]} | as_json, {"href": hrefs[1]} | as_page]


def link(href: str, rel: str, kind: str, title: str) -> dict[str, Any]:
    """Return a link."""
    return {"href": href, "rel": rel, "type": kind, "title": title}


def links_of(request: Request, settings: WebSettings) -> Links:
    """Return the links of a request; by HTTPS where a proxy takes what comes to the server's names."""
    host = request.headers.get("host", "")
    secure = settings.secure and host_name(host) in settings.hostnames
    base = f"{'https' if secure else request.url.scheme}://{host}{ROOT}"
    path = quote(request.url.path.removeprefix(ROOT), safe="/:")
    return Links(base, path.rstrip("/"), tuple(request.query_params.multi_items()))

"""The folium map of the document, and the document around it."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import geopandas as gpd
from branca.element import CssLink, Figure, JavascriptLink
from folium.plugins import Fullscreen, MousePosition, VectorGridProtobuf
from folium.template import Template

from geo.assessment import Assessment
from geo.maps.assets import offline_store, require
from geo.maps.page import district_map, templates
from geo.maps.web import BASEMAPS, WebMap
from geo.maps.web.assets import OWN, SCRIPT, STYLE, asset_name
from geo.maps.web.contents import contents
from geo.maps.wording import embed
from geo.symbology import zone_colours

ANGLES = (45, 0, -45, 90)
"""Of the hatching of one zone after the other."""


class Document(Figure):
    """A folium figure of nothing but the map; its scripts and styles are linked to, none is written into it."""

    def __init__(self, assessment: Assessment, data: str, static: Callable[[str], str]) -> None:
        super().__init__()
        self._name = "Document"
        self._template = templates(OWN).get_template("frame.html")
        self.title = assessment.facts["district"]["nama"]
        colours = zone_colours(assessment.facts["layers"])
        self.zones = [
            (name, colour, ANGLES[place % len(ANGLES)])
            for place, (name, colour) in enumerate(colours.items())
        ]
        self.data = data
        self._static = static

    def links(self, kind: type[JavascriptLink | CssLink], own: str) -> list[str]:
        """Return the addresses of the scripts, or styles, that the parts of the map asked for, then the map's own."""
        asked = [link.url for link in self.header._children.values() if isinstance(link, kind)]  # noqa: SLF001
        require(asked, offline_store())
        return [self._static(name) for name in (*map(asset_name, asked), own)]

    def scripts(self) -> list[str]:
        """Return the addresses of the scripts."""
        return self.links(JavascriptLink, SCRIPT)

    def styles(self) -> list[str]:
        """Return the addresses of the styles."""
        return self.links(CssLink, STYLE)

    def code(self) -> str:
        """Return the script by which folium makes the map."""
        return str(self.script.render())

    def digest(self) -> str:
        """Return that script as a Content-Security-Policy names it."""
        return "sha256-" + base64.b64encode(hashlib.sha256(self.code().encode()).digest()).decode()


class Households(VectorGridProtobuf):
    """Households as vector tiles; their address comes with each view, and none of them is asked for before."""

    _template = Template(
        "{% macro script(this, kwargs) %}peta.begin({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__("", control=False, show=False)


def render(
    assessment: Assessment,
    static: Callable[[str], str],
    *,
    sea: gpd.GeoDataFrame | None,
    desa: frozenset[str] | None,
    basemap: str,
) -> WebMap:
    """Return the document; see :func:`geo.maps.web.build_web_map`."""
    data: dict[str, Any] = contents(assessment, sea, desa) | {"basemap": BASEMAPS.get(basemap)}
    document = Document(assessment, embed(data), static)
    district = district_map(assessment, max_zoom=18)
    district.add_to(document)
    for element in (
        Fullscreen("topleft", "Layar penuh", "Keluar dari layar penuh"),  # type: ignore[no-untyped-call]
        MousePosition("bottomleft", ", ", "", prefix="Lintang, bujur: "),  # type: ignore[no-untyped-call]
        Households(),
    ):
        element._id = "peta"  # noqa: SLF001 - folium's random ids would make every document a different one
        element.add_to(district)
    return WebMap(document.render(), document.digest(), len(data["plan"]["row"]))

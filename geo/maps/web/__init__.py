"""The map inside the application's pages: a folium document with the ground alone, to which pages say what to draw."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.assessment import Assessment

if TYPE_CHECKING:
    import geopandas as gpd

BASEMAPS: dict[str, dict[str, Any]] = {
    "osm": {
        "address": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "host": "https://tile.openstreetmap.org",
        "credit": "© kontributor OpenStreetMap",
        "options": {"maxNativeZoom": 19, "referrerPolicy": "origin"},
    },
    "big": {
        "address": "https://geoservices.big.go.id/rbi/rest/services/BASEMAP/Rupabumi_Indonesia/MapServer/tile/{z}/{y}/{x}",
        "host": "https://geoservices.big.go.id",
        "credit": "© Badan Informasi Geospasial (Rupabumi Indonesia)",
        "options": {"maxNativeZoom": 18, "tileSize": 512, "zoomOffset": -1},
    },
}
"""Base maps of the internet, by the word of the setting; without one the map asks no other server for anything."""


@dataclass(frozen=True)
class WebMap:
    """A map document.

    Attributes
    ----------
    html
        To be sent as UTF-8; the same for the same arguments.
    script
        The one script inside of it, as a Content-Security-Policy names it: ``sha256-...``.
    households
        How many households of the run's own choice and visits stand in it as points.
    """

    html: str
    script: str
    households: int


def build_web_map(
    assessment: Assessment,
    static: Callable[[str], str],
    *,
    sea: "gpd.GeoDataFrame | None" = None,
    desa: frozenset[str] | None = None,
    basemap: str = "",
) -> WebMap:
    """Return the map document of an assessment: geometry and names, and no figure of any area.

    What is drawn on it comes later, by messages of the page around it; households come as vector tiles.

    Parameters
    ----------
    assessment
        Tables in WGS 84 as described in docs/tables.md, of the edition for whoever will see the map.
    static
        Gives the address of a file of :func:`geo.maps.web.assets.web_assets`.
    sea
        Polygons of the sea (WGS 84), drawn where they lie near the district.
    desa
        The kode_desa whose kantong, circles, chosen households and visits may be seen; ``None`` for all. Borders,
        names and zones are always those of the whole district.
    basemap
        A key of :data:`BASEMAPS`, or nothing.

    Raises
    ------
    LookupError
        When the document asks for a script or style that is not at hand offline.
    """
    # folium takes half a second to load: only who makes a map pays for it
    from geo.maps.web.page import render  # noqa: PLC0415

    return render(assessment, static, sea=sea, desa=desa, basemap=basemap)

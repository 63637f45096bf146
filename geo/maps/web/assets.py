"""Scripts and styles of the map document: those of folium from the offline store, and the map's own as one file."""

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from geo.maps.assets import offline_store, without_source_map

SHARED, OWN = Path(__file__).parents[1] / "static", Path(__file__).with_name("static")
SHARED_SCRIPTS = (
    "words.js", "ground.js", "circles.js", "names.js", "canvas.js", "marks.js", "plan.js", "home.js",
)  # fmt: skip
OWN_SCRIPTS = (
    "unroll.js", "tips.js", "note.js", "areas.js", "households.js", "planned.js", "base.js", "badges.js", "measure.js",
    "locate.js", "view.js", "talk.js", "begin.js",
)  # fmt: skip
SCRIPT, STYLE = "peta.js", "peta.css"
KINDS = (".js", ".css")


def asset_name(address: str) -> str:
    """Return under which name a script or style of folium is served.

    Examples
    --------
    >>> asset_name("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js")
    'leaflet.js'
    """
    return urlsplit(address).path.rsplit("/", 1)[-1]


@cache
def web_assets() -> dict[str, bytes]:
    """Return by name every script and style that the map document may link to.

    Raises
    ------
    LookupError
        When folium's scripts are not at hand offline.
    """
    # names of files of other plugins may repeat; what the document uses is looked up by the document itself
    folium = {
        asset_name(address): without_source_map(text).encode()
        for address, text in offline_store().items()
        if asset_name(address).endswith(KINDS)
    }
    own = [(SHARED / name) for name in SHARED_SCRIPTS] + [(OWN / name) for name in OWN_SCRIPTS]
    return folium | {
        SCRIPT: b"\n".join(path.read_bytes() for path in own),
        STYLE: (OWN / "web.css").read_bytes(),
    }

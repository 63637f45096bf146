"""The folium map and the page around it."""

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from branca.element import Figure, MacroElement
from folium import Map
from folium.plugins import Fullscreen, MousePosition
from folium.template import Template
from folium.utilities import JsCode

from geo.assessment import Assessment
from geo.maps.areas import areas, figures
from geo.maps.assets import inline
from geo.maps.circles import scan_circles
from geo.maps.households import packed_households
from geo.maps.legend import legend
from geo.maps.plan import chosen_households, visit_stops
from geo.maps.themes import Theme, themes_by_indicator
from geo.maps.wording import embed, escape
from geo.symbology import (
    KANTONG_COLOUR,
    NEED_COLOURS,
    NEED_SHAPES,
    UNKNOWN_COLOUR,
    layer_title,
    target_share,
    zone_colours,
)

FOLDER = Path(__file__).with_name("static")
SCRIPTS = (
    "words.js", "ground.js", "areas.js", "circles.js", "told.js", "names.js", "canvas.js", "marks.js", "households.js",
    "plan.js", "panel.js", "clicks.js", "home.js", "start.js",
)  # fmt: skip
LEAFLET = ("leaflet", "leaflet_css")
"""Of folium's default scripts and styles the page uses Leaflet alone; jQuery, Bootstrap and icons stay out."""


class Page(Figure):
    """A folium figure with a panel beside the map, data below it, and a ban on all network traffic."""

    def __init__(self, panel: dict[str, Any], data: str) -> None:
        super().__init__()
        self._name = "Page"
        self._template = templates(FOLDER).get_template("page.html")
        self.panel, self.data = panel, data
        self.style = (FOLDER / "style.css").read_text(encoding="utf-8")
        self.code = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)


class Sasaran(MacroElement):
    """Draws the district on the folium map that it is added to."""

    _template = Template(
        "{% macro script(this, kwargs) %}peta.start({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is typed by half
        self._name = "Sasaran"


def render(assessment: Assessment) -> str:
    """Return the page of an assessment; see :func:`geo.maps.build_map`."""
    themes = themes_by_indicator(assessment)
    page = Page(legend(assessment, themes), embed(_data(assessment, themes)))
    district = district_map(assessment, max_zoom=19)
    district.add_to(page)
    whole = {"fullscreen_element": JsCode("document.body")}  # with the legend, not the map alone
    for element in (
        Sasaran(),
        Fullscreen("topleft", "Layar penuh", "Keluar dari layar penuh", **whole),  # type: ignore[no-untyped-call]
        MousePosition("bottomleft", ", ", "", prefix="Lintang, bujur: "),  # type: ignore[no-untyped-call]
    ):
        element._id = "peta"  # noqa: SLF001 - folium's random ids would make every page a different file
        element.add_to(district)
    return inline(page.render())


def district_map(assessment: Assessment, max_zoom: int) -> Map:
    """Return a folium map of the district, of Leaflet alone and without tiles or controls."""
    west, south, east, north = assessment.desa.total_bounds.tolist()
    district = Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=10,
        min_zoom=7,
        max_zoom=max_zoom,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
    )
    district._id = "peta"  # noqa: SLF001 - see render()
    district.default_js = [entry for entry in district.default_js if entry[0] in LEAFLET]
    district.default_css = [entry for entry in district.default_css if entry[0] in LEAFLET]
    return district


def _data(assessment: Assessment, themes: dict[str, dict[str, Theme]]) -> dict[str, Any]:
    facts = assessment.facts
    scans = facts.get("scans", {})
    return {
        **areas(assessment),
        "figures": figures(assessment, themes),
        "scans": scan_circles(assessment),
        "replicates": {
            base: scans.get(part, {}).get("replicates")
            for base, part in (("desa", "desa"), ("rumah tangga", "households"))
        },
        "chosen": chosen_households(assessment),
        "visits": visit_stops(assessment),
        "households": packed_households(assessment),
        "indicators": [
            {
                "id": entry["id"],
                "title": escape(entry["title"]),
                "profile": escape(entry["profile"]),
                "gap": f"{entry['id']}_gap" in assessment.desa,
                "target": target_share(facts, entry["id"]),
            }
            for entry in facts["indicators"]
        ],
        "layers": [escape(layer_title(layer)) for layer in facts["layers"]],
        "credit": escape(facts["boundaries"].get("source")),
        "corrected": facts.get("hot_spots", {}).get("correction") != "none",
        "otherRules": len(facts.get("hot_spots", {}).get("others", [])),
        "colours": {
            "needs": NEED_COLOURS,
            "zones": zone_colours(facts["layers"]),
            "kantong": KANTONG_COLOUR,
            "unknown": UNKNOWN_COLOUR,
        },
        "shapes": NEED_SHAPES,
    }


@cache
def templates(folder: Path) -> jinja2.Environment:
    """Return the templates of a folder; texts of tables pass through their filter ``text``."""
    found = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True, trim_blocks=True)
    found.filters["text"] = escape
    return found

"""What stands beside the map: every colour with its definition, source, date, and what is not on the map."""

from collections.abc import Mapping
from typing import Any

from app.access.roles import Permission, Person
from app.map_view.asked import DESA, HOUSEHOLDS, Asked
from app.map_view.figures import Figures
from geo.assessment import Assessment
from geo.maps.themes import HATCH, UNTESTED_OR_WITHHELD, Theme
from geo.symbology import (
    NEED_COLOURS,
    NEED_SHAPES,
    NEED_TITLES,
    UNKNOWN_COLOUR,
    boundary_credit,
    layer_title,
    long_date,
    number,
    zone_colours,
)

Json = dict[str, Any]

WHOLE_REGISTER = {
    "smoothed": "Angka yang dihaluskan",
    "gap": "Kekurangan menuju target",
    "hot": "Desa panas dan dingin",
}
"""What is worked out of the whole register at once, hence the same whatever filter is on."""


def legend(
    assessment: Assessment,
    who: Person,
    asked: Asked,
    indicator: Mapping[str, Any],
    found: Figures,
    classes: Theme,
) -> Json:
    """Return the words and figures of the legend, not yet escaped; the template does that."""
    facts = assessment.facts
    sees_households = who.may(Permission.SEE_HOUSEHOLDS)
    areas, inside = found.areas, found.inside
    hot = asked.measure == "hot"
    empty = inside & areas["households"].eq(0).to_numpy(bool) & asked.filters_households & sees_households
    few = inside & ~areas["enough"].to_numpy(bool) & ~areas["withheld"].to_numpy(bool) & ~empty
    withheld = int((inside & areas["withheld"].to_numpy(bool)).sum())
    unknown = areas.loc[inside, "unknown"]
    return {
        "title": classes.title,
        "level": "desa" if asked.level == DESA else "kecamatan",
        "about": classes.about,
        "definition": indicator["definition"],
        "profile": indicator["profile"],
        "caution": indicator.get("caution", ""),
        "classes": _classes(classes),
        "coloured": sum(classes.counts()) > 0,
        "edges": classes.edges,
        "hot": hot,
        "nothing_hot": hot and not sum(classes.counts()[:2]),
        "partial": UNTESTED_OR_WITHHELD in classes.titles,
        "few": "" if hot else number(int(few.sum())),
        "empty": number(int(empty.sum())) if empty.any() and not hot else "",
        "minimum": facts["settings"].get("rates", {}).get("minimum_known"),
        "withheld": number(withheld) if withheld else "",
        "unknown": "" if unknown.isna().any() else number(int(unknown.sum())),
        "unknown_colour": UNKNOWN_COLOUR,
        "inside": number(int(inside.sum())),
        "areas": number(len(areas)),
        "outside": number(int((~inside).sum())) if not inside.all() else "",
        "filters": [] if not asked.filter else asked.filter.words(assessment),
        "whole_register": WHOLE_REGISTER.get(asked.measure, "")
        if asked.filters_households and sees_households
        else "",
        "certain": any(name == asked.indicator for name, _ in asked.filter.butuh) and asked.measure == "rate",
        "households": "" if found.households is None else number(found.households),
        "located": "" if found.located is None else number(found.located),
        "not_on_map": _difference(found.households, found.located),
        "elsewhere": number(found.elsewhere) if found.elsewhere else "",
        "sees_households": sees_households,
        "scoped": who.desa is not None,
        "needs": _needs() if HOUSEHOLDS in asked.layers and sees_households else [],
        "zones": [_zone(layer, facts) for layer in facts["layers"] if f"zona-{layer['id']}" in asked.layers],
        "proksi": [
            layer_title(layer) for layer in facts["layers"] if layer["proksi"] and _used(layer, asked)
        ],
        "sheet": next((entry["name"] for entry in facts["inputs"] if entry["role"] == "sheet"), ""),
        "created": long_date(facts["created"]),
        "district": facts["district"]["nama"],
        "boundaries": facts["boundaries"],
        "credit": boundary_credit(facts["boundaries"]),
        "notes": asked.notes,
    }


def _classes(classes: Theme) -> list[Json]:
    return [
        {"colour": "" if colour == HATCH else colour, "title": title, "count": number(count)}
        for colour, title, count in zip(classes.colours, classes.titles, classes.counts(), strict=True)
    ]


def _difference(households: int | None, located: int | None) -> str:
    return "" if households is None or located is None else number(households - located)


def _needs() -> list[Json]:
    return [
        {"title": title, "colour": NEED_COLOURS[need], "shape": NEED_SHAPES[need]}
        for need, title in NEED_TITLES.items()
    ]


def _zone(layer: Json, facts: Mapping[str, Any]) -> Json:
    return {
        "title": layer_title(layer),
        "colour": zone_colours(facts["layers"])[layer["id"]],
        "source": layer.get("source", ""),
        "year": long_date(layer.get("year")),
        "method": layer.get("method", ""),
        "proksi": layer["proksi"],
    }


def _used(layer: Mapping[str, Any], asked: Asked) -> bool:
    return f"zona-{layer['id']}" in asked.layers or any(name == layer["id"] for name, _ in asked.filter.zona)

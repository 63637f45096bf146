"""What the panel beside the map says: every figure with its definition, source, date and unknowns."""

from typing import Any

import pandas as pd

from geo.assessment import Assessment
from geo.maps.circles import scan_counts
from geo.maps.households import without_sensitive
from geo.maps.plan import plan_legend
from geo.maps.themes import HATCH, MEASURES, UNTESTED_OR_WITHHELD, Theme
from geo.symbology import (
    COLD_COLOUR,
    HOT_COLOUR,
    NEED_COLOURS,
    NEED_SHAPES,
    NEED_TITLES,
    OUTSIDE,
    UNKNOWN,
    UNKNOWN_COLOUR,
    display_classes,
    display_order,
    layer_title,
    long_date,
    need_class,
    number,
    percent,
    shown_zones,
    target_share,
    zone_colours,
)

HATCH_CLASS = "hatched"

Json = dict[str, Any]


def legend(assessment: Assessment, themes: dict[str, dict[str, Theme]]) -> Json:
    """Return the words and figures of the panel, not yet escaped; the template does that."""
    facts, households = assessment.facts, assessment.counted
    located = households.geometry.notna()
    return {
        "district": facts["district"],
        "created": long_date(facts["created"]),
        "sheet": next((entry["name"] for entry in facts["inputs"] if entry["role"] == "sheet"), ""),
        "boundaries": {**facts["boundaries"], "date": long_date(facts["boundaries"].get("date"))},
        "minimum": facts["settings"].get("rates", {}).get("minimum_known"),
        "unknown_colour": UNKNOWN_COLOUR,
        "hot_colours": {"panas": HOT_COLOUR, "dingin": COLD_COLOUR},
        "indicators": [_indicator(assessment, entry, themes[entry["id"]]) for entry in facts["indicators"]],
        "measures": [
            (measure, title) for measure, title in MEASURES.items()
            if any(measure in of_indicator for of_indicator in themes.values())
        ],
        "hot_spots": _hot_spots(facts),
        "scans": _scans(assessment),
        "denominator": _denominator(facts),
        **plan_legend(assessment),
        "has_points": bool(located.any()),
        "points": number(int(located.sum())),
        "all": number(len(households)),
        "pointless": number(int((~located).sum())),
        "needs": _needs(without_sensitive(assessment)[located]),
        "zones": [_zone(assessment, layer) for layer in facts["layers"]],
        "display": _display(assessment),
        "groups": _groups(assessment),
        "kantong": _kantong(assessment),
        "desa": [f"{name}, {kecamatan}" for name, kecamatan in zip(
            assessment.desa["nama_desa"], assessment.desa["nama_kecamatan"], strict=True
        )],
    }  # fmt: skip


def _indicator(assessment: Assessment, indicator: Json, themes: dict[str, Theme]) -> Json:
    desa = assessment.desa
    enough = desa.get(f"{indicator['id']}_enough", pd.Series(data=False, index=desa.index))
    none = pd.Series(data=False, index=desa.index)
    withheld = desa.get(f"{indicator['id']}_suppressed", none).fillna(value=False).astype(bool)
    enough = enough.fillna(value=False).astype(bool)
    return {
        "caution": "",
        **indicator,
        "themes": [_theme(theme) for theme in themes.values()],
        "target": target_share(assessment.facts, indicator["id"]),
        "uncoloured": number(int((~enough & ~withheld).sum())),
        "withheld": number(int(withheld.sum())) if withheld.any() else "",
        "unknown": _unknown(assessment, indicator["id"]),
    }


def _theme(theme: Theme) -> Json:
    colours = [("", colour) if colour != HATCH else (HATCH_CLASS, "") for colour in theme.colours]
    return {
        "measure": theme.measure,
        "title": theme.title,
        "about": theme.about,
        "nothing": theme.measure == "hot" and not sum(theme.counts()[:2]),
        "partial": UNTESTED_OR_WITHHELD in theme.titles,
        "edges": theme.edges,
        "classes": [
            (kind, colour, title, number(count))
            for (kind, colour), title, count in zip(colours, theme.titles, theme.counts(), strict=True)
        ],
    }


def _hot_spots(facts: Any) -> Json:  # noqa: ANN401  a mapping of JSON
    """Return how desa were tested for being hot, in words."""
    about = facts.get("hot_spots", {})
    rate = about.get("false_discovery_rate")
    return {
        "neighbours": about.get("title", ""),
        "permutations": number(about["permutations"]) if about.get("permutations") else "",
        "corrected": about.get("correction") == "fdr" and rate is not None,
        "rate": "" if rate is None else percent(rate),
        "others": about.get("others", []),
        "islands": about.get("islands", []),
    }


def _scans(assessment: Assessment) -> Json:
    """Return what was looked for and found by the scan; ``looked`` tells a search without a find from none at all."""
    about, found = assessment.facts.get("scans", {}), scan_counts(assessment)
    hidden = sum(entry.get("circles", 0) for entry in about.get("found", [])) - sum(
        entry["count"] for entry in found
    )
    labels: dict[str, list[str]] = {}
    for entry in found:
        labels.setdefault(entry["indicator"], []).extend([entry["labels"]] if entry["labels"] else [])
    return {
        "labels": {indicator: " dan ".join(of_need) for indicator, of_need in labels.items()},
        "looked": bool(about) and "indicator" in assessment.scans,
        "found": found,
        "hidden": number(hidden) if hidden > 0 else "",
        "significance": _out_of_hundred(about.get("significance")),
    }


def _out_of_hundred(share: float | None) -> str:
    """Say a level of significance as so many times in a hundred.

    Examples
    --------
    >>> _out_of_hundred(0.05), _out_of_hundred(0.005), _out_of_hundred(None)
    ('5 dari 100 kali', '0,5 dari 100 kali', '')
    """
    if not share:
        return ""
    times = round(100 * share, 2)
    return f"{number(times, 0 if times == round(times) else 1)} dari 100 kali"


def _denominator(facts: Any) -> Json:  # noqa: ANN401  a mapping of JSON
    """Return of how many families the register speaks; empty where no table of all families was given."""
    about = facts.get("denominator", {})
    share = about.get("register_share")
    if share is None:
        return {}
    source = ", ".join(str(about[name]) for name in ("source", "year") if about.get(name))
    return {"name": about.get("name", ""), "share": percent(share, 1), "source": source}


def _unknown(assessment: Assessment, indicator: str) -> str:
    households = assessment.counted
    if len(households) and f"need_{indicator}" in households:
        return number(int(households[f"need_{indicator}"].isna().sum()))
    stated = assessment.facts.get("needs", {}).get(indicator, {}).get("unknown")
    if len(households) and stated is not None:
        return number(stated)
    if f"{indicator}_unknown" not in assessment.desa:
        return "–"
    # a published edition may withhold some desa: a sum of the rest would mislead
    total = assessment.desa[f"{indicator}_unknown"].astype("Int64").sum(skipna=False)
    return "–" if pd.isna(total) else number(int(total))


def _needs(located: pd.DataFrame) -> list[Json]:
    counts = need_class(located).value_counts()
    return [
        {
            "id": need,
            "title": title,
            "colour": NEED_COLOURS[need],
            "shape": NEED_SHAPES[need],
            "count": number(int(counts.get(need, 0))),
        }
        for need, title in NEED_TITLES.items()
    ]


def _zone(assessment: Assessment, layer: Json) -> Json:
    rows = assessment.zones[assessment.zones["layer"] == layer["id"]]
    counts = dict(zip(rows["zone"], rows["households"].astype("Int64"), strict=True))
    drawn = rows.geometry.notna()
    titles = layer.get("titles", {})
    inside = [zone for zone in rows["zone"] if zone not in (OUTSIDE, UNKNOWN)]
    return {
        **layer,
        "title": layer_title(layer),
        "year": long_date(layer["year"]),
        "colour": zone_colours([layer])[layer["id"]],
        "drawn": bool(drawn.any()),
        "second": [titles.get(zone, zone) for zone in rows.loc[drawn, "zone"].iloc[1:]],
        "counts": [
            (titles.get(zone, zone) if len(inside) > 1 else "di dalam", _count(counts[zone]))
            for zone in inside
        ]
        + [("belum diketahui", _count(counts.get(UNKNOWN, 0)))],
    }


def _count(households: int) -> str:
    return "–" if pd.isna(households) else number(households)


def _display(assessment: Assessment) -> Json:
    """Return the classes by which desa are coloured when zones are the theme, and in which order they go."""
    classes = display_classes(assessment.facts["layers"])
    counts = shown_zones(assessment.desa, assessment.facts["layers"]).value_counts()
    return {
        "classes": [
            (title, colour, number(int(counts.get(name, 0))))
            for name, (title, colour) in classes.items()
            if counts.get(name, 0)
        ],
        "order": display_order(assessment.facts),
    }


def _groups(assessment: Assessment) -> list[tuple[str, str, str]]:
    """Return title, definition and households of each target group."""
    table = assessment.groups
    if not {"title", "definition", "households"} <= set(table.columns):
        return []
    return [
        (str(title), str(definition), _count(households))
        for title, definition, households in zip(
            table["title"], table["definition"].fillna(""), table["households"], strict=True
        )
    ]


def _kantong(assessment: Assessment) -> list[Json]:
    titles = {indicator["id"]: indicator["title"] for indicator in assessment.facts["indicators"]}
    counts = assessment.clusters["indicator"].value_counts()
    return [{"title": titles.get(name, name), "count": number(int(count))} for name, count in counts.items()]

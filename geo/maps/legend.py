"""What the panel beside the map says: every figure with its definition, source, date and unknowns."""

from typing import Any

import pandas as pd

from geo.assessment import Assessment
from geo.maps.households import without_sensitive
from geo.symbology import (
    NEED_COLOURS,
    NEED_SHAPES,
    NEED_TITLES,
    UNKNOWN_COLOUR,
    ZONE_COLOURS,
    ClassBreaks,
    layer_title,
    long_date,
    need_class,
    number,
    percent,
)

Json = dict[str, Any]


def legend(assessment: Assessment, breaks: dict[str, ClassBreaks]) -> Json:
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
        "indicators": [_indicator(assessment, entry, breaks[entry["id"]]) for entry in facts["indicators"]],
        "has_points": bool(located.any()),
        "points": number(int(located.sum())),
        "all": number(len(households)),
        "pointless": number(int((~located).sum())),
        "needs": _needs(without_sensitive(assessment)[located]),
        "zones": [_zone(assessment, layer) for layer in facts["layers"]],
        "kantong": _kantong(assessment),
        "desa": [f"{name}, {kecamatan}" for name, kecamatan in zip(
            assessment.desa["nama_desa"], assessment.desa["nama_kecamatan"], strict=True
        )],
    }  # fmt: skip


def target_share(assessment: Assessment) -> str:
    """Return the share that a desa should reach, in words; empty when the run does not say."""
    share = assessment.facts["settings"].get("rates", {}).get("target_share")
    return "" if share is None else percent(share)


def _indicator(assessment: Assessment, indicator: Json, breaks: ClassBreaks) -> Json:
    desa = assessment.desa
    enough = desa.get(f"{indicator['id']}_enough", pd.Series(data=False, index=desa.index))
    return {
        **indicator,
        "classes": list(zip(breaks.colours, breaks.titles(), strict=True)),
        "edges": [percent(edge) for edge in breaks.edges],
        "uncoloured": number(int((~enough.fillna(value=False).astype(bool)).sum())),
        "unknown": _unknown(assessment, indicator["id"]),
    }


def _unknown(assessment: Assessment, indicator: str) -> str:
    households = assessment.counted
    if len(households) and f"need_{indicator}" in households:
        return number(int(households[f"need_{indicator}"].isna().sum()))
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
    counts = rows["households"].astype("Int64")
    drawn = rows.geometry.notna()
    return {
        **layer,
        "title": layer_title(layer),
        "year": long_date(layer["year"]),
        "colour": ZONE_COLOURS.get(layer["id"], "#444444"),
        "drawn": bool(drawn.any()),
        "second": rows.loc[drawn, "zone"].iloc[1:].tolist(),
        "counts": [
            f"{zone}: {'–' if pd.isna(count) else number(int(count))}"
            for zone, count in zip(rows["zone"], counts, strict=True)
        ],
    }


def _kantong(assessment: Assessment) -> list[Json]:
    titles = {indicator["id"]: indicator["title"] for indicator in assessment.facts["indicators"]}
    counts = assessment.clusters["indicator"].value_counts()
    return [{"title": titles.get(name, name), "count": number(int(count))} for name, count in counts.items()]

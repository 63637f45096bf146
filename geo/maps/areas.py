"""Desa, kecamatan, zones and kantong, simplified for the screen and ready to be written as JSON."""

from typing import Any

import geopandas as gpd
import pandas as pd

from geo.assessment import Assessment
from geo.maps.circles import kantong
from geo.maps.features import features
from geo.maps.ground import borders, names, simplified, to_screen, zone_shapes
from geo.maps.themes import Theme, hot_rows, numbers
from geo.maps.wording import escape
from geo.symbology import UNKNOWN, display_classes, zone_words

FIGURES = (
    "need",
    "known",
    "unknown",
    "rate",
    "low",
    "high",
    "least",
    "most",
    "smoothed",
    "gap",
    "gap_rate",
    "gap_most",
)

Json = dict[str, Any]


def areas(assessment: Assessment) -> Json:
    """Return desa and borders, zones and kantong as GeoJSON, with texts escaped.

    Parameters
    ----------
    assessment
        Its tables ``desa``, ``zones`` and ``clusters`` (WGS 84).
    """
    desa = assessment.desa.reset_index(drop=True)
    shapes, crs = simplified(desa)
    west, south, east, north = desa.total_bounds.tolist()
    return {
        "bounds": [[south, west], [north, east]],
        "desa": features(to_screen(shapes, crs), _desa_properties(assessment, desa)),
        "borders": borders(desa, shapes, crs),
        "names": names(desa, shapes, crs),
        "zones": zone_shapes(assessment.zones, crs),
        "kantong": kantong(assessment.clusters),
    }


def figures(assessment: Assessment, themes: dict[str, dict[str, Theme]]) -> Json:
    """Return by indicator the figures, classes and hot spots of all desa, as columns in the order of the desa."""
    return {
        indicator: {
            **{figure: _values(assessment.desa, f"{indicator}_{figure}") for figure in FIGURES},
            "enough": numbers(assessment.desa, f"{indicator}_enough").eq(1).astype(int).tolist(),
            "funnel": _texts(assessment.desa, f"{indicator}_funnel"),
            "themes": {
                measure: {"colours": theme.colours, "classes": theme.classes.tolist()}
                for measure, theme in of_indicator.items()
            },
            "hot": _hot_spots(assessment, indicator) if "hot" in of_indicator else None,
        }
        for indicator, of_indicator in themes.items()
    }


def _hot_spots(assessment: Assessment, indicator: str) -> Json:
    rows = hot_rows(assessment, indicator)
    told = ("gi_class", "moran_class", "stays", "untested")
    return {**{name: _texts(rows, name) for name in told}, "q": _values(rows, "gi_q", 6)}


def _values(table: pd.DataFrame, name: str, decimals: int = 4) -> list[float | None]:
    values = numbers(table, name).round(decimals)
    # whole numbers without ".0": a third of the weight of the counts
    return [
        None if missing else int(value) if value == int(value) else value
        for missing, value in zip(values.isna(), values.tolist(), strict=True)
    ]


def _desa_properties(assessment: Assessment, desa: gpd.GeoDataFrame) -> list[Json]:
    words = {
        "name": desa["nama_desa"].map(escape),
        "kind": desa["jenis"].str.capitalize().fillna("Desa").map(escape),
        "kecamatan": desa["nama_kecamatan"].map(escape),
        "households": _values(desa, "households"),
        "located": _values(desa, "located"),
        "families": _values(desa, "families", 0),
        "register": _values(desa, "register_share"),
    }
    rows: list[Json] = [dict(zip(words, row, strict=True)) for row in zip(*words.values(), strict=True)]
    for layer in assessment.facts["layers"]:
        shares = _values(desa, f"share_{layer['id']}", 3)
        of_households = _values(desa, f"share_households_{layer['id']}", 3)
        titles = {zone: escape(title) for zone, title in zone_words(layer).items()}
        zones = [titles.get(zone, zone) for zone in _texts(desa, f"zone_{layer['id']}")]
        reasons = _texts(desa, f"why_zone_{layer['id']}")
        for row, *told in zip(rows, zones, reasons, shares, of_households, strict=True):
            row.setdefault("zones", []).append(told)
    display = display_classes(assessment.facts["layers"])
    for row, shown in zip(rows, _texts(desa, "zone_display"), strict=True):
        title, colour = display.get(str(shown), display[UNKNOWN])
        row["zona"] = {"word": escape(title), "colour": colour}
    return rows


def _texts(table: pd.DataFrame, name: str) -> list[str]:
    return [escape(text) for text in table[name]] if name in table else [""] * len(table)

"""Kantong and the circles of the scan statistic: outlines with what a click tells of them."""

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assessment import Assessment
from geo.maps.features import features, geometries
from geo.maps.wording import escape
from geo.symbology import SCAN_COLOUR, circle_labels, number

OF_DESA = "desa"
BASES = {OF_DESA: "dari angka desa", "rumah tangga": "dari titik rumah"}

COLOURS = {"rtlh": SCAN_COLOUR, "jamban": "#00665c", "jamban_sendiri": "#a3195b", "babs": "#6b4a00"}
"""Of the circles of each need: dark, so that they stand out on every class of every ramp."""

BADGES_AT = ((0.0, 1.0), (1.0, 0.0), (-1.0, 0.0), (0.0, -1.0))
BADGES_OF_HOUSES_AT = ((-0.7, 0.7), (0.7, 0.7), (-0.7, -0.7), (0.7, -0.7))
"""Where on the rim badges stand, east and north, need by need: needs often gather in the same place."""

MOST_NAMES = 6
"""So many desa of a circle are named; the rest are counted."""

Json = dict[str, Any]

_OF_SCANS = ("base", "model", "label", "nama_desa", "nama_kecamatan")
# finer than it is shown: what is rounded twice may differ from the report
_FIGURES = {"radius_m": 0, "households": 0, "observed": 0, "expected": 2, "relative_risk": 4, "p_value": 6}


def kantong(clusters: gpd.GeoDataFrame) -> Json:
    """Return the kantong as GeoJSON.

    Needs columns: ``name``, ``indicator``, ``households``, ``density_ha``; of use ``walk_m``, ``base``, ``share``.
    """
    if clusters.empty:
        return features(np.empty(0, dtype=object), [])
    told: dict[str, list[Any]] = {
        "name": [escape(name) for name in clusters["name"]],
        "indicator": [escape(indicator) for indicator in clusters["indicator"]],
        "households": _figures(clusters, "households", 0),
        "density": _figures(clusters, "density_ha", 1),
        "walk": _figures(clusters, "walk_m", 0),
        "base": _figures(clusters, "base", 0),
        "share": _figures(clusters, "share", 4),
    }
    return features(clusters.geometry.to_numpy(), _rows(told))


def significant_scans(assessment: Assessment) -> gpd.GeoDataFrame:
    """Return the circles that may be drawn, each with its ``label``: what chance explains has no outline."""
    scans = assessment.scans
    if not {"indicator", "base", "significant"} <= {*scans.columns}:
        return scans.iloc[:0]
    scans = scans.assign(label=circle_labels(scans))
    return scans[scans["significant"].fillna(value=False).astype(bool)]


def circle_colour(indicator: str) -> str:
    """Return the colour of the circles of a need.

    Examples
    --------
    >>> circle_colour("jamban") == circle_colour("rtlh")
    False
    """
    return COLOURS.get(indicator, SCAN_COLOUR)


def scan_circles(assessment: Assessment) -> list[Json]:
    """Return what is told of each significant circle; ``shape`` is its outline, ``at`` where its badge stands.

    A circle of one desa alone may have no outline; positions of ``at`` have the latitude first.

    Needs columns: table ``scans`` as in docs/tables.md; its counts may be missing.
    """
    scans = significant_scans(assessment)
    if scans.empty:
        return []
    names = dict(zip(assessment.desa["kode_desa"], assessment.desa["nama_desa"], strict=True))
    members = [str(codes).split() for codes in scans["members"]] if "members" in scans else [[]] * len(scans)
    places = {code: place for place, code in enumerate(assessment.desa["kode_desa"])}
    told: dict[str, list[Any]] = {
        "layer": [scan_layer(*pair) for pair in zip(scans["indicator"], scans["base"], strict=True)],
        "indicator": [escape(indicator) for indicator in scans["indicator"]],
        "colour": [circle_colour(indicator) for indicator in scans["indicator"]],
        **{name: [escape(text) for text in scans[name]] for name in _OF_SCANS if name in scans},
        **{name: _figures(scans, name, decimals) for name, decimals in _FIGURES.items()},
        "desa": [[places[code] for code in codes if code in places] for codes in members],
        "members": [_listed([str(names.get(code, code)) for code in codes]) for codes in members],
    }
    told["shape"] = geometries(scans.geometry.where(~scans.geometry.is_empty).to_numpy())
    told["side"] = _sides(assessment, scans)
    told["at"] = _badges(assessment, scans, told["side"])
    return _rows(told)


def scan_counts(assessment: Assessment) -> list[Json]:
    """Return how many circles are drawn of each indicator and base that was looked at, for the legend."""
    scans, drawn = assessment.scans, significant_scans(assessment)
    if not {"indicator", "base"} <= {*scans.columns}:
        return []
    found = {} if drawn.empty else drawn.groupby(["indicator", "base"])["label"].agg(list).to_dict()
    titles = {entry["id"]: entry["title"] for entry in assessment.facts["indicators"]}
    return [
        {
            "id": scan_layer(indicator, base),
            "title": f"{titles.get(indicator, indicator)}, {BASES.get(base, base)}",
            "indicator": indicator,
            "of_desa": base == OF_DESA,
            "colour": circle_colour(indicator),
            "labels": _span(found.get((indicator, base), [])),
            "count": len(found.get((indicator, base), [])),
        }
        for indicator, base in scans[["indicator", "base"]].drop_duplicates().itertuples(index=False)
    ]


def scan_layer(indicator: str, base: str) -> str:
    """Return the name of the layer that holds the circles of an indicator and a base.

    Examples
    --------
    >>> print(scan_layer("rtlh", "rumah tangga"))
    rtlh rumah tangga
    """
    return escape(f"{indicator} {base}")


def _span(labels: list[str]) -> str:
    """Name the first label and the last.

    Examples
    --------
    >>> _span(["R1", "R2", "R3"]), _span(["J1"]), _span([])
    ('R1–R3', 'J1', '')
    """
    return "–".join(dict.fromkeys([*labels[:1], *labels[-1:]]))


def _sides(assessment: Assessment, scans: gpd.GeoDataFrame) -> list[tuple[float, float]]:
    """Return on which side of its circle each badge stands, east and north."""
    needs = {entry["id"]: place for place, entry in enumerate(assessment.facts["indicators"])}
    places = [needs.get(need, 0) % len(BADGES_AT) for need in scans["indicator"]]
    return [
        (BADGES_AT if base == OF_DESA else BADGES_OF_HOUSES_AT)[place]
        for place, base in zip(places, scans["base"], strict=True)
    ]


def _badges(
    assessment: Assessment, scans: gpd.GeoDataFrame, sides: list[tuple[float, float]]
) -> list[list[float] | None]:
    """Place each badge on the rim of its circle, or in the desa where the circle has no width."""
    middles = dict(
        zip(assessment.desa["kode_desa"], assessment.desa.geometry.representative_point(), strict=True)
    )
    places: list[list[float] | None] = []
    for shape, code, (right, up) in zip(scans.geometry, scans["kode_desa"], sides, strict=True):
        point = middles.get(code)
        if shape is not None and not shape.is_empty:
            west, south, east, north = shape.bounds
            point = shapely.Point(
                (west + east + right * (east - west)) / 2, (south + north + up * (north - south)) / 2
            )
        places.append(None if point is None else [round(point.y, 5), round(point.x, 5)])
    return places


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    rest = len(names) - MOST_NAMES
    return escape(f"{shown}, dan {number(rest)} lainnya" if rest > 0 else shown)


def _figures(table: pd.DataFrame, name: str, decimals: int) -> list[float | None]:
    """Return numbers that JSON can hold: what is missing or without bound has none."""
    if name not in table:
        return [None] * len(table)
    values = pd.to_numeric(table[name], errors="coerce").astype("Float64").to_numpy(float, na_value=np.nan)
    return [round(value, decimals) if math.isfinite(value) else None for value in values.tolist()]


def _rows(columns: dict[str, list[Any]]) -> list[Json]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

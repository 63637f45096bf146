"""Households with a point of their own, packed for one canvas layer: 8 to 16 bytes each."""

import base64
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assessment import Assessment
from geo.maps.wording import escape
from geo.symbology import NEED_TITLES, QUALITY_TITLES, known_need, layer_title, need_class

DRAWING_ORDER = tuple(reversed(NEED_TITLES))
"""Classes of need from the bottom to the top of the heap."""

MOST_REASONS = 5_000
"""With more distinct reasons than this the popups do without: they would outweigh the map."""

STEPS = 65_535
"""Positions are sixteen bits inside the box of their group, which is finer than a metre for any desa."""

Json = dict[str, Any]


def without_sensitive(assessment: Assessment) -> gpd.GeoDataFrame:
    """Return the households without what may never be shown as points."""
    hidden = [
        f"{kind}_{indicator['id']}"
        for indicator in assessment.facts["indicators"]
        if indicator["sensitive"]
        for kind in ("need", "why", "cluster")
    ]
    return assessment.counted.drop(columns=hidden, errors="ignore")


def packed_households(assessment: Assessment) -> Json:
    """Return what the canvas layer draws and tells of each household with a point.

    Households are ordered by class of need, then desa: a run of one class in one desa is a *group*, with its
    box in Web Mercator (0 to 1). So a class is switched off, and what lies outside the view is skipped, group by
    group. ``columns`` are what a popup says, each as numbers of its distinct words.

    Parameters
    ----------
    assessment
        Its households that count (WGS 84); rows without geometry stay out.
    """
    households = without_sensitive(assessment)
    households = households[households.geometry.notna() & ~households.geometry.is_empty]
    classes = need_class(households).map(DRAWING_ORDER.index).to_numpy(dtype=np.intp)
    desa = pd.Index(assessment.desa["kode_desa"]).get_indexer(households["kode_desa"])
    order = np.lexsort((households["sheet_row"], desa, classes))
    households, classes, desa = households.iloc[order], classes[order], desa[order]
    return {
        "classes": list(DRAWING_ORDER),
        "rows": _pack(households["sheet_row"].to_numpy()),
        **_groups(households, classes, desa),
        "columns": [_dictionary(title, words) for title, words in _told(assessment, households)],
    }


def _groups(households: gpd.GeoDataFrame, classes: np.ndarray, desa: np.ndarray) -> Json:
    points = households.geometry.to_numpy()
    x = (shapely.get_x(points) + 180) / 360
    sine = np.sin(np.radians(shapely.get_y(points)))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    first = np.flatnonzero(np.r_[True, (np.diff(classes) != 0) | (np.diff(desa) != 0)][: len(points)])
    counts = np.diff(np.r_[first, len(points)])
    boxes, steps = [], []
    for values in (x, y):
        low = np.minimum.reduceat(values, first) if first.size else values
        span = (np.maximum.reduceat(values, first) if first.size else values) - low
        inside = (values - np.repeat(low, counts)) / np.repeat(np.where(span > 0, span, 1), counts)
        steps.append(np.round(inside * STEPS).astype(np.uint16))
        boxes += [low, span]
    return {
        "x": _pack(steps[0]),
        "y": _pack(steps[1]),
        "groups": {
            "class": classes[first].tolist(),
            "desa": desa[first].tolist(),
            "count": counts.tolist(),
            "box": _pack(np.column_stack(boxes).ravel()),
        },
    }


def _told(assessment: Assessment, households: gpd.GeoDataFrame) -> list[tuple[str, pd.Series]]:
    indicators = [
        indicator for indicator in assessment.facts["indicators"] if f"need_{indicator['id']}" in households
    ]
    told = [(indicator["title"], _need_words(households, indicator["id"])) for indicator in indicators]
    told.append(("Zona", _zone_words(assessment, households)))
    if "kelompok_sasaran" in households:
        told.append(("Kelompok sasaran", households["kelompok_sasaran"].astype("str").fillna("")))
    names = assessment.clusters.set_index("cluster_id")["name"]
    told += [
        (f"Kantong {indicator['title']}", households[column].map(names).astype(object).fillna(""))
        for indicator in indicators
        if (column := f"cluster_{indicator['id']}") in households
    ]
    if "location_quality" in households:
        told.append(("Letak", households["location_quality"].map(QUALITY_TITLES).fillna("")))
    return told


def _need_words(households: pd.DataFrame, indicator: str) -> pd.Series:
    need = known_need(households, indicator)
    words = pd.Series(np.array(["tidak", "ya", "belum diketahui"])[need], index=households.index)
    if (column := f"why_{indicator}") not in households or households[column].nunique() > MOST_REASONS:
        return words
    why = households[column].astype("str").fillna("").str.strip()
    return words.where(why.eq(""), words + ": " + why)


def _zone_words(assessment: Assessment, households: pd.DataFrame) -> pd.Series:
    present = [
        (column, layer)
        for layer in assessment.facts["layers"]
        if (column := f"zone_{layer['id']}") in households
    ]
    if not present:
        return pd.Series("", index=households.index)
    # a handful of combinations stand for all households
    zones = households[[column for column, _ in present]].astype("str").fillna("tidak diketahui")
    codes = zones.groupby(list(zones), sort=False).ngroup().to_numpy()
    combinations = zones.drop_duplicates().itertuples(index=False, name=None)
    words = np.array([_combination(zone, [layer for _, layer in present]) for zone in combinations])
    return pd.Series(words[codes] if len(words) else "", index=households.index)


def _combination(zones: tuple[str, ...], layers: list[Json]) -> str:
    words = [
        layer_title(layer) + ("" if zone.lower() == layer["title"].lower() else f": {zone}")
        for zone, layer in zip(zones, layers, strict=True)
        if zone != "luar"
    ]
    return "; ".join(words) or "di luar semua zona"


def _dictionary(title: str, words: pd.Series) -> Json:
    codes, distinct = pd.factorize(words)
    return {"title": escape(title), "words": [escape(word) for word in distinct], "codes": _pack(codes)}


def _pack(values: np.ndarray) -> Json:
    """Write numbers as base64 of the smallest array type of JavaScript that holds them (little endian)."""
    if values.dtype.kind == "f":
        kind, name = np.dtype("<f8"), "Float64Array"
    else:
        most = int(values.max(initial=0))
        size = 1 if most < 2**8 else 2 if most < 2**16 else 4
        kind, name = np.dtype(f"<u{size}"), f"Uint{size * 8}Array"
    return {"type": name, "data": base64.b64encode(values.astype(kind).tobytes()).decode()}

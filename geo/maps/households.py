"""Households with a point of their own, packed for one canvas layer: 8 to 16 bytes each."""

import base64
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assessment import Assessment
from geo.maps.wording import escape
from geo.privacy import OF_NEEDS
from geo.symbology import (
    NEED_TITLES,
    QUALITY_TITLES,
    UNKNOWN,
    known_need,
    layer_title,
    need_class,
    number,
    zone_words,
)

DRAWING_ORDER = tuple(reversed(NEED_TITLES))
"""Classes of need from the bottom to the top of the heap."""

MOST_REASONS = 5_000
"""With more distinct reasons than this the popups do without: they would outweigh the map."""

STEPS = 65_535
"""Positions are sixteen bits inside the box of their group, which is finer than a metre for any desa."""

NEAR_M = 1000.0

Json = dict[str, Any]


def without_sensitive(assessment: Assessment) -> gpd.GeoDataFrame:
    """Return the households without what may never be shown as points."""
    hidden = [
        f"{kind}_{indicator['id']}"
        for indicator in assessment.facts["indicators"]
        if indicator["sensitive"]
        for kind in OF_NEEDS
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
    told += _zones(assessment, households)
    if "kelompok_sasaran" in households and "group" in assessment.groups:
        titles = dict(zip(assessment.groups["group"], assessment.groups["title"], strict=True))
        told.append(("Kelompok sasaran", households["kelompok_sasaran"].astype("str").map(titles).fillna("")))
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


def _zones(assessment: Assessment, households: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    """Return what each layer says of the households: the zone, why, and how far from its edge."""
    told = []
    for layer in assessment.facts["layers"]:
        if (column := f"zone_{layer['id']}") not in households:
            continue
        words = households[column].astype("str").fillna(UNKNOWN)
        reason = households.get(f"why_zone_{layer['id']}", pd.Series("", index=households.index))
        told.append((layer_title(layer), _with_reason(words, reason.astype("str").fillna(""), layer)))
        if (distance := f"distance_{layer['id']}_m") in households:
            told.append((f"{layer['title']}: jarak ke tepinya", _rough(households[distance])))
    return told


def _with_reason(zones: pd.Series, reasons: pd.Series, layer: Json) -> pd.Series:
    """Say the zone and why; a few pairs stand for all households."""
    titles = zone_words(layer)
    pairs = pd.DataFrame({"zone": zones, "why": reasons})
    codes = pairs.groupby(["zone", "why"], sort=False).ngroup().to_numpy()
    distinct = pairs.drop_duplicates().itertuples(index=False, name=None)
    words = np.array(
        ["; ".join(filter(None, (titles.get(zone, zone), why))) for zone, why in distinct], dtype=object
    )
    return pd.Series(words[codes] if len(words) else "", index=zones.index)


def _rough(metres: pd.Series) -> pd.Series:
    """Write metres as far as a planner reads them: by 50 m up to a kilometre, then by half a kilometre.

    Examples
    --------
    >>> _rough(pd.Series([12.0, 640.0, 1730.0, None])).tolist()
    ['kurang dari 50 m', '650 m', '1,5 km', '']
    """
    values = metres.to_numpy(dtype=float, na_value=np.nan)
    steps = np.where(values < NEAR_M, np.round(values / 50) * 50, np.round(values / 500) * 500)
    distinct, codes = np.unique(np.nan_to_num(steps, nan=-1), return_inverse=True)
    texts = np.array([_distance(step) for step in distinct], dtype=object)
    return pd.Series(texts[codes], index=metres.index)


def _distance(step: float) -> str:
    if step < 0:
        return ""
    if step < NEAR_M:
        return f"{step:.0f} m" if step else "kurang dari 50 m"
    return f"{number(step / 1000, 1)} km"


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

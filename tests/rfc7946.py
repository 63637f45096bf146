"""A checker of GeoJSON written from the text of RFC 7946 alone; it shares no code with the writer."""

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
KINDS = {*DEPTHS, "GeometryCollection", "Feature", "FeatureCollection"}


def check_rfc7946(path: Path) -> list[str]:
    """Return what a file does against RFC 7946, each with its section; an empty list means nothing."""
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        return ["RFC 8259 8.1: byte order mark"]
    try:
        data = json.loads(
            raw.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once
        )
    except ValueError as fault:
        return [f"RFC 8259: no JSON text ({fault})"]
    if not isinstance(data, dict) or data.get("type") not in KINDS:
        return ["3: no GeoJSON object"]
    faults = ["4: a crs member"] if "crs" in data else []
    if data["type"] == "FeatureCollection":
        faults += _collection(data)
    elif data["type"] == "Feature":
        faults += _feature(data)
    else:
        faults += _geometry(data)
    return faults


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError(f"a name twice in {names}")
    return dict(pairs)


def _collection(data: dict[str, Any]) -> list[str]:
    if not isinstance(data.get("features"), list):
        return ["3.3: features is no array"]
    faults = [
        f"7.1: a FeatureCollection with {name}" for name in ("coordinates", "geometries") if name in data
    ]
    faults += [f"7.1: a FeatureCollection with {name}" for name in ("geometry", "properties") if name in data]
    ids = [feature.get("id") for feature in data["features"] if isinstance(feature, dict)]
    if len(set(ids)) < len([name for name in ids if name is not None]):
        faults.append("3.2: an id used twice")
    for place, feature in enumerate(data["features"]):
        faults += [f"feature {place}: {fault}" for fault in _feature(feature)]
    if "bbox" in data:
        faults += _bbox(
            data["bbox"], [position for f in data["features"] for position in _all(f.get("geometry"))]
        )
    return faults


def _feature(feature: Any) -> list[str]:  # noqa: ANN401  whatever stood in the file
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return ["3.3: no Feature"]
    faults = [f"3.2: no {name} member" for name in ("geometry", "properties") if name not in feature]
    faults += [
        f"7.1: a Feature with {name}" for name in ("coordinates", "geometries", "features") if name in feature
    ]
    if "id" in feature and not (isinstance(feature["id"], str | int | Decimal) and feature["id"] is not True):
        faults.append("3.2: the id is neither text nor a number")
    if not isinstance(feature.get("properties"), dict | None):
        faults.append("3.2: properties is neither an object nor null")
    if feature.get("geometry") is not None:
        faults += _geometry(feature["geometry"])
    return faults


def _geometry(geometry: Any) -> list[str]:  # noqa: ANN401
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection":
        return [fault for member in geometry["geometries"] for fault in _geometry(member)]
    if kind not in DEPTHS:
        return ["3.1: no geometry type"]
    faults = [
        f"7.1: a geometry with {name}" for name in ("geometry", "properties", "features") if name in geometry
    ]
    parts = [geometry.get("coordinates")]
    for _ in range(DEPTHS[kind]):
        if not all(isinstance(part, list) for part in parts):
            return [*faults, f"3.1: coordinates of a {kind} are not nested as they must be"]
        if kind.endswith("Polygon") and parts and parts[0] and _is_ring(parts[0][0]):
            for rings in parts:
                faults += _polygon(rings)
        parts = [inner for part in parts for inner in part]
    if not parts:
        faults.append("3.1: empty coordinates")
    for position in parts:
        faults += _position(position)
    if kind.endswith("LineString"):
        lines = geometry["coordinates"] if kind.startswith("Multi") else [geometry["coordinates"]]
        faults += ["3.1.4: a line of fewer than two positions" for line in lines if len(line) < 2]
    return sorted(set(faults))


def _is_ring(part: Any) -> bool:  # noqa: ANN401
    return (
        isinstance(part, list)
        and bool(part)
        and isinstance(part[0], list)
        and not isinstance(part[0][0], list)
    )


def _polygon(rings: list[list[list[Decimal]]]) -> list[str]:
    faults = []
    for place, ring in enumerate(rings):
        if len(ring) < 4:
            faults.append("3.1.6: a ring of fewer than four positions")
        if ring[0] != ring[-1]:
            faults.append("3.1.6: an open ring")
        if any(first == second for first, second in pairwise(ring)):
            faults.append("a position twice in a row")
        twice_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
        if twice_area == 0:
            faults.append("3.1.6: a ring without an area")
        if (twice_area > 0) != (place == 0):
            faults.append("3.1.6: right-hand rule")
    return faults


def _position(position: Any) -> list[str]:  # noqa: ANN401
    if not isinstance(position, list) or not all(
        isinstance(number, int | Decimal) and not isinstance(number, bool) for number in position
    ):
        return ["3.1.1: a position that is no array of numbers"]
    if len(position) not in (2, 3):
        return ["3.1.1: a position needs two or three numbers"]
    lon, lat = position[:2]
    faults = [] if abs(lon) <= 180 and abs(lat) <= 90 else ["4: outside longitude and latitude in degrees"]
    if any(-Decimal(number).normalize().as_tuple().exponent > 7 for number in position):  # type: ignore[operator]
        faults.append("11.2: more than seven decimals")
    return faults


def _all(geometry: Any) -> list[list[Decimal]]:  # noqa: ANN401
    if geometry is None:
        return []
    parts = [geometry["coordinates"]]
    for _ in range(DEPTHS[geometry["type"]]):
        parts = [inner for part in parts for inner in part]
    return parts


def _bbox(bbox: Any, positions: list[list[Decimal]]) -> list[str]:  # noqa: ANN401
    if not isinstance(bbox, list) or len(bbox) != 4:
        return ["5: a bbox of two dimensions has four numbers"]
    if not positions:
        return []
    lons, lats = zip(*positions, strict=True)
    exact = [min(lons), min(lats), max(lons), max(lats)]
    return [] if bbox == exact else [f"5: the bbox is not that of the positions, {exact}"]

"""What the map document holds: the ground of the district, and outlines where need gathers."""

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.assessment import Assessment
from geo.maps.circles import kantong, scan_circles
from geo.maps.features import features, rolled, rolled_geometry
from geo.maps.ground import TOLERANCE_M, borders, names, simplified, to_screen, union, zone_shapes
from geo.maps.plan import chosen_households, visit_stops
from geo.maps.wording import escape
from geo.symbology import KANTONG_COLOUR, boundary_credit, zone_colours

SEA_AROUND = 2.0
"""So many times the width of the district of sea is drawn beside it."""

KANTONG_TOLERANCE_M = 5.0
"""Kantong are drawn around single houses: they keep more of their bends than desa do."""

POINT_DECIMALS = 6

Json = dict[str, Any]


def contents(assessment: Assessment, sea: gpd.GeoDataFrame | None, desa: frozenset[str] | None) -> Json:
    """Return the data of the document, texts escaped; areas are in the order of the run's tables."""
    table = assessment.desa.reset_index(drop=True)
    shapes, crs = simplified(table)
    west, south, east, north = table.total_bounds.tolist()
    seen = _within(assessment, desa)
    facts = assessment.facts
    scans = facts.get("scans", {})
    return {
        "bounds": [[south, west], [north, east]],
        "desa": rolled(features(to_screen(shapes, crs), _names_of(table, "desa"))),
        "kecamatan": _kecamatan(assessment, table, shapes, crs),
        "borders": rolled(borders(table, shapes, crs)),
        "names": names(table, shapes, crs),
        "zones": rolled(zone_shapes(assessment.zones, crs)),
        **_sea(sea, (west, south, east, north)),
        "kantong": rolled(kantong(_smooth(seen.clusters, crs))),
        "scans": [
            circle | {"shape": circle["shape"] and rolled_geometry(circle["shape"])}
            for circle in scan_circles(seen)
        ],
        "replicates": {
            base: scans.get(part, {}).get("replicates")
            for base, part in (("desa", "desa"), ("rumah tangga", "households"))
        },
        "plan": _plan(seen),
        "indicators": [{"id": entry["id"], "title": escape(entry["title"])} for entry in facts["indicators"]],
        "colours": {"zones": zone_colours(facts["layers"]), "kantong": KANTONG_COLOUR},
        "credit": escape(boundary_credit(facts["boundaries"])),
        "schematic": bool(facts["boundaries"].get("schematic")),
    }


def _within(assessment: Assessment, desa: frozenset[str] | None) -> Assessment:
    """Keep the kantong, circles and households of some desa."""
    if desa is None:
        return assessment
    clusters, scans, households = assessment.clusters, assessment.scans, assessment.households
    return replace(
        assessment,
        households=households[households["kode_desa"].isin(desa)],
        clusters=clusters[clusters["kode_desa"].isin(desa)] if "kode_desa" in clusters else clusters.iloc[:0],
        scans=scans[scans["kode_desa"].isin(desa)] if "kode_desa" in scans else scans.iloc[:0],
    )


def _names_of(table: gpd.GeoDataFrame, level: str) -> list[Json]:
    return [
        {"code": escape(code), "name": escape(name)}
        for code, name in zip(table[f"kode_{level}"], table[f"nama_{level}"], strict=True)
    ]


def _kecamatan(assessment: Assessment, desa: gpd.GeoDataFrame, shapes: np.ndarray, crs: Any) -> Json:  # noqa: ANN401
    # joined from the simplified desa: both levels then share their lines
    of_desa = desa.groupby("kode_kecamatan").indices
    whole = np.array([
        union(shapes[of_desa[code]]) if code in of_desa else None
        for code in assessment.kecamatan["kode_kecamatan"]
    ])  # fmt: skip
    return rolled(features(to_screen(whole, crs), _names_of(assessment.kecamatan, "kecamatan")))


def _smooth(clusters: gpd.GeoDataFrame, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Leave out the bends of the kantong that no screen shows."""
    if clusters.empty:
        return clusters
    metric = clusters.geometry.to_crs(crs).simplify(KANTONG_TOLERANCE_M)
    return clusters.set_geometry(metric.to_crs(clusters.crs))


def _sea(sea: gpd.GeoDataFrame | None, bounds: tuple[float, float, float, float]) -> Json:
    """Return the sea around the district and the box in which it is known, none where it is far from the shore."""
    if sea is None or sea.empty:
        return {"sea": None}
    west, south, east, north = bounds
    around = SEA_AROUND * max(east - west, north - south)
    near = shapely.clip_by_rect(
        sea.geometry.to_crs(4326).to_numpy(), west - around, south - around, east + around, north + around
    )
    near = shapely.simplify(near[~shapely.is_empty(near)], TOLERANCE_M / 111_000)
    if not near.size:
        return {"sea": None}
    left, bottom, right, top = shapely.total_bounds(near).tolist()
    return {"sea": rolled(features(near, [{}] * len(near))), "seaBounds": [[bottom, left], [top, right]]}


def _plan(assessment: Assessment) -> Json:
    """Return the run's own choice and visits, with the positions of their households as columns."""
    chosen, visits = chosen_households(assessment)["row"], visit_stops(assessment)
    wanted = assessment.counted
    wanted = wanted[wanted["sheet_row"].isin([*chosen, *visits["sheet_row"]])]
    return {
        "row": wanted["sheet_row"].tolist(),
        "lat": wanted.geometry.y.round(POINT_DECIMALS).tolist(),
        "lon": wanted.geometry.x.round(POINT_DECIMALS).tolist(),
        "chosen": chosen,
        "visits": {
            name: visits[name]
            for name in ("sheet_row", "team", "day", "order", "teams", "starts", "start_of")
        },
    }

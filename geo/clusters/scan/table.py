"""The table of scans: one row a circle."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.clusters.scan.observed import Cluster
from geo.clusters.scan.scanning import Scan
from geo.crs import STORING, to_degrees

SIDES = 128
"""Of a circle that is drawn as a polygon."""

TOUCH = float(np.cos(np.pi / SIDES))
"""How near the sides of that polygon come to its middle, its corners being at 1."""

TEXTS = ("indicator", "base", "model", "kode_desa", "nama_desa", "nama_kecamatan", "members")
WHOLE = ("order", "desa", "households", "observed")
DECIMAL = ("radius_m", "expected", "relative_risk", "llr", "p_value", "p_gumbel")
COLUMNS = (
    "scan_id", "indicator", "base", "model", "order", "kode_desa", "nama_desa", "nama_kecamatan", "radius_m", "desa",
    "members", "households", "observed", "expected", "relative_risk", "llr", "p_value", "p_gumbel", "significant",
)  # fmt: skip


def told(scan: Scan, significance: float) -> list[Cluster]:
    """Return the most likely cluster, and those others that are significant."""
    return [
        cluster
        for order, cluster in enumerate(scan.clusters)
        if order == 0 or cluster.p_value <= significance
    ]


def measured(cluster: Cluster, order: int, significance: float) -> dict[str, Any]:
    """Return what the table says of a cluster's size and strength."""
    return {
        "order": order,
        "radius_m": cluster.radius,
        "households": round(cluster.population),
        "observed": round(cluster.observed),
        "expected": cluster.expected,
        "relative_risk": cluster.relative_risk,
        "llr": cluster.llr,
        "p_value": cluster.p_value,
        "p_gumbel": cluster.p_gumbel,
        "significant": cluster.p_value <= significance,
    }


def circle(centre: np.ndarray, radius_m: float, measuring: CRS) -> shapely.Polygon:
    """Draw a circle as a polygon in WGS 84 whose sides touch it from outside: it holds all of it."""
    x, y = shapely.get_coordinates(shapely.Point(centre).buffer(radius_m / TOUCH, quad_segs=SIDES // 4)).T
    return shapely.Polygon(np.column_stack(to_degrees(x, y, measuring)))


def scan_table(rows: Sequence[dict[str, Any]], circles: Sequence[shapely.Polygon]) -> gpd.GeoDataFrame:
    """Put rows and their circles (WGS 84) into the table."""
    table = pd.DataFrame(list(rows), columns=list(COLUMNS[1:]))
    table.insert(0, "scan_id", range(1, len(table) + 1))
    types: dict[str, Any] = {"scan_id": "int32", "significant": bool}
    types |= dict.fromkeys(TEXTS, "str") | dict.fromkeys(WHOLE, "int64") | dict.fromkeys(DECIMAL, float)
    return gpd.GeoDataFrame(table.astype(types), geometry=gpd.GeoSeries(list(circles), crs=STORING))

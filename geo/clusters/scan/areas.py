"""Circles of desa with more need than elsewhere: the scan over desa."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
from pyproj import CRS

from geo.clusters.scan.scanning import Scan, scan_bernoulli, scan_poisson
from geo.clusters.scan.table import circle, measured, scan_table, told
from geo.settings import ScanSettings

MODELS: dict[str, Callable[..., Scan]] = {"poisson": scan_poisson, "bernoulli": scan_bernoulli}


def scan_desa(
    desa: gpd.GeoDataFrame, indicators: Sequence[str], measuring: CRS, settings: ScanSettings, seed: int
) -> gpd.GeoDataFrame:
    """Look for circles of desa where more households are in need than at the district's rate.

    A desa counts with its households in need among those of which the need is known. The Poisson model is
    prudent here: need is no rare event, and a Poisson number scatters more than a share of households does. The
    Bernoulli model (``settings.desa_model``) takes that share for what it is.
    A circle stands around a point inside a desa and holds the desa whose such points lie in it; desa of which no
    household's need is known are left out. The p-value allows for the many circles of one indicator, not for
    there being several indicators.

    Needs columns: ``kode_desa``, ``nama_desa``, ``nama_kecamatan``, ``<indicator>_known``, ``<indicator>_need``,
    geometry.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``scans`` (docs/tables.md), WGS 84: the most likely circle of each indicator, and all others that
        are significant and share no desa with a more likely one. ``radius_m`` is that of the circle drawn: it reaches
        the point inside its furthest desa, and around one desa alone it has that desa's area.

    Notes
    -----
    See :func:`geo.clusters.scan.scan_poisson`.
    """
    measured_desa = desa.geometry.to_crs(measuring)
    middle = measured_desa.representative_point()
    points = np.column_stack([middle.x, middle.y])
    least = np.sqrt(measured_desa.area.to_numpy() / np.pi)
    rows: list[dict[str, Any]] = []
    circles: list[Any] = []
    for indicator in indicators:
        known = desa[f"{indicator}_known"].to_numpy(dtype=float, na_value=0)
        need = desa[f"{indicator}_need"].to_numpy(dtype=float, na_value=0)
        scan = MODELS[settings.desa_model](
            points,
            need,
            np.where(known > 0, known, np.nan),
            largest_share=settings.largest_share,
            replicates=settings.replicates,
            seed=seed,
            most=len(desa),
        )
        for order, cluster in enumerate(told(scan, settings.significance), start=1):
            centre = desa.iloc[cluster.centre]
            reach = max(cluster.radius, float(least[cluster.centre]))
            rows.append(
                {
                    "indicator": indicator,
                    "base": "desa",
                    "model": settings.desa_model.capitalize(),
                    "kode_desa": centre["kode_desa"],
                    "nama_desa": centre["nama_desa"],
                    "nama_kecamatan": centre["nama_kecamatan"],
                    "desa": len(cluster.members),
                    "members": " ".join(desa["kode_desa"].iloc[cluster.members]),
                    **measured(replace(cluster, radius=reach), order, settings.significance),
                }
            )
            circles.append(circle(points[cluster.centre], reach, measuring))
    return scan_table(rows, circles)

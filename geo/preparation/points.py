"""The points of desa: the wrong ones found and repaired, the frame and the CRS around them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

WGS84 = "OGC:CRS84"
MARGIN_M = 15_000.0  # how far around the district the sea and the neighbours' points are taken
FAR_M = 3_000.0  # a point nearer than this to the middle of its kecamatan is never called wrong


def repair_points(points: pd.DataFrame, kabupaten: str) -> pd.DataFrame:
    """Find the points that cannot be right; estimate them, or drop them outside *kabupaten*.

    A point is wrong when it is missing, or kilometres from its kecamatan with none of that kecamatan among
    its six nearest; it is moved to the widest gap of its kecamatan. Twins are set apart. A point at sea
    stays: the middle of a coastal desa may lie in a bay.

    Needs columns: kode_desa, kode_kecamatan, lon, lat, x, y (metres).
    Adds columns: titik, titik_catatan; changes lon, lat.
    """
    out = points.assign(titik="sumber", titik_catatan="")
    known = out["x"].notna().to_numpy()
    centre = out.groupby("kode_kecamatan")[["x", "y"]].transform("median")
    away = pd.Series(np.hypot(out["x"] - centre["x"], out["y"] - centre["y"]), index=out.index)
    spread = away.groupby(out["kode_kecamatan"]).transform("median")
    metres = out.loc[known, ["x", "y"]].to_numpy()
    near = cKDTree(metres).query(metres, k=min(7, len(metres)))[1][:, 1:]
    kecamatan = out.loc[known, "kode_kecamatan"].to_numpy()
    alone = np.ones(len(out), dtype=bool)
    alone[known] = (kecamatan[near] != kecamatan[:, None]).all(axis=1)
    wrong = pd.Series(~known | (alone & (away > np.maximum(FAR_M, 6 * spread)).to_numpy()), index=out.index)
    own = out["kode_desa"].str.startswith(kabupaten)
    out, wrong = out[own | ~wrong].copy(), wrong[own | ~wrong]
    for i in wrong.index[wrong]:
        siblings = out["kode_kecamatan"] == out.loc[i, "kode_kecamatan"]
        good = out.loc[siblings & ~wrong, ["lon", "lat"]].to_numpy()
        if not len(good):
            raise ValueError(f"{out.loc[i, 'kode_desa']!s}: no usable point in its whole kecamatan")
        reason = "titik sumber jauh dari kecamatannya" if known[i] else "sumber tidak memberi titik"
        out.loc[i, "lon"], out.loc[i, "lat"] = widest_gap(good)
        out.loc[i, "titik"] = "perkiraan"
        out.loc[i, "titik_catatan"] = f"{reason}; diletakkan di celah kecamatannya"
        wrong[i] = False
    twin = out.groupby([out["lon"].round(5), out["lat"].round(5)]).cumcount()
    out["lon"] += 0.001 * np.cos(2.4 * twin) * (twin > 0)
    out["lat"] += 0.001 * np.sin(2.4 * twin) * (twin > 0)
    out["titik"] = out["titik"].mask(twin > 0, "diperbaiki")
    out["titik_catatan"] = out["titik_catatan"].mask(twin > 0, "titik kembar dengan desa lain, digeser 100 m")
    return out.drop(columns=["x", "y"])


def widest_gap(points: Floats) -> tuple[float, float]:
    """Return the place between the points that is furthest from all of them."""
    x, y = np.meshgrid(*np.linspace(points.min(axis=0), points.max(axis=0), 60).T)
    places = np.column_stack([x.ravel(), y.ravel()]) + 0.001
    inside = places[shapely.contains_xy(shapely.convex_hull(shapely.multipoints(points)), *places.T)]
    places = inside if len(inside) else places
    lon, lat = places[np.argmax(cKDTree(points).query(places)[0])]
    return round(float(lon), 6), round(float(lat), 6)


def nearby_points(everywhere: pd.DataFrame, kode_desa: pd.Series) -> tuple[pd.DataFrame, CRS]:
    """Return the repaired points of the kabupaten and around it, and the UTM zone to measure in."""
    missing = set(kode_desa) - set(everywhere["kode_desa"])
    if missing:
        raise ValueError(f"desa without a row in the point table: {sorted(missing)}")
    own = everywhere["kode_desa"].isin(kode_desa)
    west, south, east, north = around(everywhere[own], 3 * MARGIN_M)
    near = everywhere["lon"].between(west, east) & everywhere["lat"].between(south, north)
    points = everywhere[own | near].reset_index(drop=True)
    placed = gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"]), crs=WGS84)
    metric = placed[points["lon"].notna()].estimate_utm_crs()
    metres = placed.to_crs(metric)
    return repair_points(points.assign(x=metres.x, y=metres.y), str(kode_desa.iloc[0])[:5]), metric


def reproject(shapes: list[shapely.Geometry], source: CRS | str, target: CRS | str) -> list[shapely.Geometry]:
    """Return shapes in another CRS."""
    return list(gpd.GeoSeries(shapes, crs=source).to_crs(target))


def around(points: pd.DataFrame, margin_m: float) -> Floats:
    """Return west, south, east, north of the points with a margin in metres."""
    lon, lat = points["lon"], points["lat"]
    up = margin_m / 111_320.0
    side = up / np.cos(np.radians(lat.mean()))
    return np.round([lon.min() - side, lat.min() - up, lon.max() + side, lat.max() + up], 3)

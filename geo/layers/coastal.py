"""Where is the coast? Desa that touch the sea, and beside them everything near the shore line."""

import geopandas as gpd
import pandas as pd
import shapely

from geo.layers.base import Inputs, Layer, Zones, desa_zones, joined, nothing_known, read_status, unlisted
from geo.symbology import ZONE_COLOURS

TOUCH_M = 60.0
"""A desa touches the sea when it comes this near: shore lines of different origin differ by tens of metres."""

_COASTAL, _INLAND = ("1", "ada", "pesisir"), ("2", "tidak", "tidak ada", "bukan pesisir")


def _zones(inputs: Inputs) -> Zones:
    desa, settings, sea = inputs.desa_m(), inputs.settings, inputs.boundaries.sea
    if sea is None and settings.coastal_status is None:
        return nothing_known(inputs, "belum ada daftar status pesisir maupun garis pantai")
    proksi = False
    water = None if sea is None else shapely.union_all(sea.to_crs(inputs.measuring).geometry.to_numpy())
    if settings.coastal_status is not None:
        status, source, year = read_status(settings.coastal_status, desa, inside=_COASTAL, outside=_INLAND)
        inside, unknown = status.fillna(value=False), unlisted(desa, status)
        method = "status resmi: wilayah desa berbatasan langsung dengan laut"
    else:
        inside = pd.Series(shapely.distance(desa.geometry.to_numpy(), water) <= TOUCH_M, index=desa.index)
        about = inputs.boundaries.info.get("sea", {})
        source, year, unknown = str(about.get("source", "")), str(about.get("date", "")), frozenset()
        method = "desa yang menyentuh laut menurut garis pantai"
        # cells around points touch the sea where the real desa may not
        proksi = bool(inputs.boundaries.info.get("boundaries", {}).get("schematic"))
        method = f"proksi: {method}, pada batas skematik" if proksi else method
    frame = desa_zones(desa, inside, "pesisir")
    if water is None:
        return Zones(frame, unknown, source=source, year=year, method=method, proksi=proksi)
    near = shapely.buffer(shapely.simplify(water, TOUCH_M / 10), settings.coastal_distance_m, quad_segs=8)
    rest = joined(desa.geometry.to_numpy()[~inside.to_numpy(bool)])
    strip = shapely.intersection(near, rest)
    if not shapely.is_empty(strip):
        extra = gpd.GeoDataFrame(
            {"zone": ["dekat pantai"], "kode_desa": [None]}, geometry=[strip], crs=desa.crs
        )
        frame = gpd.GeoDataFrame(pd.concat([frame, extra], ignore_index=True), crs=desa.crs)
        method += f"; ditambah jalur {settings.coastal_distance_m:g} m dari garis pantai (tambahan kami, bukan status)"
    return Zones(frame, unknown, shapely.boundary(water), source, year, method, proksi)


COASTAL = Layer(
    id="coastal",
    title="Pesisir",
    colour=ZONE_COLOURS["coastal"],
    titles={"pesisir": "Pesisir (desa menyentuh laut)", "dekat pantai": "Dekat pantai"},
    zones=_zones,
)

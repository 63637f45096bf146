"""Where is the coast? Desa that face the sea, and beside them everything near the shore line."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.coverage import polygons_only
from geo.errors import LayerError
from geo.layers.base import OUTSIDE, Inputs, Layer, Zones, desa_zones, joined, nothing_known
from geo.layers.status import Status, read_status, status_reasons, unlisted
from geo.layers.vector_file import MARGIN_M, outline, read_shapes
from geo.shoreline import LEAST_M, REACH_M, facing_length
from geo.symbology import ZONE_COLOURS, number

_COASTAL, _NEAR = "pesisir", "dekat pantai"
_ANSWERS = {
    _COASTAL: ("1", "ada", "ya", "pesisir", "berbatasan", "berbatasan langsung dengan laut"),
    OUTSIDE: (
        "2",
        "tidak",
        "tidak ada",
        "bukan pesisir",
        "tidak berbatasan",
        "tidak berbatasan langsung dengan laut",
    ),
}
_HEADINGS = (
    "r308a",
    "r308",
    "statuspesisir",
    "pesisir",
    "tepilaut",
    "berbatasandenganlaut",
    "berbatasanlangsungdenganlaut",
)
_OFFICIAL = {_COASTAL: "berbatasan langsung dengan laut", OUTSIDE: "tidak berbatasan langsung dengan laut"}
_STRAIGHT_M = 6.0  # how far the shore may be straightened before the strip along it is drawn


@dataclass(frozen=True)
class _Coast:
    """The sea as far as it was read: its polygons where the file has them, and the lines of its shore (metres).

    Without any shore there is no sea as far as the file was read.
    """

    water: shapely.Geometry | None
    shore: shapely.Geometry | None
    source: str
    year: str = ""


def _zones(inputs: Inputs) -> Zones:
    desa, settings, coast = inputs.desa_m(), inputs.settings, _read_coast(inputs)
    list_ = settings.coastal_status
    status = None if list_ is None else read_status(list_, desa, _ANSWERS, _HEADINGS)
    if coast is None and status is None:
        return nothing_known(inputs, "belum ada daftar status pesisir maupun garis pantai")
    figures = None if coast is None else _figures(desa, coast)
    if status is not None:
        inside, unknown = status.classes == _COASTAL, unlisted(desa, status)
        source, year = status.source, status.year
        method = "; ".join(filter(None, ("status resmi: desa berbatasan langsung dengan laut", status.note)))
        proksi = False
    else:
        assert coast is not None and figures is not None  # noqa: S101, PT018  -- one of the two is there
        inside, unknown = figures["shoreline_m"] >= LEAST_M, frozenset()
        source, year, method = coast.source, coast.year, _NO_SEA if coast.shore is None else _METHOD
        # cells around points may face the sea where the real desa does not
        schematic = bool(inputs.boundaries.info.get("boundaries", {}).get("schematic"))
        proksi = schematic and coast.shore is not None
        method = f"proksi pada batas skematik: {method}" if proksi else method
    inside = inside.fillna(value=False).astype(bool)
    frame = desa_zones(desa, inside, _COASTAL)
    why = _reasons(desa, status, figures)
    if coast is None or figures is None:
        return Zones(frame, unknown, source=source, year=year, method=method, proksi=proksi, why=why)
    reach = settings.coastal_distance_m
    strip = _strip(desa[~inside & (figures["shore_distance_m"] <= reach)], coast, reach)
    if strip is not None:
        frame = gpd.GeoDataFrame(pd.concat([frame, strip], ignore_index=True), crs=desa.crs)
        by = f" ({coast.source})" if status is not None and coast.source else ""
        method += f"; ditambah jalur {number(reach)} m dari garis pantai{by} (tambahan kami, bukan status)"
    table = figures.assign(kode_desa=desa["kode_desa"]).set_index("kode_desa")
    return Zones(frame, unknown, coast.shore, source, year, method, proksi, why, table)


_NO_SEA = "tidak ada laut di sekitar kabupaten"
_METHOD = (
    f"desa yang menyentuh laut menurut garis pantai: paling sedikit {number(LEAST_M)} m batasnya menghadap laut dalam "
    f"jarak {number(REACH_M)} m, tanpa desa lain di antaranya"
)


def _read_coast(inputs: Inputs) -> _Coast | None:
    path, sea = inputs.settings.coast, inputs.boundaries.sea
    if path is not None:
        shapes = read_shapes(path, inputs, "Garis pantai", lines=True, near_m=MARGIN_M).geometry.to_numpy()
        whole = shapely.union_all(shapes)
        if len(shapes) and shapely.get_dimensions(whole) == 1:
            return _Coast(None, whole, path.name)
        _refuse_land(whole, inputs, path.name)
        return _Coast(whole, outline(whole, inputs), path.name)
    if sea is None:
        return None
    whole = shapely.union_all(shapely.make_valid(sea.to_crs(inputs.measuring).geometry.to_numpy()))
    about = inputs.boundaries.info.get("sea", {})
    source, year = str(about.get("source", "")), str(about.get("date", ""))
    return _Coast(whole, outline(whole, inputs), source, year)


def _refuse_land(water: shapely.Geometry, inputs: Inputs, name: str) -> None:
    desa = inputs.desa_m().geometry.to_numpy()
    shapely.prepare(water)
    touched = desa[shapely.intersects(water, desa)]
    covered = shapely.area(shapely.intersection(touched, water)).sum() / shapely.area(desa).sum()
    if covered > 0.5:  # noqa: PLR2004  -- most of it
        raise LayerError(
            f"Garis pantai {name}: poligonnya menutupi {number(covered * 100)} % wilayah desa, jadi tampaknya itu "
            f"daratan, bukan laut. Berikan poligon laut, atau garis pantainya sebagai garis (di QGIS: «Polygons to "
            f"lines»)."
        )


def _figures(desa: gpd.GeoDataFrame, coast: _Coast) -> pd.DataFrame:
    areas = desa.geometry.to_numpy()
    if coast.shore is None:
        return pd.DataFrame({"shoreline_m": 0.0, "shore_distance_m": np.nan}, index=desa.index)
    near = coast.shore if coast.water is None else coast.water
    shapely.prepare(near)
    return pd.DataFrame(
        {
            "shoreline_m": facing_length(areas, coast.shore, coast.water),
            "shore_distance_m": shapely.distance(near, areas),
        },
        index=desa.index,
    )


def _strip(desa: gpd.GeoDataFrame, coast: _Coast, reach_m: float) -> gpd.GeoDataFrame | None:
    """Return what lies near the shore line in some desa as one zone, or nothing."""
    if not len(desa) or reach_m <= 0:
        return None
    frame = shapely.box(*desa.buffer(2 * reach_m).total_bounds)
    sea = shapely.intersection(coast.shore if coast.water is None else coast.water, frame)
    near = shapely.buffer(shapely.simplify(sea, _STRAIGHT_M), reach_m, quad_segs=8)
    strip = polygons_only(np.array([shapely.intersection(near, joined(desa.geometry.to_numpy()))]))[0]
    if shapely.is_empty(strip):
        return None
    return gpd.GeoDataFrame({"zone": [_NEAR], "kode_desa": [None]}, geometry=[strip], crs=desa.crs)


def _reasons(desa: gpd.GeoDataFrame, status: Status | None, figures: pd.DataFrame | None) -> dict[str, str]:
    """Return the reason for each desa: what the list says, what the map shows, and where they differ."""
    codes = desa["kode_desa"]
    listed = {} if status is None else status_reasons(desa, status, _OFFICIAL)
    if figures is None:
        return listed
    shown = [_shown(*row) for row in figures.itertuples(index=False)]
    if status is None:
        return dict(zip(codes, shown, strict=True))
    faces = figures["shoreline_m"] >= LEAST_M
    differs = status.classes.notna() & ((status.classes == _COASTAL) != faces)
    return {
        code: f"{listed[code]}; {'berbeda dari' if other else 'menurut'} peta: {text}"
        for code, text, other in zip(codes, shown, differs, strict=True)
    }


def _shown(shoreline_m: float, shore_distance_m: float) -> str:
    """Say how a desa lies to the sea.

    Examples
    --------
    >>> _shown(2300.0, 0.0), _shown(0.0, 640.0), _shown(0.0, np.nan)
    ('garis pantai 2,3 km', '640 m dari garis pantai terdekat', 'tidak ada laut di sekitar kabupaten')
    """
    if np.isnan(shore_distance_m):
        return _NO_SEA
    if shoreline_m >= LEAST_M:
        return f"garis pantai {_length(shoreline_m)}"
    if shoreline_m > 0:
        return f"hanya {_length(shoreline_m)} batasnya menghadap laut"
    return f"{_length(shore_distance_m)} dari garis pantai terdekat"


def _length(metres: float) -> str:
    if round(metres / 10) < 100:  # noqa: PLR2004  -- a kilometre
        return f"{number(round(metres / 10) * 10)} m"
    kilometres = metres / 1000
    return f"{number(kilometres, 0 if kilometres >= 10 else 1)} km"  # noqa: PLR2004


COASTAL = Layer(
    id="coastal",
    title="Pesisir",
    colour=ZONE_COLOURS["coastal"],
    titles={_COASTAL: "Pesisir (desa menyentuh laut)", _NEAR: "Dekat pantai"},
    zones=_zones,
    figures={
        "shoreline_m": "Panjang batas desa yang menghadap laut (m)",
        "shore_distance_m": "Jarak terdekat dari wilayah desa ke garis pantai (m)",
    },
)

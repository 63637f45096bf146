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
from geo.layers.vector_file import MARGIN_M, outline, read_shapes, stated
from geo.sea_extent import SeaEnd, sea_ends, unseen
from geo.settings import LayerSettings
from geo.shoreline import BEYOND_M, Facing, facing
from geo.symbology import ZONE_COLOURS, number

_COASTAL, _NEAR = "pesisir", "dekat pantai"
_ANSWERS = {
    _COASTAL: (
        "1",
        "ada",
        "ya",
        "pesisir",
        "berbatasan",
        "berbatasan langsung dengan laut",
        "tepi laut",
        "di tepi laut",
    ),
    OUTSIDE: (
        "2",
        "tidak",
        "tidak ada",
        "bukan pesisir",
        "tidak berbatasan",
        "tidak berbatasan langsung dengan laut",
        "bukan tepi laut",
        "bukan di tepi laut",
        "tidak di tepi laut",
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
_CUT_M = 2.0  # so near to a cut through the sea lies no shore
_STRAIGHT_M = 6.0  # how far the shore may be straightened before the strip along it is drawn


@dataclass(frozen=True)
class _Coast:
    """The sea as far as it was read: its polygons where the file has them, and the lines of its shore (metres).

    Without any shore there is no sea as far as the file was read; beyond where the sea ends nothing is known.
    """

    water: shapely.Geometry | None
    shore: shapely.Geometry | None
    source: str
    year: str = ""
    ends: tuple[SeaEnd, ...] = ()


@dataclass(frozen=True)
class _Shown:
    """What the map shows of each desa: its figures, whether it touches the sea (or missing), and that in words."""

    figures: pd.DataFrame
    touches: pd.Series
    text: list[str]
    method: str


def _zones(inputs: Inputs) -> Zones:
    desa, settings, coast = inputs.desa_m(), inputs.settings, _read_coast(inputs)
    list_ = settings.coastal_status
    status = None if list_ is None else read_status(list_, desa, _ANSWERS, _HEADINGS)
    if coast is None and status is None:
        return nothing_known(inputs, "belum ada daftar status pesisir maupun garis pantai")
    shown = None if coast is None else _shown(desa, coast, settings)
    if status is not None:
        inside, unknown = status.classes == _COASTAL, unlisted(desa, status)
        source, year = status.source, status.year
        method = "; ".join(filter(None, ("status resmi: desa berbatasan langsung dengan laut", status.note)))
        proksi = False
    else:
        assert coast is not None and shown is not None  # noqa: S101, PT018  -- one of the two is there
        inside, unknown = shown.touches, frozenset(desa.loc[shown.touches.isna(), "kode_desa"])
        source, year, method = coast.source, coast.year, shown.method
        # cells around points may face the sea where the real desa does not
        schematic = bool(inputs.boundaries.info.get("boundaries", {}).get("schematic"))
        proksi = schematic and coast.shore is not None
        method = f"proksi pada batas skematik: {method}" if proksi else method
    inside = inside.fillna(value=False).astype(bool)
    frame = desa_zones(desa, inside, _COASTAL)
    why = _reasons(desa, status, shown)
    if coast is None or shown is None:
        return Zones(frame, unknown, source=source, year=year, method=method, proksi=proksi, why=why)
    reach = settings.coastal_distance_m
    strip = _strip(desa[~inside & (shown.figures["shore_distance_m"] <= reach)], coast, reach)
    if strip is not None:
        frame = gpd.GeoDataFrame(pd.concat([frame, strip], ignore_index=True), crs=desa.crs)
        by = f" ({coast.source})" if status is not None and coast.source else ""
        method += f"; ditambah jalur {number(reach)} m dari garis pantai{by} (tambahan kami, bukan status)"
    if coast.ends:
        method += f"; {_CUT}: jarak desa di seberangnya ke pantai bisa lebih pendek"
    table = shown.figures.assign(kode_desa=desa["kode_desa"]).set_index("kode_desa")
    return Zones(frame, unknown, coast.shore, source, year, method, proksi, why, table)


_NO_SEA = "tidak ada laut di sekitar kabupaten"
_CUT = "laut dalam berkas pantai terpotong di tengah kabupaten"
_TOUCHING_M = 60.0  # a shore line of another origin lies so far off where nothing is between


def _read_coast(inputs: Inputs) -> _Coast | None:
    path, sea = inputs.settings.coast, inputs.boundaries.sea
    if path is not None:
        shapes = read_shapes(path, inputs, "Garis pantai", lines=True, near_m=MARGIN_M)
        source, year = stated(shapes, path)
        told = inputs.settings.coast_source or source, inputs.settings.coast_year or year
        whole = shapely.union_all(shapes.geometry.to_numpy())
        if len(shapes) and shapely.get_dimensions(whole) == 1:
            return _Coast(None, whole, *told)
        _refuse_land(whole, inputs, path.name)
        return _of_water(whole, inputs, *told)
    if sea is None:
        return None
    whole = shapely.union_all(shapely.make_valid(sea.to_crs(inputs.measuring).geometry.to_numpy()))
    about = inputs.boundaries.info.get("sea", {})
    return _of_water(whole, inputs, str(about.get("source", "")), str(about.get("date", "")))


def _of_water(water: shapely.Geometry, inputs: Inputs, source: str, year: str) -> _Coast:
    shore, ends = outline(water, inputs), tuple(sea_ends(water, inputs.desa_m().geometry.to_numpy()))
    for end in ends if shore is not None else ():
        shore = shapely.difference(shore, shapely.buffer(end.edge, _CUT_M))
    return _Coast(water, shore, source, year, ends)


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


def _shown(desa: gpd.GeoDataFrame, coast: _Coast, settings: LayerSettings) -> _Shown:
    areas = desa.geometry.to_numpy()
    if coast.shore is None:
        figures = pd.DataFrame({"shoreline_m": 0.0, "shore_distance_m": np.nan}, index=desa.index)
        return _Shown(figures, figures["shoreline_m"] > 0, [_NO_SEA] * len(desa), _NO_SEA)
    found = facing(areas, coast.shore, coast.water, settings.coastal_reach_m)
    metres, distance, least = found.metres.round(), found.distance_m, found.least(settings.coastal_least_m)
    touches = pd.Series(metres >= least, desa.index, dtype="boolean")
    text = [
        _in_words(*row, reach_m=found.reach_m)
        for row in zip(metres, found.far_metres.round(), distance, found.gap_m, least, strict=True)
    ]
    hidden = unseen(areas, list(coast.ends)) & (metres < least)
    touches[hidden] = pd.NA
    metres[hidden] = distance[hidden] = np.nan
    text = [f"{_CUT}, sebelum desa ini" if cut else words for cut, words in zip(hidden, text, strict=True)]
    figures = pd.DataFrame({"shoreline_m": metres, "shore_distance_m": distance}, index=desa.index)
    return _Shown(figures, touches, text, _method(found, settings))


def _method(found: Facing, settings: LayerSettings) -> str:
    learned = found.reach_m < settings.coastal_reach_m
    return (
        f"desa yang menyentuh laut menurut garis pantai: paling sedikit {number(settings.coastal_least_m)} m batasnya, "
        f"dan setengah jaraknya ke laut, menghadap laut dalam jarak {number(found.reach_m)} m"
        f"{f' (jarak lazimnya di sini ditambah {number(BEYOND_M)} m)' if learned else ''}, tanpa desa lain di antaranya"
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


def _reasons(desa: gpd.GeoDataFrame, status: Status | None, shown: _Shown | None) -> dict[str, str]:
    """Return the reason for each desa: what the list says, what the map shows, and where they differ."""
    codes = desa["kode_desa"]
    listed = {} if status is None else status_reasons(desa, status, _OFFICIAL)
    if shown is None:
        return listed
    if status is None:
        return dict(zip(codes, shown.text, strict=True))
    differs = status.classes.notna() & ((status.classes == _COASTAL) != shown.touches).fillna(value=False)
    return {
        code: f"{listed[code]}; {'berbeda dari' if other else 'menurut'} peta: {text}"
        for code, text, other in zip(codes, shown.text, differs, strict=True)
    }


def _in_words(
    metres: float, far_metres: float, distance_m: float, gap_m: float, least: float, *, reach_m: float
) -> str:
    """Say how a desa lies to the sea.

    Examples
    --------
    >>> rows = [(2300, 2300, 0, 3, 20), (2000, 2000, 80, 90, 45), (0, 2000, 240, 240, 120), (10, 10, 0, 0, 20)]
    >>> rows.append((0, 0, 640, np.nan, 320))
    >>> for row in rows:
    ...     print(_in_words(*row, reach_m=205))
    garis pantai 2,3 km
    2,0 km batasnya menghadap laut pada jarak 90 m, tanpa desa kabupaten ini di antaranya
    menghadap laut baru pada jarak 240 m (paling jauh 205 m): wilayah lain mungkin di antaranya
    hanya 10 m batasnya menghadap laut
    640 m dari garis pantai terdekat
    """
    if metres >= least:
        if gap_m <= _TOUCHING_M:
            return f"garis pantai {_length(metres)}"
        off = _length(gap_m)
        return f"{_length(metres)} batasnya menghadap laut pada jarak {off}, tanpa desa kabupaten ini di antaranya"
    if metres > 0:
        return f"hanya {_length(metres)} batasnya menghadap laut"
    if far_metres >= least:
        most = f"paling jauh {number(reach_m)} m"
        return f"menghadap laut baru pada jarak {_length(gap_m)} ({most}): wilayah lain mungkin di antaranya"
    return f"{_length(distance_m)} dari garis pantai terdekat"


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

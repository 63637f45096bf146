"""Where is the forest edge? By official status, by kawasan hutan, else by tree cover (proksi)."""

import geopandas as gpd
import pyogrio
import shapely

from geo.crs import require_crs
from geo.errors import LayerError, OutsideDistrict
from geo.landcover import TREES
from geo.layers.base import Inputs, Layer, Zones, desa_zones, joined, nothing_known, read_status, unlisted
from geo.symbology import ZONE_COLOURS

LEAST_PATCH_HA = 25.0
"""Smaller groups of trees are gardens, not a forest that people live from."""

EDGE_TOLERANCE_M = 20.0
"""How far the outline of the zone may be straightened: about a cell of the land cover."""

_FOREST = ("1", "2", "di dalam", "di tepi", "di tepi/sekitar")
_AWAY = ("3", "di luar")


def _zones(inputs: Inputs) -> Zones:
    settings = inputs.settings
    if settings.forest_status is not None:
        desa = inputs.desa_m()
        status, source, year = read_status(settings.forest_status, desa, inside=_FOREST, outside=_AWAY)
        return Zones(
            desa_zones(desa, status, "tepi hutan"),
            unlisted(desa, status),
            source=source,
            year=year,
            method="status resmi: desa di dalam atau di tepi kawasan hutan",
        )
    if settings.forest_area is not None:
        return _by_forest_area(inputs)
    if inputs.land_cover is None:
        return nothing_known(inputs, "belum ada daftar status, kawasan hutan, maupun tutupan lahan")
    return _by_tree_cover(inputs)


def _by_forest_area(inputs: Inputs) -> Zones:
    path = inputs.settings.forest_area
    assert path is not None  # noqa: S101  -- the caller has looked
    try:
        read = gpd.read_file(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as fault:
        raise LayerError(
            f"Kawasan hutan {path.name} tidak dapat dibaca: tidak ada atau bukan data vektor."
        ) from fault
    if not isinstance(read, gpd.GeoDataFrame):
        raise LayerError(f"Kawasan hutan {path.name} tidak memuat poligon.")
    area = shapely.make_valid(require_crs(read, path.name).to_crs(inputs.measuring).geometry.to_numpy())
    forest = shapely.union_all(area)
    desa = inputs.desa_m()
    if not shapely.intersects(forest, shapely.box(*desa.total_bounds)):
        raise OutsideDistrict(
            f"Kawasan hutan {path.name} tidak menyentuh kabupaten ini. Periksa berkas dan CRS-nya."
        )
    inside = gpd.GeoSeries(desa.geometry).intersects(forest)
    return Zones(
        desa_zones(desa, inside, "tepi hutan"),
        edge=shapely.boundary(forest),
        source=path.name,
        method="desa yang seluruhnya atau sebagian di dalam, atau berbatasan dengan, kawasan hutan",
    )


def _by_tree_cover(inputs: Inputs) -> Zones:
    land_cover, desa = inputs.land_cover, inputs.desa_m()
    assert land_cover is not None  # noqa: S101  -- the caller has looked
    unknown = inputs.land_cover_shares[TREES].isna().to_numpy()
    measuring, reach = inputs.measuring, inputs.settings.forest_distance_m
    # the surroundings count on both sides of the edge: who lives deep among trees lives from them as well
    near = shapely.union_all(land_cover.around(TREES, measuring, LEAST_PATCH_HA, reach).to_numpy())
    district = joined(desa.geometry.to_numpy())
    zone = shapely.intersection(shapely.simplify(near, EDGE_TOLERANCE_M), district)
    patches = land_cover.patches(TREES, measuring, LEAST_PATCH_HA)
    frame = gpd.GeoDataFrame({"zone": ["tepi hutan"], "kode_desa": [None]}, geometry=[zone], crs=desa.crs)
    return Zones(
        frame[~frame.geometry.is_empty],
        frozenset(desa.loc[unknown, "kode_desa"]),
        None if patches.empty else shapely.multilinestrings(shapely.get_parts(patches.boundary.to_numpy())),
        land_cover.source,
        land_cover.year,
        f"proksi: tutupan pohon paling sedikit {LEAST_PATCH_HA:g} ha dan {reach:g} m di sekelilingnya; "
        f"ini tutupan pohon, bukan kawasan hutan",
        proksi=True,
    )


FOREST_EDGE = Layer(
    id="forest_edge",
    title="Tepi hutan",
    colour=ZONE_COLOURS["forest_edge"],
    titles={"tepi hutan": "Tepi hutan"},
    zones=_zones,
)

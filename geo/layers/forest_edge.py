"""Where is the forest edge? By official status, by kawasan hutan, else by tree cover (proksi)."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.landcover import TREES, LandCover
from geo.layers.base import OUTSIDE, Inputs, Layer, Zones, desa_zones, joined, nothing_known
from geo.layers.forest_area import AT_EDGE, BORDER_M, INSIDE, ForestArea, read_forest_area, shares_in
from geo.layers.status import read_status, status_reasons, unlisted
from geo.layers.tree_edge import tree_edge
from geo.symbology import ZONE_COLOURS, number, percent

LEAST_PATCH_HA = 25.0
"""Smaller groups of trees are gardens, not a forest that people live from."""

EDGE_TOLERANCE_M = 20.0
"""How far the outline of the zone may be straightened: about two cells of the land cover."""

AROUND_M = 500.0
"""Around a household, the share of tree cover is taken within this."""

NEAR_TREES = "tepi hutan"
"""The zone of the proksi; the official ones are ``di dalam`` and ``di tepi``."""

_PLACES = {
    INSIDE: ("di dalam", "dalam", "didalam"),
    AT_EDGE: (
        "di tepi",
        "tepi",
        "sekitar",
        "di sekitar",
        "di tepi/sekitar",
        "tepi/sekitar",
        "di tepi dan sekitar",
    ),
    OUTSIDE: ("di luar", "luar", "diluar"),
}
_CLASSES = {
    zone: (code, *places, *(f"{place} {forest}" for place in places for forest in ("kawasan hutan", "hutan")))
    for (zone, places), code in zip(_PLACES.items(), "123", strict=True)
}
_HEADINGS = (
    "r309a",
    "letakterhadapkawasanhutan",
    "letakkawasanhutan",
    "letakhutan",
    "kawasanhutan",
    "letak",
    "lokasi",
)
_REASONS = {
    INSIDE: "di dalam kawasan hutan",
    AT_EDGE: "di tepi atau sekitar kawasan hutan",
    OUTSIDE: "di luar kawasan hutan",
}


@dataclass(frozen=True)
class _Trees:
    """What the land cover says: the share of each desa under trees, and the outline of patches, if there are any."""

    cover: LandCover
    share: pd.Series
    edge: shapely.Geometry | None


def _zones(inputs: Inputs) -> Zones:
    settings, cover = inputs.settings, inputs.land_cover
    forest = None if settings.forest_area is None else read_forest_area(settings.forest_area, inputs)
    trees = None
    if cover is not None:
        edge = tree_edge(cover, inputs.measuring, LEAST_PATCH_HA)
        trees = _Trees(cover, inputs.land_cover_shares[TREES], edge)
    if settings.forest_status is not None:
        zones = _by_status(inputs)
    elif forest is not None:
        zones = _by_forest_area(inputs, forest)
    elif trees is not None:
        zones = _by_tree_cover(inputs, trees)
    else:
        return nothing_known(inputs, "belum ada daftar status, kawasan hutan, maupun tutupan lahan")
    return _with_figures(zones, inputs, forest, trees)


def _by_status(inputs: Inputs) -> Zones:
    path, desa = inputs.settings.forest_status, inputs.desa_m()
    assert path is not None  # noqa: S101  -- the caller has looked
    status = read_status(path, desa, _CLASSES, _HEADINGS)
    return Zones(
        _whole_desa(desa, status.classes),
        unlisted(desa, status),
        source=status.source,
        year=status.year,
        method=_told(
            "status resmi: letak desa terhadap kawasan hutan (di dalam, di tepi, di luar)", status.note
        ),
        why=status_reasons(desa, status, _REASONS),
    )


def _by_forest_area(inputs: Inputs, forest: ForestArea) -> Zones:
    desa = inputs.desa_m()
    method = (
        f"tumpang susun batas desa dengan kawasan hutan (cara Podes): di dalam kalau seluruh batas desa terletak di "
        f"dalamnya, di tepi kalau sebagian di dalam atau berbatasan, dengan toleransi {number(BORDER_M)} m"
    )
    return Zones(
        _whole_desa(desa, forest.desa["zone"]),
        source=forest.source,
        year=forest.year,
        method=method,
        why=dict(zip(desa["kode_desa"], forest.desa["why"], strict=True)),
    )


def _by_tree_cover(inputs: Inputs, trees: _Trees) -> Zones:
    desa, reach = inputs.desa_m(), inputs.settings.forest_distance_m
    shapes, unknown = desa.geometry.to_numpy(), trees.share.isna().to_numpy()
    # the surroundings count on both sides of the edge: who lives deep among trees lives from them as well
    around = trees.cover.around(TREES, inputs.measuring, LEAST_PATCH_HA, reach)
    near = shapely.simplify(shapely.union_all(around.to_numpy()), EDGE_TOLERANCE_M)
    zone = shapely.intersection(near, joined(shapes))
    frame = gpd.GeoDataFrame({"zone": [NEAR_TREES], "kode_desa": [None]}, geometry=[zone], crs=desa.crs)
    patches = f"petak pohon paling sedikit {number(LEAST_PATCH_HA)} ha"
    reasons = np.where(
        unknown,
        "tidak tercakup peta tutupan lahan",
        [
            f"proksi: tutupan pohon {percent(share)} luas desa; {percent(part)} luas desa di dalam atau sampai "
            f"{number(reach)} m dari {patches}"
            for share, part in zip(trees.share, shares_in(shapes, near), strict=True)
        ],
    )
    return Zones(
        frame[~frame.geometry.is_empty],
        frozenset(desa.loc[unknown, "kode_desa"]),
        source=trees.cover.source,
        year=trees.cover.year,
        method=f"proksi: {patches} dan {number(reach)} m di sekelilingnya; ini tutupan pohon (juga kebun dan hutan "
        f"rakyat), bukan kawasan hutan",
        proksi=True,
        why=dict(zip(desa["kode_desa"], reasons.tolist(), strict=True)),
    )


def _whole_desa(desa: gpd.GeoDataFrame, classes: pd.Series) -> gpd.GeoDataFrame:
    zones = [desa_zones(desa, classes == zone, zone) for zone in (INSIDE, AT_EDGE)]
    return gpd.GeoDataFrame(pd.concat(zones, ignore_index=True), crs=desa.crs)


def _with_figures(zones: Zones, inputs: Inputs, forest: ForestArea | None, trees: _Trees | None) -> Zones:
    """Add what is measured whichever way the zones were found: shares of forest and of trees, and the edge.

    Distances are to the edge from either side of it: a house deep inside a forest is far from its edge.
    """
    kode = inputs.boundaries.desa["kode_desa"]
    desa, measures = pd.DataFrame(index=pd.Index(kode)), {}
    edge, told = None, ""
    if trees is not None:
        cover, edge = trees.cover, trees.edge
        told = "" if zones.proksi else "jarak diukur ke tepi petak pohon (proksi), bukan ke kawasan hutan"
        desa["tree_share"] = trees.share.to_numpy()
        measures["tree_share_500m"] = lambda points: cover.share_near(
            TREES, points, inputs.measuring, AROUND_M
        )
    if forest is not None:
        edge, told = forest.edge, _told(f"jarak dan luas menurut kawasan hutan {forest.source}", forest.note)
        desa["forest_area_share"] = forest.desa["share"].to_numpy()
        measures["in_forest_area"] = forest.holds
    return replace(zones, edge=edge, desa=desa, measures=measures, method=_told(zones.method, told))


def _told(*sentences: str) -> str:
    return "; ".join(filter(None, sentences))


FOREST_EDGE = Layer(
    id="forest_edge",
    title="Tepi hutan",
    colour=ZONE_COLOURS["forest_edge"],
    titles={
        INSIDE: "Di dalam kawasan hutan",
        AT_EDGE: "Di tepi kawasan hutan",
        NEAR_TREES: "Tepi hutan menurut tutupan pohon (proksi)",
    },
    zones=_zones,
    figures={
        "forest_area_share": "Bagian luas desa di dalam kawasan hutan (0 sampai 1)",
        "tree_share": "Bagian luas desa yang tertutup pohon, bukan kawasan hutan (0 sampai 1)",
        "tree_share_500m": "Bagian tutupan pohon dalam 500 m dari rumah, bukan kawasan hutan (0 sampai 1)",
        "in_forest_area": "Titik rumah di dalam kawasan hutan (1 ya, 0 tidak)",
    },
)

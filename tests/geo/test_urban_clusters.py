"""Urban clusters: towns by hand on a grid of round kilometres, what borders and gaps do, and laws that must hold."""

from collections.abc import Callable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.landcover import LandCover, read_land_cover
from geo.settings import LayerSettings
from geo.urban_clusters import find_urban_clusters

UTM = 32749
WEST, NORTH = 400_000, 9_210_000
KM = 1000
TREES, BUILT, WATER = 10, 50, 80
Raster = Callable[..., LandCover]


def desa(*boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Lay out desa by west, south, east and north, in kilometres from the corner, southwards negative."""
    shapes = [
        shapely.box(WEST + w * KM, NORTH + s * KM, WEST + e * KM, NORTH + n * KM) for w, s, e, n in boxes
    ]
    return gpd.GeoDataFrame({"kode_desa": [f"d{i}" for i in range(len(boxes))]}, geometry=shapes, crs=UTM)


@pytest.fixture
def raster(tmp_path) -> Raster:
    """Write a raster of trees on a frame of one more kilometre, with rectangles (kilometres) of another class."""

    def make(
        areas: gpd.GeoDataFrame,
        *patches: tuple[int, float, float, float, float],
        cell_m: float = 50,
        frame_km: float = 1,
    ) -> LandCover:
        west, south, east, north = areas.total_bounds + np.array([-1, -1, 1, 1]) * frame_km * KM
        shape = (round((north - south) / cell_m), round((east - west) / cell_m))
        cells = np.full(shape, TREES, dtype="uint8")
        for code, w, s, e, n in patches:
            rows = slice(*(round((north - NORTH - y * KM) / cell_m) for y in (n, s)))
            columns = slice(*(round((x * KM + WEST - west) / cell_m) for x in (w, e)))
            cells[rows, columns] = code
        path = tmp_path / "lahan.tif"
        with rasterio.open(
            path, "w", driver="GTiff", width=shape[1], height=shape[0], count=1, dtype="uint8", nodata=0,
            crs=UTM, transform=Affine(cell_m, 0, west, 0, -cell_m, north),
        ) as file:  # fmt: skip
            file.write(cells, 1)
        whole = gpd.GeoDataFrame(
            {"kode_desa": ["semua"]}, geometry=[shapely.box(west, south, east, north)], crs=UTM
        )
        return read_land_cover((str(path),), whole, source="rekaan", year="")

    return make


def find(
    areas: gpd.GeoDataFrame, cover: LandCover, families: Sequence[float] | None = None, **thresholds: float
) -> pd.DataFrame:
    known = None if families is None else np.array(families, dtype=float)
    return find_urban_clusters(areas, cover, known, LayerSettings(**thresholds))


def test_a_town_is_a_cluster_and_a_hamlet_is_none(raster):
    areas = desa((0, -4, 4, 0), (4, -4, 8, 0))
    cover = raster(areas, (BUILT, 1, -2, 3, -1), (BUILT, 6.2, -2.6, 6.4, -2.4))
    found = find(areas, cover)
    assert found["clustered"].tolist() == pytest.approx([1, 0])
    assert found["grouped"].tolist() == pytest.approx([1, 0])
    assert found["builtup_ha"].tolist() == pytest.approx([200, 0])


def test_a_dense_place_alone_is_grouped_but_too_small(raster):
    areas = desa((0, -4, 4, 0))
    found = find(areas, raster(areas, (BUILT, 1, -2, 1.6, -1.4))).iloc[0]
    assert found["grouped"] > 0.5
    assert found["clustered"] == 0
    assert found["builtup_ha"] < 36.1


@pytest.mark.parametrize("east", [1, 1.1, 1.25, 1.4, 1.5, 1.65, 1.8])
def test_where_the_grid_begins_does_not_matter(raster, east):
    areas = desa((0, -4, 4, 0))
    found = find(areas, raster(areas, (BUILT, east, -2.6 + east / 3, east + 0.8, -1.8 + east / 3))).iloc[0]
    assert found["clustered"] > 0.75  # 64 ha, on the crossing of four squares or within one


def test_places_that_touch_by_a_corner_are_one_cluster(raster):
    areas = desa((0, -4, 4, 0))
    together = find(areas, raster(areas, (BUILT, 0, -1, 1, 0), (BUILT, 1, -2, 2, -1))).iloc[0]
    assert together["builtup_ha"] > 150
    apart = find(areas, raster(areas, (BUILT, 0, -1, 1, 0), (BUILT, 3, -4, 4, -3))).iloc[0]
    assert apart["builtup_ha"] < 100.1


def test_a_place_below_the_least_share_does_not_join(raster):
    areas = desa((0, -2, 4, 0))
    cover = raster(areas, (BUILT, 0, -1, 1, 0), (BUILT, 3, -1, 3.2, 0))
    assert find(areas, cover)["grouped"].tolist() == pytest.approx([100 / 120])
    low = find(areas, cover, urban_builtup_share=0.1).iloc[0]
    assert (low["grouped"], low["clustered"]) == pytest.approx(
        (1, 100 / 120)
    )  # but far from the town, and small


def test_families_are_spread_over_the_built_up_land_of_their_desa(raster):
    areas = desa((0, -2, 2, 0), (2, -2, 4, 0))
    # the first desa has 3 of its 4 parts in the town, the second one part in it and 30 ha far from it
    cover = raster(areas, (BUILT, 1, -1, 2.5, 0), (BUILT, 3, -2, 3.2, -1))
    found = find(areas, cover, [3000, 700])
    assert found["clustered"].tolist() == pytest.approx([1, 50 / 70])
    assert found["families"].tolist() == pytest.approx([3500, 3500])
    assert found["uncounted_ha"].tolist() == [0, 0]


def test_built_up_land_with_few_families_is_no_town(raster):
    areas = desa((0, -2, 2, 0), (2, -2, 4, 0))
    cover = raster(areas, (BUILT, 0, -2, 4, 0))
    assert find(areas, cover, [1000, 1000])["clustered"].tolist() == pytest.approx([1, 1])
    assert find(areas, cover, [100, 100])["grouped"].tolist() == [0, 0]  # 25 a km²
    assert find(areas, cover, [400, 400])["clustered"].tolist() == [0, 0]  # dense enough, too few together


def test_a_desa_without_a_number_of_families_is_not_taken_as_empty(raster):
    areas = desa((0, -2, 2, 0), (2, -2, 4, 0))
    cover = raster(areas, (BUILT, 0, -2, 4, 0))
    found = find(areas, cover, [1000, np.nan])
    assert found["clustered"].tolist() == pytest.approx([1, 1])
    assert found["families"].tolist() == pytest.approx([1000, 1000])
    assert found["uncounted_ha"].tolist() == pytest.approx([400, 400])
    assert find(areas, cover, [1000, 0])["clustered"].tolist() == [0, 0]


def test_a_town_that_goes_on_beyond_the_border_counts_with_what_lies_there(raster):
    areas = desa((0, -2, 2, 0))
    town = (BUILT, 1.6, -1, 2.6, 0)  # 40 ha inside, 60 ha beyond
    assert find(areas, raster(areas, town))["clustered"].iloc[0] > 0.8
    found = find(areas, raster(areas, town), [900]).iloc[0]
    assert found["clustered"] > 0.8
    assert found["families"] <= 900
    assert 40 < found["uncounted_ha"] < 60.1
    cut = raster(areas, town, frame_km=0)  # nothing is known beyond: only what is inside counts
    assert find(areas, cut)["clustered"].tolist() == [0]


def test_the_sea_does_not_thin_out_a_coast_town(raster):
    areas = desa((0, -2, 3, -0.7))
    town = (BUILT, 0, -1, 3, -0.7)
    found = find(areas, raster(areas, town, (WATER, -1, -0.7, 4, 0.3)), urban_builtup_share=0.31)
    assert found["clustered"].tolist() == pytest.approx([1])
    inland = raster(areas, town, (TREES, -1, -0.7, 4, 0.3))
    assert find(areas, inland, urban_builtup_share=0.31)["clustered"].tolist() == [0]


def test_ponds_inside_the_district_are_land(raster):
    areas = desa((0, -2, 2, 0))
    cover = raster(areas, (WATER, 0, -1, 2, 0), (BUILT, 0, -0.2, 2, 0))
    assert find(areas, cover, urban_cluster_builtup_ha=10)["grouped"].tolist() == [0]


def test_without_built_up_land_there_is_no_share(raster):
    areas = desa((0, -2, 2, 0), (2, -2, 4, 0))
    found = find(areas, raster(areas, (BUILT, 2, -2, 4, 0)), [500, 5000])
    assert np.isnan(found["clustered"].iloc[0])
    assert found["clustered"].iloc[1] == pytest.approx(1)


def test_where_the_raster_ends_nothing_is_counted(raster):
    near, far = (0, -2, 2, 0), (30, -2, 32, 0)
    cover = raster(desa(near), (BUILT, 0, -2, 2, 0))
    found = find(desa(near, far), cover, [3000, 3000])
    assert found["clustered"].iloc[0] == pytest.approx(1)
    assert np.isnan(found["clustered"].iloc[1])


@pytest.mark.parametrize("families", [None, [300]])
def test_a_district_smaller_than_a_cell_is_judged_by_what_it_holds(raster, families):
    areas = desa((0.2, -0.8, 0.9, -0.1))
    cover = raster(areas, (BUILT, 0.2, -0.8, 0.9, -0.1), frame_km=0)
    assert find(areas, cover, families)["clustered"].tolist() == [0]
    least = {"urban_cluster_builtup_ha": 40, "urban_cluster_families": 250}
    assert find(areas, cover, families, **least)["clustered"].tolist() == pytest.approx([1])


def test_thresholds_of_nothing_make_all_built_up_land_urban(raster):
    areas = desa((0, -2, 2, 0), (2, -2, 4, 0))
    cover = raster(areas, (BUILT, 0, -0.1, 0.1, 0))
    nothing = {
        "urban_builtup_share": 0, "urban_families_km2": 0, "urban_cluster_families": 0, "urban_cluster_builtup_ha": 0,
    }  # fmt: skip
    for families in (None, [10, 10], [np.nan, np.nan]):
        found = find(areas, cover, families, **nothing)["clustered"]
        assert found.iloc[0] == pytest.approx(1)
        assert np.isnan(found.iloc[1])


@pytest.mark.parametrize("cell_m", [200, 500])
def test_a_coarse_raster_finds_the_same_town(raster, cell_m):
    areas = desa((0, -4, 4, 0), (4, -4, 8, 0))
    found = find(areas, raster(areas, (BUILT, 1, -2, 3, -1), cell_m=cell_m))
    assert found["clustered"].iloc[0] == pytest.approx(1)
    assert np.isnan(found["clustered"].iloc[1])


def test_a_desa_of_several_islands_is_measured_on_all_of_them(raster):
    areas = desa((0, -1, 1, 0), (20, -1, 21, 0))
    islands = gpd.GeoDataFrame({"kode_desa": ["d0"]}, geometry=[areas.union_all()], crs=UTM)
    cover = raster(islands, (WATER, 1, -1, 20, 0), (BUILT, 0, -1, 1, 0), (BUILT, 20, -1, 20.2, 0))
    assert find(islands, cover)["clustered"].tolist() == pytest.approx([100 / 120])


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_higher_thresholds_never_make_more_urban(tmp_path_factory, data):
    areas = desa((0, -3, 3, 0), (3, -3, 6, 0), (0, -6, 6, -3))
    km = st.integers(0, 10).map(lambda half: half / 2)
    patches = data.draw(st.lists(st.tuples(km, km), min_size=1, max_size=12))
    cover = raster.__wrapped__(tmp_path_factory.mktemp("hukum"))(
        areas, *((BUILT, x, -y - 0.8, x + 0.6, -y - 0.1) for x, y in patches), cell_m=100
    )
    families = data.draw(st.one_of(st.none(), st.lists(st.integers(0, 9000), min_size=3, max_size=3)))
    low = find(areas, cover, families)
    high = find(
        areas, cover, families, urban_builtup_share=0.45, urban_families_km2=200, urban_cluster_families=3000,
        urban_cluster_builtup_ha=120,
    )  # fmt: skip
    for name in ("grouped", "clustered"):
        assert (high[name].isna() == low[name].isna()).all()
        assert (high[name].fillna(0) <= low[name].fillna(0) + 1e-9).all()
    for found in (low, high):
        assert (found["clustered"].fillna(0) <= found["grouped"].fillna(0) + 1e-9).all()
        assert found["grouped"].dropna().between(0, 1).all()

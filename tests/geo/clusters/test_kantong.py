"""Kantong: needy houses near one another, outlined, counted, named; and what makes none."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.clusters import find_kantong, no_kantong
from geo.crs import MEASURING, STORING, to_degrees
from geo.settings import ClusterSettings


def households(x: np.ndarray, y: np.ndarray, need: object = True) -> gpd.GeoDataFrame:
    lon, lat = to_degrees(x + 390_000, y + 9_236_000)
    return gpd.GeoDataFrame(
        {
            "sheet_row": np.arange(len(x)) + 2, "need_rtlh": pd.array(np.full(len(x), need), dtype="boolean"),
            "kode_desa": "99.01.01.2001", "nama_desa": "Muara Lor", "kode_kecamatan": "99.01.01",
            "nama_kecamatan": "Pesisir Raya", "dusun": pd.Series(["Krajan"] * len(x), dtype="str"),
        },
        geometry=shapely.points(lon, lat),
        crs=STORING,
    )  # fmt: skip


def two_groups(seed: int = 3) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(seed)
    x = np.concatenate([rng.uniform(0, 80, 12), rng.uniform(2000, 2060, 9), [9000, 9500]])
    y = np.concatenate([rng.uniform(0, 80, 12), rng.uniform(0, 60, 9), [0, 0]])
    return households(x, y)


def test_kantong_are_outlined_counted_and_named():
    clusters, membership = find_kantong(two_groups(), "rtlh", MEASURING, ClusterSettings())
    assert clusters["households"].tolist() == [12, 9]
    assert membership.value_counts().to_dict() == {1: 12, 2: 9}
    assert membership.isna().sum() == 2
    assert clusters["name"].tolist() == [
        "Kantong 1: dusun Krajan, Muara Lor",
        "Kantong 2: dusun Krajan, Muara Lor",
    ]
    hulls = clusters.to_crs(MEASURING)
    assert clusters["density_ha"].tolist() == pytest.approx(clusters["households"] / (hulls.area / 1e4))
    for place in clusters.itertuples():
        inside = two_groups()[membership == place.cluster_id]
        assert inside.within(place.geometry).all()
        assert 0 < place.span_m < 200
    assert not clusters["name"].str.contains("signifikan").any()


def test_the_names_of_a_kantong_belong_to_one_desa():
    people = two_groups().assign(
        kode_desa=pd.Series(["a", "b"] * 11 + ["a"], dtype="str"),
        nama_desa=pd.Series(["Z", "Y"] * 11 + ["Z"], dtype="str"),
        dusun=pd.Series([None, "Timur"] * 11 + [None], dtype="str"),
    )  # fmt: skip
    clusters, _ = find_kantong(people, "rtlh", MEASURING, ClusterSettings())
    assert clusters[["kode_desa", "nama_desa", "dusun"]].iloc[0].tolist() == ["a", "Z", ""]
    assert clusters["name"].iloc[0] == "Kantong 1: Z"


def test_numbers_of_kantong_do_not_depend_on_the_order_of_rows():
    people = two_groups()
    _, one = find_kantong(people, "rtlh", MEASURING, ClusterSettings())
    _, other = find_kantong(people.sample(frac=1, random_state=5), "rtlh", MEASURING, ClusterSettings())
    assert one.equals(other.sort_index())


@pytest.mark.parametrize("kind", ["nobody", "no need", "unknown", "no point", "scattered"])
def test_where_nothing_gathers_there_is_no_kantong(kind):
    spread = np.arange(20) * 500.0
    people = {
        "nobody": households(np.zeros(0), np.zeros(0)),
        "no need": households(np.arange(20.0), np.zeros(20), need=False),
        "unknown": households(np.arange(20.0), np.zeros(20), need=None),
        "no point": households(np.arange(20.0), np.zeros(20)).assign(geometry=None),
        "scattered": households(spread, spread),
    }[kind]
    clusters, membership = find_kantong(people, "rtlh", MEASURING, ClusterSettings())
    assert clusters.empty
    assert clusters.crs == STORING
    assert membership.isna().all()
    assert membership.index.equals(people.index)


def test_houses_in_a_line_still_get_an_outline():
    clusters, _ = find_kantong(
        households(np.arange(10.0) * 20, np.zeros(10)), "rtlh", MEASURING, ClusterSettings()
    )
    assert clusters.geometry.is_valid.all()
    assert clusters["span_m"].iloc[0] == pytest.approx(180 + 30, rel=0.02)


def test_no_link_of_a_kantong_is_longer_than_the_setting():
    line = households(
        np.concatenate([np.arange(10) * 100.0, 900 + 251 + np.arange(10) * 100.0]), np.zeros(20)
    )
    for distance_m, expected in [(250.0, [10, 10]), (252.0, [20]), (90.0, [])]:
        clusters, _ = find_kantong(line, "rtlh", MEASURING, ClusterSettings(distance_m=distance_m))
        assert clusters["households"].tolist() == expected


@pytest.mark.parametrize("jitter_m", [0.0, 0.5])
def test_households_stacked_on_centroids_make_no_kantong(jitter_m):
    rng = np.random.default_rng(8)
    centroids = rng.integers(0, 40, (60, 2)) * 1000.0 + 2.5
    x, y = np.repeat(centroids, 40, axis=0).T + rng.uniform(-jitter_m, jitter_m, (2, 2400))
    clusters, membership = find_kantong(households(x, y), "rtlh", MEASURING, ClusterSettings())
    assert clusters.empty
    assert membership.isna().all()


def test_a_stack_inside_a_hamlet_is_one_of_its_houses():
    rng = np.random.default_rng(9)
    x, y = np.concatenate([rng.uniform(0, 200, (2, 15)), np.full((2, 40), 100.0)], axis=1)
    clusters, membership = find_kantong(households(x, y), "rtlh", MEASURING, ClusterSettings())
    assert clusters["households"].tolist() == [55]
    assert membership.eq(1).all()


def test_a_dense_town_becomes_pockets_for_a_day_that_hardly_overlap():
    x, y = np.random.default_rng(10).normal(size=(2, 2000)) * 600
    people = households(x, y)
    clusters, membership = find_kantong(people, "rtlh", MEASURING, ClusterSettings())
    assert clusters["households"].between(8, 60).all()
    assert membership.notna().mean() > 0.95
    outlines = clusters.to_crs(MEASURING).geometry
    assert outlines.area.sum() < 1.02 * outlines.union_all().area
    assert clusters["span_m"].max() < 2000


def test_the_cap_counts_households_and_not_spots():
    rng = np.random.default_rng(12)
    x, y = np.repeat(rng.uniform(0, 600, (2, 80)), 3, axis=1)
    clusters, membership = find_kantong(households(x, y), "rtlh", MEASURING, ClusterSettings())
    assert membership.notna().all()
    assert clusters["households"].max() <= 60
    assert clusters["households"].sum() == 240


def test_spots_too_few_to_divide_stay_one_kantong_however_many_share_them():
    x, y = np.repeat([np.arange(10) * 50.0, np.zeros(10)], 15, axis=1)
    clusters, _ = find_kantong(households(x, y), "rtlh", MEASURING, ClusterSettings())
    assert clusters["households"].tolist() == [150]


@pytest.mark.parametrize(
    ("written", "dusun", "name"),
    [
        ("\u202eDk. KRAJAN lor RT 01", "Krajan Lor", "dusun Krajan Lor, Muara Lor"),
        ("Dsn. II", "Dusun II", "dusun II, Muara Lor"),
        ("-2+3", "", "Muara Lor"),
        ("=+-", "", "Muara Lor"),
        ("\u202e", "", "Muara Lor"),
    ],
)
def test_a_dusun_is_named_as_a_reader_writes_it(written, dusun, name):
    people = two_groups().assign(dusun=pd.Series([written] * 23, dtype="str"))
    clusters, _ = find_kantong(people, "rtlh", MEASURING, ClusterSettings())
    assert clusters["dusun"].tolist() == [dusun] * 2
    assert clusters["name"].iloc[0] == f"Kantong 1: {name}"


def test_spellings_of_one_dusun_count_together():
    spelt = ["Dk. Krajan", "KRAJAN", "krajan"] * 2 + ["Wetan"] * 5
    people = two_groups().assign(dusun=pd.Series([*spelt, "Wetan", *spelt, "Wetan"][:23], dtype="str"))
    people.loc[11, "dusun"] = "Dukuh Krajan"
    clusters, _ = find_kantong(people, "rtlh", MEASURING, ClusterSettings())
    assert clusters["dusun"].iloc[0] == "Krajan"


def test_walk_is_the_longest_way_from_house_to_house():
    corner = np.arange(10) * 50.0
    x, y = np.concatenate([corner, np.full(9, 450.0)]), np.concatenate([np.zeros(10), corner[1:]])
    clusters, _ = find_kantong(households(x, y), "rtlh", MEASURING, ClusterSettings())
    assert clusters["walk_m"].tolist() == pytest.approx([900.0], rel=1e-3)
    assert clusters["span_m"].iloc[0] < 900 * 0.75


def test_the_base_says_whether_need_is_dense_or_people_are():
    rng = np.random.default_rng(11)
    needy, fit = two_groups(), households(*rng.uniform(5, 75, (2, 36)), need=False)
    unknown = households(*rng.uniform(5, 75, (2, 20)), need=None)
    everyone = pd.concat([needy, fit, unknown], ignore_index=True)
    clusters, _ = find_kantong(gpd.GeoDataFrame(everyone), "rtlh", MEASURING, ClusterSettings())
    assert clusters["households"].tolist() == [12, 9]
    inside = fit.within(clusters.geometry.iloc[0]).sum()
    assert inside > 20
    assert clusters["base"].tolist() == [12 + inside, 9]
    assert clusters["share"].tolist() == pytest.approx([12 / (12 + inside), 1.0])


def test_a_kantong_across_a_border_says_so():
    people = two_groups().assign(kode_desa=pd.Series(["a", "b"] * 11 + ["a"], dtype="str"))
    clusters, _ = find_kantong(people, "rtlh", MEASURING, ClusterSettings())
    assert clusters["desa"].tolist() == [2, 2]


def test_nothing_has_the_columns_of_something():
    some, _ = find_kantong(two_groups(), "rtlh", MEASURING, ClusterSettings())
    none, _ = no_kantong(two_groups())
    assert set(none.columns) == set(some.columns)
    wrong = [name for name in none if none[name].dtype.kind != some[name].dtype.kind]
    assert not wrong

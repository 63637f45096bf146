"""Kantong: groups by density, against the definition itself."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.clusters import find_kantong, group
from geo.crs import MEASURING, STORING, to_degrees
from geo.settings import ClusterSettings

POINTS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=1, max_size=45).map(
    lambda pairs: np.array(pairs, dtype=float)
)


def by_definition(points: np.ndarray, distance: float, minimum: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which points are core, and which core points are density-connected (transitive closure)."""
    near = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) <= distance
    core = near.sum(axis=1) >= minimum
    linked = near & core[:, None] & core[None]
    for _ in range(6):  # squared six times: paths of up to 64 steps
        linked = (linked.astype(int) @ linked.astype(int)) > 0
    return core, linked


@given(POINTS, st.sampled_from([1.0, 1.5, 2.0, 3.0]), st.integers(2, 5))
def test_groups_are_those_of_the_definition_of_dbscan(points, distance, minimum):
    labels = group(points, distance, minimum)
    core, linked = by_definition(points, distance, minimum)
    assert ((labels[:, None] == labels[None])[np.ix_(core, core)] == linked[np.ix_(core, core)]).all()
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    for rim in np.flatnonzero(~core):
        reach = np.where(core, apart[rim], np.inf)
        nearest = np.flatnonzero((reach == reach.min()) & (reach <= distance))
        assert labels[rim] in (set(labels[nearest]) if nearest.size else {-1})


@given(POINTS, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_rows(points, random):
    order = list(range(len(points)))
    random.shuffle(order)
    labels, shuffled = group(points, 2.0, 4), np.empty(len(points), dtype=int)
    shuffled[order] = group(points[order], 2.0, 4)
    assert ((labels == -1) == (shuffled == -1)).all()
    assert ((labels[:, None] == labels[None]) == (shuffled[:, None] == shuffled[None])).all()


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

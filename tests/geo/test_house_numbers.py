"""Laws of the house numbers: which households bear one, in what order, and that the order of rows does not matter."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.house_numbers import add_house_numbers
from geo.privacy import Level, for_audience

# few places, so that houses share a spot
place = st.sampled_from([None, *((109.0 + x / 7, -7.0 + y / 9) for x in range(3) for y in range(3))])
household = st.tuples(
    st.sampled_from(["99.01.01.2001", "99.01.01.2002", None]),
    st.booleans(),
    place,
    st.sampled_from(["Krajan", "Dk. KRAJAN", "Ngasem", "", None]),
    st.sampled_from(["2", "10", "002", "x", None]),
)


def frame(rows: list[tuple]) -> gpd.GeoDataFrame:
    desa, counts, points, dusun, rt = zip(*rows, strict=True) if rows else ([],) * 5
    table = pd.DataFrame({
        "sheet_row": np.arange(2, len(rows) + 2), "kode_desa": pd.Series(desa, dtype="str"),
        "counts": np.array(counts, dtype=bool), "dusun": pd.Series(dusun, dtype="str"),
        "rt": pd.Series(rt, dtype="str"), "rw": pd.Series(["1"] * len(rows), dtype="str"),
    })  # fmt: skip
    shapes = [None if at is None else shapely.Point(at) for at in points]
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, index=table.index, crs=4326))


@settings(deadline=None)
@given(st.lists(household, max_size=40))
def test_who_bears_a_number_and_which(rows: list[tuple]):
    table = add_house_numbers(frame(rows))
    assert table["house_number"].dtype == "Int32"
    numbered = table["counts"] & table["kode_desa"].notna()
    assert (table["house_number"].notna() == numbered).all()
    for _, desa in table[numbered].sort_values("house_number").groupby("kode_desa"):
        assert desa["house_number"].tolist() == list(range(1, len(desa) + 1))
        has_point = desa.geometry.notna().to_numpy()
        assert (np.diff(has_point.astype(int)) <= 0).all()  # those with a point come first
        placed = desa[has_point]
        for spot in placed.geometry.unique():
            same = placed.loc[placed.geometry == spot, "house_number"]
            assert same.max() - same.min() == len(same) - 1
        keys = [one.split()[-1].casefold() if one else "~" for one in desa["dusun"][~has_point].fillna("")]
        assert keys == sorted(keys)


@settings(deadline=None)
@given(st.lists(household, max_size=30), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows: list[tuple], random):
    table = frame(rows)
    mixed = table.iloc[random.sample(range(len(table)), len(table))]
    both = (add_house_numbers(each).set_index("sheet_row")["house_number"] for each in (table, mixed))
    one, other = both
    pd.testing.assert_series_equal(one, other.reindex(one.index))


def test_rt_are_in_the_order_of_their_numbers():
    rows = [("99.01.01.2001", True, None, "Krajan", rt) for rt in ("10", None, "2", "001")]
    assert add_house_numbers(frame(rows))["house_number"].tolist() == [3, 4, 2, 1]


def test_near_houses_have_near_numbers():
    random = np.random.default_rng(1)
    points = random.uniform((109.0, -7.2), (109.6, -7.0), size=(2000, 2))
    table = add_house_numbers(frame([("a", True, tuple(point), "", None) for point in points]))
    walked = table.sort_values("house_number").to_crs(32749).geometry
    steps = walked.distance(walked.shift()).dropna()
    by_chance = table.to_crs(32749).geometry
    assert steps.mean() < by_chance.distance(by_chance.shift()).mean() / 10


def test_a_run_has_numbers_that_no_other_receives(assessment: Assessment, run_folder: Path):
    kept = gpd.read_parquet(run_folder / "households.parquet")
    assert kept["house_number"].dtype == "Int32"
    pd.testing.assert_series_equal(kept["house_number"], assessment.households["house_number"])
    assert kept.loc[kept["counts"] & kept["kode_desa"].notna(), "house_number"].notna().all()
    for level in (Level.OPD, Level.PUBLIK):
        assert "house_number" not in for_audience(assessment, level).households
    told = json.loads((run_folder / "geojson" / "households.geojson").read_text(encoding="utf-8"))
    assert "house_number" not in told["features"][0]["properties"]
    assert "house_number" not in (run_folder / "peta.html").read_text(encoding="utf-8")

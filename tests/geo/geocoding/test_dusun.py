"""Where a dusun lies, learned from houses that lie together, or not at all."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer.dusun_names import dusun_keys
from geo.geocoding.dusun import REACH_M, dusun_points, refer_to_dusun

METRE = 1 / 111_195


def houses(*rows: tuple[str, str | None, float]) -> gpd.GeoDataFrame:
    """Return houses with a point: kode_desa, dusun, and metres north of a spot on the equator."""
    table = pd.DataFrame(list(rows), columns=["kode_desa", "dusun", "north"]).astype({"dusun": "str"})
    points = gpd.GeoSeries.from_xy(np.full(len(table), 110.0), table["north"] * METRE, crs=4326)
    return gpd.GeoDataFrame(
        table.assign(location_quality="gps", location_note="").astype(
            {"location_quality": "str", "location_note": "str"}
        ),
        geometry=points,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dk. Krajan", "DUKUH KRAJAN"),
        ("Dusun Krajan", "krajan"),
        ("Dsn Krajan II", "Krajan 2"),
        ("Dusun III", "Dusun 03"),
        ("Kp. Baru RT 01 RW 02", "Kampung Baru"),
        ("Lingk. Sida Mulya", "LINGKUNGAN SIDAMULYA"),
        ("Djati", "Jati"),
    ],
)
def test_one_dusun_written_in_two_ways(one, other):
    assert dusun_keys([one]) == dusun_keys([other]) != [""]


@pytest.mark.parametrize(
    ("one", "other"), [("Krajan I", "Krajan II"), ("Karang Lor", "Karang Kidul"), ("1", "2")]
)
def test_two_dusun_stay_two(one, other):
    assert dusun_keys([one]) != dusun_keys([other])


@given(st.text(max_size=40))
def test_whatever_is_written_has_a_key(name):
    assert len(dusun_keys([name, name])) == 2


def test_the_middle_of_houses_that_lie_together():
    found = dusun_points(
        houses(*[("a", "Krajan", north) for north in (0, 10, 20, 30, 9000)] + [("a", "Dk Krajan", 15)]), 5
    )
    assert found["houses"].tolist() == [6]
    assert found["lat"].iloc[0] == pytest.approx(17.5 * METRE)


@pytest.mark.parametrize(
    "north",
    [
        [0, 10, 20, 30],
        [0, 10, 20, 30, 2 * REACH_M],
        [0, 10, 20, 30, 40] + [place * 3 * REACH_M for place in range(1, 7)],
    ],
    ids=["too few", "too few together", "less than half together"],
)
def test_houses_that_do_not_lie_together_teach_nothing(north):
    assert dusun_points(houses(*[("a", "Krajan", metres) for metres in north]), 5).empty


def test_a_dusun_is_one_of_its_desa():
    both = [("a", "Krajan", north) for north in range(5)] + [
        ("b", "Krajan", 5000 + north) for north in range(5)
    ]
    found = dusun_points(houses(*both), 5).set_index("kode_desa")["lat"]
    assert found["a"] == pytest.approx(2 * METRE)
    assert found["b"] == pytest.approx(5002 * METRE)


def test_only_houses_of_a_certain_desa_without_a_point_are_referred():
    table = houses(*[("a", "Krajan", north) for north in range(9)])
    table["location_quality"] = ["gps"] * 5 + ["desa", "gps_conflict", "kecamatan", "none"]
    table.loc[5:, "geometry"] = None
    found = refer_to_dusun(table, 5)
    assert found["location_quality"].tolist() == ["gps"] * 5 + ["dusun", "gps_conflict", "kecamatan", "none"]
    assert found["reference_lat"].notna().tolist() == [False] * 5 + [True, False, False, False]
    assert found["location_note"].iloc[5] == "titik acuan dusun dari 5 rumah"
    assert found.geometry.isna().tolist() == table.geometry.isna().tolist()

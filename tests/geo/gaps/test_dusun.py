"""What each dusun lacks."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import gaps

NAMES = [
    None,
    "",
    "-",
    "tidak ada",
    "Krajan",
    "Dk. KRAJAN",
    "krajan RT 01/RW 02",
    "Dusun II",
    "Dsn 2",
    "Ngasem",
    "<b>",
]
row = st.tuples(
    st.sampled_from(["a", "b", None]),
    st.sampled_from(NAMES),
    st.sampled_from([True, False, None]),
    st.booleans(),
)


def households(rows: list[tuple[str | None, str | None, bool | None, bool]]) -> gpd.GeoDataFrame:
    desa, dusun, need, located = zip(*rows, strict=True) if rows else ([], [], [], [])
    table = pd.DataFrame({"kode_desa": pd.Series(desa, dtype="str"), "dusun": pd.Series(dusun, dtype="str")})
    table = table.assign(nama_desa=table["kode_desa"], kode_kecamatan=table["kode_desa"])
    table = table.assign(nama_kecamatan=table["kode_desa"], need_babs=pd.array(need, dtype="boolean"))
    points = [shapely.Point(110, -7) if one else None for one in located]
    return gpd.GeoDataFrame(table, geometry=points, crs=4326)


def found(rows: list[tuple[str | None, str | None, bool | None, bool]], target: float = 1.0) -> pd.DataFrame:
    return gaps.dusun_gaps(households(rows), ["babs"], {"babs": target}, 2)


@settings(deadline=None)
@given(st.lists(row, max_size=30))
def test_the_rows_of_a_desa_add_up_to_the_desa(rows):
    table = found(rows)
    for kode in ("a", "b"):
        own = [(need, located) for desa, _, need, located in rows if desa == kode]
        total = table[table["kode_desa"] == kode].sum(numeric_only=True)
        assert total["households"] == len(own)
        assert total["located"] == sum(located for _, located in own)
        assert total["babs_known"] == sum(need is not None for need, _ in own)
        assert total["babs_need"] == sum(need is True for need, _ in own)
        assert total["babs_unknown"] == sum(need is None for need, _ in own)
    assert not table.duplicated(["kode_desa", "dusun"]).any()
    assert (table["babs_gap"] == table["babs_need"]).all()  # the target is all


def test_spellings_are_one_dusun_under_the_name_that_is_written_most():
    table = found(
        [("a", name, True, False) for name in ("DSN 2", "Dusun II", "dusun ii", "Krajan", None, "-")]
    )
    assert table["dusun"].tolist() == ["Dusun II", "Krajan", ""]
    assert table["households"].tolist() == [3, 1, 2]
    assert table["babs_enough"].tolist() == [True, False, True]


def test_of_names_written_equally_often_the_first_by_alphabet_stands():
    both = [("a", "Dusun II", True, False), ("a", "Dusun 2", True, False)]
    assert found(both)["dusun"].tolist() == found(both[::-1])["dusun"].tolist() == ["Dusun 2"]


def test_one_name_in_two_desa_is_two_dusun():
    table = found([("b", "Krajan", True, False), ("a", "Krajan", False, True)])
    assert table[["kode_desa", "dusun", "babs_gap", "located"]].to_numpy().tolist() == [
        ["a", "Krajan", 0, 1],
        ["b", "Krajan", 1, 0],
    ]


@pytest.mark.parametrize("rows", [[], [(None, "Krajan", True, True)]])
def test_without_households_of_a_known_desa_there_are_columns_and_no_rows(rows):
    table = found(rows)
    assert table.empty
    assert {"kode_desa", "dusun", "households", "babs_known", "babs_gap", "babs_enough"} <= {*table.columns}


def test_a_gap_of_a_dusun_leaves_what_its_target_allows():
    rows = [("a", "Krajan", need, False) for need in [True] * 4 + [False] * 6]
    assert found(rows, 0.9)["babs_gap"].tolist() == [3]

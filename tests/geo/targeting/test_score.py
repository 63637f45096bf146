"""The score: visible parts that add up, and a reason for each."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.settings import TargetingSettings
from geo.targeting import PARTS, prioritise

DESA = pd.DataFrame({"kode_desa": ["a", "b"], "jamban_gap": [30, 0], "jamban_known": [100, 0]})


def households() -> gpd.GeoDataFrame:
    text = {"kode_desa": ["a", "a", "b", None, "a"], "nama_desa": ["A", "A", "B", None, "A"],
            "nama_kecamatan": ["K"] * 5, "why_rtlh": ["lantai tanah", "", "belum ada data: atap", "", ""],
            "why_jamban": ["BABS", "", "", "", ""]}  # fmt: skip
    return gpd.GeoDataFrame(
        {
            "sheet_row": [2, 3, 4, 5, 6],
            **{name: pd.Series(values, dtype="str") for name, values in text.items()},
            "need_rtlh": pd.array([True, False, None, None, False], dtype="boolean"),
            "severity_rtlh": pd.array([0.5, 0.0, None, None, 0.0], dtype="Float32"),
            "need_jamban": pd.array([True, False, False, None, False], dtype="boolean"),
            "need_jamban_sendiri": pd.array([True, True, False, True, False], dtype="boolean"),
            "desil": pd.array([1, 10, 1, None, 1], dtype="Int8"),
            "jumlah_art": pd.array([3, 12, 1, None, 1], dtype="Int16"),
            "cluster_rtlh": pd.array([7, None, None, None, None], dtype="Int32"),
        },
        geometry=gpd.points_from_xy([110.0, 110.1, 110.1, np.nan, 110.0], [-7.0, -7.0, -7.0, np.nan, -7.0]),
        crs=4326,
    ).pipe(lambda frame: frame.set_geometry(frame.geometry.where(frame["sheet_row"] != 5)))


def test_only_known_needs_are_ranked_and_parts_add_up_to_the_score():
    table = prioritise(households(), DESA, TargetingSettings())
    assert sorted(table["sheet_row"]) == [2, 3, 5]
    assert table["rank"].tolist() == [1, 2, 3]
    parts = table[[f"part_{name}" for name in PARTS]].sum(axis=1)
    assert parts.tolist() == pytest.approx(table["score"].tolist())
    assert table["score"].is_monotonic_decreasing


def test_the_parts_are_those_of_the_definition_times_their_weights():
    weights = TargetingSettings(rtlh=10, jamban=20, desil=30, members=40, cluster=50, hot_spot=70, gap=60)
    first = prioritise(households(), DESA, weights).set_index("sheet_row").loc[2]
    assert [first[f"part_{name}"] for name in PARTS] == pytest.approx([5, 20, 30, 20, 50, 0, 18])
    assert first["why"] == "RTLH: lantai tanah; jamban: BABS; desil 1; di dalam kantong"


def test_what_is_unknown_adds_nothing():
    unknown = prioritise(households(), DESA, TargetingSettings()).set_index("sheet_row").loc[5]
    assert unknown["score"] == pytest.approx(0.5 * TargetingSettings().jamban)
    assert not unknown["has_position"]
    assert pd.isna(unknown["kode_desa"])


def test_ties_stand_in_the_order_of_the_sheet():
    alike = pd.concat([households().iloc[[0]].assign(sheet_row=row) for row in (9, 4, 7)])
    assert prioritise(alike, DESA, TargetingSettings())["sheet_row"].tolist() == [4, 7, 9]


def test_an_indicator_that_is_off_and_nobody_in_need_are_no_fault():
    less = households().drop(columns=["need_rtlh", "severity_rtlh", "why_rtlh", "cluster_rtlh"])
    table = prioritise(less, DESA, TargetingSettings())
    assert (table["part_rtlh"] == 0).all()
    neither = less.drop(columns=["need_jamban", "need_jamban_sendiri", "why_jamban"])
    nothing = prioritise(neither, DESA[["kode_desa"]], TargetingSettings())
    assert nothing.empty
    assert list(nothing.columns) == list(table.columns)
    assert prioritise(households().iloc[:0], DESA, TargetingSettings()).empty


def ill() -> gpd.GeoDataFrame:
    return households().assign(
        need_penyakit_kronis=pd.array([False, True, True, None, True], dtype="boolean"),
        need_disabilitas=pd.array([False, True, None, True, False], dtype="boolean"),
    )


def test_illness_and_disability_weigh_nothing_until_the_district_gives_them_a_weight():
    plain = prioritise(households(), DESA, TargetingSettings())
    pd.testing.assert_frame_equal(prioritise(ill(), DESA, TargetingSettings()), plain)
    weighty = TargetingSettings(penyakit_kronis=4, disabilitas=5)
    pd.testing.assert_frame_equal(prioritise(households(), DESA, weighty), plain)


def test_illness_and_disability_raise_a_listed_household_list_nobody_and_are_not_named():
    table = prioritise(ill(), DESA, TargetingSettings(penyakit_kronis=4, disabilitas=5)).set_index(
        "sheet_row"
    )
    assert table.loc[3, ["part_penyakit_kronis", "part_disabilitas"]].tolist() == [4, 5]
    assert table.loc[5, ["part_penyakit_kronis", "part_disabilitas"]].tolist() == [0, 5]
    assert sorted(table.index) == [2, 3, 5]
    assert table["score"].tolist() == pytest.approx(table.filter(like="part_").sum(axis=1).tolist())
    assert table.index[0] == 3
    assert not table["why"].str.contains("sakit|kronis|disabilitas").any()
    only = prioritise(ill(), DESA, TargetingSettings(disabilitas=5))
    assert "part_penyakit_kronis" not in only


def test_a_hot_spot_a_large_family_and_a_large_gap_weigh_and_are_named():
    hot = households().assign(
        hot_rtlh=pd.array([True, None, None, True, None], dtype="boolean"),
        why_hot_rtlh=pd.array(["desa panas RTLH", None, "", "lingkaran RTLH", None], dtype="str"),
    )
    gaping = DESA.assign(jamban_gap=[60, 0])
    table = prioritise(hot, gaping, TargetingSettings(hot_spot=2)).set_index("sheet_row")
    assert table["part_hot_spot"].to_dict() == {2: 2, 3: 0, 5: 2}
    assert table.loc[2, "why"].endswith(
        "di dalam kantong; di desa panas RTLH; desa dengan kekurangan jamban besar"
    )
    assert table.loc[3, "why"] == (
        "belum punya jamban sendiri; desil 10; 12 anggota keluarga; desa dengan kekurangan jamban besar"
    )
    assert table.loc[5, "why"] == "belum punya jamban sendiri; di lingkaran RTLH"


def test_where_a_run_does_not_tell_a_hot_desa_from_a_circle_neither_does_the_reason():
    hot = households().assign(hot_rtlh=pd.array([None, None, None, True, None], dtype="boolean"))
    table = prioritise(hot, DESA, TargetingSettings()).set_index("sheet_row")
    assert table.loc[5, "why"] == "belum punya jamban sendiri; di desa panas atau lingkaran RTLH"


def test_the_gap_of_a_desa_of_which_too_few_are_known_weighs_nothing():
    few = DESA.assign(jamban_gap=[60, 0], jamban_enough=[False, False])
    table = prioritise(households(), few, TargetingSettings(gap=2))
    assert (table["part_gap"] == 0).all()
    assert not table["why"].str.contains("kekurangan").any()
    enough = prioritise(households(), few.assign(jamban_enough=[True, False]), TargetingSettings(gap=2))
    assert enough.set_index("sheet_row").loc[2, "part_gap"] == pytest.approx(1.2)


def test_what_weighs_nothing_is_no_reason():
    hot = households().assign(hot_rtlh=pd.array([True] * 5, dtype="boolean"))
    light = TargetingSettings(desil=0, members=0, cluster=0, hot_spot=0, gap=0)
    table = prioritise(hot, DESA.assign(jamban_gap=[60, 0]), light).set_index("sheet_row")
    assert table.loc[2, "why"] == "RTLH: lantai tanah; jamban: BABS"


def test_how_far_a_rank_may_move_stands_beside_it():
    table = prioritise(households(), DESA, TargetingSettings(), seed=1, top=1)
    assert table["top_share"].tolist() == [1, 0, 0]
    assert (table["rank_low"] <= table["rank_high"]).all()
    only = prioritise(households(), DESA, TargetingSettings(), top=1, of="jamban_sendiri")
    assert only.set_index("sheet_row")["top_share"].sum() == pytest.approx(1)

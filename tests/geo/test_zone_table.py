"""The tables of zones and of their combinations: every household is counted, in one row a layer, in one row of all."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import MEASURING
from geo.layers import LAYERS
from geo.layers.base import OUTSIDE, UNKNOWN
from geo.rates import add_counts
from geo.zone_table import combination_table, combination_title

PARTS = ("known", "need", "unknown")


def test_every_zone_of_the_sample_counts_its_households(assessment):
    zones, households = assessment.zones, assessment.counted
    for row in zones.itertuples():
        inside = households[households[f"zone_{row.layer}"] == row.zone]
        assert row.households == len(inside)
        assert row.located == inside.geometry.notna().sum()
        assert row.rtlh_known == inside["need_rtlh"].notna().sum()
        assert row.rtlh_need == inside["need_rtlh"].sum()
        assert row.rtlh_known + row.rtlh_unknown == row.households
        assert row.rtlh_known == 0 or row.rtlh_low <= row.rtlh_rate <= row.rtlh_high


def test_the_rows_of_a_layer_add_up_to_all_households(assessment):
    measures = ["households", "located", *(f"jamban_{part}" for part in PARTS)]
    sums = assessment.zones.groupby("layer", sort=False)[measures].sum()
    assert sums.index.tolist() == list(LAYERS)
    assert sums["households"].eq(len(assessment.counted)).all()
    assert sums.nunique().eq(1).all()


def test_only_what_is_inside_has_a_polygon(assessment):
    zones = assessment.zones
    without = zones["zone"].isin([OUTSIDE, UNKNOWN])
    assert zones.geometry[without].isna().all()
    assert zones.geometry[~without].notna().all()
    assert OUTSIDE in set(zones["zone"])
    titles = zones.set_index(["layer", "zone"])["title"]
    assert titles["coastal", OUTSIDE] == "Di luar zona pesisir"
    assert titles["coastal", UNKNOWN] == "Pesisir: tidak diketahui"


def test_every_row_names_its_source_and_method(assessment):
    zones = assessment.zones
    assert set(zones["layer"]) <= set(LAYERS)
    assert (zones["method"].str.len() > 0).all()
    proksi = zones.set_index("layer")["proksi"]
    assert proksi[["urban", "coastal", "forest_edge"]].all()  # the test district is schematic


def test_a_desa_that_only_touches_a_zone_has_no_part_in_it(assessment):
    rows = assessment.zones.set_index(["layer", "zone"])["desa"]
    assert rows["coastal", "pesisir"] == 2  # Muara Lor and Muara Kidul
    desa = assessment.desa.to_crs(MEASURING)
    zone = assessment.zones.to_crs(MEASURING).geometry[assessment.zones["zone"] == "pesisir"].iloc[0]
    assert int((desa.intersection(zone).area / desa.area > 1e-4).sum()) == 2
    assert rows["coastal", OUTSIDE] == (assessment.desa["share_coastal"] < 1 - 1e-6).sum()


@pytest.mark.parametrize("column", ["rtlh_rate", "jamban_rate", "jamban_sendiri_rate"])
def test_rates_are_shares(assessment, column):
    rates = assessment.zones[column].dropna()
    assert rates.between(0, 1).all()
    assert pd.api.types.is_float_dtype(rates)


def test_the_facts_say_how_each_layer_is_drawn_and_whom_it_holds(assessment):
    for layer in assessment.facts["layers"]:
        registered = LAYERS[layer["id"]]
        assert (layer["colour"], layer["titles"]) == (registered.colour, registered.titles)
        rows = assessment.zones[assessment.zones["layer"] == layer["id"]]
        assert {word: count for word, count in layer["counts"].items() if count} == {
            row.zone: row.households for row in rows.itertuples() if row.households
        }


def test_the_combinations_of_the_sample_add_up_to_the_district(assessment):
    table = assessment.combinations
    assert table["combination"].is_unique
    assert set(table["combination"]) == {
        *assessment.counted["zone_combination"],
        *assessment.desa["zone_combination"],
    }
    assert table["households"].sum() == len(assessment.counted)
    assert table["located"].sum() == assessment.counted.geometry.notna().sum()
    assert table["desa"].sum() == len(assessment.desa)
    lost = int(assessment.counted["kode_desa"].isna().sum())
    assert lost > 0
    assert table.set_index("combination").loc["+".join(f"{layer}?" for layer in LAYERS), "households"] >= lost
    assert table["households"].is_monotonic_decreasing


def test_the_households_of_a_kecamatan_and_its_desa_have_their_share_in_each_zone(assessment):
    for areas, key in ((assessment.desa, "kode_desa"), (assessment.kecamatan, "kode_kecamatan")):
        for layer in LAYERS:
            words = assessment.counted.assign(word=assessment.counted[f"zone_{layer}"].astype("str"))
            known = words[words["word"] != UNKNOWN]
            expected = (known["word"] != OUTSIDE).groupby(known[key]).mean()
            shares = areas.set_index(key)[f"share_households_{layer}"]
            assert shares.tolist() == pytest.approx(expected.reindex(shares.index).tolist(), nan_ok=True)


KEYS = ["luar", "urban", "urban?", "urban+coastal", "urban?+coastal?+forest_edge?", "coastal+forest_edge"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(KEYS), st.sampled_from([True, False, None]), st.booleans()), max_size=40
    ),
    st.lists(st.sampled_from(KEYS), min_size=1, max_size=9),
)
def test_the_rows_of_the_combinations_add_up_exactly(households, desa):
    people = gpd.GeoDataFrame(
        {
            "zone_combination": pd.Categorical([key for key, _, _ in households], categories=KEYS),
            "need_rtlh": pd.array([need for _, need, _ in households], dtype="boolean"),
        },
        geometry=[shapely.Point(109, -7) if point else None for _, _, point in households],
        crs=4326,
    )
    table = combination_table(people, pd.DataFrame({"zone_combination": desa}), ["rtlh"], 5)
    whole = add_counts(pd.DataFrame({"all": [1]}), people.assign(all=1), "all").iloc[0]
    assert table["desa"].sum() == len(desa)
    assert [table["households"].sum(), table["located"].sum()] == [whole["households"], whole["located"]]
    need = people["need_rtlh"]
    assert [table[f"rtlh_{part}"].sum() for part in PARTS] == [
        need.notna().sum(),
        need.sum(),
        need.isna().sum(),
    ]
    assert np.array_equal(table["rtlh_known"] + table["rtlh_unknown"], table["households"])
    assert (table["households"] + table["desa"] > 0).all()
    assert table["title"].is_unique


def test_a_combination_is_titled_in_the_words_of_its_layers():
    assert combination_title("coastal+urban") == "Pesisir + Perkotaan"
    assert combination_title("urban?") == "Perkotaan tidak diketahui"
    assert combination_title("rob+urban?") == "rob; Perkotaan tidak diketahui"

"""The table of zones: every household of a zone, every desa with a part in it."""

import pandas as pd
import pytest

from geo.crs import MEASURING
from geo.layers import LAYERS


def test_every_zone_of_the_sample_counts_its_households(assessment):
    zones, households = assessment.zones, assessment.households
    for row in zones.itertuples():
        inside = households[households[f"zone_{row.layer}"] == row.zone]
        assert row.households == len(inside)
        assert row.rtlh_known == inside["need_rtlh"].notna().sum()
        assert row.rtlh_need == inside["need_rtlh"].sum()
        assert row.rtlh_known + row.rtlh_unknown == row.households
        assert row.rtlh_known == 0 or row.rtlh_low <= row.rtlh_rate <= row.rtlh_high


def test_what_is_unknown_has_a_row_without_a_polygon(assessment):
    unknown = assessment.zones["zone"] == "tidak diketahui"
    assert assessment.zones.geometry[unknown].isna().all()
    assert assessment.zones.geometry[~unknown].notna().all()
    assert assessment.zones["title"].str.len().gt(0).all()


def test_every_row_names_its_source_and_method(assessment):
    zones = assessment.zones
    assert set(zones["layer"]) <= set(LAYERS)
    assert (zones["method"].str.len() > 0).all()
    assert zones.set_index("layer")["proksi"].groupby(level=0).first().to_dict() == {  # the test district is schematic
        "urban": True, "coastal": True, "forest_edge": True
    }  # fmt: skip


def test_a_desa_that_only_touches_a_zone_has_no_part_in_it(assessment):
    near = assessment.zones.set_index(["layer", "zone"])
    coast = near.loc[("coastal", "pesisir")]
    assert coast["desa"] == 2  # Muara Lor and Muara Kidul
    desa = assessment.desa.to_crs(MEASURING)
    zone = assessment.zones.to_crs(MEASURING).geometry[assessment.zones["zone"] == "pesisir"].iloc[0]
    assert int((desa.intersection(zone).area / desa.area > 1e-4).sum()) == 2


@pytest.mark.parametrize("column", ["rtlh_rate", "jamban_rate", "jamban_sendiri_rate"])
def test_rates_are_shares(assessment, column):
    rates = assessment.zones[column].dropna()
    assert rates.between(0, 1).all()
    assert pd.api.types.is_float_dtype(rates)

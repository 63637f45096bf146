"""What each audience may see of hot spots, circles, choices and visits."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.assessment import Assessment
from geo.privacy import Level, for_audience, without_sensitive_cells
from tests.geo.small import small_assessment


def with_sensitive_weight() -> Assessment:
    small = small_assessment()
    facts = {**small.facts, "indicators": [dict(about) for about in small.facts["indicators"]]}
    facts["indicators"].append({**facts["indicators"][0], "id": "disabilitas", "sensitive": True})
    household = small.households
    ill = pd.array(np.arange(len(household)) % 2 == 0, "boolean")
    listed = small.priorities.assign(
        part_disabilitas=(small.priorities["rank"] % 2).astype(float),
        score=lambda t: t["score"] + t["rank"] % 2,
    )
    counted = dict.fromkeys(("desa", "kecamatan", "zones"))
    for name in counted:
        table = getattr(small, name)
        halves = table["households"] // 2
        counted[name] = table.assign(
            disabilitas_known=table["households"], disabilitas_need=halves, disabilitas_unknown=0,
            disabilitas_rate=0.5, disabilitas_low=0.4, disabilitas_high=0.6, disabilitas_smoothed=0.5,
            disabilitas_enough=True,
        )  # fmt: skip
    households = household.assign(need_disabilitas=ill, why_disabilitas="rahasia")
    return replace(small, households=households, priorities=listed, facts=facts, **counted)


def test_publik_learns_where_it_is_hot_but_no_figure_it_could_be_worked_back_from():
    shown = for_audience(small_assessment(), Level.PUBLIK)
    assert len(shown.hot_spots)
    assert not {"value", "gi_z", "moran_i", "gi_p"} & set(shown.hot_spots)
    assert (shown.scans["base"] == "desa").all()
    assert not {"observed", "expected", "households", "llr"} & set(shown.scans)


@pytest.mark.parametrize("seed", range(6))
def test_a_desa_that_is_withheld_is_in_no_hot_spot_and_no_circle_of_publik(seed: int):
    small = small_assessment(seed=seed, households=90)
    shown = for_audience(small, Level.PUBLIK)
    for name in ("rtlh", "jamban"):
        hidden = set(shown.desa.loc[shown.desa[f"{name}_suppressed"], "kode_desa"])
        hot = shown.hot_spots[shown.hot_spots["indicator"] == name]
        assert not hidden & set(hot["kode_desa"])
        members = shown.scans.loc[shown.scans["indicator"] == name, "members"].str.split().explode().dropna()
        assert not hidden & set(members)
    assert any(shown.desa[f"{name}_suppressed"].any() for name in ("rtlh", "jamban"))


def test_every_figure_of_a_withheld_desa_is_missing_also_one_that_nobody_listed():
    small = small_assessment(households=90)
    small = replace(
        small,
        desa=small.desa.assign(
            rtlh_new=small.desa["rtlh_need"] * 2.0,
            rtlh_word="di atas",
            register_share=small.desa["households"] / 99,
        ),
    )
    shown = for_audience(small, Level.PUBLIK).desa
    hidden = shown["rtlh_suppressed"].to_numpy(bool)
    assert hidden.any()
    assert shown.loc[hidden, ["rtlh_new", "rtlh_word"]].isna().all(axis=None)
    assert shown.loc[~hidden, ["rtlh_new", "rtlh_word"]].notna().all(axis=None)
    assert shown.loc[shown["households_suppressed"], "register_share"].isna().all()


@pytest.mark.parametrize("level", [Level.OPD, Level.PUBLIK])
def test_nobody_below_petugas_sees_a_dusun(level: Level):
    shown = for_audience(small_assessment(), level)
    assert shown.dusun.empty
    assert "dusun" not in shown.visits


def test_publik_sees_no_choice_and_no_visit():
    shown = for_audience(small_assessment(), Level.PUBLIK)
    assert shown.visits.empty
    assert shown.visits_left_out.empty
    assert shown.equity.empty
    assert shown.priorities.empty


def test_a_choice_in_which_a_sensitive_need_weighed_is_on_no_page():
    shown = without_sensitive_cells(with_sensitive_weight())
    assert not {"chosen", "cost"} & set(shown.priorities)
    assert shown.visits.empty
    assert shown.visits_left_out.empty
    assert shown.equity.empty
    assert shown.facts["selection"] == {"withheld": True}
    assert not any("disabilitas" in column for column in shown.priorities)
    # the intervals of the real score would tell what weighed in it
    assert (shown.priorities["rank_low"] <= shown.priorities["rank_high"]).all()
    assert not shown.priorities["rank_low"].equals(with_sensitive_weight().priorities["rank_low"])


def test_a_choice_by_open_needs_alone_stays():
    small = small_assessment()
    shown = without_sensitive_cells(small)
    assert shown.priorities["chosen"].sum() == small.priorities["chosen"].sum()
    assert len(shown.visits) == len(small.visits)

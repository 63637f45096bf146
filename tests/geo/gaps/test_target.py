"""The distance to a target."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import gaps
from geo.errors import SettingsError
from geo.settings import RateSettings

counts = st.integers(0, 5000).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known)))
areas = st.lists(
    st.integers(0, 300).flatmap(
        lambda known: st.tuples(st.just(known), st.integers(0, known), st.integers(0, 50))
    ),
    min_size=1,
    max_size=12,
)


def table(rows: list[tuple[int, int, int]], least: int = 5) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["jamban_known", "jamban_need", "jamban_unknown"])
    return found.assign(jamban_enough=found["jamban_known"] >= least)


@settings(deadline=None)
@given(counts, st.integers(1, 100))
def test_the_gap_is_the_least_number_that_reaches_the_target(pair, percent):
    need, known = pair
    found = int(gaps.gap(np.array([need]), np.array([known]), percent / 100)[0])
    served = known - need
    assert 0 <= found <= need
    assert (served + found) * 100 >= percent * known  # in whole numbers: reached
    assert found == 0 or (served + found - 1) * 100 < percent * known  # one fewer is not enough


@settings(deadline=None)
@given(areas, st.integers(1, 100))
def test_what_is_unknown_can_only_widen_the_gap_and_by_no_more_than_there_are(rows, percent):
    found = gaps.add_gaps(table(rows), ["jamban"], percent / 100)
    more = found["jamban_gap_most"] - found["jamban_gap"]
    assert ((more >= 0) & (more <= found["jamban_unknown"])).all()
    assert (found["jamban_served"] + found["jamban_need"] == found["jamban_known"]).all()
    assert (found["jamban_gap_rate"].isna() == (found["jamban_known"] == 0)).all()


@settings(deadline=None)
@given(areas, st.integers(1, 100))
def test_parts_have_no_smaller_gap_than_their_whole(rows, percent):
    parts = table(rows)
    whole = parts.sum().to_frame().T
    of_parts = gaps.add_gaps(parts, ["jamban"], percent / 100)["jamban_gap"].sum()
    assert of_parts >= gaps.add_gaps(whole, ["jamban"], percent / 100)["jamban_gap"].iloc[0]


def test_every_indicator_has_its_own_target():
    known = {f"{name}_{part}": [count] for name in ("jamban", "babs")
             for part, count in (("known", 100), ("need", 15), ("unknown", 10))}  # fmt: skip
    found = gaps.add_gaps(pd.DataFrame(known), ["jamban", "babs"], {"jamban": 0.9, "babs": 1.0}).iloc[0]
    assert (found["jamban_gap"], found["babs_gap"]) == (5, 15)
    assert (found["jamban_gap_most"], found["babs_gap_most"]) == (14, 25)
    assert found["jamban_gap_rate"] == pytest.approx(0.05)


def test_targets_by_default_are_one_share_and_nobody_in_the_open():
    shares = gaps.target_shares(RateSettings())
    assert shares == {"rtlh": 0.9, "jamban": 0.9, "jamban_sendiri": 0.9, "babs": 1.0}


@pytest.mark.parametrize("name", ["jambann", "disabilitas"])
def test_a_target_of_nothing_is_refused(name):
    with pytest.raises(SettingsError, match=f"«{name}»"):
        gaps.target_shares(RateSettings(targets={name: 0.5}))


def test_the_gap_of_the_district_is_told_in_each_way_in_which_it_may_be_reached():
    desa = gaps.add_gaps(table([(100, 40, 0), (100, 0, 0), (100, 9, 5), (3, 3, 0)]), ["jamban"], 0.9)
    kecamatan = gaps.add_gaps(table([(200, 40, 0), (103, 12, 5)]), ["jamban"], 0.9)
    facts = gaps.gap_facts(desa, kecamatan, ["jamban"], 0.9)["jamban"]
    assert (facts["district"], facts["by_kecamatan"], facts["by_desa"]) == (22, 20 + 2, 30 + 3)
    assert (facts["desa_open"], facts["desa_reached"], facts["desa_too_few"]) == (1, 2, 1)
    assert facts["desa_declarable"] == 1  # 14 of 105 in need would be too many
    assert facts["target"] == 0.9
    assert facts["note"]

"""Two districts that differ in withheld answers alone look the same to everybody, facts included."""

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo import gaps, rates
from geo.assessment import Assessment
from geo.denominators import add_denominators, denominator_facts
from geo.layers.families import Families
from geo.privacy import SMALLEST, Level, for_audience, without_sensitive_cells
from geo.privacy.clusters import STEPS
from tests.geo.small import small_assessment

NAMES = ("rtlh", "jamban")
TARGETS = dict.fromkeys(NAMES, 0.9)
LEAST = 5


def counted(areas: gpd.GeoDataFrame, people: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
    """Return the areas with every figure of the road."""
    bare = areas[
        [name for name in areas if not name.startswith(NAMES) and name not in {"households", "located"}]
    ]
    found = rates.add_rates(rates.add_counts(bare, people, key), people, key, NAMES, LEAST)
    return gaps.add_gaps(found, NAMES, TARGETS)


def district(people: gpd.GeoDataFrame, small: Assessment) -> Assessment:
    """Return the assessment of some people with tables and facts as the road makes them."""
    families = Families(
        pd.Series(4000.0, index=small.desa.index).where(small.desa.index > 0), "rekaan", "2026"
    )
    desa = counted(small.desa, people, "kode_desa")
    desa = add_denominators(desa, "kode_desa", desa, families, NAMES)
    kecamatan = counted(small.kecamatan, people, "kode_kecamatan")
    rows = pd.DataFrame(
        {"layer": "coastal", "zone": ["pesisir", "luar"], "zone_coastal": ["pesisir", "luar"]}
    )
    zones = rates.add_rates(
        rates.add_counts(rows, people, "zone_coastal"), people, "zone_coastal", NAMES, LEAST
    )
    zones = gaps.add_gaps(zones.drop(columns="zone_coastal"), NAMES, TARGETS)
    needs = {
        name: {
            "known": int(people[f"need_{name}"].count()),
            "need": int(people[f"need_{name}"].sum()),
            "unknown": int(people[f"need_{name}"].isna().sum()),
        }
        for name in NAMES
    }
    return replace(
        small,
        households=people,
        desa=desa,
        kecamatan=kecamatan,
        zones=gpd.GeoDataFrame(zones, geometry=[None, None], crs=4326),
        facts={
            **small.facts,
            "rows": {**small.facts["rows"], "counted": len(people)},
            "needs": needs,
            "denominator": denominator_facts(desa, families, LEAST),
            "funnel": rates.funnel_facts(desa, NAMES),
            "gaps": gaps.gap_facts(desa, kecamatan, NAMES, TARGETS),
        },
    )


def everything(shown: Assessment) -> dict[str, str]:
    """Return all that is published, as text to the last digit."""
    tables = {
        name: pd.DataFrame(getattr(shown, name)).to_json(double_precision=15, default_handler=str)
        for name in ("desa", "kecamatan", "zones", "hot_spots", "scans")
    }
    return {**tables, **{name: json.dumps(fact, default=str) for name, fact in shown.facts.items()}}


def swapped(people: gpd.GeoDataFrame, one: str | None, other: str) -> gpd.GeoDataFrame | None:
    """Let a household of one desa (or of none) and one of another, of the same zone, exchange their answer."""
    desa, need = people["kode_desa"], people["need_rtlh"]
    stands = desa.isna() if one is None else desa == one
    kecamatan = people.loc[desa == other, "kode_kecamatan"].iloc[0]
    yes = people.index[stands & (people["kode_kecamatan"] == kecamatan) & need.fillna(value=False)]
    for first in yes:
        alike = (desa == other) & (people["zone_coastal"] == people.loc[first, "zone_coastal"])
        no = people.index[alike & (need == False).fillna(value=False)]  # noqa: E712  three-valued
        if len(no):
            changed = need.copy()
            changed[first], changed[no[0]] = False, True
            return people.assign(need_rtlh=changed)
    return None


@pytest.mark.parametrize("rest", [False, True])
def test_who_of_the_withheld_is_in_need_changes_nothing_that_everybody_sees(rest: bool):
    compared = 0
    for seed in range(6):
        small = small_assessment(seed=seed, kecamatan=4, desa=5, households=900)
        before = district(small.households, small)
        seen = for_audience(before, Level.PUBLIK)
        hidden = seen.desa[seen.desa["rtlh_suppressed"].to_numpy(bool)]
        for _, inside in hidden.groupby("kode_kecamatan"):
            codes = inside["kode_desa"].tolist()
            for one in [None] if rest else codes[1:]:
                people = swapped(small.households, one, codes[0])
                if people is None:
                    continue
                after = for_audience(district(people, small), Level.PUBLIK)
                if not after.desa["rtlh_suppressed"].equals(seen.desa["rtlh_suppressed"]):
                    continue
                assert everything(after) == everything(seen)
                compared += 1
        if compared > 2:
            return
    pytest.fail("no two districts to compare")


def test_sums_of_gaps_and_counts_of_desa_are_of_the_shown_ones():
    small = small_assessment(seed=3, kecamatan=4, desa=5, households=900)
    before = district(small.households, small)
    shown = for_audience(before, Level.PUBLIK)
    for name in NAMES:
        told = shown.facts["gaps"][name]
        open_ones = ~shown.desa[f"{name}_suppressed"].to_numpy(bool)
        assert told["desa_withheld"] == (~open_ones).sum() > 0
        assert told["by_desa"] is None
        assert told["desa_open"] + told["desa_reached"] + told["desa_too_few"] == open_ones.sum()
        whole = before.facts["needs"][name]
        common = next(each for each in shown.facts["funnel"]["indicators"] if each["id"] == name)["common"]
        assert common == whole["need"] / whole["known"]


def test_a_share_of_the_register_that_would_tell_of_withheld_households_is_not_told():
    small = small_assessment(seed=3, kecamatan=4, desa=5, households=900)
    few = small.households["kode_desa"].ne(small.desa["kode_desa"].iloc[0]).fillna(value=True)
    few |= (~few).cumsum() <= 3
    people = small.households[few].reset_index(drop=True)
    before = district(people, small)
    assert before.desa["households"].iloc[0] == 3
    assert before.facts["denominator"]["register_share"] is not None
    # the first desa has no families: its households are what the register leaves of the district
    assert for_audience(before, Level.PUBLIK).facts["denominator"]["register_share"] is None


def test_of_those_with_a_position_no_few_are_told():
    small = small_assessment(seed=2, kecamatan=4, desa=5, households=900)
    shown = for_audience(district(small.households, small), Level.PUBLIK)
    hidden = shown.desa["located"].isna()
    assert hidden.any()
    assert not hidden.all()
    told = shown.desa[~hidden]
    for counts in (told["located"], told["households"] - told["located"]):
        assert not ((counts > 0) & (counts < SMALLEST)).any()
    assert not any(name.startswith("located_") for name in shown.desa)


def test_counts_among_those_in_need_and_values_of_p_to_the_last_digit_stay_inside():
    small = small_assessment(households=900)
    near = {"jamban_near_served": 2, "jamban_near_known": 3}
    small = replace(small, desa=small.desa.assign(**near), kecamatan=small.kecamatan.assign(**near))
    shown = for_audience(small, Level.PUBLIK)
    for table in (shown.desa, shown.kecamatan):
        assert not {*near} & {*table}
    assert not {"moran_q", "gi_p", "count_p"} & {*shown.hot_spots}
    assert "p_gumbel" not in shown.scans
    for values in (shown.hot_spots["gi_q"], shown.scans["p_value"]):
        assert set(values.dropna()) <= set(STEPS)
    told = shown.hot_spots.merge(small.hot_spots, on=["kode_desa", "indicator"])
    assert (told["gi_q_x"] >= told["gi_q_y"]).to_numpy()[told["gi_q_y"].notna()].all()


def test_facts_count_the_hot_desa_and_circles_that_are_shown():
    shown = for_audience(small_assessment(households=90), Level.PUBLIK)
    for name, counts in shown.facts["hot_spots"]["indicators"].items():
        own = shown.hot_spots[shown.hot_spots["indicator"] == name]
        assert counts["hot"] == (own["gi_class"] == "panas").sum()
    assert sum(each["circles"] for each in shown.facts["scans"]["found"]) == shown.scans["significant"].sum()


def test_a_need_of_very_few_in_the_whole_district_is_left_out_for_everybody():
    small = small_assessment(households=900)
    before = district(small.households.assign(need_jamban=small.households.index < 3), small)
    shown = for_audience(before, Level.PUBLIK)
    assert [about["id"] for about in shown.facts["indicators"]] == ["rtlh"]
    assert shown.facts["needs"]["jamban"]["need"] is None
    assert "jamban" not in shown.facts["gaps"]
    assert not [name for name in shown.desa if name.startswith("jamban_")]
    assert not (shown.hot_spots["indicator"] == "jamban").any()


def test_few_houses_that_were_surveyed_are_not_told():
    small = small_assessment(households=900)
    before = district(small.households, small)
    surveyed = {"verified": 12, "verified_need": 9}
    for more, told in ((0, False), (60, True)):
        about = [{**each, **surveyed, "verified": 12 + more} for each in before.facts["indicators"]]
        shown = for_audience(replace(before, facts={**before.facts, "indicators": about}), Level.PUBLIK)
        assert all(("verified" in each) is told for each in shown.facts["indicators"])


def test_what_a_page_says_of_a_sensitive_need_is_worked_out_from_what_it_shows():
    small = small_assessment(seed=3, kecamatan=4, desa=5, households=900)
    before = district(small.households, small)
    about = [{**each, "sensitive": each["id"] == "jamban"} for each in before.facts["indicators"]]
    local = before.desa.assign(jamban_local=before.desa["jamban_rate"], jamban_of_families=0.1)
    shown = without_sensitive_cells(replace(before, desa=local, facts={**before.facts, "indicators": about}))
    hidden = shown.desa["jamban_suppressed"].to_numpy(bool)
    assert 0 < hidden.sum() < len(hidden)
    figures = [name for name in shown.desa if name.startswith("jamban_") and name.rpartition("_")[2] not in
               {"suppressed", "enough"}]  # fmt: skip
    assert "jamban_local" not in figures
    assert shown.desa.loc[hidden, figures].isna().all(axis=None)
    assert (shown.desa.loc[~hidden, "jamban_funnel"] != "").any()
    need, known = (shown.desa.loc[~hidden, f"jamban_{part}"].to_numpy(float) for part in ("need", "known"))
    assert np.allclose(shown.desa.loc[~hidden, "jamban_smoothed"], rates.smoothed(need, known))


def test_nobody_hot_and_no_circle_is_shown_as_such():
    small = small_assessment(households=900)
    bare = replace(small, hot_spots=small.hot_spots.iloc[:0], scans=small.scans.iloc[:0])
    shown = for_audience(bare, Level.PUBLIK)
    assert shown.hot_spots.empty
    assert shown.scans.empty
    assert shown.facts["scans"]["found"] == []

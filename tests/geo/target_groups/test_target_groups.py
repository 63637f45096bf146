"""Groups: in it, out of it, or not known, by zone and occupation together; their table and facts."""

import json
from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.layers import LAYERS
from geo.layers.base import OUTSIDE, UNKNOWN
from geo.target_groups import (
    OTHER,
    add_groups,
    group_facts,
    group_table,
    read_groups,
)

SHIPPED = read_groups("kelompok_sasaran")
IDS = [group.id for group in SHIPPED.groups]
SEA, FOREST, TOWN = "pesisir", "tepi hutan", "perkotaan"

ROWS = st.lists(
    st.tuples(
        st.sampled_from([SEA, "dekat pantai", OUTSIDE, UNKNOWN, None]),
        st.sampled_from([FOREST, OUTSIDE, UNKNOWN, None]),
        st.sampled_from([TOWN, OUTSIDE, UNKNOWN, None]),
        st.sampled_from(["Nelayan", "Petani", "Buruh", "Perikanan", "Guru", "petani/guru", "Slamet", None]),
    ),
    max_size=12,
)


def people(*rows: tuple[str | None, str | None, str | None, str | None]) -> gpd.GeoDataFrame:
    """Return households of zone at the coast, at the forest, in town, and the words of their work."""
    columns = ["zone_coastal", "zone_forest_edge", "zone_urban", "pekerjaan"]
    table = pd.DataFrame(list(rows), columns=columns, index=range(3, 3 + len(rows)), dtype="str")
    return gpd.GeoDataFrame(table.assign(kode_desa="99.01.01.2001"), geometry=[None] * len(rows), crs=4326)


def flags(household: tuple[str | None, str | None, str | None, str | None]) -> dict[str, bool | None]:
    """Return the three flags of one household."""
    row = add_groups(people(household), SHIPPED).iloc[0]
    return {name: None if pd.isna(row[f"group_{name}"]) else bool(row[f"group_{name}"]) for name in IDS}


@pytest.mark.parametrize(
    ("household", "coast", "forest", "town", "shown"),
    [
        ((SEA, OUTSIDE, OUTSIDE, "Nelayan"), True, False, False, "pesisir"),
        (("dekat pantai", OUTSIDE, OUTSIDE, "Buruh harian lepas"), True, False, False, "pesisir"),
        ((SEA, OUTSIDE, TOWN, "Nelayan"), True, False, True, "pesisir"),
        ((SEA, OUTSIDE, TOWN, "Guru"), False, False, True, "miskin_perkotaan"),
        ((SEA, OUTSIDE, OUTSIDE, "Petani"), False, False, False, OTHER),
        ((OUTSIDE, FOREST, OUTSIDE, "Petani penggarap"), False, True, False, "tepi_hutan"),
        ((OUTSIDE, FOREST, OUTSIDE, "Buruh tani"), False, True, False, "tepi_hutan"),
        ((OUTSIDE, FOREST, OUTSIDE, "Nelayan"), False, False, False, OTHER),
        ((OUTSIDE, OUTSIDE, OUTSIDE, "Petani"), False, False, False, OTHER),
        # what is not known of the one part matters only where the other holds
        ((SEA, OUTSIDE, OUTSIDE, None), None, False, False, UNKNOWN),
        ((UNKNOWN, OUTSIDE, OUTSIDE, "Nelayan"), None, False, False, UNKNOWN),
        ((UNKNOWN, OUTSIDE, OUTSIDE, "Guru"), False, False, False, OTHER),
        ((OUTSIDE, OUTSIDE, OUTSIDE, None), False, False, False, OTHER),
        ((UNKNOWN, UNKNOWN, UNKNOWN, None), None, None, None, UNKNOWN),
        ((UNKNOWN, OUTSIDE, TOWN, "Nelayan"), None, False, True, "miskin_perkotaan"),
        # an answer that leaves several occupations open counts where all of them do
        ((SEA, OUTSIDE, OUTSIDE, "Perikanan"), True, False, False, "pesisir"),
        ((SEA, OUTSIDE, OUTSIDE, "Nelayan/guru"), None, False, False, UNKNOWN),
        ((OUTSIDE, FOREST, OUTSIDE, "Pertanian tanaman padi dan palawija"), False, True, False, "tepi_hutan"),
        ((OUTSIDE, FOREST, OUTSIDE, "Buruh"), False, None, False, UNKNOWN),
    ],
)
def test_a_group_is_zone_and_occupation_together(household, coast, forest, town, shown):
    assert flags(household) == {"pesisir": coast, "tepi_hutan": forest, "miskin_perkotaan": town}
    assert add_groups(people(household), SHIPPED)["kelompok_sasaran"].tolist() == [shown]


@given(ROWS)
def test_flags_and_what_is_shown_agree(rows):
    households = add_groups(people(*rows), SHIPPED)
    assert households.index.equals(people(*rows).index)
    for _, row in households.iterrows():
        held = [row[f"group_{name}"] for name in IDS]
        sure = [name for name, flag in zip(IDS, held, strict=True) if not pd.isna(flag) and flag]
        open_ = any(pd.isna(flag) for flag in held)
        assert row["kelompok_sasaran"] == (sure[0] if sure else UNKNOWN if open_ else OTHER)


@given(ROWS)
def test_learning_what_was_unknown_never_turns_an_answer_round(rows):
    before = add_groups(people(*rows), SHIPPED)
    learned = (SEA, FOREST, TOWN, "Buruh")
    told = [
        tuple(new if old in {None, UNKNOWN} else old for old, new in zip(row, learned, strict=True))
        for row in rows
    ]
    after = add_groups(people(*told), SHIPPED)
    for name in IDS:
        was = before[f"group_{name}"]
        assert (was.isna() | (was == after[f"group_{name}"])).all()


@given(ROWS, st.integers(0, 3))
def test_the_table_counts_every_household_and_says_where_groups_overlap(rows, needy):
    households = add_groups(people(*rows), SHIPPED)
    need = pd.array([True] * min(needy, len(rows)) + [False] * max(len(rows) - needy, 0), dtype="boolean")
    table = group_table(households.assign(need_rtlh=need), SHIPPED, ["rtlh"], 1).set_index("group")
    assert list(table.index) == [*IDS, OTHER, UNKNOWN]
    for name in IDS:
        flag = households[f"group_{name}"]
        assert table.loc[name, "households"] == flag.sum()
        assert table.loc[name, "undecided"] == flag.isna().sum()
        assert table.loc[name, "rtlh_known"] == flag.sum()
        assert table.loc[name, "rtlh_need"] == (need & flag.fillna(value=False)).sum()
    in_some = households[[f"group_{name}" for name in IDS]].fillna(value=False).any(axis=1).sum()
    assert in_some + table.loc[[OTHER, UNKNOWN], "households"].sum() == len(rows)
    assert table["title"].str.len().gt(0).all()
    assert table["definition"].str.len().gt(0).all()


def test_the_table_counts_desa_and_positions():
    households = people(
        (SEA, OUTSIDE, OUTSIDE, "Nelayan"), (SEA, OUTSIDE, OUTSIDE, "Nelayan"), (SEA, OUTSIDE, TOWN, "ABK")
    )
    points = gpd.GeoSeries.from_wkt(["POINT (109.5 -7)", None, None], index=households.index, crs=4326)
    households = households.assign(kode_desa=["99.01.01.2001", "99.01.01.2002", None]).set_geometry(points)
    table = group_table(add_groups(households, SHIPPED), SHIPPED, [], 1).set_index("group")
    assert table.loc["pesisir", ["households", "located", "desa"]].tolist() == [3, 1, 2]
    assert table.loc["miskin_perkotaan", ["households", "located", "desa"]].tolist() == [1, 0, 0]


def test_a_sheet_without_occupation_leaves_only_the_urban_group():
    households = people(
        (SEA, OUTSIDE, TOWN, None), (SEA, OUTSIDE, OUTSIDE, None), (OUTSIDE, OUTSIDE, OUTSIDE, None)
    )
    for sheet in (households, households.drop(columns="pekerjaan")):
        grouped = add_groups(sheet, SHIPPED)
        assert grouped["kelompok_sasaran"].tolist() == ["miskin_perkotaan", UNKNOWN, OTHER]
        facts = group_facts(grouped, SHIPPED)
        assert facts["occupation"] == {"said": 0, "not_understood": 0, "answers": 0, "codes": 0}
        assert any("tidak menyebut pekerjaan utama" in note for note in facts["notes"])
        assert any("Buruh dan nelayan pesisir" in note for note in facts["notes"])


def test_the_facts_count_what_was_not_understood_and_repeat_none_of_it():
    rows = [
        (SEA, OUTSIDE, OUTSIDE, word)
        for word in ("Nelayan", "-", None, "Slamet", "Slamet", "<b>Rahasia</b>", "11", "9.")
    ]
    facts = group_facts(add_groups(people(*rows), SHIPPED), SHIPPED)
    assert facts["occupation"] == {"said": 6, "not_understood": 5, "answers": 4, "codes": 2}
    told = json.dumps(facts, ensure_ascii=False)
    assert "Slamet" not in told
    assert "Rahasia" not in told
    assert "kode" in told


def test_a_definition_without_occupations_asks_for_none():
    towns = replace(SHIPPED, groups=tuple(group for group in SHIPPED.groups if not group.occupations))
    households = add_groups(people((SEA, OUTSIDE, TOWN, None)), towns)
    assert len(group_facts(households, towns)["notes"]) == 1


def test_an_empty_sheet_has_empty_groups():
    households = add_groups(people().assign(need_rtlh=pd.array([], dtype="boolean")), SHIPPED)
    table = group_table(households, SHIPPED, ["rtlh"], 5)
    assert table["households"].tolist() == [0] * (len(IDS) + 2)
    assert not table["rtlh_enough"].any()


def test_a_run_of_the_sample_has_its_groups(assessment):
    table = assessment.groups.set_index("group")
    assert list(table.index) == [*IDS, OTHER, UNKNOWN]
    counted, truth = assessment.counted, _by_hand(assessment.counted)
    for name in IDS:
        assert table.loc[name, "households"] == truth[name]
    assert counted["occupation"].notna().mean() > 0.8
    facts = assessment.facts["groups"]
    assert [group["id"] for group in facts["groups"]] == IDS
    assert all(group["layer"] in LAYERS for group in facts["groups"])
    json.dumps(facts)


def _by_hand(households: pd.DataFrame) -> Mapping[str, int]:
    """Count the groups without the code under test: by the class of the work, one household after another."""
    found = dict.fromkeys(IDS, 0)
    for _, row in households.iterrows():
        work = set() if pd.isna(row["occupation"]) else set(row["occupation"].split(" atau "))
        labour = {"nelayan", "petambak", "buruh", "buruh_tani"}
        found["pesisir"] += (
            bool(work) and work <= labour and row["zone_coastal"] in {"pesisir", "dekat pantai"}
        )
        found["tepi_hutan"] += (
            bool(work) and work <= {"petani", "buruh_tani"} and row["zone_forest_edge"] == FOREST
        )
        found["miskin_perkotaan"] += row["zone_urban"] == TOWN
    return found

"""Filters: read from an address, said in words, and applied to households without losing one."""

from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.errors import NotAllowed, SettingsError
from geo.filters import (
    CLASSES,
    NAMES,
    Filter,
    HouseholdArrays,
    filtered_counts,
    household_arrays,
    read_filter,
)
from geo.filters.choice import group_titles
from geo.maps.households import DRAWING_ORDER
from geo.privacy import Level, for_audience
from geo.symbology import QUALITY_TITLES


@pytest.fixture(scope="module")
def arrays(assessment: Assessment) -> HouseholdArrays:
    return household_arrays(assessment)


def _values(assessment: Assessment) -> dict[str, list[str]]:
    """Return every value that each name of a filter takes."""
    facts, answers = assessment.facts, ("ya", "tidak", "belum")
    groups = [*group_titles(assessment)]
    needs = [indicator["id"] for indicator in facts["indicators"] if not indicator["sensitive"]]
    return {
        "kecamatan": assessment.kecamatan["kode_kecamatan"].tolist(),
        "desa": assessment.desa["kode_desa"].tolist(),
        "zona": [f"{layer['id']}:{word}" for layer in facts["layers"] for word in layer["counts"]],
        "butuh": [f"{need}:{answer}" for need in needs for answer in answers],
        "desil": [*map(str, range(1, 11)), "1-4", "2-3", "10-10", "tidak diketahui"],
        "kelompok": [*groups, *(f"{group}:{answer}" for group in groups for answer in answers)],
        "letak": [*QUALITY_TITLES],
    }


@st.composite
def _asked(draw: st.DrawFn, values: dict[str, list[str]]) -> dict[str, list[str]]:
    names = draw(st.sets(st.sampled_from([name for name in NAMES if values[name]])))
    return {name: draw(st.lists(st.sampled_from(values[name]), min_size=1, max_size=4)) for name in names}


@given(data=st.data())
def test_an_address_read_and_written_again_is_the_same_filter(data, assessment):
    asked = data.draw(_asked(_values(assessment)))
    chosen = read_filter(asked, assessment)
    assert read_filter(parse_qs(chosen.key()), assessment) == chosen
    again = {name: [value for key, value in chosen.query() if key == name] for name in NAMES}
    assert read_filter(again, assessment) == chosen
    assert (
        read_filter({name: [*reversed(words)] for name, words in asked.items()}, assessment).key()
        == chosen.key()
    )
    assert bool(chosen) == bool(asked)
    things = sum(
        len({word.partition(":")[0] for word in asked[name]})
        for name in ("zona", "butuh", "kelompok")
        if name in asked
    )
    others = sum(name in asked for name in ("kecamatan", "desa", "desil", "letak"))
    assert len(chosen.words(assessment)) == things + others


@given(data=st.data())
def test_parts_of_a_filter_must_all_hold(data, assessment, arrays):
    chosen = read_filter(data.draw(_asked(_values(assessment))), assessment)
    alone = [Filter(**{name: getattr(chosen, name)}) for name in NAMES]
    together = np.logical_and.reduce([arrays.mask(part) for part in alone])
    np.testing.assert_array_equal(arrays.mask(chosen), together)
    desa = frozenset(data.draw(st.lists(st.sampled_from(arrays.desa_codes), max_size=3)))
    np.testing.assert_array_equal(
        arrays.mask(chosen, desa), together & assessment.counted["kode_desa"].isin(desa).to_numpy(dtype=bool)
    )


@pytest.mark.parametrize("name", ["zona", "butuh", "desil", "kelompok", "letak"])
def test_the_values_of_one_thing_part_the_households(name, assessment, arrays):
    """Unknown is a value of its own: every household answers to exactly one value of each thing."""
    things: dict[str, list[np.ndarray]] = {}
    for value in _values(assessment)[name]:
        if (name == "desil" and "-" in value) or (name == "kelompok" and ":" not in value):
            continue
        thing = value.partition(":")[0] if name in {"zona", "butuh", "kelompok"} else name
        things.setdefault(thing, []).append(arrays.mask(read_filter({name: [value]}, assessment)))
    for masks in things.values():
        np.testing.assert_array_equal(np.sum(masks, axis=0), 1)


@pytest.mark.parametrize(("level", "column"), [("desa", "kode_desa"), ("kecamatan", "kode_kecamatan")])
def test_without_a_filter_the_counts_are_those_of_the_run(level, column, assessment, arrays):
    table = getattr(assessment, level)
    for indicator in arrays.needs:
        counts = filtered_counts(arrays, arrays.mask(Filter()), indicator, level)
        for part in ("need", "known", "unknown"):
            assert getattr(counts, part).tolist() == table[f"{indicator}_{part}"].tolist(), (column, part)
        assert counts.households.tolist() == table["households"].tolist()


@given(data=st.data())
def test_counts_of_the_answers_add_up(data, assessment, arrays):
    values = _values(assessment)
    chosen = read_filter(data.draw(_asked(values | {"butuh": []})), assessment)
    indicator = data.draw(st.sampled_from([*arrays.needs]))
    whole = filtered_counts(arrays, arrays.mask(chosen), indicator)
    parts = [
        filtered_counts(arrays, arrays.mask(replace(chosen, butuh=((indicator, answer),))), indicator)
        for answer in ("ya", "tidak", "belum")
    ]
    for place in range(4):
        np.testing.assert_array_equal(sum(part[place] for part in parts), whole[place])
    np.testing.assert_array_equal(parts[0].need, whole.need)
    np.testing.assert_array_equal(parts[2].unknown, whole.unknown)


def test_a_mask_is_what_the_table_says(assessment, arrays):
    counted = assessment.counted
    chosen = read_filter({"butuh": ["rtlh:ya"], "zona": ["coastal:pesisir"], "desil": ["1-2"]}, assessment)
    expected = (
        counted["need_rtlh"].fillna(value=False).astype(bool)
        & (counted["zone_coastal"].astype("str") == "pesisir")
        & counted["desil"].isin([1, 2])
    )
    assert expected.any()
    assert arrays.mask(chosen).tolist() == expected.tolist()


def test_whoever_sees_no_household_filters_desa_by_their_own_zone(assessment):
    public = for_audience(assessment, Level.PUBLIK)
    chosen = read_filter({"zona": ["coastal:pesisir"]}, public)
    expected = assessment.desa["zone_coastal"] == "pesisir"
    assert expected.any()
    assert chosen.areas(public).tolist() == expected.tolist()
    assert chosen.fields() == ("zone",)
    assert chosen.fields(areas=True) == ()
    assert len(household_arrays(public)) == 0


def test_areas_are_those_of_the_codes(assessment):
    desa = assessment.desa
    kecamatan = desa["kode_kecamatan"].iloc[0]
    assert read_filter({}, assessment).areas(assessment).all()
    inside = read_filter({"kecamatan": [kecamatan]}, assessment).areas(assessment)
    assert inside.tolist() == (desa["kode_kecamatan"] == kecamatan).tolist()
    one = read_filter({"kecamatan": [kecamatan], "desa": desa["kode_desa"].tolist()}, assessment)
    assert one.areas(assessment).tolist() == inside.tolist()


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({"zona": ["coastal:bulan"]}, "«coastal:bulan»"),
        ({"zona": ["pesisir"]}, "«pesisir»"),
        ({"butuh": ["rtlh"]}, "«rtlh»"),
        ({"butuh": ["rtlh:ya", "rtlh:mungkin"]}, "«rtlh:mungkin»"),
        ({"desil": ["4-1"]}, "«4-1»"),
        ({"desil": ["0"]}, "«0»"),
        ({"desil": ["1-11"]}, "«1-11»"),
        ({"desil": ["٣"]}, "«٣»"),
        ({"kelompok": ["pejabat"]}, "«pejabat»"),
        ({"letak": ["bulan"]}, "«bulan»"),
        (
            {"kecamatan": ["<img src=x onerror=alert(1)>\n\u202e" + "x" * 500]},
            "«<img src=x onerror=alert(1)>xxxxxxxxxxx…»",
        ),
        ({"desa": ["'; drop table"]}, "«'; drop table»"),
    ],
)
def test_a_value_that_the_run_does_not_know_is_refused_in_one_line(asked, part, assessment):
    with pytest.raises(SettingsError) as caught:
        read_filter(asked, assessment)
    message = str(caught.value)
    assert part in message
    assert message.isprintable()
    assert len(message) < 300


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=30), max_size=3)))
def test_whatever_an_address_holds_is_read_or_refused(asked):
    small = Assessment.__new__(Assessment)
    object.__setattr__(small, "facts", {"layers": [], "indicators": [], "groups": {"groups": []}})
    object.__setattr__(small, "desa", pd.DataFrame({"kode_desa": ["1"], "kode_kecamatan": ["1"]}))
    object.__setattr__(small, "groups", pd.DataFrame())
    with suppress(SettingsError):
        read_filter(asked, small)


@pytest.mark.parametrize("indicator", ["penyakit_kronis", "disabilitas"])
@pytest.mark.parametrize("answer", [":ya", ":belum", ""])
def test_health_is_never_filtered_on(indicator, answer, assessment, arrays):
    assert indicator in {known["id"] for known in assessment.facts["indicators"]}
    with pytest.raises(NotAllowed):
        read_filter({"butuh": [indicator + answer]}, assessment)
    assert indicator not in arrays.needs


def test_empty_and_other_names_ask_for_nothing(assessment):
    chosen = read_filter({"zona": [""], "desa": [" "], "indikator": ["rtlh"], "pusat": ["x"]}, assessment)
    assert chosen == Filter()
    assert (chosen.key(), chosen.words(assessment), chosen.fields()) == ("", [], ())


def test_households_are_found_by_their_row(arrays):
    rows = np.r_[arrays.sheet_row[[3, 0]], -5, arrays.sheet_row.max() + 1]
    assert arrays.positions(rows).tolist() == [3, 0, -1, -1]


def test_only_households_at_their_own_point_have_one(assessment, arrays):
    own = assessment.counted["location_quality"].isin(["gps", "gps_border"])
    assert arrays.has_point.sum() == (own & assessment.counted.geometry.notna()).sum() > 0
    assert np.isfinite(arrays.x[arrays.has_point]).all()
    assert np.isnan(arrays.x[~arrays.has_point]).all()


def test_marks_are_drawn_in_one_order_everywhere():
    assert CLASSES == DRAWING_ORDER


def test_a_run_without_a_column_answers_unknown(assessment):
    bare = assessment.households.drop(columns=["desil", "need_rtlh", "zone_coastal", "group_pesisir"])
    arrays = household_arrays(replace(assessment, households=bare))
    for asked in (
        {"desil": ["tidak diketahui"]},
        {"butuh": ["rtlh:belum"]},
        {"zona": ["coastal:tidak diketahui"]},
        {"kelompok": ["pesisir:belum"]},
    ):
        assert arrays.mask(read_filter(asked, assessment)).all()

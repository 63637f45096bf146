"""The search by likeness: what makes it fast changes nothing of what it finds."""

from unittest.mock import patch

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from geo.gazetteer import likeness
from geo.gazetteer.likeness import EVERYWHERE, NONE, SEVERAL, Spellings, Words
from geo.gazetteer.spelling import modern_key, sound_key

NAMES = st.text("aiokrstuw", min_size=1, max_size=9)
GROUPS = 3


@st.composite
def spellings(draw: st.DrawFn) -> Spellings:
    """Draw areas in groups, some with several keys, many with those of another."""
    keys = draw(st.lists(st.lists(NAMES, min_size=1, max_size=3, unique=True), min_size=1, max_size=12))
    keys += draw(st.lists(st.sampled_from(keys), max_size=8))
    group = np.sort(draw(st.lists(st.integers(0, GROUPS - 1), min_size=len(keys), max_size=len(keys))))
    area = np.repeat(np.arange(len(keys)), [len(one) for one in keys])
    return Spellings(pa.array([key for one in keys for key in one], pa.string()), area, group[area])


ASKED = st.lists(st.tuples(NAMES, st.integers(EVERYWHERE, GROUPS - 1)), min_size=1, max_size=12)


def arrays(asked: list[tuple[str, int]]) -> tuple[pa.Array, np.ndarray]:
    names, groups = zip(*asked, strict=True)
    return pa.array(names, pa.string()), np.array(groups)


@settings(deadline=None)
@given(spellings(), ASKED)
def test_the_nearest_areas_by_sound_are_those_of_a_search_through_all(known, asked):
    names, _ = arrays(asked)
    sounds = Words.of(names).sound
    columns = np.arange(len(known.area))
    with patch.object(likeness, "_COUNTABLE", 0):
        keys, slips = known._closest(sounds, columns)
    all_sounds = sound_key(modern_key(known.plain)).to_pylist()
    for place, sound in enumerate(sounds):
        ranked = sorted((OSA.distance(sound, other), key) for key, other in enumerate(all_sounds))
        best = {}
        for distance, key in ranked:
            best.setdefault(int(known.area[key]), (distance, key))
        expected = list(best.values())[: len(keys)]
        found = [(int(s), int(k)) for s, k in zip(slips[:, place], keys[:, place], strict=True) if k != NONE]
        assert found == expected


@settings(deadline=None)
@given(spellings(), ASKED)
def test_a_small_table_finds_the_same(known, asked):
    names, group = arrays(asked)
    whole = known.nearest(Words.of(names), group)
    with patch.object(likeness, "_CELLS", 1), patch.object(likeness, "_COUNTABLE", 0):
        parts = known.nearest(Words.of(names), group)
    for name, values in vars(whole).items():
        np.testing.assert_array_equal(values, vars(parts)[name])


@settings(deadline=None)
@given(spellings(), ASKED, st.sampled_from([0.5, 0.6, 1.0]))
def test_short_forms_looked_for_by_their_initial_are_those_of_a_search_through_all(known, asked, share):
    names, group = arrays(asked)
    least = np.full(len(asked), share)
    whole = known.short_for(names, group, least)
    with patch.object(likeness, "_BLOCKED", 0), patch.object(likeness, "_CELLS", 1):
        np.testing.assert_array_equal(known.short_for(names, group, least), whole)


def test_a_short_form_with_two_readings_has_none():
    keys = pa.array(["wonokerto", "wonokarto", "sidorejo"])
    known = Spellings(keys, np.arange(3), np.zeros(3, dtype=np.int64))
    short = pa.array(["wnkrt", "sdrj", "krt"])
    with patch.object(likeness, "_BLOCKED", 0):
        found = known.short_for(short, np.zeros(3, dtype=np.int64), np.full(3, 0.6))
    assert found.tolist() == [SEVERAL, 2, NONE]


def test_desa_of_one_name_are_compared_once():
    names = ["sukamaju", "sukasari"] * 40
    area = np.arange(len(names))
    known = Spellings(pa.array(names), area, area // 20)
    compared = []

    def counted(down: np.ndarray, across: np.ndarray) -> np.ndarray:
        compared.append(len(across))
        return np.array([[OSA.distance(a, b) for b in across] for a in down], dtype=np.uint8)

    with patch.object(likeness, "_COUNTABLE", 0), patch.object(likeness, "_slips_of_all", counted):
        found = known.nearest(Words.of(pa.array(["sukamajo"])), np.array([EVERYWHERE]))
    assert compared == [2]
    assert (found.area.tolist(), found.lead.tolist()) == ([0], [0.0])


def test_a_twin_beyond_the_nearest_by_sound_is_still_a_rival():
    names = ["poleonro", "poleonro", "punro", "puanra"]
    known = Spellings(pa.array(names), np.arange(4), np.arange(4))
    found = known.nearest(Words.of(pa.array(["poleonr", "poleonr"])), np.array([EVERYWHERE, 0]))
    assert found.area.tolist() == [0, 0]
    assert found.lead[0] == 0 < found.lead[1]


def test_a_brief_name_with_two_names_as_near_is_neither():
    names = ["pollo", "poli", "wanasari"]
    known = Spellings(pa.array(names), np.arange(3), np.array([0, 0, 1]))
    words = Words.of(pa.array(["poll", "polo", "pollo", "wnsr"]))
    everywhere = np.full(4, EVERYWHERE)
    assert known.equalled(words, everywhere, np.array([0, 0, 0, 2])).tolist() == [True, True, False, False]
    with patch.object(likeness, "_CELLS", 1):
        assert known.equalled(words, everywhere, np.array([0, 0, 0, 2])).tolist() == [
            True,
            True,
            False,
            False,
        ]


def test_all_desa_that_a_dropped_side_leaves_are_equally_like():
    names = ["klidanglor", "klidangwetan", "klidungan"]
    known = Spellings(pa.array(names), np.arange(3), np.zeros(3, dtype=np.int64))
    ((_, like),) = known.likeness(pa.array(["klidang"]))
    assert like[0, 0] == like[0, 1] > like[0, 2]
    ((_, like),) = known.likeness(pa.array(["klidangkidul"]))
    assert like[0].max() < 80


def test_a_group_without_spellings_has_nothing_near():
    known = Spellings(pa.array(["doro"]), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    found = known.nearest(Words.of(pa.array(["doro"])), np.array([5]))
    assert pd.Series(found.area).eq(NONE).all()

"""The judge of what a row says: clear, tied, contradicted, silent."""

import numpy as np
import pandas as pd
import pytest

from geo.boundaries import Boundaries
from geo.evaluation.drafts import ABROAD, BROKEN, clean_draft
from geo.evaluation.ground import Ground, make_houses
from geo.evaluation.judge import OPEN, RESOLVABLE, UNSURE, VOID, costs, judge

WANASARI, MAKMUR_1, MAKMUR_2 = 5, 3, 4


@pytest.fixture(scope="module")
def ground(district: Boundaries) -> Ground:
    return Ground.of(district, 100.0)


def verdict(ground: Ground, place: int, **said: object) -> str:
    houses = make_houses(ground, np.array([place]), np.random.default_rng(1)).assign(clear_m=500.0)
    return str(judge(clean_draft(ground, houses).assign(**said), ground).iloc[0])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, RESOLVABLE),
        ({"name_said": "Wansari"}, RESOLVABLE),
        ({"name_said": "Wonosari"}, RESOLVABLE),
        ({"name_said": "Xqvwzk"}, OPEN),
        ({"kec_said": "Pesisir Raya"}, OPEN),
        ({"code_said": MAKMUR_1}, UNSURE),
        ({"code_said": WANASARI, "name_said": ""}, RESOLVABLE),
        ({"code_said": MAKMUR_1, "name_said": ""}, VOID),
        ({"elsewhere": True}, UNSURE),
        ({"name_said": ""}, UNSURE),
        ({"name_said": "", "kec_said": "", "point": "exact"}, RESOLVABLE),
        ({"name_said": "", "kec_said": "", "point": "exact", "clear_m": 40.0}, OPEN),
        ({"name_said": "", "kec_said": "", "point": "exact", "off_m": 60.0}, VOID),
        ({"point": "exact", "off_m": 900.0}, UNSURE),
        ({"point": "exact", "off_m": 60.0}, RESOLVABLE),
        ({"point": "unusable"}, RESOLVABLE),
        ({"code_said": ABROAD}, OPEN),
        ({"code_said": BROKEN}, RESOLVABLE),
        ({"code_said": BROKEN, "name_said": "", "kec_said": "", "point": "exact"}, OPEN),
        ({"name_said": "Wanas", "shortened": "truncated"}, RESOLVABLE),
        ({"name_said": "Wan", "shortened": "truncated"}, OPEN),
    ],
)
def test_a_row_is_judged_by_what_it_says(ground, said, expected):
    assert verdict(ground, WANASARI, **said) == expected


def test_a_name_that_two_desa_share_needs_a_kecamatan_or_a_point(ground):
    assert verdict(ground, MAKMUR_1) == RESOLVABLE
    assert verdict(ground, MAKMUR_1, kec_said="") == UNSURE
    assert verdict(ground, MAKMUR_1, kec_said="", point="exact") == RESOLVABLE
    assert verdict(ground, MAKMUR_1, kec_said="", point="context") == OPEN
    assert verdict(ground, MAKMUR_1, kec_said="", code_said=BROKEN) == OPEN
    assert verdict(ground, MAKMUR_2, kec_said="", code_said=MAKMUR_2) == RESOLVABLE


def test_a_name_that_was_turned_into_another_is_no_witness(ground):
    assert verdict(ground, WANASARI, name_said="Tegal Rejo") == VOID


def test_an_old_spelling_costs_half_a_letter_and_an_error_a_whole_one():
    names = [["sumberrejo"], ["karanganyar", "karangsono"]]
    assert costs(["soemberredjo", "sumberejo", "karangsno"], names).min(axis=1).tolist() == [0.5, 1.0, 1.0]


def test_every_clean_row_is_resolvable(ground):
    places = np.arange(len(ground.desa))
    draft = clean_draft(ground, make_houses(ground, places, np.random.default_rng(2)))
    assert pd.unique(judge(draft, ground)).tolist() == [RESOLVABLE]

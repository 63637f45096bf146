"""Quotas as people write them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.targeting.quotas import read_quota
from tests.geo.small import HOSTILE


@pytest.mark.parametrize(
    ("text", "kind", "who", "is_least", "amount", "is_share"),
    [
        ("zone:coastal:pesisir>=20", "zone", "coastal:pesisir", True, 20, False),
        (" kecamatan:33.26.09 <= 10 % ", "kecamatan", "33.26.09", False, Fraction(1, 10), True),
        ("desa:33.26.09.2001≤12,5%", "desa", "33.26.09.2001", False, Fraction(1, 8), True),
        ("group:tepi_hutan≥3", "group", "tepi_hutan", True, 3, False),
        ("zone:forest_edge:di tepi>=0", "zone", "forest_edge:di tepi", True, 0, False),
    ],
)
def test_quotas_are_read(text: str, kind: str, who: str, is_least: bool, amount: Fraction, is_share: bool):
    quota = read_quota(text)
    assert (quota.kind, quota.who, quota.is_least) == (kind, who, is_least)
    assert (quota.amount, quota.is_share) == (amount, is_share)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "tidak dimengerti"),
        ("pesisir>=20", "tidak dimengerti"),
        ("zone:coastal:pesisir>20", "tidak dimengerti"),
        ("zone:coastal:pesisir=20", "tidak dimengerti"),
        ("zone:coastal:pesisir>=-1", "tidak dimengerti"),
        ("zone:coastal:pesisir>=1.000", "tanpa titik atau koma"),
        ("zone:coastal:pesisir>=101%", "paling besar 100"),
        (f"zone:{HOSTILE}>=", "tidak dimengerti"),
    ],
)
def test_what_is_no_quota_is_refused(text: str, told: str):
    with pytest.raises(SettingsError) as fault:
        read_quota(text)
    assert told in str(fault.value)
    assert all(letter.isprintable() for letter in str(fault.value))


@given(st.text())
def test_any_text_is_read_or_refused(text: str):
    try:
        quota = read_quota(text)
    except SettingsError:
        return
    assert quota.amount >= 0


@given(
    percent=st.integers(0, 100),
    is_least=st.booleans(),
    flags=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12),
)
def test_the_row_of_a_quota_is_the_quota(percent: int, is_least: bool, flags: list[tuple[bool, bool]]):
    members, chosen = (np.array(part) for part in zip(*flags, strict=True))
    sense = ">=" if is_least else "<="
    inside, everybody = int((members & chosen).sum()), int(chosen.sum())
    weights, side = read_quota(f"group:a{sense}{percent}%").row(members)
    held = inside * 100 >= percent * everybody if is_least else inside * 100 <= percent * everybody
    assert (weights @ chosen <= side) == held
    weights, side = read_quota(f"group:a{sense}{percent}").row(members)
    assert (weights @ chosen <= side) == (inside >= percent if is_least else inside <= percent)


def test_the_words_of_a_quota_are_indonesian():
    assert read_quota("group:a>=1500").words("Petani") == "Petani paling sedikit 1.500"
    assert read_quota("group:a<=33,3%").words("Petani") == "Petani paling banyak 33,3 % dari yang dipilih"

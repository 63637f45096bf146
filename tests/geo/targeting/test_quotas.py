"""Quotas as people write them."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.settings import SelectionSettings
from geo.targeting import check_selection
from geo.targeting.members import Titles
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


AREAS = pd.DataFrame(
    {
        "kode_desa": ["99.01.01.2001"],
        "nama_desa": ["Contoh"],
        "kode_kecamatan": ["99.01.01"],
        "nama_kecamatan": ["K"],
    }
)


@pytest.mark.parametrize(
    "quotas",
    [
        (),
        ("zona:coastal:pesisir>=20", "zone:urban:luar<=10%", "zone:forest_edge:di tepi>=1"),
        ("kelompok:pesisir>=2", "group:pesisir<=9"),
        ("kecamatan:99.01.01>=1", "desa:99.01.01.2001<=5"),
    ],
)
def test_what_can_be_asked_passes_before_any_household_is_read(quotas: tuple[str, ...]):
    check_selection(SelectionSettings(quotas=quotas), AREAS, ["pesisir"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quotas": ("pesisir>=5",)}, "tidak dimengerti"),
        ({"quotas": ("zona:laut:pesisir>=5",)}, "lapisan zona «laut», yang tidak ada"),
        ({"quotas": ("zona:coastal:dara>=5",)}, "Yang ada: dekat pantai (Dekat pantai), luar, pesisir"),
        ({"quotas": ("zona:coastal>=5",)}, "tidak menyebut zonanya. Tulis zona:coastal:ZONA"),
        ({"quotas": ("kelompok:petani>=5",)}, "kelompok sasaran «petani», yang tidak ada. Yang ada: pesisir"),
        ({"quotas": ("desa:99.01.01.2009>=5",)}, "desa «99.01.01.2009», yang tidak ada"),
        ({"quotas": ("kecamatan:99.01>=5",)}, "kecamatan «99.01», yang tidak ada"),
        ({"unit_costs": {"kucing": 1.0}}, "«kucing», yang tidak ada"),
        ({"unit_costs": {"rtlh": -1.0}}, "paling kecil 0"),
        ({"budget": 5e6}, "tanpa biaya satuan"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_any_household_is_read(changes: dict[str, object], told: str):
    with pytest.raises(SettingsError) as fault:
        check_selection(SelectionSettings.model_validate(changes), AREAS, ["pesisir"])
    assert told in str(fault.value)


def test_a_derived_zone_says_so_once_and_within_one_pair_of_brackets():
    titles = Titles({}, {"coastal": "Pesisir (proksi)", "forest_edge": "Tepi hutan (proksi)"})
    assert titles.zone("coastal", "pesisir") == "Pesisir (desa menyentuh laut, proksi)"
    assert titles.zone("coastal", "dekat pantai") == "Dekat pantai (proksi)"
    assert titles.zone("forest_edge", "tepi hutan (proksi)").count("proksi") == 1

"""Wishes read from forms and addresses, and written into addresses again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.choosing import Places, Wish, is_asked, read_address, read_form, usual_wish
from geo.settings import SelectionSettings, TargetingSettings

PLACES = Places(
    {
        "zona": {"coastal:pesisir": "Pesisir (desa menyentuh laut)", "coastal:luar": "Di luar zona pesisir"},
        "kelompok": {"pesisir": "Nelayan"},
        "kecamatan": {"99.01.01": "Utara", "99.01.02": "Selatan"},
        "desa": {
            "99.01.01.2001": "Sukamaju (Utara)",
            "99.01.02.2001": "Sukamaju (Selatan)",
            "99.01.02.2002": "Karang (Selatan)",
        },
    }
)
USUAL = usual_wish(TargetingSettings(), SelectionSettings())


def form(**fields: str | list[str]) -> dict[str, list[str]]:
    usual = {"jumlah": "100", "dari": "any", "per_desa": "1"}
    return {name: value if isinstance(value, list) else [value] for name, value in (usual | fields).items()}


def quota(kind: str, who: str, sense: str, amount: str, unit: str = "") -> dict[str, list[str]]:
    names = ("kuota_jenis", "kuota_siapa", "kuota_arah", "kuota_banyak", "kuota_satuan")
    return {name: [value] for name, value in zip(names, (kind, who, sense, amount, unit), strict=True)}


def test_a_form_becomes_settings():
    asked = read_form(
        form(
            jumlah="",
            anggaran="Rp 2.000.000.000",
            biaya_rtlh="20.000.000",
            bobot_rtlh="4,5",
            per_desa="3",
            dari="rtlh",
            **quota("kecamatan", "utara", ">=", "12,5", "%"),
        ),
        USUAL,
        PLACES,
    )
    assert asked.wish is not None, asked.faults
    selection = asked.wish.selection
    assert (selection.number, selection.budget, selection.unit_costs) == (None, 2e9, {"rtlh": 2e7})
    assert (selection.of, selection.least_a_desa, selection.quotas) == (
        "rtlh",
        3,
        ("kecamatan:99.01.01>=12.5%",),
    )
    assert asked.wish.weights.rtlh == 4.5
    assert asked.wish.weights.jamban == TargetingSettings().jamban


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"jumlah": "x"}, "jumlah", "bukan bilangan"),
        ({"jumlah": "0"}, "jumlah", "Paling kecil 1."),
        ({"jumlah": "2,5"}, "jumlah", "bilangan bulat"),
        ({"jumlah": ""}, "jumlah", "Isi jumlah"),
        ({"anggaran": "1000"}, "anggaran", "biaya satuan"),
        ({"anggaran": "-5", "biaya_rtlh": "1"}, "anggaran", "lebih dari 0"),
        ({"biaya_rtlh": "-1"}, "biaya_rtlh", "paling kecil 0"),
        ({"biaya_disabilitas": "1"}, "", "Biaya hanya untuk"),
        ({"bobot_rtlh": "-1"}, "bobot_rtlh", "Paling kecil 0."),
        ({"bobot_rtlh": "1e400"}, "bobot_rtlh", "bukan bilangan"),
        ({"bobot_rtlh": "1000"}, "bobot_rtlh", "terlalu besar"),
        ({"per_desa": "0"}, "per_desa", "Paling kecil 1."),
        ({"dari": "kucing"}, "dari", "salah satu dari rtlh"),
    ],
)
def test_a_fault_stands_at_its_field(fields: dict[str, str], field: str, said: str):
    asked = read_form(form(**fields), USUAL, PLACES)
    assert asked.wish is None
    assert set(asked.faults) == {field}
    assert said.casefold() in asked.faults[field].casefold()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("kecamatan", "Utarra", ">=", "5"), "Mungkin maksudnya Utara"),
        (("desa", "Sukamaju", ">=", "5"), "Ada beberapa desa"),
        (("desa", "", ">=", "5"), "Sebut desa"),
        (("desa", "Karang", ">=", ""), "Isi banyaknya"),
        (("desa", "Karang", ">=", "2,5"), "bilangan bulat"),
        (("desa", "Karang", ">=", "101", "%"), "paling besar 100"),
        (("kota", "Karang", ">=", "1"), "Pilih jenis"),
        (("desa", "Karang", "<", "1"), "Pilih jenis"),
    ],
)
def test_a_wrong_quota_says_why_in_its_row(row: tuple[str, ...], said: str):
    asked = read_form(form(**quota(*row)), USUAL, PLACES)
    assert asked.wish is None
    assert said in asked.quotas[0].fault


def test_an_empty_row_of_a_quota_asks_for_nothing():
    asked = read_form(form(**quota("kecamatan", "", ">=", "")), USUAL, PLACES)
    assert asked.wish == USUAL
    assert not asked.quotas


def test_no_weight_of_health_is_ever_read():
    usual = usual_wish(TargetingSettings(disabilitas=2.0, penyakit_kronis=1.0), SelectionSettings())
    asked = read_form(form(bobot_disabilitas="5"), usual, PLACES)
    assert asked.wish is not None
    assert (asked.wish.weights.disabilitas, asked.wish.weights.penyakit_kronis) == (0.0, 0.0)


COSTS = st.dictionaries(
    st.sampled_from(["rtlh", "jamban", "babs"]), st.integers(0, 10**8).map(float), min_size=1
)
QUOTAS = st.lists(
    st.sampled_from(
        [
            "kecamatan:99.01.01>=20",
            "zona:coastal:pesisir<=12.5%",
            "kelompok:pesisir>=3",
            "desa:99.01.01.2001<=5",
        ]
    ),
    unique=True,
)
WEIGHTS = st.builds(
    lambda rtlh, gap: TargetingSettings(rtlh=rtlh / 4, gap=gap / 10), st.integers(0, 40), st.integers(0, 40)
)
SELECTIONS = st.builds(
    SelectionSettings,
    number=st.one_of(st.none(), st.integers(1, 10**6)),
    budget=st.one_of(st.none(), st.integers(1, 10**12).map(float)),
    unit_costs=COSTS,
    of=st.sampled_from(["any", "rtlh", "jamban_sendiri"]),
    least_a_desa=st.integers(1, 50),
    quotas=QUOTAS.map(tuple),
).filter(lambda selection: selection.number is not None or selection.budget is not None)
WISHES = st.builds(Wish, WEIGHTS, SELECTIONS)


@given(WISHES, WISHES)
def test_an_address_brings_the_wish_back(wish: Wish, usual: Wish):
    query: dict[str, list[str]] = {}
    for name, value in wish.query(usual):
        query.setdefault(name, []).append(value)
    assert is_asked(query)
    asked = read_address(query, usual, PLACES)
    assert asked.wish is not None, (asked.faults, asked.quotas)
    assert asked.wish == wish
    assert asked.wish.key("a") == wish.key("a") != wish.key("b")


def test_a_hostile_address_is_a_fault_and_no_breakdown():
    asked = read_address({"kuota": ["<img src=x>", "desa:99>=1"], "jumlah": ["${1}"]}, USUAL, PLACES)
    assert asked.wish is None
    assert all(row.fault for row in asked.quotas)

"""Golden houses for RTLH by BPS/SDG 11.1.1(a), written from the definition."""

import pandas as pd
import pytest

from geo.errors import SettingsError
from geo.indicators.base import Answer
from geo.indicators.rtlh import RTLH
from geo.settings import IndicatorSettings

FIT = {
    "jenis_atap": 2, "jenis_dinding": 1, "jenis_lantai": 2, "luas_lantai": 48.0, "jumlah_art": 4, "sumber_air": 5,
    "fasilitas_bab": 1, "jenis_kloset": 1, "buang_tinja": 1,
}  # fmt: skip
"""Tiled roof, brick wall, ceramic floor, 12 m² a person, protected well, own layak jamban."""


def judge(zone: str = "luar", **changes: float | None) -> Answer:
    house = pd.DataFrame({name: [value] for name, value in (FIT | changes).items()})
    kinds = dict.fromkeys(house, "Int8") | {"luas_lantai": "Float32", "jumlah_art": "Int16"}
    return RTLH.in_need(house.astype(kinds).assign(zone_urban=zone), IndicatorSettings())


GOLDEN = [
    ({}, False),
    ({"jenis_lantai": 6, "jenis_atap": 3, "luas_lantai": 32}, False),  # cement, zinc, 8 m² each: layak by BPS
    ({"jenis_atap": 4}, True),  # asbestos
    ({"jenis_atap": 1}, False),
    ({"jenis_atap": 5}, False),
    ({"jenis_atap": 6}, True),
    ({"jenis_atap": 7}, True),
    ({"jenis_dinding": 2}, False),  # plaited bamboo, plastered
    ({"jenis_dinding": 3}, False),
    ({"jenis_dinding": 5}, False),
    ({"jenis_dinding": 4}, True),
    ({"jenis_dinding": 6}, True),
    ({"jenis_lantai": 5}, False),
    ({"jenis_lantai": 7}, True),
    ({"jenis_lantai": 8}, True),  # earth
    ({"luas_lantai": 28.7}, True),
    ({"luas_lantai": 28.8}, False),  # 7.2 m² each exactly
    ({"luas_lantai": 36, "jumlah_art": 5}, False),  # 7.2 again
    ({"luas_lantai": 8, "jumlah_art": 1}, False),
    ({"luas_lantai": None}, None),
    ({"jumlah_art": None}, None),
    ({"sumber_air": 6}, True),
    ({"sumber_air": 8}, True),
    ({"sumber_air": 9}, True),
    ({"sumber_air": 10}, False),  # rain water
    ({"sumber_air": 1}, None),  # bottled: layak only with layak water for washing, which nobody asked
    ({"sumber_air": 2}, None),
    ({"sumber_air": None}, None),
    ({"fasilitas_bab": 6, "jenis_kloset": None, "buang_tinja": None}, True),
    ({"fasilitas_bab": 2}, False),  # shared with particular households is layak
    ({"fasilitas_bab": None}, None),
    ({"jenis_atap": None}, None),
    ({"jenis_atap": None, "jenis_lantai": 8}, True),  # one failure decides, whatever is missing
    ({"sumber_air": 1, "jenis_dinding": 4}, True),
]


@pytest.mark.parametrize(("changes", "expected"), GOLDEN)
def test_golden_houses(changes, expected):
    answer = judge(**changes)
    found = answer.need.iloc[0]
    assert pd.isna(found) if expected is None else found == expected
    assert (answer.why.iloc[0] == "") == (expected is False)
    assert pd.isna(answer.beside["severity_rtlh"].iloc[0]) == (expected is None)


@pytest.mark.parametrize("members", range(1, 31))
def test_exactly_the_least_area_is_enough_for_any_number_of_members(members):
    assert not judge(luas_lantai=round(7.2 * members, 1), jumlah_art=members).need.iloc[0]
    assert judge(luas_lantai=round(7.2 * members, 1) - 0.1, jumlah_art=members).need.iloc[0]


def test_a_pit_is_layak_in_a_rural_desa_only():
    assert not judge(buang_tinja=4).need.iloc[0]
    assert judge("perkotaan", buang_tinja=4).need.iloc[0]
    assert pd.isna(judge("tidak diketahui", buang_tinja=4).need.iloc[0])


def test_the_reason_names_what_failed_and_what_is_missing():
    assert judge(jenis_lantai=8, luas_lantai=20).why.iloc[0] == "lantai tanah; luas di bawah 7,2 m² per orang"
    assert judge(jenis_atap=None, sumber_air=1).why.iloc[0] == "belum ada data: atap; air minum"


def test_severity_is_the_share_of_components_that_fail():
    assert judge().beside["severity_rtlh"].iloc[0] == 0
    worst = judge(jenis_atap=7, jenis_dinding=6, jenis_lantai=8, luas_lantai=9, sumber_air=9, fasilitas_bab=6)
    assert worst.beside["severity_rtlh"].iloc[0] == 1
    assert judge(jenis_atap=7, jenis_dinding=6, jenis_lantai=8).beside["severity_rtlh"].iloc[0] == 0.5


def test_an_unknown_profile_is_refused_and_every_profile_names_its_source():
    with pytest.raises(SettingsError, match="bps_sdg"):
        RTLH.profile(IndicatorSettings(rtlh_profile="karangan"))
    assert RTLH.profile(IndicatorSettings()) == "bps_sdg 2022"
    assert "Indikasi" in RTLH.definition(IndicatorSettings())

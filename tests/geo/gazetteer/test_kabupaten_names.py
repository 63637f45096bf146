"""Which cells name another kabupaten: names that are clearly others, not short forms of ours, and not silence."""

import pytest

from geo.gazetteer.kabupaten_names import is_another
from geo.gazetteer.spelling import tidy


def another(text: str, district: str, code: str = "3301") -> bool:
    return bool(is_another(tidy([text]), district, frozenset({code}), 85.0)[0])


@pytest.mark.parametrize(
    "text",
    ["Kab. Skl", "SKL", "Sklr", "Kab. Sukal.", "KAB SKLR, JATENG", "Kab. Sklr Jateng", "Sukalor", "Jawa Tengah",
     "Prov. Jawa Tengah", "jateng", "-", "?", "xxx", "K", "tidak tahu", "idem", "33.01", ""],
)  # fmt: skip
def test_a_short_form_of_ours_our_province_and_silence_name_no_other(text):
    assert not another(text, "Kabupaten Sukalor")


@pytest.mark.parametrize(
    "text",
    ["Wetanan", "Kab. Wtn", "Kota Sukalor", "Kota Sklr", "Sklr, Wetanan", "Jawa Barat", "Prov. Jawa Timur", "3302",
     "Kota Jawa Tengah", "Suka", "Salor Baru"],
)  # fmt: skip
def test_a_name_unlike_ours_the_other_kind_another_province_or_code_is_another(text):
    assert another(text, "Kabupaten Sukalor")


def test_initials_are_those_of_every_word():
    assert [another(text, "Kabupaten Hulu Sungai Anu") for text in ("HSA", "Hulsa", "HST", "Hulu")] == [
        False, False, True, True,
    ]  # fmt: skip


def test_a_kota_is_short_for_itself_and_not_for_the_kabupaten():
    assert [another(text, "Kota Sukalor") for text in ("Kota Sklr", "Sklr", "Kab. Sklr")] == [
        False,
        False,
        True,
    ]


def test_a_province_says_nothing_where_ours_is_not_known():
    assert not another("Jawa Barat", "Kabupaten Sukalor", "9901")

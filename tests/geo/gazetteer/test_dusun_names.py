"""Names of dusun, for the machine and for a reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.gazetteer.dusun_names import dusun_keys, dusun_titles


@pytest.mark.parametrize(
    "nothing", ["", "-", "N/A", "tidak ada", "0", "RT 01 RW 02", "Dusun", "Dsn. RT 2/RW 1", None]
)
def test_what_only_fills_a_cell_names_no_dusun(nothing):
    assert dusun_keys([nothing]) == dusun_titles([nothing]) == [""]


@pytest.mark.parametrize(("one", "other"), [("Ngasem", "Gasem"), ("Nolo", "Olo"), ("Dusun I", "Dusun II")])
def test_names_that_differ_in_a_letter_or_a_number_stay_two(one, other):
    assert dusun_keys([one]) != dusun_keys([other])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("DK. KRAJAN", "Krajan"), ("krajan ii", "Krajan II"), ("Lingk. 05 RT 1", "Dusun 5"), ("dsn iv", "Dusun IV"),
        ("Kp.  baru ", "Baru"), ("Karang Lor RT 001/RW 002", "Karang Lor"),
    ],
)  # fmt: skip
def test_a_reader_sees_the_name_without_what_stands_around_it(written, read):
    assert dusun_titles([written]) == [read]


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_whatever_is_written_has_a_key_and_a_title_of_letters(names):
    titles = dusun_titles(names)
    assert len(dusun_keys(names)) == len(titles) == len(names)
    assert not any(set(title) & set("<>&\"'\\\n\x00\u202e") for title in titles)

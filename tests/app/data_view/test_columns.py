"""Corrections of columns, as a form sends them."""

from typing import Any

import pytest

from app.data_view.columns import BY_ITSELF, NOTHING, corrected, fits, offered
from geo.columns.choice import ColumnChoice
from geo.errors import UnknownColumns

NONE = ColumnChoice()


def report(**meanings: str) -> dict[str, Any]:
    return {
        "headings": [{"text": text, "meaning": meaning} for text, meaning in meanings.items()],
        "signature": "s",
    }


SHEET = report(NIK="nik", Nomor="", Nama="nama", Kode="kode_tertulis")


def test_what_is_left_as_it_is_stays_unsaid():
    assert corrected(NONE, SHEET, {0: "nik", 1: "", 2: "nama", 3: "kode_tertulis"}, {}) == NONE


def test_a_meaning_given_to_another_column_leaves_the_one_that_had_it():
    found = corrected(NONE, SHEET, {0: "nik", 1: "nik", 2: "nama"}, {})
    assert found == ColumnChoice({"nik": "Nomor"})


def test_a_column_is_ignored_and_recognised_again():
    ignored = corrected(NONE, SHEET, {3: NOTHING}, {})
    assert ignored == ColumnChoice(ignored=("Kode",))
    assert corrected(ignored, report(NIK="nik", Kode=""), {1: BY_ITSELF}, {}) == NONE


def test_places_of_all_rows_are_kept_and_nothing_else():
    found = corrected(
        NONE, SHEET, {}, {"desa_tertulis": "  Muara \x00 Lor ", "kecamatan_tertulis": " ", "nik": "1"}
    )
    assert found.constants == {"desa_tertulis": "Muara Lor"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({1: "desil", 3: "desil"}, "Dua kolom"),
        ({1: "gaji"}, "tidak dikenal"),
        ({9: "nik"}, "diperiksa ulang"),
    ],
)
def test_what_contradicts_itself_is_refused(said: dict[int, str], told: str):
    with pytest.raises(UnknownColumns, match=told):
        corrected(NONE, SHEET, said, {})


def test_of_ten_thousand_headings_the_used_ones_are_offered_first():
    headings = [{"text": f"k{place}", "meaning": ""} for place in range(10_000)] + [
        {"text": "NIK", "meaning": "nik"}
    ]
    found = offered({"headings": headings})
    assert len(found) == 120
    assert found[0][0] == 10_000


def test_only_corrections_of_the_same_headings_fit():
    assert fits({"headings": "s", "columns": {"nik": "Nomor"}}, SHEET)
    assert not fits({"headings": "s"}, SHEET)
    assert not fits({"headings": "lain", "ignored": ["Kode"]}, SHEET)

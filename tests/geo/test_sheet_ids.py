"""Identifiers of printed sheets: read back as they were written, however they are typed, and one mark a run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.sheet_ids import LETTERS, MARK_LENGTH, SheetId, read_sheet_id, run_mark

marks = st.text(LETTERS, min_size=MARK_LENGTH, max_size=MARK_LENGTH)
codes = st.from_regex(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}", fullmatch=True).filter(str.isascii)
sheets = st.builds(SheetId, codes, st.integers(0, 999), marks)


@given(sheets, st.sampled_from(["-", " ", " - ", "\u2013", "  "]), st.booleans())
def test_what_is_printed_is_read_however_it_is_typed(sheet: SheetId, between: str, small: bool):
    typed = f"{sheet.kode_desa}{between}{sheet.part}{between}{sheet.mark}"
    assert read_sheet_id(str(sheet)) == sheet
    assert read_sheet_id(f" {typed.lower() if small else typed} ") == sheet
    assert read_sheet_id(f"{sheet.kode_desa}{between}{sheet.mark}") == SheetId(sheet.kode_desa, 0, sheet.mark)


@given(sheets)
def test_letters_that_are_mistaken_for_figures_do_not_matter(sheet: SheetId):
    mistaken = sheet.mark.replace("1", "I").replace("0", "o")
    assert read_sheet_id(f"{sheet.kode_desa}-{sheet.part}-{mistaken}") == sheet


@pytest.mark.parametrize(
    "wrong", ["", "33.26.01.2001", "K7Q2A", "33.26.01.2001-02-K7Q2", "33.26.01.2001-02-K7Q2AB", "33.26.01.2001-x-K7Q2A",
              "33.26.01.2001-1000-K7Q2A", "33.26.01.2001-02-K7QUA", "\u0663\u0663.26-K7Q2A", "9" * 5000]
)  # fmt: skip
def test_what_is_no_identifier_is_refused(wrong: str):
    with pytest.raises(SettingsError, match="Kode lembar"):
        read_sheet_id(wrong)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str):
    try:
        found = read_sheet_id(text)
    except SettingsError:
        return
    assert read_sheet_id(str(found)) == found


def test_another_run_has_another_mark():
    facts = {
        "created": "2026-01-05T08:00:00+07:00",
        "district": {"kode": "99.01"},
        "inputs": [{"sha256": "a"}],
    }
    others = [
        facts | {"created": "2026-01-05T08:00:01+07:00"},
        facts | {"district": {"kode": "99.02"}},
        facts | {"inputs": [{"sha256": "b"}]},
        facts | {"inputs": []},
    ]
    found = {run_mark(each) for each in [facts, *others, dict(facts)]}
    assert len(found) == 5
    assert all(len(mark) == MARK_LENGTH and {*mark} <= {*LETTERS} for mark in found)

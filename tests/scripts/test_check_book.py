"""The checker of books finds what is wrong: each law is broken on purpose."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pikepdf
import pytest

from geo.atlas import write_book
from geo.atlas.options import BookOptions
from geo.atlas.selection import whole_district
from geo.house_numbers import add_house_numbers
from scripts.book_checks import laws
from scripts.book_checks.faults import Findings
from scripts.book_checks.maps import Map, cell_letters, column_place, read_numbers
from scripts.book_checks.pages import MM, Page, read_pages
from scripts.book_checks.run import Truth, truth_of
from scripts.check_book import check_paper
from tests.geo.small import small_assessment


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Path]:
    given = small_assessment(households=60, kecamatan=1, desa=2)
    people = add_house_numbers(given.households)
    people["nama"] = [f"Nama {row}" for row in people["sheet_row"]]
    path = tmp_path_factory.mktemp("buku") / "buku.pdf"
    write_book(replace(given, households=people), whole_district(given), path, BookOptions(names=True))
    return truth_of(people, tuple(sorted(given.desa["kode_desa"]))), path


@pytest.fixture(scope="module")
def first_map(printed: tuple[Truth, Path]) -> Page:
    return next(page for page in read_pages(printed[1]) if page.kind == "map")


def broken(found: Findings) -> set[str]:
    return {law for law, faults in found.faults.items() if faults}


def told_otherwise(truth: Truth, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Truth:
    return replace(truth, households=change(truth.households.copy()).sort_index())


def edited(path: Path, out: Path, page: Page, change: Callable[[pikepdf.Page, list[Any]], None]) -> Path:
    """Write the book with the operators of one page changed."""
    with pikepdf.open(path) as pdf:
        target = pdf.pages[page.number - 1]
        parsed: list[Any] = pikepdf.parse_content_stream(target)
        operators = [[list(operands), operator] for operands, operator in parsed]
        change(target, operators)
        target.obj.Contents = pdf.make_stream(
            pikepdf.unparse_content_stream([tuple(each) for each in operators])
        )
        pdf.save(out)
    return out


def text_of(operators: list[Any], place: int) -> int:
    """Return where the text stands that a reader finds at a place."""
    shown = [at for at, (_, operator) in enumerate(operators) if str(operator) == "Tj"]
    return shown[place]


def a_number(page: Page) -> int:
    """Return which text of a page is a house number."""
    label = Map(page, page.views[0]).labels[3]
    return next(place for place, text in enumerate(page.texts) if text is label.text)


def test_a_good_book_is_good(printed: tuple[Truth, Path]) -> None:
    truth, path = printed
    found = check_paper(truth, path)
    assert found.kept((*laws.ALWAYS, laws.NAMES, laws.CLASSES)), found.report()
    assert "ok   every household is in the lists exactly once: 0 faults" in found.report()


def test_a_law_that_nothing_was_tried_on_is_not_kept() -> None:
    assert not Findings().kept(laws.ALWAYS)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda table: table.drop(table.index[5]), {laws.LISTS}),
        (lambda table: pd.concat([table, table.iloc[:1].rename({1: 999}, level=1)]), {laws.LISTS}),
        (lambda table: table.assign(nama=np.roll(table["nama"], 1)), {laws.NAMES}),
        (lambda table: table.assign(lon=table["lon"] + 0.00005), {laws.MARKS}),
        (lambda table: table.assign(lon=table["lon"] + 0.002), {laws.MARKS, laws.CELLS}),
        (
            lambda table: table.assign(lat=np.roll(table["lat"], 1), lon=np.roll(table["lon"], 1)),
            {laws.BESIDE},
        ),
        (lambda table: table.assign(**{"class": np.roll(table["class"], 1)}), {laws.CLASSES}),
    ],
)
def test_a_book_of_other_households_is_found_out(
    printed: tuple[Truth, Path], change: Callable[[pd.DataFrame], pd.DataFrame], expected: set[str]
) -> None:
    truth, path = printed
    assert expected <= broken(check_paper(told_otherwise(truth, change), path))


def _drop(page: Page) -> Callable[[pikepdf.Page, list[Any]], None]:
    def change(_: pikepdf.Page, operators: list[Any]) -> None:
        del operators[text_of(operators, a_number(page))]

    return change


def _move(page: Page, x: float, y: float) -> Callable[[pikepdf.Page, list[Any]], None]:
    """Write a number at another place of the page (mm)."""

    def change(_: pikepdf.Page, operators: list[Any]) -> None:
        place = text_of(operators, a_number(page))
        operators[place - 1][0] = [float(x / MM), float((page.size[1] - y) / MM)]

    return change


def _shift_measure(target: pikepdf.Page, _: list[Any]) -> None:
    measure = target.obj.VP[0].Measure
    measure.GPTS = pikepdf.Array([Decimal(str(value)) + Decimal("0.0001") for value in measure.GPTS])


def _longer_bar(target: pikepdf.Page, operators: list[Any]) -> None:
    bottom = float(target.obj.VP[0].BBox[1])
    for operands, operator in operators:
        if str(operator) == "re" and float(operands[1]) < bottom and float(operands[3]) > -5:
            operands[2] = float(operands[2]) * 1.01


def test_a_changed_page_is_found_out(printed: tuple[Truth, Path], first_map: Page, tmp_path: Path) -> None:
    truth, path = printed
    other = Map(first_map, first_map.views[0]).labels[0].text
    left, top, _, _ = first_map.views[0].box
    for change, expected in (
        (_drop(first_map), {laws.SHEETS, laws.ONE_MAP}),
        (_move(first_map, other.x, other.y), {laws.OVERLAPS, laws.BESIDE}),
        (_move(first_map, left - 1, top + 9), {laws.CUT}),
        (_shift_measure, {laws.GRID, laws.GEO, laws.MARKS}),
        (_longer_bar, {laws.BAR}),
    ):
        found = check_paper(truth, edited(path, tmp_path / "a.pdf", first_map, change))
        assert expected <= broken(found), found.report()


def test_ranges_and_columns_are_read_as_printed() -> None:
    assert read_numbers("41–43, 47,") == (41, 42, 43, 47)
    assert [cell_letters(place) for place in (0, 25, 26, 51, 702)] == ["A", "Z", "AA", "AZ", "AAA"]
    assert all(column_place(cell_letters(place)) == place for place in range(800))

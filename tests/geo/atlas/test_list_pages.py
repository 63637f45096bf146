"""The list: every household on exactly one page, nothing cut that leads back to it, room to write."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas.lists.content import SheetList, by_dusun, list_entries
from geo.atlas.lists.layout import ROW_MM, list_form, paginate
from geo.atlas.lists.pages import NOBODY, draw_list_page
from geo.atlas.notes import describe
from geo.atlas.options import BookOptions
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import MARGIN, PAPERS
from geo.atlas.paper.margins import Book
from geo.outcomes import OUTCOMES
from geo.sheet_ids import MAPLESS, SheetId
from tests.geo.atlas.drawn import overlaps
from tests.geo.small import HOSTILE, small_assessment
from tests.pdf_reading import Line, page_lines

MARK = "K7Q2A"
DESA = SimpleNamespace(
    kode_desa="99.01.01.2001",
    nama_desa="Contoh",
    jenis="desa",
    nama_kecamatan="Kecontohan",
    kode_kecamatan="99.01.01",
)


@given(sizes=st.lists(st.integers(1, 90), max_size=20), capacity=st.integers(2, 40), headed=st.booleans())
def test_every_row_is_on_one_page_in_order_and_no_page_is_over_full(
    sizes: list[int], capacity: int, headed: bool
) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    pages = paginate(groups, capacity, headed=headed)
    rows = np.concatenate([np.arange(len(groups))[page] for page in pages])
    assert rows.tolist() == list(range(len(groups)))
    for page in pages:
        taken = len(groups[page]) + (len(np.unique(groups[page])) if headed else 0)
        assert taken <= capacity
    assert all(len(groups[page]) for page in pages) or not len(groups)
    if not headed:
        assert len(pages) == max(1, -(-len(groups) // capacity))


def test_a_page_is_not_left_before_it_is_full() -> None:
    groups = np.repeat([0, 1, 2], [10, 1, 30])
    pages = paginate(groups, 12, headed=True)
    assert [page.stop - page.start for page in pages] == [10, 10, 11, 10]
    # the second group's heading had room on the first page, its row had not
    assert pages[0] == slice(0, 10)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize("turns", [True, False])
def test_the_columns_fill_the_page_and_leave_room_to_write(paper: str, names: bool, turns: bool) -> None:
    form = list_form(paper, names=names, turns=turns)
    edge = MARGIN
    for left, width in form.columns.values():
        assert left == pytest.approx(edge)
        assert width > 0
        edge = left + width
    assert edge == pytest.approx(form.page[0] - MARGIN)
    assert form.bottom <= form.page[1] - MARGIN - 5
    assert ROW_MM >= 7.5
    assert form.columns["notes"][1] >= (32 if names else 70)
    assert ("who" in form.columns, "turn" in form.columns) == (names, turns)
    assert [name for name in form.columns if name in OUTCOMES] == list(OUTCOMES)


def households(count: int, **texts: object) -> pd.DataFrame:
    number = np.arange(1, count + 1)
    table = {
        "desa": 0,
        "sheet_row": number + 1,
        "label": number.astype(str).astype(object),
        "cell": [f"B{place % 9 + 1}" for place in number],
        "nama": [f"Nama {place}" for place in number],
        "alamat": "Jalan Contoh",
        "dusun": "Krajan",
        "rt": "1",
        "rw": "2",
        "jumlah_art": "4",
        "words": "RTLH + jamban",
    }
    return pd.DataFrame(table | texts)


@pytest.fixture(scope="module")
def book() -> Book:
    return describe(small_assessment(), options=BookOptions(names=True))


def drawn(
    book: Book,
    rows: pd.DataFrame,
    path: Path,
    *,
    part: int = 1,
    paper: str = "A4",
    turn: dict[int, int] | None = None,
) -> list[list[Line]]:
    form = list_form(paper, names=book.names, turns=bool(turn))
    entries = list_entries(rows, turn)
    members = np.arange(len(rows))
    listed = SheetList(
        SheetId(DESA.kode_desa, part, MARK),
        DESA,
        entries,
        by_dusun(entries, members) if part == MAPLESS else members,
    )
    pages = listed.pages(form)
    with closing(Canvas(form.page, "uji", book.created)) as canvas:
        for place in range(len(pages)):
            draw_list_page(canvas, book, listed, place, form, place + 1, len(pages))
        canvas.output(path)
    with pikepdf.open(path) as pdf:
        return [page_lines(page) for page in pdf.pages]


def words(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def test_every_number_stands_once_and_every_page_has_the_headings(book: Book, tmp_path: Path) -> None:
    pages = drawn(book, households(95, jumlah_art=""), tmp_path / "a.pdf")
    texts = [text for page in pages for text in words(page)]
    assert [text for text in texts if text.isdecimal()] == [str(number) for number in range(1, 96)]
    assert len(pages) == 4
    for place, page in enumerate(pages):
        told = words(page)
        assert {"No.", "Petak", "Nama", "Alamat", "Catatan", "Paraf", "Petugas", "Tanggal"} <= {*told}
        assert "Lembar 99.01.01.2001-01-K7Q2A" in told
        assert any(text.startswith("TERBATAS") for text in told)
        assert any("lanjutan" in text for text in told) == bool(place)
        assert f"Halaman {place + 1} dari 4" in told
    assert "Akhir daftar: 95 rumah tangga" in words(pages[-1])
    assert "Bersambung ke halaman berikut" in words(pages[0])


def test_the_outcomes_are_turned_upright_in_the_order_of_the_app(book: Book, tmp_path: Path) -> None:
    (page,) = drawn(book, households(3), tmp_path / "a.pdf")
    turned = sorted((line for line in page if not line.upright), key=lambda line: line.box[0])
    assert " ".join(line.text for line in turned) == " ".join(OUTCOMES.values())


def test_what_leads_back_to_the_record_is_never_cut(book: Book, tmp_path: Path) -> None:
    rows = households(
        40,
        nama=HOSTILE,
        alamat=HOSTILE,
        dusun=HOSTILE,
        rt="999",
        rw="999",
        cell="aAA12",
        words="RTLH ?; jamban ?",
    )
    rows["label"] = (rows["sheet_row"] + 99_000).astype(str).astype(object)
    turn = {int(row): int(row) for row in rows["sheet_row"]}
    pages = drawn(book, rows, tmp_path / "a.pdf", turn=turn)
    texts = [text for page in pages for text in words(page)]
    assert [text for text in texts if text.startswith("99") and text.isdecimal()] == rows["label"].tolist()
    assert texts.count("aAA12") == texts.count("RT 999 RW 999") == 40
    assert any(text.startswith("<img src=x") and text.endswith("…") for text in texts)
    for page in pages:
        assert not overlaps(page)
        assert all(line.box[0] >= MARGIN - 1 and line.box[2] <= 210 - MARGIN + 1 for line in page)


@pytest.mark.parametrize("paper", PAPERS)
def test_no_text_runs_over_another_on_any_paper(book: Book, tmp_path: Path, paper: str) -> None:
    rows = households(
        60,
        nama="SITI NUR AISYAH BINTI ABDURRAHMAN",
        alamat="Dukuh Krajan Wetan RT 003 RW 004",
        words="RTLH; jamban ?",
    )
    for page in drawn(book, rows, tmp_path / "a.pdf", paper=paper):
        assert not overlaps(page)


def test_without_names_nobody_is_named(book: Book, tmp_path: Path) -> None:
    pages = drawn(replace(book, names=False), households(5), tmp_path / "a.pdf")
    texts = words(pages[0])
    assert not any("Nama" in text or "Jalan" in text for text in texts if "Tanpa nama" not in text)
    assert [text for text in texts if text.isdecimal() and text != "4"] == ["1", "2", "3", "5"]


def test_those_without_a_position_stand_by_dusun_with_a_heading_on_every_page(
    book: Book, tmp_path: Path
) -> None:
    dusun = ["Krajan", "Sawah", "DK. KRAJAN", ""] * 20
    pages = drawn(book, households(80, dusun=dusun, cell=""), tmp_path / "a.pdf", part=MAPLESS)
    texts = [text for page in pages for text in words(page)]
    headings = [text for text in texts if text.startswith("Dusun ") and "rumah tangga" in text]
    assert headings[:2] == ["Dusun Krajan: 40 rumah tangga", "Dusun Krajan: 40 rumah tangga (lanjutan)"]
    assert "Dusun Sawah: 20 rumah tangga" in headings
    assert "Dusun tidak tertulis: 20 rumah tangga" in headings
    numbers = [int(text) for text in texts if text.isdecimal() and text != "4"]
    assert sorted(numbers) == [number for number in range(1, 81) if number != 4]
    assert numbers[:4] == [1, 3, 5, 7]
    for page in pages:
        first = min((line for line in page if line.text.startswith("Dusun ")), key=lambda line: line.y)
        top = list_form("A4", names=True, turns=False).top
        assert top < first.y < top + ROW_MM


def test_a_desa_without_anybody_says_so_instead_of_an_empty_table(book: Book, tmp_path: Path) -> None:
    (page,) = drawn(book, households(0), tmp_path / "a.pdf")
    assert NOBODY in words(page)
    assert "Petak" not in words(page)
    assert "Akhir daftar: 0 rumah tangga" not in words(page)


def test_the_turn_of_a_day_stands_beside_the_number(book: Book, tmp_path: Path) -> None:
    (page,) = drawn(book, households(3), tmp_path / "a.pdf", turn={2: 71, 3: 73, 4: 72})
    texts = words(page)
    assert "Urut" in texts
    assert [text for text in texts if text in {"71", "72", "73"}] == ["71", "73", "72"]


def test_a_dusun_is_written_one_way_however_it_is_spelt() -> None:
    rows = households(5, dusun=["SUMBERMULYO", "Dsn. Sumbermulyo", "Sumbermulyo", "Krajan", ""])
    entries = list_entries(rows)
    assert entries["dusun"].tolist() == ["Sumbermulyo"] * 3 + ["Krajan", ""]
    assert len({*entries["group"][:3]}) == 1
    assert len({*entries["group"]}) == 3


def test_a_days_list_without_positions_has_no_headings_that_part_its_order() -> None:
    rows = households(4, dusun=["A", "B", "A", "B"])
    entries = list_entries(rows, {2: 4, 3: 3, 4: 2, 5: 1})
    sheet = SheetId(DESA.kode_desa, MAPLESS, MARK)
    assert SheetList(sheet, DESA, entries, np.arange(4)).headed
    assert not SheetList(sheet, DESA, entries, np.arange(4), walked=True).headed

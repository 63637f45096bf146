"""A book holds every chosen household once, on the page that its index says, and says what it is."""

import stat
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.atlas import write_book
from geo.atlas.binding.binder import read_mark
from geo.atlas.front.index_table import MOST_DESA, index_pages, rooms
from geo.atlas.options import BookOptions, Printed
from geo.atlas.paper.layout import MARGIN, PAPERS
from geo.atlas.selection import Selection, of_areas, of_rows, of_visits, whole_district
from geo.errors import SettingsError
from geo.house_numbers import add_house_numbers
from geo.sheet_ids import run_mark
from tests.geo.atlas.drawn import overlaps
from tests.geo.small import small_assessment
from tests.pdf_reading import page_lines, page_texts


@pytest.fixture(scope="module")
def small() -> Assessment:
    """Return a small assessment with a desa of nobody, and one of whose households none has a position."""
    given = small_assessment(households=300)
    codes = sorted(given.desa["kode_desa"])
    people = given.households[given.households["kode_desa"] != codes[1]].reset_index(drop=True)
    people.loc[people["kode_desa"] == codes[2], "geometry"] = None
    people["nama"] = [f"Nama {row}" for row in people["sheet_row"]]
    return replace(given, households=add_house_numbers(people))


@pytest.fixture(scope="module")
def whole(small: Assessment, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Printed]:
    path = tmp_path_factory.mktemp("buku") / "buku.pdf"
    return path, write_book(
        small, whole_district(small), path, BookOptions(names=True, purpose="Uji lapangan")
    )


def marked(path: Path) -> list[tuple[str, str, list[str]]]:
    """Return kind, sheet and texts of every page."""
    found = []
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            mark = read_mark(page)
            assert mark is not None
            found.append((mark.kind, mark.sheet, page_texts(page)))
    return found


def test_every_household_with_a_desa_is_in_the_lists_once(
    small: Assessment, whole: tuple[Path, Printed]
) -> None:
    path, printed = whole
    known = small.counted.dropna(subset="kode_desa")
    named = Counter(
        text
        for kind, _, texts in marked(path)
        if kind == "list"
        for text in texts
        if text.startswith("Nama ")
    )
    named.pop("Nama", None)
    assert named == Counter(f"Nama {row}" for row in known["sheet_row"])
    assert sorted(printed.households["sheet_row"]) == sorted(known["sheet_row"])
    told = printed.households.set_index("sheet_row")["number"]
    assert told.sort_index().tolist() == known.set_index("sheet_row")["house_number"].sort_index().tolist()
    assert printed.without_desa == small.counted["kode_desa"].isna().sum() > 0


def test_each_list_has_the_numbers_of_its_sheet(whole: tuple[Path, Printed]) -> None:
    path, printed = whole
    listed: dict[str, list[int]] = {}
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            mark = read_mark(page)
            if mark is not None and mark.kind == "list":
                numbers = [
                    int(line.text) for line in page_lines(page) if line.text.isdecimal() and line.size_pt > 9
                ]
                listed.setdefault(mark.sheet, []).extend(numbers)
    expected = {str(sheet): sorted(rows) for sheet, rows in printed.households.groupby("sheet")["number"]}
    assert {sheet: sorted(numbers) for sheet, numbers in listed.items() if numbers} == expected


def test_a_number_of_the_list_is_on_its_map(whole: tuple[Path, Printed]) -> None:
    path, printed = whole
    maps = {sheet: {*texts} for kind, sheet, texts in marked(path) if kind == "map"}
    alone = printed.households[printed.households["part"] > 0]
    shown = [
        str(number) in maps[sheet] for number, sheet in zip(alone["number"], alone["sheet"], strict=True)
    ]
    # houses on one spot share a label; the invented ones do not
    assert all(shown)


def test_the_index_tells_the_pages(whole: tuple[Path, Printed]) -> None:
    path, printed = whole
    pages = marked(path)
    assert (
        len(pages)
        == printed.pages
        == printed.sheets["first_page"].iloc[-1] + printed.sheets["pages"].iloc[-1] - 1
    )
    assert [kind for kind, _, _ in pages[:3]] == ["cover", "index", "map"]
    for row in printed.sheets.to_dict("records"):
        first = row["first_page"] - 1
        own = pages[first : first + row["pages"]]
        assert {sheet for _, sheet, _ in own} == {row["sheet"]}
        assert own[0][0] == ("map" if row["part"] else "list")
    index = [text for kind, _, texts in pages if kind == "index" for text in texts]
    assert {*printed.sheets["sheet"]} <= {*index}
    assert {str(page) for page in printed.sheets["first_page"]} <= {*index}
    assert all(
        f"Halaman {place} dari {len(pages)}" in texts for place, (_, _, texts) in enumerate(pages, start=1)
    )


def test_a_desa_of_nobody_has_a_map_and_says_so(small: Assessment, whole: tuple[Path, Printed]) -> None:
    path, printed = whole
    empty = printed.sheets[printed.sheets["kode_desa"] == sorted(small.desa["kode_desa"])[1]]
    assert empty[["part", "households", "pages"]].to_numpy().tolist() == [[1, 0, 2]]
    kind, _, texts = marked(path)[empty["first_page"].iloc[0]]
    assert kind == "list"
    assert "Tidak ada rumah tangga yang tercatat di desa ini." in texts


def test_a_desa_without_any_position_has_its_households_in_sheet_00(
    small: Assessment, whole: tuple[Path, Printed]
) -> None:
    _, printed = whole
    code = sorted(small.desa["kode_desa"])[2]
    own = printed.households[printed.households["kode_desa"] == code]
    assert len(own)
    assert own["part"].eq(0).all()
    assert own["cell"].eq("").all()
    assert own["sheet"].str.startswith(f"{code}-00-").all()


def test_the_same_gives_the_same_bytes_and_progress_is_told(
    small: Assessment, whole: tuple[Path, Printed], tmp_path: Path
) -> None:
    path, printed = whole
    seen: list[tuple[int, int]] = []
    write_book(
        small,
        whole_district(small),
        tmp_path / "b.pdf",
        BookOptions(names=True, purpose="Uji lapangan"),
        progress=lambda done, pages: seen.append((done, pages)),
    )
    assert (tmp_path / "b.pdf").read_bytes() == path.read_bytes()
    assert seen == [(page, printed.pages) for page in range(1, printed.pages + 1)]


def test_only_its_owner_reads_a_book_with_names(whole: tuple[Path, Printed]) -> None:
    assert stat.S_IMODE(whole[0].stat().st_mode) == 0o600


def test_without_names_nobody_is_named_anywhere(small: Assessment, tmp_path: Path) -> None:
    write_book(small, whole_district(small), tmp_path / "a.pdf", BookOptions())
    texts = [text for _, _, page in marked(tmp_path / "a.pdf") for text in page]
    assert not any(text.startswith("Nama ") or "RAHASIA" in text for text in texts)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_teams_day_on_any_paper(small: Assessment, tmp_path: Path, paper: str) -> None:
    kept = {*small.counted["sheet_row"]}
    visits = small.visits[small.visits["sheet_row"].isin(kept)]
    selection = of_visits(visits, small, 1, 1)
    printed = write_book(small, selection, tmp_path / "a.pdf", BookOptions(paper=paper))
    assert selection.rows is not None
    placed = small.counted.set_index("sheet_row")["kode_desa"].notna()
    assert sorted(printed.households["sheet_row"]) == [row for row in selection.rows if placed[row]]
    pages = marked(tmp_path / "a.pdf")
    assert "Regu 1, hari 1" in pages[0][2]
    assert all("Urut" in texts for kind, _, texts in pages if kind == "list")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        sizes = {
            tuple(sorted(round(float(side) * 25.4 / 72) for side in page.mediabox[2:])) for page in pdf.pages
        }
    assert sizes == {PAPERS[paper]}


def test_of_chosen_households_those_without_a_desa_are_counted(small: Assessment, tmp_path: Path) -> None:
    rows = small.counted["sheet_row"].to_numpy()[:40]
    lost = int(small.counted["kode_desa"].iloc[:40].isna().sum())
    assert lost
    printed = write_book(small, of_rows(small, rows, "Daftar"), tmp_path / "a.pdf", BookOptions())
    assert printed.without_desa == lost
    assert len(printed.households) == 40 - lost
    assert f"{lost} rumah tangga dari yang dipilih" in " ".join(marked(tmp_path / "a.pdf")[0][2])


def test_a_book_of_any_text_prints_and_nothing_runs_over_its_page(tmp_path: Path) -> None:
    hostile = small_assessment(hostile=True)
    desa = hostile.desa.assign(nama_desa="D" * 200, nama_kecamatan="K" * 200)
    selection = Selection("T" * 300, tuple(sorted(desa["kode_desa"])))
    options = BookOptions(names=True, purpose="P" * 500)
    write_book(replace(hostile, desa=desa), selection, tmp_path / "a.pdf", options)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        for page in pdf.pages:
            mark = read_mark(page)
            if mark is not None and mark.kind != "map":
                right = float(page.mediabox[2]) * 25.4 / 72 - MARGIN + 0.5
                lines = [line for line in page_lines(page) if line.upright and not line.halo]
                assert all(line.box[0] >= MARGIN - 0.5 and line.box[2] <= right for line in lines)
                assert not overlaps(lines) or mark.kind == "index"


def test_an_unknown_paper_is_refused_before_anything_is_written(small: Assessment, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="A5"):
        write_book(small, of_areas(small, desa=["Contoh 11"]), tmp_path / "a.pdf", BookOptions(paper="A5"))
    assert not [*tmp_path.iterdir()]


@given(
    sheets=st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=25), min_size=1, max_size=12),
    paper=st.sampled_from(sorted(PAPERS)),
)
def test_every_sheet_is_in_the_index_once(sheets: list[list[int]], paper: str) -> None:
    kecamatan = [f"Kecamatan {place}" for place, own in enumerate(sheets) for _ in own]
    counts = [count for own in sheets for count in own]
    pages = index_pages(counts, kecamatan, "Judul", PAPERS[paper])
    rows = np.concatenate([page.rows for page in pages if not page.overview])
    assert rows.tolist() == list(range(sum(counts)))
    many = len(counts) > MOST_DESA and len(sheets) > 1
    assert any(page.overview for page in pages) == many
    mapped = [place for page in pages if not page.overview for place in page.desa]
    assert mapped == list(range(len(counts)))
    for page in pages:
        map_, table = rooms(page, PAPERS[paper])
        assert table.height >= 6 + 4.6 * -(-len(page.rows) // 2) - 1e-6
        assert map_.bottom <= table.top or not page.desa
        assert table.bottom <= PAPERS[paper][1] - MARGIN


def test_identifiers_are_never_cut_in_the_index(tmp_path: Path) -> None:
    wide = small_assessment()
    desa = wide.desa.assign(nama_desa="Desa yang namanya panjang sekali")
    # the widest letters of the alphabet of marks
    found = next(
        replace(wide, desa=desa, facts=facts)
        for day in range(1, 3_000)
        for facts in [{**wide.facts, "inputs": [{**wide.facts["inputs"][0], "sha256": str(day)}]}]
        if sum(run_mark(facts).count(letter) for letter in "MWGQD") >= 4
    )
    printed = write_book(found, whole_district(found), tmp_path / "a.pdf", BookOptions())
    index = [text for kind, _, texts in marked(tmp_path / "a.pdf") if kind == "index" for text in texts]
    assert {*printed.sheets["sheet"]} <= {*index}


def test_a_day_is_in_the_order_of_its_turns(small: Assessment, tmp_path: Path) -> None:
    people = small.counted.dropna(subset="kode_desa")
    own = people.groupby("kode_desa").head(4)
    own = own[own["kode_desa"].isin(sorted(own["kode_desa"].unique())[-3:])].sort_values(
        ["kode_desa", "house_number"], ascending=False
    )
    rows = own["sheet_row"].tolist()
    turn = dict(zip(rows, range(1, len(rows) + 1), strict=True))
    path = tmp_path / "a.pdf"
    printed = write_book(small, of_rows(small, rows, "Regu 1, hari 1", turn), path, BookOptions(names=True))
    assert printed.households["turn"].tolist() == list(range(1, len(rows) + 1))
    assert printed.sheets["kode_desa"].drop_duplicates().tolist() == sorted(
        own["kode_desa"].unique(), reverse=True
    )
    told = printed.households.set_index("number")
    for kind, sheet, texts in marked(path):
        if kind == "list":
            mine = told.loc[told["sheet"] == sheet]
            names = [f"Nama {row}" for row in mine.sort_values("turn")["sheet_row"]]
            assert [text for text in texts if text in names] == names


def test_a_book_of_some_on_one_map_has_no_index(small: Assessment, tmp_path: Path) -> None:
    desa = small.counted["kode_desa"].value_counts().index[0]
    rows = small.counted.loc[small.counted["kode_desa"].eq(desa), "sheet_row"].head(2)
    printed = write_book(small, of_rows(small, rows, "Daftar"), tmp_path / "a.pdf", BookOptions())
    assert "index" not in [kind for kind, _, _ in marked(tmp_path / "a.pdf")]
    assert printed.sheets["first_page"].iloc[0] == 2

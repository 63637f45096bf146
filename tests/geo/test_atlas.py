"""The atlas has a page a desa, is exact on paper, tells what it leaves out, and prints any text as text."""

import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pikepdf
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.atlas import write_atlas
from geo.atlas.canvas import Canvas
from geo.atlas.frame import SCALES, Frame, cell_name, cells, frame_for
from geo.atlas.furniture import bar_metres
from geo.atlas.labels import Room, place_numbers
from geo.atlas.layout import LIST_PITCH, PAPERS, Layout, Rect, layouts
from geo.atlas.listing import CLASSES, numbered_households, placed_households
from geo.atlas.surroundings import rings
from geo.crs import MEASURING
from geo.errors import SettingsError
from geo.privacy import Level, for_audience
from tests.geo.small import HOSTILE, small_assessment

POINT_MM = 25.4 / 72


@pytest.fixture(scope="module")
def small() -> Assessment:
    return small_assessment()


@pytest.fixture(scope="module")
def pages(small: Assessment, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    path = tmp_path_factory.mktemp("atlas") / "atlas.pdf"
    write_atlas(small, path)
    return texts(path)


def texts(path: Path) -> list[list[str]]:
    """Read back every line of text of every page, through the fonts' own tables."""
    with pikepdf.open(path) as pdf:
        return [page_texts(page) for page in pdf.pages]


def page_texts(page: pikepdf.Page) -> list[str]:
    tables = {
        name: characters(font.ToUnicode.read_bytes().decode("ascii"))
        for name, font in page.resources.Font.items()
    }
    lines, table = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            table = tables[str(operands[0])]
        elif str(operator) == "Tj":
            code = bytes(operands[0])
            lines.append("".join(table[code[at : at + 2].hex().upper()] for at in range(0, len(code), 2)))
    return lines


def characters(table: str) -> dict[str, str]:
    pairs = re.findall(r"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table)
    return {code: bytes.fromhex(shown).decode("utf-16-be") for code, shown in pairs}


def numbered(assessment: Assessment, frames: list[Frame]) -> pd.DataFrame:
    codes = sorted(assessment.desa["kode_desa"])
    return numbered_households(placed_households(assessment.households, codes, MEASURING), frames)


def frames_of(assessment: Assessment) -> list[Frame]:
    desa = assessment.desa.sort_values("kode_desa").to_crs(MEASURING)
    return [frame_for(tuple(box), 9, layouts("A4", banner=True)) for box in desa.bounds.to_numpy().tolist()]


def test_each_desa_has_its_page_in_the_order_of_the_codes(small: Assessment, pages: list[list[str]]):
    codes = sorted(small.desa["kode_desa"])
    assert [page[page.index(f"Lembar {code}")] for page, code in zip(pages, codes, strict=True)]
    assert f"Halaman 2 dari {len(codes)}" in pages[1]


def test_the_order_of_the_table_does_not_matter_and_progress_is_told(small: Assessment, tmp_path: Path):
    seen: list[tuple[int, int]] = []
    shuffled = replace(small, desa=small.desa.sample(frac=1, random_state=1))
    count = write_atlas(shuffled, tmp_path / "b.pdf", progress=lambda done, total: seen.append((done, total)))
    assert write_atlas(small, tmp_path / "a.pdf") == count == len(small.desa)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert seen == [(done, count) for done in range(1, count + 1)]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_paper_is_as_asked(small: Assessment, tmp_path: Path, paper: str):
    write_atlas(small, tmp_path / "a.pdf", paper=paper)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        sizes = {
            tuple(sorted(round(float(side) * POINT_MM) for side in page.mediabox[2:])) for page in pdf.pages
        }
    assert sizes == {PAPERS[paper]}


def test_an_unknown_paper_is_refused(small: Assessment, tmp_path: Path):
    with pytest.raises(SettingsError, match="A3"):
        write_atlas(small, tmp_path / "a.pdf", paper="A3")
    assert not (tmp_path / "a.pdf").exists()


def test_every_sheet_says_what_it_must(small: Assessment, pages: list[list[str]]):
    for page, desa in zip(pages, small.desa.sort_values("kode_desa").itertuples(), strict=True):
        whole = " ".join(page)
        without = desa.households - desa.located
        assert f"{without} rumah tangga tanpa titik (tidak tampak di peta)." in page
        assert f"{desa.rtlh_need} dari {desa.rtlh_known}; {desa.rtlh_unknown} belum diketahui" in whole
        assert "Batas contoh, bukan batas resmi" in page
        assert "TERBATAS — data rumah tangga miskin; UU PDP 27/2022" in page
        assert "Tanpa nama: untuk koordinasi, bukan daftar kunjungan" in page
        assert "contoh (2022)" in whole
        assert "contoh.csv, dianalisis 21 November 2026" in whole
        assert "RAHASIA" not in whole
        assert not re.search(r"\d{16}", whole)


def test_what_is_not_known_of_a_layer_or_of_the_boundaries_leaves_no_gap(small: Assessment, tmp_path: Path):
    layers = [{**layer, "source": "", "year": ""} for layer in small.facts["layers"]]
    boundaries = {**small.facts["boundaries"], "schematic": False, "note": ""}
    bare = replace(small, facts={**small.facts, "layers": layers, "boundaries": boundaries})
    write_atlas(bare, tmp_path / "atlas.pdf")
    page = " ".join(texts(tmp_path / "atlas.pdf")[0])
    assert "tidak diketahui, tidak ada berkasnya" in page
    assert not re.search(r", ;|, \.|\) \. | \. ", page)


def test_a_zone_is_in_the_legend_only_where_it_lies(small: Assessment, pages: list[list[str]]):
    in_zone = small.desa.sort_values("kode_desa")["zone_coastal"] == "pesisir"
    assert [("Pesisir (proksi)" in page) for page in pages] == in_zone.tolist()


def test_every_number_is_on_the_map_and_in_the_list(small: Assessment, pages: list[list[str]]):
    households = numbered(small, frames_of(small))
    for sheet, page in enumerate(pages):
        needy = households[(households["sheet"] == sheet) & (households["number"] > 0)]
        drawn = needy[needy["cell"] != ""]
        # On the map the halo comes first, then the number; then it stands in the list.
        assert "Nomor tampak" not in " ".join(page)
        assert all(page.count(number) >= 3 for number in drawn["label"])
        assert all(page.count(cell) >= count for cell, count in drawn["cell"].value_counts().items())
        said = f"Semua {len(needy)} rumah tangga tercantum; petak «–»: tanpa titik."
        assert (said if len(needy) else "Tidak ada rumah tangga dengan kebutuhan yang diketahui.") in page


def test_a_list_that_does_not_fit_says_so(tmp_path: Path):
    crowded = small_assessment(kecamatan=1, desa=1, households=900)
    write_atlas(crowded, tmp_path / "a.pdf")
    whole = " ".join(texts(tmp_path / "a.pdf")[0])
    listed, total = map(int, re.findall(r"(\d+) dari (\d+) tercantum; selebihnya", whole)[0])
    needy = crowded.households["need_rtlh"].fillna(value=False) | crowded.households["need_jamban"].fillna(
        value=False
    )
    assert total == int((needy & crowded.households["kode_desa"].notna()).sum()) > listed > 0
    shown, marks = map(int, re.findall(r"Nomor tampak (\d+) dari (\d+); selebihnya lihat petak", whole)[0])
    assert marks == int((needy & crowded.households.geometry.notna()).sum()) > shown > 0


def test_the_scale_bar_is_exact(small: Assessment, tmp_path: Path):
    write_atlas(small, tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        for page in pdf.pages:
            scale = int("".join(re.findall(r"Skala 1:([\d.]+)", " ".join(page_texts(page)))).replace(".", ""))
            parts = [
                abs(float(operands[2]))
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "re" and abs(abs(float(operands[3])) * POINT_MM - 1.3) < 0.01
            ]
            assert len(parts) == 4
            assert sum(parts) * POINT_MM * scale / 1000 == pytest.approx(bar_metres(scale), rel=1e-3)


@given(
    st.floats(2e5, 8e5), st.floats(1e6, 9e6), st.floats(30, 60_000), st.floats(0.2, 5), st.integers(0, 2_000)
)
def test_the_ground_fits_its_frame_at_a_round_scale(
    west: float, south: float, width: float, shape: float, rows: int
):
    bounds = (west, south, west + width, south + width * shape)
    frame = frame_for(bounds, rows, layouts("F4", banner=False))
    assert frame.scale in SCALES
    corners = frame.on_paper(np.array([bounds[:2], bounds[2:]]))
    room = frame.layout.map
    assert room.left < corners[0, 0] <= corners[1, 0] < room.right
    assert room.top < corners[1, 1] <= corners[0, 1] < room.bottom
    assert np.diff(corners[:, 0])[0] * frame.scale / 1000 == pytest.approx(width, rel=1e-6)


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_min=True), st.integers(0, 4))
def test_a_point_stands_in_the_cell_that_is_named(along: float, up: float, choice: int):
    frame = Frame(layouts("A4", banner=True)[choice], 7_500, 347_013.7, 9_237_151.2, 200)
    west, south, east, north = frame.bounds
    point = np.array([[west + along * (east - west), south + up * (north - south) * (1 - 1e-9)]])
    column, row = (int(place[0]) for place in cells(point, np.array(west), np.array(north), np.array(200)))
    eastings, northings = frame.grid_lines()
    columns, rows = [west, *eastings, east], [north, *northings[::-1], south]
    assert columns[column] <= point[0, 0] <= columns[column + 1]
    assert rows[row + 1] <= point[0, 1] <= rows[row]


def test_numbers_follow_the_cells_and_end_with_those_without_a_point(small: Assessment):
    frames = frames_of(small)
    for _, sheet in numbered(small, frames).groupby("sheet"):
        needy = sheet[sheet["number"] > 0]
        assert needy["number"].tolist() == list(range(1, len(needy) + 1))
        assert (needy["need"] < CLASSES.index("none")).all()
        drawn = needy["cell"] != ""
        assert drawn.tolist() == sorted(drawn, reverse=True)
        order = [(int(cell[1:]), cell[0]) for cell in needy.loc[drawn, "cell"]]
        assert order == sorted(order)


def test_needs_have_three_values(small: Assessment):
    households = small.households.iloc[:6].copy()
    households["kode_desa"] = "99.01.01.2001"
    households["need_rtlh"] = pd.array([True, True, False, None, None, None], "boolean")
    households["need_jamban"] = pd.array([True, None, False, True, False, None], "boolean")
    placed = placed_households(households, ["99.01.01.2001"], MEASURING)
    assert [CLASSES[need] for need in placed["need"]] == [
        "both",
        "rtlh",
        "none",
        "jamban",
        "unknown",
        "unknown",
    ]
    assert placed["words"].tolist()[:4] == ["RTLH + jamban", "RTLH; jamban ?", "", "Jamban; RTLH ?"]
    bare = placed_households(
        households.drop(columns=["need_rtlh", "need_jamban"]), ["99.01.01.2001"], MEASURING
    )
    assert {CLASSES[need] for need in bare["need"]} == {"unknown"}


def test_hostile_text_is_printed_as_text(tmp_path: Path):
    hostile = small_assessment(hostile=True)
    desa = hostile.desa.copy()
    desa["nama_desa"] = ["**tebal** \u202eRTL\u202c مرحبا 👍 \x07(a\\b)", HOSTILE, "", *desa["nama_desa"][3:]]
    desa["nama_kecamatan"] = HOSTILE
    count = write_atlas(replace(hostile, desa=desa), tmp_path / "a.pdf")
    pages = texts(tmp_path / "a.pdf")
    assert len(pages) == count
    assert "Peta kerja — Desa **tebal** RTL □□□□□ □ □(a\\b)" in pages[0]
    assert any(line.startswith("Peta kerja — Desa <img src=x") and line.endswith("…") for line in pages[1])
    assert not any(control in line for page in pages for line in page for control in "\u202e\x00\x07\n")


def test_a_desa_without_households_has_an_honest_page(small: Assessment, tmp_path: Path):
    households = small.households[~small.households["kode_desa"].isin(["99.01.01.2001", "99.01.01.2002"])]
    one = small.households[small.households["kode_desa"] == "99.01.01.2002"].iloc[:1]
    desa = small.desa.copy()
    desa.loc[desa["kode_desa"] == "99.01.01.2001", [f"rtlh_{part}" for part in ("rate", "low", "high")]] = (
        np.nan
    )
    write_atlas(
        replace(small, desa=desa, households=pd.concat([households, one])), tmp_path / "a.pdf", paper="F4"
    )
    pages = texts(tmp_path / "a.pdf")
    assert "Tidak ada rumah tangga yang tercatat di desa ini." in pages[0]
    assert "Rumah tangga: 0" in pages[0]
    assert "Rumah tangga: 1" in pages[1]


def test_a_desa_in_parts_with_a_hole_keeps_both(small: Assessment, tmp_path: Path):
    outer = shapely.box(109.5, -7, 109.507, -6.99).difference(shapely.box(109.502, -6.998, 109.504, -6.996))
    parts = shapely.union(outer, shapely.box(109.5085, -6.995, 109.5095, -6.994))
    assert [len(ring) for ring in rings(parts)] == [5, 5, 5]
    desa = small.desa.copy()
    desa.loc[desa["kode_desa"] == "99.01.01.2001", "geometry"] = parts
    assert write_atlas(replace(small, desa=desa), tmp_path / "a.pdf") == len(desa)


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), max_size=60))
def test_numbers_never_overlap(marks: list[tuple[float, float]]):
    frame, xy = Rect(0, 0, 60, 60), np.array(marks).reshape(-1, 2)
    widths = np.full(len(xy), 2.5)
    placed = place_numbers(Room(frame), xy, widths, 1.6)
    boxes = shapely.box(*placed.corner.T, *(placed.corner + np.array([2.5, 1.6])).T)
    assert all(shapely.within(boxes, shapely.box(0, 0, 60, 60)))
    assert shapely.union_all(boxes).area == pytest.approx(shapely.area(boxes).sum())


@pytest.mark.parametrize("paper", PAPERS)
def test_no_two_parts_of_a_layout_overlap(paper: str):
    def box(rect: Rect) -> shapely.Polygon:
        return shapely.box(rect.left, rect.top, rect.right, rect.bottom)

    def parts(layout: Layout) -> list[Rect]:
        return [layout.header, layout.map, layout.strip, layout.panel, *layout.columns, layout.notes]

    for layout in layouts(paper, banner=True):
        boxes = [box(part) for part in parts(layout)]
        assert sum(shapely.area(boxes)) == pytest.approx(shapely.union_all(boxes).area)
        assert shapely.box(0, 0, *layout.page).contains(shapely.union_all(boxes))
        assert layout.list_rows * LIST_PITCH > 0


def test_text_is_cut_to_its_room():
    with closing(Canvas(PAPERS["A4"], "uji", datetime(2026, 1, 1, tzinfo=UTC))) as canvas:
        canvas.face(7)
        assert canvas.cut("Karangasem", 100) == "Karangasem"
        short = canvas.cut("W" * 300, 30)
        assert short.endswith("…")
        assert 27 < canvas.width(short) <= 30
        lines = canvas.wrap("satu dua tiga empat lima " * 20, 40, 3)
        assert len(lines) == 3
        assert all(canvas.width(line) <= 40 for line in lines)


def test_cells_are_lettered_like_columns_of_a_sheet():
    assert [cell_name(place, 0) for place in (0, 25, 26, 701, 702)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]


def test_what_was_not_measured_is_said_and_nothing_else_is_needed(small: Assessment, tmp_path: Path):
    bare = replace(
        small,
        households=small.households.drop(columns=["need_rtlh", "need_jamban", "dusun", "desil"]),
        zones=small.zones.iloc[:0],
        clusters=small.clusters.iloc[:0],
        facts={**small.facts, "layers": [], "indicators": [], "settings": {}},
    )
    write_atlas(bare, tmp_path / "a.pdf")
    pages = texts(tmp_path / "a.pdf")
    assert "Tidak diukur pada data ini: RTLH, akses jamban." in " ".join(pages[0])
    assert "Tidak ada indikator yang diukur." in pages[0]
    write_atlas(replace(bare, households=bare.households.iloc[:0]), tmp_path / "b.pdf")
    assert all("Rumah tangga: 0" in page for page in texts(tmp_path / "b.pdf"))
    opd = for_audience(small, Level.OPD)
    assert write_atlas(opd, tmp_path / "c.pdf") == len(small.desa)
    assert "Krajan" not in " ".join(texts(tmp_path / "c.pdf")[0])

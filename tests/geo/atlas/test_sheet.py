"""A map sheet is exact on paper, names its neighbours, keeps its texts apart, and marks each house once in full."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import shapely

from geo.assessment import Assessment
from geo.atlas.paper.layout import PAPERS
from geo.atlas.planning.plan import BookPlan
from geo.atlas.sheet.furniture import BAR_HEIGHT, BAR_MM, ROOMY_MM, SHORT_BAR_MM, bar_metres
from geo.atlas.sheet.surroundings import name_places, rings
from geo.symbology import number
from tests.geo.atlas.drawn import draw_sheets, overlaps, sheets_of
from tests.geo.small import HOSTILE, small_assessment
from tests.pdf_reading import POINT_MM, Line, pdf_lines

NEAR_MM = 0.02


@pytest.fixture(scope="module")
def crowded() -> Assessment:
    """Return two desa of a thousand houses, which take several sheets."""
    return small_assessment(kecamatan=1, desa=2, households=2000)


@pytest.fixture(scope="module")
def plan(crowded: Assessment, tmp_path_factory: pytest.TempPathFactory) -> tuple[BookPlan, Path]:
    path = tmp_path_factory.mktemp("lembar") / "a.pdf"
    return draw_sheets(crowded, path), path


@pytest.fixture(scope="module")
def pages(plan: tuple[BookPlan, Path]) -> list[list[Line]]:
    return pdf_lines(plan[1])


def test_every_number_of_the_plan_is_where_it_was_placed(
    plan: tuple[BookPlan, Path], pages: list[list[Line]]
):
    for (sheet, _), page in zip(sheets_of(plan[0]), pages, strict=True):
        bold = [line for line in page if line.font.endswith("Bold") and line.upright and not line.halo]
        there = {(line.text, round(line.x, 1)) for line in bold}
        for view in sheet.views:
            for text, (left, top), (width, height) in zip(
                view.labels.text, view.labels.corner.tolist(), view.labels.size.tolist(), strict=True
            ):
                assert any((text, round(left + off, 1)) in there for off in (-0.1, 0, 0.1))
                found = min((line for line in bold if line.text == text), key=lambda line: abs(line.x - left))
                assert top - NEAR_MM <= found.box[1] <= found.box[3] <= top + height + NEAR_MM
                assert found.box[2] <= left + width + NEAR_MM


def test_no_text_of_a_sheet_runs_over_another(pages: list[list[Line]]):
    assert [overlaps(page) for page in pages] == [[]] * len(pages)


def test_detail_sheets_name_each_other_and_the_overview_names_them(
    plan: tuple[BookPlan, Path], pages: list[list[Line]]
):
    told = list(zip(sheets_of(plan[0]), pages, strict=True))
    assert any(sheet.parts > 2 for (sheet, _), _ in told)
    for (sheet, details), page in told:
        texts = [line.text for line in page]
        for detail in sheet.details:
            assert f"Lembar {detail.name}" in texts or detail.name in texts
        assert f"Lembar {sheet.part} dari {sheet.parts}" in " ".join(texts)
        if sheet.part > 1:
            assert "Letak dalam desa" in texts
            named = re.findall(r"(?:[←↑↓] )?Lembar \w+(?: →)", " | ".join(texts))
            names = {detail.name for detail in details}
            assert {word.strip("←↑↓→ ").removeprefix("Lembar ") for word in named} <= names
    arrows = " ".join(line.text for page in pages for line in page)
    assert re.search(r"Lembar \w+ →|← Lembar|↑ Lembar|↓ Lembar", arrows)


def test_maps_of_one_page_have_letters_in_their_cells(plan: tuple[BookPlan, Path], pages: list[list[Line]]):
    for (sheet, _), page in zip(sheets_of(plan[0]), pages, strict=True):
        texts = {line.text for line in page}
        for view in sheet.views:
            assert f"{view.letter}B" in texts


def test_coordinates_stand_at_their_lines(plan: tuple[BookPlan, Path], pages: list[list[Line]]):
    for (sheet, _), page in zip(sheets_of(plan[0]), pages, strict=True):
        eastings = {line.text: line.x + line.width / 2 for line in page if line.text.endswith(" mT")}
        assert eastings
        if len(sheet.views) > 1:
            continue
        frame = sheet.views[0].frame
        for easting in frame.grid_lines()[0].tolist():
            if f"{number(easting)} mT" in eastings:
                place = frame.on_paper(np.array([[easting, frame.south]]))[0, 0]
                assert eastings[f"{number(easting)} mT"] == pytest.approx(place, abs=NEAR_MM)


def test_the_scale_bar_is_exact(plan: tuple[BookPlan, Path]):
    with pikepdf.open(plan[1]) as pdf:
        for (sheet, _), page in zip(sheets_of(plan[0]), pdf.pages, strict=True):
            parts = [
                abs(float(operands[2]))
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "re" and abs(abs(float(operands[3])) * POINT_MM - BAR_HEIGHT) < 0.01
            ]
            assert len(parts) == 4 * len(sheet.views)
            windows = {window.map: window.strip for window in sheet.layout.windows(sheet.windows)}
            for place, view in enumerate(sheet.views):
                roomy = windows[view.frame.map].width >= ROOMY_MM
                metres = bar_metres(view.frame.scale, BAR_MM if roomy else SHORT_BAR_MM)
                length = sum(parts[4 * place : 4 * place + 4]) * POINT_MM
                assert length * view.frame.scale / 1000 == pytest.approx(metres, rel=2e-3)


def test_counts_of_all_sheets_add_up(crowded: Assessment, pages: list[list[Line]]):
    numbered = 0
    for page in pages:
        texts = [line.text for line in page]
        numbered += int(texts[texts.index("Jumlah") + 1].replace(".", ""))
    located = crowded.households["kode_desa"].notna() & crowded.households.geometry.notna()
    assert numbered == int(located.sum())


@pytest.mark.parametrize("paper", PAPERS)
def test_long_names_large_counts_and_single_houses_keep_apart(tmp_path: Path, paper: str):
    many = small_assessment(kecamatan=1, desa=3, households=60, hostile=True)
    desa = many.desa.assign(nama_desa=[HOSTILE, "Desa " * 60, "W" * 300], nama_kecamatan=HOSTILE)
    facts = {
        **many.facts,
        "district": {"kode": "99.01", "nama": "Kabupaten " + "X" * 200, "provinsi": HOSTILE},
        "boundaries": {**many.facts["boundaries"], "note": HOSTILE},
    }
    rows = many.households["sheet_row"].to_numpy()[:1]
    for place, chosen in enumerate((None, rows, rows[:0])):
        path = tmp_path / f"{place}.pdf"
        draw_sheets(replace(many, desa=desa, facts=facts), path, rows=chosen, paper=paper, names=bool(place))
        for page in pdf_lines(path):
            assert overlaps(page) == []
            assert not any(control in line.text for line in page for control in "\u202e\x00\n")
            width = max(line.box[2] for line in page if line.upright)
            assert width <= max(PAPERS[paper])


def test_houses_that_are_not_chosen_are_told_and_have_no_number(tmp_path: Path):
    small = small_assessment(kecamatan=1, desa=1, households=30)
    there = small.households[small.households["kode_desa"].notna() & small.households.geometry.notna()]
    plan = draw_sheets(small, tmp_path / "a.pdf", rows=there["sheet_row"].to_numpy()[:2], names=True)
    texts = [line.text for line in pdf_lines(tmp_path / "a.pdf")[0]]
    listed = plan.households
    assert texts[texts.index("Rumah tangga lain, tanpa nomor") + 1] == str((~listed["chosen"]).sum())
    assert texts[texts.index("Jumlah") + 1] == "2"
    assert "Memuat nama dan alamat: hanya untuk petugas yang ditugaskan" in texts


def test_rings_keep_parts_and_holes_and_names_find_both_halves():
    outer = shapely.box(0, 0, 7, 10).difference(shapely.box(2, 2, 4, 4))
    parts = shapely.union(outer, shapely.box(8.5, 5, 9.5, 6))
    assert [len(ring) for ring in rings(parts)] == [5, 5, 5]
    places = name_places(outer)
    assert len(places) == 3
    assert places[1, 1] > 5 > places[2, 1]
    assert len(name_places(shapely.Polygon())) == 0

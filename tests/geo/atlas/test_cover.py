"""The cover says what the book is for, what it rests on, how it is kept, read and brought back."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pikepdf
import pytest

from geo.assessment import Assessment
from geo.atlas.front.cover import Contents, draw_cover
from geo.atlas.notes import describe
from geo.atlas.options import BookOptions
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import MARGIN, PAPERS
from geo.outcomes import OUTCOMES
from geo.symbology import NEED_TITLES
from tests.geo.atlas.drawn import overlaps
from tests.geo.small import HOSTILE, small_assessment
from tests.pdf_reading import Line, page_lines

CONTENTS = Contents(desa=285, sheets=1_278, households=99_618, mapless=24_000, without_desa=142, whole=True)


@pytest.fixture(scope="module")
def small() -> Assessment:
    return small_assessment()


def cover(
    small: Assessment,
    path: Path,
    contents: Contents = CONTENTS,
    *,
    paper: str = "A4",
    facts: Mapping[str, object] | None = None,
    title: str = "Kecamatan Kecontohan 1",
    purpose: str = "",
    names: bool = False,
    walk: pd.DataFrame | None = None,
    start: str = "",
) -> list[Line]:
    book = describe(small, title=title, options=BookOptions(paper, names, purpose))
    with closing(Canvas(PAPERS[paper], "uji", book.created)) as canvas:
        draw_cover(
            canvas, book, contents, facts or small.facts, PAPERS[paper], 1, 5_006, walk=walk, start=start
        )
        canvas.output(path)
    with pikepdf.open(path) as pdf:
        return page_lines(pdf.pages[0])


def test_the_cover_says_what_it_must(small: Assessment, tmp_path: Path) -> None:
    lines = cover(small, tmp_path / "a.pdf", names=True, purpose="Verifikasi RTLH")
    whole = " ".join(line.text for line in lines)
    for told in (
        "Kecamatan Kecontohan 1",
        "Kabupaten Contoh, Rekaan",
        "Tujuan: Verifikasi RTLH",
        "Batas contoh, bukan batas resmi.",
        "99.618 rumah tangga di 285 desa/kelurahan, 1.278 lembar peta; 24.000 tanpa titik",
        "142 rumah tangga dari seluruh register",
        "contoh.csv, diolah 21 November 2026",
        "rekaan (2026-01-01)",
        "contoh (2022): definisi contoh",
        "UU 27/2022",
        "Tidak difoto",
        "dikembalikan",
        "dihancurkan",
        "3 × 24 jam",
        "peta outcome",
        "Hasil per lembar",
        "Penerima",
        "Memuat nama dan alamat",
    ):
        assert told in whole
    assert all(title in whole for title in (*OUTCOMES.values(), *NEED_TITLES.values()))


def test_what_is_not_so_is_not_said(small: Assessment, tmp_path: Path) -> None:
    lines = cover(small, tmp_path / "a.pdf", replace(CONTENTS, without_desa=0))
    whole = " ".join(line.text for line in lines)
    assert "Tujuan" not in whole
    assert "Tidak termuat" not in whole
    assert "tanpa nama dan alamat" in whole
    assert "Memuat nama" not in whole


def test_none_without_a_position_is_not_said(small: Assessment, tmp_path: Path) -> None:
    whole = " ".join(line.text for line in cover(small, tmp_path / "a.pdf", replace(CONTENTS, mapless=0)))
    assert "1.278 lembar peta" in whole
    assert "tanpa titik sendiri" not in whole


def test_a_day_is_told_in_its_order_with_its_start(small: Assessment, tmp_path: Path) -> None:
    walk = pd.DataFrame(
        {"turn": ["1", "2"], "desa": ["Contoh 23", "Contoh 11"], "number": ["7", "12"], "page": ["3", "5"],
         "travel": ["32", "106"], "start": ["+0:52", "+3:23"]}
    )  # fmt: skip
    lines = cover(small, tmp_path / "a.pdf", walk=walk, start="Kantor Kecamatan Contoh.")
    texts = [line.text for line in lines]
    assert {"Urutan kunjungan", "Berangkat", "Kantor Kecamatan Contoh.", "+3:23", "Jalan"} <= {*texts}
    assert texts.index("Contoh 23") < texts.index("Contoh 11")
    assert not overlaps(lines)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_day_of_many_says_where_the_others_are(small: Assessment, tmp_path: Path, paper: str) -> None:
    walk = pd.DataFrame({name: ["Panjang " * 9] * 400 for name in ("turn", "desa", "number", "page")})
    lines = cover(small, tmp_path / "a.pdf", paper=paper, walk=walk.assign(turn="1", number="1", page="1"))
    assert any("kunjungan lain: kolom Urut" in line.text for line in lines)
    assert not overlaps(lines)


def test_needs_of_health_are_not_defined_here(small: Assessment, tmp_path: Path) -> None:
    health = {
        "id": "penyakit_kronis", "title": "Penyakit kronis", "profile": "p", "definition": "sakit", "sensitive": True
    }  # fmt: skip
    facts = {**small.facts, "indicators": [*small.facts["indicators"], health]}
    assert not any("kronis" in line.text for line in cover(small, tmp_path / "a.pdf", facts=facts))


@pytest.mark.parametrize("paper", PAPERS)
def test_any_text_stays_on_its_page_and_over_nothing(small: Assessment, tmp_path: Path, paper: str) -> None:
    long = [
        {
            "id": str(place),
            "title": "J" * 300,
            "profile": HOSTILE,
            "definition": "kata " * 400,
            "sensitive": False,
        }
        for place in range(60)
    ]
    inputs = [{"role": "sheet", "name": HOSTILE} for _ in range(5)]
    facts = {**small.facts, "indicators": long, "inputs": inputs}
    lines = cover(
        small,
        tmp_path / "a.pdf",
        paper=paper,
        facts=facts,
        title="Kecamatan " + "K" * 300,
        purpose=HOSTILE,
        names=True,
    )
    width, height = PAPERS[paper]
    assert not overlaps(lines)
    assert all(line.box[0] >= MARGIN - 0.5 and line.box[2] <= width - MARGIN + 0.5 for line in lines)
    assert all(MARGIN <= line.y <= height - MARGIN for line in lines)
    assert any("definisi lain" in line.text for line in lines)

"""The run's own atlas has a page a desa, tells what it leaves out, and prints any text as text."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pikepdf
import pytest
import shapely

from geo.assessment import Assessment
from geo.atlas import write_atlas
from geo.atlas.paper.layout import PAPERS
from geo.errors import SettingsError
from geo.house_numbers import add_house_numbers
from geo.privacy import Level, for_audience
from geo.sheet_ids import SheetId, run_mark
from tests.geo.small import HOSTILE, small_assessment
from tests.pdf_reading import POINT_MM, pdf_texts

SECRET = "TERBATAS — data rumah tangga miskin; UU PDP 27/2022"  # noqa: S105 - a mark of confidentiality


@pytest.fixture(scope="module")
def small() -> Assessment:
    return small_assessment()


@pytest.fixture(scope="module")
def pages(small: Assessment, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    path = tmp_path_factory.mktemp("atlas") / "atlas.pdf"
    write_atlas(small, path)
    return pdf_texts(path)


def test_each_desa_has_its_page_in_the_order_of_the_codes(small: Assessment, pages: list[list[str]]):
    codes, mark = sorted(small.desa["kode_desa"]), run_mark(small.facts)
    for page, code in zip(pages, codes, strict=True):
        assert str(SheetId(code, 1, mark)) in page
    assert f"Halaman 2 dari {len(codes)}" in pages[1]


def test_the_order_of_the_table_does_not_matter_and_progress_is_told(small: Assessment, tmp_path: Path):
    seen: list[tuple[int, int]] = []
    shuffled = replace(small, desa=small.desa.sample(frac=1, random_state=1))
    count = write_atlas(shuffled, tmp_path / "b.pdf", progress=lambda done, total: seen.append((done, total)))
    assert write_atlas(small, tmp_path / "a.pdf") == count == len(small.desa)
    assert pdf_texts(tmp_path / "a.pdf") == pdf_texts(tmp_path / "b.pdf")
    assert seen == [(done, count) for done in range(1, count + 1)]


def test_the_same_run_gives_the_same_bytes(small: Assessment, tmp_path: Path):
    for name in ("a", "b"):
        write_atlas(small, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("paper", PAPERS)
def test_the_paper_is_as_asked(small: Assessment, tmp_path: Path, paper: str):
    write_atlas(small, tmp_path / "a.pdf", paper=paper)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        sizes = {
            tuple(sorted(round(float(side) * POINT_MM) for side in page.mediabox[2:])) for page in pdf.pages
        }
    assert sizes == {PAPERS[paper]}


def test_an_unknown_paper_is_refused(small: Assessment, tmp_path: Path):
    with pytest.raises(SettingsError, match="A0"):
        write_atlas(small, tmp_path / "a.pdf", paper="A0")
    assert not (tmp_path / "a.pdf").exists()


def test_every_sheet_says_what_it_must(small: Assessment, pages: list[list[str]]):
    for page, desa in zip(pages, small.desa.sort_values("kode_desa").itertuples(), strict=True):
        whole = " ".join(page)
        place = page.index("di antaranya tanpa titik, hanya di daftar")
        assert page[place + 1] == str(desa.households - desa.located)
        assert f"{desa.rtlh_need} dari {desa.rtlh_known}; {desa.rtlh_unknown} belum diketahui" in whole
        assert "Batas contoh, bukan batas resmi" in page
        assert SECRET in page
        assert "Tanpa nama: untuk koordinasi, bukan daftar kunjungan" in page
        assert {"99", "99.01", desa.kode_kecamatan, desa.kode_desa, "Rekaan"} <= set(page)
        assert "contoh (2022)" in whole
        assert "contoh.csv, dianalisis 21 November 2026" in whole
        assert "RAHASIA" not in whole
        assert not re.search(r"\d{16}", whole)


def test_a_hot_desa_is_named_in_the_legend(pages: list[list[str]]):
    hot = [
        place
        for place, page in enumerate(pages)
        if any(line.startswith("Desa panas (nyata): RTLH") for line in page)
    ]
    assert hot == [0]


def test_what_is_not_known_of_a_layer_or_of_the_boundaries_leaves_no_gap(small: Assessment, tmp_path: Path):
    layers = [{**layer, "source": "", "year": ""} for layer in small.facts["layers"]]
    boundaries = {**small.facts["boundaries"], "schematic": False, "note": ""}
    bare = replace(small, facts={**small.facts, "layers": layers, "boundaries": boundaries})
    write_atlas(bare, tmp_path / "atlas.pdf")
    page = " ".join(pdf_texts(tmp_path / "atlas.pdf")[0])
    assert "tidak diketahui, tidak ada berkasnya" in page
    assert "Batas desa ini" in page
    assert not re.search(r", ;|, \.|\) \. | \. ", page)


def test_a_zone_is_in_the_legend_only_where_it_lies(small: Assessment, pages: list[list[str]]):
    in_zone = small.desa.sort_values("kode_desa")["zone_coastal"] == "pesisir"
    titles = [any(text.startswith("Zona: Pesisir (proksi)") for text in page) for page in pages]
    assert titles == in_zone.tolist()


def test_every_number_with_a_point_is_on_the_map(small: Assessment, pages: list[list[str]]):
    numbers = add_house_numbers(small.counted)
    for page, code in zip(pages, sorted(small.desa["kode_desa"]), strict=True):
        there = numbers[(numbers["kode_desa"] == code) & numbers.geometry.notna()]
        assert "Nomor tampak" not in " ".join(page)
        # the halo comes first, then the number
        assert all(page.count(str(number)) >= 2 for number in there["house_number"])


def test_numbers_that_found_no_room_are_told(tmp_path: Path):
    crowded = small_assessment(kecamatan=1, desa=1, households=2400)
    write_atlas(crowded, tmp_path / "a.pdf")
    whole = " ".join(pdf_texts(tmp_path / "a.pdf")[0])
    told = re.findall(r"Nomor tampak ([\d.]+) dari ([\d.]+); semua nomor", whole)[0]
    shown, marks = (int(count.replace(".", "")) for count in told)
    located = crowded.households["kode_desa"].notna() & crowded.households.geometry.notna()
    assert marks == int(located.sum()) > shown > 0


def test_hostile_text_is_printed_as_text(tmp_path: Path):
    hostile = small_assessment(hostile=True)
    desa = hostile.desa.copy()
    desa["nama_desa"] = ["**tebal** \u202eRTL\u202c مرحبا 👍 \x07(a\\b)", HOSTILE, "", *desa["nama_desa"][3:]]
    desa["nama_kecamatan"] = HOSTILE
    count = write_atlas(replace(hostile, desa=desa), tmp_path / "a.pdf")
    pages = pdf_texts(tmp_path / "a.pdf")
    assert len(pages) == count
    assert "Desa **tebal** RTL □□□□□ □ □(a\\b)" in " ".join(pages[0])
    assert any(line.startswith("<img src=x") and line.endswith("…") for line in pages[1])
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
    pages = pdf_texts(tmp_path / "a.pdf")
    for page, count in zip(pages, ("0", "1"), strict=False):
        place = page.index("Jumlah")
        assert page[place + 2] == count


def test_a_desa_in_parts_with_a_hole_keeps_both(small: Assessment, tmp_path: Path):
    outer = shapely.box(109.5, -7, 109.507, -6.99).difference(shapely.box(109.502, -6.998, 109.504, -6.996))
    parts = shapely.union(outer, shapely.box(109.5085, -6.995, 109.5095, -6.994))
    desa = small.desa.copy()
    desa.loc[desa["kode_desa"] == "99.01.01.2001", "geometry"] = parts
    assert write_atlas(replace(small, desa=desa), tmp_path / "a.pdf") == len(desa)


def test_what_was_not_measured_is_said_and_nothing_else_is_needed(small: Assessment, tmp_path: Path):
    bare = replace(
        small,
        households=small.households.drop(columns=["need_rtlh", "need_jamban", "dusun", "desil"]),
        zones=small.zones.iloc[:0],
        clusters=small.clusters.iloc[:0],
        hot_spots=small.hot_spots.iloc[:0],
        facts={**small.facts, "layers": [], "indicators": [], "settings": {}},
    )
    write_atlas(bare, tmp_path / "a.pdf")
    pages = pdf_texts(tmp_path / "a.pdf")
    assert "Tidak diukur pada data ini: RTLH, akses jamban." in " ".join(pages[0])
    assert "Tidak ada indikator yang diukur." in pages[0]
    write_atlas(replace(bare, households=bare.households.iloc[:0]), tmp_path / "b.pdf")
    assert all(page[page.index("Jumlah") + 2] == "0" for page in pdf_texts(tmp_path / "b.pdf"))
    opd = for_audience(small, Level.OPD)
    assert write_atlas(opd, tmp_path / "c.pdf") == len(small.desa)
    assert "Krajan" not in " ".join(pdf_texts(tmp_path / "c.pdf")[0])

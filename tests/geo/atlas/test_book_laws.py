"""A printed book keeps its laws: nobody lost, true to scale, readable; read back by a reader of its own."""

import shutil
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.assessment import Assessment
from geo.atlas import write_book
from geo.atlas.options import BookOptions
from geo.atlas.selection import of_rows, whole_district
from geo.house_numbers import add_house_numbers
from scripts.book_checks.faults import Findings
from scripts.book_checks.laws import ALWAYS, CLASSES, LISTS, NAMES, ONE_MAP
from scripts.book_checks.pages import Page
from scripts.book_checks.rendered import RENDERED, check_gdal, check_ink, check_inked_bar, check_programs
from scripts.book_checks.run import Truth, truth_of
from scripts.check_book import DESA, TOOLS, check_paper
from tests.geo.small import small_assessment

M = 1 / 110_600
"""A metre in degrees of latitude at 7 degrees south, nearly."""

needs_tools = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason=f"needs {', '.join(TOOLS)} of poppler, GDAL and qpdf"
)


@pytest.fixture(scope="module")
def crowded() -> Assessment:
    """Return desa that are hard to print, and one each of nobody, of a single house, and of none with a position.

    A kampung of 450, thirty and seven houses on one spot, a row of houses three metres apart, houses far outside, two
    hamlets in a large desa.
    """
    given = small_assessment(households=300, seed=4)
    codes = sorted(given.desa["kode_desa"])
    people = given.households[~given.households["kode_desa"].isin([codes[1], codes[2]])]
    model = people[people["kode_desa"].notna()].iloc[:1]
    dice = np.random.default_rng(2)
    corners = given.desa.set_index("kode_desa").geometry

    def settle(code: str, offsets: np.ndarray) -> gpd.GeoDataFrame:
        middle = np.array(corners[code].centroid.coords[0])
        houses = gpd.GeoDataFrame(pd.concat([model] * len(offsets), ignore_index=True), crs=4326)
        houses["kode_desa"] = code
        houses["geometry"] = shapely.points(middle + offsets * M)
        for need in ("need_rtlh", "need_jamban"):
            houses[need] = pd.array(dice.random(len(houses)) < 0.5, "boolean")
        return houses

    row = np.column_stack([np.zeros(60), np.arange(60) * 3.0])
    new = [
        settle(codes[0], dice.normal(0, 60, (450, 2))),
        settle(codes[2], np.zeros((1, 2))),
        settle(codes[3], np.repeat([(0.0, 0.0), (200.0, 50.0)], (30, 7), axis=0)),
        settle(codes[4], row),
        settle(codes[5], np.array([(0.0, 900.0), (2_000.0, 0.0), (-9_000.0, 5_000.0)])),
        settle(codes[6], np.concatenate([dice.normal(at, 12, (25, 2)) for at in (-350, 350)])),
    ]
    everyone = gpd.GeoDataFrame(pd.concat([people, *new], ignore_index=True), crs=4326)
    everyone.loc[everyone["kode_desa"] == codes[7], "geometry"] = None
    everyone["sheet_row"] = np.arange(2, len(everyone) + 2)
    everyone["nama"] = [f"Nama {place}" for place in range(len(everyone))]
    return replace(given, households=add_house_numbers(everyone))


@pytest.fixture(scope="module")
def truth(crowded: Assessment) -> Truth:
    return truth_of(crowded.households, tuple(sorted(crowded.desa["kode_desa"])))


@pytest.fixture(scope="module")
def book(crowded: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("buku") / "buku.pdf"
    write_book(crowded, whole_district(crowded), path, BookOptions(paper="F4", names=True))
    return path


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    """Map pages that the laws of the whole book put by."""
    return []


@pytest.fixture(scope="module")
def found(truth: Truth, book: Path, pages: list[Page]) -> Findings:
    return check_paper(truth, book, whole=True, kept=pages, keep=10)


@pytest.mark.parametrize("law", [*ALWAYS, NAMES, CLASSES, DESA])
def test_a_law_of_the_book_is_kept(found: Findings, law: str) -> None:
    assert found.tried[law]
    assert found.faults[law] == []


def test_the_hard_desa_were_printed(truth: Truth, found: Findings) -> None:
    assert found.told["maps"] > len(truth.desa)  # a dense one has several
    assert found.tried[LISTS] > len(truth.households)  # that of nobody counts too


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_a_book_of_some_on_other_paper_keeps_them(
    crowded: Assessment, truth: Truth, tmp_path: Path, paper: str
) -> None:
    rows = crowded.counted["sheet_row"].to_numpy()[::7]
    selection = of_rows(crowded, rows, "Daftar")
    printed = write_book(crowded, selection, tmp_path / "a.pdf", BookOptions(paper=paper))
    found = check_paper(truth, tmp_path / "a.pdf", some=True)
    assert found.kept(ALWAYS), found.report()
    assert found.tried[ONE_MAP] == printed.households["part"].gt(0).sum()


@needs_tools
def test_other_programs_find_the_same(truth: Truth, book: Path, found: Findings, pages: list[Page]) -> None:
    told = Findings()
    check_ink(book, pages, truth, 25, 1, told)
    check_inked_bar(book, pages[:3], told)
    check_gdal(book, pages[:4], told)
    check_programs(book, told, pages=sum(count for what, count in found.told.items() if "pages" in what))
    assert told.kept(RENDERED), told.report()
    assert told.tried[RENDERED[0]] == 25

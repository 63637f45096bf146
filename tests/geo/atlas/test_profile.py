"""A profile has two pages an area, tells the figures of the tables, and never a name, a small square or a house."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.atlas.paper.frame import frame_for
from geo.atlas.paper.layout import Rect
from geo.atlas.profile import KECAMATAN, PAGES, write_profiles
from geo.atlas.profile.advice import REACHED, UNTOLD, span, what_first
from geo.atlas.profile.area import DESA
from geo.atlas.profile.gathered import Gathered, without_few
from geo.atlas.profile.ground import ROUGH_M, Grounds, frame_bounds
from geo.atlas.profile.squares import LEAST_IN_SQUARE, count_squares, square_edges, square_step
from geo.crs import measuring_crs
from geo.errors import SettingsError
from geo.outcomes import COUNTS
from geo.privacy import SMALLEST, Level, for_audience, without_sensitive_cells
from geo.symbology import number
from tests.geo.small import HOSTILE, small_assessment
from tests.pdf_reading import pdf_texts


@pytest.fixture(scope="module")
def small() -> Assessment:
    return small_assessment()


def told(
    assessment: Assessment, path: Path, codes: list[str], level: str = DESA, **more: object
) -> list[str]:
    """Return the text of each page of the profiles."""
    write_profiles(without_sensitive_cells(assessment), path, codes, level=level, **more)  # type: ignore[arg-type]
    return [" ".join(page) for page in pdf_texts(path)]


def test_each_area_has_two_pages_in_the_order_asked_for(small: Assessment, tmp_path: Path) -> None:
    codes = list(reversed(small.desa["kode_desa"].tolist()))
    pages = told(small, tmp_path / "p.pdf", codes)
    assert len(pages) == PAGES * len(codes)
    for place, code in enumerate(codes):
        assert all(code in page for page in pages[PAGES * place : PAGES * place + PAGES])


def test_the_figures_are_those_of_the_table(small: Assessment, tmp_path: Path) -> None:
    row = small.desa.iloc[0]
    _, second = told(small, tmp_path / "p.pdf", [row["kode_desa"]])
    figures = Gathered(small, None).area(DESA, 0).figures
    assert figures
    for figure in figures:
        assert figure.title in second
        if not figure.withheld:
            assert span(figure) in second
            assert f"{number(row[f'{figure.id}_need'])} dari {number(row[f'{figure.id}_known'])}" in second


def test_no_page_tells_of_a_person(small: Assessment, tmp_path: Path) -> None:
    pages = told(small, tmp_path / "d.pdf", small.desa["kode_desa"].tolist())
    pages += told(small, tmp_path / "k.pdf", small.kecamatan["kode_kecamatan"].tolist(), KECAMATAN)
    whole = " ".join(pages)
    for column in ("nama", "nik", "no_kk", "alamat", "id_keluarga"):
        if column in small.households:
            known = [str(cell) for cell in small.households[column].dropna() if str(cell).strip()]
            assert not [cell for cell in known if cell in whole]


def test_a_kecamatan_lists_its_desa(small: Assessment, tmp_path: Path) -> None:
    code = small.kecamatan["kode_kecamatan"].iloc[0]
    pages = told(small, tmp_path / "k.pdf", [code], KECAMATAN)
    assert len(pages) == PAGES
    for name in small.desa.loc[small.desa["kode_kecamatan"] == code, "nama_desa"]:
        assert name in pages[0]
        assert name in pages[1]


def test_progress_of_visits_is_told(small: Assessment, tmp_path: Path) -> None:
    code = small.desa["kode_desa"].iloc[0]
    counts = dict.fromkeys(COUNTS, 0) | {"listed": 8, "visited": 6, "selesai": 4, "pindah": 2}
    visits = pd.DataFrame([counts], index=pd.Index([code], name="kode_desa"))
    _, second = told(small, tmp_path / "p.pdf", [code], visits=visits)
    assert "6 dari 8 dikunjungi (75 %): selesai 4, pindah 2." in second
    _, without = told(small, tmp_path / "p.pdf", [code], visits=visits.iloc[:0])
    assert "belum ada kunjungan" in without
    _, untold = told(small, tmp_path / "p.pdf", [code])
    assert "Tidak termuat dalam cetakan ini" in untold


def test_an_area_without_households_says_so(small: Assessment, tmp_path: Path) -> None:
    code = small.desa["kode_desa"].iloc[0]
    counts = [
        name
        for name in small.desa.columns
        if name.endswith(("_known", "_need", "_unknown")) or name in {"households", "located"}
    ]
    desa = small.desa.copy()
    desa.loc[desa["kode_desa"] == code, counts] = 0
    rates = [name for name in desa.columns if name.endswith(("_rate", "_low", "_high", "_gap", "_gap_most"))]
    desa.loc[desa["kode_desa"] == code, rates] = np.nan
    empty = replace(small, desa=desa, households=small.households[small.households["kode_desa"] != code])
    first, second = told(empty, tmp_path / "p.pdf", [code])
    assert "Belum ada rumah tangga desa ini dalam register" in first
    assert "nan" not in second.casefold().replace("kemenangan", "").split()


def test_what_is_first_follows_the_gaps(small: Assessment) -> None:
    area = Gathered(small, None).area(DESA, 0)
    figures = tuple(replace(figure, gap=0.0, unknown=0.0, withheld=False) for figure in area.figures)
    quiet = replace(area, figures=figures, located=area.households, hot=(), chosen=0, kantong=area.kantong.iloc[:0],
                    circles=area.circles.iloc[:0])  # fmt: skip
    assert what_first(quiet) == [REACHED]
    one = replace(quiet, figures=(replace(figures[0], gap=7.0, most=7.0, sensitive=False), *figures[1:]))
    assert what_first(one)[0].startswith(f"{figures[0].title}: 7 rumah tangga lagi menuju")
    unlocated = replace(one, located=0.5 * area.households)
    assert what_first(unlocated)[0].startswith("Lengkapi titik rumah")


def test_the_public_edition_has_profiles_too(small: Assessment, tmp_path: Path) -> None:
    public = for_audience(small, Level.PUBLIK)
    pages = told(public, tmp_path / "p.pdf", small.desa["kode_desa"].tolist())
    assert len(pages) == PAGES * len(small.desa)
    # what is not told is not denied
    assert all("Tidak ada kantong" not in page for page in pages)
    assert all("Kantong tidak ditampilkan" in page for page in pages[1::PAGES])
    assert all("Letak kebutuhan tidak ditampilkan" in page for page in pages[::PAGES])


def test_withheld_figures_are_no_success(small: Assessment) -> None:
    area = Gathered(small, None).area(DESA, 0)
    hidden = tuple(replace(figure, withheld=True, gap=np.nan, unknown=np.nan) for figure in area.figures)
    quiet = replace(area, figures=hidden, located=area.households, hot=(), chosen=0, kantong=area.kantong.iloc[:0],
                    circles=area.circles.iloc[:0])  # fmt: skip
    assert what_first(quiet) == [UNTOLD]
    half = replace(quiet, figures=(replace(area.figures[0], gap=0.0, unknown=0.0), *hidden[1:]))
    assert what_first(half) == [UNTOLD]


def test_hostile_names_print_as_text(small: Assessment, tmp_path: Path) -> None:
    hostile = replace(small, desa=small.desa.assign(nama_desa=HOSTILE))
    pages = told(hostile, tmp_path / "p.pdf", small.desa["kode_desa"].tolist()[:1])
    assert "<img src=x onerror=alert(1)>" in pages[0]


def test_an_unknown_area_is_refused(small: Assessment, tmp_path: Path) -> None:
    path = tmp_path / "p.pdf"
    for codes in (["99.99.99.9999"], []):
        with pytest.raises(SettingsError, match="dalam hasil ini"):
            write_profiles(small, path, codes)
    assert not path.exists()


def test_the_same_run_gives_the_same_bytes(small: Assessment, tmp_path: Path) -> None:
    codes = small.desa["kode_desa"].tolist()[:2]
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    for path in (first, second):
        write_profiles(small, path, codes)
    assert first.read_bytes() == second.read_bytes()


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=80),
    st.sampled_from([1_000, 20_000, 150_000]),
)
def test_no_square_shows_a_few_households(points: list[tuple[int, int]], scale: int) -> None:
    xy = np.array(points, dtype=float).reshape(-1, 2)
    step = square_step(xy, scale)
    corners, counts = count_squares(xy, step)
    assert (counts >= LEAST_IN_SQUARE).all()
    for corner, count in zip(corners, counts, strict=True):
        inside = ((xy >= corner) & (xy < corner + step)).all(axis=1)
        assert inside.sum() == count
    edges = square_edges(counts)
    assert edges == sorted(set(edges))
    assert not len(counts) or edges[0] <= counts.min()


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=9),
)
def test_no_part_tells_of_a_few(counts: list[tuple[int, int]]) -> None:
    need = np.array([need for need, _ in counts], dtype=float)
    known = need + np.array([others for _, others in counts])
    shown = without_few(need, known)
    told = np.isfinite(shown)
    assert (shown[told] == need[told]).all()
    assert (need[told] >= SMALLEST).all()
    assert ((known - need)[told] >= SMALLEST).all()
    assert len(need) == 1 or (~told).sum() != 1  # the whole less what is told would tell


def test_a_kantong_is_rounded_off(small: Assessment) -> None:
    area = Gathered(small, None).area(DESA, 0)
    assert not area.kantong.empty
    grounds = Grounds(small, measuring_crs(tuple(small.desa.total_bounds)))
    frame = frame_for(frame_bounds([grounds.shape(area)]), Rect(8, 30, 130, 150))
    corners = shapely.get_coordinates(small.clusters.to_crs(grounds.crs).geometry.iloc[0])
    ((label, shape),) = grounds.of(area, frame).kantong
    assert label == "K1"
    assert shapely.distance(shape.exterior, shapely.points(corners)).min() > ROUGH_M / 2

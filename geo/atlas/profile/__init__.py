"""Profiles: two pages a desa or kecamatan for those who head it, without a name or a single house."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pandas as pd

from geo.assessment import Assessment
from geo.atlas.notes import describe
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import frame_for
from geo.atlas.paper.layout import MARGIN, Rect, paper_size
from geo.atlas.paper.margins import Book
from geo.atlas.profile.advice import what_first
from geo.atlas.profile.area import DESA, KECAMATAN, Area
from geo.atlas.profile.gathered import Gathered
from geo.atlas.profile.ground import Grounds, frame_bounds
from geo.atlas.profile.page_figures import draw_figures, draw_gathering, draw_parts, draw_progress
from geo.atlas.profile.page_map import GREY, draw_advice, draw_key, draw_map
from geo.errors import SettingsError
from geo.symbology import long_date, number, percent

__all__ = ["DESA", "KECAMATAN", "PAGES", "write_profiles"]

PAGES = 2
"""Pages of one profile."""

HEADER, NOTES, KEY_WIDTH, GAP, LOW = 23.0, 13.0, 54.0, 4.0, 47.0
BAND = 4.4
NAMELESS = "Profil tanpa nama dan tanpa letak rumah; untuk camat, kepala desa, dan lurah"


def write_profiles(
    assessment: Assessment,
    path: Path,
    codes: Sequence[str],
    *,
    level: str = DESA,
    paper: str = "A4",
    visits: pd.DataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the profiles of some areas as one PDF, two upright pages an area.

    Parameters
    ----------
    assessment
        Fit for those who read: :func:`geo.privacy.without_sensitive_cells`, or an edition for an audience.
    path
        The PDF to write; the same assessment gives the same bytes.
    codes
        ``kode_desa`` or ``kode_kecamatan`` of the areas, in the order of the pages.
    level
        :data:`DESA` or :data:`KECAMATAN`.
    paper
        A key of ``geo.atlas.paper.layout.PAPERS``.
    visits
        Progress of visits by ``kode_desa`` (index): ``listed``, ``visited`` and the outcomes, as
        :func:`geo.outcomes.progress` counts them; nothing where they are not told.
    progress
        Called with the areas done and the areas in all.

    Returns
    -------
    int
        The number of pages.

    Raises
    ------
    SettingsError
        When the paper, or an area, is not known.
    """
    size = paper_size(paper)
    places = _places(assessment, codes, level)
    book = describe(assessment)
    gathered = Gathered(assessment, visits)
    grounds = Grounds(assessment, book.crs)
    created = datetime.fromisoformat(assessment.facts["created"])
    title = f"Profil {'desa' if level == DESA else 'kecamatan'}, {book.district}"
    with closing(Canvas(size, title, created)) as canvas:
        for done, place in enumerate(places, 1):
            area = gathered.area(level, place)
            _draw_first(canvas, size, area, grounds, book)
            _draw_second(canvas, size, area, book, long_date(assessment.facts["created"]))
            if progress:
                progress(done, len(places))
        canvas.output(path)
    return PAGES * len(places)


def _places(assessment: Assessment, codes: Sequence[str], level: str) -> list[int]:
    table = assessment.desa if level == DESA else assessment.kecamatan
    places = pd.Index(table[f"kode_{level}"]).get_indexer(pd.Index(codes))
    unknown = [code for code, place in zip(codes, places, strict=True) if place < 0]
    if unknown or not len(codes):
        told = f"«{unknown[0]}» tidak ada" if unknown else "tidak ada yang dipilih"
        raise SettingsError(f"Profil {level}: {told} dalam hasil ini. Beri kode seperti pada peta.")
    return [int(place) for place in places]


def _draw_first(canvas: Canvas, size: tuple[float, float], area: Area, grounds: Grounds, book: Book) -> None:
    canvas.add_page(format=size)
    body = _draw_frame(canvas, size, area, book, 1)
    map_ = Rect(body.left, body.top, body.width - KEY_WIDTH - GAP, body.height * 0.58)
    frame = frame_for(frame_bounds([grounds.shape(area)]), map_)
    ground = grounds.of(area, frame)
    draw_map(canvas, frame, ground, schematic=bool(book.banner))
    key = Rect(map_.right + GAP, body.top, KEY_WIDTH, map_.height)
    end = draw_key(canvas, key, area, ground, _map_title(area, grounds, ground.step_m))
    _draw_facts(canvas, Rect(key.left, end + 4, key.width, key.bottom - end - 4), area, book)
    draw_advice(
        canvas, Rect(body.left, map_.bottom + 6, body.width, body.bottom - map_.bottom - 6), what_first(area)
    )


def _map_title(area: Area, grounds: Grounds, step_m: int) -> str:
    if area.level == DESA and area.areas_only:
        return "Letak kebutuhan tidak ditampilkan pada edisi ini, agar angka kecil tetap rahasia."
    if area.level == DESA:
        return (
            f"Banyaknya rumah tangga dengan kebutuhan (RTLH atau jamban) tiap petak {number(step_m)} m; hanya yang "
            "punya titik sendiri."
        )
    first = grounds.first
    return (
        f"Tingkat «{first['title']}» tiap desa, dari yang diketahui." if first else "Desa di kecamatan ini."
    )


def _draw_facts(canvas: Canvas, box: Rect, area: Area, book: Book) -> None:
    missing = area.households - area.located
    facts = [
        ("Rumah tangga dalam register", number(area.households)),
        ("Punya titik sendiri", f"{number(area.located)} ({percent(area.located / area.households)})")
        if area.households > 0
        else ("Punya titik sendiri", "–"),
        ("Tanpa titik (tidak di peta)", number(missing)),
        ("Terpilih dalam daftar prioritas", number(area.chosen) if area.chosen >= 0 else "–"),
    ]
    canvas.face(8, "B")
    canvas.write_at(box.left, box.top + 3, "Rumah tangga")
    y = box.top + 7.5
    for words, figure in facts:
        canvas.face(6.4)
        canvas.write_at(box.left, y, words, within=box.width - 20)
        canvas.face(7, "B")
        canvas.write_at(box.right, y, figure, align="R")
        y += 3.9
    if book.banner:
        canvas.face(6.4, "B")
        for line in canvas.wrap(book.banner, box.width, 2):
            canvas.write_at(box.left, y + 1, line)
            y += 2.9


def _draw_second(canvas: Canvas, size: tuple[float, float], area: Area, book: Book, created: str) -> None:
    canvas.add_page(format=size)
    body = _draw_frame(canvas, size, area, book, 2)
    y = draw_figures(canvas, body, area)
    end = draw_parts(canvas, Rect(body.left, y + 4, body.width, body.bottom - LOW - y - 8), area)
    low = Rect(body.left, end + 6, body.width, LOW)
    half = (body.width - 8) / 2
    draw_gathering(canvas, Rect(low.left, low.top, half, low.height), area)
    draw_progress(canvas, Rect(low.left + half + 8, low.top, half, low.height), area)
    canvas.face(6, colour=GREY)
    canvas.write_at(body.right, body.bottom, f"Keadaan data: {created}", align="R")


def _draw_frame(canvas: Canvas, size: tuple[float, float], area: Area, book: Book, page: int) -> Rect:
    """Draw head and foot of a page; return the room between them."""
    width, height = size[0] - 2 * MARGIN, size[1] - 2 * MARGIN
    canvas.face(7, "B", "#ffffff")
    canvas.set_fill_color("#000000")
    canvas.rect(MARGIN, MARGIN, width, BAND, style="F")
    canvas.write_at(MARGIN + 2, MARGIN + 3.1, NAMELESS, within=width - 4)
    canvas.face(16, "B")
    canvas.write_at(MARGIN, MARGIN + 12, f"Profil {area.kind} {area.name}", within=width)
    canvas.face(8, colour=GREY)
    where = f"Kecamatan {area.kecamatan}, " if area.level == DESA else ""
    canvas.write_at(
        MARGIN, MARGIN + 17, f"{area.kode} · {where}{book.district}, {book.province}", within=width
    )
    top = MARGIN + height - NOTES
    canvas.pen("#000000", 0.2)
    canvas.line(MARGIN, top, MARGIN + width, top)
    canvas.face(5.2, colour="#222222")
    for place, line in enumerate(canvas.wrap(book.notes, width, 4)):
        canvas.write_at(MARGIN, top + 2.6 + place * 2.25, line)
    canvas.face(6.5, "B")
    canvas.write_at(MARGIN, MARGIN + height, f"{area.kode} · {NAMELESS}", within=width - 40)
    canvas.write_at(MARGIN + width, MARGIN + height, f"Halaman {page} dari {PAGES}", align="R")
    return Rect(MARGIN, MARGIN + HEADER, width, top - 3 - MARGIN - HEADER)

"""The cover of a book: what it is for, what it holds, what its words mean, and how it is kept and used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.atlas.front.day import draw_walk
from geo.atlas.listing import CLASSES
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import MARGIN, Rect
from geo.atlas.paper.margins import BAND_MM, SECRET, Book, draw_confidentiality, draw_foot
from geo.atlas.sheet.furniture import GREY
from geo.atlas.sheet.symbols import draw_marks
from geo.outcomes import MEANINGS, OUTCOMES
from geo.symbology import NEED_TITLES, long_date, number

TEXT_PT, PITCH_MM, TITLE_PT = 8.2, 3.75, 10.0
MOST_LINES = 4
"""A definition takes no more; the whole of it stands in the report of the run."""

RECEIPTS, RECEIPT_MM = 4, 8.0
DEFINITIONS_MM = 14.0
"""What a day's visits leave to the definitions, or to the line that says where they are."""

LONGEST_NAME = 60

_KEEP = (
    "Dicatat siapa menerima, disimpan tertutup, tidak ditinggal di tempat umum, tidak ditunjukkan kepada warga lain.",
    "Tidak difoto, tidak disalin, dan tidak dikirim lewat pesan. Lembar yang basah atau rusak dicetak ulang satuan.",
    "Seluruh lembar dikembalikan sesudah hari kerja; setelah hasilnya dicatat, lembar dihancurkan hingga tak terbaca.",
    "Kehilangan dilaporkan hari itu juga: pemberitahuan pelanggaran wajib dalam 3 × 24 jam (Pasal 46 UU PDP).",
)
_READ = (
    "Nomor: tiap rumah tangga punya satu nomor di desanya, sama di peta, daftar, GPX, KML, dan layar isian.",
    (
        "Petak: huruf kolom dan angka baris di tepi peta, misalnya B4; bila sehalaman ada beberapa peta, didahului "
        "huruf petanya, misalnya aB4."
    ),
    (
        "Kotak bernama «2» atau «3b» pada lembar pertama: nomor rumah di dalamnya ada di peta lembar itu. «41–52» "
        "(misalnya): beberapa rumah tangga di satu titik."
    ),
    (
        "Titik kecil tanpa nomor: rumah tangga lain di desa itu. Lembar 00: yang tidak punya titik sendiri, dicari "
        "menurut dusun."
    ),
)
_EVENING = (
    (
        "Catat pada hari yang sama: halaman «Hasil per lembar», ketik atau pindai kode lembar, lalu nomor rumahnya. "
        "Tanpa peramban: peta outcome KODE-LEMBAR NOMOR HASIL, atau satu tabel: peta outcome --csv BERKAS."
    ),
)


@dataclass(frozen=True)
class Contents:
    """What a book holds, for its cover.

    Attributes
    ----------
    desa, sheets, households, mapless
        How many desa, sheets (lists without a map not counted), households, and of these without a position.
    without_desa
        Households that stand in no book, as their desa is not known.
    whole
        Whether those are of the whole register, as desa were chosen and not households.
    """

    desa: int
    sheets: int
    households: int
    mapless: int
    without_desa: int
    whole: bool


def draw_cover(
    canvas: Canvas,
    book: Book,
    contents: Contents,
    facts: Mapping[str, Any],
    size: tuple[float, float],
    page: int,
    pages: int,
    *,
    walk: pd.DataFrame | None = None,
    start: str = "",
) -> None:
    """Draw the cover.

    Parameters
    ----------
    facts
        Of the assessment.
    size
        Width and height (mm) of the page.
    walk
        A day's visits, as :func:`geo.atlas.front.day.walk_rows` tells them.
    start
        Where that day begins, in a sentence of the plan.
    """
    canvas.add_page(format=size)
    box = Rect(MARGIN, MARGIN, size[0] - 2 * MARGIN, size[1] - 2 * MARGIN)
    draw_confidentiality(canvas, box, book)
    y = _draw_title(canvas, box, book)
    y = _draw_facts(canvas, Rect(box.left, y, box.width, 0), _about(contents, facts, start))
    y = _draw_points(
        canvas, box, y, "Kerahasiaan — UU 27/2022 tentang Pelindungan Data Pribadi", [_holds(book), *_KEEP]
    )
    y = _draw_points(canvas, box, y, "Membaca lembar", _READ)
    y = _draw_signs(canvas, box, y)
    meanings = "; ".join(f"{OUTCOMES[word]}: {meaning}" for word, meaning in MEANINGS.items())
    y = _draw_points(
        canvas, box, y, "Sesudah pulang", [*_EVENING, f"Satu hasil tiap rumah tangga. {meanings}."]
    )
    foot = box.bottom - 5
    receipts = foot - RECEIPTS * RECEIPT_MM - 10
    if walk is not None and len(walk):
        y = _heading(canvas, box, y, "Urutan kunjungan")
        y = draw_walk(canvas, Rect(box.left, y, box.width, receipts - DEFINITIONS_MM - y), walk)
    _draw_definitions(canvas, Rect(box.left, y, box.width, receipts - 4 - y), facts)
    _draw_receipts(canvas, Rect(box.left, receipts, box.width, foot - receipts))
    draw_foot(canvas, box, f"{book.title} · {SECRET}", page, pages)


def _draw_title(canvas: Canvas, box: Rect, book: Book) -> float:
    y = box.top + BAND_MM + 6
    canvas.face(9, "B", GREY)
    canvas.write_at(box.left, y, "BUKU PETA LAPANGAN")
    canvas.face(20, "B")
    for line in canvas.wrap(book.title, box.width, 2):
        y += 9
        canvas.write_at(box.left, y, line)
    canvas.face(10.5)
    y += 6
    canvas.write_at(box.left, y, f"{book.district}, {book.province}", within=box.width)
    canvas.face(9.5, "B")
    for line in canvas.wrap(f"Tujuan: {book.purpose}", box.width, 2) if book.purpose else []:
        y += 5
        canvas.write_at(box.left, y, line)
    if book.banner:
        y += 5.2
        canvas.write_at(box.left, y, f"{book.banner}.", within=box.width)
    return y + 4


def _about(contents: Contents, facts: Mapping[str, Any], start: str) -> dict[str, str]:
    files = [str(given["name"])[:LONGEST_NAME] for given in facts["inputs"] if given["role"] == "sheet"]
    boundaries = facts["boundaries"]
    held = (
        f"{number(contents.households)} rumah tangga di {number(contents.desa)} desa/kelurahan, "
        f"{number(contents.sheets)} lembar peta"
    )
    if contents.mapless:
        held += f"; {number(contents.mapless)} tanpa titik sendiri, dalam daftar lembar 00"
    of = "seluruh register" if contents.whole else "yang dipilih"
    lost = f"{number(contents.without_desa)} rumah tangga dari {of}: desanya tidak diketahui (lihat tinjauan)"
    return {
        "Isi": held,
        **({"Berangkat": start} if start else {}),
        **({"Tidak termuat": lost} if contents.without_desa else {}),
        "Data": f"{', '.join(files) or 'lembar rumah tangga'}, diolah {long_date(facts['created'])}",
        "Batas": f"{boundaries['source']} ({boundaries['date']})",
    }


def _draw_facts(canvas: Canvas, box: Rect, told: Mapping[str, str]) -> float:
    y = box.top
    canvas.pen("#000000", 0.3)
    canvas.line(box.left, y, box.right, y)
    for title, words in told.items():
        canvas.face(TEXT_PT, "B")
        canvas.write_at(box.left, y + 4, title)
        canvas.face(TEXT_PT)
        for line in canvas.wrap(words, box.width - 24, 2):
            y += PITCH_MM + 0.5
            canvas.write_at(box.left + 24, y, line)
    y += 2
    canvas.line(box.left, y, box.right, y)
    return y + 1


def _holds(book: Book) -> str:
    if book.names:
        return "Buku ini memuat nama, alamat, letak rumah, dan keadaan orang: hanya untuk petugas yang ditugaskan."
    return (
        "Buku ini tanpa nama dan alamat, tetapi letak dan keadaan tiap rumah di dalamnya tetap data pribadi."
    )


def _heading(canvas: Canvas, box: Rect, y: float, title: str) -> float:
    canvas.face(TITLE_PT, "B")
    canvas.write_at(box.left, y + 5.2, title, within=box.width)
    return y + 6.2


def _draw_points(canvas: Canvas, box: Rect, y: float, title: str, points: Sequence[str]) -> float:
    y = _heading(canvas, box, y, title)
    canvas.face(TEXT_PT)
    for point in points:
        canvas.write_at(box.left + 0.8, y + PITCH_MM, "•")
        for line in canvas.wrap(point, box.width - 4, MOST_LINES):
            y += PITCH_MM
            canvas.write_at(box.left + 4, y, line)
    return y


def _draw_signs(canvas: Canvas, box: Rect, y: float) -> float:
    canvas.face(TEXT_PT)
    x, y = box.left + 5.5, y + PITCH_MM + 1.4
    places = []
    for name in CLASSES:
        canvas.write_at(x + 2.4, y, NEED_TITLES[name])
        places.append(x)
        x += canvas.width(NEED_TITLES[name]) + 9.5
    for place, left in enumerate(places):
        draw_marks(canvas, place, np.array([[left, y - 0.95]]))
    return y


def _draw_definitions(canvas: Canvas, box: Rect, facts: Mapping[str, Any]) -> None:
    """Draw as many definitions as there is room for, and say where the others are."""
    y = _heading(canvas, box, box.top, "Definisi")
    told = [
        f"{indicator['title']} — {indicator['profile']}: {indicator['definition']}"
        for indicator in facts["indicators"]
        if not indicator["sensitive"]
    ]
    for place, text in enumerate(told):
        canvas.face(7.2)
        lines = canvas.wrap(text, box.width, MOST_LINES)
        if y + (len(lines) + 1) * 3.1 > box.bottom:
            canvas.face(7.2, "I")
            canvas.write_at(
                box.left, y + 3.1, f"{number(len(told) - place)} definisi lain ada di laporan hasil ini."
            )
            break
        for line in lines:
            y += 3.1
            canvas.write_at(box.left, y, line)
        y += 0.6


def _draw_receipts(canvas: Canvas, box: Rect) -> None:
    """Draw lines for who received the book, and when it came back."""
    _heading(canvas, box, box.top - 2, "Penerima")
    edges = box.left + box.width * np.array([0.0, 0.34, 0.58, 0.72, 0.86, 1.0])
    top = box.top + 9
    canvas.face(6.5, colour=GREY)
    for title, left in zip(
        ("Nama", "Jabatan", "Diterima tanggal", "Tanda tangan", "Kembali tanggal"), edges, strict=False
    ):
        canvas.write_at(float(left) + 0.6, top - 1.2, title)
    canvas.pen("#000000", 0.15)
    lines = top + RECEIPT_MM * np.arange(RECEIPTS + 1)
    level = [np.array([(box.left, y), (box.right, y)]) for y in lines]
    upright = [np.array([(x, top), (x, lines[-1])]) for x in edges]
    canvas.paint(canvas.trace([*level, *upright], close=False), "S")

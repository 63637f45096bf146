"""The list that goes with a map: who stands behind each number, and room for what came of the visit."""

import re
from collections.abc import Sequence

import numpy as np

from geo.atlas.lists.content import SheetList
from geo.atlas.lists.layout import BOX_MM, ROW_MM, TABLE_HEADING_MM, ListForm
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import MARGIN, Rect
from geo.atlas.paper.margins import BAND_MM, SECRET, Book, draw_confidentiality, draw_foot, draw_qr, kind_of
from geo.atlas.sheet.furniture import GREY
from geo.outcomes import OUTCOMES
from geo.sheet_ids import MAPLESS
from geo.symbology import number

NOBODY = "Tidak ada rumah tangga yang tercatat di desa ini."

NUMBER_PT, NAME_PT, TEXT_PT, SMALL_PT = 9.3, 7.2, 7.0, 6.2
SHADE, HAIR_MM, TICK_MM = "#ececec", 0.12, 3.9
QR_MM = 17.0
UPPER_MM, MIDDLE_MM, LOWER_MM = 3.2, 4.9, 6.3
"""Baselines in a row: of the first of two lines, of a single one, and of the second."""

_BREAK = re.compile(r"([;+]) ")
"""Two needs stand one over the other."""

_HEADINGS = {
    "label": "No.",
    "turn": "Urut",
    "cell": "Petak",
    "who": "Nama\nAlamat",
    "place": "RT/RW\nDusun",
    "members": "ART",
    "words": "Kebu-\ntuhan",
    "notes": "Catatan",
    "sign": "Paraf",
}


def draw_list_page(
    canvas: Canvas, book: Book, listed: SheetList, place: int, form: ListForm, page: int, pages: int
) -> None:
    """Draw one page of a list.

    Parameters
    ----------
    place
        Which page of the list, from 0.
    page, pages
        Number of the page in the book, and how many the book has.
    """
    slices = listed.pages(form)
    canvas.add_page(format=form.page)
    _draw_heading(canvas, book, listed, place, len(slices), form)
    if len(listed.members):
        _draw_rows(canvas, listed, slices[place], form)
    else:
        canvas.face(11)
        canvas.write_at(form.header.left, form.header.bottom + 8, NOBODY)
    _draw_foot(canvas, listed, last=place + 1 == len(slices), form=form, page=page, pages=pages)


def _draw_heading(
    canvas: Canvas, book: Book, listed: SheetList, place: int, count: int, form: ListForm
) -> None:
    box = form.header
    draw_confidentiality(canvas, box, book)
    room = box.width - QR_MM - 4
    canvas.face(14, "B")
    follows = ", lanjutan" if place else ""
    title = f"{kind_of(listed.desa)} {listed.desa.nama_desa}"
    canvas.write_at(box.left, box.top + 10.6, f"Daftar{follows} — {title}", within=room)
    canvas.face(10, "B")
    name = f"Lembar {listed.sheet}"
    canvas.write_at(box.left, box.top + 15.6, name)
    start = canvas.width(name) + 3
    canvas.face(TEXT_PT)
    where = f"Kecamatan {listed.desa.nama_kecamatan}, {book.district}"
    if count > 1:
        where = f"daftar {place + 1} dari {count} · {where}"
    canvas.write_at(box.left + start, box.top + 15.6, where, within=room - start)
    canvas.face(SMALL_PT, colour=GREY)
    canvas.write_at(box.left, box.top + 19.6, _about(listed), within=room)
    draw_qr(canvas, Rect(box.right - QR_MM, box.top + BAND_MM + 1.5, QR_MM, QR_MM), str(listed.sheet))
    canvas.draw_alike(
        ("list blanks", form.page), lambda: _draw_blanks(canvas, box.left, box.top + 27.2, box.width)
    )


def _about(listed: SheetList) -> str:
    if not len(listed.members):
        return ""
    if listed.sheet.part != MAPLESS:
        return "Rumah tangga yang nomornya ada di peta lembar ini; petak: huruf kolom dan angka baris di tepi peta."
    return "Rumah tangga tanpa titik sendiri, jadi tidak tampak di peta: dicari menurut dusun, RT/RW, dan alamat."


def _draw_blanks(canvas: Canvas, left: float, y: float, width: float) -> None:
    """Draw the lines for who went, and when."""
    canvas.face(8, "B")
    canvas.pen("#000000", 0.2)
    for title, start, stop in (("Petugas", 0.0, 0.46), ("Tanggal", 0.48, 0.7), ("Diperiksa", 0.72, 1.0)):
        begin = left + start * width
        canvas.write_at(begin, y, title)
        canvas.line(begin + canvas.width(title) + 1.5, y + 0.6, left + stop * width, y + 0.6)


def _draw_rows(canvas: Canvas, listed: SheetList, rows: slice, form: ListForm) -> None:
    members, groups = listed.members[rows], listed.groups[rows]
    slots = np.arange(len(members))
    first = np.zeros(len(members), dtype=bool)
    if listed.headed:
        first = np.concatenate([[True], groups[1:] != groups[:-1]])
        slots = slots + np.cumsum(first)
    top = form.top + slots * ROW_MM
    _draw_grid(canvas, slots, form)
    canvas.draw_alike(("list heading", form.page, *form.columns), lambda: _draw_table_heading(canvas, form))
    texts = {name: texts[members].tolist() for name, texts in listed.entries.items()}
    _write(canvas, form, "label", top + MIDDLE_MM + 0.4, texts["label"], (NUMBER_PT, "B"), "R", SMALL_PT)
    if "turn" in form.columns:
        _write(canvas, form, "turn", top + MIDDLE_MM, texts["turn"], (9.0, ""), "C")
    _write(canvas, form, "cell", top + MIDDLE_MM, texts["cell"], (8.5, ""), "C", SMALL_PT)
    if "who" in form.columns:
        _write(canvas, form, "who", top + UPPER_MM, texts["name"], (NAME_PT, "B"), smaller=SMALL_PT)
        _write(canvas, form, "who", top + LOWER_MM, texts["address"], (SMALL_PT, ""))
    _write(canvas, form, "place", top + UPPER_MM, texts["place"], (SMALL_PT, "B"))
    _write(canvas, form, "place", top + LOWER_MM, texts["dusun"], (SMALL_PT, ""))
    _write(canvas, form, "members", top + MIDDLE_MM, texts["members"], (TEXT_PT, ""), "C")
    _write_words(canvas, form, top, texts["words"])
    if first.any():
        _write_groups(canvas, listed, rows, first, top - ROW_MM, form)


def _write(
    canvas: Canvas,
    form: ListForm,
    column: str,
    lines: np.ndarray,
    texts: Sequence[str],
    face: tuple[float, str],
    align: str = "L",
    smaller: float = 0.0,
) -> None:
    """Write a column, each text cut at its edge; those too wide in smaller letters if so asked."""
    left, width = form.columns[column]
    if smaller:
        canvas.face(*face)
        wide = canvas.widths(texts) > width - 1.2
        if wide.any():
            long = [text if is_wide else "" for text, is_wide in zip(texts, wide, strict=True)]
            texts = ["" if is_wide else text for text, is_wide in zip(texts, wide, strict=True)]
            _write(canvas, form, column, lines, long, (smaller, face[1]), align)
    canvas.face(*face)
    shown, widths = canvas.cut_many(texts, width - 1.2)
    back = {"L": 0.0, "C": 0.5, "R": 1.0}[align]
    starts = left + 0.6 + back * (width - 1.2 - widths)
    written = [each for each in zip(starts.tolist(), lines.tolist(), shown, strict=True) if each[2]]
    if written:
        x, y, kept = zip(*written, strict=True)
        canvas.write_many(x, y, kept)


def _write_words(canvas: Canvas, form: ListForm, top: np.ndarray, words: Sequence[str]) -> None:
    split = {text: [*_BREAK.sub("\\1\n", text, count=1).split("\n"), ""][:2] for text in {*words}}
    one = np.array([not split[text][1] for text in words])
    _write(
        canvas,
        form,
        "words",
        top + np.where(one, MIDDLE_MM, UPPER_MM),
        [split[text][0] for text in words],
        (SMALL_PT, ""),
    )
    _write(canvas, form, "words", top + LOWER_MM, [split[text][1] for text in words], (SMALL_PT, ""))


def _write_groups(
    canvas: Canvas, listed: SheetList, rows: slice, first: np.ndarray, top: np.ndarray, form: ListForm
) -> None:
    canvas.face(8.5, "B")
    follows = rows.start > 0 and listed.groups[rows.start] == listed.groups[rows.start - 1]
    for place in np.flatnonzero(first).tolist():
        member = listed.members[rows.start + place]
        count = int((listed.groups == listed.groups[rows.start + place]).sum())
        ending = f": {number(count)} rumah tangga" + (" (lanjutan)" if place == 0 and follows else "")
        room = form.page[0] - 2 * MARGIN - 2 - canvas.width(ending)
        name = canvas.cut(str(listed.entries["heading"][member]), room)
        canvas.write_at(MARGIN + 1, float(top[place]) + MIDDLE_MM + 0.3, name + ending)


def _draw_grid(canvas: Canvas, slots: np.ndarray, form: ListForm) -> None:
    """Draw shade, lines and boxes of the rows; a group's heading is a row without boxes."""
    key = slots.tobytes()
    if key not in form.paths:
        form.paths[key] = tuple(canvas.trace(lines, close=close) for lines, close in _grid(slots, form))
    shades, lines, ticks = form.paths[key]
    canvas.set_fill_color(SHADE)
    canvas.paint(shades, "f")
    canvas.pen("#777777", HAIR_MM)
    canvas.paint(lines, "S")
    canvas.pen("#000000", 0.2)
    canvas.set_fill_color("#ffffff")
    canvas.paint(ticks, "B")
    canvas.pen("#000000", 0.35)
    width, height = form.page[0] - 2 * MARGIN, (int(slots[-1]) + 1) * ROW_MM
    canvas.rect(MARGIN, form.top - TABLE_HEADING_MM, width, TABLE_HEADING_MM + height)
    canvas.line(MARGIN, form.top, MARGIN + width, form.top)


def _grid(slots: np.ndarray, form: ListForm) -> list[tuple[np.ndarray, bool]]:
    """Return shades, lines and boxes, and whether each is closed."""
    right, top = form.page[0] - MARGIN, form.top + slots * ROW_MM
    shades = _boxes(np.full(len(top[1::2]), MARGIN), top[1::2], right - MARGIN, ROW_MM)
    ends = form.top + np.arange(1, slots[-1] + 2) * ROW_MM
    level = np.stack([np.column_stack([np.full(len(ends), side), ends]) for side in (MARGIN, right)], axis=1)
    edges = np.array([left for left, _ in form.columns.values()][1:])
    x, y = np.tile(edges, len(top)), np.repeat(top, len(edges))
    upright = np.stack([np.column_stack([x, y]), np.column_stack([x, y + ROW_MM])], axis=1)
    left = np.array([form.columns[name][0] for name in OUTCOMES]) + (BOX_MM - TICK_MM) / 2
    inside = np.repeat(top + (ROW_MM - TICK_MM) / 2, len(left))
    ticks = _boxes(np.tile(left, len(top)), inside, TICK_MM, TICK_MM)
    return [(shades, True), (np.concatenate([level, upright]), False), (ticks, True)]


def _boxes(left: np.ndarray, top: np.ndarray, width: float, height: float) -> np.ndarray:
    corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    return np.array(corners).transpose(2, 0, 1)


def _draw_table_heading(canvas: Canvas, form: ListForm) -> None:
    canvas.face(6.5, "B")
    for name, title in _HEADINGS.items():
        if name in form.columns:
            for line, text in enumerate(reversed(title.split("\n"))):
                canvas.write_at(form.columns[name][0] + 0.6, form.top - 1.6 - line * 2.8, text)
    canvas.face(6.0, "B")
    bottom = form.top - 1.2
    # turned by a quarter: what goes right on the text's own line goes up on the page
    with canvas.rotation(90, 0.0, bottom):
        for name, title in OUTCOMES.items():
            lines = canvas.wrap(title, TABLE_HEADING_MM - 2, 2)
            middle = form.columns[name][0] + BOX_MM / 2 + 0.8
            for line, text in enumerate(lines):
                canvas.write_at(0.0, bottom + middle + (line - (len(lines) - 1) / 2) * 2.4, text)


def _draw_foot(
    canvas: Canvas, listed: SheetList, *, last: bool, form: ListForm, page: int, pages: int
) -> None:
    left, right, bottom = MARGIN, form.page[0] - MARGIN, form.page[1] - MARGIN
    total = len(listed.members)
    canvas.face(SMALL_PT)
    told = "Silangkan satu kotak tiap rumah. ART: anggota rumah tangga. «?»: belum diketahui; «–»: tidak membutuhkan."
    canvas.write_at(left, bottom - 3.6, told if total else "", within=right - left - 50)
    canvas.face(SMALL_PT, "B")
    ending = f"Akhir daftar: {number(total)} rumah tangga" if last else "Bersambung ke halaman berikut"
    canvas.write_at(right, bottom - 3.6, ending if total else "", align="R")
    draw_foot(canvas, Rect(left, bottom - 8, right - left, 8), f"{listed.sheet} · {SECRET}", page, pages)

"""The panel of a sheet: legend with counts, figures of the desa, how to work with the sheet, and room to sign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.atlas.listing import CLASSES
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import Rect
from geo.atlas.paper.margins import Book
from geo.atlas.sheet.furniture import GREY
from geo.atlas.sheet.symbols import draw_marks, draw_others
from geo.symbology import NEED_TITLES, number, percent

TEXT, SMALL, PITCH, FIGURE_MM = 6.6, 5.8, 3.2, 6.4
COLUMN_MM, LEAST_NOTES_MM, LINE_MM = 11.0, 20.0, 6.4
BLOCK_GAP = 3.0
USE = (
    "Cari nomor rumah di peta. Petaknya (misalnya B4) dan datanya ada pada daftar.",
    "Datangi rumahnya, tandai hasilnya pada daftar. Rumah tanpa titik: tanyakan kepala dusun.",
    "Sore hari isi hasil dengan kode lembar (atau QR) dan nomor rumah.",
)
SIGNED = ("Petugas", "Tanggal", "Tanda tangan", "Pengawas")

Sign = tuple[Callable[[Rect], None], str]
"""Draws itself into a small rectangle; and its words."""

Block = Callable[[Rect], float]
"""Draws itself into a rectangle, from its top, and returns where it ends (mm)."""


@dataclass(frozen=True)
class Counts:
    """Households that the legend counts.

    ``sheet`` and ``desa`` are by class, in the order of ``CLASSES``: those whose number stands on the sheet, and all
    that the book chooses in the desa; ``mapless`` of the latter have no position; ``others`` are not chosen.
    """

    sheet: np.ndarray
    desa: np.ndarray
    mapless: int
    others: int


def draw_panel(canvas: Canvas, panel: Rect, groups: Sequence[Sequence[Block]]) -> None:
    """Draw blocks under each other; in a band each group beside the other. Room left over in a column is for notes."""
    canvas.pen("#000000", 0.15)
    canvas.rect(panel.left, panel.top, panel.width, panel.height)
    inner = Rect(panel.left + 2, panel.top + 1.5, panel.width - 4, panel.height - 3)
    if panel.width > panel.height:
        width = (inner.width - (len(groups) - 1) * BLOCK_GAP * 2) / len(groups)
        free = []
        for place, blocks in enumerate(groups):
            left = inner.left + place * (width + 2 * BLOCK_GAP)
            if place:
                canvas.pen("#999999", 0.15)
                canvas.line(left - BLOCK_GAP, inner.top, left - BLOCK_GAP, inner.bottom)
            top = _stack(Rect(left, inner.top, width, inner.height), blocks)
            free.append(Rect(left, top, width, inner.bottom - top))
        _draw_lines(canvas, max(free, key=lambda room: room.height))
        return
    top = _stack(inner, [block for blocks in groups for block in blocks])
    _draw_lines(canvas, Rect(inner.left, top, inner.width, inner.bottom - top))


def _stack(box: Rect, blocks: Sequence[Block]) -> float:
    top = box.top
    for block in blocks:
        top = block(Rect(box.left, top, box.width, box.bottom - top)) + BLOCK_GAP
    return top


def draw_legend(canvas: Canvas, box: Rect, counts: Counts) -> float:
    """Draw the marks with how many there are of each, and say how many are not on any map."""
    y = _heading(canvas, box, "Keterangan") + 2.2
    desa = box.right
    sheet = desa - COLUMN_MM
    canvas.face(SMALL, colour=GREY)
    canvas.write_at(sheet, y, "lembar ini", align="R")
    canvas.write_at(desa, y, "pilihan" if counts.others else "desa ini", align="R")
    for place, name in enumerate(CLASSES):
        y += PITCH
        draw_marks(canvas, place, np.array([[box.left + 2.4, y - 0.85]]))
        canvas.face(TEXT)
        canvas.write_at(box.left + 6, y, NEED_TITLES[name], within=sheet - 6 - box.left - 6)
        canvas.write_at(sheet, y, number(counts.sheet[place]), align="R")
        canvas.write_at(desa, y, number(counts.desa[place]), align="R")
    canvas.pen("#999999", 0.15)
    canvas.line(box.left, y + 1.0, box.right, y + 1.0)
    y += PITCH + 0.6
    canvas.face(TEXT, "B")
    canvas.write_at(box.left + 6, y, "Jumlah")
    canvas.write_at(sheet, y, number(counts.sheet.sum()), align="R")
    canvas.write_at(desa, y, number(counts.desa.sum()), align="R")
    y += PITCH
    canvas.face(TEXT)
    canvas.write_at(
        box.left + 6, y, "di antaranya tanpa titik, hanya di daftar", within=desa - 8 - box.left - 6
    )
    canvas.write_at(desa, y, number(counts.mapless), align="R")
    if counts.others:
        y += PITCH
        draw_others(canvas, np.array([[box.left + 2.4, y - 0.85]]))
        canvas.face(TEXT)
        canvas.write_at(box.left + 6, y, "Rumah tangga lain, tanpa nomor", within=sheet - 6 - box.left - 6)
        canvas.write_at(desa, y, number(counts.others), align="R")
    return y


def draw_signs(canvas: Canvas, box: Rect, signs: Sequence[Sign]) -> float:
    """Draw the other signs of the map, one a line; long words take two lines."""
    y = box.top
    for draw, title in signs:
        canvas.face(SMALL)
        lines = canvas.wrap(title, box.width - 8, 2)
        if y + PITCH * len(lines) > box.bottom:
            break
        for place, line in enumerate(lines):
            canvas.write_at(box.left + 8, y + PITCH * place + 2.4, line)
        draw(Rect(box.left, y + 0.6, 6.0, 2.2))
        y += PITCH * len(lines) - 0.5 * (len(lines) - 1)
    return y


def draw_figures(canvas: Canvas, box: Rect, desa: Any, book: Book) -> float:  # noqa: ANN401 - a row as a named tuple
    """Draw rates with their interval, their unknowns and the gap to the target, an indicator at a time."""
    y = _heading(canvas, box, "Angka desa") + 3.6
    fitting = max(0, int((box.bottom - y) / FIGURE_MM))
    for name, title, target in book.indicators[:fitting]:
        rate, low, high, known, need, unknown, gap = (
            _figure(desa, f"{name}_{part}")
            for part in ("rate", "low", "high", "known", "need", "unknown", "gap")
        )
        canvas.face(TEXT, "B")
        canvas.write_at(box.left, y, title, within=box.width - 25)
        span = f"{percent(rate, 1)} ({percent(low)}–{percent(high)})" if np.isfinite(rate) else "–"
        canvas.write_at(box.right, y, span.replace(" %–", "–"), align="R")
        canvas.face(SMALL)
        few = "" if getattr(desa, f"{name}_enough", True) or not known > 0 else " · data sedikit"
        goal = f"{target}: {number(gap)}"
        room = box.width - canvas.width(goal) - 1
        counted = f"{number(need)} dari {number(known)}; {number(unknown)} belum diketahui{few}"
        canvas.write_at(box.left, y + 2.6, counted, within=room)
        canvas.write_at(box.right, y + 2.6, goal, align="R")
        y += FIGURE_MM
    canvas.face(SMALL, colour=GREY)
    text = "Dalam kurung: interval 95 % (Wilson)."
    if len(book.indicators) > fitting:
        text = f"Kurung: interval 95 %. {len(book.indicators) - fitting} indikator lain pada laporan."
    canvas.write_at(
        box.left, y, text if book.indicators else "Tidak ada indikator yang diukur.", within=box.width
    )
    return y


def _figure(desa: Any, column: str) -> float:  # noqa: ANN401 - a row of the desa table as a named tuple
    value = getattr(desa, column, np.nan)
    return float("nan") if pd.isna(value) else float(value)


def draw_use(canvas: Canvas, box: Rect) -> float:
    """Say in three lines how to work with the sheet."""
    y = _heading(canvas, box, "Cara memakai") + 0.6
    for place, rule in enumerate(USE):
        canvas.face(TEXT, "B")
        canvas.write_at(box.left, y + PITCH, f"{place + 1}.")
        canvas.face(TEXT)
        for line in canvas.wrap(rule, box.width - 3.4, 3):
            y += PITCH - 0.3
            canvas.write_at(box.left + 3.4, y, line)
        y += 0.5
    return y


def draw_signature(canvas: Canvas, box: Rect) -> float:
    """Draw lines for who went there, when, and who checked it."""
    y = _heading(canvas, box, "Petugas lapangan") + 1.0
    canvas.pen("#555555", 0.15)
    canvas.face(TEXT)
    for title in SIGNED:
        y += LINE_MM
        if y > box.bottom:
            return y - LINE_MM
        canvas.write_at(box.left, y, title)
        canvas.line(box.left + 18, y + 0.6, box.right, y + 0.6)
    return y


def _draw_lines(canvas: Canvas, box: Rect) -> None:
    """Leave lines for notes where there is room for some."""
    if box.height < LEAST_NOTES_MM:
        return
    y = _heading(canvas, box, "Catatan lapangan") + 1.0
    canvas.pen("#999999", 0.12, (0.4, 0.8))
    while (y := y + LINE_MM) < box.bottom:
        canvas.line(box.left, y, box.right, y)
    canvas.set_dash_pattern()


def _heading(canvas: Canvas, box: Rect, title: str) -> float:
    """Write a heading with a line under it, and return where that is (mm)."""
    canvas.face(7.6, "B")
    canvas.write_at(box.left, box.top + 2.8, title)
    canvas.pen("#000000", 0.2)
    canvas.line(box.left, box.top + 3.8, box.right, box.top + 3.8)
    return box.top + 3.8

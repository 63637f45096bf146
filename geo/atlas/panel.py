"""The panel of a sheet: legend with counts, figures of the desa, and the list of households in need."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from geo.atlas.canvas import Canvas
from geo.atlas.layout import LIST_HEADING, LIST_PITCH, Layout, Rect, rows_in
from geo.atlas.listing import CLASSES
from geo.atlas.margins import GREY, Book
from geo.atlas.symbols import draw_marks
from geo.symbology import NEED_TITLES, number, percent

TEXT, SMALL, PITCH, FIGURE_MM = 6.0, 5.3, 2.8, 5.9
COUNT_AT = 45.0
LIST_COLUMNS = (
    ("label", "No.", 5.2, "R", 6.0),
    ("cell", "Petak", 7.2, "L", 6.0),
    ("desil", "Desil", 18.0, "R", 5.0),
    ("words", "Kebutuhan", 20.5, "L", 18.0),
    ("place", "RT/RW", 39.0, "L", 8.0),
    ("dusun", "Dusun", 48.0, "L", 13.0),
)
"""Column, heading, millimetres from the left, alignment, and the width where it is cut."""

Sign = tuple[Callable[[Rect], None], str]
"""Draws itself into a small rectangle; and its words."""


def draw_legend(canvas: Canvas, box: Rect, counts: np.ndarray, signs: list[Sign]) -> float:
    """Draw the legend and return where it ends (mm).

    Parameters
    ----------
    counts
        Households by class (row, in the order of ``CLASSES``) and place (column): on the map, without a point.
    signs
        The other signs of the map.
    """
    y = _heading(canvas, box, "Keterangan")
    canvas.face(SMALL, colour=GREY)
    canvas.write_at(box.left + COUNT_AT, y, "di peta", align="R")
    canvas.write_at(box.right, y, "tanpa titik", align="R")
    canvas.face(TEXT)
    for place, name in enumerate(CLASSES):
        line = y + (place + 1) * PITCH
        canvas.write_at(box.left + 6.5, line, NEED_TITLES[name])
        _counts(canvas, box, line, counts[place])
    for place in range(len(CLASSES)):
        draw_marks(canvas, place, np.array([[box.left + 2.4, y + (place + 1) * PITCH - 0.75]]))
    y += (len(CLASSES) + 1) * PITCH
    canvas.pen("#999999", 0.15)
    canvas.line(box.left, y - 2.1, box.right, y - 2.1)
    canvas.face(TEXT, "B")
    canvas.write_at(box.left + 6.5, y + 0.2, f"Rumah tangga: {number(counts.sum())}")
    _counts(canvas, box, y + 0.2, counts.sum(axis=0))
    canvas.face(SMALL, colour=GREY)
    y += PITCH
    without = number(counts[:, 1].sum())
    canvas.write_at(
        box.left, y, f"{without} rumah tangga tanpa titik (tidak tampak di peta).", within=box.width
    )
    y += 0.8
    return _draw_signs(canvas, Rect(box.left, y, box.width, 0), signs)


def _draw_signs(canvas: Canvas, box: Rect, signs: list[Sign]) -> float:
    """Draw signs two in a row, or one where its words are long; return where they end (mm)."""
    half = box.width / 2
    y, column = box.top, 0
    canvas.face(SMALL)
    for draw, title in signs:
        wide = canvas.width(title) > half - 7.0
        if column == 0 or wide:
            y, column = y + PITCH, 0
        left = box.left + column * half
        canvas.write_at(left + 6.5, y, title, within=(box.width if wide else half) - 6.5)
        draw(Rect(left, y - 1.9, 5.0, 2.0))
        column = 0 if wide else 1 - column
    return y


def _counts(canvas: Canvas, box: Rect, y: float, pair: np.ndarray) -> None:
    canvas.write_at(box.left + COUNT_AT, y, number(pair[0]), align="R")
    canvas.write_at(box.right, y, number(pair[1]), align="R")


def draw_figures(canvas: Canvas, box: Rect, top: float, desa: Any, book: Book) -> None:  # noqa: ANN401
    """Draw rates with their interval, their unknowns and the gap to the target, an indicator at a time."""
    y = _heading(canvas, Rect(box.left, top, box.width, 0), "Angka desa") + 3.2
    fitting = max(0, int((box.bottom - y) / FIGURE_MM))
    for name, title, target in book.indicators[:fitting]:
        rate, low, high, known, need, unknown, gap = (
            _figure(desa, f"{name}_{part}")
            for part in ("rate", "low", "high", "known", "need", "unknown", "gap")
        )
        canvas.face(TEXT, "B")
        canvas.write_at(box.left, y, title, within=box.width - 27)
        span = f"{percent(rate, 1)} ({percent(low)}–{percent(high)})" if np.isfinite(rate) else "–"
        canvas.write_at(box.right, y, span.replace(" %–", "–"), align="R")
        canvas.face(SMALL)
        few = "" if getattr(desa, f"{name}_enough", True) or not known > 0 else " · data sedikit"
        counted = f"{number(need)} dari {number(known)}; {number(unknown)} belum diketahui{few}"
        canvas.write_at(box.left, y + 2.4, counted, within=box.width - 21)
        canvas.write_at(box.right, y + 2.4, f"{target}: {number(gap)}", align="R")
        y += FIGURE_MM
    canvas.face(SMALL, colour=GREY)
    text = "Dalam kurung: selang kepercayaan 95 % (Wilson)."
    if len(book.indicators) > fitting:
        text = f"Kurung: selang 95 %. {len(book.indicators) - fitting} indikator lain pada laporan."
    canvas.write_at(box.left, y - 0.6, text if book.indicators else "Tidak ada indikator yang diukur.")


def _figure(desa: Any, column: str) -> float:  # noqa: ANN401 - a row of the desa table as a named tuple
    value = getattr(desa, column, np.nan)
    return float("nan") if pd.isna(value) else float(value)


def draw_list(canvas: Canvas, layout: Layout, households: pd.DataFrame) -> None:
    """Draw as many households in need as the columns hold, and say how many that are."""
    needy = households[households["number"].to_numpy() > 0]
    shown = min(len(needy), layout.list_rows)
    text = "Tidak ada rumah tangga dengan kebutuhan yang diketahui."
    if households.empty:
        text = "Tidak ada rumah tangga yang tercatat di desa ini."
    if len(needy):
        text = f"Semua {number(shown)} rumah tangga tercantum; petak «–»: tanpa titik."
    if shown < len(needy):
        text = f"{number(shown)} dari {number(len(needy))} tercantum; selebihnya di daftar prioritas."
    first = layout.columns[0]
    _heading(canvas, first, "Daftar rumah tangga dengan kebutuhan")
    canvas.face(SMALL, "" if shown == len(needy) else "B")
    canvas.write_at(first.left, first.top + 5.6, text, within=first.width)
    start = 0
    for column in layout.columns:
        stop = min(start + rows_in(column), shown)
        if stop > start:
            if column is not first:
                _heading(canvas, column, "Daftar, lanjutan")
            _draw_rows(canvas, column, needy.iloc[start:stop])
        start = stop


def _draw_rows(canvas: Canvas, column: Rect, rows: pd.DataFrame) -> None:
    y = column.top + LIST_HEADING - 1.0
    canvas.face(SMALL, colour=GREY)
    for _, title, x, align, _ in LIST_COLUMNS:
        canvas.write_at(column.left + x, y, title, align=align)
    canvas.pen("#999999", 0.15)
    canvas.line(column.left, y + 0.8, column.right, y + 0.8)
    shades = np.arange(1, len(rows), 2) * LIST_PITCH + y + 0.75
    left, right = np.full(len(shades), column.left), np.full(len(shades), column.right)
    stripes = [(left, shades), (right, shades), (right, shades + LIST_PITCH), (left, shades + LIST_PITCH)]
    canvas.set_fill_color("#efefef")
    canvas.paint(canvas.trace(np.array(stripes).transpose(2, 0, 1)), "f")
    canvas.face(TEXT)
    lines = (y + LIST_PITCH * np.arange(1, len(rows) + 1)).tolist()
    for name, _, x, align, within in LIST_COLUMNS:
        texts = [canvas.cut(text, within) if text else "–" for text in rows[name].tolist()]
        back = 1.0 if align == "R" else 0.0
        starts = [column.left + x - back * canvas.width(text) for text in texts]
        canvas.write_many(starts, lines, texts)


def _heading(canvas: Canvas, box: Rect, title: str) -> float:
    canvas.face(7.2, "B")
    canvas.write_at(box.left, box.top + 2.7, title)
    return box.top + 2.9

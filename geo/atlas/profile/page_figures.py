"""The second page of a profile: every figure with its interval, the parts of the area, kantong and progress."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import Rect
from geo.atlas.profile.advice import span
from geo.atlas.profile.area import DESA, Area, Figure
from geo.outcomes import OUTCOMES
from geo.symbology import number, percent

GREY, RULE = "#555555", "#999999"
ROW, PART_ROW = 9.2, 3.9
MOST_KANTONG, MOST_CIRCLES = 6, 4
OVERLAP = "Satu rumah tangga dapat membutuhkan beberapa hal: angka menurut kebutuhan jangan dijumlahkan."
WITHHELD = "tidak ditampilkan, agar angka kecil tetap rahasia"
BAR_COLOURS = ("#1b7837", "#8073ac", "#c2a5cf", "#b35806", "#5aae61", "#444444")


def draw_figures(canvas: Canvas, box: Rect, area: Area) -> float:
    """Draw a row an indicator: counts, rate on an axis with its interval, rank and gap. Return where it ends (mm)."""
    y = _title(canvas, box, "Angka, dengan interval 95 %")
    shown = [figure for figure in area.figures if not figure.withheld]
    top = max(
        (limit for figure in shown for limit in (figure.high, figure.whole) if np.isfinite(limit)),
        default=1.0,
    )
    top = min(1.0, max(0.1, float(np.ceil(top * 10) / 10)))
    axis = Rect(box.left + 88, y, box.width - 88 - 46, 0)
    canvas.face(5.8, colour=GREY)
    canvas.write_at(box.left, y, "Kebutuhan")
    canvas.write_at(box.left + 86, y, "Tingkat (interval)", align="R")
    for place in range(5):
        canvas.write_at(axis.left + axis.width * place / 4, y, percent(top * place / 4), align="C")
    canvas.write_at(box.right, y, "Peringkat · kekurangan menuju target", align="R")
    y += 1.4
    canvas.pen(RULE, 0.15)
    canvas.line(box.left, y, box.right, y)
    for figure in area.figures:
        _draw_figure(canvas, Rect(box.left, y, box.width, ROW), axis, figure, top, area)
        y += ROW
        canvas.pen("#d5d5d5", 0.12)
        canvas.line(box.left, y, box.right, y)
    canvas.face(5.8, colour=GREY)
    outer = "▲ kecamatan, " if area.level == DESA else ""
    note = f"● {area.kind.lower()} ini dengan intervalnya; {outer}│ kabupaten. Dari yang diketahui saja."
    canvas.write_at(box.left, y + 3, note, within=box.width)
    canvas.write_at(box.left, y + 5.8, OVERLAP, within=box.width)
    return y + 8


def _draw_figure(canvas: Canvas, box: Rect, axis: Rect, figure: Figure, top: float, area: Area) -> None:
    canvas.face(7.4, "B")
    canvas.write_at(box.left, box.top + 3.6, figure.title, within=56)
    canvas.face(6.2, colour=GREY)
    if figure.withheld:
        canvas.write_at(box.left, box.top + 6.8, WITHHELD, within=box.width)
        return
    counted = (
        f"{number(figure.need)} dari {number(figure.known)} yang diketahui; {number(figure.unknown)} belum"
    )
    canvas.write_at(box.left, box.top + 6.8, counted + (" · data sedikit" if figure.few else ""), within=84)
    canvas.face(7.4, "B")
    canvas.write_at(box.left + 86, box.top + 3.6, span(figure), align="R")
    _draw_axis(canvas, Rect(axis.left, box.top, axis.width, box.height), figure, top)
    canvas.face(6.6)
    if np.isfinite(figure.rank):
        kind = "desa" if area.level == DESA else "kecamatan"
        rank = f"ke-{number(figure.rank)} tertinggi dari {number(figure.ranked)} {kind}"
        canvas.write_at(box.right, box.top + 3.6, rank, align="R", within=44)
    if np.isfinite(figure.gap):
        gap = "target tercapai sejauh diketahui" if figure.gap == 0 else f"kurang {number(figure.gap)}"
        gap += f" menuju {figure.target}" if figure.gap > 0 and figure.target else ""
        canvas.face(6.6, "B" if figure.gap > 0 else "")
        canvas.write_at(box.right, box.top + 6.8, gap, align="R", within=44)


def _draw_axis(canvas: Canvas, box: Rect, figure: Figure, top: float) -> None:
    def at(rate: float) -> float:
        return box.left + box.width * min(max(rate / top, 0.0), 1.0)

    middle = box.top + box.height / 2
    canvas.pen("#dddddd", 0.12)
    for place in range(5):
        x = box.left + box.width * place / 4
        canvas.line(x, box.top + 1, x, box.bottom - 1)
    if np.isfinite(figure.whole):
        canvas.pen("#000000", 0.5)
        canvas.line(at(figure.whole), middle - 2.6, at(figure.whole), middle + 2.6)
    if np.isfinite(figure.outer):
        x = at(figure.outer)
        canvas.set_fill_color("#777777")
        triangle = np.array([(x, middle + 0.9), (x - 1.1, middle + 3), (x + 1.1, middle + 3)])
        canvas.paint(canvas.trace([triangle]), "f")
    if np.isfinite(figure.rate):
        canvas.pen("#000000", 0.35)
        canvas.line(at(figure.low), middle, at(figure.high), middle)
        for end in (figure.low, figure.high):
            canvas.line(at(end), middle - 0.9, at(end), middle + 0.9)
        canvas.dots(np.array([(at(figure.rate), middle)]), 2.0, "#000000")


def draw_parts(canvas: Canvas, box: Rect, area: Area) -> float:
    """Draw the table of dusun (of a desa) or desa (of a kecamatan); return where it ends (mm)."""
    word = "dusun" if area.level == DESA else "desa"
    y = _title(canvas, box, f"Menurut {word}")
    if area.parts.empty:
        canvas.face(7, colour=GREY)
        canvas.write_at(box.left, y + 1, f"Tidak ada keterangan {word} yang dapat dihitung.")
        return y + 4
    needs = area.open_needs[: max(1, int((box.width - 60) / 30))]
    left = box.left + 60
    step = (box.right - left) / max(1, len(needs))
    canvas.face(5.8, colour=GREY)
    canvas.write_at(left - 2, y, "Rumah tangga", align="R")
    for place, (_, title) in enumerate(needs):
        canvas.write_at(left + (place + 1) * step, y, title, align="R", within=step - 2)
    canvas.pen(RULE, 0.15)
    canvas.line(box.left, y + 1, box.right, y + 1)
    room = max(1, int((box.bottom - y - 5) / PART_ROW))
    most = min(len(area.parts), room)
    for row in area.parts.head(most).to_dict("records"):
        y += PART_ROW
        canvas.face(6.8)
        canvas.write_at(box.left, y, str(row["title"]) or "(tanpa nama)", within=44)
        canvas.write_at(left - 2, y, _count(row["households"]), align="R")
        for place, (name, _) in enumerate(needs):
            canvas.write_at(left + (place + 1) * step, y, _count(row[f"{name}_need"], "·"), align="R")
    y += 3.2
    canvas.face(5.8, colour=GREY)
    rest = len(area.parts) - most
    note = "Yang membutuhkan; «·»: tidak ditampilkan, agar angka kecil tetap rahasia." + (
        f" {number(rest)} {word} lain tidak muat." if rest else ""
    )
    canvas.write_at(box.left, y, note, within=box.width)
    return y + 2


def _count(figure: Any, missing: str = "–") -> str:  # noqa: ANN401 - a cell of a table: a number, or missing
    return missing if pd.isna(figure) else number(float(figure))


def draw_gathering(canvas: Canvas, box: Rect, area: Area) -> float:
    """Draw kantong, circles and hot desa; return where it ends (mm)."""
    y = _title(canvas, box, "Di mana mengelompok")
    titles = dict(area.open_needs)
    lines = [
        f"{row['name']}: {number(row['households'])} rumah tangga, "
        f"{titles.get(row['indicator'], row['indicator'])}"
        for row in area.kantong.head(MOST_KANTONG).to_dict("records")
    ]
    if len(area.kantong) > MOST_KANTONG:
        lines.append(f"dan {number(len(area.kantong) - MOST_KANTONG)} kantong lain")
    for row in area.circles.head(MOST_CIRCLES).to_dict("records"):
        risk = row["relative_risk"]
        often = "" if pd.isna(risk) else f": {number(risk, 1)} kali sesering di luarnya"
        title = titles.get(row["indicator"], row["indicator"])
        lines.append(f"Lingkaran {row['label']} sekitar {row['nama_desa']}, {title}{often}")
    lines += [
        f"Desa panas menurut {title}" + ("" if area.level == DESA else f": {number(count)} desa")
        for title, count in area.hot
    ]
    if area.areas_only:
        lines.append("Kantong tidak ditampilkan pada edisi ini.")
    elif not lines:
        lines = ["Tidak ada kantong, lingkaran, atau desa panas di sini."]
    return _lines(canvas, box, y, lines)


def draw_progress(canvas: Canvas, box: Rect, area: Area) -> float:
    """Draw how far the visits have come; return where it ends (mm)."""
    y = _title(canvas, box, "Kemajuan kunjungan")
    if area.visits is None:
        return _lines(canvas, box, y, ["Tidak termuat dalam cetakan ini; lihat halaman Kunjungan di peta."])
    visits, listed = area.visits, area.visits.get("listed", 0.0)
    if not listed:
        word = f"{number(area.chosen)} rumah tangga terpilih; " if area.chosen > 0 else ""
        return _lines(canvas, box, y, [f"{word}belum ada kunjungan yang direncanakan atau dicatat di sini."])
    width, left = box.width, box.left
    for colour, name in zip(BAR_COLOURS, OUTCOMES, strict=True):
        length = width * visits.get(name, 0.0) / listed
        canvas.set_fill_color(colour)
        canvas.rect(left, y - 1.5, length, 3.4, style="F")
        left += length
    canvas.pen("#000000", 0.2)
    canvas.rect(box.left, y - 1.5, width, 3.4)
    told = [f"{title.lower()} {number(visits[name])}" for name, title in OUTCOMES.items() if visits.get(name)]
    visited = visits.get("visited", 0.0)
    summary = f"{number(visited)} dari {number(listed)} dikunjungi ({percent(visited / listed)})"
    return _lines(canvas, box, y + 5.5, [summary + (": " + ", ".join(told) if told else "") + "."])


def _lines(canvas: Canvas, box: Rect, y: float, lines: Sequence[str]) -> float:
    for text in lines:
        canvas.face(7)
        for place, line in enumerate(canvas.wrap(text, box.width - 3, 2)):
            if y > box.bottom:
                return y
            canvas.write_at(box.left + (3 if place else 0), y, line)
            y += 3.4
    return y + 1


def _title(canvas: Canvas, box: Rect, title: str) -> float:
    canvas.face(9, "B")
    canvas.write_at(box.left, box.top + 3.2, title)
    return box.top + 7.6

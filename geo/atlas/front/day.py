"""A team's day on the cover: who is visited after whom, when by the plan, and on which page."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geo.atlas.front.index_table import PITCH_MM, TITLES_MM, Columns, draw_table
from geo.atlas.options import Printed
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import Rect
from geo.symbology import number

COLUMNS: Columns = {
    "turn": ("Urut", 9.0, "R"),
    "desa": ("Desa/kelurahan", 0.0, "L"),
    "number": ("No.", 11.0, "R"),
    "travel": ("Jalan", 11.0, "R"),
    "start": ("Mulai", 11.0, "R"),
    "page": ("Hal.", 10.0, "R"),
}
NOTE_MM = 4.0


def planned_day(visits: pd.DataFrame, turn: Mapping[int, int]) -> pd.DataFrame:
    """Return the visits of the team's day of a run's plan that has these turns, none when no day has them all.

    Parameters
    ----------
    visits
        Needs columns: ``team``, ``day``, ``order``, ``sheet_row``.
    turn
        Place in the day by sheet row.
    """
    if not len(visits):
        return visits
    alike = visits[visits["sheet_row"].map(turn).eq(visits["order"])]
    days = alike.groupby(["team", "day"])["sheet_row"].transform("size")
    return alike[days.eq(len(turn))].drop_duplicates("sheet_row")


def walk_rows(printed: Printed, visits: pd.DataFrame) -> pd.DataFrame:
    """Return the visits of a day as texts, in the order of their turns.

    Parameters
    ----------
    printed
        A book of a day's visits.
    visits
        As :func:`planned_day` returns them; sharpened by ``start_minute`` (since the start) and ``travel_minutes``.

    Returns
    -------
    DataFrame
        Columns of :data:`COLUMNS`; ``travel`` (minutes) and ``start`` (hours:minutes) only where the plan has them.
    """
    mine = printed.households.sort_values("turn", kind="stable")
    sheets = printed.sheets.set_index("sheet").loc[mine["sheet"]]
    told = {
        "turn": [str(turn) for turn in mine["turn"]],
        "desa": sheets["nama_desa"].tolist(),
        "number": [str(house) for house in mine["number"]],
        "page": [number(page) for page in sheets["first_page"]],
    }
    plan = visits.set_index("sheet_row").reindex(mine["sheet_row"])
    for name, column, say in (("travel", "travel_minutes", _minutes), ("start", "start_minute", _hours)):
        if column in plan and plan[column].notna().any():
            told[name] = ["" if pd.isna(value) else say(round(value)) for value in plan[column]]
    return pd.DataFrame(told)


def ranges(turns: Sequence[int]) -> str:
    """Write ascending numbers, three or more in a row as a range.

    Examples
    --------
    >>> ranges([1, 2, 3, 5, 7, 8])
    '1–3, 5, 7, 8'
    """
    values = np.asarray(turns)
    runs = np.split(values, np.flatnonzero(np.diff(values) != 1) + 1) if len(values) else []
    told = [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]  # noqa: PLR2004
    return ", ".join(told)


def _minutes(minutes: int) -> str:
    return number(minutes)


def _hours(minutes: int) -> str:
    return f"+{minutes // 60}:{minutes % 60:02d}"


def draw_walk(canvas: Canvas, box: Rect, rows: pd.DataFrame) -> float:
    """Draw as many visits as the box has room for, and say where the others are; return where they end."""
    lines = max(0, int((box.height - TITLES_MM - 2 * NOTE_MM) / PITCH_MM))
    shown = rows.iloc[: 2 * lines]
    told = "Urutan menurut rencana kunjungan."
    if "start" in rows:
        told = "Jalan: menit ke rumah itu; mulai: perkiraan jam:menit sesudah berangkat."
    if len(shown) < len(rows):
        told += f" {number(len(rows) - len(shown))} kunjungan lain: kolom Urut pada daftar."
    canvas.face(7.2)
    canvas.write_at(box.left, box.top + NOTE_MM - 0.8, told, within=box.width)
    if not len(shown):
        return box.top + NOTE_MM
    columns = {name: how for name, how in COLUMNS.items() if name in rows}
    draw_table(canvas, Rect(box.left, box.top + NOTE_MM, box.width, box.height - NOTE_MM), shown, columns)
    return box.top + NOTE_MM + TITLES_MM + -(-len(shown) // 2) * PITCH_MM

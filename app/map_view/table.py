"""The areas of a view as a table: put in order, told in words, and as cells for a spreadsheet."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from app.map_view.asked import DESA
from app.map_view.view import View, figure_words
from geo.errors import SettingsError
from geo.report.zones import records
from geo.symbology import number, percent

Json = dict[str, Any]

FIRST = 25
"""So many areas stand in the table until all are asked for."""

COLUMNS = {
    "peringkat": ("rank", "Peringkat"),
    "nama": ("name", ""),
    "kecamatan": ("kecamatan", "Kecamatan"),
    "rumah": ("households", "Rumah tangga"),
    "butuh": ("need", "Membutuhkan"),
    "diketahui": ("known", "Diketahui"),
    "tingkat": ("rate", "Tingkat"),
    "dihaluskan": ("smoothed", "Dihaluskan"),
    "kekurangan": ("gap", "Kekurangan"),
}
"""By what the table is put in order: its column, and its heading."""

_DOWN_FIRST = ("rumah", "butuh", "diketahui", "tingkat", "dihaluskan", "kekurangan")


@dataclass(frozen=True)
class Order:
    """How the table is read: ``-butuh`` is downwards."""

    by: str = "peringkat"
    down: bool = False
    whole: bool = False


def read_order(order: str, whole: str) -> Order:
    """Read from an address how the table is put in order.

    Raises
    ------
    SettingsError
        When there is no such column.
    """
    by = order.removeprefix("-") or "peringkat"
    if by not in COLUMNS:
        raise SettingsError(f"Tabel tidak dapat diurutkan menurut itu. Yang ada: {', '.join(COLUMNS)}.")
    return Order(by, order.startswith("-"), bool(whole))


def table(view: View, order: Order) -> Json:
    """Return the context of the table: headings with their addresses, and a row an area inside, not yet escaped."""
    of_desa = view.asked.level == DESA
    rows = view.rows.sort_values(
        [COLUMNS[order.by][0], "kode"], ascending=[not order.down, True], na_position="last"
    )
    shown = rows if order.whole else rows.head(FIRST)
    return {
        "heads": [
            (_title(title, of_desa=of_desa), _address(view, name, order), _direction(name, order))
            for name, (column, title) in COLUMNS.items()
            if _told(view, name, column, of_desa=of_desa)
        ],
        "columns": [
            name for name, (column, _) in COLUMNS.items() if _told(view, name, column, of_desa=of_desa)
        ],
        "rows": [_row(row, view) for row in records(shown)],
        "total": number(len(rows)),
        "shown": number(len(shown)),
        "all": "" if len(shown) == len(rows) else _with(view, order.by, down=order.down, whole=True),
        "of_desa": of_desa,
        "title": view.legend["title"],
        "words": view.words,
    }


def cells(view: View) -> pd.DataFrame:
    """Return the table with headings for a spreadsheet; what is withheld or unknown is an empty cell."""
    rows, of_desa = view.rows.sort_values(["rank", "kode"], na_position="last"), view.asked.level == DESA
    enough = rows["enough"].to_numpy(bool)
    found = {"Kode": rows["kode"], "Desa" if of_desa else "Kecamatan": rows["name"]}
    if of_desa:
        found["Kecamatan"] = rows["kecamatan"]
    counts = {
        "Rumah tangga": "households",
        "Membutuhkan": "need",
        "Diketahui": "known",
        "Belum diketahui": "unknown",
    }
    found |= {title: rows[name].astype("Float64").astype("Int64") for title, name in counts.items()}
    shares = {
        "Tingkat": "rate",
        "Batas bawah 95 %": "low",
        "Batas atas 95 %": "high",
        "Dihaluskan": "smoothed",
    }
    found |= {title: rows[name].where(enough).round(4) for title, name in shares.items()}
    found["Kekurangan menuju target"] = rows["gap"].where(enough).astype("Float64").astype("Int64")
    found["Peringkat"] = rows["rank"].astype("Float64").astype("Int64")
    words = [figure_words(row, view.asked.measure) for row in records(rows)]
    found["Keterangan"] = pd.Series(words, index=rows.index)
    return pd.DataFrame(found)


def _told(view: View, name: str, column: str, *, of_desa: bool) -> bool:
    if name == "kecamatan":
        return of_desa
    return column not in ("smoothed", "gap") or bool(view.rows[column].notna().any())


def _row(row: Json, view: View) -> Json:
    enough = bool(row["enough"])
    return {
        "kode": row["kode"],
        "nama": row["name"],
        "kecamatan": row["kecamatan"],
        "peringkat": _count(row["rank"]),
        "rumah": _count(row["households"]),
        "butuh": _count(row["need"]),
        "diketahui": _count(row["known"]),
        "tingkat": percent(row["rate"]) if enough else "",
        "interval": f"{percent(row['low'])} sampai {percent(row['high'])}"
        if enough and row["known"] > 0
        else "",
        "dihaluskan": percent(row["smoothed"]) if enough else "",
        "kekurangan": _count(row["gap"]) if enough else "",
        "words": "" if enough and view.asked.measure != "hot" else figure_words(row, view.asked.measure),
    }


def _count(value: float) -> str:
    return number(value) if np.isfinite(value) else ""


def _title(title: str, *, of_desa: bool) -> str:
    return title or ("Desa" if of_desa else "Kecamatan")


def _address(view: View, name: str, order: Order) -> str:
    down = not order.down if name == order.by else name in _DOWN_FIRST
    return _with(view, name, down=down, whole=order.whole)


def _direction(name: str, order: Order) -> str:
    return ("descending" if order.down else "ascending") if name == order.by else ""


def _with(view: View, by: str, *, down: bool, whole: bool) -> str:
    asked = [("urut", f"-{by}" if down else by)] + ([("semua", "1")] if whole else [])
    return f"{view.address()}&{urlencode(asked)}#tabel"

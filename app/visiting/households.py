"""What pages of visits say of single households: where they are said to be, what they lack, and their points."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from app.access.roles import Permission, Person
from app.library import OpenedRun
from app.library.opened import read_persons
from geo.symbology import join_words

_KEPT = 4
_PLACES = ("sheet_row", "kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", "dusun", "rt", "rw")
_WORDS = ("nama_desa", "nama_kecamatan", "dusun", "rt", "rw")
_lock = threading.Lock()
_orders: OrderedDict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = OrderedDict()


def positions_of(opened: OpenedRun, sheet_rows: np.ndarray) -> np.ndarray:
    """Return where households stand in the run's table, -1 for rows that are not there or do not count."""
    rows, order = _ordered(opened)
    if not len(rows):
        return np.full(len(sheet_rows), -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(rows, sheet_rows), len(rows) - 1)
    return np.where(rows[place] == sheet_rows, order[place], -1)


def about(opened: OpenedRun, sheet_rows: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """Return what may be told of households without a name: a row for each that counts, in the order asked for.

    Returns
    -------
    pandas.DataFrame
        ``sheet_row``, place (text, empty where missing), ``lacks`` (titles of the open needs, Indonesian),
        ``has_position``, ``lon``, ``lat`` (WGS 84, missing without a point of their own).
    """
    place = positions_of(opened, np.asarray(sheet_rows, dtype=np.int64))
    place = place[place >= 0]
    table = opened.assessment.households
    found = pd.DataFrame({name: table[name].iloc[place] for name in _PLACES if name in table})
    found = found.reindex(columns=list(_PLACES)).reset_index(drop=True)
    for name in _WORDS:
        found[name] = found[name].astype("object").where(found[name].notna(), "").astype("str")
    points = table.geometry.iloc[place].to_numpy()
    return found.assign(
        lacks=_lacks(opened, place),
        has_position=~shapely.is_missing(points) & ~shapely.is_empty(points),
        lon=shapely.get_x(points),
        lat=shapely.get_y(points),
    )


def with_names(opened: OpenedRun, households: pd.DataFrame, who: Person) -> pd.DataFrame:
    """Add ``nama`` and ``alamat``, read from the disk, for those who may see them and in their desa; empty for others.

    Whoever shows them leaves the trail.
    """
    blank = households.assign(nama="", alamat="")
    if not who.may(Permission.SEE_NAMES) or households.empty:
        return blank
    theirs = [kode for kode in households["kode_desa"].dropna().unique() if who.reaches(str(kode))]
    parts = [read_persons(opened.folder, str(kode), ("nama", "alamat")) for kode in theirs]
    if not parts:
        return blank
    persons = pd.concat(parts).drop_duplicates("sheet_row").set_index("sheet_row")
    said = persons.reindex(households["sheet_row"]).astype("object")
    return blank.assign(
        **{name: said[name].where(said[name].notna(), "").to_numpy() for name in ("nama", "alamat")}
    )


def open_needs(opened: OpenedRun) -> list[dict[str, Any]]:
    """Return the indicators of a run that may be told of a household on a page."""
    return [entry for entry in opened.facts["indicators"] if not entry["sensitive"]]


def _lacks(opened: OpenedRun, place: np.ndarray) -> np.ndarray:
    table = opened.assessment.households
    words = [
        np.where(
            table[f"need_{entry['id']}"].iloc[place].fillna(value=False).to_numpy(bool),
            str(entry["title"]),
            "",
        ).astype(object)
        for entry in open_needs(opened)
        if f"need_{entry['id']}" in table
    ]
    return join_words(*words) if words else np.full(len(place), "", dtype=object)


def _ordered(opened: OpenedRun) -> tuple[np.ndarray, np.ndarray]:
    """Return the sheet rows that count, ascending, and where each stands in the table; made once for a run."""
    key = str(opened.folder), str(opened.manifest["created"])
    with _lock:
        if key not in _orders:
            table = opened.assessment.households
            counts = np.flatnonzero(table["counts"].to_numpy(bool))
            rows = table["sheet_row"].to_numpy(np.int64)[counts]
            order = np.argsort(rows, kind="stable")
            _orders[key] = rows[order], counts[order]
        _orders.move_to_end(key)
        while len(_orders) > _KEPT:
            _orders.popitem(last=False)
        return _orders[key]

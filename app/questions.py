"""The questions of a run that need a human's word, with what was decided since: for the command line and the pages."""

import json
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import NoRun
from geo.review import COLUMNS
from geo.review.decisions import Decision, one_line
from geo.symbology import number

PARTS = (("desa", "desa"), ("kecamatan", "kec."), ("kabupaten", "kab."), ("kode", "kode"))
"""What a sheet states of a place, and how it is called."""


def read_queue(run: Path) -> pd.DataFrame:
    """Read the questions of a run, as docs/tables.md says.

    Raises
    ------
    NoRun
        When the run has no such table, or it is damaged.
    """
    return read_columns(run, "review", list(COLUMNS))


def read_desa(run: Path) -> pd.DataFrame:
    """Read ``kode_desa``, ``nama_desa``, ``nama_kecamatan`` of every desa of a run."""
    return read_columns(run, "desa", ["kode_desa", "nama_desa", "nama_kecamatan"])


def read_columns(run: Path, table: str, columns: list[str]) -> pd.DataFrame:
    """Read columns of a table of a run, without geometry.

    Raises
    ------
    NoRun
        When it is missing or damaged, or lacks a column.
    """
    try:
        return pd.read_parquet(run / f"{table}.parquet", columns=columns)
    except (OSError, ValueError, KeyError) as fault:
        raise NoRun(
            f"Hasil di {run} tidak memuat antrean, atau rusak. Jalankan kembali peta assess untuk folder itu."
        ) from fault


def with_words(queue: pd.DataFrame, words: Mapping[str, Decision]) -> pd.DataFrame:
    """Return a queue with the decisions that hold now in ``decision`` and ``kode_desa``."""
    said = [words.get(item) for item in queue["item"].tolist()]
    return queue.assign(
        decision=[word.action if word else "" for word in said],
        kode_desa=[word.kode_desa if word else "" for word in said],
    )


def written(row: Mapping[Hashable, Any]) -> str:
    """Say what the sheet states of a place, in one line."""
    told = ", ".join(f"{word} «{one_line(str(row[name]))}»" for name, word in PARTS if row[name])
    return told or "(desa tidak ditulis)"


def candidates(row: Mapping[Hashable, Any]) -> list[dict[str, Any]]:
    """Return the desa that may be meant, best first, each with ``words`` that say how it is like."""
    found = []
    for one in json.loads(row["candidates"]):
        words = ""
        if "score" in one:
            words += f", mirip {number(one['score'])}"
        if "metres" in one:
            words += f", {number(one['metres'])} m dari titik" if one["metres"] else ", tempat titik itu"
        elif one["points"]:
            words += f", {number(one['points'])} titik di sana"
        found.append({**one, "words": words.removeprefix(", ")})
    return found


def candidate_words(row: Mapping[Hashable, Any]) -> list[str]:
    """Say each candidate in one line."""
    return [
        one_line(
            f"{one['kode_desa']} {one['nama_desa']} ({one['nama_kecamatan']})"
            + (f", {one['words']}" if one["words"] else "")
        )
        for one in candidates(row)
    ]

"""What was read from the sheet: where its rows ended, what was marked, and the questions that it leaves."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.assessment import Assessment
from geo.geocoding import LEAST_LIKENESS
from geo.households.vocabulary import shown, title_of
from geo.privacy import Level
from geo.review.decisions import masked
from geo.symbology import number

SHOWN = 10
"""So many marks, and so many questions, are shown."""

LONGEST = 60
"""Written names are cut there."""

KINDS = {
    "nama": "nama desa yang belum pasti",
    "kode": "kode yang belum pasti atau bertentangan dengan nama",
    "luar": "kabupaten lain yang tertulis",
    "titik": "titik yang bertentangan dengan desa, atau terlalu kasar di dekat batas",
}
"""The kinds of questions in the queue, in words."""

_ADDRESS, _KILOMETRE = "alamat", 1000
_LIST = re.compile(r"(di luar daftar [^:;]+): .*", re.DOTALL)
_PARTED = "; "
"""Parts the columns of a reject, and in the same order the reasons; no list of codes holds it."""

_FIRST = 3
"""So many reasons of one row are shown."""


def sheet_facts(assessment: Assessment) -> dict[str, Any]:
    """Gather what the report shows of the sheet; for the public no more than how many rows ended where.

    Returns
    -------
    dict
        ``source`` (kind, sheet, header_row, code_list; empty in a run that does not say), ``notes`` (the sheets that
        were not read among them),
        ``ends`` (title, rows, share, start and colour of each place where rows ended), ``marks`` (column, mark,
        rows), ``more_marks`` (kinds of marks that are not shown), ``filled`` (columns that were filled from
        the address, and rows) and ``duplicates`` (kinds with ``once``: whether they count once).
    """
    facts = assessment.facts
    intake = facts.get("intake", {})
    found = [
        (meaning, mark, rows)
        for meaning, counts in intake.get("marks", {}).items()
        for mark, rows in counts.items()
    ]
    found.sort(key=lambda each: -each[2])
    marks = [
        {"column": title_of(meaning), "mark": mark, "rows": rows}
        for meaning, mark, rows in found
        if meaning != _ADDRESS
    ]
    duplicates = facts["duplicates"]
    inside = facts.get("audience") != Level.PUBLIK
    return {
        "source": {key: intake.get(key, "") for key in ("kind", "sheet", "header_row", "code_list")},
        "notes": _notes(intake) if inside else [],
        "ends": _ends(facts["rows"], duplicates["not_counted"]),
        "marks": marks[:SHOWN] if inside else [],
        "more_marks": len(marks[SHOWN:]) if inside else 0,
        "filled": [(title_of(mark), rows) for meaning, mark, rows in found if meaning == _ADDRESS and inside],
        "duplicates": [
            {**kind, "once": kind["why"] in duplicates["count_once"]}
            for kind in duplicates["kinds"]
            if inside
        ],
    }


def common_reasons(rejects: pd.DataFrame) -> list[dict[str, Any]]:
    """Count the reasons of rejects one column at a time; a row with several faults counts for each.

    Returns
    -------
    list of dict
        ``column``, ``reason`` (a list of codes is only named) and ``rows`` of the :data:`SHOWN` commonest.
    """
    combined = rejects.value_counts(["column", "reason"], sort=False).reset_index(name="rows")
    single = [
        (fault, rows)
        for column, reason, rows in combined.itertuples(index=False, name=None)
        for fault in dict.fromkeys(_faults(column, reason))
    ]
    counts: Counter[tuple[str, str]] = Counter()
    for fault, rows in single:
        counts[fault] += rows
    commonest = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:SHOWN]
    return [{"column": column, "reason": reason, "rows": rows} for (column, reason), rows in commonest]


def first_rejects(rejects: pd.DataFrame) -> list[dict[str, Any]]:
    """List the first rejected rows: ``sheet_row``, ``faults`` (column and reason), and how many ``more`` it has."""
    first = rejects[["sheet_row", "column", "reason"]].head(SHOWN)
    listed = []
    for row, column, reason in first.itertuples(index=False, name=None):
        faults = _faults(column, reason)
        listed.append({"sheet_row": row, "faults": faults[:_FIRST], "more": len(faults[_FIRST:])})
    return listed


def _faults(column: str, reason: str) -> list[tuple[str, str]]:
    """Part the faults of a row, which stand joined; where that cannot be told apart they stay together."""
    columns, reasons = column.split(_PARTED), reason.split(_PARTED)
    if len(columns) != len(reasons):
        columns, reasons = [column], [reason]
    return [(name, _LIST.sub(r"\1", why)) for name, why in zip(columns, reasons, strict=True)]


def open_questions(assessment: Assessment) -> dict[str, Any]:
    """Gather what the report shows of the places that wait for a human's word.

    Returns
    -------
    dict
        ``waiting``, ``rows``, ``decided`` (how many questions, their households, and answered questions), ``kinds``
        (title and questions of each kind that occurs) and ``biggest``: ``item``, ``written``, ``households``,
        ``note`` and ``best`` (the likeliest desa, in words) of the open questions with most households; empty for
        an audience that may not see them.
    """
    counts = assessment.facts.get("review", {})
    queue = assessment.review
    biggest = queue[queue["decision"] == ""].head(SHOWN)
    return {
        "waiting": counts.get("items", 0),
        "rows": counts.get("rows", 0),
        "decided": counts.get("decided", 0),
        "kinds": [
            (title, counts["kinds"][kind])
            for kind, title in KINDS.items()
            if counts.get("kinds", {}).get(kind)
        ],
        "biggest": [
            {
                "item": row["item"],
                "written": _written(row),
                "households": row["households"],
                "note": row["note"],
                "best": _best(row["kind"], json.loads(row["candidates"])),
            }
            for row in biggest.to_dict("records")
        ],
    }


def _notes(intake: Mapping[str, Any]) -> list[str]:
    """Return what a reader must know of the reading, sheets that were left out first."""
    notes = list(intake.get("notes", []))
    unread = [name for name in intake.get("other_sheets", []) if not any(name in note for note in notes)]
    if not unread:
        return notes
    names = ", ".join(f"«{shown(name)}»" for name in unread)
    return [
        f"Tidak dibaca, tetapi mirip data: lembar kerja {names}. Pilih dengan --sheet bila itu yang dimaksud.",
        *notes,
    ]


def _ends(rows: Mapping[str, int], spare: int) -> list[dict[str, Any]]:
    every, start = max(rows["sheet"], 1), 0.0
    ends = []
    for title, colour, count in (
        ("sah dan ikut dihitung", "#0b5563", rows["valid"] - spare),
        ("sah, tetapi ganda: tidak ikut dihitung", "#d98c1f", spare),
        ("ditolak", "#b3470a", rows["rejects"]),
    ):
        share = count / every
        ends.append({"title": title, "colour": colour, "rows": count, "share": share, "start": start})
        start += share
    return ends


def _written(row: Mapping[Any, Any]) -> str:
    words = {"desa": "", "kecamatan": "Kec. ", "kabupaten": "Kab. ", "kode": "kode "}
    written = [
        before + shown(masked(str(row[name])), LONGEST)
        for name, before in words.items()
        if row[name] and (name != "kabupaten" or row["kind"] == "luar")
    ]
    return ", ".join(written) or "desa tidak ditulis"


def _best(kind: str, candidates: list[dict[str, Any]]) -> str:
    """Name the likeliest desa; for a point the two that contradict each other."""
    if kind == "titik" and candidates:
        return "; ".join(
            f"{_place(one)}, {_far(one['metres']) if one.get('metres') else 'titiknya di sini'}"
            for one in candidates[:2]
        )
    like = [one for one in candidates if one.get("score", 100.0) >= LEAST_LIKENESS]
    if not like:
        return "tidak ada yang cukup mirip"
    first = like[0]
    why = [f"mirip {number(first['score'])} dari 100"] if "score" in first else []
    why += [f"{number(first['points'])} titik di sana"] if first.get("points") else []
    more = [f"{number(len(like) - 1)} calon lain"] if len(like) > 1 else []
    return "; ".join([", ".join([_place(first), *why]), *more])


def _place(candidate: Mapping[str, Any]) -> str:
    return f"{candidate['nama_desa']} (Kec. {candidate['nama_kecamatan']})"


def _far(metres: float) -> str:
    told = f"{number(metres)} m" if metres < _KILOMETRE else f"{number(metres / _KILOMETRE, 1)} km"
    return f"{told} dari titiknya"

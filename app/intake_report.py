"""What a sheet turned out to be, before it is assessed: its columns, and its rows counted; no cell of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from geo.boundaries import Boundaries
from geo.errors import UnknownColumns
from geo.gazetteer import Gazetteer
from geo.gazetteer.name_columns import name_columns
from geo.geocoding import geocode
from geo.households import Intake, OpenSheet, check_rows
from geo.households.vocabulary import title_of
from geo.review.decisions import Decision
from geo.settings import GeocodingSettings

_ASKED = 300
"""So many columns at most are looked at for names of desa."""
_OF_DESA = frozenset({"desa_tertulis", "kode_tertulis", "kode_kecamatan"})
_MAY_BE_PLACES = frozenset({"", "dusun", "alamat"})


def checked(opened: OpenSheet) -> tuple[Intake | None, UnknownColumns | None]:
    """Check the rows of a sheet whose columns can be used; else, or when the rows refuse it, say so."""
    if opened.understanding.faults:
        return None, None
    try:
        return check_rows(opened), None
    except UnknownColumns as fault:
        return None, fault


def faulty_cells(intake: Intake) -> dict[str, int]:
    """Count by heading the cells that cannot be read."""
    counts = intake.rejects["column"].str.split("; ").explode().value_counts()
    return {str(heading): int(count) for heading, count in counts.items()}


def signature(headings: Sequence[str]) -> str:
    """Return what sheets with the same headings have in common, whatever their order."""
    return hashlib.sha256("\x1f".join(sorted(headings)).encode()).hexdigest()


def intake_report(opened: OpenSheet, intake: Intake | None, refused: UnknownColumns | None) -> dict[str, Any]:
    """Return all that is told of a sheet before it is assessed, as JSON can hold it; no cell of it is in there.

    Returns
    -------
    dict
        ``kind``, ``sheet``, ``others`` (sheets that look like data too), ``header_row``, ``code_list``, ``rows``,
        ``headings`` (text, meaning, title, how, note, filled, faulty), ``signature``, ``faults``, ``notes``,
        ``partial`` (indicators that can be left out: title, headings); and, where its columns can be used, ``valid``,
        ``rejects``, ``reasons`` (column, reason, rows), ``marks`` (column, mark, rows), ``filled`` (what was read from
        addresses).
    """
    source, headings = opened.source, opened.understanding.headings
    faulty = {} if intake is None else faulty_cells(intake)
    report: dict[str, Any] = {
        "kind": source.kind,
        "sheet": source.sheet,
        "others": list(source.other_sheets),
        "header_row": source.header_row,
        "code_list": source.code_list,
        "rows": len(opened.table.cells),
        "headings": [
            {
                "text": heading.text,
                "meaning": heading.meaning,
                "title": title_of(heading.meaning) if heading.meaning else "",
                "how": heading.how,
                "note": heading.note,
                "filled": heading.filled,
                "faulty": faulty.get(heading.text, 0),
            }
            for heading in headings
        ],
        "signature": signature([heading.text for heading in headings]),
        "faults": [*opened.understanding.faults, *([str(refused)] if refused is not None else [])],
        "notes": list(opened.understanding.notes if intake is None else intake.notes),
        "partial": [
            {"title": part.title, "headings": list(part.headings)} for part in opened.understanding.partial
        ],
    }
    if intake is not None:
        report |= {
            "valid": len(intake.households),
            "rejects": len(intake.rejects),
            "reasons": reasons_of(intake.rejects),
            "marks": [
                [title_of(meaning), mark, count]
                for meaning, counts in intake.marks.items()
                if meaning != "alamat"
                for mark, count in counts.items()
            ],
            "filled": [[title_of(name), count] for name, count in intake.marks.get("alamat", {}).items()],
        }
    return report


def place_report(
    opened: OpenSheet,
    intake: Intake | None,
    boundaries: Boundaries,
    settings: GeocodingSettings,
    decisions: Mapping[str, Decision],
) -> dict[str, Any]:
    """Tell whether a sheet says where its rows are: how many have no desa, and which columns may be the missing ones.

    Returns
    -------
    dict
        ``stated`` (whether a column or an entry for all rows says the desa), ``placed`` and ``without`` (rows with and
        without a desa; neither where the columns cannot be used), ``columns`` (heading, meaning, title, known, filled)
        that look like names of desa or kecamatan of the district and are not used as such.
    """
    meanings = {*opened.understanding.meanings, *opened.constants}
    found: dict[str, Any] = {"stated": bool(_OF_DESA & meanings), "columns": []}
    names = Gazetteer(boundaries.desa, settings)
    free = [
        heading.text
        for heading in opened.understanding.headings
        if heading.meaning in _MAY_BE_PLACES and heading.filled
    ]
    found["columns"] = [
        {**asdict(one), "title": title_of(one.meaning)}
        for one in name_columns(opened.table.cells, free[:_ASKED], names)
        if one.meaning not in meanings
    ]
    if intake is not None and len(intake.households):
        placed = geocode(
            intake.households, boundaries.desa, boundaries.measuring, settings,
            boundaries.info["district"]["nama"], decisions,
        )  # fmt: skip
        without = int(placed["kode_desa"].isna().sum())
        found |= {"placed": len(placed) - without, "without": without}
    return found


def reasons_of(rejects: pd.DataFrame) -> list[list[str | int]]:
    """Count the rejected rows by column and reason, the most frequent first; the values are left out."""
    counts = (
        rejects.groupby(["column", "reason"], sort=False).size().sort_values(ascending=False, kind="stable")
    )
    return [
        [column, reason, int(count)]
        for (column, reason), count in zip(counts.index.tolist(), counts.tolist(), strict=True)
    ]

"""Kept runs as the pages tell them, and what changed from one to another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from app.data_view.publishing import is_older, without_desa
from app.data_view.queue import Open
from app.intake_report import reasons_of
from app.questions import read_columns
from geo.review.decisions import masked
from geo.runs import read_manifest

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Workbook:
    """A workbook with names and NIK: who corrects the sheet cannot do without.

    Attributes
    ----------
    rows
        Counts its rows by the facts of the run.
    why
        Says by its folder and its facts what is wrong, and in how many rows.
    """

    title: str
    rows: Callable[[Facts], int]
    why: Callable[[Path, Facts], list[tuple[str, int]]]


def _reasons(folder: Path, _: Facts) -> list[tuple[str, int]]:
    found = reasons_of(read_columns(folder, "rejects", ["column", "reason"]))
    return [(masked(f"{column}: {reason}"), int(count)) for column, reason, count in found]


def _kinds(_: Path, facts: Facts) -> list[tuple[str, int]]:
    return [(str(kind["why"]), int(kind["rows"])) for kind in facts["duplicates"]["kinds"]]


OF_PERSONS = {
    "rejects.xlsx": Workbook("Baris yang ditolak", lambda facts: int(facts["rows"]["rejects"]), _reasons),
    "ganda.xlsx": Workbook(
        "Baris yang mungkin ganda", lambda facts: int(facts["duplicates"]["rows"]), _kinds
    ),
}


def set_aside(folder: Path) -> list[dict[str, Any]]:
    """Tell of each workbook with names that a run holds how many rows are in it, and why; nothing of a person.

    Returns
    -------
    list of dict
        ``file``, ``title``, ``rows``, and ``why``: what is wrong and in how many rows, the commonest first.
    """
    facts = read_manifest(folder)["facts"]
    return [
        {"file": name, "title": book.title, "rows": book.rows(facts), "why": book.why(folder, facts)}
        for name, book in OF_PERSONS.items()
        if (folder / name).is_file()
    ]


def summary(folder: Path, makers: Mapping[str, str], shown: str, questions: Open) -> dict[str, Any]:
    """Return what a list tells of a run.

    Parameters
    ----------
    makers
        Name of a run to the account that had it made.
    shown
        Name of the run in force.
    questions
        Those that wait for a decision now.
    """
    manifest = read_manifest(folder)
    facts = manifest["facts"]
    sheet = next((one["name"] for one in facts.get("inputs", ()) if one["role"] == "sheet"), "")
    return {
        "id": folder.name,
        "created": manifest["created"],
        "sheet": sheet,
        "rows": facts["rows"]["sheet"],
        "valid": facts["rows"]["valid"],
        "counted": facts["rows"]["counted"],
        "rejects": facts["rows"]["rejects"],
        "questions": questions.items,
        "question_rows": questions.rows,
        "by": makers.get(folder.name, ""),
        "shown": folder.name == shown,
        "older": bool(shown) and folder.name != shown and is_older(folder, folder.with_name(shown)),
    }


def changes(former: Path, latter: Path, questions: tuple[Open, Open]) -> dict[str, Any]:
    """Say what a run holds that another does not: counts, then needs by kecamatan; nothing of persons or of health.

    Parameters
    ----------
    questions
        Those of either run that wait for a decision now.

    Returns
    -------
    dict
        ``counts``: title, before, after; ``indicators``: id and title of those that both runs count; ``areas``: how
        many kecamatan there are; ``moved``: by indicator those whose need differs (name, before, after);
        ``definitions``: sentences on what is counted otherwise, so that a difference is no change of the world.
    """
    old, new = read_manifest(former)["facts"], read_manifest(latter)["facts"]
    before = {one["id"]: one for one in old["indicators"] if not one["sensitive"]}
    both = [one for one in new["indicators"] if not one["sensitive"] and one["id"] in before]
    names = [one["id"] for one in both]
    counts = [
        ("Baris lembar", old["rows"]["sheet"], new["rows"]["sheet"]),
        ("Rumah tangga yang dihitung", old["rows"]["counted"], new["rows"]["counted"]),
        ("Baris ditolak", old["rows"]["rejects"], new["rows"]["rejects"]),
        ("Ganda, tidak dihitung", old["duplicates"]["not_counted"], new["duplicates"]["not_counted"]),
        ("Dengan titik sendiri", _located(old), _located(new)),
        ("Desa tidak diketahui", without_desa(former), without_desa(latter)),
        ("Pertanyaan terbuka", questions[0].items, questions[1].items),
        ("Baris yang menunggu jawaban", questions[0].rows, questions[1].rows),
        *(
            (f"{one['title']}: membutuhkan", old["needs"][one["id"]]["need"], new["needs"][one["id"]]["need"])
            for one in both
        ),
        *(
            (f"{one['title']}: belum diketahui", old["needs"][one["id"]]["unknown"], new["needs"][one["id"]]["unknown"])
            for one in both
        ),
    ]  # fmt: skip
    areas = _areas(former, latter, names)
    return {
        "counts": counts,
        "indicators": [(one["id"], one["title"]) for one in both],
        "areas": len(areas),
        "moved": {name: _moved(areas, name) for name in names},
        "definitions": [
            f"{one['title']} dihitung menurut {one['profile']}; sebelumnya {before[one['id']]['profile']}."
            for one in both
            if one["profile"] != before[one["id"]]["profile"]
        ]
        + (
            [
                f"Hasil yang berlaku tentang {old['district']['nama']}, yang ini tentang {new['district']['nama']}."
            ]
            if old["district"]["kode"] != new["district"]["kode"]
            else []
        ),
    }


def _located(facts: Mapping[str, Any]) -> int:
    return int(facts["location"]["gps"] + facts["location"]["gps_border"])


def _areas(former: Path, latter: Path, indicators: list[str]) -> pd.DataFrame:
    """Set the needs of every kecamatan of either run side by side: ``name``, ``<id>_before``, ``<id>_after``."""
    columns = ["kode_kecamatan", "nama_kecamatan", *(f"{name}_need" for name in indicators)]
    old, new = (
        read_columns(run, "kecamatan", columns).set_index("kode_kecamatan") for run in (former, latter)
    )
    codes = new.index.union(old.index)
    table = pd.DataFrame(
        {"name": new["nama_kecamatan"].reindex(codes).fillna(old["nama_kecamatan"].reindex(codes))}
    )
    for name in indicators:
        for when, run in (("before", old), ("after", new)):
            table[f"{name}_{when}"] = run[f"{name}_need"].reindex(codes).fillna(0).astype("int64")
    return table


def _moved(areas: pd.DataFrame, indicator: str) -> list[tuple[str, int, int]]:
    before, after = areas[f"{indicator}_before"], areas[f"{indicator}_after"]
    moved = before != after
    return list(
        zip(areas.loc[moved, "name"].tolist(), before[moved].tolist(), after[moved].tolist(), strict=True)
    )

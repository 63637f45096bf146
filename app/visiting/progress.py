"""How far the visits have come: by team, desa, kecamatan and zone, on pages, in a file and as a few figures."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.access.roles import Permission, Person
from app.library import OpenedRun
from app.outcome_codes import Held, held_outcomes
from app.records import Records
from app.visiting.plans import Plan, plan_of_run
from geo.outcomes import DONE, OUTCOMES, progress, rounded
from geo.symbology import layer_title, number, percent, zone_words

HEADINGS = {"listed": "dalam_daftar", "visited": "dikunjungi", **{name: name for name in OUTCOMES}}


@dataclass(frozen=True)
class Summary:
    """The few figures of a card: counts in words, and the widths of its bar."""

    listed: str
    visited: str
    done: str
    share: str
    parts: tuple[tuple[str, str, str, float], ...]
    """For each outcome that occurs: its word, title, count in words, and share of the listed (0 to 100)."""
    outside: str
    """Households with an outcome that are not of the list, in words; empty for none."""
    exact: bool


@dataclass(frozen=True)
class Progress:
    """A table of progress by one thing.

    Attributes
    ----------
    rows
        ``title`` and the columns of :func:`geo.outcomes.progress`.
    """

    word: str
    title: str
    rows: pd.DataFrame


def words_of(held: Mapping[int, Held]) -> pd.Series:
    """Return the word of each outcome by sheet row."""
    rows = np.fromiter(held, dtype=np.int64, count=len(held))
    return pd.Series([one.outcome for one in held.values()], index=rows, dtype="object")


def progress_tables(plan: Plan, held: Mapping[int, Held]) -> list[Progress]:
    """Return the progress of a plan by team, kecamatan, desa and each layer of zones."""
    listed, words = plan.placed, words_of(held)
    found = []
    if "team" in listed and listed["team"].notna().any():
        teams = progress(listed[listed["team"].notna()], words, ["team"]).sort_values("team")
        found.append(
            Progress("regu", "Regu", teams.assign(title="Regu " + teams["team"].astype(int).astype(str)))
        )
    for word, title, code, name in (
        ("kecamatan", "Kecamatan", "kode_kecamatan", "nama_kecamatan"),
        ("desa", "Desa", "kode_desa", "nama_desa"),
    ):
        table = progress(listed, words, [code, name]).sort_values(code, na_position="last", ignore_index=True)
        found.append(Progress(word, title, table.assign(title=table[name].fillna("Belum diketahui"))))
    for layer in plan.opened.facts["layers"]:
        column = f"zone_{layer['id']}"
        if column in listed:
            known = {str(zone): str(words) for zone, words in zone_words(layer).items()}
            table = progress(listed, words, [column])
            told = (
                table[column].astype("object").map(lambda zone, known=known: known.get(str(zone), str(zone)))
            )
            found.append(Progress(column, f"Zona: {layer_title(layer)}", table.assign(title=told)))
    return found


def progress_csv(tables: list[Progress]) -> pd.DataFrame:
    """Return tables of progress as one, with the headings of a file; it names nobody."""
    parts = [
        table.rows.assign(menurut=table.title, nama=table.rows["title"])[
            ["menurut", "nama", *HEADINGS, "share"]
        ]
        for table in tables
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole.assign(share=(100 * whole["share"]).round(1)).rename(
        columns=HEADINGS | {"share": "persen_dikunjungi"}
    )


def summary_of(plan: Plan, held: Mapping[int, Held], *, exact: bool = True) -> Summary:
    """Return the figures of a plan for a card; not exact for those who see areas only."""
    words = words_of(held)
    row = progress(plan.listed, words).iloc[0]
    outside = _outside(plan, held)

    def told(count: int) -> str:
        return number(count) if exact else rounded(count)

    listed = max(int(row["listed"]), 1)
    parts = tuple(
        (word, title, told(int(row[word])), round(100 * int(row[word]) / listed, 2))
        for word, title in OUTCOMES.items()
        if int(row[word]) > 0
    )
    return Summary(
        told(int(row["listed"])),
        told(int(row["visited"])),
        told(int(row[DONE])),
        "" if not exact or pd.isna(row["share"]) else percent(float(row["share"])),
        parts if exact else (),
        "" if not outside or not exact else number(outside),
        exact,
    )


def progress_summary(records: Records, opened: OpenedRun, who: Person) -> Summary | None:
    """Return the progress of the plan of a run for the card of the first page, within the person's desa.

    Returns
    -------
    Summary
        None when the person may see no areas, or there is nothing to tell: no plan and no outcome.
    """
    if not who.may(Permission.SEE_AREAS):
        return None
    plan = plan_of_run(opened, who)
    with records.session() as session:
        held = held_outcomes(session, opened, who)
    if plan.listed.empty and not held:
        return None
    return summary_of(plan, held, exact=who.may(Permission.SEE_HOUSEHOLDS))


def public_rows(plan: Plan, held: Mapping[int, Held]) -> list[dict[str, str]]:
    """Return the progress by kecamatan for those who see areas only: rounded, and nothing under five."""
    table = next(table for table in progress_tables(plan, held) if table.word == "kecamatan").rows
    return [
        {"title": str(row["title"])} | {name: rounded(int(row[name])) for name in ("listed", "visited", DONE)}
        for row in table.to_dict("records")
    ]


def _outside(plan: Plan, held: Mapping[int, Held]) -> int:
    """Count the outcomes of households that are not of the list."""
    return len(held.keys() - {*plan.listed["sheet_row"].tolist()})

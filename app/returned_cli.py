"""What the command tells and does with a file that an agency returned."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.console import aside, shown
from geo.errors import NoRun, SettingsError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.access.roles import Person
    from app.records import Records
    from app.records.tables import Handover
    from app.returning.checking import Checked
    from app.returning.finding import Sources

_LINES = 20
"""So many line numbers of one kind of conflict are told."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for of a returned file.

    Attributes
    ----------
    recipient
        Id of the recipe by which the agency received.
    headings
        What that recipe calls the pseudonym.
    handover
        Number of the hand-over that the file answers; None for the newest with households.
    theirs
        Kinds of conflict in which the agency's word is taken.
    check
        Only tell, and write nothing.
    """

    recipient: str
    headings: Sequence[str] = ()
    handover: int | None = None
    theirs: Collection[str] = ()
    check: bool = False


def enter_returned(records: "Records", sources: "Sources", who: "Person", file: Path, wanted: Wanted) -> None:
    """Tell what a file of an agency would change, and enter it; what is in conflict stays as it is unless asked for.

    Raises
    ------
    NoRun
        When there is no such hand-over.
    SettingsError
        When a kind of conflict is none that can be chosen, or the file is no answer.
    typer.Exit
        When lines were left out.
    """
    from app.data_view.receiving import clean_name  # noqa: PLC0415  -- heavy, as all of these
    from app.records.tables import now  # noqa: PLC0415
    from app.returning.checking import faults_of, judge, locate  # noqa: PLC0415
    from app.returning.conflicts import CHOICES  # noqa: PLC0415
    from app.returning.entering import enter  # noqa: PLC0415
    from app.returning.finding import read_given  # noqa: PLC0415
    from app.returning.reading import read_returned  # noqa: PLC0415
    from app.returning.waiting import keep  # noqa: PLC0415

    if unknown := [kind for kind in wanted.theirs if kind not in CHOICES]:
        raise SettingsError(f"Jenis «{unknown[0]}» tidak dapat dipilih. Pilih: {', '.join(CHOICES)}.")
    with records.session() as session:
        held = _handover(session, who, wanted)
        given = read_given(session, held)
    told = read_returned(file, wanted.headings)
    located = locate(told.lines, now().astimezone().date(), given, sources)
    with records.session() as session:
        checked = judge(session, located, held, sources, who)
    _tell(checked, told.torn, wanted.theirs)
    if wanted.check:
        shown.print(
            f"{_count(int(checked.lands(wanted.theirs).sum()))} hasil akan dicatat. Belum ada yang ditulis."
        )
        return
    with records.session(alone=True) as session:
        faults = faults_of(located, told.torn)
        number = keep(session, who, held, clean_name(file.name), _digest(file), told, faults).id
    entered = enter(records, sources, who, number, wanted.theirs)
    left_out = sum(entered.left_out.values()) + len(told.torn)
    parts = [f"{_count(entered.new)} hasil dari {held.recipient_name} dicatat"]
    parts += [f"{_count(entered.already)} sudah tercatat"] if entered.already else []
    parts += [f"{_count(told.blank)} baris belum diisi"] if told.blank else []
    parts += [f"{_count(left_out)} baris tidak ditulis"] if left_out else []
    shown.print("; ".join(parts) + ".")
    if left_out:
        raise typer.Exit(1)


def _handover(session: "Session", who: "Person", wanted: Wanted) -> "Handover":
    from app.returning.waiting import answerable, find_handover  # noqa: PLC0415  -- heavy

    held: Handover | None
    if wanted.handover is not None:
        held = find_handover(session, who, wanted.handover)
    else:
        held = next((each for each in answerable(session, who) if each.recipient == wanted.recipient), None)
    if held is None or held.recipient != wanted.recipient:
        raise NoRun(
            f"Tidak ada pembagian yang memuat rumah tangga kepada «{wanted.recipient}» dengan nomor itu."
        )
    return held


def _tell(checked: "Checked", torn: Sequence[int], theirs: Collection[str]) -> None:
    from app.returning.conflicts import KINDS  # noqa: PLC0415  -- heavy

    if torn:
        aside.print(f"Lebih banyak sel daripada judul kolom: baris {_listed(list(torn))}.")
    for word, part in checked.conflicts().items():
        kind = KINDS[word]
        taken = (
            f" {kind.theirs}." if word in theirs else f" Pilih dengan --take {word}." if kind.theirs else ""
        )
        aside.print(f"{kind.title}: baris {_listed(part['line'].tolist())}.{taken}")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _listed(lines: Sequence[int]) -> str:
    more = f", dan {_count(len(lines) - _LINES)} lagi" if len(lines) > _LINES else ""
    return ", ".join(str(line) for line in lines[:_LINES]) + more


def _count(number: int) -> str:
    from geo.symbology import number as written  # noqa: PLC0415  -- heavy

    return written(number)

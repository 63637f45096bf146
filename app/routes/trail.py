"""The trail, for those who may read it."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from app.csv_output import inert
from app.dependencies import Records, TrailReader
from app.records import Records as AllRecords
from app.records.tables import Entry
from app.rendering import page
from app.trail import ACTIONS, leave
from app.trail_reading import TrailFilter, households_by_account, read_all, read_filter, read_page

router = APIRouter(include_in_schema=False)

HEADINGS = ("waktu", "akun", "peran", "tindakan", "tentang", "rumah_tangga", "alasan", "hasil")


def _filter(
    akun: str = "", tindakan: str = "", hasil: str = "", dari: str = "", sampai: str = ""
) -> TrailFilter:
    return read_filter(akun, tindakan, hasil, dari, sampai)


Wanted = Annotated[TrailFilter, Depends(_filter)]


@router.get("/jejak")
def trail(request: Request, _: TrailReader, wanted: Wanted, records: Records, hal: int = 1) -> Response:
    """Show who saw, printed, downloaded or changed what, the newest first."""
    with records.session() as session:
        found = read_page(session, wanted, hal)
        counts = households_by_account(session, wanted)
    return page(
        request, "trail.html", {"wanted": wanted, "found": found, "counts": counts, "actions": ACTIONS}
    )


@router.get("/jejak.csv")
def trail_file(who: TrailReader, wanted: Wanted, records: Records) -> Response:
    """Hand out the lines of a filter as a table for a spreadsheet program."""
    with records.session() as session:
        leave(session, who, "unduh", "jejak.csv")
    offered = {"Content-Disposition": 'attachment; filename="jejak.csv"'}
    return StreamingResponse(_lines(records, wanted), media_type="text/csv; charset=utf-8", headers=offered)


def _lines(records: AllRecords, wanted: TrailFilter) -> Iterator[str]:
    yield (
        "\N{ZERO WIDTH NO-BREAK SPACE}" + ";".join(HEADINGS) + "\r\n"
    )  # spreadsheet programs know UTF-8 by it
    with records.session() as session:
        entries = read_all(session, wanted)
        while some := list(islice(entries, 1000)):
            text = io.StringIO()
            csv.writer(text, delimiter=";").writerows(_cells(entry) for entry in some)
            yield text.getvalue()


def _cells(entry: Entry) -> tuple[str | int | None, ...]:
    at = entry.at.astimezone().isoformat(sep=" ", timespec="seconds")
    words = (entry.user, entry.role, ACTIONS.get(entry.action, entry.action), entry.subject)
    return (at, *map(inert, words), entry.households, inert(entry.reason), inert(entry.run))

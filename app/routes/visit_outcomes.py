"""What came of visits: entered for a household, corrected, and brought over from an earlier register."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.access.roles import Person
from app.dependencies import Recorder, Records, Runs, form_guard
from app.household_keys import KeyStore
from app.library import Library, OpenedRun
from app.outcome_codes import held_outcomes
from app.rendering import page
from app.trail import leave
from app.visiting import settle
from app.visiting.carrying import assign, carried_words, homeless
from app.visiting.daily import names_shown, stop_row
from app.visiting.entering import LONGEST_NOTE, enter_outcome, history
from app.visiting.households import about, with_names
from app.visiting.plans import read_plan
from geo.errors import SettingsError
from geo.outcomes import MEANINGS, OUTCOMES
from geo.symbology import long_date

router = APIRouter()

SHOWN = 200
"""So many unmatched outcomes are listed at once."""


def keys_of(request: Request) -> KeyStore:
    """Return the keys of households."""
    keys: KeyStore = request.app.state.household_keys
    return keys


Keys = Annotated[KeyStore, Depends(keys_of)]


@router.get("/kunjungan/rumah")
def household(
    request: Request,
    who: Recorder,
    records: Records,
    library: Runs,
    keys: Keys,
    baris: str = "",
    daftar: str = "",
) -> Response:
    """Show one household by its sheet row, with what came of its visits and the form for another entry."""
    opened = _run_of(records, library, who, daftar)
    settle(records, opened, keys)
    row = _row(baris)
    found = with_names(opened, about(opened, [row]), who)
    if found.empty or not who.reaches(str(found["kode_desa"].iloc[0])):
        raise SettingsError("Baris lembar itu tidak ada dalam hasil ini, atau bukan desa tugas Anda.")
    with records.session() as session:
        held = held_outcomes(session, opened, who)
        leave(session, who, "lihat", f"kunjungan, baris {row}", households=1, run=opened.id)
    stop = stop_row(found.iloc[0].to_dict(), held)
    entries = [
        (entry, OUTCOMES.get(entry.outcome, entry.outcome)) for entry in history(records, opened.id, row)
    ]
    told = {"stop": stop, "entries": entries, "outcomes": OUTCOMES, "meanings": MEANINGS, "names": names_shown(who),
            "daftar": daftar, "longest": LONGEST_NOTE}  # fmt: skip
    return page(request, "outcome.html", told)


@router.post("/kunjungan/hasil", dependencies=[Depends(form_guard)])
def enter(
    request: Request,
    who: Recorder,
    records: Records,
    library: Runs,
    keys: Keys,
    baris: Annotated[str, Form()],
    hasil: Annotated[str, Form()],
    catatan: Annotated[str, Form()] = "",
    tanggal: Annotated[str, Form()] = "",
    daftar: Annotated[str, Form()] = "",
    regu: Annotated[int, Form()] = 0,
    hari: Annotated[int, Form()] = 0,
) -> Response:
    """Add what came of a visit; sent twice it stands there once."""
    row, opened = _row(baris), _run_of(records, library, who, daftar)
    entry = enter_outcome(records, opened, keys, who, row, hasil, note=catatan, visited_on=tanggal)
    if "application/json" in request.headers.get("accept", ""):
        said = {
            "hasil": entry.outcome,
            "judul": OUTCOMES[entry.outcome],
            "oleh": entry.by,
            "catatan": entry.note,
        }
        return JSONResponse(said | {"tanggal": long_date(entry.visited_on.isoformat())})
    kept = f"daftar={int(daftar)}&" if daftar else ""
    if regu:
        return RedirectResponse(f"/kunjungan/regu?{kept}regu={regu}&hari={hari}#baris-{row}", 303)
    return RedirectResponse(f"/kunjungan/rumah?{kept}baris={row}", 303)


@router.get("/kunjungan/lama")
def earlier(request: Request, who: Recorder, records: Records, library: Runs, keys: Keys) -> Response:
    """List the outcomes of earlier registers that found no household in the run in force."""
    opened = library.shown()
    settle(records, opened, keys)
    with records.session() as session:
        found = homeless(session, opened.id, who)
        carried = carried_words(session, opened.id)
        waiting = [entry for entry in found if not entry.set_aside]
        set_aside = [entry for entry in found if entry.set_aside]
        if shown := len(waiting[:SHOWN]) + len(set_aside[:SHOWN]):
            leave(session, who, "lihat", "hasil lembar sebelumnya", households=shown, run=opened.id)
    desa = opened.assessment.desa.set_index("kode_desa")["nama_desa"]
    told: dict[str, Any] = {
        "waiting": waiting[:SHOWN],
        "count": len(waiting),
        "set_aside": set_aside[:SHOWN],
        "carried": carried if who.desa is None else {},
        "desa": desa.to_dict(),
    }
    return page(request, "outcomes_earlier.html", told)


@router.post("/kunjungan/lama", dependencies=[Depends(form_guard)])
def bring_over(
    who: Recorder,
    records: Records,
    library: Runs,
    keys: Keys,
    entri: Annotated[int, Form(ge=1, le=2**31 - 1)],
    baris: Annotated[str, Form()] = "",
    sisihkan: Annotated[str, Form()] = "",
) -> Response:
    """Say which household an outcome of an earlier register belongs to, or that it belongs to none."""
    opened = library.shown()
    assign(records, opened, keys, who, entri, None if sisihkan else _row(baris))
    return RedirectResponse("/kunjungan/lama", 303)


def _run_of(records: Records, library: Library, who: Person, daftar: str) -> OpenedRun:
    return read_plan(records, library, who, daftar).opened if daftar else library.shown()


def _row(text: str) -> int:
    """Read the number of a sheet row.

    Raises
    ------
    SettingsError
        When it is none.
    """
    digits = text.strip().replace(".", "")
    if not digits.isdecimal() or len(digits) > 12:  # noqa: PLR2004
        raise SettingsError("Tulis nomor baris lembar sebagai angka, seperti pada daftar kunjungan.")
    return int(digits)

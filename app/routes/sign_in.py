"""Signing in and out, and changing one's password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.access.admission import Admission, admit
from app.access.passwords import require_good
from app.access.roles import Person, person
from app.access.sessions import begin, end, visit_of
from app.access.users import find_user, set_password
from app.dependencies import Records, Settings, SignedIn, form_guard, own_page
from app.records import Records as AllRecords
from app.rendering import page
from app.trail import leave, leave_admitted, leave_refused
from geo.errors import SettingsError

router = APIRouter()

WRONG = "Nama atau kata sandi salah."


@router.get("/masuk", include_in_schema=False)
def sign_in_page(request: Request, records: Records, settings: Settings, ke: str = "") -> Response:
    """Show the form of signing in; whoever is in already goes on."""
    if visit_of(request, records, secure=settings.secure):
        return RedirectResponse(inside(ke), 303)
    return page(request, "sign_in.html", {"back": ke, "name": "", "fault": ""})


@router.post("/masuk", include_in_schema=False, dependencies=[Depends(own_page)])
def sign_in(
    request: Request, records: Records, settings: Settings, nama: Annotated[str, Form()] = "",
    kata_sandi: Annotated[str, Form()] = "", ke: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Let somebody in whose password is right."""
    address = _address(request)
    found = admit(records, nama, kata_sandi, address)
    if not found.right or found.user is None:
        _leave_failure(records, found, address)
        told = {
            "back": ke,
            "name": nama,
            "fault": _waiting(found.wait_minutes) if found.wait_minutes else WRONG,
        }
        return page(request, "sign_in.html", told, status=429 if found.wait_minutes else 403)
    user = found.user
    answer = RedirectResponse("/kata-sandi" if user.must_change else inside(ke), 303)
    former = visit_of(request, records, secure=settings.secure)
    with records.session() as session:
        if former:
            end(session, former, answer, secure=settings.secure)
        begin(session, user, answer, secure=settings.secure)
        leave_admitted(
            session,
            person(user.name, user.full_name, user.role, user.desa, recipient=user.recipient),
            address,
        )
    return answer


@router.post("/keluar", include_in_schema=False, dependencies=[Depends(form_guard)])
def sign_out(records: Records, settings: Settings, visit: SignedIn) -> Response:
    """End the session; on a shared computer nothing of it stays in the browser either, as tiles would for a while."""
    answer = RedirectResponse("/masuk", 303, headers={"Clear-Site-Data": '"cache"'})
    with records.session() as session:
        end(session, visit, answer, secure=settings.secure)
        leave(session, visit.person, "keluar")
    return answer


@router.get("/kata-sandi", include_in_schema=False)
def password_page(request: Request, visit: SignedIn) -> Response:
    """Show the form of another password."""
    return _password_page(request, visit.person, "")


@router.post("/kata-sandi", include_in_schema=False, dependencies=[Depends(form_guard)])
def change_password(
    request: Request, records: Records, settings: Settings, visit: SignedIn, lama: Annotated[str, Form()] = "",
    baru: Annotated[str, Form()] = "", ulang: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Give oneself another password; every other session ends, and this one gets a new token."""
    who = visit.person
    found = admit(records, who.name, lama, _address(request))
    if found.wait_minutes:
        return _password_page(request, who, _waiting(found.wait_minutes), 429)
    if not found.right:
        return _password_page(request, who, "Kata sandi lama salah.", 400)
    try:
        _require_new(baru, ulang, lama)
        require_good(baru, who.name, who.full_name)
    except SettingsError as fault:
        return _password_page(request, who, str(fault), 400)
    answer = RedirectResponse("/", 303)
    with records.session() as session:
        user = find_user(session, who.name)
        set_password(session, user, baru, must_change=False)
        begin(session, user, answer, secure=settings.secure)
        leave(session, who, "kata-sandi")
    return answer


def inside(address: str) -> str:
    r"""Return an address when it is one of this site, else the start page.

    Examples
    --------
    >>> [inside(address) for address in ("/peta?indikator=jamban", "//jahat.contoh", "/\\jahat.contoh", "")]
    ['/peta?indikator=jamban', '/', '/', '/']
    """
    strange = "\\" in address or any(ord(letter) <= ord(" ") for letter in address)
    own = address.startswith("/") and not address.startswith("//") and not strange
    return address if own and address not in {"/masuk", "/keluar"} else "/"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _waiting(minutes: int) -> str:
    return f"Terlalu banyak percobaan. Coba lagi {minutes} menit lagi; bila lupa, minta admin mengganti kata sandi."


def _require_new(new: str, again: str, old: str) -> None:
    if new != again:
        raise SettingsError("Kedua isian kata sandi baru tidak sama.")
    if new == old:
        raise SettingsError("Kata sandi baru harus lain daripada yang lama.")


def _leave_failure(records: AllRecords, found: Admission, address: str) -> None:
    if not found.wait_minutes:
        with records.session() as session:
            leave_refused(session, found.user, address)


def _password_page(request: Request, who: Person, fault: str, status: int = 200) -> Response:
    return page(request, "password.html", {"first": who.must_change, "fault": fault}, status=status)

"""Users: accounts, roles and the desa they are assigned to."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.passwords import invent_password
from app.access.roles import Person, Role
from app.access.users import add_user, change_user, reset_password, set_disabled
from app.dependencies import Records, Runs, UserKeeper, form_guard
from app.library import Library
from app.product_store import ProductStore
from app.records.tables import Entry, User
from app.rendering import page
from app.sharing.agencies import names_of
from app.trail import leave
from geo.errors import NoRun, PetaError, SettingsError
from geo.recipes import agency_named

router = APIRouter(prefix="/pengguna", include_in_schema=False)

GUARDED = [Depends(form_guard)]
Text = Annotated[str, Form()]
Codes = Annotated[list[str], Form()]


@router.get("")
def people(request: Request, _: UserKeeper, records: Records, library: Runs) -> Response:
    """Show all accounts."""
    with records.session() as session:
        users = session.scalars(select(User).order_by(User.disabled, User.name)).all()
        came = select(Entry.user, func.max(Entry.at)).where(Entry.action == "masuk").group_by(Entry.user)
        last = dict(session.execute(came).all())
    found = {
        "users": users,
        "last": last,
        "desa_names": _desa_names(library),
        "agencies": names_of(_products(request)),
    }
    return page(request, "people.html", found)


@router.get("/baru")
def new_person(request: Request, _: UserKeeper, library: Runs) -> Response:
    """Show the form of a new account."""
    return _form(request, library, None, {})


@router.post("", dependencies=GUARDED)
def add_person(
    request: Request, who: UserKeeper, records: Records, library: Runs, nama: Text = "", peran: Text = "",
    nama_lengkap: Text = "", penerima: Text = "", desa: Codes = [],  # noqa: B006  -- a form without a box ticked
) -> Response:  # fmt: skip
    """Add an account and show its first password, once."""
    password = invent_password()
    try:
        with records.session(alone=True) as session:
            user = add_user(
                session,
                nama,
                peran,
                password,
                full_name=nama_lengkap,
                desa=_assigned(peran, desa),
                recipient=_agency(request, peran, penerima),
                by=who.name,
            )
            leave(session, who, "pengguna", f"menambah {user.name} ({_role(user)})")
    except SettingsError as fault:
        given = {"name": nama, "full_name": nama_lengkap, "role": peran, "desa": desa, "recipient": penerima}
        return _form(request, library, None, given, str(fault))
    return page(request, "person_password.html", {"user": user, "password": password, "is_new": True})


@router.get("/{number}")
def person_page(request: Request, number: int, _: UserKeeper, records: Records, library: Runs) -> Response:
    """Show one account, to be changed."""
    with records.session() as session:
        user = _get(session, number)
    return _form(request, library, user, {})


@router.post("/{number}", dependencies=GUARDED)
def change_person(
    request: Request, number: int, who: UserKeeper, records: Records, library: Runs, peran: Text = "",
    nama_lengkap: Text = "", penerima: Text = "", desa: Codes = [],  # noqa: B006  -- a form without a box ticked
) -> Response:  # fmt: skip
    """Give an account another role, other desa, agency or full name."""
    try:
        with records.session(alone=True) as session:
            user = _get(session, number)
            agency = _agency(request, peran, penerima, held=user.recipient)
            change_user(
                session,
                user,
                role=peran,
                desa=_assigned(peran, desa),
                full_name=nama_lengkap,
                recipient=agency,
            )
            leave(session, who, "pengguna", f"mengubah {user.name} ({_role(user)}, {len(user.desa)} desa)")
    except SettingsError as fault:
        with records.session() as session:
            user = _get(session, number)
        given = {"full_name": nama_lengkap, "role": peran, "desa": desa, "recipient": penerima}
        return _form(request, library, user, given, str(fault))
    return RedirectResponse("/pengguna", 303)


@router.post("/{number}/kata-sandi", dependencies=GUARDED)
def renew_password(request: Request, number: int, who: UserKeeper, records: Records) -> Response:
    """Give an account a random password and show it, once."""
    with records.session(alone=True) as session:
        user = _get(session, number)
        password = reset_password(session, user)
        leave(session, who, "pengguna", f"kata sandi baru untuk {user.name}")
    return page(request, "person_password.html", {"user": user, "password": password, "is_new": False})


@router.post("/{number}/nonaktif", dependencies=GUARDED)
def shut_out(number: int, who: UserKeeper, records: Records) -> Response:
    """Shut an account out at once."""
    return _switch(records, who, number, disabled=True)


@router.post("/{number}/aktif", dependencies=GUARDED)
def let_in(number: int, who: UserKeeper, records: Records) -> Response:
    """Let an account in again."""
    return _switch(records, who, number, disabled=False)


def _switch(records: Records, who: Person, number: int, *, disabled: bool) -> Response:
    with records.session(alone=True) as session:
        user = _get(session, number)
        set_disabled(session, user, disabled=disabled)
        leave(session, who, "pengguna", f"{'menonaktifkan' if disabled else 'mengaktifkan'} {user.name}")
    return RedirectResponse("/pengguna", 303)


def _get(session: Session, number: int) -> User:
    user = session.get(User, number) if 0 < number < 2**31 else None
    if user is None:
        raise NoRun("Akun itu tidak ada.")
    return user


def _assigned(role: str, desa: list[str]) -> list[str]:
    """Return the desa of an account; only field officers have some of their own."""
    return desa if role == Role.PETUGAS else []


def _agency(request: Request, role: str, recipient: str, held: str = "") -> str:
    """Return the id of an account's agency; one that the account has already may be one that is gone.

    Raises
    ------
    SettingsError
        When no recipe is for such an agency.
    """
    if role != Role.OPD or not recipient or recipient == held:
        return recipient
    return agency_named(_products(request).recipes(), recipient)


def _products(request: Request) -> ProductStore:
    store: ProductStore = request.app.state.products
    return store


def _role(user: User) -> str:
    """Return the role of an account as the trail tells it."""
    return f"{user.role} {user.recipient}".rstrip()


def _form(
    request: Request, library: Library, user: User | None, given: dict[str, Any], fault: str = ""
) -> Response:
    held = {
        "name": user.name if user else "",
        "full_name": user.full_name if user else "",
        "role": user.role if user else "",
        "desa": user.desa if user else [],
        "recipient": user.recipient if user else "",
    } | given
    found = {
        "user": user,
        "held": held,
        "fault": fault,
        "groups": _groups(library, held["desa"]),
        "roles": list(Role),
        "agencies": names_of(_products(request)),
    }
    return page(request, "person.html", found, status=400 if fault else 200)


def _groups(library: Library, held: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Return codes and names of desa by kecamatan, and those that somebody holds and the run in force does not know."""
    groups: dict[str, list[tuple[str, str]]] = {}
    known = _desa_table(library)
    for code, name, kecamatan in known:
        groups.setdefault(kecamatan, []).append((code, name))
    strange = sorted(set(held) - {code for code, *_ in known})
    return groups | ({"Di luar hasil ini": [(code, code) for code in strange]} if strange else {})


def _desa_names(library: Library) -> dict[str, str]:
    return {code: name for code, name, _ in _desa_table(library)}


def _desa_table(library: Library) -> list[tuple[str, str, str]]:
    try:
        desa = library.shown().assessment.desa.sort_values(["nama_kecamatan", "nama_desa"])
    except PetaError:  # accounts can be kept while there is no run
        return []
    return list(zip(desa["kode_desa"], desa["nama_desa"], desa["nama_kecamatan"], strict=True))

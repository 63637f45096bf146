"""The accounts of the demonstration: one for each role, with one password that is new at every start."""

from sqlalchemy import select

from app.access.passwords import invent_password
from app.access.roles import Role
from app.access.users import add_user, set_password
from app.library import Library
from app.records import open_records
from app.records.tables import User
from app.settings import WebSettings

_BY = "demo"
_FIELD_DESA = 3


def make_accounts(settings: WebSettings) -> str:
    """Make an account for each role, or renew its password, and return the line that tells how to come in."""
    password = invent_password()
    records = open_records(settings.database_url)
    try:
        desa = _largest_desa(Library(settings.library, settings.runs, records))
        with records.session(alone=True) as session:
            for role in Role:
                user = session.scalar(select(User).where(User.name == role.value))
                assigned = desa if role is Role.PETUGAS else []
                if user is None:
                    add_user(session, role, role, password, desa=assigned, must_change=False, by=_BY)
                elif user.created_by == _BY:
                    user.role, user.desa, user.disabled = role.value, assigned, False
                    set_password(session, user, password, must_change=False)
    finally:
        records.close()
    return f"Masuk sebagai {', '.join(Role)}. Kata sandi semuanya: {password}"


def _largest_desa(library: Library) -> list[str]:
    desa = library.shown().assessment.desa
    return list(desa.nlargest(_FIELD_DESA, "households")["kode_desa"])

"""Accounts: added, changed and looked up; names are small letters, so that nobody signs in beside themselves."""

import re
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.passwords import hash_password, invent_password
from app.access.roles import ROLES, Permission, Role
from app.access.sessions import end_all
from app.records.tables import User
from geo.errors import SettingsError

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_DESA = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")
_LONGEST_NAME = 120


def add_user(
    session: Session,
    name: str,
    role: str,
    password: str,
    *,
    full_name: str = "",
    desa: Collection[str] = (),
    recipient: str = "",
    must_change: bool = True,
    by: str = "",
) -> User:
    """Add an account.

    Parameters
    ----------
    recipient
        Of ``opd``: the id of their agency, see :attr:`geo.recipes.Recipe.agency`; nobody else has one.

    Raises
    ------
    SettingsError
        When the name is taken or not allowed, or there is no such role or desa.
    """
    name = name.strip().casefold()
    if not _NAME.fullmatch(name):
        raise SettingsError(
            "Nama akun: 2 sampai 40 huruf kecil, angka, titik, garis; dimulai huruf atau angka."
        )
    if session.scalar(select(User.id).where(User.name == name)) is not None:
        raise SettingsError(f"Akun «{name}» sudah ada.")
    user = User(
        name=name, full_name=_shortened(full_name), role=_known(role), desa=_codes(desa),
        recipient=_agency(role, recipient), password_hash=hash_password(password),
        must_change=must_change, created_by=by,
    )  # fmt: skip
    session.add(user)
    session.flush()
    return user


def find_user(session: Session, name: str) -> User:
    """Return an account by its name.

    Raises
    ------
    SettingsError
        When there is none.
    """
    user = session.scalar(select(User).where(User.name == name.strip().casefold()))
    if user is None:
        raise SettingsError(f"Akun «{name}» tidak ada. Lihat yang ada dengan: peta user list.")
    return user


def change_user(
    session: Session, user: User, *, role: str, desa: Collection[str], full_name: str, recipient: str = ""
) -> None:
    """Give somebody another role, other desa, agency or name; a change of what they may see ends their sessions.

    The session works alone (:meth:`app.records.Records.session`), as two admins may do this to one another at once.

    Raises
    ------
    SettingsError
        When there is no such role or desa, or nobody would be admin any more.
    """
    role, codes = _known(role), _codes(desa)
    if role != Role.ADMIN:
        _keep_an_admin(session, user)
    agency = _agency(role, recipient)
    if (role, codes, agency) != (user.role, sorted(user.desa), user.recipient):
        end_all(session, user)
    user.role, user.desa, user.recipient, user.full_name = role, codes, agency, _shortened(full_name)


def set_disabled(session: Session, user: User, *, disabled: bool) -> None:
    """Shut somebody out at once, or let them in again; the session works alone.

    Raises
    ------
    SettingsError
        When nobody would be admin any more.
    """
    if disabled:
        _keep_an_admin(session, user)
        end_all(session, user)
    user.disabled = disabled


def set_password(session: Session, user: User, password: str, *, must_change: bool) -> None:
    """Give somebody another password; all their sessions end."""
    user.password_hash, user.must_change = hash_password(password), must_change
    end_all(session, user)


def reset_password(session: Session, user: User) -> str:
    """Give somebody a random password, to be changed when they come in, and return it."""
    password = invent_password()
    set_password(session, user, password, must_change=True)
    return password


def active_admins(session: Session) -> int:
    """Count the admins who can come in."""
    asked = select(func.count()).select_from(User).where(User.role == Role.ADMIN, User.disabled.is_(False))
    return session.scalar(asked) or 0


def accounts_that_may(session: Session, permission: Permission) -> list[str]:
    """Return how those are called who have a permission and can come in, for whoever has to ask them."""
    roles = [role for role, may in ROLES.items() if permission in may]
    found = session.scalars(
        select(User).where(User.role.in_(roles), User.disabled.is_(False)).order_by(User.name)
    )
    return [user.full_name or user.name for user in found]


def _keep_an_admin(session: Session, user: User) -> None:
    if user.role == Role.ADMIN and not user.disabled and active_admins(session) == 1:
        raise SettingsError("Ini admin terakhir yang aktif. Angkat admin lain dahulu, baru akun ini diubah.")


def _known(role: str) -> str:
    if role not in {*Role}:
        raise SettingsError(f"Peran tidak dikenal. Yang ada: {', '.join(Role)}.")
    return str(Role(role))


def _codes(desa: Collection[str]) -> list[str]:
    wrong = [code for code in desa if not _DESA.fullmatch(code)]
    if wrong:
        raise SettingsError("Kode desa ditulis seperti 33.26.02.2008: dua, dua, dua, lalu empat angka.")
    return sorted(set(desa))


def _agency(role: str, recipient: str) -> str:
    return recipient.strip() if role == Role.OPD else ""


def _shortened(full_name: str) -> str:
    return " ".join(full_name.split())[:_LONGEST_NAME]

"""Commands about accounts: added, listed, given another password, shut out, by whoever runs the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.console import aside, shown
from app.web_options import Database, State

if TYPE_CHECKING:
    from app.records import Records

app = typer.Typer(
    no_args_is_help=True,
    help="Akun peta di peramban: tambah, lihat, ganti kata sandi, nonaktifkan.",
    short_help="Tambah, lihat, atau ubah akun peta di peramban.",
)

Name = Annotated[str, typer.Argument(metavar="NAMA", help="Nama akun, huruf kecil.")]
Runs = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Folder hasil yang dilayani; bawaannya hasil.")
]


@app.command(short_help="Tambah akun.")
def add(
    name: Name,
    role: Annotated[
        str, typer.Option(metavar="PERAN", help="Peran akun: perencana, petugas, opd, pimpinan, atau admin.")
    ],
    desa: Annotated[
        list[str] | None,
        typer.Option(metavar="KODE", help="Kode desa tugas seorang petugas; boleh berulang."),
    ] = None,
    recipient: Annotated[
        str,
        typer.Option("--for", metavar="INSTANSI", help="Instansi akun opd, misalnya dinkes."),
    ] = "",
    full_name: Annotated[
        str, typer.Option("--full-name", metavar="NAMA", help="Nama lengkap orangnya.")
    ] = "",
    ask: Annotated[
        bool, typer.Option("--ask", help="Ketik kata sandinya; tanpa ini dibuatkan acak.")
    ] = False,
    runs: Runs = None,
    state: State = None,
    database: Database = "",
) -> None:
    """Tambah akun; kata sandi pertamanya harus diganti saat masuk.

    Kata sandi acak dicetak sekali saja. Sampaikan langsung kepada orangnya.
    """
    from app.access.passwords import invent_password, require_good  # noqa: PLC0415  -- heavy
    from app.access.users import add_user  # noqa: PLC0415  -- likewise

    password = _asked() if ask else invent_password()
    if ask:
        require_good(password, name, full_name)
    agency = _agency(recipient, role.casefold(), runs, state)
    with _records(runs, state, database) as records, records.session() as session:
        user = add_user(
            session,
            name,
            role.casefold(),
            password,
            full_name=full_name,
            desa=desa or (),
            recipient=agency,
            by=_BY,
        )
        _leave(session, f"menambah {user.name} ({f'{user.role} {user.recipient}'.rstrip()})")
    aside.print(f"Akun {user.name} ({user.role}) ditambahkan.")
    _tell(None if ask else password)


@app.command("list", short_help="Lihat semua akun.")
def list_(runs: Runs = None, state: State = None, database: Database = "") -> None:
    """Lihat semua akun: nama, peran, keadaan, desa tugas atau instansi."""
    from sqlalchemy import select  # noqa: PLC0415  -- heavy

    from app.records.tables import User  # noqa: PLC0415  -- likewise

    with _records(runs, state, database) as records, records.session() as session:
        users = session.scalars(select(User).order_by(User.name)).all()
    if not users:
        aside.print("Belum ada akun. Tambah dengan: peta user add NAMA --role admin")
    for user in users:
        condition = "nonaktif" if user.disabled else "harus ganti kata sandi" if user.must_change else "aktif"
        shown.print(
            f"{user.name:<24} {user.role:<10} {condition:<23} {' '.join(user.desa) or user.recipient}".rstrip()
        )


@app.command(short_help="Beri kata sandi baru.")
def reset(name: Name, runs: Runs = None, state: State = None, database: Database = "") -> None:
    """Beri akun kata sandi acak yang baru, yang harus diganti saat masuk; semua sesinya berakhir."""
    from app.access.users import find_user, reset_password  # noqa: PLC0415  -- heavy

    with _records(runs, state, database) as records, records.session() as session:
        user = find_user(session, name)
        password = reset_password(session, user)
        _leave(session, f"kata sandi baru untuk {user.name}")
    aside.print(f"Kata sandi {user.name} diganti.")
    _tell(password)


@app.command(short_help="Nonaktifkan akun, atau aktifkan lagi.")
def disable(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Aktifkan lagi.")] = False,
    runs: Runs = None,
    state: State = None,
    database: Database = "",
) -> None:
    """Nonaktifkan akun seketika; jejaknya tetap tersimpan."""
    from app.access.users import find_user, set_disabled  # noqa: PLC0415  -- heavy

    with _records(runs, state, database) as records, records.session(alone=True) as session:
        user = find_user(session, name)
        set_disabled(session, user, disabled=not undo)
        _leave(session, f"{'mengaktifkan' if undo else 'menonaktifkan'} {user.name}")
    aside.print(f"Akun {user.name} {'aktif lagi' if undo else 'dinonaktifkan'}.")


_BY = "peladen"
"""Who acts in the trail: whoever may run commands on the server."""


@contextmanager
def _records(runs: Path | None, state: Path | None, database: str) -> Iterator["Records"]:
    from app.records import open_records  # noqa: PLC0415  -- heavy
    from app.settings import settings_of  # noqa: PLC0415  -- likewise

    records = open_records(settings_of(runs=runs, state=state, database=database).database_url)
    try:
        yield records
    finally:
        records.close()


def _agency(recipient: str, role: str, runs: Path | None, state: Path | None) -> str:
    """Return the id of the agency that an account is of."""
    if not recipient:
        return ""
    from app.settings import settings_of  # noqa: PLC0415  -- heavy, as these
    from geo.errors import SettingsError  # noqa: PLC0415
    from geo.recipes import agency_named, sound_recipes  # noqa: PLC0415
    from geo.settings import read_settings  # noqa: PLC0415

    if role != "opd":
        raise SettingsError("Hanya akun opd yang mempunyai instansi penerima (--for).")
    file = settings_of(runs=runs, state=state).settings_file
    return agency_named(sound_recipes(read_settings(file).sharing.recipes), recipient)


def _leave(session: object, subject: str) -> None:
    from app.access.roles import Role, person  # noqa: PLC0415  -- heavy
    from app.trail import leave  # noqa: PLC0415  -- likewise

    leave(session, person(_BY, "", Role.ADMIN, ()), "pengguna", subject)  # type: ignore[arg-type]


def _asked() -> str:
    return str(typer.prompt("Kata sandi", hide_input=True, confirmation_prompt="Sekali lagi", err=True))


def _tell(password: str | None) -> None:
    if password:
        aside.print("Kata sandi (dicetak sekali ini saja, dan harus diganti saat masuk):")
        shown.print(password)

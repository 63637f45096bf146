"""The database of the application: opened, brought to the present form, and asked within one transaction."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.records.locking import work_alone
from geo.errors import NotWritable, SettingsError, cause_of

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""The kinds of database, each with the driver that is installed."""

_CONNECTIONS, _MORE = 20, 30
"""Kept open, and opened besides when many ask at once; more than the threads that answer."""


class Records:
    """An open database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @contextmanager
    def session(self, *, alone: bool = False) -> Iterator[Session]:
        """Yield a session whose work is kept when the block ends well, and undone when it fails.

        Parameters
        ----------
        alone
            No other such block writes meanwhile, here or in another process: for what is looked at and then changed.
        """
        with self._sessions.begin() as session:
            if alone:
                work_alone(session.connection())
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def open_records(url: str) -> Records:
    """Open the database at an address, made or brought to the present form first.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql://user:password@host/name``.

    Raises
    ------
    NotWritable
        When the file of the embedded database cannot be used.
    SettingsError
        When the address is none, the database cannot be reached, or newer code has changed it. No password is told.
    """
    from app.records.upgrade import upgrade  # noqa: PLC0415  -- heavy

    address = read_address(url)
    if address.drivername == "sqlite":
        _make_private(Path(address.database or ""))
    engine = create_engine(address, pool_size=_CONNECTIONS, max_overflow=_MORE, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _behave)
    try:
        upgrade(engine)
    except DBAPIError as fault:
        engine.dispose()
        raise _unusable(address) from fault.orig
    except SettingsError:
        engine.dispose()
        raise
    return Records(engine)


def read_address(url: str) -> URL:
    """Return an address with the driver that is installed.

    Raises
    ------
    SettingsError
        When it is none of a database that can be used.

    Examples
    --------
    >>> read_address("postgresql://peta@/peta").drivername
    'postgresql+psycopg'
    >>> read_address("mysql://peta@server/peta")
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: Alamat basis data tidak dikenal. Contoh: postgresql://peta:sandi@server/peta.
    """
    try:
        address = make_url(url)
        driver = DRIVERS[address.get_backend_name()]
    except (ArgumentError, NoSuchModuleError, KeyError, ValueError):
        raise SettingsError(
            "Alamat basis data tidak dikenal. Contoh: postgresql://peta:sandi@server/peta."
        ) from None
    if driver == "sqlite" and address.database in {None, "", ":memory:"}:
        raise SettingsError(
            "Alamat basis data tidak menyebut berkasnya. Contoh: sqlite:////srv/peta/catatan.db."
        )
    return address.set(drivername=driver)


def _make_private(file: Path) -> None:
    """Make the file before the database does, so that its owner alone may read it, and what lies beside it too."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as fault:
        raise NotWritable(f"Catatan tidak dapat disimpan di {file}: {cause_of(fault)}.") from fault


def _unusable(address: URL) -> NotWritable | SettingsError:
    if address.drivername == "sqlite":
        return NotWritable(
            f"Catatan di {address.database} tidak dapat dipakai: berkas itu rusak, bukan basis data, atau tidak dapat "
            f"ditulis. Pulihkan dari salinan, atau pindahkan agar dibuat yang baru."
        )
    place = address.host or address.query.get("host") or "komputer ini"
    return SettingsError(
        f"Basis data «{address.database}» di {place} tidak dapat dipakai. Periksa apakah peladennya hidup, dan nama, "
        f"pengguna, serta kata sandi pada alamatnya."
    )


def _behave(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("busy_timeout = 10000", "foreign_keys = on", "journal_mode = wal", "synchronous = normal"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()

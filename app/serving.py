"""The web application behind a socket of this machine."""

import errno
import logging
import os
import socket
import sys
import traceback
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from rich.console import Console
from sqlalchemy import select

from app.main import create_app
from app.records import Records
from app.records.tables import User
from app.settings import WebSettings, require_https, require_loopback
from geo.errors import NoRun, NotAllowed, cause_of

_TRIES = 20
_LAST_ANSWERS_S = 10
_QUIET_S = 75
"""A quiet connection stays open longer than proxies keep theirs, so that none is closed under a question."""

NOBODY = "Belum ada akun untuk masuk. Buat dahulu di jendela lain: peta user add NAMA --role admin{where}"


_TURN_S = 0.0005
"""So long a thread that reckons keeps the interpreter while tiles wait: a tenth of Python's own measure."""


def serve_runs(
    settings: WebSettings, host: str, port: int, console: Console, *, may_move: bool = False, note: str = ""
) -> None:
    """Serve the run in force until interrupted; answers under way are finished first.

    Parameters
    ----------
    host, port
        Where to listen; only this machine's own addresses are taken.
    may_move
        Take the next free port when this one is in use.
    note
        A line to print besides the address.

    Raises
    ------
    NotAllowed
        When the address can be reached from elsewhere, a name but not by HTTPS, or the port is in use.
    NoRun
        When there is no such folder.
    """
    require_loopback(host)
    require_https(settings)
    if not settings.runs.is_dir():
        raise NoRun(
            f"Folder {settings.runs} tidak ada. Sebut folder tempat hasil disimpan, boleh masih kosong."
        )
    app = create_app(settings)
    with _listening(host, port, _TRIES if may_move else 1) as door:
        shown = f"[{host}]" if ":" in host else host
        console.print(
            f"Buka http://{shown}:{door.getsockname()[1]}/ di peramban. Berhenti: Ctrl-C.", style="bold"
        )
        if note or not _has_accounts(app.state.records):
            console.print(note or NOBODY.format(where=_where(settings)))
        config = config_for(app)
        logging.getLogger("uvicorn.error").addFilter(discreet)
        sys.setswitchinterval(_TURN_S)
        try:
            uvicorn.Server(config).run(sockets=[door])
        except KeyboardInterrupt:
            console.print("Berhenti.")


def config_for(app: FastAPI) -> uvicorn.Config:
    """Return how the application is served: behind a proxy for HTTPS, and only then, the proxy says who asks."""
    settings: WebSettings = app.state.settings
    return uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=settings.secure,
        forwarded_allow_ips=["127.0.0.1", "::1"], timeout_graceful_shutdown=_LAST_ANSWERS_S,
        timeout_keep_alive=_QUIET_S,
    )  # fmt: skip


def discreet(record: logging.LogRecord) -> bool:
    """Let a fault of the program be logged with its kind and place alone: its message may quote the sheet."""
    fault = record.exc_info[1] if record.exc_info else None
    if fault and not os.environ.get("PETA_DEBUG"):
        steps = traceback.extract_tb(fault.__traceback__)
        own = [step for step in steps if "site-packages" not in step.filename] or list(steps)
        place = f"{Path(own[-1].filename).name} baris {own[-1].lineno}" if own else "tempat tak dikenal"
        record.msg, record.args = f"Galat tak terduga: {type(fault).__name__} di {place}.", ()
        record.exc_info = record.exc_text = None
    return True


def _has_accounts(records: Records) -> bool:
    with records.session() as session:
        return session.scalar(select(User.id).where(User.disabled.is_(False)).limit(1)) is not None


def _where(settings: WebSettings) -> str:
    """Return the words by which the other command finds the same database; an address may hold a password."""
    return " --database ALAMAT" if settings.database else f" --runs {settings.runs}"


def _listening(host: str, first: int, tries: int) -> socket.socket:
    """Return a socket that listens already, so that whoever opens the address at once only waits a moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, min(first + tries, 65536)):
        # named TCP, as asyncio sends small answers at once only then, and else up to 40 ms late
        door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            door.listen()
        except OSError as fault:
            door.close()
            if fault.errno != errno.EADDRINUSE:
                raise NotAllowed(f"Tidak dapat melayani di {host} port {port}: {cause_of(fault)}.") from fault
        else:
            return door
    raise NotAllowed(f"Port {first} di {host} sedang dipakai program lain. Pilih yang lain dengan --port.")

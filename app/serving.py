"""The web application behind a socket of this machine."""

import errno
import socket
from pathlib import Path

import uvicorn
from rich.console import Console

from app.main import create_app
from app.settings import WebSettings, require_loopback
from geo.errors import NotAllowed, cause_of
from geo.runs import newest_run

_TRIES = 20


def serve_runs(runs: Path, host: str, port: int, console: Console, *, may_move: bool = False) -> None:
    """Serve the newest run until interrupted.

    Parameters
    ----------
    runs
        A run, or a folder of runs.
    host, port
        Where to listen; only this machine's own addresses are taken.
    may_move
        Take the next free port when this one is in use.

    Raises
    ------
    NotAllowed
        When the address can be reached from elsewhere, or the port is in use.
    NoRun
        When there is no run.
    """
    require_loopback(host)
    newest_run(runs)
    with _listening(host, port, _TRIES if may_move else 1) as door:
        shown = f"[{host}]" if ":" in host else host
        console.print(
            f"Buka http://{shown}:{door.getsockname()[1]}/ di peramban. Berhenti: Ctrl-C.", style="bold"
        )
        config = uvicorn.Config(
            create_app(WebSettings(runs=runs)), log_level="warning", access_log=False, server_header=False
        )
        try:
            uvicorn.Server(config).run(sockets=[door])
        except KeyboardInterrupt:
            console.print("Berhenti.")


def _listening(host: str, first: int, tries: int) -> socket.socket:
    """Return a socket that listens already, so that whoever opens the address at once only waits a moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, min(first + tries, 65536)):
        door = socket.socket(family)
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

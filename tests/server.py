"""The web application on a free port of this machine, for as long as a block lasts, and people who sign in."""

import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from app.access.users import add_user
from app.main import create_app
from app.serving import config_for
from app.settings import WebSettings

PASSWORD = "sawah-laut-hutan-7"  # noqa: S105  -- of accounts that live as long as a test


@dataclass(frozen=True)
class Served:
    """A server under test."""

    address: str
    app: FastAPI
    clients: list["Client"] = field(default_factory=list)

    def add(
        self,
        name: str,
        role: str,
        desa: Sequence[str] = (),
        *,
        recipient: str = "",
        must_change: bool = False,
    ) -> None:
        """Add an account with the password of all tests."""
        with self.app.state.records.session() as session:
            add_user(session, name, role, PASSWORD, desa=desa, recipient=recipient, must_change=must_change)

    def sign_in(self, name: str) -> "Client":
        """Return a client in which somebody is signed in."""
        client = self.visitor()
        answer = client.post("/masuk", data={"nama": name, "kata_sandi": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    def visitor(self) -> "Client":
        """Return a client in which nobody is signed in; it is closed with the server."""
        client = Client(base_url=self.address, timeout=60)
        self.clients.append(client)
        return client


class Client(httpx.Client):
    """A browser without a screen; it sends forms with the mark of the last page it saw."""

    def csrf(self, path: str = "/kata-sandi") -> str:
        """Return the mark of the forms on a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]


@contextmanager
def serving(runs: Path, **settings: object) -> Iterator[Served]:
    """Serve a folder of runs; what the application remembers goes to ``state``, beside the runs unless given.

    Jobs wait, unless ``worker=True``, and the API is asked as often as one likes.
    """
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the served application does
        app = create_app(
            WebSettings.model_validate({"runs": runs, "worker": False, "ogc_per_minute": 0} | settings)
        )
        server = uvicorn.Server(config_for(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        served = Served(f"http://127.0.0.1:{door.getsockname()[1]}", app)
        try:
            yield served
        finally:
            for client in served.clients:
                client.close()
            server.should_exit = True
            thread.join()

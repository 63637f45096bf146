"""The web application on a free port of this machine, for as long as a block lasts."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from app.main import create_app
from app.settings import WebSettings


@contextmanager
def serving(runs: Path) -> Iterator[str]:
    """Serve a folder of runs and yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        config = uvicorn.Config(create_app(WebSettings(runs=runs)), log_level="warning", server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join()

"""A relay on this machine that counts what a server sends: the same yardstick for every server."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

_PIECE = 65536


@dataclass
class Count:
    """Bytes that came back from the server so far."""

    port: int
    received: int = 0


@contextlib.contextmanager
def counting(port: int) -> Iterator[Count]:
    """Relay a free port of this machine to another one, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        count, lock = Count(door.getsockname()[1]), threading.Lock()

        def pump(source: socket.socket, sink: socket.socket, *, counted: bool) -> None:
            with contextlib.suppress(OSError):
                while piece := source.recv(_PIECE):
                    if counted:
                        with lock:
                            count.received += len(piece)
                    sink.sendall(piece)
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

        def relay() -> None:
            with contextlib.suppress(OSError):
                while True:
                    near, _ = door.accept()
                    far = socket.create_connection(("127.0.0.1", port))
                    for source, sink, counted in ((near, far, False), (far, near, True)):
                        threading.Thread(
                            target=pump, args=(source, sink), kwargs={"counted": counted}, daemon=True
                        ).start()

        threading.Thread(target=relay, daemon=True).start()
        yield count

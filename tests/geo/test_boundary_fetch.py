"""A download arrives whole and true, or not at all; the server is on this machine."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from geo.boundary_fetch import fetch, read_sources
from geo.errors import BoundaryError, DownloadFailed, NotWritable

CONTENT = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
FOLDER = Path(__file__).parents[2] / "data" / "boundaries"


class Server(BaseHTTPRequestHandler):
    """Serve ``CONTENT`` in as many ways as a server can be good or bad; the path says which."""

    asked: list[str | None]

    def do_GET(self) -> None:
        """Answer as the path says."""
        start = self.headers.get("Range")
        self.asked.append(start)
        way = self.path.strip("/")
        if way == "absent":
            self.send_error(404)
            return
        if start and way == "refuses":
            self.send_error(416)
            return
        first = int(start.removeprefix("bytes=").removesuffix("-")) if start and way != "forgets" else 0
        body = CONTENT[first:]
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(CONTENT) - 1}/{len(CONTENT)}")
        if way != "silent":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        sent = {"cuts": body[: len(body) // 2], "stops": body[:100]}.get(way, body)
        self.wfile.write(sent if way != "stops" or not first else b"")

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def asked() -> list[str | None]:
    return []


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, asked: list[str | None]) -> Iterator[Callable[[str], str]]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    handler = type("Handler", (Server,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield lambda way: f"http://127.0.0.1:{http.server_port}/{way}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize("way", ["good", "silent"])
def test_a_file_arrives_with_its_progress(way: str, server: Callable[[str], str], tmp_path: Path):
    told: list[tuple[int, int | None]] = []
    target = tmp_path / "new" / "batas.geojson"
    assert fetch(server(way), SHA256, target, lambda *state: told.append(state)) == target
    assert target.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT) if way == "good" else None)
    assert [path.name for path in target.parent.iterdir()] == ["batas.geojson"]


def test_a_file_that_is_there_is_not_fetched_again(
    server: Callable[[str], str], asked: list[str | None], tmp_path: Path
):
    target = tmp_path / "batas.geojson"
    target.write_bytes(CONTENT)
    fetch(server("good"), SHA256, target)
    assert asked == []


@pytest.mark.parametrize("way", ["good", "forgets", "refuses"])
def test_an_interrupted_download_goes_on_or_starts_anew(
    way: str, server: Callable[[str], str], asked: list[str | None], tmp_path: Path
):
    target = tmp_path / "batas.geojson"
    (tmp_path / "batas.geojson.part").write_bytes(CONTENT[:1000])
    fetch(server(way), SHA256, target)
    assert target.read_bytes() == CONTENT
    assert asked == ["bytes=1000-"] + [None] * (way == "refuses")


def test_a_cut_body_is_continued_in_the_same_call(
    server: Callable[[str], str], asked: list[str | None], tmp_path: Path
):
    with pytest.raises(DownloadFailed, match=r"terputus pada \d+ dari 256000 bita"):
        fetch(server("cuts"), SHA256, tmp_path / "batas.geojson")
    assert asked == [None, "bytes=128000-", "bytes=192000-"]
    assert (tmp_path / "batas.geojson.part").read_bytes() == CONTENT[:224000]
    fetch(server("good"), SHA256, tmp_path / "batas.geojson")
    assert (tmp_path / "batas.geojson").read_bytes() == CONTENT


def test_a_body_that_never_goes_on_is_given_up(
    server: Callable[[str], str], asked: list[str | None], tmp_path: Path
):
    with pytest.raises(DownloadFailed, match="terputus pada 100 dari"):
        fetch(server("stops"), SHA256, tmp_path / "batas.geojson")
    assert len(asked) == 3


def test_another_content_is_refused_and_the_former_file_stays(server: Callable[[str], str], tmp_path: Path):
    target = tmp_path / "batas.geojson"
    target.write_bytes(b"lama")
    with pytest.raises(DownloadFailed, match="sha256 berbeda") as caught:
        fetch(server("good"), "0" * 64, target)
    assert "\n" not in str(caught.value)
    assert target.read_bytes() == b"lama"
    assert list(tmp_path.iterdir()) == [target]


def test_an_absent_file_and_a_silent_machine_are_told(server: Callable[[str], str], tmp_path: Path):
    with pytest.raises(DownloadFailed, match="menjawab 404"):
        fetch(server("absent"), SHA256, tmp_path / "batas.geojson")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DownloadFailed, match="tidak dapat dihubungi"):
        fetch(f"http://127.0.0.1:{port}/", SHA256, tmp_path / "batas.geojson")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing_is_told(server: Callable[[str], str], tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotWritable):
        fetch(server("good"), SHA256, tmp_path / "file" / "batas.geojson")


def test_only_web_addresses_are_fetched(tmp_path: Path):
    with pytest.raises(DownloadFailed, match="http"):
        fetch((tmp_path / "batas.geojson").as_uri(), SHA256, tmp_path / "batas.geojson")


def test_the_shipped_source_is_pinned():
    (source,) = read_sources(FOLDER)
    assert source.commit in source.url
    assert source.url.startswith("https://")
    assert len(source.sha256) == 64
    assert source.file == "id3326_pekalongan.geojson"
    assert source.licence == "CC BY-IGO"


def test_a_district_without_sources_says_what_to_do(tmp_path: Path):
    with pytest.raises(BoundaryError, match="peta boundaries import"):
        read_sources(tmp_path)
    (tmp_path / "sources.toml").write_text("[[source]]\nname = 'x'\n", encoding="utf-8")
    with pytest.raises(BoundaryError, match="tidak dapat dibaca"):
        read_sources(tmp_path)

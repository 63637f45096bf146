"""Land cover from an address of the web: whole, or refused in words that betray nothing of the address."""

import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from geo.crs import STORING
from geo.errors import LayerError
from geo.landcover import LandCover, mosaic, read_land_cover
from tests.geo.landcover.small_cover import write_raster
from tests.geo.landcover.test_class_areas import patchwork

SECRET = "sandi123"  # noqa: S105  -- opens nothing


class Server(BaseHTTPRequestHandler):
    """Serve one file by ranges, in as many ways as a server can be good or bad; the path says which."""

    content: bytes
    asked: list[tuple[int, int]]

    def do_GET(self) -> None:
        """Answer as the path says: well, or from some range on no more."""
        way = self.path.split("?", maxsplit=1)[0].split("/")[1]
        ranged = self.headers.get("Range")
        first, _, last = (ranged or "bytes=0-").removeprefix("bytes=").partition("-")
        begin, end = int(first), min(int(last or len(self.content)), len(self.content) - 1)
        if self.command != "HEAD":
            self.asked.append((begin, end))
        if way == "absent" or (way == "vanishes" and begin > 0):
            self.send_error(404)
            return
        if way == "fails" and begin > 0:
            self.send_error(500)
            return
        body = b"<html>masuk dahulu</html>" if way == "login" else self.content[begin : end + 1]
        partly = ranged and way != "login"
        self.send_response(206 if partly else 200)
        if partly:
            self.send_header("Content-Range", f"bytes {begin}-{end}/{len(self.content)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if way == "cuts" and begin > 0 else body)

    do_HEAD = do_GET  # noqa: N815  -- the name that http.server calls

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def asked() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def land(district) -> LandCover:
    west, south, east, north = district.desa.total_bounds
    return patchwork((west - 0.1, south - 0.1, east + 0.1, north + 0.1), 20)


@pytest.fixture
def server(tmp_path, land, monkeypatch, asked) -> Iterator[Callable[[str], str]]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setitem(mosaic.GDAL_OPTIONS, "GDAL_HTTP_MAX_RETRY", 0)
    path = tmp_path / "lahan.tif"
    write_raster(
        path,
        land.cells,
        land.transform,
        STORING,
        tiled=True,
        blockxsize=128,
        blockysize=128,
        compress="deflate",
    )
    handler = type("Handler", (Server,), {"content": path.read_bytes(), "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield lambda way: f"http://orang:{SECRET}@127.0.0.1:{http.server_port}/{way}/lahan.tif?kunci={SECRET}"
        http.shutdown()
        thread.join()


def read(place: str, district) -> LandCover:
    return read_land_cover([place], district.desa, source="rekaan", year="2025")


def test_only_the_part_that_is_needed_is_asked_for(server, district, land, tmp_path, asked):
    found = read(server("good"), district)
    assert np.array_equal(found.cells, read(str(tmp_path / "lahan.tif"), district).cells)
    assert found.cells.size < land.cells.size
    assert len(asked) > 1
    assert sum(end - begin for begin, end in asked) < (tmp_path / "lahan.tif").stat().st_size


@pytest.mark.parametrize("kept", [0, 10**9])
@pytest.mark.parametrize("way", ["absent", "login", "vanishes", "fails", "cuts"])
def test_an_address_that_fails_is_one_clear_error(server, district, way, kept, monkeypatch, caplog, capfd):
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr("geo.landcover.cover._KEPT_CELLS", kept)
    with pytest.raises(
        LayerError, match=rf"Raster 127\.0\.0\.1/{way}/lahan\.tif tidak dapat dipakai"
    ) as told:
        read(server(way), district).shares(district.desa.geometry)
    assert ("di tengah" in str(told.value)) == (way in {"vanishes", "fails", "cuts"})
    assert told.value.__cause__ is None
    for said in (str(told.value), caplog.text, *capfd.readouterr()):
        assert SECRET not in said


def test_an_address_where_nothing_answers_is_refused(server, district):
    place = server("good").replace("127.0.0.1", "127.0.0.2")
    with pytest.raises(LayerError, match="sambungan internet"):
        read(place, district)


def test_the_parts_of_a_mosaic_may_be_files_and_addresses(server, district, tmp_path):
    found = read_land_cover(
        [str(tmp_path / "lahan.tif"), server("good")], district.desa, source="rekaan", year="2025"
    )
    assert np.array_equal(found.cells, read(str(tmp_path / "lahan.tif"), district).cells)
    assert Path(tmp_path / "lahan.tif").exists()

"""Tiles over the web: the signed word is the only key, and opens no more than was signed."""

import io
import itertools
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import httpx
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sqlalchemy.orm import Session

from app.access import signed, standing
from app.access.roles import Person, Role, person
from app.access.signed import LIFE_S, STEP_S, Signer
from app.access.standing import AGE_S, Standing
from app.access.users import change_user, find_user, reset_password, set_disabled
from app.library import OpenedRun
from app.library.opened import _MadeOnce
from app.records.tables import Outcome, User
from app.routes import tiles
from app.routes.tiles import base_address, base_state, tile_address
from geo.filters import Filter, read_filter
from geo.tiles import FIRST_ZOOM
from tests.geo.tiles.decoder import decode
from tests.server import Served, serving

NUMBERS = itertools.count()
PLANNER = person("perencana", "", "perencana", [])


@pytest.fixture(scope="module")
def opened(served: Served) -> OpenedRun:
    run: OpenedRun = served.app.state.library.shown()
    return run


@pytest.fixture
def stranger(served: Served) -> Iterator[httpx.Client]:
    """Return a browser in which nobody is signed in: the map's frame has no session."""
    with httpx.Client(base_url=served.address) as client:
        yield client


def _tiles(opened: OpenedRun, zoom: int = FIRST_ZOOM) -> list[dict[str, int]]:
    index = opened.tiles
    places = np.unique(np.floor(np.column_stack([index.x, index.y]) * 2**zoom).astype(int), axis=0)
    return [{"z": zoom, "x": x, "y": y} for x, y in places.tolist()]


def _rows(client: httpx.Client, address: str, opened: OpenedRun) -> dict[int, dict[str, Any]]:
    """Return the tags of every household that the tiles of an address show."""
    found = {}
    for tile in _tiles(opened):
        answer = client.get(address.format(**tile))
        assert answer.status_code in {200, 204}
        if answer.content:
            found |= {mark.id: mark.tags for mark in decode(answer.content)[1]}
    return found


def test_the_signed_word_is_key_enough(stranger, served, opened):
    address = tile_address(served.app, PLANNER, opened.id, Filter())
    answer = stranger.get(address.format(**_tiles(opened)[0]))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-encoding"] == "gzip"
    assert "private" in answer.headers["cache-control"]
    assert set(_rows(stranger, address, opened)) == set(opened.tiles.sheet_row)


def test_a_filter_is_obeyed(stranger, served, opened):
    chosen = read_filter({"butuh": ["rtlh:ya"], "zona": ["coastal:pesisir"]}, opened.assessment)
    shown = _rows(stranger, tile_address(served.app, PLANNER, opened.id, chosen), opened)
    expected = opened.arrays.mask(chosen) & opened.arrays.has_point
    assert set(shown) == set(opened.arrays.sheet_row[expected])
    assert shown


def test_somebody_in_the_field_sees_their_desa_only(stranger, served, opened):
    counted = opened.assessment.counted
    desa = counted.loc[opened.arrays.has_point, "kode_desa"].iloc[0]
    served.add("lapangan", "petugas", [desa])
    officer = person("lapangan", "", "petugas", [desa])
    shown = _rows(stranger, tile_address(served.app, officer, opened.id, Filter()), opened)
    assert set(shown) == set(
        counted.loc[opened.arrays.has_point & (counted["kode_desa"] == desa), "sheet_row"]
    )
    served.add("belum-bertugas", "petugas")
    nobody = person("belum-bertugas", "", "petugas", [])
    assert _rows(stranger, tile_address(served.app, nobody, opened.id, Filter()), opened) == {}


@pytest.mark.parametrize("role", Role)
def test_whoever_sees_no_household_gets_no_address(role, served, opened):
    who = Person("x", "", role)
    address = tile_address(served.app, who, opened.id, Filter())
    assert bool(address) == (role in {Role.PERENCANA, Role.PETUGAS, Role.ADMIN})


def test_an_address_ends(stranger, served, opened, monkeypatch):
    address = tile_address(served.app, PLANNER, opened.id, Filter()).format(**_tiles(opened)[0])
    assert stranger.get(address).status_code == 200
    now = time.time()
    monkeypatch.setattr(signed, "time", SimpleNamespace(time=lambda: now + LIFE_S + STEP_S + 1))
    answer = stranger.get(address)
    assert answer.status_code == 403
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "kedaluwarsa" in answer.text


def test_a_word_opens_no_other_path(stranger, served, opened):
    tile = _tiles(opened)[0]
    word = tile_address(served.app, PLANNER, opened.id, Filter()).split("/")[3]
    assert stranger.get("/ubin/dasar/{}/{z}/{x}/{y}.png".format(word, **tile)).status_code == 403
    signer: Signer = served.app.state.signer
    ground = signer.sign({"kind": "dasar", "run": opened.id, "made": opened.manifest["created"], "who": "x"})
    assert stranger.get("/ubin/rumah/{}/{z}/{x}/{y}.pbf".format(ground, **tile)).status_code == 403
    foreign = Signer("rahasia lain").sign({"kind": "rumah", "run": opened.id})
    for other in (
        foreign,
        word[:20] + ("A" if word[20] != "A" else "B") + word[21:],
        "x",
        "%00",
        signer.sign({}),
    ):
        assert stranger.get("/ubin/rumah/{}/{z}/{x}/{y}.pbf".format(other, **tile)).status_code == 403


@pytest.mark.parametrize(
    "place",
    ["12/3293/2128", "17/1/1", "13/8192/1", "13/1/8192", "13/-1/1", "13/1.5/1", "a/b/c", "13/%D9%A3/1"],
)
def test_what_is_no_tile_is_not_there(place, stranger, served, opened):
    address = tile_address(served.app, PLANNER, opened.id, Filter())
    assert stranger.get(address.replace("{z}/{x}/{y}", place)).status_code == 404
    assert stranger.get(address.replace("{z}/{x}/{y}", "13/" + "9" * 6000 + "/1")).status_code == 404


def test_a_tile_without_households_is_empty(stranger, served, opened):
    address = tile_address(served.app, PLANNER, opened.id, Filter())
    answer = stranger.get(address.format(z=13, x=0, y=0))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_browser_that_has_it_is_told_so(stranger, served, opened):
    address = tile_address(served.app, PLANNER, opened.id, Filter()).format(**_tiles(opened)[0])
    first = stranger.get(address)
    again = stranger.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = stranger.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == first.content


def _shut_out(session: Session, user: User) -> None:
    set_disabled(session, user, disabled=True)


def _give_another_desa(session: Session, user: User) -> None:
    change_user(session, user, role="petugas", desa=["99.01.01.2999"], full_name="")


def _make_leader(session: Session, user: User) -> None:
    change_user(session, user, role="pimpinan", desa=(), full_name="")


def _reset(session: Session, user: User) -> None:
    reset_password(session, user)


@pytest.mark.parametrize("deed", [_shut_out, _give_another_desa, _make_leader, _reset, Session.delete])
def test_an_address_ends_with_the_right_to_it(deed, stranger, served, opened, monkeypatch):
    kode = opened.arrays.desa_codes[opened.arrays.desa[opened.arrays.has_point][0]]
    name = f"sementara-{next(NUMBERS)}"
    served.add(name, "petugas", [kode])
    address = tile_address(served.app, person(name, "", "petugas", [kode]), opened.id, Filter())
    tile = address.format(**_tiles(opened)[0])
    assert stranger.get(tile).status_code in {200, 204}
    with served.app.state.records.session() as session:
        deed(session, find_user(session, name))
    moment = time.monotonic() + AGE_S  # what was looked up before is believed for seconds
    monkeypatch.setattr(standing, "time", SimpleNamespace(monotonic=lambda: moment))
    answer = stranger.get(tile)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (403, "*")


def test_an_account_is_not_looked_up_for_every_tile(served):
    asked = []

    class Counting(Standing):
        def _look_up(self, name: str) -> Person | None:
            asked.append(name)
            return super()._look_up(name)

    held = Counting(served.app.state.records)
    assert {held.of(PLANNER.name) for _ in range(5)} == {person("perencana", "", "perencana", [])}
    assert held.of("tiada") is None
    assert asked == [PLANNER.name, "tiada"]


def test_tiles_of_a_run_that_was_replaced_are_gone(stranger, served, opened):
    reach = {
        "kind": "rumah",
        "run": opened.id,
        "made": "2000-01-01T00:00:00+07:00",
        "filter": [],
        "desa": None,
        "who": PLANNER.name,
    }
    for run in (opened.id, "tidak-ada", "../x"):
        word = served.app.state.signer.sign(reach | {"run": run})
        assert stranger.get(f"/ubin/rumah/{word}/13/6586/4256.pbf").status_code == 404


def test_no_later_tile_opens_a_table(stranger, served, opened, monkeypatch):
    assert opened.tiles is opened.tiles

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    for module in (pd, gpd):
        monkeypatch.setattr(module, "read_parquet", refuse)
    for desil in range(1, 11):
        chosen = read_filter({"desil": [str(desil)]}, opened.assessment)
        _rows(stranger, tile_address(served.app, PLANNER, opened.id, chosen), opened)


def test_what_a_run_holds_is_made_once_for_all_who_ask_at_one_moment():
    made: list[int] = []

    class Run:
        @_MadeOnce
        def arrays(self) -> object:
            time.sleep(0.05)
            made.append(1)
            return object()

    run = Run()
    with ThreadPoolExecutor(8) as several:
        found = [*several.map(lambda _: run.arrays, range(8))]
    assert (len(made), len(set(map(id, found)))) == (1, 1)


def test_the_tiles_of_a_screen_find_their_households_once(stranger, served, opened, monkeypatch):
    found = []
    scope = tiles._scope
    monkeypatch.setattr(tiles, "_scope", lambda *words: found.append(1) or time.sleep(0.05) or scope(*words))
    chosen = read_filter({"desil": ["2-7"]}, opened.assessment)
    address = tile_address(served.app, PLANNER, opened.id, chosen)
    places = [_tiles(opened, zoom)[0] for zoom in (13, 14, 15, 16)]
    with ThreadPoolExecutor(4) as several:
        answers = [*several.map(lambda place: stranger.get(address.format(**place)), places)]
    assert {answer.status_code for answer in answers} <= {200, 204}
    assert len(found) == 1


def test_two_who_may_see_the_same_share_a_tile(stranger, served, opened):
    kept = served.app.state.tiles.kept
    addresses = [
        tile_address(served.app, person(name, "", name, []), opened.id, Filter())
        for name in ("perencana", "admin")
    ]
    assert addresses[0] != addresses[1]
    stranger.get(addresses[0].format(**_tiles(opened)[0]))
    before = len(kept)
    stranger.get(addresses[1].format(**_tiles(opened)[0]))
    assert len(kept) == before


def test_an_outcome_changes_address_and_tile(run_folder, tmp_path):
    with serving(run_folder, state=tmp_path) as own, httpx.Client(base_url=own.address) as client:
        opened = own.app.state.library.shown()
        own.add(PLANNER.name, "perencana")
        before = tile_address(own.app, PLANNER, opened.id, Filter())
        row = int(opened.tiles.sheet_row[0])
        assert "o" not in _rows(client, before, opened)[row]
        place = opened.arrays.positions(np.array([row]))[0]
        with own.app.state.records.session() as session:
            session.add(
                Outcome(
                    run=opened.id, sheet_row=row, kode_desa=opened.arrays.desa_codes[opened.arrays.desa[place]],
                    outcome="menolak", visited_on=date(2026, 1, 20), by="rencana",
                )
            )  # fmt: skip
        after = tile_address(own.app, PLANNER, opened.id, Filter())
        assert after != before
        told = [own.app.state.signer.read(address.split("/")[3])["outcomes"] for address in (before, after)]
        assert told[0] != told[1]
        assert all(re.fullmatch("[0-9a-f]{16}", word) for word in told)  # not how many there are
        shown = _rows(client, after, opened)
        assert [mark for mark, tags in shown.items() if "o" in tags] == [row]
        assert shown[row]["o"] == 4


@pytest.mark.parametrize("by_settings", [True, False])
def test_the_ground_of_a_run_is_prepared_once(by_settings, run_folder, sample_folder, tmp_path):
    state = tmp_path / "catatan"
    given = {"settings_file": sample_folder / "setelan.toml"} if by_settings else {}
    with serving(run_folder, state=state, **given) as own, httpx.Client(base_url=own.address) as client:
        opened = own.app.state.library.shown()
        own.add(PLANNER.name, "perencana")
        found = own.app.state.tiles.ground(opened, wait=True)
        address = base_address(own.app, PLANNER, opened.id)
        if not by_settings:
            assert (found.state, address) == ("tidak ada", "")
            return
        assert (found.state, found.ground.land_cover, found.ground.relief) == ("siap", True, False)
        answer = client.get(address.format(**_tiles(opened, 12)[0]))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert Image.open(io.BytesIO(answer.content)).size == (256, 256)
        assert client.get(address.format(z=5, x=1, y=1)).status_code == 404
        (file,) = (state / "dasar").iterdir()
        written = file.stat().st_mtime_ns
    with serving(run_folder, state=state, **given) as own:
        assert own.app.state.tiles.ground(own.app.state.library.shown(), wait=True).state == "siap"
        assert file.stat().st_mtime_ns == written


def test_a_strange_raster_leaves_the_map_without_a_ground(run_folder, sample_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("app.tile_store.prepare_ground", _fail)
    with serving(run_folder, state=tmp_path, settings_file=sample_folder / "setelan.toml") as own:
        opened = own.app.state.library.shown()
        own.app.state.tiles.ground(opened, wait=True)
        assert base_state(own.app, opened.id).state == "tidak ada"


def _fail(file: Path, *_: object) -> None:
    raise OSError(file.name)

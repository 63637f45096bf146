"""Tiles of households and of the ground, reached by signed addresses only."""

import gzip
import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from rasterio.errors import RasterioError

from app.access.roles import Permission, Person
from app.access.signed import LIFE_S, Signer
from app.access.standing import Standing
from app.dependencies import Records, Runs
from app.library import Library, OpenedRun
from app.outcome_codes import outcome_codes
from app.tile_store import GroundState, Scope, TileStore
from geo.errors import NoRun, NotAllowed, PetaError
from geo.filters import NAMES, Filter, read_filter
from geo.tiles import FIRST_ZOOM, LAST_ZOOM, encode_tile, outcome_array
from geo.tiles import ground as ground_tiles

router = APIRouter()

HOUSEHOLDS, GROUND = "rumah", "dasar"
_NEEDED = {HOUSEHOLDS: Permission.SEE_HOUSEHOLDS, GROUND: Permission.SEE_AREAS}
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""The map that asks is walled off from the session, hence of no origin; the signed word alone is the key."""

_NUMBER = re.compile(r"[0-9]{1,6}")
_MEDIA = {HOUSEHOLDS: "application/vnd.mapbox-vector-tile", GROUND: "image/png"}
_ZOOMS = {
    HOUSEHOLDS: (FIRST_ZOOM, LAST_ZOOM),
    GROUND: (ground_tiles.FIRST_ZOOM, ground_tiles.LAST_ZOOM),
}

Place = tuple[int, int, int]


def tile_address(at: Request | FastAPI, who: Person, run_id: str, chosen: Filter) -> str:
    """Return the address template (``{z}``, ``{x}``, ``{y}``) of the households a filter asks for, for somebody.

    It holds for a while. Whoever hands it out leaves the trail.

    Returns
    -------
    str
        Empty when they may see no household.

    Raises
    ------
    NotAllowed
        When the filter reads what they may not see.
    """
    if not who.may(Permission.SEE_HOUSEHOLDS):
        return ""
    who.require_fields(chosen.fields())
    app = at.app if isinstance(at, Request) else at
    library: Library = app.state.library
    signer: Signer = app.state.signer
    made = str(library.open(run_id).manifest["created"])
    reach = {
        "kind": HOUSEHOLDS,
        "run": run_id,
        "made": made,
        "filter": chosen.query(),
        "desa": _desa_of(who),
        # another address once another outcome is known; veiled, as it counts the outcomes of the whole district
        "outcomes": signer.veil(outcome_codes(app.state.records, run_id, made)[0]),
        "who": who.name,
    }
    return _template(app, reach, "pbf")


def base_address(at: Request | FastAPI, who: Person, run_id: str) -> str:
    """Return the address template of the ground of a run; empty until it is prepared, and where it cannot be had."""
    app = at.app if isinstance(at, Request) else at
    if base_state(app, run_id).state != "siap":
        return ""
    made = app.state.library.open(run_id).manifest["created"]
    return _template(app, {"kind": GROUND, "run": run_id, "made": made, "who": who.name}, "png")


def base_state(at: Request | FastAPI, run_id: str) -> GroundState:
    """Return whether the ground of a run is ready, being prepared, or not to be had, and what it shows."""
    app = at.app if isinstance(at, Request) else at
    store: TileStore = app.state.tiles
    return store.ground(app.state.library.open(run_id))


@router.get(f"/ubin/{HOUSEHOLDS}/{{word}}/{{z}}/{{x}}/{{y}}.pbf", response_class=Response)
async def household_tile(
    request: Request, library: Runs, records: Records, word: str, z: str, x: str, y: str
) -> Response:
    """Return a vector tile of the households that a signed word reaches."""
    store: TileStore = request.app.state.tiles

    async def make(reach: dict[str, Any], place: Place) -> bytes:
        return await _household_tile(store, library, records, reach, place)

    return await _tile(request, HOUSEHOLDS, word, (z, x, y), make)


@router.get(f"/ubin/{GROUND}/{{word}}/{{z}}/{{x}}/{{y}}.png", response_class=Response)
async def ground_tile(request: Request, library: Runs, word: str, z: str, x: str, y: str) -> Response:
    """Return a picture of the ground of the run that a signed word reaches."""
    store: TileStore = request.app.state.tiles

    async def make(reach: dict[str, Any], place: Place) -> bytes:
        return await run_in_threadpool(_ground_tile, store, library, reach, place)

    return await _tile(request, GROUND, word, (z, x, y), make)


async def _tile(
    request: Request,
    kind: str,
    word: str,
    asked: tuple[str, str, str],
    make: Callable[[dict[str, Any], Place], Awaitable[bytes]],
) -> Response:
    """Answer with a tile; one that was made before waits for no thread."""
    kept = request.app.state.tiles.kept
    try:
        reach = _reach(request, word, kind)
        place = _place(*asked, *_ZOOMS[kind])
        key = _key(reach, place)
        content = kept.get(key)
        if content is None:
            content = await make(reach, place)
            kept.put(key, content)
    except PetaError as fault:
        return _refusal(fault)
    return _answer(request, content, _MEDIA[kind], zipped=kind == HOUSEHOLDS)


async def _household_tile(
    store: TileStore, library: Library, records: Records, reach: dict[str, Any], place: Place
) -> bytes:
    key = _key(reach)
    scope = store.scopes.get(key)
    if scope is None:
        scope = await run_in_threadpool(store.scope, key, lambda: _scope(library, records, reach))
    if scope.index.is_empty_near(*place):
        return b""
    return await run_in_threadpool(_packed, scope, place)


def _packed(scope: Scope, place: Place) -> bytes:
    tile = encode_tile(scope.index, scope.mask, *place, scope.outcomes)
    return gzip.compress(tile, compresslevel=1, mtime=0) if tile else b""


def _scope(library: Library, records: Records, reach: dict[str, Any]) -> Scope:
    opened = _opened(library, reach)
    asked = {name: [value for given, value in reach["filter"] if given == name] for name in NAMES}
    desa = None if reach["desa"] is None else frozenset(reach["desa"])
    mask = opened.arrays.mask(read_filter(asked, opened.assessment), desa)
    _, codes = outcome_codes(records, opened.id, str(opened.manifest["created"]))
    return Scope(opened.tiles, mask, outcome_array(opened.arrays, codes) if codes else None)


def _ground_tile(store: TileStore, library: Library, reach: dict[str, Any], place: Place) -> bytes:
    ground = store.ground(_opened(library, reach)).ground
    if ground is None:
        raise NoRun("Peta dasar belum siap.")
    try:
        return ground.tile(*place)
    except (RasterioError, OSError) as fault:
        raise NoRun("Peta dasar tidak dapat dibaca.") from fault


def _opened(library: Library, reach: dict[str, Any]) -> OpenedRun:
    opened = library.open(reach["run"])
    if opened.manifest["created"] != reach["made"]:
        raise NoRun("Hasil itu sudah diganti. Muat ulang peta.")
    return opened


def _reach(request: Request, word: str, kind: str) -> dict[str, Any]:
    signer: Signer = request.app.state.signer
    reach = signer.read(word)
    if reach.get("kind") != kind:
        raise NotAllowed("Alamat ini tidak berlaku.")
    _require_still(request.app.state.standing, reach)
    return reach


def _require_still(standing: Standing, reach: dict[str, Any]) -> None:
    """Refuse a word whose owner may no longer see what it reaches: shut out, of another role or other desa."""
    who = standing.of(str(reach.get("who")))
    if who is None or not who.may(_NEEDED[reach["kind"]]):
        raise NotAllowed("Alamat ini tidak berlaku lagi. Muat ulang peta.")
    if reach["kind"] == HOUSEHOLDS and reach["desa"] != _desa_of(who):
        raise NotAllowed("Alamat ini tidak berlaku lagi. Muat ulang peta.")


def _desa_of(who: Person) -> list[str] | None:
    return None if who.desa is None else sorted(who.desa)


def _place(z: str, x: str, y: str, first: int, last: int) -> Place:
    """Read which tile is asked for; what is no tile is not there."""
    if all(_NUMBER.fullmatch(text) for text in (z, x, y)):
        zoom, column, row = int(z), int(x), int(y)
        if first <= zoom <= last and max(column, row) < 2**zoom:
            return zoom, column, row
    raise NoRun("Tidak ada ubin di situ.")


def _key(reach: dict[str, Any], place: Place | None = None) -> tuple[Any, ...]:
    """Return what a tile hangs on; not whose it is, as it is the same for all who may see the same."""
    query = tuple(tuple(pair) for pair in reach.get("filter", ()))
    desa = reach.get("desa")
    whose = desa if desa is None else tuple(desa)
    return reach["kind"], reach["run"], reach["made"], query, whose, reach.get("outcomes"), place


def _template(app: FastAPI, reach: dict[str, Any], ending: str) -> str:
    signer: Signer = app.state.signer
    return f"/ubin/{reach['kind']}/{signer.sign(reach)}/{{z}}/{{x}}/{{y}}.{ending}"


def _answer(request: Request, content: bytes, kind: str, *, zipped: bool = False) -> Response:
    headers = OPEN | {"Cache-Control": f"private, max-age={LIFE_S}"}
    if not content:
        return Response(status_code=204, headers=headers)
    headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    if zipped:
        headers["Vary"] = "Accept-Encoding"
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if zipped and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    elif zipped:
        content = gzip.decompress(content)
    return Response(content, media_type=kind, headers=headers)


def _refusal(fault: PetaError) -> Response:
    """Say why not, in a way that the walled-off map can read too."""
    status = 403 if isinstance(fault, NotAllowed) else 404 if isinstance(fault, NoRun) else 400
    return Response(str(fault), status, OPEN | {"Cache-Control": "no-store"}, "text/plain")

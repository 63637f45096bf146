"""OGC API - Tiles: vector tiles of the collections of areas, for maps of other agencies."""

import gzip

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.ogc.door import AtDoor, Door
from app.ogc.faults import ApiRoute, Refusal
from app.ogc.links import ROOT
from app.ogc.negotiation import JSON, wanted
from app.ogc.tiles import (
    MVT,
    SQUARE,
    matrix_set,
    matrix_sets,
    read_place,
    require_tiled,
    tilejson,
    tileset,
    tilesets,
)

router = APIRouter(prefix=ROOT, include_in_schema=False, route_class=ApiRoute)

_TILEJSON = "tilejson"


@router.get("/tileMatrixSets")
def show_matrix_sets(door: AtDoor) -> Response:
    """List the tile matrix sets."""
    _read(door.request)
    return door.send(JSON, lambda: JSONResponse(matrix_sets(door.links)))


@router.get("/tileMatrixSets/{name}")
def show_matrix_set(door: AtDoor, name: str) -> Response:
    """Define a tile matrix set."""
    _read(door.request)
    _require_square(name)
    return door.send(JSON, lambda: JSONResponse(matrix_set()))


@router.get("/collections/{name}/tiles")
def show_tilesets(door: AtDoor, name: str) -> Response:
    """List the tilesets of a collection."""
    one = require_tiled(door.collection(name))
    _read(door.request)
    return door.send(JSON, lambda: JSONResponse(tilesets(one, door.links)))


@router.get("/collections/{name}/tiles/{square}")
def show_tileset(door: AtDoor, name: str, square: str) -> Response:
    """Describe a tileset, in the standard's words or as TileJSON."""
    one = require_tiled(door.collection(name))
    _require_square(square)
    form = _read(door.request, JSON, _TILEJSON)
    describe = tilejson if form == _TILEJSON else tileset
    return door.send(form, lambda: JSONResponse(describe(one, door.links)))


@router.get("/collections/{name}/tiles/{square}/{matrix}/{row}/{column}")
def show_tile(door: AtDoor, name: str, square: str, matrix: str, row: str, column: str) -> Response:
    """Return a tile; without content where nothing lies."""
    one = require_tiled(door.collection(name))
    _require_square(square)
    _read(door.request, "mvt", negotiate=False)
    place = read_place(one, matrix, row, column)
    return door.send("mvt", lambda: _tile(door, door.memory.tiles.tile(one, *place)))


def _tile(door: Door, zipped: bytes) -> Response:
    if not zipped:
        return Response(status_code=204)
    if "gzip" in door.request.headers.get("accept-encoding", ""):
        return Response(zipped, media_type=MVT, headers={"Content-Encoding": "gzip"})
    return Response(gzip.decompress(zipped), media_type=MVT)


def _require_square(name: str) -> None:
    if name != SQUARE:
        raise Refusal(f"Susunan ubin itu tidak ada. Yang ada: {SQUARE}.", 404)


def _read(request: Request, *forms: str, negotiate: bool = True) -> str:
    """Return the form that is asked for, after a look at all parameters.

    Raises
    ------
    Refusal
        When one is unknown or given twice, or the form is not on offer.
    """
    known = forms or (JSON,)
    pairs = request.query_params.multi_items()
    if strange := [name for name, _ in pairs if name != "f"]:
        raise Refusal(f"Parameter «{strange[0][:60]}» tidak dikenal di sini. Yang ada: f.")
    if len(pairs) > 1 or (pairs and pairs[0][1] not in known):
        raise Refusal(f"Bentuk itu tidak ada di sini. Pilih f={' atau f='.join(known)}.")
    if negotiate and not pairs and wanted(None, request.headers.get("accept", "")) is None:
        raise Refusal("Jawaban ini tersedia sebagai JSON saja.", 406)
    return pairs[0][1] if pairs else known[0]

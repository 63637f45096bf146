"""OGC API - Tiles: the collections of areas as vector tiles in the square of web maps, and what is told of them."""

import gzip
import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.kept import KeptWith
from app.ogc.faults import Refusal
from app.ogc.links import JSON, Links, link
from app.ogc.queryables import TYPES
from geo.exports.values import typed
from geo.products import Collection
from geo.tiles import RecentlyUsed
from geo.tiles.polygons import Areas, encode_areas, prepare_areas, tile_range

TILED = ("desa", "kecamatan", "zona", "kisi", "desa_panas", "lingkaran")
"""Collections that are handed out as tiles: areas and no household."""

SQUARE = "WebMercatorQuad"
SQUARE_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{SQUARE}"
MVT = "application/vnd.mapbox-vector-tile"
TILEJSON = "application/json"

_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
_TMS = "http://www.opengis.net/spec/tms/2.0/conf/"
CLASSES = (
    *(f"{_TILES}{name}" for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")),
    *(f"{_TMS}{name}" for name in ("tilematrixset", "json-tilematrixset")),
)
"""What the tiles conform to."""

_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
TILESETS, SCHEME, SCHEMES = f"{_REL}tilesets-vector", f"{_REL}tiling-scheme", f"{_REL}tiling-schemes"

FIRST_ZOOM, LAST_ZOOM = 0, 14
"""Nearer than the last, a map draws what it has: its steps are 0.6 m."""

_FIRST = {"kisi": 9}  # further away its cells are too many, and smaller than a mark
_ZOOMS, _SIDE = 25, 256
_EDGE = 20037508.342789244
_SCALE = 559082264.0287178  # of zoom 0, at 0.28 mm a pixel
_CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_TILE_BYTES = 32 * 1024 * 1024


@dataclass
class TileMemory:
    """Areas ready to be cut, as long as their product is there, and the tiles that were asked for last."""

    _areas: KeptWith[tuple[int, Areas]] = field(default_factory=KeptWith)
    _tiles: RecentlyUsed[bytes] = field(default_factory=lambda: RecentlyUsed(_TILE_BYTES, len))
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def tile(self, one: Collection, zoom: int, column: int, row: int) -> bytes:
        """Return a tile, gzipped; empty when nothing lies in it."""
        number, areas = self._areas.get(one, "areas", lambda: self._prepared(one))
        key = number, zoom, column, row
        tile = self._tiles.get(key)
        if tile is None:
            made = encode_areas(one.id, areas, zoom, column, row)
            tile = gzip.compress(made, compresslevel=5, mtime=0) if made else b""
            self._tiles.put(key, tile)
        return tile

    def _prepared(self, one: Collection) -> tuple[int, Areas]:
        return next(self._numbers), prepare_areas(typed(one))


def zooms(one: Collection) -> range:
    """Return the zooms at which there are tiles of a collection."""
    return range(_FIRST.get(one.id, FIRST_ZOOM), LAST_ZOOM + 1)


def require_tiled(one: Collection) -> Collection:
    """Return a collection of which there are tiles.

    Raises
    ------
    Refusal
        When there are none (404).
    """
    if one.id not in TILED:
        raise Refusal(f"Koleksi «{one.id}» tidak tersedia sebagai ubin. Yang tersedia: wilayah saja.", 404)
    return one


def read_place(one: Collection, matrix: str, row: str, column: str) -> tuple[int, int, int]:
    """Return zoom, column and row of a tile within the limits of a collection.

    Raises
    ------
    Refusal
        When it lies outside of them, or is none (404).
    """
    texts = (matrix, row, column)
    if all(text.isascii() and text.isdigit() and len(text) <= 5 for text in texts):  # noqa: PLR2004
        zoom, down, across = map(int, texts)
        if zoom in zooms(one) and (bounds := bounds_of(one)) is not None:
            left, right, top, bottom = tile_range(bounds, zoom)
            if left <= across <= right and top <= down <= bottom:
                return zoom, across, down
    raise Refusal(
        "Di luar batas ubin koleksi ini. Batasnya ada di «tileMatrixSetLimits» himpunan ubinnya.", 404
    )


def bounds_of(one: Collection) -> tuple[float, float, float, float] | None:
    """Return the box of a collection in degrees; none when nothing of it has a place."""
    bounds = one.table.total_bounds
    if not np.isfinite(bounds).all():
        return None
    west, south, east, north = (float(edge) for edge in bounds)
    return west, south, east, north


def matrix_sets(links: Links) -> dict[str, Any]:
    """Return the list of tile matrix sets: one."""
    told = {"id": SQUARE, "title": "Kotak peta web (Web Mercator)", "uri": SQUARE_URI, "crs": _CRS}
    address = links.to("tileMatrixSets", SQUARE)
    return {
        "tileMatrixSets": [told | {"links": [link(address, "self", JSON, SQUARE)]}],
        "links": [link(links.to("tileMatrixSets"), "self", JSON, "Susunan ubin")],
    }


def matrix_set() -> dict[str, Any]:
    """Return the definition of the tile matrix set of web maps (OGC 17-083r4)."""
    return {
        "id": SQUARE,
        "title": "Kotak peta web (Web Mercator)",
        "uri": SQUARE_URI,
        "crs": _CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [
            {
                "id": str(zoom),
                "scaleDenominator": _SCALE / 2**zoom,
                "cellSize": 2 * _EDGE / _SIDE / 2**zoom,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [-_EDGE, _EDGE],
                "tileWidth": _SIDE,
                "tileHeight": _SIDE,
                "matrixWidth": 2**zoom,
                "matrixHeight": 2**zoom,
            }
            for zoom in range(_ZOOMS)
        ],
    }


def tilesets(one: Collection, links: Links) -> dict[str, Any]:
    """Return the list of tilesets of a collection: one."""
    told = {
        key: value
        for key, value in tileset(one, links).items()
        if key not in {"layers", "tileMatrixSetLimits"}
    }
    address = links.to("collections", one.id, "tiles")
    return {"links": [link(address, "self", JSON, f"{one.title}: ubin")], "tilesets": [told]}


def tileset(one: Collection, links: Links) -> dict[str, Any]:
    """Return what there is to know of the tiles of a collection."""
    address = links.to("collections", one.id, "tiles", SQUARE)
    template = f"{address}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    bounds = bounds_of(one)
    told: dict[str, Any] = {
        "title": f"{one.title}: ubin vektor",
        "description": one.description,
        "dataType": "vector",
        "crs": _CRS,
        "tileMatrixSetId": SQUARE,
        "tileMatrixSetURI": SQUARE_URI,
        "links": [
            link(address, "self", JSON, f"{one.title}: himpunan ubin"),
            link(f"{address}?f=tilejson", "describedby", TILEJSON, f"{one.title}: TileJSON"),
            link(links.to("tileMatrixSets", SQUARE), SCHEME, JSON, SQUARE),
            link(template, "item", MVT, f"{one.title}: ubin") | {"templated": True},
            link(links.to("collections", one.id), "geodata", JSON, one.title),
        ],
        "layers": [
            {
                "id": one.id,
                "title": one.title,
                "dataType": "vector",
                "geometryDimension": 2,
                "minTileMatrix": str(zooms(one).start),
                "maxTileMatrix": str(zooms(one).stop - 1),
                "propertiesSchema": {
                    "type": "object",
                    "properties": {
                        each.name: TYPES[each.kind] | {"title": each.title, "description": each.meaning}
                        for each in one.fields
                    },
                },
            }
        ],
    }
    if bounds is not None:
        west, south, east, north = bounds
        told["boundingBox"] = {"lowerLeft": [west, south], "upperRight": [east, north], "crs": _CRS84}
        told["tileMatrixSetLimits"] = [_limits(bounds, zoom) for zoom in zooms(one)]
    return told


def tilejson(one: Collection, links: Links) -> dict[str, Any]:
    """Return the same as TileJSON 3.0, which map libraries read."""
    address = links.to("collections", one.id, "tiles", SQUARE)
    bounds = bounds_of(one)
    return {
        "tilejson": "3.0.0",
        "name": one.title,
        "description": one.description,
        "scheme": "xyz",
        "tiles": [f"{address}/{{z}}/{{y}}/{{x}}"],
        "minzoom": zooms(one).start,
        "maxzoom": zooms(one).stop - 1,
        "vector_layers": [
            {
                "id": one.id,
                "description": one.description,
                "fields": {each.name: each.title for each in one.fields},
            }
        ],
    } | ({} if bounds is None else {"bounds": list(bounds)})


def _limits(bounds: tuple[float, float, float, float], zoom: int) -> dict[str, Any]:
    left, right, top, bottom = tile_range(bounds, zoom)
    return {
        "tileMatrix": str(zoom), "minTileRow": top, "maxTileRow": bottom, "minTileCol": left, "maxTileCol": right,
    }  # fmt: skip

"""Vector tiles of households: Mapbox Vector Tile 2.1, written for all points of a tile at once.

https://github.com/mapbox/vector-tile-spec/tree/master/2.1; numbers in brackets are its sections. What a tile may hold
hangs on who asks and on the filter, so tiles are made when they are asked for, and not kept in an archive.
"""

from collections.abc import Mapping

import numpy as np

from geo.filters import CLASSES, HouseholdArrays
from geo.tiles.index import TileIndex
from geo.tiles.writing import chunk, varint, varints, zigzag

LAYER, EXTENT = "rumah", 4096
BUFFER = 160
"""Steps beyond the edge that a tile holds too: ten pixels, more than half a mark, so that no mark is cut."""

KEYS = ("k", "c", "o")
"""All that a tile says of a household beside its row and its place: class of need, chosen, outcome of a visit."""

_MOST_VALUES = 100  # a place in the table of values, which is the value itself, must fit one byte
_POINT, _MOVE_TO_ONE = 1, 9


def encode_tile(
    index: TileIndex,
    mask: np.ndarray,
    zoom: int,
    column: int,
    row: int,
    outcomes: np.ndarray | None = None,
) -> bytes:
    """Return the tile of the households that a mask asks for; empty when there is none.

    Each is one point with its sheet row as id, in the order in which they are drawn; points at one place all stay.

    Parameters
    ----------
    mask
        Of all households of the arrays behind the index.
    outcomes
        Likewise, the code of what came of a visit to each, see :func:`outcome_array`.
    """
    points = index.inside(zoom, column, row, BUFFER / EXTENT)
    points = points[mask[index.rows[points]]]
    if not points.size:
        return b""
    visited = np.zeros(len(points), dtype=np.int16) if outcomes is None else outcomes[index.rows[points]]
    values = range(max(len(CLASSES), int(visited.max()) + 1))
    steps = [
        np.rint((where[points] * 2.0**zoom - corner) * EXTENT).astype(np.int64)
        for where, corner in ((index.x, column), (index.y, row))
    ]
    features = _features(
        index.sheet_row[points], index.classes[points], index.chosen[points], visited, *steps
    )
    # layer [4.1]: version 15, name 1, features 2, keys 3, values 4, extent 5
    layer = b"".join(
        [
            b"\x78\x02",
            chunk(0x0A, LAYER.encode()),
            features,
            *(chunk(0x1A, key.encode()) for key in KEYS),
            *(chunk(0x22, b"\x28" + varint(value)) for value in values),
            b"\x28" + varint(EXTENT),
        ]
    )
    return chunk(0x1A, layer)


def outcome_array(arrays: HouseholdArrays, codes: Mapping[int, int]) -> np.ndarray:
    """Return the code of what came of a visit to each household; 0 for none.

    Parameters
    ----------
    codes
        From 1 to 99, by sheet row; rows that the run does not have are left out.
    """
    spread = np.zeros(len(arrays), dtype=np.int16)
    places = arrays.positions(np.fromiter(codes, dtype=np.int64, count=len(codes)))
    values = np.fromiter(codes.values(), dtype=np.int16, count=len(codes))
    if values.size and not 0 < values.min() <= values.max() < _MOST_VALUES:
        raise ValueError("codes of outcomes are from 1 to 99")
    spread[places[places >= 0]] = values[places >= 0]
    return spread


def _features(
    ids: np.ndarray,
    classes: np.ndarray,
    chosen: np.ndarray,
    outcomes: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
) -> bytes:
    """Write one point feature [4.2] a household, as a table of bytes of which only those that are used are kept.

    A feature is ``12 length``, ``08 id``, ``12 length tags`` (places in keys and values by turns), ``18 kind`` and
    ``22 length geometry`` (move to, then x and y as zigzag numbers [4.3.2]).
    """
    id_bytes, id_used = varints(ids)
    place_bytes, place_used = _joined(varints(zigzag(x)), varints(zigzag(y)))
    always, visited = np.ones(len(ids), dtype=bool), outcomes > 0
    tag_bytes = _columns(len(ids), 0, classes, 1, 1, 2, outcomes)
    tag_used = np.column_stack([always, always, chosen, chosen, visited, visited])
    tags, geometry = tag_used.sum(axis=1), place_used.sum(axis=1) + 1
    body = 1 + id_used.sum(axis=1) + 2 + tags + 2 + 2 + geometry
    parts = [
        _whole(_columns(len(ids), 0x12, body, 0x08)),
        (id_bytes, id_used),
        _whole(_columns(len(ids), 0x12, tags)),
        (tag_bytes, tag_used),
        _whole(_columns(len(ids), 0x18, _POINT, 0x22, geometry, _MOVE_TO_ONE)),
        (place_bytes, place_used),
    ]
    written, used = _joined(*parts)
    return bytes(written[used].tobytes())


def _joined(*parts: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([part for part, _ in parts], axis=1), np.concatenate(
        [used for _, used in parts], axis=1
    )


def _whole(part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return part, np.ones(part.shape, dtype=bool)


def _columns(length: int, *columns: int | np.ndarray) -> np.ndarray:
    """Lay numbers below 256 side by side, one row a feature."""
    table = np.empty((length, len(columns)), dtype=np.uint8)
    for place, column in enumerate(columns):
        table[:, place] = column
    return table

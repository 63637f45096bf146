"""A reader of vector tiles written from the specification alone, to hold what is written against."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

FIELDS_OF_TILE, FIELDS_OF_LAYER, FIELDS_OF_FEATURE = {3}, {15, 1, 2, 3, 4, 5}, {1, 2, 3, 4}


@dataclass(frozen=True)
class Mark:
    """A point of a tile."""

    id: int
    x: int
    y: int
    tags: dict[str, Any]


def decode(tile: bytes) -> tuple[dict[str, Any], list[Mark]]:
    """Return what the one layer of a tile says of itself, and its points."""
    layers = [content for field, content in _fields(tile, FIELDS_OF_TILE)]
    assert len(layers) == 1
    keys: list[str] = []
    values: list[Any] = []
    features: list[bytes] = []
    about: dict[str, Any] = {}
    for field, content in _fields(layers[0], FIELDS_OF_LAYER):
        if field == 1:
            about["name"] = content.decode()
        elif field == 2:
            features.append(content)
        elif field == 3:
            keys.append(content.decode())
        elif field == 4:
            ((kind, value),) = _fields(content, {1, 5})
            values.append(value.decode() if kind == 1 else value)
        else:
            about[{15: "version", 5: "extent"}[field]] = content
    assert len(set(keys)) == len(keys)
    assert len(set(values)) == len(values)
    return about, [_mark(feature, keys, values) for feature in features]


def _mark(feature: bytes, keys: list[str], values: list[Any]) -> Mark:
    said = dict(_fields(feature, FIELDS_OF_FEATURE))
    assert said[3] == 1
    tags, geometry = list(_numbers(said[2])), list(_numbers(said[4]))
    assert len(tags) % 2 == 0
    assert (len(geometry), geometry[0]) == (3, (1 << 3) | 1)
    x, y = ((value >> 1) ^ -(value & 1) for value in geometry[1:])
    return Mark(
        said[1], x, y, {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
    )


def _fields(message: bytes, known: set[int]) -> Iterator[tuple[int, Any]]:
    place = 0
    while place < len(message):
        tag, place = _number(message, place)
        field, kind = tag >> 3, tag & 7
        assert field in known
        assert kind in {0, 2}
        value, place = _number(message, place)
        if kind == 2:
            assert place + value <= len(message)
            yield field, message[place : place + value]
            place += value
        else:
            yield field, value


def _numbers(packed: bytes) -> Iterator[int]:
    place = 0
    while place < len(packed):
        value, place = _number(packed, place)
        yield value


def _number(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place

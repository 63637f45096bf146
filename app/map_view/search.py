"""Desa found by any spelling: as it is written, as it sounds, by its code, with its kecamatan beside it."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz, process

from geo.gazetteer.spelling import modern_key, name_key, sound_key

if TYPE_CHECKING:
    import pandas as pd

MOST = 8
_LEAST, _SOUND, _STARTS, _HOLDS = 72.0, 96.0, 94.0, 88.0
"""Likeness (0 to 100) that a name must reach; and of one that sounds the same, begins or holds what was written."""

_MAYBE, _PART = 66.0, 0.97
"""Likeness at which a name is offered as a guess; and what a part of a name counts beside the whole."""

_SHORTEST, _LONGEST = 3, 80
_TWICE = re.compile(r"([^\W\d_]+)\s*2\b")
"""Everyday writing doubles a word by a 2."""


@dataclass(frozen=True)
class Place:
    """A desa that was found, or a kecamatan, which stands in none; ``guess`` when nothing was like what was written."""

    kode: str
    name: str
    kecamatan: str = ""
    guess: bool = False


def find_desa(desa: "pd.DataFrame", written: str, most: int = MOST) -> list[Place]:
    """Return the desa that somebody may mean, the likeliest first.

    A kecamatan of that name comes last. Where no name is like it, those that are somewhat like it, or that begin with a
    word like it, are offered as guesses. Needs columns: ``kode_desa``, ``nama_desa``, ``kode_kecamatan``,
    ``nama_kecamatan``.

    Parameters
    ----------
    written
        A name, however spelt; a kecamatan may follow it after a comma; or a code.

    Examples
    --------
    >>> import pandas as pd
    >>> desa = pd.DataFrame({"kode_desa": ["33.26.17.2001", "33.26.18.2002"],
    ...     "nama_desa": ["Wonokerto Kulon", "Yosorejo"], "kode_kecamatan": ["33.26.17", "33.26.18"],
    ...     "nama_kecamatan": ["Wonokerto", "Petungkriyono"]})
    >>> [[place.name for place in find_desa(desa, text)] for text in ("wanakerta kln", "332618", "petoengkrijono")]
    [['Wonokerto Kulon'], ['Yosorejo'], ['Kecamatan Petungkriyono']]
    """
    written = written[:_LONGEST]
    digits = "".join(letter for letter in written if letter.isdigit())
    if digits and not any(letter.isalpha() for letter in written):
        places = [
            row for row, kode in enumerate(desa["kode_desa"]) if kode.replace(".", "").startswith(digits)
        ]
        return _places(desa, places[:most])
    name, _, kecamatan = written.partition(",")
    names = tuple(desa["nama_desa"])
    score = _likeness(names, name)
    if _TWICE.search(name):
        score = np.maximum(score, _likeness(names, _TWICE.sub(r"\1 \1", name)))
    if kecamatan.strip():
        beside = _likeness(tuple(desa["nama_kecamatan"]), kecamatan)
        score = np.where(beside >= _LEAST, score + beside / 100, 0)
    order = np.argsort(-score, kind="stable")[:most]
    found = _places(desa, order[score[order] >= _LEAST].tolist())
    if not found and not kecamatan.strip() and not _kecamatan(desa, written):
        return _guesses(desa, names, name, most)
    return [*found[: most - 1], *_kecamatan(desa, written)] if not kecamatan.strip() else found


def _guesses(desa: "pd.DataFrame", names: tuple[str, ...], written: str, most: int) -> list[Place]:
    key = name_key(_TWICE.sub(r"\1 \1", written))
    if len(key) < _SHORTEST or not names:
        return []
    # the words that were written may be a part of the name, or the name a part of them
    score = process.cdist([key], _keys(names)[0], scorer=fuzz.ratio)[0].astype(float)
    first = [name_key(name.split()[0]) if name.split() else "" for name in names]
    score = np.maximum(score, process.cdist([key], first, scorer=fuzz.ratio)[0] * _PART)
    order = np.argsort(-score, kind="stable")[:most]
    return [replace(place, guess=True) for place in _places(desa, order[score[order] >= _MAYBE].tolist())]


def _kecamatan(desa: "pd.DataFrame", written: str) -> list[Place]:
    areas = desa.drop_duplicates("kode_kecamatan")
    score = _likeness(tuple(areas["nama_kecamatan"]), written)
    best = int(np.argmax(score)) if len(score) else 0
    if not len(score) or score[best] < _HOLDS:
        return []
    return [Place(areas["kode_kecamatan"].iloc[best], f"Kecamatan {areas['nama_kecamatan'].iloc[best]}")]


def _places(desa: "pd.DataFrame", rows: list[int]) -> list[Place]:
    found = desa.iloc[rows]
    return [
        Place(*row)
        for row in zip(found["kode_desa"], found["nama_desa"], found["nama_kecamatan"], strict=True)
    ]


def _likeness(names: tuple[str, ...], written: str) -> np.ndarray:
    key = name_key(written)
    if not key or not names:
        return np.zeros(len(names))
    plain, sounds = _keys(names)
    sound = _sound([key])[0]
    score = process.cdist([key], plain, scorer=fuzz.ratio)[0].astype(float)
    score = np.maximum(score, process.cdist([sound], sounds, scorer=fuzz.ratio)[0] * (_SOUND / 100))
    starts = np.array([name.startswith(key) for name in plain])
    holds = np.array([key in name for name in plain])
    longer = np.array([len(name) for name in plain]) / 1000  # of names that begin alike the shorter one first
    score = np.where(starts & (score < _STARTS), _STARTS - longer, score)
    return np.where(holds & (score < _HOLDS), _HOLDS - longer, score)


@lru_cache(maxsize=16)
def _keys(names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    plain = [name_key(name) for name in names]
    return plain, _sound(plain)


def _sound(keys: list[str]) -> list[str]:
    found: list[str] = sound_key(modern_key(pa.array(keys, type=pa.string()))).to_pylist()
    return found

"""The definition of the groups, read from a data file that a district can give itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.columns.code_lists import read_definition
from geo.errors import SettingsError
from geo.layers import LAYERS
from geo.occupations import Occupations, read_occupations

SHIPPED = "kelompok_sasaran"
OTHER = "lainnya"
"""In none of the groups, for certain; no group may bear that id."""

_KEYS = {"id", "title", "layer", "zones", "occupations"}
_MOST_LETTERS = 80


@dataclass(frozen=True)
class Group:
    """One group.

    Attributes
    ----------
    id, title
        Short name in columns, and the words a planner reads.
    layer, zones
        The layer, and the words of those of its zones that count.
    occupations
        The classes of occupation that count; any, when empty.
    """

    id: str
    title: str
    layer: str
    zones: tuple[str, ...]
    occupations: tuple[str, ...]


@dataclass(frozen=True)
class GroupDefinition:
    """Which groups there are, the first of which is shown where several hold, and how occupations are read."""

    title: str
    groups: tuple[Group, ...]
    occupations: Occupations

    def words_of(self, group: Group) -> str:
        """Return the definition of a group in words (Indonesian)."""
        layer = LAYERS[group.layer]
        zones = "; ".join(layer.titles[zone] for zone in group.zones)
        work = "; ".join(self.occupations.titles[name] for name in group.occupations)
        return f"Zona: {zones}. Pekerjaan utama: {work or 'apa pun'}."


def read_groups(name: str) -> GroupDefinition:
    """Read a definition by its name in geo/profiles, or from a TOML file.

    The form of the file is told at the head of geo/profiles/kelompok_sasaran.toml.

    Raises
    ------
    SettingsError
        When there is no such definition, or it names a layer, zone or occupation that does not exist.

    Examples
    --------
    >>> [group.id for group in read_groups("kelompok_sasaran").groups]
    ['pesisir', 'tepi_hutan', 'miskin_perkotaan']
    """
    file = Path(name).name
    try:
        return _definition(
            read_definition(name, what="Kelompok sasaran", setting="groups.definition", shipped=SHIPPED), file
        )
    except _Misshapen as fault:
        raise SettingsError(
            f"Kelompok sasaran «{file}» tidak dapat dipakai: {fault}. Bentuknya dijelaskan pada kepala "
            f"geo/profiles/{SHIPPED}.toml."
        ) from fault


class _Misshapen(ValueError):
    """What is wrong with a definition, in the user's words."""


def _definition(table: Mapping[str, Any], file: str) -> GroupDefinition:
    _known("bagian", table, {"title", "group", "pekerjaan"})
    occupations = read_occupations()
    entries, words = table.get("group", []), table.get("pekerjaan", {})
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise _Misshapen("tidak memuat satu pun [[group]]")
    if not isinstance(words, dict):
        raise _Misshapen("[pekerjaan] bukan tabel")
    for told in words.values():
        _known("kelas pekerjaan", [told], occupations.titles)
    groups = tuple(_group(entry, occupations) for entry in entries)
    ids = [group.id for group in groups]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise _Misshapen(f"id «{twice[0]}» dipakai lebih dari sekali")
    return GroupDefinition(
        _text(table.get("title", file), "title"),
        groups,
        occupations.with_words({written: frozenset([told]) for written, told in words.items()}),
    )


def _group(entry: Mapping[str, Any], occupations: Occupations) -> Group:
    _known("isi [[group]]", entry, _KEYS)
    name = _text(entry.get("id"), "id")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) or name == OTHER:
        raise _Misshapen(f"id «{name}» harus huruf kecil, angka, dan _ (dan bukan «{OTHER}»)")
    layer = _text(entry.get("layer"), f"layer pada kelompok «{name}»")
    _known("lapisan", [layer], LAYERS)
    zones = _list(entry, "zones", name)
    _known(f"zona lapisan {layer}", zones, LAYERS[layer].titles)
    classes = _list(entry, "occupations", name)
    _known("kelas pekerjaan", classes, occupations.titles)
    title = _text(entry.get("title"), f"title pada kelompok «{name}»")
    return Group(name, title, layer, zones or tuple(LAYERS[layer].titles), classes)


def _text(value: object, what: str) -> str:
    if (
        not isinstance(value, str)
        or not value.strip()
        or not value.isprintable()
        or len(value) > _MOST_LETTERS
    ):
        raise _Misshapen(f"{what} harus teks satu baris, paling banyak {_MOST_LETTERS} huruf")
    return value.strip()


def _list(entry: Mapping[str, Any], key: str, group: str) -> tuple[str, ...]:
    if key not in entry:
        return ()
    values = entry[key]
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise _Misshapen(
            f"{key} pada kelompok «{group}» harus daftar teks yang berisi; hapus bila semuanya boleh"
        )
    return tuple(dict.fromkeys(values))


def _known(
    what: str, given: Mapping[str, Any] | Sequence[object], known: Mapping[str, Any] | set[str]
) -> None:
    for name in given:
        if not isinstance(name, str) or name not in known:
            shown = "".join(sign for sign in str(name)[:40] if sign.isprintable())
            raise _Misshapen(f"{what} «{shown}» tidak dikenal; yang ada: {', '.join(sorted(known))}")

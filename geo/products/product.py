"""What leaves for one receiver: collections, every column explained, the same for files, API, tiles and preview."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd

from geo.levels import Level
from geo.recipes import Recipe


@dataclass(frozen=True)
class Field:
    """A column and what it means: one line of the data dictionary.

    Attributes
    ----------
    name
        As in the table.
    title
        Short heading (Indonesian).
    meaning
        In a sentence or two (Indonesian).
    kind
        ``teks``, ``bulat``, ``desimal``, ``ya/tidak`` or ``tanggal``.
    unit
        ``m``, ``km2``, ``rumah tangga``, ``bagian (0–1)`` ...; empty for none.
    codes
        Values and their meaning, where there are but some.
    source
        Where it comes from; ``definition`` by which definition and profile, where there is one.
    """

    name: str
    title: str
    meaning: str
    kind: str
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    definition: str = ""


@dataclass(frozen=True)
class Collection:
    """A table of things on the map, ready to leave.

    Attributes
    ----------
    id
        ``desa``, ``kecamatan``, ``zona``, ``kantong``, ``desa_panas``, ``lingkaran``, ``kisi`` or ``rumah_tangga``;
        also the name of its file and of its collection in the API.
    title, description
        Indonesian.
    table
        WGS 84, index 0 ... n-1, one row a feature; a missing geometry is a feature without a place.
    key
        Its column of feature ids: text, each once.
    fields
        Every column but the geometry, in this order.
    geometry
        ``Point``, ``Polygon`` or ``MultiPolygon`` (polygons of either kind).
    left_out
        What is not in it, and why (Indonesian): rows.
    """

    id: str
    title: str
    description: str
    table: gpd.GeoDataFrame
    key: str
    fields: tuple[Field, ...]
    geometry: str
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """What somebody may have; two that are equal have the same product.

    Attributes
    ----------
    level
        How much of the register.
    recipe
        Of the recipient, for ``opd`` (and the order of columns of ``petugas``); None for everybody else.
    desa
        The kode_desa that it is about; None for the whole district.
    rows
        The sheet rows that it is about (a named visit list); None for all.
    columns
        Those of ``rumah_tangga`` that may be seen, where a role and no recipe says so; None for all of the level.
    names
        With the columns of persons: ``petugas`` alone.
    """

    level: Level
    recipe: Recipe | None = None
    desa: frozenset[str] | None = None
    rows: frozenset[int] | None = None
    columns: tuple[str, ...] | None = None
    names: bool = False


@dataclass(frozen=True)
class Product:
    """All collections for one scope, and the facts that go with them.

    Attributes
    ----------
    facts
        As of the assessment, fit for the level.
    notes
        What a receiver must know before using it (Indonesian): schematic boundaries, what is masked and how well.
    """

    scope: Scope
    collections: Mapping[str, Collection]
    facts: Mapping[str, Any]
    notes: tuple[str, ...] = ()

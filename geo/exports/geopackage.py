"""GeoPackage: all collections as layers of one file, explained and coloured, so that it opens in QGIS ready to read."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from geo.exports.layers import arrow_table, write_layer
from geo.exports.qgis import qml, sld
from geo.exports.styles import Look, looks_of
from geo.exports.values import distinct, typed, with_names
from geo.products import Collection, Field, Product

NAME = "peta_sasaran.gpkg"
_FID, _GEOMETRY = "fid", "geom"
_VERSION = "1.2"
"""Of the standard: what programs of 2018 and later read without a warning."""

_TABLES = """
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
  description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
  min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions SELECT value, NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema',
  'read-write' FROM json_each('["gpkg_data_columns", "gpkg_data_column_constraints"]');
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
  styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description)
  VALUES ('layer_styles', 'attributes', 'layer_styles', 'Gaya lapisan untuk QGIS');
"""
_COLUMN = (
    "INSERT INTO gpkg_data_columns (table_name, column_name, title, description, constraint_name) "
    "VALUES (?, ?, ?, ?, ?)"
)
_CODE = (
    "INSERT INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, description) "
    "VALUES (?, 'enum', ?, ?)"
)
_STYLE = (
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
    "styleSLD, useAsDefault, description, owner, ui, update_time) VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '', NULL, ?)"
)


def write_geopackage(product: Product, folder: Path) -> list[Path]:
    """Write a product as one GeoPackage.

    Returns
    -------
    list of Path
        One file: a layer a collection with title and description, the dictionary in ``gpkg_data_columns`` (codes as
        enumerations), and in ``layer_styles`` the default style of each layer, as QML and as SLD.
    """
    path = folder / NAME
    layers: list[tuple[Collection, list[Look]]] = []
    for given in product.collections.values():
        names = distinct((field.name for field in given.fields), [_FID, _GEOMETRY])
        collection = with_names(given, names)
        table = typed(collection)
        write_layer(
            arrow_table(table),
            path,
            layer=collection.id,
            driver="GPKG",
            geometry_type=collection.geometry,
            append=bool(layers),
            dataset_options={} if layers else {"VERSION": _VERSION},
            layer_options={
                "FID": _FID,
                "GEOMETRY_NAME": _GEOMETRY,
                "IDENTIFIER": f"{collection.title} ({collection.id})",
                "DESCRIPTION": "\n".join([collection.description, *product.notes]),
            },
        )
        layers.append((collection, looks_of(product, collection, table)))
    if layers:
        with closing(sqlite3.connect(path)) as database, database:
            _explain(database, layers, datetime.fromisoformat(product.facts["created"]))
        _forget_changes(path)
    return [path] if layers else []


def _explain(
    database: sqlite3.Connection, layers: Sequence[tuple[Collection, list[Look]]], created: datetime
) -> None:
    """Add dictionary and styles; the moment of writing gives way to that of the run, so that equal is equal."""
    moment = f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    database.executescript(_TABLES)
    for collection, looks in layers:
        database.executemany(_COLUMN, [_column(collection, field) for field in collection.fields])
        database.executemany(
            _CODE, [each for field in collection.fields for each in _codes(collection, field)]
        )
        style = (collection.id, _GEOMETRY, collection.title[:30], qml(looks, collection),
                 sld(looks, collection.id), collection.title, moment)  # fmt: skip
        database.execute(_STYLE, style)
    database.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))


def _forget_changes(path: Path) -> None:
    """Set the two counts of changes in the head of the file, which differ by chance, so that equal is equal.

    Source: SQLite, Database File Format, 1.3.
    """
    with path.open("r+b") as file:
        for place in (24, 92):
            file.seek(place)
            file.write((1).to_bytes(4))


def _column(collection: Collection, field: Field) -> tuple[str | None, ...]:
    meaning = ". ".join(part.strip(" .") for part in (field.meaning, field.definition, field.source) if part)
    unit = f" [{field.unit}]" if field.unit else ""
    return collection.id, field.name, field.title + unit, meaning, _constraint(collection, field)


def _constraint(collection: Collection, field: Field) -> str | None:
    # a program that keeps to an enumeration would refuse to edit any other value, so only text has one
    return f"{collection.id}_{field.name}".lower() if field.codes and field.kind == "teks" else None


def _codes(collection: Collection, field: Field) -> list[tuple[str | None, ...]]:
    name = _constraint(collection, field)
    return [(name, value, meaning) for value, meaning in field.codes.items()] if name else []

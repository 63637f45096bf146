"""GPX 1.1: waypoints for a navigation device; points only, and nothing that a device does not know."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.exports.rounding import exact
from geo.exports.values import point_names, tellable, typed
from geo.exports.xml_text import escaped, xml_texts
from geo.products import Collection, Product

_TOLD = ("nama", "alamat", "dusun", "nama_desa", "desa")
"""Columns whose text helps at the door, where the level has them."""

_LONGEST = 200
"""Letters of a description that devices show."""


def write_gpx(product: Product, folder: Path) -> list[Path]:
    """Write each collection of points as ``<collection>.gpx``; nothing where there is none.

    Returns
    -------
    list of Path
        One waypoint a row with a place: ``name`` is the number on paper, and ``cmt`` the key, or ``name`` is the key;
        ``desc`` who and where as far as the level tells, and the needs. ``metadata`` says how many have no place.
    """
    written = []
    for collection in product.collections.values():
        if collection.geometry == "Point":
            path = folder / f"{collection.id}.gpx"
            path.write_text(_gpx(product, collection), encoding="utf-8")
            written.append(path)
    return written


def _gpx(product: Product, collection: Collection) -> str:
    table = typed(collection)
    placed = table.geometry.notna().to_numpy()
    keys = tellable(collection.table[collection.key])[placed]
    names = point_names(collection, table)[placed]
    points = exact(table.geometry.to_numpy()[placed])
    lon, lat = (pa.array(axis(points)).cast(pa.string()) for axis in (shapely.get_x, shapely.get_y))
    rows = pc.binary_join_element_wise(
        '<wpt lat="', lat, '" lon="', lon, '"><name>', xml_texts(names), "</name>",
        _element("cmt", xml_texts(keys.where(keys != names))),
        _element("desc", _described(collection, table[placed])), "</wpt>\n", "",
    )  # fmt: skip
    unplaced = int((~placed).sum())
    said = [
        collection.description,
        *product.notes,
        *([f"{unplaced} tanpa letak tidak dimuat."] if unplaced else []),
    ]
    title = f"{collection.title}, {product.facts['district']['nama']}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Peta Sasaran" xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"<metadata><name>{escaped(title)}</name><desc>{escaped(' '.join(said))}</desc></metadata>\n"
        + "".join(rows.to_pylist())
        + "</gpx>\n"
    )


def _element(name: str, texts: pa.Array) -> pa.Array:
    return pc.fill_null(pc.binary_join_element_wise(f"<{name}>", texts, f"</{name}>", ""), "")


def _described(collection: Collection, table: gpd.GeoDataFrame) -> pa.Array:
    """Return a line a row: who and where, and the titles of what is so of it; missing where there is nothing to say."""
    told = [table[name] for name in _TOLD if name in table]
    told += [
        pd.Series(field.title, table.index, dtype="str").where(table[field.name].fillna(value=False))
        for field in collection.fields
        if field.kind == "ya/tidak"
    ]
    if not told:
        return pa.nulls(len(table), pa.string())
    texts = [pa.array(each, pa.string(), from_pandas=True) for each in told]
    parts = [
        pc.fill_null(pc.if_else(pc.equal(text, ""), "", pc.binary_join_element_wise(text, "; ", "")), "")
        for text in texts
    ]
    line = pc.utf8_rtrim(pc.binary_join_element_wise(*parts, "", ""), "; ")
    line = pc.utf8_slice_codeunits(pc.replace_substring_regex(line, r"\s+", " "), 0, _LONGEST)
    return pc.if_else(pc.equal(line, ""), None, xml_texts(pd.Series(line.to_pandas(), dtype="str")))

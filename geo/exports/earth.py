"""KMZ: one file a collection for Google Earth and the like, coloured as the maps, its columns typed."""

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from PIL import Image, ImageDraw

from geo.exports.rounding import exact
from geo.exports.styles import Look, looks_of, places_of
from geo.exports.values import point_names, tellable, typed
from geo.exports.xml_text import escaped, xml_texts
from geo.products import Collection, Field, Product

_AT_ONCE = 16_384
_NAMES = ("nama_desa", "nama_kecamatan", "title", "name")
"""Columns by which an area is called, the first that is there."""

_OF_KML = frozenset({
    "name", "description", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude", "visibility",
    "draworder", "icon", "snippet",
})  # fmt: skip
"""What GDAL reads from a placemark itself, and so not from its columns."""

_LARGEST = 2**31
_MANY = 500_000
"""Rows from which on the document may pass 2 GB, as only newer programs read it in an archive."""

_ICON = 32
_CORNERS = {
    "square": [(4, 4), (28, 4), (28, 28), (4, 28)],
    "triangle": [(16, 3), (30, 28), (2, 28)],
    "cross": [(3, 8), (8, 3), (29, 24), (24, 29), (16, 21), (8, 29), (3, 24), (11, 16)],
}


def write_kmz(product: Product, folder: Path) -> list[Path]:
    """Write each collection as ``<collection>.kmz``.

    Returns
    -------
    list of Path
        KML 2.2, zipped with its marks: a placemark a row, also without a place; columns in a typed ``Schema``, a
        missing value left out; colours and marks by the classes of :mod:`geo.exports.styles`. A column with a name of
        KML's own has an underscore behind it (``name_``).
    """
    written = []
    for collection in product.collections.values():
        path = folder / f"{collection.id}.kmz"
        table = typed(collection)
        looks = looks_of(product, collection, table)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
            with package.open(_entry("doc.kml"), "w", force_zip64=len(table) > _MANY) as document:
                for text in _kml(product, collection, table, looks):
                    document.write(text.encode())
            for shape in {look.shape for look in looks} - {"fill", "outline"}:
                package.writestr(_entry(f"files/{shape}.png"), _icon(shape))
        written.append(path)
    return written


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry that does not tell when it was written."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _kml(
    product: Product, collection: Collection, table: gpd.GeoDataFrame, looks: Sequence[Look]
) -> Iterator[str]:
    title = escaped(f"{collection.title}, {product.facts['district']['nama']}")
    said = escaped("\n".join([collection.description, *product.notes]))
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'
        f"<Document><name>{title}</name><description>{said}</description>\n"
    )
    yield "".join(_style(place, look) for place, look in enumerate(looks))
    columns = _column_names(collection)
    simple = "".join(
        f'<SimpleField type="{_type(field, table[field.name])}" name="{escaped(name)}">'
        f"<displayName>{escaped(field.title)}</displayName></SimpleField>"
        for field, name in zip(collection.fields, columns, strict=True)
    )
    yield f'<Schema name="{collection.id}" id="{collection.id}">{simple}</Schema>\n'
    names = next((name for name in _NAMES if name in table), collection.key)
    is_points = collection.geometry == "Point"
    named = point_names(collection, table) if is_points else tellable(collection.table[names])
    styles = places_of(looks, table)
    for start in range(0, len(table), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        yield "".join(_placemarks(collection, table.iloc[part], named.iloc[part], styles[part]).to_pylist())
    # readers take a document without anything in it for no layer at all
    yield "</Document></kml>\n" if len(table) else f"<Folder><name>{title}</name></Folder></Document></kml>\n"


def _column_names(collection: Collection) -> list[str]:
    """Return what the columns are called: one with a name of KML's own gets an underscore, or readers lose it."""
    own = [field.name for field in collection.fields]
    return [_apart(name, own) if name.casefold() in _OF_KML else name for name in own]


def _apart(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _placemarks(
    collection: Collection, table: gpd.GeoDataFrame, names: pd.Series, styles: np.ndarray
) -> pa.Array:
    cells: list[pa.Array] = []
    for field, name in zip(collection.fields, _column_names(collection), strict=True):
        opening = f'<SimpleData name="{escaped(name)}">'
        written = pc.binary_join_element_wise(opening, xml_texts(table[field.name]), "</SimpleData>", "")
        cells.append(pc.fill_null(written, ""))
    return pc.binary_join_element_wise(
        "<Placemark><name>", pc.fill_null(xml_texts(names), ""), "</name><styleUrl>#s",
        pa.array(styles).cast(pa.string()), f'</styleUrl><ExtendedData><SchemaData schemaUrl="#{collection.id}">',
        *cells, "</SchemaData></ExtendedData>", _shapes(exact(table.geometry.to_numpy())), "</Placemark>\n", "",
    )  # fmt: skip


def _shapes(geometry: np.ndarray) -> pa.Array:
    """Write points and polygons as KML, nothing where they are missing."""
    kinds = shapely.get_type_id(geometry)
    texts, places = [pa.array([""])], np.zeros(len(geometry), dtype=np.int64)
    for kind in np.unique(kinds[kinds >= 0]):
        rows = np.flatnonzero(kinds == kind)
        places[rows] = np.arange(len(rows)) + sum(map(len, texts))
        texts.append(_of_kind(geometry[rows]))
    return pc.take(pa.concat_arrays(texts), pa.array(places))


def _of_kind(geometry: np.ndarray) -> pa.Array:
    _, coordinates, offsets = shapely.to_ragged_array(geometry)
    lon, lat = (pa.array(np.ascontiguousarray(axis)).cast(pa.string()) for axis in coordinates.T[:2])
    texts = pc.binary_join_element_wise(lon, lat, ",")
    if not offsets:
        return pc.binary_join_element_wise("<Point><coordinates>", texts, "</coordinates></Point>", "")
    rings, polygons, *multi = offsets
    outer = np.zeros(len(rings) - 1, dtype=bool)
    outer[polygons[:-1]] = True
    edge = pa.array(np.where(outer, "outer", "inner"))
    texts = pc.binary_join_element_wise(
        "<", edge, "BoundaryIs><LinearRing><coordinates>", _joined(texts, rings, " "),
        "</coordinates></LinearRing></", edge, "BoundaryIs>", "",
    )  # fmt: skip
    texts = pc.binary_join_element_wise("<Polygon>", _joined(texts, polygons, ""), "</Polygon>", "")
    for level in multi:
        inside = _joined(texts, level, "")
        texts = pc.binary_join_element_wise("<MultiGeometry>", inside, "</MultiGeometry>", "")
    return texts


def _joined(texts: pa.Array, offsets: np.ndarray, between: str) -> pa.Array:
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), texts), between)


def _type(field: Field, column: pd.Series) -> str:
    if field.kind == "bulat":
        return "int" if column.abs().max() is pd.NA or column.abs().max() < _LARGEST else "double"
    return {"desimal": "double", "ya/tidak": "bool"}.get(field.kind, "string")


def _style(place: int, look: Look) -> str:
    colour = "".join(look.colour[start : start + 2] for start in (5, 3, 1))  # KML writes blue first
    if look.shape in {"fill", "outline"}:
        line, fill = ("ff555555", "1") if look.shape == "fill" else (f"ff{colour}", "0")
        width = 1 if look.shape == "fill" else 3
        drawn = (
            f"<LineStyle><color>{line}</color><width>{width}</width></LineStyle>"
            f"<PolyStyle><color>b0{colour}</color><fill>{fill}</fill></PolyStyle>"
        )
    else:
        scale = "0.3" if look.shape in {"dot", "cross"} else "0.5"
        drawn = (
            f"<IconStyle><color>ff{colour}</color><scale>{scale}</scale><Icon><href>files/{look.shape}.png</href></Icon>"
            f"</IconStyle><LabelStyle><scale>0</scale></LabelStyle>"
        )
    return f'<Style id="s{place}"><!-- {escaped(look.title).replace("-", "–")} -->{drawn}</Style>\n'


def _icon(shape: str) -> bytes:
    """Draw a mark in white, which takes on the colour of its style."""
    image = Image.new("RGBA", (_ICON, _ICON), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if shape in _CORNERS:
        pen.polygon(_CORNERS[shape], fill="white")
    else:
        pen.ellipse((3, 3, _ICON - 4, _ICON - 4), fill="white")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()

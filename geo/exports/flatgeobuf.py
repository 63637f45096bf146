"""FlatGeobuf: one file a collection, with its spatial index."""

from pathlib import Path

from geo.exports.layers import arrow_table, write_layer
from geo.exports.values import distinct, typed, with_names
from geo.products import Product

UNPLACED = "_tanpa_letak"
"""Ends the name of the file of what has no place: the index of the format takes no missing geometry."""


def write_flatgeobuf(product: Product, folder: Path) -> list[Path]:
    """Write each collection as ``<collection>.fgb``, and what has no place beside it, without an index."""
    written = []
    for collection in product.collections.values():
        table = typed(with_names(collection, distinct(field.name for field in collection.fields)))
        placed = table.geometry.notna()
        parts = [("", table[placed], True)] + [(UNPLACED, table[~placed], False)] * bool((~placed).any())
        for ending, part, indexed in parts:
            path = folder / f"{collection.id}{ending}.fgb"
            write_layer(
                arrow_table(part),
                path,
                layer=path.stem,
                driver="FlatGeobuf",
                geometry_type=collection.geometry,
                layer_options={
                    "SPATIAL_INDEX": "YES" if indexed and len(part) else "NO",
                    "TITLE": collection.title,
                    "DESCRIPTION": collection.description,
                },
            )
            written.append(path)
    return written

"""GeoParquet 1.1: one file a collection, with a bounding box a row by which readers skip."""

from pathlib import Path

from geo.exports.values import typed
from geo.products import Product


def write_parquet(product: Product, folder: Path) -> list[Path]:
    """Write each collection as ``<collection>.parquet``.

    Notes
    -----
    The column ``bbox`` is the covering of GeoParquet 1.1 and says nothing of its own; it is left out where a column of
    the collection has its name.
    """
    written = []
    for collection in product.collections.values():
        path = folder / f"{collection.id}.parquet"
        table = typed(collection)
        table.to_parquet(
            path,
            index=False,
            compression="zstd",
            geometry_encoding="WKB",
            schema_version="1.1.0",
            write_covering_bbox="bbox" not in table,
            # words repeat; places, figures and ids do not, and to look for it costs time
            use_dictionary=[
                field.name
                for field in collection.fields
                if field.kind == "teks" and field.name != collection.key
            ],
        )
        written.append(path)
    return written

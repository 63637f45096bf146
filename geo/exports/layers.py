"""A collection as GDAL takes it: one table of Arrow, the geometry as WKB, written as one layer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely
from pyogrio import write_arrow

GEOMETRY = "geometry"
_WIDTH = "GDAL:OGR:width"
_WKB = {"ARROW:extension:name": "geoarrow.wkb"}


def arrow_table(table: gpd.GeoDataFrame, widths: Mapping[str, int] | None = None) -> pa.Table:
    """Return a table for GDAL.

    Parameters
    ----------
    table
        As :func:`geo.exports.values.typed` returns it.
    widths
        Of columns of text (bytes) and whole numbers (digits), where the format wants one; 0 for none.

    Returns
    -------
    pyarrow.Table
        A missing geometry is a missing WKB.
    """
    arrays = {name: _array(column) for name, column in table.drop(columns=table.geometry.name).items()}
    fields = [
        pa.field(
            name, array.type, metadata={_WIDTH: str(widths[name])} if widths and widths.get(name) else None
        )
        for name, array in arrays.items()
    ]
    shapes = pa.array(shapely.to_wkb(table.geometry.to_numpy()), pa.binary())
    geometry = pa.field(GEOMETRY, shapes.type, metadata=_WKB)
    return pa.Table.from_arrays([*arrays.values(), shapes], schema=pa.schema([*fields, geometry]))


def _array(column: pd.Series) -> pa.Array:
    array = pa.array(column, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_timestamp(array.type):
        return array.cast(pa.date32())
    return array.cast(pa.string()) if pa.types.is_large_string(array.type) else array


def write_layer(
    table: pa.Table,
    path: Path,
    *,
    layer: str,
    driver: str,
    geometry_type: str,
    **options: Any,  # noqa: ANN401
) -> None:
    """Write a table of :func:`arrow_table` as a layer of a file, WGS 84.

    Parameters
    ----------
    options
        Of :func:`pyogrio.write_arrow`: ``append`` for a further layer of the same file, ``encoding``,
        ``layer_options`` ...
    """
    write_arrow(
        table,
        path,
        layer=layer,
        driver=driver,
        geometry_name=GEOMETRY,
        geometry_type=geometry_type,
        crs="EPSG:4326",
        **options,
    )

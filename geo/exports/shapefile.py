"""Shapefile: one a collection, with short names by rule, a table that explains them, and nothing cut in silence."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.exports.layers import arrow_table, write_layer
from geo.exports.plain_csv import write_table
from geo.exports.rounding import DECIMALS
from geo.exports.values import flat_array, typed, with_names
from geo.products import Product

LONGEST_NAME, WIDEST = 10, 254
"""Characters of a column's name, bytes of a text: as much as a DBF holds."""

_DIGITS = 18
_MOST = 10.0 ** (_DIGITS - DECIMALS - 1)
"""Below it, a figure has room for all its decimals."""

_OF_NAMES = "_kolom.csv"
_HEADS = ["nama_pendek", "nama", "judul", "arti", "jenis", "satuan", "teks_dipotong"]


def short_names(names: Iterable[str]) -> list[str]:
    """Return a name of at most ten characters for each name, no two alike.

    A name that fits stays. Else its words lose their vowels after the first letter, then the longest of them its end,
    until they fit; one that another column has already got ends in a number.

    Examples
    --------
    >>> short_names(["kode_desa", "nama_kecamatan", "jamban_sendiri_rate", "need_jamban", "need_jumban", "Tahun 2026"])
    ['kode_desa', 'nm_kcmtn', 'jmb_snd_rt', 'nd_jmbn', 'nd_jmbn2', 'tahun_2026']
    """
    found: list[str] = []
    for name in names:
        own, count = _short(name), 1
        while own in found:
            count += 1
            own = _short(name)[: LONGEST_NAME - len(str(count))] + str(count)
        found.append(own)
    return found


def _short(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall("[a-z0-9]+", plain) or ["kolom"]
    if not words[0][0].isalpha():
        words[0] = f"k{words[0]}"
    if len("_".join(words)) > LONGEST_NAME:
        words = [word[0] + re.sub("[aeiou]", "", word[1:]) for word in words]
    words = words[: (LONGEST_NAME + 1) // 2]
    while len("_".join(words)) > LONGEST_NAME:
        longest = max(range(len(words)), key=lambda place: len(words[place]))
        words[longest] = words[longest][:-1]
    return "_".join(words)


def write_shapefile(product: Product, folder: Path) -> list[Path]:
    """Write each collection as a shapefile in UTF-8, with ``<collection>_kolom.csv`` beside it.

    Returns
    -------
    list of Path
        ``.shp``, ``.shx``, ``.dbf``, ``.prj``, ``.cpg`` and the table of names, a collection. Yes and no are 1 and 0; a
        missing number is empty, and so are a missing text and one without letters, which the format does not tell
        apart. Text of more than 254 bytes is cut between letters; the table of names says how often.
    """
    day = datetime.fromisoformat(product.facts["created"]).date().isoformat()
    written = []
    for given in product.collections.values():
        names = short_names(field.name for field in given.fields)
        collection = with_names(given, names)
        table, cut = _fitted(typed(collection))
        write_layer(
            _with_decimals(arrow_table(table, {name: _width(column) for name, column in _plain(table)})),
            folder / f"{collection.id}.shp",
            layer=collection.id,
            driver="ESRI Shapefile",
            geometry_type="Polygon" if collection.geometry == "MultiPolygon" else collection.geometry,
            encoding="UTF-8",
            layer_options={"DBF_DATE_LAST_UPDATE": day},
        )
        about = [
            (short, field.name, field.title, field.meaning, field.kind, field.unit, cut.get(short, 0))
            for short, field in zip(names, given.fields, strict=True)
        ]
        explained = folder / f"{collection.id}{_OF_NAMES}"
        write_table(pd.DataFrame(about, columns=_HEADS), explained)
        written += [*sorted(folder.glob(f"{collection.id}.*")), explained]
    return written


def _plain(table: gpd.GeoDataFrame) -> list[tuple[str, pd.Series]]:
    return [(str(name), column) for name, column in table.items() if name != table.geometry.name]


def _fitted(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return yes and no as numbers and text no wider than the format holds, and how often what was cut."""
    new, cut = {}, {}
    for name, column in _plain(table):
        if pd.api.types.is_bool_dtype(column):
            new[name] = column.astype("Int32")
        elif pd.api.types.is_string_dtype(column):
            wide = _bytes(column) > WIDEST
            if wide.any():
                new[name] = column.mask(
                    wide, [_cut(text) if far else "" for text, far in zip(column, wide, strict=True)]
                )
                cut[name] = int(wide.sum())
    return table.assign(**new), cut


def _cut(text: str) -> str:
    return text.encode()[:WIDEST].decode(errors="ignore")


def _bytes(column: pd.Series) -> np.ndarray:
    """Return the bytes of each text, 0 of a missing one."""
    lengths: np.ndarray = pc.fill_null(pc.binary_length(flat_array(column)), 0).to_numpy(zero_copy_only=False)
    return lengths


def _width(column: pd.Series) -> int:
    """Return how wide a column must be: of text in bytes, of whole numbers in digits; 0: as the format has it."""
    if pd.api.types.is_string_dtype(column):
        return max(int(_bytes(column).max(initial=0)), 1)
    if pd.api.types.is_integer_dtype(column):
        ends = (column.min(), column.max()) if column.notna().any() else (0,)
        return max(len(str(end)) for end in ends)
    return 0


def _with_decimals(table: pa.Table) -> pa.Table:
    """Give figures as many decimals as they are told with, instead of the fifteen that would crowd out their digits."""
    for place, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            column = table[field.name]
            if pc.all(pc.less(pc.abs(column), _MOST), min_count=0).as_py():
                kind = pa.decimal128(_DIGITS, DECIMALS)
                table = table.set_column(place, pa.field(field.name, kind), column.cast(kind))
    return table

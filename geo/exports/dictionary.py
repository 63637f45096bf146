"""The data dictionary: every column of every collection, as a table that programs and people read."""

from collections.abc import Collection as Group
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from geo.exports.values import with_places
from geo.products import Collection, Field, Product

MEANINGS = {
    "koleksi": "tabel yang memuat kolom itu",
    "kolom": "nama kolom di dalam berkas",
    "judul": "judul pendek",
    "arti": "apa isinya",
    "jenis": "teks, bulat, desimal, ya/tidak, atau tanggal",
    "satuan": "satuan ukuran, bila ada",
    "kode": "nilai yang mungkin dan artinya, bila terbatas",
    "sumber": "dari mana nilainya",
    "definisi": "menurut definisi dan profil yang mana",
}
"""Headings of the dictionary, and what stands under them."""

FLAT = ("csv", "xlsx")
"""Formats that know no geometry, and tell the place in two more columns."""


def dictionary_table(product: Product, formats: Group[str]) -> pd.DataFrame:
    """Return one row a column, in the order of the files, under :data:`MEANINGS`."""
    rows = [
        (
            collection.id, field.name, field.title, field.meaning, field.kind, field.unit, codes_text(field.codes),
            field.source, field.definition,
        )
        for collection in product.collections.values()
        for field in columns_of(collection, formats)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[*MEANINGS], dtype="str").replace("", None)


def columns_of(collection: Collection, formats: Group[str]) -> tuple[Field, ...]:
    """Return the columns of a collection in files of some formats; those of the place say where they stand."""
    if not {*FLAT} & {*formats}:
        return collection.fields
    places = (
        replace(field, meaning=f"{field.meaning} Hanya di CSV dan XLSX.")
        for field in place_fields(collection)
    )
    return (*collection.fields, *places)


def place_fields(collection: Collection) -> tuple[Field, ...]:
    """Return the columns that formats without geometry add to a collection."""
    # their names and meaning are the same without a row
    without_rows = replace(collection, table=collection.table.iloc[:0])
    return with_places(without_rows).fields[len(collection.fields) :]


def codes_text(codes: Mapping[str, str]) -> str:
    """Return codes as words.

    Examples
    --------
    >>> codes_text({"1": "aman", "": "tidak diketahui"}), codes_text({})
    ('1 = aman; (kosong) = tidak diketahui', '')
    """
    return "; ".join(f"{code or '(kosong)'} = {meaning}" for code, meaning in codes.items())

"""Tables without geometry: CSV for programs, XLSX for people."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from geo.exports.plain_csv import write_table
from geo.exports.values import typed, with_places
from geo.outcomes import OUTCOMES
from geo.products import Collection, Product
from geo.symbology import moment, number
from geo.workbook import MOST_COLUMNS, MOST_ROWS, WIDEST, Sheet, write_workbook

NAME = "peta_sasaran.xlsx"
_MEANING_WIDTHS = (16, 22, 28, 60, 10, 16, 40, 24, 40)
_OUTCOME = "hasil"
_MOST_ON_PAPER = 26
"""Columns that can still be read on one page's width."""

_NARROW = 16
"""Characters of a column in a list that is printed and carried."""


def write_csv(product: Product, folder: Path) -> list[Path]:
    """Write each collection as ``<collection>.csv``, with ``lon`` and ``lat`` where it has no columns of degrees."""
    written = []
    for collection in product.collections.values():
        path = folder / f"{collection.id}.csv"
        write_table(_flat(collection), path)
        written.append(path)
    return written


def write_xlsx(product: Product, folder: Path) -> list[Path]:
    """Write a product as one workbook.

    Returns
    -------
    list of Path
        One file: a sheet a collection, more where the rows are more than a sheet holds, then «Kamus», which explains
        the columns, and «Keterangan». Text is text and never a formula, numbers are numbers, yes and no are TRUE and
        FALSE. An empty column ``hasil`` offers the words for the outcome of a visit.
    """
    mark = str(product.facts.get("mark", ""))  # of a package with names, which is carried on paper
    collections = product.collections.values()
    sheets = [sheet for each in collections for sheet in _sheets(each, is_carried=bool(mark))]
    path = folder / NAME
    about = [Sheet("Kamus", _meanings(product), widths=_MEANING_WIDTHS, fits=True), _remarks(product)]
    title = f"Data sasaran {product.facts['district']['nama']}"
    write_workbook(path, [*sheets, *about], title=title, created=product.facts["created"], on_paper=mark)
    return [path]


def _flat(collection: Collection) -> pd.DataFrame:
    table = typed(with_places(collection))
    return pd.DataFrame(table.drop(columns=table.geometry.name))


def _sheets(collection: Collection, *, is_carried: bool) -> Iterator[Sheet]:
    table = _flat(collection).iloc[:, :MOST_COLUMNS]
    fits = table.shape[1] <= _MOST_ON_PAPER
    choices = {_OUTCOME: tuple(OUTCOMES.values())} if _is_to_fill_in(table) else {}
    widest = _NARROW if is_carried else WIDEST
    for count, start in enumerate(range(0, max(len(table), 1), MOST_ROWS), start=1):
        name = collection.id if count == 1 else f"{collection.id}_{count}"
        part = table.iloc[start : start + MOST_ROWS]
        yield Sheet(name, part, widest=widest, fits=fits, choices=choices)


def _is_to_fill_in(table: pd.DataFrame) -> bool:
    return _OUTCOME in table and not table[_OUTCOME].astype("str").fillna("").ne("").any()


def _meanings(product: Product) -> pd.DataFrame:
    rows = [
        (
            collection.id, field.name, field.title, field.meaning, field.kind, field.unit,
            "; ".join(f"{code or '(kosong)'} = {meaning}" for code, meaning in field.codes.items()), field.source,
            field.definition,
        )
        for given in product.collections.values()
        for collection in (with_places(given),)
        for field in collection.fields
    ]  # fmt: skip
    heads = ["Lembar", "Kolom", "Judul", "Arti", "Jenis", "Satuan", "Kode", "Sumber", "Definisi"]
    return pd.DataFrame(rows, columns=heads, dtype="str")


def _remarks(product: Product) -> Sheet:
    boundaries = product.facts["boundaries"]
    told = [
        ("Wilayah", str(product.facts["district"]["nama"])),
        ("Tingkat", product.scope.level.value),
        ("Dibuat", moment(product.facts["created"])),
        ("Batas wilayah", str(boundaries["source"])),
        *([("Batas wilayah", str(boundaries["note"] or "skematis"))] if boundaries["schematic"] else []),
        *(("Perlu diketahui", note) for note in product.notes),
    ]
    for collection in product.collections.values():
        told.append(
            (
                f"Lembar {collection.id}",
                f"{collection.title}: {number(len(collection.table))} baris. {collection.description}",
            )
        )
        told += [
            (f"Tidak ada di {collection.id}", f"{why}: {number(rows)}")
            for why, rows in collection.left_out.items()
        ]
        if len(collection.table) > MOST_ROWS:
            told.append(
                (
                    f"Lembar {collection.id}",
                    f"satu lembar memuat {number(MOST_ROWS)} baris; selebihnya di lembar berikutnya",
                )
            )
    told += [
        (
            "Cara membaca",
            "Sel kosong: tidak diketahui atau dirahasiakan. TRUE berarti ya, FALSE berarti tidak.",
        ),
        ("Cara membaca", "Teks tetap teks, juga angka panjang dan tulisan yang diawali tanda sama dengan."),
    ]
    return Sheet(
        "Keterangan", pd.DataFrame(told, columns=["Hal", "Keterangan"], dtype="str"), widths=(24, 110)
    )

"""A list by desa, of whatever codes: Kemendagri's, dotted or bare, or BPS's; matched to the desa of this district."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import LayerError
from geo.layers.csv_list import CsvList, find, read_csv_list, shown

_KODE = (
    "iddesa", "iddesakel", "idwilayah", "kodekemendagri", "kodedesakemendagri", "kodedagri", "kdepum", "kodebps",
    "kodedesabps", "kdbps", "kdebps", "kodedesa", "kodedesakelurahan", "kodedesakel", "kodekelurahan", "kodekel",
    "kddesa", "kdkel", "kodewilayah", "kodewilayahdesa", "kdwilayah", "adm4pcode", "bpscode", "kode", "code",
)  # fmt: skip
_PARTS = (
    ("r101", "kodeprov", "kdprov", "kodeprovinsi", "kdprop", "kodeprop"),
    ("r102", "kodekab", "kdkab", "kodekabupaten", "kodekabkota", "kodekabkot", "kdkabkota"),
    ("r103", "kodekec", "kdkec", "kodekecamatan"),
    ("r104", "kodedesa", "kddesa", "kodedesakelurahan", "kodedesakel", "kodekelurahan", "kodekel", "kdkel"),
)
"""Headings of the four parts of a code, where each has a column of its own (Podes R101 to R104)."""
_YEAR, _SOURCE = ("tahun", "tahundata", "thn", "year"), ("sumber", "sumberdata", "dasar", "source")

_KABUPATEN_DIGITS, _DESA_DIGITS = 4, 10
_LAST_DESA_OF_BPS = 999
_CLEARLY = 2  # so many times more codes must be of one list than of the other
_MOST_STATED = 3
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_DOTTED = {"kode_desa": r"\d\d\D\d\d\D\d\d\D\d{4}", "kode_bps": r"\d\d\D\d\d\D\d{3}\D\d{3}"}


@dataclass(frozen=True)
class DesaList:
    """The rows of a list that are of this district.

    Attributes
    ----------
    name
        Of the file.
    place, cells
        Position of the desa in the frame of desa, and what the list says of it (text, blank ``""``); row by row.
    source, year
        As the list states them for these rows; else its file name, and the year that the heading ends with.
    note
        What the reader of the figures must know of the list (Indonesian), or nothing.
    """

    name: str
    place: np.ndarray
    cells: pd.Series
    source: str
    year: str
    note: str


def read_desa_list(path: Path, desa: gpd.GeoDataFrame, headings: Sequence[str], title: str = "") -> DesaList:
    """Read one column of a list by desa: of this district, of its province, or of the whole country.

    Both official codes have ten digits: what a bare code means is decided by the whole column, and refused where the
    column does not tell.

    Parameters
    ----------
    path
        CSV, as for :func:`geo.layers.csv_list.read_csv_list`.
    desa
        Needs columns ``kode_desa``, ``kode_bps``.
    headings
        Of the wanted column in small letters and digits only, the likelier first; a year may follow in the file.
    title
        What an error calls that column; the first heading when not given.

    Raises
    ------
    LayerError
        When the file cannot be read, lacks a column, has lost digits of codes, names no desa of this district, or
        leaves open which codes it uses.
    """
    needed = f"kolom kode_desa dan kolom {title or headings[0]} (boleh juga tahun dan sumber)"
    table = read_csv_list(path, lambda cells: bool(find(cells, headings)) and _has_kode(cells), needed)
    column = _only(table, table.find(headings))
    kode, named = _codes(table)
    place, strange = _places(kode, named, desa, table.name)
    here = place >= 0
    if not here.any():
        raise LayerError(
            f"Tidak satu pun kode dalam {table.name} adalah desa di kabupaten ini: tertulis misalnya "
            f"{shown(kode.max())}, diharapkan {desa['kode_desa'].iloc[0]} (Kemendagri) atau "
            f"{desa['kode_bps'].iloc[0]} (BPS). Periksa apakah daftarnya memuat kabupaten ini."
        )
    unknown = kode[strange].unique()
    told = (
        f"{len(unknown)} kode kabupaten ini dalam daftar tidak dikenal, misalnya {unknown[0]}"
        if len(unknown)
        else ""
    )
    if len(unknown) > len(np.unique(place[here])):
        raise LayerError(
            f"{table.name}: {told}. Itu lebih banyak daripada yang dikenal; pakai daftar dengan kode Kemendagri atau "
            f"BPS yang sekarang."
        )
    rows = table.cells[here]
    return DesaList(
        table.name,
        place[here],
        rows[column].reset_index(drop=True),
        _stated(rows, table.find(_SOURCE)) or table.name,
        _stated(rows, table.find(_YEAR)) or table.year_of(column),
        told,
    )


def one_each(listed: DesaList, desa: gpd.GeoDataFrame, values: pd.Series) -> pd.Series:
    """Return one value a desa (index of ``desa``), missing where the list has none.

    ``values`` belong to the rows of the list. Rows of one desa may repeat each other.

    Raises
    ------
    LayerError
        When rows of one desa contradict each other.
    """
    pairs = pd.DataFrame({"place": listed.place, "value": values.to_numpy(object)}).dropna().drop_duplicates()
    double = pairs["place"].duplicated()
    if double.any():
        kode = desa["kode_desa"].iloc[int(pairs.loc[double, "place"].iloc[0])]
        raise LayerError(
            f"{listed.name} menyebut desa {kode} lebih dari sekali dengan isi yang berbeda. "
            f"Sisakan satu baris untuk setiap desa, dari satu tahun saja."
        )
    return pairs.set_index("place")["value"].reindex(range(len(desa))).set_axis(desa.index)


def _has_kode(headings: Sequence[str]) -> bool:
    return bool(find(headings, _KODE)) or all(find(headings, part) for part in _PARTS)


def _only(table: CsvList, columns: Sequence[int]) -> int:
    if len(columns) > 1:
        raise LayerError(
            f"{table.name} memuat {len(columns)} kolom yang sama artinya: "
            f"{', '.join(shown(table.headings[column]) for column in columns)}. Sisakan yang dipakai."
        )
    return columns[0]


def _codes(table: CsvList) -> tuple[pd.Series, str]:
    """Return the codes as written, and the column of the district's desa that their heading names, if it does."""
    claimed = [column for heading in _KODE for column in table.find((heading,))]
    for column in claimed:
        kode = table.cells[column]
        lost = kode.str.fullmatch(_SCIENTIFIC)
        if lost.any():
            raise LayerError(
                f"Kolom {shown(table.headings[column])} dalam {table.name} berisi kode seperti {kode[lost].iloc[0]}: "
                f"Excel telah membuang angkanya. Format kolom itu sebagai teks dan isi lagi dari daftar asalnya."
            )
        if 2 * (_digits(kode) != "").sum() >= (kode != "").sum() > 0:
            heading = table.headings[column].casefold()
            return kode, "kode_bps" if "bps" in heading else "kode_desa" if "dagri" in heading else ""
    parts = [table.find(part) for part in _PARTS]
    if all(parts):
        return _composed(table.cells[[_only(table, columns) for columns in parts]]), ""
    example = next((cell for column in claimed for cell in table.cells[column] if cell), "kosong")
    raise LayerError(
        f"Kolom kode dalam {table.name} tidak berisi kode desa sepuluh angka; tertulis misalnya {shown(example)}."
    )


def _composed(parts: pd.DataFrame) -> pd.Series:
    """Write the four parts of codes as one, with dots."""
    numbers = parts.apply(pd.to_numeric, errors="coerce").fillna(0).astype(int)
    widths = (2, 2, 2, 4) if numbers.iloc[:, -1].max() > _LAST_DESA_OF_BPS else (2, 2, 3, 3)
    padded = [
        numbers[column].astype("str").str.zfill(width) for column, width in zip(parts, widths, strict=True)
    ]
    return pd.Series([".".join(row) for row in zip(*padded, strict=True)], index=parts.index, dtype="str")


def _digits(kode: pd.Series) -> pd.Series:
    """Return ten digits, or nothing; also of codes that were saved as numbers."""
    bare = kode.str.replace(r"(?<=\d{10})[.,]0+$", "", regex=True).str.replace(r"\D", "", regex=True)
    return bare.where(bare.str.len() == _DESA_DIGITS, "")


def _places(kode: pd.Series, named: str, desa: gpd.GeoDataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the position of each row's desa (-1 for none), and which rows are of this kabupaten but of no desa."""
    digits = _digits(kode)
    known = {
        column: {code: place for place, code in enumerate(_digits(desa[column].astype("str"))) if code}
        for column in _DOTTED
    }
    places = {column: digits.map(codes).fillna(-1).astype(int) for column, codes in known.items()}
    dotted = {column: kode.str.fullmatch(form) for column, form in _DOTTED.items()}
    # a bare code that names one desa either way tells nothing, and asks nothing
    telling = ~dotted["kode_desa"] & ~dotted["kode_bps"] & (places["kode_desa"] != places["kode_bps"])
    counts = {column: digits[telling & (place >= 0)].nunique() for column, place in places.items()}
    less, more = sorted(counts, key=lambda column: counts[column])
    if counts[more] < _CLEARLY * counts[less]:
        if not named:
            raise LayerError(
                f"Kode dalam {name} dapat dibaca sebagai kode Kemendagri ({counts['kode_desa']} desa) maupun kode BPS "
                f"({counts['kode_bps']} desa). Tulis kode Kemendagri dengan titik, misalnya "
                f"{desa['kode_desa'].iloc[0]}, atau namai kolomnya kode_bps."
            )
        more = named
    place = places[more]
    for column, form in dotted.items():
        place = place.mask(form, places[column])
    prefixes = {code[:_KABUPATEN_DIGITS] for codes in known.values() for code in codes}
    of_a_kecamatan = digits.str.endswith("000")
    strange = digits.str[:_KABUPATEN_DIGITS].isin(prefixes) & (place < 0) & ~of_a_kecamatan
    return place.to_numpy(), strange.to_numpy()


def _stated(rows: pd.DataFrame, columns: Sequence[int]) -> str:
    found = rows[columns[0]].str.replace(r"[.,]0+$", "", regex=True) if columns else pd.Series(dtype="str")
    return "; ".join(found[found != ""].unique()[:_MOST_STATED])

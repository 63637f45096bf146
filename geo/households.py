"""The spreadsheet read and checked: valid households, and rejects with reasons."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.columns import LONGEST_ANSWER, PROFILES, Column, heading_key, read_answers
from geo.errors import SettingsError, UnknownColumns
from geo.indicators import indicator_columns
from geo.spreadsheet import Table, read_table

_IDENTIFIER = {"kind": "identifier"}


def _columns(group: str, **kinds: dict[str, Any]) -> tuple[Column, ...]:
    """Make the columns of one group from the headings that offices write."""
    with (PROFILES / "headings.toml").open("rb") as file:
        headings = tomllib.load(file)[group]
    return tuple(Column(name, tuple(known), **kinds.get(name, {})) for name, known in headings.items())


PLACE_COLUMNS = _columns("place", kode_tertulis=_IDENTIFIER)
"""Where the household says it is."""

PERSON_COLUMNS = _columns(
    "person",
    id_keluarga=_IDENTIFIER,
    nik=_IDENTIFIER,
    no_kk=_IDENTIFIER,
    jumlah_art={"kind": "integer", "low": 1, "high": 30},
    desil={"kind": "integer", "low": 1, "high": 10},
)
"""Who it is and how it lives."""


@dataclass(frozen=True)
class Intake:
    """A sheet after reading: every row is either valid or rejected.

    Attributes
    ----------
    households
        ``sheet_row``, every known column (missing where the sheet has none), ``lintang``, ``bujur`` and
        ``koordinat`` still as written.
    rejects
        ``sheet_row``, ``column``, ``value``, ``reason``.
    headings
        Meaning to heading, for each column that was recognised.
    ignored
        Headings that mean nothing here.
    rejected_cells
        The whole rows behind ``rejects``, in their order: the cells of every column of the sheet, as text.
    empty_rows
        Fully empty rows between the others; they are no households and are not counted.
    rows
        Rows of the sheet under its header, the empty ones left out: as many as valid and rejected together.
    """

    households: pd.DataFrame
    rejects: pd.DataFrame
    headings: Mapping[str, str]
    ignored: tuple[str, ...]
    rejected_cells: pd.DataFrame
    empty_rows: int
    rows: int


def known_columns() -> list[Column]:
    """Return every meaning that a sheet may hold."""
    return [*PERSON_COLUMNS, *PLACE_COLUMNS, *indicator_columns()]


def read_households(
    path: Path, *, password: str | None = None, columns: Mapping[str, str] | None = None
) -> Intake:
    """Read and check a household spreadsheet.

    Parameters
    ----------
    path
        CSV, XLSX, XLS or ODS.
    password
        For an encrypted workbook.
    columns
        Meaning to heading, where the user knows better than the recognition.

    Raises
    ------
    SheetError
        When the file, or its columns as a whole, cannot be used. A faulty row never raises.
    """
    meanings = {
        heading_key(heading): column.name for column in known_columns() for heading in column.headings
    }
    chosen = {heading_key(heading) for heading in (columns or {}).values()}

    def score(headings: Iterable[str]) -> int:
        return len({heading_key(heading) for heading in headings} & (meanings.keys() | chosen))

    table = read_table(path, score, password=password)
    headings = recognise(list(table.cells.columns), columns or {})
    return _checked(table, headings)


def recognise(headings: list[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Find out what each heading means.

    Returns
    -------
    dict
        Meaning to heading.

    Raises
    ------
    UnknownColumns
        When nothing is recognised, nothing says where a household is, or two headings claim one meaning.

    Examples
    --------
    >>> recognise(["NIK", "Desa/Kelurahan", "Catatan"], {})
    {'nik': 'NIK', 'desa_tertulis': 'Desa/Kelurahan'}
    """
    known = known_columns()
    unknown = [f'{name} = "{heading}"' for name, heading in chosen.items()
               if name not in {column.name for column in known} or heading not in headings]  # fmt: skip
    if unknown:
        raise UnknownColumns(
            f"Pilihan kolom tidak cocok dengan lembar: {', '.join(unknown)}. "
            f"Judul pada lembar: {_quoted(headings)}."
        )
    free = [heading for heading in headings if heading not in chosen.values()]
    claims: dict[str, list[str]] = {}
    for column in known:
        if column.name in chosen:
            claims[column.name] = [chosen[column.name]]
            continue
        keys = {heading_key(heading) for heading in column.headings}
        claimed = [heading for heading in free if heading_key(heading) in keys]
        if claimed:
            claims[column.name] = claimed
    if not claims:
        raise UnknownColumns(
            f"Tidak ada kolom yang dikenali. Judul pada lembar: {_quoted(headings)}. Yang dicari antara lain: "
            f"«NIK», «Nama Kepala Keluarga», «Desa/Kelurahan», «Kecamatan», «Lintang», «Bujur», «Jenis Lantai», "
            f"«Fasilitas BAB». Sebut arti kolom dengan --columns BERKAS."
        )
    double = {name: found for name, found in claims.items() if len(found) > 1}
    if double:
        words = "; ".join(f"{name}: {_quoted(found)}" for name, found in double.items())
        raise UnknownColumns(
            f"Beberapa kolom mengaku satu arti: {words}. Pilih salah satu dengan --columns BERKAS, "
            f'misalnya berisi: [columns] {next(iter(double))} = "{next(iter(double.values()))[0]}".'
        )
    if ("lintang" in claims) != ("bujur" in claims):
        one, other = ("lintang", "bujur") if "lintang" in claims else ("bujur", "lintang")
        raise UnknownColumns(
            f"Ada kolom {one} («{claims[one][0][:40]}»), tetapi kolom {other} tidak dikenali. "
            f"Judul pada lembar: {_quoted(headings)}. Sebut kolomnya dengan --columns BERKAS."
        )
    if not {"desa_tertulis", "kode_tertulis", "koordinat", "lintang"} & claims.keys():
        raise UnknownColumns(
            f"Tidak ada kolom yang menyebut tempat: desa, kode desa, atau koordinat. "
            f"Judul pada lembar: {_quoted(headings)}. Sebut kolomnya dengan --columns BERKAS."
        )
    return {name: found[0] for name, found in claims.items()}


def read_column_choice(path: Path) -> dict[str, str]:
    """Read a file of chosen columns: TOML, a table ``[columns]`` of meaning = heading."""
    try:
        with path.open("rb") as file:
            table = dict(tomllib.load(file)["columns"])
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise SettingsError(
            f"Berkas kolom {path.name} tidak dapat dipakai. Isinya harus TOML dengan tabel [columns], "
            f'misalnya: nik = "NIK KRT".'
        ) from fault
    return {str(name): " ".join(str(heading).split()) for name, heading in table.items()}


def _quoted(headings: Iterable[str]) -> str:
    words = [f"«{heading[:40]}»" for heading in headings]
    return ", ".join(words[:30]) + (f", dan {len(words) - 30} lagi" if len(words) > 30 else "")  # noqa: PLR2004


def _checked(table: Table, headings: Mapping[str, str]) -> Intake:
    index = table.cells.index
    values, faults = {"sheet_row": pd.Series(table.sheet_row, index=index)}, []
    for column in known_columns():
        if column.name not in headings:
            values[column.name] = pd.Series(pd.NA, index=index, dtype=column.dtype)
            continue
        heading = headings[column.name]
        cells = table.cells[heading].str.strip()
        cells = cells.mask(cells == "")
        values[column.name], reason = read_answers(column, cells)
        wrong = reason.notna()
        if wrong.any():
            faults.append(
                pd.DataFrame(
                    {"place": index[wrong], "column": heading, "value": cells[wrong], "reason": reason[wrong]}
                )
            )
    households = pd.DataFrame(values)
    faults += [_nobody(households, headings), _totals(households, headings), _overlong(table)]
    rejects = _one_a_row(pd.concat(faults), table.sheet_row)
    kept = ~households["sheet_row"].isin(rejects["sheet_row"])
    households = _split_rt_rw(households[kept].reset_index(drop=True))
    ignored = tuple(heading for heading in table.cells.columns if heading not in headings.values())
    place = np.searchsorted(table.sheet_row, rejects["sheet_row"].to_numpy())
    rejected_cells = table.cells.iloc[place].reset_index(drop=True)
    return Intake(households, rejects, headings, ignored, rejected_cells, table.empty_rows, len(table.cells))


def _nobody(households: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Find the rows that name nobody and no place: totals, notes under the table."""
    telling = [
        "id_keluarga",
        "nik",
        "no_kk",
        "nama",
        "desa_tertulis",
        "kode_tertulis",
        "lintang",
        "koordinat",
    ]
    silent = households[telling].isna().all(axis=1)
    return pd.DataFrame(
        {
            "place": households.index[silent],
            "column": ", ".join(headings[name] for name in telling if name in headings),
            "value": "",
            "reason": "baris tanpa nama, nomor, dan tempat (mungkin baris jumlah atau catatan)",
        }
    )


_TOTAL = r"(?:(?:sub|grand)[ -]?)?(?:total|jumlah)\b"


def _totals(households: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Find the rows that add up others: no number of a person, but a place or a name that would make them one."""
    numbered = households["nik"].str.contains(r"\d", na=False) | households["no_kk"].str.contains(
        r"\d", na=False
    )
    unnumbered = households[~numbered]
    names = ("nama", "nik", "no_kk", "id_keluarga", "desa_tertulis", "kecamatan_tertulis")
    written = pd.concat(
        [
            pd.DataFrame({"place": unnumbered.index, "column": headings[name], "value": unnumbered[name]})
            for name in names
            if name in headings
        ]
        or [pd.DataFrame({"place": [], "column": [], "value": pd.Series(dtype="str")})]
    )
    adds_up = written["value"].str.match(_TOTAL, case=False, na=False)
    return written[adds_up].assign(reason="baris jumlah, bukan rumah tangga")


def _overlong(table: Table) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "place": np.flatnonzero(table.overlong),
            "column": "(setelah kolom terakhir)",
            "value": "",
            "reason": "sel lebih banyak daripada judul kolom: isinya bergeser, beri tanda kutip pada sel yang "
            "memuat tanda pemisah",
        }
    )


def _one_a_row(faults: pd.DataFrame, sheet_row: np.ndarray) -> pd.DataFrame:
    """Gather all faults of a sheet row in one reject."""
    faults = faults.astype({"column": "str", "value": "str", "reason": "str"}).fillna({"value": ""})
    nth = faults.groupby("place").cumcount()
    together = faults[nth == 0].set_index("place").sort_index()
    for more in range(1, int(nth.max() if len(nth) else 0) + 1):  # as often as the worst row has faults
        further = faults[nth == more].set_index("place")
        together.loc[further.index] = together.loc[further.index] + "; " + further
    rejects = together.reset_index()
    rejects.insert(0, "sheet_row", sheet_row[rejects["place"].to_numpy(dtype=int)])
    return rejects.drop(columns="place").astype(
        {"sheet_row": "int64", "column": "str", "value": "str", "reason": "str"}
    )


def _split_rt_rw(households: pd.DataFrame) -> pd.DataFrame:
    """Take RT and RW from one cell, ``001/002``, where they have no columns of their own."""
    places, distinct = pd.factorize(households["rt_rw"])
    written = pd.Series(distinct, dtype="str").str.slice(stop=LONGEST_ANSWER)
    pairs = written.str.extract(r"^(?i:rt)?[ .]*0*(\d{1,3})(?: *[/,;-] *| +)(?i:rw)?[ .]*0*(\d{1,3})$")
    pair = pairs.reindex(places).set_axis(households.index)
    return households.assign(
        rt=households["rt"].fillna(pair[0]).astype("str"),
        rw=households["rw"].fillna(pair[1]).astype("str"),
    ).drop(columns="rt_rw")

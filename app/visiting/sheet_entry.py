"""What the page of entry by sheet tells: the desa of a sheet, one house of it, and what is known of the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from app.access.roles import Person
from app.library import Library, OpenedRun
from app.outcome_codes import Held
from app.visiting.by_sheet import find_house, houses, mark_of, run_of
from app.visiting.daily import Row, stop_row
from app.visiting.households import about, with_names
from geo.outcomes import OUTCOMES
from geo.sheet_ids import MAPLESS, SheetId, read_sheet_id
from geo.symbology import long_date

SHOWN = 40
"""So many of the newest entries of a desa stand on the page."""


@dataclass(frozen=True)
class SheetOfRun:
    """A printed sheet whose run and desa were found.

    Attributes
    ----------
    of_desa
        Sheet rows by house number, see :func:`app.visiting.by_sheet.houses`.
    in_force
        Whether its run is the one that all see.
    """

    sheet: SheetId
    opened: OpenedRun
    of_desa: pd.Series
    in_force: bool

    @property
    def desa(self) -> dict[str, str]:
        """Codes and names of its desa."""
        table = self.opened.assessment.desa
        row = table.loc[table["kode_desa"] == self.sheet.kode_desa, ["nama_desa", "nama_kecamatan"]]
        return {str(name): str(row[name].iloc[0]) for name in row} | {"kode_desa": self.sheet.kode_desa}


def find_sheet(library: Library, who: Person, text: str) -> SheetOfRun:
    """Return what a sheet's identifier leads to.

    Raises
    ------
    SettingsError
        When it is none, or its run, its desa or the numbers are not there.
    NotAllowed
        When the desa is not theirs.
    """
    sheet = read_sheet_id(text)
    who.require_desa(sheet.kode_desa)
    opened = library.open(run_of(library, sheet, who))
    return SheetOfRun(sheet, opened, houses(opened, sheet, who), opened.id == library.in_force())


def house_of(found: SheetOfRun, number: int, held: Mapping[int, Held], who: Person) -> Row:
    """Return one house as the page tells it, with its name for those who may see names; the caller leaves the trail.

    Raises
    ------
    SettingsError
        When no house of the desa has the number.
    """
    row = find_house(found.of_desa, number)
    house = with_names(found.opened, about(found.opened, [row]), who).iloc[0]
    return stop_row(house.to_dict(), held) | {"number": number}


def entered_in(found: SheetOfRun, held: Mapping[int, Held]) -> tuple[list[Row], int]:
    """Return the houses of the desa about which something was entered, the newest first, and how many there are."""
    numbers = dict(zip(found.of_desa.to_list(), found.of_desa.index.to_list(), strict=True))
    known = sorted((held[row] for row in numbers if row in held), key=lambda one: one.at, reverse=True)
    shown = known[:SHOWN]
    told = about(found.opened, [one.sheet_row for one in shown]).to_dict("records")
    rows = [stop_row(row, held) | {"number": numbers[int(row["sheet_row"])]} for row in told]
    return rows, len(known)


def answer(house: Row) -> dict[str, Any]:
    """Return one house for a script."""
    held = house["held"]
    return {
        "nomor": house["number"],
        "nama": house.get("nama", ""),
        "alamat": house.get("alamat", ""),
        "tempat": house["place"],
        "butuh": [need for need in str(house["lacks"]).split("; ") if need],
        "titik": bool(house["has_position"]),
        "hasil": held.outcome if held else "",
        "judul": OUTCOMES[held.outcome] if held else "",
        "tanggal": long_date(held.visited_on.isoformat()) if held else "",
        "oleh": held.by if held else "",
        "catatan": held.note if held else "",
    }


def sheet_of_desa(library: Library, kode_desa: str) -> str:
    """Return what a sheet of a desa would bear if it were printed now, from the run in force.

    Raises
    ------
    NoRun
        When no run is in force.
    """
    return str(SheetId(kode_desa.strip(), MAPLESS, mark_of(library.path(library.shown_id()))))


def desa_to_choose(library: Library, who: Person) -> list[tuple[str, str]]:
    """Return the desa of the run in force that are theirs, by name: code, and how it is called."""
    if not (run := library.in_force()):
        return []
    assessment = library.open(run).assessment
    if "house_number" not in assessment.households:
        return []
    table = assessment.desa[["kode_desa", "nama_desa", "nama_kecamatan"]]
    table = table.sort_values(["nama_desa", "nama_kecamatan"])
    return [
        (kode, f"{name}, {kecamatan}")
        for kode, name, kecamatan in table.itertuples(index=False)
        if who.reaches(kode)
    ]

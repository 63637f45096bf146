"""A household found by what stands on paper: the identifier of a printed sheet, and its number there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from app.access.roles import Person
from app.kept import KeptWith
from app.library import Library, OpenedRun
from app.manifests import when_made
from geo.errors import SettingsError
from geo.outcomes import OUTCOMES
from geo.runs import read_manifest
from geo.sheet_ids import SheetId, run_mark
from geo.symbology import number as told_number

_OF_RUN = KeptWith[dict[str, pd.Series]]()
_NUMBER = re.compile(r"0*([1-9][0-9]{0,6})(?:[.,]0)?", re.ASCII)


@dataclass(frozen=True)
class Marks:
    """The marks of the runs of a library: what is asked of it once, however many sheets are looked for."""

    open: Mapping[str, str]
    known: frozenset[str]

    def run_of(self, sheet: SheetId) -> str:
        """Return the name of the run that a sheet was printed from; no run is opened for it.

        Raises
        ------
        SettingsError
            When it is none of those that the person may look at.
        """
        if sheet.mark and sheet.mark in self.open:
            return self.open[sheet.mark]
        if sheet.mark in self.known:
            raise SettingsError(
                "Lembar itu dicetak dari hasil yang belum diterbitkan. Minta perencana menerbitkannya, atau mencatat "
                "hasilnya."
            )
        raise SettingsError(
            f"Tidak ada hasil bertanda {sheet.mark} di sini: periksa lima huruf terakhir kode lembar. Bila kodenya "
            f"benar, hasil itu sudah dibuang atau dibuat di komputer lain; catat menurut baris lembar."
        )


def read_marks(library: Library, who: Person) -> Marks:
    """Return the marks of the runs that somebody may look at, of the first where two share one, and of all runs."""
    names = [name for name in dict.fromkeys((library.in_force(), *library.open_to(who))) if name]
    return Marks(
        {mark_of(library.path(name)): name for name in reversed(names)},
        frozenset(mark_of(library.path(name)) for name in library.ids()) - {""},
    )


def run_of(library: Library, sheet: SheetId, who: Person) -> str:
    """Return the name of the run that a sheet was printed from, see :meth:`Marks.run_of`."""
    return read_marks(library, who).run_of(sheet)


def mark_of(run: Path) -> str:
    """Return the mark of a run for its sheets, read from its manifest once; nothing when that does not tell."""
    return _mark(run, when_made(run))


@lru_cache(maxsize=256)
def _mark(run: Path, _: str) -> str:
    try:
        return run_mark(read_manifest(run)["facts"])
    except (KeyError, TypeError, AttributeError):
        return ""


def houses(opened: OpenedRun, sheet: SheetId, who: Person) -> pd.Series:
    """Return the households of a sheet's desa: sheet rows (values) by house number (index), in the order of numbers.

    Which sheet of the desa it is does not matter: numbers are those of the desa.

    Raises
    ------
    NotAllowed
        When the desa is not theirs.
    SettingsError
        When the run has no such desa or no numbers, or nobody counts there.
    """
    who.require_desa(sheet.kode_desa)
    if "house_number" not in opened.assessment.households:
        raise SettingsError(
            f"Hasil «{opened.id}» dibuat sebelum rumah diberi nomor. Buat lagi hasil ini dengan peta "
            f"assess, lalu cetak lembarnya."
        )
    found = _OF_RUN.get(opened, "houses", lambda: _by_desa(opened)).get(sheet.kode_desa)
    if found is None:
        raise SettingsError(f"Tidak ada rumah tangga di desa {sheet.kode_desa} dalam hasil «{opened.id}».")
    return found


def find_house(of_desa: pd.Series, number: int) -> int:
    """Return the sheet row behind a number of a desa.

    Raises
    ------
    SettingsError
        When no house there has it.
    """
    if number not in of_desa.index:
        last = told_number(int(of_desa.index[-1]))
        raise SettingsError(f"Nomor {number} tidak ada di desa itu: nomornya 1 sampai {last}.")
    return int(of_desa.loc[number])


def read_number(text: str) -> int:
    """Read a house number as somebody types it, or as a spreadsheet writes it.

    Raises
    ------
    SettingsError
        When it is none.

    Examples
    --------
    >>> read_number(" 017 "), read_number("17.0")
    (17, 17)
    """
    if not (found := _NUMBER.fullmatch(text.strip())):
        raise SettingsError("Nomor rumah ditulis sebagai bilangan, seperti di peta dan daftar lembar itu.")
    return int(found[1])


def read_outcome(text: str) -> str:
    """Read an outcome: its word, also with spaces or hyphens, or as much of its beginning as no other shares.

    Raises
    ------
    SettingsError
        When it is none, or may be several.

    Examples
    --------
    >>> read_outcome("Tidak ditemukan"), read_outcome("sudah-diperbaiki"), read_outcome("pin")
    ('tidak_ditemukan', 'sudah_diperbaiki', 'pindah')
    >>> read_outcome("s")
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: Hasil «s» dapat berarti Selesai atau Sudah diperbaiki. Tulis lebih panjang.
    """
    said = re.sub(r"[\W_]+", "_", text.casefold()).strip("_")
    meant = [word for word in OUTCOMES if said and word.startswith(said)]
    if said in OUTCOMES or len(meant) == 1:
        return said if said in OUTCOMES else meant[0]
    if meant:
        titles = " atau ".join(OUTCOMES[word] for word in meant)
        raise SettingsError(f"Hasil «{said[:20]}» dapat berarti {titles}. Tulis lebih panjang.")
    raise SettingsError(f"Hasil tidak dikenal. Pilih: {', '.join(OUTCOMES.values()).lower()}.")


def _by_desa(opened: OpenedRun) -> dict[str, pd.Series]:
    table = pd.DataFrame(opened.assessment.households[["kode_desa", "house_number", "sheet_row"]])
    table = table[table["house_number"].notna().to_numpy()].sort_values("house_number")
    rows, numbers = table["sheet_row"].to_numpy(), table["house_number"].to_numpy(dtype=np.int64)
    return {
        str(kode): pd.Series(rows[places], index=numbers[places])
        for kode, places in table.groupby("kode_desa", sort=False).indices.items()
    }

"""A list of households by the row of the sheet: that of ``peta target``, or one column from elsewhere."""

import csv
import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import SheetError, cause_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_NAMED = 5
"""So many rows that are not known stand in the message."""

_ROW, _RANK, _CHOSEN = "baris_lembar", "peringkat", "dipilih"
_WHOLE = re.compile(r"\d{1,12}(?:[.,]0)?", re.ASCII)
_YES, _NO = {"ya", "y", "1", "true", "benar"}, {"tidak", "t", "0", "false", "salah", ""}


@dataclass(frozen=True)
class ChoiceList:
    """Chosen households.

    Attributes
    ----------
    file
        Where the list stands.
    ranks
        By row of the sheet the rank that the list states; none where it states none.
    private
        The list tells who was chosen and hides the ranks, as one in which a need of health weighs.
    """

    file: Path
    ranks: dict[int, int | None]
    private: bool


def read_choice_list(file: Path) -> ChoiceList:
    """Read a list of households, in which each stands once however often its row is named.

    Needs columns: «baris lembar»; of use «dipilih» (ya or tidak; everybody, when it is missing) and «peringkat».

    Raises
    ------
    SheetError
        When it cannot be read, lacks the column, holds nobody, or a row is no number. Nothing of its cells is told.
    """
    headings, rows = _table(file)
    if _ROW not in headings:
        raise SheetError(f"Daftar {file} tidak punya kolom «baris lembar». Tulis CSV dengan judul kolom itu.")
    ranked = _RANK in headings
    found: dict[int, int | None] = {}
    for line, row in enumerate(rows, start=2):
        if not any(row.values()):
            continue
        answer = row.get(_CHOSEN, "ya").casefold()
        if answer in _NO:
            continue
        if answer not in _YES:
            raise SheetError(f"Daftar {file} baris {line}: kolom «dipilih» harus ya atau tidak.")
        found[_number(row[_ROW], file, line, "baris lembar")] = (
            _number(row[_RANK], file, line, "peringkat") if ranked else None
        )
    if not found:
        raise SheetError(f"Daftar {file} tidak memuat satu rumah tangga pun yang dipilih.")
    return ChoiceList(file, found, private=_CHOSEN in headings and not ranked)


def is_private_plan(file: Path) -> bool:
    """Tell whether a plan of ``peta visits`` hides ranks, as one does in which a need of health weighs.

    Raises
    ------
    SheetError
        When it cannot be read.
    """
    return _RANK not in _table(file)[0]


def households_of(
    choice: ChoiceList, priorities: "pd.DataFrame", households: "gpd.GeoDataFrame"
) -> "pd.DataFrame":
    """Return the households of a list with their places, and the ranks that the list states, else those of the run.

    Needs columns: ``sheet_row``, ``rank`` of the priorities; ``sheet_row``, ``kode_desa``, ``nama_desa`` of the
    households.

    Returns
    -------
    pandas.DataFrame
        ``sheet_row``, ``kode_desa``, ``nama_desa``, ``rank``; ``ranked``: whoever is not stands after the others.

    Raises
    ------
    SheetError
        When the list names rows that do not count in the run.
    """
    import pandas as pd  # noqa: PLC0415  -- heavy

    from geo.symbology import number  # noqa: PLC0415

    rows = pd.Index([*choice.ranks])
    strange = rows.difference(households["sheet_row"])
    if len(strange):
        named = ", ".join(str(row) for row in strange[:_NAMED]) + (", ..." if len(strange) > _NAMED else "")
        raise SheetError(
            f"Daftar {choice.file} menyebut {number(len(strange))} baris lembar yang tidak dihitung dalam hasil itu: "
            f"{named}. Periksa apakah daftar dan hasil dari lembar yang sama."
        )
    found = pd.DataFrame(households[["sheet_row", "kode_desa", "nama_desa"]])
    found = found[found["sheet_row"].isin(rows)].drop_duplicates("sheet_row").reset_index(drop=True)
    stated = pd.Series(choice.ranks, dtype="Int64")
    ranks = stated if stated.notna().any() else priorities.set_index("sheet_row")["rank"]
    rank = found["sheet_row"].map(ranks).astype("Int64")
    last = int(ranks.max()) if len(ranks) else 0
    return found.assign(ranked=rank.notna(), rank=rank.fillna(last + 1).astype("int64"))


def _table(file: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the headings, in small letters and joined by _, and the rows as texts."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        first = text.partition("\n")[0]
        separator = max(";,\t", key=first.count)
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except OSError as fault:
        raise SheetError(f"Daftar {file} tidak dapat dibaca: {cause_of(fault)}.") from fault
    except (UnicodeDecodeError, csv.Error) as fault:
        raise SheetError(f"Daftar {file} bukan CSV. Simpan lembarnya sebagai CSV (UTF-8).") from fault
    headings = [re.sub(r"\W+", "_", heading.strip().casefold()) for heading in (lines or [[]])[0]]
    cells = ([cell.strip() for cell in line] + [""] * len(headings) for line in lines[1:])
    return headings, [dict(zip(headings, line, strict=False)) for line in cells]


def _number(text: str, file: Path, line: int, column: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise SheetError(f"Daftar {file} baris {line}: kolom «{column}» harus bilangan bulat.")
    return int(re.split(r"[.,]", text)[0])

"""The command that sets two definitions of RTLH side by side, on a finished run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.console import shown
from app.csv_output import write_csv
from app.finished_run import reading, take_run

if TYPE_CHECKING:
    import pandas as pd

_MOST = 10
_SIDES = {"need": "RTLH", "fit": "bukan RTLH", "unknown": "tidak diketahui"}
_TITLES = {
    "kode_desa": "kode_desa",
    "nama_desa": "desa",
    "kode_kecamatan": "kode_kecamatan",
    "nama_kecamatan": "kecamatan",
    "first": "definisi_pertama",
    "second": "definisi_kedua",
    "households": "rumah_tangga",
}


def compare(
    run: Annotated[Path, typer.Argument(metavar="HASIL", help="Folder hasil.")],
    second: Annotated[
        str, typer.Option("--with", metavar="DEFINISI", help="Definisi kedua, misalnya sepakat.")
    ],
    rtlh: Annotated[
        str, typer.Option(metavar="DEFINISI", help="Definisi pertama; bila kosong, yang dipakai hasil itu.")
    ] = "",
    out: Annotated[Path | None, typer.Option(metavar="BERKAS", help="CSV angka tiap desa.")] = None,
) -> None:
    """Bandingkan dua definisi RTLH: berapa rumah tangga berpindah sisi, ke mana, dan di desa mana."""
    compare_definitions(run, rtlh, second, out, shown)


def compare_definitions(run: Path, first: str, second: str, out: Path | None, console: Console) -> None:
    """Print how many houses change sides between two definitions, which way and where, and write it by desa.

    Parameters
    ----------
    run
        Folder of a run, or one that holds several: the newest is taken.
    first
        Name of a definition; the one that the run was made with, when empty.
    second
        Name of the other.
    out
        CSV to write, if any.

    Raises
    ------
    SettingsError
        When a definition does not exist, or both are one.
    NoRun
        When the folder holds no run, or one without what the definitions ask for.
    NotWritable
        When the CSV cannot be written.
    """
    from geo import comparison  # noqa: PLC0415  -- heavy
    from geo.errors import SettingsError  # noqa: PLC0415
    from geo.files import require_file  # noqa: PLC0415
    from geo.indicators.rtlh import profile_of  # noqa: PLC0415
    from geo.runs import read_manifest  # noqa: PLC0415

    if out is not None:
        require_file(out, what="Perbandingan")
    folder = take_run(run, console)
    chosen = first or read_manifest(folder)["facts"]["settings"]["indicators"]["rtlh_profile"]
    one, other = profile_of(chosen), profile_of(second)
    if one == other:
        raise SettingsError(
            f"Kedua definisi sama: {one.name}. Sebut dua yang berlainan dengan --rtlh dan --with."
        )
    households = _read(
        folder, "households", ["kode_desa", "counts", "zone_urban", *sorted({*one.columns, *other.columns})]
    )
    desa = _read(folder, "desa", ["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan"])
    table = comparison.compare(households[households["counts"].to_numpy(bool)], desa, one.name, other.name)
    for name, profile in (("Pertama", one), ("Kedua", other)):
        console.print(f"{name}: {profile.label}. {profile.definition} Sumber: {profile.source}.")
    for part in _told(table):
        console.print(part)
    for nth, profile in enumerate((one, other)):
        if _says_nothing(table, nth):
            console.print(
                f"Catatan: menurut {profile.label} tidak satu rumah tangga pun dapat dinilai; lembarnya tidak memuat "
                f"yang ditanya definisi itu."
            )
    if out is not None:
        write_csv(_titled(table), out, what="Perbandingan")
        console.print(f"Angka tiap desa ditulis ke {out}.")


def _read(folder: Path, table: str, columns: Sequence[str]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415  -- heavy

    with reading(folder, "rusak, atau dari versi yang belum menyimpan kolom yang ditanya definisi itu"):
        return pd.read_parquet(folder / f"{table}.parquet", columns=list(columns))


def _told(table: "pd.DataFrame") -> list[object]:
    """Say what the table holds: the nine cells, who changes sides, and where most do."""
    from rich.table import Table  # noqa: PLC0415  -- only when it is needed

    from geo.comparison import CELLS, changed  # noqa: PLC0415  -- heavy
    from geo.symbology import number  # noqa: PLC0415

    total = table[list(CELLS)].sum()
    cells = Table(title="Rumah tangga menurut kedua definisi", title_justify="left")
    cells.add_column("pertama \\ kedua")
    for title in _SIDES.values():
        cells.add_column(title, justify="right")
    for side, title in _SIDES.items():
        cells.add_row(title, *(number(int(total[f"{side}_{other}"])) for other in _SIDES))
    moving = int(changed(table).sum())
    counted = number(int(table["households"].sum()))
    summary = (
        f"{number(moving)} dari {counted} rumah tangga berpindah sisi: {number(int(total['fit_need']))} menjadi RTLH, "
        f"{number(int(total['need_fit']))} tidak lagi."
    )
    told: list[object] = [cells, summary]
    most = table.assign(moving=changed(table)).nlargest(_MOST, "moving", keep="first")
    most = most[most["moving"] > 0]
    if most.empty:
        return told
    where = Table(title="Desa dengan perpindahan terbanyak", title_justify="left")
    where.add_column("Desa", overflow="fold")
    where.add_column("Kecamatan", overflow="fold")
    for title in ("berpindah", "menjadi RTLH", "tidak lagi", "rumah tangga"):
        where.add_column(title, justify="right")
    for row in most.to_dict("records"):
        figures = (row["moving"], row["fit_need"], row["need_fit"], row["households"])
        place = (str(row[name]) if row[name] == row[name] else "" for name in ("nama_desa", "nama_kecamatan"))
        where.add_row(*place, *map(number, figures))
    return [*told, where]


def _says_nothing(table: "pd.DataFrame", nth: int) -> bool:
    from geo.comparison import CELLS  # noqa: PLC0415  -- heavy

    known = [cell for cell in CELLS if cell.split("_")[nth] != "unknown"]
    return bool(table["households"].sum()) and not table[known].to_numpy().any()


def _titled(table: "pd.DataFrame") -> "pd.DataFrame":
    words = {side: title.lower().replace(" ", "_") for side, title in _SIDES.items()}
    cells = {f"{one}_{other}": f"{words[one]}_lalu_{words[other]}" for one in _SIDES for other in _SIDES}
    return table.rename(columns=_TITLES | cells)

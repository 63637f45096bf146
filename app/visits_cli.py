"""The command that plans visits for a finished run."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from app.choice_list import households_of, read_choice_list
from app.console import aside
from app.csv_output import HEALTH, YES_NO, write_csv
from app.finished_run import reading, take_run
from app.wishes import changed
from geo.errors import SettingsError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo.settings import VisitSettings
    from geo.visits import VisitPlan

_TITLES = {
    "team": "regu",
    "day": "hari",
    "order": "urutan",
    "sheet_row": "baris_lembar",
    "rank": "peringkat",
    "kode_desa": "kode_desa",
    "nama_desa": "desa",
    "has_position": "ada_titik",
    "travel_minutes": "menit_jalan",
    "report_minutes": "menit_lapor_desa",
    "start_minute": "mulai_menit_ke",
    "visit_minutes": "menit_kunjungan",
    "return_minutes": "menit_pulang",
    "reason": "tidak_dikunjungi_karena",
}
ADDRESS = ("dusun", "rt", "rw", "alamat")
"""Where a door is said to be; only who knocks at it receives them."""

_OPTIONS = {"teams": "--teams", "days": "--days", "minutes_a_visit": "--minutes", "starts": "--start"}


def visits(
    run: Annotated[Path, typer.Argument(metavar="HASIL", help="Folder hasil.")],
    out: Annotated[Path, typer.Option(metavar="BERKAS", help="CSV rencana kunjungan.")],
    list_: Annotated[
        Path | None,
        typer.Option(
            "--list",
            metavar="BERKAS",
            help="CSV dari peta target, atau daftar dengan kolom «baris lembar»; bawaannya pilihan hasil itu.",
        ),
    ] = None,
    teams: Annotated[int | None, typer.Option(min=1, max=100, help="Banyaknya regu.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=366, help="Banyaknya hari.")] = None,
    minutes: Annotated[float | None, typer.Option(metavar="MENIT", help="Lama satu kunjungan.")] = None,
    start: Annotated[
        list[str] | None,
        typer.Option(metavar="BUJUR,LINTANG", help="Tempat mulai; satu untuk semua, atau satu tiap regu."),
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(metavar="BERKAS", help="Setelan (TOML); bila kosong, setelan hasil itu."),
    ] = None,
    addresses: Annotated[
        bool, typer.Option("--addresses", help="Sertakan dusun, RT, RW, dan alamat; hanya untuk regunya.")
    ] = False,
) -> None:
    """Bagi rumah tangga terpilih menjadi hari kerja regu, desa demi desa, dan sebut siapa yang tidak terkunjungi.

    Yang tidak disebut di sini diambil dari setelan. CSV tidak memuat nama atau letak rumah, dan alamat hanya dengan
    --addresses.
    """
    asked: dict[str, object] = {"teams": teams, "days": days, "minutes_a_visit": minutes}
    if start:
        asked["starts"] = tuple(_start(text) for text in start)
    given = {name: value for name, value in asked.items() if value is not None}
    write_visits(run, out, list_, given, settings, aside, addresses=addresses)


def write_visits(
    run: Path,
    out: Path,
    listed: Path | None,
    asked: Mapping[str, object],
    settings: Path | None,
    console: Console,
    *,
    addresses: bool = False,
) -> None:
    """Plan the visits of a run and write them as a CSV that names nobody; who is left out stands at its end.

    Parameters
    ----------
    run
        Folder of a run, or one that holds several: the newest is taken.
    out
        CSV to write.
    listed
        Whom to visit, see :func:`app.choice_list.read_choice_list`; else those whom the run chose.
    asked
        Settings of the visits that the command line states.
    settings
        TOML; without one, those of the run hold, save files and the router, which a run does not tell.
    addresses
        Also write where each door is said to be, into a file that its owner alone may read.

    Raises
    ------
    SettingsError, LayerError
        When what is asked for cannot be used.
    SheetError
        When the list cannot be used.
    NoRun
        When the folder holds no run.
    NotWritable
        When the CSV cannot be written.
    """
    from geo.crs import measuring_crs  # noqa: PLC0415  -- heavy, as all of these
    from geo.files import require_file  # noqa: PLC0415
    from geo.runs import read_manifest  # noqa: PLC0415
    from geo.targeting import weighs_in  # noqa: PLC0415
    from geo.visits import plan_visits  # noqa: PLC0415

    require_file(out, what="Rencana")
    folder = take_run(run, console)
    stated = read_manifest(folder)["facts"].get("settings", {}).get("visits", {})
    chosen_by = _settings(stated, settings, asked)
    choice = None if listed is None else read_choice_list(listed)
    priorities, households, desa = _tables(folder)
    if choice is not None:
        chosen = households_of(choice, priorities, households)
    else:
        chosen = priorities[priorities["chosen"].astype("bool")] if "chosen" in priorities else priorities
    plan = plan_visits(chosen, households, desa, measuring_crs(tuple(desa.total_bounds)), chosen_by)
    private = weighs_in(priorities)
    private = private or (choice is not None and choice.private)
    doors = households.set_index("sheet_row")[[*ADDRESS]] if addresses else None
    _write(plan, chosen, out, doors, private=private)
    _tell(plan, chosen_by, console)
    if settings is None and (stated.get("dem") or stated.get("router") is True):
        console.print(
            "Catatan: hasil itu dibuat dengan lereng atau penghitung rute; beri --settings agar keduanya dipakai lagi."
        )
    if private:
        console.print(HEALTH)
    if addresses:
        console.print("Berkas ini memuat alamat: hanya untuk regu yang berkunjung, lalu dihapus.")
    console.print(f"Rencana: {out}")


def _settings(stated: Mapping[str, Any], file: Path | None, asked: Mapping[str, object]) -> "VisitSettings":
    """Return what holds: what was asked for, else what the file says, else what the run was made with."""
    from geo.settings import VisitSettings, read_settings  # noqa: PLC0415

    if file is not None:
        return changed(read_settings(file).visits, asked, _OPTIONS)
    # a run names its files without their folders, and tells no address
    held = {
        name: stated[name] for name in VisitSettings.model_fields.keys() - {"dem", "router"} if name in stated
    }
    return changed(VisitSettings(), held | dict(asked), _OPTIONS)


def _start(text: str) -> tuple[float, float]:
    """Read a start place.

    Examples
    --------
    >>> _start("109.66,-6.89")
    (109.66, -6.89)
    """
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError as fault:
        raise SettingsError(
            "--start ditulis bujur,lintang dalam derajat dengan titik desimal, misalnya 109.66,-6.89."
        ) from fault
    return lon, lat


def _tables(folder: Path) -> "tuple[pd.DataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]":
    """Read of a run what a plan needs: the list, the households that count, and the desa."""
    import geopandas as gpd  # noqa: PLC0415  -- heavy
    import pandas as pd  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    wanted = (
        "sheet_row",
        "counts",
        "kode_desa",
        "nama_desa",
        *ADDRESS,
        "reference_lon",
        "reference_lat",
        "geometry",
    )
    with reading(folder):
        there = {*parquet.read_schema(folder / "households.parquet").names}
        households = gpd.read_parquet(
            folder / "households.parquet", columns=[name for name in wanted if name in there]
        )
        return (
            pd.read_parquet(folder / "priorities.parquet"),
            households[households["counts"].to_numpy(bool)],
            gpd.read_parquet(folder / "desa.parquet", columns=["kode_desa", "nama_desa", "geometry"]),
        )


def _tell(plan: "VisitPlan", chosen_by: "VisitSettings", console: Console) -> None:
    from geo.symbology import number  # noqa: PLC0415  -- heavy

    facts = plan.facts
    console.print(
        f"{number(facts['planned'])} kunjungan dalam {number(facts['team_days'])} hari regu ({chosen_by.teams} regu, "
        f"{chosen_by.days} hari), rata-rata {number(facts['mean_day_minutes'])} menit sehari."
    )
    for reason, count in facts["reasons"].items():
        console.print(f"{number(count)} rumah tangga tidak dikunjungi: {reason}.")
    for sentence in facts["assumptions"]:
        console.print(sentence)


def _write(
    plan: "VisitPlan", chosen: "pd.DataFrame", out: Path, doors: "pd.DataFrame | None", *, private: bool
) -> None:
    import pandas as pd  # noqa: PLC0415  -- heavy

    from geo.privacy import PERSONAL  # noqa: PLC0415

    about = chosen.set_index("sheet_row")
    left_out = plan.left_out.assign(nama_desa=plan.left_out["sheet_row"].map(about["nama_desa"]))
    left_out = left_out.sort_values("sheet_row") if private else left_out
    table = pd.concat([plan.visits, left_out], ignore_index=True)
    table = table.reindex(columns=[name for name in _TITLES if name not in PERSONAL])
    table["has_position"] = table["has_position"].map(YES_NO)
    for name in table.select_dtypes("number").columns:
        table[name] = table[name].round().astype("Int64")
    if "ranked" in about:
        table["rank"] = table["rank"].where(table["sheet_row"].map(about["ranked"]))
    table = table.drop(columns="rank") if private else table
    if doors is not None:
        table = table.join(doors, on="sheet_row")
    write_csv(table.rename(columns=_TITLES), out, what="Rencana", private=private or doors is not None)

"""The command that plans visits for a finished run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

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
_ALIVE = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet program takes a cell that begins so for a formula."""

_YES_NO = {True: "ya", False: "tidak"}


def write_visits(
    run: Path,
    out: Path,
    *,
    teams: int | None,
    days: int | None,
    minutes: float | None,
    starts: Sequence[str],
    settings: Path | None,
    console: Console,
) -> None:
    """Plan the visits of a run and write them as a CSV that names nobody; who is left out stands at its end.

    Parameters
    ----------
    run
        Folder of a run, or one that holds several: the newest is taken.
    out
        CSV to write.
    teams, days, minutes, starts
        Number of teams and days, minutes a visit, start places as ``bujur,lintang``; what is not given is taken from
        the settings.
    settings
        TOML; without one, those of the run hold, save files and the router, which a run does not tell.

    Raises
    ------
    SettingsError, LayerError
        When what is asked for cannot be used.
    NoRun
        When the folder holds no run.
    NotWritable
        When the CSV cannot be written.
    """
    from geo.crs import measuring_crs  # noqa: PLC0415  -- heavy, as all of these
    from geo.runs import newest_run, read_manifest  # noqa: PLC0415
    from geo.symbology import number  # noqa: PLC0415
    from geo.visits import check_visit_settings, plan_visits  # noqa: PLC0415

    folder = newest_run(run)
    stated = read_manifest(folder)["facts"].get("settings", {}).get("visits", {})
    asked = _settings(stated, settings, teams, days, minutes, starts)
    check_visit_settings(asked)
    priorities, households, desa = _tables(folder)
    chosen = priorities[priorities["chosen"].astype("bool")] if "chosen" in priorities else priorities
    plan = plan_visits(chosen, households, desa, measuring_crs(tuple(desa.total_bounds)), asked)
    _write(plan, out)
    facts = plan.facts
    console.print(
        f"{number(facts['planned'])} kunjungan dalam {number(facts['team_days'])} hari regu ({asked.teams} regu, "
        f"{asked.days} hari), rata-rata {number(facts['mean_day_minutes'])} menit sehari."
    )
    for reason, count in facts["reasons"].items():
        console.print(f"{number(count)} rumah tangga tidak dikunjungi: {reason}.")
    for sentence in facts["assumptions"]:
        console.print(sentence)
    if settings is None and (stated.get("dem") or stated.get("router") is True):
        console.print(
            "Catatan: hasil itu dibuat dengan lereng atau penghitung rute; beri --settings agar keduanya dipakai lagi."
        )
    console.print(f"Rencana: {out}")


def _settings(
    stated: Mapping[str, Any],
    file: Path | None,
    teams: int | None,
    days: int | None,
    minutes: float | None,
    starts: Sequence[str],
) -> "VisitSettings":
    """Return what holds: what was asked for, else what the file says, else what the run was made with."""
    from pydantic import ValidationError  # noqa: PLC0415  -- heavy

    from geo.errors import SettingsError  # noqa: PLC0415
    from geo.settings import VisitSettings, read_settings  # noqa: PLC0415

    if file is not None:
        held = read_settings(file).visits.model_dump()
    else:
        # a run names its files without their folders, and tells no address
        held = {
            name: stated[name]
            for name in VisitSettings.model_fields.keys() - {"dem", "router"}
            if name in stated
        }
    asked = {
        "teams": teams,
        "days": days,
        "minutes_a_visit": minutes,
        "starts": tuple(_start(text) for text in starts) or None,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    try:
        return VisitSettings.model_validate(held | given)
    except ValidationError as fault:
        where = ".".join(str(part) for part in fault.errors()[0]["loc"])
        raise SettingsError(
            f"Rencana kunjungan tidak dapat dibuat: «visits.{where}» di luar batas."
        ) from fault


def _start(text: str) -> tuple[float, float]:
    """Read a start place.

    Examples
    --------
    >>> _start("109.66,-6.89")
    (109.66, -6.89)
    """
    from geo.errors import SettingsError  # noqa: PLC0415  -- heavy

    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError as fault:
        raise SettingsError(
            "--start ditulis bujur,lintang dalam derajat dengan titik desimal, misalnya 109.66,-6.89."
        ) from fault
    return lon, lat


def _tables(folder: Path) -> "tuple[pd.DataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]":
    """Read of a run what a plan needs."""
    import geopandas as gpd  # noqa: PLC0415  -- heavy
    import pandas as pd  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    from geo.errors import NoRun  # noqa: PLC0415

    try:
        there = {*parquet.read_schema(folder / "households.parquet").names}
        wanted = ["sheet_row", "kode_desa", "dusun", "reference_lon", "reference_lat", "geometry"]
        return (
            pd.read_parquet(folder / "priorities.parquet"),
            gpd.read_parquet(
                folder / "households.parquet", columns=[name for name in wanted if name in there]
            ),
            gpd.read_parquet(folder / "desa.parquet", columns=["kode_desa", "nama_desa", "geometry"]),
        )
    except (OSError, ValueError, KeyError) as fault:
        raise NoRun(
            f"Hasil di {folder} tidak lengkap atau rusak. Jalankan kembali peta assess untuk folder itu."
        ) from fault


def _write(plan: "VisitPlan", out: Path) -> None:
    import pandas as pd  # noqa: PLC0415  -- heavy

    from geo.files import write_whole  # noqa: PLC0415
    from geo.privacy import PERSONAL  # noqa: PLC0415

    table = pd.concat([plan.visits, plan.left_out], ignore_index=True)
    kept = [name for name in _TITLES if name not in PERSONAL]
    table = table.reindex(columns=kept)
    table["has_position"] = table["has_position"].map(_YES_NO)
    table["reason"] = table["reason"].fillna("")
    for name in table.select_dtypes("number").columns:
        table[name] = table[name].round().astype("Int64")
    for name in ("kode_desa", "nama_desa"):
        text = table[name].astype("str").fillna("")
        table[name] = text.where(~text.str.startswith(_ALIVE), "'" + text)
    write_whole(
        out, table.rename(columns=_TITLES).to_csv(index=False, sep=";"), what="Rencana", encoding="utf-8-sig"
    )

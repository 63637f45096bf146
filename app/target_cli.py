"""The command that chooses households anew on a finished run: other weights, other money, other quotas."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.console import shown
from app.csv_output import HEALTH, YES_NO, printable, write_csv
from app.finished_run import take_run
from app.wishes import Wishes
from geo.errors import SettingsError

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from geo.targeting import Selection

_TITLES = {
    "rank": "peringkat",
    "sheet_row": "baris_lembar",
    "kode_desa": "kode_desa",
    "nama_desa": "desa",
    "nama_kecamatan": "kecamatan",
    "score": "skor",
    "part_rtlh": "skor_rtlh",
    "part_jamban": "skor_jamban",
    "part_desil": "skor_desil",
    "part_members": "skor_anggota",
    "part_cluster": "skor_kantong",
    "part_hot_spot": "skor_panas",
    "part_gap": "skor_kekurangan",
    "why": "alasan",
    "has_position": "ada_titik",
    "rank_low": "rentang_peringkat_dari",
    "rank_high": "rentang_peringkat_sampai",
    "top_share": "sering_teratas",
    "chosen": "dipilih",
    "cost": "biaya",
}
_TELLING = ("rank", "score", "part_", "top_share")
"""Columns that begin so tell the place of a household, and with it a need that weighs."""


def target(
    run: Annotated[Path, typer.Argument(metavar="HASIL", help="Folder hasil.")],
    number: Annotated[int | None, typer.Option(min=1, help="Paling banyak sekian rumah tangga.")] = None,
    budget: Annotated[
        str, typer.Option(metavar="RUPIAH", help="Anggaran; tanpa --number sebanyak yang cukup.")
    ] = "",
    unit_cost: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEBUTUHAN=RUPIAH",
            help="Biaya tiap kebutuhan (rtlh, jamban, jamban_sendiri, babs), misalnya rtlh=20000000; boleh diulang.",
        ),
    ] = None,
    quota: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KUOTA",
            help='Misalnya "zona:coastal:pesisir>=20", "kecamatan:33.26.09>=10%", "desa:33.26.09.2001<=5", '
            '"kelompok:pesisir<=30"; boleh diulang. Zona: urban:perkotaan, coastal:pesisir, "coastal:dekat pantai", '
            '"forest_edge:di dalam", "forest_edge:di tepi", "forest_edge:tepi hutan (proksi)", dan luar pada tiap '
            "lapisan. Kelompok bawaan: pesisir, tepi_hutan, miskin_perkotaan.",
        ),
    ] = None,
    least_a_desa: Annotated[
        int | None, typer.Option(min=1, help="Desa yang dipilih mendapat paling sedikit sekian.")
    ] = None,
    of: Annotated[
        str,
        typer.Option(metavar="KEBUTUHAN", help="Hanya yang kebutuhannya rtlh, jamban, jamban_sendiri, babs."),
    ] = "",
    weight: Annotated[
        list[str] | None,
        typer.Option(
            metavar="BAGIAN=BOBOT",
            help="Bobot skor, misalnya rtlh=3; boleh diulang. Bagian: rtlh, jamban, desil, members (anggota keluarga), "
            "cluster (kantong), hot_spot (desa panas atau lingkaran), gap (kekurangan jamban desa), penyakit_kronis, "
            "disabilitas.",
        ),
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Setelan (TOML); bawaannya setelan hasil itu.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="BERKAS", help="CSV daftar dan pilihan, tanpa nama orang; peta visits --list membacanya."
        ),
    ] = None,
) -> None:
    """Pilih rumah tangga dari satu hasil: jumlah skor terbesar yang dimungkinkan anggaran dan kuota.

    Pilihannya tepat, bukan kira-kira. Tertulis pula harga tiap kuota, dan seberapa kokoh tiap peringkat bila bobot
    digeser. Kuota yang tidak dapat dipenuhi dijelaskan, tidak dilonggarkan. Hasil itu sendiri tidak diubah.
    """  # fmt: skip
    wishes = Wishes(number, budget, unit_cost or (), quota or (), least_a_desa, of, weight or ())
    choose_anew(run, wishes, settings, out, shown)


def choose_anew(run: Path, wishes: Wishes, settings: Path | None, out: Path | None, console: Console) -> None:
    """Rank and choose the households of a run, print the choice and what the quotas cost, and write it as a CSV.

    Parameters
    ----------
    run
        Folder of a run, or one that holds several: the newest is taken. Nothing in it is changed.
    wishes
        What stands on the command line.
    settings
        A settings file, whose sections ``targeting`` and ``selection`` then stand in for those of the run.
    out
        CSV to write, if any: everybody who is listed, nobody by name.

    Raises
    ------
    SettingsError
        When a weight, a cost or a quota names what does not exist, or what is asked cannot be met: it says why.
    NoRun
        When the folder holds no run.
    NotWritable
        When the CSV cannot be written.
    """
    from app.choosing import solve, stored_settings  # noqa: PLC0415  -- heavy, as all of these
    from geo.files import require_file  # noqa: PLC0415
    from geo.runs import open_run  # noqa: PLC0415
    from geo.settings import read_settings  # noqa: PLC0415

    if out is not None:
        require_file(out, what="Pilihan")
    assessment = open_run(take_run(run, console))
    if settings is None:
        weights, selection, seed = stored_settings(assessment.facts)
    else:
        given = read_settings(settings)
        weights, selection, seed = given.targeting, given.selection, given.seed
    listed, choice = solve(assessment, wishes.weighted(weights), wishes.chosen_by(selection), seed)
    if not choice.facts["met"]:
        raise SettingsError(" ".join(dict.fromkeys([*choice.facts["notes"], *choice.facts["why_not"]])))
    for note in choice.facts["notes"]:
        console.print(note)
    console.print(_shares(choice.equity))
    if out is not None:
        _write(listed, choice, out, console)


def _shares(equity: "pd.DataFrame") -> "Table":
    from rich.table import Table  # noqa: PLC0415  -- only when it is needed

    from geo.symbology import number  # noqa: PLC0415  -- heavy
    from geo.targeting import KINDS  # noqa: PLC0415

    table = Table(
        title="Pemerataan: calon, pilihan menurut peringkat saja, dan pilihan ini",
        caption="Nisbah: bagian dari yang dipilih dibanding bagian dari calon; 1,00 = sebanding dengan kebutuhan.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("Menurut", overflow="fold")
    for title in ("calon", "peringkat saja", "dipilih", "nisbah"):
        table.add_column(title, justify="right", no_wrap=True)
    for kind, rows in equity.groupby("kind", sort=False):
        table.add_row(KINDS.get(str(kind), str(kind)).upper())
        for row in rows.to_dict("records"):
            figures = (number(row[name]) for name in ("candidates", "alone", "chosen"))
            table.add_row(f"  {printable(row['title'])}", *figures, number(row["ratio"], 2))
        table.add_section()
    return table


def _write(listed: "pd.DataFrame", choice: "Selection", out: Path, console: Console) -> None:
    """Write everybody who is listed, without a column that gives away a sensitive need."""
    from geo.symbology import number  # noqa: PLC0415  -- heavy
    from geo.targeting import weighs_in  # noqa: PLC0415

    cost = listed["sheet_row"].map(choice.chosen.set_index("sheet_row")["cost"])
    is_priced = bool(choice.facts["asked"]["unit_costs"])
    table = listed.assign(
        has_position=listed["has_position"].map(YES_NO),
        chosen=cost.notna().map(YES_NO),
        cost=cost if is_priced else None,
    )
    private = weighs_in(table)
    if private:
        table = table.drop(columns=[name for name in table if str(name).startswith(_TELLING)])
        table = table.sort_values("sheet_row")
        console.print(HEALTH)
    write_csv(table.round(6).rename(columns=_TITLES), out, what="Pilihan", private=private)
    console.print(f"Daftar {number(len(listed))} rumah tangga ditulis ke {out}.")

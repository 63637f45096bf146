"""The command that prints the field teams' book of a finished run, and single sheets of a book again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.choice_list import is_private_plan, read_choice_list
from app.console import aside, counting
from app.csv_output import HEALTH_OF_BOOK, write_csv
from app.finished_run import take_run
from geo.errors import SettingsError, SheetError

if TYPE_CHECKING:
    import pandas as pd

    from geo.assessment import Assessment
    from geo.atlas.options import Printed
    from geo.atlas.selection import Selection

_PLAN = {"regu": "team", "hari": "day", "urutan": "order", "baris_lembar": "sheet_row"}
"""What a plan of ``peta visits`` says of each visit."""

_TIMES = {"mulai_menit_ke": "start_minute", "menit_jalan": "travel_minutes"}
"""What it may say besides, for the cover."""

FORM = ("lembar", "nomor", "petak", "kode_desa", "hasil", "tanggal", "catatan")
"""The headings of the table for the evening; the last three are filled in."""

_KANTONG = re.compile(r"[Kk]?(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class _Wanted:
    """Whom the book is for, as the command line says."""

    desa: Sequence[str]
    kecamatan: Sequence[str]
    kantong: Sequence[str]
    list: Path | None
    team: int | None
    day: int | None


def atlas(
    run: Annotated[
        Path | None, typer.Argument(metavar="[HASIL]", help="Folder hasil; tidak perlu untuk --reprint.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="BERKAS", help="PDF yang ditulis.")] = None,
    desa: Annotated[
        list[str] | None, typer.Option(metavar="DESA", help="Kode atau nama desa; boleh berulang.")
    ] = None,
    kecamatan: Annotated[
        list[str] | None, typer.Option(metavar="KECAMATAN", help="Kode atau nama kecamatan; boleh berulang.")
    ] = None,
    kantong: Annotated[
        list[str] | None, typer.Option(metavar="KANTONG", help="Kantong, misalnya K3; boleh berulang.")
    ] = None,
    list_: Annotated[
        Path | None,
        typer.Option(
            "--list",
            metavar="BERKAS",
            help="Daftar rumah tangga: CSV dari peta target atau peta visits, atau berkolom «baris lembar».",
        ),
    ] = None,
    team: Annotated[
        int | None, typer.Option(min=1, help="Kunjungan regu ini, dari --list atau dari rencana hasil itu.")
    ] = None,
    day: Annotated[
        int | None, typer.Option(min=1, help="Kunjungan pada hari rencana ini; dengan --team.")
    ] = None,
    paper: Annotated[
        str, typer.Option(metavar="KERTAS", help="A4, F4, atau A3; bawaannya setelan hasil.")
    ] = "",
    purpose: Annotated[str, typer.Option(metavar="TEKS", help="Tujuan, untuk sampul.")] = "",
    without_names: Annotated[
        bool, typer.Option("--without-names", help="Tanpa nama dan alamat; kolomnya menjadi ruang catatan.")
    ] = False,
    gpx: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Juga titik rumah untuk GPS (GPX).")
    ] = None,
    kml: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Juga titik rumah untuk peta ponsel (KML).")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Juga tabel isian untuk peta outcome --csv.")
    ] = None,
    roads: Annotated[Path | None, typer.Option(metavar="BERKAS", help="Garis jalan milik daerah.")] = None,
    rivers: Annotated[Path | None, typer.Option(metavar="BERKAS", help="Garis sungai milik daerah.")] = None,
    reprint: Annotated[
        Path | None, typer.Option(metavar="BUKU", help="Cetak ulang lembar dari buku ini; dengan --sheet.")
    ] = None,
    sheet: Annotated[
        list[str] | None, typer.Option(metavar="LEMBAR", help="Lembar yang dicetak ulang; boleh berulang.")
    ] = None,
) -> None:
    """Cetak buku peta untuk regu: sampul, peta indeks, lembar peta, dan daftar setiap rumah tangganya.

    Tanpa pilihan: seluruh daerah. Daftar, kantong, atau regu boleh dipersempit dengan --desa dan --kecamatan. Nomor
    rumah sama di setiap buku dari hasil yang sama.
    """
    if out is None:
        raise SettingsError("Sebut berkas yang ditulis, misalnya --out buku.pdf.")
    wanted = _Wanted(desa or (), kecamatan or (), kantong or (), list_, team, day)
    if reprint is not None or sheet:
        if reprint is None or not sheet or run is not None or any(vars(wanted).values()):
            raise SettingsError(
                "Cetak ulang ditulis: peta atlas --reprint BUKU.pdf --sheet LEMBAR --out BERKAS.pdf."
            )
        _reprint(reprint, sheet, out)
        return
    if run is None:
        raise SettingsError("Sebut folder hasil, misalnya: peta atlas out/demo/hasil --out buku.pdf.")
    print_book(
        run,
        out,
        wanted,
        paper,
        purpose,
        names=not without_names,
        beside={"gpx": gpx, "kml": kml, "csv": csv},
        lines=(roads, rivers),
    )


def print_book(
    run: Path,
    out: Path,
    wanted: _Wanted,
    paper: str,
    purpose: str,
    *,
    names: bool,
    beside: dict[str, Path | None],
    lines: tuple[Path | None, Path | None],
) -> None:
    """Write a book and what goes with it, and say what came of it.

    Parameters
    ----------
    run
        Folder of a run, or one that holds several: the newest is taken.
    wanted
        Whom it is for.
    paper
        Empty: as the settings of the run say.
    names
        Whether its lists tell names and addresses.
    beside
        Where waypoints (``gpx``, ``kml``) and the table for the evening (``csv``) go, if anywhere.
    lines
        Files of roads and rivers, if any.

    Raises
    ------
    SettingsError, SheetError, LayerError
        When what is asked for does not exist or cannot be used.
    NoRun
        When the folder holds no run.
    NotWritable
        When a file cannot be written.
    """
    from geo.atlas import write_book  # noqa: PLC0415  -- heavy, as all of these
    from geo.atlas.options import BookOptions  # noqa: PLC0415
    from geo.atlas.sheet.lines import read_lines  # noqa: PLC0415
    from geo.files import require_file  # noqa: PLC0415
    from geo.review.decisions import masked, one_line  # noqa: PLC0415
    from geo.runs import open_run  # noqa: PLC0415
    from geo.settings import AtlasSettings  # noqa: PLC0415

    for path in (out, *beside.values()):
        if path is not None:
            require_file(path, what="Buku peta")
    with aside.status("Membuka hasil ..."):
        assessment = open_run(take_run(run, aside))
        selection = select(assessment, wanted)
        by_health = chosen_by_health(assessment, wanted)
        assessment = without_health(assessment, needs=not by_health)
        drawn = read_lines(AtlasSettings(roads=lines[0], rivers=lines[1]), assessment.desa)
    stated = str(assessment.facts.get("settings", {}).get("paper", "A4"))
    options = BookOptions(paper=paper or stated, names=names, purpose=masked(one_line(purpose)))
    with counting("Mencetak buku") as told:
        printed = write_book(assessment, selection, out, options, lines=drawn, progress=told)
    out.chmod(0o600)  # where each house stands and what it lacks, with or without names
    if by_health:
        aside.print(HEALTH_OF_BOOK)
    _write_beside(assessment, selection, printed, beside)
    _tell(printed, out, selection.title, names=names, whole=selection.rows is None)


def select(assessment: "Assessment", wanted: _Wanted) -> "Selection":
    """Return the selection that the command line asks for; households first, then narrowed to the areas.

    Raises
    ------
    SettingsError, SheetError
        When something does not exist, nobody is left, or two ways of choosing households are given.
    """
    from geo.atlas.selection import narrowed, of_areas, of_kantong, of_rows, of_visits, whole_district  # noqa: PLC0415

    by_visit = wanted.team is not None or wanted.day is not None
    if wanted.kantong and (wanted.list is not None or by_visit):
        raise SettingsError("Pilih salah satu: --kantong, atau --list, atau --team dan --day.")
    area = None
    if wanted.desa or wanted.kecamatan:
        area = of_areas(assessment, desa=wanted.desa, kecamatan=wanted.kecamatan)
    if wanted.kantong:
        chosen = of_kantong(assessment, [_kantong(text) for text in wanted.kantong])
    elif by_visit:
        visits = assessment.visits if wanted.list is None else _read_plan(wanted.list)
        chosen = of_visits(visits, assessment, wanted.team, wanted.day)
    elif wanted.list is not None:
        chosen = of_rows(assessment, read_choice_list(wanted.list).ranks, "Daftar rumah tangga")
    else:
        return area or whole_district(assessment)
    return chosen if area is None else narrowed(chosen, area, assessment)


def chosen_by_health(assessment: "Assessment", wanted: _Wanted) -> bool:
    """Tell whether a need of health may have weighed when the households of a book were chosen."""
    from geo.targeting import weighs_in  # noqa: PLC0415  -- heavy

    by_visit = wanted.team is not None or wanted.day is not None
    if not by_visit and wanted.list is None:
        return False
    if weighs_in(assessment.priorities):
        return True
    if wanted.list is None:
        return False
    return is_private_plan(wanted.list) if by_visit else read_choice_list(wanted.list).private


def without_health(assessment: "Assessment", *, needs: bool) -> "Assessment":
    """Return a run with nothing of anybody's health; without ``needs`` also no open one: «none» tells of another."""
    import pandas as pd  # noqa: PLC0415  -- heavy

    from geo.privacy import without_sensitive_cells  # noqa: PLC0415

    shown = without_sensitive_cells(assessment)
    if needs:
        return shown
    held = [name for name in shown.households if str(name).startswith("need_")]
    untold = pd.array([pd.NA] * len(shown.households), dtype="boolean")
    return replace(shown, households=shown.households.assign(**dict.fromkeys(held, untold)))


def _kantong(text: str) -> int:
    found = _KANTONG.fullmatch(text.strip())
    if not found:
        raise SettingsError(f"Kantong «{text}» tidak dikenal; tulis seperti di peta, misalnya K3.")
    return int(found[1])


def _read_plan(file: Path) -> "pd.DataFrame":
    """Read who is visited when from a plan of ``peta visits``; nothing of its cells is told."""
    import pandas as pd  # noqa: PLC0415  -- heavy

    try:
        known = pd.read_csv(file, sep=";", encoding="utf-8-sig", nrows=0).columns
        wanted = [*_PLAN, *(name for name in _TIMES if name in known)]
        plan = pd.read_csv(file, sep=";", encoding="utf-8-sig", usecols=wanted, dtype="Float64")
        plan = plan.dropna(subset=["regu", "hari", "baris_lembar"]).fillna({"urutan": 0})
        plan = plan.astype(dict.fromkeys(_PLAN, "int64"))
    except (OSError, ValueError, TypeError) as fault:
        raise SheetError(
            f"Rencana {file} tidak dapat dibaca. Dengan --team atau --day, --list harus CSV dari peta visits."
        ) from fault
    return plan.rename(columns=_PLAN | _TIMES)


def _write_beside(
    assessment: "Assessment", selection: "Selection", printed: "Printed", beside: dict[str, Path | None]
) -> None:
    from geo.atlas.waypoints import waypoints, write_gpx, write_kml  # noqa: PLC0415  -- heavy

    if beside["gpx"] or beside["kml"]:
        houses = waypoints(assessment, printed)
        created = datetime.fromisoformat(assessment.facts["created"])
        for name, write in (("gpx", write_gpx), ("kml", write_kml)):
            path = beside[name]
            if path is not None:
                write(path, houses, title=selection.title, created=created)
                aside.print(f"Titik rumah: {path}")
    if beside["csv"]:
        write_csv(evening_form(printed), beside["csv"], what="Tabel isian", private=True)
        aside.print(f"Tabel isian untuk peta outcome --csv: {beside['csv']}")


def evening_form(printed: "Printed") -> "pd.DataFrame":
    """Return a line a household, to be filled in and given to ``peta outcome --csv``; nobody is named."""
    found = printed.households.rename(columns={"sheet": "lembar", "number": "nomor", "cell": "petak"})
    return found.reindex(columns=list(FORM))


def _tell(printed: "Printed", out: Path, title: str, *, names: bool, whole: bool) -> None:
    from geo.sheet_ids import MAPLESS  # noqa: PLC0415  -- heavy
    from geo.symbology import number  # noqa: PLC0415

    without = printed.sheets["part"] == MAPLESS
    mapless = int(printed.sheets.loc[without, "households"].sum())
    beside = f", {number(mapless)} di antaranya tanpa titik (hanya di daftar)" if mapless else ""
    codes = printed.sheets["kode_desa"].unique()
    of = f" ({codes[0]})" if len(codes) == 1 else ""
    # names of desa are anybody's text, and brackets would be styles
    aside.print(
        f"Buku {out} — {title}{of}: {number(printed.pages)} halaman, {number((~without).sum())} lembar peta, "
        f"{number(len(printed.households))} rumah tangga{beside}.",
        markup=False,
    )
    if printed.without_desa:
        of = "dalam seluruh register" if whole else "yang dipilih"
        aside.print(
            f"{number(printed.without_desa)} rumah tangga {of} tidak diketahui desanya, jadi tidak ada di buku mana "
            "pun: lihat peta review list."
        )
    if names:
        aside.print(
            "Berkas ini memuat nama, alamat, dan letak rumah: hanya untuk regu yang berkunjung, lalu dihapus. Tanpa "
            "nama: --without-names."
        )


def _reprint(book: Path, sheets: Sequence[str], out: Path) -> None:
    from geo.atlas.binding.reprint import reprint  # noqa: PLC0415  -- heavy
    from geo.symbology import number  # noqa: PLC0415

    pages = reprint(book, sheets, out, datetime.now().astimezone().date())
    aside.print(f"Cetak ulang {number(len(sheets))} lembar, {number(pages)} halaman: {out}")

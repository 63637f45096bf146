"""The commands that hand data to other agencies: shown, decided, recorded, written; and the test of what is masked."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from app.console import aside, shown
from app.csv_output import printable
from app.web_options import Database, State
from geo.errors import NoRun, NotAllowed, SettingsError

if TYPE_CHECKING:
    from app.access.roles import Person
    from app.library import OpenedRun
    from app.product_store import ProductStore
    from app.records import Records
    from app.records.tables import Handover
    from app.settings import WebSettings
    from app.sharing.asked import Asked
    from app.sharing.preview import Preview
    from geo.settings import SharingSettings

_OPERATOR = "peladen"
"""Who acts in the trail: whoever may run commands on the server."""

_NAMED = 12
"""So many columns of a table of areas are named by the preview; all of them are in the dictionary."""

Run = Annotated[
    Path, typer.Argument(metavar="HASIL", help="Folder hasil, atau folder yang memuat beberapa hasil.")
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", metavar="BERKAS", help="Setelan (TOML) yang memuat bagian sharing."),
]


def export(
    run: Run,
    recipient: Annotated[
        str, typer.Option("--for", metavar="RESEP", help="Penerima: nama resep, misalnya dinkes atau perkim.")
    ],
    level: Annotated[
        str,
        typer.Option(metavar="TINGKAT", help="publik, terbatas, opd, atau petugas; bawaannya tingkat resep."),
    ] = "",
    desa: Annotated[
        list[str] | None, typer.Option(metavar="KODE", help="Hanya desa ini; boleh berulang.")
    ] = None,
    kecamatan: Annotated[
        list[str] | None, typer.Option(metavar="KODE", help="Hanya kecamatan ini; boleh berulang.")
    ] = None,
    listed: Annotated[
        int | None,
        typer.Option(
            "--list", metavar="NOMOR", help="Daftar tersimpan yang dikunjungi; untuk tingkat petugas."
        ),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="BENTUK", help="Misalnya geojson,xlsx; bawaannya bentuk resep.")
    ] = "",
    purpose: Annotated[
        str, typer.Option(metavar="TEKS", help="Keperluan, masuk jejak; bawaannya keperluan resep.")
    ] = "",
    until: Annotated[
        str, typer.Option(metavar="TANGGAL", help="Hari terakhir pemakaian, misalnya 2026-12-31.")
    ] = "",
    out: Annotated[Path | None, typer.Option(metavar="BERKAS", help="ZIP yang ditulis.")] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Tunjukkan apa yang akan keluar; tidak menulis apa pun.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Jangan bertanya lagi.")] = False,
    settings: SettingsFile = None,
    state: State = None,
    new_state: Annotated[
        bool,
        typer.Option(
            "--new-state", help="Folder --state itu memang baru: buat catatan dan kunci samaran di sana."
        ),
    ] = False,
    database: Database = "",
) -> None:
    """Bagikan data kepada instansi lain sebagai satu ZIP, dan catat penerima, keperluan, serta batas waktunya.

    Isinya ditunjukkan dahulu: tabel, baris, kolom, apa yang disamarkan, dan apa yang tidak ikut. Pembagian tercatat di
    jejak dan di halaman Bagikan, dan dapat dicabut di sana. Berkas di peladen dihapus sesudah batas waktunya.
    """
    if not preview and out is None:
        raise SettingsError(
            "Sebut berkas yang ditulis dengan --out BERKAS.zip, atau lihat isinya dengan --preview."
        )
    with _office(run, settings, state, database, trial=preview, new=new_state) as office:
        asked = _asked(office, recipient, level, desa, kecamatan, listed, formats, purpose, until)
        seen = _seen(office, asked)
        _show(asked, seen, office.sharing)
        if preview or out is None:
            aside.print("Hanya pratinjau: tidak ada yang ditulis.")
            return
        _require_out(out)
        if not yes and typer.prompt("Bagikan? Ketik «ya»", default="tidak", err=True).strip().lower() != "ya":
            aside.print("Dibatalkan. Tidak ada yang keluar.")
            raise typer.Exit(1)
        held = _hand_over(office, asked, seen, out)
        shown.print(f"{out}: pembagian nomor {held.id}, sha256 {held.sha256}")


def linkage(run: Run, settings: SettingsFile = None) -> None:
    """Uji apakah seseorang dapat dikenali dari data publik dan terbatas, dengan tabel lengkap di tangan penyerang.

    Setiap serangan dibandingkan dengan tebakan acak. Berakhir dengan kode 1 bila ada yang berhasil lebih dari itu.
    """
    from app.finished_run import take_run  # noqa: PLC0415  -- heavy, as these
    from app.sharing.linkage import linkage_of  # noqa: PLC0415
    from geo.settings import read_settings  # noqa: PLC0415

    folder, passed = take_run(run, aside), True
    sharing = read_settings(settings).sharing
    for report in linkage_of(folder, sharing):
        passed &= report.passed
        for line in report.lines():
            shown.print(printable(line, 2000))
        shown.print()
    if not passed:
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Office:
    """What handing over needs."""

    settings: "WebSettings"
    records: "Records"
    products: "ProductStore"
    opened: "OpenedRun"
    who: "Person"
    sharing: "SharingSettings"


@contextmanager
def _office(
    run: Path, file: Path | None, state: Path | None, database: str, *, trial: bool, new: bool
) -> Iterator[_Office]:
    """Open records and run; a trial leaves no folder of records and no keys where there are none."""
    from app.access.roles import Role, person  # noqa: PLC0415  -- heavy, as all of these
    from app.library import Library  # noqa: PLC0415
    from app.product_store import product_store  # noqa: PLC0415
    from app.records import open_records  # noqa: PLC0415
    from app.secrets_file import has_secrets  # noqa: PLC0415
    from app.settings import settings_of  # noqa: PLC0415
    from geo.runs import is_run  # noqa: PLC0415

    settings = settings_of(runs=run, settings_file=file, state=state, database=database)
    if not settings.library.is_dir():
        raise NoRun(f"Tidak ada hasil di {run}. Sebut folder hasilnya.")
    with ExitStack() as held:
        if not trial:
            _say_keys(settings, new=new)
        elif not has_secrets(settings.state_folder):
            own = Path(held.enter_context(TemporaryDirectory()))
            kept = settings.database_url if settings.state_folder.is_dir() else database
            settings = settings_of(runs=run, settings_file=file, state=own, database=kept)
        records = open_records(settings.database_url)
        held.callback(records.close)
        library = Library(settings.library, settings.runs, records, settings.state_folder)
        opened = library.open(run.resolve().name) if is_run(run) else library.shown()
        products = product_store(settings)
        who = person(_OPERATOR, "", Role.ADMIN, ())
        yield _Office(settings, records, products, opened, who, products.sharing())


def _say_keys(settings: "WebSettings", *, new: bool) -> None:
    """Say whose records and keys are used, and make none in a folder that was named by mistake.

    Under other keys an agency gets other numbers for the same households, which the server does not know when they
    come back, and a second masking of the same households tells by its difference from the first.

    Raises
    ------
    NoRun
        When the folder was named, and has no keys.
    """
    from app.secrets_file import FILE, has_secrets  # noqa: PLC0415  -- heavy, as these
    from app.settings import STATE  # noqa: PLC0415

    folder = settings.state_folder.resolve()
    if has_secrets(folder):
        aside.print(printable(f"Catatan dan kunci samaran: {folder}", 2000))
        return
    usual = (settings.library / STATE).resolve()
    if not new and folder != usual:
        raise NoRun(
            f"Di {folder} belum ada kunci samaran ({FILE}). Dengan kunci baru nomor rumah tangga berbeda dari yang "
            f"sudah dibagikan. Sebut dengan --state folder yang dipakai peta serve, atau tambahkan --new-state bila "
            f"ini memang pembagian pertama."
        )
    aside.print(
        printable(
            f"Kunci samaran baru dibuat di {folder}. Bila peta serve memakai folder catatan lain, batalkan dan sebut "
            f"folder itu dengan --state.",
            2000,
        )
    )


def _asked(
    office: _Office,
    recipient: str,
    level: str,
    desa: list[str] | None,
    kecamatan: list[str] | None,
    listed: int | None,
    formats: str,
    purpose: str,
    until: str,
) -> "Asked":
    """Read the options as the page of sharing reads its form: the same rules and the same refusals."""
    from app.jobs.packages import today  # noqa: PLC0415  -- heavy, as these
    from app.sharing.asked import FILES, PART, WHOLE, days_of, read_asked  # noqa: PLC0415
    from geo.recipes import recipe_named  # noqa: PLC0415

    recipes = office.products.recipes()
    recipe = recipe_named(recipes, recipient)
    day = today()
    form = {
        "untuk": [recipe.id],
        "tingkat": [level or recipe.level],
        "bentuk": [FILES],
        "keperluan": [purpose or recipe.purpose],
        "cakupan": [PART if desa or kecamatan else WHOLE],
        "desa": desa or [],
        "kecamatan": kecamatan or [],
        "daftar": [] if listed is None else [str(listed)],
        "format": formats.replace(" ", "").split(",") if formats else list(recipe.formats),
        "sampai": [until or (day + timedelta(days=days_of(recipe, office.sharing))).isoformat()],
    }
    with office.records.session() as session:
        return read_asked(form, office.who, office.opened, session, recipes, office.sharing, day)


def _seen(office: _Office, asked: "Asked") -> "Preview":
    from app.sharing.preview import preview  # noqa: PLC0415  -- heavy

    with _stage("Menyusun isi kiriman"):
        return preview(office.products.product(office.opened, asked.scope, asked.recipe.id))


def _show(asked: "Asked", seen: "Preview", sharing: "SharingSettings") -> None:
    from app.sharing.wording import what_is_hidden  # noqa: PLC0415  -- heavy, as these
    from geo.levels import LEVEL_TITLES  # noqa: PLC0415
    from geo.symbology import long_date, number  # noqa: PLC0415

    def say(text: str) -> None:
        shown.print(printable(text, 2000))

    say(f"Untuk {asked.recipe.recipient} ({asked.recipe.id}), sampai {long_date(asked.until.isoformat())}")
    say(f"Tingkat: {LEVEL_TITLES[asked.level]}")
    say(f"Keperluan: {asked.purpose}")
    say(f"Wilayah: {asked.area}")
    say(f"Bentuk: {', '.join(asked.formats)}")
    for words in seen.warnings:
        say(f"Periksa dahulu: {words}")
    for each in seen.collections:
        placed = "" if each.placed == each.rows else f", {number(each.placed)} di antaranya bertempat"
        shown.print()
        say(f"{each.title}: {number(each.rows)} baris{placed}")
        names = [field.name for field in each.columns]
        if each.id == "rumah_tangga":
            for field in each.columns:
                say(f"  {field.name}: {field.title}")
        else:
            more = f", dan {len(names) - _NAMED} lagi" if len(names) > _NAMED else ""
            say(f"  {len(names)} kolom: {', '.join(names[:_NAMED])}{more}")
        for why, rows in each.left_out.items():
            say(f"  tidak ikut: {number(rows)} {why}")
    shown.print()
    for sentence in dict.fromkeys([*what_is_hidden(asked, sharing), *seen.notes]):
        say(f"- {sentence}")


@contextmanager
def _stage(name: str) -> Iterator[None]:
    with aside.status(name):
        yield


def _require_out(out: Path) -> None:
    from geo.files import require_file  # noqa: PLC0415  -- only when it is needed

    require_file(out, what="Kiriman")


def _hand_over(office: _Office, asked: "Asked", seen: "Preview", out: Path) -> "Handover":
    """Record a hand-over, make its package, and put a copy where it was asked for.

    It is recorded first: what leaves has a number and a line in the trail, even when the machine stops here.
    """
    from app.jobs.packages import close_by_hand, make_package, package_path  # noqa: PLC0415  -- heavy, as these
    from app.records.tables import Handover, now  # noqa: PLC0415
    from app.sharing.handovers import subject_of, told_of  # noqa: PLC0415
    from app.trail import leave  # noqa: PLC0415
    from geo.files import whole  # noqa: PLC0415

    opened, who = office.opened, office.who
    with office.records.session(alone=True) as session:
        held = Handover(
            kind=asked.kind, recipient=asked.recipe.id, agency=asked.recipe.agency,
            recipient_name=asked.recipe.recipient, purpose=asked.purpose, basis=asked.recipe.basis,
            level=asked.level.value, run=opened.id, run_created=str(opened.manifest["created"]),
            desa=list(asked.desa), scope=asked.kept() | {"area": asked.area}, formats=list(asked.formats),
            told=told_of(seen), households=seen.households, by=who.name, until=asked.until,
        )  # fmt: skip
        session.add(held)
        session.flush()
        households = held.households or None
        leave(
            session,
            who,
            "bagikan",
            subject_of(held),
            households=households,
            reason=held.purpose,
            run=held.run,
        )
    make_package(office.settings, office.records, held.id, _stage, office.products)
    with whole(out, what="Kiriman", private=True) as part, office.records.session(alone=True) as session:
        held = session.get_one(Handover, held.id)
        if held.revoked_at is not None:
            raise NotAllowed("Pembagian ini dicabut selagi berkasnya dibuat.")
        shutil.copyfile(package_path(office.settings, held), part)
        close_by_hand(session, held)
        held.taken, held.used_at = held.taken + 1, now()
        leave(
            session, who, "ambil", subject_of(held), households=households, reason=held.purpose, run=held.run
        )
    return held

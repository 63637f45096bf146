"""The command of the evening: what came of the visits, by printed sheet and number, one by one or as a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.console import aside, shown
from app.csv_output import printable
from app.web_options import Database, State
from geo.errors import NoRun, NotAllowed, SettingsError

if TYPE_CHECKING:
    from app.access.roles import Person
    from app.household_keys import KeyStore
    from app.library import Library
    from app.records import Records
    from app.settings import WebSettings

_OPERATOR = "peladen"
"""Who acts in the trail: whoever may run commands on the server."""


def outcome(
    sheet: Annotated[
        str | None,
        typer.Argument(metavar="LEMBAR", help="Kode di lembar cetak, misalnya 33.26.01.2001-02-K7Q2A."),
    ] = None,
    number: Annotated[str | None, typer.Argument(metavar="NOMOR", help="Nomor rumah di lembar itu.")] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="HASIL",
            help="selesai, tidak ditemukan, pindah, menolak, sudah diperbaiki, atau data salah; boleh disingkat.",
        ),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="BERKAS",
            help="Banyak hasil sekaligus: CSV atau XLSX berkolom lembar, nomor, hasil, tanggal, catatan.",
        ),
    ] = None,
    from_opd: Annotated[
        Path | None,
        typer.Option(
            "--from-opd",
            metavar="BERKAS",
            help="Hasil yang dikembalikan instansi penerima: CSV, XLSX, atau GeoJSON berkolom pseudonim dan hasil.",
        ),
    ] = None,
    recipient: Annotated[
        str, typer.Option("--for", metavar="RESEP", help="Instansi yang mengembalikannya, misalnya dinkes.")
    ] = "",
    handover: Annotated[
        int | None, typer.Option(metavar="NOMOR", help="Pembagian yang dijawab; bawaannya yang terbaru.")
    ] = None,
    take: Annotated[
        list[str] | None,
        typer.Option(metavar="JENIS", help="Jenis pertentangan yang mengikuti instansi itu; boleh berulang."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Periksa saja berkas instansi; tidak menulis.")
    ] = False,
    note: Annotated[str, typer.Option(metavar="TEKS", help="Catatan; nomor panjang (NIK, KK) dihapus.")] = "",
    date: Annotated[
        str, typer.Option(metavar="TANGGAL", help="Hari kunjungan, misalnya 2026-01-05; bawaannya hari ini.")
    ] = "",
    by: Annotated[
        str, typer.Option(metavar="NAMA", help="Akun yang mencatat; bawaannya pengelola peladen.")
    ] = "",
    runs: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder hasil; bawaannya hasil.")
    ] = None,
    state: State = None,
    database: Database = "",
) -> None:
    """Catat hasil kunjungan menurut kode lembar cetak dan nomor rumah, atau dari tabel yang diisi di kantor.

    Salah catat dibetulkan dengan mencatat lagi: yang terbaru berlaku, yang lama tetap tersimpan. Baris tabel yang
    keliru disebut dengan alasannya dan tidak ditulis; baris lain ditulis bersama-sama. Berkas yang dikirim dua kali
    tercatat sekali. Begitu pula berkas yang dikembalikan instansi (--from-opd): yang bertentangan dengan yang tercatat
    tidak ditulis, kecuali jenisnya disebut dengan --take.
    """
    if from_opd is not None:
        if csv is not None or sheet or note or date or not recipient:
            raise SettingsError("Dengan --from-opd sebut instansinya saja, misalnya --for dinkes.")
        with _office(runs, state, database, by) as office:
            _enter_returned(office, from_opd, recipient, handover, take or [], check=check)
        return
    if csv is None and not (sheet and number and words):
        raise SettingsError(
            "Sebut lembar, nomor, dan hasilnya, misalnya: peta outcome 33.26.01.2001-02-K7Q2A 17 selesai. Atau berikan "
            "tabel dengan --csv."
        )
    if csv is not None and (sheet or note):
        raise SettingsError("Dengan --csv lembar, nomor, hasil, dan catatan ditulis di dalam berkasnya.")
    with _office(runs, state, database, by) as office:
        if csv is not None:
            _enter_file(office, csv, date)
        else:
            _enter_one(office, sheet or "", number or "", " ".join(words or ()), note, date)


@dataclass(frozen=True)
class _Office:
    """What entering needs."""

    records: "Records"
    library: "Library"
    keys: "KeyStore"
    who: "Person"
    settings: "WebSettings"


@contextmanager
def _office(runs: Path | None, state: Path | None, database: str, by: str) -> Iterator[_Office]:
    from app.household_keys import KeyStore  # noqa: PLC0415  -- heavy, as all of these
    from app.library import Library  # noqa: PLC0415
    from app.records import open_records  # noqa: PLC0415
    from app.secrets_file import read_secrets  # noqa: PLC0415
    from app.settings import settings_of  # noqa: PLC0415

    settings = settings_of(runs=runs, state=state, database=database)
    if not settings.library.is_dir():
        raise NoRun(f"Folder hasil {settings.library} tidak ada. Sebut foldernya dengan --runs.")
    records = open_records(settings.database_url)
    try:
        secret = read_secrets(settings.state_folder).households
        library = Library(settings.library, settings.runs, records, settings.state_folder)
        keys = KeyStore(settings.state_folder, secret)
        yield _Office(records, library, keys, _person(records, by), settings)
    finally:
        records.close()


def _person(records: "Records", by: str) -> "Person":
    from app.access.roles import Permission, Role, person  # noqa: PLC0415  -- heavy
    from app.access.users import find_user  # noqa: PLC0415  -- likewise

    if not by:
        return person(_OPERATOR, "", Role.ADMIN, ())
    with records.session() as session:
        user = find_user(session, by)
    if user.disabled:
        raise NotAllowed(f"Akun «{user.name}» sudah dinonaktifkan. Sebut akun lain, atau aktifkan lagi.")
    who = person(user.name, user.full_name, user.role, user.desa, recipient=user.recipient)
    if not who.may(Permission.ENTER_OUTCOMES):
        raise NotAllowed(f"Akun «{user.name}» ({who.role}) tidak untuk {Permission.ENTER_OUTCOMES}.")
    return who


def _enter_one(office: _Office, sheet_text: str, number_text: str, words: str, note: str, date: str) -> None:
    from app.visiting.by_sheet import find_house, houses, read_number, read_outcome, run_of  # noqa: PLC0415  -- heavy
    from app.visiting.daily import stop_row  # noqa: PLC0415  -- likewise
    from app.visiting.entering import enter_outcome  # noqa: PLC0415
    from app.visiting.households import about  # noqa: PLC0415
    from geo.outcomes import OUTCOMES  # noqa: PLC0415
    from geo.sheet_ids import read_sheet_id  # noqa: PLC0415
    from geo.symbology import long_date  # noqa: PLC0415

    sheet, number, word = read_sheet_id(sheet_text), read_number(number_text), read_outcome(words)
    opened = office.library.open(run_of(office.library, sheet, office.who))
    row = find_house(houses(opened, sheet, office.who), number)
    entry = enter_outcome(
        office.records, opened, office.keys, office.who, row, word, note=note, visited_on=date
    )
    house = stop_row(about(opened, [row]).iloc[0].to_dict(), {})
    place = ", ".join(part for part in (f"{house['nama_desa']} nomor {number}", house["place"]) if part)
    shown.print(
        f"{printable(place, 200)}: {house['lacks'] or 'tanpa kebutuhan yang diketahui'} → {OUTCOMES[entry.outcome]}, "
        f"{long_date(entry.visited_on.isoformat())}."
    )
    if opened.id != office.library.in_force():
        aside.print(
            f"Lembar itu dari hasil {opened.id}, yang tidak sedang berlaku; catatannya terbawa ke yang berlaku."
        )


def _enter_returned(
    office: _Office, file: Path, recipient: str, handover: int | None, take: list[str], *, check: bool
) -> None:
    from app.product_store import ProductStore  # noqa: PLC0415  -- heavy
    from app.returned_cli import Wanted, enter_returned  # noqa: PLC0415  -- likewise
    from app.returning.finding import Sources, headings_of  # noqa: PLC0415
    from app.secrets_file import read_secrets  # noqa: PLC0415

    recipes = ProductStore(office.settings, office.keys).recipes()
    sources = Sources(office.library, office.keys, read_secrets(office.settings.state_folder).households)
    wanted = Wanted(recipient, headings_of(recipes.get(recipient)), handover, take, check)
    enter_returned(office.records, sources, office.who, file, wanted)


def _enter_file(office: _Office, file: Path, day: str) -> None:
    from app.visiting.sheet_file import check_lines, enter_lines  # noqa: PLC0415  -- heavy, as these
    from app.visiting.sheet_reading import read_lines  # noqa: PLC0415
    from geo.symbology import number  # noqa: PLC0415  -- likewise

    lines, blank = read_lines(file)
    told, faults = check_lines(lines, office.library, office.who, day)
    entered = enter_lines(office.records, office.library, office.keys, office.who, told)
    faults = sorted([*faults, *entered.faults], key=lambda fault: fault.line)
    for fault in faults:
        aside.print(f"Baris {fault.line}: {fault.reason}")
    parts = [f"{number(entered.new)} hasil dicatat"]
    parts += [f"{number(entered.already)} sudah tercatat"] if entered.already else []
    replacing = f"{number(entered.replacing)} menggantikan hasil yang tercatat lebih dahulu"
    parts += [replacing] if entered.replacing else []
    parts += [f"{number(blank)} baris belum diisi"] if blank else []
    parts += [f"{number(len(faults))} baris keliru dan tidak ditulis"] if faults else []
    shown.print("; ".join(parts) + ".")
    if faults:
        raise typer.Exit(1)

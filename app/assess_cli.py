"""The commands about a sheet: assess it, or only show how it is understood."""

import gc
import os
from pathlib import Path
from typing import Annotated

import typer

from app.console import aside, shown
from geo.errors import SheetError, cause_of

SheetName = Annotated[
    str | None,
    typer.Option(
        "--sheet",
        metavar="NAMA",
        help='Nama lembar di dalam buku kerja; "*": semua yang judul kolomnya sama.',
    ),
]
Columns = Annotated[Path | None, typer.Option(metavar="BERKAS", help="Arti kolom (TOML).")]


def assess(
    sheet: Annotated[Path, typer.Argument(metavar="LEMBAR", help="CSV, XLSX, XLS, atau ODS.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Tempat hasil; hasil lama di sana diganti.")],
    boundaries: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Batas desa lain, hanya untuk kali ini.")
    ] = None,
    settings: Annotated[Path | None, typer.Option(metavar="BERKAS", help="Setelan (TOML).")] = None,
    sheet_name: SheetName = None,
    columns: Columns = None,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="BERKAS", envvar="PETA_DECISIONS", help="Keputusan tinjauan (JSONL)."),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Berkas berisi kata sandi lembar terkunci.")
    ] = None,
    outputs: Annotated[
        str, typer.Option(metavar="DAFTAR", help="Yang dibuat, dipisah koma.")
    ] = "peta,atlas,geojson,laporan",
) -> None:
    """Olah lembar rumah tangga menjadi hasil: tabel, peta, buku peta, GeoJSON, dan laporan.

    Hasil muncul utuh di akhir, atau tidak sama sekali. Baris yang salah tidak menghentikan pekerjaan: baris itu
    ditolak dengan alasan dan nomor barisnya.
    """
    gc.set_threshold(
        100_000, 50, 50
    )  # tables are no rubbish: looking for some every 700 objects costs a tenth
    from app.work import run_assess  # noqa: PLC0415  -- heavy

    run_assess(
        sheet,
        out,
        boundaries=boundaries,
        settings=settings,
        sheet_name=sheet_name,
        columns=columns,
        decisions=decisions,
        password=_password(password_file),
        outputs=[name.strip() for name in outputs.split(",") if name.strip()],
        console=aside,
    )


def columns(
    sheet: Annotated[Path, typer.Argument(metavar="LEMBAR", help="CSV, XLSX, XLS, atau ODS.")],
    sheet_name: SheetName = None,
    columns: Columns = None,
    settings: Annotated[Path | None, typer.Option(metavar="BERKAS", help="Setelan (TOML).")] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="BERKAS", help="Simpan arti kolom (TOML) untuk diperbaiki dan dipakai lagi."),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Berkas berisi kata sandi lembar terkunci.")
    ] = None,
) -> None:
    """Tunjukkan bagaimana lembar dimengerti: jenis berkas, lembar, judul kolom, dan arti tiap kolom.

    Isi sel tidak ditampilkan. Dengan --save arti kolom disimpan; betulkan berkas itu bila perlu, lalu berikan
    dengan --columns.
    """
    from app.column_report import show_columns  # noqa: PLC0415  -- heavy

    show_columns(
        sheet,
        sheet_name=sheet_name,
        columns=columns,
        settings=settings,
        save=save,
        password=_password(password_file),
        console=shown,
    )


def _password(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get("PETA_SHEET_PASSWORD")
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as fault:
        raise SheetError(f"Berkas kata sandi {file} tidak dapat dibaca: {cause_of(fault)}.") from fault
    except UnicodeDecodeError as fault:
        raise SheetError(f"Berkas kata sandi {file} bukan teks UTF-8.") from fault

"""Commands about the boundaries of the district: take over, fetch, show, and back to the shipped ones."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer(
    no_args_is_help=True,
    help="Batas desa: impor berkas resmi, unduh yang publik, lihat, kembalikan.",
    short_help="Impor, unduh, lihat, atau kembalikan batas desa.",
)
console = Console()


@app.command("import", short_help="Pakai batas desa dari berkas resmi.")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="BERKAS", help="GeoJSON, GPKG, Shapefile (.zip), FGB, KML, Parquet.")
    ],
    kolom: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ARTI=NAMA", help="Arti kolom: kode=..., desa=..., kecamatan=..., kabupaten=..."
        ),
    ] = None,
    sumber: Annotated[str, typer.Option(help="Siapa yang menerbitkan batas ini.")] = "",
    tanggal: Annotated[str, typer.Option(help="Tanggal data, misalnya 2024-06-30.")] = "",
    lisensi: Annotated[str, typer.Option(help="Lisensi atau syarat pakainya.")] = "",
) -> None:
    """Pakai batas desa dari berkas resmi (HDX, BIG, Dukcapil, atau lainnya dengan --kolom)."""
    _take_over(file, _columns(kolom or []), {"source": sumber, "date": tanggal, "licence": lisensi})


@app.command(short_help="Unduh batas desa publik, periksa, lalu pakai.")
def fetch(
    url: Annotated[str, typer.Option(help="Alamat cermin dari berkas yang sama.")] = "",
) -> None:
    """Unduh batas desa publik kabupaten ini, periksa keutuhannya, lalu pakai."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn  # noqa: PLC0415 - only when it is needed

    from geo.boundaries import default_folder  # noqa: PLC0415 - heavy
    from geo.boundary_fetch import fetch as download  # noqa: PLC0415 - likewise
    from geo.boundary_fetch import read_sources  # noqa: PLC0415 - likewise

    source = read_sources(default_folder())[0]
    console.print(f"{source.name}; lisensi {source.licence}", markup=False, highlight=False)
    with Progress(TextColumn("Mengunduh"), BarColumn(), DownloadColumn(), console=console) as bar:
        task = bar.add_task("", total=None)
        path = download(
            url or source.url,
            source.sha256,
            default_folder() / "downloads" / source.file,
            lambda there, expected: bar.update(task, completed=there, total=expected),
        )
    _take_over(path, None, {"source": source.attribution, "date": source.date, "licence": source.licence})


@app.command(short_help="Tampilkan batas yang sedang dipakai.")
def show() -> None:
    """Tampilkan batas yang sedang dipakai: sumber, tanggal, lisensi, jumlah dan luas per kecamatan."""
    from rich.table import Table  # noqa: PLC0415 - only when it is needed

    from geo.boundaries import default_folder, kecamatan_of, read_boundaries  # noqa: PLC0415 - heavy
    from geo.symbology import number  # noqa: PLC0415 - likewise

    boundaries = read_boundaries(default_folder())
    district, about = boundaries.info["district"], boundaries.info["boundaries"]
    lines = [
        f"{district['nama']} ({district['kode']}), {district['provinsi']}",
        f"Batas: {about['note'] or about['kind']}",
        f"Sumber: {about['source']}; tanggal {about['date']}; lisensi {about['licence']}",
    ]
    table = Table("Kode", "Kecamatan")
    table.add_column("Desa/kelurahan", justify="right")
    table.add_column("Luas (km²)", justify="right")
    kecamatan = kecamatan_of(boundaries.desa)
    count = boundaries.desa.groupby("kode_kecamatan").size()
    area_km2 = kecamatan.to_crs(boundaries.measuring).area / 1e6
    rows = zip(kecamatan["kode_kecamatan"], kecamatan["nama_kecamatan"], area_km2, strict=True)
    for kode, nama, area in rows:
        table.add_row(kode, nama, str(count[kode]), number(area, 2))
    table.add_section()
    table.add_row("", "Jumlah", str(len(boundaries.desa)), number(area_km2.sum(), 2))
    console.print("\n".join(lines), markup=False, highlight=False)
    console.print(table)


@app.command(short_help="Kembali ke batas bawaan.")
def reset() -> None:
    """Kembali ke batas bawaan; berkas yang diimpor dihapus."""
    from geo.boundaries import default_folder  # noqa: PLC0415 - heavy
    from geo.boundary_import import remove_imported  # noqa: PLC0415 - likewise

    removed = remove_imported(default_folder())
    console.print("Batas bawaan dipakai lagi." if removed else "Batas bawaan memang sudah dipakai.")


def _columns(pairs: list[str]) -> dict[str, str] | None:
    columns = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    unknown = set(columns) - {"kode", "desa", "kecamatan", "kabupaten"}
    if unknown or len(columns) < len(pairs):
        raise typer.BadParameter("tulis sebagai kode=NAMA_KOLOM, desa=..., kecamatan=... atau kabupaten=...")
    return columns or None


def _take_over(path: Path, columns: "Mapping[str, str] | None", stated: "Mapping[str, str]") -> None:
    from geo.boundaries import default_folder, read_names  # noqa: PLC0415 - heavy
    from geo.boundary_import import import_boundaries, provenance, save_imported  # noqa: PLC0415 - likewise

    folder = default_folder()
    with console.status("Membaca dan memeriksa batas desa ..."):
        frame, report = import_boundaries(path, read_names(folder), columns=columns)
        save_imported(frame, provenance(path, report, **stated), folder)
    console.print("\n".join(report.lines()), markup=False, highlight=False)
    console.print("Batas ini dipakai mulai sekarang; «peta boundaries reset» mengembalikan batas bawaan.")

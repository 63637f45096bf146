"""A sample written as files, each of which says that it is invented."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pandas as pd
import rasterio
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

from geo.crs import STORING
from geo.sample.landcover import NODATA, LandCover
from geo.sample.register import Sample

SHEET = "contoh_rumah_tangga"
TRUTH = "kebenaran.parquet"
TRUTH_CLUSTERS = "kebenaran_kantong.parquet"
LANDCOVER = "tutupan_lahan.tif"
FAMILIES = "contoh_keluarga.csv"
SETTINGS = "setelan.toml"
NOTE = "BACA_DULU.txt"
TITLE_ROWS = (
    "DATA CONTOH - SELURUHNYA REKAAN",
    "Bukan data penduduk. Dibuat oleh Peta Sasaran untuk uji coba.",
)
CLASSES = (
    "10 pohon, 20 semak, 30 rumput, 40 pertanian, 50 terbangun, 60 terbuka, 80 air, 90 rawa, 95 mangrove"
)
LANDCOVER_SOURCE = "Contoh rekaan (bukan citra)"
_NUMBER_DIGITS = 9
_STAMP = datetime(2025, 1, 1, tzinfo=UTC)


def write_sample(sample: Sample, folder: Path, *, format: Literal["csv", "xlsx"] = "csv") -> Path:  # noqa: A002
    """Write the sheet, its truth, land cover and families, settings that go with them, and a note: all is invented.

    Parameters
    ----------
    folder
        Made when it is not there; files of an earlier sample are replaced.
    format
        ``csv`` as Excel in Indonesia saves it: semicolons, decimal comma, UTF-8 with a byte order mark;
        ``xlsx`` with two title rows above the header.

    Returns
    -------
    Path
        The sheet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / f"{SHEET}.{format}"
    for earlier in folder.glob(f"{SHEET}.*"):
        earlier.unlink()
    truth = sample.truth
    if format == "csv":
        _write_csv(sample.sheet, sheet)
    else:
        _write_xlsx(sample.sheet, sheet)
        truth = truth.assign(
            sheet_row=truth["sheet_row"] + len(TITLE_ROWS),
            copy_of=truth["copy_of"].where(truth["copy_of"] < 0, truth["copy_of"] + len(TITLE_ROWS)),
        )
    truth.to_parquet(folder / TRUTH, index=False)
    sample.truth_clusters.to_parquet(folder / TRUTH_CLUSTERS, index=False)
    write_landcover(sample.landcover, folder / LANDCOVER)
    _write_csv(sample.families, folder / FAMILIES)
    (folder / SETTINGS).write_text(_settings(), encoding="utf-8")
    (folder / NOTE).write_text(_note(sheet.name), encoding="utf-8")
    return sheet


def _write_csv(sheet: pd.DataFrame, path: Path) -> None:
    sheet.to_csv(path, sep=";", index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _write_xlsx(sheet: pd.DataFrame, path: Path) -> None:
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _STAMP.replace(tzinfo=None)
    page = book.create_sheet("Data")
    for title in TITLE_ROWS:
        page.append([title])
    page.append(list(sheet.columns))
    for row in zip(*(sheet[column] for column in sheet), strict=True):
        page.append([_cell(text, page) for text in row])
    book.save(path)


def _cell(text: str, page: Worksheet) -> str | int | Cell | None:
    """Give Excel what it would have made of the text, but a formula stays the text that someone typed."""
    if text.startswith("="):
        cell: Cell = WriteOnlyCell(page, text)
        cell.data_type = "s"
        return cell
    if text.isdecimal() and len(text) <= _NUMBER_DIGITS and (text == "0" or text[0] != "0"):
        return int(text)
    return text or None


def write_landcover(landcover: LandCover, path: Path) -> None:
    """Write land cover as a Cloud Optimized GeoTIFF whose tags say that it is invented."""
    height, width = landcover.classes.shape
    with rasterio.open(
        path,
        "w",
        driver="COG",
        width=width,
        height=height,
        count=1,
        dtype="uint8",
        nodata=NODATA,
        crs=STORING,
        transform=landcover.transform,
        compress="DEFLATE",
        level=9,
        overview_resampling="mode",
    ) as raster:
        raster.write(landcover.classes, 1)
        raster.update_tags(
            TIFFTAG_IMAGEDESCRIPTION="Tutupan lahan rekaan untuk contoh; bukan citra, bukan ESA WorldCover",
            rekaan="ya",
            kelas=CLASSES,
        )


def _settings() -> str:
    return (
        "# Setelan untuk data contoh. Seluruh data di folder ini rekaan.\n"
        "[layers]\n"
        f'land_cover = "{LANDCOVER}"\n'
        f'land_cover_source = "{LANDCOVER_SOURCE}"\n'
        'land_cover_year = "rekaan"\n'
        f'urban_families = "{FAMILIES}"\n'
    )


def _note(sheet: str) -> str:
    return (
        "SELURUH DATA DI FOLDER INI REKAAN.\n\n"
        f"{sheet}: rumah tangga rekaan; nama disusun acak dari suku kata, NIK dan nomor KK tidak mungkin\n"
        "ada (diawali 99, tanggal lahir 00 bulan 13). Letak rumah, jawaban, dan kesalahannya juga acak.\n"
        "Pekerjaan, penyakit, dan disabilitas di dalamnya tidak menggambarkan siapa pun.\n"
        f"{LANDCOVER}: tutupan lahan rekaan, bukan citra satelit.\n"
        f"{FAMILIES}: jumlah seluruh keluarga tiap desa, rekaan.\n"
        f"{SETTINGS}: setelan yang memakai tutupan lahan dan jumlah keluarga itu.\n"
        f"{TRUTH}, {TRUTH_CLUSTERS}: jawaban sebenarnya, hanya untuk uji dan pengukuran.\n\n"
        "Jangan mencampur folder ini dengan data yang sebenarnya.\n"
    )

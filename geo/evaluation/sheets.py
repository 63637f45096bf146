"""A draft written as the file of an office: its headings, its separators, its title rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook

from geo.evaluation.drafts import WRITTEN

HEADINGS: tuple[Mapping[str, str], ...] = (
    {"alamat": "Alamat", "dusun": "Dusun", "rt": "RT", "rw": "RW", "rt_rw": "RT/RW", "desa": "Desa/Kelurahan",
     "kecamatan": "Kecamatan", "kabupaten": "Kabupaten", "kode": "Kode Desa", "lintang": "Lintang", "bujur": "Bujur",
     "koordinat": "Koordinat", "nama": "Nama Kepala Keluarga"},
    {"alamat": "ALAMAT LENGKAP", "dusun": "DUKUH", "rt": "RT", "rw": "RW", "rt_rw": "RT / RW", "desa": "NAMA DESA",
     "kecamatan": "KEC.", "kabupaten": "KAB/KOTA", "kode": "KODE WILAYAH", "lintang": "LATITUDE", "bujur": "LONGITUDE",
     "koordinat": "TITIK KOORDINAT", "nama": "NAMA KRT"},
    {"alamat": "alamat", "dusun": "nama_sls", "rt": "rt", "rw": "rw", "rt_rw": "rt_rw", "desa": "desa",
     "kecamatan": "kecamatan", "kabupaten": "kabupaten", "kode": "kode_desa", "lintang": "lat", "bujur": "long",
     "koordinat": "koordinat", "nama": "nama"},
)  # fmt: skip
"""Three offices' words for the same columns."""

TITLES = ("DATA REKAAN - BUKAN DATA PENDUDUK", "Dibuat untuk mengukur penempatan rumah tangga")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_EXCEL_DIGITS = 15


@dataclass(frozen=True)
class Style:
    """How an office keeps its sheet.

    Attributes
    ----------
    format
        ``semicolon`` (CSV as Excel in Indonesia saves it), ``comma`` (CSV), ``xlsx`` (numbers are numbers).
    headings
        Which of ``HEADINGS``.
    pair
        What stands between the two coordinates in one column; None keeps two columns.
    titles
        Whether title rows stand above the header.
    """

    format: str = "semicolon"
    headings: int = 0
    pair: str | None = None
    titles: bool = False


def write_sheet(draft: pd.DataFrame, path: Path, style: Style) -> tuple[Path, np.ndarray]:
    """Write a draft; a column that is empty all the way down is left out, but never desa and kecamatan.

    Returns
    -------
    path, sheet_row
        The file, and the number of each draft row in it as a clerk sees it.
    """
    cells = _laid_out(draft, style.pair)
    filled = {name for name in WRITTEN if (cells[name] != "").any()}
    together = {"lintang", "bujur"}
    used = [
        name
        for name in WRITTEN
        if name in {"desa", "kecamatan"} | filled or (name in together and together & filled)
    ]
    words = HEADINGS[style.headings]
    number = [f"REKAAN {at:06d}" for at in range(1, len(draft) + 1)]
    page = pd.DataFrame(
        {words["nama"]: number, **{words[name]: cells[name].to_numpy(object) for name in used}}
    )
    above = len(TITLES) if style.titles else 0
    path = path.with_suffix(".xlsx" if style.format == "xlsx" else ".csv")
    if style.format == "xlsx":
        _write_xlsx(page, path, titles=style.titles)
    else:
        separator = ";" if style.format == "semicolon" else ","
        with path.open("w", encoding="utf-8-sig" if separator == ";" else "utf-8", newline="") as file:
            file.write("".join(f"{title}{separator * (page.shape[1] - 1)}\r\n" for title in TITLES[:above]))
            page.to_csv(file, sep=separator, index=False, lineterminator="\r\n")
    return path, np.arange(len(draft)) + above + 2


def _laid_out(draft: pd.DataFrame, pair: str | None) -> pd.DataFrame:
    """Bring the coordinates into two columns or into one."""
    apart = (draft["lintang"] != "") | (draft["bujur"] != "")
    if pair is None:
        joint = draft["koordinat"] != ""
        return draft.assign(lintang=draft["lintang"].mask(joint, draft["koordinat"]), koordinat="")
    joined = draft["lintang"] + pair + draft["bujur"]
    return draft.assign(koordinat=draft["koordinat"].mask(apart, joined), lintang="", bujur="")


def _write_xlsx(page: pd.DataFrame, path: Path, *, titles: bool) -> None:
    book = Workbook(write_only=True)
    leaf = book.create_sheet("Data")
    for title in TITLES if titles else ():
        leaf.append([title])
    leaf.append(list(page.columns))
    for row in page.itertuples(index=False):
        leaf.append([_value(text) for text in row])
    book.save(path)


def _value(text: str) -> str | float | None:
    """Give Excel a number where someone typed one."""
    if _NUMBER.fullmatch(text) and len(text.strip("-").replace(".", "")) <= _EXCEL_DIGITS:
        return float(text) if "." in text else int(text)
    return text or None

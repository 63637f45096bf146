"""A sheet of five people whose places, but for one, are in doubt, beside a district of its own."""

import csv
import shutil
from pathlib import Path

from tests.conftest import DISTRICT


def lay_out(folder: Path, strange: str) -> None:
    """Put ``batas`` and ``lembar.csv`` into a folder; one desa of the sheet bears a strange name."""
    shutil.copytree(DISTRICT, folder / "batas")
    rows = [
        ("NIK", "Nama", "Desa", "Kecamatan", "Lintang", "Bujur"),
        ("3326010101900001", "RAHASIA SATU", "Sumber Makmur", "", "", ""),
        ("3326010101900002", "RAHASIA DUA", "SUMBER MAKMUR", "", "", ""),
        ("3326010101900003", "RAHASIA TIGA", strange, "Bukit Jaya", "", ""),
        ("3326010101900004", "RAHASIA EMPAT", "Muara Lor", "Pesisir Raya", "-6.914115", "110.006839"),
        ("3326010101900005", "RAHASIA LIMA", "Muara Lor", "Pesisir Raya", "", ""),
    ]
    with (folder / "lembar.csv").open("w", encoding="utf-8", newline="") as sheet:
        csv.writer(sheet).writerows(rows)

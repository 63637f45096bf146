"""Sheets without a header row, and headings that hold a number of a person: never shown."""

import pytest

from geo.columns.choice import ColumnChoice
from geo.errors import UnknownColumns
from geo.households import open_sheet, read_households
from geo.households.headerless import HIDDEN

SECRET = ("SITI RAHASIA", "9926010101900001", "Gang Rahasia")


@pytest.mark.parametrize(
    "line",
    [
        ";".join([*SECRET, "A", "1"]),
        f"1;{SECRET[0]};9926 0101 0190 0001;{SECRET[2]};2",
        f"1;{SECRET[0]};36;Ya;28",
    ],
)
def test_a_sheet_without_headings_is_refused_without_showing_a_cell(tmp_path, line):
    path = tmp_path / "lembar.csv"
    path.write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(UnknownColumns, match="tidak punya baris judul") as refused:
        open_sheet(path)
    assert not [word for word in SECRET if word in str(refused.value)]


def test_a_long_number_in_a_heading_is_hidden_everywhere(tmp_path):
    path = tmp_path / "lembar.csv"
    path.write_text(
        f"Nama;Desa;Kode Desa (misalnya 9901010001);Petugas {SECRET[1]};{SECRET[1]}\nA;B;9901010001;x;y\n",
        encoding="utf-8",
    )
    found = read_households(path, columns=ColumnChoice(ignored=(f"Petugas {SECRET[1]}",)))
    assert found.ignored == (HIDDEN, f"{HIDDEN} (2)")
    assert found.headings["kode_tertulis"] == "Kode Desa (misalnya (angka panjang))"
    assert found.households["kode_tertulis"].tolist() == ["9901010001"]

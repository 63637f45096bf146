"""Tables for a spreadsheet program: no formula, nothing lost, and what is private stays with its owner."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.csv_output import inert, write_csv
from geo.errors import NotWritable
from geo.files import require_file, write_whole


def test_texts_are_inert_and_numbers_stay_numbers(tmp_path: Path):
    table = pd.DataFrame(
        {
            "desa": pd.Series(["=1+1", "Contoh;2", None, "=1+1"], dtype="str"),
            "jenis": pd.Categorical(["@a", "b", None, "b"]),
            "lain": np.array(["-x", None, 3, ""], dtype=object),
            "skor": [-1.5, np.nan, 2.0, 0.25],
            "banyak": pd.array([-1, None, 3, 4], dtype="Int64"),
        }
    ).set_axis([7, 7, 8, 9])
    write_csv(table, tmp_path / "a.csv", what="Daftar")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "desa;jenis;lain;skor;banyak",
        "'=1+1;'@a;'-x;-1,5;-1",
        '"Contoh;2";b;;;',
        ";;3;2,0;3",
        "'=1+1;b;;0,25;4",
    ]


def test_a_private_file_replaces_an_open_one(tmp_path: Path):
    out = tmp_path / "a.csv"
    write_csv(pd.DataFrame({"a": [1]}), out, what="Daftar")
    (tmp_path / ".a.csv.part").touch(mode=0o666)  # what a killed process left
    write_csv(pd.DataFrame({"a": [1]}), out, what="Daftar", private=True)
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_place_is_tried_and_left_as_it_was(tmp_path: Path):
    there = tmp_path / "ada.csv"
    write_whole(there, "lama", what="Daftar")
    require_file(there, what="Daftar")
    require_file(tmp_path / "baru.csv", what="Daftar")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"ada.csv": "lama"}
    for wrong, cause in ((tmp_path, "itu folder"), (tmp_path / "tiada" / "a.csv", "tidak ada")):
        with pytest.raises(NotWritable, match=cause):
            require_file(wrong, what="Daftar")


def test_what_is_inert_stays_so():
    assert inert(inert("=a")) == inert("=a")

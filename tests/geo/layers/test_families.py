"""Families by desa: read as offices write them, or refused with a reason; never a zero for what is not known."""

import numpy as np
import pytest

from geo.errors import LayerError
from geo.layers.families import Families, family_count, read_families

HEAD = "kode_desa;keluarga;tahun;sumber\n"


@pytest.fixture
def families(tmp_path, district):
    def read(content: str) -> Families:
        path = tmp_path / "keluarga.csv"
        path.write_text(content, encoding="utf-8")
        return read_families(path, district.desa)

    return read


def test_a_table_is_read_by_kode_and_gaps_stay_unknown(families, district):
    found = families(
        HEAD
        + "99.01.01.2001;1.234;2024;Dinas A\n99.01.01.2002;800 KK;2024;Dinas A\n99.01.01.2004;-;2024;Dinas A\n"
    )
    by_kode = dict(zip(district.desa["kode_desa"], found.count, strict=True))
    assert by_kode["99.01.01.2001"] == 1234
    assert by_kode["99.01.01.2002"] == 800
    assert np.isnan(by_kode["99.01.01.2004"])
    assert found.count.notna().sum() == 2
    assert (found.source, found.year) == ("Dinas A", "2024")


@pytest.mark.parametrize(
    "heading",
    ["keluarga", "Jumlah Keluarga", "jml_kk", "KK", "families", "Jumlah KK 2024", "Jumlah Rumah Tangga"],
)
def test_any_usual_heading_is_known(families, heading):
    assert families(f"kode_desa,{heading}\n99.01.01.2001,950\n").count.sum() == 950


def test_families_come_before_rumah_tangga(families):
    assert families("kode_desa;rumah tangga;keluarga\n99.01.01.2001;900;950\n").count.sum() == 950


def test_the_code_may_be_that_of_bps(families, district):
    rows = "\n".join(f"{kode},{100 + n}" for n, kode in enumerate(district.desa["kode_bps"]))
    assert families(f"kode_bps,kk\n{rows}\n").count.tolist() == [100 + n for n in range(len(district.desa))]


def test_rows_that_repeat_each_other_are_one(families):
    assert families(HEAD + "99.01.01.2001;950;;\n99.01.01.2001;950;;\n").count.sum() == 950


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (HEAD + "99.01.01.2001;-5;;\n", "«-5»"),
        (
            HEAD + "99.01.01.2001;banyak;;\n99.01.01.2002;12,5;;\n",
            r"99\.01\.01\.2001 tertulis «banyak» \(dan 1 baris",
        ),
        (HEAD + "99.01.01.2001;12,5;;\n", "bilangan bulat"),
        (HEAD + "99.01.01.2001;3500000;;\n", "3500000"),
        (HEAD + "99.01.01.2001;950;;\n99.01.01.2001;951;;\n", "lebih dari sekali"),
        (HEAD + "12.01.01.2001;950;;\n", "Tidak satu pun kode"),
        (HEAD + "99.01.01.2001;;;\n", "satu pun jumlah keluarga"),
        ("kode_desa;penduduk\n99.01.01.2001;950\n", "keluarga"),
        ("", "kosong"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(families, content, word):
    with pytest.raises(LayerError, match=word):
        families(content)


def test_a_broken_number_in_a_row_of_another_district_does_not_matter(families):
    assert families(HEAD + "99.01.01.2001;950;;\n12.01.01.2001;rusak;;\n").count.sum() == 950


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("1.234", 1234), ("12.345", 12345), ("1,234", 1234), ("1 234", 1234), ("1\u00a0234", 1234), ("1234", 1234),
        ("0", 0), ("0950", 950), ("950.0", 950), ("950,00", 950), ("812 kk", 812), ("812 Keluarga", 812),
        ("1.23", None), ("1.2.3", None), ("1.234,5", None), ("-1", None), ("1e3", None), ("812 jiwa", None),
        ("100000", 100000), ("100001", None), ("123.456.789", None), ("٣", None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written, count):
    assert family_count(written) == count


@pytest.mark.parametrize("written", ["", " ", "-", "–", "NA", "n/a", "Tidak diketahui"])
def test_a_blank_is_not_zero(written):
    assert np.isnan(family_count(written))

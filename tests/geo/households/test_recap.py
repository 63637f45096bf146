"""Recapitulations are refused; a list with little in it is not."""

import pytest

from geo.errors import UnknownColumns


@pytest.mark.parametrize(
    "content",
    ["No;Desa;Kecamatan;Jumlah RTLH;Jumlah KK\n1;A;X;2;713\n2;B;X;37;575\n", "Kecamatan;Jumlah KK\nX;100\nY;120\n",
     "Desa;2023;2024\nA;1;2\nB;3;4\nC;5;6\n", "Desa;Jumlah Jiwa\nA;3000\nB;4000\n"],
)  # fmt: skip
def test_a_table_of_counts_is_refused(intake, content):
    with pytest.raises(UnknownColumns, match="rekapitulasi"):
        intake(content)


@pytest.mark.parametrize(
    "content",
    ["Desa;Lintang;Bujur\nA;-6,8;110,1\nB;-6,9;110,2\nC;-6,7;110,3\n", "Nama;Desa;Jumlah Bantuan\nX;A;2\n",
     "Desa;Desil\nA;1\nB;2\nC;3\n", "Desa;Alamat\nA;Jl. X\nB;Jl. Y\nC;Jl. Z\n"],
)  # fmt: skip
def test_a_list_that_says_little_is_read(intake, content):
    found = intake(content)
    assert len(found.households) == found.rows
    assert not [note for note in found.notes if "rekapitulasi" in note]


def test_in_doubt_it_is_told(intake):
    found = intake("Desa;Ket\nA;x\nA;y\nA;z\n")
    assert "rekapitulasi" in found.notes[0]

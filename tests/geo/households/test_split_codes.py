"""Codes in parts are joined by their widths, or dropped; never guessed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.households import read_households
from geo.households.split_codes import PARTS, join_codes


def joined(*rows: tuple[str | None, ...]) -> list[str]:
    table = pd.DataFrame(list(rows), columns=[*PARTS, "kode_tertulis"], dtype="str")
    found, _ = join_codes(table)
    assert not {*PARTS} & {*found.columns}
    return found["kode_tertulis"].fillna("").tolist()


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("33", "26", "070", "011"), "3326070011"),
        (("33", "26", "70", "11"), "3326070011"),
        (("11", "1", "20", "1"), "1101020001"),
        (("33", "26", "7", "2001"), "33.26.07.2001"),
        (("33", "26", "07", "1003"), "33.26.07.1003"),
        ((None, "3326", "70", "11"), "3326070011"),
        (("33", "3326", "070", "011"), "3326070011"),
        ((None, None, "3326070", "11"), "3326070011"),
        (("33", "26", "3326070", "011"), "3326070011"),
        ((None, None, "33.26.07", "2001"), "33.26.07.2001"),
        (("[33] JAWA TENGAH", "[26] CONTOH", "[070] CONTOH", "[011] CONTOH"), "3326070011"),
        # the parts contradict, are too long or too few, or no part at all
        (("33", "26", "3327070", "011"), ""),
        (("33", "3526", "070", "011"), ""),
        (("33", "26", "070", "2001"), ""),
        (("33", "26", "332607", "011"), ""),
        (("33", "26", None, "011"), ""),
        (("33", None, "070", "011"), ""),
        ((None, "26", "070", "011"), ""),
        (("3", "26", "070", "011"), ""),
        (("33", "26", "000", "011"), ""),
        (("33", "26", "070", "0"), ""),
        ((None, None, None, "011"), ""),
    ],
)
def test_parts_are_joined_by_their_widths_or_dropped(parts, code):
    assert joined(parts) == [code]


@pytest.mark.parametrize(
    "whole", ["3326070011", "33.26.07.2001", "3326070", "3,32607E+09", "Muara Lor", None]
)
def test_what_is_no_last_part_stays_as_written(whole):
    assert joined(("33", "26", "070", whole), (None, None, None, whole)) == [whole or ""] * 2


@given(st.integers(11, 97), st.integers(1, 99), st.integers(1, 999), st.integers(1, 999))
def test_lost_zeros_make_no_difference(province, kabupaten, kecamatan, desa):
    parts = (f"{province}", f"{kabupaten:02}", f"{kecamatan:03}", f"{desa:03}")
    bare = tuple(str(int(part)) for part in parts)
    assert joined(parts, bare) == ["".join(parts)] * 2


def test_a_sheet_with_codes_in_parts_tells_what_was_joined_and_dropped(tmp_path):
    path = tmp_path / "lembar.csv"
    path.write_text(
        "kode_prov,kode_kab,kode_kec,kode_desa,nama_krt\n33,26,70,11,A\n33,26,7,2001,B\n33,26,,11,C\n",
        encoding="utf-8",
    )
    found = read_households(path)
    assert found.households["kode_tertulis"].fillna("").tolist() == ["3326070011", "33.26.07.2001", ""]
    assert [note.split(" dirangkai")[0].split(" tidak")[0] for note in found.notes] == [
        "Kode desa BPS pada 1 baris",
        "Kode desa Kemendagri pada 1 baris",
        "Kode desa pada 1 baris",
    ]
    assert not {*PARTS} & {*found.households.columns}

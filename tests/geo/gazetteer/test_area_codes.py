"""Codes as sheets write them: cleaned, and read by both lists."""

import pandas as pd
import pytest

from geo.boundaries import Boundaries
from geo.gazetteer.area_codes import AreaCodes, clean_code


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("'9901012001", "9901012001"), ("99.01.01.2001", "99.01.01.2001"), ("99.01.01.2001.0", "99.01.01.2001"),
        ("9901012001,0", "9901012001"), ("99 01 01 2001", "9901012001"), ("9901012001000", "9901012001"),
        ("9901012001\u200f", "9901012001"), ("99.01.01", "99.01.01"), ("990.101", "990101"), ("", ""),
    ],
)  # fmt: skip
def test_a_code_is_cleaned_of_what_programs_add(written, cleaned):
    assert clean_code([written]).to_pylist() == [cleaned]


def test_a_code_may_stand_in_one_list_or_name_only_a_kecamatan(district: Boundaries):
    areas = pd.DataFrame(district.desa.drop(columns="geometry"))
    codes = AreaCodes(areas, pd.Index(areas["kode_kecamatan"].unique()))
    read = codes.read(
        clean_code(["9901012001", "9901020003", "990102", "9901010", "1234567890", "99010200030001", ""])
    )
    assert read.kemendagri.tolist() == [1, -1, -1, -1, -1, -1, -1]
    assert read.bps.tolist() == [-1, 1, -1, -1, -1, 1, -1]
    assert read.kecamatan.tolist() == [-1, -1, 1, 1, -1, -1, -1]
    assert read.foreign.tolist() == [False, False, False, False, True, False, False]


def test_points_are_only_kemendagris(district: Boundaries):
    areas = pd.DataFrame(district.desa.drop(columns="geometry"))
    codes = AreaCodes(areas, pd.Index(areas["kode_kecamatan"].unique()))
    assert codes.read(clean_code(["99.01.02.0003"])).bps.tolist() == [-1]

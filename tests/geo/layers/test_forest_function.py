"""Which polygons of a forest file are no kawasan hutan: words and codes, and a list of what is not known."""

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.layers.forest_function import not_forest

FORESTS = ["HL", "hpt", "HPK", "KSA/KPA", "Hutan Lindung", "Hutan Produksi yang dapat Dikonversi", "Taman Nasional",
           "Hutan Produksi Terbatas (HPT)", "CA Gunung X", "Tahura", "1001", "1003.0", "100240", "Lindung",
           "HP (eks APL)", "Hutan Konservasi", "TWA", "Taman Buru", "Kawasan Hutan"]  # fmt: skip
OTHERS = ["APL", "Areal Penggunaan Lain (APL)", "Areal Penggunaan Lain (Bukan Kawasan Hutan)", "area penggunaan  lain",
          "Bukan Kawasan Hutan", "NON KAWASAN HUTAN", "Di luar kawasan hutan", "APL - Areal Penggunaan Lain", "1007",
          "100700", "1007,0", "Tubuh Air", "Danau/Sungai", "Perairan", "5001", "500300", "Tubuh air (danau)",
          "Areal Penggunaan Lain Kabupaten X", "APL (eks HPK)"]  # fmt: skip
UNKNOWN = ["Kebun rakyat", "7", "1002011", "100201", "HL / APL", "Bukan APL", "Kawasan Konservasi Perairan",
           "Hutan rakyat", "enclave", "", "xyz"]  # fmt: skip


def told(**columns: object) -> tuple[list[bool], str]:
    count = len(next(iter(columns.values())))
    other, note = not_forest(gpd.GeoDataFrame(columns, geometry=[shapely.Point(0, 0)] * count))
    return other.tolist(), note


@pytest.mark.parametrize("heading", ["FUNGSI", "FUNGSIKWS", "Fungsi_Kaw", "KODE_KWS"])
def test_a_column_of_functions_decides(heading):
    other, note = told(**{heading: [*FORESTS, *OTHERS]})
    assert other == [False] * len(FORESTS) + [True] * len(OTHERS)
    assert "tidak dikenal" not in note
    assert note.startswith("areal penggunaan lain (APL) dan tubuh air dalam berkas itu bukan kawasan hutan")


@pytest.mark.parametrize("word", UNKNOWN)
def test_what_is_not_known_counts_as_forest_and_is_listed(word):
    other, note = told(FUNGSI=["HL", word])
    assert other == [False, False]
    assert note == f"fungsi yang tidak dikenal dan dihitung sebagai kawasan hutan: «{word}»"


@pytest.mark.parametrize("codes", [[1001, 1007, 5001, 9], [100100.0, 100700.0, 500100.0, 9.0]])
def test_codes_that_are_numbers(codes):
    other, note = told(FUNGSIKWS=codes)
    assert other == [False, True, True, False]
    assert note.endswith("dihitung sebagai kawasan hutan: «9»")


def test_numbers_under_other_headings_are_no_codes():
    other, note = told(LUAS_FUNGSI=[1007.0, 1001.0], id=[5001, 1007], FUNGSI=["HL", "HP"])
    assert (other, note) == ([False, False], "")


def test_other_columns_tell_where_the_functions_say_nothing():
    other, _ = told(FUNGSI=["9", None, "HL", "8"], ket=["APL", "Tubuh air", "APL", "dekat APL"])
    assert other == [True, True, False, False]
    other, note = told(Name=["Hutan Lindung G. X", "RPH Y", "APL", "Danau"], no=["a", "b", "c", "d"])
    assert other == [False, False, True, False]
    assert note.endswith("kawasan hutan: «RPH Y», «Danau»")


def test_a_function_that_was_is_not_the_one_that_is():
    assert told(FUNGSI_LAMA=["APL", "HPK"], FUNGSI=["HL", "APL"])[0] == [False, True]


def test_a_file_that_names_no_function_says_so():
    note = "berkas itu tidak menyebut fungsi yang dikenal: semua poligonnya dihitung sebagai kawasan hutan"
    assert told(luas=[1.0, 2.0]) == ([False, False], note)
    assert told(desa=["Muara", "Lor"]) == ([False, False], note)


def test_the_list_is_short_and_clean():
    words = [f"\x1b[31m{'z' * 90}{at}\u202e" for at in range(9)]
    note = told(FUNGSI=[str(at) + word for at, word in enumerate(words)])[1]
    assert note.endswith(" dan 4 lainnya")
    assert note.isprintable()
    assert len(note) < 320


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=300), st.sampled_from([*FORESTS, *OTHERS])), min_size=1)
)
def test_any_text_at_all_is_told(cells):
    other, note = told(FUNGSI=cells, ket=cells[::-1])
    assert len(other) == len(cells)
    assert note.isprintable()

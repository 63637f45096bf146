"""Occupations: what registers write, the three official lists, and what must stay unknown."""

import tomllib

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.columns.code_lists import PROFILES
from geo.occupations import OPEN, add_occupation, find_classes, is_said, read_occupations

KNOWN = read_occupations()


def classes(written: str) -> str:
    """Return the classes of an answer as the column writes them."""
    table = add_occupation(pd.DataFrame({"pekerjaan": [written]}), KNOWN)
    return table["occupation"].fillna("").iloc[0]


@pytest.mark.parametrize(
    ("written", "expected"),
    {
        # the list of the KTP, with the numbers that some registers write before the words
        "BELUM/TIDAK BEKERJA": "tidak_bekerja",
        "MENGURUS RUMAH TANGGA": "tidak_bekerja",
        "PELAJAR/MAHASISWA": "tidak_bekerja",
        "PENSIUNAN": "tidak_bekerja",
        "PEGAWAI NEGERI SIPIL (PNS)": "lainnya",
        "TENTARA NASIONAL INDONESIA (TNI)": "lainnya",
        "KEPOLISIAN RI (POLRI)": "lainnya",
        "PERDAGANGAN": "pedagang",
        "PETANI/PEKEBUN": "petani",
        "PETERNAK": "peternak",
        "NELAYAN/PERIKANAN": "nelayan",
        "11. Nelayan/Perikanan": "nelayan",
        "KARYAWAN SWASTA": "karyawan",
        "KARYAWAN HONORER": "karyawan",
        "BURUH HARIAN LEPAS": "buruh",
        "[19] Buruh Harian Lepas": "buruh",
        "BURUH TANI/PERKEBUNAN": "buruh_tani",
        "BURUH NELAYAN/PERIKANAN": "nelayan",
        "BURUH PETERNAKAN": "buruh_tani",
        "PEMBANTU RUMAH TANGGA": "lainnya",
        "TUKANG BATU": "buruh",
        "TUKANG KAYU": "buruh atau lainnya",
        "TUKANG LAS/PANDAI BESI": "buruh atau lainnya",
        "TUKANG JAHIT": "lainnya",
        "SOPIR": "lainnya",
        "WIRASWASTA": "lainnya",
        "PELAUT": "nelayan atau lainnya",
        # the business fields of Regsosek: whose field or boat it is they do not tell
        "01 Pertanian tanaman padi dan palawija": "petani atau buruh_tani",
        "Hortikultura": "petani atau buruh_tani",
        "Perikanan": "nelayan atau petambak",
        "Peternakan": "buruh_tani atau peternak",
        "Kehutanan dan pertanian lainnya": "petani atau buruh_tani",
        "Industri pengolahan": "buruh atau karyawan atau lainnya",
        "Konstruksi": "buruh atau karyawan atau lainnya",
        # BDT 2015
        "04. Perikanan tangkap": "nelayan",
        "05. Perikanan budidaya": "petambak",
        # status in employment
        "Buruh/karyawan/pegawai": "buruh_tani atau buruh atau karyawan",
        "Pekerja bebas di pertanian": "buruh_tani",
        "Pekerja bebas di nonpertanian": "buruh",
    }.items(),
)
def test_the_official_lists_are_read(written: str, expected: str):
    assert classes(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    {
        "nelyan": "nelayan",
        "Nelayaan": "nelayan",
        "ABK": "nelayan",
        "Anak Buah Kapal": "nelayan",
        "Brh. tani": "buruh_tani",
        "Buruh Cangkul": "buruh_tani",
        "buruh di sawah": "buruh_tani",
        "mburuh": "buruh_tani atau buruh",
        "Buruh": "buruh_tani atau buruh",
        "srabutan": "buruh",
        "serabutn": "buruh",
        "kuli bangunan": "buruh",
        "buruh batik": "buruh",
        "pesanggem": "petani",
        "Petani penggarap": "petani",
        "petani hutan": "petani",
        "Petani tambak": "petambak",
        "petani garam": "petambak",
        "bakul iwak": "pedagang",
        "Pedagang ikan": "pedagang",
        "Tidak bekerja lagi": "tidak_bekerja",
        "IRT": "tidak_bekerja",
        "pelayan": "karyawan",  # one letter from nelayan
    }.items(),
)
def test_how_registers_write_them(written: str, expected: str):
    assert classes(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    {
        "Petani/petani penggarap": "petani",
        "petani dan pedagang": "petani atau pedagang",
        "petani, nelayan": "nelayan atau petani",
        "petani merangkap nelayan": "nelayan atau petani",
        "wiraswasta (nelayan)": "nelayan atau lainnya",
        "pensiunan nelayan": "nelayan atau tidak_bekerja",
        "buruh (tani)": "buruh_tani",
        "Petani (pemilik)": "petani",
        "buruh tani/pabrik": "buruh_tani atau buruh",
        "Buruh tani / Petani": "petani atau buruh_tani",
    }.items(),
)
def test_several_occupations_leave_each_of_them_open(written: str, expected: str):
    assert classes(written) == expected


@pytest.mark.parametrize(
    "written",
    ["", " ", "-", "9", "11", "01", "3326010101010001", "mantan nelayan", "bukan petani", "istri nelayan",
     "anak petani", "nelayan (dulu)", "petani, tapi dulu", "melayan", "Slamet", "petani/Slamet", "buruh 2 orang",
     "petani 10", "bertapa", "<b>nelayan</b>", "=cmd|' /C calc'!A0", "nelayan" * 100, "/", "()"],
)  # fmt: skip
def test_what_is_not_sure_stays_unknown(written: str):
    assert classes(written) == ""


def test_a_slip_is_forgiven_once_and_only_in_long_words():
    assert classes("petembak") == "petambak"
    assert classes("serebutan") == "buruh"
    assert classes("srebutan") == ""
    assert classes("patuni") == ""


def test_every_phrase_of_the_file_means_what_the_file_says():
    with (PROFILES / "pekerjaan.toml").open("rb") as file:
        table = tomllib.load(file)
    listed = [
        (phrase, frozenset(names.split(", ")))
        for part in ("words", "starts")
        for names, phrases in table[part].items()
        for phrase in phrases
    ]
    assert len({phrase for phrase, _ in listed}) == len(listed)
    assert {name for _, names in listed for name in names} == set(table["titles"])
    assert [phrase for phrase, names in listed if find_classes(KNOWN, phrase) != names] == []


@given(st.text(max_size=300))
@example("\u202eNelayan")
@example("a" * 250)
@example("(((((((((((")
@example("dan dan dan")
@example("buruh//")
def test_any_text_gives_known_classes_or_none(written: str):
    assert find_classes(KNOWN, written) <= set(KNOWN.titles)


@given(
    st.sampled_from(sorted(KNOWN.starts)),
    st.sampled_from(["{}", " {}  ", "{}.", "12. {}", "\u200b{}", "*{}*"]),
)
def test_signs_codes_and_capitals_change_nothing(phrase: str, frame: str):
    assert find_classes(KNOWN, frame.format(phrase.upper())) == KNOWN.starts[phrase]


@given(
    st.lists(st.sampled_from(["Petani", "nelayan", "buruh", "?", "Slamet", None, "perikanan"]), max_size=12)
)
def test_a_column_is_read_cell_by_cell(cells: list[str | None]):
    written = pd.Series(cells, index=range(5, 5 + len(cells)), dtype="str")
    table = add_occupation(pd.DataFrame({"pekerjaan": written}), KNOWN)
    assert table.index.equals(written.index)
    for cell, occupation in zip(cells, table["occupation"], strict=True):
        found = find_classes(KNOWN, cell or "")
        assert pd.isna(occupation) if not found else set(occupation.split(OPEN)) == found


def test_without_the_column_nothing_is_known():
    table = add_occupation(pd.DataFrame({"kode_desa": ["a", "b"]}), KNOWN)
    assert table["occupation"].isna().all()
    assert str(table["occupation"].dtype) == "str"


def test_further_words_count_before_the_shipped_ones():
    told = KNOWN.with_words({"9": frozenset(["petani"]), "swasta": frozenset(["buruh"])})
    assert find_classes(told, "9") == {"petani"}
    assert find_classes(told, " 09 ") == find_classes(told, "9.0") == {"petani"}
    assert find_classes(told, "90") == frozenset()
    assert find_classes(told, "Swasta") == {"buruh"}
    assert find_classes(KNOWN, "Swasta") == {"karyawan"}


def test_a_sign_for_nothing_is_no_answer():
    assert (
        is_said(pd.Series(["Petani", "-", "", None, "TIDAK TAHU", "n/a"], dtype="str")).tolist()
        == [True] + [False] * 5
    )

"""Headings: known ones read, doubtful ones asked for, never guessed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.columns.choice import ColumnChoice
from geo.columns.code_lists import STANDARD
from geo.errors import UnknownColumns
from geo.households.recognition import recognise, understand
from geo.households.understanding import Understanding
from geo.households.vocabulary import BY_SLIP, vocabulary

LISTED = [
    ("N I K", "nik"), ("No. NIK", "nik"), ("NIK *)", "nik"), ("NIK (wajib)", "nik"), ("NIK (16 digit)", "nik"),
    ("12. NIK", "nik"), ("Kepala Keluarga NIK", "nik"), ("NoKK", "no_kk"), ("Nm. Kepala Keluarga", "nama"),
    ("A. Nama", "nama"), ("ruta_nama_krt", "nama"), ("Kel./Desa", "desa_tertulis"), ("Ds.", "desa_tertulis"),
    ("Kampung/Kelurahan", "desa_tertulis"), ("Dsn.", "dusun"), ("Distrik", "kecamatan_tertulis"),
    ("Alamat Desa", "desa_tertulis"),
    ("Alamat Rumah", "alamat"), ("Titik Koordinat (Lat)", "lintang"), ("Koord. X", "bujur"),
    ("Koordinat (Y)", "lintang"),
    ("Jml Jiwa", "jumlah_art"), ("Status Lantai", "jenis_lantai"), ("ruta_sta_lantai", "jenis_lantai"),
    ("Sumber Air Minum Utama", "sumber_air"), ("Tempat Pembuangan Tinja", "buang_tinja"), ("r.303", "jenis_lantai"),
    ("B3_309a", "fasilitas_bab"), ("Q309b", "jenis_kloset"), ("309. a", "fasilitas_bab"), ("302", "luas_lantai"),
    ("303 (Material)", "jenis_lantai"), ("R. 305 Atap", "jenis_atap"), ("Luas Lantai m²", "luas_lantai"),
    ("R T", "rt"), ("RT / RW", "rt_rw"), ("Desil (DTSEN)", "desil"), ("Kode Desa (10 digit)", "kode_tertulis"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "meaning"), LISTED)
def test_headings_as_offices_write_them(heading, meaning):
    assert vocabulary(STANDARD).read(heading).meaning == meaning


@pytest.mark.parametrize(
    "heading",
    ["No", "301a", "R301A", "Nama Ibu Kandung", "No. KKS", "Kondisi Rumah", "Kelayakan Jamban", "Tempat Lahir",
     "Luas Lantai per Kapita (m2)", "Jenis Penyakit", "Jenis Latar", "Catatan", "(kolom 303)", "Baris di lembar",
     "", "???"],
)  # fmt: skip
def test_headings_of_other_things_are_left(heading):
    assert vocabulary(STANDARD).read(heading).meaning == ""
    assert vocabulary(STANDARD).slip(heading) == "" or vocabulary(STANDARD).read(heading).note


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("Kecamatn", "kecamatan_tertulis"), ("Kelurhan", "desa_tertulis"), ("Jenis Lantay", "jenis_lantai"),
     ("Dsa", ""), ("NIKK", ""), ("Rantai", ""), ("Nomor KKS", ""), ("Kecmtn", "")],
)  # fmt: skip
def test_only_one_slip_in_a_long_word_is_unmistakable(heading, meaning):
    assert vocabulary(STANDARD).slip(heading) == meaning


def look(*headings: str, choice: ColumnChoice | None = None, **cells: list[str | None]) -> Understanding:
    table = pd.DataFrame(
        {text: pd.Series(cells.get(text.replace(" ", "_"), ["x"]), dtype="str") for text in headings}
    )
    return understand(list(headings), choice or ColumnChoice(), STANDARD, table)


def test_a_slip_is_taken_with_a_note_and_only_where_nothing_else_has_the_meaning():
    found = look("Desa", "Kecamatn")
    assert found.meanings["kecamatan_tertulis"] == "Kecamatn"
    assert found.headings[1].how == BY_SLIP
    assert "salah ketik" in found.notes[0]
    assert look("Desa", "Kecamatan", "Kecamatn").meanings["kecamatan_tertulis"] == "Kecamatan"


@pytest.mark.parametrize(
    ("headings", "winner"),
    [(("Desa KTP", "Desa Domisili"), "Desa Domisili"), (("Desa KTP", "Desa"), "Desa"),
     (("Desa", "Desa Domisili"), "Desa Domisili"), (("Desa KTP",), "Desa KTP")],
)  # fmt: skip
def test_the_place_of_the_house_goes_before_that_of_the_papers(headings, winner):
    found = look("Nama", *headings)
    assert found.meanings["desa_tertulis"] == winner
    assert found.faults == ()
    assert len(found.notes) == len(headings) - 1


def test_an_empty_column_loses_and_equal_ones_are_one():
    cells = {"Desa": ["A"], "Kelurahan": [None]}
    assert look("Desa", "Kelurahan", **cells).meanings["desa_tertulis"] == "Desa"
    assert look("Desa", "Desa Domisili", Desa=["A"], Desa_Domisili=[None]).meanings["desa_tertulis"] == "Desa"
    assert look("Desa", "Kelurahan", Desa=["A"], Kelurahan=["A"]).meanings["desa_tertulis"] == "Desa"


def test_two_filled_columns_of_one_meaning_are_never_guessed_between():
    found = look("Desa", "Kelurahan", "NIK", Desa=["A"], Kelurahan=["B"])
    assert "desa_tertulis" not in found.meanings
    assert "mengaku satu arti" in found.faults[0]
    chosen = ColumnChoice({"desa_tertulis": "Kelurahan"})
    assert look("Desa", "Kelurahan", choice=chosen, Desa=["A"], Kelurahan=["B"]).faults == ()
    ignored = ColumnChoice(ignored=("Desa",))
    found = look("Desa", "Kelurahan", choice=ignored, Desa=["A"], Kelurahan=["B"])
    assert found.meanings["desa_tertulis"] == "Kelurahan"
    assert found.headings[0].note == "diabaikan atas pilihan"


def test_every_fault_is_told_at_once_with_the_nearest_candidates():
    found = look("Nama", "Lintang", "Garis Bujurr", "Jenis Lantai", "Jenis Dinding", "Bahan Atapnya", "NIK",
                 "Nomor KTP",
                 NIK=["1"], Nomor_KTP=["2"])  # fmt: skip
    assert len(found.faults) == 3 - (found.meanings.get("bujur") is not None)
    with pytest.raises(UnknownColumns) as fault:
        found.require()
    assert "«Bahan Atapnya»" in str(fault.value)
    assert "«NIK», «Nomor KTP»" in str(fault.value)


def test_a_choice_that_contradicts_itself_is_refused():
    with pytest.raises(UnknownColumns, match="dua kali"):
        look("Desa", choice=ColumnChoice({"desa_tertulis": "Desa"}, ("Desa",)))


@given(st.lists(st.text(max_size=30), unique=True, max_size=8))
def test_any_headings_are_understood_or_refused(headings):
    found = understand(headings, ColumnChoice(), STANDARD)
    assert [heading.text for heading in found.headings] == headings
    assert len(set(found.meanings.values())) == len(found.meanings)
    if found.faults:
        with pytest.raises(UnknownColumns, match=r".{20}"):
            recognise(headings)
    else:
        assert recognise(headings) == found.meanings


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("Sanitasi BAB", "fasilitas_bab"), ("Punya Jamban", "fasilitas_bab"), ("Jamban/WC", "fasilitas_bab"),
     ("Memiliki Fasilitas Buang Air Besar", "fasilitas_bab"), ("nm_kel", "desa_tertulis"),
     ("kel_domisili", "desa_tertulis"), ("NIK_KEP_KEL", "nik"), ("Nama Pengurus", "nama"),
     ("kode_dagri", "kode_tertulis"), ("Peringkat Desil", "desil"), ("Hub. Keluarga", "hubungan"),
     ("Nama Ibu Kandung", ""), ("Status Perkawinan", "")],
)  # fmt: skip
def test_further_headings(heading, meaning):
    assert vocabulary(STANDARD).read(heading).meaning == meaning


def test_a_weak_heading_over_something_else_is_dropped_and_told():
    found = look("Desa", "Anggota Keluarga", Anggota_Keluarga=["ANI, BUDI"])
    assert "jumlah_art" not in found.meanings
    assert "«Anggota Keluarga»" in found.notes[0]
    assert (
        look("Desa", "Anggota Keluarga", Anggota_Keluarga=["4"]).meanings["jumlah_art"] == "Anggota Keluarga"
    )
    assert look("Desa", "Jumlah Jiwa", Jumlah_Jiwa=["banyak"]).meanings["jumlah_art"] == "Jumlah Jiwa"


def test_an_indicator_that_lacks_its_column_is_told():
    found = look("Desa", "Jenis Kloset", Jenis_Kloset=["1"])
    assert any("tidak dihitung" in note and "Jenis kloset" in note for note in found.notes)
    assert look("Desa").notes == ()


def test_a_business_field_yields_to_the_occupation(intake):
    found = intake("Nama;Desa;Pekerjaan;Lapangan Usaha\nANI;A;Nelayan;Perikanan\n")
    assert found.headings["pekerjaan"] == "Pekerjaan"
    assert intake("Nama;Desa;Lapangan Usaha\nANI;A;Perikanan\n").headings["pekerjaan"] == "Lapangan Usaha"


def test_kampung_beside_distrik_is_the_desa_as_in_papua():
    assert look("Kampung", "Distrik").meanings == {
        "desa_tertulis": "Kampung",
        "kecamatan_tertulis": "Distrik",
    }
    assert "dianggap desa" in " ".join(look("Kampung", "Distrik").notes)


@pytest.mark.parametrize("headings", [("Desa", "Kampung", "Distrik"), ("Kampung", "Kecamatan", "Alamat")])
def test_kampung_elsewhere_is_a_part_of_a_desa(headings):
    assert look(*headings).meanings["dusun"] == "Kampung"


def test_kampung_is_no_desa_where_the_desa_is_said_for_all_rows():
    found = look("Kampung", "Distrik", choice=ColumnChoice(constants={"desa_tertulis": "Sukamaju"}))
    assert found.meanings["dusun"] == "Kampung"


def test_ds_gives_way_to_desa():
    assert look("Desa", "Ds.").meanings == {"desa_tertulis": "Desa"}


def test_an_indicator_with_some_of_its_columns_names_them_and_can_be_left_out():
    found = look("Desa", "Jenis lantai terluas", "Tempat BAB")
    (part,) = found.partial
    assert part.headings == ("Jenis lantai terluas",)
    assert "abaikan di sana «Jenis lantai terluas»" in found.faults[-1]
    without = look("Desa", "Jenis lantai terluas", "Tempat BAB", choice=ColumnChoice(ignored=part.headings))
    assert without.faults == without.partial == ()
    assert "fasilitas_bab" in without.meanings

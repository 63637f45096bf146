"""Headings of two meanings, material and condition: the cells decide, and where they cannot, nothing is guessed."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.columns.answers import read_answers
from geo.columns.choice import ColumnChoice
from geo.columns.code_lists import STANDARD
from geo.households.content import TWO_LISTS
from geo.households.recognition import understand
from geo.households.understanding import Understanding
from geo.households.vocabulary import known_columns, vocabulary
from geo.settings import IndicatorSettings

PARTS = ("Pondasi", "Sloof", "Kolom", "Ring balok", "Rangka atap", "Lantai", "Dinding", "Jendela", "Ventilasi",
         "Plafon", "Penutup atap")  # fmt: skip
WORDS = ["Layak", "Menuju Layak", "Agak layak", "Kurang layak", None]
MATERIALS = {"Jenis Lantai": ["keramik"], "Jenis Dinding": ["tembok"], "Jenis Atap": ["genteng"]}


def look(columns: dict[str, list[str | None]], profile: str = "bps_sdg", **choice: str) -> Understanding:
    rows = max(map(len, columns.values()))
    every = {"Desa": ["Muara Lor"]} | columns
    cells = pd.DataFrame(
        {text: pd.Series((answers * rows)[:rows], dtype="str") for text, answers in every.items()}
    )
    chosen = IndicatorSettings(rtlh_profile=profile)
    return understand(list(cells.columns), ColumnChoice(columns=choice), STANDARD, cells, chosen)


def test_the_survey_of_pupr_is_understood_without_materials():
    found = look(dict.fromkeys(PARTS, WORDS), "pupr_spm")
    assert not found.faults
    assert found.meanings == {
        "desa_tertulis": "Desa", "pondasi": "Pondasi", "sloof": "Sloof", "kolom": "Kolom", "ring_balok": "Ring balok",
        "rangka_atap": "Rangka atap", "kondisi_dinding": "Dinding", "kondisi_lantai": "Lantai",
        "kondisi_atap": "Penutup atap", "jendela": "Jendela", "ventilasi": "Ventilasi", "plafon": "Plafon",
    }  # fmt: skip
    assert any("«Lantai»: isinya kondisi, bukan bahan" in note for note in found.notes)


def test_survey_and_materials_stand_side_by_side():
    found = look(dict.fromkeys(PARTS, WORDS) | MATERIALS)
    assert not found.faults
    assert found.meanings["jenis_lantai"] == "Jenis Lantai"
    assert found.meanings["kondisi_lantai"] == "Lantai"


def test_bare_headings_over_materials_stay_materials():
    found = look({"Lantai": ["tanah"], "Dinding": ["tembok"], "Atap": ["genteng"]})
    assert {"jenis_lantai", "jenis_dinding", "jenis_atap"} <= {*found.meanings}
    codes = look({"Lantai": ["1", "2"], "Dinding": ["1", "3"], "Atap": ["2"]})
    assert {"jenis_lantai", "jenis_dinding", "jenis_atap"} <= {*codes.meanings}


def test_numbers_under_a_bare_heading_of_a_survey_are_not_guessed():
    digits: list[str | None] = ["1", "2", "3", "4", "5"]
    found = look(dict.fromkeys(PARTS, digits), "pupr_spm")
    assert not {"jenis_lantai", "kondisi_lantai", "jenis_atap", "kondisi_atap"} & {*found.meanings}
    assert sum(TWO_LISTS in note for note in found.notes) == 3
    assert not found.faults
    chosen = look(dict.fromkeys(PARTS, digits), "pupr_spm", kondisi_lantai="Lantai")
    assert chosen.meanings["kondisi_lantai"] == "Lantai"
    # 8 is no level: a code of materials
    codes = look(dict.fromkeys(PARTS, digits) | {"Lantai": ["2", "8"]}, "pupr_spm")
    assert codes.meanings["jenis_lantai"] == "Lantai"


def test_a_condition_heading_over_materials_is_a_material():
    found = look(
        {"Kondisi Lantai": ["tanah", "keramik"], "Kondisi Dinding": ["tembok"], "Kondisi Atap": ["genteng"]}
    )
    assert {"jenis_lantai", "jenis_dinding", "jenis_atap"} <= {*found.meanings}
    beside = look(MATERIALS | {"Kondisi Lantai": ["keramik"]})
    assert beside.meanings["jenis_lantai"] == "Jenis Lantai"
    assert "kondisi_lantai" not in beside.meanings


def test_a_column_that_answers_otherwise_is_left_and_costs_nothing_else():
    found = look(MATERIALS | {"Pondasi": ["ada", "tidak ada"], "Plafon": ["triplek"], "Ventilasi": ["cukup"]})
    assert not {"pondasi", "plafon", "ventilasi"} & {*found.meanings}
    assert not found.faults
    assert sum("barangkali berarti lain" in note for note in found.notes) == 3


def test_numbers_of_another_list_cost_the_column_and_single_slips_their_row():
    many = look(MATERIALS | {"Kondisi Lantai": ["2", "6", "8", "9", "5", "7", "1", "6"]})
    assert "kondisi_lantai" not in many.meanings
    one = look(MATERIALS | {"Kondisi Lantai": ["2", "3", "4", "9", "5", "1", "1", "3"]})
    assert one.meanings["kondisi_lantai"] == "Kondisi Lantai"


def test_an_empty_column_of_a_survey_is_no_survey():
    found = look({"Luas Lantai": ["30"], "Jumlah ART": ["4"], "Pondasi": [None]})
    assert "pondasi" not in found.meanings
    assert any("RTLH (indikasi) tidak dihitung" in note for note in found.notes)


def test_two_columns_of_one_part_cost_that_part_alone():
    found = look(MATERIALS | {"Kondisi Atap": ["baik"], "Kondisi Penutup Atap": ["rusak berat"]})
    assert not found.faults
    assert "kondisi_atap" not in found.meanings
    assert any("beberapa kolom mengaku satu arti" in note for note in found.notes)
    kusen = look(MATERIALS | {"Jendela": ["baik"], "Kusen": ["rusak berat"]})
    assert kusen.meanings["jendela"] == "Jendela"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.sampled_from(
                ["layak", "Kurang Layak", "1", "2", "5", "9", "tanah", "-", "", "0,5", "6 %", "x" * 300]
            ),
            st.text(max_size=12),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_cells_are_understood_without_a_fall(answers: list[str | None]):
    columns = [*PARTS, "Kondisi Atap", "Tinggi Plafon", "Pencahayaan (%)", "Luas Ventilasi"]
    cells = pd.DataFrame({text: pd.Series(answers, dtype="str") for text in ("Desa", *columns)})
    found = understand(list(cells.columns), ColumnChoice(), STANDARD, cells)
    assert {heading.text for heading in found.headings} == {*cells.columns}
    assert len({*found.meanings}) == len(found.meanings.values())
    known = {column.name: column for column in known_columns()}
    for meaning, heading in found.meanings.items():
        read = read_answers(known[meaning], cells[heading])
        assert not (read.value.notna() & read.fault.notna()).any()


def test_the_unit_of_a_heading_tells_a_measure_from_a_condition():
    found = look(MATERIALS | {"Ventilasi (%)": ["6", "8"]})
    assert found.meanings["persen_ventilasi"] == "Ventilasi (%)"
    assert look(MATERIALS | {"Ventilasi (m2)": ["1,2"]}).meanings["luas_ventilasi"] == "Ventilasi (m2)"
    assert look(MATERIALS | {"Pencahayaan (%)": ["12"]}).meanings["persen_pencahayaan"] == "Pencahayaan (%)"
    bare = look(MATERIALS | {"Pencahayaan": ["12"]})
    assert not {"luas_pencahayaan", "persen_pencahayaan"} & {*bare.meanings}
    assert any("satuan" in note for note in bare.notes)


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Penilaian Kelayakan - Lantai", "kondisi_lantai"), ("Non Struktur - Penutup Atap", "kondisi_atap"),
        ("Kondisi Rumah, Atap", "kondisi_atap"), ("KOMPONEN Ring Balok", "ring_balok"), ("Struktur Kolom", "kolom"),
        ("kd_kondisi_dinding", "kondisi_dinding"), ("Kuda-kuda", "rangka_atap"), ("1. Pondasi", "pondasi"),
        ("Kualitas Atap", "kondisi_atap"), ("Tinggi Plafon (m)", "tinggi_plafon"), ("Nama Kolom", ""), ("Kondisi", ""),
        ("Kondisi Rumah, Jenis Lantai", "jenis_lantai"), ("Kelayakan Sumber Air Minum", ""), ("Kolom 3", ""),
    ],
)  # fmt: skip
def test_headings_of_a_survey(heading: str, meaning: str):
    assert vocabulary(STANDARD).read(heading).meaning == meaning


def test_what_is_required_hangs_on_the_definition():
    partial: dict[str, list[str | None]] = {
        "Luas Lantai": ["30"],
        "Jumlah ART": ["4"],
        "Jenis Lantai": ["keramik"],
    }
    assert any("sebagian kolom saja" in fault for fault in look(partial).faults)
    assert not look(partial, "pupr_spm").faults
    silent = look({"Luas Lantai": ["30"], "Jumlah ART": ["4"]})
    assert any("RTLH (indikasi) tidak dihitung" in note for note in silent.notes)
    assert not look({"Luas Lantai": ["30"], "Jumlah ART": ["4"]}, "pupr_spm").notes


def test_a_survey_under_a_definition_of_materials_is_told():
    found = look(dict.fromkeys(PARTS, WORDS), "sepakat")
    assert any("punya kolom survei, tetapi tidak «Jenis atap»" in note for note in found.notes)

"""The sanitation ladder against the complete golden tables, and against every completion of its blanks."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import sanitation

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
CODES = ["fasilitas_bab", "jenis_kloset", "buang_tinja"]
NEED = {"ya": False, "tidak": True, "?": None}
BLANKS = {"jenis_kloset": range(1, 5), "buang_tinja": range(1, 7), "zone_urban": ("perkotaan", "luar")}

one_house = st.fixed_dictionaries(
    {
        "fasilitas_bab": st.sampled_from([None, *range(1, 7)]),
        "jenis_kloset": st.sampled_from([None, *range(1, 5)]),
        "buang_tinja": st.sampled_from([None, *range(1, 7)]),
        "zone_urban": st.sampled_from(["perkotaan", "luar", "tidak diketahui"]),
        "sedot_tinja": st.sampled_from([None, 0, 1]),
    }
)


def golden(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLDEN / name, dtype="str")


def codes(table: pd.DataFrame) -> pd.DataFrame:
    numbers = [*CODES, *({"sedot_tinja"} & {*table.columns})]
    return table.assign(**{name: table[name].astype("Float64").astype("Int8") for name in numbers})


def layak(households: pd.DataFrame) -> list[bool | None]:
    return [None if pd.isna(found) else bool(found) for found in sanitation.layak(households)]


def one(**answers: object) -> pd.DataFrame:
    return codes(pd.DataFrame([answers]))


def completions(house: dict[str, object]) -> pd.DataFrame:
    """Return a row for every answer that the blanks of a house may have."""
    open_ones = {
        name: answers for name, answers in BLANKS.items() if house[name] in {None, "tidak diketahui"}
    }
    rows = [
        {**house, **dict(zip(open_ones, row, strict=True))} for row in itertools.product(*open_ones.values())
    ]
    return codes(pd.DataFrame(rows))


def test_every_combination_of_codes_and_blanks_has_the_step_and_the_need_of_the_golden_file():
    table = golden("jamban.csv")
    assert len(table.drop_duplicates([*CODES, "zone_urban"])) == 7 * 5 * 7 * 3
    assert sanitation.ladder(codes(table)).tolist() == table["tangga"].tolist()
    assert layak(codes(table)) == table["need_jamban"].map(NEED).tolist()


def test_a_sheet_that_asks_about_emptying_has_the_steps_of_its_golden_file():
    table = golden("jamban_aman.csv")
    table["sedot_tinja"] = table["sedot_tinja"].map({"ya": "1", "tidak": "0"})
    assert sanitation.ladder(codes(table)).tolist() == table["tangga"].tolist()


def test_aman_is_never_said_where_the_sheet_does_not_ask_about_emptying():
    table = codes(golden("jamban.csv"))
    for asked in (table, table.assign(sedot_tinja=pd.array([pd.NA] * len(table), "Int8"))):
        assert sanitation.AMAN not in set(sanitation.ladder(asked))


@pytest.mark.parametrize(
    ("closet", "disposal", "emptied", "step"),
    [(1, 1, 1, "aman"), (1, 1, 0, "layak sendiri"), (1, 2, 0, "aman"), (1, 2, None, "layak sendiri"),
     (1, 4, 1, "layak sendiri"), (4, 1, 1, "belum layak"), (1, None, 1, "tidak diketahui")],
)  # fmt: skip
def test_an_answer_about_emptying_tells_aman_from_layak(closet, disposal, emptied, step):
    answers = {"fasilitas_bab": 1, "jenis_kloset": closet, "buang_tinja": disposal, "sedot_tinja": emptied}
    assert sanitation.ladder(one(**answers, zone_urban="luar")).tolist() == [step]


@given(one_house)
def test_a_blank_is_what_every_answer_in_its_place_would_say(house):
    step, access = sanitation.ladder(one(**house))[0], layak(one(**house))[0]
    if house["fasilitas_bab"] is None:
        assert (step, access) == (sanitation.UNKNOWN, None)
        return
    whole = completions(house)
    steps, needs = set(sanitation.ladder(whole)), set(layak(whole))
    assert sanitation.UNKNOWN not in steps
    assert step == (steps.pop() if len(steps) == 1 else sanitation.UNKNOWN)
    assert access == (needs.pop() if len(needs) == 1 else None)


@given(one_house, st.data())
def test_learning_a_blank_never_turns_a_known_need_round(house, data):
    before = layak(one(**house))[0]
    learned = dict(house)
    answers = {"fasilitas_bab": range(1, 7), **BLANKS, "sedot_tinja": (0, 1)}
    for name, possible in answers.items():
        if house[name] in {None, "tidak diketahui"} and data.draw(st.booleans(), label=name):
            learned[name] = data.draw(st.sampled_from(list(possible)), label=name)
    after = layak(one(**learned))[0]
    assert before in {None, after}


def test_the_reason_names_facts_or_what_is_missing_and_says_nothing_of_a_layak_one():
    table = codes(golden("jamban.csv"))
    why, access = sanitation.reasons(table), sanitation.layak(table)
    assert (why[access.fillna(value=False)] == "").all()
    assert why[access.isna()].str.fullmatch(r"belum ada data: \w.*\w").all()
    assert why[~access.fillna(value=True)].str.len().min() > 5
    assert not why[~access.fillna(value=True)].str.contains("belum ada data").any()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ((4, 1, 1, "luar"), "MCK umum"),
        ((1, 4, 1, "luar"), "sendiri, cemplung/cubluk"),
        ((1, 4, None, "luar"), "sendiri, cemplung/cubluk"),
        ((1, 1, 4, "perkotaan"), "sendiri, lubang tanah di desa perkotaan"),
        ((2, 1, 5, "luar"), "bersama keluarga tertentu, buang tinja ke pantai/tanah lapang/kebun"),
        ((3, 2, 6, "luar"), "MCK komunal, plengsengan dengan tutup, pembuangan akhir tinja lainnya"),
        ((6, None, None, "luar"), "tidak ada fasilitas BAB"),
        ((5, 1, 1, "luar"), "ada fasilitas BAB, tetapi tidak digunakan"),
        ((None, 1, 1, "luar"), "belum ada data: fasilitas BAB"),
        ((1, None, None, "luar"), "belum ada data: jenis kloset, pembuangan akhir tinja"),
        ((1, 1, 4, "tidak diketahui"), "belum ada data: status perkotaan atau perdesaan desa"),
    ],
)
def test_reasons_in_words(answers, words):
    house = one(**dict(zip([*CODES, "zone_urban"], answers, strict=True)))
    assert sanitation.reasons(house).tolist() == [words]


def test_no_household_gives_no_step_and_the_index_is_kept():
    table = codes(golden("jamban.csv"))
    for measure in (sanitation.ladder, sanitation.layak, sanitation.reasons):
        assert measure(table.iloc[:0]).empty
        assert measure(table.iloc[[5, 3]]).index.tolist() == [5, 3]


def test_a_desa_without_a_word_about_its_status_is_of_unknown_status():
    house = one(fasilitas_bab=1, jenis_kloset=1, buang_tinja=4, zone_urban=np.nan)
    assert layak(house) == [None]

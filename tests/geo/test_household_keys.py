"""Tests that a household is found again in the next register, and no other is taken for it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.household_keys import KEYS, compare_keys, household_keys, match_keys

SECRET = "hanya di sini"  # noqa: S105
COLUMNS = ["id_keluarga", "no_kk", "nik", "nama", "kode_desa"]


def _register(count: int = 60) -> pd.DataFrame:
    """Return households that are all different in everything."""
    serial = range(1, count + 1)
    return pd.DataFrame(
        {
            "id_keluarga": [f"KEL-{7 * one + 1000:05d}" for one in serial],
            "no_kk": [f"9926010101{one:05d}7" for one in serial],
            "nik": [f"9926020202{one:05d}3" for one in serial],
            "nama": [f"Warga {chr(97 + one % 26)}{chr(97 + one // 26)}x" for one in serial],
            "kode_desa": [f"99.26.01.{2000 + one % 7:04d}" for one in serial],
        },
        dtype="str",
    )


def _keys(persons: pd.DataFrame) -> pd.DataFrame:
    return household_keys(persons, SECRET)


def test_the_keys_hold_nothing_of_what_they_are_made_from():
    keys = _keys(_register())
    assert list(keys.columns) == list(KEYS)
    every = keys.melt()["value"]
    assert every.str.fullmatch(r"[0-9a-f]{64}").all()
    assert every.is_unique


def test_keys_of_two_installations_and_of_two_kinds_never_meet():
    register = _register().assign(nik=_register()["no_kk"])
    here, there = household_keys(register, "a"), household_keys(register, "b")
    assert not (here == there).to_numpy().any()
    assert not (here["key_kk"] == here["key_nik"]).any()


@pytest.mark.parametrize(
    "number",
    [
        "0000000000000000",
        "",
        "-",
        "123",
        "3,326E+15",
        "1111111111111111",
        "1234567890123456",
        "9926010101000000",
    ],
)
@pytest.mark.parametrize("column", ["no_kk", "nik"])
def test_a_number_that_identifies_nobody_is_no_key(number: str, column: str):
    register = _register()
    register.loc[3, column] = number
    keys = _keys(register)
    assert keys["key_kk" if column == "no_kk" else "key_nik"].isna().tolist() == [
        row == 3 for row in range(60)
    ]


def test_a_number_marked_as_damaged_is_no_key():
    register = _register().assign(nik_mark="", no_kk_mark="")
    register.loc[5, "nik_mark"] = "rusak: angka terakhir hilang"
    assert _keys(register)["key_nik"].isna().sum() == 1


def test_what_stands_for_several_households_is_no_key():
    register = _register()
    register.loc[[2, 9], COLUMNS[:3]] = register.loc[2, COLUMNS[:3]].to_numpy()
    keys = _keys(register)
    assert keys.loc[[2, 9], ["key_id", "key_kk", "key_nik"]].isna().to_numpy().all()
    assert keys["key_name"].notna().all()


def test_capitals_titles_and_spaces_do_not_change_a_key():
    register = _register()
    other = register.assign(
        nama="H. " + register["nama"].str.upper() + "  S.Pd",
        id_keluarga=register["id_keluarga"].str.lower().str.replace("-", " "),
    )
    pd.testing.assert_frame_equal(_keys(register), _keys(other))


def test_a_register_without_some_columns_has_keys_of_the_others():
    keys = _keys(_register()[["nama", "kode_desa"]])
    assert keys.notna().sum().tolist() == [0, 0, 0, 60]


@given(st.permutations(range(60)), st.integers(0, 60))
@settings(max_examples=25, deadline=None)
def test_a_shuffled_register_from_which_some_left_finds_each_who_stayed(order: list[int], stayed: int):
    register = _register()
    new = register.iloc[order[:stayed]]
    match = match_keys(_keys(register), _keys(new))
    expected = pd.Series(register.index, dtype="Int64").where(register.index.isin(order[:stayed]))
    pd.testing.assert_series_equal(match, expected, check_names=False)


def _damaged(register: pd.DataFrame, columns: list[str], seed: int) -> pd.DataFrame:
    """Return a register in which each household has lost or mistyped one of some columns."""
    random = np.random.default_rng(seed)
    new, which = register.copy(), random.integers(0, len(columns), len(register))
    for place, column in enumerate(columns):
        mine = which == place
        if column in {"no_kk", "nik"}:
            new.loc[mine, column] = (
                new.loc[mine, column].str.slice(stop=10) + "99" + new.loc[mine, column].str[12:]
            )
        else:
            new.loc[mine, column] = random.choice(["", "salah tulis"], mine.sum())
    return new


@given(st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_one_slip_in_each_household_never_leads_to_another(seed: int):
    register = _register()
    match = match_keys(_keys(register), _keys(_damaged(register, COLUMNS, seed)))
    assert match.notna().all()
    assert (match == register.index).all()


@given(
    st.lists(st.sampled_from(COLUMNS), min_size=60, max_size=60),
    st.permutations(range(60)),
    st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_whatever_is_mixed_up_nobody_is_matched_against_two_numbers_of_theirs(columns, order, seed):
    register = _register()
    new = _damaged(register, COLUMNS, seed)
    for row, column in enumerate(columns):  # one column of each household is that of somebody else
        new.loc[row, column] = register.loc[order[row], column]
    old_keys, new_keys = _keys(register), _keys(new)
    found = compare_keys(old_keys, new_keys)
    sure = found["match"].notna()
    assert not (sure & (found["doubt"] != "")).any()
    assert found.loc[sure, "match"].is_unique
    ours = old_keys[sure].to_numpy(object)
    theirs = new_keys.loc[found.loc[sure, "match"]].to_numpy(object)
    assert (ours == theirs).any(axis=1).all()


def test_register_numbers_given_out_anew_are_not_believed():
    register = _register()
    new = register.assign(id_keluarga=np.roll(register["id_keluarga"], 1))
    found = compare_keys(_keys(register), _keys(new))
    assert (found["match"] == register.index).all()
    assert set(found["how"]) == {"key_kk"}


def test_a_household_that_moved_is_found_by_its_numbers():
    register = _register()
    new = register.assign(kode_desa="99.26.02.2001")
    assert (match_keys(_keys(register), _keys(new)) == register.index).all()


def test_a_family_that_split_is_left_to_a_person():
    register = _register()[COLUMNS[1:]]
    old = register.copy()
    wife = register.loc[4].replace(
        {register.loc[4, "nik"]: "9926420202000553", register.loc[4, "nama"]: "Istri"}
    )
    register.loc[4, "no_kk"] = "9926010101777777"  # he has a KK of his own now
    new = pd.concat([register, wife.to_frame().T], ignore_index=True)
    found = compare_keys(_keys(old), _keys(new))
    assert found.loc[4, ["match", "doubt"]].tolist() == [pd.NA, "berlawanan"]
    assert (found["match"].drop(4) == old.index.drop(4)).all()


def test_two_families_that_became_one_are_left_to_a_person():
    register = _register()
    old = register.copy()
    register.loc[4, "no_kk"], register.loc[4, ["id_keluarga"]] = old.loc[5, "no_kk"], ""
    register.loc[4, "nama"] = "Lain"
    old.loc[5, ["id_keluarga", "nik", "nama"]] = None
    old.loc[4, ["id_keluarga", "no_kk", "nama"]] = None
    found = compare_keys(_keys(old), _keys(register.drop(5)))
    assert found.loc[[4, 5], "doubt"].tolist() == ["bergabung", "bergabung"]


def test_a_name_is_not_believed_against_all_numbers():
    old, new = _register(), _register()
    new.loc[8, COLUMNS[:3]] = ["KEL-99999", "9926010101999997", "9926020202999993"]
    found = compare_keys(_keys(old), _keys(new))
    assert pd.isna(found.loc[8, "match"])
    assert found.loc[8, "doubt"] == "lemah"


def test_a_name_alone_finds_a_household_without_numbers():
    register = _register()[["nama", "kode_desa"]]
    found = compare_keys(_keys(register), _keys(register.iloc[::-1]))
    assert (found["match"] == register.index).all()
    assert set(found["how"]) == {"key_name"}


def test_empty_registers_match_nobody():
    keys = _keys(_register())
    assert match_keys(keys, keys.iloc[:0]).isna().all()
    assert match_keys(keys.iloc[:0], keys).empty

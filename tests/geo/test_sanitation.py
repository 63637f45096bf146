"""The sanitation ladder against the complete table of tests/data/tangga_jamban.csv, written from the definition."""

from pathlib import Path

import pandas as pd

from geo import sanitation

TABLE = pd.read_csv(Path(__file__).parents[1] / "data" / "tangga_jamban.csv", dtype={"tangga": str})
ZONE = {"perkotaan": "perkotaan", "perdesaan": "luar", "tidak diketahui": "tidak diketahui"}


def households() -> pd.DataFrame:
    codes = TABLE[["fasilitas_bab", "jenis_kloset", "buang_tinja"]].astype("Int8")
    return codes.assign(zone_urban=TABLE["status_desa"].map(ZONE))


def test_every_combination_of_codes_and_blanks_has_the_step_of_the_definition():
    assert len(TABLE) == 7 * 5 * 7 * 3
    assert sanitation.ladder(households()).tolist() == TABLE["tangga"].tolist()


def test_aman_is_never_said_because_a_register_does_not_ask_for_it():
    assert set(sanitation.ladder(households())) == {
        "layak sendiri", "layak bersama", "belum layak", "BABS tertutup", "BABS", "tidak diketahui"
    }  # fmt: skip


def test_no_household_gives_no_step_and_the_index_is_kept():
    assert sanitation.ladder(households().iloc[:0]).empty
    some = households().iloc[[5, 3]]
    assert sanitation.ladder(some).index.tolist() == [5, 3]

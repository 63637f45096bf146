"""Two needs that planners mix up: access to a layak jamban, and a jamban of one's own."""

from pathlib import Path

import pandas as pd
import pytest

from geo.errors import UnknownColumns
from geo.indicators import active_indicators, measure
from geo.indicators.jamban import JAMBAN, JAMBAN_SENDIRI
from geo.settings import IndicatorSettings

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "jamban.csv"


def household(
    place: int | None, closet: int | None, disposal: int | None, zone: str = "luar"
) -> pd.DataFrame:
    codes = {"fasilitas_bab": [place], "jenis_kloset": [closet], "buang_tinja": [disposal]}
    return pd.DataFrame(codes).astype("Int8").assign(zone_urban=zone)


@pytest.mark.parametrize(
    ("codes", "no_access", "owns_none"),
    [
        ((1, 1, 1), False, False),
        ((1, 4, 1), True, False),  # own, but a pit latrine: not layak
        ((2, 1, 1), False, True),  # layak, but not one's own
        ((3, 1, 2), False, True),
        ((4, 1, 1), True, True),
        ((5, None, None), True, True),
        ((6, None, None), True, True),
        ((1, 4, None), True, False),  # wherever it empties to
        ((1, None, 3, "tidak diketahui"), True, False),
        ((1, None, 1), None, False),
        ((2, 1, None), None, True),
        ((None, 1, 1), None, None),
        ((1, 1, 4, "luar"), False, False),
        ((1, 1, 4, "perkotaan"), True, False),
        ((1, 1, 4, "tidak diketahui"), None, False),
    ],
)
def test_needs(codes, no_access, owns_none):
    answers = measure(household(*codes), [JAMBAN, JAMBAN_SENDIRI], IndicatorSettings())
    for column, expected in {"need_jamban": no_access, "need_jamban_sendiri": owns_none}.items():
        found = answers[column].iloc[0]
        assert pd.isna(found) if expected is None else found == expected
        why = answers[column.replace("need", "why")].iloc[0]
        assert (why == "") == (expected is False)


def test_an_unknown_is_said_to_be_unknown():
    answers = measure(household(None, None, None), [JAMBAN], IndicatorSettings())
    assert answers["why_jamban"].iloc[0] == "belum ada data: fasilitas BAB"
    assert answers["tangga_jamban"].iloc[0] == "tidak diketahui"


def test_every_row_of_the_golden_file_has_its_two_needs():
    table = pd.read_csv(GOLDEN, dtype="str")
    codes = table[["fasilitas_bab", "jenis_kloset", "buang_tinja"]].astype("Float64").astype("Int8")
    answers = measure(
        codes.assign(zone_urban=table["zone_urban"]), [JAMBAN, JAMBAN_SENDIRI], IndicatorSettings()
    )
    for name in ("need_jamban", "need_jamban_sendiri"):
        expected = table[name].map({"ya": True, "tidak": False, "?": pd.NA}).astype("boolean")
        pd.testing.assert_series_equal(answers[name], expected)


def test_a_sheet_that_asks_about_emptying_says_aman():
    asked = household(1, 1, 1).assign(sedot_tinja=pd.array([1], "Int8"))
    assert measure(asked, [JAMBAN], IndicatorSettings())["tangga_jamban"].tolist() == ["aman"]
    assert "sedot_tinja" in {column.name for column in JAMBAN.sharpening}


def test_a_sheet_without_columns_switches_indicators_off_and_half_of_them_is_an_error():
    assert active_indicators(["nik", "desa_tertulis"]) == []
    assert [one.id for one in active_indicators(["fasilitas_bab"])] == ["jamban", "jamban_sendiri", "babs"]
    with pytest.raises(UnknownColumns, match="jenis dinding"):
        active_indicators(["jenis_atap", "jenis_lantai"])


def test_every_figure_can_name_its_definition():
    for indicator in (JAMBAN, JAMBAN_SENDIRI):
        assert "2022" in indicator.profile(IndicatorSettings())
        assert indicator.definition(IndicatorSettings()).endswith(".")

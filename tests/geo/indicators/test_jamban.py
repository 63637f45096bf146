"""Two needs that planners mix up: access to a layak jamban, and a jamban of one's own."""

import pandas as pd
import pytest

from geo.errors import UnknownColumns
from geo.indicators import active_indicators, measure
from geo.indicators.jamban import JAMBAN, JAMBAN_SENDIRI
from geo.settings import IndicatorSettings


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
    assert answers["why_jamban"].iloc[0] == "data sanitasi tidak cukup"
    assert answers["tangga_jamban"].iloc[0] == "tidak diketahui"


def test_a_sheet_without_columns_switches_indicators_off_and_half_of_them_is_an_error():
    assert active_indicators(["nik", "desa_tertulis"]) == []
    assert [one.id for one in active_indicators(["fasilitas_bab"])] == ["jamban", "jamban_sendiri"]
    with pytest.raises(UnknownColumns, match="jenis dinding"):
        active_indicators(["jenis_atap", "jenis_lantai"])


def test_every_figure_can_name_its_definition():
    for indicator in (JAMBAN, JAMBAN_SENDIRI):
        assert "2022" in indicator.profile(IndicatorSettings())
        assert indicator.definition(IndicatorSettings()).endswith(".")

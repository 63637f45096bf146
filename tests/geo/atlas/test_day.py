"""A team's day: found in the plan of the run, told with its times and pages."""

import pandas as pd

from geo.atlas.front.day import planned_day, walk_rows
from geo.atlas.options import Printed

VISITS = pd.DataFrame(
    {
        "team": [1, 1, 1, 2],
        "day": [1, 1, 2, 1],
        "order": [1, 2, 1, 1],
        "sheet_row": [10, 11, 12, 13],
        "travel_minutes": [31.6, 5.0, 0.0, 0.0],
        "start_minute": [51.6, 203.4, 0.0, 0.0],
    }
)


def test_the_day_is_the_one_with_these_turns() -> None:
    assert planned_day(VISITS, {10: 1, 11: 2})["sheet_row"].tolist() == [10, 11]
    assert planned_day(VISITS, {11: 2})["sheet_row"].tolist() == [11]
    assert planned_day(VISITS, {10: 2, 11: 1}).empty
    assert planned_day(VISITS, {10: 1, 13: 1}).empty
    assert planned_day(VISITS.iloc[:0], {10: 1}).empty


def test_visits_are_told_with_the_times_of_the_plan_only_where_there_is_one() -> None:
    households = pd.DataFrame({"sheet_row": [11, 10], "turn": [2, 1], "number": [7, 3], "sheet": ["b", "a"]})
    sheets = pd.DataFrame({"sheet": ["a", "b"], "nama_desa": ["Satu", "Dua"], "first_page": [3, 1_005]})
    rows = walk_rows(Printed(9, sheets, households), planned_day(VISITS, {10: 1, 11: 2}))
    assert rows.to_dict("list") == {
        "turn": ["1", "2"], "desa": ["Satu", "Dua"], "number": ["3", "7"], "page": ["3", "1.005"],
        "travel": ["32", "5"], "start": ["+0:52", "+3:23"],
    }  # fmt: skip
    assert [*walk_rows(Printed(9, sheets, households), VISITS.iloc[:0])] == ["turn", "desa", "number", "page"]

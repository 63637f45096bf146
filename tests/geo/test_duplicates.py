"""Rows that seem to be one household: which are grouped, which count, and that none is dropped in silence."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.duplicates import OTHER_NAME, duplicate_facts, find_duplicates, plain_names
from geo.households.identifiers import LAST_LOST, NO_REGION

NIK, OTHER = "9901014501900003", "9901024501900007"
KK, OTHER_KK = "9901010101150001", "9901010202150002"
KINDS = ("nik", "kk_nama", "titik_nama")


def households(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    """Return rows with what is given; the rest is missing."""
    table = pd.DataFrame(
        [
            {"nik": None, "no_kk": None, "nama": None, "kode_desa": "99.01.01.2001", "lon": None} | row
            for row in rows
        ]
    )
    table.insert(0, "sheet_row", np.arange(2, len(table) + 2))
    lon = table.pop("lon").astype(float)
    points = [None if np.isnan(x) else shapely.Point(x, -6.9) for x in lon]
    texts = dict.fromkeys(("nik", "no_kk", "nama", "kode_desa"), "str")
    return gpd.GeoDataFrame(table.astype(texts), geometry=gpd.GeoSeries(points, crs=4326), crs=4326)


def found(*rows: dict[str, object], once: tuple[str, ...] = KINDS) -> list[tuple[object, str, bool]]:
    out = find_duplicates(households(*rows), once)
    groups = [None if pd.isna(group) else int(group) for group in out["duplicate_group"]]
    return list(zip(groups, out["duplicate_why"], out["counts"], strict=True))


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"nik": NIK, "nama": "SITI AMINAH"}, {"nik": NIK, "nama": "Siti Aminah, S.Pd."}, "NIK sama"),
        ({"nik": NIK, "nama": "SITI AMINAH"}, {"nik": NIK, "nama": "Siti Amina"}, "NIK sama"),
        ({"nik": NIK, "nama": "SLAMET"}, {"nik": NIK, "nama": "Slamet Riyadi"}, "NIK sama"),
        ({"nik": NIK, "nama": "NUR HASANAH"}, {"nik": NIK, "nama": "Nurhasanah"}, "NIK sama"),
        ({"nik": NIK}, {"nik": NIK}, "NIK sama"),
        ({"nik": NIK, "nama": "ANI"}, {"nik": NIK, "nama": "-"}, "NIK sama"),
        ({"no_kk": KK, "nama": "H. SLAMET"}, {"no_kk": KK, "nama": "slamet (Alm)"}, "KK dan nama sama"),
        ({"lon": 110.0, "nama": "ANI"}, {"lon": 110.000001, "nama": "Ny. Ani"}, "titik dan nama sama"),
    ],
)
def test_alike_rows_are_grouped_and_count_once(one, other, why):
    assert found(one, other) == [(1, why, True), (1, why, False)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"nik": NIK, "nama": "ANI"}, {"nik": OTHER, "nama": "ANI"}),
        ({"no_kk": KK, "nama": "ANI"}, {"no_kk": KK, "nama": "BUDI"}),  # several families of one card
        ({"no_kk": KK}, {"no_kk": KK}),
        ({"lon": 110.0, "nama": "ANI"}, {"lon": 110.0, "nama": "BUDI"}),  # several families in one house
        ({"lon": 110.0, "nama": "ANI"}, {"lon": 110.0001, "nama": "ANI"}),
        ({"lon": 110.0}, {"lon": 110.0}),
        ({"nama": "ANI"}, {"nama": "ANI"}),
        ({}, {}),
    ],
)
def test_what_is_no_evidence_groups_nobody(one, other):
    assert found(one, other) == [(None, "", True), (None, "", True)]


@pytest.mark.parametrize(
    "number",
    [
        "1111111111111111",
        "0000000000000000",
        "1234567890123456",
        "990101450190000",
        "3,326E+15",
        "9901014501900000",
    ],
)
def test_a_damaged_or_made_up_number_is_no_evidence(number):
    row = {"nik": number, "no_kk": number, "nama": "ANI"}
    assert found(row, row) == [(None, "", True), (None, "", True)]


def test_a_marked_number_is_no_evidence_and_a_misshapen_one_only_beside_a_name():
    rows = [{"nik": NIK, "nama": "ANI"}] * 2
    for mark, groups in ((LAST_LOST, 0), (NO_REGION, 1), ("", 1)):
        marked = households(*rows).assign(nik_mark=pd.Series([mark] * 2, dtype="str"))
        assert find_duplicates(marked, KINDS)["duplicate_group"].nunique() == groups
        nameless = marked.assign(nama=pd.Series([None] * 2, dtype="str"))
        assert find_duplicates(nameless, KINDS)["duplicate_group"].nunique() == (mark == "")


def test_one_nik_under_different_names_is_told_and_every_row_counts():
    rows = [{"nik": NIK, "nama": "SITI AMINAH"}, {"nik": NIK, "nama": "SITI MARYAM"}, {"nik": NIK}]
    assert found(*rows) == [(1, OTHER_NAME, True)] * 3
    again = found(*rows, {"nik": NIK, "nama": "siti aminah"})
    assert again == [
        (1, f"NIK sama; {OTHER_NAME}", True),
        (1, OTHER_NAME, True),
        (1, OTHER_NAME, True),
        (1, f"NIK sama; {OTHER_NAME}", False),
    ]


def test_a_number_that_a_whole_list_was_filled_with_merges_nobody():
    names = [
        f"{first} {last}" for first in ("ANI", "BUDI", "CITRA", "DEWI") for last in ("SATU", "LAIN", "TUGU")
    ]
    assert found(*({"nik": NIK, "nama": name} for name in names)) == [(1, OTHER_NAME, True)] * len(names)


def test_a_shared_nik_under_two_names_does_not_run_into_another_shared_nik():
    rows = [
        {"nik": NIK, "nama": "ANI"},
        *[{"nik": NIK, "nama": "BUDI"}] * 2,
        *[{"nik": OTHER, "nama": "CITRA"}] * 2,
    ]
    assert [(group, counts) for group, _, counts in found(*rows)] == [
        (1, True), (1, True), (1, False), (2, True), (2, False)
    ]  # fmt: skip


def test_only_the_ways_in_the_setting_count_once():
    rows = [{"no_kk": KK, "lon": 110.0, "nama": "ANI"}, {"no_kk": KK, "lon": 110.0, "nama": "ANI"}]
    why = "KK dan nama sama; titik dan nama sama"
    assert found(*rows, once=("nik",)) == [(1, why, True), (1, why, True)]
    assert found(*rows, once=()) == [(1, why, True), (1, why, True)]
    assert found(*rows, once=("titik_nama",)) == [(1, why, True), (1, why, False)]


def test_groups_are_connected_through_any_way_but_count_by_the_setting():
    rows = [
        {"nik": NIK, "no_kk": KK, "nama": "ANI"},
        {"nik": OTHER, "no_kk": KK, "nama": "ANI", "lon": 110.0},
        {"nik": "9901035501900001", "no_kk": OTHER_KK, "nama": "ANI", "lon": 110.0},
    ]
    seen = found(*rows, once=("nik", "kk_nama"))
    assert [group for group, _, _ in seen] == [1, 1, 1]
    assert [counts for _, _, counts in seen] == [False, True, True]  # the second is fuller than the first


def test_an_empty_copy_does_not_hide_a_filled_one():
    rows = households(*[{"nik": NIK, "nama": "ANI"}] * 3)
    rows["luas_lantai"] = pd.array([pd.NA, 36, 36], dtype="Float32")
    assert find_duplicates(rows, KINDS)["counts"].tolist() == [False, True, False]
    nowhere = rows.assign(kode_desa=pd.Series([rows["kode_desa"][0], None, None], dtype="str"))
    assert find_duplicates(nowhere, KINDS)["counts"].tolist() == [True, False, False]


def test_groups_are_numbered_in_the_order_of_the_sheet():
    rows = [{"nik": OTHER}, {"nik": NIK}, {}, {"nik": NIK}, {"nik": OTHER}]
    assert [group for group, _, _ in found(*rows)] == [1, 2, None, 2, 1]


def test_the_facts_say_how_many():
    rows = [{"nik": NIK, "nama": "ANI"}] * 3 + [
        {"nik": OTHER, "nama": "ANI"},
        {"nik": OTHER, "nama": "BUDI"},
        {},
    ]
    facts = duplicate_facts(find_duplicates(households(*rows), ("nik",)), ("nik",))
    assert facts == {
        "count_once": ["NIK sama"],
        "groups": 2,
        "rows": 5,
        "not_counted": 2,
        "kinds": [
            {"why": "NIK sama", "groups": 1, "rows": 3},
            {"why": OTHER_NAME, "groups": 1, "rows": 2},
        ],
    }


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("H. SLAMET, S.Pd", "slamet"),
        ("Hj.SITI AMINAH S.Ag., M.Pd.I", "siti aminah"),
        ("Drs. H. M. Yusuf, M.M.", "muhammad yusuf"),
        ("MOCH. YUSUF", "muhammad yusuf"),
        ("slamet ( alm )", "slamet"),
        ("Ibu  Sri   Wahyuni", "sri wahyuni"),
        ("SLAMET 2", "slamet 2"),
        ("NUR'AINI", "nur aini"),
        ("Slamet Hadi", "slamet hadi"),
        ("M", None),
        ("xxx", None),
        ("-", None),
        ("tidak ada", None),
        ("123", None),
        (None, None),
    ],
)
def test_names_lose_what_does_not_tell_persons_apart(written, plain):
    out = plain_names(pd.Series([written], dtype="str")).iloc[0]
    assert (None if pd.isna(out) else out) == plain


ROW = st.fixed_dictionaries(
    {
        "nik": st.sampled_from([NIK, OTHER, "", "12", None]),
        "no_kk": st.sampled_from([KK, None]),
        "nama": st.sampled_from(["ANI", "Ny. Ani", "BUDI", "ANI SUSANTI", "-", None]),
        "lon": st.sampled_from([None, 110.0, 110.5]),
        "kode_desa": st.sampled_from(["99.01.01.2001", None]),
    }
)


@settings(max_examples=60)
@given(st.lists(ROW, max_size=12), st.sets(st.sampled_from(KINDS)))
def test_every_row_stays_and_every_group_counts_at_least_once(rows, once):
    before = households(*rows) if rows else households({}).iloc[:0]
    after = find_duplicates(before, once)
    pd.testing.assert_frame_equal(
        pd.DataFrame(after[before.columns]), pd.DataFrame(before), check_column_type=False
    )
    assert after["counts"][after["duplicate_group"].isna()].all()
    grouped = after[after["duplicate_group"].notna()]
    assert grouped.groupby("duplicate_group")["counts"].any().all()
    assert (grouped.groupby("duplicate_group").size() > 1).all()
    assert (grouped["duplicate_why"] != "").all()
    if not once:
        assert after["counts"].all()
    # the order of the rows decides nothing but which of equal rows counts
    turned = find_duplicates(before.iloc[::-1], once)
    assert turned["counts"].sum() == after["counts"].sum()
    assert turned["duplicate_group"].nunique() == after["duplicate_group"].nunique()

"""Names and texts as formats want them."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geo.exports.plain_csv import inert
from geo.exports.shapefile import LONGEST_NAME, short_names
from geo.exports.styles import looks_of, places_of
from geo.exports.values import distinct, tellable, typed, with_places
from tests.geo.exports.small_product import small_product

NAMES = st.lists(st.text(max_size=40), max_size=60, unique=True)
NASTY = st.text(st.sampled_from("=+-@\t\r\n,;' ab1\u00b2\u009f\x7f\ufffe\x00"), max_size=12)


@given(NAMES)
def test_short_names_fit_and_are_one_each(names: list[str]):
    short = short_names(names)
    assert len(set(short)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) and len(name) <= LONGEST_NAME for name in short)
    assert short == short_names(names)


@given(NAMES)
def test_distinct_names_differ_in_more_than_case(names: list[str]):
    found = distinct(names, ["FID", "geom"])
    assert len({name.casefold() for name in [*found, "fid", "geom"]}) == len(names) + 2


@given(NASTY)
def test_no_cell_begins_as_a_formula_wherever_a_program_cuts_it(text: str):
    told = inert(pa.array([text]))[0].as_py()
    for part in re.split("[;,\t\r\n]", told):
        assert not part.strip(" ").startswith(("=", "+", "-", "@"))
    assert not told.startswith(("\t", "\r"))


@given(NASTY)
def test_what_was_made_inert_can_be_given_back(text: str):
    told = inert(pa.array([text]))[0].as_py()
    back = re.sub("(^|[;,\t\r\n])([ ']*)'([=+\\-@])", r"\1\2\3", told)
    assert re.sub("^('*)'([\t\r])", r"\1\2", back) == text


@given(st.lists(NASTY, min_size=1))
def test_only_what_no_reader_takes_is_replaced(texts: list[str]):
    found = tellable(pd.Series(texts, dtype="str")).tolist()
    assert found == [
        re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", "\ufffd", text) for text in texts
    ]


def test_a_table_has_its_place_in_columns_unless_it_tells_degrees_already():
    desa = with_places(small_product().collections["desa"])
    assert [field.name for field in desa.fields][-2:] == ["lon", "lat"]
    assert with_places(desa) is desa
    assert typed(desa)["lon"].isna().tolist() == [False, False, False, True]


def test_each_row_has_the_class_of_its_needs():
    product = small_product()
    houses = product.collections["rumah_tangga"]
    table = typed(houses)
    looks = looks_of(product, houses, table)
    titles = np.array([look.title for look in looks])[places_of(looks, table)]
    rtlh, jamban = table["need_rtlh"], table["need_jamban"]
    assert set(titles[(rtlh.isna() & jamban.isna()).to_numpy()]) == {"Belum diketahui"}
    assert set(titles[(rtlh.fillna(value=False) & jamban.isna()).to_numpy(dtype=bool)]) == {"RTLH saja"}
    desa = product.collections["desa"]
    areas = typed(desa)
    shades = looks_of(product, desa, areas)
    assert shades[places_of(shades, areas)[2]].title.endswith("tidak diketahui atau dirahasiakan")

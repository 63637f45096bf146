"""Queryables, plain parameters and orders (OGC 19-079r2): requirements by name, and each column of real products."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ogc.filtering import read_filter
from app.ogc.openapi_parts import PARAMETERS
from app.ogc.queryables import CLASSES, queryables, read_properties, read_sort, schema_of
from geo.errors import SettingsError
from geo.exports.values import typed
from geo.levels import Level
from geo.products import Collection, Field
from geo.recipes import Recipe, RecipeColumn, check_recipe
from tests.app.ogc.things import things

THINGS = things()
CALLERS = ("perencana", "petugas", "pimpinan", "token")


def found(**given_: str):
    return "".join(THINGS.table["id"][read_properties(given_, THINGS)])


def test_classes_are_told_by_the_conformance_page(api):
    assert set(CLASSES) <= set(api.json("pimpinan", "/conformance")["conformsTo"])


def test_req_queryables_get_queryables_response():
    told = queryables(THINGS)
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert told["type"] == "object"
    assert told["additionalProperties"] is False
    assert list(told["properties"]) == [*(field.name for field in THINGS.fields), "geometry"]
    types = {name: (each.get("type"), each.get("format")) for name, each in told["properties"].items()}
    assert types == {
        "id": ("string", None), "nama": ("string", None), "lain": ("string", None), "desil": ("integer", None),
        "jarak_m": ("number", None), "rtlh": ("boolean", None), "zona": ("string", None), "tanggal": ("string", "date"),
        "geometry": (None, "geometry-point"),
    }  # fmt: skip
    assert told["properties"]["zona"]["enum"] == ["pesisir", "luar"]
    assert told["properties"]["desil"]["enum"] == list(range(1, 11))
    assert "di pantai" in told["properties"]["zona"]["description"]
    assert told["properties"]["id"]["x-ogc-role"] == "id"
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("caller", CALLERS)
def test_req_queryables_every_column_of_a_product_and_no_other(api, caller):
    for name in api.ids(caller):
        product = api.collection(caller, name)
        told = api.json(caller, f"/collections/{name}/queryables")
        assert set(told["properties"]) == {field.name for field in product.fields} | {"geometry"}
        assert told["$id"].endswith(f"/ogc/collections/{name}/queryables")
        for field in product.fields:
            schema = told["properties"][field.name]
            assert schema["title"]
            assert schema["description"]
            values = product.table[field.name].dropna()
            assert set(values.tolist()) <= set(schema.get("enum", values.tolist())), (name, field.name)


@pytest.mark.parametrize("caller", CALLERS)
def test_req_queryables_query_parameters_parameters(api, caller):
    """A value that a feature has is found by a parameter of that name, and by a filter too."""
    for name in api.ids(caller):
        product = api.collection(caller, name)
        told, asked = typed(product), {}
        for field in product.fields:
            values = told[field.name].dropna()
            if values.empty:
                continue
            value = values.iloc[len(values) // 2]
            text = str(value).lower() if isinstance(value, bool | np.bool_) else str(value)
            there = (told[field.name] == value).fillna(value=False).to_numpy(bool)
            assert (read_properties({field.name: text}, product) == there).all(), (name, field.name, text)
            word = "'" + text.replace("'", "''") + "'" if isinstance(value, str) else text
            assert (read_filter(f'"{field.name}" = {word}', "", "", product) == there).all()
            asked[field.name] = text, there.sum()
        for column, (text, rows) in list(asked.items())[:: max(1, len(asked) // 4)]:
            answer = api.json(caller, f"/collections/{name}/items", **{column: text, "limit": 1})
            assert answer["numberMatched"] == rows, (name, column, text)


@pytest.mark.parametrize(
    ("parameters", "rows"),
    [
        ({"nama": "Wonokerto"}, "a"), ({"nama": "wonokerto"}, ""), ({"nama": ""}, ""), ({"desil": "10"}, "e"),
        ({"desil": "2"}, "b"), ({"jarak_m": "10.5"}, "b"), ({"jarak_m": "1e3"}, "d"), ({"rtlh": "true"}, "ac"),
        ({"rtlh": "1"}, "ac"), ({"rtlh": "0"}, "be"),
        ({"rtlh": "false"}, "be"), ({"zona": "luar"}, "bc"), ({"zona": "luar", "rtlh": "true"}, "c"),
        ({"tanggal": "2026-01-04"}, "d"), ({"nama": "O'Brien"}, "e"), ({}, "abcdef"),
    ],
)  # fmt: skip
def test_parameters_hold_together_and_nothing_is_equal_to_what_is_missing(parameters, rows):
    assert found(**parameters) == rows


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("desil", "satu", "bilangan bulat"), ("desil", "1.0", "bilangan bulat"), ("desil", "11", "Yang ada: 1, 2"),
        ("desil", "9" * 400, "bilangan bulat"), ("desil", "١", "bilangan bulat"), ("jarak_m", "nan", "angka"),
        ("jarak_m", "1e999", "angka"), ("rtlh", "ya", "true atau false"), ("rtlh", "TRUE", "true atau false"),
        ("zona", "gunung", "pesisir, luar"), ("tanggal", "20260104", "tanggal"), ("tanggal", "2026-02-30", "tanggal"),
        ("nik", "1", "Kolom «nik» tidak ada"), ("geometry", "x", "Kolom «geometry» tidak ada"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_in_words_that_help(name, value, told):
    with pytest.raises(SettingsError) as refusal:
        found(**{name: value})
    assert told in str(refusal.value)


@pytest.mark.parametrize(
    ("sortby", "order"),
    [
        ("desil", "abcdef"), ("-desil", "edcbaf"), ("+desil", "abcdef"), ("rtlh,-jarak_m", "becadf"),
        ("-rtlh,desil", "acbedf"), ("zona", "bcadef"), ("-zona", "adbcef"), ("-tanggal", "edcbaf"),
        ("nama", "dceabf"), ("desil,-desil", "abcdef"),
    ],
)  # fmt: skip
def test_req_sorting_sortby_response(sortby, order):
    assert "".join(THINGS.table["id"].iloc[read_sort(sortby, THINGS)]) == order


@pytest.mark.parametrize(
    ("sortby", "told"),
    [
        ("nik", "Kolom «nik» tidak ada"), ("-nik", "Kolom «nik» tidak ada"), ("geometry", "Kolom «geometry» tidak ada"),
        ("", "nama kolom"), ("-", "nama kolom"), ("desil,", "nama kolom"), (" desil", "%2B"), ("--desil", "nama kolom"),
        (",".join(["desil"] * 11), "paling banyak"),
    ],
)  # fmt: skip
def test_an_order_that_is_none_is_refused_in_words_that_help(sortby, told):
    with pytest.raises(SettingsError) as refusal:
        read_sort(sortby, THINGS)
    assert told in str(refusal.value)


@given(
    st.lists(
        st.tuples(st.sampled_from([None, 1, 2, 3]), st.sampled_from([None, "a", "b", "é"])),
        min_size=1,
        max_size=30,
    ),
    st.lists(st.sampled_from(["-x", "x", "-y", "y"]), min_size=1, max_size=3),
)
def test_an_order_is_stable_and_puts_the_missing_last(rows, keys):
    columns = {
        "x": pd.array([x for x, _ in rows], dtype="Int64"),
        "y": pd.array([y for _, y in rows], dtype="str"),
    }
    table = gpd.GeoDataFrame(columns, geometry=[None] * len(rows), crs=4326)
    one = Collection(
        "c", "c", "c", table, "x", (Field("x", "x", "x", "bulat"), Field("y", "y", "y", "teks")), "Point"
    )
    seen = dict.fromkeys(key.lstrip("-") for key in keys)
    firsts = [next(key for key in keys if key.lstrip("-") == name) for name in seen]
    expected = table
    for key in reversed(firsts):  # stable sorts from the last key to the first
        expected = expected.sort_values(
            key.lstrip("-"), ascending=key[0] != "-", kind="stable", na_position="last"
        )
    assert read_sort(",".join(keys), one).tolist() == expected.index.tolist()


def test_codes_of_a_number_are_numbers():
    field = Field(
        "desil", "Desil", "Desil", "bulat", codes={"1": "satu", "9": "sembilan", "lain": "bukan angka"}
    )
    assert schema_of(field, THINGS)["enum"] == [1, 9, 2, 3, 4, 10], (
        "what is there besides can be asked for too"
    )


def test_mixing_all_that_narrows_holds_together(api):
    """/req/filter/mixing-expressions: a filter, a parameter and a box are joined by AND; the order is kept."""
    product = api.collection("perencana", "rumah_tangga")
    code = product.table["kode_desa"].mode()[0]
    mine = product.table[product.table["kode_desa"].eq(code)]
    box = mine.geometry.dropna().total_bounds
    asked = {
        "filter": "desil <= 5", "kode_desa": code, "sortby": "-desil", "limit": 1_000,
        "bbox": ",".join(str(edge) for edge in (box[0], box[1], (box[0] + box[2]) / 2, box[3])),
    }  # fmt: skip
    features = api.everything("perencana", "rumah_tangga", **asked)
    wanted = mine[mine["desil"].le(5).fillna(value=False)]
    inside = wanted[wanted.geometry.isna() | (wanted.geometry.x <= (box[0] + box[2]) / 2)]
    assert 0 < len(inside) < len(wanted)
    assert {each["id"] for each in features} == set(inside[product.key])
    ranks = [each["properties"]["desil"] for each in features]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("parameter", ["filter={} = '1'", "filter={} IS NULL", "sortby={}", "{}=1"])
@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("hidden", ["nik", "nama", "need_disabilitas"])
def test_what_one_may_not_see_is_neither_filtered_nor_sorted_on(api, caller, parameter, hidden):
    """And nobody is told whether it is there for others."""
    for collection in api.ids(caller):
        answer, never = (
            api.get(
                caller,
                f"/collections/{collection}/items",
                params=dict([parameter.format(each).split("=", 1)]),
            )
            for each in (hidden, "tiada")
        )
        assert (answer.status_code, never.status_code) == (400, 400)
        same = answer.json()["description"].replace(f"«{hidden}»", "«tiada»")
        assert never.json()["description"] == same


@pytest.mark.parametrize("name", sorted(name for name in PARAMETERS if name.isidentifier()))
def test_no_column_of_a_recipe_is_called_like_a_parameter(name: str):
    columns = (RecipeColumn("pseudonim", "id"), RecipeColumn("desil", name))
    with pytest.raises(SettingsError, match="API"):
        check_recipe(
            Recipe("uji", "Dinas", "Judul", "Guna", "Dasar", Level.OPD, ("rumah_tangga",), columns=columns)
        )

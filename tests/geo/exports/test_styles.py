"""Points of an agency are coloured by its need, under the recipe's names and words, and by rows that there are."""

from dataclasses import replace

import pandas as pd
import pytest

from geo.exports.qgis import qml
from geo.exports.styles import Look, looks_of
from geo.exports.values import typed
from geo.levels import Level
from geo.products import Collection, Field, Product, Scope
from geo.recipes import Recipe, RecipeColumn
from geo.symbology import NEED_COLOURS
from tests.geo.exports.small_product import small_product

_WORDS = {"true": "Ya", "false": "Tidak", "": "Tidak diketahui"}
_RTLH = RecipeColumn("need_rtlh", "rumah", values=_WORDS)
_JAMBAN = RecipeColumn("need_jamban", "wc", values=_WORDS)
_LADDER = RecipeColumn("tangga_jamban", "tangga")
_CLASS = RecipeColumn(
    "tangga_jamban",
    "kelas",
    values={"aman": "JSP", "belum layak": "JSSP", "BABS tertutup": "OD", "BABS": "OD"},
)
_SEVERITY = RecipeColumn("severity_rtlh", "tingkat")
Given = tuple[RecipeColumn, list[object]]


def _looks(*given: Given) -> list[Look]:
    """Colour households that have these columns, by a recipe that names them so."""
    recipe = Recipe("x", "X", "X", "x", "x", Level.OPD, columns=tuple(each for each, _ in given))
    fields = tuple(
        Field(each.name, each.name.upper(), "", "desimal" if each is _SEVERITY else "teks")
        for each, _ in given
    )
    whole = small_product()
    houses = whole.collections["rumah_tangga"]
    count = len(given[0][1])
    answers = pd.DataFrame({each.name: values for each, values in given})
    table = houses.table[["geometry"]].iloc[:count].join(answers)
    found = replace(houses, table=table, key=fields[0].name, fields=fields)
    product = replace(whole, scope=Scope(Level.OPD, recipe), collections={"rumah_tangga": found})
    return looks_of(product, found, typed(found))


def _told(*given: Given) -> dict[str, str]:
    return {look.title: look.colour for look in _looks(*given)}


def test_a_need_under_another_name_has_its_own_colour():
    assert _told((_RTLH, ["Ya", "Tidak", "Ya"])) == {
        "RUMAH: ya": NEED_COLOURS["rtlh"],
        "RUMAH: tidak": NEED_COLOURS["none"],
    }
    assert _told((_JAMBAN, ["Ya", "Tidak diketahui"])) == {
        "WC: ya": NEED_COLOURS["jamban"],
        "WC: belum diketahui": NEED_COLOURS["unknown"],
    }


def test_two_needs_are_drawn_as_on_the_maps():
    found = _told((_RTLH, ["Ya", "Ya", "Tidak"]), (_JAMBAN, ["Ya", "Tidak", "Ya"]))
    assert [*found.values()] == [NEED_COLOURS[key] for key in ("both", "rtlh", "jamban")]


def test_where_all_are_in_need_the_points_say_how_much():
    found = _looks((_RTLH, ["Ya"] * 4), (_SEVERITY, [0.1, 0.3, 0.6, 0.9]))
    assert len(found) == 3
    assert all(look.title.startswith("TINGKAT: ") for look in found)


def test_where_all_are_the_same_one_named_symbol_is_left():
    assert _told((_RTLH, ["Ya", "Ya"])) == {"RUMAH: ya": NEED_COLOURS["rtlh"]}
    assert _told((_RTLH, ["Ya", "Ya"]), (_SEVERITY, [0.5, 0.5])) == {"RUMAH: ya": NEED_COLOURS["rtlh"]}


def test_the_ladder_goes_from_good_to_bad_by_its_codes():
    found = _told((_JAMBAN, ["Ya"] * 4), (_LADDER, ["BABS", "belum layak", "BABS", "tidak diketahui"]))
    assert [*found] == ["TANGGA: belum layak", "TANGGA: BABS", "TANGGA: tidak diketahui"]


def test_the_ladder_in_words_of_the_recipient_has_the_colours_of_its_rungs():
    plain = _told((_LADDER, ["aman", "belum layak", "BABS"]))
    assert _told((_CLASS, ["OD", "JSP", "JSSP"])) == dict(
        zip(["KELAS: JSP", "KELAS: JSSP", "KELAS: OD"], plain.values(), strict=True)
    )


@pytest.mark.parametrize("level", [Level.OPD, Level.PUBLIK])
def test_circles_of_each_need_look_different(level: Level):
    whole = small_product()
    needs = ["rtlh", "jamban", "jamban_sendiri", "babs"]
    table = whole.collections["desa"].table.assign(indicator=needs)
    fields = (Field("kode_desa", "Kode", "", "teks"), Field("indicator", "Kebutuhan", "", "teks"))
    circles = Collection("lingkaran", "Lingkaran", "", table, "kode_desa", fields, "Polygon")
    facts = {**whole.facts, "indicators": [{"id": name, "title": name} for name in needs]}
    looks = looks_of(Product(Scope(level), {}, facts), circles, typed(circles))
    assert len({look.colour for look in looks}) == len({look.title for look in looks}) == len(looks) == 4


def test_areas_are_shown_by_their_name():
    desa = small_product().collections["desa"]
    style = qml(looks_of(small_product(), desa, typed(desa)), desa)
    assert '<previewExpression>"nama_desa"</previewExpression>' in style
    assert 'fieldName="nama_desa"' in style
    nameless = replace(desa, fields=tuple(field for field in desa.fields if field.name != "nama_desa"))
    assert "nama_desa" not in qml([Look("x", "#000000", "fill")], nameless)

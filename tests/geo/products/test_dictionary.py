"""The data dictionary: every column of every collection of every level is explained, in words and with its codes."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import geo.products
from geo.assessment import Assessment, assess
from geo.levels import Level
from geo.products import Collection, Product, Scope, make_product
from geo.products.areas import area_rows
from geo.products.dictionary import Dictionary
from geo.products.editions import agency_edition, public_edition
from geo.recipes import read_recipes
from geo.recipes.sources import COLLECTIONS, HOUSING, sources_of
from geo.runs import open_run
from geo.settings import Settings
from tests.geo.products.register import KEY, SETTINGS, pseudonyms, recipe, register

FILE = Path(geo.products.__file__).parent / "columns.toml"
KINDS = {"teks", "bulat", "desimal", "ya/tidak", "tanggal"}


@pytest.fixture(scope="module")
def unusual() -> Assessment:
    """Return a register with a layer of its own and its figure, a group, a table of families, and a forest."""
    small = register()
    people, desa = small.households, small.desa
    rob = {
        "id": "rob", "title": "Genangan rob", "titles": {"rob": "Genangan rob"}, "source": "peta {uji}", "year": "2026",
        "method": "uji", "proksi": False, "figures": {"dalam_rob_m": "Dalamnya genangan (m)"},
    }  # fmt: skip
    group = {"id": "nelayan", "title": "Nelayan", "definition": "uji"}
    facts = {**small.facts, "layers": [*small.facts["layers"], rob], "groups": {"groups": [group]}}
    households = people.assign(
        zone_rob="luar", distance_rob_m=9.0, in_forest_area=1.0, tree_share_500m=0.5, kelompok_sasaran="nelayan",
        group_nelayan=pd.array([True] * len(people), "boolean"),
    )  # fmt: skip
    desa = desa.assign(
        zone_rob="luar", share_rob=0.0, why_zone_rob="jauh", dalam_rob_m=0.0, families=40.0, register_share=0.5,
        rtlh_of_families=0.1, forest_area_share=0.2,
    )  # fmt: skip
    return replace(small, households=households, desa=desa, facts=facts)


@pytest.fixture(scope="module")
def sanitation_only(district, sheet, tmp_path_factory) -> Assessment:
    """Return a register whose sheet asks about sanitation alone, without settings."""
    rows = pd.read_csv(sheet, sep=";", dtype="str")
    kept = ["Fasilitas BAB", "Jenis Kloset", "Pembuangan Akhir Tinja"]
    places = [
        name for name in rows if name.casefold() in {"desa", "kecamatan", "kode desa", "lintang", "bujur"}
    ]
    found = [name for name in rows if name.casefold() in {each.casefold() for each in kept}]
    path = tmp_path_factory.mktemp("sanitasi") / "lembar.csv"
    rows[[*places, *found]].to_csv(path, sep=";", index=False)
    return assess(path, district, Settings())


@pytest.fixture(params=["small", "sample", "run", "unusual", "sanitation"])
def whole(request: pytest.FixtureRequest) -> Assessment:
    match request.param:
        case "small":
            return register()
        case "sample":
            return request.getfixturevalue("assessment")
        case "run":
            return open_run(request.getfixturevalue("run_folder"))
        case "unusual":
            return request.getfixturevalue("unusual")
    return request.getfixturevalue("sanitation_only")


def product_of(whole: Assessment, level: Level) -> Product:
    rows = frozenset(whole.counted["sheet_row"].tolist()) if level is Level.PETUGAS else None
    return make_product(whole, Scope(level, rows=rows, names=level is Level.PETUGAS), SETTINGS, key=KEY)


def explained(collection: Collection) -> Iterator[str]:
    """Tell what is wrong with the dictionary of a collection."""
    table, figures = pd.DataFrame(collection.table), {"dalam_rob_m"}
    if [field.name for field in collection.fields] != [name for name in table if name != "geometry"]:
        yield f"{collection.id}: fields are not the columns"
    for field in collection.fields:
        told = (field.title, field.meaning, field.source)
        if not all(told) or field.kind not in KINDS or "{" in field.title + field.meaning:
            yield f"{collection.id}.{field.name}: {field}"
        if field.meaning in {field.name, field.title} and field.name not in figures:
            yield f"{collection.id}.{field.name} is not explained"
        if field.codes and not (values := {*table[field.name].dropna().map(_as_code)} - {""}) <= {
            *field.codes
        }:
            yield f"{collection.id}.{field.name}: no words for {values - {*field.codes}}"


def _as_code(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@pytest.mark.parametrize("level", [*Level])
def test_every_column_of_every_level_is_explained(whole: Assessment, level: Level):
    product = product_of(whole, level)
    assert [*product.collections] == [*COLLECTIONS[level]]
    assert [fault for each in product.collections.values() for fault in explained(each)] == []


@pytest.mark.parametrize("level", [Level.PUBLIK, Level.OPD])
def test_no_column_stays_behind_for_want_of_words(whole: Assessment, level: Level):
    edition = public_edition(whole) if level is Level.PUBLIK else agency_edition(whole)
    product = product_of(whole, level)
    for name, rows in area_rows(edition, None).items():
        if name in product.collections:
            assert {*rows().table} == {*product.collections[name].table}
    if level is Level.OPD:
        inside = {"counts", *HOUSING}
        assert {*edition.households} - inside <= {*product.collections["rumah_tangga"].table}


def test_every_source_that_a_recipe_may_name_has_its_words(assessment: Assessment):
    figures = {name for layer in assessment.facts["layers"] for name in layer["figures"]}
    for level in (Level.OPD, Level.PETUGAS):
        known = Dictionary(assessment.facts, Scope(level)).meanings("rumah_tangga")
        named = [name for name in sources_of(level) if not name.endswith("*") and name not in figures]
        assert [name for name in named if name not in known] == []


def test_names_that_go_on_from_each_other_keep_their_own_words():
    small = register()
    more = {
        **small.facts["indicators"][0],
        "id": "rtlh_lantai",
        "title": "Lantai tanah",
        "definition": "tanah",
    }
    facts = {**small.facts, "indicators": [*small.facts["indicators"], more]}
    table = gpd.GeoDataFrame({"rtlh_need": [1], "rtlh_lantai_need": [2], "rtlh_lantai_atap_need": [3]})
    fields = Dictionary(facts, Scope(Level.OPD)).fields("desa", table)
    assert [field.title for field in fields] == ["RTLH (indikasi): membutuhkan", "Lantai tanah: membutuhkan"]
    assert fields[1].definition.startswith("tanah")


def test_a_column_without_words_does_not_leave():
    small = register()
    wider = replace(small, desa=small.desa.assign(catatan_rahasia="x"))
    assert "catatan_rahasia" not in product_of(wider, Level.OPD).collections["desa"].table


def test_an_indicator_says_its_definition_and_profile_and_a_layer_its_method(unusual: Assessment):
    product = product_of(unusual, Level.OPD)
    desa = {field.name: field for field in product.collections["desa"].fields}
    assert desa["rtlh_need"].definition == "definisi contoh Profil: contoh (2022)."
    assert desa["zone_rob"].codes == {
        "rob": "Genangan rob",
        "luar": "di luar",
        "tidak diketahui": "tidak diketahui",
    }
    assert desa["zone_rob"].source == "peta {uji} (2026)"
    assert desa["dalam_rob_m"].title == "Dalamnya genangan (m)"
    assert desa["rtlh_gap"].meaning.startswith("Rumah tangga yang masih harus dilayani agar 90 %")
    assert "batas" in desa["nama_desa"].source.lower() or "rekaan" in desa["nama_desa"].source
    households = {field.name: field for field in product.collections["rumah_tangga"].fields}
    assert "21 November 2026" in households["need_rtlh"].source
    assert "«contoh.csv»" in households["desil"].source
    assert households["kelompok_sasaran"].codes["nelayan"] == "Nelayan"


def test_a_yes_in_the_recipients_words_is_explained_and_nothing_is_said_of_cells_that_are_never_empty():
    named = read_recipes()["dinkes"]
    product = make_product(register(), Scope(Level.OPD, named), SETTINGS, pseudonyms(register()))
    need = {field.name: field for field in product.collections["rumah_tangga"].fields}["tanpa_jamban_layak"]
    assert "osong" not in need.meaning
    assert need.codes["Ya"] == "membutuhkan"
    assert need.codes["Tidak diketahui"].endswith("bukan berarti tidak membutuhkan")


def test_codes_name_what_a_table_may_hold_and_no_sensitive_indicator_beside_it(unusual: Assessment):
    collections = product_of(unusual, Level.OPD).collections
    for each in collections.values():
        for field in each.fields:
            if field.name == "indicator":
                assert {*field.codes} == {*each.table["indicator"]}
            if field.name == "zone_combination":
                assert "rob (" in field.meaning


def test_the_words_of_a_recipe_stand_in_the_dictionary():
    whole = register()
    named = read_recipes()["stbm"]
    product = make_product(whole, Scope(Level.OPD, named), SETTINGS, pseudonyms(whole))
    assert [fault for each in product.collections.values() for fault in explained(each)] == []
    fields = {field.name: field for field in product.collections["rumah_tangga"].fields}
    assert fields["kelas_stbm"].codes["JSP"].startswith("layak sendiri, tangki disedot")
    assert fields["kelas_stbm"].kind == "teks"
    assert fields["tanggal_pemicuan"].meaning.startswith("Kosong")
    desa = {field.name: field for field in product.collections["desa"].fields}
    assert desa["kelas_stbm_JSP"].title == "Kelas STBM: JSP"
    assert desa["kelas_stbm_JSP"].unit == "rumah tangga"


@pytest.mark.parametrize("name", sorted(read_recipes()))
def test_every_recipe_that_comes_along_is_explained_whole(name: str, assessment: Assessment):
    named = read_recipes()[name]
    at_door = named.level is Level.PETUGAS
    rows = frozenset(assessment.counted["sheet_row"].tolist()[:50]) if at_door else None
    scope = Scope(named.level, named, rows=rows, names=at_door)
    product = make_product(assessment, scope, SETTINGS, pseudonyms(assessment), key=KEY)
    assert [fault for each in product.collections.values() for fault in explained(each)] == []
    if "rumah_tangga" in product.collections and named.columns:
        table = product.collections["rumah_tangga"].table
        assert [*table] == [*(column.name for column in named.columns), "geometry"]
        assert sum(product.collections["rumah_tangga"].left_out.values()) + len(table) == len(
            assessment.counted
        )


def test_a_source_that_this_register_lacks_stays_an_empty_column_and_is_told():
    whole = register()
    product = make_product(
        whole, Scope(Level.OPD, recipe("zone_rob", "severity_rtlh", "desil")), SETTINGS, pseudonyms(whole)
    )
    table = product.collections["rumah_tangga"].table
    assert table["zone_rob"].isna().all()
    assert [field.kind for field in product.collections["rumah_tangga"].fields] == [
        "teks",
        "teks",
        "teks",
        "bulat",
    ]
    assert any(
        "Tidak ada dalam register ini, maka kosong: zone_rob, severity_rtlh" in note for note in product.notes
    )


def test_the_file_has_no_words_twice_and_no_place_that_nobody_fills():
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    sections = {section for about in told["about"].values() for section in about["sections"]}
    assert {*told} == {"about", *sections}
    for section in sections:
        for name, entry in told[section].items():
            places = {part.partition("}")[0] for part in f"{entry['title']}{entry['meaning']}".split("{")[1:]}
            assert places <= {"indicator", "layer", "layers", "group", "target", "least"}, name
            assert {*entry} <= {
                "title",
                "meaning",
                "worded",
                "unit",
                "kind",
                "codes",
                "codes_of",
                "source",
                "defined",
            }, name


def test_kinds_are_those_of_the_values():
    whole = register()
    for each in product_of(whole, Level.OPD).collections.values():
        for field in each.fields:
            values = each.table[field.name]
            if field.kind == "bulat":
                assert pd.api.types.is_integer_dtype(values)
            if field.kind == "desimal":
                assert pd.api.types.is_float_dtype(values)
            if field.kind == "teks":
                assert not pd.api.types.is_numeric_dtype(values)


def test_hostile_words_of_a_run_are_words_in_the_dictionary():
    whole = register(hostile=True)
    product = product_of(whole, Level.OPD)
    assert isinstance(product.collections["desa"].table, gpd.GeoDataFrame)
    sources = [field.source for field in product.collections["rumah_tangga"].fields]
    assert np.any(["${7*7}" in source for source in sources])

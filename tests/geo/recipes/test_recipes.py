"""Recipes: those that come along are sound, and what a district writes is believed only as far as its level goes."""

from dataclasses import replace
from pathlib import Path

import pytest

from geo.errors import NotAllowed, SettingsError
from geo.levels import Level
from geo.privacy import PERSONAL
from geo.recipes import (
    Recipe,
    RecipeColumn,
    agencies,
    agency_named,
    check_level,
    check_recipe,
    read_recipes,
    recipe_named,
    sound_recipes,
)
from geo.recipes.sources import COLLECTIONS, NEVER, PERSONS, is_source, refused, sensitive_columns, sources_of

HEAD = """
recipient = "Dinas Contoh"
title = "Contoh"
purpose = "Menguji"
basis = "Aturan contoh"
"""
KEY = '{ source = "pseudonim", name = "id" }'


def written(folder: Path, body: str, name: str = "contoh") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(HEAD + body, encoding="utf-8")
    return folder


def asking(folder: Path, level: str, *columns: str) -> Path:
    collections = 'collections = ["rumah_tangga"]\n'
    return written(folder, f'level = "{level}"\n{collections}columns = [{", ".join([KEY, *columns])}]\n')


def test_recipes_of_every_level_come_along_and_name_agencies_and_no_person():
    recipes = read_recipes()
    assert {"perkim", "simperum", "stbm", "dinkes", "dinsos", "baperida", "kampus", "petugas"} <= {*recipes}
    assert {recipe.level for recipe in recipes.values()} == {*Level}
    for recipe in recipes.values():
        check_recipe(recipe)
        assert recipe.days <= 90
        assert recipe.basis


def test_recipes_may_be_of_one_agency_and_are_of_their_own_otherwise(tmp_path: Path):
    recipes = read_recipes()
    told = {name: recipes[name].agency for name in ("dinkes", "stbm", "perkim", "simperum", "kampus")}
    assert [*told.values()] == ["dinkes", "dinkes", "perkim", "perkim", "kampus"]
    known = agencies(recipes)
    assert known["dinkes"] == recipes["dinkes"].recipient
    assert {*known} == {recipe.agency for recipe in recipes.values()}
    assert agency_named(recipes, "perkim") == "perkim"
    with pytest.raises(SettingsError, match=r"dinkes \(Dinas Kesehatan\)"):
        agency_named(recipes, "stbm")
    shared = read_recipes(written(tmp_path, 'level = "publik"\nagency = "pupr"'))
    assert agencies(shared)["pupr"] == "Dinas Contoh"


@pytest.mark.parametrize("agency", ["PUPR", "1a", "a b", "../x", "a" * 41, "dinas\\n"])
def test_ids_of_agencies_are_as_plain_as_those_of_recipes(agency: str, tmp_path: Path):
    with pytest.raises(SettingsError, match="«agency»"):
        read_recipes(written(tmp_path, f'level = "publik"\nagency = "{agency}"'))


@pytest.mark.parametrize("column", sorted(refused()))
@pytest.mark.parametrize("level", ["opd", "terbatas", "publik"])
def test_no_recipe_below_petugas_reads_a_column_of_a_person(column: str, level: str, tmp_path: Path):
    folder = asking(tmp_path, level, f'{{ source = "{column}", name = "x" }}')
    with pytest.raises(SettingsError, match=column if level == "opd" else "tingkat"):
        read_recipes(folder)


@pytest.mark.parametrize("column", NEVER)
def test_not_even_petugas_receive_numbers_of_persons_or_what_they_answered_about_health(
    column: str, tmp_path: Path
):
    folder = asking(tmp_path, "petugas", f'{{ source = "{column}", name = "x" }}')
    with pytest.raises(SettingsError, match="tidak pernah dibagikan"):
        read_recipes(folder)


@pytest.mark.parametrize("column", [*PERSONS, *sensitive_columns(), "house_number"])
def test_petugas_may_name_what_they_need_at_the_door(column: str, tmp_path: Path):
    folder = asking(tmp_path, "petugas", f'{{ source = "{column}", name = "x" }}')
    assert read_recipes(folder)["contoh"].columns[1].source == column


@pytest.mark.parametrize("level", [*Level])
def test_a_recipe_is_handed_over_up_to_its_level_and_a_visit_list_at_its_own_alone(level: Level):
    told = Recipe("uji", "Dinas", "Judul", "Guna", "Dasar", level)
    for asked in Level:
        below = [*Level].index(asked) <= [*Level].index(level)
        if asked is level or (below and level is not Level.PETUGAS):
            check_level(told, asked)
        else:
            with pytest.raises(NotAllowed, match="petugas" if level is Level.PETUGAS else "paling tinggi"):
                check_level(told, asked)


def test_the_lists_of_sources_agree_with_the_policy_of_privacy():
    below = sources_of(Level.OPD)
    for column in {
        *PERSONAL,
        *NEVER,
        *sensitive_columns(),
        "sheet_row",
        "house_number",
        "counts",
        "geometry",
    }:
        assert not is_source(column, below)
    assert not {*NEVER} & {*sources_of(Level.PETUGAS)}
    assert sources_of(Level.PUBLIK) == sources_of(Level.TERBATAS) == []
    assert set(COLLECTIONS) == {*Level}


@pytest.mark.parametrize(
    "name", ["", "1a", "a b", "a;b", "=1+1", "a" * 61, "ä", "a.b", "geometry", "FID", "../x", "a\\nb"]
)
def test_hostile_names_of_columns_are_refused(name: str, tmp_path: Path):
    with pytest.raises(SettingsError, match="nama kolom"):
        read_recipes(asking(tmp_path, "opd", f'{{ source = "desil", name = "{name}" }}'))


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ('{ source = "desil", name = "ID" }', "dua kali"),
        ('{ source = "kolom_rahasia", name = "x" }', "kolom_rahasia.*Yang ada"),
        ('{ source = "zone_", name = "x" }', "zone_"),
        ('{ source = "desil", name = "x", judul = "y" }', "judul.*tidak dikenal"),
        ('{ name = "x" }', "source"),
        ('{ source = "desil", name = "x", title = "a\\u202eb" }', "tidak tampak"),
        ('{ source = "desil", name = "x", values = { "1" = "a\\tb" } }', "tidak tampak"),
    ],
)
def test_what_is_wrong_with_a_column_is_said(columns: str, told: str, tmp_path: Path):
    with pytest.raises(SettingsError, match=told):
        read_recipes(asking(tmp_path, "opd", columns))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('level = "rahasia"', "level"),
        ('level = "opd"\ncollections = ["kisi"]', "kisi.*Yang ada"),
        ('level = "publik"\ncollections = ["rumah_tangga"]', "rumah_tangga"),
        ('level = "opd"', "columns"),
        ('level = "opd"\ncollections = ["desa"]\nneeds = ["disabilitas"]', "hanya untuk tingkat petugas"),
        ('level = "opd"\ncollections = ["desa"]\nneeds = ["listrik"]', "listrik"),
        ('level = "publik"\ndays = 0', "days"),
        ('level = "publik"\nhari = 5', "hari"),
        ('level = "publik"\ndays = "lama"', "days"),
        ('level = "publik"\nformats = ["../../x"]', "formats"),
        ('level = "publik"\ncollections = ["desa", "desa"]', "dua kali"),
        ('level = "publik"\nrecap = "x"', "kolom rumah tangga"),
        ("level = ", "TOML"),
        ("needs = " + "[" * 3_000, "bersarang"),
        ("days = " + "9" * 5_000, "TOML"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said_with_its_name(body: str, told: str, tmp_path: Path):
    with pytest.raises(SettingsError, match=told) as refused_as:
        read_recipes(written(tmp_path, body))
    assert "contoh" in str(refused_as.value)


def test_an_agency_must_be_able_to_answer_by_pseudonym(tmp_path: Path):
    body = 'level = "opd"\ncollections = ["rumah_tangga"]\ncolumns = [{ source = "desil", name = "desil" }]'
    with pytest.raises(SettingsError, match="pseudonim"):
        read_recipes(written(tmp_path, body))


@pytest.mark.parametrize("name", ["Dinas", "a b", "-x", "a" * 41])
def test_a_file_name_that_fits_no_address_is_refused(name: str, tmp_path: Path):
    with pytest.raises(SettingsError, match="Nama berkas resep"):
        read_recipes(written(tmp_path, 'level = "publik"', name))


def test_the_districts_own_recipe_takes_the_place_of_one_of_the_same_name(tmp_path: Path):
    recipes = read_recipes(written(tmp_path, 'level = "publik"', "dinkes"))
    assert recipes["dinkes"].recipient == "Dinas Contoh"
    assert recipes["perkim"] == read_recipes()["perkim"]


def test_a_missing_folder_and_a_missing_recipe_are_told(tmp_path: Path):
    with pytest.raises(SettingsError, match="Folder resep"):
        read_recipes(tmp_path / "tidak-ada")
    with pytest.raises(SettingsError, match=r"Yang ada: .*dinkes"):
        recipe_named(read_recipes(), "dinas")


def test_words_that_make_one_column_of_a_recap_are_refused():
    counted = RecipeColumn("tangga_jamban", "kelas", values={"aman": "baik!", "BABS": "baik?"})
    recipe = Recipe(
        "contoh", "Dinas", "Judul", "Guna", "Dasar", Level.OPD, ("desa", "rumah_tangga"),
        columns=(RecipeColumn("pseudonim", "id"), counted), recap="kelas",
    )  # fmt: skip
    with pytest.raises(SettingsError, match="rekap"):
        check_recipe(recipe)
    check_recipe(replace(recipe, columns=(recipe.columns[0], replace(counted, values={"aman": "baik"}))))
    with pytest.raises(SettingsError, match="recap"):
        check_recipe(replace(recipe, recap="id"))


def test_a_broken_recipe_stops_no_other_and_is_told_where_it_is_asked_for(tmp_path: Path):
    written(tmp_path, 'level = "publik"', "pupr")
    written(tmp_path, "needs = " + "[" * 3_000, "dinkes")
    recipes = sound_recipes(tmp_path)
    assert {*recipes} == {*read_recipes(), "pupr"} - {"dinkes"}
    assert recipe_named(recipes, "pupr").level is Level.PUBLIK
    with pytest.raises(SettingsError, match=r"dinkes\.toml bersarang"):
        recipe_named(recipes, "dinkes")

"""Whatever is asked of a product: no column outside the recipe, nothing personal below petugas, everybody counted."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.roles import Role, person
from geo.assessment import Assessment
from geo.errors import NotAllowed, SettingsError
from geo.levels import Level
from geo.privacy import PERSONAL, for_audience
from geo.privacy import Level as SameLevel
from geo.products import Product, Scope, make_product
from geo.products.editions import agency_edition
from geo.products.households import household_rows
from geo.recipes import RecipeColumn, read_recipes
from geo.recipes.sources import COLLECTIONS, NEVER, PERSONS, sensitive_columns, sources_of
from tests.geo.products.register import KEY, SECRET, SETTINGS, pseudonyms, recipe, register

WHOLE = register()
PUBLIC = for_audience(WHOLE, Level.PUBLIK)
NAMES = pseudonyms(WHOLE)
DESA = WHOLE.desa["kode_desa"].tolist()
ROWS = WHOLE.counted["sheet_row"].tolist()


def made(scope: Scope, whole: Assessment = WHOLE) -> Product:
    return make_product(whole, scope, SETTINGS, NAMES if scope.recipe else None, key=KEY, public=PUBLIC)


def households(product: Product) -> pd.DataFrame:
    return pd.DataFrame(product.collections["rumah_tangga"].table)


def text_of(product: Product) -> str:
    tables = [pd.DataFrame(each.table).drop(columns="geometry") for each in product.collections.values()]
    return "".join(table.to_csv() for table in tables)


def asked_columns(level: Level) -> st.SearchStrategy[list[str]]:
    known = [name for name in sources_of(level) if not name.endswith("*") and name != "pseudonim"]
    return st.lists(st.sampled_from([*known, "zone_coastal", "distance_coastal_m"]), unique=True, max_size=8)


@settings(max_examples=40)
@given(st.data())
def test_a_product_is_no_more_than_its_recipe_and_its_scope(data: st.DataObject):
    level = data.draw(st.sampled_from([Level.OPD, Level.PETUGAS]))
    columns = data.draw(asked_columns(level))
    needs = tuple(data.draw(st.lists(st.sampled_from(["rtlh", "jamban"]), unique=True)))
    desa = data.draw(st.none() | st.frozensets(st.sampled_from(DESA)))
    listed = data.draw(st.frozensets(st.sampled_from([*ROWS, 999_999]), max_size=30))
    rows = listed if level is Level.PETUGAS else data.draw(st.none() | st.just(listed))
    asked = recipe(*columns, level=level, needs=needs)
    scope = Scope(level, asked, desa, rows, names=level is Level.PETUGAS)
    product = made(scope)
    assert {*product.collections} == {"rumah_tangga"}
    collection = product.collections["rumah_tangga"]
    table = pd.DataFrame(collection.table)
    assert [*table.columns] == [*(field.name for field in collection.fields), "geometry"]
    assert {field.name for field in collection.fields} <= {"id", *columns}
    if scope.level is Level.OPD:
        assert not {*table} & {*PERSONAL, *PERSONS, *sensitive_columns(), "sheet_row"}
        assert SECRET not in text_of(product)
        assert "SAKIT" not in text_of(product)
    assert not {*table} & {*NEVER}
    assert len(table) + sum(collection.left_out.values()) == len(WHOLE.counted)
    assert table["id"].is_unique
    rows_of = {name: row for row, name in NAMES.items()}
    kept = WHOLE.counted.set_index("sheet_row").loc[table["id"].map(rows_of)]
    if desa is not None:
        assert kept["kode_desa"].isin(desa).all()
    if rows is not None:
        assert {*kept.index} <= rows
    if needs:
        assert kept[[f"need_{name}" for name in needs]].fillna(value=False).any(axis=1).all()
    assert (table["geometry"].isna().to_numpy() == kept.geometry.isna().to_numpy()).all()


@settings(max_examples=30)
@given(
    st.sampled_from(list(Level)),
    st.sampled_from(
        [*PERSONAL, *PERSONS, *NEVER, *sensitive_columns(), "sheet_row", "kolom_baru", "why_zone_coastal"]
    ),
)
def test_no_level_gives_what_it_does_not_have(level: Level, column: str):
    asked = recipe(column, level=level)
    scope = Scope(
        level,
        asked,
        rows=frozenset(ROWS[:9]) if level is Level.PETUGAS else None,
        names=level is Level.PETUGAS,
    )
    if level is Level.PETUGAS and column in sources_of(Level.PETUGAS):
        assert column in households(made(scope))
    else:
        with pytest.raises(SettingsError):
            made(scope)


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("names", [True, False])
def test_each_role_sees_its_columns_alone(role: Role, names: bool):
    fields = person("a", "A", role.value, DESA[:2]).fields()
    if names:
        with pytest.raises(NotAllowed, match="petugas"):
            made(Scope(Level.OPD, columns=fields, names=True))
        return
    shown = households(made(Scope(Level.OPD, columns=fields)))
    assert not {*shown} & {*PERSONAL, *PERSONS, *NEVER, *sensitive_columns()}
    parts = {"need", "why", "severity", "zone", "group"} & {*fields}
    for column in {*shown} - {"geometry", "sheet_row"}:
        assert column in fields or column.partition("_")[0] in {
            *parts,
            "cluster",
            "tangga",
            "basis",
            "distance",
        }
    if "point" not in fields:
        assert shown["geometry"].isna().all()
        assert {*shown} == {"sheet_row", "geometry"}
    else:
        assert {"need_rtlh", "zone_coastal", "desil", "jumlah_art"} <= {*shown}
        assert "jenis_atap" not in shown


def test_answers_about_the_house_leave_where_a_recipe_names_them_and_nowhere_else():
    assert "jenis_atap" not in households(made(Scope(Level.OPD)))
    assert "jenis_atap" in households(made(Scope(Level.OPD, recipe("jenis_atap"))))


@pytest.mark.parametrize("level", [*Level])
def test_every_level_has_its_collections(level: Level):
    rows = frozenset(ROWS[:9]) if level is Level.PETUGAS else None
    product = made(Scope(level, rows=rows, names=level is Level.PETUGAS))
    assert [*product.collections] == [*COLLECTIONS[level]]
    assert product.facts["audience"] == level.value
    for each in product.collections.values():
        assert each.table[each.key].is_unique
        assert pd.api.types.is_string_dtype(each.table[each.key])
        assert each.table.crs == 4326
        assert [*each.table.index] == [*range(len(each.table))]
        assert not [name for name, kind in each.table.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]
    if level is not Level.PETUGAS:
        assert SECRET not in text_of(product)
        assert "SAKIT" not in text_of(product)


@pytest.mark.parametrize("level", [Level.OPD, Level.PETUGAS])
def test_nothing_of_a_sensitive_indicator_leaves_unasked(level: Level):
    rows = frozenset(ROWS) if level is Level.PETUGAS else None
    product = made(Scope(level, rows=rows, names=level is Level.PETUGAS))
    for each in product.collections.values():
        assert not [field.name for field in each.fields if "penyakit" in field.name]
    assert "penyakit_kronis" not in [about["id"] for about in product.facts["indicators"]]


def test_a_sensitive_need_is_told_at_the_door_where_the_recipe_names_it():
    asked = recipe("need_penyakit_kronis", "nama", level=Level.PETUGAS)
    shown = households(made(Scope(Level.PETUGAS, asked, rows=frozenset(ROWS), names=True)))
    assert shown["need_penyakit_kronis"].sum() == WHOLE.counted["need_penyakit_kronis"].sum()
    assert (shown["nama"] == SECRET).all()


def test_everybody_and_the_masked_learn_counts_of_areas_alone():
    for level in (Level.PUBLIK, Level.TERBATAS):
        product = made(Scope(level))
        assert product.collections["desa"].table["penyakit_kronis_suppressed"].any()
    masked = product.collections["rumah_tangga"]
    assert not {*masked.table} & {
        *PERSONAL,
        "desil",
        "sheet_row",
        "zone_coastal",
        "need_penyakit_kronis",
        "pseudonim",
    }
    assert len(masked.table) + sum(masked.left_out.values()) == len(WHOLE.counted)


def test_masking_of_a_part_is_the_part_of_the_masking():
    whole = households(made(Scope(Level.TERBATAS)))
    product = made(Scope(Level.TERBATAS, desa=frozenset(DESA[:4])))
    part = households(product)
    assert part["id"].tolist() == whole.loc[whole["kode_desa"].isin(DESA[:4]), "id"].tolist()
    left_out = product.collections["rumah_tangga"].left_out
    assert len(part) + sum(left_out.values()) == len(WHOLE.counted)


def test_positions_are_not_masked_without_a_secret():
    with pytest.raises(NotAllowed, match="kunci"):
        make_product(WHOLE, Scope(Level.TERBATAS), SETTINGS, public=PUBLIC)


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (Scope(Level.PETUGAS, names=True), "daftar kunjungan"),
        (Scope(Level.OPD, names=True), "Nama"),
        (Scope(Level.PUBLIK, rows=frozenset({2})), "daftar"),
        (Scope(Level.TERBATAS, rows=frozenset({2})), "daftar"),
        (Scope(Level.OPD, read_recipes()["baperida"]), "paling tinggi"),
        (Scope(Level.PETUGAS, read_recipes()["perkim"], rows=frozenset({2}), names=True), "paling tinggi"),
        (Scope(Level.PUBLIK, recipe("desil")), "tidak ada pada tingkat publik"),
        *(
            (
                Scope(level, recipe("kode_desa", level=Level.PETUGAS, needs=needs), rows=rows),
                "hanya untuk tingkat petugas",
            )
            for level in (Level.PUBLIK, Level.TERBATAS, Level.OPD)
            for needs in (("penyakit_kronis",), ("rtlh",), ())
            for rows in (None, frozenset({2}))
        ),
    ],
)
def test_a_scope_that_no_level_has_is_refused_in_words(scope: Scope, told: str):
    with pytest.raises(NotAllowed, match=told):
        made(scope)


@pytest.mark.parametrize("needs", [("penyakit_kronis",), ("rtlh", "disabilitas")])
def test_rows_tell_by_being_there_of_nothing_that_their_columns_may_not(needs: tuple[str, ...]):
    edition = agency_edition(WHOLE)
    scope = Scope(Level.OPD, recipe("kode_desa", level=Level.PETUGAS, needs=needs))
    with pytest.raises(NotAllowed, match="penyakit atau disabilitas"):
        household_rows(WHOLE, edition, scope, NAMES)
    at_the_door = replace(scope, level=Level.PETUGAS, rows=frozenset(ROWS), names=True)
    there = household_rows(WHOLE, edition, at_the_door, NAMES).rows.table
    known = [f"need_{name}" for name in needs if f"need_{name}" in WHOLE.counted]
    assert len(there) == WHOLE.counted[known].fillna(value=False).any(axis=1).sum()


@pytest.mark.parametrize("names", [None, {}, dict.fromkeys(ROWS, "p1")])
def test_an_agency_receives_nobody_without_a_pseudonym_of_their_own(names: dict[int, str] | None):
    with pytest.raises(NotAllowed, match="samaran"):
        make_product(WHOLE, Scope(Level.OPD, recipe("desil")), SETTINGS, names)


def test_the_order_of_an_agencys_rows_tells_nothing_of_the_sheet():
    shown = households(made(Scope(Level.OPD, recipe("kode_desa"))))
    assert shown["id"].tolist() == shown.sort_values(["kode_desa", "id"])["id"].tolist()


def test_the_same_of_the_pages_own_assessment_as_of_the_whole():
    gone = [*NEVER, *sensitive_columns(), "nama", "alamat"]
    pages = replace(
        WHOLE,
        households=WHOLE.households.drop(columns=gone, errors="ignore"),
        rejects=WHOLE.rejects.drop(columns="value"),
    )
    scope = Scope(Level.OPD, recipe("need_rtlh", "rank"), frozenset(DESA[:5]))
    for one, other in zip(
        made(scope).collections.values(), made(scope, pages).collections.values(), strict=True
    ):
        assert pd.DataFrame(one.table).equals(pd.DataFrame(other.table))


def test_the_edition_for_everybody_is_not_cut_again():
    once = make_product(PUBLIC, Scope(Level.PUBLIK), SETTINGS)
    twice = make_product(WHOLE, Scope(Level.PUBLIK), SETTINGS)
    assert Level is SameLevel
    for name, each in once.collections.items():
        assert pd.DataFrame(each.table).equals(pd.DataFrame(twice.collections[name].table))
    assert once.collections["desa"].table["rtlh_need"].equals(PUBLIC.desa["rtlh_need"].reset_index(drop=True))


def test_the_words_of_a_rank_hang_on_no_sensitive_need():
    weighed = WHOLE.priorities.assign(
        part_penyakit_kronis=1.0, rank=WHOLE.priorities["rank"].to_numpy()[::-1]
    )
    shown = households(made(Scope(Level.OPD, recipe("rank", "chosen")), replace(WHOLE, priorities=weighed)))
    assert "penyakit" not in shown.to_csv()
    assert shown["chosen"].isna().all()
    ranks = shown.set_index("id")["rank"].dropna()
    assert ranks.sort_values().tolist() == [*range(1, len(ranks) + 1)]
    assert ranks[NAMES[int(weighed["sheet_row"].iloc[0])]] != len(weighed)


def test_empty_columns_are_named_for_the_recipient():
    column = RecipeColumn("", "tanggal", "Tanggal diperiksa")
    product = made(Scope(Level.OPD, recipe(column)))
    assert households(product)["tanggal"].isna().all()
    assert product.collections["rumah_tangga"].fields[-1].title == "Tanggal diperiksa"
    assert any("diisi penerima: tanggal" in note for note in product.notes)


def test_what_the_run_was_not_asked_for_is_said_and_empties_nothing_in_silence():
    gone = [name for name in WHOLE.households if name.endswith("_rtlh")]
    facts = {
        **WHOLE.facts,
        "indicators": [each for each in WHOLE.facts["indicators"] if each["id"] != "rtlh"],
    }
    less = replace(WHOLE, households=WHOLE.households.drop(columns=gone), facts=facts)
    product = made(
        Scope(Level.OPD, recipe("need_rtlh", RecipeColumn("why_rtlh", "alasan"), needs=("rtlh",))), less
    )
    [why] = product.collections["rumah_tangga"].left_out
    assert why.endswith("tidak dihitung dalam hasil ini")
    assert "RTLH" in why
    told = " ".join(product.notes)
    assert "maka kosong: need_rtlh, alasan." in told
    other = made(Scope(Level.OPD, recipe("kode_desa", needs=("rtlh", "jamban"))), less)
    assert len(households(other)) == WHOLE.counted["need_jamban"].sum()
    assert any(note.startswith("Tidak dihitung dalam hasil ini: RTLH") for note in other.notes)


@pytest.mark.parametrize("level", [Level.PUBLIK, Level.TERBATAS])
def test_how_much_is_withheld_is_said_before_it_leaves(level: Level):
    product = made(Scope(level))
    desa = product.collections["desa"].table
    hidden = int(desa["penyakit_kronis_suppressed"].sum())
    assert hidden
    assert any(f"Penyakit kronis: {hidden}" in note for note in product.notes if "Dirahasiakan di" in note)


def test_points_that_masking_took_away_are_not_said_to_be_missing_in_the_register():
    [note] = [note for note in made(Scope(Level.TERBATAS)).notes if "tanpa titik" in note]
    rows = made(Scope(Level.TERBATAS)).collections["rumah_tangga"].table
    assert note.startswith(f"{rows.geometry.isna().sum()} dari {len(rows)} baris")
    assert "menyamarkan" in note


@pytest.mark.parametrize("level", [*Level])
def test_the_name_that_an_office_gave_its_file_leaves_for_agencies_alone_and_without_numbers(level: Level):
    given = [{"role": "sheet", "name": "Budi 3326010101010001.csv", "sha256": "ab"}]
    whole = replace(WHOLE, facts={**WHOLE.facts, "inputs": given})
    rows = frozenset(ROWS[:9]) if level is Level.PETUGAS else None
    product = made(Scope(level, rows=rows, names=level is Level.PETUGAS), whole)
    fields = [field.source for each in product.collections.values() for field in each.fields]
    told = repr([fields, product.facts["inputs"]])
    assert "3326010101010001" not in told
    assert ("Budi" in told) == (level in {Level.OPD, Level.PETUGAS})


@pytest.mark.parametrize(
    "asked", [{"kecamatan": 2, "desa": 4, "households": 99}, {"desa": 4, "households": 30}]
)
def test_a_register_too_small_for_any_group_is_masked_all_the_same(asked: dict[str, int]):
    whole = register(seed=1009, **asked)
    product = make_product(whole, Scope(Level.TERBATAS), SETTINGS, key=KEY)
    assert product.collections["rumah_tangga"].table.geometry.isna().all()

"""A product of some desa, recaps, the recipient's words, and what its notes say."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.levels import Level
from geo.privacy import for_audience
from geo.products import Product, Scope, make_product
from geo.products.words import worded
from geo.recipes import Recipe, RecipeColumn, read_recipes
from tests.geo.products.register import KEY, SETTINGS, pseudonyms, recipe, register

WHOLE = register(kecamatan=3, desa=3)
CODES = WHOLE.desa["kode_desa"].tolist()
FIRST = frozenset(CODES[:3])
"""All desa of the first kecamatan."""


def of_desa(desa: frozenset[str] | None, level: Level = Level.OPD, whole: Assessment = WHOLE) -> Product:
    return make_product(whole, Scope(level, desa=desa), SETTINGS, key=KEY)


def ids(product: Product, name: str) -> list[str]:
    collection = product.collections[name]
    return collection.table[collection.key].tolist()


PUBLIC = for_audience(WHOLE, Level.PUBLIK)
UNCUT = {Level.PUBLIK: of_desa(None, Level.PUBLIK, PUBLIC), Level.OPD: of_desa(None)}


def zones(*rows: tuple[str, shapely.Geometry | None]) -> gpd.GeoDataFrame:
    base = WHOLE.zones.iloc[0].drop("geometry").to_dict()
    table = [{**base, "zone": zone} for zone, _ in rows]
    return gpd.GeoDataFrame(table, geometry=[shape for _, shape in rows], crs=4326)


@pytest.mark.parametrize("level", [Level.PUBLIK, Level.OPD])
@settings(max_examples=15)
@given(desa=st.frozensets(st.sampled_from([*CODES, "00.00.00.0000"])))
def test_an_area_is_whole_or_not_there(level: Level, desa: frozenset[str]):
    part = of_desa(desa, level, WHOLE if level is Level.OPD else PUBLIC)
    whole = UNCUT[level]
    for name, each in part.collections.items():
        everything = whole.collections[name]
        assert len(each.table) + sum(each.left_out.values()) == len(everything.table)
        if name == "rumah_tangga":
            continue
        rows = pd.DataFrame(everything.table).set_index(everything.key).loc[ids(part, name)].reset_index()
        assert rows.equals(pd.DataFrame(each.table).set_index(each.key).reset_index())
    assert {*ids(part, "desa")} == desa & {*CODES}
    for kode in ids(part, "kecamatan"):
        assert {code for code in CODES if code.startswith(f"{kode}.")} <= desa
    for members in part.collections["lingkaran"].table["members"]:
        assert {*members.split()} <= desa
    assert {*part.collections["desa_panas"].table["kode_desa"]} <= desa


def test_a_kecamatan_that_is_cut_is_left_out_and_said():
    product = of_desa(FIRST - {CODES[0]})
    assert ids(product, "kecamatan") == []
    assert product.collections["kecamatan"].left_out == {
        "terpotong oleh batas wilayah yang diminta": 1,
        "di luar wilayah yang diminta": 2,
    }
    assert any(note.startswith("Kecamatan: 1 tidak disertakan, terpotong") for note in product.notes)
    assert ids(of_desa(FIRST), "kecamatan") == ["99.01.01"]


def test_a_zone_stays_where_it_has_no_part_in_another_desa():
    inside, across = (
        shapely.box(109.501, -6.999, 109.504, -6.995),
        shapely.box(109.505, -6.999, 109.515, -6.995),
    )
    whole = replace(WHOLE, zones=zones(("dalam", inside), ("lintas", across), ("luar", None)))
    product = of_desa(FIRST, whole=whole)
    assert ids(product, "zona") == ["coastal:dalam"]
    assert sum(product.collections["zona"].left_out.values()) == 2
    assert len(ids(of_desa(None, whole=whole), "zona")) == 3


def test_a_kantong_with_a_house_in_another_desa_is_left_out():
    people = WHOLE.households.assign(cluster_rtlh=pd.array([pd.NA] * len(WHOLE.households), "Int32"))
    own = people.index[people["kode_desa"] == CODES[0]]
    people.loc[own[:3], "cluster_rtlh"] = 1
    assert ids(of_desa(FIRST, whole=replace(WHOLE, households=people)), "kantong") == ["K-1"]
    other = people.index[people["kode_desa"] == CODES[-1]]
    people.loc[other[0], "cluster_rtlh"] = 1
    assert ids(of_desa(FIRST, whole=replace(WHOLE, households=people)), "kantong") == []


def test_a_recipe_receives_the_indicators_it_is_about_and_no_others():
    for asked, told in (
        (("need_rtlh",), {"rtlh"}),
        (("tangga_jamban",), {"jamban"}),
        (("desil",), {"rtlh", "jamban"}),
    ):
        named = recipe(*asked, collections=("desa", "kecamatan", "zona", "lingkaran", "rumah_tangga"))
        product = make_product(WHOLE, Scope(Level.OPD, named), SETTINGS, pseudonyms(WHOLE))
        for name in ("desa", "kecamatan", "zona"):
            columns = product.collections[name].table.columns
            assert {column.removesuffix("_need") for column in columns if column.endswith("_need")} == told
        assert {*product.collections["lingkaran"].table["indicator"]} == told


def test_the_recap_counts_all_households_of_an_area_by_the_recipients_words():
    product = make_product(WHOLE, Scope(Level.OPD, read_recipes()["stbm"]), SETTINGS, pseudonyms(WHOLE))
    counted = WHOLE.counted
    for name, key in (("desa", "kode_desa"), ("kecamatan", "kode_kecamatan")):
        table = product.collections[name].table.set_index(key)
        classes = table[[column for column in table if column.startswith("kelas_stbm_")]]
        assert [*classes] == [
            f"kelas_stbm_{word}" for word in ("JSP", "JSSP", "Sharing", "BABS", "Tidak_diketahui")
        ]
        assert (classes.sum(axis=1) == table["households"]).all()
        aman = counted[counted["tangga_jamban"] == "aman"].groupby(key).size()
        assert (classes["kelas_stbm_JSP"] == aman.reindex(table.index).fillna(0)).all()
    assert len(product.collections["rumah_tangga"].table) < len(counted)


def test_the_recap_is_of_agencies_alone():
    named = read_recipes()["stbm"]
    product = make_product(WHOLE, Scope(Level.PUBLIK, named), SETTINGS)
    assert [*product.collections] == ["desa", "kecamatan"]
    assert not [column for column in product.collections["desa"].table if column.startswith("kelas_")]
    assert any("Tidak ada pada tingkat publik: rumah_tangga" in note for note in product.notes)


@given(
    st.lists(st.sampled_from([1.0, 2.0, 3.0, None])),
    st.dictionaries(st.sampled_from(["1", "2", ""]), st.text(max_size=3)),
)
def test_a_value_becomes_its_word_stays_or_is_left_out_and_counted(values: list, words: dict):
    told, strange = worded(pd.Series(values, dtype="Float64"), words)
    for value, word in zip(values, told, strict=True):
        text = "" if value is None else str(int(value))
        if not words:
            expected: object = value
        elif {*words} == {""} and value is not None:
            expected = text
        else:
            expected = words.get(text) or None
        assert (pd.isna(word) and expected is None) or word == expected
    unsaid = [value for value in values if value is not None and str(int(value)) not in words]
    assert strange == (0 if not words or {*words} == {""} else len(unsaid))


def test_codes_without_a_word_of_the_recipient_are_empty_and_told():
    column = RecipeColumn("jenis_atap", "AtapID", values={"1": "1", "3": "6"})
    product = make_product(WHOLE, Scope(Level.OPD, recipe(column)), SETTINGS, pseudonyms(WHOLE))
    collection = product.collections["rumah_tangga"]
    assert {*collection.table["AtapID"].dropna()} == {"1", "6"}
    unsaid = int((~WHOLE.counted["jenis_atap"].isin([1, 3])).sum())
    assert any(f"AtapID ({unsaid})" in note for note in product.notes)
    assert collection.fields[1].codes == {"1": "beton", "6": "seng"}


def test_the_notes_tell_of_boundaries_proksi_and_who_has_no_point():
    notes = " ".join(of_desa(None).notes)
    placed = WHOLE.counted.geometry.notna().sum()
    assert "Batas wilayah skematik, bukan batas resmi" in notes
    assert "Pesisir (proksi)" in notes
    assert f"{len(WHOLE.counted) - placed} dari {len(WHOLE.counted)} rumah tangga tidak punya titik" in notes
    sure = {**WHOLE.facts, "boundaries": {**WHOLE.facts["boundaries"], "schematic": False}, "layers": []}
    notes = " ".join(of_desa(None, whole=replace(WHOLE, facts=sure)).notes)
    assert "skematik" not in notes
    assert "olahan" not in notes


def test_the_notes_of_each_level_tell_what_is_withheld_or_may_be_done():
    masked = " ".join(of_desa(None, Level.TERBATAS).notes)
    assert "paling sedikit 6 rumah tangga" in masked
    assert "paling halus 100 m" in masked
    assert "kurang dari 5 rumah tangga dirahasiakan" in " ".join(of_desa(None, Level.PUBLIK).notes)
    assert "jangan digabung dengan daftar bernama" in " ".join(of_desa(None).notes)
    rows = frozenset(WHOLE.counted["sheet_row"].tolist()[:5])
    at_door = make_product(WHOLE, Scope(Level.PETUGAS, rows=rows, names=True), SETTINGS)
    assert "Memuat nama dan alamat" in " ".join(at_door.notes)


EMPTIED = ("clusters", "hot_spots", "scans", "priorities", "visits", "zones")


def test_a_run_with_nobody_and_nothing_in_it_has_products_of_every_level():
    empty = replace(
        WHOLE,
        households=WHOLE.households.iloc[:0],
        **{name: getattr(WHOLE, name).iloc[:0] for name in EMPTIED},
    )
    for desa in (None, FIRST):
        for level in (Level.OPD, Level.PUBLIK):
            product = of_desa(desa, level, empty)
            assert {
                len(each.table)
                for name, each in product.collections.items()
                if name not in {"desa", "kecamatan"}
            } == {0}
    for named in read_recipes().values():
        rows = frozenset[int]() if named.level is Level.PETUGAS else None
        scope = Scope(named.level, named, rows=rows, names=rows is not None)
        if named.level is not Level.TERBATAS:
            make_product(empty, scope, SETTINGS, {})


def test_visits_come_in_the_order_of_the_plan():
    visits = WHOLE.visits
    rows = frozenset(visits["sheet_row"].tolist())
    named = recipe("team", "day", "order", "nama", level=Level.PETUGAS)
    product = make_product(
        WHOLE, Scope(Level.PETUGAS, named, rows=rows, names=True), SETTINGS, pseudonyms(WHOLE)
    )
    table = pd.DataFrame(product.collections["rumah_tangga"].table)[["team", "day", "order"]]
    assert (
        table.dropna().to_numpy().tolist()
        == table.dropna().sort_values(["team", "day", "order"]).to_numpy().tolist()
    )
    assert table["team"].notna().any()


def test_columns_of_the_run_are_the_same_in_every_row():
    named = recipe(
        "nomor",
        "kode_desa_polos",
        "kode_kabupaten",
        "nama_kabupaten",
        "provinsi",
        "tanggal_data",
        "lintang",
        "bujur",
    )
    product = make_product(WHOLE, Scope(Level.OPD, named), SETTINGS, pseudonyms(WHOLE))
    table = product.collections["rumah_tangga"].table
    assert table["nomor"].tolist() == [*range(1, len(table) + 1)]
    assert {*table["kode_desa_polos"].dropna().str.len()} == {10}
    assert {*table["tanggal_data"]} == {"2026-11-21"}
    placed = table[table.geometry.notna()]
    assert np.abs(placed["lintang"].to_numpy(float) - placed.geometry.y.to_numpy()).max() < 1e-6
    assert table.loc[table.geometry.isna(), "bujur"].isna().all()
    kinds = {field.name: field.kind for field in product.collections["rumah_tangga"].fields}
    assert kinds["tanggal_data"] == "tanggal"


def test_a_recipe_of_areas_alone_has_no_households():
    named = Recipe("uji", "Badan", "Judul", "Guna", "Dasar", Level.OPD, ("desa",), ("rtlh",))
    product = make_product(WHOLE, Scope(Level.OPD, named), SETTINGS)
    assert [*product.collections] == ["desa"]

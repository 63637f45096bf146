"""The view of the map: what is counted, coloured, told and withheld, for whom."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.roles import Person, person
from app.library import OpenedRun
from app.map_view import View, edition, make_view
from app.map_view.asked import measures_of
from app.map_view.choices import choices
from app.map_view.desa_card import desa_card
from app.map_view.table import Order, cells, table
from geo.errors import NotAllowed, SettingsError
from geo.filters import Filter


def asked(**names: str | list[str]) -> dict[str, list[str]]:
    return {name: [value] if isinstance(value, str) else value for name, value in names.items()}


def first_zone(opened: OpenedRun) -> str:
    layer = opened.assessment.facts["layers"][0]
    return f"{layer['id']}:{next(iter(layer['titles']))}"


def test_without_a_filter_the_figures_are_those_of_the_run(opened: OpenedRun, planner: Person):
    rows = make_view(opened, planner, {}).rows
    desa = opened.assessment.desa
    assert rows["kode"].tolist() == desa["kode_desa"].tolist()
    np.testing.assert_allclose(rows["rate"], desa["rtlh_rate"])
    assert rows["need"].tolist() == desa["rtlh_need"].tolist()


def test_a_household_filter_counts_anew_with_intervals(opened: OpenedRun, planner: Person):
    view = make_view(opened, planner, asked(desil="1-2"))
    households = opened.assessment.counted
    mine = households[households["desil"].isin([1, 2])]
    assert view.legend["households"].replace(".", "") == str(len(mine))
    for row in view.rows.itertuples():
        of_desa = mine.loc[mine["kode_desa"] == row.kode, "need_rtlh"].dropna()
        assert (row.need, row.known) == (of_desa.sum(), len(of_desa))
        if len(of_desa):
            assert row.low <= row.rate <= row.high
        least = opened.assessment.facts["settings"]["rates"]["minimum_known"]
        assert row.enough == (len(of_desa) >= least)


@pytest.mark.parametrize("measure", ["smoothed", "gap", "hot"])
def test_what_is_of_the_whole_register_ignores_household_filters_and_says_so(
    opened: OpenedRun, planner: Person, measure: str
):
    if measure not in measures_of(opened.assessment, "rtlh", "desa"):
        pytest.skip("the sample has no such measure")
    plain = make_view(opened, planner, asked(tampil=measure))
    filtered = make_view(opened, planner, asked(tampil=measure, desil="1-2"))
    assert filtered.json()["classes"] == plain.json()["classes"]
    assert filtered.legend["whole_register"]
    assert not plain.legend["whole_register"]


def test_breaks_are_of_the_areas_inside_alone(opened: OpenedRun, planner: Person):
    kecamatan = opened.assessment.kecamatan["kode_kecamatan"].iloc[0]
    view = make_view(opened, planner, asked(kecamatan=kecamatan))
    inside = np.array(view.json()["inside"], dtype=bool)
    assert inside.tolist() == opened.assessment.desa["kode_kecamatan"].eq(kecamatan).tolist()
    assert (np.array(view.json()["classes"])[~inside] == -1).all()
    known = view.rows.loc[view.rows["enough"], "rate"]
    edges = [float(edge.strip(" %").replace(",", ".")) / 100 for edge in view.legend["edges"]]
    assert edges[0] <= known.min()
    assert known.max() <= edges[-1]
    assert view.rows["rate"].notna().sum() < len(opened.assessment.desa)


def test_areas_with_too_few_known_are_blank_and_counted(opened: OpenedRun, planner: Person):
    view = make_view(opened, planner, asked(desil="1", zona=first_zone(opened)))
    blank = view.rows[view.rows["class_of"] < 0]
    empty = (view.rows["households"] == 0).sum()
    assert len(blank) == int(view.legend["few"].replace(".", "")) + empty
    assert str(empty) == (view.legend["empty"].replace(".", "") or "0")
    assert not blank["enough"].any()


def test_a_sensitive_indicator_takes_no_household_filter(opened: OpenedRun, planner: Person):
    sensitive = [entry["id"] for entry in opened.assessment.facts["indicators"] if entry["sensitive"]]
    if not sensitive:
        pytest.skip("the sample measures none")
    view = make_view(opened, planner, asked(indikator=sensitive[0], desil="1-2", tampil="gap"))
    assert view.asked.filter == Filter()
    assert "desil" not in view.address()
    assert len(view.asked.notes) == 2  # the filter, and the measure that there is not
    shown = view.rows.loc[~view.rows["withheld"], "need"].dropna()
    assert not shown.between(1, 4).any()
    with pytest.raises(NotAllowed):
        make_view(opened, planner, asked(butuh=f"{sensitive[0]}:ya"))


def test_who_sees_areas_only_gets_the_public_edition(opened: OpenedRun, leader: Person):
    view = make_view(opened, leader, asked(lapisan=["rumah", "terpilih", "kantong", "dasar"]))
    assert view.asked.layers == ("dasar",)
    assert not view.shows_households
    assert view.json(tiles="/ubin/x")["tiles"] == ""
    public = opened.public.desa
    withheld = public["rtlh_suppressed"].to_numpy(bool)
    assert withheld.any()
    assert view.rows.loc[withheld, ["need", "rate", "low"]].isna().all(axis=None)
    for tip, hidden in zip(view.json()["tips"], withheld, strict=True):
        assert ("tetap rahasia" in tip) == hidden


@pytest.mark.parametrize("name", ["desil", "butuh", "letak", "kelompok"])
def test_who_sees_areas_only_filters_on_no_household(opened: OpenedRun, leader: Person, name: str):
    group = opened.assessment.facts["groups"]["groups"][0]["id"]
    values = {"desil": "1", "butuh": "rtlh:ya", "letak": "gps", "kelompok": group}
    with pytest.raises(NotAllowed):
        make_view(opened, leader, asked(**{name: values[name]}))


def test_who_sees_areas_only_filters_desa_by_their_own_zone(opened: OpenedRun, leader: Person):
    zone = first_zone(opened)
    layer, word = zone.split(":")
    view = make_view(opened, leader, asked(zona=zone))
    assert set(view.rows["kode"]) == set(
        opened.public.desa.loc[opened.public.desa[f"zone_{layer}"] == word, "kode_desa"]
    )


def test_a_zone_of_whole_desa_keeps_the_map_by_desa(opened: OpenedRun, leader: Person):
    view = make_view(opened, leader, asked(zona=first_zone(opened), tingkat="kecamatan"))
    assert view.asked.level == "desa"
    assert view.asked.notes


def test_an_officer_without_a_desa_sees_a_map_without_figures(opened: OpenedRun):
    view = make_view(opened, person("baru", "", "petugas", []), {})
    assert view.rows.empty
    assert set(view.json()["classes"]) == {-1}
    assert view.legend["households"] == "0"
    assert table(view, Order())["rows"] == []
    assert cells(view).empty


def test_an_officer_sees_figures_of_their_own_desa_only(opened: OpenedRun, officer: Person):
    view = make_view(
        opened, officer, asked(tingkat="kecamatan", desa=opened.assessment.desa["kode_desa"].iloc[5])
    )
    assert view.asked.level == "desa"
    assert view.rows.empty  # another's desa
    mine = make_view(opened, officer, {})
    assert set(mine.rows["kode"]) == officer.desa
    for tip, inside in zip(mine.json()["tips"], mine.json()["inside"], strict=True):
        assert ("%" in tip or "belum cukup" in tip or "tidak ada" in tip) == bool(inside)
    of_mine = opened.assessment.counted["kode_desa"].isin(officer.desa).sum()
    assert mine.legend["households"].replace(".", "") == str(of_mine)


def test_two_scopes_do_not_share_what_is_kept(opened: OpenedRun, planner: Person, officer: Person):
    assert len(make_view(opened, planner, {}).rows) > len(make_view(opened, officer, {}).rows)
    assert len(make_view(opened, planner, {}).rows) == len(opened.assessment.desa)


def test_kecamatan_have_figures_of_their_own_and_no_hot_spots(opened: OpenedRun, planner: Person):
    view = make_view(opened, planner, asked(tingkat="kecamatan"))
    assert view.rows["need"].tolist() == opened.assessment.kecamatan["rtlh_need"].tolist()
    hot = make_view(opened, planner, asked(tingkat="kecamatan", tampil="hot"))
    assert (hot.asked.level, hot.asked.measure) != ("kecamatan", "hot")
    assert hot.asked.notes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("indikator", "x"),
        ("tampil", "x"),
        ("tingkat", "x"),
        ("lapisan", "x"),
        ("zona", "x"),
        ("kecamatan", "x"),
    ],
)
def test_what_the_run_does_not_know_is_a_clear_fault(
    opened: OpenedRun, planner: Person, name: str, value: str
):
    with pytest.raises(SettingsError, match="x"):
        make_view(opened, planner, asked(**{name: value}))


def test_a_hostile_name_is_text_in_every_tip(opened: OpenedRun, planner: Person):
    desa = opened.assessment.desa.copy()
    desa["nama_desa"] = "<img src=x onerror=alert(1)>`${x}`</script>"
    strange = replace(opened, folder=opened.folder / "lain", assessment=replace(opened.assessment, desa=desa))
    for tip in make_view(strange, planner, {}).json()["tips"]:
        assert "<img" not in tip
        assert "${" not in tip
        assert tip.startswith("<b>&#60;img")


def test_filtering_on_the_need_itself_is_told_to_say_nothing(opened: OpenedRun, planner: Person):
    assert make_view(opened, planner, asked(butuh="rtlh:ya")).legend["certain"]
    assert not make_view(opened, planner, asked(butuh="jamban:ya")).legend["certain"]


def test_the_legend_says_what_is_not_on_the_map(opened: OpenedRun, planner: Person):
    told = make_view(opened, planner, {}).legend
    counted = opened.assessment.counted
    own = counted["location_quality"].isin(["gps", "gps_border"]) & counted.geometry.notna()
    assert told["not_on_map"] == str((~own).sum())
    assert told["profile"] == opened.assessment.facts["profiles"]["rtlh"]
    assert told["sheet"].endswith(".csv")


def with_tables(opened: OpenedRun, name: str, **tables: object) -> OpenedRun:
    """Return a run that differs, under another name so that nothing kept of the first is taken for it."""
    return replace(opened, folder=opened.folder / name, assessment=replace(opened.assessment, **tables))


def test_a_desa_that_could_not_be_tested_has_a_card(opened: OpenedRun, planner: Person):
    untested = opened.assessment.hot_spots.assign(gi_q=np.nan, gi_class="", untested="semua sama")
    strange = with_tables(opened, "tanpa-uji", hot_spots=untested)
    kode = opened.assessment.desa["kode_desa"].iloc[0]
    first = desa_card(strange, planner, kode, make_view(strange, planner, asked(pilih=kode)))["indicators"][0]
    assert first["hot"]["untested"].endswith("semua sama")
    assert "keliru" not in first["hot"]["sure"]


def test_a_class_of_one_value_is_called_by_it(opened: OpenedRun, planner: Person):
    everywhere = opened.assessment.desa.assign(rtlh_rate=1.0, rtlh_enough=True)
    legend = make_view(with_tables(opened, "sama", desa=everywhere), planner, {}).legend
    assert [entry["title"] for entry in legend["classes"]] == ["100 %"]
    assert legend["classes"][0]["count"] == str(len(everywhere))


@pytest.mark.parametrize(("name", "value"), [("pilih", "00.00.00.0000"), ("pusat", "a,b,c")])
def test_what_cannot_be_opened_or_reached_is_told(opened: OpenedRun, planner: Person, name: str, value: str):
    notes = make_view(opened, planner, asked(**{name: value})).legend["notes"]
    assert len(notes) == 1
    assert f"«{value}»" in notes[0]
    kode = opened.assessment.desa["kode_desa"].iloc[0]
    assert make_view(opened, planner, asked(pilih=kode, pusat="-6.9,109.6,12")).legend["notes"] == ()


def test_a_desa_of_others_is_told_not_to_be_opened(opened: OpenedRun, officer: Person):
    view = make_view(opened, officer, asked(pilih=opened.assessment.desa["kode_desa"].iloc[5]))
    assert view.asked.opened == ""
    assert len(view.legend["notes"]) == 1


def test_what_lies_outside_the_filter_is_counted(opened: OpenedRun, planner: Person):
    kecamatan = opened.assessment.kecamatan["kode_kecamatan"].iloc[0]
    legend = make_view(opened, planner, asked(kecamatan=kecamatan)).legend
    assert int(legend["outside"]) + int(legend["inside"]) == len(opened.assessment.desa)
    assert make_view(opened, planner, {}).legend["outside"] == ""


def test_the_credit_of_the_boundaries_names_no_file(opened: OpenedRun, planner: Person):
    stated = {"source": "BPS, berkas batas, baru.geojson", "date": "tidak disebut", "schematic": False}
    facts = {**opened.assessment.facts, "boundaries": stated}
    told = make_view(with_tables(opened, "batas", facts=facts), planner, {}).legend
    assert told["credit"] == "BPS, tanggal tidak disebut"


@st.composite
def queries(draw: st.DrawFn, opened: OpenedRun, planner: Person) -> dict[str, list[str]]:
    """Draw any address that the form can send."""
    assessment = edition(opened, planner)
    form = choices(assessment, planner, make_view(opened, planner, {}).asked)
    flat = {
        "indikator": [value for value, _ in form["indicators"]],
        "tampil": [value for value, _ in form["measures"]],
        "tingkat": [value for value, _ in form["levels"]],
        "kecamatan": [value for value, _ in form["kecamatan"]],
        "zona": [value for _, words in form["zones"] for value, _ in words],
        "butuh": [value for _, words in form["needs"] for value, _ in words],
        "desil": [value for value, _ in form["desil"]],
        "kelompok": [value for value, _ in form["groups"]],
        "letak": [value for value, _ in form["qualities"]],
        "lapisan": ["", *(value for value, _ in form["layers"])],
        "desa": assessment.desa["kode_desa"].tolist(),
        "pusat": ["-6.9,109.6,12", "x"],
        "pilih": ["x", assessment.desa["kode_desa"].iloc[0]],
    }
    single = ("indikator", "tampil", "tingkat", "pusat", "pilih")
    names = draw(st.sets(st.sampled_from(sorted(flat)), max_size=6))
    return {
        name: draw(st.lists(st.sampled_from(flat[name]), min_size=1, max_size=1 if name in single else 3))
        for name in names
        if flat[name]
    }


def same(one: View, other: View) -> bool:
    return one.json() == other.json() and one.words == other.words and one.asked.opened == other.asked.opened


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_address_holds_the_whole_view(opened: OpenedRun, planner: Person, data: st.DataObject):
    view = make_view(opened, planner, data.draw(queries(opened, planner)))
    sent = parse_qs(urlsplit(view.address()).query, keep_blank_values=True)
    again = make_view(opened, planner, sent)
    assert same(view, again)
    assert again.address() == view.address()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_household_of_the_filter_is_counted_once(
    opened: OpenedRun, planner: Person, data: st.DataObject
):
    view = make_view(opened, planner, data.draw(queries(opened, planner)))
    found = view.picture.figures
    inside = view.rows["households"].sum() if view.asked.filters_households or not view.asked.filter else None
    if inside is not None:
        assert inside + found.elsewhere == found.households
    assert found.located <= found.households
    counts = [int(entry["count"].replace(".", "")) for entry in view.legend["classes"]]
    blank = (view.rows["class_of"] < 0).sum()
    assert sum(counts) + blank == len(view.rows)

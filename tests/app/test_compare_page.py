"""Two views side by side: what is subtracted, what may be said of it, and who may see which run."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.access.roles import Person, Role, person
from app.compare_view import (
    KeptRun,
    Side,
    address,
    cautions,
    compare,
    draw,
    funnels,
    pair_of,
    read_order,
    read_sides,
    reading,
    rows,
    summary,
)
from app.compare_view.comparing import Kind, kind_of
from app.library import OpenedRun
from app.library.opened import open_for_pages
from app.records.tables import Publication
from geo.assessment import Assessment, assess
from geo.boundaries import Boundaries
from geo.errors import NotAllowed, SettingsError
from geo.runs import write_run
from geo.sample import make_sample, write_sample
from geo.settings import Settings
from geo.settings.needs import IndicatorSettings
from tests.server import Served, serving

FIRST, SECOND, REDRAWN = "2026-01-15-1", "2026-02-15-1", "2026-01-20-1"
HOSTILE = "<img src=x onerror=alert(1)>${7*7}"
PLANNER = person("p", "", "perencana", [])
LEADER = person("l", "", "pimpinan", [])


@pytest.fixture(scope="module")
def second(
    district: Boundaries, sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Assessment:
    """Return another register of the same district, with a second definition, a month later."""
    folder = tmp_path_factory.mktemp("kedua")
    write_sample(make_sample(district.desa, district.sea, households=900, seed=77), folder)
    settings = sample_settings.model_copy(update={"indicators": IndicatorSettings(rtlh_compare="sepakat")})
    created = datetime(2026, 2, 15, 9, 0, tzinfo=UTC)
    return assess(folder / "contoh_rumah_tangga.csv", district, settings, created=created)


@pytest.fixture(scope="module")
def library(assessment: Assessment, second: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of three runs: two registers, and the first one once more within other borders."""
    folder = tmp_path_factory.mktemp("perpustakaan")
    write_run(folder / FIRST, assessment)
    write_run(folder / SECOND, second)
    desa = assessment.desa.iloc[:-1]
    desa = desa.assign(area_km2=desa["area_km2"].to_numpy() * np.where(np.arange(len(desa)) == 0, 2.0, 1.0))
    facts = {**assessment.facts, "created": "2026-01-20T09:00:00+00:00"}
    desa.loc[desa.index[1], "nama_desa"] = HOSTILE
    write_run(folder / REDRAWN, replace(assessment, desa=desa, facts=facts))
    return folder


@pytest.fixture(scope="module")
def runs(library: Path) -> dict[str, OpenedRun]:
    return {name: open_for_pages(library / name) for name in (FIRST, SECOND, REDRAWN)}


@pytest.fixture(scope="module")
def web(library: Path, assessment: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(library, state=tmp_path_factory.mktemp("catatan")) as server:
        with server.app.state.records.session() as session:
            session.add(Publication(run=FIRST, by="admin"))
        desa = assessment.desa["kode_desa"].tolist()
        for role in Role:
            server.add(role.value, role.value, desa[:2] if role is Role.PETUGAS else ())
        server.add("baru", "petugas")
        yield server


def sides(runs: dict[str, OpenedRun], who: Person = PLANNER, **query: str) -> tuple[Side, Side]:
    asked = {name.replace("__", "."): [value] for name, value in query.items()}
    return read_sides(asked, runs, FIRST, runs.__getitem__, who)


NEWEST_FIRST = (SECOND, REDRAWN, FIRST)


@pytest.mark.parametrize(
    ("shown", "pair"),
    [(SECOND, (REDRAWN, SECOND)), (REDRAWN, (FIRST, REDRAWN)), (FIRST, (FIRST, REDRAWN))],
)
def test_without_a_wish_the_run_in_force_stands_beside_the_one_before_it(runs, shown, pair):
    left, right = read_sides({}, NEWEST_FIRST, shown, runs.__getitem__, PLANNER)
    assert (left.opened.id, right.opened.id) == pair
    assert left.asked.indicator == right.asked.indicator == "rtlh"


def test_without_another_run_the_definitions_stand_beside_each_other_or_else_two_needs(runs):
    defined = read_sides({}, [SECOND], SECOND, runs.__getitem__, PLANNER)
    assert kind_of(*defined) is Kind.DEFINITIONS
    left, right = read_sides({}, [FIRST], FIRST, runs.__getitem__, PLANNER)
    assert (left.asked.indicator, right.asked.indicator) == ("rtlh", "jamban")
    assert kind_of(left, right) is Kind.NEEDS
    assert "dua kebutuhan yang berlainan" in reading(compare(left, right, PLANNER))


@pytest.mark.parametrize(
    ("away", "towards", "told"), [(5, 0, True), (0, 5, True), (5, 3, False), (0, 0, False)]
)
def test_a_need_that_nobody_has_alone_is_explained(runs, away, towards, told):
    left, right = sides(runs, kanan__indikator="jamban")
    found = compare(left, right, PLANNER)
    areas = found.areas.assign(away=0.0, towards=0.0)
    areas.loc[0, ["away", "towards"]] = [float(away), float(towards)]
    words = " ".join(summary(replace(found, areas=areas), left, right))
    assert ("Angka 0 berarti" in words) == told
    if told:
        inner, outer = (right, left) if away else (left, right)
        assert f"membutuhkan {inner.indicator['title']} juga membutuhkan {outer.indicator['title']}" in words


def test_needs_of_the_same_households_are_told_by_who_has_only_one(runs):
    left, right = sides(runs, kanan__indikator="jamban")
    found = compare(left, right, PLANNER)
    households = runs[FIRST].assessment.counted
    both = households[households["need_rtlh"].notna() & households["need_jamban"].notna()]
    only = (
        both[both["need_rtlh"].astype(bool) & ~both["need_jamban"].astype(bool)].groupby("kode_desa").size()
    )
    told = found.areas.set_index("kode")["away"]
    assert told[told > 0].astype(int).to_dict() == only.to_dict()
    assert found.tested
    assert found.paired


def test_a_definition_counts_as_the_table_of_comparison_does(runs):
    left, right = sides(runs, kiri__hasil=SECOND)
    assert (left.definition, right.definition) == ("", "sepakat")
    table = runs[SECOND].assessment.comparison.dropna(subset=["kode_desa"]).set_index("kode_desa")
    under = right.figures.areas.set_index("kode")
    expected = table[["need_need", "fit_need", "unknown_need"]].sum(axis=1)
    assert (under["need"] - expected).abs().sum() == 0
    found = compare(left, right, PLANNER)
    assert found.kind is Kind.DEFINITIONS
    assert not found.tested
    assert found.areas.set_index("kode")["towards"].to_dict() == table["fit_need"].astype(float).to_dict()
    turned = compare(*sides(runs, kiri__hasil=SECOND, kiri__definisi="sepakat"), PLANNER)
    assert turned.areas["away"].sum() == found.areas["towards"].sum() > 0


def test_the_first_definition_is_what_the_run_was_made_with(runs):
    left, right = sides(
        runs, kiri__hasil=SECOND, kiri__definisi="bps_sdg", kanan__hasil=SECOND, kanan__indikator="rtlh"
    )
    assert kind_of(left, right) is Kind.SAME
    desa = runs[SECOND].assessment.desa
    assert left.figures.areas["need"].tolist() == desa["rtlh_need"].tolist()


def test_registers_are_tested_and_the_rest_is_left_open(runs):
    left, right = sides(runs, kiri__hasil=FIRST, kanan__hasil=SECOND, kanan__indikator="rtlh")
    found = compare(left, right, PLANNER)
    areas = found.areas[found.areas["difference"].notna()]
    assert found.kind is Kind.REGISTERS
    assert ((areas["low"] <= areas["difference"]) & (areas["difference"] <= areas["high"])).all()
    assert (areas["word"] != "").all()
    told = " ".join(summary(found, left, right))
    assert "nyata naik" in told
    assert "tidak dapat dipastikan" in told
    assert not {"signifikan", "terbukti"} & set(told.split())


def test_one_sheet_in_two_runs_is_no_change(runs):
    left, right = sides(runs, kiri__hasil=FIRST, kanan__hasil=REDRAWN, kanan__indikator="rtlh")
    found = compare(left, right, PLANNER)
    assert found.kind is Kind.ONE_SHEET
    assert not found.tested
    told = " ".join(cautions(left, right))
    assert "1 desa hanya ada di kiri" in told
    assert "1 desa luasnya berubah" in told
    assert (found.areas["reason"] == "hanya ada di kiri").sum() == 1
    assert len(found.areas) == len(runs[FIRST].assessment.desa)


def test_other_borders_are_not_told_of_one_run(runs):
    assert cautions(*sides(runs)) == []


@pytest.mark.parametrize(
    "measures", [("rate", "rate"), ("rate", "smoothed"), ("need", "need"), ("gap", "gap")]
)
def test_a_colour_means_the_same_on_both_maps(runs, measures):
    left, right = sides(runs, kiri__tampil=measures[0], kanan__tampil=measures[1], kanan__indikator="jamban")
    first, second = draw(left, right, PLANNER)
    assert first.json()["colours"] == second.json()["colours"]
    titles = [[entry["title"] for entry in view.legend["classes"]] for view in (first, second)]
    assert titles[0] == titles[1]
    assert len(first.json()["classes"]) == len(runs[FIRST].assessment.desa)


def test_hot_spots_are_told_by_place_and_not_subtracted(runs):
    left, right = sides(runs, kiri__tampil="hot", kanan__tampil="hot", kanan__indikator="jamban")
    found = compare(left, right, PLANNER)
    assert found.areas["difference"].isna().all()
    assert "Desa panas di keduanya" in " ".join(summary(found, left, right))


def test_no_point_of_a_household_lies_on_the_maps(runs):
    for view in draw(*sides(runs), PLANNER):
        assert view.json(tiles="/ubin")["tiles"] == ""
        assert set(view.json()["layers"]) <= {"dasar"}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"kiri__hasil": SECOND},
        {"kiri__tampil": "need", "kanan__tampil": "gap", "kanan__indikator": "babs"},
        {"kiri__zona": "coastal:pesisir", "kanan__zona": "coastal:luar", "kanan__indikator": "rtlh"},
        {"tingkat": "kecamatan", "kanan__hasil": SECOND, "kanan__indikator": "rtlh"},
    ],
)
def test_the_address_brings_back_the_same_comparison(runs, query):
    left, right = sides(runs, **query)
    pairs = re.findall(r"([^?&=]+)=([^&]*)", address(left, right))
    again = sides(runs, **{name.replace(".", "__"): value.replace("%3A", ":") for name, value in pairs})
    assert address(*again) == address(left, right)
    assert [side.asked for side in again] == [left.asked, right.asked]


def test_households_on_one_side_only_are_tested_those_on_both_are_not(runs):
    apart = compare(
        *sides(runs, kiri__butuh="jamban:ya", kanan__butuh="jamban:tidak", kanan__indikator="rtlh"), PLANNER
    )
    assert (apart.kind, apart.tested) == (Kind.GROUPS, True)
    nested = compare(*sides(runs, kanan__butuh="jamban:ya", kanan__indikator="rtlh"), PLANNER)
    assert (nested.kind, nested.tested) == (Kind.GROUPS, False)


def test_the_funnels_stand_on_one_scale_and_mark_the_desa_that_the_run_marks(runs):
    left, right = sides(runs, kanan__indikator="jamban")
    first, second = funnels(left, right, PLANNER)
    assert first["top"] == second["top"]
    marked = {point["kode"] for point in first["points"] if point["word"] != "within"}
    desa = runs[FIRST].assessment.desa
    assert marked == set(desa.loc[desa["rtlh_funnel"].isin(["di atas", "di bawah"]), "kode_desa"])
    assert {point["kode"] for point in first["points"]} == set(desa.loc[desa["rtlh_enough"], "kode_desa"])


def test_rows_stand_in_the_order_that_is_asked_for(runs):
    left, right = sides(runs)
    found = compare(left, right, PLANNER)
    names = [row["name"].casefold() for row in rows(found, left, right, "nama")]
    assert names == sorted(names)
    upwards = [row["kode"] for row in rows(found, left, right, "kiri")]
    values = found.areas.set_index("kode")["left"][upwards].dropna()
    assert values.is_monotonic_increasing
    assert (read_order("-kanan"), read_order("'; DROP"), read_order("--nama")) == ("-kanan", "", "")


def test_what_is_withheld_is_withheld_in_differences_too(runs):
    left, right = sides(runs, LEADER, kiri__hasil=FIRST, kanan__hasil=SECOND, kanan__indikator="rtlh")
    found = compare(left, right, LEADER)
    hidden = [set(side.figures.areas.loc[side.figures.areas["withheld"], "kode"]) for side in (left, right)]
    assert hidden[0] | hidden[1], "the sample withholds nothing: this test shows nothing"
    areas = found.areas.set_index("kode").loc[sorted(hidden[0] | hidden[1])]
    assert areas[["difference", "low", "high", "away", "towards"]].isna().all(axis=None)
    assert (areas["word"] == "").all()
    told = {row["kode"]: row for row in rows(found, left, right, "")}
    assert all("tidak ditampilkan" in told[kode]["left"][0] for kode in hidden[0])
    assert "Seluruhnya" not in " ".join(summary(found, left, right))
    drawn = {point["kode"] for point in funnels(left, right, LEADER)[0]["points"]}
    assert not drawn & hidden[0]


def test_whoever_sees_areas_only_is_told_of_no_households_and_no_second_definition(runs):
    found = compare(*sides(runs, LEADER), LEADER)
    assert found.areas[["away", "towards"]].isna().all(axis=None)
    assert not found.paired
    with pytest.raises(SettingsError, match="tidak membandingkan"):
        sides(runs, LEADER, kiri__hasil=SECOND, kiri__definisi="sepakat")
    with pytest.raises(NotAllowed):
        sides(runs, LEADER, kiri__butuh="rtlh:ya")


def test_somebody_in_the_field_compares_their_own_desa(runs):
    own = runs[FIRST].assessment.desa["kode_desa"].tolist()[:2]
    who = person("s", "", "petugas", own)
    left, right = sides(runs, who)
    found = compare(left, right, who)
    assert set(found.areas["kode"]) == set(own)
    assert sum(draw(left, right, who)[0].json()["inside"]) == 2


def test_what_is_kept_is_kept_for_those_who_may_see_as_much(web, runs):
    library, shown = web.app.state.library, FIRST
    kept = [KeptRun(name, str(runs[name].manifest["created"]), name) for name in runs]
    query = {"kiri.indikator": ["jamban"], "urut": ["nama"]}
    first = pair_of(query, kept, shown, library, PLANNER)
    assert pair_of({**query, "urut": ["kiri"], "pilih": ["x"]}, kept, shown, library, PLANNER) is first
    field = person("s", "", "petugas", runs[FIRST].assessment.desa["kode_desa"].tolist()[:1])
    for who in (LEADER, field):
        other = pair_of(query, kept, shown, library, who)
        assert other is not first
        assert not other.found.areas.equals(first.found.areas)
    assert pair_of(query, kept[:1], shown, library, PLANNER) is not first


def test_the_page_holds_legends_and_table_without_a_script(web, runs):
    answer = web.sign_in("perencana").get("/bandingkan")
    assert answer.status_code == 200
    assert answer.text.count("<tr data-kode=") == len(runs[FIRST].assessment.desa)
    assert answer.text.count('<div class="legend">') == 2
    assert 'sandbox="allow-scripts"' in answer.text
    assert "<script>" not in answer.text
    assert "onclick" not in answer.text


def test_a_run_that_was_never_shown_is_for_those_who_keep_the_data(web):
    query = f"kiri.hasil={FIRST}&kanan.hasil={SECOND}&kanan.indikator=rtlh"
    assert web.sign_in("perencana").get(f"/bandingkan?{query}").status_code == 200
    for name in ("pimpinan", "petugas"):
        client = web.sign_in(name)
        assert SECOND not in client.get("/bandingkan").text
        for path in ("/bandingkan", "/bandingkan/keadaan"):
            refused = client.get(f"{path}?{query}")
            assert refused.status_code == 400
            assert "tidak ada di antara" in refused.text


def test_whoever_sees_areas_only_compares_within_the_run_in_force(library, tmp_path):
    query = f"kiri.hasil={FIRST}&kanan.hasil={SECOND}&kanan.indikator=rtlh"
    with serving(library, state=tmp_path) as server:
        with server.app.state.records.session() as session:
            session.add_all([Publication(run=run, by="admin") for run in (SECOND, FIRST)])
        for name in ("pimpinan", "petugas"):
            server.add(name, name)
        leader, field = (server.sign_in(name) for name in ("pimpinan", "petugas"))
        page = leader.get("/bandingkan").text
        assert SECOND not in page
        assert "selisih dua hasil dapat menunjuk satu rumah tangga" in page
        for path in ("/bandingkan", "/bandingkan/keadaan"):
            assert leader.get(f"{path}?{query}").status_code == 400
            assert field.get(f"{path}?{query}").status_code == 200
        assert leader.get("/bandingkan?kiri.indikator=rtlh&kanan.indikator=jamban").status_code == 200
        assert "menunjuk satu rumah tangga" not in field.get("/bandingkan").text
        assert leader.get(f"/peta/gambar/{SECOND}").status_code == 404


def test_somebody_in_the_field_is_told_no_rate_of_the_district(runs):
    who = person("s", "", "petugas", runs[FIRST].assessment.desa["kode_desa"].tolist()[:2])
    for query in ({}, {"kiri__hasil": SECOND, "kiri__definisi": "sepakat"}, {"kiri__butuh": "rtlh:ya"}):
        assert funnels(*sides(runs, who, **query), who) == (None, None)
    assert all(funnels(*sides(runs), PLANNER))


def test_the_page_is_for_those_who_see_areas(web):
    assert web.sign_in("opd").get("/bandingkan").status_code == 403
    assert web.sign_in("opd").get("/bandingkan/keadaan").status_code == 403


def test_no_desa_is_no_fault(web):
    answer = web.sign_in("baru").get("/bandingkan")
    assert answer.status_code == 200
    assert "desa tugas" in answer.text


def test_the_state_draws_both_runs_in_their_own_order(web, runs):
    answer = web.sign_in("perencana").get(
        f"/bandingkan/keadaan?kiri.hasil={FIRST}&kanan.hasil={REDRAWN}&kanan.indikator=rtlh"
    )
    drawn = answer.json()
    for name, run in (("kiri", FIRST), ("kanan", REDRAWN)):
        assert len(drawn[name]["classes"]) == len(drawn[name]["tips"]) == len(runs[run].assessment.desa)


def test_hostile_names_stay_text(web):
    client = web.sign_in("perencana")
    query = f"kiri.hasil={REDRAWN}&kanan.hasil={REDRAWN}&kanan.indikator=jamban"
    text = client.get(f"/bandingkan?{query}").text
    assert "&lt;img src=x" in text
    assert "<img src=x" not in text
    tips = "".join(client.get(f"/bandingkan/keadaan?{query}").json()["kiri"]["tips"])
    assert "&#60;img src=x" in tips
    assert "<img" not in tips
    assert "${" not in tips


@pytest.mark.parametrize(
    "query",
    [
        "kiri.hasil=../x",
        "kiri.hasil=.peta",
        "kanan.indikator=<script>",
        "kiri.definisi=entah",
        "kanan.tampil=zzz",
    ],
)
def test_what_is_not_there_is_said_and_breaks_nothing(web, query):
    answer = web.sign_in("perencana").get(f"/bandingkan?{query}")
    assert answer.status_code == 400
    assert "<script>" not in answer.text

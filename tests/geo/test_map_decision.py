"""The map of the decision: themes of desa, hot spots, circles, chosen households and visits, and what is missing."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.maps import build_map
from geo.maps.circles import kantong, scan_circles
from geo.maps.plan import TEAM_COLOURS, TEAM_DASHES, chosen_households, team_style, visit_stops
from geo.maps.themes import HATCH, count_classes, themes_by_indicator
from geo.privacy import Level, for_audience
from geo.symbology import circle_labels
from tests.geo.small import small_assessment
from tests.geo.test_maps import HOSTILE, data_of, with_facts
from tests.map_district import decided_district, map_district


@pytest.fixture(scope="module")
def decided() -> Assessment:
    return decided_district()


@pytest.fixture(scope="module")
def page(decided: Assessment) -> str:
    return build_map(decided)


def said(page: str) -> str:
    """Return what the panel says, without marks and with single spaces."""
    body = page[page.index("<aside") : page.index("</aside>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


@given(st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=4, max_size=4))
def test_every_count_falls_in_the_class_that_names_it(decided: Assessment, counts: list[int | None]) -> None:
    desa = decided.desa.assign(rtlh_need=pd.array(counts, "Int64"), rtlh_enough=True)
    alone = with_facts(replace(decided, desa=desa), indicators=decided.facts["indicators"][:1])
    themes = themes_by_indicator(alone)["rtlh"]
    if counts == [None] * 4:
        assert "need" not in themes
        return
    need = themes["need"]
    for place, count in enumerate(counts):
        if count is None:
            assert need.classes[place] == -1
            continue
        low, _, high = need.titles[need.classes[place]].replace(".", "").partition("–")
        assert int(low) <= count <= int(high or low)


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_classes_of_counts_rise_to_the_highest(counts: list[int]) -> None:
    highs = count_classes(np.array(counts, dtype=float))
    assert len(highs) <= 4
    assert (np.diff(highs) > 0).all()
    assert highs.tolist()[-1:] == ([max(counts)] if any(counts) else [])


def test_a_theme_says_each_class_once(decided: Assessment) -> None:
    for of_indicator in themes_by_indicator(decided).values():
        for theme in of_indicator.values():
            assert len(theme.colours) == len(theme.titles) == len(set(theme.titles)) == len(theme.counts())
            assert theme.classes.max() < len(theme.colours)
            assert theme.about.endswith(".")


def test_gap_and_count_are_blank_where_too_little_is_known(decided: Assessment) -> None:
    themes = themes_by_indicator(decided)["rtlh"]
    assert set(themes) == {"rate", "smoothed", "need", "gap", "hot"}
    for measure in ("rate", "smoothed", "need", "gap"):
        assert themes[measure].classes[3] == -1
    assert themes["need"].titles == ("0", "1", "2", "3–4")
    assert themes["need"].classes[:3].tolist() == [1, 2, 3]
    assert themes["smoothed"].colours == themes["rate"].colours


def test_a_desa_that_reached_its_target_stands_apart(decided: Assessment) -> None:
    desa = decided.desa.assign(rtlh_gap=[0, 2, 9, 5])
    gap = themes_by_indicator(replace(decided, desa=desa))["rtlh"]["gap"]
    assert gap.titles == ("0", "1–2", "3–9")
    assert gap.counts() == [1, 1, 1]


def test_each_indicator_names_its_own_target(decided: Assessment) -> None:
    rates = {"minimum_known": 5, "target_share": 0.9, "targets": {"jamban": 1.0}}
    page = build_map(with_facts(decided, settings={"rates": rates}))
    targets = {entry["id"]: entry["target"] for entry in data_of(page)["indicators"]}
    assert (targets["jamban"], targets["rtlh"]) == ("100 %", "90 %")
    assert "kekurangan menuju target 100 %" in said(page)


def test_hot_spots_are_coloured_and_the_rest_is_blank_or_hatched(decided: Assessment, page: str) -> None:
    hot = themes_by_indicator(decided)["rtlh"]["hot"]
    assert hot.classes.tolist() == [0, 2, 1, 3]
    assert hot.colours[2:] == ("#ffffff", HATCH)
    assert "hot" not in themes_by_indicator(decided)["jamban"]
    for words in (
        "Panas: nyata lebih sering1 desa",
        "Tidak diuji1 desa",
        "desa yang berbatasan",
        "Pulau Rekaan",
        "99.999",
    ):
        assert words in said(page)


def test_nothing_found_is_said_aloud(decided: Assessment, page: str) -> None:
    words = "Tidak satu desa pun nyata panas atau dingin."
    assert words not in said(page)
    told = said(build_map(replace(decided, hot_spots=decided.hot_spots.assign(gi_class=""))))
    assert words in told
    assert "Lingkaran R1–R2 dan R3 menguji kumpulan desa atau rumah" in told


def test_hot_spots_are_found_by_code_not_by_order(decided: Assessment) -> None:
    turned = replace(decided, hot_spots=decided.hot_spots.iloc[::-1].reset_index(drop=True))
    assert build_map(turned) == build_map(decided)


def test_a_desa_without_a_row_was_not_tested(decided: Assessment) -> None:
    fewer = replace(decided, hot_spots=decided.hot_spots.iloc[1:])
    assert themes_by_indicator(fewer)["rtlh"]["hot"].classes.tolist() == [3, 2, 1, 3]


def test_hot_spots_without_correction_say_so(decided: Assessment) -> None:
    facts = {**decided.facts["hot_spots"], "correction": "none"}
    page = build_map(with_facts(decided, hot_spots=facts))
    assert "Tanpa koreksi uji berganda" in said(page)
    assert data_of(page)["corrected"] is False


def test_only_significant_circles_are_drawn(decided: Assessment, page: str) -> None:
    circles = scan_circles(decided)
    assert [(circle["indicator"], circle["base"], circle["label"]) for circle in circles] == [
        ("rtlh", "desa", "R1"),
        ("rtlh", "desa", "R2"),
        ("rtlh", "rumah tangga", "R3"),
    ]
    assert circles[0]["members"] == "Mekarsari, Sidomulyo"
    assert "Tidak ada lingkaran yang nyata: Tanpa akses jamban layak, dari angka desa." in said(page)
    panel = page[: page.index('id="data"')]
    assert re.findall(r'data-scan="([^"]*)"', panel) == ["rtlh desa", "rtlh rumah tangga"]


def test_circles_that_an_edition_withholds_are_counted(decided: Assessment, page: str) -> None:
    assert "Tidak ditampilkan dalam edisi ini" not in said(page)
    found = [
        {"base": "desa", "indicator": "rtlh", "circles": 2},
        {"base": "rumah tangga", "indicator": "rtlh", "circles": 1},
    ]
    facts = {**decided.facts["scans"], "found": found}
    fewer = replace(with_facts(decided, scans=facts), scans=decided.scans.iloc[1:2])
    assert "Tidak ditampilkan dalam edisi ini: 2 lingkaran lain." in said(build_map(fewer))


def test_withheld_figures_are_not_called_untested(decided: Assessment) -> None:
    desa = decided.desa.assign(rtlh_suppressed=[False, True, False, False])
    fewer = replace(decided, desa=desa, hot_spots=decided.hot_spots.drop(index=1))
    page = build_map(fewer)
    assert data_of(page)["figures"]["rtlh"]["hot"]["untested"][1:] == [
        "tidak ditampilkan, agar angka kecil tetap rahasia",
        "",
        "tidak diuji: tidak punya tetangga",
    ]
    assert "Tidak ditampilkan atau diuji2 desa" in said(page)
    blank = build_map(replace(fewer, hot_spots=fewer.hot_spots.assign(gi_class="")))
    assert "Tidak satu desa pun yang ditampilkan nyata panas atau dingin." in said(blank)


def test_the_register_is_set_beside_all_families(decided: Assessment) -> None:
    about = {"name": "semua keluarga", "source": "Dinas Rekaan", "year": "2025", "register_share": 0.341}
    assert "Register memuat 34,1 % dari semua keluarga (Dinas Rekaan, 2025)" in said(
        build_map(with_facts(decided, denominator=about))
    )


def test_a_circle_without_width_keeps_its_badge(decided: Assessment) -> None:
    alone = scan_circles(decided)[1]
    assert alone["shape"] is None
    assert alone["relative_risk"] is None
    lat, lon = alone["at"]
    assert decided.desa.geometry[2].contains_properly(_point(lon, lat))


def _point(x: float, y: float) -> Any:  # noqa: ANN401  shapely is typed by half
    import shapely  # noqa: PLC0415

    return shapely.Point(x, y)


def test_circles_have_the_labels_of_the_report(decided: Assessment) -> None:
    turned = decided.scans.iloc[::-1].reset_index(drop=True)
    labels = [label for label in circle_labels(turned) if label]
    assert [circle["label"] for circle in scan_circles(replace(decided, scans=turned))] == labels


def test_a_figure_is_rounded_once(decided: Assessment) -> None:
    scans = decided.scans.assign(relative_risk=1.7456)
    assert {circle["relative_risk"] for circle in scan_circles(replace(decided, scans=scans))} == {1.7456}


def test_a_kantong_is_never_called_significant(decided: Assessment, page: str) -> None:
    about = kantong(decided.clusters)["features"][0]["properties"]
    assert (about["walk"], about["base"], about["share"]) == (184.0, 20.0, 0.4)
    without = decided.clusters.drop(columns=["walk_m", "base", "share"])
    older = kantong(without)["features"][0]["properties"]
    assert (older["walk"], older["base"], older["share"]) == (None, None, None)
    code = page[page.index("peta.kantong = ") : page.index("peta.scans = ")]
    legend = page[page.index('id="show-kantong"') :]
    assert not re.search(r"signifikan|\bnyata\b", code + legend[: legend.index("</section>")])


def test_chosen_households_without_a_point_are_counted_not_drawn(decided: Assessment, page: str) -> None:
    chosen = chosen_households(decided)
    assert chosen["row"] == [2, 3, 6, 12]
    assert chosen["rank"][0] == "1; rentang peringkat bila bobot digeser sedikit: 1 sampai 5 (kokoh)"
    assert chosen["why"]["words"] == ["alasan dipilih"]
    told = said(page)
    assert "Rumah tangga terpilih: 6" in told
    assert "2 terpilih tanpa titik tidak tampak." in told
    assert "2 kokoh" in told


def test_stops_follow_the_order_of_the_visits(decided: Assessment, page: str) -> None:
    stops = visit_stops(decided)
    assert stops["sheet_row"] == [6, 3, 2, 12]
    assert stops["days"] == [[1, 1, 3, 2], [2, 1, 1, 1], [2, 2, 1, 1]]
    told = said(page)
    for words in (
        "Rute kunjungan: 5",
        "1 kunjungan ke rumah tangga tanpa titik tidak tampak.",
        "bukan jalan",
        "1 terpilih belum masuk rencana",
    ):
        assert words in told


@given(st.integers(1, 100), st.integers(1, 100))
def test_teams_differ_by_colour_or_dash(one: int, other: int) -> None:
    pairs = len(TEAM_COLOURS) * len(TEAM_DASHES)
    assert (team_style(one) == team_style(other)) == (one % pairs == other % pairs)


@pytest.mark.parametrize(
    ("starts", "drawn", "own"),
    [
        ([[109.5, -7.0]], [[-7.0, 109.5]], {"1": 0, "2": 0}),
        ([[109.5, -7.0], [109.6, -6.9]], [[-7.0, 109.5], [-6.9, 109.6]], {"1": 0, "2": 1}),
        ([[109.5, -7.0], [109.5, -7.0]], [[-7.0, 109.5]], {"1": 0, "2": 0}),
        ([], [], {}),
        (None, [], {}),
        ([[109.5, float("nan")]], [], {}),
    ],
)
def test_a_team_starts_where_the_plan_says(
    decided: Assessment, starts: object, drawn: list[list[float]], own: dict[str, int]
) -> None:
    stops = visit_stops(with_facts(decided, visits={"starts": starts}))
    assert (stops["starts"], stops["start_of"]) == (drawn, own)
    nobody = replace(with_facts(decided, visits={"starts": starts}), visits=decided.visits.iloc[:0])
    assert visit_stops(nobody)["starts"] == []


def test_an_edition_without_figures_still_makes_a_map(decided: Assessment) -> None:
    gone = ("_gap", "_gap_most", "_smoothed", "_low", "_high", "located")
    bare = replace(
        decided,
        desa=decided.desa.drop(columns=[name for name in decided.desa if name.endswith(gone)]),
        hot_spots=decided.hot_spots[["kode_desa", "indicator", "gi_class", "untested"]],
        scans=decided.scans.drop(columns=["observed", "expected", "households", "p_value"]),
        facts={
            **decided.facts,
            **{name: {} for name in ("denominator", "selection", "visits", "scans", "hot_spots")},
        },
    )
    data = data_of(build_map(bare))
    assert data["figures"]["rtlh"]["hot"]["untested"] == ["", "", "", "tidak diuji: tidak punya tetangga"]
    assert set(data["figures"]["rtlh"]["themes"]) == {"rate", "need", "hot"}
    assert data["scans"][0]["p_value"] is None


def test_an_edition_without_a_decision_says_what_is_not_there() -> None:
    page = build_map(map_district())
    told = said(page)
    for words in (
        "Edisi ini tidak memuat lingkaran pemindaian.",
        "Tidak ada rumah tangga terpilih dalam edisi ini.",
        "Tidak ada rencana kunjungan dalam edisi ini.",
    ):
        assert words in told
    assert "Desa panas" not in told


def test_a_choice_that_rests_on_health_is_withheld(decided: Assessment) -> None:
    hidden = replace(
        decided,
        priorities=decided.priorities.assign(chosen=False),
        visits=decided.visits.iloc[:0],
        facts={**decided.facts, "selection": {"withheld": True}, "visits": {"withheld": True}},
    )
    assert "Pilihan memakai data kesehatan atau disabilitas" in said(build_map(hidden))


def test_a_choice_that_cannot_be_met_says_why(decided: Assessment) -> None:
    facts = {**decided.facts, "selection": {"met": False, "why_not": ["Kuota A & B bertentangan."]}}
    unmet = replace(decided, priorities=decided.priorities.assign(chosen=False), facts=facts)
    assert "Kuota A &#38; B bertentangan." in said(build_map(unmet))


def test_nothing_of_a_weight_on_health_is_told(decided: Assessment) -> None:
    indicators = [*decided.facts["indicators"], {
        "id": "disabilitas", "title": "Disabilitas", "profile": "", "definition": "", "sensitive": True,
    }]  # fmt: skip
    weighed = replace(
        with_facts(decided, indicators=indicators),
        priorities=decided.priorities.assign(part_disabilitas=1.0),
    )
    assert chosen_households(weighed)["row"] == []
    assert visit_stops(weighed)["sheet_row"] == []


@pytest.mark.parametrize("table", ["hot_spots", "scans", "priorities", "visits"])
def test_hostile_text_of_the_decision_is_inert(decided: Assessment, table: str) -> None:
    frame = getattr(decided, table)
    texts = {"hot_spots": ["stays", "untested", "moran_class"], "scans": ["nama_desa", "model", "members"],
             "priorities": ["why"], "visits": []}[table]  # fmt: skip
    page = build_map(replace(decided, **{table: frame.assign(**dict.fromkeys(texts, HOSTILE))}))
    body = page[page.index("<body") : page.rindex("<script>")]
    for part in ("<img", "</script><!--", "${alert", "{{ 7", "\u202e", "\u2028"):
        assert part not in body
    data_of(page)


def test_hostile_facts_of_the_decision_are_inert(decided: Assessment) -> None:
    page = build_map(
        with_facts(
            decided,
            hot_spots={
                **decided.facts["hot_spots"],
                "title": HOSTILE,
                "others": [HOSTILE],
                "islands": [HOSTILE],
            },
            denominator={"name": HOSTILE, "source": HOSTILE, "year": HOSTILE, "register_share": 0.5},
            visits={"assumptions": [HOSTILE]},
        )
    )
    body = page[page.index("<body") : page.rindex("<script>")]
    assert "&#60;img src=x" in body
    for part in ("<img", "</script><!--", "${alert", "{{ 7", "\u202e"):
        assert part not in body


@pytest.mark.parametrize("level", list(Level))
def test_every_audience_gets_a_map(level: Level) -> None:
    page = build_map(for_audience(small_assessment(), level))
    data = data_of(page)
    households = level in {Level.OPD, Level.PETUGAS}
    assert (data["chosen"]["row"] != []) == households
    assert "RAHASIA" not in page
    for circle in [] if households else data["scans"]:
        assert circle["base"] == "desa"
        assert circle["observed"] is None


def test_tables_without_rows_or_columns_still_make_a_map(decided: Assessment) -> None:
    names = ("hot_spots", "scans", "priorities", "visits", "visits_left_out", "clusters")
    empty = replace(decided, **{name: getattr(decided, name).iloc[:0] for name in names})
    assert "Tidak ada lingkaran yang dapat diuji" in said(build_map(empty))
    assert "Tidak ada kantong dalam edisi ini." in said(build_map(empty))
    none: dict[str, Any] = {name: pd.DataFrame() for name in names if name != "clusters"}
    bare = replace(decided, **none)
    assert data_of(build_map(bare))["visits"]["sheet_row"] == []

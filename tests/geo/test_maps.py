"""The map page holds what it must, weighs little, and asks the network for nothing."""

import base64
import json
import re
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.assessment import Assessment
from geo.maps import build_map
from geo.maps.areas import areas
from geo.maps.assets import inline
from geo.maps.ground import MOST_VERTICES, names, simplified
from geo.maps.households import packed_households
from geo.maps.wording import LONGEST, embed, escape
from geo.privacy import Level, for_audience
from geo.symbology import UNKNOWN_COLOUR, need_class, number
from tests.map_district import SIDE, SOUTH, WEST, map_district

HOSTILE = "<img src=x onerror=alert(1)></script><!--`${alert(1)}`{{ 7*7 }}\u202e\u2028\\'\""


@pytest.fixture(scope="module")
def four_desa() -> Assessment:
    return map_district()


@pytest.fixture(scope="module")
def page(four_desa: Assessment) -> str:
    return build_map(four_desa)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def unpack(packed: dict[str, str]) -> np.ndarray:
    kinds = {"Uint8Array": "u1", "Uint16Array": "<u2", "Uint32Array": "<u4", "Float64Array": "<f8"}
    return np.frombuffer(base64.b64decode(packed["data"]), dtype=kinds[packed["type"]])


def with_facts(assessment: Assessment, **facts: object) -> Assessment:
    return replace(assessment, facts={**assessment.facts, **facts})


def test_nothing_in_the_page_can_ask_the_network(page: str) -> None:
    assert not re.search(r"<(?:script|img|iframe|source|object|embed)\b[^>]*\bsrc=", page)
    links = re.findall(r"<link[^>]*>", page)
    assert links == ['<link rel="icon" href="data:,">']
    targets = re.findall(r"url\(\s*[\"']?([^)\"']*)", page)
    assert {target.split(":")[0].split("-")[0] for target in targets} <= {"data", "#hatch", "#default#VML"}
    assert "@import" not in page
    assert "sourceMappingURL" not in page
    assert "default-src 'none'" in page[: page.index("<script")]


def test_an_asset_that_is_not_at_hand_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"https://example\.org/x\.js"):
        inline('<script src="https://example.org/x.js"></script>')


def test_unused_libraries_stay_out(page: str) -> None:
    for library in ("jQuery", "Bootstrap v", "Font Awesome", "awesome-marker"):
        assert library not in page


def test_no_handlers_in_attributes(page: str) -> None:
    assert not re.search(r"<[a-z][^<>]*\son[a-z]+=", page[: page.index("L_NO_TOUCH")])
    body = page[page.index("<body") : page.index('id="data"')]
    assert not re.search(r"<[a-z][^<>]*\son[a-z]+\s*=", body)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("desa", "nama_desa"),
        ("desa", "nama_kecamatan"),
        ("clusters", "name"),
        ("households", "why_rtlh"),
        ("households", "zone_urban"),
    ],
)
def test_hostile_text_is_inert(four_desa: Assessment, table: str, column: str) -> None:
    frame = getattr(four_desa, table)
    page = build_map(replace(four_desa, **{table: frame.assign(**{column: HOSTILE})}))
    for part in ("<img", "</script><!--", "${alert", "{{ 7", "\u202e", "\u2028", "`$"):
        assert part not in page[page.index("<body") :].replace(_code(page), "")
    assert page.lower().count("<script") == page.lower().count("</script")
    data_of(page)


def _code(page: str) -> str:
    return page[page.rindex("<script>") :]


def test_hostile_facts_are_inert(four_desa: Assessment) -> None:
    facts = four_desa.facts
    hostile = with_facts(
        four_desa,
        district={**facts["district"], "nama": HOSTILE},
        boundaries={
            **facts["boundaries"],
            "note": HOSTILE,
            "source": HOSTILE,
            "date": HOSTILE,
            "schematic": True,
        },
        inputs=[{"role": "sheet", "name": HOSTILE}],
        indicators=[{**entry, "title": HOSTILE, "profile": HOSTILE} for entry in facts["indicators"]],
        layers=[{**entry, "title": HOSTILE, "method": HOSTILE} for entry in facts["layers"]],
    )
    page = build_map(hostile)
    assert "<img" not in page.replace(_code(page), "")
    assert "49" not in page[page.index("<title") : page.index("</title")]
    data_of(page)


def test_escape_cuts_and_cleans() -> None:
    assert len(escape("x" * 500)) == LONGEST
    assert escape("a\x00\u200b\u202eb") == "a b"
    assert escape(float("nan")) == escape(pd.NA) == escape(None) == ""


def test_embedded_json_keeps_its_meaning() -> None:
    value = {"a": "</script>\u2028&<!--"}
    assert json.loads(embed(value)) == value
    assert not {"<", "\u2028"} & set(embed(value))


def test_personal_columns_stay_out(page: str) -> None:
    for personal in ("NAMA REKAAN", "9900000000000000", "JALAN REKAAN"):
        assert personal not in page


def test_legend_counts_households_without_point(page: str) -> None:
    assert "8 rumah tangga tanpa titik tidak tampak di peta" in page
    assert "<strong>32</strong> titik dari 40 rumah tangga" in page


def test_legend_names_definition_source_dates_and_unknowns(page: str) -> None:
    for words in (
        "profil_rtlh",
        "Sumber Batas, 1 April 2020",
        "21 November 2026",
        "lembar.xlsx",
        "Bunyinya.",
    ):
        assert words in page
    assert "<strong>8</strong> rumah tangga belum diketahui" in page
    assert "kurang dari 5 rumah tangga diketahui): 1 desa" in page
    assert "Perkotaan (proksi)" in page
    assert "Kantong kerja: kumpulan rumah yang berdekatan" in page


def test_schematic_boundaries_say_so(four_desa: Assessment, page: str) -> None:
    words = "Batas skematik, bukan batas resmi."
    assert words not in page
    boundaries = {**four_desa.facts["boundaries"], "schematic": True, "note": "Dari titik desa"}
    assert words in build_map(with_facts(four_desa, boundaries=boundaries))


def test_only_desa_with_enough_known_are_coloured(page: str) -> None:
    data = data_of(page)
    rate = data["figures"]["rtlh"]["themes"]["rate"]
    assert rate["classes"][3] == -1
    assert data["colours"]["unknown"] == UNKNOWN_COLOUR
    assert len({rate["colours"][place] for place in rate["classes"][:3]}) == 3


def test_packed_households_come_back_where_they_stand(four_desa: Assessment) -> None:
    packed = packed_households(four_desa)
    count = packed["groups"]["count"]
    box = np.repeat(unpack(packed["groups"]["box"]).reshape(-1, 4), count, axis=0)
    x = box[:, 0] + unpack(packed["x"]) / 65535 * box[:, 1]
    y = box[:, 2] + unpack(packed["y"]) / 65535 * box[:, 3]
    lon, lat = x * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))
    rows = unpack(packed["rows"])
    points = four_desa.households.set_index("sheet_row").geometry[rows]
    assert np.abs(points.x.to_numpy() - lon).max() < 1e-6
    assert np.abs(points.y.to_numpy() - lat).max() < 1e-6
    classes = np.repeat(np.array(packed["classes"])[packed["groups"]["class"]], count)
    told = need_class(four_desa.households).set_axis(four_desa.households["sheet_row"])
    assert classes.tolist() == told[rows].tolist()
    first = {column["title"]: column["words"][unpack(column["codes"])[0]] for column in packed["columns"]}
    assert first["Tanpa akses jamban layak"] == "belum diketahui"


def test_sensitive_needs_are_never_points(four_desa: Assessment) -> None:
    indicators = [{**entry, "sensitive": entry["id"] == "rtlh"} for entry in four_desa.facts["indicators"]]
    packed = packed_households(with_facts(four_desa, indicators=indicators))
    assert not any("RTLH" in column["title"] for column in packed["columns"])
    assert {packed["classes"][place] for place in packed["groups"]["class"]} <= {"jamban", "unknown"}


def test_a_page_without_households_says_so(four_desa: Assessment) -> None:
    desa = four_desa.desa.assign(households=pd.array([10, pd.NA, 10, 10], dtype="Int64"))
    desa["rtlh_unknown"] = pd.array([2, pd.NA, 2, 2], dtype="Int64")
    desa["rtlh_rate"] = desa["rtlh_rate"].mask(desa.index == 1)
    page = build_map(
        replace(
            four_desa,
            desa=desa,
            households=four_desa.households.iloc[:0],
            clusters=four_desa.clusters.iloc[:0],
            zones=four_desa.zones.iloc[:0],
        )
    )
    assert "tidak memuat titik rumah tangga" in page
    assert "<strong>–</strong> rumah tangga belum diketahui" in page
    assert data_of(page)["desa"]["features"][1]["properties"]["households"] is None


def test_an_indicator_that_is_off_is_no_choice(four_desa: Assessment) -> None:
    kept = [entry for entry in four_desa.facts["indicators"] if entry["id"] == "rtlh"]
    less = with_facts(four_desa, indicators=kept)
    households = less.households.drop(columns=["need_jamban", "need_jamban_sendiri"])
    page = build_map(replace(less, households=households))
    assert page.count('name="theme"') == 2
    assert set(data_of(page)["figures"]) == {"rtlh"}


def test_neighbours_stay_neighbours_after_simplifying(four_desa: Assessment) -> None:
    drawn = areas(four_desa)
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in drawn["desa"]["features"]]
    assert shapely.coverage_is_valid(shapes)
    assert [feature["properties"]["kind"] for feature in drawn["borders"]["features"]] == [
        "kecamatan",
        "kabupaten",
    ]


def test_overlapping_boundaries_still_make_a_map(four_desa: Assessment) -> None:
    desa = four_desa.desa.copy()
    desa.loc[0, "geometry"] = shapely.box(WEST, SOUTH, WEST + 1.5 * SIDE, SOUTH + 1.2 * SIDE)
    assert len(data_of(build_map(replace(four_desa, desa=desa)))["desa"]["features"]) == 4


def test_ragged_zones_are_made_light(four_desa: Assessment) -> None:
    row, column = np.divmod(np.arange(14_400), 120)
    x, y = WEST + SIDE * column / 60, SOUTH + SIDE * row / 60
    holes = shapely.get_exterior_ring(shapely.box(x, y, x + SIDE / 100, y + SIDE / 100))
    shell = shapely.box(WEST - SIDE, SOUTH - SIDE, WEST + 3 * SIDE, SOUTH + 3 * SIDE)
    ragged = shapely.polygons(shapely.get_exterior_ring(shell), holes)
    assert shapely.get_num_coordinates(ragged) > MOST_VERTICES
    zones = gpd.GeoDataFrame(four_desa.zones.iloc[:1].assign(geometry=[ragged]), crs=4326)
    drawn = areas(replace(four_desa, zones=zones))["zones"]
    shape = shapely.geometry.shape(drawn["features"][0]["geometry"])
    assert 0 < shapely.get_num_coordinates(shape) <= MOST_VERTICES


def test_the_page_weighs_little(page: str, four_desa: Assessment) -> None:
    assert len(page.encode()) < 400_000
    many = gpd.GeoDataFrame(pd.concat([four_desa.households] * 500, ignore_index=True), crs=4326)
    many["sheet_row"] = np.arange(len(many)) + 2
    heavier = len(build_map(replace(four_desa, households=many)).encode()) - len(page.encode())
    assert heavier / (len(many) - 40) < 20


def test_the_same_assessment_gives_the_same_page(four_desa: Assessment, page: str) -> None:
    assert build_map(four_desa) == page


@pytest.mark.parametrize("level", list(Level))
def test_a_whole_run_holds_nobodys_name(assessment: Assessment, level: Level) -> None:
    page = build_map(for_audience(assessment, level))
    households = assessment.households
    personal = pd.concat(
        [households[column].dropna().astype("str") for column in ("nama", "nik", "no_kk", "alamat")]
    )
    assert len(personal) > 0
    assert not [value for value in personal[personal.str.len() > 5].unique() if escape(value) in page]
    pointless = int(households.geometry.isna().sum())
    assert (f"{number(pointless)} rumah tangga tanpa titik" in page) == (level in {Level.OPD, Level.PETUGAS})


def test_the_name_of_an_island_has_the_water_around_it(four_desa: Assessment) -> None:
    def room(desa: gpd.GeoDataFrame) -> dict[str, float]:
        return {name: width for kind, name, _, _, width in names(desa, *simplified(desa)) if kind == "desa"}

    desa = four_desa.desa.copy()
    last = desa["nama_desa"].iloc[-1]
    near, away = room(desa), 5 * SIDE
    moved = [*desa.geometry.iloc[:-1], shapely.affinity.translate(desa.geometry.iloc[-1], xoff=away)]
    far = room(desa.set_geometry(gpd.GeoSeries(moved, index=desa.index, crs=desa.crs)))
    assert near[last] == pytest.approx(SIDE, abs=1e-3)
    assert far[last] == pytest.approx(SIDE + 2 * (away - SIDE), rel=0.02)
    others = set(near) - {last}
    assert {name: far[name] for name in others} == pytest.approx(
        {name: near[name] for name in others}, abs=1e-3
    )

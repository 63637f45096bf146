"""The map document holds the ground and no figure, links to served files alone, and lets no text of a table act."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.maps.assets import offline_store
from geo.maps.web import BASEMAPS, WebMap, build_web_map
from geo.maps.web.assets import KINDS, SCRIPT, asset_name, web_assets
from geo.privacy import Level, for_audience
from tests.geo.test_maps import HOSTILE, with_facts
from tests.map_district import SIDE, SOUTH, WEST, decided_district


@pytest.fixture(scope="module")
def decided() -> Assessment:
    return decided_district()


@pytest.fixture(scope="module")
def document(decided: Assessment) -> WebMap:
    return build(decided)


def build(assessment: Assessment, **wishes: Any) -> WebMap:  # noqa: ANN401
    return build_web_map(assessment, "/static/x/{}".format, **wishes)


def data_of(document: WebMap) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', document.html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def opened(geometry: dict[str, Any]) -> shapely.Geometry:
    def positions(steps: list[Any]) -> list[Any]:
        if isinstance(steps[0], list):
            return [positions(part) for part in steps]
        found: list[Any] = (np.cumsum(np.reshape(steps, (-1, 2)), axis=0) / 1e5).tolist()
        return found

    return shapely.geometry.shape(geometry | {"coordinates": positions(geometry["coordinates"])})


def test_links_lead_to_served_files_alone(document: WebMap) -> None:
    links = re.findall(r'<script src="([^"]+)">|<link rel="stylesheet" href="([^"]+)">', document.html)
    names = ["".join(pair).removeprefix("/static/x/") for pair in links]
    assert "leaflet.js" in names
    assert "Leaflet.VectorGrid.bundled.js" in names
    assert set(names) <= web_assets().keys()
    assert "https://" not in document.html
    assert "http://" not in document.html.replace("http://www.w3.org/", "")


def test_a_name_stands_for_one_file_among_those_that_are_linked(document: WebMap) -> None:
    linked = set(re.findall(r"/static/x/([^\"]+)", document.html))
    addresses = [address for address in offline_store() if asset_name(address) in linked]
    assert len(addresses) == len({asset_name(address) for address in addresses}) == len(linked) - 2


def test_its_one_script_is_the_one_that_the_policy_names(document: WebMap) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", document.html, re.DOTALL)
    assert len(scripts) == 1
    assert (
        document.script == "sha256-" + base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    )
    assert "<style" not in document.html
    assert " style=" not in document.html


def test_no_script_makes_code_of_text() -> None:
    for name, text in web_assets().items():
        if name in {SCRIPT, "leaflet.js", "Leaflet.VectorGrid.bundled.js", "Control.FullScreen.min.js"}:
            assert not re.search(rb"\beval\(|new Function|document\.write", text), name
            assert name.endswith(KINDS)


def test_the_same_run_gives_the_same_document(decided: Assessment, document: WebMap) -> None:
    assert build(decided) == document


def test_areas_stand_in_the_order_of_the_tables(decided: Assessment, document: WebMap) -> None:
    data = data_of(document)
    for level, table in (("desa", decided.desa), ("kecamatan", decided.kecamatan)):
        codes = [feature["properties"]["code"] for feature in data[level]["features"]]
        assert codes == table[f"kode_{level}"].tolist()


def test_a_kecamatan_covers_its_desa(document: WebMap) -> None:
    data = data_of(document)
    shape = {
        level: shapely.union_all([
            opened(feature["geometry"]) for feature in data[level]["features"]
        ])
        for level in ("desa", "kecamatan")
    }  # fmt: skip
    assert shape["desa"].symmetric_difference(shape["kecamatan"]).area < 1e-9


def test_no_figure_and_no_household_stands_in_it(decided: Assessment, document: WebMap) -> None:
    data = data_of(document)
    assert {*data["desa"]["features"][0]["properties"]} == {"code", "name"}
    assert not {"figures", "households"} & data.keys()
    chosen = set(data["plan"]["chosen"]) | set(data["plan"]["visits"]["sheet_row"])
    assert set(data["plan"]["row"]) == chosen
    assert document.households == len(chosen) > 0
    located = decided.counted[decided.counted.geometry.notna()]
    assert len(located) > document.households
    for name in decided.households["nama"]:
        assert name not in document.html


def test_an_edition_without_households_has_no_point(assessment: Assessment) -> None:
    assert build(assessment).households > 0
    public = build(for_audience(assessment, Level.PUBLIK))
    assert public.households == 0
    assert data_of(public)["plan"]["row"] == []


def test_somebody_in_the_field_gets_the_outlines_and_points_of_their_desa(decided: Assessment) -> None:
    code = decided.desa["kode_desa"].iloc[0]
    clusters = decided.clusters.assign(kode_desa=decided.desa["kode_desa"].iloc[1])
    whole = data_of(build(replace(decided, clusters=clusters)))
    own = data_of(build(replace(decided, clusters=clusters), desa=frozenset({code})))
    desa_of = decided.counted.set_index("sheet_row")["kode_desa"]
    assert {desa_of[row] for row in own["plan"]["row"]} == {code}
    assert {desa_of[row] for row in whole["plan"]["row"]} > {code}
    assert len(whole["kantong"]["features"]) == 1
    assert own["kantong"]["features"] == []
    assert [circle["label"] for circle in own["scans"]] == ["R1"]
    assert len(whole["scans"]) == 3
    # the ground is public
    assert own["desa"] == whole["desa"]
    nobody = data_of(build(decided, desa=frozenset()))
    assert nobody["plan"]["row"] == nobody["scans"] == []


def test_the_sea_is_drawn_where_it_is_near(decided: Assessment) -> None:
    box = shapely.box(WEST, SOUTH + 2 * SIDE, WEST + SIDE, SOUTH + 3 * SIDE)
    near = gpd.GeoDataFrame(geometry=[box], crs=4326)
    far = near.set_geometry(near.translate(30, 0))
    assert len(data_of(build(decided, sea=near))["sea"]["features"]) == 1
    # where it ends is told, so that a cut is not drawn as a coast
    [[south, west], [north, east]] = data_of(build(decided, sea=near))["seaBounds"]
    assert (west, south, east, north) == pytest.approx(box.bounds, abs=1e-5)
    assert data_of(build(decided, sea=far))["sea"] is None
    assert data_of(build(decided))["sea"] is None


def test_a_base_map_of_the_internet_is_there_only_when_named(decided: Assessment, document: WebMap) -> None:
    assert data_of(document)["basemap"] is None
    for name, about in BASEMAPS.items():
        assert data_of(build(decided, basemap=name))["basemap"]["credit"] == about["credit"]
        assert about["address"].startswith(about["host"] + "/")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("desa", "nama_desa"), ("desa", "nama_kecamatan"), ("kecamatan", "nama_kecamatan"), ("clusters", "name"),
        ("scans", "nama_desa"), ("scans", "model"), ("zones", "title"),
    ],
)  # fmt: skip
def test_no_text_of_a_table_can_act(decided: Assessment, table: str, column: str) -> None:
    frame = getattr(decided, table)
    document = build(replace(decided, **{table: frame.assign(**{column: HOSTILE})}))
    for part in ("<img", "</script><!--", "${alert", "{{ 7", "\u202e", "\u2028", "`$"):
        assert part not in document.html
    assert document.html.lower().count("<script") == document.html.lower().count("</script")
    data_of(document)


def test_no_fact_can_act(decided: Assessment) -> None:
    facts = decided.facts
    document = build(
        with_facts(
            decided,
            district={**facts["district"], "nama": HOSTILE},
            boundaries={**facts["boundaries"], "source": HOSTILE},
            indicators=[{**entry, "title": HOSTILE} for entry in facts["indicators"]],
            layers=[
                {**entry, "id": HOSTILE, "title": HOSTILE, "colour": HOSTILE} for entry in facts["layers"]
            ],
        )
    )
    assert "<img" not in document.html
    assert "49" not in document.html[document.html.index("<title") : document.html.index("</title")]
    assert document.script == build(decided).script


@given(st.text())
def test_an_asset_has_no_folder(path: str) -> None:
    assert "/" not in asset_name(f"https://contoh.id/{path}")

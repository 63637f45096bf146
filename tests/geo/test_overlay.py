"""Households and desa laid over the zones of every layer."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundaries import Boundaries
from geo.layers.base import OUTSIDE, UNKNOWN, Inputs, Zones, nothing_known
from geo.overlay import add_household_shares, classify_desa, desa_shares, overlay
from geo.settings import LayerSettings

ORDER = ("coastal", "forest_edge", "urban")
INSIDE, PARTLY, OUT = "99.01.01.2001", "99.01.01.2004", "99.01.02.2003"
METRES = 32749


@pytest.fixture(scope="module")
def zones(district: Boundaries) -> dict[str, Zones]:
    """Lay a status zone over one desa, a free strip over the western half of another, and know no urban."""
    metres = district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)
    west, south, east, north = metres[PARTLY].bounds
    half = shapely.intersection(metres[PARTLY], shapely.box(west, south, (west + east) / 2, north))
    coast = gpd.GeoDataFrame(
        {"zone": ["pesisir", "dekat pantai"], "kode_desa": [INSIDE, None]},
        geometry=[metres[INSIDE], half],
        crs=district.measuring,
    )
    forest = gpd.GeoDataFrame({"zone": [], "kode_desa": []}, geometry=[], crs=district.measuring)
    return {
        "urban": nothing_known(Inputs(district, None, LayerSettings()), "tak ada"),
        "coastal": Zones(
            coast,
            edge=shapely.LineString([(west, north), (east, north)]),
            why={INSIDE: "desa menyentuh laut"},
            desa=pd.DataFrame({"coastal_shore_m": [120.0]}, index=[INSIDE]),
            measures={"coastal_east_m": lambda points: points[:, 0]},
        ),
        "forest_edge": Zones(forest, frozenset({OUT})),
    }


@pytest.fixture(scope="module")
def desa(district: Boundaries, zones: dict[str, Zones]) -> gpd.GeoDataFrame:
    shares = {layer: desa_shares(district.desa, found) for layer, found in zones.items()}
    return classify_desa(district.desa, zones, shares, ORDER).set_index("kode_desa", drop=False)


def test_desa_have_a_zone_a_share_and_say_when_they_do_not_know(desa):
    assert desa.loc[[INSIDE, OUT], "zone_coastal"].tolist() == ["pesisir", "luar"]
    assert desa.loc[INSIDE, "share_coastal"] == 1
    assert 0.2 < desa.loc[PARTLY, "share_coastal"] < 0.8
    assert desa["share_urban"].isna().all()
    assert set(desa["zone_urban"]) == {"tidak diketahui"}
    assert desa.loc[OUT, "zone_forest_edge"] == "tidak diketahui"
    assert desa.loc[INSIDE, "zone_forest_edge"] == "luar"
    assert desa.loc[INSIDE, "zone_display"] == "coastal"
    assert desa.loc[INSIDE, "zone_combination"] == "urban?+coastal"
    assert desa.loc[OUT, "zone_combination"] == "urban?+forest_edge?"


def test_desa_give_the_reason_of_the_layer_or_what_their_share_says(desa):
    assert desa.loc[INSIDE, "why_zone_coastal"] == "desa menyentuh laut"
    share = round(desa.loc[PARTLY, "share_coastal"] * 100)
    assert desa.loc[PARTLY, "why_zone_coastal"] == f"{share} % luas desa di dalam Dekat pantai"
    assert desa.loc[OUT, "why_zone_coastal"] == "seluruh desa di luar"
    assert desa.loc[OUT, "why_zone_forest_edge"] == "tidak ada keterangan tentang desa ini"
    assert desa.loc[[INSIDE, OUT], "coastal_shore_m"].tolist() == pytest.approx([120.0, np.nan], nan_ok=True)


def test_households_stand_by_their_point_or_by_a_whole_desa(desa, zones, district):
    metres = district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)
    west, south, east, north = metres[PARTLY].bounds
    strip, beyond = (
        metres[PARTLY].intersection(shapely.box(*box)).representative_point()
        for box in ((west, south, (west + east) / 2, north), ((west + east) / 2, south, east, north))
    )
    people = gpd.GeoDataFrame(
        {"kode_desa": pd.Series([INSIDE, PARTLY, PARTLY, PARTLY, OUT, None], dtype="str")},
        geometry=[None, strip, beyond, None, None, None],
        crs=district.measuring,
    ).to_crs(4326)
    found = overlay(people, desa.reset_index(drop=True), zones, ORDER)
    assert found["zone_coastal"].tolist() == [
        "pesisir", "dekat pantai", "luar", "tidak diketahui", "luar", "tidak diketahui"
    ]  # fmt: skip
    share = round(desa.loc[PARTLY, "share_coastal"] * 100)
    assert found["why_zone_coastal"].tolist() == [
        "desa menyentuh laut", "titiknya di dalam Dekat pantai", "titiknya di luar",
        f"tanpa titik; hanya sebagian desanya ({share} %) di dalam", "tanpa titik; seluruh desanya di luar",
        "desanya tidak diketahui",
    ]  # fmt: skip
    assert found["zone_forest_edge"].tolist() == ["luar"] * 4 + ["tidak diketahui"] * 2
    assert set(found["zone_urban"]) == {"tidak diketahui"}
    assert found["zone_display"].tolist()[:2] == ["coastal", "coastal"]
    assert found["zone_display"].iloc[2] == "tidak diketahui"
    assert found["zone_combination"].tolist() == [
        "urban?+coastal", "urban?+coastal", "urban?", "urban?+coastal?", "urban?+forest_edge?",
        "urban?+coastal?+forest_edge?",
    ]  # fmt: skip
    expected = [np.nan, strip.distance(zones["coastal"].edge), beyond.distance(zones["coastal"].edge)]
    assert found["distance_coastal_m"].tolist()[:3] == pytest.approx(expected, abs=3, nan_ok=True)
    assert found["distance_coastal_m"].isna().tolist() == [True, False, False, True, True, True]
    assert found["coastal_east_m"].tolist()[:3] == pytest.approx(
        [np.nan, strip.x, beyond.x], abs=1, nan_ok=True
    )


@pytest.mark.parametrize("rows", [0, 3])
def test_nobody_and_nobody_with_a_point_are_no_fault(desa, zones, rows):
    kode = pd.Series([INSIDE, OUT, None][:rows], dtype="str")
    people = gpd.GeoDataFrame({"kode_desa": kode}, geometry=gpd.GeoSeries([None] * rows, crs=4326))
    found = overlay(people, desa.reset_index(drop=True), zones, ORDER)
    assert len(found) == rows
    assert found[["distance_coastal_m", "coastal_east_m"]].isna().all(axis=None)


def test_texts_come_back_from_a_file_as_they_were(desa, zones, district, tmp_path):
    people = _people(np.array([[0.3, 0.3], [0.5, 0.9]]), [INSIDE, OUT], district.desa)
    found = overlay(people, desa.reset_index(drop=True), zones, ORDER)
    found.to_parquet(tmp_path / "households.parquet")
    again = gpd.read_parquet(tmp_path / "households.parquet")
    for name in found.columns.drop("geometry"):
        assert again[name].tolist() == pytest.approx(found[name].tolist(), nan_ok=True)


# four square desa of one kilometre in a row, 0 to 3; zones are given in kilometres

KODE = [f"99.01.01.200{place}" for place in range(4)]
CORNER = np.array([500_000.0, 9_200_000.0])


def _box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(*(np.array([west, south, east, north]) * 1000 + np.tile(CORNER, 2)))


SQUARES = gpd.GeoDataFrame(
    {"kode_desa": KODE}, geometry=[_box(x, 0, x + 1, 1) for x in range(4)], crs=METRES
).to_crs(4326)


def _people(at_km: np.ndarray, kode: list[str | None], where: gpd.GeoDataFrame = SQUARES) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries(shapely.points(at_km * 1000 + CORNER), crs=METRES).to_crs(where.crs)
    points[np.isnan(at_km).any(axis=1)] = None
    return gpd.GeoDataFrame({"kode_desa": pd.Series(kode, dtype="str")}, geometry=points)


def _layer(*rows: tuple[str, str | None, shapely.Polygon], unknown: tuple[str, ...] = ()) -> Zones:
    words, kode, polygons = zip(*rows, strict=True) if rows else ((), (), ())
    frame = gpd.GeoDataFrame({"zone": words, "kode_desa": kode}, geometry=list(polygons), crs=METRES)
    return Zones(frame, frozenset(unknown))


def _overlaid(found: Zones, people: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    zones = {"rob": found}
    desa = classify_desa(SQUARES, zones, {"rob": desa_shares(SQUARES, found)}, ("rob",))
    return overlay(people, desa, zones, ("rob",)), desa


def test_where_two_zones_hold_a_place_the_upper_one_counts():
    deep, shallow = ("dalam", None, _box(0, 0, 0.5, 1)), ("dangkal", None, _box(0, 0, 1.5, 1))
    listed = ("daftar", KODE[0], _box(0, 0, 1, 1))
    people = _people(
        np.array([[0.2, 0.5], [0.8, 0.5], [1.2, 0.5], [np.nan] * 2]), [KODE[0]] * 2 + [KODE[1], KODE[0]]
    )
    for rows, words, of_first in (
        ((deep, shallow), ["dalam", "dangkal", "dangkal"], [0.5, 0.5]),
        ((shallow, deep), ["dangkal", "dangkal", "dangkal"], [1, 0]),
        ((deep, listed, shallow), ["dalam", "daftar", "dangkal"], [0.5, 0.5, 0]),
        ((listed, deep, shallow), ["daftar", "daftar", "dangkal"], [1, 0, 0]),
    ):
        found, desa = _overlaid(_layer(*rows), people)
        assert found["zone_rob"].tolist()[:3] == words
        assert desa_shares(SQUARES, _layer(*rows)).iloc[0].tolist() == pytest.approx(of_first, abs=1e-6)
        assert desa["share_rob"].tolist() == pytest.approx([1, 0.5, 0, 0], abs=1e-6)
        assert found["zone_rob"].iloc[3] in {
            "dalam",
            "dangkal",
            "daftar",
        }  # it is in a zone, wherever it stands


def test_what_stands_in_a_desa_without_an_answer_is_unknown_and_never_outside():
    found, desa = _overlaid(
        _layer(("genangan", None, _box(0, 0, 1, 1)), unknown=(KODE[2],)),
        _people(np.array([[2.5, 0.5], [np.nan] * 2, [1.99, 0.5]]), [KODE[2], KODE[2], KODE[1]]),
    )
    assert found["zone_rob"].tolist() == [UNKNOWN, UNKNOWN, OUTSIDE]
    assert np.isnan(desa["share_rob"].iloc[2])


def test_a_point_just_across_the_border_of_a_desa_without_an_answer_is_unknown():
    people = _people(np.array([[2.01, 0.5], [0.5, 0.5]]), [KODE[1], KODE[1]])
    people["kode_desa_located"] = pd.Series([KODE[2], KODE[0]], dtype="str")
    found, _ = _overlaid(_layer(("genangan", None, _box(0, 0, 1, 1)), unknown=(KODE[2],)), people)
    assert found["zone_rob"].tolist() == [UNKNOWN, "genangan"]
    assert found["why_zone_rob"].iloc[0] == "titiknya di desa tanpa keterangan"


def test_a_point_just_beyond_the_district_belongs_to_what_its_desa_has_nearest():
    people = _people(np.array([[0.2, -0.05], [0.8, -0.05], [0.49, -0.05]]), [KODE[0]] * 3)
    people["kode_desa_located"] = pd.Series([None] * 3, dtype="str")
    found, _ = _overlaid(_layer(("genangan", None, _box(0, 0, 0.5, 1))), people)
    assert found["zone_rob"].tolist() == ["genangan", OUTSIDE, "genangan"]


def test_a_point_just_inside_a_desa_that_is_a_zone_of_its_own_keeps_the_strip_that_ends_there():
    people = _people(np.array([[1.05, 0.2], [1.05, 0.8], [1.05, 0.2]]), [KODE[0], KODE[0], KODE[1]])
    people["kode_desa_located"] = pd.Series([KODE[1]] * 3, dtype="str")
    listed, strip = ("pesisir", KODE[1], _box(1, 0, 2, 1)), ("dekat pantai", None, _box(0.5, 0, 1, 0.5))
    found, _ = _overlaid(_layer(listed, strip), people)
    assert found["zone_rob"].tolist() == ["dekat pantai", OUTSIDE, "pesisir"]


def test_a_sliver_of_a_zone_makes_no_desa_of_it():
    nowhere = np.array([[np.nan] * 2])
    for width, word in ((1e-9, OUTSIDE), (0.005, OUTSIDE), (0.3, UNKNOWN), (0.995, "genangan")):
        found, desa = _overlaid(
            _layer(("genangan", None, _box(1, 0, 1 + width, 1))), _people(nowhere, [KODE[1]])
        )
        assert found["zone_rob"].tolist() == [word]
        assert desa["zone_rob"].tolist()[0] == OUTSIDE


def test_a_household_without_a_desa_is_unknown_wherever_it_stands():
    found, _ = _overlaid(
        _layer(("genangan", None, _box(0, 0, 4, 1))),
        _people(np.array([[0.5, 0.5], [np.nan] * 2]), [None, None]),
    )
    assert found["zone_rob"].tolist() == [UNKNOWN, UNKNOWN]


def test_shares_of_households_are_of_those_that_are_known():
    people = pd.DataFrame({
        "kode_desa": pd.Series([KODE[0]] * 4 + [KODE[1], None], dtype="str"),
        "zone_rob": ["genangan", "luar", "luar", UNKNOWN, UNKNOWN, "genangan"],
    })  # fmt: skip
    desa = add_household_shares(SQUARES, people, "kode_desa", ["rob"])
    assert desa["share_households_rob"].tolist() == pytest.approx(
        [1 / 3, np.nan, np.nan, np.nan], nan_ok=True
    )


@st.composite
def _layers(draw: st.DrawFn) -> dict[str, Zones]:
    found = {}
    for name in ("urban", "coastal", "rob"):
        rows: list[tuple[str, str | None, shapely.Polygon]] = []
        for _ in range(draw(st.integers(0, 3))):
            if draw(st.booleans()):
                place = draw(st.integers(0, 3))
                rows.append((draw(st.sampled_from("ab")), KODE[place], _box(place, 0, place + 1, 1)))
            else:
                west, wide = draw(st.floats(0, 3.5)), draw(st.floats(0.01, 2))
                rows.append((draw(st.sampled_from("abc")), None, _box(west, 0, min(west + wide, 4), 1)))
        found[name] = _layer(*rows, unknown=tuple(draw(st.sets(st.sampled_from(KODE), max_size=2))))
    return found


@settings(max_examples=25, deadline=None)
@given(_layers(), st.permutations(["urban", "coastal", "rob"]), st.integers(0, 2**32 - 1))
def test_flags_combination_and_display_agree(zones, order, seed):
    random = np.random.default_rng(seed)
    at = random.uniform([0, 0], [4, 1], (30, 2))
    kode = np.array(KODE, dtype=object)[np.floor(at[:, 0]).astype(int)]
    at[random.random(30) < 0.3] = np.nan
    kode[random.random(30) < 0.1] = None
    shares = {layer: desa_shares(SQUARES, found) for layer, found in zones.items()}
    desa = classify_desa(SQUARES, zones, shares, order)
    people = overlay(_people(at, list(kode)), desa, zones, order)
    for table in (desa, people):
        for row in table.to_dict("records"):
            words = {layer: row[f"zone_{layer}"] for layer in zones}
            for layer, word in words.items():  # exactly one word, and only such as the layer has
                assert word in {OUTSIDE, UNKNOWN, *zones[layer].frame["zone"]}
                assert row[f"why_zone_{layer}"]
            flags = [layer + "?" * (word == UNKNOWN) for layer, word in words.items() if word != OUTSIDE]
            assert row["zone_combination"] == ("+".join(flags) or OUTSIDE)
            inside = [layer for layer in order if words[layer] not in (OUTSIDE, UNKNOWN)]
            unknown = UNKNOWN in words.values()
            assert row["zone_display"] == (inside[0] if inside else UNKNOWN if unknown else "lainnya")
    for layer, found in zones.items():
        assert (shares[layer].sum(axis=1) <= 1 + 1e-9).all()
        assert desa[f"share_{layer}"].dropna().between(0, 1).all()
        assert desa[f"share_{layer}"].isna().tolist() == [each in found.unknown_desa for each in KODE]
        counted = add_household_shares(SQUARES, people, "kode_desa", [layer])[f"share_households_{layer}"]
        assert counted.dropna().between(0, 1).all()
        lost = people["kode_desa"].isna() | people["kode_desa"].isin(found.unknown_desa)
        assert (people.loc[lost, f"zone_{layer}"] == UNKNOWN).all()
        # the exact answer, asked of each point and each row in turn
        for kode_desa, point, word in zip(
            people["kode_desa"][~lost],
            people.geometry.to_crs(METRES)[~lost],
            people[f"zone_{layer}"][~lost],
            strict=True,
        ):
            rows = found.frame.itertuples(index=False)
            holds = [
                row.zone for row in rows
                if row.kode_desa == kode_desa or (pd.isna(row.kode_desa) and point and row.geometry.intersects(point))
            ]  # fmt: skip
            if point is not None:
                assert word == (holds[0] if holds else OUTSIDE)
            else:
                assert not holds or word != OUTSIDE

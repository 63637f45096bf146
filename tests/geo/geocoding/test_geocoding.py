"""A desa and, where known, a point: how surely, and never a made-up one."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundaries import Boundaries, default_folder
from geo.boundary_import import boundaries_from_file
from geo.gazetteer.spelling import said
from geo.geocoding import OWN_POINT, QUALITIES, geocode
from geo.review.decisions import Decision
from geo.review.items import place_keys
from geo.settings import GeocodingSettings

MUARA_LOR, WANASARI = "99.01.01.2001", "99.01.02.2002"
COLUMNS = (
    "kode_tertulis", "desa_tertulis", "kecamatan_tertulis", "kabupaten_tertulis", "dusun", "lintang", "bujur",
    "koordinat",
)  # fmt: skip


@pytest.fixture(scope="module")
def inside(district: Boundaries) -> dict[str, tuple[float, float]]:
    """Return a place (lon, lat) well inside each desa."""
    spots = district.desa.set_index("kode_desa").representative_point()
    return {kode: (round(spot.x, 6), round(spot.y, 6)) for kode, spot in spots.items()}


@pytest.fixture(scope="module")
def place(district: Boundaries):
    def geocoded(*rows: dict[str, object], decisions: dict[str, Decision] | None = None) -> gpd.GeoDataFrame:
        sheet = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype("str")
        name = district.info["district"]["nama"]
        return geocode(sheet, district.desa, district.measuring, GeocodingSettings(), name, decisions)

    return geocoded


def stated(desa: str = "Muara Lor", kecamatan: str = "Pesisir Raya", **more: object) -> dict[str, object]:
    return {"desa_tertulis": desa, "kecamatan_tertulis": kecamatan, **more}


def at(spot: tuple[float, float]) -> dict[str, object]:
    return {"lintang": str(spot[1]), "bujur": str(spot[0])}


def test_a_point_in_its_desa(place, inside):
    house = place(stated(**at(inside[MUARA_LOR]))).iloc[0]
    assert house["location_quality"] == "gps"
    assert house["kode_desa"] == house["kode_desa_stated"] == house["kode_desa_located"] == MUARA_LOR
    assert house["nama_kecamatan"] == "Pesisir Raya"
    assert (house.geometry.x, house.geometry.y) == inside[MUARA_LOR]
    assert house["location_method"] == "koordinat"


@pytest.mark.parametrize(
    "written", ["-6.881 110.012", "-6.881, 110.012", "-6.881;110.012", " -6.881 ,  110.012 "]
)
def test_both_coordinates_in_one_cell(place, written):
    assert place(stated(koordinat=written)).geometry.iloc[0].x == 110.012


def test_decimal_commas(place, inside):
    lon, lat = inside[MUARA_LOR]
    house = place(stated(lintang=str(lat).replace(".", ","), bujur=f" {lon} ".replace(".", ","))).iloc[0]
    assert house["location_quality"] == "gps"


@pytest.mark.parametrize("change", ["swapped", "no minus", "both"])
def test_a_swap_or_a_lost_minus_is_undone_and_said(place, inside, change):
    lon, lat = inside[MUARA_LOR]
    spot = {"swapped": (lat, lon), "no minus": (lon, -lat), "both": (-lat, lon)}[change]
    house = place(stated(**at(spot))).iloc[0]
    assert house["location_quality"] == "gps"
    assert (house.geometry.x, house.geometry.y) == (lon, lat)
    assert ("tertukar" in house["location_note"]) == (change != "no minus")
    assert ("minus" in house["location_note"]) == (change != "swapped")


def test_a_repair_that_does_not_reach_the_stated_desa_is_not_made(place, inside):
    lon, lat = inside[WANASARI]
    house = place(stated(**at((lat, lon)))).iloc[0]
    assert house["location_quality"] == "desa"
    assert house.geometry is None
    assert house["kode_desa"] == MUARA_LOR
    assert house["location_note"]


def test_a_point_in_another_desa_is_a_conflict_and_no_point(place, inside):
    house = place(stated(**at(inside[WANASARI]))).iloc[0]
    assert house["location_quality"] == "gps_conflict"
    assert (house["kode_desa"], house["kode_desa_located"]) == (MUARA_LOR, WANASARI)
    assert house.geometry is None
    assert "di desa lain" in house["location_note"]


def test_a_point_just_across_the_border_stays_in_its_stated_desa(place, district):
    areas = district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)
    border = areas[MUARA_LOR].intersection(areas["99.01.01.1003"])
    middle = border.interpolate(0.5, normalized=True)
    for metres, quality in ((60, "gps_border"), (250, "gps_conflict")):
        ring = (
            areas["99.01.01.1003"]
            .intersection(middle.buffer(metres + 5))
            .difference(areas[MUARA_LOR].buffer(metres - 5))
        )
        spot = gpd.GeoSeries([ring.representative_point()], crs=district.measuring).to_crs(4326).iloc[0]
        house = place(stated(**at((spot.x, spot.y)))).iloc[0]
        assert house["location_quality"] == quality
        assert house["kode_desa"] == MUARA_LOR


@pytest.mark.parametrize(
    ("row", "quality"),
    [
        (stated(), "desa"),
        (stated(lintang="0", bujur="0"), "desa"),
        (stated(lintang="di rumah", bujur="110,5"), "desa"),
        (stated(lintang="-6,88"), "desa"),
        (stated(lintang="12.3456", bujur="80.1234"), "desa"),
        (stated(lintang="-88", bujur="999"), "desa"),
        (stated(lintang="-6.88", bujur="110.01"), "desa"),
        (stated("Antah"), "kecamatan"),
        (stated("Sumber Makmur", ""), "none"),
        ({}, "none"),
        ({"lintang": "12", "bujur": "80"}, "none"),
    ],
)
def test_without_a_point_of_its_own_nothing_is_drawn(place, row, quality):
    house = place(row).iloc[0]
    assert house["location_quality"] == quality
    assert house.geometry is None
    given_ = bool(row.get("lintang"))
    assert not given_ or house["location_note"]


def test_a_sheet_with_coordinates_only(place, inside):
    houses = place(*[at(inside[kode]) for kode in (MUARA_LOR, WANASARI)], at((80.12345, 12.12345)))
    assert houses["location_quality"].tolist() == ["gps", "gps", "none"]
    assert houses["kode_desa"].tolist()[:2] == [MUARA_LOR, WANASARI]
    assert houses["location_note"].tolist() == ["", "", "titik jatuh di luar kabupaten"]


def test_a_point_settles_a_name_that_is_not_certain_but_no_contradiction(place, inside):
    spot = at(inside["99.01.02.2001"])
    unsure = place({"kecamatan_tertulis": "Bukit Jaya", "desa_tertulis": "Sambar Makam", **spot}).iloc[0]
    assert unsure["kode_desa"] == "99.01.02.2001"
    assert unsure["location_method"] == "koordinat dan nama desa"
    assert "tidak dikenali" in unsure["location_note"]
    assert pd.isna(unsure["kode_desa_stated"])
    against = place(
        {"kecamatan_tertulis": "Bukit Jaya", "desa_tertulis": "Muara Lor", "kode_tertulis": WANASARI, **spot}
    )
    assert against["location_quality"].iloc[0] == "gps_conflict"
    elsewhere = place({"kecamatan_tertulis": "Kota Lain", "desa_tertulis": "Muara Lor", **spot})
    assert elsewhere["location_quality"].iloc[0] == "gps_conflict"
    assert pd.isna(elsewhere["kode_desa"].iloc[0])
    # there is no stated desa that the point could contradict
    assert "di desa lain" not in elsewhere["location_note"].iloc[0]
    assert "tidak pasti" in elsewhere["location_note"].iloc[0]


def test_one_spot_for_many_is_nobodys_own(place, inside):
    many = place(*[stated(**at(inside[MUARA_LOR]))] * 11)
    assert set(many["location_quality"]) == {"desa"}
    assert many.geometry.isna().all()
    assert many["location_note"].str.contains("titik sama").all()
    assert place(*[stated(**at(inside[MUARA_LOR]))] * 10).geometry.notna().all()
    lon, lat = inside[MUARA_LOR]
    swapped = place(*[stated(**at((lat, lon)))] * 11)
    assert swapped["location_note"].str.contains("tertukar .*; titik sama").all()


def test_no_household_at_all(place):
    nobody = place()
    assert nobody.empty
    assert nobody.crs == 4326
    assert {"kode_desa", "location_quality", "geometry"} <= set(nobody.columns)
    assert not {"lintang", "bujur", "koordinat"} & set(nobody.columns)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                COLUMNS, st.one_of(st.text(max_size=15), st.from_regex(r"-?\d{1,3}[.,]\d{1,6}"))
            ),
        ),
        max_size=4,
    )
)
def test_whatever_is_written_only_own_points_are_drawn(place, rows):
    houses = place(*rows)
    assert len(houses) == len(rows)
    assert houses["location_quality"].isin(QUALITIES).all()
    assert (houses.geometry.notna() == houses["location_quality"].isin(OWN_POINT)).all()
    assert (houses["reference_lon"].notna() == (houses["location_quality"] == "dusun")).all()
    keys = place_keys(houses)
    named = np.array(said(pa.array(keys["desa"], pa.string()))) != ""
    in_doubt = houses["kode_desa"].isna() & (named | (keys["kode"] != ""))
    assert (houses.loc[in_doubt, "review_item"] != "").all()


def test_the_sample_is_placed_where_its_truth_says(assessment, sample_folder: Path):
    truth = pd.read_parquet(sample_folder / "kebenaran.parquet").set_index("sheet_row")
    houses = assessment.households.set_index("sheet_row")
    true_desa = truth["kode_desa"].reindex(houses.index)
    assigned = houses["kode_desa"].notna()
    assert (houses["kode_desa"] == true_desa)[assigned].mean() > 0.995
    assert assigned.mean() > 0.97
    own = houses[houses["location_quality"] == "gps"]
    away = np.hypot(
        own.geometry.x - truth["true_lon"].reindex(own.index),
        own.geometry.y - truth["true_lat"].reindex(own.index),
    )
    assert away.median() < 1e-4


def test_a_point_does_not_settle_a_name_that_is_unlike_the_desa_where_it_lies(place, inside):
    spot = at(inside["99.01.02.2001"])
    found = place({"kecamatan_tertulis": "Bukit Jaya", "desa_tertulis": "Tgll Rj Kdl", **spot}).iloc[0]
    assert found["location_quality"] == "gps_conflict"
    assert pd.isna(found["kode_desa"])
    assert found["kode_desa_located"] == "99.01.02.2001"
    assert found.geometry is None


@pytest.mark.parametrize("written", ["Kab. Contoh", "CONTOH", "kabupaten contho", "9901", "99.01", ""])
def test_rows_of_this_kabupaten_are_placed_however_it_is_written(place, inside, written):
    found = place(stated(kabupaten_tertulis=written or None, **at(inside[MUARA_LOR]))).iloc[0]
    assert (found["location_quality"], found["kode_desa"]) == ("gps", MUARA_LOR)


@pytest.mark.parametrize("written", ["Kota Contoh", "Kabupaten Batang", "3325"])
def test_rows_of_another_kabupaten_are_not_placed_here(place, inside, written):
    spot = at(inside[MUARA_LOR])
    named, pointed, both = (
        place(stated(kabupaten_tertulis=written)).iloc[0],
        place({"kabupaten_tertulis": written, **spot}).iloc[0],
        place(stated(kabupaten_tertulis=written, **spot)).iloc[0],
    )
    for row in (named, pointed, both):
        assert pd.isna(row["kode_desa"])
        assert row.geometry is None
        assert "kabupaten lain" in row["location_note"]
    assert named["location_quality"] == "none"
    assert pointed["location_quality"] == both["location_quality"] == "gps_conflict"


def test_the_point_tells_two_desa_of_one_name_apart(place, inside):
    for kode in ("99.01.01.2004", "99.01.02.2001"):
        house = place(stated("Sumber Makmur", "", **at(inside[kode]))).iloc[0]
        assert (house["location_quality"], house["kode_desa"]) == ("gps", kode)
        assert house["location_method"] == "koordinat dan nama desa"
    without = place(stated("Sumber Makmur", "")).iloc[0]
    assert without["review_item"].startswith("n")
    elsewhere = place(stated("Sumber Makmur", "", **at(inside[MUARA_LOR]))).iloc[0]
    assert pd.isna(elsewhere["kode_desa"])
    assert elsewhere["review_item"] == without["review_item"]


def test_a_point_near_both_desa_of_one_name_tells_nothing(place, district):
    metres = district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)
    here, there = metres["99.01.01.2004"], metres["99.01.02.2001"]
    between = here.intersection(there.buffer(90))
    assert not between.is_empty, "the two are neighbours in the test district"
    spot = gpd.GeoSeries([between.representative_point()], crs=district.measuring).to_crs(4326).iloc[0]
    house = place(stated("Sumber Makmur", "", **at((spot.x, spot.y)))).iloc[0]
    assert house["location_quality"] == "gps_conflict"
    assert pd.isna(house["kode_desa"])


def test_a_code_against_a_name_asks_even_where_the_point_bears_one_out(place, inside):
    row = stated("Muara Kidul", kode_tertulis=MUARA_LOR, **at(inside[MUARA_LOR]))
    house = place(row).iloc[0]
    assert house["location_quality"] == "gps_conflict"
    assert pd.isna(house["kode_desa"])
    assert house["review_item"].startswith("k")


def test_a_point_against_the_stated_kecamatan_asks(place, inside):
    house = place({"kecamatan_tertulis": "Bukit Jaya", **at(inside[MUARA_LOR])}).iloc[0]
    assert (house["location_quality"], house["nama_kecamatan"]) == ("gps_conflict", "Bukit Jaya")
    assert house["review_item"].startswith("t")
    assert "kecamatan lain" in house["location_note"]
    same = place({"kecamatan_tertulis": "Pesisir Raya", **at(inside[MUARA_LOR])}).iloc[0]
    assert (same["location_quality"], same["kode_desa"]) == ("gps", MUARA_LOR)


def test_a_conflict_says_how_far_the_stated_desa_is(place, inside, district):
    house = place(stated(**at(inside[WANASARI]))).iloc[0]
    ends = gpd.GeoSeries.from_xy(*zip(inside[WANASARI], strict=True), crs=4326).to_crs(district.measuring)
    there = district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)[MUARA_LOR]
    assert house["stated_distance_m"] == pytest.approx(ends.iloc[0].distance(there), rel=1e-5)


def test_without_a_point_a_house_stands_by_its_dusun(place, inside):
    lon, lat = inside[MUARA_LOR]
    known = [stated(dusun="Dk. Krajan", **at((lon + step / 1e5, lat))) for step in range(5)]
    waiting = [
        stated(dusun="KRAJAN"), stated(dusun="Karang"), stated(dusun="Krajan", lintang="0", bujur="0"),
        stated("Wanasari", "Bukit Jaya", dusun="Krajan"), stated("Antah", dusun="Krajan"),
        stated(dusun="Krajan", **at(inside[WANASARI])),
    ]  # fmt: skip
    houses = place(*known, *waiting).iloc[5:]
    assert houses["location_quality"].tolist() == [
        "dusun",
        "desa",
        "dusun",
        "desa",
        "kecamatan",
        "gps_conflict",
    ]
    assert houses["reference_lon"].iloc[0] == pytest.approx(lon + 2e-5)
    assert "titik acuan dusun dari 5 rumah" in houses["location_note"].iloc[2]
    assert "0,0" in houses["location_note"].iloc[2]
    assert houses.geometry.isna().all()
    assert set(place(*known[1:], *waiting).iloc[4:]["location_quality"]) == {
        "desa",
        "kecamatan",
        "gps_conflict",
    }


def decision(house: pd.Series, kode_desa: str = "", **keys: str) -> dict[str, Decision]:
    item = house["review_item"]
    kind = {"n": "nama", "k": "kode", "l": "luar", "t": "titik"}[item[0]]
    return {
        item: Decision(
            item=item, kind=kind, action="accept" if kode_desa else "reject", kode_desa=kode_desa, keys=keys,
            who="peninjau", when="2026-01-15T09:30:00+07:00", why="menurut kepala dusun",
        )
    }  # fmt: skip


def test_a_decision_about_a_name_holds_for_every_row_that_writes_it(place, inside):
    row = stated("Antah Berantah")
    asked = place(row).iloc[0]
    words = decision(asked, WANASARI, desa="antah berantah", kecamatan="pesisir raya")
    houses = place(
        row, row | at(inside[WANASARI]), row | at(inside[MUARA_LOR]), stated("Lain"), decisions=words
    )
    assert houses["kode_desa"].tolist()[:3] == [WANASARI] * 3
    assert houses["location_quality"].tolist() == ["desa", "gps", "gps_conflict", "kecamatan"]
    assert houses["location_method"].iloc[0] == "keputusan peninjau"
    assert houses["review_item"].tolist()[:2] == [asked["review_item"]] * 2
    assert houses["review_item"].iloc[2].startswith("t")
    refused = place(row, decisions=decision(asked, desa="antah berantah", kecamatan="pesisir raya")).iloc[0]
    assert (refused["location_quality"], refused["review_item"]) == ("kecamatan", asked["review_item"])


def test_a_decision_about_a_point_takes_it_or_drops_it(place, inside):
    row = stated(**at(inside[WANASARI]))
    asked = place(row).iloc[0]
    taken = place(row, decisions=decision(asked, WANASARI)).iloc[0]
    assert (taken["location_quality"], taken["kode_desa"]) == ("gps", WANASARI)
    assert (taken.geometry.x, taken.geometry.y) == inside[WANASARI]
    dropped = place(row, decisions=decision(asked, MUARA_LOR)).iloc[0]
    assert (dropped["location_quality"], dropped["kode_desa"]) == ("desa", MUARA_LOR)
    assert dropped.geometry is None
    for house in (taken, dropped):
        assert house["location_method"] == "keputusan peninjau"
        assert house["location_note"]
    left = place(row, decisions=decision(asked)).iloc[0]
    assert left["location_quality"] == "gps_conflict"
    # corrected coordinates are a new question, and a desa that is neither of the two is no answer
    assert place(stated(**at(inside["99.01.02.2004"]))).iloc[0]["review_item"] != asked["review_item"]
    assert (
        place(row, decisions=decision(asked, "99.01.02.2004")).iloc[0]["location_quality"] == "gps_conflict"
    )


def test_a_decision_that_another_kabupaten_was_meant_to_be_this_one(place):
    row = stated(kabupaten_tertulis="Kota Lain")
    asked = place(row).iloc[0]
    assert asked["review_item"].startswith("l")
    houses = place(
        row,
        stated(kabupaten_tertulis="Kota Beda"),
        decisions=decision(asked, MUARA_LOR, kabupaten="kota lain"),
    )
    assert houses["location_quality"].tolist() == ["desa", "none"]
    assert houses["kode_desa"].iloc[0] == MUARA_LOR


def test_the_same_sheet_and_decisions_give_the_same_result(place, inside):
    rows = [stated("Antah"), stated(**at(inside[WANASARI])), stated()]
    words = decision(place(rows[0]).iloc[0], WANASARI, desa="antah", kecamatan="pesisir raya")
    assert place(*rows, decisions=words).equals(place(*rows, decisions=words))


@pytest.fixture(scope="module")
def real(real_data: Path) -> Boundaries:
    return boundaries_from_file(real_data / "id3326_pekalongan.geojson", default_folder())


def test_on_real_boundaries_a_house_stays_in_its_desa_up_to_the_tolerance(real):
    rng = np.random.default_rng(5)
    desa, tolerance = real.desa, GeocodingSettings().border_tolerance_m
    metres = desa.geometry.to_crs(real.measuring)
    place = np.repeat(np.arange(len(desa)), 20)
    along = np.concatenate([area.boundary.interpolate(rng.uniform(0, area.length, 20)) for area in metres])
    spots = gpd.GeoSeries(along, crs=real.measuring).translate(0, 0)
    x, y = spots.x + rng.uniform(-140, 140, len(spots)), spots.y + rng.uniform(-140, 140, len(spots))
    points = gpd.GeoSeries.from_xy(x, y, crs=real.measuring)
    away = points.distance(metres.iloc[place].reset_index(drop=True)).to_numpy()
    degrees = points.to_crs(4326)
    sheet = pd.DataFrame(
        {
            "kode_tertulis": desa["kode_desa"].to_numpy()[place],
            "lintang": degrees.y.map("{:.8f}".format),
            "bujur": degrees.x.map("{:.8f}".format),
        }
    )
    houses = geocode(
        sheet.reindex(columns=list(COLUMNS)).astype("str"),
        desa,
        real.measuring,
        GeocodingSettings(),
        "Kabupaten X",
    )
    assert (houses["kode_desa"] == sheet["kode_tertulis"]).all()
    clear = np.abs(away - tolerance) > 0.5
    own = houses["location_quality"].isin(OWN_POINT).to_numpy()
    assert (own == (away <= tolerance))[clear].all()
    assert (houses["location_quality"] == "gps")[away == 0].mean() > 0.99
    assert houses.geometry.isna().equals(~pd.Series(own))


def test_a_coarse_point_alone_does_not_choose_between_two_desa(place, district):
    desa = district.desa.set_index("kode_desa").geometry
    other = desa[MUARA_LOR].buffer(1e-9).intersection(desa.drop(MUARA_LOR).union_all())
    spot = other.representative_point()
    fine = (f"{spot.y + 12e-6:.6f}", f"{spot.x + 12e-6:.6f}")
    coarse = (f"{spot.y:.3f}", f"{spot.x:.3f}")
    houses = place(*({"lintang": lat, "bujur": lon} for lat, lon in (fine, coarse)))
    assert houses["location_quality"].tolist()[0] == "gps"
    asked = houses.iloc[1]
    assert (asked["location_quality"], asked.geometry) == ("none", None)
    assert pd.isna(asked["kode_desa"])
    assert asked["review_item"].startswith("t")
    assert "terlalu kasar" in asked["location_note"]
    named = place(stated(lintang=coarse[0], bujur=coarse[1])).iloc[0]
    assert named["location_quality"] in OWN_POINT
    taken = place(
        {"lintang": coarse[0], "bujur": coarse[1]}, decisions=decision(asked, asked["kode_desa_located"])
    )
    assert (taken["location_quality"].iloc[0], taken["kode_desa"].iloc[0]) == (
        "gps",
        asked["kode_desa_located"],
    )


def test_a_point_decides_between_siblings_only_well_inside_one(place, inside, district):
    lor, kidul = MUARA_LOR, "99.01.01.2002"
    for kode in (lor, kidul):
        house = place(stated("Muara", **at(inside[kode]))).iloc[0]
        assert (house["location_quality"], house["kode_desa"]) == ("gps", kode)
    metres = district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)
    near_border = metres[kidul].intersection(metres[lor].buffer(90))
    assert not near_border.is_empty, "the two are neighbours in the test district"
    beyond = (
        metres["99.01.01.1003"].intersection(metres[lor].buffer(60)).difference(metres[kidul].buffer(300))
    )
    for area in (near_border, beyond):
        spot = gpd.GeoSeries([area.representative_point()], crs=district.measuring).to_crs(4326).iloc[0]
        house = place(stated("Muara", **at((spot.x, spot.y)))).iloc[0]
        assert (house["location_quality"], pd.isna(house["kode_desa"])) == ("gps_conflict", True)
        assert house["review_item"]


@pytest.mark.parametrize("filler", ["sda", "s.d.a", "0", "Belum diisi", "xxx"])
def test_what_only_fills_a_cell_says_nothing(place, inside, filler):
    silent = place(stated(filler, filler, **at(inside[MUARA_LOR])), stated(filler)).iloc[0:2]
    assert silent["location_quality"].tolist() == ["gps", "kecamatan"]
    assert silent["review_item"].tolist() == ["", ""]


def test_columns_of_desa_and_kecamatan_swapped_are_asked(place):
    house = place(stated("Pesisir Raya", "Muara Lor")).iloc[0]
    assert (house["location_quality"], pd.isna(house["kode_desa"])) == ("none", True)
    assert house["review_item"]

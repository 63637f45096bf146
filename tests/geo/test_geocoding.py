"""A desa and, where known, a point: how surely, and never a made-up one."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundaries import Boundaries
from geo.geocoding import OWN_POINT, QUALITIES, geocode
from geo.settings import GeocodingSettings

MUARA_LOR, WANASARI = "99.01.01.2001", "99.01.02.2002"
COLUMNS = (
    "kode_tertulis", "desa_tertulis", "kecamatan_tertulis", "kabupaten_tertulis", "lintang", "bujur", "koordinat",
)  # fmt: skip


@pytest.fixture(scope="module")
def inside(district: Boundaries) -> dict[str, tuple[float, float]]:
    """Return a place (lon, lat) well inside each desa."""
    spots = district.desa.set_index("kode_desa").representative_point()
    return {kode: (round(spot.x, 6), round(spot.y, 6)) for kode, spot in spots.items()}


@pytest.fixture(scope="module")
def place(district: Boundaries):
    def geocoded(*rows: dict[str, object]) -> gpd.GeoDataFrame:
        sheet = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype("str")
        return geocode(
            sheet, district.desa, district.measuring, GeocodingSettings(), district.info["district"]["nama"]
        )

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
    assert house["location_quality"] == "gps_conflict"
    assert house.geometry is None
    assert house["kode_desa"] == MUARA_LOR


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
        (stated(lintang="12", bujur="80"), "gps_conflict"),
        (stated(lintang="-88", bujur="999"), "gps_conflict"),
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
    houses = place(*[at(inside[kode]) for kode in (MUARA_LOR, WANASARI)], at((80.0, 12.0)))
    assert houses["location_quality"].tolist() == ["gps", "gps", "none"]
    assert houses["kode_desa"].tolist()[:2] == [MUARA_LOR, WANASARI]
    assert houses["location_note"].tolist() == ["", "", "titik jatuh di luar kabupaten"]


def test_a_point_settles_a_name_that_is_not_certain_but_no_contradiction(place, inside):
    spot = at(inside["99.01.02.2001"])
    unsure = place({"kecamatan_tertulis": "Bukit Jaya", "desa_tertulis": "Smbr Mkmr", **spot}).iloc[0]
    assert unsure["kode_desa"] == "99.01.02.2001"
    assert "tidak dikenali" in unsure["location_note"]
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
    assert swapped["location_note"].str.contains("tertukar; titik sama").all()


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

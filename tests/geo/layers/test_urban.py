"""Urban: the official status first, else a proksi after the Degree of Urbanisation that says so."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from geo.boundaries import default_folder
from geo.boundary_import import boundaries_from_file
from geo.errors import LayerError
from geo.landcover import BUILT_UP, LandCover, read_land_cover
from geo.layers import URBAN
from geo.layers.base import Inputs
from geo.settings import LayerSettings


@pytest.fixture
def official(tmp_path, district):
    def write(words: Callable[[str], str], skip: Sequence[str] = ()) -> Inputs:
        path = tmp_path / "bps.csv"
        rows = [
            f"{kode},{words(kode)},2020,BPS 120/2020"
            for kode in district.desa["kode_desa"]
            if kode not in skip
        ]
        path.write_text("\n".join(["kode_desa,status,tahun,sumber", *rows]))
        return Inputs(district, None, LayerSettings(urban_status=path))

    return write


@pytest.fixture
def covered(district, sample_settings):
    """Return the inputs of the sample with other thresholds."""

    def make(**changes: object) -> Inputs:
        layers = sample_settings.layers.model_copy(update=changes)
        cover = read_land_cover(layers.land_cover, district.desa, source="lahan rekaan", year="2025")
        return Inputs(district, cover, layers)

    return make


@pytest.mark.parametrize(
    ("urban", "rural"),
    [("PERKOTAAN", "perdesaan"), ("1", "2"), ("1. Perkotaan", "Pedesaan"), ("URBAN", "RURAL"),
     ("Desa Perkotaan", "Desa Perdesaan")],
)  # fmt: skip
def test_the_official_status_needs_no_land_cover(official, district, urban, rural):
    found = URBAN.zones(official(lambda kode: urban if kode.endswith("1003") else rural))
    assert found.frame["kode_desa"].tolist() == ["99.01.01.1003"]
    assert not found.proksi
    assert not found.unknown_desa
    assert (found.source, found.year) == ("BPS 120/2020", "2020")
    assert set(found.why) == set(district.desa["kode_desa"])
    assert found.why["99.01.01.1003"] == "status resmi: perkotaan 2020"
    assert found.why["99.01.01.2001"] == "status resmi: perdesaan 2020"


def test_a_desa_that_the_list_leaves_out_is_unknown(official):
    found = URBAN.zones(official(lambda _: "1", skip=["99.01.01.2001"]))
    assert found.unknown_desa == {"99.01.01.2001"}
    assert "99.01.01.2001" not in set(found.frame["kode_desa"])
    assert "tidak ada dalam daftar" in found.why["99.01.01.2001"]


def test_the_kind_of_desa_is_no_status(official):
    with pytest.raises(LayerError, match="status"):
        URBAN.zones(official(lambda _: "desa"))


@pytest.mark.parametrize(
    "heading",
    ["Klasifikasi Perkotaan/Perdesaan", "Klasifikasi", "Kategori", "Status Perkotaan/Perdesaan", "Klasifikasi_2020",
     "PERKOTAAN / PEDESAAN", "Urban/Rural", "Status Wilayah", "Klasifikasi Perkotaan dan Perdesaan Tahun 2020"],
)  # fmt: skip
def test_the_headings_that_offices_write(tmp_path, district, heading):
    path = tmp_path / "bps.csv"
    path.write_text(f"kode_desa;{heading}\n99.01.01.1003;Perkotaan\n99.01.01.2001;Perdesaan\n")
    found = URBAN.zones(Inputs(district, None, LayerSettings(urban_status=path)))
    assert found.frame["kode_desa"].tolist() == ["99.01.01.1003"]
    assert len(found.unknown_desa) == len(district.desa) - 2


@pytest.mark.parametrize(("heading", "word"), [("status", "K"), ("Kota/Desa", "1"), ("status", "kota")])
def test_kelurahan_or_desa_is_no_status(tmp_path, district, heading, word):
    path = tmp_path / "bps.csv"
    path.write_text(f"kode_desa;{heading}\n99.01.01.1003;{word}\n")
    with pytest.raises(LayerError):
        URBAN.zones(Inputs(district, None, LayerSettings(urban_status=path)))


@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize(("side_m", "urban"), [(0.5, False), (90, False), (140, True)])
def test_a_sliver_of_the_town_next_door_makes_no_desa_urban(tmp_path, district, side_m, urban, table):
    """A town fills the next desa, and reaches over the border by less than a hectare, or by more."""
    desa = district.desa.to_crs(district.measuring).set_index("kode_desa").geometry
    town, village = "99.01.01.1003", "99.01.02.2003"
    x, y = desa[village].representative_point().coords[0]
    moved = {
        town: shapely.box(x, y, x + 2000, y + 2000),
        village: shapely.box(x - 2000, y, x, y + 2000),
    }
    frame = district.desa.assign(
        geometry=[moved.get(kode, shapely.box(x, y - 9000 - 50 * at, x + 9, y - 9009 - 50 * at))
                  for at, kode in enumerate(desa.index)]
    ).set_crs(district.measuring, allow_override=True)  # fmt: skip
    side = np.sqrt(side_m) if side_m < 1 else 10.0
    cells = np.full((240, 420), 40, dtype="uint8")
    cells[20:220, 220:420] = BUILT_UP
    rows = round(side_m / 10) if side_m >= 1 else 0
    cells[100 : 100 + rows, 220 - rows : 220] = BUILT_UP
    shift = side if rows == 0 else 0  # the raster begins a hair west of the border
    cover = LandCover(
        cells, Affine(10, 0, x - 2200 - shift / 2000, 0, -10, y + 2200), district.measuring, "rekaan", "2025"
    )
    settings = LayerSettings()
    if table:
        path = tmp_path / "keluarga.csv"
        path.write_text(f"kode_desa;keluarga\n{town};2000\n{village};900\n")
        settings = LayerSettings(urban_families=path)
    boundaries = replace(district, desa=frame.to_crs(4326))
    found = URBAN.zones(Inputs(boundaries, cover, settings))
    assert town in set(found.frame["kode_desa"])
    assert (village in set(found.frame["kode_desa"])) == urban
    assert found.desa.loc[village, "builtup_share"] > 0
    if not urban:
        assert (
            found.why[village] == "lahan terbangun kurang dari 1 ha, terlalu sedikit untuk disebut perkotaan"
        )
    assert "lahan terbangunnya paling sedikit 1 ha" in found.method


def test_the_official_status_counts_even_beside_land_cover(official, covered):
    inputs = covered(urban_status=official(lambda _: "2").settings.urban_status)
    found = URBAN.zones(inputs)
    assert found.frame.empty
    assert not found.proksi


def test_without_list_and_land_cover_every_desa_is_unknown(district):
    found = URBAN.zones(Inputs(district, None, LayerSettings()))
    assert found.frame.empty
    assert found.unknown_desa == set(district.desa["kode_desa"])


@pytest.mark.parametrize("least", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("table", [True, False])
def test_zone_reason_and_figures_agree(covered, district, least, table):
    changes = {} if table else {"urban_families": None}
    found = URBAN.zones(covered(urban_builtup_share=least, **changes))
    assert found.proksi
    assert "proksi" in found.method
    assert "bukan status resmi BPS" in found.method
    assert ("Kepadatan keluarga tidak dapat dipakai" in found.method) == (not table)
    assert list(found.desa.columns) == [name for name in URBAN.figures if table or name != "families_km2"]
    assert found.desa.index.tolist() == list(found.why) == district.desa["kode_desa"].tolist()
    urban = set(found.frame["kode_desa"])
    assert urban == set(found.desa.index[found.desa["urban_cluster_share"] >= 0.5])
    for kode, why in found.why.items():
        assert ("di antaranya di gugus perkotaan" in why) == (kode in urban)
        assert why.startswith("lahan terbangun ")
        assert ("keluarga" in why) <= table
    assert found.desa["builtup_share"].between(0, 1).all()
    assert "lahan rekaan" in found.source


def test_the_sample_has_towns_and_more_that_are_none(covered):
    urban = URBAN.zones(covered()).frame
    assert 0 < len(urban) < 6  # of eight


def test_a_desa_without_a_number_of_families_has_no_density_and_the_method_says_so(
    covered, sample_settings, tmp_path
):
    lines = sample_settings.layers.urban_families.read_text(encoding="utf-8-sig").splitlines()
    kept = tmp_path / "keluarga.csv"
    kept.write_text("\n".join([lines[0], *lines[2:]]))
    left_out = lines[1].split(";")[0]
    found = URBAN.zones(covered(urban_families=kept))
    assert np.isnan(found.desa.loc[left_out, "families_km2"])
    assert found.desa["families_km2"].notna().sum() == len(found.desa) - 1
    assert "jumlah keluarga 1 desa tidak ada di tabel" in found.method
    assert left_out not in found.unknown_desa


def test_where_the_raster_does_not_reach_the_desa_is_unknown(district, tmp_path):
    west, south, east, north = district.desa.total_bounds
    cells = np.full((200, 100), BUILT_UP, dtype="uint8")
    cell = (east - west) / 200  # the eastern half is missing
    path = tmp_path / "separuh.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=100, height=200, count=1, dtype="uint8", nodata=0, crs=4326,
        transform=Affine(cell, 0, west, 0, -(north - south) / 200, north),
    ) as file:  # fmt: skip
        file.write(cells, 1)
    cover = read_land_cover((str(path),), district.desa, source="rekaan", year="")
    found = URBAN.zones(Inputs(district, cover, LayerSettings()))
    share = cover.shares(district.desa.geometry)[BUILT_UP].to_numpy()
    unknown = set(district.desa["kode_desa"][np.isnan(share)])
    assert unknown
    assert found.unknown_desa == unknown
    assert set(found.frame["kode_desa"]).isdisjoint(unknown)
    assert len(found.frame)
    for kode in unknown:
        assert found.why[kode] == "tutupan lahan tidak mencakup desa ini"
        assert found.desa.loc[kode].isna().all()


def test_planted_towns_are_found_on_real_boundaries(real_data, tmp_path):
    """Towns of 0.3 to 2.5 km among villages of some hectares: who lives in a town is told from who does not."""
    boundaries = boundaries_from_file(real_data / "id3326_pekalongan.geojson", default_folder())
    desa = boundaries.desa.to_crs(boundaries.measuring)
    random = np.random.default_rng(5)
    towns = shapely.points(shapely.get_coordinates(shapely.point_on_surface(desa.geometry.to_numpy()))[::12])
    towns = shapely.buffer(towns, random.uniform(300, 2500, towns.size))
    west, south, east, north = desa.total_bounds + np.array([-1, -1, 1, 1]) * 2000
    spots = random.uniform([west, south], [east, north], (2500, 2))
    villages = shapely.buffer(shapely.points(spots), random.uniform(40, 130, len(spots)))
    cell, shape = 30, (int((north - south) / 30), int((east - west) / 30))
    transform = Affine(cell, 0, west, 0, -cell, north)
    in_town, in_village = (
        rasterio.features.rasterize(list(areas), out_shape=shape, transform=transform) == 1
        for areas in (towns, villages)
    )
    # gardens and fields lie between the houses of a town
    built = (in_town & (random.random(shape) < 0.75)) | in_village
    path = tmp_path / "kota.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=shape[1], height=shape[0], count=1, dtype="uint8", nodata=0,
        crs=boundaries.measuring, transform=transform,
    ) as file:  # fmt: skip
        file.write(np.where(built, BUILT_UP, 10).astype("uint8"), 1)
    number = rasterio.features.rasterize(
        zip(desa.geometry, range(1, len(desa) + 1), strict=True), out_shape=shape, transform=transform
    )
    large = rasterio.features.rasterize(
        list(towns[shapely.area(towns) * 0.75 >= 60e4]), out_shape=shape, transform=transform
    )
    houses = np.bincount(number[built], minlength=len(desa) + 1)[1:]
    share = np.bincount(number[built & (large == 1)], minlength=len(desa) + 1)[1:] / np.maximum(houses, 1)
    cover = read_land_cover((str(path),), boundaries.desa, source="rekaan", year="")
    found = URBAN.zones(Inputs(boundaries, cover, LayerSettings()))
    urban = desa["kode_desa"].isin(found.frame["kode_desa"]).to_numpy()
    truth = share >= 0.5
    assert 40 < truth.sum() < 200
    assert (urban == truth).mean() > 0.95
    clear = (share < 0.2) | (share > 0.8)
    assert (urban == truth)[clear].mean() > 0.98

"""The invented register: the same every time, in its desa, wrong where its truth says so, and nobody's."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from openpyxl import load_workbook

from geo.clusters import find_hot_spots
from geo.crs import STORING, measuring_crs, to_metres
from geo.neighbours import find_neighbours
from geo.sample import Sample, make_sample, write_sample
from geo.sample.mess import ANSWER_SHARES, DESA_SHARES, HOSTILE_NAMES, KECAMATAN_SHARES
from geo.sample.people import HEALTH_BLANK_SHARE, HEALTH_SHARES
from geo.sample.positions import MISSING_SHARE, SHARES
from geo.sample.register import HEADINGS
from geo.settings import HotSpotSettings, read_settings

HOUSEHOLDS = 4000
SIDE = 0.018


def squares(west: float = 109.6, north: float = -6.9, rows: int = 4, columns: int = 3) -> gpd.GeoDataFrame:
    """Lay out desa of some two kilometres; the last is cut to an L, and its part outside belongs to no one."""
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    shapes = [
        shapely.box(west + c * SIDE, north - (r + 1) * SIDE, west + (c + 1) * SIDE, north - r * SIDE)
        for r, c in cells
    ]
    shapes[-1] -= shapely.box(*shapely.centroid(shapes[-1]).coords[0], *shapes[-1].bounds[2:])
    return gpd.GeoDataFrame(
        {
            "kode_desa": [f"99.01.{r + 1:02d}.{1 if c == 0 else 2}{c + 1:03d}" for r, c in cells],
            "nama_desa": [
                f"{['Atas', 'Bawah', 'Tengah', 'Ujung'][r % 4]}sari {['Lor', 'Wetan', 'Kidul'][c % 3]}"
                for r, c in cells
            ],
            "jenis": ["kelurahan" if c == 0 else "desa" for _, c in cells],
            "kode_kecamatan": [f"99.01.{r + 1:02d}" for r, _ in cells],
            "nama_kecamatan": [f"Kecontoh {chr(ord('A') + r)}" for r, _ in cells],
            "alias": ["Sarinya;Lain" if c == 1 else "" for _, c in cells],
            "alias_kecamatan": ["" for _ in cells],
        },
        geometry=shapes,
        crs=STORING,
    )


def sea(west: float = 109.6, north: float = -6.9) -> gpd.GeoDataFrame:
    """Cover the north of the squares."""
    return gpd.GeoDataFrame(geometry=[shapely.box(west - 1, north, west + 1, north + 1)], crs=STORING)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(squares(), sea(), households=HOUSEHOLDS)


@pytest.fixture(scope="module")
def living(sample: Sample) -> pd.DataFrame:
    """Truth of the households, each once."""
    return sample.truth[(sample.truth["expected_fate"] != "empty") & (sample.truth["copy_of"] < 0)]


def degrees(text: pd.Series) -> np.ndarray:
    return pd.to_numeric(text.str.replace(",", ".")).to_numpy(dtype=float)


def test_every_household_stands_once_in_the_sheet_and_copies_say_so(sample: Sample, living: pd.DataFrame):
    assert len(living) == HOUSEHOLDS
    assert sample.sheet.loc[living.index, "ID Keluarga"].is_unique
    copies = sample.truth[sample.truth["copy_of"] > 0]
    assert len(copies) >= 2
    originals = sample.sheet.loc[copies["copy_of"] - 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(sample.sheet.loc[copies.index].reset_index(drop=True), originals)


def test_truth_and_sheet_have_the_same_rows(sample: Sample):
    assert list(sample.sheet.columns) == list(HEADINGS)
    assert sample.truth["sheet_row"].tolist() == list(range(2, len(sample.sheet) + 2))
    blank = (sample.sheet == "").all(axis=1)
    assert blank.sum() == 2
    assert (blank == (sample.truth["expected_fate"] == "empty")).all()
    assert set(sample.truth["expected_fate"]) == {"valid", "reject", "empty"}


def test_every_house_lies_in_its_desa_and_no_two_at_one_place(living: pd.DataFrame):
    desa = squares().set_index("kode_desa").geometry
    own = desa.loc[living["kode_desa"]].to_numpy()
    assert shapely.contains_xy(own, living["true_lon"], living["true_lat"]).all()
    assert not living.duplicated(["true_lon", "true_lat"]).any()
    assert living["kode_desa"].value_counts().reindex(desa.index).min() >= 5


def test_coordinates_without_mess_are_the_true_ones(sample: Sample, living: pd.DataFrame):
    right = living[living["mess_position"].isin(["", "decimal_point"])]
    assert (degrees(sample.sheet.loc[right.index, "Bujur"]) == right["true_lon"]).all()
    assert (degrees(sample.sheet.loc[right.index, "Lintang"]) == right["true_lat"]).all()
    swapped = living[living["mess_position"] == "swapped"]
    assert (degrees(sample.sheet.loc[swapped.index, "Bujur"]) == swapped["true_lat"]).all()
    signless = living[living["mess_position"] == "no_minus"]
    assert (degrees(sample.sheet.loc[signless.index, "Lintang"]) == -signless["true_lat"]).all()
    assert (sample.sheet.loc[living.index[living["mess_position"] == "missing"], "Lintang"] == "").all()


def test_gps_errors_at_the_border_lie_just_inside_a_neighbour(sample: Sample, living: pd.DataFrame):
    crs = measuring_crs(tuple(squares().total_bounds))
    desa = squares().to_crs(crs).set_index("kode_desa").geometry
    rows = living[living["mess_position"] == "border"]
    points = shapely.points(
        *to_metres(*(degrees(sample.sheet.loc[rows.index, c]) for c in ("Bujur", "Lintang")), crs)
    )
    behind = shapely.distance(points, desa.loc[rows["kode_desa"]].to_numpy())
    assert ((behind >= 19.9) & (behind <= 80.1)).all()
    assert shapely.contains(desa.union_all().buffer(0.1), points).all()
    houses = shapely.points(*to_metres(rows["true_lon"], rows["true_lat"], crs))
    assert (shapely.distance(points, houses) < 200).all()


def test_far_positions_lie_far_from_the_desa(sample: Sample, living: pd.DataFrame):
    crs = measuring_crs(tuple(squares().total_bounds))
    desa = squares().to_crs(crs).set_index("kode_desa").geometry
    rows = living[living["mess_position"] == "far"]
    points = shapely.points(
        *to_metres(*(degrees(sample.sheet.loc[rows.index, c]) for c in ("Bujur", "Lintang")), crs)
    )
    assert len(rows)
    assert (shapely.distance(points, desa.loc[rows["kode_desa"]].to_numpy()) > 499).all()


@pytest.mark.parametrize(
    ("column", "shares"),
    [
        ("mess_position", SHARES | {"missing": MISSING_SHARE}),
        ("mess_desa", {kind: share for kind, share in DESA_SHARES.items() if kind != "alias"}),
        ("mess_kecamatan", {kind: share for kind, share in KECAMATAN_SHARES.items() if kind != "alias"}),
        ("mess_answer", ANSWER_SHARES),
    ],
)
def test_mess_has_about_the_stated_share(living: pd.DataFrame, column: str, shares: dict[str, float]):
    found = living[column].value_counts()
    for kind, share in shares.items():
        assert found.get(kind, 0) == pytest.approx(share * HOUSEHOLDS, rel=0.35, abs=2), kind


def test_only_desa_with_an_alias_are_written_by_it(sample: Sample, living: pd.DataFrame):
    rows = living.index[living["mess_desa"] == "alias"]
    assert len(rows)
    assert (sample.sheet.loc[rows, "Desa/Kelurahan"] == "Sarinya").all()


def test_names_without_mess_are_the_official_ones(sample: Sample, living: pd.DataFrame):
    names = squares().set_index("kode_desa")
    plain = living[(living["mess_desa"] == "") & (living["mess_kecamatan"] == "")]
    written = sample.sheet.loc[plain.index]
    assert (
        written["Desa/Kelurahan"].to_numpy() == names.loc[plain["kode_desa"], "nama_desa"].to_numpy()
    ).all()
    assert (
        written["Kecamatan"].to_numpy() == names.loc[plain["kode_desa"], "nama_kecamatan"].to_numpy()
    ).all()
    messy = living[~living["mess_desa"].isin(["", "blank", "blank_both"])]
    official = names.loc[messy["kode_desa"], "nama_desa"].to_numpy()
    assert (sample.sheet.loc[messy.index, "Desa/Kelurahan"].to_numpy() != official).all()


def test_no_nik_and_no_kk_can_exist(sample: Sample, living: pd.DataFrame):
    whole = living.index[living["mess_nik"] == ""]
    for column in ("NIK", "No KK"):
        numbers = sample.sheet.loc[whole, column]
        assert numbers.str.fullmatch(r"99\d{4}0013\d{6}").all()
        assert numbers.is_unique


def test_rejects_hold_an_impossible_answer_and_valid_rows_none(sample: Sample):
    sheet = sample.sheet
    number = {
        column: pd.to_numeric(
            sheet[column]
            .str.replace(" m2", "")
            .str.replace("Desil ", "")
            .str.replace(",", ".")
            .replace({"-": "", "": None}),
            errors="coerce",
        )
        for column in ("Luas Lantai (m2)", "Desil", "Jml Anggota Keluarga")
    }
    most = {"Luas Lantai (m2)": 500, "Desil": 10, "Jml Anggota Keluarga": 30}
    wrong = pd.Series(data=False, index=sheet.index)
    for column, value in number.items():
        wrong |= ~value.between(1, most[column]) & ~sheet[column].isin(["", "-"])
    codes = {"Jenis Lantai": 9, "Jenis Dinding": 7, "Jenis Atap": 8, "Sumber Air Minum": 11, "Fasilitas BAB": 6,
             "Jenis Kloset": 4, "Pembuangan Akhir Tinja": 6}  # fmt: skip
    for column, last in codes.items():
        wrong |= ~sheet[column].isin(["", "-", *map(str, range(1, last + 1))])
    assert (wrong == (sample.truth["expected_fate"] == "reject")).all()
    assert wrong.sum() >= 9


def test_need_is_planted_where_the_truth_says(sample: Sample, living: pd.DataFrame):
    sheet = sample.sheet.loc[living.index]
    bad = (
        sheet["Jenis Lantai"].isin(["7", "8", "9"])
        | sheet["Jenis Dinding"].isin(["4", "6", "7"])
        | sheet["Jenis Atap"].isin(["4", "6", "7", "8"])
    )
    planted = living["cluster_id"] > 0
    assert bad[planted].mean() > 0.5
    assert bad[~planted].mean() < 0.15
    no_jamban = ~sheet["Fasilitas BAB"].isin(["1", "2", "3"]) | ~sheet["Pembuangan Akhir Tinja"].isin(
        ["1", "2", "4"]
    )
    known = sheet["Fasilitas BAB"] != ""
    assert no_jamban[known & living["jamban_gap"]].mean() > 0.55
    assert 0.08 < no_jamban[known & ~living["jamban_gap"]].mean() < 0.3
    skipped = sheet["Fasilitas BAB"].isin(["5", "6"]) & (living["mess_answer"] == "")
    assert (sheet.loc[skipped, ["Jenis Kloset", "Pembuangan Akhir Tinja"]] == "").all(axis=None)


def test_regions_of_need_are_neighbours_and_stand_out_as_hot():
    desa = squares(rows=12, columns=10)
    made = make_sample(desa, sea(), households=6000)
    truth = made.truth[(made.truth["expected_fate"] != "empty") & (made.truth["copy_of"] < 0)]
    sheet = made.sheet.loc[truth.index]
    lacks = {
        "rtlh": sheet["Jenis Lantai"].isin(["7", "8", "9"]) | sheet["Jenis Dinding"].isin(["4", "6", "7"]),
        "jamban": ~sheet["Fasilitas BAB"].isin(["1", "2", "3"])
        | ~sheet["Pembuangan Akhir Tinja"].isin(["1", "2", "4"]),
    }
    assert set(truth["region"]) == {"", *lacks}
    assert truth.groupby("kode_desa")["region"].nunique().max() == 1
    counted = truth.groupby("kode_desa").size().reindex(desa["kode_desa"])
    table = desa.assign(
        **{f"{need}_known": counted.to_numpy() for need in lacks},
        **{
            f"{need}_need": lack.groupby(truth["kode_desa"]).sum().reindex(desa["kode_desa"]).to_numpy()
            for need, lack in lacks.items()
        },
        **{f"{need}_enough": True for need in lacks},
    )
    neighbours = find_neighbours(table, "queen", measuring_crs(tuple(desa.total_bounds)))
    spots = find_hot_spots(table, list(lacks), neighbours, (), HotSpotSettings(permutations=9_999), seed=1)
    for need in lacks:
        region = set(truth.loc[truth["region"] == need, "kode_desa"])
        shape = desa[desa["kode_desa"].isin(region)].union_all().buffer(1e-9)
        assert len(region) == 10
        assert shape.geom_type == "Polygon"
        hot = set(spots.loc[(spots["indicator"] == need) & (spots["gi_class"] == "panas"), "kode_desa"])
        assert hot & region


def test_a_district_of_a_few_desa_has_no_region(sample: Sample):
    assert set(sample.truth["region"]) == {""}


def test_clusters_lie_in_several_parts_and_count_their_households(sample: Sample, living: pd.DataFrame):
    clusters = sample.truth_clusters.set_index("cluster_id")
    assert set(clusters["part"]) == {"pesisir", "perkotaan", "pedalaman"}
    counted = living.loc[living["cluster_id"] > 0, "cluster_id"].value_counts()
    assert counted.to_dict() == clusters["households"].to_dict()
    assert (clusters["households"] >= 15).all()


def test_work_goes_with_the_place(sample: Sample, living: pd.DataFrame):
    job = sample.sheet.loc[living.index, "Pekerjaan"].str.casefold()
    from_sea = squares().total_bounds[3] - living["true_lat"]
    fisher = job.str.contains("nelayan")
    assert fisher[from_sea < SIDE].mean() > 2 * fisher[from_sea > 2 * SIDE].mean()
    grid = sample.landcover.transform
    row = ((living["true_lat"].to_numpy() - grid.f) / grid.e).astype(int)
    wooded = (sample.landcover.classes == 10).mean(axis=1)[row]
    cultivator = job.isin(["pesanggem", "penderes", "tukang kayu"]).to_numpy()
    assert cultivator[wooded > np.median(wooded)].sum() > 2 * cultivator[wooded <= np.median(wooded)].sum()
    assert {"buruh harian lepas", "petani penggarap", "irt", "tidak bekerja", "", "pedagang"} <= set(job)


def test_no_one_fishes_in_a_district_without_a_sea():
    inland = make_sample(squares(98.6, 3.6), None, households=2000)
    assert not inland.sheet["Pekerjaan"].str.contains("nelayan|ikan|tambak", case=False).any()


def test_health_is_answered_yes_no_or_not_at_all(sample: Sample, living: pd.DataFrame):
    for heading, share in HEALTH_SHARES.items():
        answers = sample.sheet.loc[living.index, heading].value_counts(normalize=True)
        assert set(answers.index) == {"Ya", "Tidak", ""}
        assert 0.5 * share < answers["Ya"] < 2 * share
        assert answers[""] == pytest.approx(HEALTH_BLANK_SHARE, rel=0.3)


@pytest.mark.parametrize("households", [12, HOUSEHOLDS, 30_000])
def test_every_desa_has_more_families_than_the_register_holds(households: int):
    made = make_sample(squares(), sea(), households=households)
    counted = made.families.set_index("kode_desa")["keluarga"]
    assert counted.index.tolist() == squares()["kode_desa"].sort_values().tolist()
    living = made.truth[(made.truth["expected_fate"] != "empty") & (made.truth["copy_of"] < 0)]
    assert (counted > living["kode_desa"].value_counts().reindex(counted.index).fillna(0)).all()
    assert made.families["sumber"].str.contains("rekaan").all()


def test_hostile_names_are_there(sample: Sample):
    assert set(HOSTILE_NAMES) <= set(sample.sheet["Nama Kepala Keluarga"])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_sample(tmp_path: Path):
    for folder in ("a", "b"):
        write_sample(make_sample(squares(), sea(), households=300), tmp_path / folder)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(files) == 7
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    other = make_sample(squares(), sea(), households=300, seed=1)
    assert not other.sheet.equals(make_sample(squares(), sea(), households=300).sheet)


@pytest.mark.parametrize("households", [1, 7, 60])
def test_a_tiny_sample_without_sea_elsewhere_works(households: int):
    tiny = make_sample(squares(98.6, 3.6), None, households=households)
    living = tiny.truth[(tiny.truth["copy_of"] < 0) & (tiny.truth["expected_fate"] != "empty")]
    assert len(living) == households
    assert living["true_lat"].between(3.4, 3.7).all()
    assert "no_minus" not in set(tiny.truth["mess_position"])
    assert 80 not in tiny.landcover.classes


def test_csv_reads_back_as_excel_in_indonesia_writes_it(sample: Sample, tmp_path: Path):
    path = write_sample(sample, tmp_path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfNo;ID Keluarga;NIK")
    back = pd.read_csv(
        path, sep=";", dtype="str", encoding="utf-8-sig", keep_default_na=False, skip_blank_lines=False
    )
    pd.testing.assert_frame_equal(back, sample.sheet)
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "kebenaran.parquet"), sample.truth, check_dtype=False
    )
    layers = read_settings(tmp_path / "setelan.toml").layers
    assert layers.land_cover == (str((tmp_path / "tutupan_lahan.tif").resolve()),)
    assert "rekaan" in layers.land_cover_source
    assert layers.urban_families == (tmp_path / "contoh_keluarga.csv").resolve()


def test_xlsx_has_two_title_rows_and_its_truth_counts_them(tmp_path: Path):
    small = make_sample(squares(), sea(), households=300)
    write_sample(small, tmp_path)
    path = write_sample(small, tmp_path, format="xlsx")
    assert not (tmp_path / "contoh_rumah_tangga.csv").exists()
    page = load_workbook(path).active
    rows = list(page.iter_rows(values_only=True))
    assert rows[2] == HEADINGS
    truth = pd.read_parquet(tmp_path / "kebenaran.parquet")
    for row, kode in truth.loc[truth["expected_fate"] == "empty", ["sheet_row", "kode_desa"]].itertuples(
        index=False
    ):
        assert not any(rows[row - 1])
        assert kode == ""
    written = [str(rows[row - 1][4] or "") for row in truth["sheet_row"]]
    assert written == small.sheet["Nama Kepala Keluarga"].tolist()
    assert "f" not in {cell.data_type for row in page.iter_rows() for cell in row}


def test_landcover_opens_covers_the_district_and_says_that_it_is_invented(sample: Sample, tmp_path: Path):
    write_sample(sample, tmp_path)
    with rasterio.open(tmp_path / "tutupan_lahan.tif") as raster:
        classes, tags, bounds = raster.read(1), raster.tags(), raster.bounds
        assert raster.crs.to_epsg() == 4326
        assert raster.nodata == 0
    west, south, east, north = squares().total_bounds
    assert bounds.left < west
    assert bounds.bottom < south
    assert bounds.right > east
    assert bounds.top > north
    assert tags["rekaan"] == "ya"
    assert set(np.unique(classes)) <= {10, 20, 30, 40, 50, 60, 80, 90, 95}
    assert {10, 40, 50, 80} <= set(np.unique(classes))
    assert (classes[0] == 80).all()
    trees = (classes == 10).mean(axis=1)
    assert trees[-100:].mean() > trees[:100].mean()


def test_settled_land_lies_under_the_houses(sample: Sample, living: pd.DataFrame):
    grid = sample.landcover.transform
    column = ((living["true_lon"].to_numpy() - grid.c) / grid.a).astype(int)
    row = ((living["true_lat"].to_numpy() - grid.f) / grid.e).astype(int)
    under = sample.landcover.classes[row, column]
    assert (under == 50).mean() > 0.8

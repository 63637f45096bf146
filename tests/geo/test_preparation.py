"""The making of schematic boundaries: names paired, wrong points found, cells laid out as a coverage."""

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.boundaries import read_boundaries
from geo.layers import COASTAL
from geo.layers.base import Inputs
from geo.preparation import write_geojson
from geo.preparation.names import is_typing_error, pair, spellings
from geo.preparation.points import repair_points
from geo.preparation.polygons import cover, fit_cells
from geo.settings import LayerSettings

DISTRICT = Path(__file__).parents[1] / "data" / "district"


def test_code_lists_are_paired_by_the_likeness_of_all_names():
    left = {"a": "Karangsari", "b": "Karanganyar", "c": "Api-Api"}
    right = {"1": "Api Api", "2": "Karang Anyar", "3": "Krangsari"}
    assert pair(left, right, "kecamatan") == {"a": "3", "b": "2", "c": "1"}


def test_lists_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="2 official names, 1"):
        pair({"a": "Kajen", "b": "Doro"}, {"1": "Kajen"}, "kecamatan")
    with pytest.raises(ValueError, match="Doro - Zuyqxw"):
        pair({"a": "Kajen", "b": "Doro"}, {"1": "Kajen", "2": "Zuyqxw"}, "kecamatan")


def test_a_slip_of_the_hand_is_mended_and_another_spelling_is_kept():
    assert is_typing_error("Krsakageng", "Krasakageng", "Sragi")
    assert not is_typing_error("Sokoyoso", "Sukoyoso", "Kajen")
    assert is_typing_error("Wonokertokulon", "Wonokerto Kulon", "Wonokerto")
    assert not is_typing_error("Pekiringanalit", "Pekiringan Alit", "Kajen")
    assert spellings("Sokoyoso", ["Sukoyoso", "SOKOYOSO", "Sukoyoso/Sukayasa"]) == "Sukoyoso;Sukayasa"


def _points(rng: np.random.Generator) -> pd.DataFrame:
    """Two kecamatan of twelve desa each, side by side, some 500 m apart."""
    step = np.arange(12)
    x = np.concatenate([500.0 * (step % 4), 6_000 + 500.0 * (step % 4)]) + rng.normal(0, 40, 24)
    y = np.tile(500.0 * (step // 4), 2) + rng.normal(0, 40, 24)
    kecamatan = np.repeat(["99.01.01", "99.01.02"], 12)
    kode = [f"{kec}.20{n:02}" for kec, n in zip(kecamatan, np.tile(step, 2), strict=True)]
    frame = pd.DataFrame({"kode_desa": kode, "kode_kecamatan": kecamatan, "x": x, "y": y})
    return frame.assign(lon=110 + x / 111_000, lat=-7 + y / 111_000)


def test_a_point_among_another_kecamatan_is_estimated_and_marked():
    points = _points(np.random.default_rng(1))
    points.loc[3, ["x", "y"]] = points.loc[18, ["x", "y"]] + 100.0
    points.loc[7, ["x", "y", "lon", "lat"]] = np.nan
    repaired = repair_points(points, "99.01").set_index("kode_desa")
    assert set(repaired.index[repaired["titik"] == "perkiraan"]) == {"99.01.01.2003", "99.01.01.2007"}
    # back among its own: the first kecamatan ends some 1.6 km east of 110
    assert (repaired.loc[repaired["titik"] == "perkiraan", "lon"] < 110.02).all()
    assert repaired.loc["99.01.01.2003", "titik_catatan"].startswith("titik sumber jauh")


def test_twins_are_set_apart():
    points = _points(np.random.default_rng(2))
    points.loc[5, ["x", "y", "lon", "lat"]] = points.loc[4, ["x", "y", "lon", "lat"]]
    repaired = repair_points(points, "99.01")
    assert not repaired[["lon", "lat"]].duplicated().any()
    assert (repaired["titik"] == "diperbaiki").sum() == 1


def test_cells_and_sea_are_one_coverage_and_every_cell_holds_its_point():
    rng = np.random.default_rng(3)
    points = rng.uniform(1_000, 9_000, (30, 2))
    frame = shapely.box(0, 0, 10_000, 10_000)
    land = shapely.box(0, 0, 10_000, 9_500)
    cells = fit_cells(points, land, frame)
    assert shapely.contains_xy(cells, points[:, 0], points[:, 1]).all()
    degrees = shapely.transform(cells, lambda xy: 110 + xy / 111_000)
    sea = shapely.transform(shapely.box(0, 9_500, 10_000, 10_000), lambda xy: 110 + xy / 111_000)
    desa, water = cover(degrees, sea)
    assert shapely.coverage_is_valid(np.append(desa, water))
    assert shapely.area(shapely.union_all(desa)) == pytest.approx(shapely.area(desa).sum(), rel=1e-9)


def test_a_district_without_a_shore_says_outside_and_one_that_is_silent_about_the_sea_unknown(tmp_path):
    folder = tmp_path / "district"
    shutil.copytree(DISTRICT, folder)
    write_geojson(folder / "laut.geojson", "laut", [], np.array([], dtype=object))
    inland = COASTAL.zones(Inputs(read_boundaries(folder), None, LayerSettings()))
    assert inland.frame.empty
    assert inland.unknown_desa == frozenset()
    assert inland.method == "tidak ada laut di sekitar kabupaten"
    stated = (folder / "district.toml").read_text(encoding="utf-8")
    (folder / "district.toml").write_text(re.sub(r"\[sea\][^\[]*", "", stated), encoding="utf-8")
    silent = read_boundaries(folder)
    found = COASTAL.zones(Inputs(silent, None, LayerSettings()))
    assert found.unknown_desa == set(silent.desa["kode_desa"])

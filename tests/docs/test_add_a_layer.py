"""docs/add-a-layer.md does what it says: executed block by block in a copy of the project."""

import hashlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.layers.base import Inputs
from geo.settings import LayerSettings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add-a-layer.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL)
FILES = {title: body for language, title, body in BLOCKS if title and language != "diff"}
NEEDED = ("geo", "app", "data", "scripts/make_sample.py", "tests/data/district", "pyproject.toml")


def _digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def _apply(diff: str, path: Path) -> None:
    """Put each added line of a diff under the line before it."""
    text = path.read_text(encoding="utf-8")
    context = ""
    for line in diff.splitlines():
        if line.startswith("+"):
            assert text.count(context) == 1, "the page shows a line that is not there"
            text = text.replace(context, context + line[1:] + "\n")
        context = line[1:] + "\n"
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project in which the page was followed to the end."""
    folder = tmp_path_factory.mktemp("salinan")
    for name in NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        take = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        take(ROOT / name, folder / name)
    before = _digests(folder)
    for title, body in FILES.items():
        assert not (folder / title).exists()
        (folder / title).write_text(body, encoding="utf-8")
    for language, title, body in BLOCKS:
        if language == "diff":
            _apply(body, folder / title)
    after = _digests(folder)
    (folder / "perubahan.json").write_text(
        json.dumps(sorted(name for name in after if after[name] != before.get(name)))
    )
    # the copy is what runs, not the package that is installed
    place = {**os.environ, "PYTHONPATH": str(folder)}
    for command in next(body for language, _, body in BLOCKS if language == "sh").splitlines():
        words = shlex.split(command.replace(".venv/bin/python", shlex.quote(sys.executable)))
        done = subprocess.run(words, cwd=folder, env=place, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return folder


def test_a_layer_is_one_file_and_one_line(copy):
    own = {"rob_contoh.py", "rob.toml"}  # the example's data and settings, no part of the project
    changed = set(json.loads((copy / "perubahan.json").read_text())) - own
    assert changed == {"geo/layers/rob.py", "geo/layers/__init__.py"}
    was, now = ((root / "geo/layers/__init__.py").read_text().splitlines() for root in (ROOT, copy))
    assert len(now) == len(was) + 1
    assert [line for line in now if line not in was] == ["from geo.layers.rob import ROB"]


def test_households_and_desa_say_whether_they_stand_in_it_and_why(copy):
    households = gpd.read_parquet(copy / "hasil/households.parquet")
    flood = gpd.read_file(copy / "rob.gpkg")
    own = households[households.geometry.notna()]
    wet = own.to_crs(flood.crs).intersects(flood.union_all())
    assert 0 < wet.sum() < len(own)
    # a point beyond the district's edge is answered by its own desa: all the others, exactly by their place
    placed = own["kode_desa_located"].notna()
    assert ((own["zone_rob"] == "rob") == wet)[placed].all()
    assert set(own["why_zone_rob"]) == {"titiknya di dalam Genangan rob", "titiknya di luar"}
    assert own["distance_rob_m"].notna().all()
    assert (households.loc[households["kode_desa"].isna(), "zone_rob"] == "tidak diketahui").all()
    assert households["zone_combination"].str.contains("rob").any()
    assert (households.loc[households["zone_rob"] == "rob", "zone_display"] == "rob").all()
    desa = gpd.read_parquet(copy / "hasil/desa.parquet")
    exact = desa.to_crs(flood.crs).intersection(flood.union_all()).area / desa.to_crs(flood.crs).area
    assert desa["share_rob"].tolist() == pytest.approx(exact.tolist(), abs=1e-4)
    assert desa["share_households_rob"].dropna().between(0, 1).all()
    assert desa["why_zone_rob"].str.contains("rob").all()


def test_the_tables_hold_its_rows(copy):
    zones = gpd.read_parquet(copy / "hasil/zones.parquet").set_index("layer").loc["rob"]
    assert zones["title"].tolist()[:2] == ["Genangan rob", "Di luar zona rob"]
    assert zones["source"].iloc[0] == "Peta rob rekaan"
    assert zones["year"].iloc[0] == "2025"
    assert zones.geometry.iloc[0].area > 0
    counted = gpd.read_parquet(copy / "hasil/households.parquet")["counts"].sum()
    assert zones["households"].sum() == counted
    combinations = pd.read_parquet(copy / "hasil/combinations.parquet")
    assert combinations["households"].sum() == counted
    assert combinations["title"].str.contains("Rob").any()
    facts = json.loads((copy / "hasil/manifest.json").read_text())["facts"]
    rob = facts["layers"][-1]
    assert (rob["id"], rob["source"], rob["year"], rob["proksi"]) == ("rob", "Peta rob rekaan", "2025", False)
    assert rob["colour"] == "#e69f00"
    assert sum(rob["counts"].values()) == counted
    assert "layer_rob" in {given["role"] for given in facts["inputs"]}


def test_the_map_the_report_and_the_geojson_show_it(copy):
    page = (copy / "hasil/peta.html").read_text(encoding="utf-8")
    assert 'data-zone="rob"' in page
    entry = page[page.index('data-zone="rob"') :][:3000]
    for said in ("Rob", "Peta rob rekaan", "2025", "menurut peta rob", "#e69f00"):
        assert said in entry
    report = (copy / "hasil/laporan.html").read_text(encoding="utf-8")
    for said in ("Genangan rob", "Di luar zona rob", "Peta rob rekaan"):
        assert said in report
    zones = json.loads((copy / "hasil/geojson/zones.geojson").read_text(encoding="utf-8"))
    shown = {each["id"]: each for each in zones["features"]}
    assert shapely.from_geojson(json.dumps(shown["rob:rob"]["geometry"])).area > 0
    assert "Peta rob rekaan" in {layer["source"] for layer in zones["layers"]}
    for name in ("households", "desa"):
        table = json.loads((copy / f"hasil/geojson/{name}.geojson").read_text(encoding="utf-8"))
        assert all("zone_rob" in each["properties"] for each in table["features"])


def test_it_keeps_the_directions_of_the_imports(copy):
    linter = ROOT / ".venv-check" / "bin" / "lint-imports"
    if not linter.exists():
        pytest.skip("the checks have no environment here (bootstrap.py check)")
    done = subprocess.run(  # noqa: S603
        [linter, "--no-cache"], cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert "Contracts:" in done.stdout
    assert "geo.layers.rob" not in done.stdout


def test_without_a_file_nobody_knows(copy, district):
    spec = importlib.util.spec_from_file_location("rob", copy / "geo/layers/rob.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.ROB.zones(Inputs(district, None, LayerSettings()))
    assert found.unknown_desa == set(district.desa["kode_desa"])

"""QGIS opens the GeoPackage coloured: the style that is stored is the one that draws, each row in its class."""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from geo.exports import FORMATS
from geo.exports.styles import looks_of, places_of
from geo.exports.values import distinct, typed, with_names
from tests.geo.exports.small_product import small_product

SYSTEM_PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).with_name("open_in_qgis.py")


@pytest.fixture
def quiet() -> dict[str, str]:
    """Give an environment in which QGIS needs no screen; skip visibly where it is not installed."""
    there = [str(SYSTEM_PYTHON), "-c", "import qgis.core"]
    if not SYSTEM_PYTHON.exists() or subprocess.run(there, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("needs PyQGIS (Debian: python3-qgis)")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    return kept | {"QT_QPA_PLATFORM": "offscreen"}


def test_layers_open_with_their_style(quiet: dict[str, str], tmp_path: Path):
    product = small_product()
    [path] = FORMATS["gpkg"].write(product, tmp_path)
    command = [str(SYSTEM_PYTHON), str(SCRIPT), str(path), *product.collections]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=True, env=quiet | {"HOME": str(tmp_path)}, timeout=120
    )
    told = json.loads(done.stdout)
    for name, collection in product.collections.items():
        layer = told[name]
        assert (layer["valid"], layer["style"]) == (True, 1)
        assert layer["renderer"] == "RuleRenderer"
        assert layer["features"] == len(collection.table)
        named = with_names(collection, distinct((field.name for field in collection.fields), ["fid", "geom"]))
        table = typed(named)
        looks = looks_of(product, named, table)
        assert layer["drawn"] == Counter(looks[place].title for place in places_of(looks, table))
        assert layer["aliases"][collection.key] == collection.fields[0].title
    assert len(told["rumah_tangga"]["drawn"]) == 5
    assert len(told["desa"]["drawn"]) > 1

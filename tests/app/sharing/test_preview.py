"""The preview shows what the files will hold, and says when a table will be empty."""

import csv
from pathlib import Path

from app.sharing.preview import preview
from geo.exports import FORMATS
from geo.levels import Level
from geo.products import Scope, make_product
from tests.geo.products.register import SETTINGS, pseudonyms, recipe, register

WHOLE = register()


def test_figures_are_shown_as_they_leave(tmp_path: Path):
    asked = recipe("kode_desa", "distance_coastal_m", "lintang")
    product = make_product(WHOLE, Scope(Level.OPD, asked), SETTINGS, pseudonyms(WHOLE))
    [shown] = preview(product).collections
    [path] = FORMATS["csv"].write(product, tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [field.name for field in shown.columns]
    assert any("." in row[names.index("distance_coastal_m")] for row in shown.sample)
    for told, left in zip(shown.sample, rows, strict=False):
        for name in ("distance_coastal_m", "lintang"):
            cell = told[names.index(name)]
            assert cell == left[name] or float(cell) == float(left[name].replace(",", "."))


def test_an_empty_table_is_warned_of_with_its_reason():
    asked = recipe("kode_desa")
    product = make_product(
        WHOLE, Scope(Level.OPD, asked, rows=frozenset({999_999})), SETTINGS, pseudonyms(WHOLE)
    )
    [words] = preview(product).warnings
    assert words.startswith("Rumah tangga kosong: ")
    assert "tidak ada dalam daftar yang dipilih" in words
    full = make_product(WHOLE, Scope(Level.OPD, asked), SETTINGS, pseudonyms(WHOLE))
    assert preview(full).warnings == []

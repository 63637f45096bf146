"""Invented registers and recipes for the tests of products."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.levels import Level
from geo.recipes import Recipe, RecipeColumn
from geo.settings import SharingSettings
from tests.geo.small import small_assessment

SETTINGS = SharingSettings()
KEY = b"kunci uji" * 4
SECRET = "RAHASIA"  # noqa: S105  -- stands in every column of persons


def register(**kept: Any) -> Assessment:  # noqa: ANN401  -- of small_assessment
    """Return a small assessment with a sensitive indicator, persons in every column of them, and houses."""
    small = small_assessment(**kept)
    people = small.households
    chance = np.random.default_rng(3).random(len(people))
    ill = pd.array(chance < 0.3, "boolean")
    people = people.assign(
        **dict.fromkeys(["id_keluarga", "no_kk", "rt", "rw", "dusun", "pekerjaan"], SECRET),
        nik=SECRET,
        penyakit_kronis=pd.array((chance < 0.3).astype(int), "Int8"),
        need_penyakit_kronis=ill,
        why_penyakit_kronis="SAKIT",
        tangga_jamban=np.where(chance < 0.5, "aman", np.where(chance < 0.8, "BABS", "belum layak")),
        jenis_atap=pd.array((chance * 8).astype(int) + 1, "Int8"),
        jumlah_art=pd.array((chance * 5).astype(int) + 1, "Int16"),
        house_number=pd.array(np.arange(1, len(people) + 1), "Int32"),
        counts=chance < 0.97,
    )
    facts = {
        **small.facts,
        "layers": [{**layer, "titles": {"pesisir": "Pesisir"}} for layer in small.facts["layers"]],
        "rows": {**small.facts["rows"], "counted": int(people["counts"].sum())},
        "indicators": [
            *small.facts["indicators"],
            {
                "id": "penyakit_kronis", "title": "Penyakit kronis", "profile": "contoh", "definition": "contoh",
                "sensitive": True,
            },
        ],
    }  # fmt: skip
    tables: dict[str, Any] = {}
    for name, key in (("desa", "kode_desa"), ("kecamatan", "kode_kecamatan")):
        table = getattr(small, name)
        groups = people[people["counts"]].groupby(key)
        counts = {column: f"need_{column}" for column in ("rtlh", "jamban", "penyakit_kronis")}
        sizes = table[key].map(groups.size()).fillna(0).astype("int64")
        placed = table[key].map(groups["geometry"].count()).fillna(0).astype("int64")
        table = table.assign(households=sizes, located=placed)
        for measure, column in counts.items():
            known = table[key].map(groups[column].count()).fillna(0).astype("int64")
            need = table[key].map(groups[column].sum()).fillna(0).astype("int64")
            table = table.assign(
                **{f"{measure}_known": known, f"{measure}_need": need, f"{measure}_unknown": sizes - known}
            )
        tables[name] = table
    zones = small.zones.assign(penyakit_kronis_known=40, penyakit_kronis_need=12, penyakit_kronis_unknown=0)
    return replace(small, households=people, facts=facts, zones=zones, **tables)


def pseudonyms(whole: Assessment) -> dict[int, str]:
    """Return pseudonyms whose order has nothing to do with the sheet."""
    return {int(row): f"p{(int(row) * 7919) % 100_003:06d}" for row in whole.households["sheet_row"]}


def recipe(*columns: RecipeColumn | str, level: Level = Level.OPD, **kept: Any) -> Recipe:  # noqa: ANN401
    """Return a recipe of some columns, each under its own name unless it says otherwise."""
    asked = [RecipeColumn(each, each) if isinstance(each, str) else each for each in columns]
    first = RecipeColumn("pseudonim", "id")
    named = kept.pop("collections", ("rumah_tangga",))
    return Recipe("uji", "Dinas", "Judul", "Guna", "Dasar", level, named, columns=(first, *asked), **kept)

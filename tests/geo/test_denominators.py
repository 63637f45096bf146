"""All families as the denominator, and what they say of the register."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.boundaries import Boundaries
from geo.denominators import OF_FAMILIES, OF_REGISTER, add_denominators, denominator_facts, families_of
from geo.errors import LayerError
from geo.layers.families import Families
from geo.settings import LayerSettings, RateSettings, Settings


def desa(households: list[int], need: list[int] | None = None) -> pd.DataFrame:
    places = range(len(households))
    return pd.DataFrame(
        {
            "kode_desa": [f"99.01.{1 + place // 3:02d}.{2001 + place}" for place in places],
            "nama_desa": [f"Contoh {place}" for place in places],
            "kode_kecamatan": [f"99.01.{1 + place // 3:02d}" for place in places],
            "nama_kecamatan": "Rekaan",
            "households": households,
            "rtlh_need": need or [count // 2 for count in households],
        },
        index=pd.Index(places) + 7,
    )


def families(counts: list[float], areas: pd.DataFrame, note: str = "") -> Families:
    return Families(pd.Series(counts, index=areas.index, dtype=float), "Podes", "2024", note)


def test_shares_are_of_all_families_and_missing_where_these_are():
    areas = desa([50, 0, 30, 12], [20, 0, 6, 3])
    added = add_denominators(areas, "kode_desa", areas, families([200, 90, np.nan, 0], areas), ["rtlh"])
    assert added["families"].tolist() == pytest.approx([200, 90, np.nan, 0], nan_ok=True)
    assert added["register_share"].tolist() == pytest.approx([0.25, 0, np.nan, np.nan], nan_ok=True)
    assert added["rtlh_of_families"].tolist() == pytest.approx([0.1, 0, np.nan, np.nan], nan_ok=True)
    assert added[areas.columns].equals(areas)


def test_a_kecamatan_has_the_families_of_its_desa_only_when_all_are_known():
    places = desa([10] * 7)
    kecamatan = pd.DataFrame({
        "kode_kecamatan": ["99.01.03", "99.01.01", "99.01.02"], "households": [11, 33, 30], "rtlh_need": [4, 9, 8],
    })  # fmt: skip
    counted = families([100, 100, 100, 50, np.nan, 50, 40], places)
    added = add_denominators(kecamatan, "kode_kecamatan", places, counted, ["rtlh"])
    assert added["families"].tolist() == pytest.approx([40, 300, np.nan], nan_ok=True)
    assert added["register_share"].tolist() == pytest.approx([11 / 40, 33 / 300, np.nan], nan_ok=True)
    assert added["rtlh_of_families"].tolist() == pytest.approx([0.1, 0.03, np.nan], nan_ok=True)


def test_without_a_table_nothing_is_added_and_the_register_is_the_denominator():
    areas = desa([0, 3, 40])
    assert add_denominators(areas, "kode_desa", areas, None, ["rtlh"]) is areas
    facts = denominator_facts(areas, None, 5)
    assert (facts["name"], facts["source"], facts["year"]) == (OF_REGISTER, "", "")
    assert facts["register_share"] is None
    assert facts["low"] == []
    assert (facts["desa_without_households"], facts["desa_with_few"]) == (1, 1)
    assert "kelengkapan register tidak dapat dinilai" in facts["note"]


def facts_of(households: list[int], counts: list[float], note: str = "") -> dict[str, object]:
    areas = desa(households)
    table = families(counts, areas, note)
    return denominator_facts(add_denominators(areas, "kode_desa", areas, table, ["rtlh"]), table, 5)


def test_facts_name_the_table_and_what_it_leaves_out():
    facts = facts_of([60, 40, 50, 30], [200, 200, np.nan, 20], "1 kode tidak dikenal")
    assert (facts["name"], facts["source"], facts["year"]) == (OF_FAMILIES, "Podes", "2024")
    assert facts["register_share"] == pytest.approx(130 / 420)
    assert (facts["desa_without_families"], facts["desa_over_one"]) == (1, 1)
    assert facts["note"].startswith("1 kode tidak dikenal; ")
    assert "di 1 desa register memuat lebih banyak" in facts["note"]
    assert "keluarga 1 desa tidak diketahui" in facts["note"]
    assert "batas bawah" in facts["note"]


def test_a_strikingly_small_register_is_told_the_least_first_and_never_that_of_few_families():
    found = facts_of([120, 100, 20, 0, 1, 45, 110], [400, 400, 400, 300, 8, 160, np.nan])
    assert [place["nama_desa"] for place in found["low"]] == ["Contoh 3", "Contoh 2"]
    assert set(found["low"][0]) == {"kode_desa", "nama_desa", "nama_kecamatan"}


def test_a_register_of_more_than_all_families_is_shown_and_accuses_only_the_small():
    found = facts_of([500, 600, 100], [400, 500, 400])
    assert found["register_share"] == pytest.approx(1200 / 1300)
    assert found["desa_over_one"] == 2
    assert [place["nama_desa"] for place in found["low"]] == ["Contoh 2"]
    over = facts_of([500, 600, 300], [100, 100, 100])
    assert over["register_share"] == pytest.approx(1400 / 300)
    assert over["low"] == []


def test_no_family_at_all_gives_no_share():
    found = facts_of([5, 0], [0, 0])
    assert found["register_share"] is None
    assert found["low"] == []


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 2000)), min_size=1, max_size=30), st.randoms())
def test_the_order_of_desa_changes_no_count_and_a_complete_register_accuses_nobody(counts, random):
    households, every = zip(*counts, strict=True)
    found = facts_of([*households], [*map(float, every)])
    random.shuffle(counts)
    turned = facts_of(*map(list, zip(*counts, strict=True)))
    same = ("register_share", "desa_over_one", "desa_with_few", "note")
    assert [turned[name] for name in same] == [found[name] for name in same]
    assert len(turned["low"]) == len(found["low"])
    assert facts_of([*every], [*map(float, every)])["low"] == []


def test_families_come_from_the_rates_before_the_layers(tmp_path: Path, district: Boundaries):
    def written(name: str, count: int) -> Path:
        rows = [f"{kode};{count};2024;{name}" for kode in district.desa["kode_desa"]]
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(["kode_desa;keluarga;tahun;sumber", *rows]), encoding="utf-8")
        return path

    of_rates = RateSettings(families=written("semua", 300))
    of_layers = LayerSettings(urban_families=written("lapisan", 200))
    assert families_of(Settings(), district.desa) is None
    both = families_of(Settings(rates=of_rates, layers=of_layers), district.desa)
    assert (both.source, both.year, both.count.iloc[0]) == ("semua", "2024", 300)
    assert families_of(Settings(layers=of_layers), district.desa).source == "lapisan"
    with pytest.raises(LayerError):
        families_of(Settings(rates=RateSettings(families=tmp_path / "hilang.csv")), district.desa)

"""Columns that hold names of desa or kecamatan are found whatever stands above them, and nothing else is."""

import pandas as pd
import pytest

from geo.boundaries import Boundaries
from geo.gazetteer import Gazetteer
from geo.gazetteer.name_columns import NameColumn, name_columns
from geo.settings import GeocodingSettings


@pytest.fixture(scope="module")
def areas(district: Boundaries) -> pd.DataFrame:
    return pd.DataFrame(district.desa.drop(columns="geometry"))


def found(areas: pd.DataFrame, **columns: list[str | None]) -> list[NameColumn]:
    cells = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    return name_columns(cells, list(columns), Gazetteer(areas, GeocodingSettings()))


def test_desa_and_kecamatan_are_told_apart(areas: pd.DataFrame) -> None:
    told = found(
        areas,
        kol1=[f"DS. {name.upper()}" for name in areas["nama_desa"]],
        kol2=[f"Kec. {name}" for name in areas["nama_kecamatan"]],
        kol3=[f"Warga {place}" for place in range(len(areas))],
    )
    rows = len(areas)
    assert told == [
        NameColumn("kol1", "desa_tertulis", rows, rows),
        NameColumn("kol2", "kecamatan_tertulis", rows, rows),
    ]


@pytest.mark.parametrize("known", [5, 7])
def test_most_rows_must_hold_a_name(areas: pd.DataFrame, known: int) -> None:
    names = [*([areas["nama_desa"].iloc[0]] * known), *[f"Blok {place}" for place in range(10 - known)]]
    assert bool(found(areas, kol=names)) is (known > 6)


def test_an_almost_empty_column_says_nothing(areas: pd.DataFrame) -> None:
    assert found(areas, kol=[areas["nama_desa"].iloc[0], *[None] * 9]) == []

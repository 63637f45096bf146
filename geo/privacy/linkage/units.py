"""The smallest lots of households of which any table tells a sum: desa by side, and who is in no known desa."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

PARTS = 3
"""In need, not in need, unknown."""

Released = Mapping[str, gpd.GeoDataFrame]


@dataclass(frozen=True)
class Units:
    """Lots of households: of each desa those told with a place and those without, then those of no desa by kecamatan.

    Attributes
    ----------
    codes
        Of the desa.
    sizes
        Households by unit, which an attacker knows.
    kecamatan
        By unit the row of the kecamatan, one past the last for none.
    truth
        By desa how many are in need, are not, and are not known.
    answers
        By sheet row the number of the part.
    """

    codes: pd.Index
    sizes: np.ndarray
    kecamatan: np.ndarray
    truth: np.ndarray
    answers: pd.Series

    @classmethod
    def of(cls, released: Released, households: pd.DataFrame, need: str) -> "Units":
        """Lay out the units of a district for one need."""
        desa = released["desa"]
        codes = pd.Index(desa["kode_desa"])
        names = pd.Index(released["kecamatan"]["kode_kecamatan"]) if "kecamatan" in released else pd.Index([])
        stated = households[f"need_{need}"].astype("boolean")
        part = np.where(stated.isna(), 2, np.where(stated.fillna(value=False), 0, 1))
        place = codes.get_indexer(households["kode_desa"])
        inside = place >= 0
        truth = np.bincount(place[inside] * PARTS + part[inside], minlength=len(codes) * PARTS).reshape(
            -1, PARTS
        )
        of_nobody = _known(names, households["kode_kecamatan"])[~inside]
        rest = np.bincount(of_nobody, minlength=len(names) + 1)
        sides = np.column_stack([truth.sum(axis=1), np.zeros(len(codes), dtype=np.int64)])
        where = np.repeat(_known(names, desa["kode_kecamatan"]), 2)
        units = cls(
            codes,
            np.concatenate([sides.ravel(), rest]).astype(float),
            np.concatenate([where, np.arange(len(names) + 1)]),
            truth,
            pd.Series(part, index=households["sheet_row"].to_numpy()),
        )
        for name in ("rumah_tangga", "kisi"):
            if name in released:
                units.sizes[: 2 * len(codes)] = _sides(units, released[name], truth.sum(axis=1))
                break
        return units

    @property
    def counts(self) -> int:
        """How many counts there are."""
        return len(self.sizes) * PARTS

    @property
    def of_desa(self) -> np.ndarray:
        """Return the two units of each desa."""
        return np.arange(2 * len(self.codes)).reshape(-1, 2)

    @property
    def nowhere(self) -> np.ndarray:
        """Return the units of those in no known desa."""
        return np.arange(2 * len(self.codes), len(self.sizes))

    def in_kecamatan(self, row: int) -> np.ndarray:
        """Return the units of a kecamatan."""
        return np.flatnonzero(self.kecamatan == row)

    def cells(self, units: np.ndarray | int, part: int | slice) -> np.ndarray:
        """Return the numbers of the counts of units."""
        parts = np.arange(PARTS)[part]
        return np.asarray(np.atleast_1d(units)[:, None] * PARTS + parts).ravel()

    def of_rows(self, table: gpd.GeoDataFrame) -> np.ndarray:
        """Return the unit of each row of cells or households: with a place, or without."""
        place = self.codes.get_indexer(table["kode_desa"])
        return np.asarray(2 * place + table.geometry.isna().to_numpy())

    def answer_of(self, sheet_rows: pd.Series) -> np.ndarray:
        """Return the true part of each."""
        return self.answers.reindex(sheet_rows).to_numpy(np.int64)

    def title(self, unit: int) -> str:
        """Name a unit of a desa (Indonesian)."""
        side = "tanpa tempat" if unit % 2 else "dengan tempat"
        return f"desa {self.codes[unit // 2]} ({side})"


def _known(names: pd.Index, kode: pd.Series) -> np.ndarray:
    found = names.get_indexer(pd.Index(kode))
    return np.where(found < 0, len(names), found)


def _sides(units: Units, table: gpd.GeoDataFrame, whole: np.ndarray) -> np.ndarray:
    """Return the households of each side of each desa; a desa that is not in the table is one side."""
    weight = table["households"].to_numpy(float) if "households" in table else None
    sides = np.bincount(units.of_rows(table), weight, 2 * len(units.codes)).reshape(-1, 2)
    told = sides.sum(axis=1) > 0
    return np.asarray(np.where(told[:, None], sides, np.column_stack([whole, np.zeros(len(whole))]))).ravel()


def counts_of(table: pd.DataFrame, need: str) -> np.ndarray:
    """Return in need, not in need, unknown by row; nan where withheld."""
    known, yes, unknown = (
        table[f"{need}_{part}"].to_numpy(float, na_value=np.nan) for part in ("known", "need", "unknown")
    )
    return np.column_stack([yes, known - yes, unknown])

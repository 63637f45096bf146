"""What a run says about its households, read from its files alone."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Truth:
    """The households that a book must hold.

    Attributes
    ----------
    households
        By ``kode_desa`` and ``house_number``: ``lon``, ``lat`` (degrees; missing without a point), ``nama`` and
        ``class`` (what is known of both needs, empty when one is not known).
    desa
        Every ``kode_desa`` of the run.
    """

    households: pd.DataFrame
    desa: tuple[str, ...]

    def of(self, desa: str) -> pd.DataFrame:
        """Return the households of one desa by their number."""
        groups = self.households.index.get_level_values(0)
        if desa not in groups:
            return self.households.iloc[:0].droplevel(0)
        own: pd.DataFrame = self.households.loc[[desa]].droplevel(0)
        return own


def read_run(folder: Path) -> Truth:
    """Read a run's counted households that have a desa."""
    table = gpd.read_parquet(folder / "households.parquet")
    desa = pd.read_parquet(folder / "desa.parquet", columns=["kode_desa"])["kode_desa"].astype(str)
    return truth_of(table, tuple(sorted(desa)))


def truth_of(table: gpd.GeoDataFrame, desa: tuple[str, ...]) -> Truth:
    """Take the counted households that have a desa from the table of a run."""
    table = table[table["counts"].to_numpy(bool) & table["kode_desa"].notna().to_numpy()]
    points = table.geometry
    there = (points.notna() & ~points.is_empty).to_numpy()
    lon, lat = np.full(len(table), np.nan), np.full(len(table), np.nan)
    lon[there], lat[there] = points[there].x, points[there].y
    households = pd.DataFrame(
        {
            "kode_desa": table["kode_desa"].astype(str).to_numpy(),
            "house_number": table["house_number"].to_numpy(int),
            "lon": lon,
            "lat": lat,
            "nama": table["nama"].fillna("").astype(str).to_numpy() if "nama" in table else "",
            "class": _class(table),
        }
    ).set_index(["kode_desa", "house_number"])
    return Truth(households.sort_index(), desa)


def _class(table: pd.DataFrame) -> np.ndarray:
    said = [
        table[f"need_{name}"].astype("boolean").astype("string").fillna("")
        if f"need_{name}" in table
        else pd.Series("", index=table.index)
        for name in ("rtlh", "jamban")
    ]
    known = said[0].ne("") & said[1].ne("")
    return np.where(known, said[0] + "/" + said[1], "").astype(object)

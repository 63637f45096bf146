"""Every column of households that a recipe may name, made when it is asked for."""

from collections.abc import Callable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assessment import Assessment
from geo.errors import NotAllowed
from geo.levels import Level
from geo.recipes.sources import KEY

FROM_PRIORITIES, FROM_VISITS = ("rank", "chosen"), ("team", "day", "order")
_DEGREES = 7
"""Decimals of a point in columns: a centimetre, more than any phone knows."""


class Given:
    """The columns of some households of a register.

    Parameters
    ----------
    rows
        The households, out of ``whole``.
    whole
        The run, with its plan of visits.
    edition
        The same for agencies: ranks there hang on no sensitive need.
    pseudonyms
        By sheet row; none where the rows of the sheet stand in their place.
    """

    def __init__(
        self,
        rows: gpd.GeoDataFrame,
        whole: Assessment,
        edition: Assessment,
        pseudonyms: Mapping[int, str] | None,
    ) -> None:
        self._rows, self._whole, self._edition, self.pseudonyms = rows, whole, edition, pseudonyms
        self.points = rows.geometry.to_numpy()
        self._kept: dict[str, pd.Series | None] = {}

    def column(self, name: str) -> "pd.Series | None":
        """Return a column as plain values with the rows' index; None where the register does not have it.

        Raises
        ------
        NotAllowed
            When pseudonyms are asked for and lack.
        """
        if name not in self._kept:
            found = self._find(name)
            if found is not None and isinstance(found.dtype, pd.CategoricalDtype):
                found = found.astype("str")
            self._kept[name] = found
        return self._kept[name]

    def order(self, level: Level) -> np.ndarray:
        """Return the rows by desa and by a key that says nothing; for visits in the order of the plan."""
        keys = ["kode_desa", KEY] if self.pseudonyms is not None else []
        if level is Level.PETUGAS:
            keys = [*FROM_VISITS, "kode_desa", "house_number"]
        there = {name: self.column(name) for name in keys}
        table = pd.DataFrame({name: values for name, values in there.items() if values is not None})
        if level is Level.PETUGAS or not keys:
            table["sheet_row"] = self._rows["sheet_row"]
        return np.asarray(table.reset_index(drop=True).sort_values([*table], kind="stable").index)

    def _find(self, name: str) -> "pd.Series | None":
        made: dict[str, Callable[[], pd.Series | None]] = {
            KEY: self._pseudonyms,
            "sheet_row": lambda: self._rows["sheet_row"].astype("str"),
            "kode_desa_polos": lambda: (
                self._rows["kode_desa"].astype("str").str.replace(".", "", regex=False)
            ),
            "lintang": lambda: self._axis(shapely.get_y),
            "bujur": lambda: self._axis(shapely.get_x),
            "nomor": lambda: pd.Series(0, index=self._rows.index),
            **{each: lambda: self._joined(self._edition.priorities, name) for each in FROM_PRIORITIES},
            **{each: lambda: self._joined(self._whole.visits, name) for each in FROM_VISITS},
        }
        if name in made:
            return made[name]()
        if name in (of_run := self._of_run()):
            return pd.Series(of_run[name], index=self._rows.index, dtype="str")
        found: pd.Series | None = self._rows.get(name)
        return found

    def _of_run(self) -> dict[str, str]:
        facts = self._whole.facts
        return {
            "kode_kabupaten": str(facts["district"]["kode"]),
            "nama_kabupaten": str(facts["district"]["nama"]),
            "provinsi": str(facts["district"].get("provinsi", "")),
            "tanggal_data": str(facts["created"])[:10],
        }

    def _axis(self, axis: Callable[[np.ndarray], np.ndarray]) -> "pd.Series":
        return pd.Series(np.round(axis(self.points), _DEGREES), index=self._rows.index)

    def _joined(self, table: pd.DataFrame, name: str) -> "pd.Series | None":
        if name not in table or table.empty:
            return None
        found: pd.Series = self._rows["sheet_row"].map(table.set_index("sheet_row")[name])
        if name == "chosen":
            chosen: pd.Series = found.astype("boolean").fillna(value=False)
            return chosen
        numbers: pd.Series = found.astype("Int64")
        return numbers

    def _pseudonyms(self) -> "pd.Series":
        if self.pseudonyms is None:
            raise NotAllowed(
                "Data rumah tangga untuk instansi harus memakai nomor samaran, dan nomor itu belum dibuat."
            )
        names = pd.Series(self.pseudonyms, dtype="str")
        found: pd.Series = self._rows["sheet_row"].map(names).astype("str")
        if found.isna().any() or found.duplicated().any():
            raise NotAllowed(
                "Nomor samaran tidak lengkap, atau ada yang sama, sehingga data tidak dibagikan. "
                "Buat lagi kunci rumah tangga dari hasil ini."
            )
        return found

"""A run in memory, as the pages show it: no name, no NIK, no address, and nothing of anybody's health."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar, overload

import pandas as pd

from app.library.edition import read_edition
from geo.assessment import Assessment
from geo.filters import HouseholdArrays, household_arrays
from geo.privacy import Level, for_audience, without_sensitive_cells
from geo.runs import open_run, read_manifest
from geo.tiles import TileIndex, tile_index

KEPT_OUT = ("id_keluarga", "nik", "no_kk", "nama", "alamat", "penyakit_kronis", "disabilitas")
"""Columns of a household that never wait in memory; they are read for one desa when somebody may see them."""

_T = TypeVar("_T")


class _MadeOnce(cached_property[_T]):
    """A cached property that is made once, even when several planners ask at the same moment."""

    def __init__(self, make: Callable[[Any], _T]) -> None:
        super().__init__(make)
        self._make = make
        self._name = ""

    def __set_name__(self, owner: type[Any], name: str) -> None:
        super().__set_name__(owner, name)
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> _T: ...
    def __get__(self, instance: object, owner: type[Any] | None = None) -> Self | _T:
        if instance is None or self._name in instance.__dict__:
            return super().__get__(instance, owner)
        # a lock of this run alone: while one is made, nobody waits who looks at another
        with instance.__dict__.setdefault(f"_making_{self._name}", threading.RLock()):
            if self._name not in instance.__dict__:
                instance.__dict__[self._name] = self._make(instance)
        return super().__get__(instance, owner)


@dataclass(frozen=True)
class OpenedRun:
    """A run and what is made of it once.

    Attributes
    ----------
    id
        Its name among the kept runs.
    folder
        Where it lies.
    assessment
        Its tables without what :func:`geo.privacy.without_sensitive_cells` leaves out and without :data:`KEPT_OUT`.
    edition
        Where its edition for whoever sees areas only lies, or would lie.
    """

    id: str
    folder: Path
    manifest: dict[str, Any]
    assessment: Assessment
    edition: Path | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the run was made from."""
        return dict(self.assessment.facts)

    @_MadeOnce
    def public(self) -> Assessment:
        """Return the edition for whoever sees areas only: small counts withheld, and no household."""
        made = read_edition(self.edition) if self.edition is not None else None
        return made if made is not None else for_audience(open_run(self.folder), Level.PUBLIK)

    @_MadeOnce
    def arrays(self) -> HouseholdArrays:
        """Return the counted households as plain arrays, for filters and tiles."""
        return household_arrays(self.assessment)

    @_MadeOnce
    def tiles(self) -> TileIndex:
        """Return the households with a point of their own, sorted for tiles."""
        return tile_index(self.arrays)


def open_for_pages(folder: Path, edition: Path | None = None) -> OpenedRun:
    """Open a run for the pages.

    Raises
    ------
    NoRun
        When there is none, or a table of it is missing or damaged.
    """
    assessment = without_sensitive_cells(open_run(folder))
    assessment = replace(
        assessment,
        households=assessment.households.drop(columns=list(KEPT_OUT), errors="ignore"),
        rejects=assessment.rejects.drop(columns="value"),
        rejected_cells=assessment.rejected_cells.iloc[
            :0, :0
        ],  # they are the rows of the sheet, names and NIK and all
    )
    return OpenedRun(folder.name, folder, read_manifest(folder), assessment, edition)


def read_persons(folder: Path, kode_desa: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read columns of persons of one desa from the disk; the caller has asked the permission and left the trail.

    Returns
    -------
    pandas.DataFrame
        ``sheet_row`` and the columns.
    """
    names = ["sheet_row", *columns]
    return pd.read_parquet(
        folder / "households.parquet", columns=names, filters=[("kode_desa", "==", kode_desa)]
    )

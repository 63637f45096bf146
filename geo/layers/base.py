"""The contract of a layer: a frozen record that holds one pure function from the district's files to zones."""

import csv
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.boundaries import Boundaries
from geo.errors import LayerError
from geo.landcover import LandCover
from geo.settings import LayerSettings

OUTSIDE = "luar"
UNKNOWN = "tidak diketahui"


@dataclass(frozen=True)
class Inputs:
    """What a layer may draw on."""

    boundaries: Boundaries
    land_cover: LandCover | None
    settings: LayerSettings

    @property
    def measuring(self) -> CRS:
        """CRS in metres."""
        return self.boundaries.measuring

    @cached_property
    def land_cover_shares(self) -> pd.DataFrame:
        """Share of each class of the land cover in each desa; missing where the raster does not cover it."""
        if self.land_cover is None:
            raise ValueError("no land cover")  # a layer asks only when there is one
        return self.land_cover.shares(self.boundaries.desa.geometry)

    def desa_m(self) -> gpd.GeoDataFrame:
        """Return the desa in the measuring CRS."""
        return self.boundaries.desa.to_crs(self.measuring)


@dataclass(frozen=True)
class Zones:
    """Everything a layer says.

    Attributes
    ----------
    frame
        ``zone`` (word), ``kode_desa`` (where the zone is a whole desa by its status, else missing) and polygon, in
        the measuring CRS. Where two rows hold a place, the upper one counts.
    unknown_desa
        Desa of which the layer says nothing: what stands there is unknown, not outside.
    edge
        Line from which households have a distance in metres (measuring CRS), where that means something.
    source, year, method
        Where it is from, of when, and how it was made (Indonesian).
    proksi
        Derived, not an official status.
    """

    frame: gpd.GeoDataFrame
    unknown_desa: frozenset[str] = frozenset()
    edge: shapely.Geometry | None = None
    source: str = ""
    year: str = ""
    method: str = ""
    proksi: bool = False


@dataclass(frozen=True)
class Layer:
    """One overlay.

    Attributes
    ----------
    id, title
        Short name in columns, and the words a planner reads.
    colour
        On screen and paper.
    titles
        The words for each zone, in legend order.
    zones
        The pure function behind it.
    """

    id: str
    title: str
    colour: str
    titles: dict[str, str] = field(hash=False)
    zones: Callable[[Inputs], Zones]


def desa_zones(desa: gpd.GeoDataFrame, inside: pd.Series, zone: str) -> gpd.GeoDataFrame:
    """Make zones of whole desa, those where ``inside`` is true."""
    chosen = desa.loc[inside.fillna(value=False).to_numpy(dtype=bool)]
    return gpd.GeoDataFrame(
        {"zone": zone, "kode_desa": chosen["kode_desa"].to_numpy(object)},
        geometry=chosen.geometry.to_numpy(),
        crs=desa.crs,
    )


def joined(polygons: np.ndarray) -> shapely.Geometry:
    """Join polygons; as a coverage, which is exact and quick, unless some of them overlap."""
    union = shapely.coverage_union_all if shapely.coverage_is_valid(polygons) else shapely.union_all
    return union(polygons)


def nothing_known(inputs: Inputs, method: str) -> Zones:
    """Say that the layer has nothing to go by: every desa is unknown."""
    empty = gpd.GeoDataFrame({"zone": [], "kode_desa": []}, geometry=[], crs=inputs.measuring)
    return Zones(empty, frozenset(inputs.boundaries.desa["kode_desa"]), method=method)


def read_status(
    path: Path, desa: gpd.GeoDataFrame, *, inside: Collection[str], outside: Collection[str]
) -> tuple[pd.Series, str, str]:
    """Read an official status list: CSV with ``kode_desa``, ``status``, ``tahun``, ``sumber``.

    Parameters
    ----------
    inside, outside
        The answers (small letters) that put a desa in the zone, and outside of it.

    Returns
    -------
    status, source, year
        Whether each desa (index of ``desa``) is inside; missing where the list leaves it out or says nothing.

    Raises
    ------
    LayerError
        When the file cannot be read, lacks a column, repeats a desa, names none of this district, or holds
        another answer.
    """
    try:
        table = pd.read_csv(path, dtype=str, sep=None, engine="python", encoding="utf-8-sig")
    except (OSError, ValueError, csv.Error) as fault:
        raise LayerError(f"Daftar status {path.name} tidak dapat dibaca sebagai CSV.") from fault
    if not {"kode_desa", "status"} <= set(table.columns):
        raise LayerError(
            f"Daftar status {path.name} harus punya kolom kode_desa dan status (boleh juga tahun dan sumber). "
            f"Yang ada: {', '.join(map(str, table.columns))}."
        )
    table = table.apply(lambda cells: cells.str.strip())
    double = table.loc[table["kode_desa"].duplicated(), "kode_desa"]
    if len(double):
        raise LayerError(f"Daftar status {path.name} menyebut desa {double.iloc[0]} lebih dari sekali.")
    written = desa["kode_desa"].map(table.set_index("kode_desa")["status"]).str.casefold()
    if not desa["kode_desa"].isin(table["kode_desa"]).any():
        raise LayerError(
            f"Tidak satu pun kode_desa dalam {path.name} ada di kabupaten ini. "
            f"Kode ditulis seperti {desa['kode_desa'].iloc[0]}."
        )
    strange = sorted(set(written.dropna()) - set(inside) - set(outside) - {""})
    if strange:
        raise LayerError(
            f"Daftar status {path.name} memuat status yang tidak dikenal: {', '.join(strange[:5])}. "
            f"Yang dikenal: {', '.join([*inside, *outside])}."
        )
    status = written.isin(inside).astype("boolean").mask(~written.isin([*inside, *outside]))
    source = "; ".join(table["sumber"].dropna().unique()) if "sumber" in table else path.name
    year = "; ".join(table["tahun"].dropna().unique()) if "tahun" in table else ""
    return status, source, year


def unlisted(desa: gpd.GeoDataFrame, status: pd.Series) -> frozenset[str]:
    """Return the desa of which a status list says nothing."""
    return frozenset(desa.loc[status.isna().to_numpy(), "kode_desa"])

"""Maskers that are not good enough: each point a little way off, by chance alone."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import MEASURING, STORING
from geo.privacy.masking import Masked
from tests.geo.privacy.registers import NEEDS


def shaken(households: gpd.GeoDataFrame, metres: float, seed: int = 1) -> Masked:
    """Move each point by a normal error, and tell everything else as it is, in the order of the sheet."""
    random = np.random.default_rng(seed)
    rows = households[households["kode_desa"].notna()].reset_index(drop=True)
    away = random.normal(0, metres, (len(rows), 2))
    points = rows.geometry.to_crs(MEASURING)
    moved = gpd.points_from_xy(points.x + away[:, 0], points.y + away[:, 1], crs=MEASURING)
    columns = ["kode_desa", "nama_desa", *(f"need_{need}" for need in NEEDS)]
    ids = [f"r{number:05d}" for number in random.permutation(len(rows))]
    table = gpd.GeoDataFrame({"id": ids}, geometry=moved.to_crs(STORING)).join(rows[columns])
    table = table[["id", *columns, "geometry"]]
    return Masked(table, {}, pd.Series(rows["sheet_row"].to_numpy(), index=ids))

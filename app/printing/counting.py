"""Households counted by desa: what a book would hold, without a look at the run's files."""

import numpy as np
import pandas as pd

from app.access.roles import Person
from app.library import OpenedRun


def rows_mask(opened: OpenedRun, rows: np.ndarray) -> np.ndarray:
    """Tell which counted households have one of some sheet rows."""
    places = opened.arrays.positions(rows)
    mask = np.zeros(len(opened.arrays), dtype=bool)
    mask[places[places >= 0]] = True
    return mask


def counted(opened: OpenedRun, mask: np.ndarray) -> pd.DataFrame:
    """Return the desa of a run in the order of its table, with how many of some households each holds."""
    arrays = opened.arrays
    desa = opened.assessment.desa[["kode_desa", "nama_desa", "nama_kecamatan"]]
    placed = mask & (arrays.desa >= 0)
    counts = {
        "households": np.bincount(arrays.desa[placed], minlength=len(desa)),
        "located": np.bincount(arrays.desa[placed & arrays.has_point], minlength=len(desa)),
    }
    return pd.DataFrame(desa.reset_index(drop=True)).assign(**counts)


def by_code(desa: pd.DataFrame) -> pd.DataFrame:
    """Return desa in the order of their codes, as a book has them."""
    return desa.sort_values("kode_desa", ignore_index=True)


def theirs(opened: OpenedRun, who: Person) -> np.ndarray:
    """Tell which desa of the run are somebody's own."""
    codes = opened.assessment.desa["kode_desa"]
    return np.ones(len(codes), dtype=bool) if who.desa is None else codes.isin(who.desa).to_numpy(bool)

"""Who is not served: how many households are left before a desa reaches its target."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def add_gaps(areas: pd.DataFrame, indicators: Sequence[str], target_share: float) -> pd.DataFrame:
    """Add the households to serve before the target share of the known ones is out of need.

    Needs columns: ``<indicator>_known``, ``<indicator>_need``.
    Adds columns: ``<indicator>_gap``.
    """
    return areas.assign(
        **{
            f"{name}_gap": gap(
                areas[f"{name}_need"].to_numpy(), areas[f"{name}_known"].to_numpy(), target_share
            )
            for name in indicators
        }
    )


def gap(need: np.ndarray, known: np.ndarray, target_share: float) -> np.ndarray:
    """Return the least number of households to serve so that ``target_share`` of the known ones are served.

    Examples
    --------
    >>> gap(np.array([30, 5, 0]), np.array([100, 100, 10]), 0.9)
    array([20,  0,  0])
    """
    # a hair of tolerance: 0.9 * 100 must not become 90.00000000000001 households
    wanted = np.ceil(target_share * known - 1e-9)
    return np.asarray(np.maximum(wanted - (known - need), 0), dtype="int64")


def finishing_order(desa: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return the desa with a gap, the one that is finished with the fewest households first.

    Needs columns: ``kode_desa``, ``nama_desa``, ``nama_kecamatan``, ``<indicator>_gap``, ``<indicator>_enough``.
    """
    open_gap = desa[(desa[f"{indicator}_gap"] > 0) & desa[f"{indicator}_enough"]]
    columns = ["kode_desa", "nama_desa", "nama_kecamatan", f"{indicator}_gap"]
    return pd.DataFrame(open_gap[columns].sort_values([f"{indicator}_gap", "kode_desa"], ignore_index=True))

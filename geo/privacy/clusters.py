"""Hot spots and circles for everybody: where and how surely, without a figure that could be worked back from."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

STEPS = np.array([0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 1.0])
"""What a p- or q-value is told to be at most: to its last digit it could be tried out which counts give it."""


def without_values(hot_spots: pd.DataFrame, desa: pd.DataFrame) -> pd.DataFrame:
    """Keep what is hot and how surely: from the values of all desa and their sums a rate could be worked out."""
    kept = ["kode_desa", "indicator", "gi_class", "gi_q", "moran_class", "stays", "untested"]
    told = hot_spots[[name for name in kept if name in hot_spots]]
    told = told[~_withheld(told, desa)].reset_index(drop=True)
    return told.assign(gi_q=at_most(told["gi_q"])) if "gi_q" in told else told


def without_counts(
    scans: gpd.GeoDataFrame, desa: pd.DataFrame, totals: Mapping[str, np.ndarray]
) -> gpd.GeoDataFrame:
    """Keep circles of desa of which none is withheld, without their counts.

    How much more frequent the need is inside is worked out from the shown desa and the published ``totals``.
    """
    told = scans[(scans["base"] == "desa").to_numpy(bool)]
    members = told.assign(kode_desa=told["members"].str.split())[["kode_desa", "indicator"]].explode(
        "kode_desa"
    )
    hidden = _withheld(members, desa).groupby(level=0).any()
    told = told[~hidden.reindex(told.index, fill_value=False).to_numpy(bool)]
    risks = [
        _risk(codes, desa, indicator, totals)
        for codes, indicator in zip(told["members"].str.split(), told["indicator"], strict=True)
    ]
    told = told.assign(relative_risk=np.array(risks, dtype=float), p_value=at_most(told["p_value"]))
    gone = ["observed", "expected", "households", "llr", "p_gumbel"]
    return told.drop(columns=gone, errors="ignore").reset_index(drop=True)


def at_most(values: pd.Series) -> pd.Series:
    """Return the least of the steps that each value does not pass.

    Examples
    --------
    >>> at_most(pd.Series([0.00013, 0.05, 0.61, np.nan])).tolist()
    [0.001, 0.05, 1.0, nan]
    """
    found = values.to_numpy(float, na_value=np.nan)
    steps = STEPS[np.searchsorted(STEPS, np.minimum(np.nan_to_num(found), 1.0))]
    return pd.Series(np.where(np.isnan(found), np.nan, steps), index=values.index)


def _risk(
    codes: Sequence[str], desa: pd.DataFrame, indicator: str, totals: Mapping[str, np.ndarray]
) -> float:
    inside = desa["kode_desa"].isin(codes)
    need, known = (float(desa.loc[inside, f"{indicator}_{part}"].sum()) for part in ("need", "known"))
    whole = totals.get(indicator)
    if whole is None or not known:
        return np.nan
    outside, rest = whole[0] + whole[1] - known, whole[0] - need
    return float("inf") if rest <= 0 or outside <= 0 else (need / known) / (rest / outside)


def _withheld(rows: pd.DataFrame, desa: pd.DataFrame) -> pd.Series:
    """Mark the rows of a desa and an indicator whose figures are withheld."""
    columns = {name: f"{name}_suppressed" for name in rows["indicator"].unique()}
    hidden = {
        (kode, name)
        for name, column in columns.items()
        for kode in desa.loc[desa[column].to_numpy(bool) if column in desa else slice(None), "kode_desa"]
    }
    pairs = zip(rows["kode_desa"], rows["indicator"], strict=True)
    return pd.Series([pair in hidden for pair in pairs], index=rows.index, dtype=bool)

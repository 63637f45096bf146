"""Hot spots and circles for everybody: where and how surely, without a figure that could be worked back from."""

import geopandas as gpd
import pandas as pd


def without_values(hot_spots: pd.DataFrame, desa: pd.DataFrame) -> pd.DataFrame:
    """Keep what is hot and how surely: from the values of all desa and their sums a rate could be worked out."""
    kept = ["kode_desa", "indicator", "gi_class", "gi_q", "moran_class", "moran_q", "stays", "untested"]
    told = hot_spots[[name for name in kept if name in hot_spots]]
    return told[~_withheld(told, desa)].reset_index(drop=True)


def without_counts(scans: gpd.GeoDataFrame, desa: pd.DataFrame) -> gpd.GeoDataFrame:
    """Keep circles of desa of which none is withheld, without their counts."""
    told = scans[(scans["base"] == "desa").to_numpy(bool)]
    if len(told):
        members = told.assign(kode_desa=told["members"].str.split())[["kode_desa", "indicator"]].explode(
            "kode_desa"
        )
        hidden = _withheld(members, desa).groupby(level=0).any()
        told = told[~hidden.reindex(told.index).to_numpy(bool)]
    told = told.assign(relative_risk=told["relative_risk"].round(1))
    return told.drop(columns=["observed", "expected", "households", "llr"]).reset_index(drop=True)


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

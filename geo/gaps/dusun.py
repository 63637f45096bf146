"""The gap of each dusun: where in a desa to begin."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.gaps.target import Targets, add_gaps
from geo.gazetteer.dusun_names import dusun_keys, dusun_titles

PLACE = ["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan"]


def dusun_gaps(
    households: gpd.GeoDataFrame, indicators: Sequence[str], targets: Targets, minimum_known: int
) -> pd.DataFrame:
    """Count the households of each dusun, and what is left there before the target is reached.

    Spellings of one name are one dusun of their desa; it bears the one that is written most. The rows of a desa add up
    to the desa (all but the gaps: see :func:`geo.gaps.add_gaps`); households that name no dusun are a row of their own.

    Needs columns: ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``, ``dusun``,
    ``need_<indicator>``, geometry.

    Parameters
    ----------
    households
        Those that count; without a desa they stand in no row.
    indicators, targets
        As for :func:`geo.gaps.add_gaps`.
    minimum_known
        Fewer known households than this are too few for a rate.

    Returns
    -------
    pandas.DataFrame
        One row a dusun, in the order of ``kode_desa`` and ``dusun``, the empty one last: place, ``dusun``,
        ``households``, ``located``, then for each indicator ``_known``, ``_need``, ``_unknown``, ``_enough`` and the
        columns of :func:`geo.gaps.add_gaps`.
    """
    asked = [*PLACE, "dusun", *(f"need_{name}" for name in indicators), households.geometry.name]
    placed = households[asked][households["kode_desa"].notna()]
    written, distinct = pd.factorize(placed["dusun"])
    keys = pd.factorize(np.array(["", *dusun_keys(distinct)], dtype=object))[0][written + 1]
    titles = np.where(keys > 0, np.array(["", *dusun_titles(distinct)], dtype=object)[written + 1], "")
    desa, codes = pd.factorize(placed["kode_desa"], sort=True)
    # numbers group many times faster than texts
    dusun = desa * (len(distinct) + 1) + keys
    rows = pd.DataFrame({"households": 1, "located": placed.geometry.notna().to_numpy()})
    counts = rows.assign(**_answers(placed, indicators)).groupby(dusun).sum().astype("int64")
    counts = counts.assign(
        **{f"{name}_enough": counts[f"{name}_known"] >= minimum_known for name in indicators}
    )
    counts.insert(0, "dusun", _most_written(dusun, titles))
    counts.insert(0, "kode_desa", codes[counts.index // (len(distinct) + 1)])
    table = placed[PLACE].drop_duplicates("kode_desa").merge(counts, on="kode_desa")
    table = add_gaps(pd.DataFrame(table.astype(dict.fromkeys([*PLACE, "dusun"], "str"))), indicators, targets)
    order = np.lexsort((table["dusun"], table["dusun"] == "", table["kode_desa"]))
    return table.iloc[order].reset_index(drop=True)


def _answers(households: pd.DataFrame, indicators: Sequence[str]) -> dict[str, np.ndarray]:
    answers: dict[str, np.ndarray] = {}
    for name in indicators:
        need = households[f"need_{name}"]
        answers |= {
            f"{name}_known": need.notna().to_numpy(),
            f"{name}_need": need.fillna(value=False).to_numpy(dtype=bool),
            f"{name}_unknown": need.isna().to_numpy(),
        }
    return answers


def _most_written(dusun: np.ndarray, titles: np.ndarray) -> np.ndarray:
    """Return the title that most households of each dusun bear, of equals the first by alphabet; by number of dusun."""
    words, distinct = pd.factorize(titles, sort=True)
    counts = pd.Series(1, index=words).groupby([dusun, words]).sum()
    first = (
        counts.sort_values(ascending=False, kind="stable").index.to_frame().drop_duplicates(0).sort_index()
    )
    return np.asarray(distinct[first[1]])

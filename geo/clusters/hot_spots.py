"""Hot spots of desa: where need is higher, or lower, in the midst of its neighbours than chance explains."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.clusters.local_statistics import gi_star, local_moran
from geo.clusters.neighbourhood import count_p
from geo.clusters.permutation import at_the_mean, tails, two_sided
from geo.clusters.significance import adjusted
from geo.clusters.standardised import standardised_rates
from geo.neighbours import Neighbours
from geo.settings import HotSpotSettings

HOT, COLD = "panas", "dingin"

TOO_FEW = "terlalu sedikit rumah tangga yang datanya diketahui"
ISLAND = "tidak punya desa tetangga (aturan: {title})"
ALONE = "data semua desa tetangganya terlalu sedikit"
EVERYBODY = "semua desa lain yang diuji adalah tetangganya"
ALIKE = "angka semua desa sama"

Values = NDArray[np.float64]

COLUMNS = {
    "kode_desa": "str", "indicator": "str", "value": "float64", "neighbours": "int64",
    "count_p": "float64", "gi_z": "float64", "gi_p": "float64", "gi_q": "float64", "gi_class": "str",
    "moran_i": "float64", "moran_p": "float64", "moran_q": "float64", "moran_class": "str",
    "stays": "str", "untested": "str",
}  # fmt: skip
"""Columns of the table of hot spots, in order."""


def find_hot_spots(
    desa: pd.DataFrame,
    indicators: Sequence[str],
    neighbours: Neighbours,
    others: Sequence[Neighbours],
    settings: HotSpotSettings,
    seed: int,
) -> pd.DataFrame:
    """Test each desa for being a hot or cold spot of each indicator.

    Only desa with enough known households are tested (``<indicator>_enough``); the others are left out together
    with their links. Tested are standardised rates, see :func:`geo.clusters.standardised.standardised_rates`. P-values
    are two-sided, by conditional permutation; q-values hold the false discovery rate over the tested desa of one
    indicator, of the larger of that p and the one that dealing need out among the households gives
    (:func:`geo.clusters.neighbourhood.count_p`): what is called hot is rare in both ways. Gi* and local Moran permute
    the same neighbours and so share their p-value; they differ in what they say: Gi* whether the surroundings are high
    or low, local Moran also whether the desa is like them.

    Needs columns: ``kode_desa``, ``<indicator>_known``, ``_need``, ``_enough``.

    Parameters
    ----------
    desa, neighbours, others
        In one and the same order; ``others`` are the rules that a hot spot is tried under.
    indicators
        Ids; none that is sensitive.
    settings, seed
        Permutations, rate and correction; the seed of the random numbers.

    Returns
    -------
    pandas.DataFrame
        One row a desa and indicator, in the order of both: ``kode_desa``, ``indicator``, ``value`` (what was
        tested), ``neighbours`` (the tested among them), ``count_p``, ``gi_z``, ``gi_p``, ``gi_q``, ``gi_class``
        ("panas", "dingin", ""), ``moran_i``, ``moran_p``, ``moran_q``, ``moran_class`` ("tinggi-tinggi",
        "rendah-rendah", "tinggi-rendah"
        for a high desa among low ones, "rendah-tinggi", ""), ``stays`` (titles of the other rules under which
        ``gi_class`` is the same), ``untested`` (why not).
    """
    tables = []
    for indicator in indicators:
        enough = desa[f"{indicator}_enough"].to_numpy(dtype=bool)
        need, known = (desa[f"{indicator}_{of}"].to_numpy(dtype="int64")[enough] for of in ("need", "known"))
        tests = _Tests(enough, need, known, standardised_rates(need, known), settings, seed)
        table = _tested(tests, neighbours)
        table["stays"] = _stays(table["gi_class"], tests, others)
        tables.append(table.assign(kode_desa=desa["kode_desa"].to_numpy(), indicator=indicator))
    found = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
    return found[list(COLUMNS)].astype(COLUMNS)


@dataclass(frozen=True)
class _Tests:
    """The desa with enough known households (``enough`` marks them among all), and what is tested of these."""

    enough: NDArray[np.bool_]
    need: NDArray[np.int64]
    known: NDArray[np.int64]
    rates: Values
    settings: HotSpotSettings
    seed: int


def _tested(tests: _Tests, neighbours: Neighbours) -> pd.DataFrame:
    """Test under a rule; one row each desa, tested or not."""
    rows, values, settings = np.flatnonzero(tests.enough), tests.rates, tests.settings
    links = neighbours.matrix[rows][:, rows]
    z, i = gi_star(values, links), local_moran(values, links)
    count = np.diff(links.indptr)
    can = (count > 0) & np.isfinite(z)
    at_least, at_most = tails(values, links, settings.permutations, tests.seed)
    p = np.where(can, two_sided(at_least, at_most, settings.permutations), np.nan)
    moran_p = np.where(can & at_the_mean(values), 1.0, p)
    by_count = np.where(can, count_p(tests.need, tests.known, links), np.nan)
    guarded, moran_guarded = np.maximum(p, by_count), np.maximum(moran_p, by_count)
    q, moran_q = adjusted(guarded), adjusted(moran_guarded)
    rate, by_q = settings.false_discovery_rate, settings.correction == "fdr"
    above, own = at_least < at_most, values > values.mean() if len(values) else values > 0
    hot = (q if by_q else guarded) <= rate
    like = (moran_q if by_q else moran_guarded) <= rate
    table = pd.DataFrame(
        {
            "value": values, "neighbours": count, "count_p": by_count,
            "gi_z": np.where(can, z, np.nan), "gi_p": p, "gi_q": q,
            "gi_class": np.select([hot & above & (z > 0), hot & ~above & (z < 0)], [HOT, COLD], ""),
            "moran_i": np.where(can, i, np.nan), "moran_p": moran_p, "moran_q": moran_q,
            "moran_class": np.select(
                [like & own & above, like & ~own & ~above, like & own & ~above, like & ~own & above],
                ["tinggi-tinggi", "rendah-rendah", "tinggi-rendah", "rendah-tinggi"], "",
            ),
        },
        index=rows,
    ).reindex(range(len(tests.enough)))  # fmt: skip
    table["neighbours"] = neighbours.matrix @ tests.enough.astype("int64")
    table[["gi_class", "moran_class"]] = table[["gi_class", "moran_class"]].fillna("")
    alike = at_the_mean(values).all()
    table["untested"] = np.select(
        [~tests.enough, neighbours.islands, table["neighbours"] == 0, table["gi_z"].isna()],
        [TOO_FEW, ISLAND.format(title=neighbours.title), ALONE, ALIKE if alike else EVERYBODY],
        "",
    )
    return table


def _stays(found: pd.Series, tests: _Tests, others: Sequence[Neighbours]) -> list[str]:
    """Name the other rules under which each class of Gi* is found as well."""
    if not (found != "").any():
        return [""] * len(found)
    again = {rule.title: _tested(tests, rule)["gi_class"] == found for rule in others}
    return [
        ", ".join(title for title, same in again.items() if same.iloc[row]) if kind else ""
        for row, kind in enumerate(found)
    ]

"""What the usual analyst looks for clusters with: esda with its defaults, and DBSCAN; no part of the project."""

import warnings
from collections.abc import Mapping
from contextlib import redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from geo.evaluation.clusters import Finder, Finding, Trial
from geo.evaluation.clusters.trials import INDICATOR

ESDA_PERMUTATIONS, ESDA_LEVEL = 999, 0.05
"""What esda does when it is not told otherwise, and how it is read: p_sim < 0.05, no correction."""

HIGH_HIGH = 1


def available() -> tuple[list[Finder], list[str]]:
    """Return the peers that are installed, and the names of those that are not."""
    wanted: dict[str, tuple[Finder, tuple[str, ...]]] = {
        "esda": (esda, ("esda", "libpysal")),
        "scikit-learn": (dbscan, ("sklearn",)),
    }
    here = {name: all(find_spec(module) for module in needs) for name, (_, needs) in wanted.items()}
    return [wanted[name][0] for name, is_here in here.items() if is_here], [
        name for name, is_here in here.items() if not is_here
    ]


def esda(trial: Trial) -> Mapping[str, Finding]:
    """Ask esda for Gi* and local Moran of the raw rates, of desa with enough known households."""
    if not trial.scenario.by_desa:
        return {}
    enough = trial.desa[f"{INDICATOR}_enough"].to_numpy(dtype=bool)
    rows = np.flatnonzero(enough)
    rates = trial.desa[f"{INDICATOR}_rate"].to_numpy(dtype=float)[rows]
    links = weights(trial.world.neighbours.matrix[rows][:, rows])
    tests = import_module("esda")
    # libpysal prints which areas have no neighbour, each time
    with warnings.catch_warnings(), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")
        gi = tests.G_Local(rates, links, star=True, permutations=ESDA_PERMUTATIONS, n_jobs=1, seed=trial.seed)
        moran = tests.Moran_Local(rates, links, permutations=ESDA_PERMUTATIONS, n_jobs=1, seed=trial.seed)
    found, like = gi.p_sim < ESDA_LEVEL, moran.p_sim < ESDA_LEVEL

    def whole(marks: np.ndarray) -> np.ndarray:
        placed = np.zeros(len(enough), dtype=bool)
        placed[rows] = marks
        return placed

    return {
        "esda Gi*": Finding(whole(found & (gi.Zs > 0)), lower=bool((found & (gi.Zs < 0)).any())),
        "esda Moran": Finding(whole(like & (moran.q == HIGH_HIGH)), lower=bool(like.any())),
    }


def weights(matrix: csr_array) -> Any:  # noqa: ANN401  -- libpysal.weights.W; the module may be missing
    """Return neighbours as libpysal knows them, every weight 1."""
    lists = np.split(matrix.indices, matrix.indptr[1:-1])
    neighbours = {row: near.tolist() for row, near in enumerate(lists)}
    return import_module("libpysal.weights").W(neighbours, silence_warnings=True)


def dbscan(trial: Trial) -> Mapping[str, Finding]:
    """Ask DBSCAN for clusters of the houses in need, with the distance and the number of the settings of kantong."""
    metres = trial.households.geometry.to_crs(trial.world.ground.crs)
    points = np.column_stack([metres.x, metres.y])
    needy = np.flatnonzero(trial.need)
    chosen = trial.settings.clusters
    labels = (
        import_module("sklearn.cluster")
        .DBSCAN(eps=chosen.distance_m, min_samples=chosen.minimum_households)
        .fit_predict(points[needy])
    )
    houses = np.zeros(len(points), dtype=bool)
    houses[needy[labels >= 0]] = True
    return {"DBSCAN": Finding.of_houses(trial, houses, int(labels.max(initial=-1)) + 1)}

"""How often, how much: the tables of the trials, and whether the goals are met."""

from collections.abc import Sequence

import pandas as pd
from scipy.stats import binomtest

from geo.evaluation.clusters.finders import KANTONG, TESTS

GOAL = 0.05
"""Without clustering, at most this share of the runs finds anything higher."""

ALL = "all"
Rows = list[list[str]]


def share(found: pd.Series) -> str:
    """Write a share in percent with its 95 % interval (Clopper and Pearson).

    Examples
    --------
    >>> share(pd.Series([True] + [False] * 39))
    '2.5 (0.1-13.2)'
    """
    low, high = _interval(found, 0.95)
    return f"{found.mean() * 100:.1f} ({low * 100:.1f}-{high * 100:.1f})"


def _interval(found: pd.Series, level: float) -> tuple[float, float]:
    interval = binomtest(int(found.sum()), len(found)).proportion_ci(level, method="exact")
    return float(interval.low), float(interval.high)


def null_table(rows: pd.DataFrame, what: str, groups: Sequence[str]) -> Rows:
    """Return the share of runs without clustering in which each method finds something.

    Parameters
    ----------
    rows
        As of :func:`geo.evaluation.clusters.trials.run_trials`, with ``ground``.
    what
        ``hot``: something higher; ``any``: or lower.
    groups
        Of scenarios; each with a row of all.
    """
    chosen = rows[rows["group"].isin(groups)]
    methods = list(dict.fromkeys(chosen["method"]))
    table = [["", "runs", *methods]]
    for (ground, group), part in chosen.groupby(["ground", "group"], sort=False):
        for name, some in [*part.groupby("scenario", sort=False), (ALL, part)]:
            by_method = dict(tuple(some.groupby("method")[what]))
            cells = [share(by_method[method]) if method in by_method else "" for method in methods]
            runs = len(some) // max(len(by_method), 1)
            table.append([f"{ground}, {group}, {name}", str(runs), *cells])
    return table


def found_table(rows: pd.DataFrame, group: str = "planted") -> Rows:
    """Return how often, and how exactly, each method finds what was planted."""
    unit = "houses" if group == "hamlet" else "desa"
    heads = [
        "",
        "method",
        "runs",
        "something planted found, %",
        "Jaccard, mean",
        f"{unit} beyond, mean a run",
    ]
    table = [[*heads, *["not even beside, mean"] * (unit == "desa")]]
    chosen = rows[rows["group"] == group]
    for (ground, name, method), some in chosen.groupby(["ground", "scenario", "method"], sort=False):
        figures = [f"{some['overlap'].mean():.2f}", f"{some['outside'].mean():.2f}"]
        figures += [f"{some['apart'].mean():.2f}"] * (unit == "desa")
        table.append([f"{ground}, {name}", str(method), str(len(some)), share(some["inside"]), *figures])
    return table


def apart_table(rows: pd.DataFrame) -> Rows:
    """Return the same of houses: a hamlet where need is more common."""
    return found_table(rows, "hamlet")


def stacked_table(rows: pd.DataFrame) -> Rows:
    """Return what is found where all households of a desa stand on one spot and need is not clustered."""
    table = [
        ["", "method", "runs", "runs with anything found, %", "clusters, in all runs", "most in one run"]
    ]
    for (ground, name, method), some in rows[rows["group"] == "stacked"].groupby(
        ["ground", "scenario", "method"], sort=False
    ):
        groups = some["groups"]
        table.append(
            [
                f"{ground}, {name}",
                str(method),
                str(len(some)),
                share(some["hot"]),
                str(groups.sum()),
                str(groups.max()),
            ]
        )
    return table


def missed_goals(rows: pd.DataFrame) -> list[str]:
    """Say where a test of ours finds too much without clustering, beyond Monte Carlo error, or a kantong is false.

    Many shares are looked at, so the error is that of all of them together (Bonferroni, 5 %).
    """
    null = rows[rows["group"].isin(["null", "houses", "stacked"]) & rows["method"].isin(TESTS)]
    keys = ["ground", "group", "scenario", "method"]
    cells = list(null.groupby(keys)["hot"]) + list(null.groupby(["ground", "group", "method"])["hot"])
    missed = []
    for name, found in cells:
        low, _ = _interval(found, 1 - 0.05 / len(cells))
        if low > GOAL:
            missed.append(
                f"{', '.join(map(str, name))}: {share(found)} % of the runs, goal at most {GOAL:.0%}"
            )
    false = rows[(rows["group"] == "stacked") & (rows["method"] == KANTONG) & (rows["groups"] > 0)]
    missed += [f"{name}: kantong of stacked households" for name in dict.fromkeys(false["ground"])]
    return missed

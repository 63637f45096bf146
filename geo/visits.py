"""Team-days: who goes where, in what order."""

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS


def plan_visits(
    priorities: pd.DataFrame,
    households: gpd.GeoDataFrame,
    measuring: CRS,
    *,
    teams: int,
    days: int,
    households_a_day: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Share the households out over teams and days, a desa at a time, and order each day's way.

    Needs columns: of the priorities ``rank``, ``sheet_row``, ``kode_desa``, ``nama_desa``; of the households
    ``sheet_row``, geometry.

    Returns
    -------
    plan
        ``day``, ``team``, ``order`` (each from 1), ``sheet_row``, ``rank``, ``kode_desa``, ``nama_desa``,
        ``has_position``. Within a day every desa is walked from its northernmost house, always to the nearest
        house not yet seen; houses without a position come last in their desa.
    left_out
        ``sheet_row``, ``rank``, ``reason``: what the team-days do not reach.

    Notes
    -----
    The best-ranked households that fit are taken; they are then grouped by desa, and desa follow one another in
    the order of their codes, so that neighbours by list share a team-day. Straight lines, no roads.
    """
    room = teams * days * households_a_day
    chosen, rest = priorities.iloc[:room], priorities.iloc[room:]
    points = households.set_index("sheet_row").geometry.reindex(chosen["sheet_row"]).to_crs(measuring)
    walk = chosen.assign(x=points.x.to_numpy(), y=points.y.to_numpy()).sort_values(["kode_desa", "rank"])
    walk = pd.concat([_nearest_next(part) for _, part in walk.groupby("kode_desa", dropna=False)] or [walk])
    number = np.arange(len(walk)) // households_a_day
    plan = walk.assign(
        day=number // teams + 1,
        team=number % teams + 1,
        order=np.arange(len(walk)) % households_a_day + 1,
        has_position=walk["x"].notna(),
    )
    columns = ["day", "team", "order", "sheet_row", "rank", "kode_desa", "nama_desa", "has_position"]
    left_out = rest[["sheet_row", "rank"]].assign(reason="tidak terjangkau oleh regu dan hari yang ada")
    return plan[columns].reset_index(drop=True), left_out.reset_index(drop=True)


def _nearest_next(desa: pd.DataFrame) -> pd.DataFrame:
    """Order the houses of one desa: from the northernmost always to the nearest, those without a point last."""
    located = desa[desa["x"].notna()]
    if located.empty:
        return desa
    spots = located[["x", "y"]].to_numpy()
    left = np.ones(len(spots), dtype=bool)
    here = int(np.argmax(spots[:, 1]))
    order = []
    while True:
        order.append(here)
        left[here] = False
        if not left.any():
            break
        away = np.where(left, np.hypot(*(spots - spots[here]).T), np.inf)
        here = int(np.argmin(away))
    return pd.concat([located.iloc[order], desa[desa["x"].isna()]])

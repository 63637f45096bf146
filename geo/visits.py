"""Team-days: who goes where, in what order."""

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.crs import to_metres


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
    ``sheet_row``, geometry; of use ``reference_lon``, ``reference_lat`` (degrees, WGS 84): where a dusun lies.

    Returns
    -------
    plan
        ``day``, ``team``, ``order`` (each from 1), ``sheet_row``, ``rank``, ``kode_desa``, ``nama_desa``,
        ``has_position`` (of its own). Within a day every desa is walked from its northernmost house, always to
        the nearest house not yet seen; a house without a position of its own is looked for when its dusun is
        passed, and comes last in its desa when that is not known either.
    left_out
        ``sheet_row``, ``rank``, ``reason``: what the team-days do not reach.

    Notes
    -----
    The best-ranked households that fit are taken; they are then grouped by desa, and desa follow one another in
    the order of their codes, so that neighbours by list share a team-day. Straight lines, no roads.
    """
    room = teams * days * households_a_day
    chosen, rest = priorities.iloc[:room], priorities.iloc[room:]
    x, y, own = _whereabouts(households.set_index("sheet_row").reindex(chosen["sheet_row"]), measuring)
    walk = chosen.assign(x=x, y=y, has_position=own).sort_values(["kode_desa", "rank"])
    walk = pd.concat([_nearest_next(part) for _, part in walk.groupby("kode_desa", dropna=False)] or [walk])
    number = np.arange(len(walk)) // households_a_day
    plan = walk.assign(
        day=number // teams + 1,
        team=number % teams + 1,
        order=np.arange(len(walk)) % households_a_day + 1,
    )
    columns = ["day", "team", "order", "sheet_row", "rank", "kode_desa", "nama_desa", "has_position"]
    left_out = rest[["sheet_row", "rank"]].assign(reason="tidak terjangkau oleh regu dan hari yang ada")
    return plan[columns].reset_index(drop=True), left_out.reset_index(drop=True)


def _whereabouts(households: gpd.GeoDataFrame, measuring: CRS) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return metres east and north of each house, else of its dusun, else missing; and which are its own."""
    points = households.geometry.to_crs(measuring)
    own = points.notna().to_numpy(bool)
    x, y = points.x.to_numpy(float).copy(), points.y.to_numpy(float).copy()
    if "reference_lon" in households:
        known = ~own & households["reference_lon"].notna().to_numpy(bool)
        dusun = households.loc[known, ["reference_lon", "reference_lat"]].to_numpy(float)
        x[known], y[known] = to_metres(dusun[:, 0], dusun[:, 1], measuring)
    return x, y, own


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

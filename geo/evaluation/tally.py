"""What became of every row, and whether that is right: outcomes, tables and goals."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import to_metres
from geo.evaluation.ground import Ground
from geo.evaluation.judge import OPEN, RESOLVABLE, UNSURE

RIGHT, WRONG, QUEUED, REJECTED, UNPLACED = OUTCOMES = ("right", "wrong", "queued", "rejected", "unplaced")
"""Assigned without a human to the true desa or to another; in the review queue; a reject; neither."""

GOAL_RIGHT, GOAL_ASSIGNED = 99.8, 97.0
NEAR_M = 50.0
"""A point of its own this near to the house is right; further when the writing is coarser."""

MIX, WHOLE = "mix", "all"
_OWN = ("gps", "gps_border")


def outcomes(
    draft: pd.DataFrame, sheet_row: np.ndarray, placed: gpd.GeoDataFrame, ground: Ground
) -> pd.DataFrame:
    """Compare what came back with what is true.

    Parameters
    ----------
    draft
        As written; ``class`` is the verdict of the judge.
    sheet_row
        The number of each of its rows in the sheet.
    placed
        Households after geocoding; a row of the sheet that is not there was rejected.

    Returns
    -------
    pandas.DataFrame
        The draft's rows with ``outcome``; ``point_outcome`` (``kept``, ``wrong``, ``lost``, or empty where no own
        point was to be had and none was given); and what was said: ``got_kode``, ``got_quality``, ``got_method``,
        ``got_score``, ``got_note``, ``got_lon``, ``got_lat``, ``got_rt``, ``got_rw``, ``got_dusun``.
    """
    back = pd.DataFrame(placed.drop(columns="geometry")).assign(
        got_lon=placed.geometry.x.to_numpy(), got_lat=placed.geometry.y.to_numpy()
    )
    if "review_item" not in back:
        back["review_item"] = ""
    names = {
        "kode_desa": "got_kode", "location_quality": "got_quality", "location_method": "got_method",
        "location_score": "got_score", "location_note": "got_note", "rt": "got_rt", "rw": "got_rw",
        "dusun": "got_dusun", "review_item": "got_item",
    }  # fmt: skip
    back = back.set_index("sheet_row").rename(columns=names)[[*names.values(), "got_lon", "got_lat"]]
    rows = draft.reset_index(drop=True).assign(sheet_row=sheet_row).join(back, on="sheet_row")
    rejected = ~np.isin(sheet_row, back.index)
    kode = rows["got_kode"].to_numpy(object)
    assigned = ~pd.isna(kode)
    queued = (rows["got_item"].fillna("") != "").to_numpy() | (
        rows["got_quality"] == "gps_conflict"
    ).to_numpy()
    truth = np.where(rows["place"] >= 0, ground.names(rows["place"].to_numpy(), "kode_desa"), "")
    outcome = np.select(
        [rejected, queued, assigned & (kode == truth), assigned],
        [REJECTED, QUEUED, RIGHT, WRONG],
        default=UNPLACED,
    )
    return rows.assign(outcome=outcome, true_kode=truth, point_outcome=_points(rows, ground))


def _points(rows: pd.DataFrame, ground: Ground) -> np.ndarray:
    """Say whether an own point is where the house is."""
    own = rows["got_quality"].isin(_OWN).to_numpy()
    x, y = to_metres(rows["lon"], rows["lat"], ground.crs)
    got_x, got_y = to_metres(rows["got_lon"].fillna(0), rows["got_lat"].fillna(0), ground.crs)
    near = np.hypot(x - got_x, y - got_y) <= np.maximum(NEAR_M, rows["unit_m"])
    due = (
        rows["point"].isin(["exact", "context"])
        & (rows["off_m"] <= ground.tolerance_m)
        & (rows["class"] == RESOLVABLE)
    )
    return np.select(
        [own & (~near | rows["elsewhere"].to_numpy(bool)), own, due], ["wrong", "kept", "lost"], default=""
    )


def intake_outcomes(rows: pd.DataFrame) -> np.ndarray:
    """Judge RT, RW and dusun in place of the desa: ``right``, ``wrong``, or ``unplaced`` when nothing was read."""
    right, missing = np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for name in ("rt", "rw"):
        got = pd.to_numeric(rows[f"got_{name}"].astype("object"), errors="coerce")
        missing |= got.isna().to_numpy()
        right &= (got == rows[f"true_{name}"]).to_numpy()
    got = (
        rows["got_dusun"]
        .fillna("")
        .astype(str)
        .str.lower()
        .str.replace(r"^(dusun|dukuh|dsn|dk)\b\.?\s*", "", regex=True)
    )
    missing |= (got == "").to_numpy()
    right &= (got.str.strip() == rows["true_dusun"].str.lower()).to_numpy()
    return np.select(
        [(rows["outcome"] == REJECTED).to_numpy(), right, missing], [REJECTED, RIGHT, UNPLACED], default=WRONG
    )


def kind_table(rows: pd.DataFrame, grounds: Sequence[str]) -> pd.DataFrame:
    """Count outcomes by kind (index) for every ground, the mix by strength and then whole at the end."""
    mixed = rows["kind"] == MIX
    labelled = pd.concat([
        rows[~mixed],
        rows[mixed].assign(kind=MIX + ", strength " + rows.loc[mixed, "strength"].astype(str)),
        rows[mixed],
    ])  # fmt: skip
    counts = pd.crosstab(labelled["kind"], [labelled["ground"], labelled["outcome"]])
    columns = pd.MultiIndex.from_product([grounds, OUTCOMES])
    return counts.reindex(index=labelled["kind"].unique(), columns=columns, fill_value=0)


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Say of each ground and strength of the mix what counts for the goals; one row each, ``all`` at the end.

    Returns
    -------
    pandas.DataFrame
        ``rows``; ``right_of_assigned`` and ``resolvable_assigned`` (per cent); ``unsure_assigned`` (rows that only a
        human should place); counts ``wrong``, ``resolvable``, ``open``, ``unsure``; and of the points ``kept``,
        ``wrong_points``, ``lost``.
    """
    mixed = rows[rows["kind"] == MIX]
    parts = [((ground, part), chosen)
             for ground, of_ground in mixed.groupby("ground", sort=False)
             for part, chosen in [*((f"strength {at}", some) for at, some in of_ground.groupby("strength")),
                                  (WHOLE, of_ground)]]  # fmt: skip
    names = pd.MultiIndex.from_tuples([name for name, _ in parts], names=["ground", "part"])
    return pd.DataFrame([_measures(chosen) for _, chosen in parts], index=names)


def _measures(part: pd.DataFrame) -> dict[str, float]:
    right, wrong = part["outcome"] == RIGHT, part["outcome"] == WRONG
    resolvable, unsure = part["class"] == RESOLVABLE, part["class"] == UNSURE
    return {
        "rows": len(part),
        "right_of_assigned": 100 * right.sum() / max(1, (right | wrong).sum()),
        "resolvable_assigned": 100 * (resolvable & (right | wrong)).sum() / max(1, resolvable.sum()),
        "unsure_assigned": int((unsure & (right | wrong)).sum()),
        "wrong": int(wrong.sum()),
        "resolvable": int(resolvable.sum()),
        "open": int((part["class"] == OPEN).sum()),
        "unsure": int(unsure.sum()),
        "kept": int((part["point_outcome"] == "kept").sum()),
        "wrong_points": int((part["point_outcome"] == "wrong").sum()),
        "lost": int((part["point_outcome"] == "lost").sum()),
    }


def missed_goals(figures: pd.DataFrame) -> list[str]:
    """Name the goals that the whole mix of a ground misses."""
    missed = []
    for ground, row in figures.xs(WHOLE, level="part").iterrows():
        right, assigned, unsure = (
            row[name] for name in ("right_of_assigned", "resolvable_assigned", "unsure_assigned")
        )
        if right < GOAL_RIGHT:
            missed.append(f"{ground}: {right:.2f} % of what is assigned is right, goal {GOAL_RIGHT} %")
        if assigned < GOAL_ASSIGNED:
            missed.append(f"{ground}: {assigned:.2f} % of the resolvable is assigned, goal {GOAL_ASSIGNED} %")
        if unsure:
            missed.append(f"{ground}: {unsure:.0f} ambiguous rows are assigned, goal 0")
    return missed

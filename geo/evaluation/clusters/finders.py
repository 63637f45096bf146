"""The methods of this project, asked as a run asks them."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from geo.clusters import find_hot_spots, find_kantong, scan_desa, scan_households
from geo.evaluation.clusters.trials import INDICATOR, Finder, Finding, Trial

GI, MORAN, CIRCLES, HOUSE_CIRCLES = "Gi*", "local Moran", "scan of desa", "scan of houses"
TESTS = (GI, MORAN, CIRCLES, HOUSE_CIRCLES)
"""The methods that say «significant»."""

KANTONG = "kantong"
"""Says where the needy live close together, and never that it is significant."""


def hot_spots(trial: Trial) -> Mapping[str, Finding]:
    """Ask Gi* and local Moran; the houses of the hamlet are none of their business."""
    if not trial.scenario.by_desa:
        return {}
    found = find_hot_spots(
        trial.desa, [INDICATOR], trial.world.neighbours, (), trial.settings.hot_spots, trial.seed
    )
    gi, moran = found["gi_class"].to_numpy(), found["moran_class"].to_numpy()
    return {
        GI: Finding(gi == "panas", lower=bool((gi == "dingin").any())),
        MORAN: Finding(moran == "tinggi-tinggi", lower=bool((moran != "").any())),
    }


def circles(trial: Trial) -> Mapping[str, Finding]:
    """Ask the scan of desa: every desa of a significant circle."""
    if not trial.scenario.by_desa:
        return {}
    found = scan_desa(trial.desa, [INDICATOR], trial.world.ground.crs, trial.settings.scan, trial.seed)
    kept = found[found["significant"].astype(bool)]
    inside = {kode for members in kept["members"] for kode in members.split()}
    return {CIRCLES: Finding(trial.desa["kode_desa"].isin(inside).to_numpy(), groups=len(kept))}


def house_circles(trial: Trial) -> Mapping[str, Finding]:
    """Ask the scan of houses: every house in a significant circle."""
    if trial.scenario.by_desa:
        return {}
    found = scan_households(
        trial.households, [INDICATOR], trial.world.ground.crs, trial.settings.scan, trial.seed
    )
    kept = found[found["significant"].astype(bool)]
    return {HOUSE_CIRCLES: Finding.of_houses(trial, _within(trial.households, kept), len(kept))}


def kantong(trial: Trial) -> Mapping[str, Finding]:
    """Ask for kantong, where they must not be: on households that share one spot a desa."""
    if trial.scenario.group != "stacked":
        return {}
    found, membership = find_kantong(
        trial.households, INDICATOR, trial.world.ground.crs, trial.settings.clusters
    )
    return {KANTONG: Finding.of_houses(trial, membership.notna().to_numpy(), len(found))}


def _within(households: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> np.ndarray:
    if areas.empty:
        return np.zeros(len(households), dtype=bool)
    whole = shapely.union_all(areas.to_crs(households.crs).geometry.to_numpy())
    shapely.prepare(whole)
    return np.asarray(shapely.intersects(whole, households.geometry.to_numpy()))


OURS: tuple[Finder, ...] = (hot_spots, circles, house_circles, kantong)

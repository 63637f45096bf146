"""Zones that are hidden, so that their sums leave open what is hidden of desa and kecamatan."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from geo.disclosure import Secrets, Sums, any_fixed, are_safe
from geo.suppression.areas import complete
from geo.suppression.counts import SMALLEST, Units, lacking, smallest, tells

_UNKNOWN = "tidak diketahui"
_OUTSIDE = "luar"


def hide_zones(
    zones: pd.DataFrame,
    known: Sums,
    units: Units,
    hidden_kecamatan: np.ndarray,
    hidden_zones: np.ndarray,
    *,
    everybody: bool,
) -> None:
    """Hide the zones whose sums would let a reader narrow a hidden count down to fewer than five."""
    if not units.hidden.any():
        return
    exact = ~(known.less.any(axis=1) | known.more.any(axis=1))
    for inside in known.units[exact & ~hidden_zones]:
        complete(units, inside)
    outer = np.append(hidden_kecamatan, True)[units.place]
    pool = np.where(outer, -1, units.place)[units.hidden]
    areas = [units.place == place for place in np.flatnonzero(hidden_kecamatan)]
    cells = units.cells[units.hidden]
    # what is left over is no secret unless it is small
    withheld = (units.secret.any(axis=1) | (np.arange(len(units.place)) < units.desa))[units.hidden]

    def safe(published: np.ndarray) -> bool:
        sums = Sums(known.units[published][:, units.hidden], known.less[published], known.more[published])
        secrets = _secrets(units, [*areas, *known.units[hidden_zones & exact]], everybody=everybody)
        return not any_fixed(pool, sums.units, withheld) and are_safe(cells, pool, sums, secrets)

    if safe(~hidden_zones):
        return
    published = np.zeros(len(zones), dtype=bool)
    # zones before what lies outside of them
    order = np.argsort(zones["zone"].isin([_OUTSIDE, _UNKNOWN]).to_numpy(), kind="stable")
    for zone in order[~hidden_zones[order]]:
        published[zone] = True
        if not safe(published):
            published[zone], hidden_zones[zone] = False, True


def _secrets(units: Units, areas: Sequence[np.ndarray], *, everybody: bool) -> Secrets:
    """Return what must stay open: the secret counts of hidden units, and those of hidden areas as sums of units."""
    hidden, counts = units.hidden, units.cells.shape[1]
    sizes = units.cells.sum(axis=1, keepdims=True) if counts > 1 else np.full_like(units.cells, np.inf)
    # nobody can be kept from knowing that there are no more than the district holds
    most = np.minimum(SMALLEST, units.cells.sum(axis=0))
    # of who is not told apart by desa no more is open than of the desa themselves
    goal = np.where(units.secret, np.minimum(most, sizes), units.cells)
    at, category = np.nonzero(units.secret[hidden])
    rows = [sparse.csr_array((np.ones(at.size), (np.arange(at.size), at)), shape=(at.size, hidden.sum()))]
    categories, targets = [category], [goal[hidden][at, category]]
    for area in areas:
        which = np.flatnonzero(tells(units.cells[area].sum(axis=0)[None], everybody=everybody)[0])
        told = units.cells[area & ~hidden].sum(axis=0)
        rows += [sparse.csr_array(area[hidden][None].astype(float))] * which.size
        categories.append(which)
        targets.append((np.minimum(most, goal[area].sum(axis=0)) - told)[which])
    return Secrets(sparse.vstack(rows).tocsr(), np.concatenate(categories), np.concatenate(targets))


def zone_sums(zones: pd.DataFrame, in_zones: np.ndarray, desa: pd.DataFrame, units: Units) -> Sums:
    """Return the desa of each zone, the closest that a reader comes to who was counted in it.

    Where that is not the number of households of the zone, the others may or may not be in need.
    """
    members = np.zeros((len(zones), len(units.place)), dtype=bool)
    for row, (layer, zone) in enumerate(zip(zones["layer"], zones["zone"], strict=True)):
        members[row] = zone == _UNKNOWN
        members[row, : len(desa)] = (desa[f"zone_{layer}"] == zone).to_numpy()
    true = members @ units.cells
    others = (in_zones.sum(axis=1) - true.sum(axis=1))[:, None]
    least, most = in_zones - np.maximum(others, 0), in_zones + np.maximum(-others, 0)
    return Sums(members, np.maximum(true - least, 0), np.maximum(most - true, 0))


def cut_layers(zones: pd.DataFrame, known: Sums) -> np.ndarray:
    """Return the rows of layers whose zones are no whole desa: what they hold cannot be told from the desa."""
    cut = known.less.any(axis=1) | known.more.any(axis=1)
    return np.asarray(zones["layer"].isin(zones["layer"][np.asarray(cut)]).to_numpy())


def whole_layers(zones: pd.DataFrame, hidden: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """Return the hidden rows, and of cut layers those that would give them away.

    Zones are told all or none: one of them, or two of which one is a few whole desa, is what the others leave of the
    district. What is unknown, if hidden alone, takes along what lies outside.
    """
    some, layer = hidden & cut & (zones["households"] > 0).to_numpy(), zones["layer"]
    unknown, outside = ((zones["zone"] == word).to_numpy() for word in (_UNKNOWN, _OUTSIDE))
    whole = layer.isin(layer[some & ~unknown]).to_numpy()
    with_unknown = layer.isin(layer[some & unknown]).to_numpy()
    return np.asarray(hidden | whole | (with_unknown & outside))


def hide_rest_of_layers(
    zones: pd.DataFrame, in_zones: np.ndarray, hidden_zones: np.ndarray, *, everybody: bool
) -> None:
    """Hide rows of a layer until its hidden ones, which are what the others leave of the district, hold five."""
    secret = tells(in_zones, everybody=everybody)
    households = zones[["households"]].to_numpy(float)
    for layer in zones["layer"].unique():
        of_layer = (zones["layer"] == layer).to_numpy() & (households[:, 0] > 0)
        for category in range(in_zones.shape[1]):
            pool = of_layer & hidden_zones
            if category in lacking(in_zones[pool], secret[pool]):
                hidden_zones[smallest(in_zones, category, of_layer & ~hidden_zones)] = True
        if (of_layer & hidden_zones).sum() == 1:
            hidden_zones[smallest(households, 0, of_layer & ~hidden_zones)] = True

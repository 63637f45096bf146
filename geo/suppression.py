"""Which figures of areas and zones are withheld, so that neither they nor a sum of others gives a few people away."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import sparse

from geo.disclosure import Secrets, Sums, any_fixed, are_safe

SMALLEST = 5
"""A published count is zero or at least this."""

HOUSEHOLDS = "households"
"""The measure that needs add up to; the others are indicators."""

_UNKNOWN = "tidak diketahui"
_OUTSIDE = "luar"


@dataclass(frozen=True)
class _Hidden:
    """Which figures of one measure are not published, one flag a row of each table."""

    desa: np.ndarray
    kecamatan: np.ndarray
    zones: np.ndarray


def suppress(
    tables: Mapping[str, gpd.GeoDataFrame],
    measures: Sequence[str],
    totals: Mapping[str, np.ndarray],
    sensitive: Collection[str] = (),
    parts: Mapping[str, np.ndarray] | None = None,
) -> dict[str, gpd.GeoDataFrame]:
    """Blank the figures that give fewer than five households away, and as many others as it takes.

    Parameters
    ----------
    tables
        ``desa``, ``kecamatan`` and ``zones`` of an assessment.
    measures
        Indicators; ``households`` first where their counts are withheld too.
    totals
        By measure what is published of the whole district: in need, not in need, unknown; of ``households`` how
        many there are. A measure without totals has no household outside the kecamatan.
    sensitive
        Measures of which it is withheld too that everybody known is in need: that tells it of each of them.

    parts
        By measure, for each row of the zones, the counts (as in ``totals``) of its households in desa that no zone of
        the layer holds whole: what is left of a zone when the desa inside it are taken away.

    Returns
    -------
    dict
        The tables with ``<measure>_suppressed`` and the figures of those rows missing.

    Notes
    -----
    A reader knows the sums of the desa of a kecamatan, of the kecamatan of the district, and of the zones of a layer
    (with what lies outside and what is unknown they are the district), and how many households a desa has. What all
    of these leave open must let every count that is withheld for itself be five or more (all households of the
    desa, where it has fewer). Zones that are no whole desa are published all or none, see :func:`_whole_layers`.
    Households whose desa, or whose kecamatan, is not known are what a sum leaves over: they count as one more desa
    that is never published.
    """
    shown = {name: table.copy() for name, table in tables.items()}
    hidden: _Hidden | None = None
    for measure in measures:
        part = (parts or {}).get(measure)
        found = _protect(tables, measure, totals.get(measure), hidden, part, everybody=measure in sensitive)
        for name, table in shown.items():
            _blank(table, measure, measures, getattr(found, name))
        # needs add up to households: where those are hidden, these must be
        hidden = found if measure == HOUSEHOLDS else hidden
    return shown


def tells(cells: np.ndarray, *, everybody: bool) -> np.ndarray:
    """Mark the counts that tell of few: some, but fewer than five; with ``everybody`` none that is not in need too.

    Examples
    --------
    >>> tells(np.array([[0, 9, 0], [9, 0, 0], [3, 9, 0]]), everybody=True).tolist()
    [[False, False, False], [False, True, False], [True, False, False]]
    """
    marked = (cells > 0) & (cells < SMALLEST)
    if everybody:
        marked[:, 1] |= (cells[:, 0] > 0) & (cells[:, 1] <= 0)
    return np.asarray(marked)


def _rows(marked: np.ndarray) -> np.ndarray:
    return np.asarray(marked.any(axis=1), dtype=bool)


def _cells(table: pd.DataFrame, measure: str) -> np.ndarray:
    if measure == HOUSEHOLDS:
        return table[["households"]].to_numpy(float)
    known, need, unknown = (
        table[f"{measure}_{part}"].to_numpy(float) for part in ("known", "need", "unknown")
    )
    return np.column_stack([need, known - need, unknown])


@dataclass(frozen=True)
class _Units:
    """The counts of the desa, of what each kecamatan leaves over, and of what the district leaves over.

    ``place`` is the row of the kecamatan, or one past the last for what the district leaves over; ``secret`` marks the
    counts to protect. Only desa can be published.
    """

    cells: np.ndarray
    place: np.ndarray
    secret: np.ndarray
    hidden: np.ndarray

    def partner(self, category: int, among: np.ndarray) -> np.ndarray:
        """Return the smallest published unit that holds some of a category, or none."""
        return _smallest(self.cells, category, among & ~self.hidden)


def _smallest(cells: np.ndarray, category: int, among: np.ndarray) -> np.ndarray:
    found = np.flatnonzero(among & (cells[:, category] > 0))
    return found[np.argsort(cells[found].sum(axis=1), kind="stable")][:1]


def _protect(
    tables: Mapping[str, gpd.GeoDataFrame],
    measure: str,
    total: np.ndarray | None,
    before: _Hidden | None,
    part: np.ndarray | None,
    *,
    everybody: bool,
) -> _Hidden:
    """Hide further figures until neither a kecamatan, the district nor a zone gives a hidden one away."""
    desa, kecamatan, zones = (tables[name] for name in ("desa", "kecamatan", "zones"))
    in_desa, in_kecamatan, in_zones = (_cells(table, measure) for table in (desa, kecamatan, zones))
    place = pd.Index(kecamatan["kode_kecamatan"]).get_indexer(desa["kode_kecamatan"])
    of_desa = np.zeros_like(in_kecamatan)
    np.add.at(of_desa, place, in_desa)
    nowhere = np.zeros(in_desa.shape[1]) if total is None else total - in_kecamatan.sum(axis=0)
    cells = np.vstack([in_desa, np.maximum(in_kecamatan - of_desa, 0), np.maximum(nowhere, 0)])
    secret = tells(cells, everybody=everybody)
    hidden = _rows(secret)
    # what is left over is never published; where nobody is, nothing is left
    hidden[len(desa) :] = cells[len(desa) :].sum(axis=1) > 0
    hidden_kecamatan = _rows(tells(in_kecamatan, everybody=everybody))
    hidden_zones = _rows(tells(in_zones, everybody=everybody))
    if part is not None:
        hidden_zones |= _rows(tells(part, everybody=everybody))
    if before is not None:
        hidden[: len(desa)] |= before.desa
        hidden_kecamatan |= before.kecamatan
        hidden_zones |= before.zones
    units = _Units(cells, np.concatenate([place, np.arange(len(kecamatan) + 1)]), secret, hidden)
    _hide_desa(units, hidden_kecamatan)
    _hide_kecamatan(units, in_kecamatan, hidden_kecamatan)
    known = _zone_sums(zones, in_zones, desa, units)
    cut = _cut_layers(zones, known)
    hidden_zones = _whole_layers(zones, hidden_zones, cut)
    _hide_zones(zones, known, len(desa), units, hidden_kecamatan, hidden_zones, everybody=everybody)
    hidden_zones = _whole_layers(zones, hidden_zones, cut)
    _hide_rest_of_layers(zones, in_zones, hidden_zones, everybody=everybody)
    return _Hidden(hidden[: len(desa)], hidden_kecamatan, hidden_zones)


def _lacking(cells: np.ndarray, secret: np.ndarray) -> np.ndarray:
    """Return the categories with a secret in a pool that holds fewer than five of them together."""
    return np.flatnonzero(secret.any(axis=0) & (cells.sum(axis=0) < SMALLEST))


def _hide_desa(units: _Units, hidden_kecamatan: np.ndarray) -> None:
    """Hide desa of each published kecamatan until the hidden ones hold five together of all that is secret."""
    sums, secrets = np.zeros((2, len(hidden_kecamatan) + 1, units.cells.shape[1]))
    np.add.at(sums, units.place[units.hidden], units.cells[units.hidden])
    np.add.at(secrets, units.place[units.hidden], units.secret[units.hidden])
    short = (sums < SMALLEST) & (secrets > 0)
    for place in np.flatnonzero(short[:-1].any(axis=1) & ~hidden_kecamatan):
        hidden_kecamatan[place] |= not _complete(units, units.place == place)


def _complete(units: _Units, inside: np.ndarray) -> bool:
    """Hide desa inside a published sum until the hidden ones hold five together; tell whether they do."""
    for category in range(units.cells.shape[1]):
        pool = inside & units.hidden
        if category in _lacking(units.cells[pool], units.secret[pool]):
            # a published count is none or five and more: one that holds some is enough
            partner = units.partner(category, inside)
            units.hidden[partner] = True
            if not partner.size:
                return False
    return True


def _hide_kecamatan(units: _Units, in_kecamatan: np.ndarray, hidden_kecamatan: np.ndarray) -> None:
    """Hide kecamatan, and desa in hidden ones, until what the district leaves of the others holds five as well."""
    while True:
        inside = np.append(hidden_kecamatan, True)[units.place]
        pool = inside & units.hidden
        lacking = _lacking(units.cells[pool], units.secret[pool])
        if not lacking.size:
            return
        partner = units.partner(int(lacking[0]), inside)
        if partner.size:
            units.hidden[partner] = True
            continue
        kecamatan = _smallest(in_kecamatan, int(lacking[0]), ~hidden_kecamatan)
        if not kecamatan.size:
            return
        hidden_kecamatan[kecamatan] = True


def _hide_zones(
    zones: pd.DataFrame,
    known: Sums,
    desa: int,
    units: _Units,
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
        _complete(units, inside)
    outer = np.append(hidden_kecamatan, True)[units.place]
    pool = np.where(outer, -1, units.place)[units.hidden]
    areas = [units.place == place for place in np.flatnonzero(hidden_kecamatan)]
    cells = units.cells[units.hidden]
    # what is left over is no secret unless it is small
    withheld = (units.secret.any(axis=1) | (np.arange(len(units.place)) < desa))[units.hidden]

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


def _secrets(units: _Units, areas: Sequence[np.ndarray], *, everybody: bool) -> Secrets:
    """Return what must stay open: the secret counts of hidden units, and those of hidden areas as sums of units."""
    hidden, counts = units.hidden, units.cells.shape[1]
    sizes = units.cells.sum(axis=1, keepdims=True) if counts > 1 else np.full_like(units.cells, np.inf)
    # of who is not told apart by desa no more is open than of the desa themselves
    goal = np.where(units.secret, np.minimum(SMALLEST, sizes), units.cells)
    at, category = np.nonzero(units.secret[hidden])
    rows = [sparse.csr_array((np.ones(at.size), (np.arange(at.size), at)), shape=(at.size, hidden.sum()))]
    categories, targets = [category], [goal[hidden][at, category]]
    for area in areas:
        which = np.flatnonzero(tells(units.cells[area].sum(axis=0)[None], everybody=everybody)[0])
        told = units.cells[area & ~hidden].sum(axis=0)
        rows += [sparse.csr_array(area[hidden][None].astype(float))] * which.size
        categories.append(which)
        targets.append((np.minimum(SMALLEST, goal[area].sum(axis=0)) - told)[which])
    return Secrets(sparse.vstack(rows).tocsr(), np.concatenate(categories), np.concatenate(targets))


def _zone_sums(zones: pd.DataFrame, in_zones: np.ndarray, desa: pd.DataFrame, units: _Units) -> Sums:
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


def _cut_layers(zones: pd.DataFrame, known: Sums) -> np.ndarray:
    """Return the rows of layers whose zones are no whole desa: what they hold cannot be told from the desa."""
    cut = known.less.any(axis=1) | known.more.any(axis=1)
    return np.asarray(zones["layer"].isin(zones["layer"][np.asarray(cut)]).to_numpy())


def _whole_layers(zones: pd.DataFrame, hidden: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """Return the hidden rows, and of cut layers those that would give them away.

    Zones are told all or none: one of them, or two of which one is a few whole desa, is what the others leave of the
    district. What is unknown, if hidden alone, takes along what lies outside.
    """
    some, layer = hidden & cut & (zones["households"] > 0).to_numpy(), zones["layer"]
    unknown, outside = ((zones["zone"] == word).to_numpy() for word in (_UNKNOWN, _OUTSIDE))
    whole = layer.isin(layer[some & ~unknown]).to_numpy()
    with_unknown = layer.isin(layer[some & unknown]).to_numpy()
    return np.asarray(hidden | whole | (with_unknown & outside))


def _hide_rest_of_layers(
    zones: pd.DataFrame, in_zones: np.ndarray, hidden_zones: np.ndarray, *, everybody: bool
) -> None:
    """Hide rows of a layer until its hidden ones, which are what the others leave of the district, hold five."""
    secret = tells(in_zones, everybody=everybody)
    households = zones[["households"]].to_numpy(float)
    for layer in zones["layer"].unique():
        of_layer = (zones["layer"] == layer).to_numpy() & (households[:, 0] > 0)
        for category in range(in_zones.shape[1]):
            pool = of_layer & hidden_zones
            if category in _lacking(in_zones[pool], secret[pool]):
                hidden_zones[_smallest(in_zones, category, of_layer & ~hidden_zones)] = True
        if (of_layer & hidden_zones).sum() == 1:
            hidden_zones[_smallest(households, 0, of_layer & ~hidden_zones)] = True


def figures_of(columns: Iterable[str], measure: str, measures: Collection[str]) -> list[str]:
    """Return the columns with a figure of a measure, and with none of another whose name goes on from it.

    Examples
    --------
    >>> figures_of(["a_need", "a_b_need", "a_enough"], "a", ["a", "a_b"])
    ['a_need', 'a_enough']
    """
    longer = tuple(f"{other}_" for other in measures if other.startswith(f"{measure}_"))
    return [name for name in columns if name.startswith(f"{measure}_") and not name.startswith(longer)]


def _blank(table: gpd.GeoDataFrame, measure: str, measures: Collection[str], hidden: np.ndarray) -> None:
    if measure == HOUSEHOLDS:
        figures = ["households", "located", "register_share"]
    else:
        figures = figures_of(table.columns, measure, measures)
    for column in table.columns.intersection(figures):
        if table[column].dtype == bool:
            table[column] &= ~hidden
        elif pd.api.types.is_integer_dtype(table[column]):
            table[column] = table[column].astype("Int64").mask(hidden)
        else:
            table[column] = table[column].mask(hidden)
    table[f"{measure}_suppressed"] = hidden

"""Which figures of areas and zones are withheld, so that neither they nor a sum of others gives a few people away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

SMALLEST = 5
"""A published count is zero or at least this."""

HOUSEHOLDS = "households"
"""The measure that needs add up to; the others are indicators."""

_UNKNOWN = "tidak diketahui"
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class _Hidden:
    """Which figures of one measure are not published, one flag a row of each table."""

    desa: np.ndarray
    kecamatan: np.ndarray
    zones: np.ndarray


def suppress(
    tables: Mapping[str, gpd.GeoDataFrame], measures: Sequence[str], totals: Mapping[str, np.ndarray]
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

    Returns
    -------
    dict
        The tables with ``<measure>_suppressed`` and the figures of those rows missing.

    Notes
    -----
    A reader knows the sums of the desa of a kecamatan, of the kecamatan of the district, and of the zones of a layer
    (with what lies outside and what is unknown they are the district). Households whose desa, or whose kecamatan,
    is not known are what such a sum leaves over: they count as one more desa that is never published.
    """
    shown = {name: table.copy() for name, table in tables.items()}
    hidden: _Hidden | None = None
    for measure in measures:
        found = _protect(tables, measure, totals.get(measure), hidden)
        for name, table in shown.items():
            _blank(table, measure, getattr(found, name))
        # needs add up to households: where those are hidden, these must be
        hidden = found if measure == HOUSEHOLDS else hidden
    return shown


def is_small(cells: np.ndarray) -> np.ndarray:
    """Tell for each row of counts whether one of them is of fewer than five households, but of some."""
    return np.asarray(((cells > 0) & (cells < SMALLEST)).any(axis=-1))


def _cells(table: pd.DataFrame, measure: str) -> np.ndarray:
    if measure == HOUSEHOLDS:
        return table[["households"]].to_numpy(float)
    known, need, unknown = (
        table[f"{measure}_{part}"].to_numpy(float) for part in ("known", "need", "unknown")
    )
    return np.column_stack([need, known - need, unknown])


def _protect(
    tables: Mapping[str, gpd.GeoDataFrame], measure: str, total: np.ndarray | None, before: _Hidden | None
) -> _Hidden:
    """Hide further figures until neither a kecamatan, the district nor a zone gives a hidden one away."""
    desa, kecamatan, zones = (tables[name] for name in ("desa", "kecamatan", "zones"))
    in_desa, in_kecamatan = _cells(desa, measure), _cells(kecamatan, measure)
    inside = kecamatan["kode_kecamatan"].to_numpy()[:, None] == desa["kode_kecamatan"].to_numpy()
    nowhere = np.zeros(in_desa.shape[1]) if total is None else total - in_kecamatan.sum(axis=0)
    left_over = np.vstack([in_kecamatan - inside @ in_desa, nowhere])
    # one more desa a kecamatan, for those whose desa is not known, and one more kecamatan for those without either
    inside = np.block([
        [inside, np.eye(len(kecamatan), dtype=bool), np.zeros((len(kecamatan), 1), bool)],
        [np.zeros((1, inside.shape[1] + len(kecamatan)), bool), np.ones((1, 1), bool)],
    ])  # fmt: skip
    size_desa, size_kecamatan = (
        np.concatenate([table["households"].to_numpy(float), rest.sum(axis=1)])
        for table, rest in ((desa, left_over), (kecamatan, left_over[-1:]))
    )
    hidden_desa = is_small(np.vstack([in_desa, left_over]))
    hidden_kecamatan = is_small(np.vstack([in_kecamatan, nowhere]))
    hidden_zones = is_small(_cells(zones, measure))
    if before is not None:
        hidden_desa[: len(desa)] |= before.desa
        hidden_kecamatan[: len(kecamatan)] |= before.kecamatan
        hidden_zones |= before.zones
    _hide_partners(inside, hidden_desa, hidden_kecamatan, size_desa, size_kecamatan, len(desa))
    _hide_zones(zones, desa, inside, hidden_desa, hidden_kecamatan, hidden_zones)
    return _Hidden(hidden_desa[: len(desa)], hidden_kecamatan[: len(kecamatan)], hidden_zones)


def _hide_partners(
    inside: np.ndarray,
    hidden_desa: np.ndarray,
    hidden_kecamatan: np.ndarray,
    size_desa: np.ndarray,
    size_kecamatan: np.ndarray,
    real: int,
) -> None:
    """Give each lone hidden desa and kecamatan a partner, so that its sum with the others tells nothing of it."""
    for place, members in enumerate(inside):
        if (members & hidden_desa).sum() == 1:
            partner = _smallest(size_desa, members & ~hidden_desa, real)
            hidden_desa[partner] = True
            hidden_kecamatan[place] |= not partner.size
    if hidden_kecamatan.sum() == 1:
        hidden_kecamatan[_smallest(size_kecamatan, ~hidden_kecamatan, len(size_kecamatan) - 1)] = True
    for members in inside[hidden_kecamatan]:
        if not (members & hidden_desa).any():
            hidden_desa[_smallest(size_desa, members, real)] = True


def _smallest(sizes: np.ndarray, allowed: np.ndarray, real: int) -> np.ndarray:
    """Return the place of the smallest allowed area with households, a real one before what is left over."""
    places = np.flatnonzero(allowed & (sizes > 0))
    return places[np.lexsort((sizes[places], places >= real))][:1]


def _hide_zones(
    zones: pd.DataFrame,
    desa: pd.DataFrame,
    inside: np.ndarray,
    hidden_desa: np.ndarray,
    hidden_kecamatan: np.ndarray,
    hidden_zones: np.ndarray,
) -> None:
    """Hide the zones that give a hidden desa, a sum of them, or another hidden zone of their layer away."""
    published = [np.ones(inside.shape[1]), *inside[~hidden_kecamatan].astype(float)]
    secrets = inside[hidden_kecamatan].astype(float)[:, hidden_desa]
    for place, members in enumerate(_members(zones, desa, inside.shape[1])):
        if hidden_zones[place] or _reveals(np.array([*published, members])[:, hidden_desa], secrets):
            hidden_zones[place] = True
        else:
            published.append(members)
    households = zones["households"].to_numpy(float)
    for layer in zones["layer"].unique():
        of_layer = (zones["layer"] == layer).to_numpy() & (households > 0)
        # the rows of a layer are the district: a lone hidden one is what the others leave of it
        if (of_layer & hidden_zones).sum() == 1:
            hidden_zones[_smallest(households, of_layer & ~hidden_zones, len(zones))] = True


def _members(zones: pd.DataFrame, desa: pd.DataFrame, length: int) -> Iterator[np.ndarray]:
    """Yield the desa of each zone: the closest that a reader comes to who was counted in it."""
    for layer, zone in zip(zones["layer"], zones["zone"], strict=True):
        members = np.full(length, float(zone == _UNKNOWN))
        members[: len(desa)] = (desa[f"zone_{layer}"] == zone).to_numpy()
        yield members


def _reveals(sums: np.ndarray, secrets: np.ndarray) -> bool:
    """Tell whether published sums fix a single hidden desa, or a hidden sum of them (rows over hidden desa)."""
    _, sizes, axes = np.linalg.svd(sums, full_matrices=False)
    axes = axes[sizes > _TOLERANCE * max(sizes, default=0.0)]
    fixed_sums = np.isclose(secrets @ axes.T @ axes, secrets).all(axis=1)
    return bool(((axes**2).sum(axis=0) > 1 - _TOLERANCE).any() or fixed_sums.any())


def _blank(table: gpd.GeoDataFrame, measure: str, hidden: np.ndarray) -> None:
    counts = ["households", "located"] if measure == HOUSEHOLDS else [
        f"{measure}_{part}" for part in ("known", "need", "unknown", "gap")
    ]  # fmt: skip
    for column in table.columns.intersection(counts):
        table[column] = table[column].astype("Int64").mask(hidden)
    for column in table.columns.intersection(
        [f"{measure}_{part}" for part in ("rate", "low", "high", "least", "most", "smoothed")]
    ):
        table[column] = table[column].mask(hidden)
    if f"{measure}_enough" in table:
        table[f"{measure}_enough"] &= ~hidden
    table[f"{measure}_suppressed"] = hidden

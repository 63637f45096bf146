"""The same Assessment made fit for an audience."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.assessment import Assessment

PERSONAL = ("id_keluarga", "nik", "no_kk", "nama", "alamat", "dusun", "rt", "rw")
"""Columns of households that name a person or a door."""

SHARED = (
    "sheet_row", "kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", "location_quality",
    "desil", "tangga_jamban", "zone_display", "counts", "geometry",
)  # fmt: skip
"""Columns of households that an OPD receives beside zones, distances and needs; a new column stays inside."""

SMALLEST = 5
"""A published count is zero or at least this."""


class Level(StrEnum):
    """Who receives an output, from everybody to the team that knocks at the door."""

    PUBLIK = "publik"
    OPD = "opd"
    PETUGAS = "petugas"


def for_audience(assessment: Assessment, level: Level) -> Assessment:
    """Return an assessment that holds no more than an audience may see.

    Parameters
    ----------
    assessment
        As made by ``assess()`` or opened from a run.
    level
        ``publik``: counts and rates of areas only; a figure in which need, no need or unknown has fewer than
        five households is missing, with as many others as it takes that no sum gives it away
        (``<indicator>_suppressed``). ``opd``: households with needs and position, without a person's columns;
        indicators marked sensitive only as such counts. ``petugas``: everything. Rows that do not count are left
        out of the first two.

    Returns
    -------
    Assessment
        New tables; ``facts["audience"]`` names the level.
    """
    audience = {**assessment.facts, "audience": level.value}
    if level is Level.PETUGAS:
        return replace(assessment, facts=audience)
    indicators = assessment.facts["indicators"]
    sensitive = [indicator["id"] for indicator in indicators if indicator["sensitive"]]
    shared = [indicator["id"] for indicator in indicators if not indicator["sensitive"]]
    nameless = replace(_nameless(assessment, shared, bool(sensitive)), facts=audience)
    if level is Level.OPD:
        return _suppress(nameless, sensitive) if sensitive else nameless
    return _suppress(
        replace(
            nameless,
            households=nameless.households.iloc[:0],
            rejects=nameless.rejects.iloc[:0],
            clusters=nameless.clusters.iloc[:0],
            priorities=nameless.priorities.iloc[:0],
        ),
        shared + sensitive,
    )


def _nameless(assessment: Assessment, shared: list[str], hides_needs: bool) -> Assessment:
    households, priorities = assessment.counted, assessment.priorities
    about_needs = {f"{kind}_{name}" for kind in ("need", "why", "cluster", "severity") for name in shared}
    kept = [
        name
        for name in households.columns
        if name in SHARED or name in about_needs or name.startswith(("zone_", "distance_"))
    ]
    if hides_needs:
        priorities = _open_priorities(households, priorities, shared)
    return replace(
        assessment,
        households=households[kept],
        rejects=assessment.rejects.drop(columns="value"),
        rejected_cells=assessment.rejected_cells.iloc[:0, :0],
        review=assessment.review.iloc[:0],
        clusters=assessment.clusters[assessment.clusters["indicator"].isin(shared)],
        priorities=priorities,
    )


def _open_priorities(households: pd.DataFrame, priorities: pd.DataFrame, shared: list[str]) -> pd.DataFrame:
    """Rank by open needs alone: a place, a score or a reason from a sensitive need would give it away."""
    needs = households[[f"need_{name}" for name in shared]].fillna(value=False).any(axis=1)
    listed = priorities[priorities["sheet_row"].isin(households.loc[needs, "sheet_row"])]
    every = {name.removeprefix("need_") for name in households.columns if name.startswith("need_")}
    listed = listed.drop(columns=[f"part_{name}" for name in every.difference(shared)], errors="ignore")
    score = listed.filter(like="part_").sum(axis=1)
    listed = listed.assign(score=score, why=None).sort_values(["score", "sheet_row"], ascending=[False, True])
    return listed.assign(rank=np.arange(1, len(listed) + 1)).reset_index(drop=True)


@dataclass(frozen=True)
class _Hidden:
    """Which figures of one measure are not published, one flag a row of each table."""

    desa: np.ndarray
    kecamatan: np.ndarray
    zones: np.ndarray


def _suppress(assessment: Assessment, indicators: list[str]) -> Assessment:
    tables = {name: getattr(assessment, name).copy() for name in ("desa", "kecamatan", "zones")}
    before = _protect(assessment, {name: _small(table, "households") for name, table in tables.items()})
    for name, table in tables.items():
        _blank(table, "households", getattr(before, name))
    for indicator in indicators:
        # needs add up to households: where those are hidden, these must be
        small = {
            name: _small(getattr(assessment, name), indicator) | getattr(before, name) for name in tables
        }
        hidden = _protect(assessment, small)
        for name, table in tables.items():
            _blank(table, indicator, getattr(hidden, name))
    return replace(assessment, **tables)


def _small(table: pd.DataFrame, measure: str) -> np.ndarray:
    if measure == "households":
        cells = table[["households"]].to_numpy()
    else:
        known, need, unknown = (
            table[f"{measure}_{part}"].to_numpy() for part in ("known", "need", "unknown")
        )
        cells = np.column_stack([need, known - need, unknown])
    return np.asarray(((cells > 0) & (cells < SMALLEST)).any(axis=1))


def _blank(table: gpd.GeoDataFrame, measure: str, hidden: np.ndarray) -> None:
    counts = ["households", "located"] if measure == "households" else [
        f"{measure}_{part}" for part in ("known", "need", "unknown", "gap")
    ]  # fmt: skip
    for column in table.columns.intersection(counts):
        table[column] = table[column].astype("Int64").mask(hidden)
    for column in table.columns.intersection(
        [f"{measure}_{part}" for part in ("rate", "low", "high", "smoothed")]
    ):
        table[column] = table[column].mask(hidden)
    if f"{measure}_enough" in table:
        table[f"{measure}_enough"] &= ~hidden
    table[f"{measure}_suppressed"] = hidden


def _protect(assessment: Assessment, small: dict[str, np.ndarray]) -> _Hidden:
    """Hide further figures until neither a kecamatan, the district nor a zone gives a hidden one away."""
    desa, kecamatan = assessment.desa, assessment.kecamatan
    hidden_desa, hidden_kecamatan = small["desa"].copy(), small["kecamatan"].copy()
    inside = kecamatan["kode_kecamatan"].to_numpy()[:, None] == desa["kode_kecamatan"].to_numpy()
    for place, members in enumerate(inside):
        if (members & hidden_desa).sum() == 1:
            partner = _smallest(desa, members & ~hidden_desa)
            hidden_desa[partner] = True
            hidden_kecamatan[place] |= not partner.size
    if hidden_kecamatan.sum() == 1:
        hidden_kecamatan[_smallest(kecamatan, ~hidden_kecamatan)] = True
    for members in inside[hidden_kecamatan]:
        if not (members & hidden_desa).any():
            hidden_desa[_smallest(desa, members)] = True
    hidden_zones = small["zones"].copy()
    published = [np.ones(len(desa)), *inside[~hidden_kecamatan].astype(float)]
    secrets = inside[hidden_kecamatan].astype(float)[:, hidden_desa]
    for place, members in enumerate(_zone_members(assessment)):
        if hidden_zones[place] or _reveals(np.array([*published, members])[:, hidden_desa], secrets):
            hidden_zones[place] = True
        else:
            published.append(members)
    return _Hidden(hidden_desa, hidden_kecamatan, hidden_zones)


def _smallest(table: pd.DataFrame, allowed: np.ndarray) -> np.ndarray:
    """Return the place of the smallest allowed area with households, or nothing when there is none."""
    households = table["households"].to_numpy()
    places = np.flatnonzero(allowed & (households > 0))
    return places[np.argsort(households[places], kind="stable")][:1]


def _zone_members(assessment: Assessment) -> Iterator[np.ndarray]:
    """Yield the desa of each zone: the closest that a reader comes to who was counted in it."""
    for layer, zone in zip(assessment.zones["layer"], assessment.zones["zone"], strict=True):
        yield (assessment.desa[f"zone_{layer}"] == zone).to_numpy(dtype=float)


def _reveals(sums: np.ndarray, secrets: np.ndarray) -> bool:
    """Tell whether published sums fix a single hidden desa, or a hidden sum of them (rows over hidden desa)."""
    known = np.linalg.pinv(sums) @ sums
    fixed_sums = np.isclose(secrets @ known, secrets).all(axis=1)
    return bool((np.diag(known) > 1 - 1e-6).any() or fixed_sums.any())

"""The same Assessment made fit for an audience."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.indicators import INDICATORS
from geo.privacy.choice import open_choice, open_facts
from geo.privacy.clusters import without_counts, without_values
from geo.rates import smooth_shown
from geo.suppression import HOUSEHOLDS, SMALLEST, figures_of, suppress

__all__ = ["OF_NEEDS", "PERSONAL", "SMALLEST", "Level", "for_audience", "without_sensitive_cells"]

PERSONAL = ("id_keluarga", "nik", "no_kk", "nama", "alamat", "dusun", "rt", "rw")
"""Columns of households that name a person or a door."""

SHARED = (
    "sheet_row", "kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", "location_quality",
    "desil", "tangga_jamban", "basis_rtlh", "zone_display", "kelompok_sasaran", "counts", "geometry",
)  # fmt: skip
"""Columns of households that an OPD receives beside zones, distances and needs; a new column stays inside."""

_Table = TypeVar("_Table", bound=pd.DataFrame)

_PREFIXES = ("zone_", "distance_", "group_")
OF_NEEDS = ("need", "why", "cluster", "severity")
"""What an indicator says of a household, each in a column ``<kind>_<indicator>``."""

_OF_SOME = ("combinations", "groups")


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
        (``<indicator>_suppressed``); tables of combinations, groups and compared definitions are empty.
        ``opd``: households with needs, zones and position, without a person's columns and without the reasons of the
        zones, which stand in the desa; indicators marked sensitive only as such counts, and not where everybody
        known is in need. ``petugas``: everything. Rows that do not count are left out of the first two.

    Returns
    -------
    Assessment
        New tables; ``facts["audience"]`` names the level.
    """
    if level is Level.PETUGAS:
        return replace(assessment, facts={**assessment.facts, "audience": level.value})
    open_ones = without_sensitive_cells(assessment)
    shared = _ids(assessment, sensitive=False)
    nameless = replace(_nameless(open_ones, shared), facts={**open_ones.facts, "audience": level.value})
    if level is Level.OPD:
        return nameless
    everywhere = [about["id"] for about in nameless.facts["indicators"]]
    tables = {
        "desa": _without_shares(assessment.desa),
        "kecamatan": _without_shares(assessment.kecamatan),
        "zones": assessment.zones,
    }
    withheld = set(_ids(assessment, sensitive=None)) - set(everywhere)
    tables = {name: _without_figures(table, withheld) for name, table in tables.items()}
    empty = (
        "households", "rejects", "clusters", "priorities", "equity", "visits", "visits_left_out", "combinations",
        "groups", "comparison",
    )  # fmt: skip
    layers = [
        {key: said for key, said in layer.items() if key != "counts"} for layer in nameless.facts["layers"]
    ]
    shown = _suppressed(assessment, tables, [HOUSEHOLDS, *everywhere])
    return replace(
        nameless,
        facts={**nameless.facts, "layers": layers, "selection": {}, "visits": {}},
        hot_spots=without_values(assessment.hot_spots, shown["desa"]),
        scans=without_counts(assessment.scans, shown["desa"]),
        **shown,
        **{name: getattr(nameless, name).iloc[:0] for name in empty},
    )


def without_sensitive_cells(assessment: Assessment) -> Assessment:
    """Return an assessment for pages and sheets that more people see than the officer in charge.

    What an indicator marked sensitive says of a household is gone, from the households and from their order and
    reasons in the priorities. Its figures of desa, kecamatan and zones stay where they give nobody away
    (``<indicator>_suppressed`` elsewhere), those of combinations and groups do not; one whose figures for the whole
    district are too small is left out altogether. Everything else stays as it is; without such indicators all does.
    """
    sensitive = _ids(assessment, sensitive=True)
    if not sensitive:
        return assessment
    shared = _ids(assessment, sensitive=False)
    needs = assessment.facts.get("needs", {})
    # gathered with nothing where one of the three counts is small
    withheld = {name for name in sensitive if name in needs and needs[name]["known"] is None}
    tables = {
        name: _without_figures(getattr(assessment, name), withheld) for name in ("desa", "kecamatan", "zones")
    }
    told = [name for name in sensitive if name not in withheld]
    about = [each for each in assessment.facts["indicators"] if each["id"] not in withheld]
    asked = {column.name for name in sensitive for column in INDICATORS[name].required}
    gone = [*asked, *(f"{kind}_{name}" for name in sensitive for kind in OF_NEEDS)]
    return replace(
        assessment,
        households=assessment.households.drop(columns=gone, errors="ignore"),
        **open_choice(assessment, shared, sensitive),
        clusters=assessment.clusters[~assessment.clusters["indicator"].isin(sensitive)],
        **_suppressed(assessment, tables, told),
        **{name: _without_figures(getattr(assessment, name), {*sensitive}) for name in _OF_SOME},
        facts={**assessment.facts, "indicators": about} | open_facts(assessment, sensitive),
    )


def _suppressed(
    assessment: Assessment, tables: Mapping[str, gpd.GeoDataFrame], measures: Sequence[str]
) -> dict[str, gpd.GeoDataFrame]:
    """Withhold small counts of desa, kecamatan and zones, and what the smoothed rates of the others tell of them."""
    sensitive, parts = _ids(assessment, sensitive=True), _parts(assessment, measures)
    shown = suppress(tables, measures, _totals(assessment), sensitive, parts)
    needs = [measure for measure in measures if measure != HOUSEHOLDS]
    return {name: smooth_shown(table, needs) for name, table in shown.items()}


def _ids(assessment: Assessment, *, sensitive: bool | None) -> list[str]:
    return [
        about["id"]
        for about in assessment.facts["indicators"]
        if sensitive is None or about["sensitive"] is sensitive
    ]


def _totals(assessment: Assessment) -> dict[str, np.ndarray]:
    """Return what is published of the whole district, by measure."""
    facts = assessment.facts
    needs = {
        name: np.array([found["need"], found["known"] - found["need"], found["unknown"]], dtype=float)
        for name, found in facts.get("needs", {}).items()
        if found["known"] is not None
    }
    return {HOUSEHOLDS: np.array([facts["rows"]["counted"]], dtype=float), **needs}


def _parts(assessment: Assessment, measures: Sequence[str]) -> dict[str, np.ndarray]:
    """Return by measure the counts of each zone's households in desa that no zone of its layer holds whole."""
    households = assessment.counted
    desa = households["kode_desa"]
    rows: dict[str, list[np.ndarray]] = {measure: [] for measure in measures}
    for layer, of_layer in assessment.zones.groupby("layer", sort=False)["zone"]:
        words = households[f"zone_{layer}"].astype("str")
        cut = words.groupby(desa).transform("nunique").to_numpy(float, na_value=0) > 1
        for measure in measures:
            counts = _answers(households, measure)[cut].groupby(words[cut]).sum()
            rows[measure].append(counts.reindex(of_layer).fillna(0).to_numpy(float))
    return {measure: np.vstack(found) for measure, found in rows.items() if found}


def _answers(households: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Mark each household as in need, not in need or unknown; of the households themselves, as one."""
    if measure == HOUSEHOLDS:
        return pd.DataFrame({"households": 1.0}, index=households.index)
    need = households[f"need_{measure}"]
    yes = need.fillna(value=False).astype(bool)
    return pd.DataFrame({"need": yes, "no": need.notna() & ~yes, "unknown": need.isna()}).astype(float)


def _without_figures(table: _Table, indicators: set[str]) -> _Table:
    gone = [column for name in indicators for column in figures_of(table.columns, name, list(INDICATORS))]
    return table.drop(columns=gone)


def _without_shares(table: _Table) -> _Table:
    """Leave out the shares of households: a share of a small desa is a count."""
    return table.drop(columns=[name for name in table.columns if name.startswith("share_households_")])


def _nameless(assessment: Assessment, shared: list[str]) -> Assessment:
    households = assessment.counted
    about_needs = {f"{kind}_{name}" for kind in OF_NEEDS for name in shared}
    figures = {name for layer in assessment.facts["layers"] for name in layer.get("figures", ())}
    kept = [
        name
        for name in households.columns
        if name in SHARED or name in about_needs or name in figures or name.startswith(_PREFIXES)
    ]
    return replace(
        assessment,
        households=households[kept],
        rejects=assessment.rejects.drop(columns="value"),
        dusun=assessment.dusun.iloc[:0],
        visits=assessment.visits.drop(columns="dusun", errors="ignore"),
        rejected_cells=assessment.rejected_cells.iloc[:0, :0],
        review=assessment.review.iloc[:0],
    )

"""The same Assessment made fit for an audience."""

from dataclasses import replace
from typing import TypeVar

import pandas as pd

from geo.assessment import Assessment
from geo.indicators import INDICATORS
from geo.levels import Level
from geo.privacy.areas import district_totals, withhold
from geo.privacy.choice import open_choice, open_facts
from geo.privacy.clusters import without_counts, without_values
from geo.privacy.facts import public_facts, told_to_all
from geo.suppression import HOUSEHOLDS, SMALLEST, figures_of

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

_LOOSE = ("_near_served", "_near_known")
"""Ends of columns with counts among those in need, which may be few where these are many."""

_OF_SOME = ("combinations", "groups")


def for_audience(assessment: Assessment, level: Level) -> Assessment:
    """Return an assessment that holds no more than an audience may see.

    Parameters
    ----------
    assessment
        As made by ``assess()`` or opened from a run.
    level
        ``publik``: counts and rates of areas only; a figure in which need, no need or unknown has fewer than
        five households is missing, with as many others as it takes that no sum gives it away
        (``<indicator>_suppressed``), and so has a need inside another where just a few have only the other; what is
        said of the rest (smoothed rates, funnel, facts) is worked out from what is shown; p- and q-values are the
        next step that they do not pass; tables of combinations, groups and compared definitions are empty. A need of
        fewer than five in the whole district is left out.
        ``opd``: households with needs, zones and position, without a person's columns and without the reasons of the
        zones, which stand in the desa; indicators marked sensitive only as such counts, and not where everybody
        known is in need. ``terbatas``: the areas of ``publik``; its masked households are made for a receiver
        (:func:`geo.products.make_product`). ``petugas``: everything. Rows that do not count are left out of all
        others.

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
    everywhere = told_to_all(nameless.facts)
    tables = {
        "desa": _without_loose_counts(assessment.desa),
        "kecamatan": _without_loose_counts(assessment.kecamatan),
        "zones": assessment.zones,
    }
    withheld = set(_ids(assessment, sensitive=None)) - set(everywhere)
    tables = {name: _without_figures(table, withheld) for name, table in tables.items()}
    shown = withhold(assessment, tables, [HOUSEHOLDS, *everywhere], _ids(assessment, sensitive=True))
    totals = district_totals(assessment)
    hot_spots = without_values(assessment.hot_spots, shown["desa"])
    scans = without_counts(assessment.scans, shown["desa"], totals)
    empty = (
        "households", "rejects", "clusters", "priorities", "equity", "visits", "visits_left_out", "combinations",
        "groups", "comparison",
    )  # fmt: skip
    return replace(
        nameless,
        facts=public_facts(nameless.facts, everywhere, shown, hot_spots, scans, totals),
        hot_spots=hot_spots,
        scans=scans,
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
        **withhold(assessment, tables, told, sensitive),
        **{name: _without_figures(getattr(assessment, name), {*sensitive}) for name in _OF_SOME},
        facts={**assessment.facts, "indicators": about} | open_facts(assessment, sensitive),
    )


def _ids(assessment: Assessment, *, sensitive: bool | None) -> list[str]:
    return [
        about["id"]
        for about in assessment.facts["indicators"]
        if sensitive is None or about["sensitive"] is sensitive
    ]


def _without_figures(table: _Table, indicators: set[str]) -> _Table:
    gone = [column for name in indicators for column in figures_of(table.columns, name, list(INDICATORS))]
    return table.drop(columns=gone)


def _without_loose_counts(table: _Table) -> _Table:
    """Leave out shares of households, a count in a small desa, and counts that no other one is held against."""
    loose = [name for name in table.columns if name.startswith("share_households_") or name.endswith(_LOOSE)]
    return table.drop(columns=loose)


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

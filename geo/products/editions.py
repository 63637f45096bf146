"""An assessment as a level may have it: for everybody with small figures withheld, for agencies nothing sensitive."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from geo.assessment import Assessment
from geo.levels import Level
from geo.privacy import OF_NEEDS, for_audience
from geo.privacy.choice import open_choice, open_facts
from geo.suppression import figures_of


def public_edition(assessment: Assessment) -> Assessment:
    """Return the edition for everybody; one that is it already is not cut again."""
    if assessment.facts.get("audience") == Level.PUBLIK.value:
        return assessment
    return for_audience(assessment, Level.PUBLIK)


def agency_edition(assessment: Assessment) -> Assessment:
    """Return the edition for agencies: households without persons, nothing at all of the sensitive indicators.

    Their counts of areas stand in the edition for everybody, with what is withheld there; a second table of them,
    withheld otherwise, could be held against it.
    """
    # pages hold rejects without what was written, and the policy takes it away once more
    rejects = assessment.rejects.assign(value="")
    return for_audience(replace(_without_sensitive(assessment), rejects=rejects), Level.OPD)


def sensitive_ids(facts: Any) -> list[str]:  # noqa: ANN401  -- the facts of a run
    """Return the sensitive indicators of a run."""
    return [about["id"] for about in facts["indicators"] if about["sensitive"]]


def indicator_ids(facts: Any) -> list[str]:  # noqa: ANN401  -- the facts of a run
    """Return the indicators of a run that are not sensitive."""
    return [about["id"] for about in facts["indicators"] if not about["sensitive"]]


def only_indicators(assessment: Assessment, kept: Sequence[str]) -> Assessment:
    """Return an assessment whose areas, kantong, hot desa and circles tell of some indicators alone."""
    every = [about["id"] for about in assessment.facts["indicators"]]
    if not kept or {*every} <= {*kept}:
        return assessment
    gone = [name for name in every if name not in kept]
    return replace(assessment, **_areas_without(assessment, gone, every))


def _without_sensitive(assessment: Assessment) -> Assessment:
    facts, gone = assessment.facts, sensitive_ids(assessment.facts)
    if not gone:
        return assessment
    every = [about["id"] for about in facts["indicators"]]
    of_households = [f"{kind}_{name}" for name in gone for kind in OF_NEEDS]
    told = {
        "indicators": [about for about in facts["indicators"] if about["id"] not in gone],
        **{part: _less(facts[part], gone) for part in ("profiles", "needs") if part in facts},
    }
    return replace(
        assessment,
        households=assessment.households.drop(columns=of_households, errors="ignore"),
        facts={**facts, **told} | open_facts(assessment, gone),
        **open_choice(assessment, indicator_ids(facts), gone),
        **_areas_without(assessment, gone, every),
    )


def _less(table: dict[str, Any], gone: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name not in gone}


def _areas_without(assessment: Assessment, gone: Sequence[str], every: Sequence[str]) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for name in ("desa", "kecamatan", "zones", "combinations", "groups"):
        table = getattr(assessment, name)
        figures = [column for each in gone for column in figures_of(table.columns, each, every)]
        tables[name] = table.drop(columns=figures)
    for name in ("clusters", "hot_spots", "scans"):
        table = getattr(assessment, name)
        tables[name] = table[~table["indicator"].isin([*gone])]
    return tables

"""Priorities, choice and visits for pages: by open needs alone."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.settings import TargetingSettings
from geo.targeting import NAMED, rank_intervals, weighs_in


def open_facts(assessment: Assessment, sensitive: list[str]) -> dict[str, object]:
    """Return the facts that are withheld where a sensitive need weighed in."""
    if not weighs_in(assessment.priorities, sensitive):
        return {}
    return {"selection": {"withheld": True}, "visits": {"withheld": True}}


def open_choice(assessment: Assessment, shared: list[str], sensitive: list[str]) -> dict[str, pd.DataFrame]:
    """Return the priorities by open needs alone, and what was chosen where no sensitive need weighed in."""
    listed = _open_priorities(assessment, shared, sensitive)
    if not weighs_in(assessment.priorities, sensitive):
        return {"priorities": listed}
    withheld = ("equity", "visits", "visits_left_out")
    # a household that is not said to be chosen is not said to be passed over either
    return {
        "priorities": listed.drop(columns=["chosen", "cost"], errors="ignore"),
        **{name: getattr(assessment, name).iloc[:0] for name in withheld},
    }


def _open_priorities(assessment: Assessment, shared: list[str], sensitive: list[str]) -> pd.DataFrame:
    """Rank by open needs alone: a place, a score or a reason from a sensitive need would give it away."""
    households, listed = assessment.counted, assessment.priorities
    needs = households[[f"need_{name}" for name in shared]].fillna(value=False).any(axis=1)
    listed = listed[listed["sheet_row"].isin(households.loc[needs, "sheet_row"])]
    listed = listed.drop(columns=[f"part_{name}" for name in sensitive], errors="ignore")
    if {*NAMED} & {*sensitive}:
        listed = listed.assign(why=None)
    if len(listed) == len(assessment.priorities) and not weighs_in(assessment.priorities, sensitive):
        return listed
    listed = listed.assign(score=listed.filter(like="part_").sum(axis=1))
    listed = listed.sort_values(["score", "sheet_row"], ascending=[False, True])
    listed = listed.assign(rank=np.arange(1, len(listed) + 1)).reset_index(drop=True)
    return _ranked_again(listed, assessment.facts) if "rank_low" in listed else listed


def _ranked_again(listed: pd.DataFrame, facts: Mapping[str, Any]) -> pd.DataFrame:
    """Give each rank its interval anew: the old one was of a score that is not shown."""
    stated = facts["settings"]
    weights = TargetingSettings.model_validate(stated.get("targeting", {}))
    top = facts.get("selection", {}).get("top") or len(listed)
    return rank_intervals(listed, weights.weightings, weights.spread, top, stated.get("seed", 1))

"""What a rule, or limited money, cost: the best choice without it, less the choice with it."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.indicators import INDICATORS
from geo.settings import SelectionSettings
from geo.symbology import known_need
from geo.targeting.case import Case, Rule
from geo.targeting.exact import Choice, best_choice
from geo.targeting.problem import Limit, classes_of

MEANS = ("number", "budget")
"""Kinds of the rules that say how many; all others say whom."""


def price_of(case: Case, rule: Rule, found: Choice, free: Choice | None, seconds: float) -> dict[str, Any]:
    """Say what one rule cost: the best choice without it, less the best choice with it."""
    problem = case.problem([other for other in case.rules if other is not rule])
    without: Choice | None = None
    if free is not None and (found is free or (free.short == 0 and problem.allows(free.chosen))):
        without = free
    elif seconds > 0:
        without = best_choice(problem, seconds=seconds, ties=False, known=found.chosen)
    told: dict[str, Any] = {"kind": rule.kind, "words": rule.words, **_lost(without, found)}
    if rule.quota is not None and rule.members is not None and rule.unknown is not None:
        told |= {
            "quota": rule.quota.text,
            "candidates": int(rule.members.sum()),
            "chosen": int((rule.members & found.chosen).sum()),
            "unknown": int((rule.unknown & found.chosen).sum()),
        }
    return told


def _lost(without: Choice | None, found: Choice) -> dict[str, Any]:
    if without is None:
        return {"score_lost": None, "number_lost": None, "proven": False}
    return {
        "score_lost": max(0.0, round(without.score - found.score, 9)),
        "number_lost": int(without.chosen.sum() - found.chosen.sum()),
        "proven": without.short == 0 and found.short == 0,
    }


def price_of_money(
    case: Case, found: Choice, settings: SelectionSettings, seconds: float
) -> dict[str, Any] | None:
    """Say what limited money did: whom of the upper ranks it passed over, which needs it left out, and its price."""
    if settings.budget is None:
        return None
    count, size = int(found.chosen.sum()), len(found.chosen)
    first = np.arange(size) < count
    others = [rule for rule in case.rules if rule.kind not in MEANS]
    problem = case.problem([*others, Rule("number", "", Limit(np.ones(size), count))])
    without: Choice | None = None
    if problem.allows(first):
        without = Choice(first, float(problem.score[first].sum()))
    elif seconds > 0:
        without = best_choice(problem, seconds=seconds, ties=False, known=found.chosen)
    needs = {need: known_need(case.candidates, need) == 1 for need in settings.unit_costs}
    lost = _lost(without, found)
    return {
        "first": count,
        "passed_over": int((first & ~found.chosen).sum()),
        "never": [
            {"need": need, "title": INDICATORS[need].title, "candidates": int(having.sum())}
            for need, having in needs.items()
            if having.any() and not (having & found.chosen).any()
        ],
        "score_lost": lost["score_lost"],
        "proven": lost["proven"],
    }


def tied(case: Case, chosen: NDArray[np.bool_]) -> dict[str, int]:
    """Count those whom neither score nor rules tell apart, and of whom some are chosen and some are not."""
    problem = case.problem(case.rules)
    alike = pd.DataFrame({"class": classes_of(problem)[0], "score": np.round(problem.score, 9)})
    share = pd.Series(chosen.astype(float)).groupby([alike["class"], alike["score"]]).transform("mean")
    tied = ((share > 0) & (share < 1)).to_numpy()
    return {"tied": int(tied.sum()), "tied_chosen": int((tied & chosen).sum())}

"""Whom to choose when money or number is short: exactly, with quotas, and with what each of them cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.settings import SelectionSettings
from geo.targeting.case import Case, Rule, make_case, number_to_choose
from geo.targeting.equity import equity_table
from geo.targeting.exact import SECONDS, Choice, best_choice, choice_by_rank
from geo.targeting.explain import why_not
from geo.targeting.members import Titles
from geo.targeting.prices import MEANS, price_of, price_of_money, tied
from geo.targeting.problem import OutOfTime, Problem
from geo.targeting.rank_interval import FIRM, HAIR
from geo.targeting.wording import selection_notes

_FOR_FREE, _FOR_CHOICE = 0.25, 0.7
"""Parts of the time that is left: for the choice without quotas, and for the choice itself; the rest is for prices."""
_TIME_UP = (
    "Waktu pencarian habis sebelum ditemukan pilihan yang memenuhi semua aturan; belum terbukti bahwa tidak ada. "
    "Longgarkan satu aturan, lalu coba lagi."
)


@dataclass(frozen=True)
class Selection:
    """A choice: ``chosen`` (sheet_row, cost; the best first), the table ``equity``, and ``facts`` for the manifest."""

    chosen: pd.DataFrame
    equity: pd.DataFrame
    facts: dict[str, Any]


@dataclass(frozen=True)
class _Clock:
    """Counts down the time of the whole choice."""

    end: float

    def left(self, part: float = 1.0) -> float:
        """Return a part of the seconds that are left."""
        return max(0.0, self.end - perf_counter()) * part


def choose(
    priorities: pd.DataFrame,
    households: pd.DataFrame,
    settings: SelectionSettings,
    *,
    areas: pd.DataFrame | None = None,
    groups: Mapping[str, str] | None = None,
    zones: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Selection:
    """Choose the households with the largest sum of scores that number, budget, quotas and minimum a desa allow.

    Needs columns: of the priorities ``rank``, ``sheet_row``, ``kode_desa``, ``score``, and of use ``top_share``; of the
    households those of :func:`geo.targeting.case.make_case`.

    Parameters
    ----------
    areas
        The desa of the district, so that a quota may name one in which nobody was counted.
    groups
        Titles of the target groups, by id.
    zones
        Titles of the layers, by id, where they say more than those of the registry (``proksi``).
    seconds
        Longest search for everything together; what is not proven by then is said.

    Returns
    -------
    Selection
        ``facts``: ``asked`` (the settings), ``met``, ``why_not`` (sentences) and ``conflict`` (the rules at fault);
        ``proven`` (nothing scores more; of a request that was not met: nothing can meet it) and ``short`` (how far the
        score may lie below the best, when that is not proven); ``candidates``, ``aside``, ``chosen``, ``desa``,
        ``score``, ``cost``; ``alone``: the same sums of those whom the ranks alone would choose - down the list, each
        that number and budget still allow, who is too dear for what is left is passed by - and ``both`` (how many of
        them are chosen here too); ``budget`` (where money is limited): ``first`` (as many of the upper ranks as are
        chosen), ``passed_over`` (of them, not chosen), ``never`` (priced needs that no chosen household has: ``need``,
        ``title``, ``candidates``), ``score_lost`` against the best choice of that number under the other rules;
        ``tied`` (candidates that neither score nor any rule tells apart, of which some are chosen: the sheet's order
        decides) and ``tied_chosen``; ``rules``: each quota and the minimum a desa with ``words``, ``candidates``,
        ``chosen`` and ``unknown`` (of the chosen: not known whether the quota counts them), and what it cost:
        ``score_lost`` and ``number_lost`` against the best choice without it. What cost nobody had the time to look for
        is missing (``None``). ``top`` (as many as ``top_share`` should be of); ``firm``, ``depends``, ``hair``: chosen
        that are among the first in at least 95 % of the weightings, in fewer, and in less than half of them; ``notes``
        (Indonesian; they do not repeat ``why_not``). Rules that cannot be kept are not relaxed: nothing is chosen.

    Raises
    ------
    SettingsError
        When a quota or a unit cost names what does not exist.
    """
    clock = _Clock(perf_counter() + seconds)
    titles = Titles(groups or {}, zones or {})
    case = make_case(priorities, households, settings, pd.DataFrame() if areas is None else areas, titles)
    means = [rule for rule in case.rules if rule.kind in MEANS]
    alone = choice_by_rank(_ceilings(case, means))
    free = _free(case, means, alone, clock)
    found, is_known = _found(case, free, alone, clock)
    chosen = np.zeros(len(alone), dtype=bool) if found is None else found.chosen
    facts: dict[str, Any] = {
        "asked": settings.model_dump(mode="json"),
        "met": found is not None,
        "why_not": [],
        "conflict": [],
        "proven": is_known and (found is None or found.short == 0),
        "short": 0.0 if found is None else found.short,
        "candidates": len(alone),
        "aside": dict(case.aside),
        **_sums(case, chosen),
        "alone": _sums(case, alone) | {"both": int((alone & chosen).sum())},
        "budget": None,
        "rules": [],
        "tied": 0,
        "tied_chosen": 0,
    }
    if found is not None:
        others = [rule for rule in case.rules if rule not in means]
        facts["rules"] = [
            price_of(case, rule, found, free, clock.left(1 / (1 + len(others) - nth)))
            for nth, rule in enumerate(others)
        ]
        facts |= {"budget": price_of_money(case, found, settings, clock.left()), **tied(case, chosen)}
    elif is_known:
        sentences, rules = why_not(case, max(clock.left(), seconds / 2))
        facts |= {"why_not": sentences, "conflict": [rule.words for rule in rules]}
    else:
        facts |= {"why_not": [_TIME_UP], "conflict": [rule.words for rule in case.rules]}
    rows = case.candidates.loc[chosen, ["sheet_row"]].assign(cost=case.cost[chosen]).reset_index(drop=True)
    facts |= {"top": number_to_choose(households, settings), **_firmness(priorities, rows)}
    equity = equity_table(case.candidates, alone, chosen, titles)
    return Selection(rows, equity, facts | {"notes": selection_notes(facts)})


def _ceilings(case: Case, rules: Sequence[Rule]) -> Problem:
    """Return the problem of some rules that are all ceilings; nobody need be chosen."""
    limits = tuple(rule.limit for rule in rules if rule.limit is not None)
    return Problem(case.candidates["score"].to_numpy(float), case.desa, limits)


def _free(case: Case, means: Sequence[Rule], alone: NDArray[np.bool_], clock: _Clock) -> Choice | None:
    """Return the best choice under number and budget alone; nothing when nobody can be paid."""
    if not alone.any():
        return None
    if alone[: int(alone.sum())].all() and _is_full(means, alone):
        return Choice(alone, float(case.candidates["score"].to_numpy(float)[alone].sum()))
    part = 1.0 if len(means) == len(case.rules) else _FOR_FREE
    return best_choice(case.problem(means), seconds=clock.left(part), known=alone)


def _is_full(means: Sequence[Rule], alone: NDArray[np.bool_]) -> bool:
    """Say whether the ranks alone fill the number that was asked for, or take everybody."""
    number = next((rule.limit.most for rule in means if rule.kind == "number" and rule.limit), np.inf)
    return bool(alone.sum() >= min(number, len(alone)))


def _found(
    case: Case, free: Choice | None, alone: NDArray[np.bool_], clock: _Clock
) -> tuple[Choice | None, bool]:
    """Return the choice under all rules, and whether it is known to be the best, or that there is none."""
    if free is None:
        return None, True
    problem = case.problem(case.rules)
    if all(rule.kind in MEANS for rule in case.rules) or (free.short == 0 and problem.allows(free.chosen)):
        return free, True
    known = next((some for some in (free.chosen, alone) if problem.allows(some)), None)
    try:
        found = best_choice(problem, seconds=clock.left(_FOR_CHOICE), known=known)
    except OutOfTime:
        return None, False
    if found is None:
        return None, True
    # more rules never allow a larger sum
    return replace(found, short=min(found.short, max(free.score + free.short - found.score, 0.0))), True


def _sums(case: Case, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    some = case.candidates[chosen]
    return {
        "chosen": len(some),
        "desa": int(some["kode_desa"].nunique()),
        "score": float(some["score"].sum()),
        "cost": float(case.cost[chosen].sum()),
    }


def _firmness(priorities: pd.DataFrame, rows: pd.DataFrame) -> dict[str, int | None]:
    """Count the chosen by how surely they are among the first under other weights."""
    if "top_share" not in priorities:
        return {"firm": None, "depends": None, "hair": None}
    share = priorities.loc[priorities["sheet_row"].isin(rows["sheet_row"]), "top_share"]
    firm, hair = int((share >= FIRM).sum()), int((share < HAIR).sum())
    return {"firm": firm, "depends": len(share) - firm - hair, "hair": hair}

"""Why rules cannot be kept: the rule that nobody can meet, or the few that contradict one another."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from geo.symbology import number
from geo.targeting.case import Case, Rule, money
from geo.targeting.exact import SECONDS, is_possible


def why_not(case: Case, seconds: float = SECONDS) -> tuple[list[str], list[Rule]]:
    """Say why no choice keeps every rule, and which rules are at fault.

    Returns
    -------
    sentences
        Indonesian.
    rules
        Every rule that cannot be kept by itself; when there is none, a set of rules from which none can be left out
        without the rest becoming possible (found by leaving out one after the other; where the time is up, more may
        be named than needed).
    """
    end = perf_counter() + seconds
    if case.candidates.empty:
        return [_nobody(case)], []
    impossible = [rule for rule in case.rules if not is_possible(case.problem([rule]), end - perf_counter())]
    if impossible:
        return [_alone(case, rule) for rule in impossible], impossible
    needed = list(case.rules)
    for rule in case.rules:
        rest = [other for other in needed if other is not rule]
        if not is_possible(case.problem(rest), end - perf_counter()):
            needed = rest
    return [_together(case, needed)], needed


def _nobody(case: Case) -> str:
    aside = []
    if case.aside["no_price"]:
        aside.append(f"{number(case.aside['no_price'])} tanpa biaya satuan untuk kebutuhannya")
    if case.aside["no_desa"]:
        aside.append(f"{number(case.aside['no_desa'])} yang desanya tidak diketahui")
    return f"Tidak ada calon{': ' + ' dan '.join(aside) + ' tidak ikut' if aside else ''}."


def _alone(case: Case, rule: Rule) -> str:
    if rule.kind == "budget":
        cheapest = money(float(case.cost.min()))
        return f"Anggaran tidak cukup untuk satu rumah tangga pun: yang termurah {cheapest}, {rule.words}."
    if rule.quota is None or rule.members is None:
        return f"Tidak satu desa pun punya {number(case.least_a_desa)} calon: {rule.words}."
    quota, there = rule.quota, f"yang memenuhi syarat hanya {number(int(rule.members.sum()))}"
    if rule.unknown is not None and rule.unknown.any():
        there += f" ({number(int(rule.unknown.sum()))} calon lain tidak diketahui termasuk atau tidak)"
    if not quota.is_least:
        return f"Kuota «{rule.words}» tidak dapat dipenuhi: semua calon termasuk di dalamnya."
    if quota.is_share:
        return f"Kuota «{rule.words}» tidak dapat dipenuhi: {there}."
    return f"Kuota «{rule.words}» minta {number(int(quota.amount))}, {there}."


def _together(case: Case, rules: Sequence[Rule]) -> str:
    sentence = f"Bersama-sama tidak dapat dipenuhi: {'; '.join(rule.words for rule in rules)}."
    quotas = [
        rule for rule in rules if rule.quota is not None and rule.quota.is_least and not rule.quota.is_share
    ]
    if len(rules) == 2 and len(quotas) == 1 and any(rule.kind == "budget" for rule in rules):  # noqa: PLR2004
        quota, members = quotas[0].quota, quotas[0].members
        assert quota is not None  # noqa: S101  -- chosen so above
        cheapest = float(np.sort(case.cost[members])[: int(quota.amount)].sum())
        sentence += f" Kuota itu membutuhkan paling sedikit {money(cheapest)}."
    return sentence

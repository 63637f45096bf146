"""Whom to choose when money or number is short: exactly, with quotas, and with what each of them cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.settings import SelectionSettings
from geo.symbology import number, percent
from geo.targeting.case import Case, Rule, make_case, money, number_to_choose
from geo.targeting.equity import equity_table
from geo.targeting.exact import SECONDS, Choice, best_choice
from geo.targeting.explain import why_not
from geo.targeting.quotas import Titles
from geo.targeting.rank_interval import FIRM, HAIR


@dataclass(frozen=True)
class Selection:
    """A choice: ``chosen`` (sheet_row, cost; the best first), the table ``equity``, and ``facts`` for the manifest."""

    chosen: pd.DataFrame
    equity: pd.DataFrame
    facts: dict[str, Any]


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
        Longest search for each choice.

    Returns
    -------
    Selection
        ``facts``: ``asked`` (the settings), ``met``, ``why_not`` (sentences) and ``conflict`` (the rules at fault);
        ``proven`` (nothing scores more) and ``short`` (how far the score may lie below the best, when that is not
        proven); ``candidates``, ``aside``, ``chosen``, ``desa``, ``score``, ``cost``; ``alone`` (chosen, score, cost by
        score alone); ``rules``: each quota and the minimum a desa with ``words``, ``candidates``, ``chosen`` and
        ``unknown`` (of the chosen: not known whether the quota counts them), and what it cost: ``score_lost`` and
        ``number_lost`` against the best choice without it; ``top`` (as many as ``top_share`` should be of); ``firm``,
        ``depends``, ``hair``: chosen that are among the first in at least 95 % of the weightings, in fewer, and in less
        than half of them; ``notes`` (Indonesian). Rules that cannot be kept are not relaxed: nothing is chosen, and
        ``why_not`` says why.

    Raises
    ------
    SettingsError
        When a quota or a unit cost names what does not exist.
    """
    titles = Titles(groups or {}, zones or {})
    case = make_case(priorities, households, settings, pd.DataFrame() if areas is None else areas, titles)
    nobody = np.zeros(len(case.candidates), dtype=bool)
    means = [rule for rule in case.rules if rule.kind in {"number", "budget"}]
    alone = best_choice(case.problem(means), seconds=seconds) if len(nobody) else None
    found = alone
    if alone is not None and not case.problem(case.rules).allows(alone.chosen):
        found = best_choice(case.problem(case.rules), seconds=seconds)
    chosen = nobody if found is None else found.chosen
    facts: dict[str, Any] = {
        "asked": settings.model_dump(mode="json"),
        "met": found is not None,
        "why_not": [],
        "conflict": [],
        "proven": found is None or found.short == 0,
        "short": 0.0 if found is None else found.short,
        "candidates": len(nobody),
        "aside": dict(case.aside),
        **_sums(case, chosen),
        "alone": _sums(case, nobody if alone is None else alone.chosen),
        "rules": [],
    }
    if found is None:
        sentences, rules = why_not(case)
        facts |= {"why_not": sentences, "conflict": [rule.words for rule in rules]}
    else:
        facts["rules"] = [
            _price(case, rule, found, alone, seconds) for rule in case.rules if rule not in means
        ]
    rows = case.candidates.loc[chosen, ["sheet_row"]].assign(cost=case.cost[chosen]).reset_index(drop=True)
    facts |= {"top": number_to_choose(households, settings), **_firmness(priorities, rows)}
    equity = equity_table(case.candidates, nobody if alone is None else alone.chosen, chosen, titles)
    return Selection(rows, equity, facts | {"notes": _notes(facts)})


def _sums(case: Case, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    some = case.candidates[chosen]
    return {
        "chosen": len(some),
        "desa": int(some["kode_desa"].nunique()),
        "score": float(some["score"].sum()),
        "cost": float(case.cost[chosen].sum()),
    }


def _price(case: Case, rule: Rule, found: Choice, alone: Choice | None, seconds: float) -> dict[str, Any]:
    """Say what one rule cost: the best choice without it, less the best choice with it."""
    rest = [other for other in case.rules if other is not rule]
    without: Choice | None = found
    if found is not alone:
        problem = case.problem(rest)
        easy = alone is not None and problem.allows(alone.chosen)
        # a problem that is hard with the rule is hard without it: its price is an estimate then, and said to be one
        patience = seconds if found.short == 0 else seconds / 3
        without = alone if easy else best_choice(problem, seconds=patience, ties=False)
    without = without or found
    told: dict[str, Any] = {
        "kind": rule.kind,
        "words": rule.words,
        "score_lost": max(0.0, round(without.score - found.score, 9)),
        "number_lost": int(without.chosen.sum() - found.chosen.sum()),
        "proven": without.short == 0 and found.short == 0,
    }
    if rule.quota is not None and rule.members is not None and rule.unknown is not None:
        told |= {
            "quota": rule.quota.text,
            "candidates": int(rule.members.sum()),
            "chosen": int((rule.members & found.chosen).sum()),
            "unknown": int((rule.unknown & found.chosen).sum()),
        }
    return told


def _firmness(priorities: pd.DataFrame, rows: pd.DataFrame) -> dict[str, int | None]:
    """Count the chosen by how surely they are among the first under other weights."""
    if "top_share" not in priorities:
        return {"firm": None, "depends": None, "hair": None}
    share = priorities.loc[priorities["sheet_row"].isin(rows["sheet_row"]), "top_share"]
    firm, hair = int((share >= FIRM).sum()), int((share < HAIR).sum())
    return {"firm": firm, "depends": len(share) - firm - hair, "hair": hair}


def _notes(facts: Mapping[str, Any]) -> list[str]:
    if not facts["met"]:
        return ["Tidak ada yang dipilih, karena permintaannya tidak dapat dipenuhi.", *facts["why_not"]]
    asked, aside = facts["asked"], facts["aside"]
    cost = f", biaya {money(facts['cost'])}" if asked["unit_costs"] else ""
    chosen, candidates, desa = (number(facts[name]) for name in ("chosen", "candidates", "desa"))
    score = number(facts["score"], 1)
    notes = [f"{chosen} dari {candidates} calon dipilih, di {desa} desa; jumlah skor {score}{cost}."]
    if not facts["proven"]:
        notes.append(
            f"Waktu pencarian habis: belum terbukti bahwa ini yang terbaik. Yang terbaik paling banyak "
            f"{number(facts['short'], 2)} skor di atasnya."
        )
    notes += [_told(rule, facts["score"]) for rule in facts["rules"]]
    if aside["no_price"]:
        notes.append(
            f"{number(aside['no_price'])} rumah tangga tidak menjadi calon: kebutuhannya tidak punya biaya satuan."
        )
    if aside["no_desa"]:
        notes.append(f"{number(aside['no_desa'])} rumah tangga tidak menjadi calon: desanya tidak diketahui.")
    if facts["firm"] is not None:
        notes.append(
            f"Bila bobot digeser sedikit, {number(facts['firm'])} dari yang dipilih tetap di antara "
            f"{number(facts['top'])} skor tertinggi (kokoh), {number(facts['depends'])} kadang tidak, dan "
            f"{number(facts['hair'])} lebih sering tidak: terpilih karena kuota, anggaran, atau selisih tipis."
        )
    return notes


def _told(rule: Mapping[str, Any], score: float) -> str:
    what = f"Kuota «{rule['words']}»" if rule["kind"] == "quota" else f"Syarat «{rule['words']}»"
    got = f" terpenuhi ({number(rule['chosen'])} dipilih)" if "chosen" in rule else ""
    if rule["score_lost"] <= 0 and rule["number_lost"] == 0:
        price = "tidak mengurangi apa pun"
    else:
        share = rule["score_lost"] / (score + rule["score_lost"]) if score + rule["score_lost"] else 0.0
        fewer = f" dan {number(rule['number_lost'])} rumah tangga" if rule["number_lost"] > 0 else ""
        more = (
            f", tetapi menambah {number(-rule['number_lost'])} rumah tangga"
            if rule["number_lost"] < 0
            else ""
        )
        price = f"harganya {number(rule['score_lost'], 2)} skor ({percent(share, 1)}){fewer}{more}"
    unsure = (
        f"; {number(rule['unknown'])} lainnya tidak diketahui termasuk atau tidak"
        if rule.get("unknown")
        else ""
    )
    doubt = "" if rule["proven"] else " (perkiraan: belum terbukti)"
    return f"{what}{got}: {price}{doubt}{unsure}."

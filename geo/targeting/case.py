"""What is to be decided: the candidates, what each costs, and the rules of the choice."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import SettingsError
from geo.indicators import INDICATORS
from geo.settings import SelectionSettings
from geo.symbology import known_need, number
from geo.targeting.members import Titles, members_of, registered_words, require_known, title_of
from geo.targeting.problem import Limit, Problem
from geo.targeting.quotas import Quota, read_quota

Mask = NDArray[np.bool_]

_FINEST = 100
"""Costs are exact to a hundredth of their unit."""
_USUAL = 100
_KEPT = ("kode_kecamatan", "nama_kecamatan", "zone_display", "desil")


@dataclass(frozen=True)
class Rule:
    """One rule of the choice that can be left out to see what it does.

    Attributes
    ----------
    kind
        ``number``, ``budget``, ``desa`` (the minimum a desa) or ``quota``.
    words
        The rule in Indonesian.
    limit
        The same as numbers; none for the minimum a desa.
    quota, members, unknown
        Of a quota: as it was read, which candidates it counts, and of which that is not known.
    """

    kind: str
    words: str
    limit: Limit | None = None
    quota: Quota | None = None
    members: Mask | None = None
    unknown: Mask | None = None


@dataclass(frozen=True)
class Case:
    """The candidates, the best first, with cost, desa (by number) and rules; ``aside`` counts who was left aside."""

    candidates: pd.DataFrame
    cost: NDArray[np.float64]
    desa: NDArray[np.intp]
    rules: tuple[Rule, ...]
    least_a_desa: int
    aside: Mapping[str, int]

    def problem(self, rules: Collection[Rule]) -> Problem:
        """Return the problem under some of the rules; somebody is always chosen."""
        size = len(self.candidates)
        limits = [rule.limit for rule in rules if rule.limit is not None]
        least = self.least_a_desa if any(rule.kind == "desa" for rule in rules) else 1
        score = self.candidates["score"].to_numpy(float)
        return Problem(score, self.desa, (*limits, Limit(-np.ones(size), -1.0)), least)


def make_case(
    priorities: pd.DataFrame,
    households: pd.DataFrame,
    settings: SelectionSettings,
    areas: pd.DataFrame,
    titles: Titles,
) -> Case:
    """Put the case of a choice together.

    Needs columns: of the priorities ``rank``, ``sheet_row``, ``kode_desa``, ``score``; of the households ``sheet_row``,
    ``need_<indicator>``, ``kode_kecamatan``, ``nama_kecamatan``, ``zone_<layer>``, ``zone_display``, ``group_<id>``,
    ``desil``; of the areas (all desa) ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``.

    Raises
    ------
    SettingsError
        When a quota or a unit cost names what does not exist, or money is limited and nothing has a price.
    """
    quotas = [read_quota(text) for text in dict.fromkeys(settings.quotas)]
    _require_costs(settings)
    listed = priorities.sort_values("rank", ignore_index=True)
    people = households.set_index("sheet_row").reindex(listed["sheet_row"]).reset_index(drop=True)
    wanted = [name for name in people if str(name).startswith(("need_", "zone_", "group_")) or name in _KEPT]
    table = listed[["rank", "sheet_row", "kode_desa", "score"]].join(pd.DataFrame(people[wanted]))
    table = table[known_need(table, settings.of) == 1] if settings.of != "any" else table
    cost, priced = _costs(table, settings)
    no_desa = table["kode_desa"].isna().to_numpy() & (settings.least_a_desa > 1)
    inside = priced & ~no_desa
    table, cost = table[inside].reset_index(drop=True), cost[inside]
    codes, distinct = pd.factorize(table["kode_desa"])
    rules = [*_means(cost, settings)]
    if settings.least_a_desa > 1:
        rules.append(Rule("desa", f"tiap desa yang dipilih paling sedikit {number(settings.least_a_desa)}"))
    for quota in quotas:
        members, unknown = members_of(quota, table, households, areas)
        words = quota.words(title_of(quota, households, areas, titles))
        rules.append(Rule("quota", words, Limit(*quota.row(members)), quota, members, unknown))
    return Case(
        candidates=table,
        cost=cost,
        desa=np.where(codes < 0, len(distinct), codes).astype(np.intp),
        rules=tuple(rules),
        least_a_desa=settings.least_a_desa,
        aside={"no_price": int((~priced).sum()), "no_desa": int((priced & no_desa).sum())},
    )


def number_to_choose(households: pd.DataFrame, settings: SelectionSettings) -> int:
    """Return how many households will be chosen, as far as number and money tell before the choice.

    Needs columns: ``need_<indicator>``. Without a limit it is 100, the usual length of a list.
    """
    most = [] if settings.number is None else [settings.number]
    if settings.budget is not None:
        inside = known_need(households, settings.of) == 1 if settings.of != "any" else slice(None)
        cost, priced = _costs(households[inside], settings)
        if priced.any() and cost[priced].sum() > 0:
            most.append(max(1, int(settings.budget / cost[priced].mean())))
    return min(most, default=_USUAL)


def check_selection(settings: SelectionSettings, areas: pd.DataFrame, groups: Collection[str]) -> None:
    """Look at what a choice asks for, as far as no household is needed for that.

    Needs columns: of the areas (all desa) ``kode_desa``, ``kode_kecamatan``, of use ``nama_desa``, ``nama_kecamatan``.

    Parameters
    ----------
    groups
        Ids of the target groups.

    Raises
    ------
    SettingsError
        When a quota or a unit cost names what does not exist, or money is limited and nothing has a price.
    """
    _require_costs(settings)
    for text in settings.quotas:
        require_known(read_quota(text), (areas,), groups, registered_words())


def _means(cost: NDArray[np.float64], settings: SelectionSettings) -> list[Rule]:
    rules = []
    if settings.number is not None:
        ones = np.ones(len(cost))
        words = f"paling banyak {number(settings.number)} rumah tangga"
        rules.append(Rule("number", words, Limit(ones, settings.number)))
    if settings.budget is not None:
        words = f"anggaran {money(settings.budget)}"
        rules.append(Rule("budget", words, _budget(cost, settings.budget)))
    return rules


def money(amount: float) -> str:
    """Write an amount of money, with hundredths only where it has them.

    Examples
    --------
    >>> money(20_000_000), money(0.5)
    ('20.000.000', '0,50')
    """
    return number(amount, 0 if float(amount).is_integer() else 2)


def _budget(cost: NDArray[np.float64], budget: float) -> Limit:
    """Return the limit in the largest unit in which every cost is a whole number, so that sums are exact."""
    finest = np.rint(cost * _FINEST).astype(np.int64)
    unit = int(np.gcd.reduce(finest)) or 1 if len(finest) else 1
    whole, most = finest / unit, float(np.floor(budget * _FINEST / unit + 1e-6))
    scale = max(1.0, float(whole.max(initial=1.0)) / 1e6)
    return Limit(whole / scale, most / scale)


def _require_costs(settings: SelectionSettings) -> None:
    priced = [indicator.id for indicator in INDICATORS.values() if not indicator.sensitive]
    for need, cost in settings.unit_costs.items():
        if need not in priced:
            shown = "".join(letter for letter in need if letter.isprintable())[:80]
            raise SettingsError(
                f"Biaya satuan diberikan untuk «{shown}», yang tidak ada. Yang ada: {', '.join(priced)}."
            )
        if not 0 <= cost < float("inf"):
            raise SettingsError(f"Biaya satuan {need} harus bilangan, paling kecil 0.")
    if settings.budget is not None and not settings.unit_costs:
        raise SettingsError(
            "Anggaran diberikan tanpa biaya satuan. Sebut biaya tiap kebutuhan: --unit-cost rtlh=20000000, atau "
            "unit_costs = {rtlh = 20000000} pada bagian [selection] setelan."
        )


def _costs(table: pd.DataFrame, settings: SelectionSettings) -> tuple[NDArray[np.float64], Mask]:
    """Return the cost of each candidate, and whether anything it needs has a price."""
    if not settings.unit_costs:
        return np.ones(len(table)), np.ones(len(table), dtype=bool)
    cost, priced = np.zeros(len(table)), np.zeros(len(table), dtype=bool)
    for need, price in settings.unit_costs.items():
        needs = known_need(table, need) == 1
        cost += price * needs
        priced |= needs
    return cost, priced

"""The ranked list with the choice on it, that of the run or one solved anew, and the rows that a page shows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from app.choosing.asked import Wish
from app.choosing.solving import WEB_SECONDS, solve, stored_settings
from app.library import OpenedRun
from geo.report.words import firmness, need_words
from geo.targeting import NAMED, PARTS

PART_TITLES = {
    "rtlh": "RTLH",
    "jamban": "jamban",
    "desil": "desil",
    "members": "anggota",
    "cluster": "kantong",
    "hot_spot": "panas atau lingkaran",
    "gap": "kekurangan desa",
}
"""What the parts of a score are called."""

MOST_WEIGHTINGS = 500
"""So many weightings at most stand behind a rank interval here, so that an answer comes within seconds."""

_OF_LIST = ("rank", "sheet_row", "score", "why", "rank_low", "rank_high", "top_share", "chosen", "cost")
_OF_HOUSEHOLD = ("kode_desa", "nama_desa", "nama_kecamatan", "desil", "location_quality")
_NEEDS = (*NAMED, "babs")


@dataclass(frozen=True)
class Ranking:
    """Everybody who is listed, the best first, and who of them is chosen.

    Attributes
    ----------
    listed
        Columns of :func:`geo.targeting.prioritise`, ``chosen`` and ``cost``; without these two where the choice of the
        run may not be told.
    places
        Where each stands among the counted households.
    equity
        Table of :func:`geo.targeting.equity.equity_table`.
    facts
        Of the choice, see :func:`geo.targeting.choose`.
    weightings
        How many stand behind the rank intervals.
    """

    listed: pd.DataFrame
    places: np.ndarray
    equity: pd.DataFrame
    facts: dict[str, Any]
    weightings: int

    @cached_property
    def chosen(self) -> np.ndarray:
        """Who of the list is chosen."""
        if "chosen" not in self.listed:
            return np.zeros(len(self.listed), dtype=bool)
        return self.listed["chosen"].fillna(value=False).to_numpy(dtype=bool)

    @property
    def tells_choice(self) -> bool:
        """Say whether it tells who is chosen."""
        return "chosen" in self.listed

    @property
    def is_priced(self) -> bool:
        """Say whether the costs are sums of money."""
        return bool(self.facts.get("asked", {}).get("unit_costs"))

    def rows(self, opened: OpenedRun, places: np.ndarray) -> list[dict[str, Any]]:
        """Return some of the list as rows for a page.

        Parameters
        ----------
        places
            Positions in the list.
        """
        part = self.listed.iloc[places]
        there = [name for name in _OF_LIST if name in part]
        rows: list[dict[str, Any]] = _records(part[there])
        own = opened.assessment.counted
        needs = {name: need_words(name) for name in _NEEDS if f"need_{name}" in own}
        columns = [name for name in (*_OF_HOUSEHOLD, *(f"need_{name}" for name in needs)) if name in own]
        # column by column: several at once would be copied whole first
        people = _records(pd.DataFrame({name: own[name].iloc[self.places[places]] for name in columns}))
        shares = {name: part[f"part_{name}"].to_numpy(float) for name in PARTS if f"part_{name}" in part}
        return [
            dict.fromkeys((*_OF_LIST, *_OF_HOUSEHOLD))
            | row
            | person
            | {
                "needs": [title for name, title in needs.items() if person[f"need_{name}"] is True],
                "parts": [
                    (name, PART_TITLES[name], float(values[nth]))
                    for name, values in shares.items()
                    if values[nth] > 0
                ],
                "firm": firmness(row.get("top_share")) if row.get("chosen") else "",
            }
            for nth, (row, person) in enumerate(zip(rows, people, strict=True))
        ]


def own_ranking(opened: OpenedRun) -> Ranking:
    """Return the list and the choice of a run, as far as pages may tell them."""
    listed = opened.assessment.priorities
    weights, _, _ = stored_settings(opened.facts)
    facts = dict(opened.facts.get("selection", {}))
    return Ranking(listed, _places(opened, listed), opened.assessment.equity, facts, weights.weightings)


def solved_ranking(opened: OpenedRun, wish: Wish) -> Ranking:
    """Rank and choose anew by other wishes; needs of health never weigh here.

    Raises
    ------
    SettingsError
        When the wishes name what does not exist.
    """
    _, _, seed = stored_settings(opened.facts)
    weights = wish.weights.model_copy(update={"weightings": min(wish.weights.weightings, MOST_WEIGHTINGS)})
    listed, choice = solve(opened.assessment, weights, wish.selection, seed, WEB_SECONDS)
    cost = listed["sheet_row"].map(choice.chosen.set_index("sheet_row")["cost"])
    listed = listed.assign(chosen=cost.notna(), cost=cost)
    places = _places(opened, listed)
    # names of places stand with the households: several choices are kept at once
    slim = listed.drop(columns=["kode_desa", "nama_desa", "nama_kecamatan", "has_position"])
    return Ranking(slim, places, choice.equity, choice.facts, weights.weightings)


def _places(opened: OpenedRun, listed: pd.DataFrame) -> np.ndarray:
    places: np.ndarray = opened.arrays.positions(listed["sheet_row"].to_numpy(np.int64))
    return places


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows in which what is missing is ``None``."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]

"""The households that are chosen, and the visits to them: what the map adds to their points."""

from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.maps.wording import escape
from geo.symbology import number
from geo.targeting import FIRM, HAIR, weighs_in

TEAM_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#882255", "#56b4e9", "#7a5195", "#000000", "#8c6d00")
"""Okabe and Ito's, and dark neighbours of them; teams beyond take them again with another dash."""

TEAM_DASHES = ("", "8 5", "2 4", "10 4 2 4")

MOST_REASONS = 5_000
"""With more distinct reasons than this the popups do without: they would outweigh the map."""

Json = dict[str, Any]


def team_style(team: int) -> tuple[str, str]:
    """Return colour and dash of a team, counted from 1; both change, so that either tells teams apart.

    Examples
    --------
    >>> team_style(1), team_style(2), team_style(9)[0] == team_style(1)[0]
    (('#0072b2', ''), ('#d55e00', '8 5'), True)
    """
    place = team - 1
    turn = place // len(TEAM_COLOURS)
    return TEAM_COLOURS[place % len(TEAM_COLOURS)], TEAM_DASHES[(place + turn) % len(TEAM_DASHES)]


def chosen_households(assessment: Assessment) -> Json:
    """Return by sheet row what a popup says of each chosen household with a point, as columns.

    Needs columns: table ``priorities`` with ``chosen``, ``sheet_row``, ``rank``; of use ``rank_low``, ``rank_high``,
    ``top_share``, ``why``.
    """
    chosen = _chosen(assessment)
    chosen = chosen[chosen["sheet_row"].isin(_with_point(assessment))]
    return {
        "row": chosen["sheet_row"].tolist(),
        "rank": [_rank(*row) for row in zip(*(_numbers(chosen, name) for name in
                 ("rank", "rank_low", "rank_high", "top_share")), strict=True)],
        "why": _coded(chosen["why"] if "why" in chosen else pd.Series("", chosen.index)),
    }  # fmt: skip


def visit_stops(assessment: Assessment) -> Json:
    """Return the stops at households with a point in the order of the visits, each team's style, and its days.

    ``days`` lists team, day, visits planned, visits drawn; ``starts`` are positions, the latitude first, and
    ``start_of`` says by team which of them is its own.

    Needs columns: table ``visits`` with ``team``, ``day``, ``order``, ``sheet_row``.
    """
    visits = _visits(assessment)
    drawn = visits["sheet_row"].isin(_with_point(assessment))
    days = (
        visits.assign(planned=1, drawn=drawn.astype(int)).groupby(["team", "day"])[["planned", "drawn"]].sum()
    )
    teams = sorted(visits["team"].unique().tolist())
    return {
        **{name: visits.loc[drawn, name].tolist() for name in ("sheet_row", "team", "day", "order")},
        "days": days.reset_index().to_numpy().tolist(),
        "teams": {str(team): team_style(int(team)) for team in teams},
        **_starts(assessment, sorted(visits.loc[drawn, "team"].unique().tolist())),
    }


def _starts(assessment: Assessment, teams: list[int]) -> Json:
    """Return where the teams start, as the facts of the visits say it: one place for all, or one each."""
    given = assessment.facts.get("visits", {}).get("starts") or []
    # a longitude and a latitude, or nothing: no marker may stand where nobody starts
    places = [
        (round(float(lat), 5), round(float(lon), 5)) for lon, lat in given if np.isfinite([lon, lat]).all()
    ]
    if len(places) != len(given) or (1 < len(places) < max(teams, default=0)):
        places = []
    own = {int(team): places[0 if len(places) == 1 else int(team) - 1] for team in teams if places}
    distinct = sorted(set(own.values()))
    return {
        "starts": [list(place) for place in distinct],
        "start_of": {str(team): distinct.index(place) for team, place in own.items()},
    }


def plan_legend(assessment: Assessment) -> Json:
    """Return the words and figures of the choice and the visits, not yet escaped."""
    chosen, visits = _chosen(assessment), _visits(assessment)
    located = _with_point(assessment)
    drawn, stops = (int(table["sheet_row"].isin(located).sum()) for table in (chosen, visits))
    choice, plan = assessment.facts.get("selection", {}), assessment.facts.get("visits", {})
    teams = sorted(int(team) for team in visits["team"].unique())
    return {
        "chosen": {
            "withheld": bool(choice.get("withheld")) or _weighs_health(assessment),
            "why_not": [] if choice.get("met", True) else list(choice.get("why_not", [])),
            "firm": "" if choice.get("firm") is None else number(choice["firm"]),
            "count": number(len(chosen)),
            "drawn": number(drawn),
            "pointless": number(len(chosen) - drawn) if drawn < len(chosen) else "",
            "any": drawn > 0,
        },
        "visits": {
            "withheld": bool(plan.get("withheld")) or _weighs_health(assessment),
            "count": number(len(visits)),
            "drawn": number(stops),
            "pointless": number(len(visits) - stops) if stops < len(visits) else "",
            "left_out": number(len(assessment.visits_left_out)) if len(assessment.visits_left_out) else "",
            "any": stops > 0,
            "start": bool(visit_stops(assessment)["starts"]),
            "assumptions": [str(sentence) for sentence in plan.get("assumptions", [])],
            "days": sorted(int(day) for day in visits["day"].unique()),
            "teams": [
                (team, *team_style(team), number(int((visits["team"] == team).sum()))) for team in teams
            ],
        },
    }


def _weighs_health(assessment: Assessment) -> bool:
    """Say whether a place in the list would tell of somebody's health: then no point may show it."""
    sensitive = [entry["id"] for entry in assessment.facts["indicators"] if entry["sensitive"]]
    return weighs_in(assessment.priorities, sensitive)


def _chosen(assessment: Assessment) -> pd.DataFrame:
    listed = assessment.priorities
    if "chosen" not in listed or _weighs_health(assessment):
        return pd.DataFrame({"sheet_row": pd.Series(dtype="int64")})
    return listed[listed["chosen"].fillna(value=False).astype(bool)]


def _visits(assessment: Assessment) -> pd.DataFrame:
    names = ["team", "day", "order", "sheet_row"]
    if not {*names} <= {*assessment.visits.columns} or _weighs_health(assessment):
        return pd.DataFrame({name: pd.Series(dtype="int64") for name in names})
    return assessment.visits.sort_values(["day", "team", "order"])


def _with_point(assessment: Assessment) -> pd.Series:
    households = assessment.counted
    has_point = households.geometry.notna() & ~households.geometry.is_empty
    return pd.Series(households["sheet_row"].to_numpy()[has_point.to_numpy()])


def _numbers(table: pd.DataFrame, name: str) -> list[float]:
    if name not in table:
        return [np.nan] * len(table)
    return table[name].astype("Float64").to_numpy(float, na_value=np.nan).tolist()


def _rank(rank: float, low: float, high: float, share: float) -> str:
    """Say the rank, and how far it moves when the weights move.

    Examples
    --------
    >>> print(_rank(12, 8, 31, 0.93))
    12; rentang peringkat bila bobot digeser sedikit: 8 sampai 31 (bergantung pada bobot)
    >>> print(_rank(3, 3, 3, 1.0))
    3; rentang peringkat bila bobot digeser sedikit: tetap 3 (kokoh)
    >>> print(_rank(3, float("nan"), float("nan"), float("nan")))
    3
    """
    if np.isnan(rank):
        return ""
    if np.isnan(low) or np.isnan(high):
        return escape(number(rank))
    moved = f"{number(low)} sampai {number(high)}" if low != high else f"tetap {number(low)}"
    firm = "kokoh" if share >= FIRM else "selisih tipis" if share < HAIR else "bergantung pada bobot"
    told = f" ({firm})" if np.isfinite(share) else ""
    return escape(f"{number(rank)}; rentang peringkat bila bobot digeser sedikit: {moved}{told}")


def _coded(words: pd.Series) -> Json:
    codes, distinct = pd.factorize(words.astype("str").fillna(""))
    if len(distinct) > MOST_REASONS:
        return {"words": [""], "codes": [0] * len(words)}
    return {"words": [escape(word) for word in distinct], "codes": codes.tolist()}

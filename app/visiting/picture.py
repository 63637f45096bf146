"""What the map draws of a plan: its stops and routes, and how far each desa has come."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.outcome_codes import Held
from app.visiting.plans import Plan
from app.visiting.progress import words_of
from geo.maps.plan import team_style
from geo.maps.wording import escape
from geo.outcomes import progress
from geo.symbology import number

STEPS = (
    ("#fff1df", "belum ada"),
    ("#cbc2e4", "kurang dari setengah"),
    ("#9088c2", "setengah atau lebih"),
    ("#4a3b8f", "semua dikunjungi"),
)
"""Colours of a desa by how much of its list was visited, from light to dark, and what each means."""

_HALF = 0.5

Json = dict[str, Any]


def drawn_stops(plan: Plan, team: int = 0, day: int = 0) -> Json:
    """Return the stops with a point of their own as the map reads a plan: of one day of a team, or all of them.

    Returns
    -------
    dict
        ``row``, ``lat``, ``lon`` (degrees), ``chosen`` (empty), and ``visits``: ``sheet_row``, ``team``, ``day``,
        ``order``, ``teams`` (colour and dash of each), ``starts`` (latitude, longitude), ``start_of`` (by team).
    """
    stops = plan.day(team, day) if team else plan.stops
    stops = stops[stops["has_position"].to_numpy(bool)]
    teams = sorted(int(one) for one in stops["team"].unique())
    starts = [(round(float(lat), 5), round(float(lon), 5)) for lon, lat in plan.facts.get("starts") or []]
    if 1 < len(starts) < max(teams, default=0):
        starts = []
    own = {one: starts[0 if len(starts) == 1 else one - 1] for one in teams if starts}
    places = sorted(set(own.values()))
    return {
        "row": stops["sheet_row"].tolist(),
        "lat": np.round(stops["lat"].to_numpy(float), 5).tolist(),
        "lon": np.round(stops["lon"].to_numpy(float), 5).tolist(),
        "chosen": [],
        "visits": {
            **{name: stops[name].tolist() for name in ("sheet_row", "team", "day", "order")},
            "teams": {str(one): team_style(one) for one in teams},
            "starts": [list(place) for place in places],
            "start_of": {str(one): places.index(place) for one, place in own.items()},
        },
    }


def desa_progress(plan: Plan, held: Mapping[int, Held]) -> Json:
    """Return colours and tips of all desa of the plan's run by how much of its list was visited there."""
    desa = plan.opened.assessment.desa
    table = progress(plan.listed, words_of(held), ["kode_desa"]).set_index("kode_desa")
    mine = table.reindex(desa["kode_desa"])
    listed, visited, share = (mine[name].to_numpy(float) for name in ("listed", "visited", "share"))
    classes = np.select([np.isnan(listed), visited == 0, share < _HALF, share < 1], [-1, 0, 1, 2], default=3)
    tips = [
        f"<b>{escape(name)}</b><br>" + ("tidak ada dalam daftar" if all_ != all_ else  # noqa: PLR0124  -- missing
        f"{number(seen)} dari {number(all_)} dikunjungi")
        for name, all_, seen in zip(desa["nama_desa"], listed.tolist(), visited.tolist(), strict=True)
    ]  # fmt: skip
    return {
        "level": "desa",
        "classes": classes.tolist(),
        "colours": [colour for colour, _ in STEPS],
        "inside": [1] * len(desa),
        "tips": tips,
    }

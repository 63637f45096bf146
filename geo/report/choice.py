"""What stands behind the page for the meeting: every circle, the choice and whom it serves, and the plan of visits."""

from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.report.gathering import labelled_scans
from geo.report.words import odds
from geo.report.zones import records
from geo.targeting import KINDS

Row = dict[str, Any]


def circles(assessment: Assessment) -> list[Row]:
    """Return the circles that have a label by indicator and base, each with its chance in words."""
    titles = {about["id"]: about["title"] for about in assessment.facts["indicators"]}
    scans = labelled_scans(assessment)
    shown = pd.DataFrame(scans[scans["label"] != ""].drop(columns="geometry"))
    if shown.empty:
        return []
    shown = shown.assign(odds=shown["p_value"].map(odds))
    return [
        {
            "title": f"{titles.get(str(indicator), indicator)}, dari {'desa' if base == 'desa' else 'titik rumah'}",
            "rows": records(rows),
        }
        for (indicator, base), rows in shown.groupby(["indicator", "base"], sort=False)
    ]


def equity(assessment: Assessment) -> list[Row]:
    """Return the groups of the equity table by kind, each with its shares on one axis."""
    table = assessment.equity
    if table.empty or "candidates_share" not in table:
        return []
    parts = []
    for kind, rows in table.groupby("kind", sort=False):
        highest = float(np.nanmax([0.01, *rows["candidates_share"], *rows["chosen_share"]]))
        parts.append({"title": KINDS.get(str(kind), str(kind)), "axis": highest, "rows": records(rows)})
    return parts


def team_days(assessment: Assessment) -> list[Row]:
    """Return each team's day: houses, desa in their order, and minutes on the way and at the doors."""
    visits = assessment.visits
    if visits.empty:
        return []
    on_the_way = [name for name in ("travel_minutes", "return_minutes") if name in visits]
    at_work = [name for name in ("report_minutes", "visit_minutes") if name in visits]
    return [
        {
            "team": team,
            "day": day,
            "houses": len(stops),
            "without": int((~stops["has_position"].astype(bool)).sum()),
            "desa": list(dict.fromkeys(stops["nama_desa"].fillna("desa belum diketahui"))),
            "minutes": float(stops[on_the_way + at_work].to_numpy(float).sum()),
            "on_the_way": float(stops[on_the_way].to_numpy(float).sum()),
        }
        for (team, day), stops in visits.groupby(["team", "day"], sort=True)
    ]

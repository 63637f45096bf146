"""What is told of a desa by one indicator: rate with interval, rank, gap, hot spot and circles."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.maps.circles import OF_DESA, significant_scans
from geo.maps.themes import hot_rows, numbers
from geo.symbology import number, percent, target_share

Json = dict[str, Any]

FUNNEL_WORDS = {
    "di atas": "lebih jauh di atas tingkat kabupaten daripada yang biasa",
    "di bawah": "lebih jauh di bawah tingkat kabupaten daripada yang biasa",
    "wajar": "dalam kisaran yang biasa di kabupaten",
}
_SURE, _VERY_SURE = 0.01, 0.001


@dataclass(frozen=True)
class Compared:
    """What tells the desa of a run apart by one indicator.

    Attributes
    ----------
    ranks
        Place by rate, 1 has most; missing where nothing may be said.
    hot
        Rows of the hot spots, a desa each; nothing where none was tested.
    circles
        By kode_desa, the sentences on the circles of whole desa that it lies in.
    """

    ranks: np.ndarray
    hot: pd.DataFrame | None
    circles: Mapping[str, Sequence[str]]


def compare(assessment: Assessment) -> dict[str, Compared]:
    """Return by indicator what tells the desa of a run apart."""
    desa, spots, scans = assessment.desa, assessment.hot_spots, significant_scans(assessment)
    whole = {"label", "nama_desa", "members", "base", "indicator"} <= {*scans.columns}
    nothing: dict[str, list[str]] = {name: [] for name in ("label", "nama_desa", "members", "indicator")}
    circles = pd.DataFrame(scans[scans["base"] == OF_DESA] if whole else nothing)
    found = {}
    for name in [str(entry["id"]) for entry in assessment.facts["indicators"]]:
        rates = numbers(desa, f"{name}_rate").where(numbers(desa, f"{name}_enough").eq(1))
        tested = "indicator" in spots and bool((spots["indicator"] == name).any())
        ranks = rates.rank(ascending=False, method="min").to_numpy()
        found[name] = Compared(
            ranks,
            hot_rows(assessment, name) if tested else None,
            _circles(circles[circles["indicator"] == name]),
        )
    return found


def told_of(assessment: Assessment, entry: Json, place: int, row: pd.Series, compared: Compared) -> Json:
    """Return what is told of a desa by one indicator, not yet escaped.

    Parameters
    ----------
    place, row
        Where the desa stands in the table, and what the table says of it.
    """
    name = str(entry["id"])
    told = {
        "id": name, "title": entry["title"], "profile": entry["profile"], "definition": entry["definition"],
        "caution": entry.get("caution", ""),
    }  # fmt: skip
    withheld = f"{name}_suppressed" in row and bool(row[f"{name}_suppressed"])
    if f"{name}_known" not in row or withheld or pd.isna(row[f"{name}_known"]):
        return told | {"state": "withheld"}
    rank = compared.ranks[place]
    unknown = value_of(row, f"{name}_unknown")
    return told | {
        "state": "told" if np.isfinite(rank) else "few",
        "need": count_of(row, f"{name}_need"),
        "known": count_of(row, f"{name}_known"),
        "unknown": count_of(row, f"{name}_unknown"),
        "rate": share_of(row, f"{name}_rate"),
        "low": share_of(row, f"{name}_low"),
        "high": share_of(row, f"{name}_high"),
        "span": [_bounded(row, f"{name}_{end}") for end in ("low", "rate", "high")],
        "least": share_of(row, f"{name}_least") if unknown else "",
        "most": share_of(row, f"{name}_most") if unknown else "",
        "smoothed": share_of(row, f"{name}_smoothed"),
        "funnel": FUNNEL_WORDS.get(str(row.get(f"{name}_funnel", "")), ""),
        "rank": number(rank) if np.isfinite(rank) else "",
        "ranked": number(int(np.isfinite(compared.ranks).sum())),
        "gap": _gap(assessment.facts, row, name),
        "hot": _hot(assessment, compared.hot, place),
        "circles": compared.circles.get(str(row["kode_desa"]), []),
    }


def _gap(facts: Mapping[str, Any], row: pd.Series, name: str) -> Json | None:
    gap, most = value_of(row, f"{name}_gap"), value_of(row, f"{name}_gap_most")
    if not np.isfinite(gap):
        return None
    return {
        "target": target_share(facts, name),
        "count": number(gap),
        "share": share_of(row, f"{name}_gap_rate") if gap else "",
        "most": number(most) if most > gap else "",
    }


def _hot(assessment: Assessment, rows: pd.DataFrame | None, place: int) -> Json | None:
    if rows is None:
        return None
    row = rows.iloc[place]
    corrected = assessment.facts.get("hot_spots", {}).get("correction") == "fdr"
    q = value_of(row, "gi_q")
    sure = "Sangat yakin" if q <= _VERY_SURE else "Yakin" if q <= _SURE else "Cukup yakin"
    # a desa that could not be tested has no q
    wrong = "kurang dari 1" if not q >= _SURE else f"sekitar {number(100 * q)}"
    about = f"{sure}: dari 100 desa yang ditandai setegas ini, {wrong} keliru." if np.isfinite(q) else ""
    return {
        "kind": str(row["gi_class"]),
        "untested": str(row["untested"]),
        "stays": str(row["stays"]) if isinstance(row["stays"], str) else "",
        "sure": about if corrected else "Tanpa koreksi uji berganda: mungkin semu.",
    }


def _circles(circles: pd.DataFrame) -> dict[str, list[str]]:
    """Say in which circles each desa lies whole; a circle of houses cuts through desa."""
    risks = numbers(circles, "relative_risk")
    found: defaultdict[str, list[str]] = defaultdict(list)
    for label, nama_desa, risk, members in zip(
        circles["label"], circles["nama_desa"], risks, circles["members"], strict=True
    ):
        words = f"Lingkaran {label} sekitar {nama_desa}: {number(risk, 1)} kali sesering di luarnya."
        for kode in dict.fromkeys(str(members).split()):
            found[kode].append(words)
    return dict(found)


def value_of(row: pd.Series, name: str) -> float:
    """Return a figure of a desa, not a number where it is missing."""
    value = row.get(name)
    return float("nan") if value is None or pd.isna(value) else float(value)


def count_of(row: pd.Series, name: str) -> str:
    """Write a count of a desa; empty where it is missing."""
    value = value_of(row, name)
    return number(value) if np.isfinite(value) else ""


def share_of(row: pd.Series, name: str) -> str:
    """Write a share of a desa; empty where it is missing."""
    value = value_of(row, name)
    return percent(value) if np.isfinite(value) else ""


def _bounded(row: pd.Series, name: str) -> float:
    value = value_of(row, name)
    return round(100 * min(max(value, 0.0), 1.0), 2) if np.isfinite(value) else 0.0

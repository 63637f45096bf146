"""What to do first in an area: a few sentences, each from a figure that stands on the profile."""

import numpy as np
import pandas as pd

from geo.atlas.profile.area import DESA, Area, Figure
from geo.symbology import number, percent

MUCH_UNKNOWN = 0.1
MUCH_UNLOCATED = 0.1
"""From so large a share on, what is missing comes first: every other figure hangs on it."""

MOST_PARTS = 3
NOBODY = (
    "Belum ada rumah tangga {kind} ini dalam register: pastikan pendataannya; itu belum tentu berarti nihil."
)
REACHED = "Target yang diukur di sini sudah tercapai sejauh diketahui; jaga dan perbarui datanya."
UNTOLD = (
    "Sebagian angka tidak ditampilkan agar angka kecil tetap rahasia: mintalah lengkapnya kepada perencana."
)


def what_first(area: Area) -> list[str]:
    """Return what an area should do, most pressing first; one sentence at least.

    Large gaps in the data come before the gaps in service that they may hide; then the needs by their gap, the
    densest kantong, the circles, and the list.
    """
    if area.households == 0:
        return [NOBODY.format(kind=area.kind.lower())]
    said = [*_data(area), *_gaps(area), *_kantong(area), *_gathering(area), *_list(area)]
    told = [figure for figure in area.figures if not figure.sensitive and np.isfinite(figure.gap)]
    if not told:
        return [*said, UNTOLD]
    open_ones = [figure for figure in area.figures if not figure.sensitive]
    if any(figure.gap > 0 for figure in told) or len(told) == len(open_ones):
        return said or [REACHED]
    return [*said, UNTOLD]


def _data(area: Area) -> list[str]:
    said = []
    missing = area.households - area.located
    if missing > MUCH_UNLOCATED * area.households:
        said.append(
            f"Lengkapi titik rumah: {number(missing)} dari {number(area.households)} rumah tangga belum punya titik, "
            "jadi tidak tampak di peta mana pun."
        )
    open_ones = [figure for figure in area.figures if not figure.sensitive and not figure.withheld]
    unsure = [
        figure for figure in open_ones if figure.unknown > MUCH_UNKNOWN * (figure.known + figure.unknown)
    ]
    if unsure:
        worst = max(unsure, key=lambda figure: figure.unknown)
        said.append(
            f"Lengkapi isian: untuk {number(worst.unknown)} rumah tangga belum diketahui «{worst.title}»"
            + (f" (dan {len(unsure) - 1} kebutuhan lain)." if len(unsure) > 1 else ".")
        )
    return said


def _gaps(area: Area) -> list[str]:
    behind = [
        figure for figure in area.figures if not figure.sensitive and not figure.withheld and figure.gap > 0
    ]
    return [_gap(area, figure) for figure in sorted(behind, key=lambda figure: -figure.gap)]


def _gap(area: Area, figure: Figure) -> str:
    most = f" (sampai {number(figure.most)} bila yang belum diketahui ternyata membutuhkan)"
    sentence = f"{figure.title}: {number(figure.gap)} rumah tangga lagi menuju {figure.target or 'target'}"
    sentence += most if figure.most > figure.gap else ""
    where = _where(area.parts, f"{figure.id}_need")
    return f"{sentence}; mulai dari {where}." if where else f"{sentence}."


def _where(parts: pd.DataFrame, column: str) -> str:
    """Name the parts of an area with most need, with its count; nothing where there is just one, or none is known."""
    if column not in parts or len(parts) <= 1:
        return ""
    found = parts[parts[column].fillna(0) > 0].sort_values(column, ascending=False).head(MOST_PARTS)
    return ", ".join(
        f"{title} ({number(need)})" for title, need in zip(found["title"], found[column], strict=True)
    )


def _kantong(area: Area) -> list[str]:
    if area.kantong.empty:
        return []
    first = area.kantong.iloc[0]
    title = dict(area.open_needs).get(str(first["indicator"]), str(first["indicator"]))
    walk = first["walk_m"]
    near = f", sekitar {number(round(float(walk), -1))} m berjalan" if pd.notna(walk) else ""
    others = len(area.kantong) - 1
    return [
        f"Satu perjalanan menjangkau banyak rumah di {first['name']}: {number(first['households'])} rumah tangga, "
        f"{title}{near}" + (f"; ada {number(others)} kantong lain." if others else ".")
    ]


def _gathering(area: Area) -> list[str]:
    said = []
    if area.hot:
        titles = ", ".join(
            title if area.level == DESA else f"{title} ({count} desa)" for title, count in area.hot
        )
        said.append(
            f"Desa panas menurut {titles}: nyata lebih sering bersama tetangganya, rencanakan bersama desa sekitar."
            if area.level == DESA
            else f"Desa panas: {titles}; rencanakan bersama, karena kebutuhannya mengelompok melintasi batas desa."
        )
    if not area.circles.empty and not area.hot:
        first = area.circles.sort_values("relative_risk", ascending=False).iloc[0]
        title = dict(area.open_needs).get(str(first["indicator"]), str(first["indicator"]))
        if pd.notna(first["relative_risk"]):
            said.append(
                f"Terletak di lingkaran {first['label']} ({title}): {number(float(first['relative_risk']), 1)} kali "
                "sesering di luarnya; rencanakan bersama desa di lingkaran itu."
            )
    return said


def _list(area: Area) -> list[str]:
    if not area.chosen > 0:
        return []
    visits = area.visits or {}
    listed = visits.get("listed", 0.0)
    told = f"{number(area.chosen)} rumah tangga di sini ada dalam daftar prioritas kabupaten"
    if listed:
        left = listed - visits.get("visited", 0.0)
        told += f"; {number(left)} dari {number(listed)} yang direncanakan belum dikunjungi"
    return [told + "."]


def span(figure: Figure) -> str:
    """Write a rate with its interval.

    Examples
    --------
    >>> from dataclasses import replace
    >>> nothing = Figure("x", "X", "", False, *[np.nan] * 9, 0, np.nan, np.nan, False, False)
    >>> span(replace(nothing, rate=0.14, low=0.114, high=0.171)), span(nothing)
    ('14,0 % (11–17)', '–')
    """
    if not np.isfinite(figure.rate):
        return "–"
    return f"{percent(figure.rate, 1)} ({percent(figure.low)}–{percent(figure.high)})".replace(
        " %–", "–"
    ).replace(" %)", ")")

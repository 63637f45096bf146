"""The areas of a view cut into classes, by what lies inside the filter alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from app.map_view.asked import DESA, Asked
from app.map_view.figures import Figures, values
from geo.maps.themes import ABOUT, Theme, counted_theme, hot_theme, placed
from geo.symbology import RAMP_RTLH, RAMPS, class_breaks, percent, target_share


def cut(found: Figures, asked: Asked, indicator: Mapping[str, Any], facts: Mapping[str, Any]) -> Theme:
    """Cut the areas inside into classes of the asked measure."""
    ramp = RAMPS.get(asked.indicator, RAMP_RTLH)
    level = "desa" if asked.level == DESA else "kecamatan"
    title = str(indicator["title"])
    if asked.measure == "hot":
        theme = hot_theme(title, found.areas["hot"], found.areas["untested"], facts)
        return replace(theme, classes=np.where(found.inside, theme.classes, -1))
    share = target_share(facts, asked.indicator)
    about = ABOUT[asked.measure].format(target=share or "target").replace("desa", level)
    measured = values(found, asked.measure)
    if asked.measure in ("rate", "smoothed"):
        # the same classes for both: a colour that changes is an area that was shrunk
        rates = values(found, "register_rate" if asked.measure == "smoothed" else "rate")
        breaks = class_breaks(rates, _no_more_than(ramp, len(np.unique(rates[np.isfinite(rates)]))))
        smoothed = ", dihaluskan" if asked.measure == "smoothed" else ""
        of_area = placed(measured, np.array(breaks.edges[1:-1]), "right")
        edges = tuple(percent(edge) for edge in breaks.edges)
        whole = f"{title}, % per {level}{smoothed}"
        same = asked.measure == "rate" and np.unique(rates[np.isfinite(rates)]).size == 1
        titles = (percent(float(np.nanmax(rates))),) if same else tuple(breaks.titles())
        return Theme(asked.measure, whole, breaks.colours, titles, of_area, edges, about)
    words = {
        "need": f"{title}, rumah tangga per {level}",
        "gap": f"{title}, kekurangan menuju target {share}".strip(),
    }
    return counted_theme(asked.measure, words[asked.measure], measured, ramp, about)


def _no_more_than(ramp: tuple[str, ...], distinct: int) -> tuple[str, ...]:
    """Thin a ramp to as many colours as there are values: a class that nobody is in only tires the eye.

    Examples
    --------
    >>> _no_more_than(("a", "b", "c", "d", "e"), 3), _no_more_than(("a", "b"), 9)
    (('a', 'c', 'e'), ('a', 'b'))
    """
    size = min(len(ramp), max(distinct, 1))
    return tuple(ramp[place] for place in np.linspace(0, len(ramp) - 1, size).round().astype(int))

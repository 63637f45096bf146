"""The chosen on the map: how many in each desa, and those that have a point of their own."""

from typing import Any

import numpy as np

from app.choosing.ranking import Ranking
from app.library import OpenedRun
from geo.maps.wording import escape
from geo.symbology import RAMP_JAMBAN, number

MOST_POINTS = 2_000
"""So many points are drawn, those of the upper ranks."""

NOBODY_COLOUR = "#f4f4f1"
_DECIMALS = 6
_NO_VISITS: dict[str, Any] = {
    "sheet_row": [], "team": [], "day": [], "order": [], "teams": {}, "starts": [], "start_of": {},
}  # fmt: skip


def chosen_on_map(opened: OpenedRun, ranking: Ranking) -> dict[str, Any]:
    """Return what the map draws of a choice, for whoever may see households.

    Returns
    -------
    dict
        ``view``: the parts of a view that are of this choice; ``legend``: colour and words of each class; ``points``:
        how many are drawn; ``words``: that, and how many cannot be.
    """
    arrays, desa = opened.arrays, opened.assessment.desa
    chosen = ranking.places[ranking.chosen]
    of_desa = arrays.desa[chosen]
    counts = np.bincount(of_desa[of_desa >= 0], minlength=len(desa))
    listed = arrays.desa[ranking.places]
    all_counts = np.bincount(listed[listed >= 0], minlength=len(desa))
    classes, legend = _classes(counts)
    named = zip(desa["nama_desa"], desa["nama_kecamatan"], counts.tolist(), all_counts.tolist(), strict=True)
    tips = [
        f"<b>{escape(name)}</b><br>Kec. {escape(kecamatan)}<br>{number(some)} dipilih dari {number(everybody)} calon"
        for name, kecamatan, some, everybody in named
    ]
    drawn = chosen[arrays.has_point[chosen]][:MOST_POINTS]
    view = {
        "level": "desa",
        "classes": classes.tolist(),
        "colours": [colour for colour, _ in legend],
        "inside": [1] * len(desa),
        "tips": tips,
        "layers": ["terpilih"],
        "plan": _plan(opened, drawn),
    }
    words = _words(len(chosen), int(arrays.has_point[chosen].sum()), len(drawn))
    return {"view": view, "legend": legend, "words": words, "points": len(drawn)}


def _classes(counts: np.ndarray) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """Cut counts into at most four classes of growing width, nobody apart."""
    most = int(counts.max(initial=0))
    lows = np.unique(np.ceil(np.geomspace(1, max(most, 1), len(RAMP_JAMBAN) - 1)).astype(int))
    highs = np.r_[lows[1:] - 1, max(most, 1)]
    shades = np.linspace(1, len(RAMP_JAMBAN) - 1, len(lows)).round().astype(int)
    words = [
        number(low) if low == high else f"{number(low)}–{number(high)}"
        for low, high in zip(lows, highs, strict=True)
    ]
    legend = [(NOBODY_COLOUR, "tidak ada")]
    legend += [(RAMP_JAMBAN[shade], said) for shade, said in zip(shades, words, strict=True)] if most else []
    return np.searchsorted(lows, counts, side="right"), legend


def _plan(opened: OpenedRun, places: np.ndarray) -> dict[str, Any]:
    rows = opened.arrays.sheet_row[places].tolist()
    points = opened.assessment.counted.geometry.iloc[places]
    return {
        "row": rows,
        "lat": points.y.round(_DECIMALS).tolist(),
        "lon": points.x.round(_DECIMALS).tolist(),
        "chosen": rows,
        "visits": _NO_VISITS,
    }


def _words(chosen: int, with_point: int, drawn: int) -> str:
    """Say who is not on the map.

    Examples
    --------
    >>> _words(100, 90, 90)
    'Bintang: 90 dari 100 yang dipilih. 10 tidak digambar karena tidak punya titik sendiri; mereka tetap ada di daftar.'
    """
    words = f"Bintang: {number(drawn)} dari {number(chosen)} yang dipilih."
    if with_point < chosen:
        without = number(chosen - with_point)
        words += f" {without} tidak digambar karena tidak punya titik sendiri; mereka tetap ada di daftar."
    if drawn < with_point:
        words += f" Yang digambar hanya {number(drawn)} peringkat teratas."
    return words

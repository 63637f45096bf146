"""Which other sheets of a desa go on beyond the sides of a map."""

from collections.abc import Iterable

import numpy as np

from geo.atlas.paper.frame import Frame
from geo.atlas.planning.plan import Detail
from geo.atlas.sheet.background import Edge

NEAR_SHEETS, FAR_SHEETS = 0.5, 2.5
"""Sheets whose middle is nearer or farther than so many half sides of a map are not named at its edge."""

SIDES = {("x", 1): "right", ("x", -1): "left", ("y", 1): "top", ("y", -1): "bottom"}


def edges_of(frame: Frame, own: str, details: Iterable[Detail]) -> tuple[Edge, ...]:
    """Return which other sheets go on beyond each side of a map, the nearest of each side.

    Parameters
    ----------
    own
        Name of the map itself among the details: «3» or «3b».
    details
        What all detail maps of the desa show.
    """
    west, south, east, north = frame.bounds
    middle = np.array([west + east, south + north]) / 2
    half = np.array([east - west, north - south]) / 2
    nearest: dict[str, tuple[float, Edge]] = {}
    for detail in details:
        if detail.name == own:
            continue
        low, high = np.array(detail.bounds[:2]), np.array(detail.bounds[2:])
        off = ((low + high) / 2 - middle) / half
        axis = int(np.abs(off).argmax())
        far = float(abs(off[axis]))
        if not NEAR_SHEETS < far < FAR_SHEETS:
            continue
        side = SIDES["xy"[axis], int(np.sign(off[axis]))]
        words = {
            "right": f"Lembar {detail.name} →",
            "left": f"← Lembar {detail.name}",
            "top": f"↑ Lembar {detail.name}",
            "bottom": f"↓ Lembar {detail.name}",
        }[side]
        along = float(
            np.clip((low + high)[1 - axis] / 2, (middle - half)[1 - axis], (middle + half)[1 - axis])
        )
        if side not in nearest or far < nearest[side][0]:
            nearest[side] = far, Edge(words, side, along)
    return tuple(edge for _, edge in nearest.values())

"""Minutes from each place to each: by the straight line, made longer by roads and slopes, or by a road router."""

from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from geo.settings import VisitSettings
from geo.symbology import number
from geo.visits.router import NoAnswer, road_minutes
from geo.visits.slopes import Heights, climbs, read_heights
from geo.visits.stops import Places
from geo.visits.task import Floats

NO_WAY = 100_000.0
"""Minutes where there is no way: longer than any day, and short enough to be added up."""
_FAR = NO_WAY - 1  # a straight line always leads there, however long

CLIMB_M = 7.92
"""Metres of level way that take as long as a metre of climb: Naismith's rule as an equivalence of distance and climb
(Scarf 2007, Route choice in mountain navigation, Naismith's rule, and the equivalence of distance and climb, Journal
of Sports Sciences 25(6), 719-726)."""


@dataclass(frozen=True)
class Travel:
    """The minutes, and in words (Indonesian) how they were found.

    Attributes
    ----------
    minutes
        From each place (row) to each (column); :data:`NO_WAY` where there is none.
    notes
        What a reader must know to judge them.
    """

    minutes: Floats
    notes: tuple[str, ...]


def travel_minutes(places: Places, measuring: CRS, settings: VisitSettings) -> Travel:
    """Return the minutes between places, as the settings ask.

    Notes
    -----
    A road router that does not answer, or answers wrongly, does not stop a plan: all ways are then straight lines,
    never a mixture of both, and the notes say so.

    Raises
    ------
    LayerError
        When the raster of heights cannot be used.
    SettingsError
        When the address of the router cannot be used.
    """
    heights = None if settings.dem is None else read_heights(settings.dem, places, measuring)
    failed: tuple[str, ...] = ()
    if settings.router:
        try:
            minutes = road_minutes(settings.router, *places.degrees(measuring))
        except NoAnswer as fault:
            failed = (f"Penghitung rute tidak dipakai: {fault}. Semua jarak dihitung menurut garis lurus.",)
        else:
            around = _straight_m(places) - _straight_m(places, spread=False)
            minutes = minutes + around / (settings.speed_kmh * 1000 / 60)
            return Travel(np.minimum(minutes, NO_WAY), ("Waktu di jalan menurut penghitung rute jalan.",))
    return _straight(places, settings, heights, failed)


def _straight(
    places: Places, settings: VisitSettings, heights: Heights | None, notes: tuple[str, ...]
) -> Travel:
    metres = _straight_m(places) * settings.detour
    speed = settings.speed_kmh * 1000 / 60
    longer, pace = (_plain(each) for each in (settings.detour, settings.speed_kmh))
    straight = (
        f"Jalan ditaksir {longer} x garis lurus, {pace} km/jam; sungai dan laut di antaranya tidak dihitung."
    )
    if heights is None:
        return Travel(np.minimum(metres / speed, _FAR), (*notes, straight))
    climb, known = climbs(heights, places)
    told = (
        f"Tiap meter tanjakan setara {number(CLIMB_M, 2)} m jalan datar (aturan Naismith menurut Scarf, 2007), diukur "
        f"sepanjang garis lurus pada {heights.name}."
    )
    if known < 1:
        told += f" Tinggi {number(100 * (1 - known), 1)} % titik jalur tidak diketahui dan dianggap datar."
    return Travel(np.minimum((metres + CLIMB_M * climb) / speed, _FAR), (*notes, straight, told))


def _plain(figure: float) -> str:
    return number(figure, 0 if float(figure).is_integer() else 1)


def _straight_m(places: Places, *, spread: bool = True) -> Floats:
    x, y = places.x, places.y
    metres = np.hypot(x[:, None] - x, y[:, None] - y)
    if spread and places.spread_m.any():
        metres = np.maximum(metres, np.maximum(places.spread_m[:, None], places.spread_m))
    np.fill_diagonal(metres, 0)
    return np.asarray(metres)

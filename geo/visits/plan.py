"""Team-days: who goes where, in what order, and who is left out and why."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from geo.errors import SettingsError
from geo.settings import VisitSettings
from geo.symbology import number
from geo.visits.router import check_router
from geo.visits.search import find_routes
from geo.visits.slopes import check_heights
from geo.visits.stops import Places, find_places, given_starts, joined, middle_desa, require_near
from geo.visits.tables import VisitPlan, tell
from geo.visits.task import Floats, Integers, Task, shortest_day
from geo.visits.travel import NO_WAY, travel_minutes

MOST = 2_000
"""So many households are planned at once, the best-ranked."""

NO_PLACE = "desa dan letaknya belum diketahui"
NO_ROAD = "tidak ada jalan ke sana"
TOO_LONG = "satu kunjungan lebih lama daripada satu hari kerja"
TOO_FAR = "terlalu jauh dari tempat mulai untuk satu hari kerja"
NO_TIME = "tidak muat dalam waktu regu dan hari yang ada"
TOO_MANY = f"di luar {number(MOST)} peringkat teratas yang dapat direncanakan sekaligus"


def check_visit_settings(settings: VisitSettings, desa: gpd.GeoDataFrame) -> None:
    """Look at what the settings name before any work begins.

    Needs columns: geometry of the desa (WGS 84).

    Raises
    ------
    SettingsError
        When the start places do not fit the teams, or lie further than :data:`FAR_KM` outside the bounds of the desa,
        or the router's address cannot be used.
    LayerError
        When the raster of heights cannot be used.
    """
    if len(settings.starts) not in {0, 1, settings.teams}:
        raise SettingsError(
            f"Ada {len(settings.starts)} tempat mulai untuk {settings.teams} regu. Beri satu untuk semua, atau satu "
            f"untuk tiap regu."
        )
    for start in settings.starts:
        require_near(start, desa)
    if settings.router:
        check_router(settings.router)
    if settings.dem is not None:
        check_heights(settings.dem)


def plan_visits(
    chosen: pd.DataFrame,
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    measuring: CRS,
    settings: VisitSettings,
) -> VisitPlan:
    """Share the chosen households out over teams and days, and order each day's way.

    Needs columns: of the chosen ``rank``, ``sheet_row``, ``kode_desa``, ``nama_desa``; of the households ``sheet_row``,
    geometry, of use ``dusun``, ``kode_desa``, ``reference_lon``, ``reference_lat``; of the desa ``kode_desa``,
    ``nama_desa``, geometry.

    Raises
    ------
    SettingsError, LayerError
        When what the settings name cannot be used.

    Notes
    -----
    A desa is visited on one team-day unless a day cannot hold it, or the time that is left elsewhere takes
    households that would else be left out. Within a desa the households without a position of their own come last,
    dusun by dusun: they are looked for by their address. When the time does not hold everybody the better-ranked
    go first (see :func:`geo.visits.search.find_routes`). The best-ranked days come first.
    """
    check_visit_settings(settings, desa)
    ranked = _looked_up(chosen, households)
    places, own = find_places(ranked, desa, measuring)
    reasons = np.full(len(ranked), NO_TIME, dtype=object)
    reasons[~places.known] = NO_PLACE
    reasons[np.flatnonzero(places.known)[MOST:]] = TOO_MANY
    able = np.flatnonzero(places.known)[:MOST]
    if not len(able):
        return tell(ranked, own, able, None, [], reasons, settings, (), ())
    starts, note = _starts(settings, places.some(able), desa, measuring)
    travel = travel_minutes(joined(places.some(able), starts), measuring, settings)
    task = _task(ranked, own, able, travel.minutes, settings)
    alone = shortest_day(task)
    reasons[able[alone > task.day]] = TOO_FAR
    reasons[able[~_reached(task)]] = NO_ROAD
    if task.report + task.visit > task.day:
        reasons[able] = TOO_LONG
    within = np.flatnonzero(alone <= task.day)
    rows = np.concatenate([within, np.arange(len(able), len(travel.minutes))])
    task = _task(ranked, own, able[within], travel.minutes[np.ix_(rows, rows)], settings)
    spots = np.column_stack(starts.degrees(measuring)).round(5).tolist()
    notes = note, *travel.notes
    return tell(ranked, own, able[within], task, find_routes(task), reasons, settings, notes, spots)


def _looked_up(chosen: pd.DataFrame, households: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the chosen, the best-ranked first, with what the households' table knows of their places."""
    ranked = chosen.sort_values(["rank", "sheet_row"], kind="stable", ignore_index=True)
    rows = households["sheet_row"].to_numpy()
    mine = households[np.isin(rows, ranked["sheet_row"].to_numpy())].drop_duplicates("sheet_row")
    wanted = [
        name for name in ("dusun", "reference_lon", "reference_lat", households.geometry.name) if name in mine
    ]
    found = mine.set_index("sheet_row")[wanted].reindex(ranked["sheet_row"]).reset_index(drop=True)
    found = found.rename_geometry("geometry") if found.geometry.name != "geometry" else found
    return found.assign(
        **{name: ranked[name] for name in ("rank", "sheet_row", "kode_desa", "nama_desa")},
        dusun=_dusun(found),
        dusun_of_desa=_dusun_of_desa(ranked, households),
    )


def _dusun(frame: pd.DataFrame) -> pd.Series:
    if "dusun" not in frame:
        return pd.Series("", index=frame.index, dtype="str")
    return frame["dusun"].astype("str").fillna("").str.strip()


def _dusun_of_desa(ranked: pd.DataFrame, households: pd.DataFrame) -> pd.Series:
    """Return how many names of dusun the households of each one's desa bear, 1 where there are none."""
    if not {"dusun", "kode_desa"} <= {*households.columns}:
        return pd.Series(1, index=ranked.index)
    theirs = households.loc[
        households["kode_desa"].isin(ranked["kode_desa"].dropna()), ["kode_desa", "dusun"]
    ]
    names = _dusun(theirs).str.casefold()
    count = names[names != ""].groupby(theirs["kode_desa"]).nunique()
    return ranked["kode_desa"].map(count).fillna(1).astype("int64")


def _starts(
    settings: VisitSettings, houses: Places, desa: gpd.GeoDataFrame, measuring: CRS
) -> tuple[Places, str]:
    """Return the start places, and in words which they are."""
    if settings.starts:
        told = "; ".join(_in_words(lon, lat) for lon, lat in settings.starts)
        return given_starts(settings.starts, measuring), f"Regu mulai dan selesai di {told}."
    place, name = middle_desa(houses, desa, measuring)
    return place, (
        f"Tempat mulai tidak diberikan: dianggap titik tengah desa {name}, desa yang jumlah jaraknya ke semua rumah "
        f"terpilih paling pendek."
    )


def _reached(task: Task) -> NDArray[np.bool_]:
    """Say of each house whether there is a way from a start place to it and back."""
    houses, starts = np.arange(len(task.desa)), np.unique(task.starts)
    there, back = task.minutes[np.ix_(starts, houses)], task.minutes[np.ix_(houses, starts)].T
    return np.asarray(((there < NO_WAY) & (back < NO_WAY)).any(axis=0))


def _in_words(lon: float, lat: float) -> str:
    """Write a place as maps do.

    Examples
    --------
    >>> _in_words(109.66, -6.89)
    '109,66000 BT 6,89000 LS'
    """
    east, north = "BT" if lon >= 0 else "BB", "LU" if lat >= 0 else "LS"
    return f"{number(abs(lon), 5)} {east} {number(abs(lat), 5)} {north}"


def _task(
    ranked: pd.DataFrame, own: np.ndarray, rows: Integers, minutes: Floats, settings: VisitSettings
) -> Task:
    """Return what is to be solved for some of the ranked households."""
    kode = ranked["kode_desa"].iloc[rows]
    desa = pd.factorize(kode)[0]
    # a house without a desa is a place by itself
    lone = np.flatnonzero(desa < 0)
    desa[lone] = len(rows) + np.arange(len(lone))
    places = len(minutes) - len(rows)
    return Task(
        minutes=minutes,
        desa=desa.astype(np.int64),
        dusun=pd.factorize(pd.MultiIndex.from_arrays([desa, ranked["dusun"].iloc[rows].str.casefold()]))[0],
        own=own[rows],
        visit=settings.minutes_a_visit,
        report=settings.minutes_a_desa,
        day=settings.minutes_a_day,
        starts=tuple(len(rows) + team % places for team in range(settings.teams)),
        days=settings.days,
    )

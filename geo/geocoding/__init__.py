"""A desa and, where known, a point for every household, and how surely."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyproj import CRS

from geo.crs import STORING
from geo.gazetteer import CONTRADICTIONS, ELSEWHERE, Gazetteer, stated_key
from geo.gazetteer.search import has_text
from geo.gazetteer.spelling import said
from geo.geocoding.dusun import refer_to_dusun
from geo.geocoding.ground import Ground, Points
from geo.locate import OUTSIDE, locate
from geo.positions import read_positions, shared_by_many
from geo.positions.precision import near_another
from geo.positions.repair import repair
from geo.review.decisions import Decision, learned
from geo.review.items import accepted, review_items
from geo.settings import GeocodingSettings
from geo.symbology import join_words

QUALITIES = ("gps", "gps_border", "gps_conflict", "dusun", "desa", "kecamatan", "none")

OWN_POINT = ("gps", "gps_border")
"""Qualities of households that have a point of their own; no other one is drawn."""

LEAST_LIKENESS = 50.0
"""A name less like a desa than this (0 to 100) says nothing for it, wherever the point lies."""

MOST_CANDIDATES = 10
"""So many desa that a name may mean are asked whether the point is theirs."""

BY_DECISION = "keputusan peninjau"
"""``location_method`` of what a person decided."""

_DOUBTS = (
    "",
    "titik dipakai walau di desa lain daripada yang tertulis",
    "titik di desa lain, tidak dipakai",
    "titik jatuh di luar kabupaten",
    "titik jatuh di desa lain",
    "titik jatuh di kecamatan lain",
    "desa yang tertulis tidak pasti, titik saja tidak memutuskannya",
    "desa tidak tertulis, dan titik terlalu kasar untuk memutuskannya di dekat batas",
)
_BY_POINT, _BY_POINT_AND_NAME = "koordinat", "koordinat dan nama desa"
_POSITION = ["lintang", "bujur", "koordinat"]


def geocode(
    households: pd.DataFrame,
    desa: gpd.GeoDataFrame,
    measuring: CRS,
    settings: GeocodingSettings,
    district: str,
    decisions: Mapping[str, Decision] | None = None,
) -> gpd.GeoDataFrame:
    """Give every household its desa, its own point where it has one, and how surely.

    Needs columns: ``kode_tertulis``, ``desa_tertulis``, ``kecamatan_tertulis``, ``kabupaten_tertulis``,
    ``dusun``, ``lintang``, ``bujur``, ``koordinat`` (the last three as written).
    Adds columns: ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``, ``kode_desa_stated``,
    ``kode_desa_located``, ``location_quality``, ``location_method``, ``location_score``, ``location_note``,
    ``stated_distance_m`` (metres from a point that lies elsewhere to the desa that is stated), ``review_item``
    (the question of the queue that the row belongs to, answered or not, or ``""``), ``reference_lon``,
    ``reference_lat`` (of its dusun), and a point (WGS 84) for the qualities ``gps`` and ``gps_border`` only.
    The written coordinates are dropped.

    Parameters
    ----------
    desa
        Boundaries with names and codes, WGS 84, in the order that decides on shared edges.
    measuring
        CRS in metres for the tolerance at borders.
    district
        Name of the kabupaten or kota; a row that names another one is not placed here.
    decisions
        What people decided before, by item, see :func:`geo.review.decisions.read_decisions`.

    Notes
    -----
    The quality of a row is the first of these that holds:

    ``gps``
        Its point lies in the desa that it states; or its name fits several desa, and the point one of them (see
        ``_borne_out``); or it states no desa, and no other kecamatan than the one where the point lies, and
        the point is not written so coarsely that it may as well lie in the next desa (then the queue asks).
    ``gps_border``
        The same, but the point lies outside that desa, within ``border_tolerance_m`` of it.
    ``gps_conflict``
        Its point lies in the district and speaks against what is stated. It counts in the desa that is stated
        for certain, if there is one, and the queue asks.
    ``dusun``
        The desa is certain, but it has no point of its own: none is written, or one that is no house's (rounded,
        shared by many, outside the district). Where the dusun lies is known from other houses.
    ``desa``, ``kecamatan``, ``none``
        The same without such a dusun; only the kecamatan is certain; or neither.

    A decision about a name or a code makes the desa certain; a point may still speak against it. A decision
    about a point either takes the point, and the household counts where it lies, or drops it.
    """
    decisions = decisions or {}
    gazetteer = Gazetteer(desa, settings, learned(decisions, desa["kode_desa"]))
    ground = Ground(desa, measuring)
    stated = _stated(households, ground, gazetteer, district, decisions)
    points, precision_m, read = _points(households, stated, ground, settings)
    silent = _silent(households, stated)
    of_silent = np.where(silent["desa"], precision_m, np.nan)
    silent["unsure"] = near_another(
        points.lon, points.lat, of_silent, points.places, desa.geometry, measuring
    ) & (points.places != OUTSIDE)
    borne_out = _borne_out(households, stated, silent, points, ground, gazetteer, settings)
    found = _weigh(households, stated, silent, borne_out, points, ground, settings, decisions)
    own = np.flatnonzero(found["location_quality"].isin(OWN_POINT))
    geometry = np.full(len(households), None, dtype=object)
    geometry[own] = shapely.points(points.lon[own], points.lat[own])
    found["location_note"] = join_words(read, found["location_note"].to_numpy(object))
    found = found.astype({"location_note": "str"})
    placed = gpd.GeoDataFrame(
        households.drop(columns=_POSITION).assign(**{str(name): column for name, column in found.items()}),
        geometry=gpd.GeoSeries(geometry, index=households.index, crs=STORING),
    )
    return refer_to_dusun(placed, settings.dusun_households)


def _stated(
    households: pd.DataFrame,
    ground: Ground,
    gazetteer: Gazetteer,
    district: str,
    decisions: Mapping[str, Decision],
) -> pd.DataFrame:
    """Find what each row states by its code and names, and what was decided about that.

    Returns
    -------
    pandas.DataFrame
        As :meth:`geo.gazetteer.Gazetteer.match`, but for the desa its ``place`` in the boundaries (-1 where it is
        not certain); with ``elsewhere`` (it names another kabupaten, and nobody said that it means this one) and
        ``item`` (the question whose answer made the desa certain, or ``""``).
    """
    stated = gazetteer.match(households)
    foreign = gazetteer.is_elsewhere(gazetteer.stated_kabupaten(households), district)
    # only rows in a desa that somebody chose can be there by a decision: few are looked at
    chosen = stated["kode_desa"].isin({word.kode_desa for word in decisions.values()} - {""}).to_numpy(bool)
    items = review_items(households, np.select([foreign, chosen], ["luar", "tempat"], default=""))
    answer, place = accepted(items, decisions, ground.desa["kode_desa"]), ground.place_of(stated["kode_desa"])
    decided = (answer >= 0) & (foreign | (answer == place))
    elsewhere = foreign & ~decided
    kecamatan = stated["kode_kecamatan"].mask(elsewhere)
    if decided.any():
        kecamatan = kecamatan.mask(decided, ground.pick("kode_kecamatan", answer).set_axis(stated.index))
    return stated.assign(
        place=np.select([decided, elsewhere], [answer, -1], default=place),
        kode_kecamatan=kecamatan,
        score=stated["score"].mask(decided, 100.0).mask(elsewhere, 0.0),
        method=stated["method"].mask(decided, BY_DECISION).mask(elsewhere, ""),
        note=stated["note"].mask(decided, "").mask(elsewhere, ELSEWHERE),
        elsewhere=elsewhere,
        item=np.where(decided, items, ""),
    ).drop(columns="kode_desa")


def _points(
    households: pd.DataFrame, stated: pd.DataFrame, ground: Ground, settings: GeocodingSettings
) -> tuple[Points, np.ndarray, np.ndarray]:
    """Read the positions, set right what can be, leave out what is no house's own.

    Returns
    -------
    tuple
        The points; how far each may be off through rounding, in metres; what was done and why.
    """
    polygons = ground.desa.geometry
    positions = repair(
        read_positions(households[_POSITION]),
        polygons,
        ground.measuring,
        settings.border_tolerance_m,
        wanted=stated["place"].to_numpy(),
        kecamatan=stated["kode_kecamatan"]
        .astype(object)
        .where(stated["kode_kecamatan"].notna(), None)
        .to_numpy(),
        kecamatan_of=ground.desa["kode_kecamatan"].to_numpy(object),
        allowed=~stated["elsewhere"].to_numpy(bool),
    )
    shared = shared_by_many(positions.lon, positions.lat, settings.stacked_households)
    many = f"titik sama dipakai lebih dari {settings.stacked_households} rumah tangga"
    left_out = shared | positions.rounded
    lon, lat = np.where(left_out, np.nan, positions.lon), np.where(left_out, np.nan, positions.lat)
    note = join_words(positions.repair, np.where(shared, many, ""), positions.note)
    return Points(lon, lat, locate(lon, lat, polygons)), positions.precision_m, note


def _silent(households: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Say which rows without a certain desa write none at all (neither code nor name), and which no kecamatan.

    Returns
    -------
    pandas.DataFrame
        ``desa``, ``kecamatan``; false where the desa is certain or another kabupaten is named.
    """
    rows = np.flatnonzero((stated["place"] < 0) & ~stated["elsewhere"])
    keys = stated_key(households.iloc[rows])
    out = {"desa": np.zeros(len(stated), dtype=bool), "kecamatan": np.zeros(len(stated), dtype=bool)}
    silent = {name: ~has_text(said(pa.array(keys[name], pa.string()))) for name in ("desa", "kecamatan")}
    out["desa"][rows] = (keys["kode"] == "").to_numpy(bool) & silent["desa"]
    out["kecamatan"][rows] = silent["kecamatan"]
    return pd.DataFrame(out, index=stated.index)


def _borne_out(
    households: pd.DataFrame,
    stated: pd.DataFrame,
    silent: pd.DataFrame,
    points: Points,
    ground: Ground,
    gazetteer: Gazetteer,
    settings: GeocodingSettings,
) -> pd.DataFrame:
    """Find the desa of the rows whose name leaves a choice that their point settles.

    A name and a point are two witnesses that know nothing of each other. Where a name may mean several desa (the
    best candidate, and those less than ``name_margin`` behind it), the point settles it if it lies in one of them
    and farther than ``border_tolerance_m`` from the others; a single one may be as far away as that. How like the
    name that desa must be depends on a third witness: from :data:`LEAST_LIKENESS` up where the sheet names its
    kecamatan too, else from ``name_score`` up, as for any name that is taken. A desa of another kecamatan than the
    stated one is never taken; nor is one where code and name contradict each other: that is for the queue.

    Returns
    -------
    pandas.DataFrame
        ``place`` (-1: not settled) and ``score``; index of the households.
    """
    place, score = np.full(len(stated), -1), np.zeros(len(stated))
    asked = (stated["place"] < 0) & ~stated["elsewhere"] & ~silent["desa"]
    rows = np.flatnonzero(asked & ~stated["note"].isin(CONTRADICTIONS) & points.known)
    if rows.size:
        candidates = gazetteer.candidates(households.iloc[rows], limit=MOST_CANDIDATES)
        behind = candidates.groupby("place")["score"].transform("max") - candidates["score"]
        rivals = candidates[(behind < settings.name_margin) | (behind == 0)]
        row, like = rows[rivals["place"].to_numpy(int)], rivals["score"].to_numpy(float)
        desa = ground.place_of(rivals["kode_desa"])
        metres = ground.metres(points.take(row), desa)
        near = metres <= settings.border_tolerance_m
        only = np.bincount(row, near, minlength=len(stated))[row] == 1
        single = np.bincount(row, minlength=len(stated))[row] == 1
        fits = near & (single | (metres == 0))
        kecamatan = stated["kode_kecamatan"].iloc[row].reset_index(drop=True)
        same = (kecamatan == ground.pick("kode_kecamatan", desa)).to_numpy(bool, na_value=False)
        least = np.where(same, min(LEAST_LIKENESS, settings.name_score), settings.name_score)
        taken = fits & only & (like >= least) & (same | kecamatan.isna().to_numpy(bool))
        place[row[taken]], score[row[taken]] = desa[taken], like[taken]
    return pd.DataFrame({"place": place, "score": score}, index=stated.index)


def _weigh(
    households: pd.DataFrame,
    stated: pd.DataFrame,
    silent: pd.DataFrame,
    borne_out: pd.DataFrame,
    points: Points,
    ground: Ground,
    settings: GeocodingSettings,
    decisions: Mapping[str, Decision],
) -> pd.DataFrame:
    """Weigh what is stated against where the point lies; returns the columns that :func:`geocode` adds."""
    places, inside = points.places, points.places != OUTSIDE
    certain, borne = stated["place"].to_numpy(), borne_out["place"].to_numpy()
    kecamatan = stated["kode_kecamatan"].astype("str").reset_index(drop=True)
    has_kecamatan = kecamatan.notna().to_numpy(bool)
    in_kecamatan = (kecamatan == ground.pick("kode_kecamatan", places)).to_numpy(bool, na_value=False)
    no_desa, no_kecamatan = silent["desa"].to_numpy(bool), silent["kecamatan"].to_numpy(bool)
    # where the sheet names no desa the point decides alone, unless it speaks against the kecamatan
    unsure = silent["unsure"].to_numpy(bool)
    alone = no_desa & inside & (no_kecamatan | in_kecamatan) & ~unsure
    settled = np.select([certain >= 0, borne >= 0, alone], [certain, borne, places], default=-1)
    metres = ground.metres(points, settled)
    own = metres <= settings.border_tolerance_m
    conflict = inside & ~own & ~(unsure & (no_kecamatan | in_kecamatan))

    elsewhere = stated["elsewhere"].to_numpy(bool)
    against = conflict & ~elsewhere & ((certain >= 0) | (no_desa & has_kecamatan))
    coarse = inside & ~own & ~conflict
    against |= coarse
    in_doubt = (settled < 0) & ~(no_desa & (has_kecamatan | no_kecamatan))
    asks = np.select([elsewhere, against, in_doubt], ["luar", "titik", "tempat"], default="")
    items = review_items(households, asks)
    answer = accepted(items, decisions, ground.desa["kode_desa"])
    moved = against & (answer >= 0) & (answer == places)
    stayed = against & (answer >= 0) & (answer == certain)
    settled, own, conflict = np.where(moved, places, settled), own | moved, conflict & ~(moved | stayed)

    quality = np.select(
        [own & (settled == places), own, conflict, settled >= 0, has_kecamatan],
        [QUALITIES.index(name) for name in ("gps", "gps_border", "gps_conflict", "desa", "kecamatan")],
        default=QUALITIES.index("none"),
    )
    doubt = np.select(
        [moved, stayed, own, points.known & ~inside, coarse, conflict & (certain >= 0), against, conflict],
        [1, 2, 0, 3, 7, 4, 5, 6],
        default=0,
    )
    method = _worded(
        ("", BY_DECISION, _BY_POINT_AND_NAME, _BY_POINT),
        np.select([moved | stayed, own & (borne >= 0), own], [1, 2, 3]),
    )
    found = {
        "kode_desa": ground.pick("kode_desa", settled),
        "nama_desa": ground.pick("nama_desa", settled),
        "kode_kecamatan": kecamatan.mask(settled >= 0, ground.pick("kode_kecamatan", settled)),
        "kode_desa_stated": ground.pick("kode_desa", certain),
        "kode_desa_located": ground.pick("kode_desa", places),
        "location_quality": _worded(QUALITIES, quality),
        "location_method": method.mask(method == "", stated["method"].reset_index(drop=True)),
        "location_score": np.where(borne >= 0, borne_out["score"], stated["score"]).astype("float32"),
        "location_note": join_words(np.array(_DOUBTS, dtype=object)[doubt], stated["note"].to_numpy(object)),
        "stated_distance_m": np.where((metres > 0) & np.isfinite(metres), metres, np.nan).astype("float32"),
        "review_item": np.where(items == "", stated["item"].to_numpy(object), items),
    }
    frame = pd.DataFrame(found)
    frame.insert(3, "nama_kecamatan", ground.kecamatan_names(frame["kode_kecamatan"]))
    texts = [name for name in frame if name not in {"location_score", "stated_distance_m"}]
    return frame.astype(dict.fromkeys(texts, "str")).set_index(households.index)


def _worded(words: Sequence[str], places: np.ndarray) -> pd.Series:
    return pd.Series(pd.array(list(words), dtype="str").take(places))

"""A desa and, where known, a point for every household, and how surely."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.columns import LONGEST_ANSWER
from geo.crs import STORING
from geo.gazetteer import CONTRADICTIONS, ELSEWHERE, Gazetteer
from geo.locate import OUTSIDE, distance_m, locate
from geo.settings import GeocodingSettings
from geo.symbology import join_words

QUALITIES = ("gps", "gps_border", "gps_conflict", "dusun", "desa", "kecamatan", "none")
OWN_POINT = ("gps", "gps_border")

LEAST_LIKENESS = 50.0
"""A written name that is not known must be this like (0 to 100) the desa of its point, or the two conflict."""

_DECIMAL = r"^[+-]?[0-9]{1,3}(?:[.,][0-9]+)?$"
_PAIR = r"^\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$"


def geocode(
    households: pd.DataFrame,
    desa: gpd.GeoDataFrame,
    measuring: CRS,
    settings: GeocodingSettings,
    district: str,
) -> gpd.GeoDataFrame:
    """Give every household its desa, its own point where it has one, and how surely.

    Needs columns: ``kode_tertulis``, ``desa_tertulis``, ``kecamatan_tertulis``, ``kabupaten_tertulis``,
    ``lintang``, ``bujur``, ``koordinat`` (the last three as written).
    Adds columns: ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``, ``kode_desa_stated``,
    ``kode_desa_located``, ``location_quality``, ``location_method``, ``location_score``, ``location_note``, and a
    point (WGS 84) for the qualities ``gps`` and ``gps_border`` only. The written coordinates are dropped.

    Parameters
    ----------
    desa
        Boundaries with names and codes, WGS 84, in the order that decides on shared edges.
    measuring
        CRS in metres for the tolerance at borders.
    district
        Name of the kabupaten or kota; a row that names another one is not placed here.
    """
    gazetteer = Gazetteer(desa, settings)
    stated = gazetteer.match(households)
    elsewhere = gazetteer.is_elsewhere(households["kabupaten_tertulis"], district)
    stated = stated.assign(
        kode_desa=stated["kode_desa"].mask(elsewhere),
        kode_kecamatan=stated["kode_kecamatan"].mask(elsewhere),
        score=stated["score"].mask(elsewhere, 0.0),
        method=stated["method"].mask(elsewhere, ""),
        note=stated["note"].mask(elsewhere, ELSEWHERE),
    )
    lon, lat, note = read_positions(households)
    lon, lat, repair = _repair(lon, lat, stated["kode_desa"], desa)
    shared = _shared_by_many(lon, lat, settings.stacked_households)
    note = np.where(shared, f"titik sama dipakai lebih dari {settings.stacked_households} rumah tangga", note)
    lon, lat = np.where(shared, np.nan, lon), np.where(shared, np.nan, lat)
    places = locate(lon, lat, desa.geometry)
    return _decide(
        households,
        desa,
        stated,
        (lon, lat),
        places,
        _borne_out(households["desa_tertulis"], stated["kode_desa"], places, desa, gazetteer),
        join_words(repair, note),
        measuring,
        settings,
    )


def read_positions(households: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read written coordinates as decimal degrees.

    Returns
    -------
    lon, lat, note
        Degrees as written (not yet checked), missing where there are none; and why one could not be read.
    """
    pair = households["koordinat"].str.slice(stop=LONGEST_ANSWER).str.extract(_PAIR)
    written_lat = households["lintang"].fillna(pair[0])
    written_lon = households["bujur"].fillna(pair[1])
    lat, lon = _degrees(written_lat), _degrees(written_lon)
    something = households[["lintang", "bujur", "koordinat"]].notna().any(axis=1).to_numpy()
    readable = np.isfinite(lat) & np.isfinite(lon)
    nowhere = readable & (lat == 0) & (lon == 0)
    note = np.select(
        [something & ~readable, nowhere],
        ["koordinat tidak terbaca", "koordinat 0,0 bukan posisi"],
        default="",
    )
    usable = readable & ~nowhere
    return np.where(usable, lon, np.nan), np.where(usable, lat, np.nan), note


def _degrees(written: pd.Series) -> np.ndarray:
    text = written.astype("str").str.strip()
    plain = text.where(text.str.match(_DECIMAL, na=False))
    return pd.to_numeric(plain.str.replace(",", "."), errors="coerce").to_numpy(float, na_value=np.nan)


def _repair(
    lon: np.ndarray, lat: np.ndarray, stated: pd.Series, desa: gpd.GeoDataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Undo a swap or a forgotten minus, only where exactly one such change reaches the stated desa."""
    wanted = pd.Index(desa["kode_desa"]).get_indexer(stated.fillna(""))
    west, south, east, north = desa.total_bounds
    outside = (lon < west) | (lon > east) | (lat < south) | (lat > north)
    doubtful = np.flatnonzero(np.isfinite(lon) & (wanted >= 0) & outside)
    changes = {
        "lintang dan bujur tertukar": (lat, lon),
        "tanda minus lintang hilang": (lon, -lat),
        "lintang dan bujur tertukar, tanda minus hilang": (lat, -lon),
    }
    x, y = lon.copy(), lat.copy()
    repair = np.full(len(lon), "", dtype=object)
    fits = {
        words: locate(new_lon[doubtful], new_lat[doubtful], desa.geometry) == wanted[doubtful]
        for words, (new_lon, new_lat) in changes.items()
    }
    alone = np.sum(list(fits.values()), axis=0) == 1
    for words, (new_lon, new_lat) in changes.items():
        chosen = doubtful[fits[words] & alone]
        x[chosen], y[chosen], repair[chosen] = new_lon[chosen], new_lat[chosen], words
    return x, y, repair


def _shared_by_many(lon: np.ndarray, lat: np.ndarray, most: int) -> np.ndarray:
    """Find positions that more households claim than can live there: an office, a desa hall."""
    known = np.isfinite(lon)
    count = (
        pd.DataFrame({"lon": lon, "lat": lat})
        .groupby(["lon", "lat"])["lon"]
        .transform("size")
        .to_numpy(float)
    )
    return np.asarray(known & (np.nan_to_num(count) > most))


def _borne_out(
    written: pd.Series, stated: pd.Series, places: np.ndarray, desa: gpd.GeoDataFrame, gazetteer: Gazetteer
) -> np.ndarray:
    """Say where an unknown name does not speak against the desa that the point lies in."""
    out = np.ones(len(written), dtype=bool)
    doubtful = np.flatnonzero(written.notna() & stated.isna() & (places != OUTSIDE))
    if doubtful.size:
        there = desa["kode_desa"].to_numpy(object)[places[doubtful]]
        out[doubtful] = gazetteer.likeness(written.iloc[doubtful], there) >= LEAST_LIKENESS
    return out


def _decide(
    households: pd.DataFrame,
    desa: gpd.GeoDataFrame,
    stated: pd.DataFrame,
    position: tuple[np.ndarray, np.ndarray],
    places: np.ndarray,
    borne_out: np.ndarray,
    note: np.ndarray,
    measuring: CRS,
    settings: GeocodingSettings,
) -> gpd.GeoDataFrame:
    lon, lat = position
    kode = desa["kode_desa"].to_numpy(object)
    wanted = pd.Index(kode).get_indexer(stated["kode_desa"].fillna(""))
    has_point, names_desa, inside = np.isfinite(lon), wanted >= 0, places != OUTSIDE
    agrees = has_point & names_desa & (places == wanted)
    near = np.zeros(len(lon), dtype=bool)
    unsure = np.flatnonzero(has_point & names_desa & ~agrees)
    if unsure.size:
        metres = distance_m(lon[unsure], lat[unsure], wanted[unsure], desa.geometry, measuring)
        near[unsure] = metres <= settings.border_tolerance_m
    # a point decides alone only where the sheet names no desa, or one that is not known but much like the desa
    # where it lies, and no other kecamatan; never between a code and a name that contradict each other
    kecamatan = stated["kode_kecamatan"].to_numpy(object)
    located_kecamatan = np.where(inside, desa["kode_kecamatan"].to_numpy(object)[places], None)
    silent = households["desa_tertulis"].isna().to_numpy() & households["kode_tertulis"].isna().to_numpy()
    same = inside & (kecamatan == located_kecamatan)
    contradicted = stated["note"].isin(CONTRADICTIONS).to_numpy()
    undisputed = inside & borne_out & ~contradicted & (same | (silent & pd.isna(kecamatan)))
    alone = has_point & ~names_desa & undisputed

    states_place = names_desa | ~pd.isna(kecamatan)
    quality = np.select(
        [agrees | alone, near, has_point & (states_place | inside), names_desa, states_place],
        ["gps", "gps_border", "gps_conflict", "desa", "kecamatan"],
        default="none",
    )  # fmt: skip
    counts_in = np.where(names_desa, wanted, np.where(alone, places, -1))
    own = np.isin(quality, OWN_POINT)
    conflict = np.select(
        [~inside, names_desa],
        ["titik jatuh di luar kabupaten", "titik jatuh di desa lain"],
        default="desa yang tertulis tidak pasti, titik saja tidak memutuskannya",
    )
    notes = join_words(note, np.where(has_point & ~own, conflict, ""), stated["note"].to_numpy(object))
    kode_kecamatan = np.where(counts_in >= 0, _pick(desa["kode_kecamatan"], counts_in), kecamatan)
    return gpd.GeoDataFrame(
        households.drop(columns=["lintang", "bujur", "koordinat"]).assign(
            kode_desa=_pick(kode, counts_in),
            nama_desa=_pick(desa["nama_desa"], counts_in),
            kode_kecamatan=kode_kecamatan,
            nama_kecamatan=_kecamatan_names(desa, kode_kecamatan),
            kode_desa_stated=_pick(kode, wanted),
            kode_desa_located=_pick(kode, places),
            location_quality=quality,
            location_method=np.where(own, "koordinat", stated["method"].to_numpy(object)),
            location_score=stated["score"].to_numpy(float).astype("float32"),
            location_note=notes,
        ),
        geometry=gpd.GeoSeries(
            np.where(own, shapely.points(lon, lat), None), index=households.index, crs=STORING
        ),
    ).astype(dict.fromkeys(_TEXT, "str"))


_TEXT = (
    "kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", "kode_desa_stated", "kode_desa_located",
    "location_quality", "location_method", "location_note",
)  # fmt: skip


def _pick(values: pd.Series | np.ndarray, places: np.ndarray) -> np.ndarray:
    """Take values by place, nothing where the place is negative."""
    picked: np.ndarray = np.asarray(values, dtype=object)[places]
    picked[places < 0] = None
    return picked


def _kecamatan_names(desa: gpd.GeoDataFrame, kode: np.ndarray) -> np.ndarray:
    names = dict(zip(desa["kode_kecamatan"], desa["nama_kecamatan"], strict=True))
    return pd.Series(kode, dtype=object).map(names).to_numpy(object)

"""The positions that a sheet states: what its cells say, and what is no position of a house."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.crs import to_degrees, utm
from geo.positions.coordinate_text import FORMS, LAT, LON, Written, read_numbers, read_pairs
from geo.positions.precision import coarse, precision_m

ROUNDED = "koordinat dibulatkan (lebih kasar dari 500 m), bukan posisi sendiri"
NOT_DEGREES = "angka koordinat tidak mungkin sebagai lintang dan bujur"

_NOT_FILLED = (
    r"^\W*(?:(?:belum|tidak|tdk|blm|tak|no)\b.*|"
    r"(?:(?:kosong|nihil|null|nan|none|n/?a|undefined|unknown|inf|x+|#\w+[!/?]?\w*)\W*)*)$"
)
_SHORT_LINK = r"goo\.gl|://|www\."
_PLUS_CODE = r"\b[23456789cfghjmpqrvwx]{4,8}\+[23456789cfghjmpqrvwx]{2,3}\b"
_MGRS = r"\b\d{1,2} ?[c-x] ?[a-z]{2} ?(?:\d{4,5} ?\d{4,5}|\d{6,7} \d{7})\b"
_SAME_M = 0.005
"""Two statements of one row may differ by so many degrees (some 500 m) before they contradict each other."""


@dataclass(frozen=True)
class Positions:
    """Where the rows of a sheet say that they are; all arrays as long as the sheet.

    Attributes
    ----------
    lon, lat
        Degrees, WGS 84; missing where there is none, or none that can be told without knowing where it should be
        (metres without a UTM zone, ``-6.889.123``).
    note
        Why there is no position, or why it is not the household's own (Indonesian); empty where nothing is wrong.
    form
        How it was written: ``derajat``, ``derajat menit``, ``derajat menit detik``, ``UTM 49S``, ...; or empty.
    rounded
        Whether it is written so coarsely (about 500 m) that it is no position of its own. It keeps its ``lon`` and
        ``lat``, for a human to look at: never draw it.
    repair
        What was changed, and why; empty where the position is as read.
    x, y
        The numbers as written for longitude or easting, and latitude or northing, whatever their unit; missing
        where there are none to try. What a repair starts from.
    zone
        UTM zone as written (49, 149 for 49N, 249 for 49S), 0 for none.
    precision_m
        How far a house may lie from the point because the numbers are rounded as they are, in metres.
    """

    lon: np.ndarray
    lat: np.ndarray
    note: np.ndarray
    form: np.ndarray
    rounded: np.ndarray
    repair: np.ndarray
    x: np.ndarray
    y: np.ndarray
    zone: np.ndarray
    precision_m: np.ndarray


def read_positions(households: pd.DataFrame) -> Positions:
    r"""Read the positions of a sheet in any usual form of writing, and change nothing.

    Needs columns: ``lintang``, ``bujur``, ``koordinat`` (text as written, any may be missing).

    A row is read from ``lintang`` and ``bujur`` where both are numbers, else from ``koordinat``, else from
    ``lintang`` or ``bujur`` alone where that cell holds two numbers. Where ``lintang`` with ``bujur`` and
    ``koordinat`` are both there and disagree, the row has no position.

    Examples
    --------
    >>> sheet = pd.DataFrame(
    ...     {"lintang": ["-6,8891", "6°53'20\" LS", None], "bujur": ["109,6712", "109°40'16\" BT", None],
    ...      "koordinat": [None, None, "-6.8891, 109.6712"]}, dtype="str")
    >>> positions = read_positions(sheet)
    >>> positions.lat.round(4), positions.form[1]
    (array([-6.8891, -6.8889, -6.8891]), 'derajat menit detik')
    """
    y, x, ordered, contrary = _stated(households)
    written = households[["lintang", "bujur", "koordinat"]].notna()
    read = np.isfinite(x.value) & np.isfinite(y.value)
    same = np.abs(x.value) == np.abs(y.value)
    note = np.select(
        [
            contrary,
            read & (x.value == 0) & (y.value == 0),
            read & ((x.value == 0) | (y.value == 0)),
            read & same,
        ],
        [
            "lintang dan bujur tidak sama dengan isi kolom koordinat",
            "koordinat 0,0 bukan posisi",
            "koordinat 0 bukan posisi",
            "lintang dan bujur sama: angka pengisi, bukan posisi",
        ],
        default="",
    ).astype(object)
    unread = np.flatnonzero(~read & ~contrary & written.any(axis=1).to_numpy())
    note[unread] = _why_unread(households.iloc[unread], x.value[unread], y.value[unread])
    usable = read & (note == "")
    easting, northing = np.where(usable, x.value, np.nan), np.where(usable, y.value, np.nan)
    zone = np.where(x.zone > 0, x.zone, y.zone)
    lon, lat, form = _on_earth(easting, northing, zone, ordered, np.maximum(x.form, y.form))
    note[usable & np.isnan(lon)] = NOT_DEGREES
    rounded = coarse(lon, lat, easting, northing, form)
    note[rounded] = ROUNDED
    nothing = np.full(len(households), "", dtype=object)
    precision = precision_m(lon, lat, easting, northing, form)
    return Positions(lon, lat, note, form, rounded, nothing, easting, northing, zone, precision)


def shared_by_many(lon: np.ndarray, lat: np.ndarray, most: int) -> np.ndarray:
    """Find the spots (to about a metre) that more than ``most`` rows claim: an office, a desa hall.

    Examples
    --------
    >>> shared_by_many(np.array([109.5, 109.5000001, 109.6]), np.array([-7.0, -7.0, -7.0]), 1)
    array([ True,  True, False])
    """
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    spot = np.rint(lon[known] * 1e5).astype("int64") * 100_000_000 + np.rint(lat[known] * 1e5).astype("int64")
    places, _ = pd.factorize(spot)
    out = np.zeros(len(lon), dtype=bool)
    out[known] = np.bincount(places)[places] > most if known.size else False
    return out


def _stated(households: pd.DataFrame) -> tuple[Written, Written, np.ndarray, np.ndarray]:
    """Read latitude or northing; longitude or easting; whether the row says which is which; and where it disagrees."""
    y, x = read_numbers(households["lintang"]), read_numbers(households["bujur"])
    together = np.isfinite(y.value) & np.isfinite(x.value)
    clash = together & (y.axis == x.axis) & (y.axis != 0)
    y, x = _by_axis(y, x)
    apart = together & ~clash
    contrary, ordered = np.zeros(len(households), dtype=bool), together.copy()
    for column in ("koordinat", "lintang", "bujur"):
        read = np.isfinite(x.value) & np.isfinite(y.value) & ~clash
        here = households[column].notna().to_numpy()
        rows = np.flatnonzero(here & (~read | (apart & (column == "koordinat"))))
        if not rows.size:
            continue
        first, second = read_pairs(households[column].iloc[rows])
        paired = np.isfinite(first.value)
        both = paired & read[rows]
        contrary[rows[both]] = _apart(
            (x.value[rows[both]], y.value[rows[both]]), (second.value[both], first.value[both])
        )
        if column == "lintang":  # a longitude in its own cell must be that of the pair
            alone = paired & ~read[rows] & np.isfinite(x.value[rows])
            third = np.abs(x.value[rows[alone]])
            other = np.minimum(
                np.abs(third - np.abs(first.value[alone])), np.abs(third - np.abs(second.value[alone]))
            )
            contrary[rows[alone]] |= other > _SAME_M
        new = paired & ~read[rows]
        y, x = _put(y, rows[new], first, new), _put(x, rows[new], second, new)
        clash[rows[new]] = False
        ordered[rows[new]] = (first.axis[new] != 0) | (second.axis[new] != 0)
    gone = clash | contrary
    return _emptied(y, gone), _emptied(x, gone), ordered, contrary


def _by_axis(y: Written, x: Written) -> tuple[Written, Written]:
    """Exchange two cells that say themselves that they stand in each other's column."""
    turned = ((y.axis == LON) & (x.axis != LON)) | ((x.axis == LAT) & (y.axis != LAT))
    turned &= np.isfinite(y.value) & np.isfinite(x.value)
    parts = [(getattr(y, name), getattr(x, name)) for name in ("value", "axis", "form", "zone")]
    return (
        Written(*(np.where(turned, b, a) for a, b in parts)),
        Written(*(np.where(turned, a, b) for a, b in parts)),
    )


def _apart(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Say where two statements in degrees disagree, in this order and in the other."""
    (x, y), (u, v) = one, other
    degrees = np.maximum.reduce([np.abs(x), np.abs(y), np.abs(u), np.abs(v)]) <= 180  # noqa: PLR2004
    said = (x != 0) & (y != 0) & (u != 0) & (v != 0)
    straight = np.maximum(np.abs(np.abs(x) - np.abs(u)), np.abs(np.abs(y) - np.abs(v))) <= _SAME_M
    turned = np.maximum(np.abs(np.abs(x) - np.abs(v)), np.abs(np.abs(y) - np.abs(u))) <= _SAME_M
    return np.asarray(degrees & said & ~straight & ~turned)


def _put(into: Written, rows: np.ndarray, read: Written, chosen: np.ndarray) -> Written:
    parts = {name: getattr(into, name).copy() for name in ("value", "axis", "form", "zone")}
    for name, part in parts.items():
        part[rows] = getattr(read, name)[chosen]
    return Written(**parts)


def _emptied(written: Written, rows: np.ndarray) -> Written:
    return Written(np.where(rows, np.nan, written.value), written.axis, written.form, written.zone)


def _why_unread(rows: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    cells = rows[["lintang", "bujur", "koordinat"]].astype("str")
    unfilled = cells.apply(
        lambda column: column.isna() | column.str.slice(stop=100).str.match(_NOT_FILLED, case=False)
    )
    link, plus, grid = (
        cells.apply(lambda column, words=words: column.str.contains(words, case=False, na=False)).any(axis=1)
        for words in (_SHORT_LINK, _PLUS_CODE, _MGRS)
    )
    alone = np.isfinite(x) ^ np.isfinite(y)
    half = alone & unfilled[["lintang", "bujur"]].astype(bool).any(axis=1).to_numpy()
    return np.select(
        [unfilled.all(axis=1), link, plus, grid, half],
        [
            "koordinat belum diisi",
            "tautan peta tidak memuat koordinat yang dapat dibaca",
            "kode plus (Plus Code) tidak dibaca: tulis lintang dan bujurnya",
            "koordinat MGRS tidak dibaca: tulis lintang dan bujurnya",
            "hanya satu dari lintang dan bujur terisi",
        ],
        default="koordinat tidak terbaca",
    ).astype(object)


def _on_earth(
    x: np.ndarray, y: np.ndarray, zone: np.ndarray, ordered: np.ndarray, form: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the degrees of what is written as degrees, or as metres of a named zone; and the form in words."""
    degrees = (np.abs(y) <= 90) & (np.abs(x) <= 180)  # noqa: PLR2004
    lon, lat = np.where(degrees, x, np.nan), np.where(degrees, y, np.nan)
    words = np.where(np.isfinite(x), np.array(FORMS, dtype=object)[form], "")
    for rows, number, north in _zones(x, y, zone, ordered):
        east, north_m = _in_order(x[rows], y[rows])
        lon[rows], lat[rows] = to_degrees(east, north_m, utm(number, north=north))
        words[rows] = f"UTM {number}{'N' if north else 'S'}"
    off = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))  # noqa: PLR2004
    lon[off], lat[off] = np.nan, np.nan
    return lon, lat, words


def _in_order(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell easting from northing by their size where they can be told: sheets and receivers write either first."""
    turned = _is_easting(y) & ~_is_easting(x)
    return np.where(turned, y, x), np.where(turned, x, y)


def _is_easting(metres: np.ndarray) -> np.ndarray:
    return np.asarray((metres >= 100_000) & (metres <= 900_000))  # noqa: PLR2004


def _zones(
    x: np.ndarray, y: np.ndarray, zone: np.ndarray, ordered: np.ndarray
) -> list[tuple[np.ndarray, int, bool]]:
    """Group the rows in metres that name their zone; an unnamed half is told by the northing.

    Two numbers that may both be an easting (near the equator) are read only where the row says which is which.
    """
    east, north = _in_order(x, y)
    metres = (zone > 0) & _is_easting(east) & (np.abs(north) <= 11_300_000)  # noqa: PLR2004
    metres &= ordered | ~_is_easting(north)
    northern = np.where(zone >= 200, False, (zone >= 100) | (north < 5_000_000))  # noqa: PLR2004
    groups = [
        (np.flatnonzero(metres & (zone % 100 == number) & (northern == half)), int(number), half)
        for number in np.unique(zone[metres] % 100)
        for half in (True, False)
    ]
    return [group for group in groups if group[0].size]

"""The other ways in which two numbers of a position may be read, when as written they lie in the wrong place."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.crs import WEB_MERCATOR, tm3, to_degrees, utm, utm_zone

_EASTING = (100_000, 900_000)
_NORTHING = {True: (-1_300_000, 1_300_000), False: (8_700_000, 11_300_000)}
"""UTM metres in and about Indonesia, of northern and southern zones: both are used beyond the equator too."""

_SHORT = 1_300
"""A northing below this, beside an easting in thousands, may itself be in thousands."""

_TM3 = (20_000, 380_000, 250_000, 2_250_000)
"""Eastings and northings of the land register's zones in and about Indonesia (200 km and 1 500 km at the origin)."""

_WEB = (10_000_000, 16_000_000)
"""How far east of Greenwich Indonesia lies in the metres of web maps."""

_POWERS = tuple(power for power in range(2, -15, -1) if power)
"""How far a decimal point may have slipped: two places to the left, or lost behind all digits."""


_NO_NUMBER = pd.DataFrame(
    {"row": pd.Series(dtype=int), "value": pd.Series(dtype=float), "power": pd.Series(dtype=int),
     "words": pd.Series(dtype=object)}
)  # fmt: skip
_NO_READING = pd.DataFrame(
    {"row": pd.Series(dtype=int), "lon": pd.Series(dtype=float), "lat": pd.Series(dtype=float),
     "words": pd.Series(dtype=object), "form": pd.Series(dtype=object), "slips": pd.Series(dtype=int)}
)  # fmt: skip


@dataclass(frozen=True)
class Doubtful:
    """Rows whose position is not where they say: the numbers, the box of the district, and what may be tried."""

    x: np.ndarray
    y: np.ndarray
    in_degrees: np.ndarray
    zone: np.ndarray
    box: np.ndarray
    may_swap: np.ndarray
    may_scale: np.ndarray


def other_readings(doubtful: Doubtful) -> pd.DataFrame:
    """Read doubtful numbers in every way that puts them into the box of the district.

    Returns
    -------
    pandas.DataFrame
        One row a reading: ``row`` (place in ``doubtful``), ``lon``, ``lat`` (degrees, WGS 84), ``words`` (what was
        changed, Indonesian), ``form`` (where it is another than was read) and ``slips``: how many decimal points
        have moved; metres and numbers without separators count as one.
    """
    every = pd.concat([_NO_READING, *_degrees(doubtful), *_unseparated(doubtful), *_metres(doubtful)])
    return every.drop_duplicates(["row", "lon", "lat"]).reset_index(drop=True)


def within(lon: np.ndarray, lat: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Say which positions lie in their box (rows of west, south, east, north), or in the one box for all."""
    return np.asarray((lon >= box[:, 0]) & (lat >= box[:, 1]) & (lon <= box[:, 2]) & (lat <= box[:, 3]))


def _degrees(doubtful: Doubtful) -> Iterator[pd.DataFrame]:
    """Read the numbers as degrees, exchanged or not, with the other sign, with the point elsewhere."""
    for swapped in (False, True):
        for_lon, for_lat = (doubtful.y, doubtful.x) if swapped else (doubtful.x, doubtful.y)
        may = doubtful.may_swap if swapped else np.ones(len(for_lon), dtype=bool)
        lon = _on_axis(for_lon, doubtful, may, 0, "bujur")
        lat = _on_axis(for_lat, doubtful, may, 1, "lintang")
        both = lon.merge(lat, on="row", suffixes=("_lon", "_lat"))
        parts = np.where(swapped, "lintang dan bujur tertukar", "") + both["words_lat"] + both["words_lon"]
        # a program that loses the point of one number loses it at the same place in the other
        slips = (both[["power_lon", "power_lat"]] != 0).sum(axis=1)
        whole = ((doubtful.x % 1 == 0) & (doubtful.y % 1 == 0))[both["row"]]
        slips = slips.mask(whole & (both["power_lon"] == both["power_lat"]), slips.clip(upper=1))
        yield pd.DataFrame(
            {
                "row": both["row"],
                "lon": both["value_lon"],
                "lat": both["value_lat"],
                "words": parts.astype(object).str.removeprefix(", "),
                "form": "",
                "slips": slips,
            }
        )


def _on_axis(value: np.ndarray, doubtful: Doubtful, may: np.ndarray, side: int, axis: str) -> pd.DataFrame:
    """Find which signs and places of the point bring a number into the box, with the words of each change."""
    low, high = doubtful.box[:, side], doubtful.box[:, side + 2]
    found = []
    for power in (0, *_POWERS):
        tried = may if power == 0 else may & doubtful.may_scale
        # dividing by a power of ten is exact to the last digit, multiplying by its inverse is not
        scaled = value * 10.0**power if power >= 0 else value / 10.0**-power
        for sign in (1.0, -1.0):
            row = np.flatnonzero(tried & (sign * scaled >= low) & (sign * scaled <= high))
            if not row.size:
                continue
            new = sign * scaled[row]
            minus = np.where(
                new < 0, f", tanda minus {axis} hilang", f", tanda minus {axis} tidak semestinya"
            )
            moved = np.where(
                (value[row] % 1 == 0) & (power < -1),
                f", titik desimal {axis} hilang",
                f", titik desimal {axis} bergeser {abs(power)} angka",
            )
            words = np.where(sign < 0, minus, "").astype(object) + np.where(power != 0, moved, "")
            found.append(
                pd.DataFrame({"row": row, "value": new, "power": power, "words": words.astype(object)})
            )
    return pd.concat([_NO_NUMBER, *found], ignore_index=True)


def _unseparated(doubtful: Doubtful) -> Iterator[pd.DataFrame]:
    """Read numbers too large for degrees as DDMMSS or DDMM.MMM, the same for both."""
    large = doubtful.may_scale & ~doubtful.in_degrees
    for unpack in (_ddmmss, _ddmm):
        for swapped in (False, True):
            for_lon, for_lat = (doubtful.y, doubtful.x) if swapped else (doubtful.x, doubtful.y)
            for sign in (1.0, -1.0):
                lon, lat = np.abs(unpack(for_lon)), sign * np.abs(unpack(for_lat))
                row = np.flatnonzero(large & within(lon, lat, doubtful.box))
                if not row.size:
                    continue
                lost = sign * for_lat[row] < 0
                words = np.where(swapped, "lintang dan bujur tertukar, ", "").astype(object) + np.where(
                    lost, "tanda minus lintang hilang, ", ""
                )
                yield pd.DataFrame(
                    {
                        "row": row,
                        "lon": lon[row],
                        "lat": lat[row],
                        "words": words + "derajat dan menit tanpa pemisah",
                        "form": "derajat menit detik" if unpack is _ddmmss else "derajat menit",
                        "slips": 1,
                    }
                )


def _ddmmss(value: np.ndarray) -> np.ndarray:
    size = np.abs(value)
    degrees, minutes, seconds = size // 10_000, size // 100 % 100, size % 100
    fits = (size >= 10_000) & (minutes < 60) & (seconds < 60)  # noqa: PLR2004
    return np.where(fits, degrees + minutes / 60 + seconds / 3600, np.nan)


def _ddmm(value: np.ndarray) -> np.ndarray:
    size = np.abs(value)
    fits = (size >= 100) & (size % 100 < 60)  # noqa: PLR2004
    return np.where(fits, size // 100 + size % 100 / 60, np.nan)


def _metres(doubtful: Doubtful) -> Iterator[pd.DataFrame]:
    """Read the numbers as metres, in either order, of the UTM and TM-3 zones about the district and of web maps."""
    rows = np.flatnonzero(doubtful.may_swap & ~doubtful.in_degrees)
    west, _, east, _ = doubtful.box[0]
    zones = range(utm_zone(west) - 1, utm_zone(east) + 2)
    for x, y in ((doubtful.x[rows], doubtful.y[rows]), (doubtful.y[rows], doubtful.x[rows])):
        easting, northing = _thousands(x, *_EASTING), _thousands(y, *_NORTHING[False])
        # near the equator only the easting shows that the point parts thousands, and a whole number nothing at all
        short = (easting != x) & (np.abs(northing) < _SHORT)
        northing = np.where(short, np.where(y % 1 == 0, np.nan, y * 1000), northing)
        for number in zones:
            zone = (number - 1) % 60 + 1
            for north in (False, True):
                # south of the equator without its ten million is the northern zone continued southwards
                fits = (easting >= _EASTING[0]) & (easting <= _EASTING[1])
                low, high = _NORTHING[north]
                fits &= (northing >= low) & (northing <= high)
                at = np.flatnonzero(fits)
                lon, lat = to_degrees(easting[at], northing[at], utm(zone, north=north))
                half = np.where(lat < 0, "S", "N") if north else np.full(len(at), "S")
                form = (f"UTM {zone}" + half.astype(object)).astype(object)
                said = doubtful.zone[rows[at]]
                meant = (said % 100 == zone) & (said // 100 != np.where(half == "N", 2, 1))
                words = np.select(
                    [said == 0, meant],
                    [form + ", zona tidak tertulis", form + ", urutan easting dan northing tidak tertulis"],
                    "zona seharusnya " + form,
                )
                yield from _landed(doubtful, rows[at], lon, lat, words, form)
        thirds = range(int(west // 3) * 3, int(east // 3) * 3 + 3, 3)
        at = np.flatnonzero((x >= _TM3[0]) & (x <= _TM3[1]) & (y >= _TM3[2]) & (y <= _TM3[3]))
        for degree in thirds:
            lon, lat = to_degrees(x[at], y[at], tm3(degree))
            form = np.full(
                len(at), tm3(degree).name.removeprefix("DGN95 / Indonesia ").replace("zone ", ""), object
            )
            yield from _landed(doubtful, rows[at], lon, lat, form + ", zona tidak tertulis", form)
        web = (np.abs(x) >= _WEB[0]) & (np.abs(x) <= _WEB[1]) & (np.abs(y) <= _NORTHING[True][1])
        at = np.flatnonzero(web)
        lon, lat = to_degrees(x[at], y[at], WEB_MERCATOR)
        form = np.full(len(at), "meter peta web", dtype=object)
        yield from _landed(doubtful, rows[at], lon, lat, form, form)


def _thousands(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """Read ``392.456`` as 392 456 metres where only that is a possible size."""
    return np.where((value * 1000 >= low) & (value * 1000 <= high), value * 1000, value)


def _landed(
    doubtful: Doubtful,
    rows: np.ndarray,
    lon: np.ndarray,
    lat: np.ndarray,
    words: np.ndarray,
    form: np.ndarray,
) -> Iterator[pd.DataFrame]:
    inside = np.isfinite(lon) & np.isfinite(lat) & within(lon, lat, doubtful.box)
    if inside.any():
        columns = {"row": rows, "lon": lon, "lat": lat, "words": words, "form": form, "slips": 1}
        yield pd.DataFrame(columns)[inside]

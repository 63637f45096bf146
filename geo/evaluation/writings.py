"""The ways of writing a position, by kind: data, made of the forms of positions.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo.evaluation.positions import (
    INDONESIAN,
    Form,
    House,
    at_whole_minute,
    beside,
    both,
    decimals,
    grouped,
    joined,
    metres,
    minutes,
    place_link,
    scaled,
    seconds,
    swapped,
    unsigned,
    utm,
)


@dataclass(frozen=True)
class Writing:
    """A way of writing positions.

    Attributes
    ----------
    forms
        From tidy to bad; strength 1 knows the first third of them.
    state
        ``exact``: the text alone gives the position. ``context``: with the desa that the row names. ``coarse``: near
        it. ``unusable``: no position of its own can be had.
    unit_m
        How far the writing itself may be from the house, in metres.
    """

    forms: Sequence[Form]
    state: str
    unit_m: float = 1.0


_JUNK = (
    "-",
    "belum ada",
    "#N/A",
    "tidak ada sinyal",
    "menyusul",
    "????",
    "n/a",
    "GPS mati",
    "#REF!",
    "lihat peta",
)
_HALF = 0.5

WRITINGS: Mapping[str, Writing] = {
    "plain": Writing([decimals(6), decimals(7), decimals(5)], "exact", 2.0),
    "comma": Writing([decimals(6, comma=True), decimals(8, comma=True), decimals(5, comma=True)], "exact", 2.0),
    "dms": Writing([
        seconds("{d}°{m:02d}'{s}\"{L}"), seconds("{d}° {m}' {s}\" {L}"), seconds("{L} {d}°{m}'{s}\""),
        seconds("{d}° {m:02d}' {s}\" {L}", INDONESIAN, comma=True), seconds("{sign}{d}°{m}'{s}\""),
        seconds("{d:02d}º{m:02d}'{s}''{L}"), seconds("{d:03d}°{m:02d}′{s}″ {L}"), seconds("{d} {m} {s} {L}"),
        seconds("{d}d{m}m{s}s{L}"), seconds("{sign}{d}:{m:02d}:{s}"), seconds("{d}*{m}'{s}\" {L}"),
        seconds("{d} derajat {m} menit {s} detik {L}", INDONESIAN),
    ], "exact", 3.0),
    "minutes": Writing([
        minutes("{d}°{m}'{L}"), minutes("{L}{d}° {m}"), minutes("{L} {d} {m}"),
        minutes("{d}° {m}' {L}", INDONESIAN, comma=True), minutes("{sign}{d} {m}"), minutes("{d}-{m}{L}"),
    ], "exact", 2.0),
    "one_cell": Writing([
        both("{lat}, {lon}"), both("{lat},{lon}"), both("{lat} {lon}"), both("{lat}; {lon}"), both("({lat}, {lon})"),
        both("{lat} / {lon}"), both("Lat {lat} Long {lon}"), both("{lat}; {lon}", comma=True),
        both("lat: {lat}, lng: {lon}"), both("{lat}|{lon}"), both("{lat} {lon}", comma=True),
        both("{lat}, {lon}", comma=True), both("{lat}\n{lon}"), both("POINT ({lon} {lat})"),
        both("{lat},{lon}", comma=True),
    ], "exact"),
    "one_cell_dms": Writing([
        joined(seconds("{d}°{m:02d}'{s}\"{L}"), " "), joined(seconds("{d}° {m}' {s}\" {L}", INDONESIAN), ", "),
        joined(seconds("{L}{d}°{m}'{s}\""), " "), joined(minutes("{d}°{m}'{L}"), " - "),
    ], "exact", 3.0),
    "swapped": Writing([
        swapped(decimals(6)), swapped(decimals(6, comma=True)), swapped(decimals(5)),
        joined(swapped(decimals(6)), ", "),
    ], "exact", 2.0),
    "minus_lost": Writing([
        unsigned(decimals(6)), unsigned(decimals(6, comma=True)), swapped(unsigned(decimals(6))),
        unsigned(both("{lat}, {lon}")),
    ], "context"),
    "utm": Writing([
        metres(0), metres(2), metres(1, comma=True), utm("{e:.0f} {n:.0f}"), swapped(metres(0)),
        metres(0, grouping=","), metres(0, grouping="."),
    ], "context"),
    "utm_labelled": Writing([
        utm("{z}{h} {e:.0f} {n:.0f}"), utm("{z} {h} {e:.0f} {n:.0f}"), utm("{z}{band} {e:.0f} {n:.0f}"),
        utm("{z}{h}, {e:.1f} mE, {n:.1f} mN"), utm("UTM {z}{h} X={e:.0f} Y={n:.0f}"),
        utm("E {e:.0f} N {n:.0f} zona {z}{h}"),
    ], "exact"),
    "factor_ten": Writing([
        scaled(10, 1, 5), scaled(1, 0.1, 7), scaled(1, 10, 5), scaled(10, 10, 5), scaled(0.1, 1, 7), scaled(1e3, 1, 3),
    ], "context"),
    "point_lost": Writing([scaled(1e6, 1e6, 0), scaled(1e7, 1e7, 0), scaled(1, 1e6, 0)], "context"),
    "thousands": Writing([grouped("."), grouped(","), scaled(1e6, 1e6, 0, grouping=".")], "context"),
    "zero": Writing([lambda _: ("0", "0"), lambda _: ("0.000000", "0.000000"), lambda _: ("0,0", "0,0"),
                     lambda _: "0, 0"], "unusable"),
    "whole_degree": Writing([
        decimals(0), decimals(1), lambda h: (f"{round(h.lat)}.000000", f"{round(h.lon)}.000000"),
    ], "unusable"),
    "whole_minute": Writing([
        at_whole_minute(seconds("{d}°{m}'{L}")), at_whole_minute(seconds("{d}°{m}'0\"{L}")),
        at_whole_minute(decimals(6)),
    ], "unusable"),
    "three_decimals": Writing([decimals(3), decimals(3, comma=True)], "coarse", 80.0),
    "two_decimals": Writing([decimals(2), decimals(2, comma=True)], "coarse", 800.0),
    "map_link": Writing([
        both("https://maps.google.com/?q={lat},{lon}"), both("https://www.google.com/maps?q={lat},{lon}"),
        both("https://www.google.com/maps/search/?api=1&query={lat}%2C{lon}"),
        both("https://www.google.com/maps/@{lat},{lon},17z"), both("geo:{lat},{lon}?z=18"),
        both("https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}"), place_link,
    ], "exact"),
    "short_link": Writing([
        lambda h: f"https://maps.app.goo.gl/Rekaan{int(h.dice * 1e6):06d}",
        lambda h: f"https://goo.gl/maps/Rekaan{int(h.dice * 1e6):06d}",
    ], "unusable"),
    "letters": Writing([
        beside("{v} {i}"), beside("{v}{L}"), beside("{L}{v}"),
        beside("{v}° {i}", comma=True), beside("{i} : {v}", comma=True),
    ], "exact"),
    "one_missing": Writing([
        lambda h: (f"{h.lat:.6f}", "") if h.dice < _HALF else ("", f"{h.lon:.6f}"), lambda h: (f"{h.lat:.6f}", "-"),
    ], "unusable"),
    "junk": Writing([
        lambda h: (_JUNK[int(h.dice * 3)],) * 2, lambda h: (_JUNK[int(h.dice * 6)], ""),
        lambda h: _JUNK[int(h.dice * 10)],
    ], "unusable"),
}  # fmt: skip
"""The ways by kind. Points that lie elsewhere (border, far, outside, stacked) are moved first and written plainly."""


def write(
    kind: str, houses: Sequence[House], strength: int, rng: np.random.Generator
) -> list[tuple[str, str, str]]:
    """Write positions; each becomes the cells latitude, longitude, and both in one.

    Examples
    --------
    >>> house = House(-6.889123, 109.671234, 353182.0, 9238293.0, 49, 0.5)
    >>> write("comma", [house], 1, np.random.default_rng(1))
    [('-6,889123', '109,671234', '')]
    """
    forms = WRITINGS[kind].forms
    known = -(-len(forms) * strength // 3)
    cells = []
    for house, at in zip(houses, rng.integers(known, size=len(houses)), strict=True):
        text = forms[at](house)
        cells.append(("", "", text) if isinstance(text, str) else (*text, ""))
    return cells

"""Written coordinates as numbers: one a cell, or two in one cell, in any usual form of writing."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.positions.coordinate_forms import (
    ANGLE,
    DECIMAL,
    DECIMAL_PAIR,
    LINK,
    LINKS,
    LON_FIRST,
    LOOSE_LINK,
    MARKS,
    PAIRS,
    PLACE,
    TWO_PINS,
    WORDS,
    ZONE_ALONE,
    ZONE_WORDS,
    ZONES,
)

LONGEST_CELL = 1000
"""A map link may be long; a cell longer than this is not read at all, for half a number would be a wrong one."""

LAT, LON = 1, 2
"""The axis that a cell names itself (by LS, BT, N, E, lat, bujur, x ...); 0 where it does not."""

_SAME = 0.005
"""A link and what stands beside it may be so many degrees apart: the view of a map is not its place."""

FORMS = ("", "derajat", "derajat menit", "derajat menit detik")


@dataclass(frozen=True)
class Written:
    """Numbers as written, one a cell.

    Attributes
    ----------
    value
        Degrees or metres, signed by the minus or the hemisphere; a number with several points or commas and no
        decimal mark (``-6.889.123``) is its digits. Missing where the cell is no number.
    axis
        ``LAT``, ``LON``, or 0 where the cell does not say.
    form
        Place in ``FORMS``.
    zone
        UTM zone that the cell names: 49 is 49 of unknown half, 149 is 49N, 249 is 49S; 0 for none.
    """

    value: np.ndarray
    axis: np.ndarray
    form: np.ndarray
    zone: np.ndarray


def read_numbers(cells: pd.Series) -> Written:
    r"""Read cells that hold one coordinate each.

    Examples
    --------
    >>> read_numbers(pd.Series(["-6,889", "6°53'24\" LS", "109 40.5 BT", "di rumah"])).value
    array([ -6.889,  -6.89 , 109.675,     nan])
    """
    text = _arrow(cells)
    value, axis, form = _plain(text)
    zone = np.zeros(len(text), dtype="int16")
    odd = np.flatnonzero(_bool(pc.is_valid(text)) & ~np.isfinite(value))
    if odd.size:
        words, zone[odd] = _without_zone(_marked(text.take(pa.array(odd))))
        value[odd], axis[odd], form[odd] = _angles(_worded(words))
    return Written(value, axis, form, zone)


def read_pairs(cells: pd.Series) -> tuple[Written, Written]:
    """Read cells that hold two coordinates each, as they follow one another; both missing where they do not.

    Where a form puts the longitude first (WKT, GeoJSON), or the cell says which is which, the first of the result
    is the latitude.

    Examples
    --------
    >>> first, second = read_pairs(pd.Series(["-6,88, 109,67", "S 6.88 E 109.67", "POINT(109.67 -6.88)", "-6,88"]))
    >>> first.value, second.value
    (array([-6.88, -6.88, -6.88,   nan]), array([109.67, 109.67, 109.67,    nan]))
    """
    text = _arrow(cells)
    halves = [pa.nulls(len(text), pa.string()) for _ in range(2)]
    size = len(text)
    zone = np.zeros(size, dtype="int16")
    whole = _bool(pc.is_valid(text))
    halves = _taken(halves, _halves(text, (DECIMAL_PAIR,)))
    odd = np.flatnonzero(whole & _bool(pc.is_null(halves[0])))
    if odd.size:
        marked = _replaced(_marked(text.take(pa.array(odd))), PLACE)
        link = pc.match_substring_regex(marked, LINK)
        nothing = pa.scalar(None, pa.string())
        links = pc.if_else(
            pc.and_(link, pc.invert(pc.match_substring_regex(marked, TWO_PINS))), marked, nothing
        )
        found = _halves(links, LINKS)
        beside = pc.if_else(link, pc.replace_substring_regex(marked, LOOSE_LINK, " "), marked)
        told = _bool(pc.and_(link, pc.is_valid(found[0])))
        found = _unless_contrary(found, beside, told)
        beside = pc.if_else(pa.array(told), nothing, beside)
        words, zone[odd] = _without_zone(beside)
        found = _taken(found, _halves(words, LON_FIRST))
        found = _taken(found, _halves(_worded(words), PAIRS))
        halves = [
            pc.replace_with_mask(half, pa.array(np.isin(np.arange(size), odd)), part)
            for half, part in zip(halves, found, strict=True)
        ]
    first, second = (_read_half(half, zone) for half in halves)
    both = np.isfinite(first.value) & np.isfinite(second.value)
    both &= (first.axis != second.axis) | (first.axis == 0)
    turned = (first.axis == LON) | (second.axis == LAT)
    return _chosen(both, turned, first, second), _chosen(both, turned, second, first)


def _unless_contrary(halves: list[pa.Array], beside: pa.Array, told: np.ndarray) -> list[pa.Array]:
    """Take nothing from a link where another position stands beside it in the cell."""
    rows = np.flatnonzero(told & _bool(pc.match_substring_regex(beside, r"\d")))
    if not rows.size:
        return halves
    first, second = (
        _read_half(half.take(pa.array(rows)), np.zeros(rows.size, dtype="int16")) for half in halves
    )
    one, other = read_pairs(pd.Series(beside.take(pa.array(rows)).to_pylist(), dtype="str"))
    apart = np.maximum(np.abs(first.value - one.value), np.abs(second.value - other.value)) > _SAME
    gone = np.isin(np.arange(len(told)), rows[apart])
    return [pc.if_else(pa.array(gone), pa.scalar(None, pa.string()), half) for half in halves]


def _read_half(half: pa.Array, zone: np.ndarray) -> Written:
    value, axis, form = _plain(half)
    odd = np.flatnonzero(_bool(pc.is_valid(half)) & ~np.isfinite(value))
    if odd.size:
        value[odd], axis[odd], form[odd] = _angles(half.take(pa.array(odd)))
    return Written(value, axis, form, zone)


def _plain(text: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the decimal numbers, which most cells are, without looking for anything else."""
    plain = pc.match_substring_regex(text, DECIMAL)
    value = _float(pc.if_else(plain, text, pa.scalar(None, pa.string())))
    return value, np.zeros(len(text), dtype="int8"), np.isfinite(value).astype("int8")


def _chosen(both: np.ndarray, turned: np.ndarray, this: Written, other: Written) -> Written:
    return Written(
        np.where(both, np.where(turned, other.value, this.value), np.nan),
        np.where(turned, other.axis, this.axis),
        np.where(both, np.maximum(this.form, other.form), 0),
        this.zone,
    )


def _arrow(cells: pd.Series) -> pa.Array:
    text = pa.array(cells.astype("str"), type=pa.string(), from_pandas=True)
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    short = pc.less_equal(pc.utf8_length(text), LONGEST_CELL)
    return pc.if_else(short, pc.utf8_trim_whitespace(text), pa.scalar(None, pa.string()))


def _bool(mask: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False), dtype=bool)


def _replaced(text: pa.Array, rules: tuple[tuple[str, str], ...]) -> pa.Array:
    for pattern, words in rules:
        into = re.sub(r"\$\{?(\d)\}?", r"\\\1", words)
        text = pc.replace_substring_regex(text, pattern, into)
    return text


def _marked(text: pa.Array) -> pa.Array:
    return pc.utf8_upper(pc.utf8_normalize(_replaced(text, MARKS), form="NFKC"))


def _worded(text: pa.Array) -> pa.Array:
    words = _replaced(text, WORDS)
    # a comma with a space beside it parts two coordinates, unless something stronger does
    parted = pc.replace_substring_regex(words, " ?, | ,", ";")
    stronger = pc.match_substring_regex(words, "[;AO]|[NSEW].*[NSEW]")
    return pc.if_else(stronger, words, parted)


def _without_zone(text: pa.Array) -> tuple[pa.Array, np.ndarray]:
    zone = np.zeros(len(text), dtype="int16")
    for pattern in ZONES:
        found = pc.extract_regex(text, pattern)
        number, band = pc.struct_field(found, "zone"), pc.struct_field(found, "band")
        half = pc.case_when(
            pc.make_struct(pc.is_in(band, pa.array(["N", "P", "U"])), pc.is_in(band, pa.array(["K", "L", "M", "S"]))),
            pa.scalar(100, pa.int16()), pa.scalar(200, pa.int16()), pa.scalar(0, pa.int16()),
        )  # fmt: skip
        said = pc.fill_null(pc.add(pc.cast(number, pa.int16()), half), 0).to_numpy(zero_copy_only=False)
        zone = np.where(zone == 0, said, zone)
    bare = pc.replace_substring_regex(pc.replace_substring_regex(text, ZONE_WORDS, " "), ZONE_ALONE, "")
    return pc.if_else(pa.array(zone > 0), bare, text), zone


def _halves(text: pa.Array, patterns: tuple[str, ...]) -> list[pa.Array]:
    halves = [pa.nulls(len(text), pa.string()) for _ in range(2)]
    for pattern in patterns:
        found = pc.extract_regex(text, pattern)
        halves = _taken(halves, [pc.struct_field(found, "first"), pc.struct_field(found, "second")])
        text = pc.if_else(pc.is_null(halves[0]), text, pa.scalar(None, pa.string()))
    return halves


def _taken(halves: list[pa.Array], more: list[pa.Array]) -> list[pa.Array]:
    return [pc.coalesce(half, further) for half, further in zip(halves, more, strict=True)]


def _angles(text: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read canonical text as signed numbers; with the axis that it names, and its form."""
    spaced = pc.match_substring_regex(text, r"^[AONSEW]?[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?[NSEW]?$")
    spaced = pc.or_(
        spaced, pc.match_substring_regex(text, r"^[AONSEW]?[+-]?\d{1,3}[.,]\d{3}(?: \d{3}){1,2}[NSEW]?$")
    )
    text = pc.if_else(spaced, pc.replace_substring(text, " ", ""), text)
    found = pc.extract_regex(text, ANGLE)
    names = ("axis", "before", "sign", "d", "power", "m", "s", "after")
    part = {name: pc.struct_field(found, name) for name in names}
    d, m, s = (_float(_ungrouped(part[name])) for name in ("d", "m", "s"))
    has_m, has_s = np.isfinite(m), np.isfinite(s)
    power = np.nan_to_num(_float(part["power"]))
    fits = (~has_m | ((d % 1 == 0) & (m < 60))) & (~has_s | (has_m & (m % 1 == 0) & (s < 60)))  # noqa: PLR2004
    fits &= ~has_m | (d <= 180)  # noqa: PLR2004
    value = np.where(fits, (d + np.nan_to_num(m) / 60 + np.nan_to_num(s) / 3600) * 10.0**power, np.nan)
    hemisphere = pc.if_else(pc.equal(part["before"], ""), part["after"], part["before"])
    told_twice = pc.and_(pc.not_equal(part["before"], ""), pc.not_equal(part["after"], ""))
    minus = _bool(pc.equal(part["sign"], "-")) | _bool(pc.is_in(hemisphere, pa.array(["S", "W"])))
    lat = _bool(pc.is_in(hemisphere, pa.array(["N", "S"])))
    lon = _bool(pc.is_in(hemisphere, pa.array(["E", "W"])))
    lat_label, lon_label = _bool(pc.equal(part["axis"], "A")), _bool(pc.equal(part["axis"], "O"))
    contrary = (lat & lon_label) | (lon & lat_label) | _bool(told_twice)
    value = np.where(contrary, np.nan, np.where(minus, -value, value))
    axis = np.select([lat | lat_label, lon | lon_label], [LAT, LON], 0).astype("int8")
    return value, axis, np.where(np.isfinite(value), 1 + has_m + has_s, 0).astype("int8")


def _ungrouped(number: pa.Array) -> pa.Array:
    """Take the separators of thousands out; where no mark can be the decimal one, all of them."""
    for thousands, decimal in ((".", ","), (",", ".")):
        grouped = pc.match_substring_regex(number, rf"^\d{{1,3}}(?:\{thousands}\d{{3}})+\{decimal}\d+$")
        number = pc.if_else(grouped, pc.replace_substring(number, thousands, ""), number)
        several = pc.match_substring_regex(number, rf"^\d+(?:\{thousands}\d{{3}})+\{thousands}\d+$")
        number = pc.if_else(several, pc.replace_substring(number, thousands, ""), number)
    return number


def _float(text: pa.Array) -> np.ndarray:
    number = pc.replace_substring(text, ",", ".")
    plain = pc.match_substring_regex(number, r"^[+-]?\d{1,17}(?:\.\d+)?$")
    number = pc.if_else(plain, pc.utf8_ltrim(number, "+"), pa.scalar(None, pa.string()))
    read = pc.cast(number, pa.float64())
    return np.array(pc.fill_null(read, np.nan).to_numpy(zero_copy_only=False), dtype=float)

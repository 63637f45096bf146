"""How a collection is coloured, as on the maps: classes of its main figure or of its needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.products import Collection, Product
from geo.symbology import (
    COLD_COLOUR,
    HOT_COLOUR,
    KANTONG_COLOUR,
    NEED_COLOURS,
    NEED_SHAPES,
    NEED_TITLES,
    RAMP_RTLH,
    RAMPS,
    SCAN_COLOUR,
    UNKNOWN_COLOUR,
    class_breaks,
    layer_title,
    zone_colours,
)

_PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#f0e442", "#882255", "#444444")
"""Okabe and Ito (2008), for words that the maps give no colour."""

_OUTLINED = frozenset({"kantong", "lingkaran"})
_GREY = "#7a7a7a"
_BY_WORDS = {
    "zona": "layer", "desa_panas": "gi_class", "lingkaran": "indicator", "kantong": "indicator",
}  # fmt: skip
"""The column of words by which such areas are coloured."""


@dataclass(frozen=True)
class Asked:
    """Something asked of one column: that it is a value, that it is not (or is missing), or that it lies between.

    Attributes
    ----------
    how
        ``is``, ``isnt`` or ``between``.
    value
        For the first two.
    low, high
        From the one, until below the other; None for an open end.
    """

    field: str
    how: str
    value: bool | str = False
    low: float | None = None
    high: float | None = None

    def holds(self, table: pd.DataFrame) -> np.ndarray:
        """Say of each row whether it does."""
        column = table[self.field]
        if self.how == "between":
            values = column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            low = -np.inf if self.low is None else self.low
            held: np.ndarray = (values >= low) & (values < (np.inf if self.high is None else self.high))
            return held
        same = (column == self.value).fillna(value=False).to_numpy(dtype=bool)
        return same if self.how == "is" else ~same


@dataclass(frozen=True)
class Look:
    """A class of a style: everything that passes all its tests and no class before it did.

    Attributes
    ----------
    shape
        ``fill``, ``outline``, or the mark of a point: ``circle``, ``square``, ``triangle``, ``cross``, ``dot``.
    tests
        None: whatever is left.
    """

    title: str
    colour: str
    shape: str
    tests: tuple[Asked, ...] = ()


def looks_of(product: Product, collection: Collection, table: gpd.GeoDataFrame) -> list[Look]:
    """Return the classes of a collection, at least one; the last takes whatever is left.

    Parameters
    ----------
    table
        As :func:`geo.exports.values.typed` returns it.
    """
    if collection.geometry == "Point":
        return _of_points(collection)
    if collection.id in _BY_WORDS and _BY_WORDS[collection.id] in table:
        return _of_words(product, collection, table, _BY_WORDS[collection.id])
    return _of_rates(product, table)


def places_of(looks: Sequence[Look], table: pd.DataFrame) -> np.ndarray:
    """Return for each row the place of its class, the first that it passes."""
    passed = [
        np.logical_and.reduce([np.ones(len(table), dtype=bool), *(test.holds(table) for test in look.tests)])
        for look in looks
    ]
    return np.argmax(passed, axis=0) if len(table) else np.zeros(0, dtype=np.int64)


def _of_points(collection: Collection) -> list[Look]:
    kinds = {field.name: field.kind for field in collection.fields}
    needs = [name for name in ("need_rtlh", "need_jamban") if kinds.get(name) == "ya/tidak"]
    if len(needs) == 2:  # noqa: PLR2004  -- the pair of the maps
        return _of_needs(*needs)
    titles = {field.name: field.title for field in collection.fields}
    asked = needs or [name for name, kind in kinds.items() if kind == "ya/tidak"]
    if asked:
        name = asked[0]
        return [
            Look(f"{titles[name]}: ya", NEED_COLOURS["rtlh"], "triangle", (Asked(name, "is", value=True),)),
            Look(f"{titles[name]}: tidak", NEED_COLOURS["none"], "dot", (Asked(name, "is", value=False),)),
            Look(f"{titles[name]}: belum diketahui", NEED_COLOURS["unknown"], "cross"),
        ]
    coded = [
        field for field in collection.fields if field.kind == "teks" and 1 < len(field.codes) <= len(_PALETTE)
    ]
    if not coded:
        return [Look(collection.title, NEED_COLOURS["jamban"], "circle")]
    words = [
        Look(title or value, colour, "circle", (Asked(coded[0].name, "is", value),))
        for (value, title), colour in zip(coded[0].codes.items(), _PALETTE, strict=False)
    ]
    return [*words, Look("Lainnya", NEED_COLOURS["unknown"], "cross")]


def _of_needs(rtlh: str, jamban: str) -> list[Look]:
    tests = {
        "both": (Asked(rtlh, "is", value=True), Asked(jamban, "is", value=True)),
        "rtlh": (Asked(rtlh, "is", value=True), Asked(jamban, "isnt", value=True)),
        "jamban": (Asked(jamban, "is", value=True), Asked(rtlh, "isnt", value=True)),
        "none": (Asked(rtlh, "is", value=False), Asked(jamban, "is", value=False)),
        "unknown": (),
    }
    return [Look(NEED_TITLES[key], NEED_COLOURS[key], NEED_SHAPES[key], told) for key, told in tests.items()]


def _of_words(product: Product, collection: Collection, table: pd.DataFrame, name: str) -> list[Look]:
    field = next(field for field in collection.fields if field.name == name)
    known = _known_words(product.facts)
    shape = "outline" if collection.id in _OUTLINED else "fill"
    words = [str(word) for word in dict.fromkeys(table[name].dropna()) if word][: len(_PALETTE)]
    looks = []
    for word, spare in zip(words, _PALETTE, strict=False):
        told = known.get((collection.id, word), known.get(("", word)))
        title, colour = told or (field.codes.get(word, word), spare)
        looks.append(Look(title, colour, shape, (Asked(name, "is", word),)))
    colour = {"kantong": KANTONG_COLOUR, "lingkaran": SCAN_COLOUR}.get(collection.id, UNKNOWN_COLOUR)
    return [*looks, Look("Lainnya", colour, shape)]


def _known_words(facts: Mapping[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return title and colour of words: of layers, of hot and cold, of indicators."""
    colours = zone_colours(facts.get("layers", []))
    layers = {
        ("zona", layer["id"]): (layer_title(layer), colours[layer["id"]]) for layer in facts.get("layers", [])
    }
    hot = {
        ("desa_panas", "panas"): ("Panas", HOT_COLOUR),
        ("desa_panas", "dingin"): ("Dingin", COLD_COLOUR),
    }
    needs = {
        ("", about["id"]): (about["title"], RAMPS.get(about["id"], RAMP_RTLH)[3])
        for about in facts["indicators"]
    }
    return layers | hot | needs


def _of_rates(product: Product, table: gpd.GeoDataFrame) -> list[Look]:
    rates = [
        (about["title"], about["id"], f"{about['id']}_rate")
        for about in product.facts["indicators"]
        if f"{about['id']}_rate" in table and table[f"{about['id']}_rate"].notna().any()
    ]
    if not rates:
        return [Look("Wilayah", _GREY, "outline")]
    title, indicator, name = rates[0]
    values = table[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    breaks = class_breaks(values, RAMPS.get(indicator, RAMP_RTLH))
    lows = (None, *breaks.edges[1:-1])
    highs = (*breaks.edges[1:-1], None)
    looks = [
        Look(f"{title}: {words}", colour, "fill", (Asked(name, "between", low=low, high=high),))
        for words, colour, low, high in zip(breaks.titles(), breaks.colours, lows, highs, strict=True)
    ]
    return [*looks, Look(f"{title}: tidak diketahui atau dirahasiakan", UNKNOWN_COLOUR, "fill")]

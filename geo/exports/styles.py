"""How a collection is coloured, as on the maps: classes of its main figure or of its needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.products import Collection, Field, Product
from geo.sanitation import STEPS
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
    UNKNOWN,
    UNKNOWN_COLOUR,
    ClassBreaks,
    class_breaks,
    layer_title,
    zone_colours,
)

_PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#f0e442", "#882255", "#444444")
"""Okabe and Ito (2008), for words that the maps give no colour."""

_OTHER_NEEDS = {
    "jamban_sendiri": "#009e73", "babs": "#882255", "penyakit_kronis": "#cc79a7", "disabilitas": "#e69f00",
}  # fmt: skip
"""Where each need has an outline of its own, beside those that the maps draw as points."""

_LADDER = "tangga_jamban"
_OF_TOILETS = frozenset({"jamban", "jamban_sendiri", "babs"})
_RUNGS = dict(
    zip(STEPS[:0:-1], ("#2166ac", "#4393c3", "#92c5de", "#fdae61", "#e34a33", "#7f0000"), strict=True)
)
"""Good to bad: what is safe in blues, what is not in reds, after Brewer, also for those who see no red or green."""

_SEVERE = (0.0, 0.25, 0.5, 1.0)
"""Classes of how great a need is: many are tied, so quantiles would tell nothing apart."""

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
    """Return the classes of a collection that have a row, at least one; every row is in one of them.

    Parameters
    ----------
    table
        As :func:`geo.exports.values.typed` returns it.
    """
    if collection.geometry == "Point":
        looks = _of_points(product, collection, table)
    elif collection.id in _BY_WORDS and _BY_WORDS[collection.id] in table:
        looks = _of_words(product, collection, table, _BY_WORDS[collection.id])
    else:
        looks = _of_rates(product, table)
    return _used(looks, table) or [Look(collection.title, looks[-1].colour, looks[-1].shape)]


def places_of(looks: Sequence[Look], table: pd.DataFrame) -> np.ndarray:
    """Return for each row the place of its class, the first that it passes."""
    passed = [
        np.logical_and.reduce([np.ones(len(table), dtype=bool), *(test.holds(table) for test in look.tests)])
        for look in looks
    ]
    return np.argmax(passed, axis=0) if len(table) else np.zeros(0, dtype=np.int64)


def _used(looks: Sequence[Look], table: pd.DataFrame) -> list[Look]:
    """Keep the classes that have a row."""
    return [looks[place] for place in np.unique(places_of(looks, table))]


@dataclass(frozen=True)
class _Need:
    """A column that says whether households are in need, under whatever name and in whatever words it leaves."""

    indicator: str
    field: Field
    yes: bool | str
    no: bool | str


def _of_points(product: Product, collection: Collection, table: pd.DataFrame) -> list[Look]:
    """Colour by the need, or, where that says the same of every row, by how great it is."""
    sources = _sources(product, collection)
    needs = {need.indicator: need for need in _needs(product, sources)}
    ladder = next((field for name, field in sources.items() if name == _LADDER), None)
    first = next((needs[name] for name in ("rtlh", "jamban", *needs) if name in needs), None)
    tried: list[list[Look]] = []
    if "rtlh" in needs and "jamban" in needs:
        tried.append(_of_needs(needs["rtlh"], needs["jamban"]))
    elif first and not (ladder and first.indicator in _OF_TOILETS):
        tried.append(_of_need(first))
    if first and (severity := sources.get(f"severity_{first.indicator}")):
        tried.append(_of_severity(severity, first))
    if ladder:
        tried.append(_of_ladder(product, ladder))
    if first:
        tried.append(_of_need(first))
    else:
        coded = [field for field in sources.values() if field.kind == "teks" and field.codes]
        tried += [
            _of_codes(field) for field in coded if field is not ladder and len(field.codes) <= len(_PALETTE)
        ]
    telling = (looks for looks in tried if len(_used(looks, table)) > 1)
    plain = [Look(collection.title, NEED_COLOURS["jamban"], "circle")]
    return next(telling, _of_need(first) if first else plain)


def _sources(product: Product, collection: Collection) -> dict[str, Field]:
    """Return the columns by what they were made from, which a recipe may have renamed."""
    recipe = product.scope.recipe if collection.id == "rumah_tangga" else None
    renamed = {column.name: column.source for column in recipe.columns} if recipe else {}
    sources: dict[str, Field] = {}
    for field in collection.fields:
        sources.setdefault(
            renamed.get(field.name) or field.name, field
        )  # the recipient's own words come first
    return sources


def _words(product: Product, field: Field) -> dict[str, str]:
    """Return the recipe's words for values of a column; none where they pass as they are."""
    recipe = product.scope.recipe
    words = {each.name: each.values for each in recipe.columns} if recipe else {}  # noqa: PD011
    return {value: word for value, word in words.get(field.name, {}).items() if value}


def _needs(product: Product, sources: Mapping[str, Field]) -> list[_Need]:
    found = []
    for name, field in sources.items():
        told = _words(product, field)
        if not name.startswith("need_"):
            continue
        if field.kind == "ya/tidak":
            found.append(_Need(name.removeprefix("need_"), field, yes=True, no=False))
        elif told.get("true") and told.get("false"):
            found.append(_Need(name.removeprefix("need_"), field, told["true"], told["false"]))
    return found


def _of_need(need: _Need) -> list[Look]:
    name, title = need.field.name, need.field.title
    colour = _need_colour(need.indicator)
    shape = NEED_SHAPES.get(need.indicator, "circle")
    return [
        Look(f"{title}: ya", colour, shape, (Asked(name, "is", need.yes),)),
        Look(f"{title}: tidak", NEED_COLOURS["none"], NEED_SHAPES["none"], (Asked(name, "is", need.no),)),
        Look(f"{title}: belum diketahui", NEED_COLOURS["unknown"], NEED_SHAPES["unknown"]),
    ]


def _of_needs(rtlh: _Need, jamban: _Need) -> list[Look]:
    houses, toilets = rtlh.field.name, jamban.field.name
    tests = {
        "both": (Asked(houses, "is", rtlh.yes), Asked(toilets, "is", jamban.yes)),
        "rtlh": (Asked(houses, "is", rtlh.yes), Asked(toilets, "isnt", jamban.yes)),
        "jamban": (Asked(toilets, "is", jamban.yes), Asked(houses, "isnt", rtlh.yes)),
        "none": (Asked(houses, "is", rtlh.no), Asked(toilets, "is", jamban.no)),
        "unknown": (),
    }
    return [Look(NEED_TITLES[key], NEED_COLOURS[key], NEED_SHAPES[key], told) for key, told in tests.items()]


def _of_severity(field: Field, need: _Need) -> list[Look]:
    # the lightest shades of a ramp are for areas: as points they cannot be seen
    breaks = ClassBreaks(_SEVERE, RAMPS.get(need.indicator, RAMP_RTLH)[2:])
    shape = NEED_SHAPES.get(need.indicator, "circle")
    return _of_breaks(breaks, field.name, field.title, shape, ("tidak diketahui", "cross"))


def _of_ladder(product: Product, field: Field) -> list[Look]:
    """Colour the rungs from good to bad, under the words that the recipe has for them."""
    words = _words(product, field)
    colours = {words.get(rung, rung if not words else ""): colour for rung, colour in _RUNGS.items()}
    looks = [
        Look(f"{field.title}: {word}", colour, "circle", (Asked(field.name, "is", word),))
        for word, colour in colours.items()
        if word
    ]
    return [*looks, Look(f"{field.title}: {UNKNOWN}", NEED_COLOURS["unknown"], "cross")]


def _of_codes(field: Field) -> list[Look]:
    looks = [
        Look(f"{field.title}: {code}", colour, "circle", (Asked(field.name, "is", code),))
        for code, colour in zip(field.codes, _PALETTE, strict=False)
    ]
    return [*looks, Look(f"{field.title}: lainnya atau kosong", NEED_COLOURS["unknown"], "cross")]


def _need_colour(indicator: str) -> str:
    return NEED_COLOURS.get(indicator) or _OTHER_NEEDS.get(indicator, _PALETTE[-1])


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
    needs = {("", about["id"]): (about["title"], _need_colour(about["id"])) for about in facts["indicators"]}
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
    return _of_breaks(breaks, name, title, "fill", ("tidak diketahui atau dirahasiakan", "fill"))


def _of_breaks(
    breaks: ClassBreaks, name: str, title: str, shape: str, missing: tuple[str, str]
) -> list[Look]:
    """Return the classes of a figure; ``missing``: words and shape of those that have none."""
    lows = (None, *breaks.edges[1:-1])
    highs = (*breaks.edges[1:-1], None)
    looks = [
        Look(f"{title}: {words}", colour, shape, (Asked(name, "between", low=low, high=high),))
        for words, colour, low, high in zip(breaks.titles(), breaks.colours, lows, highs, strict=True)
    ]
    return [*looks, Look(f"{title}: {missing[0]}", UNKNOWN_COLOUR, missing[1])]

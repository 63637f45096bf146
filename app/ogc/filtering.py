"""Filtering (OGC API Features, Part 3): a text in CQL2, as a mask over the rows of a collection."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from app.ogc.columns import GEOMETRY, NUMBER, TEXT, TRUTH, column, geometry
from app.ogc.cql2_text import parse
from app.ogc.operators import (
    ARITHMETIC,
    COMPARISONS,
    among,
    calculate,
    compare,
    folded,
    like,
    literal,
    require_alike,
    require_kind,
)
from app.ogc.shapes import RELATIONS, read_shape, related
from geo.errors import SettingsError
from geo.filters.reading import quoted
from geo.products import Collection

LANGUAGE = "cql2-text"

_MOST_FOLDED = 10
"""Different columns whose texts a filter may fold: each is the work of a hundred comparisons."""

_FEATURES = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
CLASSES = (
    f"{_FEATURES}filter",
    f"{_FEATURES}features-filter",
    *(
        f"{_CQL2}{name}"
        for name in (
            "cql2-text",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "property-property",
        )
    ),
)
"""What filtering conforms to. Arithmetic is there, but not claimed: the parser reads ``2 ^ 3 ^ 2`` from the left."""


def read_filter(text: str, lang: str, crs: str, collection: Collection) -> np.ndarray:
    """Return which rows of a collection a filter asks for: those of which it is true, neither false nor unknown.

    Parameters
    ----------
    text
        CQL2 as text.
    lang
        ``cql2-text``; empty for the same.
    crs
        URI of the system of the shapes in it; empty for CRS84.

    Raises
    ------
    SettingsError
        When it cannot be read, names no column of the collection, or compares what cannot be compared.
    """
    if lang not in {"", LANGUAGE}:
        raise SettingsError(f"Bahasa saringan {quoted(lang)} tidak tersedia. Pakai filter-lang={LANGUAGE}.")
    read = _Reading(collection, crs)
    tree = parse(text)
    found = require_kind(read.value(tree), TRUTH, read.name(tree), "Saringan")
    rows = len(collection.table)
    if isinstance(found, pa.Scalar):
        return np.full(rows, found.as_py() is True)
    mask: np.ndarray = pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False)
    return mask


@dataclass(frozen=True)
class _Reading:
    """One filter over one collection: each part of the tree as an array, or as a single value."""

    collection: Collection
    crs: str
    once: dict[str, Any] = field(default_factory=dict)

    def value(self, node: Any) -> Any:  # noqa: ANN401
        """Return a part of the tree; of a predicate, true, false or null for unknown."""
        if not isinstance(node, dict):
            return literal(node)
        if "property" in node:
            return self._column(node["property"])
        if "op" not in node:
            return literal(node)
        sign, args = str(node["op"]), node["args"]
        known = _OPERATORS.get(sign)
        if known is None:
            raise SettingsError(f"Fungsi {quoted(sign)} tidak tersedia pada saringan.")
        wanted, make = known
        if wanted and len(args) != wanted:
            raise SettingsError(f"{sign.upper()} memerlukan {wanted} bagian, bukan {len(args)}.")
        return make(self, sign, args)

    def name(self, node: Any) -> str:  # noqa: ANN401
        """Return what a message calls a part of the tree."""
        if isinstance(node, dict):
            if "property" in node:
                return f"kolom {quoted(str(node['property']))}"
            return f"bagian {quoted(str(node['op']))}" if "op" in node else "waktu"
        if isinstance(node, bool):
            return "ya/tidak"
        return quoted(f"{node:g}" if isinstance(node, float) else str(node))

    def _column(self, name: Any) -> Any:  # noqa: ANN401
        if name == GEOMETRY:
            raise SettingsError("Kolom «geometry» untuk S_INTERSECTS dan fungsi S_ lain, dan untuk IS NULL.")
        return column(str(name), self.collection)

    def _of_kind(self, node: Any, kind: str, what: str) -> Any:  # noqa: ANN401
        return require_kind(self.value(node), kind, self.name(node), what)

    def joined(self, sign: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Join truths by AND or OR, unknown ones among them."""
        join = pc.and_kleene if sign == "and" else pc.or_kleene
        return reduce(join, [self._of_kind(arg, TRUTH, sign.upper()) for arg in args])

    def inverted(self, _: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Return what is not true; what is unknown stays so."""
        return pc.invert(self._of_kind(args[0], TRUTH, "NOT"))

    def is_null(self, _: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Tell which values are missing, also places."""
        if args[0] == {"property": GEOMETRY}:
            return pa.array(shapely.is_missing(geometry(self.collection)))
        if _is_shape(args[0]):
            return pa.scalar(value=False)
        return pc.is_null(self.value(args[0]))

    def related(self, sign: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Tell how two shapes lie to each other."""
        return related(sign, *(self._shape(arg) for arg in args))

    def _shape(self, node: Any) -> Any:  # noqa: ANN401
        if isinstance(node, dict):
            if node == {"property": GEOMETRY}:
                return geometry(self.collection)
            if "property" in node:
                column(str(node["property"]), self.collection)
            elif _is_shape(node):
                return read_shape(node, self.crs)
        raise SettingsError(f"Fungsi S_ memerlukan «geometry» atau suatu bentuk, bukan {self.name(node)}.")

    def compare(self, sign: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Compare two values."""
        left, right = args
        return compare(sign, self.value(left), self.value(right), (self.name(left), self.name(right)))

    def calculate(self, sign: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Calculate with two numbers."""
        left, right = (self._of_kind(arg, NUMBER, f"Hitungan «{sign}»") for arg in args)
        return calculate(sign, left, right)

    def between(self, _: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Tell which values lie between two others, these included."""
        value, low, high = (self.value(arg) for arg in args)
        names = [self.name(arg) for arg in args]
        require_alike([value, low, high], names)
        above = compare(">=", value, low, (names[0], names[1]))
        return pc.and_kleene(above, compare("<=", value, high, (names[0], names[2])))

    def among(self, _: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Tell which values are in a list."""
        value, choices = args
        if not isinstance(choices, list):
            raise SettingsError("IN memerlukan daftar nilai, misalnya: desil IN (1, 2).")
        names = [self.name(each) for each in (value, *choices)]
        return among(self.value(value), [self.value(each) for each in choices], names)

    def like(self, _: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Tell which texts fit a pattern."""
        values, pattern = (self._of_kind(arg, TEXT, "LIKE") for arg in args)
        if not isinstance(pattern, pa.Scalar):
            raise SettingsError("Pola LIKE berupa teks, bukan kolom. Contoh: nama_desa LIKE 'Wono%'.")
        return like(values, pattern)

    def folded(self, sign: str, args: list[Any]) -> Any:  # noqa: ANN401
        """Return texts without their case, or without their accents; those of a column once, however often asked."""
        told = json.dumps([sign, args[0]])
        if told in self.once:
            return self.once[told]
        values = self._of_kind(args[0], TEXT, sign.upper())
        found = folded(values, accents=sign == "accenti")
        if not isinstance(values, pa.Scalar):
            if len(self.once) == _MOST_FOLDED:
                raise SettingsError(f"CASEI dan ACCENTI untuk paling banyak {_MOST_FOLDED} kolom berbeda.")
            self.once[told] = found
        return found


def _is_shape(node: Any) -> bool:  # noqa: ANN401
    return isinstance(node, dict) and ("type" in node or "bbox" in node)


_Make = Callable[[_Reading, str, list[Any]], Any]

_OPERATORS: dict[str, tuple[int, _Make]] = {
    "and": (0, _Reading.joined),
    "or": (0, _Reading.joined),
    "not": (1, _Reading.inverted),
    "isNull": (1, _Reading.is_null),
    **dict.fromkeys(COMPARISONS, (2, _Reading.compare)),
    **dict.fromkeys(ARITHMETIC, (2, _Reading.calculate)),
    **dict.fromkeys(RELATIONS, (2, _Reading.related)),
    "between": (3, _Reading.between),
    "in": (2, _Reading.among),
    "like": (2, _Reading.like),
    "casei": (1, _Reading.folded),
    "accenti": (1, _Reading.folded),
}
"""How many parts each operator takes (0 for any), and how it is worked out."""

"""What will leave, shown before it leaves: collections, rows, columns, what is left out, and a few rows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.exports.package import mark_fields
from geo.exports.rounding import as_told
from geo.products import Collection, Field, Product
from geo.symbology import number

ROWS = 5
"""So many rows of each collection are shown."""

_LATER = "(ditulis saat dibagikan)"


@dataclass(frozen=True)
class Shown:
    """A collection as it will leave.

    Attributes
    ----------
    rows
        How many features; ``placed`` of them have a place on the map.
    columns
        In the order of the files.
    left_out
        Why (Indonesian): rows.
    sample
        At most :data:`ROWS` rows, each a cell a column, as text; empty for what is missing.
    """

    id: str
    title: str
    description: str
    rows: int
    placed: int
    columns: tuple[Field, ...]
    left_out: dict[str, int]
    sample: list[list[str]]


@dataclass(frozen=True)
class Preview:
    """All that will leave, and what its receiver is told."""

    collections: list[Shown]
    notes: tuple[str, ...]

    @property
    def households(self) -> int:
        """Return how many households leave as rows of their own."""
        return sum(shown.rows for shown in self.collections if shown.id == "rumah_tangga")

    @property
    def warnings(self) -> list[str]:
        """Return what somebody should know before they hand over anything (Indonesian): tables without a row."""
        empty = [shown for shown in self.collections if not shown.rows]
        return [f"{shown.title} kosong{_because(shown.left_out)}." for shown in empty]


def _because(left_out: Mapping[str, int]) -> str:
    told = "; ".join(f"{number(rows)} tidak ikut, {why}" for why, rows in left_out.items())
    return f": {told}" if told else ""


def preview(product: Product) -> Preview:
    """Return what a product looks like to whoever decides whether it leaves."""
    added = mark_fields(product.scope.level)
    return Preview([_shown(each, added) for each in product.collections.values()], product.notes)


def _shown(collection: Collection, added: tuple[Field, ...]) -> Shown:
    table = collection.table
    cells = _texts(table.head(ROWS), [field.name for field in collection.fields])
    return Shown(
        collection.id,
        collection.title,
        collection.description,
        len(table),
        int(table.geometry.notna().sum()),
        (*collection.fields, *added),
        dict(collection.left_out),
        [[*row, *(_LATER for _ in added)] for row in cells],
    )


def _texts(table: pd.DataFrame, names: list[str]) -> list[list[str]]:
    cells = [[_text(value) for value in as_told(name, table[name])] for name in names]
    return [list(row) for row in zip(*cells, strict=True)]


def _text(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, bool | np.bool_):
        return "ya" if value else "tidak"
    return f"{value:.10g}" if isinstance(value, float) else str(value)

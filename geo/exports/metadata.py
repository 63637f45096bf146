"""Metadata of a package: ISO 19115 as ISO 19139 XML, by the Indonesian profile SNI 8843."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from geo.exports import FORMATS
from geo.exports.datapackage import package_id
from geo.exports.origin import inputs, without_point
from geo.exports.templates import template
from geo.exports.terms import Terms, chapters
from geo.levels import LEVEL_TITLES, Level
from geo.products import Product

CLASSIFIED = {
    Level.PUBLIK: "unclassified",
    Level.TERBATAS: "restricted",
    Level.OPD: "confidential",
    Level.PETUGAS: "secret",
}
"""MD_ClassificationCode of each level."""


def metadata_text(product: Product, terms: Terms, formats: Sequence[str]) -> str:
    """Return the metadata as XML.

    The contact is the office that gives, no person; lineage names each input with its sha256; quality says what
    the boundaries are and how many households have no point.
    """
    facts = product.facts
    return template("metadata.xml").render(
        id=package_id(product, terms),
        terms=terms,
        facts=facts,
        title=f"Data sasaran {facts['district']['nama']} untuk {terms.recipient}",
        level_title=LEVEL_TITLES[terms.level],
        classified=CLASSIFIED[terms.level],
        created=str(facts["created"])[:10],
        issued=terms.issued.date().isoformat(),
        box=_box(product),
        collections=product.collections.values(),
        geometry=sorted({_geometric(each.geometry) for each in product.collections.values()}),
        rules=[f"{each.title}: {' '.join(each.sentences)}" for each in chapters(terms)],
        formats=[FORMATS[name] for name in formats],
        inputs=inputs(facts),
        definitions=[_definition(each) for each in facts["indicators"]],
        notes=product.notes,
        without_point=without_point(product),
    )


def _definition(indicator: Mapping[str, Any]) -> str:
    return f"{indicator['title']} ({indicator['profile']}): {indicator['definition']}"


def _geometric(kind: str) -> str:
    return "point" if kind == "Point" else "surface"


def _box(product: Product) -> list[str]:
    """Return west, east, south and north of everything that has a place; nothing when nothing has."""
    bounds = [shapely.bounds(each.table.geometry.to_numpy()) for each in product.collections.values()]
    drawn = np.concatenate(
        [each[np.isfinite(each).all(axis=1)] for each in bounds if len(each)] or [np.empty((0, 4))]
    )
    if not len(drawn):
        return []
    west, south = np.floor(drawn[:, :2].min(axis=0) * 1e5) / 1e5
    east, north = np.ceil(drawn[:, 2:].max(axis=0) * 1e5) / 1e5
    return [f"{value:.5f}" for value in (west, east, south, north)]

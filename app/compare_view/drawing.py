"""Both maps as the map document draws them: with the same classes where the same kind of measure stands on both."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from app.access.roles import Person
from app.compare_view.comparing import alike
from app.compare_view.sides import Side
from app.map_view.asked import DESA
from app.map_view.classes import cut
from app.map_view.figures import Figures
from app.map_view.legend import legend
from app.map_view.view import Picture, View, figure_words
from geo.maps.themes import Theme
from geo.maps.wording import escape
from geo.report.zones import records

Json = dict[str, Any]


def draw(left: Side, right: Side, who: Person, *, tips: bool = True) -> tuple[View, View]:
    """Return what each map shows, in the order of its own run's areas; without tips where only legends are wanted."""
    first, second = _views_alike(left, right) if alike(left, right) else (_own(left), _own(right))
    told = [_tips(side, other) if tips else () for side, other in ((left, right), (right, left))]
    return _view(left, first, told[0], who), _view(right, second, told[1], who)


def _own(side: Side) -> Theme:
    return cut(side.figures, side.asked, side.indicator, side.assessment.facts)


def _views_alike(left: Side, right: Side) -> tuple[Theme, Theme]:
    """Cut the areas of both sides together, in the colours of the left one, so that a colour means the same on both."""
    both = Figures(
        pd.concat([left.figures.areas, right.figures.areas], ignore_index=True),
        np.concatenate([left.figures.inside, right.figures.inside]),
        None,
        None,
        None,
    )
    border = len(left.figures.areas)
    found = []
    for side, part in ((left, slice(None, border)), (right, slice(border, None))):
        asked = replace(left.asked, measure=side.asked.measure)
        shared, own = cut(both, asked, left.indicator, left.assessment.facts), _own(side)
        found.append(replace(shared, classes=shared.classes[part], title=own.title, about=own.about))
    return found[0], found[1]


def _view(side: Side, classes: Theme, tips: tuple[str, ...], who: Person) -> View:
    told = legend(side.assessment, who, side.asked, side.indicator, side.figures, classes)
    told |= {"profile": side.profile, "definition": _definition(side)}
    areas = side.figures.areas
    picture = Picture(side.figures, classes, tips, areas[side.figures.inside])
    return View(side.opened.id, side.asked, picture, told, tuple(told["filters"]))


def _definition(side: Side) -> str:
    """Return the wording of the definition behind the figures."""
    compared = side.assessment.facts.get("compared", [])
    wordings = {str(about["label"]): str(about["definition"]) for about in compared}
    return wordings.get(side.profile, "" if side.definition else str(side.indicator["definition"]))


def _tips(side: Side, other: Side) -> tuple[str, ...]:
    """Tell of each area what stands here and, where the other side has it too, there."""
    there = dict(zip(other.figures.areas["kode"], _words(other), strict=True))
    rows = zip(records(side.figures.areas), _words(side), strict=True)
    return tuple(
        "<br>".join(filter(None, [
            f"<b>{escape(row['name'])}</b>",
            f"Kec. {escape(row['kecamatan'])}" if side.asked.level == DESA else "",
            f"{escape(side.indicator['title'])}: {escape(here)}" if here else "",
            f"Di {other.name}: {escape(there[row['kode']])}" if there.get(row["kode"]) else "",
        ]))
        for row, here in rows
    )  # fmt: skip


def _words(side: Side) -> list[str]:
    rows = zip(records(side.figures.areas), side.figures.inside.tolist(), strict=True)
    return [figure_words(row, side.asked.measure) if inside else "" for row, inside in rows]

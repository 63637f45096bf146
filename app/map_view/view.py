"""A view of the map: made of a run for a person and an address, and kept for the next who asks the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from app.access.roles import Permission, Person
from app.kept import Kept, KeptWith
from app.library import OpenedRun
from app.map_view.asked import DESA, HOUSEHOLDS, Asked, Query, read_asked
from app.map_view.classes import cut
from app.map_view.figures import Figures, figures, values
from app.map_view.legend import legend
from geo.assessment import Assessment
from geo.maps.households import DRAWING_ORDER
from geo.maps.themes import Theme
from geo.maps.wording import escape
from geo.report.zones import records
from geo.symbology import NEED_COLOURS, NEED_SHAPES, number, percent

Json = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """What is the same for all who ask for the same figures: areas in classes, with their tips and ranks."""

    figures: Figures
    classes: Theme
    tips: tuple[str, ...]
    rows: pd.DataFrame


PICTURES: Kept[Picture] = Kept(most=200)
"""Each weighs some tens of kilobytes."""

_HEADS = KeptWith[tuple[str, ...]]()


@dataclass(frozen=True)
class View:
    """A view of the map.

    Attributes
    ----------
    run
        Name of the run.
    asked
        What is shown, made fit for run and person.
    legend
        Context of the template of the legend.
    rows
        The areas inside as a table: columns of :class:`app.map_view.figures.Figures`, ``value``, ``rank`` (1 has most;
        missing where nothing may be said), ``place`` (in the run's table), ``class_of``.
    words
        The filter in words, one line a thing.
    """

    run: str
    asked: Asked
    picture: Picture
    legend: Json
    words: tuple[str, ...]

    @property
    def rows(self) -> pd.DataFrame:
        """Return the areas inside, in the order of the run's table."""
        return self.picture.rows

    @property
    def shows_households(self) -> bool:
        """Tell whether points of households may be on the map, once it is near enough."""
        return (
            HOUSEHOLDS in self.asked.layers
            or "terpilih" in self.asked.layers
            or "kunjungan" in self.asked.layers
        )

    def address(self, path: str = "/peta", **changed: Any) -> str:  # noqa: ANN401  -- any attribute of Asked
        """Return the address of this view, or of one that differs."""
        return self.asked.address(path, **changed)

    def json(self, *, tiles: str = "", base: str = "", progress: list[Json] | None = None) -> Json:
        """Return what the map document draws.

        Parameters
        ----------
        tiles, base
            Addresses of the tiles of households and of the base map; empty for none.
        progress
            What came of the visits, area by area.
        """
        picture = self.picture
        told = {
            "level": self.asked.level,
            "indicator": self.asked.indicator,
            "classes": picture.classes.classes.tolist(),
            "colours": list(picture.classes.colours),
            "inside": picture.figures.inside.astype(int).tolist(),
            "tips": list(picture.tips),
            "tiles": tiles if self.shows_households else "",
            "base": base if "dasar" in self.asked.layers else "",
            "needs": {
                "order": list(DRAWING_ORDER),
                "colours": [NEED_COLOURS[need] for need in DRAWING_ORDER],
                "shapes": [NEED_SHAPES[need] for need in DRAWING_ORDER],
            },
            "layers": list(self.asked.layers),
        }
        return told if progress is None else told | {"progress": progress}


def edition(opened: OpenedRun, who: Person) -> Assessment:
    """Return the tables of a run that somebody may see."""
    return opened.assessment if who.may(Permission.SEE_HOUSEHOLDS) else opened.public


def edition_key(opened: OpenedRun, who: Person) -> tuple[str, str, bool]:
    """Return what is the same for all to whom :func:`edition` gives the same tables."""
    return str(opened.folder), str(opened.manifest["created"]), who.may(Permission.SEE_HOUSEHOLDS)


def make_view(opened: OpenedRun, who: Person, query: Query) -> View:
    """Make the view of an address.

    Parameters
    ----------
    query
        The values of each name, as the contract of addresses says; other names ask for nothing.

    Raises
    ------
    SettingsError
        Naming what the run does not know.
    NotAllowed
        When it asks for what the person may not see.
    """
    who.require(Permission.SEE_AREAS)
    assessment = edition(opened, who)
    asked = read_asked(query, assessment, who)
    indicator = next(entry for entry in assessment.facts["indicators"] if entry["id"] == asked.indicator)
    picture = PICTURES.get(
        (*edition_key(opened, who), who.desa, asked.indicator, asked.measure, asked.level, asked.filter),
        lambda: _draw(opened, assessment, who, asked, indicator),
    )
    told = legend(assessment, who, asked, indicator, picture.figures, picture.classes)
    return View(opened.id, asked, picture, told, tuple(told["filters"]))


def _draw(opened: OpenedRun, assessment: Assessment, who: Person, asked: Asked, indicator: Json) -> Picture:
    found = figures(opened, assessment, who, asked)
    classes = cut(found, asked, indicator, assessment.facts)
    measured = values(found, "rate" if asked.measure == "hot" else asked.measure)
    rows = found.areas.assign(
        value=measured,
        rank=pd.Series(measured).rank(ascending=False, method="min"),
        place=np.arange(len(found.areas)),
        class_of=classes.classes,
    )
    heads = _HEADS.get(assessment, asked.level, lambda: _heads(found.areas, asked.level))
    tips = _tips(heads, found, asked.measure, str(indicator["title"]))
    return Picture(found, classes, tips, rows[found.inside])


def _tips(heads: Sequence[str], found: Figures, measure: str, title: str) -> tuple[str, ...]:
    tips, begins = list(heads), f"<br>{escape(title)}: "
    rows = records(found.areas[found.inside])
    for place, row in zip(np.flatnonzero(found.inside).tolist(), rows, strict=True):
        tips[place] += f"{begins}{escape(figure_words(row, measure))}"
    return tuple(tips)


def _heads(areas: pd.DataFrame, level: str) -> tuple[str, ...]:
    """Return how the tip of each area begins."""
    names = zip(areas["name"], areas["kecamatan"], strict=True)
    return tuple(
        f"<b>{escape(name)}</b>" + (f"<br>Kec. {escape(kecamatan)}" if level == DESA else "")
        for name, kecamatan in names
    )


def figure_words(row: Json, measure: str) -> str:
    """Say the figure of an area as a planner reads it.

    Examples
    --------
    >>> row = {"withheld": False, "enough": True, "households": 20.0, "rate": 0.25, "need": 5.0, "known": 20.0}
    >>> figure_words(row, "rate"), figure_words(row | {"enough": False, "known": 3.0}, "rate")
    ('25 % (5 dari 20)', 'data belum cukup (3 diketahui)')
    """
    if row["withheld"]:
        return "tidak ditampilkan, agar angka kecil tetap rahasia"
    if measure == "hot":
        kinds = {"panas": "desa panas", "dingin": "desa dingin"}
        return str(row["untested"]) or kinds.get(row["hot"], "tidak nyata berbeda")
    if row["households"] == 0:
        return "tidak ada rumah tangga"
    if not row["enough"]:
        known = row["known"]
        return "data belum cukup" + (f" ({number(known)} diketahui)" if np.isfinite(known) else "")
    return _enough_words(row, measure)


def _enough_words(row: Json, measure: str) -> str:
    if measure == "need":
        return f"{number(row['need'])} rumah tangga"
    if measure == "gap":
        gap = row["gap"]
        return f"kekurangan {number(gap)} rumah tangga" if gap else "tanpa kekurangan sejauh diketahui"
    if measure == "smoothed":
        return f"{percent(row['smoothed'])} (dihaluskan)"
    return f"{percent(row['rate'])} ({number(row['need'])} dari {number(row['known'])})"

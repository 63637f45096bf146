"""One side of a comparison: which run, need, definition, measure and filter; and the figures that follow."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import geopandas as gpd
import numpy as np

from app.access.roles import Person
from app.library import OpenedRun
from app.map_view import edition
from app.map_view.asked import BASE, DESA, Asked, Query, read_asked
from app.map_view.figures import Figures, figures
from geo.assessment import Assessment
from geo.comparison import counts_under
from geo.errors import SettingsError
from geo.filters import Filter
from geo.filters.reading import quoted
from geo.gaps import add_gaps
from geo.rates import rate_figures

LEFT, RIGHT = "kiri", "kanan"
SHARED = ("tingkat", "pusat", "pilih", "urut")
"""Names in an address that hold for both sides."""

DEFINED = "rtlh"
"""The need that two definitions can be held against each other for."""


@dataclass(frozen=True)
class Side:
    """What one side shows.

    Attributes
    ----------
    name
        ``kiri`` or ``kanan``: begins its names in the address.
    assessment
        The edition that the person may see, under the asked definition.
    definition
        Key of :func:`definitions`; empty for the one that the run was made with.
    indicator
        What the run states of the need: title, profile, definition.
    """

    name: str
    opened: OpenedRun
    assessment: Assessment
    asked: Asked
    definition: str
    indicator: Mapping[str, Any]
    figures: Figures

    @property
    def profile(self) -> str:
        """Return name and version of the definition behind the figures."""
        return definitions(self.assessment).get(self.definition) or str(self.indicator["profile"])

    def query(self) -> list[tuple[str, str]]:
        """Return names and values of this side in an address."""
        pairs = [("hasil", self.opened.id), *self.asked.query()]
        if self.definition:
            pairs.append(("definisi", self.definition))
        return [(f"{self.name}.{name}", value) for name, value in pairs if name not in SHARED]


def definitions(assessment: Assessment) -> dict[str, str]:
    """Return the definitions of RTLH that a run compares, by name: name and version; empty where it compares none."""
    table = assessment.comparison
    chosen = assessment.facts["settings"].get("indicators", {})
    names = [str(chosen.get(name, "")) for name in ("rtlh_profile", "rtlh_compare")]
    if not len(table) or not all(names):
        return {}
    return dict(zip(names, (str(table[column].iloc[0]) for column in ("first", "second")), strict=True))


def read_sides(
    query: Query, runs: Collection[str], shown: str, open_run: Callable[[str], OpenedRun], who: Person
) -> tuple[Side, Side]:
    """Read both sides from an address; what it does not say is chosen so that there is something to compare.

    Parameters
    ----------
    runs
        Names of the runs that the person may compare, the newest first.
    shown
        The one in force: what a side shows unless it names another.
    open_run
        Opens one of them.

    Raises
    ------
    SettingsError
        Naming what a run does not know, or a run that is not theirs to compare.
    NotAllowed
        When a filter asks for what the person may not see.
    """
    two = _two_runs(query, [*runs], shown, open_run, who)
    left = _read(LEFT, query, runs, shown, open_run, who, two[0] if two else {})
    right = _read(RIGHT, query, runs, left.opened.id, open_run, who, two[1] if two else _other_than(left))
    if left.asked.level != right.asked.level:  # one of them can be shown by desa only
        return read_sides({**query, "tingkat": [DESA]}, runs, shown, open_run, who)
    return left, right


def address(left: Side, right: Side, path: str = "/bandingkan", **shared: str) -> str:
    """Return the address of a comparison; what stands beside the sides is given, empty values are left out."""
    level = left.asked.level
    pairs = [*left.query(), *right.query(), *([("tingkat", level)] if level != DESA else [])]
    pairs += [(name, value) for name, value in shared.items() if value]
    return f"{path}?{urlencode(pairs, safe=',:')}"


def _read(
    name: str, query: Query, runs: Collection[str], usual_run: str, open_run: Callable[[str], OpenedRun], who: Person,
    usual: Mapping[str, str],
) -> Side:  # fmt: skip
    own = {
        key.removeprefix(f"{name}."): values for key, values in query.items() if key.startswith(f"{name}.")
    }
    asked_for = dict(own or {key: [value] for key, value in usual.items()})
    asked_for |= {key: query[key] for key in SHARED if key in query}
    run = _last(asked_for, "hasil") or usual_run
    if run not in runs:
        raise SettingsError(f"Hasil {quoted(run)} tidak ada di antara yang dapat Anda bandingkan.")
    opened = open_run(run)
    assessment = edition(opened, who)
    definition = _definition(asked_for, assessment)
    asked = read_asked(
        {key: value for key, value in asked_for.items() if key not in ("hasil", "definisi")}, assessment, who
    )
    # areas are compared: points of households would only hide their colours
    layers = tuple(layer for layer in asked.layers if layer == BASE or layer.startswith("zona-"))
    asked = replace(asked, layers=layers, usual_layers=(BASE,))
    definition = definition if asked.indicator == DEFINED else ""
    if definition:
        assessment = under_definition(assessment, definition)
        if asked.filters_households or asked.measure == "hot":
            note = "Definisi kedua hanya dihitung untuk seluruh rumah tangga desa: saringan dan desa panas dilepas."
            asked = replace(
                asked, filter=Filter(kecamatan=asked.filter.kecamatan, desa=asked.filter.desa),
                measure="rate" if asked.measure == "hot" else asked.measure, notes=(*asked.notes, note),
            )  # fmt: skip
    indicator = next(entry for entry in assessment.facts["indicators"] if entry["id"] == asked.indicator)
    return Side(
        name, opened, assessment, asked, definition, indicator, figures(opened, assessment, who, asked)
    )


def under_definition(assessment: Assessment, definition: str) -> Assessment:
    """Return an assessment whose desa and kecamatan count RTLH under one of the two definitions of its comparison."""
    table = assessment.comparison
    counts = counts_under(table, [*definitions(assessment)].index(definition))
    rates = assessment.facts["settings"].get("rates", {})
    least = int(rates.get("minimum_known", 1))
    target = rates.get("targets", {}).get(DEFINED, rates.get("target_share"))

    def counted(areas: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
        of_area = counts.groupby(table[key].to_numpy()).sum().reindex(areas[key].to_numpy()).fillna(0)
        need, known, unknown = (of_area[part].to_numpy(np.int64) for part in ("need", "known", "unknown"))
        found = rate_figures(need, known, unknown, least)
        areas = areas.assign(**{f"{DEFINED}_{name}": values for name, values in found.items()})
        return areas if target is None else add_gaps(areas, [DEFINED], {DEFINED: float(target)})

    return replace(
        assessment,
        desa=counted(assessment.desa, "kode_desa"),
        kecamatan=counted(assessment.kecamatan, "kode_kecamatan"),
    )


def _definition(query: Query, assessment: Assessment) -> str:
    asked, known = _last(query, "definisi"), definitions(assessment)
    if asked and asked not in known:
        there = f"Yang ada: {', '.join(known)}." if known else "Hasil itu tidak membandingkan dua definisi."
        raise SettingsError(f"Definisi {quoted(asked)} tidak dihitung dalam hasil itu. {there}")
    # the first one is what the figures of the run rest on
    return "" if asked == next(iter(known), "") else asked


def _two_runs(
    query: Query, runs: Sequence[str], shown: str, open_run: Callable[[str], OpenedRun], who: Person
) -> tuple[dict[str, str], dict[str, str]] | None:
    """Choose, when the address asks for nothing, one need in the run in force and the run before it.

    The older run stands at the left: what changed reads from left to right.
    """
    if (
        any(name.startswith((f"{LEFT}.", f"{RIGHT}.")) for name in query)
        or shown not in runs
        or len(runs) == 1
    ):
        return None
    later = min(runs.index(shown), len(runs) - 2)
    pair = runs[later + 1], runs[later]
    before, after = (_needs_of(edition(open_run(run), who)) for run in pair)
    both = [need for need in after if need in before]
    if not both:
        return None
    need = DEFINED if DEFINED in both else both[0]
    first, second = ({"hasil": run, "indikator": need} for run in pair)
    return first, second


def _needs_of(assessment: Assessment) -> list[str]:
    return [str(entry["id"]) for entry in assessment.facts["indicators"]]


def _other_than(left: Side) -> dict[str, str]:
    """Choose what stands at the right when the address does not say: another definition, else another need."""
    known = [*definitions(left.assessment)]
    if left.asked.indicator == DEFINED and known:
        other = known[0] if left.definition else known[1]
        return {"indikator": DEFINED, "tampil": left.asked.measure, "definisi": other}
    needs = _needs_of(left.assessment)
    place = needs.index(left.asked.indicator)
    return {"indikator": needs[(place + 1) % len(needs)], "tampil": left.asked.measure}


def _last(query: Query, name: str) -> str:
    values = [value.strip() for value in query.get(name, ()) if value.strip()]
    return values[-1] if values else ""

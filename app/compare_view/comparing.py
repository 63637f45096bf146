"""Both sides joined by kode: how far each area is apart, and whether chance alone may do that."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from app.access.roles import Permission, Person
from app.compare_view.sides import LEFT, RIGHT, Side, definitions
from app.map_view.asked import DESA
from geo.differences import (
    HIGHER,
    LOWER,
    OPEN,
    Counts,
    chance_apart,
    chance_of_change,
    difference_interval,
    paired_counts,
    verdicts,
)

SHARES, HOT = ("rate", "smoothed"), "hot"
FEW, WITHHELD = "terlalu sedikit yang diketahui", "tidak ditampilkan, agar angka kecil tetap rahasia"
ONLY = {LEFT: "hanya ada di kiri", RIGHT: "hanya ada di kanan"}
EQUAL, NO_FIGURE = "sama", "tanpa angka"


class Kind(StrEnum):
    """What is held against what; it decides what may be said of a difference."""

    SAME = "sama"
    NEEDS = "dua kebutuhan"
    DEFINITIONS = "dua definisi"
    REGISTERS = "dua register"
    ONE_SHEET = "satu lembar"
    GROUPS = "dua saringan"
    SPOTS = "desa panas"
    UNLIKE = "lain hal"


@dataclass(frozen=True)
class Comparison:
    """Both sides joined.

    Attributes
    ----------
    areas
        A row an area that either side holds: ``kode``, ``name``, ``kecamatan``, ``left`` and ``right`` (values of the
        measures), ``difference`` (right minus left), ``low``, ``high`` (its 95 % interval), ``away``, ``towards``
        (of the same households, those that only the left and only the right counts in need), ``word`` (of
        :mod:`geo.differences`, empty where nothing was tested) and ``reason`` (why there is no difference). What cannot
        be told is missing.
    tested
        A verdict was sought.
    paired
        The same households stand behind both sides, and ``away`` and ``towards`` are told.
    """

    kind: Kind
    areas: pd.DataFrame
    tested: bool
    paired: bool


def kind_of(left: Side, right: Side) -> Kind:
    """Say what is held against what."""
    one_run = left.opened.id == right.opened.id
    one_need = left.asked.indicator == right.asked.indicator
    one_filter = left.asked.filter == right.asked.filter
    one_definition = left.definition == right.definition
    cases = {
        Kind.SPOTS: left.asked.measure == right.asked.measure == HOT
        and not (one_run and one_need and one_filter),
        Kind.UNLIKE: (left.asked.measure != right.asked.measure and not alike(left, right))
        or not (one_run or one_need),
        Kind.ONE_SHEET: not one_run and bool(_sheet(left) & _sheet(right)),
        Kind.REGISTERS: not one_run,
        Kind.GROUPS: not one_filter and one_need and one_definition,
        Kind.NEEDS: one_filter and not one_need,
        Kind.DEFINITIONS: one_filter and not one_definition,
        Kind.SAME: one_filter and left.asked.measure == right.asked.measure,
    }
    return next((kind for kind, holds in cases.items() if holds), Kind.UNLIKE)


def compare(left: Side, right: Side, who: Person) -> Comparison:
    """Hold two sides against each other."""
    kind = kind_of(left, right)
    areas, first, second = _joined(left, right)
    areas["left"], areas["right"] = (_values(rows, side) for rows, side in ((first, left), (second, right)))
    areas["difference"] = areas["right"] - areas["left"] if alike(left, right) else np.nan
    areas["reason"] = _reasons(first, second)
    areas = areas.assign(low=np.nan, high=np.nan, away=np.nan, towards=np.nan, word="")
    rates = left.asked.measure == right.asked.measure == "rate"
    changes = _changes(left, right, kind, who, areas["kode"])
    if changes is not None:
        areas["away"], areas["towards"] = (counts.to_numpy(float) for counts in changes)
    if kind is Kind.NEEDS and changes is not None and rates:
        told = areas["difference"].notna().to_numpy()
        p = np.where(told, chance_of_change(*(counts.to_numpy(np.int64) for counts in changes)), np.nan)
        areas["word"] = verdicts((areas["towards"] - areas["away"]).to_numpy(float), p)
        return Comparison(kind, areas, tested=True, paired=True)
    if rates and (kind is Kind.REGISTERS or (kind is Kind.GROUPS and _apart(left, right, who))):
        before, after = (_counts(rows.where(areas["difference"].notna())) for rows in (first, second))
        areas["low"], areas["high"] = difference_interval(before, after)
        areas["word"] = verdicts(areas["difference"].to_numpy(float), chance_apart(before, after))
        return Comparison(kind, areas, tested=True, paired=False)
    return Comparison(kind, areas, tested=False, paired=changes is not None)


def tally(found: Comparison) -> dict[str, int]:
    """Count the areas by what is said of them: higher, lower, open, equal and without a difference."""
    areas = found.areas
    if found.tested:
        words = areas["word"]
        counts = {name: int((words == name).sum()) for name in (HIGHER, LOWER, OPEN)}
        return counts | {NO_FIGURE: int((words == "").sum())}
    difference = areas["difference"].to_numpy(float)
    return {
        HIGHER: int((difference > 0).sum()),
        LOWER: int((difference < 0).sum()),
        EQUAL: int((difference == 0).sum()),
        NO_FIGURE: int(np.isnan(difference).sum()),
    }


def _joined(left: Side, right: Side) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return place and kode of every area that a side holds, and the figures of both in that order."""
    tables = [side.figures.areas[side.figures.inside].set_index("kode") for side in (left, right)]
    codes = tables[0].index.union(tables[1].index, sort=False)
    first, second = (table.reindex(codes) for table in tables)
    place = {
        name: first[name].where(first.index.isin(tables[0].index), second[name])
        for name in ("name", "kecamatan")
    }
    areas = pd.DataFrame(
        {"kode": codes.to_numpy(), **{name: column.to_numpy() for name, column in place.items()}}
    )
    return areas, first.reset_index(), second.reset_index()


def _counts(rows: pd.DataFrame) -> Counts:
    return rows["need"].to_numpy(float), rows["known"].to_numpy(float)


def _values(rows: pd.DataFrame, side: Side) -> pd.Series:
    """Return what a side tells of each area; of hot spots 1 for hot and -1 for cold, to put them in order."""
    if side.asked.measure == HOT:
        tested = rows["untested"].eq("") & rows["hot"].notna()
        return rows["hot"].map({"panas": 1.0, "dingin": -1.0}).fillna(0.0).where(tested)
    return rows[side.asked.measure].astype(float).where(rows["enough"].eq(other=True))


def _reasons(first: pd.DataFrame, second: pd.DataFrame) -> np.ndarray:
    there = [rows["name"].notna() for rows in (first, second)]
    withheld = first["withheld"].eq(other=True) | second["withheld"].eq(other=True)
    few = ~(first["enough"].eq(other=True) & second["enough"].eq(other=True))
    return np.select([~there[1], ~there[0], withheld, few], [ONLY[LEFT], ONLY[RIGHT], WITHHELD, FEW], "")


def alike(left: Side, right: Side) -> bool:
    """Tell whether both measures are of one kind, so that one can be taken from the other."""
    measures = {left.asked.measure, right.asked.measure}
    return HOT not in measures and (len(measures) == 1 or measures <= {*SHARES})


def _changes(
    left: Side, right: Side, kind: Kind, who: Person, codes: pd.Series
) -> tuple[pd.Series, pd.Series] | None:
    """Return by area how many of the same households only the left, and only the right, counts in need."""
    if not who.may(Permission.SEE_HOUSEHOLDS):
        return None
    key = f"kode_{left.asked.level}"
    if kind is Kind.DEFINITIONS:
        away, towards = "need_fit", "fit_need"
        if [*definitions(left.assessment)].index(
            left.definition or right.definition
        ) == 1 and left.definition:
            away, towards = towards, away
        table = left.assessment.comparison
        by_area = (
            table.groupby(table[key].to_numpy())[[away, towards]].sum().reindex(codes.to_numpy()).fillna(0)
        )
        return by_area[away], by_area[towards]
    needs = left.opened.arrays.needs
    if kind is not Kind.NEEDS or not {left.asked.indicator, right.asked.indicator} <= {*needs}:
        return None
    arrays = left.opened.arrays
    desa = left.asked.level == DESA
    places, known = (arrays.desa, arrays.desa_codes) if desa else (arrays.kecamatan, arrays.kecamatan_codes)
    inside = np.where(arrays.mask(left.asked.filter, who.desa), places, -1)
    counts = paired_counts(needs[left.asked.indicator], needs[right.asked.indicator], inside, len(known))
    found = (
        pd.Series(counts[name], index=list(known)).reindex(codes.to_numpy()).fillna(0)
        for name in ("only_first", "only_second")
    )
    away_counts, towards_counts = found
    return away_counts, towards_counts


def _apart(left: Side, right: Side, who: Person) -> bool:
    """Tell whether no household stands on both sides."""
    if not who.may(Permission.SEE_HOUSEHOLDS):
        return False
    arrays = left.opened.arrays
    return not bool(
        (arrays.mask(left.asked.filter, who.desa) & arrays.mask(right.asked.filter, who.desa)).any()
    )


def _sheet(side: Side) -> set[str]:
    return {
        str(entry["sha256"])
        for entry in side.assessment.facts.get("inputs", [])
        if entry.get("role") == "sheet"
    }

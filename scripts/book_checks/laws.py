"""The laws of a printed book, and those of them that need all of its pages: nobody lost, each where it is said."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import pandas as pd

from scripts.book_checks.faults import Findings
from scripts.book_checks.lists import read_rows
from scripts.book_checks.pages import Page
from scripts.book_checks.run import Truth

SCALE_TOLERANCE, PLACE_MM, GROUND_M = 0.002, 0.3, 1.0
LISTS = "every household is in the lists exactly once"
SHEETS = "the numbers on a sheet's maps are those of its list"
ONE_MAP = "every house with a point has its number on exactly one map"
CELLS = "grid cells of the list are those of the coordinates"
NAMES = "names of the list are those of the numbers"
MARKS = "every house in a frame has its mark at its coordinates"
CLASSES = "marks of a need look alike, of different needs different"
BESIDE = "a number stands beside its mark or is joined to it"
BAR = "the scale bar is as long as it says"
SCALE = "the printed scale is that of the georeference"
GRID = "printed coordinates and cell names are where the georeference has them"
GEO = "the measure reads back at corners and in the middle (metres)"
OVERLAPS = "no number overlaps another text"
CUT = "no number is cut by the neat line"
ALWAYS = (LISTS, SHEETS, ONE_MAP, CELLS, MARKS, BESIDE, BAR, SCALE, GRID, GEO, OVERLAPS, CUT)


ListRow = tuple[str, int, str, str]
"""Sheet, number, cell and name of a row."""


@dataclass
class Collected:
    """What the pages of a book told so far, by desa and sheet."""

    listed: dict[str, list[ListRow]] = field(default_factory=lambda: defaultdict(list))
    mapped: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    cells: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    desa: set[str] = field(default_factory=set)
    looks: dict[str, Counter[tuple[object, ...]]] = field(default_factory=lambda: defaultdict(Counter))


def desa_of(sheet: str) -> str:
    """Return the code in a sheet's identifier."""
    return sheet.rsplit("-", 2)[0]


def read_list(page: Page, told: Collected) -> None:
    """Gather the rows of a list page."""
    told.desa.add(desa_of(page.sheet))
    told.listed[page.sheet].extend((page.sheet, row.number, row.cell, row.name) for row in read_rows(page))


def check_whole(truth: Truth, told: Collected, found: Findings, *, some: bool) -> None:
    """Try the laws of the whole book; ``some``: it holds only some households of its desa."""
    sheets: dict[str, list[ListRow]] = defaultdict(list)
    for sheet, listed in told.listed.items():
        sheets[desa_of(sheet)].extend(listed)
    for desa in sorted(told.desa):
        people, rows = truth.of(desa), sheets[desa]
        count = Counter(number for _, number, _, _ in rows)
        known = set(people.index)
        missing = set() if some else known - set(count)
        faults = [f"{desa}: {len(missing)} not in the lists: {sorted(missing)[:8]}"] if missing else []
        faults += [
            f"{desa}: number {number} is in the lists {times} times"
            for number, times in count.items()
            if times > 1
        ]
        faults += [f"{desa}: number {number} is of no household" for number in sorted(set(count) - known)]
        found.law(LISTS, tried=max(len(known), 1), faults=faults)
        _check_sheets(desa, people, rows, told, found)
    _check_looks(told, found)


def _check_sheets(
    desa: str, people: pd.DataFrame, rows: list[ListRow], told: Collected, found: Findings
) -> None:
    by_sheet = defaultdict(set)
    for sheet, number, _, _ in rows:
        by_sheet[sheet].add(number)
    own = {sheet for sheet in {*told.mapped, *by_sheet} if desa_of(sheet) == desa}
    faults = []
    times: Counter[int] = Counter()
    for sheet in sorted(own):
        mapped = told.mapped.get(sheet, Counter())
        times.update(mapped)
        if sheet.split("-")[-2] == "00":
            if mapped:
                faults.append(f"{sheet}: has a map")
        elif set(mapped) != by_sheet[sheet]:
            lost, extra = by_sheet[sheet] - set(mapped), set(mapped) - by_sheet[sheet]
            faults.append(f"{sheet}: not on its map {sorted(lost)[:6]}, not in its list {sorted(extra)[:6]}")
    found.law(SHEETS, tried=len(own), faults=faults)
    chosen = {number for _, number, _, _ in rows}
    placed = {number for number in people.index[people["lon"].notna()] if number in chosen}
    faults = [
        f"{desa}: number {number} stands on {times[number]} maps"
        for number in sorted(placed)
        if times[number] != 1
    ]
    faults += [
        f"{desa}: number {number} without a point is on a map" for number in sorted(set(times) - placed)
    ]
    found.law(ONE_MAP, tried=len(placed), faults=faults)
    faults, named, bad_names = [], 0, []
    for sheet, number, cell, name in rows:
        may = told.cells.get((desa, number), ("", "–"))
        if cell not in may:
            faults.append(f"{sheet}: number {number} is said to be in «{cell}», it is in {'/'.join(may)}")
        if name and number in people.index:
            named += 1
            if not _same_name(name, str(people.loc[number, "nama"])):
                bad_names.append(f"{sheet}: number {number} has the name of another")
    found.law(CELLS, tried=len(rows), faults=faults)
    found.law(NAMES, tried=named, faults=bad_names)


def _same_name(printed: str, name: str) -> bool:
    """Compare what a list prints with the name, as far as it was cut or its letters can be shown."""
    name = " ".join(name.split())
    if not name.isascii() or not name.isprintable():
        return True
    return printed == name or (printed.endswith("…") and name.startswith(printed[:-1].rstrip()))


def _check_looks(told: Collected, found: Findings) -> None:
    usual = {kind: looks.most_common(1)[0][0] for kind, looks in told.looks.items()}
    faults = [
        f"{one} and {other} look alike"
        for one, other in pairwise(sorted(usual))
        if usual[one] == usual[other]
    ]
    for kind, looks in told.looks.items():
        strange = sum(looks.values()) - looks.most_common(1)[0][1]
        if strange > 0:
            faults.append(
                f"{kind}: {strange} of {sum(looks.values())} marks look different: {looks.most_common(4)}"
            )
    found.law(CLASSES, tried=sum(sum(looks.values()) for looks in told.looks.values()), faults=faults)

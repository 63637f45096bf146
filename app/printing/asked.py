"""What somebody wants printed, read from an address: areas and a filter, a kantong, a saved list, a team's day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
import pandas as pd

from app.access.roles import Permission, Person
from app.library import Library, OpenedRun
from app.printing.counting import by_code, counted, rows_mask, theirs
from app.printing.titles import area_file, area_title
from app.records import Records
from app.visiting.plans import Plan, read_plan
from geo.errors import NotAllowed, SettingsError
from geo.filters import NAMES, Filter, read_filter

Query = Mapping[str, Sequence[str]]

LONGEST_TITLE = 160
_DIGITS = 9


@dataclass(frozen=True)
class Wanted:
    """What a book would hold, no more than the person may see.

    Attributes
    ----------
    title, file
        What the book is called, and its files; the latter holds no word that somebody typed.
    query
        The address that asks for it, as pairs.
    desa
        ``kode_desa``, ``nama_desa``, ``nama_kecamatan``, ``households``, ``located`` of every desa in it, by code.
    rows
        Sheet rows of the chosen households; ``None``: every household of those desa.
    turn
        Of a day's visits: the place in the day by sheet row.
    without_desa
        Households that were asked for and stand in no book, as nobody knows their desa.
    words
        The filter in words.
    back
        Address of the page that it is seen on.
    """

    opened: OpenedRun
    title: str
    file: str
    query: tuple[tuple[str, str], ...]
    desa: pd.DataFrame
    rows: np.ndarray | None = None
    turn: Mapping[int, int] = field(default_factory=dict)
    without_desa: int = 0
    words: tuple[str, ...] = ()
    back: str = "/peta"

    @property
    def households(self) -> int:
        """Return how many households the book would hold."""
        return int(self.desa["households"].sum())

    @property
    def located(self) -> int:
        """Return how many of them have a point of their own."""
        return int(self.desa["located"].sum())

    @property
    def address(self) -> str:
        """Return the address that asks for it."""
        return f"/cetak?{urlencode(self.query)}" if self.query else "/cetak"

    @property
    def is_numbered(self) -> bool:
        """Tell whether the run numbered its houses; runs of earlier versions did not."""
        return "house_number" in self.opened.assessment.households


def read_wanted(query: Query, who: Person, records: Records, library: Library) -> Wanted:
    """Read what somebody wants printed.

    Parameters
    ----------
    query
        ``regu`` and ``hari`` (with ``daftar`` for a saved list, else of the plan of the run in force); or ``daftar``;
        or ``kantong`` (``rtlh:3``); or a filter of areas and households (:data:`geo.filters.NAMES`). Other names ask
        for nothing.

    Raises
    ------
    SettingsError
        When the run does not know it.
    NoRun
        When its run is not kept any more.
    NotAllowed
        When a desa or a filter is not theirs.
    """
    who.require(Permission.PRINT)
    if _last(query, "regu") or _last(query, "hari"):
        return _team_day(query, who, records, library)
    if _last(query, "daftar"):
        return _list(query, who, records, library)
    opened = library.shown()
    if _last(query, "kantong"):
        return _kantong(query, who, opened)
    return _areas(query, who, opened)


def _areas(query: Query, who: Person, opened: OpenedRun) -> Wanted:
    assessment = opened.assessment
    chosen = read_filter(query, assessment)
    who.require_fields(chosen.fields())
    for kode in chosen.desa:
        who.require_desa(kode)
    areas = Filter(kecamatan=chosen.kecamatan, desa=chosen.desa)
    inside = areas.areas(assessment) & theirs(opened, who)
    if not inside.any() and areas:
        raise NotAllowed("Tidak ada desa tugas Anda di wilayah itu.")
    mask = opened.arrays.mask(chosen, who.desa)
    narrowed = chosen != areas
    table = counted(opened, mask)
    desa = table[inside & (table["households"] > 0)] if narrowed else table[inside]
    words = (
        Filter(**{name: getattr(chosen, name) for name in NAMES[2:]}).words(assessment) if narrowed else []
    )
    title = "; ".join([area_title(assessment, areas, inside, who), *words])
    return Wanted(
        opened,
        _short(title),
        area_file(areas),
        tuple(chosen.query()),
        by_code(desa),
        rows=opened.arrays.sheet_row[mask & (opened.arrays.desa >= 0)] if narrowed else None,
        without_desa=int((mask & (opened.arrays.desa < 0)).sum()) if narrowed or not areas else 0,
        words=tuple(words),
        back=f"/desa/{quote(areas.desa[0], safe='')}" if len(areas.desa) == 1 and not narrowed
        else f"/peta?{urlencode(chosen.query())}" if chosen else "/peta",
    )  # fmt: skip


def _kantong(query: Query, who: Person, opened: OpenedRun) -> Wanted:
    key = _last(query, "kantong")
    indicator, _, number = key.partition(":")
    clusters, column = opened.assessment.clusters, f"cluster_{indicator}"
    known = _is_number(number) and column in opened.assessment.counted
    wanted = int(number) if known else 0
    found = clusters[(clusters["indicator"] == indicator) & (clusters["cluster_id"] == wanted)]
    if found.empty:
        raise SettingsError("Kantong itu tidak ada dalam hasil ini. Buka lagi halaman desanya.")
    held = opened.assessment.counted[column]
    mask = held.eq(wanted).fillna(value=False).to_numpy(bool)
    return _chosen(
        opened,
        who,
        mask,
        title=str(found["name"].iloc[0]),
        file=f"kantong-{indicator}-{wanted}",
        query=(("kantong", f"{indicator}:{wanted}"),),
        back=f"/desa/{quote(str(found['kode_desa'].iloc[0]), safe='')}",
    )


def _list(query: Query, who: Person, records: Records, library: Library) -> Wanted:
    plan = read_plan(records, library, who, _last(query, "daftar"))
    rows = plan.listed["sheet_row"].to_numpy(np.int64)
    return _chosen(
        plan.opened,
        who,
        rows_mask(plan.opened, rows),
        title=f"Daftar {plan.title}",
        file=f"daftar-{plan.key}",
        query=(("daftar", plan.key),),
        back=f"/prioritas/daftar/{plan.key}"
        if who.may(Permission.CHOOSE)
        else f"/kunjungan?daftar={plan.key}",
    )


def _team_day(query: Query, who: Person, records: Records, library: Library) -> Wanted:
    team, day = (_last(query, name) for name in ("regu", "hari"))
    plan = read_plan(records, library, who, _last(query, "daftar"))
    known = _is_number(team) and _is_number(day)
    stops = plan.day(int(team), int(day)) if known else plan.stops.iloc[:0]
    if stops.empty:
        raise SettingsError("Regu itu tidak punya kunjungan pada hari itu. Buka lagi halaman Kunjungan.")
    of_list = (("daftar", plan.key),) if plan.key else ()
    pairs = (*of_list, ("regu", team), ("hari", day))
    rows = stops["sheet_row"].to_numpy(np.int64)
    return _chosen(
        plan.opened,
        who,
        rows_mask(plan.opened, rows),
        title=_day_title(plan, team, day),
        file=f"{f'daftar-{plan.key}-' if plan.key else ''}regu-{int(team)}-hari-{int(day)}",
        query=pairs,
        back=f"/kunjungan/regu?{urlencode(pairs)}",
        turn=dict(zip(rows.tolist(), stops["order"].astype(int).tolist(), strict=True)),
    )


def _day_title(plan: Plan, team: str, day: str) -> str:
    of_list = f"; daftar {plan.title}" if plan.key else ""
    return f"Hari {int(day)}, regu {int(team)}{of_list}"


def _chosen(
    opened: OpenedRun, who: Person, mask: np.ndarray, *, title: str, turn: Mapping[int, int] | None = None, **more: Any  # noqa: ANN401
) -> Wanted:  # fmt: skip
    """Return a choice of single households, without those of desa that are not theirs."""
    arrays = opened.arrays
    placed = mask & (arrays.desa >= 0)
    mine = placed & arrays.mask(Filter(), who.desa)
    if placed.any() and not mine.any():
        raise NotAllowed("Tidak ada rumah tangga pilihan itu di desa tugas Anda.")
    table = counted(opened, mine)
    rows = arrays.sheet_row[mine]
    held = set(rows.tolist())
    return Wanted(
        opened,
        _short(title),
        desa=by_code(table[table["households"] > 0]),
        rows=rows,
        turn={row: place for row, place in (turn or {}).items() if row in held},
        without_desa=int((mask & (arrays.desa < 0)).sum()) if who.desa is None else 0,
        **more,
    )


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS


def _last(query: Query, name: str) -> str:
    values = [value.strip() for value in query.get(name, ()) if value.strip()]
    return values[-1] if values else ""

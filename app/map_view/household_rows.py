"""Households of one desa as somebody may see them: chosen, put in order and told in words, never a NIK."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from app.access.roles import Permission, Person
from app.library import OpenedRun
from app.library.opened import read_persons
from geo.assessment import Assessment
from geo.errors import NoRun, SettingsError
from geo.filters import Filter
from geo.symbology import QUALITY_TITLES, known_need, number

Json = dict[str, Any]

NEED_WORDS = np.array(["tidak", "ya", "belum diketahui"])
PERSONAL = ("nama", "alamat")
"""Read from the disk, for those who may see names."""

_OF_ROW = ("dusun", "rt", "rw", "desil", "jumlah_art", "location_quality")
SORTABLE = ("sheet_row", *_OF_ROW, "rank", "need", *PERSONAL)


@dataclass(frozen=True)
class Rows:
    """Households told in words.

    Attributes
    ----------
    rows
        One a household, in order.
    total
        How many the filter asks for; ``rows`` may be a page of them.
    """

    rows: list[Json]
    total: int


def needs_of(assessment: Assessment) -> list[tuple[str, str]]:
    """Return id and title of the needs that may be told of a household."""
    return [
        (str(one["id"]), str(one["title"])) for one in assessment.facts["indicators"] if not one["sensitive"]
    ]


def read_order(order: str, who: Person) -> tuple[str, bool]:
    """Return by what households are put in order, and whether downwards; ``-desil`` is downwards.

    Raises
    ------
    NotAllowed
        When the column is not theirs to see.
    SettingsError
        When nothing can be put in order by it.
    """
    name, down = order.removeprefix("-") or "rank", order.startswith("-")
    who.require_fields([name])
    if name not in SORTABLE:
        raise SettingsError(f"Daftar tidak dapat diurutkan menurut itu. Yang ada: {', '.join(SORTABLE)}.")
    return name, down


def households_of(
    opened: OpenedRun, who: Person, kode: str, chosen: Filter, *, order: str, first: int = 0, most: int = 100
) -> Rows:
    """Return a page of the households of a desa.

    Parameters
    ----------
    chosen
        Which of them; the person may filter on its fields.
    order
        See :func:`read_order`.
    first, most
        The page.

    Raises
    ------
    NotAllowed
        When the desa, the filter or the order is not theirs.
    """
    inside = _inside(opened, who, kode, chosen)
    name, down = read_order(order, who)
    table = _table(opened, who, np.flatnonzero(inside), kode)
    table = table.sort_values([name, "sheet_row"], ascending=[not down, True], na_position="last")
    return Rows(_told(opened.assessment, table.iloc[first : first + most], who), len(table))


def count_households(opened: OpenedRun, who: Person, kode: str, chosen: Filter) -> int:
    """Return how many households of a desa a filter asks for.

    Raises
    ------
    NotAllowed
        When the desa or the filter is not theirs.
    """
    return int(_inside(opened, who, kode, chosen).sum())


def household(opened: OpenedRun, who: Person, sheet_row: int) -> Json:
    """Return what may be told of one household.

    Raises
    ------
    NoRun
        When the run does not hold it, or it does not count.
    NotAllowed
        When it, or its desa, is not theirs to see.
    """
    who.require(Permission.SEE_HOUSEHOLDS)
    arrays = opened.arrays
    known = 0 <= sheet_row <= np.iinfo(np.int64).max
    position = int(arrays.positions(np.array([sheet_row]))[0]) if known else -1
    if position < 0:
        raise NoRun("Rumah tangga itu tidak ada dalam hasil ini.")
    desa = int(arrays.desa[position])
    kode = arrays.desa_codes[desa] if desa >= 0 else ""
    who.require_desa(kode)
    return _told(opened.assessment, _table(opened, who, np.array([position]), kode), who)[0] | {"kode": kode}


def _inside(opened: OpenedRun, who: Person, kode: str, chosen: Filter) -> np.ndarray:
    who.require(Permission.SEE_HOUSEHOLDS)
    who.require_desa(kode)
    who.require_fields(chosen.fields())
    arrays = opened.arrays
    inside: np.ndarray = arrays.mask(chosen, who.desa) & (arrays.desa == arrays.desa_codes.index(kode))
    return inside


def _table(opened: OpenedRun, who: Person, positions: np.ndarray, kode: str) -> pd.DataFrame:
    assessment = opened.assessment
    needs = [name for name, _ in needs_of(assessment)]
    names = [
        "sheet_row", "nama_desa", "nama_kecamatan", *_OF_ROW,
        *(f"need_{name}" for name in needs), *(f"why_{name}" for name in needs), *(["location_note"] * _may_names(who)),
    ]  # fmt: skip
    counted = assessment.counted  # column by column: several at once would be copied whole first
    table = pd.DataFrame({name: counted[name].iloc[positions] for name in names if name in counted})
    table = table.assign(need=-opened.arrays.classes[positions])
    priorities = assessment.priorities
    if "rank" in priorities:
        told = [name for name in ("rank", "rank_low", "rank_high", "chosen") if name in priorities]
        ranks = priorities.loc[priorities["sheet_row"].isin(table["sheet_row"]), ["sheet_row", *told]]
        table = table.merge(ranks, on="sheet_row", how="left")
    if _may_names(who) and kode:
        table = table.merge(read_persons(opened.folder, kode, PERSONAL), on="sheet_row", how="left")
    return table.reindex(columns=list(dict.fromkeys([*table.columns, *_OF_ROW, "rank", *PERSONAL])))


def _may_names(who: Person) -> bool:
    return who.may(Permission.SEE_NAMES)


def _told(assessment: Assessment, table: pd.DataFrame, who: Person) -> list[Json]:
    words = [(name, title, NEED_WORDS[known_need(table, name)]) for name, title in needs_of(assessment)]
    return [
        _row(row, [(title, said[place], _text(row.get(f"why_{name}"))) for name, title, said in words], who)
        for place, row in enumerate(table.to_dict("records"))
    ]


def _row(row: Any, needs: list[tuple[str, str, str]], who: Person) -> Json:  # noqa: ANN401  a mapping of cells
    ends = [_whole(row.get(name)) for name in ("rank_low", "rank_high")]
    moves = all(ends) and ends[0] != ends[1]
    told = {
        "sheet_row": int(row["sheet_row"]),
        "desa": _text(row.get("nama_desa")),
        "kecamatan": _text(row.get("nama_kecamatan")),
        "dusun": _text(row.get("dusun")),
        "rt_rw": "/".join(filter(None, (_text(row.get("rt")), _text(row.get("rw"))))),
        "desil": _whole(row.get("desil")),
        "members": _whole(row.get("jumlah_art")),
        "needs": needs,
        "quality": QUALITY_TITLES.get(_text(row.get("location_quality")), "belum diketahui"),
        "rank": _whole(row.get("rank")),
        "rank_range": f"{ends[0]} sampai {ends[1]}" if moves else "",
        "chosen": row.get("chosen") is True,
    }
    named = _may_names(who)
    personal = {"name": "nama", "address": "alamat", "note": "location_note"}
    return told | {name: _text(row.get(column)) if named else "" for name, column in personal.items()}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _whole(value: Any) -> str:  # noqa: ANN401  a cell
    return "" if value is None or pd.isna(value) else number(int(value))

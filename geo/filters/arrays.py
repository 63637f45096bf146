"""Households as plain arrays, made once a run: what filters and tiles read, and nothing that names anybody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.filters.choice import ANSWERS, UNKNOWN_DESIL, Filter, by_thing
from geo.symbology import NEED_TITLES, OUTSIDE, QUALITY_TITLES, UNKNOWN, known_need, need_class

if TYPE_CHECKING:
    from geo.assessment import Assessment

CLASSES = tuple(reversed(NEED_TITLES))
"""Classes of need from the bottom to the top of the heap of marks."""

QUALITIES = tuple(QUALITY_TITLES)
OWN_POINT = ("gps", "gps_border")
"""Qualities of a household that is drawn: it stands at its own point."""

_MOST_DESIL = 10


@dataclass(frozen=True)
class Words:
    """A column of few distinct words: ``words[codes]``."""

    words: tuple[str, ...]
    codes: np.ndarray

    def among(self, chosen: Collection[str]) -> np.ndarray:
        """Tell which rows hold one of the words."""
        return _look_up([word in chosen for word in self.words], self.codes)


@dataclass(frozen=True)
class HouseholdArrays:
    """The counted households of a run, one entry each, in the order of its table.

    Attributes
    ----------
    sheet_row
        The key of a household within the run.
    desa_codes, kecamatan_codes
        Codes of the areas, in the order of the run's tables.
    desa, kecamatan
        Position among these; -1 where it is not known.
    zones
        By layer: the zone's word, ``luar`` or ``tidak diketahui``.
    needs, groups
        By indicator that is not sensitive, and by kelompok sasaran: 1 yes, 0 no, -1 unknown.
    desil
        1 to 10; 0 where it is not known.
    quality
        How surely it is located: position in :data:`QUALITIES`.
    classes
        Class of need: position in :data:`CLASSES`.
    chosen
        Chosen under number, budget and quotas of the run.
    has_point
        It has a point of its own.
    x, y
        That point in Web Mercator, 0 to 1 from west and from north; not a number where there is none.
    """

    sheet_row: np.ndarray
    desa_codes: tuple[str, ...]
    kecamatan_codes: tuple[str, ...]
    desa: np.ndarray
    kecamatan: np.ndarray
    zones: Mapping[str, Words]
    needs: Mapping[str, np.ndarray]
    groups: Mapping[str, np.ndarray]
    desil: np.ndarray
    quality: np.ndarray
    classes: np.ndarray
    chosen: np.ndarray
    has_point: np.ndarray
    x: np.ndarray
    y: np.ndarray

    def __len__(self) -> int:
        """Return the number of households that count."""
        return len(self.sheet_row)

    def mask(self, chosen: Filter, desa: Collection[str] | None = None) -> np.ndarray:
        """Tell which households a filter asks for.

        Parameters
        ----------
        chosen
            Of this run, see :func:`geo.filters.read_filter`.
        desa
            The only kode_desa somebody may see; households of no known desa are then out; ``None`` for all.
        """
        inside = np.ones(len(self), dtype=bool)
        if desa is not None:
            inside &= _of_areas(self.desa, self.desa_codes, desa)
        if chosen.kecamatan:
            inside &= _of_areas(self.kecamatan, self.kecamatan_codes, chosen.kecamatan)
        if chosen.desa:
            inside &= _of_areas(self.desa, self.desa_codes, chosen.desa)
        for layer, words in by_thing(chosen.zona):
            inside &= self.zones[layer].among(words)
        for indicator, said in by_thing(chosen.butuh):
            inside &= _among(self.needs[indicator], said)
        for group, said in by_thing(chosen.kelompok):
            inside &= _among(self.groups[group], said)
        if chosen.desil:
            inside &= _look_up([desil in chosen.desil for desil in range(_MOST_DESIL + 1)], self.desil)
        if chosen.letak:
            inside &= _look_up([quality in chosen.letak for quality in QUALITIES], self.quality)
        return inside

    def positions(self, sheet_rows: np.ndarray) -> np.ndarray:
        """Return where households stand in the arrays; -1 for rows that are not there or do not count."""
        rows = np.asarray(sheet_rows, dtype=np.int64)
        if not len(self):
            return np.full(len(rows), -1, dtype=np.intp)
        order = self._by_row
        places = order[np.searchsorted(self.sheet_row, rows, sorter=order).clip(max=len(self) - 1)]
        return np.where(self.sheet_row[places] == rows, places, -1)

    @cached_property
    def _by_row(self) -> np.ndarray:
        return np.argsort(self.sheet_row, kind="stable")


def household_arrays(assessment: "Assessment") -> HouseholdArrays:
    """Lay out the counted households of a run as arrays; nothing of their health is among them.

    Needs columns: ``sheet_row``, ``kode_desa``, ``kode_kecamatan``, ``location_quality``, geometry (WGS 84); where the
    run has them ``desil``, ``zone_<layer>``, ``need_<indicator>``, ``group_<group>``.
    """
    households = assessment.counted
    facts = assessment.facts
    points = households.geometry.to_numpy()
    own = households["location_quality"].isin(OWN_POINT).to_numpy(dtype=bool)
    has_point = own & ~(shapely.is_missing(points) | shapely.is_empty(points))
    x, y = _web_mercator(points, has_point)
    desil = _column(households, "desil", -1)
    rows = households["sheet_row"].to_numpy(dtype=np.int64)
    desa, kecamatan = (
        tuple(table[column].astype("str"))
        for table, column in ((assessment.desa, "kode_desa"), (assessment.kecamatan, "kode_kecamatan"))
    )
    return HouseholdArrays(
        sheet_row=rows,
        desa_codes=desa,
        kecamatan_codes=kecamatan,
        desa=pd.Index(desa).get_indexer(pd.Index(households["kode_desa"])).astype(np.int32),
        kecamatan=pd.Index(kecamatan).get_indexer(pd.Index(households["kode_kecamatan"])).astype(np.int32),
        zones={layer["id"]: _zone(households, layer) for layer in facts["layers"]},
        needs={
            indicator["id"]: known_need(households, indicator["id"]).astype(np.int8)
            for indicator in facts["indicators"]
            if not indicator["sensitive"]
        },
        groups={
            group["id"]: _column(households, f"group_{group['id']}", -1)
            for group in facts.get("groups", {}).get("groups", ())
        },
        desil=np.where((desil >= 1) & (desil <= _MOST_DESIL), desil, UNKNOWN_DESIL).astype(np.int8),
        quality=_coded(households["location_quality"], QUALITIES, "none"),
        classes=_coded(need_class(households), CLASSES, "unknown"),
        chosen=np.isin(rows, _chosen_rows(assessment.priorities)),
        has_point=has_point,
        x=x,
        y=y,
    )


def _among(answers: np.ndarray, said: Collection[str]) -> np.ndarray:
    """Tell which answers are among the words; -1 reads the last entry of the table."""
    values = [ANSWERS[word] for word in said]
    return _look_up([answer in values for answer in (0, 1, -1)], answers)


def _of_areas(places: np.ndarray, codes: tuple[str, ...], chosen: Collection[str]) -> np.ndarray:
    """Tell which places are among the chosen codes; the entry after the last is of no known area."""
    among = frozenset(chosen)
    return _look_up([*(code in among for code in codes), False], places)


def _look_up(table: list[bool], codes: np.ndarray) -> np.ndarray:
    looked: np.ndarray = np.array(table, dtype=bool)[codes]
    return looked


def _column(households: pd.DataFrame, name: str, missing: int) -> np.ndarray:
    if name not in households:
        return np.full(len(households), missing, dtype=np.int8)
    return households[name].astype("Int16").fillna(missing).to_numpy(dtype=np.int8)


def _coded(words: pd.Series, known: tuple[str, ...], missing: str) -> np.ndarray:
    codes = pd.Index(known).get_indexer(pd.Index(words))
    return np.where(codes < 0, known.index(missing), codes).astype(np.int8)


def _zone(households: pd.DataFrame, layer: Mapping[str, object]) -> Words:
    titles = layer.get("titles", {})
    named = [*titles] if isinstance(titles, Mapping) else []
    column = households.get(f"zone_{layer['id']}")
    found = [] if column is None else [word for word in column.dropna().unique() if word not in named]
    words = tuple(dict.fromkeys([*named, *map(str, found), OUTSIDE, UNKNOWN]))
    unknown = words.index(UNKNOWN)
    if column is None:
        return Words(words, np.full(len(households), unknown, dtype=np.int16))
    codes = pd.Index(words).get_indexer(pd.Index(column.astype("str")))
    return Words(words, np.where(codes < 0, unknown, codes).astype(np.int16))


def _chosen_rows(priorities: pd.DataFrame) -> np.ndarray:
    if "chosen" not in priorities:
        return np.zeros(0, dtype=np.int64)
    return priorities.loc[priorities["chosen"].fillna(value=False).astype(bool), "sheet_row"].to_numpy(
        np.int64
    )


def _web_mercator(points: np.ndarray, has_point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    own = points[has_point]
    sine = np.sin(np.radians(shapely.get_y(own)))
    x, y = (np.full(len(points), np.nan) for _ in range(2))
    x[has_point] = (shapely.get_x(own) + 180) / 360
    y[has_point] = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return x, y

"""An attacker who adds and subtracts: what all published counts together leave open of those that are withheld."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.privacy.linkage.program import Knowledge, Secret
from geo.privacy.linkage.report import Attack, by_none
from geo.privacy.linkage.units import PARTS, Released, Units, counts_of
from geo.suppression import HOUSEHOLDS, SMALLEST, tells

_COUNTED = ("desa", "kecamatan", "zona", "kisi")
_TITLES = ("membutuhkan", "tidak membutuhkan", "tidak diketahui")


def link_sums(
    released: Released,
    households: pd.DataFrame,
    needs: Sequence[str],
    facts: Mapping[str, Any],
    truth: pd.Series | None = None,
) -> list[Attack]:
    """Try to narrow a withheld count down to fewer than five, from all that is released together.

    Parameters
    ----------
    released
        By collection: ``desa``, ``kecamatan`` and ``zona`` with ``<indicator>_known`` ``_need`` ``_unknown``, ``kisi``,
        ``rumah_tangga``; those that are there.
    households
        The register: those that count.
    needs
        All indicators, sensitive ones too.
    facts
        As released: ``needs`` of the whole district.
    truth
        By id of a row of ``rumah_tangga`` its sheet row.

    Notes
    -----
    The attacker knows how many households each desa has. Of zones that are cut through desa only a range is known.
    The linear program is exact but for the counts being whole numbers.
    """
    attacks = [_small(name, table, needs) for name, table in released.items() if name in _COUNTED]
    tried, found, worst = 0, 0, ""
    for need in needs:
        if f"need_{need}" in households and f"{need}_known" in released.get("desa", ()):
            secrets, is_open = _of_need(released, households, need, facts, truth)
            tried, found = tried + len(secrets), found + int((~is_open).sum())
            worst = worst or next(
                (
                    f"Terungkap: {told.where}."
                    for told, fine in zip(secrets, is_open, strict=True)
                    if not fine
                ),
                "",
            )
    return [*attacks, by_none("angka rahasia dari jumlah dan selisih semua tabel", tried, found, worst)]


def _small(name: str, table: pd.DataFrame, needs: Sequence[str]) -> Attack:
    """Look for counts of one to four as they are published."""
    counts = [counts_of(table, need).ravel() for need in needs if f"{need}_known" in table]
    if HOUSEHOLDS in table:
        counts.append(table[HOUSEHOLDS].to_numpy(float, na_value=np.nan))
    values = np.concatenate([np.zeros(0), *counts])
    values = values[~np.isnan(values)]
    few = tells(values[:, None], everybody=False) if len(values) else np.zeros(0)
    return by_none(f"angka kecil dalam {name}", len(values), int(few.sum()))


def _of_need(
    released: Released,
    households: pd.DataFrame,
    need: str,
    facts: Mapping[str, Any],
    truth: pd.Series | None,
) -> tuple[list[Secret], np.ndarray]:
    units = Units.of(released, households, need)
    known = Knowledge(units.counts)
    for unit, size in enumerate(units.sizes):
        known.add(units.cells(unit, slice(None)), size, size)
    _learn_areas(known, units, released, need)
    _learn_zones(known, units, released, need)
    total = facts.get("needs", {}).get(need) or {}
    if total.get("known") is not None:
        told = (total["need"], total["known"] - total["need"], total["unknown"])
        for part, count in enumerate(told):
            known.add(units.cells(np.arange(len(units.sizes)), part), count, count)
    _learn_cells(known, units, released, need)
    secrets = _of_desa(units, released["desa"], need)
    if f"need_{need}" in released.get("rumah_tangga", ()):
        secrets += _learn_rows(known, units, released["rumah_tangga"], need, truth)
    return secrets, known.open(secrets)


def _learn(known: Knowledge, units: Units, members: np.ndarray, counts: np.ndarray) -> None:
    for part in range(PARTS):
        if not np.isnan(counts[part]):
            known.add(units.cells(members, part), counts[part], counts[part])


def _learn_areas(known: Knowledge, units: Units, released: Released, need: str) -> None:
    desa = released["desa"]
    for row, counts in enumerate(counts_of(desa, need)):
        _learn(known, units, units.of_desa[row], counts)
    if "kecamatan" in released:
        for row, counts in enumerate(counts_of(released["kecamatan"], need)):
            _learn(known, units, units.in_kecamatan(row), counts)


def _learn_zones(known: Knowledge, units: Units, released: Released, need: str) -> None:
    zones, desa = released.get("zona"), released["desa"]
    if zones is None or f"{need}_known" not in zones:
        return
    sizes = zones[HOUSEHOLDS].to_numpy(float, na_value=np.nan)
    for row, counts in enumerate(counts_of(zones, need)):
        layer, word = f"zone_{zones['layer'].iloc[row]}", zones["zone"].iloc[row]
        if layer not in desa or np.isnan(counts).any() or np.isnan(sizes[row]):
            continue
        whole = (desa[layer].astype("str") == word).to_numpy(bool)
        members = np.concatenate([*units.of_desa[whole], units.nowhere if word == "tidak diketahui" else []])
        members = members.astype(np.intp)
        # of who is in the zone and in no such desa, or the other way round, it is not known what they need
        others = sizes[row] - units.sizes[members].sum()
        for part in range(PARTS):
            low, high = counts[part] - max(others, 0), counts[part] + max(-others, 0)
            known.add(units.cells(members, part), low, high)


def _learn_cells(known: Knowledge, units: Units, released: Released, need: str) -> None:
    cells = released.get("kisi")
    if cells is None or f"{need}_known" not in cells:
        return
    # where the households of a cell live is not told: its rows together are those of the desa
    sums = pd.DataFrame(counts_of(cells, need)).groupby(units.of_rows(cells) // 2).sum(min_count=1)
    for row, counts in zip(sums.index, sums.to_numpy(), strict=True):
        _learn(known, units, units.of_desa[row], counts)


def _learn_rows(
    known: Knowledge, units: Units, rows: pd.DataFrame, need: str, truth: pd.Series | None
) -> list[Secret]:
    """Learn of each desa how many are told with each answer; those whose needs are withheld stay secret."""
    place = units.of_rows(rows)
    pooled = rows["kebutuhan_dirahasiakan"].to_numpy(bool)
    stated = rows[f"need_{need}"].astype("boolean")
    part = np.where(stated.isna(), 2, np.where(stated.fillna(value=False), 0, 1))
    shown = np.isin(place // 2, place[stated.notna().to_numpy()] // 2)
    told = np.bincount((place * PARTS + part)[shown & ~pooled], minlength=units.counts).reshape(-1, PARTS)
    sizes = np.bincount(place[pooled], minlength=len(told))
    for unit in np.unique(place[shown]):
        for each in range(PARTS):
            least = float(told[unit, each])
            known.add(units.cells(unit, each), least, least + sizes[unit])
    if truth is None:
        return []
    true = units.answer_of(rows.iloc[:, 0].map(truth))
    hidden = np.bincount((place * PARTS + true)[shown & pooled], minlength=units.counts).reshape(-1, PARTS)
    return [
        Secret(
            units.cells(unit, each),
            float(told[unit, each] + min(SMALLEST, sizes[unit])),
            f"{need}, {_TITLES[each]}, di antara yang dirahasiakan di {units.title(unit)}",
        )
        for unit, each in np.argwhere((hidden > 0) & (hidden < SMALLEST)).tolist()
    ]


def _of_desa(units: Units, desa: pd.DataFrame, need: str) -> list[Secret]:
    """Return the small counts of desa that are withheld."""
    secrets = []
    withheld = np.isnan(counts_of(desa, need)).any(axis=1)
    for row, part in np.argwhere(withheld[:, None] & tells(units.truth, everybody=False)).tolist():
        most = min(float(SMALLEST), float(units.truth[row].sum()), float(units.truth[:, part].sum()))
        title = f"{need}, {_TITLES[part]}, di desa {desa['kode_desa'].iloc[row]}"
        secrets.append(Secret(units.cells(units.of_desa[row], part), most, title))
    return secrets

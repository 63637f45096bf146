"""Attackers who hold the register and a table of households, and say of each row who it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.privacy.linkage.matching import NOBODY, Nearest, matched
from geo.privacy.linkage.report import Attack, by_chance, by_none

_NO_TRUTH = "Kunci jawaban bukan milik rilis ini: ada baris yang nomornya tidak dikenal."
_UNKNOWN, _ANSWERS = 2, 3
_ENOUGH, _ROUNDS = 30, 2


@dataclass(frozen=True)
class Rows:
    """Released rows and the register, side by side.

    Attributes
    ----------
    released, register
        Positions, metres; nan without one.
    row_desa, desa
        Number of the desa of each released row and each household.
    row_class, of
        Number of what is told of each (desa and needs, as far as that desa tells them); a row whose needs are
        withheld is of the class of its desa, of which all its households are.
    truth
        The place in the register of each released row.
    """

    released: np.ndarray
    register: np.ndarray
    row_desa: np.ndarray
    desa: np.ndarray
    row_class: np.ndarray
    of: np.ndarray
    truth: np.ndarray


def link_rows(
    table: gpd.GeoDataFrame,
    households: gpd.GeoDataFrame,
    needs: Sequence[str],
    truth: pd.Series,
    others: int,
    crs: CRS,
    again: Sequence[gpd.GeoDataFrame] = (),
) -> list[Attack]:
    """Try to say of each released row which household it is.

    Parameters
    ----------
    table
        As released: ``kode_desa``, ``need_<indicator>``, ``geometry``, a column of ids first; optional
        ``kebutuhan_dirahasiakan``.
    households
        The register: those that count.
    truth
        By id the sheet row.
    again
        The same register released again, with other keys.

    Raises
    ------
    ValueError
        When ``truth`` is that of another release: against it every attack would seem to fail.
    """
    rows = rows_of(table, households, needs, truth, crs)
    if (rows.truth == NOBODY).any():
        raise ValueError(_NO_TRUTH)
    tree_desa, tree_class = Nearest(rows.register, rows.desa), Nearest(rows.register, rows.of)

    def nearest_alike(xy: np.ndarray) -> np.ndarray:
        withheld = rows.row_class < 0
        return np.where(withheld, tree_desa.find(xy, rows.row_desa), tree_class.find(xy, rows.row_class))

    def tell(name: str, claims: np.ndarray) -> Attack:
        made = claims != NOBODY
        right = made & (claims == rows.truth)
        return by_chance(
            name, int(made.sum()), int(right.sum()), made.sum() / (others + 1), _worst(right, rows, table)
        )

    attacks = [
        _alike(table, others),
        tell("titik terdekat dalam desa", tree_desa.find(rows.released, rows.row_desa)),
        tell("titik terdekat di antara kebutuhan yang sama", nearest_alike(rows.released)),
        tell(
            "penjodohan terbaik antara titik dan rumah tangga",
            matched(rows.released, rows.row_class, rows.register, rows.of),
        ),
        _unique(rows, others),
        tell("urutan baris", _in_order(rows, np.arange(len(table)))),
    ]
    if "kelompok" in table:
        group = pd.factorize(table["kelompok"], sort=True)[0]
        attacks += [tell("urutan kelompok", _in_order(rows, group)), _insider(rows, group, table)]
    if again:
        mean = _averaged(rows, [rows_of(each, households, needs, None, crs) for each in again])
        claims = nearest_alike(mean)
        attacks.append(tell(f"rata-rata posisi dari {len(again) + 1} kali rilis", claims))
    return attacks


def rows_of(
    table: gpd.GeoDataFrame,
    households: gpd.GeoDataFrame,
    needs: Sequence[str],
    truth: pd.Series | None,
    crs: CRS,
) -> Rows:
    """Lay released rows and the register side by side."""
    names = pd.Index(households["kode_desa"].dropna().unique())
    row_desa, desa = names.get_indexer(table["kode_desa"]), names.get_indexer(households["kode_desa"])
    withheld = np.zeros(len(table), dtype=bool)
    if "kebutuhan_dirahasiakan" in table:
        withheld = table["kebutuhan_dirahasiakan"].to_numpy(bool)
    said, known = row_desa.astype(np.int64), desa.astype(np.int64)
    for need in [need for need in needs if f"need_{need}" in table]:
        answer, true = _codes(table[f"need_{need}"]), _codes(households[f"need_{need}"])
        told = np.zeros(len(names) + 1, dtype=bool)
        told[row_desa[answer != _UNKNOWN]] = True
        said = said * _ANSWERS + np.where(told[row_desa], answer, 0)
        known = known * _ANSWERS + np.where(told[desa], true, 0)
    said = np.where(withheld, -1 - row_desa, said)
    places = np.full(len(table), NOBODY)
    if truth is not None:
        rows = pd.Index(households["sheet_row"])
        places = rows.get_indexer(table.iloc[:, 0].map(truth))
    return Rows(_metres(table, crs), _metres(households, crs), row_desa, desa, said, known, places)


def _codes(need: pd.Series) -> np.ndarray:
    stated = need.astype("boolean")
    return np.where(stated.isna(), _UNKNOWN, stated.fillna(value=False)).astype(np.int64)


def _metres(table: gpd.GeoDataFrame, crs: CRS) -> np.ndarray:
    points = table.geometry.to_crs(crs)
    return np.column_stack([points.x, points.y])


def _unique(rows: Rows, others: int) -> Attack:
    """Claim where just one household of the register has all that is told of a row."""
    names, many = np.unique(rows.of, return_counts=True)
    number = np.searchsorted(names, rows.row_class).clip(max=len(names) - 1)
    asked = names[number] == rows.row_class
    few = asked & (many[number] <= others)
    least = int(many[number][asked].min()) if asked.any() else 0
    worst = f"Jawaban yang sama dimiliki sedikitnya {least} rumah tangga di desanya." if asked.any() else ""
    return by_none("gabungan desa dan kebutuhan yang hampir tunggal", int(asked.sum()), int(few.sum()), worst)


def _alike(table: gpd.GeoDataFrame, others: int) -> Attack:
    """Count rows that can be told from all but few others by anything besides id and position."""
    same = [name for name in table.columns if name not in {table.columns[0], table.geometry.name}]
    text = table[same].astype("str").fillna("")
    many = text.groupby(same)[same[0]].transform("size").to_numpy()
    placed = table.geometry.notna().to_numpy()
    both = pd.Series(placed).groupby([text[name].to_numpy() for name in same]).transform("nunique").to_numpy()
    few = (many <= others) | (both > 1)
    least = f"Baris yang serupa sedikitnya {int(many.min())}." if len(many) else ""
    return by_none("baris yang berbeda dari hampir semua baris lain", len(table), int(few.sum()), least)


def _in_order(rows: Rows, order: np.ndarray) -> np.ndarray:
    """Say that the first row of a desa is its first household in the register, and so on."""
    claims = np.full(len(order), NOBODY)
    mine = np.lexsort([order, rows.row_desa])
    there = np.argsort(rows.desa, kind="stable")
    first = np.searchsorted(rows.desa[there], rows.row_desa[mine])
    nth = np.arange(len(mine)) - np.searchsorted(rows.row_desa[mine], rows.row_desa[mine])
    at = first + nth
    ends = np.searchsorted(rows.desa[there], rows.row_desa[mine], side="right")
    good = at < ends
    claims[mine[good]] = there[at[good]]
    return claims


def _insider(rows: Rows, group: np.ndarray, table: gpd.GeoDataFrame) -> Attack:
    """Tell who is who within each group to somebody who already knows all its members."""
    true = rows.register[rows.truth]
    known = np.flatnonzero(~np.isnan(true[:, 0]) & ~np.isnan(rows.released[:, 0]))
    at = Nearest(true[known], group[known]).find(rows.released[known], group[known])
    right = np.zeros(len(group), dtype=bool)
    right[known] = at == np.arange(len(known))
    expected = float((1 / np.bincount(group[known])[group[known]]).sum()) if len(known) else 0.0
    name = "siapa di antara anggota kelompok yang sudah diketahui"
    return by_chance(name, len(known), int(right.sum()), expected, _worst(right, rows, table))


def all_alike(rows: Rows, table: gpd.GeoDataFrame) -> tuple[int, int]:
    """Count the rows in whose circle all households of the desa have the needs of the row, and the rows looked at."""
    if not {"kelompok", "ketelitian_m", "kebutuhan_dirahasiakan"} <= {*table.columns}:
        return 0, 0
    told = table.geometry.notna().to_numpy() & ~table["kebutuhan_dirahasiakan"].to_numpy(bool)
    group, names = pd.factorize(table["kelompok"].to_numpy()[told])
    many = np.bincount(group, minlength=len(names))
    xy = rows.released[told]
    middle = np.column_stack([np.bincount(group, axis) / many for axis in xy.T])
    first = np.unique(group, return_index=True)[1]
    radius = table["ketelitian_m"].to_numpy(float, na_value=np.nan)[told][first]
    inside, alike = (
        Nearest(rows.register, of).within(middle, asked[told][first], radius)
        for of, asked in ((rows.desa, rows.row_desa), (rows.of, rows.row_class))
    )
    return int(many[inside == alike].sum()), int(told.sum())


def _averaged(rows: Rows, others: Sequence[Rows]) -> np.ndarray:
    """Return the mean of each row's position and of the one that matches it best in each other release.

    Matched to the row first, and then to the mean: it draws near to what all the releases are scattered around.
    """
    mean = rows.released
    for _ in range(_ROUNDS):
        total, many = rows.released.copy(), np.ones(len(mean))
        for other in others:
            at = matched(mean, rows.row_class, other.released, other.row_class)
            found = at != NOBODY
            total[found] += other.released[at[found]]
            many[found] += 1
        mean = total / many[:, None]
    return np.asarray(mean)


def _worst(right: np.ndarray, rows: Rows, table: gpd.GeoDataFrame) -> str:
    """Name the desa with the largest share of right claims, of those with enough rows to say so."""
    many = np.bincount(rows.row_desa + 1)
    found = np.bincount(rows.row_desa + 1, right)
    share = np.where(many >= _ENOUGH, found / np.maximum(many, 1), 0)
    if not right.any() or not share.any():
        return ""
    at = int(share.argmax())
    kode = table["kode_desa"].to_numpy()[np.flatnonzero(rows.row_desa + 1 == at)[0]]
    percent = f"{100 * share[at]:.0f}"
    return f"Paling sering di desa {kode}: {found[at]:.0f} dari {many[at]} baris ({percent} %)."

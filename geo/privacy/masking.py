"""Households of the level ``terbatas``: needs in groups that nobody stands out of, on positions drawn anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.crs import STORING
from geo.privacy.answers import UNKNOWN, WITHHELD, YES
from geo.privacy.groups import Groups, group_desa
from geo.privacy.places import Place, draw_points
from geo.privacy.remainders import groups_to_displace
from geo.privacy.strata import Stratum, strata_of

LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz234567"))
NO_DESA = "tanpa desa yang diketahui"
WITHHELD_DESA = "desa yang jumlah rumah tangganya dirahasiakan atau terlalu kecil"

_OF_DESA = ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan")


@dataclass(frozen=True)
class Masked:
    """What is released of households, and what stays here.

    Attributes
    ----------
    table
        To be released; WGS 84, in the order of ``id``, which is by lot; index 0 ... n-1. ``id`` (text),
        ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``, ``kelompok`` (text; rows of one group
        differ in nothing but id and position), ``anggota`` (Int32, rows of the group), ``need_<indicator>``
        (boolean, missing = unknown or withheld), ``kebutuhan_dirahasiakan`` (bool: all needs of the group are
        withheld),
        ``ketelitian_m`` (Float32, radius of the region in which the group's positions were drawn; missing without
        one), ``geometry`` (point, 6 decimals; none for who is told without a place).
    left_out
        Counted households that are not in it, by reason (Indonesian), of the whole district: for a part of it the
        number could tell how many households a withheld desa has.
    truth
        By ``id`` the sheet row that a row stands for, by lot within its group. It never leaves: the linkage test
        holds what attackers say against it.
    """

    table: gpd.GeoDataFrame
    left_out: Mapping[str, int]
    truth: pd.Series


def mask_households(
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    needs: Sequence[str],
    others: int,
    crs: CRS,
    key: bytes,
    zones: pd.DataFrame,
) -> Masked:
    """Tell of each household what it needs, and of nobody where: each is one of ``others`` + 1 that are all alike.

    Needs columns: of households ``sheet_row``, ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``,
    ``need_<indicator>``, ``geometry`` (points or none, WGS 84); of desa ``kode_desa``, ``households_suppressed``,
    ``<indicator>_suppressed``, ``geometry``; sharpened by ``located``.

    Parameters
    ----------
    households
        Those that count, of the whole district, also where only a part of it is asked for: cut the result. Masked
        again for each part, or for each recipient with other needs, a household would be told by the difference.
    desa
        Those of the edition ``publik``: what is withheld there of a desa is withheld of its households here.
    needs
        All indicators of the run that are not sensitive.
    others
        Of how many others each household cannot be told apart.
    crs
        Measuring CRS, metres.
    key
        Secret of the installation. The same key and households give the same table to the last digit; another key
        gives other positions, ids and lots.
    zones
        Those of the edition ``publik``: ``layer``, ``zone``, ``households``, ``<indicator>_known`` ``_need``
        ``_unknown``. With ``zone_<layer>`` of the households they tell whose position would give a zone away.

    Notes
    -----
    Within a desa, among those told with a place and those told without (:mod:`geo.privacy.partition`), households of
    the same answers to all needs are one class. A class of fewer than ``others`` + 1 goes, with other small ones, to
    a pool whose needs are withheld, which also takes members of larger classes by lot until no sum worked out
    from the figures of the desa tells of fewer than five of it. Classes and pool are cut along a Hilbert curve into
    groups; a group's positions are drawn at random, each for itself, from one region, which depends on the set of its
    members alone: a circle around their rounded centre, its radius rounded up to one of a few (at least 100 m),
    cut by the desa. So its rows can be exchanged, and nobody finds a household's row with more than one chance in the
    size of its group, however many releases there are: their average is the middle of the circle. Two registers
    with other members tell of two regions; what both tell is told of the households that are in both groups.
    A group that lies wholly in a zone, which has few besides it, has no position (:mod:`geo.privacy.remainders`).
    What is not hidden: that somebody within a circle has these needs, and, where all households in a circle are of
    one group, that all of them have.
    """
    strata = strata_of(households, desa, needs, others, crs, key)
    parts = [_of_stratum(stratum, others) for stratum in strata]
    rows = np.concatenate([part.rows for part in parts]) if parts else np.zeros(0, dtype=np.intp)
    order = np.argsort(np.concatenate([part.id for part in parts])) if parts else rows
    table = _table(households, needs, parts, rows, order)
    truth = pd.Series(households["sheet_row"].to_numpy()[rows][order], index=table["id"].to_numpy())
    _displace(table, households, desa, zones, needs, rows[order])
    unknown = int((pd.Index(desa["kode_desa"]).get_indexer(households["kode_desa"]) < 0).sum())
    counts = {NO_DESA: unknown, WITHHELD_DESA: len(households) - unknown - len(rows)}
    return Masked(table, {why: many for why, many in counts.items() if many}, truth)


@dataclass(frozen=True)
class _Part:
    """The released rows of one desa."""

    rows: np.ndarray
    id: np.ndarray
    group: np.ndarray
    members: np.ndarray
    told: np.ndarray
    withheld: np.ndarray
    radius: np.ndarray
    lonlat: np.ndarray


def _of_stratum(stratum: Stratum, others: int) -> _Part:
    random = stratum.random
    groups: Groups = group_desa(stratum, others + 1)
    # who of a group stands on which row is drawn by lot: positions and ids come after, and know the group alone
    order = np.lexsort([random.random(len(groups.of)), groups.of])
    group = groups.of[order]
    told = np.where(groups.pool[group][:, None], WITHHELD, groups.told[group])
    place: Place = draw_points(stratum.area, groups, group, stratum.xy, random)
    members = np.bincount(group)[group]
    return _Part(
        stratum.rows[order],
        _letters(random, len(order), 12),
        _letters(random, len(groups.pool), 10)[group],
        members,
        told,
        groups.pool[group],
        place.radius,
        place.lonlat,
    )


def _table(
    households: gpd.GeoDataFrame,
    needs: Sequence[str],
    parts: Sequence[_Part],
    rows: np.ndarray,
    order: np.ndarray,
) -> gpd.GeoDataFrame:
    def of(name: str, *like: int) -> np.ndarray:
        found = [getattr(part, name) for part in parts]
        return np.concatenate(found)[order] if found else np.zeros((0, *like))

    told, lonlat = of("told", len(needs)), of("lonlat", 2)
    columns: dict[str, object] = {"id": pd.array(of("id"), dtype="str")}
    columns |= {name: households[name].to_numpy()[rows][order] for name in _OF_DESA}
    columns |= {
        "kelompok": pd.array(of("group"), dtype="str"),
        "anggota": pd.array(of("members"), dtype="Int32"),
    }
    for column, need in enumerate(needs):
        answer = told[:, column]
        columns[f"need_{need}"] = pd.arrays.BooleanArray(answer == YES, answer >= UNKNOWN)
    columns["kebutuhan_dirahasiakan"] = of("withheld").astype(bool)
    radius = of("radius")
    columns["ketelitian_m"] = pd.arrays.FloatingArray(radius.astype(np.float32), np.isnan(radius))
    points = gpd.GeoSeries(gpd.points_from_xy(*lonlat.T), crs=STORING)
    points[np.isnan(lonlat[:, 0])] = None
    return gpd.GeoDataFrame(columns, geometry=points, crs=STORING)


def _displace(
    table: gpd.GeoDataFrame,
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    zones: pd.DataFrame,
    needs: Sequence[str],
    rows: np.ndarray,
) -> None:
    """Take the position of groups beside which a zone has few."""
    group, withheld = np.full(len(households), -1), np.zeros(len(households), dtype=bool)
    placed = table.geometry.notna().to_numpy()
    named = pd.factorize(table["kelompok"])[0]
    group[rows[placed]] = named[placed]
    withheld[rows] = table["kebutuhan_dirahasiakan"]
    gone = np.isin(named, groups_to_displace(households, desa, zones, needs, group, withheld))
    table.loc[gone, "geometry"] = None
    table.loc[gone, "ketelitian_m"] = pd.NA


def _letters(random: np.random.Generator, many: int, length: int) -> np.ndarray:
    """Return words of so many letters, by lot."""
    drawn = LETTERS[random.integers(0, len(LETTERS), (many, length))]
    return (
        np.ascontiguousarray(drawn).view(f"<U{length}").reshape(many) if many else np.zeros(0, f"<U{length}")
    )

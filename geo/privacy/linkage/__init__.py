"""The linkage test: attackers who hold the whole register try to find somebody in what was released."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.household_keys import KEYS
from geo.levels import LEVEL_TITLES, Level
from geo.privacy.linkage.remainders import link_remainders
from geo.privacy.linkage.report import Attack, LinkageReport, by_none
from geo.privacy.linkage.rows import all_alike, link_rows, rows_of
from geo.privacy.linkage.sums import link_sums

__all__ = ["Attack", "LinkageReport", "link"]

_PERSONAL = (
    "id_keluarga",
    "nik",
    "no_kk",
    "nama",
    "alamat",
    "dusun",
    "rt",
    "rw",
    "sheet_row",
    "house_number",
    *KEYS,
)
_OF_NEEDS = ("need", "why", "cluster", "severity")

_POINTS = (
    "Tingkat opd memuat titik sebenarnya: siapa pun yang tahu letak sebuah rumah tahu barisnya. Nomor samaran tidak "
    "menutupinya. Perlakukan berkas ini sebagai data pribadi."
)
_MASKED = (
    "Yang tidak disembunyikan: bahwa di dalam sebuah lingkaran ada rumah tangga dengan kebutuhan itu. Pada {alike} "
    "dari {told} baris, semua rumah tangga lembar di sekitarnya sama kebutuhannya: di sana kebutuhan mereka "
    "diketahui, walaupun tidak diketahui baris mana milik siapa."
)
_NAMES = "Tingkat petugas memuat nama dan alamat: setiap baris langsung menunjuk orang."


def link(
    released: Mapping[str, gpd.GeoDataFrame],
    households: gpd.GeoDataFrame,
    *,
    level: Level,
    indicators: Sequence[Mapping[str, Any]],
    others: int,
    crs: CRS,
    facts: Mapping[str, Any],
    truth: pd.Series | None = None,
    again: Sequence[gpd.GeoDataFrame] = (),
    elsewhere: gpd.GeoDataFrame | None = None,
) -> LinkageReport:
    """Play everybody who would like to know who is who, with the whole register in hand.

    Parameters
    ----------
    released
        By id of the collection its table, as it leaves for the whole district. ``rumah_tangga`` has its ids in the
        first column.
    households
        The register: ``assessment.counted`` of the whole assessment.
    indicators
        ``facts["indicators"]`` of the whole assessment (``id``, ``sensitive``).
    others
        Among so many each household must be hidden, ``terbatas``.
    crs
        Measuring CRS, metres.
    facts
        As released: of the product.
    truth
        By id of ``rumah_tangga`` the sheet row: :attr:`geo.privacy.masking.Masked.truth`, or the pseudonyms turned
        round.
    again
        ``rumah_tangga`` of the same register, released again with other keys.
    elsewhere
        ``rumah_tangga`` of another recipient, with a column ``pseudonim``.

    Returns
    -------
    LinkageReport
        What each attack found and what chance would; ``passed`` and ``verdict`` say what came of it.
    """
    ids = [str(each["id"]) for each in indicators]
    sensitive = [str(each["id"]) for each in indicators if each["sensitive"]]
    attacks: list[Attack] = []
    notes: list[str] = []
    rows = released.get("rumah_tangga")
    if "desa" in released and level in {Level.PUBLIK, Level.TERBATAS}:
        attacks += link_sums(released, households, ids, facts, truth)
    if rows is not None and level is not Level.PETUGAS:
        attacks.append(_columns(rows, sensitive))
    if rows is not None and level is Level.TERBATAS and truth is not None:
        open_needs = [each for each in ids if each not in sensitive]
        attacks += link_rows(rows, households, open_needs, truth, others, crs, again)
        if "desa" in released and "kelompok" in rows:
            told = [each for each in open_needs if f"need_{each}" in rows]
            attacks += link_remainders(released, households, told, truth, crs)
        alike, looked_at = all_alike(rows_of(rows, households, open_needs, truth, crs), rows)
        notes.append(_MASKED.format(alike=alike, told=looked_at))
    if rows is not None and level is Level.OPD:
        notes.append(_POINTS)
        if elsewhere is not None:
            shared = rows["pseudonim"].isin(elsewhere["pseudonim"])
            attacks.append(by_none("nomor samaran yang sama pada dua penerima", len(rows), int(shared.sum())))
    if level is Level.PETUGAS:
        notes.append(_NAMES)
    return LinkageReport(LEVEL_TITLES[level], tuple(attacks), tuple(notes))


def _columns(rows: pd.DataFrame, sensitive: Sequence[str]) -> Attack:
    """Look for columns that name a person, lead to one, or tell of a sensitive need."""
    kept_in = {*_PERSONAL, *(f"{kind}_{need}" for kind in _OF_NEEDS for need in sensitive), *sensitive}
    found = sorted(kept_in & {*rows.columns})
    return by_none("kolom pribadi atau peka", len(rows.columns), len(found), ", ".join(found))

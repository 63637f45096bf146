"""Kelompok sasaran: who stands in a zone and lives of certain work, by a definition that a district can give."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import rates
from geo.layers.base import UNKNOWN
from geo.occupations import OPEN, add_occupation, is_said
from geo.target_groups.definition import OTHER, Group, GroupDefinition, read_groups

__all__ = ["OTHER", "Group", "GroupDefinition", "add_groups", "group_facts", "group_table", "read_groups"]

OTHER_TITLE, UNKNOWN_TITLE = "Di luar semua kelompok", "Tidak diketahui"
OVERLAP = "Satu rumah tangga dapat masuk beberapa kelompok: barisnya tidak dijumlahkan."


def add_groups(households: gpd.GeoDataFrame, definition: GroupDefinition) -> gpd.GeoDataFrame:
    """Say for each household which groups it belongs to.

    A household belongs to a group when its zone and its occupation do; it does not when either surely does not; else
    it is not known. Groups may overlap.

    Needs columns: ``zone_<layer>`` of the layers in the definition; ``pekerjaan`` where the sheet has it.
    Adds columns: ``occupation`` (see :func:`geo.occupations.add_occupation`), ``group_<id>`` (boolean, missing =
    unknown), ``kelompok_sasaran``: id of the first group that holds; ``lainnya`` when surely none does, else
    ``tidak diketahui``.
    """
    households = add_occupation(households, definition.occupations)
    flags = {group.id: _belongs(households, group) for group in definition.groups}
    inside = [flag.fillna(value=False).to_numpy(dtype=bool) for flag in flags.values()]
    unsure = np.any([flag.isna().to_numpy() for flag in flags.values()], axis=0)
    shown = np.select(inside, list(flags), default=np.where(unsure, UNKNOWN, OTHER))
    return households.assign(
        **{f"group_{name}": flag for name, flag in flags.items()},
        kelompok_sasaran=pd.Series(shown, index=households.index, dtype="str"),
    )


def _belongs(households: gpd.GeoDataFrame, group: Group) -> pd.Series:
    zone = households[f"zone_{group.layer}"]
    stands: pd.Series = zone.isin(group.zones).astype("boolean").mask(zone.isna() | (zone == UNKNOWN))
    if group.occupations:
        stands &= _works(households["occupation"], group)
    return stands


def _works(occupation: pd.Series, group: Group) -> pd.Series:
    """Say whether each occupation counts; missing where some of what it leaves open does, and some does not."""
    places, distinct = pd.factorize(occupation)
    found: list[bool | None] = []
    for words in distinct:
        counts = {name in group.occupations for name in words.split(OPEN)}
        found.append(counts.pop() if len(counts) == 1 else None)
    return pd.Series(pd.array([*found, None], dtype="boolean")).take(places).set_axis(occupation.index)


def group_table(
    households: gpd.GeoDataFrame, definition: GroupDefinition, indicators: Sequence[str], minimum_known: int
) -> pd.DataFrame:
    """Return one row a group, and one each for the households in none and for those not known to be in any.

    Needs columns: those of :func:`add_groups`, ``kode_desa``, ``need_<indicator>``, geometry.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``title``, ``definition`` (Indonesian); ``households``, ``located``; ``undecided``: households that
        may belong to the group or not; ``desa``: in how many desa its households are; and the figures of each
        indicator, see :func:`geo.rates.add_rates`. Groups may overlap, so rows do not add up.
    """
    members = {
        group.id: households[f"group_{group.id}"].fillna(value=False).to_numpy(dtype=bool)
        for group in definition.groups
    } | {name: (households["kelompok_sasaran"] == name).to_numpy(dtype=bool) for name in (OTHER, UNKNOWN)}
    needed = ["kode_desa", "geometry", *(f"need_{indicator}" for indicator in indicators)]
    rows = np.concatenate([np.flatnonzero(inside) for inside in members.values()])
    names = np.repeat([*members], [int(inside.sum()) for inside in members.values()])
    people = pd.DataFrame(households[needed]).iloc[rows].reset_index(drop=True)
    people = people.assign(group=pd.Series(names, dtype="str"))
    table = pd.DataFrame(
        {
            "group": [*members],
            "title": [*(group.title for group in definition.groups), OTHER_TITLE, UNKNOWN_TITLE],
            "definition": [
                *map(definition.words_of, definition.groups),
                "Pasti tidak termasuk satu kelompok pun.",
                "Zona atau pekerjaan utamanya tidak diketahui, dan belum pasti termasuk satu kelompok.",
            ],
        }
    ).astype("str")
    table = rates.add_counts(table, people, "group").assign(
        undecided=[*(int(households[f"group_{group.id}"].isna().sum()) for group in definition.groups), 0, 0],
        desa=table["group"].map(people.groupby("group")["kode_desa"].nunique()).fillna(0).astype("int64"),
    )
    return rates.add_rates(table, people, "group", indicators, minimum_known)


def group_facts(households: gpd.GeoDataFrame, definition: GroupDefinition) -> dict[str, Any]:
    """Return what the groups were made from, and how many answers about work were not understood.

    Needs columns: those of :func:`add_groups`.

    Returns
    -------
    dict
        ``title``; ``groups`` (id, title, layer, zones, occupations, definition); ``occupation``: households whose
        sheet says one (``said``), of which ``not_understood`` in so many different answers (``answers``), of which
        bare numbers (``codes``); ``notes`` (Indonesian). The answers themselves, free text that may hold a name,
        are not told.
    """
    written = households.get("pekerjaan", pd.Series(pd.NA, index=households.index, dtype="str"))
    said = is_said(written)
    strange = written[said & households["occupation"].isna()]
    facts = {
        "said": int(said.sum()),
        "not_understood": len(strange),
        "answers": int(strange.nunique()),
        "codes": int(strange.str.fullmatch(r"\W*\d{1,3}(?:[.,]0)?\W*").sum()),
    }
    return {
        "title": definition.title,
        "groups": [
            {
                "id": group.id,
                "title": group.title,
                "layer": group.layer,
                "zones": list(group.zones),
                "occupations": list(group.occupations),
                "definition": definition.words_of(group),
            }
            for group in definition.groups
        ],
        "occupation": facts,
        "notes": [OVERLAP, *_notes(definition, facts)],
    }


def _notes(definition: GroupDefinition, facts: Mapping[str, int]) -> list[str]:
    asking = ", ".join(group.title for group in definition.groups if group.occupations)
    if not asking:
        return []
    if not facts["said"]:
        return [
            f"Lembar tidak menyebut pekerjaan utama: di zonanya tidak diketahui siapa yang termasuk {asking}."
        ]
    notes = []
    if facts["not_understood"]:
        notes.append(
            f"Pekerjaan utama {facts['not_understood']} rumah tangga ({facts['answers']} jawaban berbeda) tidak "
            f"dikenal dan dihitung tidak diketahui."
        )
    if facts["codes"]:
        notes.append(
            f"{facts['codes']} di antaranya hanya berupa angka kode, yang artinya berbeda pada tiap daftar: tulis "
            f"dengan kata, atau sebut artinya pada bagian [pekerjaan] berkas kelompok sasaran."
        )
    return notes

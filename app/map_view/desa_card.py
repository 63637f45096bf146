"""What is told of one desa: every figure with its interval and unknowns, its rank, zones, circles and kantong."""

from typing import Any

import numpy as np
import pandas as pd

from app.access.roles import Permission, Person
from app.kept import Kept
from app.library import OpenedRun
from app.map_view.asked import DESA, Asked
from app.map_view.desa_indicator import Compared, compare, count_of, share_of, told_of
from app.map_view.view import View, edition, edition_key
from geo.assessment import Assessment
from geo.errors import NoRun
from geo.symbology import layer_title, number, percent, zone_words

Json = dict[str, Any]

_MOST_KANTONG = 12


_COMPARED: Kept[dict[str, Compared]] = Kept(most=8)


def desa_card(opened: OpenedRun, who: Person, kode: str, view: View | None = None) -> Json:
    """Return what is told of a desa, not yet escaped; the templates do that.

    Parameters
    ----------
    view
        The view in which it was opened: its indicator comes first, and what it filters is told too.

    Raises
    ------
    NotAllowed
        When the desa is not theirs.
    NoRun
        When the run knows no such desa.
    """
    who.require(Permission.SEE_AREAS)
    assessment = edition(opened, who)
    place = desa_place(assessment, kode)
    who.require_desa(kode)
    row = assessment.desa.iloc[place]
    compared = _COMPARED.get(edition_key(opened, who), lambda: compare(assessment))
    asked = view.asked if view else None
    indicators = sorted(
        assessment.facts["indicators"], key=lambda entry: not asked or entry["id"] != asked.indicator
    )
    return {
        "kode": kode,
        "name": str(row["nama_desa"]),
        "kind": str(row["jenis"]).capitalize() if isinstance(row.get("jenis"), str) else "Desa",
        "kecamatan": str(row["nama_kecamatan"]),
        "kode_kecamatan": str(row["kode_kecamatan"]),
        "households": count_of(row, "households"),
        "located": count_of(row, "located"),
        "families": count_of(row, "families"),
        "register": share_of(row, "register_share"),
        "indicators": [
            told_of(assessment, entry, place, row, compared[str(entry["id"])]) | _unranked(who)
            for entry in indicators
        ],
        "zones": _zones(assessment, row),
        "kantong": _kantong(assessment, kode),
        "filtered": _filtered(view, place) if view else None,
        "households_open": who.may(Permission.SEE_HOUSEHOLDS),
        "profile": who.desa is None,
        "book": who.may(Permission.PRINT),
        "sheet": who.may(Permission.DOWNLOAD_RUN) and (opened.folder / "atlas.pdf").is_file(),
    }


def _unranked(who: Person) -> Json:
    """Leave the rank among all desa out for somebody in the field: it tells of desa that are not theirs."""
    return {} if who.desa is None else {"rank": "", "ranked": ""}


def desa_place(assessment: Assessment, kode: str) -> int:
    """Return where a desa stands in the table.

    Raises
    ------
    NoRun
        When it is not there.
    """
    found = np.flatnonzero(assessment.desa["kode_desa"].eq(kode).to_numpy(bool))
    if not found.size:
        raise NoRun("Desa itu tidak ada dalam hasil ini. Cari namanya di halaman Peta.")
    return int(found[0])


def _zones(assessment: Assessment, row: pd.Series) -> list[Json]:
    zones = []
    for layer in assessment.facts["layers"]:
        word = row.get(f"zone_{layer['id']}")
        if not isinstance(word, str):
            continue
        shares = [
            (row.get(f"share_{layer['id']}"), "luas desa"),
            (row.get(f"share_households_{layer['id']}"), "rumah tangganya"),
        ]
        zones.append({
            "title": layer_title(layer),
            "word": zone_words(layer).get(word, word),
            "shares": ", ".join(f"{percent(float(share))} {of}" for share, of in shares if share and pd.notna(share)),
            "why": str(row.get(f"why_zone_{layer['id']}") or ""),
        })  # fmt: skip
    return zones


def _kantong(assessment: Assessment, kode: str) -> list[Json]:
    clusters = assessment.clusters
    if "kode_desa" not in clusters:
        return []
    titles = {entry["id"]: entry["title"] for entry in assessment.facts["indicators"]}
    told = ["cluster_id", "name", "indicator", "households"]
    found = clusters.loc[clusters["kode_desa"] == kode, told]
    largest = found.sort_values("households", ascending=False).head(_MOST_KANTONG)
    return [
        {
            "key": f"{indicator}:{cluster}",
            "name": str(name),
            "indicator": titles.get(indicator, indicator),
            "households": number(households),
        }
        for cluster, name, indicator, households in largest.itertuples(index=False)
    ]


def _filtered(view: View, place: int) -> Json | None:
    """Say what the view counts in this desa, where it counts anything but the whole register."""
    asked: Asked = view.asked
    rows = view.rows
    row = rows[rows["place"] == place] if asked.level == DESA and asked.filters_households else rows.iloc[:0]
    if row.empty:
        return None
    first = row.iloc[0]
    known = first["known"] > 0
    return {
        "words": view.words,
        "households": number(first["households"]),
        "need": number(first["need"]),
        "known": number(first["known"]),
        "rate": percent(first["rate"]) if known else "",
        "low": percent(first["low"]) if known else "",
        "high": percent(first["high"]) if known else "",
    }

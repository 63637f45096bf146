"""What to look at first: the desa and kantong that stand out, and how far that can be trusted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.symbology import number, percent

PLACES = 3

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Finding:
    """A title, the places in order with the figure of each, and what to bear in mind."""

    title: str
    places: list[tuple[str, str]]
    note: str


def find(assessment: Assessment, indicators: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Return what stands out, most pressing first; what no desa shows is left out.

    Parameters
    ----------
    assessment
        Desa whose figures are missing are never named.
    indicators
        Those that were measured (``id``, ``title``); the first two in order are looked at.
    """
    desa = pd.DataFrame(assessment.desa.drop(columns="geometry"))
    kind = desa["jenis"].astype("str").str.capitalize()
    desa["place"] = kind + " " + desa["nama_desa"] + ", Kec. " + desa["nama_kecamatan"]
    # an edition may hold no such column
    desa["unlocated"] = desa["households"] - desa["located"] if "located" in desa else np.nan
    findings = []
    for about in indicators[:2]:
        findings += [_highest(desa, about["id"], about["title"]), _gaps(desa, about["id"], about["title"])]
    findings.append(_kantong(assessment.clusters))
    for about in indicators[:1]:
        findings.append(
            _most(
                desa,
                f"{about['id']}_unknown",
                f"Paling banyak belum diketahui: {about['title']}",
                "Belum diketahui tidak berarti layak: datanya perlu dilengkapi.",
            )
        )
    findings.append(
        _most(
            desa,
            "unlocated",
            "Paling banyak tanpa titik sendiri",
            "Mereka ikut dihitung di desanya, tetapi tidak tampak sebagai titik di peta.",
        )
    )
    findings.append(_to_review(assessment.facts["location"]))
    return [finding for finding in findings if finding.places]


def _highest(desa: pd.DataFrame, indicator: str, title: str) -> Finding:
    def figure(row: Row) -> str:
        need, known = number(row[f"{indicator}_need"]), number(row[f"{indicator}_known"])
        return f"{percent(row[f'{indicator}_smoothed'])} dihaluskan; {need} dari {known} yang diketahui"

    enough = desa[desa[f"{indicator}_enough"].to_numpy(dtype=bool)]
    return Finding(
        f"Tingkat tertinggi: {title}",
        _top(enough, f"{indicator}_smoothed", figure),
        "Desa dengan terlalu sedikit data yang diketahui tidak diurutkan.",
    )


def _gaps(desa: pd.DataFrame, indicator: str, title: str) -> Finding:
    def figure(row: Row) -> str:
        gap, known = number(row[f"{indicator}_gap"]), number(row[f"{indicator}_known"])
        return f"{gap} rumah tangga lagi, dari {known} yang diketahui"

    return Finding(
        f"Kekurangan terbesar: {title}",
        _top(desa[desa[f"{indicator}_enough"].to_numpy(dtype=bool)], f"{indicator}_gap", figure),
        "Yang masih perlu dilayani sampai target tercapai.",
    )


def _most(desa: pd.DataFrame, column: str, title: str, note: str) -> Finding:
    def figure(row: Row) -> str:
        return f"{number(row[column])} dari {number(row['households'])} rumah tangga"

    return Finding(title, _top(desa, column, figure), note)


def _kantong(clusters: pd.DataFrame) -> Finding:
    def figure(row: Row) -> str:
        return f"{number(row['households'])} rumah tangga, terpanjang {number(row['span_m'])} m"

    places = "K-" + clusters["cluster_id"].astype("str") + ", " + clusters["nama_desa"].astype("str")
    named = pd.DataFrame(clusters.drop(columns="geometry")).assign(
        place=places + ", Kec. " + clusters["nama_kecamatan"].astype("str")
    )
    return Finding(
        "Kantong terbesar",
        _top(named, "households", figure),
        "Pengelompokan untuk kerja sehari, bukan uji statistik.",
    )


def _to_review(location: Mapping[str, int]) -> Finding:
    asked = {
        "gps_conflict": "Titik dan nama desa bertentangan",
        "kecamatan": "Hanya kecamatannya yang diketahui",
        "none": "Tidak dapat ditempatkan",
    }
    return Finding(
        "Letak yang perlu ditinjau",
        [
            (title, f"{number(location[key])} rumah tangga")
            for key, title in asked.items()
            if location.get(key)
        ],
        "Periksa koordinat serta nama desa dan kecamatannya di lembar.",
    )


def _top(table: pd.DataFrame, column: str, figure: Callable[[Row], str]) -> list[tuple[str, str]]:
    values = table[column].to_numpy(dtype=float, na_value=np.nan)
    order = np.argsort(-values, kind="stable")[:PLACES]
    first = table.iloc[[place for place in order if values[place] > 0]]
    return [(str(row["place"]), figure(row)) for row in first.to_dict("records")]

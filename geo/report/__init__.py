"""The page that a planner reads first: what was found, how surely, and what to look at."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.rates import FUNNEL_LEVEL
from geo.report.choice import circles, equity, team_days
from geo.report.decision import decision
from geo.report.findings import find
from geo.report.funnel import funnels
from geo.report.intake import common_reasons, first_rejects, open_questions, sheet_facts
from geo.report.outlines import draw
from geo.report.quality import location_quality
from geo.report.shortfall import register, shortfall
from geo.report.zones import (
    combinations,
    display_map,
    records,
    side_by_side,
    target_groups,
    zone_tables,
)
from geo.symbology import RAMPS, UNKNOWN_COLOUR, class_breaks, moment, number, percent

FILES = {
    "peta.html": "peta yang dapat digeser dan diperbesar, dibuka di peramban tanpa internet",
    "atlas.pdf": "lembar cetak per desa untuk regu lapangan",
    "geojson/desa.geojson": "angka per desa untuk perangkat GIS",
    "geojson/kecamatan.geojson": "angka per kecamatan untuk perangkat GIS",
    "geojson/zones.geojson": "zona dengan angkanya",
    "geojson/clusters.geojson": "kantong",
    "geojson/hot_spots.geojson": "desa yang nyata lebih sering, atau lebih jarang, membutuhkan",
    "geojson/scans.geojson": "lingkaran tempat kebutuhan nyata lebih sering",
    "geojson/households.geojson": "rumah tangga yang punya titik sendiri, tanpa nama dan NIK",
    "rejects.xlsx": "baris yang ditolak, untuk diperbaiki dan dibaca kembali (memuat nama)",
    "ganda.xlsx": "kelompok baris yang mungkin satu rumah tangga (memuat nama)",
    "manifest.json": "asal-usul: masukan, setelan, versi, dan sidik jari setiap berkas",
}
"""What stands beside the report in a run, and what it is for."""

NOT_LINKED = frozenset({"rejects.xlsx", "ganda.xlsx"})
"""They hold names: whoever has the folder finds them there, and no page offers them."""

SHOWN = 10

# control characters, and those that turn the direction of the text around them
_UNWANTED = [*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x200E, 0x200F, 0xFEFF]
_UNWANTED += [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_REMOVED = dict.fromkeys(_UNWANTED)


def render_report(
    assessment: Assessment, seconds: Mapping[str, float], files: Mapping[str, str] | None = None
) -> str:
    """Write the report of an assessment as one HTML page that needs nothing beside it.

    Parameters
    ----------
    assessment
        As made by ``assess()``; no name, NIK, address or rejected value of it is shown.
    seconds
        How long each stage took.
    files
        Links of the files beside the report and what each is for; those of a full run by default.

    Returns
    -------
    str
        HTML in Bahasa Indonesia, for a wide screen, a phone and A4 paper, without scripts.
    """
    facts, rejects = assessment.facts, assessment.rejects
    measured = [about for about in facts["indicators"] if f"{about['id']}_rate" in assessment.kecamatan]
    clusters = assessment.clusters.drop(columns="geometry")
    outlines = draw(assessment.desa, assessment.kecamatan)
    open_ones = [about for about in measured if not about["sensitive"]]
    return _template().render(
        facts=facts,
        indicators=[{**about, **_figures(assessment, about["id"])} for about in measured],
        sheet=sheet_facts(assessment),
        location=location_quality(assessment),
        questions=open_questions(assessment),
        reasons=common_reasons(rejects),
        rejects=first_rejects(rejects),
        zones=zone_tables(assessment),
        display=display_map(assessment),
        combinations=combinations(assessment),
        groups=target_groups(assessment),
        comparison=side_by_side(assessment, SHOWN),
        clusters=records(clusters.sort_values("households", ascending=False).head(3 * SHOWN)),
        clusters_total=len(clusters),
        priorities=records(assessment.priorities.head(SHOWN)),
        priorities_total=len(assessment.priorities),
        findings=find(assessment, open_ones),
        decision=decision(assessment, open_ones, outlines),
        outlines=outlines,
        circles=circles(assessment),
        equity=equity(assessment),
        team_days=team_days(assessment),
        no_hot="gi_class" in assessment.hot_spots and not (assessment.hot_spots["gi_class"] == "panas").any(),
        shortfall=shortfall(assessment, open_ones),
        register=register(facts),
        told={name: _Told(facts.get(name) or {}) for name in ("hot_spots", "scans", "selection", "visits")},
        funnels=funnels(assessment, open_ones[:2]),
        funnel_share=f"{number(1000 * FUNNEL_LEVEL)} dari 1.000",
        ignored=facts.get("ignored", []),
        unmeasured=facts.get("inactive", []),
        setting=lambda section, name: facts["settings"].get(section, {}).get(name),
        unknown_colour=UNKNOWN_COLOUR,
        files=FILES if files is None else files,
        not_linked=NOT_LINKED,
        seconds=dict(seconds),
    )


class _Told(dict[str, Any]):
    """What the run says of a part; what it does not say is None."""

    def __missing__(self, key: str) -> None:
        return None


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=_clean,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "percent": _percent, "moment": moment, "pvalue": _p_value}
    environment.tests["known"] = pd.notna
    return environment.get_template("report.html")


def _clean(value: object) -> object:
    """Take unwanted characters out of whatever a placeholder shows; jinja escapes the rest."""
    return value.translate(_REMOVED) if type(value) is str else value


def _number(value: Any, decimals: int = 0) -> str:  # noqa: ANN401  a cell of any table
    return number(float(value) if pd.notna(value) else np.nan, decimals)


def _percent(value: Any, decimals: int = 0) -> str:  # noqa: ANN401
    return percent(float(value) if pd.notna(value) else np.nan, decimals).replace(" ", "\N{NO-BREAK SPACE}")


def _p_value(value: float) -> str:
    """Write a p-value with as many decimals as it needs to be more than nought, five at the most."""
    decimals = next((places for places in (2, 3, 4) if value >= 10.0**-places), 5)
    return number(value, decimals)


def _totals(assessment: Assessment, indicator: str) -> tuple[int, int, int]:
    """Return how many households are known, in need, and unknown; a need that nobody may see stands in the facts."""
    needs = assessment.counted.get(f"need_{indicator}")
    if needs is None:
        stated = assessment.facts["needs"][indicator]
        return stated["known"], stated["need"], stated["unknown"]
    known = int(needs.notna().sum())
    return known, int(needs.sum()), len(needs) - known


def _figures(assessment: Assessment, indicator: str) -> dict[str, Any]:
    """Return the totals of one indicator, its rates by kecamatan, and its colours on the map."""
    households, desa = assessment.counted, assessment.desa
    known, need, unknown = _totals(assessment, indicator)
    every = known + unknown
    own = [f"{indicator}_{part}" for part in ("known", "need", "unknown", "rate", "low", "high", "gap")]
    own = [column for column in own if column in assessment.kecamatan]
    kecamatan = assessment.kecamatan[["nama_kecamatan", "households", *own]]
    kecamatan = pd.DataFrame(kecamatan).sort_values(f"{indicator}_rate", ascending=False)
    # one axis for kecamatan and zones, to the next ten percent
    highest = np.nanmax([0.1, *kecamatan[f"{indicator}_high"], *assessment.zones[f"{indicator}_high"]])
    enough = desa[f"{indicator}_enough"].to_numpy(dtype=bool)
    rates = np.where(enough, desa[f"{indicator}_rate"].to_numpy(dtype=float), np.nan)
    breaks = class_breaks(rates, RAMPS.get(indicator, RAMPS["rtlh"]))
    return {
        "need": need,
        "known": known,
        "unknown": unknown,
        "rate": need / known if known else np.nan,
        "least": need / every if every else np.nan,
        "most": (need + unknown) / every if every else np.nan,
        "without_kecamatan": int(households["kode_kecamatan"].isna().sum()),
        "has_gap": f"{indicator}_gap" in own,
        "axis": float(np.ceil(highest * 10 - 1e-9) / 10),
        "kecamatan": records(kecamatan.rename(columns=lambda name: name.removeprefix(f"{indicator}_"))),
        "colours": [breaks.colour(rate) for rate in rates],
        "titles": [
            f"{name}: {percent(rate) if np.isfinite(rate) else 'data belum cukup'}"
            for name, rate in zip(desa["nama_desa"], rates, strict=True)
        ],
        "legend": list(zip(breaks.colours, breaks.titles(), strict=True)) if np.isfinite(rates).any() else [],
        "uncoloured": int(np.isnan(rates).sum()),
    }

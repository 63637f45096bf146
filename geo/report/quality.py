"""How surely households are located: the shares, where the unlocated are, the worst desa, the common reasons."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.geocoding import OWN_POINT
from geo.symbology import QUALITY_TITLES, RAMP_UNLOCATED, UNKNOWN_COLOUR, ClassBreaks, percent

SHOWN = 10
BREAKS = ClassBreaks((0.0, 0.10, 0.25, 0.50, 0.75, 1.0), RAMP_UNLOCATED)
"""Classes of the share without an own point; fixed, so that two sheets can be compared."""

NO_COORDINATES = "tidak ada koordinat di lembar"
_REFERENCE = r"(?:^|; )titik acuan dusun[^;]*"


def location_quality(assessment: Assessment) -> dict[str, Any]:
    """Gather what the report shows of the location of households.

    Returns
    -------
    dict
        ``bar``: title, households, share and start of each quality. ``colours`` and ``titles``: of the desa in
        their order, by the share of their households without an own point. ``legend``: colour and title of each
        class. ``worst``: the desa with most households without an own point. ``reasons`` and ``repairs``: the
        most common words (in ``location_note``) about households without and with an own point, and how many.
        ``without`` and ``nowhere``: households without an own point, and without a desa.
    """
    households, desa = assessment.counted, assessment.desa
    by_quality = assessment.facts["location"]
    without = households.geometry.isna().to_numpy()
    total = desa["households"].to_numpy(dtype=float, na_value=np.nan)
    located = desa.get("located", pd.Series(np.nan, index=desa.index))
    unlocated = total - located.to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(invalid="ignore"):
        shares = unlocated / total
    by_desa = desa[["kode_desa", "nama_desa", "nama_kecamatan", "households"]].assign(
        without=unlocated, share=shares, conflict=_conflicts(households, desa["kode_desa"])
    )
    worst = pd.DataFrame(by_desa).sort_values("without", ascending=False, kind="stable")
    # an audience that may not see households one by one sees no notes either
    notes = households.get("location_note", pd.Series("", index=households.index)).fillna("").astype("str")
    noted = "location_note" in households
    return {
        "bar": _bar(by_quality),
        "colours": [BREAKS.colour(share) for share in shares],
        "titles": [
            f"{name}: {percent(share)} tanpa titik" if np.isfinite(share) else f"{name}: tanpa angka"
            for name, share in zip(desa["nama_desa"], shares, strict=True)
        ],
        "legend": [*zip(BREAKS.colours, BREAKS.titles(), strict=True)],
        "empty": (UNKNOWN_COLOUR, int((~np.isfinite(shares)).sum())),
        "worst": _records(worst[worst["without"] > 0].head(SHOWN)),
        "reasons": _common(_reasons(notes[without])) if noted else [],
        "repairs": _common(notes[~without]),
        "without": sum(by_quality.values()) - sum(by_quality.get(quality, 0) for quality in OWN_POINT),
        "nowhere": int(households["kode_desa"].isna().sum()),
    }


def _bar(by_quality: Mapping[str, int]) -> list[dict[str, Any]]:
    counts = pd.Series({quality: by_quality.get(quality, 0) for quality in QUALITY_TITLES})
    table = pd.DataFrame({"title": pd.Series(QUALITY_TITLES), "households": counts})
    table["share"] = counts / max(int(counts.sum()), 1)
    table["start"] = table["share"].cumsum() - table["share"]
    return _records(table.rename_axis("quality").reset_index())


def _conflicts(households: pd.DataFrame, kode_desa: pd.Series) -> np.ndarray:
    conflicting = households.loc[households["location_quality"] == "gps_conflict", "kode_desa"]
    return kode_desa.map(conflicting.value_counts()).fillna(0).to_numpy(dtype=int)


def _reasons(notes: pd.Series) -> pd.Series:
    """Leave out where a household stands instead of its point: that is no reason why it has none."""
    return notes.str.replace(_REFERENCE, "", regex=True).replace("", NO_COORDINATES)


def _common(notes: pd.Series) -> list[tuple[str, int]]:
    """Count the single notes of all rows; notes that differ in a number alone count together.

    Examples
    --------
    >>> _common(pd.Series(["0 bukan posisi; dari 5 rumah", "dari 7 rumah", ""]))
    [('dari … rumah', 2), ('0 bukan posisi', 1)]
    """
    distinct = notes.value_counts()
    single = pd.Series(distinct.index, dtype="str").str.split("; ").explode()
    counts = pd.DataFrame({"note": single, "rows": distinct.to_numpy()[single.index]})
    counts = counts[counts["note"] != ""]
    alike = counts.groupby(counts["note"].str.replace(r"\d+(?:[.,]\d+)*", "…", regex=True))
    found = alike.agg(rows=("rows", "sum"), first=("note", "first"), kinds=("note", "nunique"))
    found = found.sort_index().sort_values("rows", ascending=False, kind="stable").head(SHOWN)
    return [
        (first if kinds == 1 else str(words), int(rows))
        for words, rows, first, kinds in found.itertuples(name=None)
    ]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]

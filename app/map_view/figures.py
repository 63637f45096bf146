"""The figures of every area of a view: as the run states them, or counted anew from the filtered households."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.access.roles import Permission, Person
from app.kept import KeptWith
from app.library import OpenedRun
from app.map_view.asked import DESA, Asked
from geo.assessment import Assessment
from geo.filters import filtered_counts
from geo.maps.themes import hot_rows, numbers
from geo.rates import share_figures

Columns = dict[str, np.ndarray]

_OF_RUN = KeptWith[Columns]()

OF_RUN = (
    "need", "known", "unknown", "rate", "low", "high", "least", "most", "smoothed", "gap", "gap_rate", "gap_most",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """Areas with what is known of them.

    Attributes
    ----------
    areas
        A row an area in the order of the run's table: ``kode``, ``name``, ``kode_kecamatan``, ``kecamatan``,
        ``households``, the figures of the indicator, ``register_rate`` (unfiltered), ``enough``, ``withheld``,
        ``funnel``, ``hot``, ``untested``.
    inside
        Which areas are inside the filter and within the person's reach; the others have no figure.
    households, located, elsewhere
        Households that the filter asks for; of these, with a point of their own; of these, of no known area. Missing
        (``None``) where that is withheld.
    """

    areas: pd.DataFrame
    inside: np.ndarray
    households: int | None
    located: int | None
    elsewhere: int | None


def figures(opened: OpenedRun, assessment: Assessment, who: Person, asked: Asked) -> Figures:
    """Return the figures of a view.

    Parameters
    ----------
    assessment
        The edition that the person may see.
    """
    table = assessment.desa if asked.level == DESA else assessment.kecamatan
    inside = _inside(assessment, who, asked)
    areas = _OF_RUN.get(assessment, (asked.indicator, asked.level), lambda: _of_run(assessment, table, asked))
    if not who.may(Permission.SEE_HOUSEHOLDS):
        shown = _only(areas, inside)
        total, located = (_sum(shown.loc[inside, name]) for name in ("households", "located"))
        return Figures(shown, inside, total, located, None)
    mask = opened.arrays.mask(asked.filter, who.desa)
    if asked.filters_households:
        areas = areas | _counted_anew(opened, mask, asked, _minimum(assessment))
    places = opened.arrays.desa if asked.level == DESA else opened.arrays.kecamatan
    return Figures(
        _only(areas, inside),
        inside,
        int(mask.sum()),
        int((mask & opened.arrays.has_point).sum()),
        int((mask & (places < 0)).sum()),
    )


def values(found: Figures, measure: str) -> np.ndarray:
    """Return what colours each area: not a number where nothing may be said."""
    areas = found.areas
    return areas[measure].where(areas["enough"]).to_numpy(dtype=float)


def _inside(assessment: Assessment, who: Person, asked: Asked) -> np.ndarray:
    if asked.level != DESA:
        chosen = asked.filter.kecamatan
        codes = assessment.kecamatan["kode_kecamatan"]
        return codes.isin(chosen).to_numpy(bool) if chosen else np.ones(len(codes), dtype=bool)
    # whoever sees no household filters whole desa by their own zone
    chosen_areas = asked.of_areas if who.may(Permission.SEE_HOUSEHOLDS) else asked.filter
    inside = chosen_areas.areas(assessment)
    if who.desa is not None:
        inside &= assessment.desa["kode_desa"].isin(who.desa).to_numpy(bool)
    return inside


def _of_run(assessment: Assessment, table: pd.DataFrame, asked: Asked) -> Columns:
    indicator = asked.indicator
    funnel = table.get(f"{indicator}_funnel")
    found: Columns = {
        "kode": _texts(table[f"kode_{asked.level}"]),
        "name": _texts(table[f"nama_{asked.level}"]),
        "kode_kecamatan": _texts(table["kode_kecamatan"]),
        "kecamatan": _texts(table["nama_kecamatan"]),
        **{name: numbers(table, name).to_numpy() for name in ("households", "located")},
        **{name: numbers(table, f"{indicator}_{name}").to_numpy() for name in OF_RUN},
        "register_rate": numbers(table, f"{indicator}_rate").to_numpy(),
        "enough": numbers(table, f"{indicator}_enough").eq(1).to_numpy(),
        "withheld": numbers(table, f"{indicator}_suppressed").eq(1).to_numpy(),
        "funnel": np.full(len(table), "", dtype=object) if funnel is None else _texts(funnel.fillna("")),
    }
    nothing = np.full(len(table), "", dtype=object)
    spots = assessment.hot_spots
    if asked.level != DESA or "indicator" not in spots or not (spots["indicator"] == indicator).any():
        return found | {"hot": nothing, "untested": nothing}
    rows = hot_rows(assessment, indicator)
    return found | {"hot": _texts(rows["gi_class"]), "untested": _texts(rows["untested"])}


def _texts(column: pd.Series) -> np.ndarray:
    return column.astype(object).to_numpy()


def _counted_anew(opened: OpenedRun, mask: np.ndarray, asked: Asked, minimum: int) -> dict[str, np.ndarray]:
    """Count the filtered households; what is smoothed or tested stays that of the whole register."""
    counts = filtered_counts(opened.arrays, mask, asked.indicator, asked.level)
    found = share_figures(counts.need, counts.known, counts.unknown)
    found |= {"households": counts.households, "funnel": np.full(len(counts.need), "", dtype=object)}
    if asked.measure in ("rate", "need"):
        found["enough"] = counts.known >= minimum
    return found


def _minimum(assessment: Assessment) -> int:
    return int(assessment.facts["settings"].get("rates", {}).get("minimum_known", 1))


def _only(areas: Columns, inside: np.ndarray) -> pd.DataFrame:
    """Take every figure from the areas outside."""
    kept = {name: areas[name] for name in ("kode", "name", "kode_kecamatan", "kecamatan")}
    kept |= {name: areas[name] & inside for name in ("enough", "withheld")}
    kept |= {name: np.where(inside, areas[name], "") for name in ("funnel", "hot", "untested")}
    told = ("households", "located", "register_rate", *OF_RUN)
    return pd.DataFrame(kept | {name: np.where(inside, areas[name], np.nan) for name in told})


def _sum(column: pd.Series) -> int | None:
    # the rest of a sum would give away what is withheld, or mislead
    return None if column.isna().any() else int(column.sum())

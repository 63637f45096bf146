"""What does a household lack? One file an indicator; the order is that of reports and legends."""

from collections.abc import Iterable, Sequence

import geopandas as gpd
import pandas as pd

from geo.columns import Column
from geo.indicators.babs import BABS
from geo.indicators.base import Indicator
from geo.indicators.disabilitas import DISABILITAS
from geo.indicators.jamban import JAMBAN, JAMBAN_SENDIRI
from geo.indicators.penyakit_kronis import PENYAKIT_KRONIS
from geo.indicators.rtlh import RTLH
from geo.sanitation import IN_URBAN_DESA
from geo.settings import IndicatorSettings

INDICATORS: dict[str, Indicator] = {
    RTLH.id: RTLH,
    JAMBAN.id: JAMBAN,
    JAMBAN_SENDIRI.id: JAMBAN_SENDIRI,
    BABS.id: BABS,
    PENYAKIT_KRONIS.id: PENYAKIT_KRONIS,
    DISABILITAS.id: DISABILITAS,
}


def indicator_columns() -> list[Column]:
    """Return every column that some indicator asks for, each once."""
    asked = [
        column for indicator in INDICATORS.values() for column in (*indicator.required, *indicator.sharpening)
    ]
    return list({column.name: column for column in asked}.values())


def active_indicators(present: Iterable[str], settings: IndicatorSettings | None = None) -> list[Indicator]:
    """Return the indicators that a sheet with these columns can answer, by the definitions that the settings name.

    Raises
    ------
    UnknownColumns
        When a sheet has some of the columns that an indicator cannot do without, but not all.
    """
    columns = set(present)
    return [indicator for indicator in INDICATORS.values() if indicator.is_answerable(columns, settings)]


def measure(
    households: gpd.GeoDataFrame,
    indicators: Sequence[Indicator],
    settings: IndicatorSettings,
    *,
    urban_proksi: bool = False,
) -> gpd.GeoDataFrame:
    """Say for each household what it lacks, and why.

    With ``urban_proksi`` the urban status is derived, and a reason that rests on it says so.

    Needs columns: those of each indicator, ``zone_urban``.
    Adds columns: ``need_<indicator>``, ``why_<indicator>``, and what an indicator adds beside them
    (``severity_rtlh``, ``basis_rtlh``, ``tangga_jamban``).
    """
    added = {}
    for indicator in indicators:
        answer = indicator.in_need(households, settings)
        added[f"need_{indicator.id}"] = answer.need
        added[f"why_{indicator.id}"] = _said(answer.why, urban_proksi)
        added |= answer.beside
    return households.assign(**added)


def _said(why: pd.Series, urban_proksi: bool) -> pd.Series:
    return why.str.replace(IN_URBAN_DESA, f"{IN_URBAN_DESA} (proksi)", regex=False) if urban_proksi else why

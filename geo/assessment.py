"""The whole road on one page: from a sheet to an Assessment."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo import clusters, gaps, rates
from geo.boundaries import Boundaries, kecamatan_of
from geo.columns.choice import ColumnChoice
from geo.comparison import compare_profiles, require_profiles
from geo.duplicates import find_duplicates
from geo.facts import gather_facts
from geo.geocoding import geocode
from geo.households import read_households
from geo.indicators import active_indicators, measure
from geo.indicators.base import Indicator
from geo.landcover import AROUND_M, LandCover, read_land_cover
from geo.layers import find_zones, full_precedence
from geo.layers.base import Inputs, Zones
from geo.overlay import add_household_shares, classify_desa, desa_shares, overlay
from geo.review import build_queue
from geo.review.decisions import read_decisions
from geo.settings import Settings
from geo.target_groups import add_groups, group_facts, group_table, read_groups
from geo.targeting import prioritise
from geo.zone_table import combination_table, zone_table

Stage = Callable[[str], AbstractContextManager[None]]
"""Wraps a stage of the work: whoever watches shows its name and takes its time."""

KANTONG_OF = "rtlh"


@dataclass(frozen=True)
class Assessment:
    """What is known about a district after one sheet; the tables are described in docs/tables.md.

    ``facts`` holds what the tables were made from, ready for the manifest: ``created``, ``district`` (kode,
    nama, provinsi), ``boundaries`` (kind, schematic, note, source, date, licence), ``inputs``, ``settings``,
    ``profiles``, ``indicators`` (id, title, profile, definition, sensitive; of RTLH also verified
    and verified_need: households whose answer rests on a survey), ``layers`` (id, title, colour, titles
    of its zones, figures, source, year, method, proksi, and counts: households by zone word), ``rows`` (sheet,
    valid, rejects, empty, counted), ``duplicates`` (groups, rows, not_counted, kinds, count_once), ``location``
    (counted households by quality), ``needs`` (known, need, unknown of the counted households, by indicator),
    ``inactive`` (indicators that are off: id, title, and the headings that switch them on),
    ``review`` (see :func:`geo.review.review_facts`), ``groups`` (see :func:`geo.target_groups.group_facts`),
    ``columns`` (meaning and heading of each recognised column), ``ignored`` (headings without a meaning) and ``intake``
    (kind, sheet, other_sheets, header_row, code_list, notes, and marks: by meaning, rows that bear a mark).
    """

    households: gpd.GeoDataFrame
    rejects: pd.DataFrame
    desa: gpd.GeoDataFrame
    kecamatan: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    clusters: gpd.GeoDataFrame
    priorities: pd.DataFrame
    combinations: pd.DataFrame
    groups: pd.DataFrame
    comparison: pd.DataFrame
    rejected_cells: pd.DataFrame
    review: pd.DataFrame
    facts: Mapping[str, Any]

    @cached_property
    def counted(self) -> gpd.GeoDataFrame:
        """The households that count: all but the spare rows of what stands in the sheet more than once."""
        return _counting(self.households)


def assess(
    sheet: Path,
    boundaries: Boundaries,
    settings: Settings,
    *,
    password: str | None = None,
    sheet_name: str | None = None,
    columns: ColumnChoice | None = None,
    decisions: Path | None = None,
    created: datetime | None = None,
    stage: Stage = lambda _: nullcontext(),
) -> Assessment:
    """Take a household spreadsheet all the way to zones, needs, clusters, gaps and priorities.

    Parameters
    ----------
    sheet
        CSV, XLSX, XLS or ODS.
    boundaries
        The district.
    settings
        What the district chose.
    password, sheet_name, columns
        For the sheet, see :func:`geo.households.read_households`.
    decisions
        The district's file of decisions, for :func:`geo.review.decisions.read_decisions`; it need not exist.
    created
        The moment that the outputs state; now, when not given.
    stage
        Called with the name of each stage (Indonesian), which then runs inside the context it returns.

    Raises
    ------
    PetaError
        When an input cannot be used; a faulty row never raises, it becomes a reject.
    """
    desa, measuring = boundaries.desa, boundaries.measuring
    groups = read_groups(settings.groups.definition)
    require_profiles(settings.indicators)
    decided = read_decisions(decisions)
    # the zones hang on the district alone: compiled code finds them while the sheet is read
    with ThreadPoolExecutor(max_workers=1) as beside:
        found = beside.submit(_find_zones, boundaries, settings)
        with stage("Membaca lembar"):
            intake = read_households(
                sheet,
                password=password,
                sheet=sheet_name,
                columns=columns,
                code_list=settings.intake.code_list,
                indicators=settings.indicators,
            )
            indicators = active_indicators(intake.headings, settings.indicators)
        with stage("Menempatkan rumah tangga"):
            district = boundaries.info["district"]["nama"]
            households = geocode(intake.households, desa, measuring, settings.geocoding, district, decided)
            households = find_duplicates(households, settings.intake.count_once)
            review = build_queue(households, desa, settings.geocoding, decided)
        with stage("Memisahkan zona"):
            zones, shares = found.result()
            precedence = full_precedence(settings.layers.precedence)
            desa = classify_desa(desa, zones, shares, precedence)
            households = overlay(households, desa, zones, precedence)
    with stage("Mengukur kebutuhan"):
        households = measure(
            add_groups(households, groups),
            indicators,
            settings.indicators,
            urban_proksi="urban" in zones and zones["urban"].proksi,
        )
        counted = _counting(households)
    with stage("Menghitung angka"):
        names = [indicator.id for indicator in indicators]
        kecamatan = _with_area(kecamatan_of(desa), measuring)
        desa = _counted(_with_area(desa, measuring), counted, "kode_desa", indicators, settings)
        kecamatan = _counted(kecamatan, counted, "kode_kecamatan", indicators, settings)
        desa = add_household_shares(desa, counted, "kode_desa", zones)
        kecamatan = add_household_shares(kecamatan, counted, "kode_kecamatan", zones)
        least = settings.rates.minimum_known
        by_zone = zone_table(zones, shares, desa, counted, names, least)
        by_combination = combination_table(counted, desa, names, least)
        by_group = group_table(counted, groups, names, least)
        comparison = compare_profiles(counted, desa, settings.indicators)
    with stage("Mencari kantong"):
        kantong, membership = _kantong(counted, names, measuring, settings)
        counted = counted.assign(cluster_rtlh=membership)
        households = households.assign(cluster_rtlh=membership.reindex(households.index))
    with stage("Menyusun prioritas"):
        priorities = prioritise(counted, desa, settings.targeting)
    return Assessment(
        households=households,
        rejects=intake.rejects,
        desa=desa.drop(columns=["alias", "alias_kecamatan", "kode_pos"]),
        kecamatan=kecamatan,
        zones=by_zone,
        clusters=kantong,
        priorities=priorities,
        combinations=by_combination,
        groups=by_group,
        comparison=comparison,
        rejected_cells=intake.rejected_cells,
        review=review,
        facts={
            "created": (created or datetime.now().astimezone()).isoformat(timespec="seconds"),
            "groups": group_facts(counted, groups),
            **gather_facts(
                sheet, boundaries, settings, intake, households, indicators, zones, review, decisions
            ),
        },
    )


def _find_zones(
    boundaries: Boundaries, settings: Settings
) -> tuple[dict[str, Zones], dict[str, pd.DataFrame]]:
    """Return the zones of each layer, and the share of each desa in them."""
    land_cover = _land_cover(settings, boundaries.desa)
    zones = find_zones(Inputs(boundaries, land_cover, settings.layers))
    return zones, {layer: desa_shares(boundaries.desa, found) for layer, found in zones.items()}


def _counting(households: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    counts = households["counts"].to_numpy(dtype=bool)
    return households if counts.all() else households[counts]


def _land_cover(settings: Settings, desa: gpd.GeoDataFrame) -> LandCover | None:
    layers = settings.layers
    if not layers.land_cover:
        return None
    return read_land_cover(
        layers.land_cover,
        desa,
        source=layers.land_cover_source,
        year=layers.land_cover_year,
        around_m=max(AROUND_M, layers.forest_distance_m),
    )


def _with_area(areas: gpd.GeoDataFrame, measuring: CRS) -> gpd.GeoDataFrame:
    return areas.assign(area_km2=areas.geometry.to_crs(measuring).area / 1e6)


def _counted(
    areas: gpd.GeoDataFrame,
    households: gpd.GeoDataFrame,
    key: str,
    indicators: Sequence[Indicator],
    settings: Settings,
) -> gpd.GeoDataFrame:
    names = [indicator.id for indicator in indicators]
    counted = rates.add_counts(areas, households, key)
    rated = rates.add_rates(counted, households, key, names, settings.rates.minimum_known)
    # health has no target share that a desa should reach
    served = [indicator.id for indicator in indicators if not indicator.sensitive]
    return gaps.add_gaps(rated, served, settings.rates.target_share)


def _kantong(
    households: gpd.GeoDataFrame,
    indicators: Sequence[str],
    measuring: CRS,
    settings: Settings,
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    if KANTONG_OF not in indicators:
        return clusters.no_kantong(households)
    return clusters.find_kantong(households, KANTONG_OF, measuring, settings.clusters)

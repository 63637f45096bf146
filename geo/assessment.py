"""The whole road on one page: from a sheet to an Assessment."""

from collections.abc import Callable, Mapping
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

from geo import gaps, rates
from geo.area_table import Counting, add_nearest, area_table
from geo.boundaries import Boundaries, kecamatan_of
from geo.clusters import check_scan_settings, find_clusters
from geo.columns.choice import ColumnChoice
from geo.comparison import compare_profiles, require_profiles
from geo.denominators import denominator_facts, families_of
from geo.duplicates import find_duplicates
from geo.facts import gather_facts
from geo.geocoding import geocode
from geo.house_numbers import add_house_numbers
from geo.households import read_households
from geo.indicators import active_indicators, measure
from geo.landcover import AROUND_M, LandCover, read_land_cover
from geo.layers import LAYERS, find_zones, full_precedence
from geo.layers.base import Inputs, Zones
from geo.neighbours import find_neighbours
from geo.overlay import add_household_shares, classify_desa, desa_shares, overlay
from geo.review import build_queue
from geo.review.decisions import read_decisions
from geo.settings import Settings
from geo.symbology import layer_title
from geo.target_groups import GroupDefinition, add_groups, group_facts, group_table, read_groups
from geo.targeting import Selection, check_selection, choose, number_to_choose, prioritise
from geo.visits import VisitPlan, check_visit_settings, plan_visits
from geo.zone_table import combination_table, zone_table

Stage = Callable[[str], AbstractContextManager[None]]
"""Wraps a stage of the work: whoever watches shows its name and takes its time."""


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
    hot_spots: pd.DataFrame
    scans: gpd.GeoDataFrame
    dusun: pd.DataFrame
    priorities: pd.DataFrame
    equity: pd.DataFrame
    visits: pd.DataFrame
    visits_left_out: pd.DataFrame
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
    _check(settings, desa, groups)
    targets = gaps.target_shares(settings.rates)
    families = families_of(settings, desa)
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
            households = add_house_numbers(households)
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
    with stage("Menghitung angka"):
        households = add_nearest(households, measuring)
        counted = _counting(households)
        names = [indicator.id for indicator in indicators]
        open_needs = [indicator.id for indicator in indicators if not indicator.sensitive]
        neighbours = find_neighbours(desa, settings.hot_spots.neighbours, measuring)
        least = settings.rates.minimum_known
        counting = Counting(names, open_needs, least, targets, desa, families)
        kecamatan = area_table(kecamatan_of(desa), counted, "kode_kecamatan", counting, measuring)
        desa = area_table(desa, counted, "kode_desa", counting, measuring, neighbours)
        desa = add_household_shares(desa, counted, "kode_desa", zones)
        kecamatan = add_household_shares(kecamatan, counted, "kode_kecamatan", zones)
        by_zone = gaps.add_gaps(zone_table(zones, shares, desa, counted, names, least), open_needs, targets)
        by_combination = combination_table(counted, desa, names, least)
        by_group = group_table(counted, groups, names, least)
        comparison = compare_profiles(counted, desa, settings.indicators)
        dusun = gaps.dusun_gaps(counted, open_needs, targets, least)
    with stage("Mencari kelompok kebutuhan"):
        where = find_clusters(desa, counted, open_needs, neighbours, measuring, settings)
        households = households.assign(
            cluster_rtlh=where.membership.reindex(households.index),
            **where.hot.reindex(households.index),
        )
        counted = _counting(households)
    with stage("Menyusun prioritas dan kunjungan"):
        priorities, selection, plan = _choose(counted, desa, zones, groups, measuring, settings)
    return Assessment(
        households=households,
        rejects=intake.rejects,
        desa=desa.drop(columns=["alias", "alias_kecamatan", "kode_pos"]),
        kecamatan=kecamatan,
        zones=by_zone,
        clusters=where.kantong,
        hot_spots=where.hot_spots,
        scans=where.scans,
        dusun=dusun,
        priorities=priorities,
        equity=selection.equity,
        visits=plan.visits,
        visits_left_out=plan.left_out,
        combinations=by_combination,
        groups=by_group,
        comparison=comparison,
        rejected_cells=intake.rejected_cells,
        review=review,
        facts={
            "created": (created or datetime.now().astimezone()).isoformat(timespec="seconds"),
            "groups": group_facts(counted, groups),
            **where.facts,
            "denominator": denominator_facts(desa, families, least),
            "funnel": rates.funnel_facts(desa, open_needs),
            "gaps": gaps.gap_facts(desa, kecamatan, open_needs, targets),
            "selection": selection.facts,
            "visits": plan.facts,
            **gather_facts(
                sheet, boundaries, settings, intake, households, indicators, zones, review, decisions
            ),
        },
    )


def _check(settings: Settings, desa: gpd.GeoDataFrame, groups: GroupDefinition) -> None:
    """Refuse what can be told to be wrong before the long work begins."""
    require_profiles(settings.indicators)
    check_scan_settings(settings.scan)
    check_visit_settings(settings.visits, desa)
    check_selection(settings.selection, desa, [group.id for group in groups.groups])


def _choose(
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    zones: Mapping[str, Zones],
    groups: GroupDefinition,
    measuring: CRS,
    settings: Settings,
) -> tuple[pd.DataFrame, Selection, VisitPlan]:
    """Rank the households, mark those that are chosen with what each costs, and plan the visits to them."""
    chosen_by = settings.selection
    top = number_to_choose(households, chosen_by)
    priorities = prioritise(households, desa, settings.targeting, settings.seed, top, chosen_by.of)
    titles = {
        layer: layer_title({"title": LAYERS[layer].title, "proksi": found.proksi})
        for layer, found in zones.items()
    }
    of_groups = {group.id: group.title for group in groups.groups}
    selection = choose(priorities, households, chosen_by, areas=desa, groups=of_groups, zones=titles)
    cost = priorities["sheet_row"].map(selection.chosen.set_index("sheet_row")["cost"])
    priorities = priorities.assign(chosen=cost.notna(), cost=cost)
    chosen = priorities[priorities["chosen"]]
    return priorities, selection, plan_visits(chosen, households, desa, measuring, settings.visits)


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

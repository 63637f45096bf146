"""Everything that says where need gathers, found in one go and told with how it was found."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.clusters.hot_spots import find_hot_spots
from geo.clusters.kantong import find_kantong, no_kantong
from geo.clusters.membership import mark_hot
from geo.clusters.scan import scan_desa, scan_households
from geo.errors import SettingsError
from geo.indicators import INDICATORS
from geo.neighbours import Neighbours, find_neighbours
from geo.settings import ScanSettings, Settings

KANTONG_OF = "rtlh"


@dataclass(frozen=True)
class Clusters:
    """What :func:`find_clusters` returns; the tables are described in docs/tables.md.

    Attributes
    ----------
    hot_spots
        One row a desa and indicator.
    scans
        One row a circle (WGS 84).
    kantong
        One row a kantong (WGS 84).
    membership
        ``cluster_id`` of each household's kantong (Int32), missing outside.
    hot
        Whether and where each household stands where RTLH is significantly more frequent; see :func:`mark_hot`.
    facts
        ``hot_spots`` and ``scans``, ready for the manifest.
    """

    hot_spots: pd.DataFrame
    scans: gpd.GeoDataFrame
    kantong: gpd.GeoDataFrame
    membership: pd.Series
    hot: pd.DataFrame
    facts: dict[str, Any]


def find_clusters(
    desa: gpd.GeoDataFrame,
    households: gpd.GeoDataFrame,
    indicators: Sequence[str],
    neighbours: Neighbours,
    measuring: CRS,
    settings: Settings,
) -> Clusters:
    """Find hot spots of desa, circles of desa and of houses with more need than elsewhere, and kantong.

    Needs columns: of the desa those of :func:`find_hot_spots` and :func:`scan_desa`; of the households those of
    :func:`find_kantong`, and ``need_<indicator>``, ``kode_desa``, geometry.

    Parameters
    ----------
    indicators
        Those that are measured and not sensitive.
    neighbours
        Who borders whom, under the rule of the settings; rows as the desa.
    """
    of_houses = [name for name in settings.scan.household_indicators if name in indicators]
    # compiled code does most of the counting: the scans run beside the rest
    with ThreadPoolExecutor(max_workers=1) as beside:
        circles = beside.submit(
            lambda: [
                scan_desa(desa, indicators, measuring, settings.scan, settings.seed),
                scan_households(households, of_houses, measuring, settings.scan, settings.seed),
            ]
        )
        others = [find_neighbours(desa, rule, measuring) for rule in settings.hot_spots.sensitivity]
        hot_spots = find_hot_spots(desa, indicators, neighbours, others, settings.hot_spots, settings.seed)
        if KANTONG_OF in indicators:
            kantong, membership = find_kantong(households, KANTONG_OF, measuring, settings.clusters)
        else:
            kantong, membership = no_kantong(households)
        scans = pd.concat(circles.result(), ignore_index=True)
    scans["scan_id"] = np.arange(1, len(scans) + 1, dtype="int32")
    return Clusters(
        hot_spots=hot_spots,
        scans=scans,
        kantong=kantong,
        membership=membership,
        hot=mark_hot(households, hot_spots, scans, KANTONG_OF),
        facts={
            "hot_spots": _hot_spot_facts(desa, hot_spots, neighbours, others, settings),
            "scans": _scan_facts(scans, settings),
        },
    )


def check_scan_settings(settings: ScanSettings) -> None:
    """Refuse needs whose houses cannot be scanned.

    Raises
    ------
    SettingsError
        When one does not exist, or is sensitive: nobody is pointed at for it.
    """
    open_ones = [name for name, indicator in INDICATORS.items() if not indicator.sensitive]
    if strange := [name for name in settings.household_indicators if name not in open_ones]:
        raise SettingsError(
            f"Setelan «scan.household_indicators» menyebut «{strange[0]}», yang tidak dikenal atau tidak boleh "
            f"dipindai per rumah. Pilih dari: {', '.join(open_ones)}."
        )


def _hot_spot_facts(
    desa: pd.DataFrame,
    hot_spots: pd.DataFrame,
    neighbours: Neighbours,
    others: Sequence[Neighbours],
    settings: Settings,
) -> dict[str, Any]:
    chosen = settings.hot_spots
    tested = hot_spots[hot_spots["untested"] == ""]
    return {
        "rule": neighbours.rule,
        "title": neighbours.title,
        "others": [other.title for other in others],
        "permutations": chosen.permutations,
        "false_discovery_rate": chosen.false_discovery_rate,
        "correction": chosen.correction,
        "islands": desa.loc[neighbours.islands, "nama_desa"].astype(str).tolist(),
        "indicators": {
            str(indicator): {
                "tested": len(rows),
                "hot": int((rows["gi_class"] == "panas").sum()),
                "cold": int((rows["gi_class"] == "dingin").sum()),
            }
            for indicator, rows in tested.groupby("indicator", sort=False)
        },
    }


def _scan_facts(scans: pd.DataFrame, settings: Settings) -> dict[str, Any]:
    chosen = settings.scan
    significant = scans[scans["significant"].astype(bool)]
    counts = significant.groupby(["base", "indicator"]).size().rename("circles").reset_index()
    return {
        "significance": chosen.significance,
        "desa": {"replicates": chosen.replicates, "largest_share": chosen.largest_share},
        "households": {
            "replicates": chosen.household_replicates,
            "largest_share": chosen.household_share,
        },
        "found": counts.to_dict("records"),
    }

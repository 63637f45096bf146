"""Where need gathers: hot spots of desa, circles of the scan statistic, and kantong for the day's work."""

from geo.clusters.finding import Clusters, check_scan_settings, find_clusters
from geo.clusters.hot_spots import find_hot_spots
from geo.clusters.kantong import find_kantong, no_kantong
from geo.clusters.membership import mark_hot
from geo.clusters.scan import scan_desa, scan_households

__all__ = [
    "Clusters",
    "check_scan_settings",
    "find_clusters",
    "find_hot_spots",
    "find_kantong",
    "mark_hot",
    "no_kantong",
    "scan_desa",
    "scan_households",
]

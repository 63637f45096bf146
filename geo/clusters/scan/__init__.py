"""Kulldorff's circular scan: where more are in need than elsewhere, and how sure that is."""

from geo.clusters.scan.areas import scan_desa
from geo.clusters.scan.households import scan_households
from geo.clusters.scan.observed import Cluster
from geo.clusters.scan.scanning import Scan, scan_bernoulli, scan_poisson

__all__ = ["Cluster", "Scan", "scan_bernoulli", "scan_desa", "scan_households", "scan_poisson"]

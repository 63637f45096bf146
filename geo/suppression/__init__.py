"""Which figures of areas and zones are withheld, so that none and no sum of them tells of fewer than five."""

from geo.suppression.counts import HOUSEHOLDS, SMALLEST, tells
from geo.suppression.tables import figures_of, suppress

__all__ = ["HOUSEHOLDS", "SMALLEST", "figures_of", "suppress", "tells"]

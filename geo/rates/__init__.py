"""How common a need is in each desa, kecamatan and zone, how surely, and where it stands out from the district."""

from geo.rates.counting import add_counts, add_rates, rate_figures, share_figures
from geo.rates.funnel import ABOVE, BELOW, FUNNEL_LEVEL, WITHIN, funnel_facts, funnel_limits, funnel_words
from geo.rates.interval import rate, wilson
from geo.rates.smoothing import locally_smoothed, smooth_shown, smoothed

__all__ = [
    "ABOVE",
    "BELOW",
    "FUNNEL_LEVEL",
    "WITHIN",
    "add_counts",
    "add_rates",
    "funnel_facts",
    "funnel_limits",
    "funnel_words",
    "locally_smoothed",
    "rate",
    "rate_figures",
    "share_figures",
    "smooth_shown",
    "smoothed",
    "wilson",
]

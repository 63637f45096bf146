"""Who is not served: what is left before a place reaches its target, in which order, and how near help is."""

from geo.gaps.dusun import dusun_gaps
from geo.gaps.nearest import NEAR_M, add_near_served, nearest_served
from geo.gaps.order import finished_within, finishing_order
from geo.gaps.target import add_gaps, gap, gap_facts, target_shares

__all__ = [
    "NEAR_M",
    "add_gaps",
    "add_near_served",
    "dusun_gaps",
    "finished_within",
    "finishing_order",
    "gap",
    "gap_facts",
    "nearest_served",
    "target_shares",
]

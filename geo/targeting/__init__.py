"""Which households first, and why: the score, how firm a rank is, and the choice under a budget."""

from geo.targeting.case import number_to_choose
from geo.targeting.quotas import read_quota
from geo.targeting.rank_interval import FIRM, HAIR, rank_intervals
from geo.targeting.score import NAMED, PARTS, SENSITIVE, prioritise
from geo.targeting.selection import Selection, choose

__all__ = [
    "FIRM",
    "HAIR",
    "NAMED",
    "PARTS",
    "SENSITIVE",
    "Selection",
    "choose",
    "number_to_choose",
    "prioritise",
    "rank_intervals",
    "read_quota",
]

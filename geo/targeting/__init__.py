"""Which households first, and why: the score, how firm a rank is, and the choice under a budget."""

from geo.targeting.case import check_selection, number_to_choose
from geo.targeting.equity import KINDS
from geo.targeting.rank_interval import FIRM, HAIR, rank_intervals
from geo.targeting.score import NAMED, PARTS, SENSITIVE, prioritise, weighs_in
from geo.targeting.selection import Selection, choose

__all__ = [
    "FIRM",
    "HAIR",
    "KINDS",
    "NAMED",
    "PARTS",
    "SENSITIVE",
    "Selection",
    "check_selection",
    "choose",
    "number_to_choose",
    "prioritise",
    "rank_intervals",
    "weighs_in",
]

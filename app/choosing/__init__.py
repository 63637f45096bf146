"""Choosing: what is wished, the choice solved anew, and lists that keep it with who and when."""

from app.choosing.asked import Asked, Wish, is_asked, read_address, read_form, usual_wish
from app.choosing.changes import Changes, changes
from app.choosing.places import Places, places_of
from app.choosing.ranking import Ranking, own_ranking, solved_ranking
from app.choosing.solving import Busy, Solutions, solve, stored_settings

__all__ = [
    "Asked",
    "Busy",
    "Changes",
    "Places",
    "Ranking",
    "Solutions",
    "Wish",
    "changes",
    "is_asked",
    "own_ranking",
    "places_of",
    "read_address",
    "read_form",
    "solve",
    "solved_ranking",
    "stored_settings",
    "usual_wish",
]

"""What the map shows: a view read from an address, its figures, classes and legend, and what is told of a desa."""

from app.map_view.asked import Asked, Query
from app.map_view.view import View, edition, make_view

__all__ = ["Asked", "Query", "View", "edition", "make_view"]

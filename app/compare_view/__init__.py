"""Two views of a district side by side: what each shows, how far they are apart, and what may be said of that."""

from app.compare_view.charts import funnels
from app.compare_view.comparing import Comparison, compare
from app.compare_view.drawing import draw
from app.compare_view.pair import Pair, pair_of
from app.compare_view.runs import KeptRun, kept_runs
from app.compare_view.sides import LEFT, RIGHT, Side, address, definitions, read_sides
from app.compare_view.table import heading, read_order, rows
from app.compare_view.ways import swapped, ways
from app.compare_view.words import cautions, reading, summary

__all__ = [
    "LEFT",
    "RIGHT",
    "Comparison",
    "KeptRun",
    "Pair",
    "Side",
    "address",
    "cautions",
    "compare",
    "definitions",
    "draw",
    "funnels",
    "heading",
    "kept_runs",
    "pair_of",
    "read_order",
    "read_sides",
    "reading",
    "rows",
    "summary",
    "swapped",
    "ways",
]

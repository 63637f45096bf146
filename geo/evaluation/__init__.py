"""How well sheets are geocoded: noisy sheets with known truth, and what became of their rows."""

from geo.evaluation.measuring import evaluate, kind_names
from geo.evaluation.tally import OUTCOMES, kind_table, missed_goals, summary

__all__ = ["OUTCOMES", "evaluate", "kind_names", "kind_table", "missed_goals", "summary"]

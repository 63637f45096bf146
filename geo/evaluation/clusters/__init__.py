"""How often clusters are found where there are none, and where there are: invented need of known origin."""

from geo.evaluation.clusters.finders import KANTONG, OURS
from geo.evaluation.clusters.scenarios import GROUPS, Scenario, scenarios
from geo.evaluation.clusters.tally import apart_table, found_table, missed_goals, null_table, stacked_table
from geo.evaluation.clusters.trials import Finder, Finding, Trial, run_trials
from geo.evaluation.clusters.world import World, register_sizes

__all__ = [
    "GROUPS",
    "KANTONG",
    "OURS",
    "Finder",
    "Finding",
    "Scenario",
    "Trial",
    "World",
    "apart_table",
    "found_table",
    "missed_goals",
    "null_table",
    "register_sizes",
    "run_trials",
    "scenarios",
    "stacked_table",
]

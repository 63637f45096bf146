"""Team-days: who goes where, in what order."""

from geo.visits.plan import check_visit_settings, plan_visits
from geo.visits.tables import VisitPlan

__all__ = ["VisitPlan", "check_visit_settings", "plan_visits"]

"""Visits: whose turn it is on which day, what came of each, and how far a list has come."""

from app.visiting.carrying import settle
from app.visiting.daily import open_days
from app.visiting.progress import progress_summary

__all__ = ["open_days", "progress_summary", "settle"]

"""The runs that are kept: which one is shown, and each opened once for all who look."""

from app.library.library import Library
from app.library.opened import OpenedRun

__all__ = ["Library", "OpenedRun"]

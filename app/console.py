"""Where the commands speak: what they are about on the side, what they were asked for on the standard output."""

from rich.console import Console

aside = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
"""Progress, notes and faults."""

shown = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
"""What was asked for."""

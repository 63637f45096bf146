"""Where the commands speak: what they are about on the side, what they were asked for on the standard output."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

aside = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
"""Progress, notes and faults."""

shown = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
"""What was asked for."""


@contextmanager
def counting(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far some work has come: give what is to be called with the pieces done and the pieces in all."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - only when needed

    with Progress(TextColumn(title), BarColumn(), MofNCompleteColumn(), console=aside, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)

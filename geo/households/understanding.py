"""What became of the headings of a sheet: each by itself, and the sheet as a whole."""

from collections.abc import Iterable
from dataclasses import dataclass

from geo.errors import UnknownColumns
from geo.households.vocabulary import known_columns, shown


@dataclass(frozen=True)
class Heading:
    """How one heading was understood.

    Attributes
    ----------
    text
        As in the sheet.
    meaning
        Canonical column, or nothing where it is not used.
    how
        One of the ways in this module (Indonesian), or nothing.
    note
        What a reader should know (Indonesian): why it is not used, what rule decided.
    filled
        Cells with something in them.
    """

    text: str
    meaning: str = ""
    how: str = ""
    note: str = ""
    filled: int = 0


@dataclass(frozen=True)
class Partial:
    """An indicator of whose columns the sheet has some only: its title, and the headings that it has."""

    title: str
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Understanding:
    """How the headings of a sheet were understood, and what is wrong with them as a whole.

    Attributes
    ----------
    headings
        Every heading, in the order of the sheet.
    faults
        Why the sheet cannot be used as it is, each a sentence (Indonesian) that says what to do.
    notes
        What was decided by a rule, and what is left out, each a sentence.
    partial
        The faults that go when the headings of an indicator are ignored, in their order at the end of ``faults``.
    """

    headings: tuple[Heading, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    partial: tuple[Partial, ...] = ()

    @property
    def meanings(self) -> dict[str, str]:
        """Meaning to heading, in the order of the known columns."""
        found = {heading.meaning: heading.text for heading in self.headings if heading.meaning}
        return {column.name: found[column.name] for column in known_columns() if column.name in found}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings that mean nothing here."""
        return tuple(heading.text for heading in self.headings if not heading.meaning)

    def require(self) -> None:
        """Refuse a sheet whose columns cannot be used.

        Raises
        ------
        UnknownColumns
            With every fault at once.
        """
        if self.faults:
            raise UnknownColumns(" ".join(self.faults))


def quoted(headings: Iterable[str], most: int = 30) -> str:
    """Return headings of a sheet as a sentence names them."""
    words = [f"«{shown(text)}»" for text in headings]
    return ", ".join(words[:most]) + (f", dan {len(words) - most} lagi" if len(words) > most else "")

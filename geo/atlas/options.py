"""How a book is made, and what came of it."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class BookOptions:
    """How a book is made.

    Attributes
    ----------
    paper
        A key of ``geo.atlas.paper.layout.PAPERS``.
    names
        Whether lists tell names and addresses: only for those who knock at these doors.
    purpose
        Why it is printed, for the cover; one line of any text.
    """

    paper: str = "A4"
    names: bool = False
    purpose: str = ""


@dataclass(frozen=True)
class Printed:
    """What a book holds.

    Attributes
    ----------
    pages
        How many.
    sheets
        ``kode_desa``, ``nama_desa``, ``part``, ``sheet`` (its identifier), ``households``, ``scale`` (of its first
        map; 0 without one), ``first_page`` (from 1) and ``pages`` (its map and its list); in the order of the book.
    households
        ``kode_desa``, ``sheet_row``, ``number``, ``part``, ``sheet`` and ``cell``; in the order of desa and number.
        Of a day's visits also ``turn``, and in the order of turns.
    without_desa
        Households that were asked for but stand in no book, as their desa is not known: of the chosen ones, or of
        the whole register where desa were chosen.
    """

    pages: int
    sheets: pd.DataFrame
    households: pd.DataFrame
    without_desa: int = 0

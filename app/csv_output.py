"""Tables for a spreadsheet program: no cell runs as a formula, and what is sensitive its owner alone reads."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_ALIVE = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet program takes a cell that begins so for a formula."""

YES_NO = {True: "ya", False: "tidak"}
"""How a table says so."""

HEALTH = (
    "Penyakit kronis atau disabilitas ikut menentukan pilihan: peringkat dan skor tidak ditulis, karena dari situ "
    "keadaan seseorang terbaca, dan berkas itu hanya dapat dibaca pemiliknya. Hanya untuk petugas yang berwenang."
)
"""What is said of a list in which a need of health weighs."""

HEALTH_OF_BOOK = (
    "Penyakit kronis atau disabilitas ikut menentukan pilihan: kebutuhan tiap rumah tidak dicetak, karena dari situ "
    "keadaan seseorang terbaca, dan berkas itu hanya dapat dibaca pemiliknya. Hanya untuk petugas yang berwenang."
)
"""What is said of a book of such a list."""


def write_csv(table: "pd.DataFrame", out: Path, *, what: str, private: bool = False) -> None:
    """Write a table as a CSV that Indonesian spreadsheet programs open as it is (``;`` and decimal comma).

    Parameters
    ----------
    table
        With the headings to be written; what is missing stays an empty cell.
    what
        The thing that is written, in the user's words, for the message of a fault.
    private
        Only its owner may read it.

    Raises
    ------
    NotWritable
        When the folder or the disk does not take it.
    """
    from geo.files import write_whole  # noqa: PLC0415  -- only when it is needed

    write_whole(out, csv_text(table), what=what, encoding="utf-8-sig", private=private)


def csv_text(table: "pd.DataFrame") -> str:
    r"""Return a table as the text of a CSV in which no cell runs as a formula.

    Examples
    --------
    >>> import pandas as pd
    >>> csv_text(pd.DataFrame({"desa": ["=1+1"], "biaya": [2.5]}))
    "desa;biaya\n'=1+1;2,5\n"
    """
    import pandas as pd  # noqa: PLC0415  -- heavy

    cells = {
        name: column if pd.api.types.is_numeric_dtype(column) else _inert_column(column)
        for name, column in table.items()
    }
    return str(pd.DataFrame(cells, index=table.index).to_csv(index=False, sep=";", decimal=","))


def inert(text: str) -> str:
    r"""Return a text of one line that no spreadsheet program takes for a formula.

    Examples
    --------
    >>> inert("=1+1"), inert("Desa\tSukamaju"), inert("\r@a")
    ("'=1+1", 'Desa Sukamaju', "'@a")
    """
    plain = " ".join(printable(text, len(text)).split())
    return f"'{plain}" if plain.startswith(_ALIVE) else plain


def printable(text: str, most: int = 80) -> str:
    """Return a text that cannot disturb a terminal, cut where it is very long."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:most]


def _inert_column(column: "pd.Series") -> "pd.Series":
    import numpy as np  # noqa: PLC0415  -- heavy
    import pandas as pd  # noqa: PLC0415

    places, distinct = pd.factorize(column)
    words = np.array([*(inert(str(value)) for value in distinct), ""], dtype=object)
    return pd.Series(words[places], index=column.index)

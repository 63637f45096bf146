"""CSV by one rule for all that is written: UTF-8 with its mark, a comma between, and no cell that runs as a formula."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from geo.exports.values import flat_array

_MARK = b"\xef\xbb\xbf"
"""By which spreadsheet programs know UTF-8."""

_ALIVE = r"(^|[;,\t\r\n])([ ']*)([=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])"
"""Where a program may begin a formula: at the start, or after what it may take for the end of a cell."""

_BLANK = r"^('*)([\t\r])"


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV (RFC 4180).

    Parameters
    ----------
    table
        Columns of text, numbers, yes and no (``true``, ``false``) and days (ISO 8601); a missing value is an empty
        cell, a text without letters a pair of quotes.

    Notes
    -----
    Text is made inert by :func:`inert`; identifiers stay digits, of which a spreadsheet program that opens the
    file itself keeps fifteen.
    """
    columns = {str(name): _column(column) for name, column in table.items()}
    with path.open("wb") as file:
        file.write(_MARK)
        csv.write_csv(pa.table(columns), file, csv.WriteOptions(quoting_style="needed"))


def inert(text: pa.Array) -> pa.Array:
    r"""Return text that no spreadsheet program takes for a formula: an apostrophe before what would begin one.

    Before ``=``, ``+``, ``-`` and ``@`` (also of full width) at the start of the text or after a comma, a semicolon, a
    tab or a line end, and before a tab or a carriage return at the start. Such an apostrophe is the last of those
    that stand there, so that to take one away gives the text back.

    Examples
    --------
    >>> inert(pa.array(["=1+1", "RT 3-4", "a; =b", "'=c", "\tx", None])).to_pylist()
    ["'=1+1", 'RT 3-4', "a; '=b", "''=c", "'\tx", None]
    """
    told = pc.replace_substring_regex(text, _BLANK, r"\1'\2")
    return pc.replace_substring_regex(told, _ALIVE, r"\1\2'\3")


def _column(column: pd.Series) -> pa.Array:
    array = flat_array(column)
    if pa.types.is_timestamp(array.type):
        return array.cast(pa.date32())
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return array
    coded = pc.dictionary_encode(array)  # each distinct text is looked at once
    return pc.take(inert(coded.dictionary), coded.indices)

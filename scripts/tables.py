"""Figures laid out as a table, for the screen or for a page of the docs."""

from collections.abc import Sequence


def table(rows: Sequence[Sequence[str]], *, markdown: bool) -> str:
    """Lay out rows, the first of them headings; the first column reads from the left, the others are figures.

    Examples
    --------
    >>> print(table([["", "wall"], ["peta", "1.5 s"]], markdown=True))
    |  | wall |
    |---|---:|
    | peta | 1.5 s |
    >>> print(table([["", "wall"], ["peta", "1.5 s"]], markdown=False))
           wall
    peta  1.5 s
    """
    if markdown:
        rule = ["---", *["---:"] * (len(rows[0]) - 1)]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join([lines[0], "|" + "|".join(rule) + "|", *lines[1:]])
    width = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(size) if place == 0 else cell.rjust(size)
            for place, (cell, size) in enumerate(zip(row, width, strict=True))
        )
        for row in rows
    )


def turned(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return rows of what is given by columns, the first of them headings.

    Examples
    --------
    >>> turned([["", "km"], ["shore", "110"]])
    [['', 'shore'], ['km', '110']]
    """
    return [list(row) for row in zip(*columns, strict=True)]

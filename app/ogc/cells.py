"""Values of features as a page shows them."""

from collections.abc import Sequence

import pandas as pd

from geo.products import Field
from geo.symbology import number

MISSING = "–"

_METRE, _SHARE = 1, 4


def cells(table: pd.DataFrame, fields: Sequence[Field]) -> list[list[str]]:
    """Return the values of some rows as Indonesian texts, in the order of the fields.

    Examples
    --------
    >>> table = pd.DataFrame({"desil": [1, 2], "need_rtlh": pd.array([True, None], dtype="boolean")})
    >>> cells(table, [Field("desil", "", "", "bulat"), Field("need_rtlh", "", "", "ya/tidak")])
    [['1', 'ya'], ['2', '–']]
    """
    columns = [[_cell(value, field) for value in table[field.name]] for field in fields]
    return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in range(len(table))]


def _cell(value: object, field: Field) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return MISSING
    if field.kind == "ya/tidak":
        return "ya" if value else "tidak"
    if field.kind == "desimal":
        text = number(float(str(value)), _METRE if field.name.endswith("_m") else _SHARE)
        return text.rstrip("0").rstrip(",") if "," in text else text
    if field.kind == "bulat":
        return number(float(str(value)))
    return str(value)

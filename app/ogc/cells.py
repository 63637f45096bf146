"""Values of features as a page shows them."""

from collections.abc import Mapping, Sequence

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


def words(row: pd.Series, fields: Sequence[Field]) -> list[str]:
    """Return what each value of a row means, in the order of the fields; empty where it is no code.

    Examples
    --------
    >>> zones = Field("zone_display", "", "", "teks", codes={"urban": "Perkotaan", "coastal": "Pesisir"})
    >>> row = pd.Series({"zone_display": "urban", "zone_combination": "urban+coastal?", "desil": 2})
    >>> words(row, [zones, Field("zone_combination", "", "", "teks"), Field("desil", "", "", "bulat")])
    ['Perkotaan', 'Perkotaan; Pesisir (tidak diketahui)', '']
    """
    codes = {field.name: field.codes for field in fields}
    joined = codes.get("zone_display", {})
    return [
        _joined(str(row[field.name]), joined)
        if field.name == "zone_combination" and not _is_missing(row[field.name])
        else codes[field.name].get("" if _is_missing(row[field.name]) else str(row[field.name]), "")
        for field in fields
    ]


def _joined(value: str, codes: Mapping[str, str]) -> str:
    parts = [(part.removesuffix("?"), part.endswith("?")) for part in value.split("+")]
    if not all(code in codes for code, _ in parts):
        return ""
    return "; ".join(f"{codes[code]} (tidak diketahui)" if open_ else codes[code] for code, open_ in parts)


def _is_missing(value: object) -> bool:
    return bool(pd.isna(value)) or value == ""  # type: ignore[call-overload]


def _cell(value: object, field: Field) -> str:
    if _is_missing(value):
        return MISSING
    if field.kind == "ya/tidak":
        return "ya" if value else "tidak"
    if field.kind == "desimal":
        text = number(float(str(value)), _METRE if field.name.endswith("_m") else _SHARE)
        return text.rstrip("0").rstrip(",") if "," in text else text
    if field.kind == "bulat":
        return number(float(str(value)))
    return str(value)

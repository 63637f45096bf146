"""What a page tells of a choice: its sentences, its rules with their prices, and who gets what."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.targeting import KINDS

Row = dict[str, Any]


def result_notes(facts: Mapping[str, Any]) -> list[str]:
    """Return the sentences of a choice without those of single rules, which stand in a table of their own."""
    rules = [f"«{rule['words']}»" for rule in facts.get("rules", ())]
    return [note for note in facts.get("notes", ()) if not any(words in note for words in rules)]


def equity_parts(equity: pd.DataFrame) -> list[Row]:
    """Return the groups of the equity table by kind, each with its shares on one axis."""
    if equity.empty or "candidates_share" not in equity:
        return []
    parts = []
    for kind, rows in equity.groupby("kind", sort=False):
        plain = rows.astype(object).where(rows.notna(), None)
        highest = float(np.nanmax([0.01, *rows["candidates_share"], *rows["chosen_share"]]))
        title = KINDS.get(str(kind), str(kind))
        parts.append({"title": title, "axis": highest, "rows": plain.to_dict("records")})
    return parts

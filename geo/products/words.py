"""The recipient's own words for the values of a column."""

from collections.abc import Mapping

import numpy as np
import pandas as pd


def worded(values: pd.Series, words: Mapping[str, str]) -> tuple[pd.Series, int]:
    """Put the recipient's words in the place of values, and count the values that have none and are left out.

    Parameters
    ----------
    words
        As of :class:`geo.recipes.RecipeColumn`.

    Examples
    --------
    >>> worded(pd.Series([True, False, None], dtype="boolean"), {"true": "Ya", "": "?"})[0].tolist()
    ['Ya', nan, '?']
    >>> worded(pd.Series([3.0, 4.0]), {"3": "genteng"})[1]
    1
    >>> worded(pd.Series(["aman", None], dtype="str"), {"": "tidak diketahui"})[0].tolist()
    ['aman', 'tidak diketahui']
    """
    if not words:
        return values, 0
    codes, distinct = pd.factorize(values)
    texts = [_as_text(value) for value in distinct]
    passes = {*words} == {""}
    told = [text if passes else words.get(text) or None for text in texts]
    known = np.array([*told, words.get("") or None], dtype=object)
    strange = np.array([*(not passes and text not in words for text in texts), False])
    return pd.Series(known[codes], index=values.index, dtype="str"), int(strange[codes].sum())


def _as_text(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)

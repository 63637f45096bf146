"""The zones of all layers in one text, and the one layer of which a place is shown."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geo.layers.base import OUTSIDE, UNKNOWN
from geo.symbology import NO_ZONE

OUT, IN, OPEN = 0, 1, 2


def distinct_texts(words: Sequence[str] | np.ndarray, answer: np.ndarray) -> pd.Categorical:
    """Write out a few distinct texts over many rows without copying any of them."""
    codes, distinct = pd.factorize(np.asarray(words, dtype=object))
    small = codes.astype("int16" if len(distinct) < 2**15 else "int32")
    return pd.Categorical.from_codes(small[answer], pd.Index(distinct, dtype="str"))


def states_of(words: np.ndarray) -> np.ndarray:
    """Return ``IN``, ``OUT`` or ``OPEN`` for each zone word of a layer."""
    return np.select([words == OUTSIDE, words == UNKNOWN], [OUT, OPEN], IN).astype("int8")


def together(states: Mapping[str, np.ndarray], precedence: Sequence[str]) -> dict[str, pd.Categorical]:
    """Return the columns ``zone_combination`` and ``zone_display`` from the states of each layer."""
    layers = list(states)
    code = sum(state * np.int64(3) ** place for place, state in enumerate(states.values()))
    which, distinct = pd.factorize(np.asarray(code))
    known = [{layer: int(one) // 3**place % 3 for place, layer in enumerate(layers)} for one in distinct]
    return {
        "zone_combination": distinct_texts([_key(state) for state in known], which),
        "zone_display": distinct_texts([_shown(state, precedence) for state in known], which),
    }


def _key(state: Mapping[str, int]) -> str:
    """Join the ids of the layers in whose zones a row stands, those that are unknown with a question mark.

    Examples
    --------
    >>> _key({"urban": OPEN, "coastal": IN, "rob": OUT}), _key({"urban": OUT})
    ('urban?+coastal', 'luar')
    """
    mark = {IN: "", OPEN: "?"}
    return "+".join(layer + mark[one] for layer, one in state.items() if one != OUT) or OUTSIDE


def _shown(state: Mapping[str, int], precedence: Sequence[str]) -> str:
    """Return the first layer, by precedence, in whose zone a row stands.

    Examples
    --------
    >>> [_shown({"urban": IN, "coastal": one}, ("coastal", "urban")) for one in (IN, OUT, OPEN)]
    ['coastal', 'urban', 'urban']
    >>> [_shown({"urban": OUT, "coastal": one}, ("coastal", "urban")) for one in (OUT, OPEN)]
    ['lainnya', 'tidak diketahui']
    """
    inside = [layer for layer in precedence if state[layer] == IN]
    return inside[0] if inside else UNKNOWN if OPEN in state.values() else NO_ZONE

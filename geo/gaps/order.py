"""In which order the desa can be finished, and how many of them with so many households."""

import numpy as np
import pandas as pd


def finishing_order(desa: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return the desa that are short of the target, the one that is finished with the fewest households first.

    No other order finishes as many desa with as few households, however many are finished. A desa with too few known
    households (``<indicator>_enough``) is not ranked. Of equal gaps the desa comes first that can be declared
    afterwards, then the one with the fewest unknown, then with the most known households, then by ``kode_desa``.

    Needs columns: ``kode_desa``, ``nama_desa``, ``nama_kecamatan``, ``<indicator>_known``, ``_unknown``, ``_gap``,
    ``_gap_most``, ``_enough``.

    Returns
    -------
    pandas.DataFrame
        ``rank`` from 1, place, ``gap``, ``known``, ``unknown``, ``gap_most`` (households to serve were every unknown
        one in need), ``can_be_declared`` (the target certainly holds once ``gap`` households are served, whatever
        the unknown ones lack), ``cumulative`` (households up to and with this desa) and ``finished`` (desa at the
        target by then, with those that are there already).
    """
    enough = desa[f"{indicator}_enough"].to_numpy(dtype=bool)
    gaps = desa[f"{indicator}_gap"].to_numpy(dtype=float, na_value=np.nan)
    parts = ["gap", "known", "unknown", "gap_most"]
    place = ["kode_desa", "nama_desa", "nama_kecamatan"]
    order = pd.DataFrame(desa.loc[enough & (gaps > 0), [*place, *(f"{indicator}_{part}" for part in parts)]])
    order.columns = pd.Index([*place, *parts])
    # an audience may see the gap of a desa and not all that it rests on
    order = order.dropna(subset=parts).astype(dict.fromkeys(parts, "int64"))
    order = order.assign(can_be_declared=order["gap_most"] <= order["gap"])
    order = order.sort_values(
        ["gap", "can_be_declared", "unknown", "known", "kode_desa"],
        ascending=[True, False, True, False, True],
        ignore_index=True,
    )
    order.insert(0, "rank", np.arange(1, len(order) + 1))
    return order.assign(
        cumulative=order["gap"].cumsum(),
        finished=order["rank"] + int((enough & (gaps == 0)).sum()),
    )


def finished_within(order: pd.DataFrame, households: float) -> int:
    """Return how many desa of :func:`finishing_order` are finished when so many households are served.

    Examples
    --------
    >>> [finished_within(pd.DataFrame({"cumulative": [2, 5, 9]}), served) for served in (1, 5, 100)]
    [0, 2, 3]
    """
    return int(np.searchsorted(order["cumulative"].to_numpy(), households, side="right"))

"""A draft: what will be written in a noisy sheet, beside what is true and what the writing still says."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from geo.evaluation.ground import Ground

Apply = Callable[[Ground, pd.DataFrame, int, np.random.Generator], pd.DataFrame]
"""A kind of noise: ground, draft, strength 1 to 3 and dice, to a draft with the same rows or fewer."""

WRITTEN = (
    "alamat",
    "dusun",
    "rt",
    "rw",
    "rt_rw",
    "desa",
    "kecamatan",
    "kabupaten",
    "kode",
    "lintang",
    "bujur",
    "koordinat",
)
"""The cells of a sheet, as text; a layout chooses among them."""

ELSEWHERE = -1
"""The place of a household that lies in no desa of the ground."""

ABROAD, BROKEN = -2, -3
"""What a code says that begins with another kabupaten; that has lost digits, or is no code of any desa."""


def clean_draft(ground: Ground, houses: pd.DataFrame) -> pd.DataFrame:
    """Write desa and kecamatan of every house as the official list does, and nothing else.

    Returns
    -------
    pandas.DataFrame
        The columns of the houses; ``WRITTEN``; and what is said: ``name_said``, ``kec_said`` (the name alone,
        after noise on its letters), ``shortened`` (how, or empty), ``code_said`` (place, -1 for none, ``ABROAD``
        or ``BROKEN``), ``point`` (``none``, ``exact``, ``context``, ``coarse``, ``unusable``, ``outside``),
        ``unit_m`` (how far the writing may be off), ``off_m`` (metres from the written position to the true desa),
        ``elsewhere`` (lies in no desa of the ground).
    """
    place = houses["place"].to_numpy()
    names, kecamatan = ground.names(place), ground.names(place, "nama_kecamatan")
    said: dict[str, Any] = {"code_said": ELSEWHERE, "unit_m": 1.0, "off_m": 0.0, "elsewhere": False}
    text: dict[str, Any] = {
        **dict.fromkeys(WRITTEN, ""),
        "shortened": "",
        "point": "none",
        "name_said": names,
        "kec_said": kecamatan,
    }
    draft = houses.assign(**said, **text).assign(desa=names, kecamatan=kecamatan, dusun=houses["true_dusun"])
    return draft.astype(dict.fromkeys(text, object))


def applied(
    ground: Ground,
    draft: pd.DataFrame,
    rows: np.ndarray,
    apply: Apply,
    strength: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Apply a kind to some rows (a mask), and leave the others, and those it cannot change, as they are."""
    if not rows.any():
        return draft
    changed = apply(ground, draft[rows], strength, rng)
    return pd.concat([draft.drop(changed.index), changed]).sort_index()

"""The questions that rows ask: which rows ask the same one, and what people answered."""

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.gazetteer import stated_key
from geo.gazetteer.spelling import tidy
from geo.review.decisions import Decision

_POSITION = ("lintang", "bujur", "koordinat")


def review_items(households: pd.DataFrame, asks: np.ndarray) -> np.ndarray:
    """Return the key of the question that each row asks; rows that state the same are one question.

    Needs columns: ``kode_tertulis``, ``desa_tertulis``, ``kecamatan_tertulis``, ``kabupaten_tertulis``,
    ``lintang``, ``bujur``, ``koordinat`` (as written).

    Parameters
    ----------
    asks
        For each row ``""`` (nothing), ``tempat`` (what its code and names mean), ``luar`` (whether the kabupaten
        that it names is meant) or ``titik`` (whether its point or its desa is right).

    Returns
    -------
    numpy.ndarray
        The first letter of its kind (nama, kode, luar, titik) and 12 hexadecimal digits of what is in doubt: the
        stated place, with the kabupaten for ``luar`` and the coordinates as written for ``titik``. Nothing of a
        person goes into it. ``""`` where nothing is asked, or nothing is legible.
    """
    items = np.full(len(households), "", dtype=object)
    for ask in ("tempat", "luar", "titik"):
        rows = np.flatnonzero(asks == ask)
        if rows.size:
            keys = place_keys(households.iloc[rows])
            if ask != "luar":
                keys = keys.drop(columns="kabupaten")
            if ask == "titik":
                keys[list(_POSITION)] = households[list(_POSITION)].iloc[rows].fillna("").astype("str")
            items[rows] = _digests(keys, ask)
    return items


def place_keys(households: pd.DataFrame) -> pd.DataFrame:
    """Return what each row states, normalised: ``kode``, ``desa``, ``kecamatan``, ``kabupaten``, or ``""``."""
    places, distinct = pd.factorize(households["kabupaten_tertulis"].to_numpy(object))
    names = pd.Series([*tidy(list(distinct)).to_pylist(), ""], dtype="str")
    return stated_key(households).assign(kabupaten=names.iloc[places].set_axis(households.index))


def accepted(items: np.ndarray, decisions: Mapping[str, Decision], known: pd.Series) -> np.ndarray:
    """Return the place in ``known`` (kode_desa) of the desa that people chose for each item, -1 for none."""
    place = {kode: at for at, kode in enumerate(known)}
    chosen = {
        item: place.get(word.kode_desa, -1) for item, word in decisions.items() if word.action == "accept"
    }
    if not chosen:
        return np.full(len(items), -1)
    group, distinct = pd.factorize(items)
    return np.array([chosen.get(item, -1) for item in distinct], dtype=int)[group]


def _digests(keys: pd.DataFrame, ask: str) -> np.ndarray:
    group = keys.groupby(list(keys.columns), sort=False).ngroup().to_numpy()
    found = []
    for parts in keys.drop_duplicates().astype(object).itertuples(index=False, name=None):
        kind = {"luar": "l", "titik": "t"}.get(ask) or ("k" if parts[0] else "n")
        digest = hashlib.sha256("\x1f".join((kind, *parts)).encode()).hexdigest()[:12]
        found.append(kind + digest if any(parts) else "")
    return np.array(found, dtype=object)[group]

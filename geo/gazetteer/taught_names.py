"""Spellings of desa that reviewers decided: they hold in their kecamatan, and yield to every doubt."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.gazetteer.likeness import NONE, SAME_SOUND, Spellings, Words
from geo.gazetteer.search import (
    EXACT,
    ROUNDING,
    SLIPS_AHEAD,
    Found,
    may_be_short,
    slips,
    slips_of_pen,
    sorted_spellings,
)
from geo.settings import GeocodingSettings


def taught_spellings(
    keys: pa.Array, kecamatan: np.ndarray, area: np.ndarray, official: Spellings, group: np.ndarray
) -> Spellings:
    """Gather the spellings that decisions teach.

    Not those without a kecamatan, those of a desa of another kecamatan, official names, nor a spelling about which
    the decisions differ.

    Parameters
    ----------
    keys
        Plain keys of the names that were decided.
    kecamatan
        The place of the kecamatan that was stated with each, negative where none is known.
    area
        The place of the desa that was chosen for each, negative where none fits.
    official
        The spellings that need no teaching.
    group
        The kecamatan of each desa, by its place.
    """
    known = pc.greater(pc.utf8_length(keys), 0).to_numpy(zero_copy_only=False) & (kecamatan >= 0)
    known &= official.exact(keys, kecamatan) == NONE
    told = pd.DataFrame({"key": keys.to_pylist(), "group": kecamatan, "area": area})[known].drop_duplicates()
    told = told[~told.duplicated(["key", "group"], keep=False) & (told["area"] >= 0)]
    told = told[group[told["area"]] == told["group"]]
    return sorted_spellings(list(told["key"]), told["area"].to_numpy(np.int64), group)


def find_taught(
    taught: Spellings,
    official: Spellings,
    names: pa.Array,
    keys: pa.Array,
    group: np.ndarray,
    settings: GeocodingSettings,
) -> Found:
    """Find the desa that names mean by a spelling that was taught in their kecamatan.

    The same spelling holds. One that is only near it is taken where no other desa of the kecamatan is about as like
    it by its official name, with or without its side («kulon», «II»), or could be abbreviated so: the doubt that
    once asked for the decision may be what the name means this time.

    Parameters
    ----------
    names, keys
        Tidy names and their plain keys.
    group
        The kecamatan of each name.
    """
    area = np.maximum(taught.exact(keys, group), NONE)
    score = np.where(area >= 0, EXACT, 0.0)
    words = Words.of(keys)
    near = taught.nearest(words, group)
    ahead = np.maximum(settings.name_margin, slips(SLIPS_AHEAD, words)) - ROUNDING
    likely = (
        (area < 0) & (near.area >= 0) & (near.score >= settings.name_score - ROUNDING) & (near.lead >= ahead)
    )
    rows = np.flatnonzero(likely)
    rows = rows[slips_of_pen(taught, words.take(rows), near.area[rows])]
    if rows.size:
        row, rival = _rivals(official, group[rows], near.area[rows])
        said = pa.array(rows[row])
        like = official.score(keys.take(said), rival, sides=False)
        close = like > near.score[rows[row]] - ahead[rows[row]]
        close |= may_be_short(official, names.take(said), rival)
        rows = rows[np.bincount(row, close, minlength=len(rows)) == 0]
    area[rows], score[rows] = near.area[rows], np.minimum(near.score[rows], SAME_SOUND)
    return Found(area, score)


def _rivals(official: Spellings, group: np.ndarray, area: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair rows with the other desa of the kecamatan of each."""
    areas, first = np.unique(official.area, return_index=True)
    row, place = np.nonzero(official.group[first] == group[:, None])
    other = areas[place] != area[row]
    return row[other], areas[place[other]]

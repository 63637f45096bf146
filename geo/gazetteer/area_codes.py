"""Codes of desa and kecamatan as sheets write them, read by the lists of Kemendagri and of BPS."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.gazetteer.spelling import tidy

KEMENDAGRI, BPS = "Kemendagri", "BPS"

_DISTRICT_DIGITS = 4
_DESA = 10
_FLOAT = r"^([0-9]{6,}|[0-9]{2}(?:[.][0-9]{2}){2}[.][0-9]{4})[.,]0+$"
_DOTTED = r"^[0-9]{2}[.][0-9]{2}[.][0-9]{2}(?:[.][0-9]{4})?$"
_LONGER = r"^([0-9]{10})0{3,6}$"
_BELOW_DESA = r"^([0-9]{10})[0-9]{4}(?:[0-9]{2})?$"
_DAMAGED = r"[0-9][.,]?[0-9]*e[ +]*[0-9]"


def clean_code(written: Sequence[str] | np.ndarray) -> pa.Array:
    """Write codes without apostrophes, spaces and the decimals of a float; digits, or dotted as Kemendagri does.

    Examples
    --------
    >>> clean_code(["'33.26.19.2010", "3326192010.0", "33 26 19 2010", "3326192010000", "3,326E+09"]).to_pylist()
    ['33.26.19.2010', '3326192010', '3326192010', '3326192010', '3,326e 09']
    """
    text = tidy(written)
    kept = pc.or_(
        pc.match_substring_regex(text, _DAMAGED), pc.invert(pc.match_substring_regex(text, "[0-9]"))
    )
    text = pc.if_else(kept, text, _replace(text, "[^0-9.,]+", ""))
    text = _replace(text, _FLOAT, r"\1")
    text = pc.if_else(
        pc.or_(pc.match_substring_regex(text, _DOTTED), kept),
        text,
        _replace(text, "[.,]", ""),
    )
    return _replace(text, _LONGER, r"\1")


@dataclass(frozen=True)
class CodesRead:
    """What codes may mean; places of areas, -1 where there is none.

    Attributes
    ----------
    kemendagri, bps
        The desa by each of the two lists.
    kecamatan
        The kecamatan, of a code that names no more.
    foreign
        Whether it is the code of a desa in another kabupaten.
    dotted
        Whether it is written as only Kemendagri does.
    """

    kemendagri: np.ndarray
    bps: np.ndarray
    kecamatan: np.ndarray
    foreign: np.ndarray
    dotted: np.ndarray

    def take(self, place: np.ndarray) -> "CodesRead":
        """Return what each of some places means."""
        return CodesRead(**{name: values[place] for name, values in vars(self).items()})


class AreaCodes:
    """The codes of one district.

    Parameters
    ----------
    areas
        ``kode_desa``, ``kode_kecamatan``, ``kode_bps``; the order gives each desa its place.
    kecamatan
        ``kode_kecamatan`` in the order that gives each kecamatan its place.
    """

    def __init__(self, areas: pd.DataFrame, kecamatan: pd.Index) -> None:
        self._kemendagri = pd.Index(areas["kode_desa"].str.replace(".", ""))
        bps = areas["kode_bps"].fillna("").astype("str")
        self._bps = pd.Index(bps.where((bps != "") & ~bps.duplicated(keep=False), "-" + areas["kode_desa"]))
        group = kecamatan.get_indexer(pd.Index(areas["kode_kecamatan"]))
        start = pd.Series(group, index=self._bps.str[:7])
        start = start[[len(kode) == _DESA for kode in self._bps]]
        single = start.groupby(level=0).agg(["min", "max"])
        by_bps = single.loc[single["min"] == single["max"], "min"]
        by_kemendagri = pd.Series(range(len(kecamatan)), index=kecamatan.str.replace(".", ""))
        self._groups = pd.concat([by_kemendagri, by_bps])

    @cached_property
    def districts(self) -> frozenset[str]:
        """First four digits of the codes of both lists."""
        bps = self._bps[~self._bps.str.startswith("-")]
        return frozenset({*self._kemendagri.str[:_DISTRICT_DIGITS], *bps.str[:_DISTRICT_DIGITS]})

    def read(self, cleaned: pa.Array) -> CodesRead:
        """Read codes that :func:`clean_code` has cleaned."""
        dotted = pc.match_substring(cleaned, ".").to_numpy(zero_copy_only=False)
        below = pc.match_substring_regex(cleaned, _BELOW_DESA).to_numpy(zero_copy_only=False)
        digits = pd.Index(
            _replace(_replace(cleaned, _BELOW_DESA, r"\1"), "[.]", "").to_numpy(zero_copy_only=False)
        )
        whole = digits.str.fullmatch("[0-9]{10}")
        kecamatan = self._groups.reindex(digits, fill_value=-1).to_numpy()
        return CodesRead(
            np.where(below, -1, self._kemendagri.get_indexer(digits)),
            np.where(dotted, -1, self._bps.get_indexer(digits)),
            np.where(whole, -1, kecamatan),
            np.asarray(whole & ~digits.str[:_DISTRICT_DIGITS].isin(self.districts), dtype=bool),
            np.asarray(dotted, dtype=bool),
        )


def _replace(texts: pa.Array, pattern: str, new: str) -> pa.Array:
    return pc.replace_substring_regex(texts, pattern, new)

"""What a profile tells of one desa or kecamatan: nothing of a household."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

DESA, KECAMATAN = "desa", "kecamatan"


@dataclass(frozen=True)
class Figure:
    """One indicator in one area; figures that are missing or withheld are not a number.

    Attributes
    ----------
    rate, low, high
        Share of those whose answer is known (0 to 1), with its interval of 95 %.
    outer, whole
        The same share in the kecamatan (of a desa) and in the district; not a number where it is withheld.
    rank, ranked
        Place by rate among the areas of its kind whose rate may be ranked; 1 has most.
    gap, most
        Households that are still to be served to reach the target; and if all unknown ones are in need too.
    """

    id: str
    title: str
    target: str
    sensitive: bool
    known: float
    need: float
    unknown: float
    rate: float
    low: float
    high: float
    outer: float
    whole: float
    rank: float
    ranked: int
    gap: float
    most: float
    withheld: bool
    few: bool


@dataclass(frozen=True)
class Area:
    """One area, as a profile shows it.

    Attributes
    ----------
    place
        In the table of its kind.
    parts
        What it consists of: ``title``, ``households`` and for each open need ``<id>_need``, missing where it would tell
        of a few; dusun of a desa, desa of a kecamatan, those with most need first.
    kantong
        ``name``, ``indicator``, ``households``, ``walk_m``, ``label`` («K12»), largest first.
    circles
        ``label``, ``indicator``, ``nama_desa``, ``relative_risk``, ``desa`` of the circles that it lies in.
    hot
        Titles of the needs by which it is a hot desa (of a kecamatan: how many of its desa are).
    chosen, visits
        Households on the run's list, not a number where that is not told; progress of the visits, as
        :func:`geo.outcomes.progress` counts it: empty where there are none, nothing where they are not told.
    areas_only
        The edition tells neither households nor kantong: that none is there does not mean that there is none.
    """

    level: str
    place: int
    kode: str
    name: str
    kind: str
    kecamatan: str
    households: float
    located: float
    figures: tuple[Figure, ...]
    parts: pd.DataFrame
    kantong: pd.DataFrame
    circles: pd.DataFrame
    hot: tuple[tuple[str, int], ...]
    chosen: float
    visits: Mapping[str, float] | None
    open_needs: tuple[tuple[str, str], ...]
    areas_only: bool

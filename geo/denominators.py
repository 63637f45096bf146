"""Against whom a need is counted: the households of the register, and all families where their number is known."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.special import bdtr

from geo.layers.families import Families, read_families
from geo.settings import Settings

OF_REGISTER, OF_FAMILIES = "rumah tangga dalam register", "semua keluarga"

LOW_SHARE = 0.5
"""A register that holds less than this part of the share it has in the district is strikingly small in a desa."""
LOW_CHANCE = 0.001
"""Small by less than this chance, were families listed as often as in the whole district: not for want of numbers."""


def families_of(settings: Settings, desa: gpd.GeoDataFrame) -> Families | None:
    """Read the table of all families that the settings name, ``rates.families`` before ``layers.urban_families``.

    Needs columns: those of :func:`geo.layers.families.read_families`.

    Returns
    -------
    Families or None
        None when the settings name no such table.

    Raises
    ------
    LayerError
        As :func:`geo.layers.families.read_families` does.
    """
    path = settings.rates.families or settings.layers.urban_families
    return None if path is None else read_families(path, desa)


def add_denominators(
    areas: pd.DataFrame,
    key: str,
    desa: pd.DataFrame,
    families: Families | None,
    indicators: Sequence[str],
) -> pd.DataFrame:
    """Add how many families live in each area, and which part of them the register and each need hold.

    Needs columns: ``key``, ``households``, ``<indicator>_need``; ``key`` of the desa.
    Adds columns: ``families`` (missing where one desa of the area is missing in the table), ``register_share``
    (households of the register by families; over 1 where the register holds more), ``<indicator>_of_families``
    (households known to be in need by all families: at least so many, as those that are unknown or not listed are not
    in it); both missing where no family is counted. Without a table of families the areas stay as they are.

    Parameters
    ----------
    areas, key
        Desa by ``kode_desa``, or kecamatan by ``kode_kecamatan``.
    desa
        Those that ``families`` was read for.
    families
        See :func:`families_of`.
    indicators
        Ids of the needs.
    """
    if families is None:
        return areas
    counts = families.count.groupby(desa[key])
    sums = counts.sum().where(counts.count() == counts.size())
    whole = areas[key].map(sums).astype(float)
    some = whole.where(whole > 0)
    return areas.assign(
        families=whole,
        register_share=areas["households"] / some,
        **{f"{indicator}_of_families": areas[f"{indicator}_need"] / some for indicator in indicators},
    )


def denominator_facts(desa: pd.DataFrame, families: Families | None, minimum_known: int) -> dict[str, Any]:
    """Return against whom needs are counted, by whose word, and how complete the register seems.

    Needs columns: ``kode_desa``, ``nama_desa``, ``nama_kecamatan``, ``households``, and of a table ``families``.

    Returns
    -------
    dict
        ``name``: of what ``<indicator>_of_families`` is a part, or of what alone there are rates (those of
        :func:`geo.rates.add_rates` are always of known households of the register); ``source``, ``year``, ``note``
        (Indonesian); ``register_share``: of the district, over the desa with families, or missing;
        ``desa_without_families``; ``desa_over_one``: desa whose register holds more households than there are
        families; ``desa_without_households`` and ``desa_with_few`` (some, but fewer than ``minimum_known``): counts of
        desa; ``low``: the desa whose register is strikingly small against their families (``kode_desa``,
        ``nama_desa``, ``nama_kecamatan``), the least share first. No figure of a single desa is told.

    Notes
    -----
    Strikingly small: less than half the share of the district, and by less than one chance in a thousand so. Such a
    desa may be listed in part or have few poor families; the register does not tell which. Without a table of families
    nothing is said of single desa: how many households a register should hold follows neither from a desa's area nor
    from its neighbours.
    """
    households = desa["households"].to_numpy(float)
    facts = {
        "desa_without_households": int((households == 0).sum()),
        "desa_with_few": int(((households > 0) & (households < minimum_known)).sum()),
    }
    if families is None:
        return {
            "name": OF_REGISTER, "source": "", "year": "", "note": _NO_FAMILIES, "register_share": None,
            "desa_without_families": None, "desa_over_one": None, "low": [], **facts,
        }  # fmt: skip
    every = desa["families"].to_numpy(float)
    listed, living = households[every >= 0].sum(), np.nansum(every)
    share = listed / living if living else np.nan
    low = _strikingly_low(households, every, share)
    over, absent = int((households > every).sum()), int(np.isnan(every).sum())
    return {
        "name": OF_FAMILIES,
        "source": families.source,
        "year": families.year,
        "note": "; ".join(filter(None, (families.note, *_notes(over, absent)))),
        "register_share": float(share) if living else None,
        "desa_without_families": absent,
        "desa_over_one": over,
        "low": desa.iloc[low][["kode_desa", "nama_desa", "nama_kecamatan"]].astype("str").to_dict("records"),
        **facts,
    }


_NO_FAMILIES = (
    "Jumlah semua keluarga tidak diberikan, maka kelengkapan register tidak dapat dinilai: desa dengan sedikit rumah "
    "tangga mungkin belum terdata, bukan sejahtera"
)
_LOWER_BOUND = (
    "bagian dari semua keluarga adalah batas bawah, karena yang belum diketahui dan yang tidak terdaftar tidak ikut; "
    "persentase kebutuhan tetap dari rumah tangga register yang diketahui"
)


def _strikingly_low(households: np.ndarray, families: np.ndarray, share: float) -> np.ndarray:
    """Return the places of the desa whose register is strikingly small, the least share first."""
    some = np.flatnonzero(families > 0)
    # a register larger than all families leaves no share to be held against
    common = min(share, 1.0)
    own = households[some] / families[some]
    unlikely = bdtr(np.minimum(households, families)[some], families[some].astype(int), common) < LOW_CHANCE
    low = unlikely & (own < LOW_SHARE * share)
    return np.asarray(some[low][np.argsort(own[low], kind="stable")])


def _notes(over: int, absent: int) -> list[str]:
    notes = [_LOWER_BOUND]
    if over:
        notes.append(
            f"di {over} desa register memuat lebih banyak rumah tangga daripada jumlah keluarganya: periksa satuan, "
            f"tahun, dan pencatatan ganda"
        )
    if absent:
        notes.append(f"jumlah keluarga {absent} desa tidak diketahui, sehingga tidak ikut dihitung")
    return notes

"""Two definitions of RTLH side by side: how many houses change sides, and where."""

from itertools import product

import numpy as np
import pandas as pd

from geo.errors import SettingsError
from geo.indicators.rtlh import judge, profile_of
from geo.settings import IndicatorSettings

SIDES = ("need", "fit", "unknown")
CELLS = tuple(f"{first}_{second}" for first, second in product(SIDES, SIDES))
"""How many houses stand where by the first definition, then by the second; ``need_fit`` leave the need."""
PLACE = ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan")
NO_DESA = "(desa tidak diketahui)"


def require_profiles(settings: IndicatorSettings) -> None:
    """Refuse definitions that do not exist, before any long work.

    Raises
    ------
    SettingsError
        Which names the setting, and what there is.
    """
    for name, chosen in (("rtlh_profile", settings.rtlh_profile), ("rtlh_compare", settings.rtlh_compare)):
        if name == "rtlh_profile" or chosen:
            try:
                profile_of(chosen)
            except SettingsError as fault:
                raise SettingsError(f"Setelan indicators.{name}: {fault}") from fault
    if settings.rtlh_compare == settings.rtlh_profile:
        raise SettingsError(
            f"Setelan indicators.rtlh_compare sama dengan rtlh_profile («{settings.rtlh_profile}»). "
            f"Sebut definisi yang lain, atau hapus rtlh_compare."
        )


def compare_profiles(
    households: pd.DataFrame, desa: pd.DataFrame, settings: IndicatorSettings
) -> pd.DataFrame:
    """Count by desa how the houses stand under the two definitions that the settings name.

    Without a second definition, or in a sheet that cannot answer the first, the table is empty; see :func:`compare`.
    """
    if not settings.rtlh_compare or "need_rtlh" not in households:
        return compare(households.iloc[:0], desa.iloc[:0], settings.rtlh_profile, "").iloc[:0]
    return compare(households, desa, settings.rtlh_profile, settings.rtlh_compare)


def compare(households: pd.DataFrame, desa: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Count by desa how the houses stand under two definitions.

    Needs columns: of the households ``kode_desa``, ``zone_urban`` and what the definitions ask for; of the desa
    those of :data:`PLACE`.

    Parameters
    ----------
    first, second
        Names of the definitions; an empty one says nothing of any house.

    Returns
    -------
    pandas.DataFrame
        A row for each desa in its order, and one for the households of no known desa (without a code): the place,
        ``first`` and ``second`` (name and version), ``households``, and the nine counts of :data:`CELLS`, whole
        numbers.

    Raises
    ------
    SettingsError
        When there is no definition of that name.
    """
    places = pd.concat(
        [desa[list(PLACE)], pd.DataFrame({"nama_desa": [NO_DESA]}, columns=list(PLACE))], ignore_index=True
    )
    at = pd.Index(desa["kode_desa"]).get_indexer(households["kode_desa"])
    at = np.where(at < 0, len(desa), at)
    cell = len(SIDES) * _side(households, first) + _side(households, second)
    counts = np.bincount(at * len(CELLS) + cell, minlength=len(places) * len(CELLS))
    counted = pd.DataFrame(
        counts.reshape(len(places), len(CELLS)).astype(np.int64), columns=pd.Index(CELLS, dtype="str")
    )
    return pd.concat(
        [
            places.astype("str"),
            pd.DataFrame(
                {"first": _label(first), "second": _label(second), "households": counted.sum(axis=1)}
            ).astype({"first": "str", "second": "str"}),
            counted,
        ],
        axis=1,
    )


def changed(table: pd.DataFrame) -> pd.Series:
    """Count the houses that change sides: fit by one definition, in need by the other."""
    return table["need_fit"] + table["fit_need"]


def counts_under(table: pd.DataFrame, nth: int) -> pd.DataFrame:
    """Return how many houses are in need, known and unknown under the first (0) or the second (1) definition.

    Returns
    -------
    pandas.DataFrame
        Rows as in the table: ``need``, ``known``, ``unknown``; the last two add up to its ``households``.

    Examples
    --------
    >>> table = pd.DataFrame([range(1, 10)], columns=list(CELLS))
    >>> counts_under(table, 0).iloc[0].tolist(), counts_under(table, 1).iloc[0].tolist()
    ([6, 21, 24], [12, 27, 18])
    """
    need, fit, unknown = (
        table[[cell for cell in CELLS if cell.split("_")[nth] == side]].sum(axis=1) for side in SIDES
    )
    return pd.DataFrame({"need": need, "known": need + fit, "unknown": unknown})


def _label(profile: str) -> str:
    return profile_of(profile).label if profile else ""


def _side(households: pd.DataFrame, profile: str) -> np.ndarray:
    """Return the place in :data:`SIDES` of each house."""
    if not profile:
        return np.full(len(households), SIDES.index("unknown"))
    need = judge(households, profile).need
    fit = (~need).fillna(value=False)
    return np.select([need.fillna(value=False), fit], [0, 1], 2)

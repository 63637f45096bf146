"""The gap: how many households are left before the target share of a place is out of need."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from geo.errors import SettingsError
from geo.indicators import INDICATORS
from geo.settings import RateSettings

Targets = Mapping[str, float] | float
"""Target share (more than 0, at most 1) by indicator, or one for all."""

_Table = TypeVar("_Table", bound=pd.DataFrame)


def target_shares(settings: RateSettings) -> dict[str, float]:
    """Return the target share of every indicator that has one: health has none.

    Raises
    ------
    SettingsError
        When the settings name an indicator that does not exist or has no target.

    Examples
    --------
    >>> target_shares(RateSettings(target_share=0.9, targets={"babs": 1.0}))
    {'rtlh': 0.9, 'jamban': 0.9, 'jamban_sendiri': 0.9, 'babs': 1.0}
    """
    having = [name for name, indicator in INDICATORS.items() if not indicator.sensitive]
    if strange := [name for name in settings.targets if name not in having]:
        raise SettingsError(
            f"Setelan «rates.targets» menyebut {', '.join(f'«{name}»' for name in strange)}, yang tidak dikenal "
            f"atau tidak punya target. Pilih dari: {', '.join(having)}."
        )
    return {name: settings.targets.get(name, settings.target_share) for name in having}


def share_of(targets: Targets, indicator: str) -> float:
    """Return the target share of an indicator."""
    return targets[indicator] if isinstance(targets, Mapping) else targets


def add_gaps(areas: _Table, indicators: Sequence[str], targets: Targets) -> _Table:
    """Add the households to serve before the target share of the known ones is out of need.

    Each row stands for itself: a surplus in one desa serves nobody in another, and a part of a household is a whole
    one. So the gaps of parts add up to no less than the gap of the whole, and mostly to more.

    Needs columns: ``<indicator>_known``, ``<indicator>_need``, ``<indicator>_unknown``.
    Adds columns: ``<indicator>_served`` (known and not in need), ``_gap``, ``_gap_rate`` (of the known, missing where
    nothing is known), ``_gap_most`` (the gap of all households, were every unknown one in need).
    """
    added: dict[str, np.ndarray] = {}
    for indicator in indicators:
        known, need, unknown = (
            areas[f"{indicator}_{part}"].to_numpy(dtype="int64") for part in ("known", "need", "unknown")
        )
        target = share_of(targets, indicator)
        missing = gap(need, known, target)
        added |= {
            f"{indicator}_served": known - need,
            f"{indicator}_gap": missing,
            f"{indicator}_gap_rate": np.divide(
                missing, known, out=np.full(len(known), np.nan), where=known > 0
            ),
            f"{indicator}_gap_most": gap(need + unknown, known + unknown, target),
        }
    return areas.assign(**added)


def gap(need: np.ndarray, known: np.ndarray, target_share: float) -> np.ndarray:
    """Return the least number of households to serve so that ``target_share`` of the known ones are served.

    Examples
    --------
    >>> gap(np.array([30, 5, 0]), np.array([100, 100, 10]), 0.9)
    array([20,  0,  0])
    """
    # a hair of tolerance: 0.9 * 100 must not become 90.00000000000001 households
    wanted = np.ceil(target_share * known - 1e-9)
    return np.asarray(np.maximum(wanted - (known - need), 0), dtype="int64")


def gap_facts(
    desa: pd.DataFrame, kecamatan: pd.DataFrame, indicators: Sequence[str], targets: Targets
) -> dict[str, dict[str, Any]]:
    """Return by indicator the target and the gap of the whole district in the three ways in which it may be reached.

    Needs columns: of both tables those that :func:`add_gaps` needs and adds; ``<indicator>_enough`` of the desa.

    Returns
    -------
    dict
        By indicator: ``target``, ``district`` (gap of the district as one), ``by_kecamatan`` and ``by_desa`` (sums of
        the gaps, were every kecamatan, or desa, to reach the target by itself), ``desa_open``, ``desa_reached`` (at
        the target by what is known), ``desa_declarable`` (of these, at the target whatever the unknown households
        lack), ``desa_too_few`` (too few known: neither), and ``note``: why the sums differ (Indonesian).
    """
    facts = {}
    for name in indicators:
        whole = add_gaps(
            kecamatan[[f"{name}_known", f"{name}_need", f"{name}_unknown"]].sum().to_frame().T,
            [name],
            targets,
        )
        enough = desa[f"{name}_enough"].to_numpy(dtype=bool)
        reached = enough & (desa[f"{name}_gap"] == 0).to_numpy()
        facts[name] = {
            "target": share_of(targets, name),
            "district": int(whole[f"{name}_gap"].iloc[0]),
            "by_kecamatan": int(kecamatan[f"{name}_gap"].sum()),
            "by_desa": int(desa[f"{name}_gap"].sum()),
            "desa_open": int((enough & ~reached).sum()),
            "desa_reached": int(reached.sum()),
            "desa_declarable": int((reached & (desa[f"{name}_gap_most"] == 0).to_numpy()).sum()),
            "desa_too_few": int((~enough).sum()),
            "note": (
                "Jumlah kekurangan desa biasanya lebih besar daripada kekurangan kecamatan dan kabupaten: kelebihan "
                "satu desa tidak melayani desa lain, dan setiap desa dibulatkan ke atas. Rumah tangga yang baru "
                "diketahui kecamatannya hanya masuk hitungan kecamatan dan kabupaten."
            ),
        }
    return facts

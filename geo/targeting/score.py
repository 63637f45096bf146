"""Which households first, and why: a score from parts with visible weights."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo.settings import TargetingSettings
from geo.symbology import join_words
from geo.targeting.rank_interval import rank_intervals

PARTS = ("rtlh", "jamban", "desil", "members", "cluster", "hot_spot", "gap")
NAMED = ("rtlh", "jamban", "jamban_sendiri")
"""Needs that put a household on the list, and that its reason names."""

SENSITIVE = ("penyakit_kronis", "disabilitas")
"""Needs that may raise the place of a listed household, and are named nowhere."""

_LARGE_FAMILY = 6
_LARGE_GAP = 0.5


def prioritise(
    households: pd.DataFrame,
    desa: pd.DataFrame,
    settings: TargetingSettings,
    seed: int = 1,
    top: int = 100,
    of: str = "any",
) -> pd.DataFrame:
    """Rank the households with at least one known need of house or sanitation.

    Needs columns: ``sheet_row``, ``kode_desa``, ``nama_desa``, ``nama_kecamatan``, ``need_rtlh``,
    ``severity_rtlh``, ``need_jamban``, ``need_jamban_sendiri``, ``why_*``, ``desil``, ``jumlah_art``,
    ``cluster_rtlh``, geometry; of use ``hot_rtlh``, ``why_hot_rtlh``, ``need_penyakit_kronis``,
    ``need_disabilitas``; of the desa ``kode_desa``, ``jamban_gap``, ``jamban_known``, of use ``jamban_enough``. A
    column of an indicator that is off may be missing; its part is then nought.

    Parameters
    ----------
    seed
        Of the random weightings.
    top
        How many are to be chosen, for ``top_share``; see :func:`geo.targeting.case.number_to_choose`.
    of
        Only households with this need may be chosen (``any``: everybody listed).

    Returns
    -------
    pandas.DataFrame
        ``rank`` from 1, ``sheet_row``, place, ``score``, ``part_<weight>`` (weighted, they add up to the score),
        ``why``, ``has_position``; the highest score first, ties by sheet row; and ``rank_low``, ``rank_high``,
        ``top_share`` of :func:`geo.targeting.rank_interval.rank_intervals`.

    Notes
    -----
    Each part runs from 0 to 1 before it is weighted: severity of RTLH (share of the definition's components that
    fail); sanitation (no layak access 1, layak but not one's own 0.5); desil 1 to 10 as 1 to 0; members, full at
    six; in a kantong; in a desa or circle where RTLH is significantly more frequent; the share of the desa that
    still lacks a layak jamban, where enough of its households are known. What is unknown adds nothing. ``why``
    names the needs, and of the rest what weighs: desil, a family of six or more, kantong, hot desa or circle, a gap
    of half the desa or more.
    Chronic illness and disability are parts only where they are measured and the district gives them a weight; they
    list nobody by themselves, and ``why`` never names them.
    """
    needs = [name for name in NAMED if f"need_{name}" in households]
    any_need = np.logical_or.reduce(
        [_true(households, f"need_{name}") for name in needs] or [np.zeros(len(households), bool)]
    )
    chosen = households[any_need]
    raw = {
        "rtlh": np.nan_to_num(_numbers(chosen, "severity_rtlh")) * _true(chosen, "need_rtlh"),
        "jamban": np.where(_true(chosen, "need_jamban"), 1.0, 0.5 * _true(chosen, "need_jamban_sendiri")),
        "desil": np.nan_to_num((10 - _numbers(chosen, "desil")) / 9),
        "members": np.nan_to_num(np.minimum(_numbers(chosen, "jumlah_art") / _LARGE_FAMILY, 1.0)),
        "cluster": np.isfinite(_numbers(chosen, "cluster_rtlh")).astype(float),
        "hot_spot": _true(chosen, "hot_rtlh").astype(float),
        "gap": _gap_of_desa(chosen, desa),
    }
    weighty = [name for name in SENSITIVE if f"need_{name}" in chosen and getattr(settings, name) > 0]
    raw |= {name: _true(chosen, f"need_{name}").astype(float) for name in weighty}
    parts = {f"part_{name}": raw[name] * getattr(settings, name) for name in (*PARTS, *weighty)}
    table = pd.DataFrame(
        {
            "sheet_row": chosen["sheet_row"].to_numpy(),
            "kode_desa": chosen["kode_desa"].to_numpy(object),
            "nama_desa": chosen["nama_desa"].to_numpy(object),
            "nama_kecamatan": chosen["nama_kecamatan"].to_numpy(object),
            "score": np.sum(list(parts.values()), axis=0),
            **parts,
            "why": _why(chosen, raw, {name for name in PARTS if getattr(settings, name) > 0}),
            "has_position": ~chosen["geometry"].isna().to_numpy(),
        }
    ).astype(dict.fromkeys(("kode_desa", "nama_desa", "nama_kecamatan", "why"), "str"))
    ranked = table.sort_values(["score", "sheet_row"], ascending=[False, True], ignore_index=True)
    ranked.insert(0, "rank", np.arange(1, len(ranked) + 1))
    needing = households.loc[_true(households, f"need_{of}"), "sheet_row"]
    eligible = None if of == "any" else ranked["sheet_row"].isin(needing).to_numpy(bool)
    return rank_intervals(ranked, settings.weightings, settings.spread, top, seed, eligible)


def weighs_in(priorities: pd.DataFrame, needs: Iterable[str] = SENSITIVE) -> bool:
    """Say whether one of some needs has a part in the score, so that a rank or a choice would tell of it.

    Examples
    --------
    >>> weighs_in(pd.DataFrame({"part_disabilitas": [1.0]})), weighs_in(pd.DataFrame({"part_rtlh": [1.0]}))
    (True, False)
    """
    return any(f"part_{name}" in priorities for name in needs)


def _true(frame: pd.DataFrame, column: str) -> np.ndarray:
    if column not in frame:
        return np.zeros(len(frame), dtype=bool)
    return frame[column].fillna(value=False).to_numpy(dtype=bool)


def _numbers(frame: pd.DataFrame, column: str) -> np.ndarray:
    if column not in frame:
        return np.full(len(frame), np.nan)
    return frame[column].astype("Float64").to_numpy(float, na_value=np.nan)


def _gap_of_desa(chosen: pd.DataFrame, desa: pd.DataFrame) -> np.ndarray:
    if "jamban_gap" not in desa:
        return np.zeros(len(chosen))
    told = (desa["jamban_known"] > 0) & _enough(desa)
    share = (desa["jamban_gap"] / desa["jamban_known"].where(told)).fillna(0.0)
    return (
        chosen["kode_desa"].map(dict(zip(desa["kode_desa"], share, strict=True))).fillna(0.0).to_numpy(float)
    )


def _enough(desa: pd.DataFrame) -> np.ndarray:
    return _true(desa, "jamban_enough") if "jamban_enough" in desa else np.ones(len(desa), dtype=bool)


def _why(chosen: pd.DataFrame, raw: dict[str, np.ndarray], weigh: set[str]) -> np.ndarray:
    """Say in words what made the score: the needs, and of the rest what weighs."""
    blank = np.full(len(chosen), "", dtype=object)

    def told(part: str, where: np.ndarray, words: str | np.ndarray) -> np.ndarray:
        return np.asarray(np.where(where & (part in weigh), words, blank), dtype=object)

    rtlh = np.where(
        _true(chosen, "need_rtlh"),
        "RTLH: " + chosen.get("why_rtlh", pd.Series("", chosen.index)).astype(object),
        blank,
    )
    step = chosen.get("why_jamban", pd.Series("", chosen.index)).astype(object)
    jamban = np.where(_true(chosen, "need_jamban"), "jamban: " + step, blank)
    sendiri = np.where(
        _true(chosen, "need_jamban_sendiri") & ~_true(chosen, "need_jamban"),
        "belum punya jamban sendiri",
        blank,
    )
    return join_words(
        rtlh,
        jamban,
        sendiri,
        told("desil", chosen["desil"].notna().to_numpy(bool), _counted("desil ", chosen["desil"])),
        told("members", raw["members"] >= 1, _counted("", chosen["jumlah_art"], " anggota keluarga")),
        told("cluster", raw["cluster"] > 0, "di dalam kantong"),
        told("hot_spot", raw["hot_spot"] > 0, _where_hot(chosen)),
        told("gap", raw["gap"] >= _LARGE_GAP, "desa dengan kekurangan jamban besar"),
    )


def _where_hot(chosen: pd.DataFrame) -> np.ndarray:
    if "why_hot_rtlh" not in chosen:
        return np.full(len(chosen), "di desa panas atau lingkaran RTLH", dtype=object)
    return ("di " + chosen["why_hot_rtlh"].astype("str").fillna("")).to_numpy(object)


def _counted(before: str, numbers: pd.Series, after: str = "") -> np.ndarray:
    return (before + numbers.astype("Int64").astype("str") + after).to_numpy(object)

"""Who gets what share: the candidates, those whom the ranks alone would choose, and the choice, side by side."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.layers import LAYERS
from geo.symbology import NO_ZONE, UNKNOWN
from geo.targeting.members import Titles

COLUMNS = {
    "kind": "str",
    "key": "str",
    "title": "str",
    "candidates": "int64",
    "candidates_share": "float64",
    "candidates_score": "float64",
    "alone": "int64",
    "alone_share": "float64",
    "alone_score": "float64",
    "chosen": "int64",
    "chosen_share": "float64",
    "chosen_score": "float64",
    "ratio": "float64",
}
KINDS = {"kecamatan": "Kecamatan", "zona": "Zona", "kelompok": "Kelompok sasaran", "desil": "Desil"}
"""Title of each ``kind`` of group, in the order of the table."""

_UNKNOWN_TITLE = "Tidak diketahui"


def equity_table(
    candidates: pd.DataFrame,
    alone: NDArray[np.bool_],
    chosen: NDArray[np.bool_],
    titles: Titles,
) -> pd.DataFrame:
    """Count candidates and chosen by kecamatan, zone, target group and desil.

    Needs columns: ``score``; as far as they are there ``kode_kecamatan``, ``nama_kecamatan``, ``zone_display``,
    ``group_<id>`` (boolean, missing = unknown), ``desil``.

    Parameters
    ----------
    alone, chosen
        Chosen down the ranks as far as number and money go, and by the choice itself.
    titles
        What the run calls its target groups and layers.

    Returns
    -------
    pandas.DataFrame
        ``kind`` (kecamatan, zona, kelompok, desil), ``key``, ``title``; ``candidates``, ``alone``, ``chosen``:
        households, with ``_share`` (of all candidates, or of all the chosen, 0 to 1) and ``_score`` (mean; missing for
        nobody); ``ratio``: share of the chosen by share of the candidates, 1 = as many as its need. Of whom it is not
        known where they belong stand in a row of their own (key ``tidak diketahui``, for a group
        ``<id>:tidak diketahui``); a group of which nothing is known has that row alone. Groups may overlap; the rows
        of every other kind add up to all.
    """
    rows = [
        {"kind": kind, "key": key, "title": title, **_figures(candidates, members, alone, chosen)}
        for kind, key, title, members in _parts(candidates, titles)
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS]).astype(COLUMNS)


def _figures(
    candidates: pd.DataFrame, members: NDArray[np.bool_], alone: NDArray[np.bool_], chosen: NDArray[np.bool_]
) -> dict[str, float]:
    score = candidates["score"].to_numpy(float)
    figures: dict[str, float] = {}
    for name, of in (("candidates", np.ones(len(score), dtype=bool)), ("alone", alone), ("chosen", chosen)):
        inside, everybody = members & of, int(of.sum())
        count = int(inside.sum())
        figures |= {
            name: count,
            f"{name}_share": count / everybody if everybody else np.nan,
            f"{name}_score": float(score[inside].mean()) if count else np.nan,
        }
    share = figures["candidates_share"]
    return figures | {"ratio": figures["chosen_share"] / share if share else np.nan}


def _parts(candidates: pd.DataFrame, called: Titles) -> Iterator[tuple[str, str, str, NDArray[np.bool_]]]:
    """Yield kind, key, title and members of every row, in the order of the table."""
    if "kode_kecamatan" in candidates:
        named = candidates[["kode_kecamatan", "nama_kecamatan"]].dropna().drop_duplicates("kode_kecamatan")
        titles = dict(zip(named["kode_kecamatan"], named["nama_kecamatan"], strict=True))
        yield from _values("kecamatan", candidates["kode_kecamatan"], titles)
    if "zone_display" in candidates:
        layers = {layer.id: layer.title for layer in LAYERS.values()} | dict(called.zones)
        titles = layers | {NO_ZONE: "Di luar semua zona"}
        yield from _values("zona", candidates["zone_display"], titles, [*titles])
    for column in candidates.filter(like="group_"):
        flags = candidates[column].astype("boolean")
        group = str(column).removeprefix("group_")
        title, unknown = called.group(group), flags.isna().to_numpy(bool)
        if not unknown.size or not unknown.all():
            yield "kelompok", group, title, flags.fillna(value=False).to_numpy(bool)
        if unknown.any():
            yield "kelompok", f"{group}:{UNKNOWN}", f"{title}: {UNKNOWN}", unknown
    if "desil" in candidates:
        desil = candidates["desil"].astype("Int64")
        numbers = sorted(desil.dropna().unique())
        words = desil.astype("str").where(desil.notna())
        titles = {str(number): f"Desil {number}" for number in numbers}
        yield from _values("desil", words, titles, [*titles])


def _values(
    kind: str, values: pd.Series, titles: Mapping[str, str], order: list[str] | None = None
) -> Iterator[tuple[str, str, str, NDArray[np.bool_]]]:
    said = values.astype("object").where(values.notna(), UNKNOWN)
    there = sorted(set(said) - {UNKNOWN})
    ranked = [key for key in order if key in there] if order else []
    for key in [*ranked, *(key for key in there if key not in ranked)]:
        yield kind, key, titles.get(key, key), (said == key).to_numpy(bool)
    unknown = (said == UNKNOWN).to_numpy(bool)
    if unknown.any():
        yield kind, UNKNOWN, _UNKNOWN_TITLE, unknown

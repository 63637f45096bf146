"""Whom each quota counts, and what quotas may name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import SettingsError
from geo.layers import LAYERS, zone_title
from geo.symbology import OUTSIDE, UNKNOWN
from geo.targeting.quotas import Quota, shown

_PLACES = {"kecamatan": ("kode_kecamatan", "nama_kecamatan"), "desa": ("kode_desa", "nama_desa")}
_NO_LAYERS = ("zone_display", "zone_combination")
_MOST = 12


def members_of(
    quota: Quota, candidates: pd.DataFrame, households: pd.DataFrame, areas: pd.DataFrame
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which candidates a quota counts, and of which that is not known (they do not count).

    Needs columns: ``kode_desa``, ``kode_kecamatan``, ``zone_<layer>``, ``group_<id>`` as far as quotas ask for them; of
    all counted households and of the desa (``areas``) to know what exists.

    Raises
    ------
    SettingsError
        When the quota names what does not exist; the message names what does.
    """
    there = [*map(str, households)]
    groups = [name.removeprefix("group_") for name in there if name.startswith("group_")]
    layers = {name.removeprefix("zone_"): households[name] for name in there
              if name.startswith("zone_") and name not in _NO_LAYERS}  # fmt: skip
    words = {layer: _words(layer, zone.dropna().astype("object").unique()) for layer, zone in layers.items()}
    require_known(quota, (areas, households), groups, words)
    if quota.kind in _PLACES:
        codes = candidates[_PLACES[quota.kind][0]]
        return (codes == quota.who).fillna(value=False).to_numpy(bool), codes.isna().to_numpy(bool)
    if quota.kind == "group":
        flags = candidates[f"group_{quota.who}"].astype("boolean")
        return flags.fillna(value=False).to_numpy(bool), flags.isna().to_numpy(bool)
    layer, _, word = (part.strip() for part in quota.who.partition(":"))
    zone = candidates[f"zone_{layer}"].astype("object")
    return (zone == word).to_numpy(bool), (zone.isna() | (zone == UNKNOWN)).to_numpy(bool)


def require_known(
    quota: Quota,
    areas: Collection[pd.DataFrame],
    groups: Collection[str],
    layers: Mapping[str, Mapping[str, str]],
) -> None:
    """Refuse a quota that names what does not exist.

    Parameters
    ----------
    areas
        Tables with ``kode_kecamatan``, ``kode_desa``, of use ``nama_kecamatan``, ``nama_desa``.
    groups
        Ids of the target groups.
    layers
        By layer the words of its zones, each with its title.

    Raises
    ------
    SettingsError
        The message names what exists.
    """
    if quota.kind in _PLACES:
        _require(quota, quota.who, _named_places(quota.kind, areas), quota.kind)
    elif quota.kind == "group":
        _require(quota, quota.who, dict.fromkeys(groups, ""), "kelompok sasaran")
    else:
        layer, colon, word = (part.strip() for part in quota.who.partition(":"))
        titles = {name: LAYERS[name].title if name in LAYERS else "" for name in layers}
        _require(quota, layer, titles, "lapisan zona")
        if not colon:
            raise SettingsError(
                f"Kuota «{quota.text}» tidak menyebut zonanya. Tulis zona:{layer}:ZONA; yang ada: "
                f"{_listed(layers[layer])}."
            )
        _require(quota, word, layers[layer], f"zona pada lapisan {layer}")


def registered_words() -> dict[str, dict[str, str]]:
    """Return by layer of the registry the words of its zones that may be asked for, each with its title."""
    return {layer: _words(layer, ()) for layer in LAYERS}


@dataclass(frozen=True)
class Titles:
    """What a run calls its target groups and layers, by id; the registry's titles hold where it says nothing."""

    groups: Mapping[str, str]
    zones: Mapping[str, str]

    def group(self, name: str) -> str:
        """Return the title of a target group."""
        return self.groups.get(name, f"Kelompok {name.replace('_', ' ')}")

    def zone(self, layer: str, word: str) -> str:
        """Return the words for a zone, which say where it is derived and no official status."""
        words = zone_title(layer, word)
        is_derived = "proksi" in self.zones.get(layer, "") and "proksi" not in words
        if not is_derived:
            return words
        return f"{words[:-1]}, proksi)" if words.endswith(")") else f"{words} (proksi)"


def title_of(quota: Quota, households: pd.DataFrame, areas: pd.DataFrame, titles: Titles) -> str:
    """Return the words for whom a quota counts (Indonesian)."""
    if quota.kind in _PLACES:
        name = _named_places(quota.kind, (areas, households)).get(quota.who, "")
        return f"{quota.kind.capitalize()} {name or quota.who}"
    if quota.kind == "group":
        return titles.group(quota.who)
    layer, _, word = (part.strip() for part in quota.who.partition(":"))
    return titles.zone(layer, word)


def _words(layer: str, occurring: Iterable[object]) -> dict[str, str]:
    """Return the words of a layer's zones that may be asked for: its own, and those that occur."""
    own = dict(LAYERS[layer].titles) if layer in LAYERS else {}
    words = own | {str(word): own.get(str(word), "") for word in occurring} | {OUTSIDE: ""}
    return {word: title for word, title in words.items() if word != UNKNOWN}


def _named_places(kind: str, tables: Collection[pd.DataFrame]) -> dict[str, str]:
    code, name = _PLACES[kind]
    found: dict[str, str] = {}
    for table in tables:
        if code in table:
            some = table[[code]].assign(name=table.get(name, "")).dropna().drop_duplicates(code)
            found = dict(zip(some[code].astype(str), some["name"].astype(str), strict=True)) | found
    return found


def _require(quota: Quota, word: str, there: Mapping[str, str], what: str) -> None:
    if word in there:
        return
    said = word.casefold()
    near = [name for name, title in there.items() if said in {name.casefold(), title.casefold()}]
    near = near or get_close_matches(word, there, n=3, cutoff=0.8)
    hint = f"Mungkin maksudnya {_listed({name: there[name] for name in near})}. " if near else ""
    raise SettingsError(
        f"Kuota «{quota.text}» menyebut {what} «{shown(word)}», yang tidak ada. {hint}Yang ada: {_listed(there)}."
    )


def _listed(there: Mapping[str, str]) -> str:
    if not there:
        return "tidak satu pun"
    said = [f"{name} ({title})" if title and title != name else name for name, title in sorted(there.items())]
    more = f", dan {len(said) - _MOST} lainnya" if len(said) > _MOST else ""
    return shown(", ".join(said[:_MOST])) + more

"""Quotas as a district writes them, and whom each of them counts."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import SettingsError
from geo.layers import LAYERS, zone_title
from geo.symbology import OUTSIDE, UNKNOWN, number

EXAMPLES = (
    "«zone:coastal:pesisir>=20», «kecamatan:33.26.09>=10%», «desa:33.26.09.2001<=5», atau «group:pesisir>=15»"
)

_FORM = re.compile(
    r"\s*(?P<kind>zone|kecamatan|desa|group)\s*:(?P<who>[^<>=≥≤]+?)(?P<sense>>=|<=|≥|≤)\s*"
    r"(?P<amount>\d{1,9}(?:[.,]\d{1,6})?)\s*(?P<percent>%?)\s*",
    re.ASCII,
)
_PLACES = {"kecamatan": ("kode_kecamatan", "nama_kecamatan"), "desa": ("kode_desa", "nama_desa")}
_SHOWN, _LETTERS = 12, 400
_WHOLE = 100


@dataclass(frozen=True)
class Quota:
    """Least or most of a group among the chosen.

    Attributes
    ----------
    text
        As the district wrote it.
    kind, who
        ``zone`` (layer and word), ``kecamatan`` or ``desa`` (code), ``group`` (id).
    is_least
        At least so many; else at most.
    amount
        Households, or the share of all the chosen (0 to 1) when ``is_share``.
    """

    text: str
    kind: str
    who: str
    is_least: bool
    amount: Fraction
    is_share: bool

    def words(self, title: str) -> str:
        """Say the quota in Indonesian.

        Examples
        --------
        >>> read_quota("desa:33.26.09.2001<=12,5%").words("Desa Contoh")
        'Desa Contoh paling banyak 12,5 % dari yang dipilih'
        """
        sense = "paling sedikit" if self.is_least else "paling banyak"
        if not self.is_share:
            return f"{title} {sense} {number(int(self.amount))}"
        percent = self.amount * 100
        decimals = next(places for places in range(9) if (percent * 10**places).denominator == 1)
        return f"{title} {sense} {number(float(percent), decimals)} % dari yang dipilih"

    def row(self, members: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
        """Return weights and right-hand side, in whole numbers, such that ``weights @ chosen <= side`` is the quota."""
        sign = -1.0 if self.is_least else 1.0
        if not self.is_share:
            return sign * members.astype(float), sign * float(self.amount)
        share = members.astype(float) * self.amount.denominator - float(self.amount.numerator)
        return sign * share, 0.0


def read_quota(text: str) -> Quota:
    """Read one quota.

    Raises
    ------
    SettingsError
        When it is not written like one.

    Examples
    --------
    >>> quota = read_quota("zone:coastal:pesisir >= 20")
    >>> quota.kind, quota.who, quota.is_least, int(quota.amount), quota.is_share
    ('zone', 'coastal:pesisir', True, 20, False)
    >>> read_quota("kecamatan:33.26.09<=10%").amount
    Fraction(1, 10)
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise SettingsError(f"Kuota «{_shown(text)}» tidak dimengerti. Tulis seperti {EXAMPLES}.")
    amount, is_share = Fraction(found["amount"].replace(",", ".")), bool(found["percent"])
    if not is_share and not found["amount"].isdecimal():
        raise SettingsError(
            f"Kuota «{_shown(text)}»: banyaknya rumah tangga ditulis sebagai bilangan bulat tanpa titik atau koma, "
            f"atau sebagai persen dengan tanda %."
        )
    if is_share and amount > _WHOLE:
        raise SettingsError(f"Kuota «{_shown(text)}»: persen paling besar 100.")
    return Quota(
        text=_shown(text).strip(),
        kind=found["kind"],
        who=found["who"].strip(),
        is_least=found["sense"] in (">=", "≥"),
        amount=amount / _WHOLE if is_share else amount,
        is_share=is_share,
    )


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
    if quota.kind in _PLACES:
        column = _PLACES[quota.kind][0]
        _require(quota, quota.who, _named_places(quota.kind, (areas, households)), quota.kind)
        codes = candidates[column]
        return (codes == quota.who).fillna(value=False).to_numpy(bool), codes.isna().to_numpy(bool)
    if quota.kind == "group":
        groups = [str(name).removeprefix("group_") for name in households if str(name).startswith("group_")]
        _require(quota, quota.who, dict.fromkeys(groups, ""), "kelompok sasaran")
        flags = candidates[f"group_{quota.who}"].astype("boolean")
        return flags.fillna(value=False).to_numpy(bool), flags.isna().to_numpy(bool)
    layer, colon, word = (part.strip() for part in quota.who.partition(":"))
    layers = {name: layer.title for name, layer in LAYERS.items() if f"zone_{name}" in households}
    layers |= {name: "" for name in _layers_of(households) if name not in layers}
    _require(quota, layer, layers, "lapisan zona")
    words = _words(layer, households)
    if not colon:
        raise SettingsError(
            f"Kuota «{quota.text}» tidak menyebut zonanya. Tulis zone:{layer}:ZONA; yang ada: {_listed(words)}."
        )
    _require(quota, word, words, f"zona pada lapisan {layer}")
    zone = candidates[f"zone_{layer}"].astype("object")
    return (zone == word).to_numpy(bool), (zone.isna() | (zone == UNKNOWN)).to_numpy(bool)


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
        return f"{words} (proksi)" if is_derived else words


def title_of(quota: Quota, households: pd.DataFrame, areas: pd.DataFrame, titles: Titles) -> str:
    """Return the words for whom a quota counts (Indonesian)."""
    if quota.kind in _PLACES:
        name = _named_places(quota.kind, (areas, households)).get(quota.who, "")
        return f"{quota.kind.capitalize()} {name or quota.who}"
    if quota.kind == "group":
        return titles.group(quota.who)
    layer, _, word = (part.strip() for part in quota.who.partition(":"))
    return titles.zone(layer, word)


def _layers_of(households: pd.DataFrame) -> list[str]:
    extra = ("zone_display", "zone_combination")
    return [str(name).removeprefix("zone_") for name in households
            if str(name).startswith("zone_") and name not in extra]  # fmt: skip


def _words(layer: str, households: pd.DataFrame) -> dict[str, str]:
    """Return the words of a layer's zones that may be asked for: its own, and those that occur."""
    own = dict(LAYERS[layer].titles) if layer in LAYERS else {}
    occurring = households[f"zone_{layer}"].dropna().astype("object").unique()
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
        f"Kuota «{quota.text}» menyebut {what} «{_shown(word)}», yang tidak ada. {hint}Yang ada: {_listed(there)}."
    )


def _listed(there: Mapping[str, str]) -> str:
    if not there:
        return "tidak satu pun"
    said = [f"{name} ({title})" if title and title != name else name for name, title in sorted(there.items())]
    more = f", dan {len(said) - _SHOWN} lainnya" if len(said) > _SHOWN else ""
    return _shown(", ".join(said[:_SHOWN])) + more


def _shown(text: str) -> str:
    """Return a text that cannot disturb a terminal, cut where it is very long."""
    plain = "".join(letter for letter in text if letter.isprintable())
    return plain if len(plain) <= _LETTERS else plain[:_LETTERS] + "..."

"""The definitions of RTLH as data: which components decide, and from which source (geo/profiles/rtlh.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.columns import PROFILES
from geo.errors import SettingsError


@dataclass(frozen=True)
class Component:
    """One thing that a definition looks at; what each field means stands at the head of the data file."""

    part: str
    rule: str
    name: str
    column: str = ""
    ok: frozenset[int] = frozenset()
    bad: frozenset[int] = frozenset()
    by_condition: frozenset[int] = frozenset()
    condition: str = ""
    percent: str = ""
    least: float = 0.0
    base: float = 0.5
    weight: float = 1.0
    needed: bool = True


@dataclass(frozen=True)
class Profile:
    """One definition of RTLH.

    Attributes
    ----------
    name
        As in the settings.
    title, version, source, confidence, definition
        Of the definition; ``definition`` is printed beside every figure (Indonesian).
    required
        Columns without which a sheet cannot be judged at all.
    components
        What it looks at, in the order of the reasons.
    condition_ok, condition_bad
        Levels of a condition that hold and that fail.
    structure
        Columns that a survey of the structure answers; none where the definition asks for no condition.
    register_levels
        Levels that a register gives too: they verify nothing.
    """

    name: str
    title: str
    version: str
    source: str
    confidence: str
    definition: str
    required: tuple[str, ...]
    components: tuple[Component, ...]
    condition_ok: frozenset[int] = frozenset()
    condition_bad: frozenset[int] = frozenset()
    structure: tuple[str, ...] = ()
    register_levels: frozenset[int] = frozenset()

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it asks for, all of them."""
        asked = {"area": ("luas_lantai", "jumlah_art"), "opening": ("luas_lantai",),
                 "sanitation": ("fasilitas_bab", "jenis_kloset", "buang_tinja")}  # fmt: skip
        named = [
            (each.column, each.condition, each.percent, *asked.get(each.rule, ())) for each in self.components
        ]
        return frozenset(name for names in named for name in names if name)

    @property
    def label(self) -> str:
        """Name and version, as printed beside a figure."""
        return f"{self.name} {self.version}"


@cache
def profiles() -> Mapping[str, Profile]:
    """Return the definitions by name.

    Examples
    --------
    >>> list(profiles())
    ['bps_sdg', 'pupr_spm', 'permensos_20_2017', 'sepakat']
    >>> profiles()["sepakat"].label
    'sepakat BDT'
    """
    with (PROFILES / "rtlh.toml").open("rb") as file:
        return {name: _profile(name, table) for name, table in tomllib.load(file).items()}


def profile_of(name: str) -> Profile:
    """Return a definition by its name.

    Raises
    ------
    SettingsError
        When there is none of that name.
    """
    known = profiles()
    if name not in known:
        raise SettingsError(f"Definisi RTLH «{name[:40]}» tidak dikenal. Yang ada: {', '.join(known)}.")
    return known[name]


def _profile(name: str, table: Mapping[str, Any]) -> Profile:
    components = tuple(_component(entry) for entry in table["components"])
    rest = {key: _frozen(key, value) for key, value in table.items() if key != "components"}
    return Profile(name=name, components=components, **rest)


def _component(entry: Mapping[str, Any]) -> Component:
    fields = {"name": entry["part"]} | {key: _frozen(key, value) for key, value in entry.items()}
    return Component(**fields)


def _frozen(key: str, value: Any) -> Any:  # noqa: ANN401  -- as TOML has it
    if not isinstance(value, list):
        return value
    return tuple(value) if key in {"required", "structure"} else frozenset(value)

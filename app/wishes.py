"""What the command line wishes otherwise than the settings, read as people write it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from app.csv_output import printable
from geo.errors import SettingsError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from geo.settings import SelectionSettings, TargetingSettings

_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_PLAIN = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)
_DRAWING = {"weightings", "spread"}
_OPTIONS = {
    "number": "--number",
    "budget": "--budget",
    "unit_costs": "--unit-cost",
    "quotas": "--quota",
    "least_a_desa": "--least-a-desa",
    "of": "--of",
}
_Section = TypeVar("_Section", bound="BaseModel")


@dataclass(frozen=True)
class Wishes:
    """What is asked of a choice; what is left empty stays as the run, or the settings file, has it."""

    number: int | None = None
    budget: str = ""
    unit_costs: Sequence[str] = ()
    quotas: Sequence[str] = ()
    least_a_desa: int | None = None
    of: str = ""
    weights: Sequence[str] = ()

    def weighted(self, weights: "TargetingSettings") -> "TargetingSettings":
        """Return weights of which some are other ones.

        Raises
        ------
        SettingsError
            When one does not exist, or its value is not allowed.
        """
        allowed = [name for name in type(weights).model_fields if name not in _DRAWING]
        given = dict(_pair(text, "--weight") for text in self.weights)
        if strange := [name for name in given if name not in allowed]:
            raise SettingsError(f"Bobot «{printable(strange[0])}» tidak ada. Yang ada: {', '.join(allowed)}.")
        return changed(weights, given, {name: f"--weight {name}" for name in allowed})

    def chosen_by(self, selection: "SelectionSettings") -> "SelectionSettings":
        """Return settings of a choice of which some are other ones.

        Raises
        ------
        SettingsError
            When a value is not allowed.
        """
        asked: dict[str, object] = {
            "number": self.number,
            "least_a_desa": self.least_a_desa,
            "of": self.of or None,
            "budget": amount(self.budget, "--budget") if self.budget else None,
            "unit_costs": dict(_pair(text, "--unit-cost") for text in self.unit_costs) or None,
            "quotas": tuple(self.quotas) or None,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        if "budget" in given and "number" not in given:
            given["number"] = None  # whoever states money alone means as many as it pays for
        return changed(selection, given, _OPTIONS)


def changed(section: _Section, given: Mapping[str, object], options: Mapping[str, str]) -> _Section:
    """Return a section with some of its settings changed.

    Parameters
    ----------
    options
        How the command line calls the settings.

    Raises
    ------
    SettingsError
        When a value is not allowed.
    """
    from pydantic import ValidationError  # noqa: PLC0415  -- heavy

    try:
        return type(section).model_validate(section.model_dump() | dict(given))
    except ValidationError as fault:
        raise refused(fault, options) from fault


def refused(fault: "ValidationError", options: Mapping[str, str]) -> SettingsError:
    """Say which option has a value that is not allowed, and what it must be."""
    from geo.settings import fault_of  # noqa: PLC0415  -- heavy
    from geo.symbology import number  # noqa: PLC0415

    where, why = fault_of(fault)
    name, value = where.partition(".")[0], fault.errors()[0].get("input")
    if isinstance(value, float):
        value = number(value, 0 if value.is_integer() else 2)
    said = why.replace("any, ", "")  # the settings' word for no such limit
    return SettingsError(f"{options.get(name, name)} «{printable(str(value))}» {said}.")


def amount(text: str, option: str) -> float:
    """Read a number as people write it: 20000000, 20.000.000, 2,5 or 2.5.

    Raises
    ------
    SettingsError
        When it is none.

    Examples
    --------
    >>> [amount(text, "--budget") for text in ("20000000", "20.000.000", "2,5", "2.5")]
    [20000000.0, 20000000.0, 2.5, 2.5]
    """
    plain = text.strip().removeprefix("Rp").strip()
    if _THOUSANDS.fullmatch(plain):
        return float(plain.replace(".", "").replace(",", "."))
    if _PLAIN.fullmatch(plain):
        return float(plain.replace(",", "."))
    raise SettingsError(
        f"{option}: «{printable(text)}» bukan bilangan. Tulis seperti 20000000 atau 20.000.000."
    )


def _pair(text: str, option: str) -> tuple[str, float]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise SettingsError(f"{option} «{printable(text)}» tidak dimengerti. Tulis seperti rtlh=3.")
    return name.strip(), amount(value, option)

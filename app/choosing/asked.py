"""Wishes as a form or an address states them: read, checked field by field, and written into an address again."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app.choosing.places import Places
from app.choosing.quota_rows import LONGEST, QuotaRow, checked_quotas, plain, row_of
from app.wishes import amount
from geo.errors import SettingsError
from geo.indicators import INDICATORS
from geo.settings import SelectionSettings, TargetingSettings, fault_of
from geo.targeting import PARTS, SENSITIVE

Values = Mapping[str, Sequence[str]]

WEIGHT, COST = "bobot_", "biaya_"
PLAIN = ("jumlah", "anggaran", "dari", "per_desa")
QUOTA = "kuota"
ROW = ("kuota_jenis", "kuota_siapa", "kuota_arah", "kuota_banyak", "kuota_satuan")

PRICED = tuple(indicator.id for indicator in INDICATORS.values() if not indicator.sensitive)
"""Needs that may have a unit cost."""

MOST_WEIGHT, MOST_QUOTAS = 100.0, 30
_MOST_MONEY, _MOST_NUMBER = 1e15, 10_000_000
_Section = TypeVar("_Section", bound=BaseModel)


@dataclass(frozen=True)
class Wish:
    """What is wished of a choice."""

    weights: TargetingSettings
    selection: SelectionSettings

    def key(self, run: str) -> str:
        """Return a short word for the choice that this wish makes of a run."""
        told = [run, self.weights.model_dump(), self.selection.model_dump()]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]

    def query(self, usual: "Wish") -> list[tuple[str, str]]:
        """Return names and values for an address: the number, and what is not as usual."""
        here, there = _texts(self), _texts(usual)
        pairs = [
            (name, text) for name, text in here.items() if text != there.get(name, "") or name == "jumlah"
        ]
        pairs += [(name, "") for name in there if name not in here]
        quotas = self.selection.quotas
        if quotas != usual.selection.quotas:
            pairs += [(QUOTA, text) for text in quotas or ("",)]
        return pairs


@dataclass(frozen=True)
class Asked:
    """What was asked for.

    Attributes
    ----------
    wish
        None where something is wrong.
    texts
        By field what was written.
    places
        The names that it was read by.
    faults
        By field what is wrong (Indonesian); ``""`` for what no field is to blame for.
    """

    wish: Wish | None
    texts: Mapping[str, str]
    quotas: Sequence[QuotaRow]
    places: Places
    faults: Mapping[str, str] = field(default_factory=dict)


def usual_wish(weights: TargetingSettings, selection: SelectionSettings) -> Wish:
    """Return the wishes of a run without what health would weigh."""
    return Wish(weights.model_copy(update=dict.fromkeys(SENSITIVE, 0.0)), selection)


def is_asked(query: Values) -> bool:
    """Say whether an address wishes anything."""
    return any(name in PLAIN or name == QUOTA or name.startswith((WEIGHT, COST)) for name in query)


def read_address(query: Values, usual: Wish, places: Places) -> Asked:
    """Read the wishes of an address; what it does not name is as usual."""
    texts = _texts(usual) | {name: values[-1][:LONGEST] for name, values in query.items() if values}
    quotas = [text for text in query.get(QUOTA, usual.selection.quotas) if text.strip()]
    return _read(texts, [row_of(text, places) for text in quotas[: MOST_QUOTAS + 1]], usual, places)


def read_form(form: Values, usual: Wish, places: Places) -> Asked:
    """Read the wishes of a form, whose quotas are rows of :data:`ROW`."""
    texts = {name: values[-1][:LONGEST] for name, values in form.items() if values}
    columns = [[text[:LONGEST].strip() for text in form.get(name, ())] for name in ROW]
    rows = [QuotaRow(*cells) for cells in zip(*columns, strict=False)]
    rows = [row for row in rows if row.who or row.amount]
    return _read(texts, rows[: MOST_QUOTAS + 1], usual, places)


def _read(texts: Mapping[str, str], rows: Sequence[QuotaRow], usual: Wish, places: Places) -> Asked:
    faults: dict[str, str] = {}

    def read(name: str, title: str, most: float) -> float | None:
        text = texts.get(name, "").strip()
        if not text:
            return None
        try:
            value = amount(text, title)
        except SettingsError as fault:
            faults[name] = str(fault)
            return None
        if value > most:
            faults[name] = f"{title} terlalu besar."
            return None
        return value

    given = {part: read(WEIGHT + part, "Bobot", MOST_WEIGHT) for part in PARTS}
    weights = _section(
        usual.weights,
        {part: value for part, value in given.items() if value is not None},
        WEIGHT.__add__,
        faults,
    )
    costs = {
        name.removeprefix(COST): read(name, "Biaya", _MOST_MONEY) for name in texts if name.startswith(COST)
    }
    if strange := [need for need in costs if need not in PRICED]:
        faults[""] = f"Biaya hanya untuk {', '.join(PRICED)}."
        costs = {need: cost for need, cost in costs.items() if need not in strange}
    if any(cost is not None and cost < 0 for cost in costs.values()):
        faults |= {
            COST + need: "Biaya paling kecil 0."
            for need, cost in costs.items()
            if cost is not None and cost < 0
        }
    number, budget = read("jumlah", "Jumlah", _MOST_NUMBER), read("anggaran", "Anggaran", _MOST_MONEY)
    priced = {need: cost for need, cost in costs.items() if cost is not None}
    if number is None and budget is None and not faults.keys() & {"jumlah", "anggaran"}:
        faults["jumlah"] = "Isi jumlah rumah tangga, anggaran, atau keduanya."
    if budget is not None and not priced and not any(name.startswith(COST) for name in faults):
        faults["anggaran"] = "Anggaran perlu biaya satuan: isi biaya sedikitnya satu kebutuhan di bawah ini."
    checked, codes = checked_quotas(rows, places)
    if len(rows) > MOST_QUOTAS:
        faults[""] = f"Kuota paling banyak {MOST_QUOTAS}."
    least = read("per_desa", "Per desa", _MOST_NUMBER)
    asked: dict[str, object] = {
        "number": number,
        "budget": budget,
        "unit_costs": priced,
        "of": texts.get("dari", "") or usual.selection.of,
        "least_a_desa": 1 if least is None else least,
        "quotas": tuple(codes),
    }
    selection = _section(usual.selection, asked, {"number": "jumlah", "budget": "anggaran", "of": "dari",
                         "least_a_desa": "per_desa"}.get, faults)  # fmt: skip
    whole = not faults and not any(row.fault for row in checked)
    wish = Wish(weights, selection) if whole and weights and selection else None
    return Asked(wish, texts, checked, places, faults)


def _section(
    usual: _Section, given: Mapping[str, object], called: Callable[[str], str | None], faults: dict[str, str]
) -> _Section | None:
    """Return settings of which some are other ones; what is not allowed goes to the faults, each to its field."""
    stored = usual.model_dump()
    sound = True
    for name, value in given.items():
        try:
            type(usual).model_validate(stored | {name: value})
        except ValidationError as fault:
            sound = False
            why = fault_of(fault)[1].replace("any, ", "")  # the settings' word for no such limit
            faults.setdefault(called(name) or "", f"{why[:1].upper()}{why[1:]}.")
    return type(usual).model_validate(stored | dict(given)) if sound else None


def _texts(wish: Wish) -> dict[str, str]:
    """Return what the fields of the form hold for a wish, as people write it."""
    weights, selection = wish.weights, wish.selection
    return {
        **{f"{WEIGHT}{part}": plain(getattr(weights, part)).replace(".", ",") for part in PARTS},
        "jumlah": "" if selection.number is None else str(selection.number),
        "anggaran": "" if selection.budget is None else plain(selection.budget).replace(".", ","),
        **{f"{COST}{need}": plain(cost).replace(".", ",") for need, cost in selection.unit_costs.items()},
        "dari": selection.of,
        "per_desa": str(selection.least_a_desa),
    }

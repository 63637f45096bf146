"""The command that chooses households anew on a finished run: other weights, other money, other quotas."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console

from geo.errors import NoRun, SettingsError

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import BaseModel
    from rich.table import Table

    from geo.settings import SelectionSettings, TargetingSettings
    from geo.targeting import Selection

_ALIVE = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet program takes a cell that begins so for a formula."""

_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_KINDS = {"kecamatan": "Kecamatan", "zona": "Zona", "kelompok": "Kelompok sasaran", "desil": "Desil"}
_Section = TypeVar("_Section", bound="BaseModel")


@dataclass(frozen=True)
class Wishes:
    """What the command line asks for; what it leaves empty stays as the run, or the settings file, has it."""

    number: int | None = None
    budget: str = ""
    unit_costs: Sequence[str] = ()
    quotas: Sequence[str] = ()
    least_a_desa: int | None = None
    of: str = ""
    weights: Sequence[str] = ()


def choose_anew(run: Path, wishes: Wishes, settings: Path | None, out: Path | None, console: Console) -> None:
    """Rank and choose the households of a run, print the choice and what the quotas cost, and write it as a CSV.

    Parameters
    ----------
    run
        Folder of a run, or one that holds several: the newest is taken. Nothing in it is changed.
    wishes
        What stands on the command line.
    settings
        A settings file, whose sections ``targeting`` and ``selection`` then stand in for those of the run.
    out
        CSV to write, if any: everybody who is listed, nobody by name.

    Raises
    ------
    SettingsError
        When a weight, a cost or a quota names what does not exist, or what is asked cannot be met: it says why.
    NoRun
        When the folder holds no run.
    NotWritable
        When the CSV cannot be written.
    """
    from geo.files import write_whole  # noqa: PLC0415  -- heavy
    from geo.runs import newest_run, open_run  # noqa: PLC0415
    from geo.symbology import layer_title  # noqa: PLC0415
    from geo.targeting import choose, number_to_choose, prioritise  # noqa: PLC0415

    assessment = open_run(newest_run(run))
    weights, selection, seed = _settings(assessment.facts["settings"], settings)
    weights = _changed(weights, "targeting", dict(_pair(text, "--weight") for text in wishes.weights))
    selection = _changed(selection, "selection", _asked(wishes))
    households, desa = assessment.counted, assessment.desa
    top = number_to_choose(households, selection)
    listed = prioritise(households, desa, weights, seed, top, selection.of)
    groups = {group["id"]: group["title"] for group in assessment.facts.get("groups", {}).get("groups", [])}
    zones = {layer["id"]: layer_title(layer) for layer in assessment.facts["layers"]}
    choice = choose(listed, households, selection, areas=desa, groups=groups, zones=zones)
    if not choice.facts["met"]:
        raise SettingsError(" ".join(choice.facts["notes"]))
    for note in choice.facts["notes"]:
        console.print(note)
    console.print(_shares(choice.equity))
    if out is not None:
        write_whole(out, _csv(listed, choice, console), what="Pilihan", encoding="utf-8-sig")
        console.print(f"Daftar {_number(len(listed))} rumah tangga ditulis ke {out}.")


def _settings(
    stored: Mapping[str, Any], file: Path | None
) -> "tuple[TargetingSettings, SelectionSettings, int]":
    from pydantic import ValidationError  # noqa: PLC0415  -- heavy

    from geo.settings import SelectionSettings, TargetingSettings, read_settings  # noqa: PLC0415

    if file is not None:
        given = read_settings(file)
        return given.targeting, given.selection, given.seed
    try:
        weights = TargetingSettings.model_validate(stored.get("targeting", {}))
        selection = SelectionSettings.model_validate(stored.get("selection", {}))
    except ValidationError as fault:
        raise NoRun("Hasil itu dibuat versi lain dari alat ini. Jalankan kembali peta assess.") from fault
    return weights, selection, int(stored.get("seed", 1))


def _asked(wishes: Wishes) -> dict[str, object]:
    """Return the settings of the choice that the command line changes."""
    asked: dict[str, object] = {
        "number": wishes.number,
        "least_a_desa": wishes.least_a_desa,
        "of": wishes.of or None,
        "budget": _amount(wishes.budget, "--budget") if wishes.budget else None,
        "unit_costs": dict(_pair(text, "--unit-cost") for text in wishes.unit_costs) or None,
        "quotas": tuple(wishes.quotas) or None,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    if "budget" in given and "number" not in given:
        given["number"] = None  # whoever states money alone means as many as it pays for
    return given


def _changed(section: _Section, name: str, changes: Mapping[str, object]) -> _Section:
    """Return a section with some of its settings changed.

    Raises
    ------
    SettingsError
        When one does not exist, or its value is not allowed.
    """
    from pydantic import ValidationError  # noqa: PLC0415  -- heavy

    allowed = [*type(section).model_fields]
    if name == "targeting":
        allowed = [word for word in allowed if word not in {"weightings", "spread"}]
        if strange := [word for word in changes if word not in allowed]:
            raise SettingsError(f"Bobot «{_shown(strange[0])}» tidak ada. Yang ada: {', '.join(allowed)}.")
    try:
        return type(section).model_validate(section.model_dump() | dict(changes))
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        given = _shown(str(first.get("input", "")))
        allowed_words = first.get("ctx", {}).get("expected", "")
        hint = f" Yang ada: {allowed_words.replace(' or ', ' atau ')}." if allowed_words else ""
        raise SettingsError(f"Nilai «{given}» untuk {where} tidak boleh.{hint}") from fault


def _pair(text: str, option: str) -> tuple[str, float]:
    name, equals, amount = text.partition("=")
    if not equals or not name.strip():
        raise SettingsError(f"{option} «{_shown(text)}» tidak dimengerti. Tulis seperti rtlh=3.")
    return name.strip(), _amount(amount, option)


def _amount(text: str, option: str) -> float:
    """Read a number as people write it: 20000000, 20.000.000, 2,5 or 2.5.

    Examples
    --------
    >>> [_amount(text, "--budget") for text in ("20000000", "20.000.000", "2,5", "2.5")]
    [20000000.0, 20000000.0, 2.5, 2.5]
    """
    plain = text.strip().removeprefix("Rp").strip()
    if _THOUSANDS.fullmatch(plain):
        return float(plain.replace(".", "").replace(",", "."))
    if _PLAIN.fullmatch(plain):
        return float(plain.replace(",", "."))
    raise SettingsError(f"{option}: «{_shown(text)}» bukan bilangan. Tulis seperti 20000000 atau 20.000.000.")


def _shares(equity: "pd.DataFrame") -> "Table":
    from rich.table import Table  # noqa: PLC0415  -- only when it is needed

    table = Table(
        title="Pemerataan: calon, pilihan menurut skor saja, dan pilihan ini",
        caption="Nisbah: bagian dari yang dipilih dibanding bagian dari calon; 1,00 = sebanding dengan kebutuhan.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("Menurut", overflow="fold")
    for title in ("calon", "skor saja", "dipilih", "nisbah"):
        table.add_column(title, justify="right", no_wrap=True)
    for kind, rows in equity.groupby("kind", sort=False):
        table.add_row(_KINDS.get(str(kind), str(kind)).upper())
        for row in rows.to_dict("records"):
            figures = (_number(row[name]) for name in ("candidates", "alone", "chosen"))
            table.add_row(f"  {_shown(row['title'])}", *figures, _number(row["ratio"], 2))
        table.add_section()
    return table


def _csv(listed: "pd.DataFrame", choice: "Selection", console: Console) -> str:
    """Return everybody who is listed, without a column that gives away a sensitive need."""
    from geo.targeting import SENSITIVE  # noqa: PLC0415  -- heavy

    cost = listed["sheet_row"].map(choice.chosen.set_index("sheet_row")["cost"])
    table = listed.assign(chosen=cost.notna().astype(int), cost=cost)
    if any(f"part_{name}" in table for name in SENSITIVE):
        table = table.drop(columns=["score", *table.filter(like="part_")])
        console.print(
            "Penyakit kronis atau disabilitas ikut menentukan urutan: skor dan bagiannya tidak ditulis, karena dari "
            "situ keadaan seseorang terbaca. Urutannya pun hanya untuk petugas yang berwenang."
        )
    for name in ("kode_desa", "nama_desa", "nama_kecamatan", "why"):
        table[name] = table[name].astype("object").map(_cell)
    return table.round(6).to_csv(index=False, sep=";", decimal=",")


def _cell(text: object) -> object:
    """Return a text that no spreadsheet program takes for a formula."""
    if not isinstance(text, str):
        return text
    plain = " ".join(_shown(text, len(text)).split())
    return f"'{plain}" if plain.startswith(_ALIVE) else plain


def _shown(text: str, most: int = 80) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)[:most]


def _number(value: float, decimals: int = 0) -> str:
    from geo.symbology import number  # noqa: PLC0415  -- heavy

    return number(value, decimals)

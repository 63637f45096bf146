"""How a sheet was understood: shown on the screen without any cell of it, and saved as a file to correct."""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console

from app.intake_report import checked, faulty_cells
from geo.columns.choice import ColumnChoice, read_column_choice, toml_text, write_column_choice
from geo.households import Intake, OpenSheet, open_sheet
from geo.households.understanding import Heading
from geo.households.vocabulary import BY_HEADING, shown, title_of
from geo.settings import read_settings
from geo.symbology import number


def show_columns(
    sheet: Path,
    *,
    sheet_name: str | None,
    columns: Path | None,
    settings: Path | None,
    save: Path | None,
    password: str | None,
    console: Console,
) -> None:
    """Show how a sheet was understood, and save it where asked.

    Raises
    ------
    SheetError
        After everything is shown and saved, when the columns cannot be used as they are.
    """
    choice = ColumnChoice() if columns is None else read_column_choice(columns)
    chosen = read_settings(settings)
    opened = open_sheet(
        sheet,
        password=password,
        sheet=sheet_name,
        columns=choice,
        code_list=chosen.intake.code_list,
        indicators=chosen.indicators,
    )
    intake, refused = checked(opened)  # a refusal is told after all is shown and saved
    for line in report_lines(opened, intake):
        console.print(line)
    if save is not None:
        write_column_choice(save, choice_lines(opened, choice))
        console.print(
            f"Arti kolom disimpan di {save}. Betulkan bila perlu, lalu pakai dengan --columns {save}."
        )
    opened.understanding.require()
    if refused is not None:
        raise refused


def understanding_lines(facts: Mapping[str, Any]) -> list[str]:
    """Say in two lines how the sheet of a run was understood; each note takes one line more."""
    intake = facts["intake"]
    known, ignored = facts["columns"], [shown(text) for text in facts["ignored"]]
    first = f"Lembar: {_source(intake)}. {len(known)} dari {len(known) + len(ignored)} kolom dipakai."
    left = "; ".join(ignored[:8]) + (f"; dan {len(ignored) - 8} lagi" if len(ignored) > 8 else "")  # noqa: PLR2004
    second = f"Tidak dipakai: {left or 'tidak ada'}. Rinciannya: peta columns LEMBAR."
    return [first, second, *(f"Catatan: {note}" for note in intake["notes"])]


def _source(intake: Mapping[str, Any]) -> str:
    others = ", ".join(f"«{shown(name)}»" for name in intake["other_sheets"])
    also = f" (tidak dibaca, tetapi mirip data: {others}; pilih dengan --sheet)" if others else ""
    return f"{shown(intake['kind'], 200)}, judul kolom di baris {intake['header_row']}{also}"


def report_lines(opened: OpenSheet, intake: Intake | None) -> list[str]:
    """Say how a sheet was understood; no cell of it is shown, for cells are personal data.

    Parameters
    ----------
    opened
        The sheet.
    intake
        Its rows after checking, where its columns can be used.
    """
    rows = len(opened.table.cells)
    headings = opened.understanding.headings
    used = [heading for heading in headings if heading.meaning]
    wide = max((len(shown(heading.text)) for heading in headings), default=0)
    faulty = {} if intake is None else faulty_cells(intake)
    lines = [f"{_source(vars(opened.source))}. {number(rows)} baris. Daftar kode: {opened.code_list.title}."]
    lines += ["", f"Dipakai ({len(used)} kolom):"]
    lines += [_used_line(heading, wide, rows, faulty.get(heading.text, 0)) for heading in used]
    ignored = [heading for heading in headings if not heading.meaning]
    lines += ["", f"Tidak dipakai ({len(ignored)} kolom):"] if ignored else []
    for note, group in groupby(
        sorted(ignored, key=lambda heading: heading.note), key=lambda heading: heading.note
    ):
        lines += [f"  {shown(heading.text):<{wide}}  {note or 'artinya tidak dikenal'}" for heading in group]
    notes = opened.understanding.notes if intake is None else intake.notes
    lines += ["", *(f"Catatan: {note}" for note in notes)] if notes else []
    if intake is not None:
        valid = len(intake.households)
        lines += [
            "",
            f"Diperiksa: {number(valid)} baris dapat dipakai, {number(len(intake.rejects))} akan ditolak.",
        ]
        lines += [
            f"  {title_of(meaning)}: {number(count)} {mark}"
            for meaning, counts in intake.marks.items()
            if meaning != "alamat"
            for mark, count in counts.items()
        ]
        filled = intake.marks.get("alamat", {})
        if filled:
            words = ", ".join(f"{title_of(name)} {number(count)}" for name, count in filled.items())
            lines.append(f"  Diisi dari alamat: {words}")
    return lines


def _used_line(heading: Heading, wide: int, rows: int, faulty: int) -> str:
    share = f"terisi {number(heading.filled)}" if heading.filled < rows else "terisi semua"
    wrong = f", {number(faulty)} tidak dapat dibaca" if faulty else ""
    how = "" if heading.how == BY_HEADING else f" [dari {heading.how}]"
    return f"  {shown(heading.text):<{wide}}  {title_of(heading.meaning)} ({heading.meaning}); {share}{wrong}{how}"


def choice_lines(opened: OpenSheet, choice: ColumnChoice) -> list[str]:
    """Write the understanding as the lines of a file that ``--columns`` accepts."""
    understanding = opened.understanding
    lines = [
        "# Arti kolom lembar rumah tangga. Betulkan bila perlu, lalu pakai dengan --columns.",
        "# Kiri: arti (lihat docs/sheets.md); kanan: judul kolom persis seperti di lembar.",
    ]
    if understanding.faults:
        lines += [
            "# BELUM DAPAT DIPAKAI:",
            *(f"# - {' '.join(fault.split())}" for fault in understanding.faults),
        ]
    lines += ["", "# Judul yang diabaikan, walaupun namanya dikenal:"]
    lines.append(f"abaikan = [{', '.join(toml_text(text) for text in choice.ignored)}]")
    lines += ["", "[columns]"]
    lines += [f"{name} = {toml_text(text)}" for name, text in understanding.meanings.items()]
    if choice.constants:
        lines += ["", "[constants]"]
        lines += [f"{name} = {toml_text(text)}" for name, text in choice.constants.items()]
    left = [heading for heading in understanding.headings if not heading.meaning]
    lines += ["", "# Tidak dipakai:"] if left else []
    lines += [
        f"# {toml_text(heading.text)}" + (f": {_one_line(heading.note)}" if heading.note else "")
        for heading in left
    ]
    return lines


def _one_line(words: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())

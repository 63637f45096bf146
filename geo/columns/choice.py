"""What a user says of the columns of a sheet: read from a TOML file, and written to one that can be corrected."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz, process

from geo.errors import SettingsError, UnknownColumns
from geo.files import write_whole

_LETTERS, _TOLD, _NEAR = 40, 8, 60
"""So much of a heading, and so many lines that do not fit, are told; and how alike a suggestion is at least."""

CONSTANT = frozenset({"desa_tertulis", "kecamatan_tertulis", "kabupaten_tertulis"})
"""Meanings that may be the same for every row of a sheet."""


@dataclass(frozen=True)
class ColumnChoice:
    """The user's word on some columns.

    Attributes
    ----------
    columns
        Meaning to heading.
    ignored
        Headings that shall mean nothing; those that a sheet lacks do no harm.
    constants
        Meaning to what every row of the sheet says of it; for places that stand in its title only.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)

    def require(self, headings: Collection[str], meanings: Collection[str]) -> None:
        """Refuse a choice that speaks of other columns than there are.

        Raises
        ------
        UnknownColumns
            With every line that does not fit.
        """
        wrong = [
            _misfit(name, heading, headings, meanings)
            for name, heading in self.columns.items()
            if name not in meanings or heading not in headings
        ]
        if wrong:
            more = f" Dan {len(wrong) - _TOLD} baris lagi." if len(wrong) > _TOLD else ""
            raise UnknownColumns(
                f"Pilihan kolom tidak cocok dengan lembar. {' '.join(wrong[:_TOLD])}{more} Semua judul dan arti: "
                f"peta columns LEMBAR."
            )
        chosen = list(self.columns.values())
        double = sorted(
            {heading for heading in chosen if chosen.count(heading) > 1 or heading in self.ignored}
        )
        if double:
            raise UnknownColumns(
                f"Pilihan kolom bertentangan: «{double[0][:40]}» disebut dua kali. Satu kolom punya satu arti, "
                f"atau diabaikan."
            )


def _misfit(name: str, heading: str, headings: Collection[str], meanings: Collection[str]) -> str:
    """Say what is unknown in a line, the meaning or the heading, and what comes nearest to it."""
    line = toml_text(heading[:_LETTERS])
    if name not in meanings:
        near = process.extractOne(name, sorted(meanings), scorer=fuzz.WRatio, score_cutoff=_NEAR)
        known = f"; yang paling mirip: {near[0]}" if near else f"; yang ada: {', '.join(sorted(meanings))}"
        what = f"arti «{name[:_LETTERS]}» tidak dikenal{known}"
    else:
        near = process.extractOne(
            heading, list(headings), scorer=fuzz.WRatio, processor=str.casefold, score_cutoff=_NEAR
        )
        known = f"; yang paling mirip: {toml_text(near[0][:_LETTERS])}" if near else ""
        what = f"judul itu tidak ada pada lembar{known}"
    return f"Baris {name[:_LETTERS]} = {line}: {what}. Ganti atau hapus baris ini."


def read_column_choice(path: Path) -> ColumnChoice:
    """Read a file of chosen columns: TOML, a table ``[columns]`` of meaning = heading, and a list ``abaikan``.

    A table ``[constants]`` of meaning = text gives one place to every row.

    Raises
    ------
    SettingsError
        When the file is not of that form.
    """
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
        if not {"columns", "abaikan", "constants"} & {*table}:
            raise KeyError("columns")  # noqa: TRY301  -- one answer to every fault of form
        columns = {str(name): _plain(heading) for name, heading in dict(table.get("columns", {})).items()}
        ignored = table.get("abaikan", [])
        if not isinstance(ignored, list):
            raise TypeError(ignored)  # noqa: TRY301
        constants = {str(name): _plain(text) for name, text in dict(table.get("constants", {})).items()}
        if {*constants} - CONSTANT or not all(constants.values()):
            raise KeyError("constants")  # noqa: TRY301
        return ColumnChoice(columns, tuple(map(_plain, ignored)), constants)
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise SettingsError(
            f"Berkas kolom {path.name} tidak dapat dipakai. Isinya harus TOML dengan tabel [columns], "
            f'misalnya: nik = "NIK KRT"; kolom yang diabaikan disebut di atasnya: abaikan = ["Catatan"]; tempat yang '
            f'sama untuk semua baris disebut di tabel [constants], misalnya: desa_tertulis = "Nama Desa" (hanya '
            f"{', '.join(sorted(CONSTANT))})."
        ) from fault


def _plain(heading: object) -> str:
    if not isinstance(heading, str):
        raise TypeError(heading)
    return " ".join(heading.split())


def toml_text(text: str) -> str:
    r"""Write a text as a TOML string that no character in it can end or disguise.

    Examples
    --------
    >>> print(toml_text('Nama "KK"\n\u202e\x7f'))
    "Nama \"KK\"\u000A\u202E\u007F"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else _escape(letter) for letter in escaped) + '"'


def _escape(letter: str) -> str:
    code = ord(letter)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004  -- half a surrogate pair is no character
        return "\\uFFFD"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004


def write_column_choice(path: Path, lines: Sequence[str]) -> None:
    """Write a file of chosen columns whole, or not at all.

    Raises
    ------
    NotWritable
        When the folder or the disk does not take it.
    """
    write_whole(path, "\n".join(lines) + "\n", what="Pilihan kolom")

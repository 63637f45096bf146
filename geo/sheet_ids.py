"""The identifier of a printed sheet: which desa, which sheet of it, and of which run its numbers are."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import SettingsError

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are mistaken for others on paper."""

MARK_LENGTH = 5
MAPLESS = 0
"""The sheet of those without a position of their own: a list without a map."""

_FORM = re.compile(rf"([0-9.]+?)(?:-([0-9]{{1,3}}))?-([{LETTERS}]{{{MARK_LENGTH}}})", re.ASCII)
_MISREAD = str.maketrans("ILO", "110")


@dataclass(frozen=True)
class SheetId:
    """What stands on a sheet and in its QR code: with a number of its list it names one household.

    Attributes
    ----------
    kode_desa
        As in the desa table.
    part
        Place among the sheets of the desa, from 1; :data:`MAPLESS` for the list of those without a position. Numbers
        are those of the desa, so a wrong part misleads nobody.
    mark
        Of the run, see :func:`run_mark`.
    """

    kode_desa: str
    part: int
    mark: str

    def __str__(self) -> str:
        return f"{self.kode_desa}-{self.part:02d}-{self.mark}"


def run_mark(facts: Mapping[str, Any]) -> str:
    """Return the mark of a run for its sheets: the same for every print of it, another for every other run.

    Parameters
    ----------
    facts
        Of the assessment or its manifest: when it was made, of which district, from which files.

    Examples
    --------
    >>> run_mark({"created": "2026-01-05T08:00:00+07:00", "district": {"kode": "33.26"}, "inputs": []})
    'S2NPH'
    """
    told = [facts["created"], facts["district"]["kode"], [given.get("sha256") for given in facts["inputs"]]]
    figure = int.from_bytes(hashlib.sha256(json.dumps(told).encode()).digest()[:8], "big")
    return "".join(LETTERS[figure >> (5 * place) & 31] for place in range(MARK_LENGTH))


def read_sheet_id(text: str) -> SheetId:
    """Read an identifier as somebody types it: small letters, spaces, or without the sheet's place in the desa.

    Raises
    ------
    SettingsError
        When it is none.

    Examples
    --------
    >>> str(read_sheet_id(" 33.26.01.2001-2-k7q2a ")), str(read_sheet_id("33.26.01.2001-K7Q2A"))
    ('33.26.01.2001-02-K7Q2A', '33.26.01.2001-00-K7Q2A')
    """
    plain = re.sub(r"\s*[-\u2013]\s*|\s+", "-", text.strip().upper())
    head, _, mark = plain.rpartition("-")
    found = _FORM.fullmatch(f"{head}-{mark.translate(_MISREAD)}")
    if not found:
        raise SettingsError(
            "Kode lembar tidak dapat dibaca. Tulis seperti tercetak di bawah judul lembar, misalnya "
            "33.26.01.2001-02-K7Q2A."
        )
    kode, part, mark = found.groups()
    return SheetId(kode, int(part or MAPLESS), mark)

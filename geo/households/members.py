"""Sheets of persons: rows of family members, where another row of the same KK stands for the household."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.households.identifiers import NO_DATE, NO_REGION
from geo.households.vocabulary import shown

MEMBER = "baris anggota keluarga, bukan kepala keluarga"

_HEAD = r"^(?:kepala|kep\.|krt\b|kk\b|k\.k|head)"
_MEMBER = (
    r"^(?:istri|isteri|suami|anak|menantu|mantu|cucu|cicit|buyut|orang ?tua|ortu|ayah|bapak|ibu\b|mertua"
    r"|famili|family|kerabat|saudara|kakak|adik|adek|keponakan|ponakan|kakek|nenek|paman|bibi|pembantu"
    r"|sopir|tukang kebun|anggota|lain(?:nya| lain|-lain)?\s*$)"
)
_NUMBER = r"^[\W_]*\d{0,2}[\W_]*"
_FEWEST, _SHARE = 5, 0.3


def find_members(households: pd.DataFrame, headings: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Find the rows of members whose household another row stands for, and say what a sheet of persons does.

    Parameters
    ----------
    households
        The rows as they were read: ``hubungan``, ``no_kk``, ``no_kk_mark``, ``nama``.
    headings
        Meaning to heading.

    Returns
    -------
    tuple
        Rows that are no household (``place``, ``column``, ``value``, ``reason``), and notes (Indonesian).

    Notes
    -----
    Only a word says what a person is, a bare code does not. Rows of one KK are told by a whole number; a KK without
    any row of another kind keeps the first of its members.
    """
    family = sound_numbers(households)
    if "hubungan" not in headings:
        note = _unsaid(family, households["nama"])
        return _rows(households.index[:0], "", households["hubungan"][:0]), [note] if note else []
    heading = headings["hubungan"]
    said = households["hubungan"].str.casefold().str.replace(_NUMBER, "", regex=True)
    member = said.str.match(_MEMBER, na=False) & ~said.str.match(_HEAD, na=False)
    known = family.notna()
    headed = family.isin(family[~member & known])
    first = member & known & ~headed & ~family.mask(~member).duplicated()
    out = member & known & ~first
    loose = int((member & ~known).sum())
    notes = []
    if first.any():
        notes.append(
            f"{int(first.sum())} KK tidak punya baris kepala keluarga menurut kolom «{shown(heading)}»: baris "
            f"pertamanya mewakili rumah tangga itu."
        )
    if loose:
        notes.append(
            f"{loose} baris adalah anggota keluarga menurut kolom «{shown(heading)}», tetapi tanpa nomor KK yang utuh: "
            f"masing-masing tetap dihitung satu rumah tangga. Lengkapi nomor KK atau hapus barisnya."
        )
    if member.sum() == 0 and (note := _unsaid(family, households["nama"])):
        notes.append(note)
    return _rows(households.index[out], heading, households["hubungan"][out]), notes


def _rows(place: pd.Index, heading: str, value: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"place": place, "column": heading, "value": value.to_numpy(), "reason": MEMBER})


def sound_numbers(households: pd.DataFrame) -> pd.Series:
    """Return the KK numbers that are whole; a damaged one may be that of several families."""
    numbers, mark = households["no_kk"], households["no_kk_mark"].fillna("")
    whole = numbers.str.match(r"^[0-9]{16}$", na=False) & mark.isin(("", NO_REGION, NO_DATE))
    return numbers.where(whole)


def _unsaid(family: pd.Series, names: pd.Series) -> str:
    """Say that many rows share a KK under other names, where no column tells what they are."""
    people = pd.DataFrame({"family": family, "name": names.str.casefold().str.strip()}).dropna()
    distinct = people.drop_duplicates()
    sharing = int(np.sum(distinct["family"].duplicated(keep=False)))
    if sharing < max(_FEWEST, _SHARE * len(people)):
        return ""
    return (
        f"PERHATIAN: lembar ini tampaknya berisi anggota keluarga: {people['family'].nunique()} KK untuk {len(people)} "
        f"baris bernomor KK, dengan nama yang berlainan. Tiap baris dihitung satu rumah tangga. Sisakan satu baris "
        f"(kepala keluarga) untuk tiap KK, atau tambahkan kolom «Hubungan Keluarga»."
    )

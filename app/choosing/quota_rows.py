"""Quotas as rows of a form: what each says, what is wrong with it, and how it stands in an address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.choosing.places import KINDS, Places
from app.wishes import amount
from geo.errors import SettingsError
from geo.targeting.quotas import read_quota

SENSES = {">=": "paling sedikit", "<=": "paling banyak"}
LONGEST = 120
_QUOTA_KINDS = {"zone": "zona", "group": "kelompok"}


@dataclass(frozen=True)
class QuotaRow:
    """A quota as the form holds it; ``fault`` says what is wrong with it."""

    kind: str = "kecamatan"
    who: str = ""
    sense: str = ">="
    amount: str = ""
    unit: str = ""
    fault: str = ""


def checked_quotas(rows: Sequence[QuotaRow], places: Places) -> tuple[list[QuotaRow], list[str]]:
    """Return rows with what is wrong with each, and those that are right in the language of quotas."""
    checked: list[QuotaRow] = []
    texts: list[str] = []
    for row in rows:
        if row.fault:
            checked.append(row)
            continue
        try:
            texts.append(_quota(row, places))
        except SettingsError as fault:
            checked.append(replace(row, fault=str(fault)))
        else:
            checked.append(row)
    return checked, list(dict.fromkeys(texts))


def _quota(row: QuotaRow, places: Places) -> str:
    """Write a row in the language of quotas.

    Raises
    ------
    SettingsError
        When it is none, or nobody is called so.
    """
    if row.kind not in KINDS or row.sense not in SENSES or row.unit not in {"", "%"}:
        raise SettingsError("Pilih jenis, arah, dan satuan kuota dari yang ada.")
    if not row.who:
        raise SettingsError(f"Sebut {KINDS[row.kind].lower()} yang dimaksud.")
    code = places.code(row.kind, row.who)
    value = amount(row.amount, "Banyaknya") if row.amount else -1.0
    if value < 0:
        raise SettingsError("Isi banyaknya: rumah tangga, atau persen dari yang dipilih.")
    if not row.unit and not value.is_integer():
        raise SettingsError("Banyaknya rumah tangga harus bilangan bulat.")
    return read_quota(f"{row.kind}:{code}{row.sense}{plain(value)}{row.unit}").text


def row_of(text: str, places: Places) -> QuotaRow:
    """Read a quota of an address as a row."""
    try:
        quota = read_quota(text)
    except SettingsError as fault:
        return QuotaRow(who=text[:LONGEST], fault=str(fault))
    kind = _QUOTA_KINDS.get(quota.kind, quota.kind)
    value = float(quota.amount * 100 if quota.is_share else quota.amount)
    return QuotaRow(
        kind=kind,
        who=places.name(kind, quota.who),
        sense=">=" if quota.is_least else "<=",
        amount=plain(value).replace(".", ","),
        unit="%" if quota.is_share else "",
    )


def plain(value: float) -> str:
    """Write a number without an exponent and without needless noughts.

    Examples
    --------
    >>> plain(20_000_000.0), plain(0.25), plain(3.0)
    ('20000000', '0.25', '3')
    """
    return f"{value:.6f}".rstrip("0").rstrip(".")

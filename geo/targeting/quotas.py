"""Quotas as a district writes them."""

import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from geo.errors import SettingsError
from geo.symbology import number

EXAMPLES = "«zona:coastal:pesisir>=20», «kecamatan:33.26.09>=10%», «desa:33.26.09.2001<=5», atau «kelompok:pesisir>=15»"

_FORM = re.compile(
    r"\s*(?P<kind>zona|zone|kecamatan|desa|kelompok|group)\s*:(?P<who>[^<>=≥≤]+?)(?P<sense>>=|<=|≥|≤)\s*"
    r"(?P<amount>\d{1,9}(?:[.,]\d{1,6})?)\s*(?P<percent>%?)\s*",
    re.ASCII,
)
_SAME = {"zona": "zone", "kelompok": "group"}
_LETTERS = 400
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
    >>> read_quota("zona:coastal:pesisir>=20").kind, read_quota("kelompok:pesisir>=20").kind
    ('zone', 'group')
    >>> read_quota("kecamatan:33.26.09<=10%").amount
    Fraction(1, 10)
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise SettingsError(f"Kuota «{shown(text)}» tidak dimengerti. Tulis seperti {EXAMPLES}.")
    amount, is_share = Fraction(found["amount"].replace(",", ".")), bool(found["percent"])
    if not is_share and not found["amount"].isdecimal():
        raise SettingsError(
            f"Kuota «{shown(text)}»: banyaknya rumah tangga ditulis sebagai bilangan bulat tanpa titik atau koma, "
            f"atau sebagai persen dengan tanda %."
        )
    if is_share and amount > _WHOLE:
        raise SettingsError(f"Kuota «{shown(text)}»: persen paling besar 100.")
    return Quota(
        text=shown(text).strip(),
        kind=_SAME.get(found["kind"], found["kind"]),
        who=found["who"].strip(),
        is_least=found["sense"] in (">=", "≥"),
        amount=amount / _WHOLE if is_share else amount,
        is_share=is_share,
    )


def shown(text: str) -> str:
    """Return a text that cannot disturb a terminal, cut where it is very long."""
    plain = "".join(letter for letter in text if letter.isprintable())
    return plain if len(plain) <= _LETTERS else plain[:_LETTERS] + "..."

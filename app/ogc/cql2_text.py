"""CQL2 as text: guarded, brought to the forms that the library takes, and parsed to its JSON form."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import cql2

from geo.errors import SettingsError
from geo.filters.reading import quoted

LONGEST = 2_000
"""Letters of a filter at most."""

DEEPEST, GROUPED, CHAINED = 20, 8, 200
"""Parentheses and signs within each other, groups among these, and operators one after another, at most.

The parser takes twice as long for each group that encloses a fault, and ends the whole program where the nesting is
deeper than its stack.
"""

_TOKEN = re.compile(
    r"""
    (?P<text>'(?:''|\\.|[^'\\])*(?:'|(?P<open>$)))
  | (?P<name>"(?:""|[^"])*"|[^\W\d][\w.:]*|:[\w.:]*)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<space>\s+)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SIGNS = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "'": "''"}
_WORDS = {"and", "or", "not", "in", "like", "between", "is"}
_DIGITS = 60


def parse(text: str) -> Any:  # noqa: ANN401
    """Return the JSON form of a filter: numbers, texts, lists, and objects with ``op`` and ``args``.

    Raises
    ------
    SettingsError
        When it is none, or larger than a filter may be.

    Examples
    --------
    >>> parse("desil <= 2 AND nama_desa LIKE 'Wono%'")["op"]
    'and'
    >>> parse("desil <=")
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: Saringan tidak dapat dibaca pada huruf ke-9. Contoh: desil <= 2 AND nama_desa LIKE 'Wo...
    """
    if not text.strip():
        raise SettingsError(f"Saringan kosong. {_EXAMPLE}")
    try:
        return cql2.parse_text(_guarded(text)).to_json()
    except cql2.ParseError as fault:
        place = re.search(r"--> (\d+):(\d+)", str(fault))
        where = f" pada huruf ke-{place[2]}" if place and place[1] == "1" else ""
        raise SettingsError(f"Saringan tidak dapat dibaca{where}. {_EXAMPLE}") from None
    except ValueError:
        raise SettingsError(f"Saringan tidak dapat dibaca. {_EXAMPLE}") from None


_EXAMPLE = "Contoh: desil <= 2 AND nama_desa LIKE 'Wono%'."


def _guarded(text: str) -> str:
    r"""Return a filter that does the parser no harm, with what the standard allows and the parser does not rewritten.

    Examples
    --------
    >>> print(_guarded(r"a = .5 AND b = 'it\'s' OR c > 1e2"))
    a = 0.5 AND b = 'it''s' OR c > 100
    >>> _guarded("((((((((( a = 1")
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: Saringan terlalu dalam bersarang: paling banyak 8 kurung dan 20 tanda. Pakai AND tanpa...
    """
    if len(text) > LONGEST:
        raise SettingsError(f"Saringan terlalu panjang ({len(text)} huruf); paling banyak {LONGEST}.")
    if "\0" in text:
        raise SettingsError("Saringan memuat huruf yang rusak.")
    written, nesting, before = [], _Nesting(), ""
    for found in _TOKEN.finditer(text):
        kind, piece = str(found.lastgroup), found[0]
        if kind == "space":
            written.append(piece)
            continue
        if kind == "name" and piece.lower() in _WORDS:
            kind = "word"
        nesting.take(piece.lower(), kind, before)
        before = kind
        if kind == "text":
            if found["open"] is not None:
                raise SettingsError("Saringan memuat tanda petik (') yang tidak ditutup.")
            piece = _text(piece)
        written.append(_number(piece) if kind == "number" else piece)
    nesting.end()
    return "".join(written)


@dataclass
class _Nesting:
    """How deep a place of a filter lies, and how much came before it.

    Attributes
    ----------
    open
        Of each parenthesis that is open: it groups, and encloses no arguments of a function.
    signs
        NOT and signs of numbers straight before.
    chained
        Operators so far.
    """

    open: list[bool] = field(default_factory=list)
    signs: int = 0
    chained: int = 0

    def take(self, piece: str, kind: str, before: str) -> None:
        """Go on by a piece; refuse one that is too deep."""
        if piece in {"(", "["}:
            self.open.append(before != "name")
        elif piece in {")", "]"}:
            if not self.open:
                raise SettingsError(f"Saringan memuat kurung tutup {quoted(piece)} tanpa kurung buka.")
            self.open.pop()
        elif kind in {"word", "sign"} and piece != ",":
            self.chained += 1
        self.signs = self.signs + 1 if piece in {"not", "-", "+"} else 0
        if len(self.open) + self.signs > DEEPEST or sum(self.open) > GROUPED:
            raise SettingsError(
                f"Saringan terlalu dalam bersarang: paling banyak {GROUPED} kurung dan {DEEPEST} tanda. "
                f"Pakai AND tanpa kurung, atau IN untuk banyak nilai."
            )
        if self.chained > CHAINED:
            raise SettingsError(f"Saringan memuat lebih dari {CHAINED} tanda. Pakai IN untuk banyak nilai.")

    def end(self) -> None:
        """Refuse a filter that ends too early."""
        if self.open:
            raise SettingsError("Saringan memuat kurung buka yang tidak ditutup.")


def _text(token: str) -> str:
    r"""Return a literal with its escapes resolved, but for those of a pattern (``\%``, ``\_``, ``\\``)."""
    return re.sub(r"\\(.)", lambda found: _SIGNS.get(found[1], found[0]), token, flags=re.DOTALL)


def _number(token: str) -> str:
    """Write a number without exponent, and with a digit before its point."""
    number = Decimal(token)
    if number and not -_DIGITS < number.adjusted() < _DIGITS:
        raise SettingsError(f"Angka {quoted(token)} di luar yang dapat dihitung.")
    return format(number, "f")

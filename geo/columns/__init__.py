"""What a spreadsheet column may mean, and the headings it goes by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from geo.columns.code_lists import PROFILES, read_code_list

__all__ = [
    "ABBREVIATIONS",
    "LONGEST_ANSWER",
    "PROFILES",
    "Column",
    "code_column",
    "heading_key",
    "level_column",
    "question_number",
]

LONGEST_ANSWER = 200
"""An answer, or a heading, is no longer than this; a longer cell is a mistake or an attack."""


@dataclass(frozen=True)
class Column:
    """A meaning that a sheet may hold.

    Attributes
    ----------
    name
        Canonical name, as in docs/tables.md.
    headings
        What offices write above it; compared by :func:`heading_key`.
    kind
        ``text``, ``identifier`` (digits kept as text), ``integer``, ``number``, ``area`` (m²), ``height`` (m),
        ``opening`` (m²), ``percent``, ``desil``, ``code``, ``level`` (of a condition) or ``presence`` (1 there,
        0 not there; how it is said stands in geo/profiles/presence.toml).
    low, high
        Least and greatest value that is possible, both included.
    labels
        For a code: what each code stands for.
    source
        For a code: the list it is from, as the user knows it.
    """

    name: str
    headings: tuple[str, ...]
    kind: str = "text"
    low: float = -np.inf
    high: float = np.inf
    labels: Mapping[int, str] = field(default_factory=dict)
    source: str = ""

    @property
    def dtype(self) -> str:
        """The pandas type of the column once it is read."""
        kinds = {"integer": "Int16", "desil": "Int16", "level": "Int16", "code": "Int8", "presence": "Int8"}
        measured = dict.fromkeys(("number", "area", "height", "opening", "percent"), "Float32")
        return (kinds | measured).get(self.kind, "str")


def code_column(name: str, headings: tuple[str, ...]) -> Column:
    """Make a column whose answers are codes, or the labels, of the standard list.

    Examples
    --------
    >>> code_column("jenis_kloset", ("jenis kloset",)).labels[1]
    'leher angsa'
    """
    question = read_code_list().questions[name]
    return Column(
        name,
        headings,
        kind="code",
        low=min(question.labels),
        high=max(question.labels),
        labels=question.labels,
        source=question.source,
    )


def level_column(name: str, headings: tuple[str, ...]) -> Column:
    """Make a column whose answers are levels of a condition, as geo/profiles/kondisi.toml has them.

    Examples
    --------
    >>> level_column("sloof", ("sloof",)).dtype
    'Int16'
    """
    return Column(name, headings, kind="level")


ABBREVIATIONS = {
    "almt": "alamat",
    "almat": "alamat",
    "agt": "anggota",
    "angg": "anggota",
    "jlh": "jumlah",
    "jml": "jumlah",
    "jmlh": "jumlah",
    "jum": "jumlah",
    "jns": "jenis",
    "kelg": "keluarga",
    "klg": "keluarga",
    "kep": "kepala",
    "kpl": "kepala",
    "koord": "koordinat",
    "kord": "koordinat",
    "kordinat": "koordinat",
    "nm": "nama",
    "nmr": "nomor",
    "no": "nomor",
    "nomer": "nomor",
    "rmh": "rumah",
    "sta": "status",
    "stat": "status",
}
"""Words of headings that offices shorten."""

_REMARK = re.compile(
    r"(?:\b(?:wajib|harus|mohon)?(?: di)? ?isi\b|\bwajib\b|\bopsional\b|\b\d+ (?:digit|angka)\b)"
)
_LETTERING = re.compile(r"^\s*(?:\(?(?:[a-h]|i|v|[ivx]{2,4})\)|(?:[a-h]|i|v|[ivx]{2,4})\s*\.)\s*(?=\S{2})")
_UNIT = re.compile(r"(?<=\S) (?:m2|m 2|meter persegi|orang|jiwa orang)$")


def heading_key(heading: str) -> str:
    """Reduce a heading to what makes it recognisable.

    Numbers and letters in front, remarks, units at the end, abbreviations, capitals and punctuation do not count.
    What stands in brackets does: whoever compares may drop it first.

    Examples
    --------
    >>> heading_key("303. Jenis Lantai"), heading_key("Luas Lantai m2"), heading_key("NO_KK *) wajib diisi")
    ('jenis lantai', 'luas lantai', 'nomor kk')
    >>> heading_key("b) Nm. Kep. Keluarga"), heading_key("Jml ART (orang)"), heading_key("NIK (16 digit)")
    ('nama kepala keluarga', 'jumlah art', 'nik')
    """
    text = _LETTERING.sub("", heading[:LONGEST_ANSWER].replace("²", "2").casefold())
    words = re.sub(r"[^0-9a-z]+", " ", text).strip()
    words = re.sub(r"^(?:b\d ?)?(?:[rqpk] ?)?\d+[a-z]?\d?\s+(?=\S)", "", words)
    plain = " ".join(ABBREVIATIONS.get(word, word) for word in words.split())
    return _UNIT.sub("", " ".join(_REMARK.sub(" ", plain).split())) or plain


_QUESTION = re.compile(
    r"(?:b(?:lok)?[ ._-]*(?:\d|[ivx]{1,4})[ ._-]*)?"
    r"(?:(?:rincian|pertanyaan|kode|kd|nomor|no|var|r|q|p|k|v)[ ._-]*)?"
    r"(\d{3})[ ._()-]*([a-z](?:[ ._-]*\d)?)?"
)


def question_number(heading: str) -> str:
    """Return the question number when a heading is nothing else, as ``309a``; else nothing.

    Examples
    --------
    >>> [question_number(text) for text in ("301a", "R301A", "r.303", "B3_309a", "Q309b", "309. a", "307b1")]
    ['301a', '301a', '303', '309a', '309b', '309a', '307b1']
    >>> question_number("Desa 303")
    ''
    """
    found = _QUESTION.fullmatch(heading[:LONGEST_ANSWER].casefold().strip(" *)(.:"))
    return "" if not found else found[1] + re.sub(r"[^a-z0-9]", "", found[2] or "")

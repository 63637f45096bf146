"""What a receiver may and may not do with a package, level by level, in words for people."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from geo.levels import LEVEL_TITLES, Level
from geo.symbology import long_date

_LONGEST_SLUG = 40
_MOST_LETTERS = 20
"""A letter may become this many of ASCII: some signs stand for whole words."""


@dataclass(frozen=True)
class Terms:
    """Of one hand-over.

    Attributes
    ----------
    number
        Of the hand-over in the giver's records.
    recipient, purpose, basis
        To whom, what for, and the rule it rests on (Indonesian); the basis may be empty.
    level
        Of everything in the package.
    issued, until
        When it was given, with a time zone; the last day on which it may be used.
    by
        The office that gives, never a person.
    area
        What it is about, in words.
    contact
        Where the office is reached; may be empty.
    """

    number: int
    recipient: str
    purpose: str
    basis: str
    level: Level
    issued: datetime
    until: date
    by: str
    area: str
    contact: str = ""

    @property
    def mark(self) -> str:
        """Return the line that everything with names bears; empty for all other levels.

        Examples
        --------
        >>> from datetime import UTC
        >>> day = datetime(2026, 5, 4, tzinfo=UTC)
        >>> names = Terms(7, "Dinas Sosial", "Kunjungan", "", Level.PETUGAS, day, date(2026, 6, 3), "Bappeda", "Desa A")
        >>> names.mark
        'RAHASIA – hanya untuk Dinas Sosial, sampai 3 Juni 2026. Pembagian nomor 7; jangan disalin.'
        """
        if self.level is not Level.PETUGAS:
            return ""
        return (
            f"RAHASIA – hanya untuk {self.recipient}, sampai {long_date(self.until.isoformat())}. "
            f"Pembagian nomor {self.number}; jangan disalin."
        )

    @property
    def sentence(self) -> str:
        """Return what every file says of the hand-over, for a file that travels without its package.

        Examples
        --------
        >>> from datetime import UTC
        >>> day = datetime(2026, 5, 4, tzinfo=UTC)
        >>> Terms(7, "Dinas Sosial", "Bansos.", "", Level.OPD, day, date(2026, 6, 3), "Bappeda", "Desa A").sentence
        'Pembagian nomor 7 kepada Dinas Sosial untuk Bansos, boleh dipakai sampai 3 Juni 2026.'
        """
        told = (
            f"Pembagian nomor {self.number} kepada {self.recipient} untuk {self.purpose.strip().rstrip('. ')}, "
            f"boleh dipakai sampai {long_date(self.until.isoformat())}."
        )
        # what no reader of XML takes, and what turns the direction of a line, is no part of a sentence
        return "".join(letter for letter in " ".join(told.split()) if letter.isprintable())


@dataclass(frozen=True)
class Chapter:
    """A heading and its sentences."""

    title: str
    sentences: tuple[str, ...]


def package_name(terms: Terms) -> str:
    """Return what the folder in a package is called: letters of ASCII, and no person's name.

    Examples
    --------
    >>> from datetime import UTC
    >>> day = datetime(2026, 5, 4, tzinfo=UTC)
    >>> package_name(Terms(7, "Dinas Kesehatan Kab. Ä", "STBM", "", Level.OPD, day, date(2026, 6, 3), "Bappeda", "A"))
    '0007-dinas-kesehatan-kab-a-opd-2026-05-04'
    """
    recipient = _whole_words(slug(terms.recipient, len(terms.recipient) * _MOST_LETTERS), _LONGEST_SLUG)
    return f"{terms.number:04d}-{recipient}-{terms.level}-{terms.issued.date().isoformat()}"


def _whole_words(text: str, longest: int) -> str:
    """Return the first words of a slug that are not longer together; of a longer word its beginning.

    Examples
    --------
    >>> _whole_words("dinas-pekerjaan-umum", 16), _whole_words("dinas-pekerjaan-umum", 14), _whole_words("dinas", 3)
    ('dinas-pekerjaan', 'dinas', 'din')
    """
    if len(text) <= longest:
        return text
    return text[: longest + 1].rpartition("-")[0] or text[:longest]


def slug(text: str, longest: int = _LONGEST_SLUG) -> str:
    """Return a text as part of a file name.

    Examples
    --------
    >>> slug("../Dinas «PU» & Perkim"), slug("…")
    ('dinas-pu-perkim', 'penerima')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:longest].strip("-")
    return words or "penerima"


def chapters(terms: Terms) -> list[Chapter]:
    """Return the terms of use of a hand-over, as sentences that need nothing else to be understood."""
    rules, until = _rules()[terms.level], long_date(terms.until.isoformat())
    purpose = [
        f"Data ini diserahkan oleh {terms.by} kepada {terms.recipient}.",
        f"Keperluan: {terms.purpose}.",
    ]
    purpose += [f"Dasar: {terms.basis}."] if terms.basis else []
    purpose += [f"Wilayah: {terms.area}.", f"Tingkat: {LEVEL_TITLES[terms.level]}."]
    return [
        Chapter("Untuk siapa dan untuk apa", tuple(_stopped(each) for each in purpose)),
        Chapter("Yang boleh dilakukan", tuple(rules["boleh"])),
        Chapter("Yang tidak boleh dilakukan", tuple(rules["tidak_boleh"])),
        Chapter("Pelindungan data pribadi", tuple(rules["pelindungan"])),
        Chapter("Batas waktu", _ending(terms, until)),
        Chapter("Bila ada pertanyaan atau kejadian", _contact(terms)),
    ]


def terms_text(terms: Terms) -> str:
    """Return the terms of use as a plain text file."""
    lines = [
        "KETENTUAN PEMAKAIAN DATA",
        f"Pembagian nomor {terms.number}, {long_date(terms.issued.isoformat())}",
        "",
    ]
    lines += [terms.mark, ""] if terms.mark else []
    for chapter in chapters(terms):
        lines += [chapter.title.upper(), *(f"- {sentence}" for sentence in chapter.sentences), ""]
    return "\r\n".join(lines)


@cache
def _rules() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _stopped(sentence: str) -> str:
    return re.sub(r"\.{2,}$", ".", sentence)


def _ending(terms: Terms, until: str) -> tuple[str, ...]:
    if terms.level is Level.PUBLIK:
        return (f"Sesudah {until} mintalah angka yang terbaru; angka lama tetap disebut bersama tanggalnya.",)
    return (
        f"Data boleh dipakai sampai dengan {until}.",
        "Sesudah itu hapus semua berkas, salinan, cadangan, dan cetakannya, lalu beri tahu pemberi.",
        "Perlu lebih lama? Minta pembagian baru sebelum tanggal itu; isinya sekaligus yang terbaru.",
        "Pemberi dapat mencabut pembagian sebelum waktunya; kewajiban menghapus berlaku sejak pemberitahuan.",
    )


def _contact(terms: Terms) -> tuple[str, ...]:
    reached = f"{terms.by} ({terms.contact})" if terms.contact else terms.by
    asked = (f"Hubungi pemberi: {reached}. Sebut nomor pembagian {terms.number}.",)
    if terms.level is Level.PUBLIK:
        return asked
    leak = (
        "Bila data hilang, bocor, atau terbuka bagi yang tidak berwenang, beri tahu pemberi saat itu juga: "
        "pemberitahuan kepada yang bersangkutan dan lembaga berwenang dibatasi 3 x 24 jam."
    )
    return (*asked, leak)

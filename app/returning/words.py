"""What agencies write of a household, in their own words, and which outcome that is; nothing is guessed."""

import re
from datetime import date

from app.visiting.entering import iso_day
from geo.outcomes import OUTCOMES
from geo.symbology import MONTHS

_BUILT = ("dibangun", "diperbaiki", "direhab", "direhabilitasi", "dibedah", "terbangun")
_SEEN = ("dikunjungi", "didatangi", "diperiksa", "diverifikasi", "disurvei", "disurvey")

SYNONYMS: dict[str, tuple[str, ...]] = {
    "selesai": tuple(f"{done} {seen}" for done in ("sudah", "telah", "selesai") for seen in _SEEN),
    "tidak_ditemukan": (
        "tidak ketemu", "tidak diketemukan", "alamat tidak ditemukan", "rumah tidak ditemukan", "orang tidak ditemukan",
    ),
    "pindah": ("sudah pindah", "telah pindah", "pindah alamat", "pindah rumah", "pindah domisili"),
    "menolak": (
        "menolak bantuan", "menolak dibantu", "menolak didata", "tidak bersedia", "tidak mau", "mengundurkan diri",
    ),
    "sudah_diperbaiki": (
        *_BUILT[-1:], *(f"{done} {built}" for done in ("sudah", "telah", "selesai") for built in _BUILT),
        *(f"{what} sudah {built}" for what in ("rumah", "jamban") for built in ("dibangun", "diperbaiki", "layak")),
        "sudah layak", "sudah rehab", "sudah ada jamban", "sudah punya jamban", "selesai pembangunan",
    ),
    "data_salah": ("salah data", "data keliru", "data tidak sesuai", "tidak sesuai data"),
}  # fmt: skip
"""Words of agencies that mean one outcome and no other, besides the outcome's own."""

SEVERAL = {
    "batal": "menolak, pindah, atau tidak ditemukan",
    "dibatalkan": "menolak, pindah, atau tidak ditemukan",
    "tidak layak": "sudah diperbaiki atau data salah",
    "tidak layak bantu": "sudah diperbaiki atau data salah",
    "tidak memenuhi syarat": "sudah diperbaiki atau data salah",
    "meninggal": "tidak ditemukan, pindah, atau data salah",
    "meninggal dunia": "tidak ditemukan, pindah, atau data salah",
    "tidak ada": "tidak ditemukan atau pindah",
    "sudah dibantu": "sudah diperbaiki atau selesai",
    "sudah menerima bantuan": "sudah diperbaiki atau selesai",
    "sudah": "sudah diperbaiki atau selesai",
}
"""Words that may mean several: which of them only the agency knows."""

NOT_YET = frozenset({
    "", "belum", "belum dikerjakan", "belum dikunjungi", "belum ditangani", "belum dibangun", "belum selesai", "proses",
    "dalam proses", "sedang dikerjakan", "sedang dibangun",
})  # fmt: skip
"""Words that say that nothing has come of it so far."""

_MEANS = {word.replace("_", " "): word for word in OUTCOMES} | {
    said: word for word, all_said in SYNONYMS.items() for said in all_said
}
_YEAR_FIRST = re.compile(
    r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.,]+(?:Z|[+-][0-9:]+)?)?", re.ASCII
)
_IN_WORDS = re.compile(r"([0-9]{1,2})[ -]([^\W\d_]{3,9})\.?[ -]([0-9]{4})")
_MONTHS = {name.casefold(): place for place, name in enumerate(MONTHS, 1)}
_MONTHS |= {name[:3]: place for name, place in _MONTHS.items()} | {
    "agt": 8,
    "ags": 8,
    "nop": 11,
    "nopember": 11,
}


def plain_word(text: str) -> str:
    """Return a word as it is looked up: small letters, one space for whatever stands between them.

    Examples
    --------
    >>> plain_word(" Sudah-DIBANGUN. "), plain_word("tidak_ditemukan"), plain_word(" - ")
    ('sudah dibangun', 'tidak ditemukan', '')
    """
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def outcome_of(text: str) -> str:
    """Return the outcome that an agency's word means; nothing when it is unknown or may mean several.

    Examples
    --------
    >>> outcome_of("Selesai dibangun"), outcome_of("Tidak Ditemukan"), outcome_of("SELESAI"), outcome_of("batal")
    ('sudah_diperbaiki', 'tidak_ditemukan', 'selesai', '')
    """
    return _MEANS.get(plain_word(text), "")


def why_not(text: str) -> str:
    """Return why a word is no outcome (Indonesian).

    Examples
    --------
    >>> why_not("Batal"), why_not("beres")
    ('Dapat berarti menolak, pindah, atau tidak ditemukan. Tulis salah satunya.', 'Kata itu tidak dikenal.')
    """
    if several := SEVERAL.get(plain_word(text)):
        return f"Dapat berarti {several}. Tulis salah satunya."
    return "Kata itu tidak dikenal."


def read_day(text: str) -> date | None:
    """Return the day that a cell says, the day before the month where only figures stand; None when it says none.

    Examples
    --------
    >>> [str(read_day(text)) for text in ("5/1/2026", "2026/01/05", "2026-01-05T00:00:00Z", "5 Agustus 2026", "5 Mei")]
    ['2026-01-05', '2026-01-05', '2026-01-05', '2026-08-05', 'None']
    """
    text = text.strip()
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            year, month, day = (int(part) for part in found.groups())
            return date(year, month, day)
        if (found := _IN_WORDS.fullmatch(text)) and (named := _MONTHS.get(found[2].casefold())):
            return date(int(found[3]), named, int(found[1]))
        return date.fromisoformat(iso_day(text))
    except ValueError:
        return None

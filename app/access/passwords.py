"""Passwords: kept as argon2id hashes, tested at the same pace for all, and chosen so that nobody guesses them."""

import re
import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geo.errors import SettingsError

SHORTEST, LONGEST = 10, 200
_DIFFERENT = 5

# the least that OWASP asks of argon2id; 50 people at once on two cores wait less than a second or two
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(4)
"""So many are hashed at once: memory stays under 80 MB whoever knocks."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for one another on paper: i, l, o, 0, 1."""

_FIRST_GUESSES = """
abc admin administrator akubisa akusayangkamu aku anjing april bappeda basmalah bismillah cantik cinta dinkes dinsos
doraemon facebook football freedom ganteng garuda google hello indonesia indonesiaku indonesiaraya iloveyou jakarta
jayalah kabupaten kampung katasandi kecamatan kelurahan keluarga kucing letmein login mama masuk merdeka miskin monkey
muhammad naruto operator pancasila papa pass passw password passwd pemda pemerintah perencana petugas pimpinan princess
qazwsx qwerty qwertyuiop rahasia root rtlh sandi sandiku sayang sayangkamu selamat selamatdatang semangat sukses
sunshine superman terserah test user welcome zxcvbnm asdfghjkl qazwsxedc
"""
COMMON = frozenset(_FIRST_GUESSES.split())
"""Words on which, with a year or a few digits behind, everybody hits first."""

_ROWS = ("01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_plain(password))


def verify(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one of which a hash is kept; without a hash the answer takes as long.

    Examples
    --------
    >>> verify("sawah-laut", hash_password("sawah-laut")), verify("sawah-laut", None)
    (True, False)
    """
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODYS, _plain(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def invent_password() -> str:
    """Return a random password that can be read out and typed: three groups of five, some 74 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def require_good(password: str, *names: str) -> None:
    """Refuse a password that others would guess.

    Parameters
    ----------
    names
        The account's own, which everybody tries first.

    Raises
    ------
    SettingsError
        Saying what is missing.

    Examples
    --------
    >>> require_good("sawah hijau di kaki gunung", "sari")
    >>> require_good("Indonesia2026!", "sari")
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: Kata sandi itu terlalu sering dipakai orang. Pilih yang lain, misalnya empat kata...
    """
    plain = _plain(password).casefold()
    if not SHORTEST <= len(plain) <= LONGEST:
        raise SettingsError(f"Kata sandi harus {SHORTEST} sampai {LONGEST} huruf atau tanda.")
    if len(set(plain)) < _DIFFERENT:
        raise SettingsError(
            f"Kata sandi harus memakai sedikitnya {_DIFFERENT} huruf atau tanda yang berbeda."
        )
    if any(len(part) > 2 and part in plain for name in names for part in _words(name)):  # noqa: PLR2004
        raise SettingsError("Kata sandi tidak boleh memuat nama akun atau nama Anda.")
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    if core in COMMON or not core or any(plain[:8] in row for row in _ROWS):
        raise SettingsError(
            "Kata sandi itu terlalu sering dipakai orang. Pilih yang lain, misalnya empat kata yang tidak berhubungan."
        )


def _words(name: str) -> list[str]:
    return [name.casefold(), *re.split(r"[\W_]+", name.casefold())]


def _plain(password: str) -> str:
    """Return a password as every keyboard would write it."""
    return unicodedata.normalize("NFKC", password)


_NOBODYS = _HASHER.hash(secrets.token_urlsafe(16))

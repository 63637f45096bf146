"""Passwords: what is kept, what is refused, and what is made up."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from app.access.passwords import COMMON, LONGEST, hash_password, invent_password, require_good, verify
from geo.errors import SettingsError


def test_a_hash_is_argon2id_with_no_less_than_owasp_asks():
    kept = extract_parameters(hash_password("sawah hijau"))
    assert (kept.type.name, kept.memory_cost >= 19 * 1024, kept.time_cost >= 2) == ("ID", True, True)


def test_the_same_password_is_kept_differently():
    assert hash_password("sawah hijau") != hash_password("sawah hijau")


def test_a_password_is_the_same_on_every_keyboard():
    assert verify(
        "cafe\N{COMBINING ACUTE ACCENT} di sawah",
        hash_password("caf\N{LATIN SMALL LETTER E WITH ACUTE} di sawah"),
    )


@pytest.mark.parametrize("kept", [None, "", "x", "$argon2id$v=19$m=1"])
def test_without_a_hash_nothing_fits(kept: str | None):
    assert not verify("sawah hijau", kept)


def test_a_hash_of_other_costs_still_holds():
    assert verify(
        "sawah hijau", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("sawah hijau")
    )


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("pendek", "10 sampai"),
        ("x" * (LONGEST + 1), "10 sampai"),
        ("aaaaaaaaaaaa", "berbeda"),
        ("abababababab", "berbeda"),
        ("12345678910", "terlalu sering"),
        ("0987654321!", "terlalu sering"),
        ("qwertyuiop1", "terlalu sering"),
        ("Bismillah2026", "terlalu sering"),
        ("!!indonesia!!1945", "terlalu sering"),
        ("Password123!", "terlalu sering"),
        ("2026-11-21-08", "terlalu sering"),
        ("kebun sri.w di bukit", "memuat nama"),
        ("wahyuni di kebun", "memuat nama"),
    ],
)
def test_what_others_would_guess_is_refused(password: str, words: str):
    with pytest.raises(SettingsError, match=words):
        require_good(password, "sri.w", "Sri Wahyuni, S.T.")


@pytest.mark.parametrize("password", ["perahu batu kopi senja", "Gx7#kelambu-4", "sawahlautan9"])
def test_others_are_taken(password: str):
    require_good(password, "sri.w", "Sri Wahyuni, S.T.")


@given(st.sampled_from(sorted(COMMON)), st.integers(0, 99_999))
def test_a_common_word_with_digits_is_never_taken(word: str, number: int):
    with pytest.raises(SettingsError):
        require_good(f"{word}{number}")


def test_made_up_passwords_are_good_and_never_the_same():
    made = {invent_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        require_good(password)

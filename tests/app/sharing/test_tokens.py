"""Tokens: unguessable, recognisable, kept as a hash, and of no use once they are over or revoked."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.packages import today
from app.records import open_records
from app.records.tables import Handover, now
from app.sharing.tokens import find_token, hash_of, is_token, new_token


@pytest.fixture
def records(tmp_path):
    opened = open_records(f"sqlite:///{tmp_path / 'catatan.db'}")
    yield opened
    opened.close()


def held(records, **changed: object):
    token, kept = new_token()
    told = {
        "kind": "api", "recipient": "dinkes", "recipient_name": "Dinas Kesehatan", "purpose": "uji", "level": "opd",
        "run": "2026-1", "run_created": "x", "by": "rini", "token_hash": kept,
        "until": today() + timedelta(days=1),
    }  # fmt: skip
    with records.session() as session:
        one = Handover(**told | changed)
        session.add(one)
        session.flush()
        return token, one.id


def test_a_token_opens_its_own_hand_over(records):
    first, second = held(records), held(records)
    assert find_token(records, first[0]).id == first[1]
    assert find_token(records, second[0]).id == second[1]


def test_its_last_day_is_a_day_of_use(records):
    assert find_token(records, held(records, until=today())[0]) is not None


@pytest.mark.parametrize(
    "changed",
    [{"until": today() - timedelta(days=1)}, {"revoked_at": now()}, {"kind": "berkas"}],
    ids=["over", "revoked", "files"],
)
def test_what_is_over_revoked_or_for_files_opens_nothing(records, changed):
    assert find_token(records, held(records, **changed)[0]) is None


def test_nothing_but_the_whole_token_opens(records):
    token, _ = held(records)
    for text in (
        "", token[:-1], token + "A", token.upper(), f" {token}", f"{token}\n", hash_of(token), "peta_", new_token()[0],
        token[:-1] + ("A" if token[-1] != "A" else "B"), "é" * 54, "' OR 1=1 --",
    ):  # fmt: skip
        assert find_token(records, text) is None, text


def test_the_text_is_kept_nowhere(records, tmp_path):
    token, _ = held(records)
    records.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert token.encode() not in kept
    assert token[5:30].encode() not in kept
    assert hash_of(token).encode() in kept


def test_programs_that_look_for_leaks_know_one_by_its_form():
    token, _ = new_token()
    assert re.fullmatch(r"peta_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}", token)
    assert len({new_token()[0] for _ in range(200)}) == 200


@given(st.integers(5, 53), st.sampled_from("abcXYZ019-_"))
def test_a_slip_of_the_pen_is_seen_without_asking_the_records(place, letter):
    token = new_token()[0]
    changed = token[:place] + letter + token[place + 1 :]
    assert is_token(changed) == (changed == token)

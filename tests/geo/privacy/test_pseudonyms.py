"""Pseudonyms: one recipient knows a household again, two cannot put their tables together."""

import base64
import hmac

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.household_keys import KEYS
from geo.privacy.pseudonyms import pseudonyms

SECRET = "rahasia instalasi"  # noqa: S105 - invented


def keys(many: int, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    made = pd.DataFrame(
        {kind: [f"{kind}-{row}" if random.random() < 0.6 else None for row in range(many)] for kind in KEYS},
        index=np.arange(2, many + 2),
    )
    return made.astype("str").where(made.notna())


def test_each_household_has_one_of_its_own():
    made = pseudonyms(keys(500), SECRET, "dinkes", "2026-1")
    assert made.is_unique
    assert made.str.fullmatch("p[a-z2-7]{20}").all()
    assert made.index.equals(keys(500).index)


def test_a_number_stays_what_it_was_in_files_that_left_long_ago():
    made = pseudonyms(keys(50), SECRET, "dinkes", "2026-1")
    of_recipient = hmac.digest(SECRET.encode(), b"pseudonim\0dinkes", "sha256")
    for row, known in keys(50).iterrows():
        kinds = [kind for kind in KEYS if pd.notna(known[kind])]
        text = f"{kinds[0]}\0{known[kinds[0]]}" if kinds else f"row\0002026-1\0{row}"
        digest = hmac.digest(of_recipient, text.encode(), "sha256")
        assert made[row] == "p" + base64.b32encode(digest).decode().lower()[:20]


def test_two_recipients_cannot_put_their_tables_together():
    one, other = (pseudonyms(keys(500), SECRET, to, "2026-1") for to in ("dinkes", "perkim"))
    assert not {*one} & {*other}
    assert one.rank().corr(other.rank()) < 0.2


def test_the_next_register_has_the_same_for_the_same_household():
    old = keys(200)
    new = old.sample(frac=1, random_state=1).set_axis(np.arange(1_000, 1_200))
    before = pseudonyms(old, SECRET, "dinkes", "2026-1")
    after = pseudonyms(new, SECRET, "dinkes", "2026-2")
    known = old.notna().any(axis=1)
    assert {*before[known]} == {*after[new.notna().any(axis=1)]}
    assert not {*before[~known]} & {*after}


def test_another_secret_gives_others():
    assert not {*pseudonyms(keys(50), "satu", "dinkes", "r")} & {*pseudonyms(keys(50), "dua", "dinkes", "r")}


def test_a_key_of_two_households_is_not_their_number():
    twice = keys(4).assign(key_id="sama")
    assert pseudonyms(twice, SECRET, "dinkes", "r").is_unique


@given(st.text(max_size=5), st.text(max_size=5))
def test_recipients_and_runs_never_run_into_one_another(one: str, other: str):
    made = pseudonyms(keys(3), SECRET, one, other)
    if one != other:
        assert not {*made} & {*pseudonyms(keys(3), SECRET, other, one)}


def test_nobody_has_no_number():
    assert pseudonyms(keys(0), SECRET, "dinkes", "r").empty

"""Tiles kept in memory: never beyond the limit, and the last ones asked for."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from geo.tiles import RecentlyUsed


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 900)), max_size=60))
def test_it_never_holds_more_than_its_limit_and_answers_what_was_put(steps):
    kept, last = RecentlyUsed(limit_bytes=4_000, size=len), {}
    for key, length in steps:
        kept.put(key, bytes(length))
        last[key] = bytes(length)
        assert kept.size <= 4_000
        assert kept.get(key) == last[key]
    for key in range(6):
        assert kept.get(key) in {None, last.get(key)}


def test_what_was_asked_for_longest_ago_goes_first():
    kept = RecentlyUsed(limit_bytes=3_300, size=len)
    for key in "abc":
        kept.put(key, bytes(500))
    kept.get("a")
    kept.put("d", bytes(500))
    assert [key for key in "abcd" if kept.get(key) is not None] == ["a", "c", "d"]
    assert len(kept) == 3


def test_a_value_put_again_takes_the_place_of_the_former():
    kept = RecentlyUsed(limit_bytes=4_000, size=len)
    for length in (3_000, 10, 3_000):
        kept.put("a", bytes(length))
        assert (len(kept), kept.size) == (1, length + 500)


def test_what_is_larger_than_the_limit_is_not_kept():
    kept = RecentlyUsed(limit_bytes=1_000, size=len)
    kept.put("a", bytes(100))
    kept.put("b", bytes(1_000))
    assert kept.get("a") is not None
    assert kept.get("b") is None


def test_threads_share_it():
    kept = RecentlyUsed(limit_bytes=20_000, size=len)

    def work(seed: int) -> None:
        for step in range(500):
            kept.put((seed * step) % 37, bytes(step))
            kept.get(step % 37)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < kept.size <= 20_000
    assert kept.size == sum(len(kept.get(key) or b"") + 500 for key in range(37) if kept.get(key) is not None)

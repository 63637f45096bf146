"""What is kept: made once even for many who ask together, and let go with the thing it follows from."""

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kept import Kept, KeptWith


def test_what_many_ask_for_at_one_moment_is_made_once():
    kept, made = Kept[object](most=2), []

    def make() -> object:
        time.sleep(0.05)
        made.append(1)
        return object()

    with ThreadPoolExecutor(8) as several:
        found = [*several.map(lambda _: kept.get("same", make), range(8))]
    assert (len(made), len({id(one) for one in found})) == (1, 1)


def test_who_waits_for_one_thing_holds_up_nobody_else():
    kept, begun, done = Kept[str](most=2), threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert done.wait(20)
        return "slow"

    with ThreadPoolExecutor(2) as several:
        waiting = several.submit(kept.get, "slow", slow)
        assert begun.wait(20)
        assert several.submit(kept.get, "quick", lambda: "quick").result(20) == "quick"
        done.set()
        assert waiting.result(20) == "slow"


def test_what_could_not_be_made_is_tried_again():
    kept = Kept[int](most=2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 2) == 2


def test_what_weighs_too_much_together_gives_way_and_the_last_one_stays():
    kept = Kept[str](most=10, weigh=len)
    for text in ("a" * 4, "b" * 4, "c" * 4, "b" * 4):
        kept.get(text, lambda text=text: text)
    assert [*kept._held] == ["cccc", "bbbb"]
    kept.get("d" * 20, lambda: "d" * 20)
    assert [*kept._held] == ["d" * 20]


class Thing:
    """Anything that can be let go."""


def test_what_follows_from_a_thing_goes_with_it_and_is_not_of_another():
    kept, first, second, followed = KeptWith[Thing](), Thing(), Thing(), Thing()
    assert kept.get(first, "a", lambda: followed) is followed
    assert kept.get(second, "a", Thing) is not followed
    assert kept.get(first, "b", Thing) is not followed
    held = sum(len(each) for each in kept._of.values())
    del first
    gc.collect()
    assert sum(len(each) for each in kept._of.values()) == held - 2

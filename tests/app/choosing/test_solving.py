"""Choices solved one at a time, and kept."""

import threading

import numpy as np
import pandas as pd
import pytest

from app.choosing import Busy, Ranking, Solutions


def ranking() -> Ranking:
    return Ranking(pd.DataFrame({"rank": [1]}), np.zeros(1, dtype=np.intp), pd.DataFrame(), {}, 100)


def test_a_choice_is_solved_once_and_kept():
    solutions, calls = Solutions(), []

    def work() -> Ranking:
        calls.append(1)
        return ranking()

    assert solutions.solved("a", work) is solutions.solved("a", work) is solutions.find("a")
    assert len(calls) == 1


def test_only_the_last_few_are_kept():
    solutions = Solutions()
    for number in range(50):
        solutions.solved(str(number), ranking)
    assert solutions.find("0") is None
    assert solutions.find("49") is not None


def test_whoever_waits_too_long_is_told_and_the_next_may_solve():
    solutions, begun, end = Solutions(wait_s=0.02), threading.Event(), threading.Event()

    def slow() -> Ranking:
        begun.set()
        end.wait(10)
        return ranking()

    thread = threading.Thread(target=solutions.solved, args=("slow", slow))
    thread.start()
    begun.wait(10)
    with pytest.raises(Busy, match="sedang dihitung untuk orang lain"):
        solutions.solved("other", ranking)
    end.set()
    thread.join()
    assert solutions.solved("other", ranking) is solutions.find("other")


def test_a_search_that_fails_leaves_the_way_free():
    solutions = Solutions(wait_s=0.02)

    def fail() -> Ranking:
        raise ValueError("gagal")

    for _ in range(8):
        with pytest.raises(ValueError, match="gagal"):
            solutions.solved("a", fail)
    assert solutions.solved("a", ranking)

"""The measurement of visit plans runs, and its figures are those of the plan."""

import pytest

from scripts.evaluate_visits import HEAD, compare, invented_task, main


def test_a_comparison_tells_the_plan_and_a_search_that_is_hardly_better():
    task = invented_task(1, 20)
    each = compare(task, 1, 1)
    assert each.houses == len(task.desa) <= 20
    assert each.needless <= each.split
    assert each.visits == 25 * each.seen
    assert 0.9 < each.ratio <= 1.05
    assert each.way_ratio == pytest.approx((each.ours - each.visits) / (each.longer - each.visits))


def test_it_prints_a_line_for_each_instance_and_the_worst(capsys):
    main(["--instances", "2", "--restarts", "1", "--most", "15"])
    head, *lines, last = capsys.readouterr().out.splitlines()
    assert head == HEAD
    assert len(lines) == 2
    assert "worst" in last

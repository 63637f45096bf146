"""Tables of figures: the examples in the script hold."""

import doctest

from scripts import tables


def test_the_examples_hold() -> None:
    tried = doctest.testmod(tables)
    assert tried.attempted > 0
    assert tried.failed == 0

"""What reviewers taught about names: kept for its kecamatan, and never against another desa that is as near."""

import numpy as np
import pandas as pd
import pytest

from geo.gazetteer.likeness import NONE
from geo.gazetteer.search import EXACT, gather_spellings
from geo.gazetteer.spelling import plain_key, tidy
from geo.gazetteer.taught_names import find_taught, taught_spellings
from geo.settings import GeocodingSettings

DESA = pd.Series(["Tirtosari Lor", "Tirtosari Kidul", "Wanasari", "Kalibening"])
GROUP = np.array([0, 0, 0, 1])


def found(taught: list[tuple[str, int, int]], name: str, group: int) -> tuple[int, float]:
    official = gather_spellings(DESA, pd.Series([""] * len(DESA)), GROUP)
    keys = plain_key(tidy([key for key, _, _ in taught]))
    kecamatan, area = (np.array([row[at] for row in taught]) for at in (1, 2))
    known = taught_spellings(keys, kecamatan, area, official, GROUP)
    names = tidy([name])
    meant = find_taught(known, official, names, plain_key(names), np.array([group]), GeocodingSettings())
    return int(meant.area[0]), float(meant.score[0])


def test_the_same_spelling_holds_in_its_kecamatan_alone():
    taught = [("Tirtosari", 0, 0), ("Pandanmulyo", 1, 3)]
    assert found(taught, "TIRTOSARI", 0) == (0, EXACT)
    assert found(taught, "Tirtosari", 1)[0] == NONE


@pytest.mark.parametrize(("name", "area"), [("Pandanmulio", 2), ("Tirtosri", NONE), ("Trtsr", NONE)])
def test_a_near_spelling_yields_to_another_desa_that_is_as_near(name, area):
    meant, score = found([("Tirtosari", 0, 0), ("Pandanmulyo", 0, 2)], name, 0)
    assert meant == area
    assert score < EXACT


@pytest.mark.parametrize(
    "taught",
    [("Pandanmulyo", -1, 2), ("Pandanmulyo", 1, 2), ("Pandanmulyo", 0, -1), ("", 0, 2), ("Wanasari", 0, 0)],
)
def test_what_teaches_nothing_is_left_out(taught):
    known = [taught, ("Kalisari", 0, 1)]
    assert found(known, "Pandanmulyo", 0)[0] == NONE
    assert found(known, "Wanasari", 0)[0] == NONE


def test_differing_decisions_about_one_spelling_teach_nothing():
    taught = [("Pandanmulyo", 0, 2), ("Pandanmulyo", 0, 1), ("Kalisari", 0, 1)]
    assert found(taught, "Pandanmulyo", 0)[0] == NONE

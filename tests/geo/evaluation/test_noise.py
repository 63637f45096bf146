"""The kinds of noise: what they change, what they keep, and that positions written still are the position."""

import re

import numpy as np
import pandas as pd
import pytest

from geo.boundaries import Boundaries
from geo.crs import to_degrees
from geo.evaluation import kind_names
from geo.evaluation.drafts import WRITTEN, clean_draft
from geo.evaluation.ground import Ground, across_border, make_houses, utm
from geo.evaluation.judge import judge
from geo.evaluation.measuring import KINDS, STRENGTHS
from geo.evaluation.mixture import OFFICES, mix
from geo.evaluation.positions import House
from geo.evaluation.spelling import CORE
from geo.evaluation.writings import WRITINGS, write

HOUSE = House(-6.889123, 109.671234, 353_182.0, 9_238_293.0, 49, 0.5)


@pytest.fixture(scope="module")
def ground(district: Boundaries) -> Ground:
    return Ground.of(district, 100.0)


@pytest.fixture
def draft(ground) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return clean_draft(ground, make_houses(ground, rng.integers(0, len(ground.desa), 200), rng))


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("kind", [kind for kind in kind_names() if kind != "mix"])
def test_every_kind_gives_text_and_is_judged(ground, draft, kind, strength):
    part, name = kind.split(".")
    noisy = KINDS[part][name](ground, draft, strength, np.random.default_rng(4))
    assert noisy.index.isin(draft.index).all()
    assert noisy[list(WRITTEN)].map(lambda cell: isinstance(cell, str)).all(axis=None)
    if name not in {"numbers", "glides", "truncated"}:  # the small district has few such names
        assert not noisy.empty
        assert not noisy[list(WRITTEN)].equals(draft.loc[noisy.index, list(WRITTEN)])
    assert judge(noisy, ground).isin(["resolvable", "open", "unsure", "void"]).all()


@pytest.mark.parametrize("office", OFFICES)
def test_the_mix_keeps_its_rows_and_is_the_same_for_the_same_dice(ground, draft, office):
    once, again = (mix(ground, draft, office, 3, np.random.default_rng(5)) for _ in range(2))
    pd.testing.assert_frame_equal(once, again)
    assert once.index.equals(draft.index)
    assert not once.loc[once["elsewhere"], ["lintang", "koordinat", "kode"]].any(axis=None)


@pytest.mark.parametrize(
    ("kind", "name", "strength", "possible"),
    [
        ("dutch", "Sukojoyo", 3, {"Soekodjojo"}),
        ("javanese", "Wonosari", 1, {"Wanasari"}),
        ("glides", "Petungkriyono", 1, {"Petungkriono", "Petungkriyana"}),
        ("glued", "Wonokerto Kulon", 1, {"Wonokertokulon"}),
        ("hyphen", "Api-Api", 3, {"Api Api", "Api2", "Api-api"}),
        ("numbers", "Sukamaju II", 1, {"Sukamaju 2"}),
        ("numbers", "Sukamaju 3", 1, {"Sukamaju III"}),
        ("numbers", "Doro", 1, {"Doro"}),
        ("truncated", "Doro", 3, {"Doro"}),
    ],
)
def test_names_are_changed_as_people_change_them(kind, name, strength, possible):
    assert {CORE[kind](name, strength, np.random.default_rng(seed)) for seed in range(20)} <= possible


def test_one_typing_error_is_one():
    from rapidfuzz.distance import OSA  # noqa: PLC0415  -- only this test needs it

    slips = [CORE["letters"]("Kedungwuni", 1, np.random.default_rng(seed)).lower() for seed in range(100)]
    assert {OSA.distance("kedungwuni", slip) for slip in slips} <= {0, 1}
    assert all(
        CORE["letters"]("Suka Maju II", 3, np.random.default_rng(seed)).endswith(" II") for seed in range(20)
    )


@pytest.mark.parametrize(
    "kind", [kind for kind in WRITINGS if kind in {"plain", "comma", "letters", "one_cell"}]
)
def test_decimal_degrees_hold_the_position(kind):
    for seed in range(30):
        text = " ".join(write(kind, [HOUSE], 3, np.random.default_rng(seed))[0])
        numbers = sorted(float(part.replace(",", ".")) for part in re.findall(r"\d+[.,]\d+", text))
        assert numbers == pytest.approx([6.889123, 109.671234], abs=1e-5)


def test_degrees_minutes_and_seconds_hold_the_position():
    for seed in range(60):
        for text, true in zip(
            write("dms", [HOUSE], 3, np.random.default_rng(seed))[0], HOUSE[:2], strict=False
        ):
            degrees, minutes, seconds = (
                float(part.replace(",", ".")) for part in re.findall(r"[\d.,]*\d", text)
            )
            assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(abs(true), abs=2e-5)


def test_utm_is_in_the_zone_of_the_house():
    lon, lat = np.array([107.9, 108.1, 97.0]), np.array([-6.9, -6.9, 3.5])
    east, north, zone = utm(lon, lat)
    assert zone.tolist() == [48, 49, 47]
    assert east[0] == pytest.approx(820_000, abs=2_000)
    assert north[2] < 1_000_000 < north[0]


def test_houses_lie_in_their_desa_and_slip_only_a_little_across_its_border(ground):
    places = np.repeat(np.arange(len(ground.desa)), 20)
    rng = np.random.default_rng(6)
    houses = make_houses(ground, places, rng)
    assert (ground.to_desa(houses["lon"].to_numpy(), houses["lat"].to_numpy(), places) == 0).all()
    lon, lat = across_border(ground, houses, 60.0, rng)
    found = np.isfinite(lon)
    assert found.mean() > 0.8
    off = ground.to_desa(lon[found], lat[found], places[found])
    assert ((off > 30) & (off < 62)).all()
    whole = ground.desa.geometry.union_all()
    assert whole.buffer(1e-9).contains(ground.desa.geometry.from_xy(lon[found], lat[found]).union_all())


def test_metres_and_degrees_agree(ground):
    x, y = to_degrees(*ground.polygons[0].representative_point().coords[0], ground.crs)
    assert ground.to_desa(np.atleast_1d(x), np.atleast_1d(y), np.array([0]))[0] == 0

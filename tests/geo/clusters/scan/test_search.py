"""The quick search must find, of every replicate, exactly the greatest ratio of all circles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clusters.scan import search, windows
from geo.clusters.scan.likelihood import Model, Thresholds
from geo.clusters.scan.replicates import draw
from geo.clusters.scan.search import greatest
from geo.clusters.scan.windows import TIE, Places, nested


def plain(model: Model, places: Places, replicates: np.ndarray) -> np.ndarray:
    """Return the greatest ratio of each replicate as the definition says it: every circle, every replicate."""
    best = np.zeros(len(replicates))
    for centre in places.centres:
        away = ((places.points - places.points[centre]) ** 2).sum(axis=1)
        order = np.argsort(away, kind="stable")
        inside = np.cumsum(places.population[order])
        cases = np.cumsum(replicates[:, order], axis=1)
        ends = np.append(np.diff(away[order]) > away[order][:-1] * TIE, True)
        ends &= inside <= places.limit * (1 + TIE)
        if ends.any():
            best = np.maximum(best, model.llr(cases[:, ends], inside[ends]).max(axis=1))
    return best


@st.composite
def scans(draw_one):
    count = draw_one(st.integers(2, 40))
    whole = draw_one(st.booleans())
    position = st.integers(0, 6) if whole else st.floats(0, 5e4, allow_nan=False)
    points = draw_one(st.lists(st.tuples(position, position), min_size=count, max_size=count))
    most = draw_one(st.sampled_from([2, 12, 400]))
    population = np.array(
        draw_one(st.lists(st.integers(0, most), min_size=count, max_size=count)), dtype=float
    )
    population[0] += 2
    name = draw_one(st.sampled_from(["Poisson", "Bernoulli"]))
    total = float(population.sum())
    cases = draw_one(st.integers(1, int(total)))
    rates = draw_one(st.sampled_from(["high", "high", "low", "both"]))
    model = Model(name, cases, total, rates, draw_one(st.integers(0, 3)))
    share = draw_one(st.sampled_from([0.1, 0.5, 0.95]))
    return model, Places(
        np.array(points, dtype=float), population, np.zeros(count), np.arange(count), share * total
    )


@given(scans(), st.integers(0, 2**32))
def test_the_quick_search_finds_the_greatest_ratio(scan, seed):
    model, places = scan
    replicates = np.concatenate(draw(model, places.population, 60, seed))
    np.testing.assert_allclose(
        greatest(model, places, 60, seed), plain(model, places, replicates), rtol=0, atol=1e-9
    )


@pytest.mark.parametrize("name", ["Poisson", "Bernoulli"])
@pytest.mark.parametrize(("run", "chunk", "held"), [(0.5, 500_000, 10**8), (4.0, 3_000, 1)])
def test_long_runs_small_pieces_and_several_rounds_change_nothing(monkeypatch, name, run, chunk, held):
    random = np.random.default_rng(1)
    points, population = random.uniform(0, 1e4, (200, 2)), random.integers(1, 60, 200).astype(float)
    model = Model(name, int(population.sum() * 0.3), float(population.sum()))
    places = Places(points, population, np.zeros(200), np.arange(200), population.sum() / 2)
    monkeypatch.setattr(windows, "RUN", run)
    monkeypatch.setattr(search, "CHUNK", chunk)
    monkeypatch.setattr(search, "HELD", held)
    monkeypatch.setattr(search, "AT_ONCE", chunk)
    replicates = np.concatenate(draw(model, population, 600, 7))
    np.testing.assert_allclose(
        greatest(model, places, 600, 7), plain(model, places, replicates), rtol=0, atol=1e-9
    )


def test_counts_beyond_sixteen_bits_are_counted_exactly():
    random = np.random.default_rng(2)
    points, population = random.uniform(0, 1e4, (30, 2)), random.integers(1, 10, 30) * 1e8
    model = Model("Poisson", 2_000_000_000, float(population.sum()))
    places = Places(points, population, np.zeros(30), np.arange(30), population.sum() / 2)
    replicates = np.concatenate(draw(model, population, 20, 3))
    np.testing.assert_allclose(greatest(model, places, 20, 3), plain(model, places, replicates), atol=1e-6)


@given(scans(), st.floats(0.01, 30))
def test_thresholds_let_every_better_circle_through(scan, ratio):
    model, _ = scan
    population = np.unique(np.rint(np.linspace(0, model.population, 50)[1:-1]))
    population = population[(population > 0) & (population < model.population)]
    thresholds = Thresholds(model, model.population)
    place = thresholds.place(population)
    cases = np.unique(np.linspace(0, model.cases, 60).astype(int))[:, None]
    better = model.llr(cases, population) > ratio
    if model.name == "Bernoulli":
        better &= (cases <= population) & (model.cases - cases <= model.population - population)
    high = cases > model.expected(population)
    assert (thresholds.high(ratio)[place] <= cases)[better & high].all()
    assert (thresholds.low(ratio)[place] >= cases)[better & ~high].all()


def test_the_nearest_places_give_the_same_circles_as_all():
    random = np.random.default_rng(4)
    points, population = random.uniform(0, 1e4, (500, 2)), random.integers(1, 9, 500).astype(float)
    places = Places(points, population, np.zeros(500), np.arange(500), 0.1 * population.sum())
    part, whole = nested(places, np.arange(20)), windows._nested(places, np.arange(20), 500)
    assert part.order.shape[1] < 500
    assert (part.length == whole.length).all()
    for row, length in enumerate(part.length):
        assert (part.order[row, :length] == whole.order[row, :length]).all()
        assert (part.is_circle[row, :length] == whole.is_circle[row, :length]).all()


def test_a_few_huge_places_do_not_hide_the_small_ones():
    random = np.random.default_rng(5)
    points = random.uniform(0, 1e4, (300, 2))
    population = np.where(np.arange(300) < 5, 10_000.0, 1.0)
    places = Places(points, population, np.zeros(300), np.arange(300), 0.01 * population.sum())
    model = Model("Bernoulli", 500, float(population.sum()))
    replicates = np.concatenate(draw(model, population, 50, 1))
    np.testing.assert_allclose(
        greatest(model, places, 50, 1), plain(model, places, replicates), rtol=0, atol=1e-9
    )

"""One trial: what is invented is as told, and what is found is judged by it."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from geo.boundaries import Boundaries
from geo.evaluation.clusters import OURS, Finding, Scenario, World, run_trials, scenarios, trials
from geo.evaluation.clusters.trials import Plan, invent, judged, one_run
from geo.settings import HotSpotSettings, ScanSettings, Settings

FEW = Settings(
    hot_spots=HotSpotSettings(permutations=99), scan=ScanSettings(replicates=99, household_replicates=99)
)


@pytest.fixture(scope="module")
def plan(district: Boundaries) -> Plan:
    return Plan(World.of(district, FEW), FEW, OURS, households=1200, seed=5)


def marked(marks: np.ndarray, *rows: int) -> np.ndarray:
    found = np.zeros_like(marks)
    found[list(rows)] = True
    return found


def test_without_clustering_the_number_of_the_needy_is_fixed_and_nothing_is_planted(plan):
    for run in range(3):
        trial = invent(plan, Scenario("null", "uneven", 0.2), run)
        assert trial.need.sum() == 240
        assert not trial.planted.any()
        assert trial.desa["rtlh_need"].sum() == 240


def test_need_is_as_much_more_common_in_what_is_planted(plan):
    inside, outside = [], []
    for run in range(30):
        trial = invent(plan, Scenario("planted", "uneven", 0.2, 3.0), run)
        lives = trial.planted[trial.households["place"]]
        inside += trial.need[lives].tolist()
        outside += trial.need[~lives].tolist()
    assert np.mean(inside) == pytest.approx(0.6, abs=0.03)
    assert np.mean(outside) == pytest.approx(0.2, abs=0.03)


def test_a_planted_hamlet_is_a_group_of_neighbouring_houses(plan):
    trial = invent(plan, Scenario("hamlet", "uneven", 0.2, 3.0), 0)
    assert len(trial.planted) == len(trial.households)
    assert 25 <= trial.planted.sum() <= 60
    metres = trial.households.geometry.to_crs(trial.world.ground.crs)
    hull = metres[trial.planted].union_all().convex_hull
    assert metres.within(hull).sum() < 2 * trial.planted.sum()


def test_the_same_run_is_the_same_and_another_is_another(plan):
    scenario = Scenario("null", "clustered", 0.2)
    one, again, other = (invent(plan, scenario, run) for run in (0, 0, 1))
    assert (one.need == again.need).all()
    assert one.households.geometry.geom_equals(again.households.geometry).all()
    assert len(one.need) != len(other.need) or (one.need != other.need).any()
    assert one_run(plan, scenario, 0) == one_run(plan, scenario, 0)


def test_found_is_compared_with_planted(plan):
    trial = invent(plan, Scenario("planted", "uneven", 0.2, 2.0), 1)
    inside, outside = np.flatnonzero(trial.planted), np.flatnonzero(~trial.planted)
    border = trial.world.neighbours.matrix @ trial.planted.astype(float) > 0
    said = judged(trial, Finding(marked(trial.planted, *inside[:2], outside[0])))
    assert said["inside"]
    assert said["overlap"] == pytest.approx(2 / (len(inside) + 1))
    assert said["outside"] == 1
    assert said["apart"] == int(not border[outside[0]])
    nothing = judged(trial, Finding(marked(trial.planted)))
    assert (nothing["hot"], nothing["any"], nothing["inside"], nothing["overlap"]) == (False, False, False, 0)
    assert judged(trial, Finding(marked(trial.planted), lower=True))["any"]


def test_of_a_hamlet_the_needy_houses_count(plan):
    trial = invent(plan, Scenario("hamlet", "uneven", 0.2, 3.0), 0)
    everybody = Finding.of_houses(trial, np.ones(len(trial.planted), dtype=bool), 1)
    said = judged(trial, everybody)
    needy = trial.need.sum()
    assert said["overlap"] == pytest.approx((trial.planted & trial.need).sum() / needy)
    assert said["outside"] == needy - (trial.planted & trial.need).sum()
    assert everybody.desa.sum() == trial.households["place"].nunique()


def test_every_method_is_asked_where_it_has_its_say(plan):
    rows = run_trials(plan, scenarios(), 1)
    asked = rows.groupby("group")["method"].agg(set)
    assert asked["null"] == asked["planted"] == {"Gi*", "local Moran", "scan of desa"}
    assert asked["houses"] == asked["hamlet"] == {"scan of houses"}
    assert asked["stacked"] == {"scan of houses", "kantong"}
    assert not rows.loc[rows["method"] == "kantong", "hot"].any()


def test_a_glaring_cluster_is_found(district):
    settings = FEW.model_copy(update={"hot_spots": HotSpotSettings(permutations=9999)})
    plan = Plan(World.of(district, settings), settings, OURS, households=6000, seed=1)
    rows = run_trials(plan, [Scenario("hamlet", "uneven", 0.05, 19.0)], 2)
    assert rows["inside"].all()
    assert (rows["overlap"] > 0.5).all()


def test_another_process_says_the_same(plan, monkeypatch):
    monkeypatch.setattr(trials, "_SHARED", [])
    trials._begin(pickle.loads(pickle.dumps(plan)))  # noqa: S301  -- just written
    scenario = Scenario("stacked", "uneven", 0.2)
    assert trials._one_run((scenario, 1)) == one_run(plan, scenario, 1)


def test_the_sizes_of_a_register_are_kept(plan):
    sizes = np.arange(8) * 20
    trial = invent(replace(plan, sizes=sizes), Scenario("null", "register", 0.2), 0)
    assert trial.desa["rtlh_known"].tolist() == sizes.tolist()
    assert trial.need.sum() == 112
    assert any(scenario.sizes == "register" for scenario in scenarios(register=True))
    assert not any(scenario.sizes == "register" for scenario in scenarios())

"""On common ground spopt finds the same: costs alike, plans alike in worth."""

import warnings

import numpy as np
import pytest

from geoengine import siting
from geoengine.siting import Problem, costs_of

POINTS, SITES, K = 40, 12, 4


@pytest.fixture(scope="module")
def ground():
    rng = np.random.default_rng(7)
    homes, places = rng.uniform(0, 9000, (POINTS, 2)), rng.uniform(0, 9000, (SITES, 2))
    costs = np.hypot(*(homes[:, None] - places[None]).transpose(2, 0, 1))
    return costs, rng.integers(1, 90, POINTS).astype(float)


def theirs(model, *told, **named):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp
        from spopt import locate

        built = getattr(locate, model).from_cost_matrix(*told, **named)
        solved = built.solve(pulp.HiGHS(msg=False))
        return pulp.value(solved.problem.objective)


def test_the_p_median(ground):
    costs, people = ground
    plan = siting.PMedian().solve(Problem(costs_of(costs), people, k=K))
    assert plan.objective == pytest.approx(
        theirs("PMedian", costs, people, p_facilities=K), rel=1e-6
    )


def test_maximal_covering(ground):
    costs, people = ground
    plan = siting.MaxCover(cutoff=2000.0).solve(Problem(costs_of(costs), people, k=K))
    assert plan.objective == pytest.approx(
        theirs("MCLP", costs, people, service_radius=2000, p_facilities=K), rel=1e-6
    )


def test_set_covering(ground):
    costs, people = ground
    radius = float(costs.min(axis=1).max()) + 500
    plan = siting.SetCover(cutoff=radius).solve(Problem(costs_of(costs), people))
    assert plan.objective == theirs("LSCP", costs, service_radius=radius)


def test_the_p_centre(ground):
    costs, people = ground
    plan = siting.PCentre().solve(Problem(costs_of(costs), people, k=K))
    assert plan.objective == pytest.approx(theirs("PCenter", costs, p_facilities=K), rel=1e-6)


def test_threads_that_another_library_has_set_up_do_not_matter():
    import highspy

    def count_of(threads):
        highspy.Highs.resetGlobalScheduler(True)
        solver = highspy.Highs()
        solver.silent()
        solver.setOptionValue("threads", threads)
        solver.addVars(1, np.zeros(1), np.ones(1))
        solver.run()
        distance = np.random.default_rng(3).uniform(0, 10, (200, 40))
        plan = siting.SetCover(cutoff=3.0).solve(Problem(costs_of(distance), np.ones(200)))
        return plan.objective, plan.gap, plan.sites.tolist()

    assert count_of(2) == count_of(1)

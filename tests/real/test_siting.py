"""Published optima of siting problems: the OR-Library's, and those of San Francisco's stores."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse.csgraph import floyd_warshall

from geoengine import siting
from geoengine.siting import Problem, costs_of

OPTIMA = [5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255]
"""Of pmed1 to pmed10 (Beasley 1985, doi:10.1016/0377-2217(85)90073-2)."""


@pytest.fixture(scope="module")
def published(real_data):
    folder = real_data / "statistics"
    if not folder.is_dir():
        pytest.skip(f"the published siting problems are not here ({folder})")
    return folder


def or_library(path):
    """Return the p-median problem of a file; of edges that stand twice the last counts."""
    points, _, k = np.loadtxt(path, max_rows=1, dtype=int)
    length = np.full((points, points), np.inf)
    for u, v, metres in np.loadtxt(path, skiprows=1, dtype=int):
        length[u - 1, v - 1] = length[v - 1, u - 1] = metres
    distance = floyd_warshall(length)
    return Problem(costs_of(distance), np.ones(points), k=int(k))


@pytest.mark.parametrize("number", range(1, 11))
def test_the_p_medians_of_the_or_library_are_found_and_proven(published, number):
    plan = siting.PMedian().solve(or_library(published / "orlib_pmedian" / f"pmed{number}.txt"))
    assert plan.objective == OPTIMA[number - 1]
    assert plan.lower == plan.upper
    assert plan.stopped == "finished"


@pytest.fixture(scope="module")
def stores(published):
    table = pd.read_csv(
        published / "spopt_sf" / "SF_network_distance_candidateStore_16_censusTract_205_new.csv",
        dtype={"DestinationName": str},
    )
    distance = table.pivot_table(index="DestinationName", columns="name", values="distance")
    people = table.groupby("DestinationName")["demand"].first().reindex(distance.index)

    def problem(k=None):
        return Problem(
            costs_of(distance.to_numpy()), people.to_numpy(float), k=k,
            site_ids=tuple(distance.columns),
        )  # fmt: skip

    return problem


def names(plan):
    return [plan.problem.site_name(j) for j in plan.sites]


def test_eight_stores_cover_san_francisco_in_eight_ways(stores):
    plan = siting.SetCover(cutoff=5000.0).solve(stores())
    assert plan.objective == 8
    assert plan.gap == 0
    others = siting.alternatives(plan)
    assert others.complete
    assert others.open_site.shape == (8, 16)
    assert set(others.open_site.sum(axis=1)) == {8}
    always = {plan.problem.site_name(j) for j in np.flatnonzero(others.share == 1)}
    assert always == {"Store_11", "Store_12", "Store_14", "Store_3", "Store_6", "Store_7"}


def test_four_stores_of_san_francisco_are_those_found_by_brute_force(stores):
    best = ["Store_11", "Store_12", "Store_15", "Store_2"]
    cover = siting.MaxCover(cutoff=5000.0).solve(stores(4))
    assert (cover.objective, names(cover), cover.gap) == (875_247, best, 0)
    median = siting.PMedian().solve(stores(4))
    assert median.objective == pytest.approx(2_848_268_129.7145104, rel=1e-12)
    assert (names(median), median.gap) == (best, 0)
    centre = siting.PCentre().solve(stores(4))
    assert centre.objective == pytest.approx(7_403.063810849859, rel=1e-12)
    assert centre.gap == 0
    assert siting.Leximin().solve(stores(4)).objective == centre.objective

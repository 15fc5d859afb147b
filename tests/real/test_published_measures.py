"""Measures give the values that others published for real places."""

import numpy as np
import pandas as pd
import pytest

from geoengine import decay, equity
from geoengine.accessibility import (
    balanced_floating_catchment,
    balancing_time,
    cumulative,
    cumulative_over,
    pair_up,
    rational_agent_access,
    spatial_availability,
    stepwise_agent_access,
    time_to_reach,
    two_step_floating_catchment,
)

# The five cells that ipeaGIT/accessibility's own tests look at.
FIVE = ["89a88cdb57bffff", "89a88cdb597ffff", "89a88cdb5b3ffff", "89a88cdb5cfffff",
        "89a88cd909bffff"]  # fmt: skip


class Place:
    """Belo Horizonte: cells, and minutes between them by public transport."""

    def __init__(self, folder):
        self.cells = pd.read_csv(folder / "land_use_data.csv").set_index("id")
        self.matrix = pd.read_parquet(folder / "travel_matrix.parquet")

    def among(self, origins, destinations=None):
        """Return pairs between the cells named, by default to all cells."""
        to = list(self.cells.index if destinations is None else destinations)
        rows = self.matrix[self.matrix["from_id"].isin(origins) & self.matrix["to_id"].isin(to)]
        return pair_up(
            pd.Index(origins).get_indexer(rows["from_id"]),
            pd.Index(to).get_indexer(rows["to_id"]),
            rows["travel_time"].to_numpy(dtype=float) * 60,
            origins=len(origins),
            destinations=len(to),
        )

    def amounts(self, column, cells=None):
        return self.cells.loc[cells or list(self.cells.index), column].to_numpy(dtype=float)


@pytest.fixture(scope="module")
def place(real_data):
    folder = real_data / "belo_horizonte"
    if not folder.is_dir():
        pytest.skip(f"Belo Horizonte is not here (no folder {folder})")
    return Place(folder)


@pytest.fixture
def five(place):
    return place.among(FIVE, FIVE), place.amounts("jobs", FIVE), place.amounts("population", FIVE)


def test_jobs_are_shared_in_two_steps_as_published(five):
    found = two_step_floating_catchment(*five, decay=decay.binary(45 * 60))
    assert found.round(4).tolist() == [0.0152, 0.1491, 0.1491, 0.1068, 0]


def test_jobs_are_shared_in_balance_as_published(five):
    found = balanced_floating_catchment(*five, decay=decay.binary(45 * 60))
    assert found.round(4).tolist() == [0.0094, 0.1993, 0.1993, 0.1147, 0]


def test_where_all_weights_are_one_everyone_has_alike(five):
    pairs, jobs, people = five
    found = two_step_floating_catchment(pairs, jobs, people, decay=np.ones_like)
    assert found.round(4).tolist() == [0.1108] * 5


def test_jobs_within_half_an_hour_are_as_published(five):
    pairs, jobs, _ = five
    assert cumulative(pairs, jobs, cutoff_s=1800).tolist() == [82, 408, 408, 109, 0]


def test_people_who_can_come_within_three_quarters_of_an_hour_are_as_published(five):
    pairs, _, people = five
    found = cumulative(pairs.turned(), people, cutoff_s=45 * 60)
    assert found.tolist() == [5404, 4552, 2363, 4552, 0]


@pytest.mark.parametrize(
    ("statistic", "published"),
    [("median", [82, 517, 517, 304, 0]), ("mean", [82, 512.5, 508, 304, 0])],
)
def test_jobs_over_an_interval_of_cutoffs_are_as_published(five, statistic, published):
    pairs, jobs, _ = five
    cutoffs = [60 * minute for minute in range(40, 46)]
    found = cumulative_over(pairs, jobs, cutoffs_s=cutoffs, statistic=statistic)
    assert np.trunc(found * 2).tolist() == [np.trunc(value * 2) for value in published]


def test_the_time_to_the_closest_school_is_as_published(place, five):
    schools = place.amounts("schools", FIVE)
    found = time_to_reach(five[0], schools, 1) / 60
    assert found.round(6).tolist() == [47, 5.8, 13, 43, 70]


def test_the_time_from_the_closest_person_is_as_published(five):
    pairs, _, people = five
    found = time_to_reach(pairs.turned(), people, 1) / 60
    assert found.round(6).tolist() == [5.8, 5.8, 5.8, 5.8, 58]


def test_the_time_to_as_many_jobs_as_people_is_as_published(place):
    cells = ["89a88cda64fffff", "89a88cdb027ffff", "89a88cdb12bffff", "89a88cdb287ffff",
             "89a88cdb67bffff"]  # fmt: skip
    found = balancing_time(
        place.among(cells, cells), place.amounts("jobs", cells), place.amounts("population", cells)
    )
    assert np.ceil(found / 60).tolist() == [42, 6, 27, 6, 20]


def test_spatial_availability_is_as_in_its_paper():
    minutes = np.array([[15, 30, 100], [30, 15, 100], [100, 100, 15.0]])
    origin, destination = np.divmod(np.arange(9), 3)
    pairs = pair_up(origin, destination, minutes.ravel() * 60, origins=3, destinations=3)
    found = spatial_availability(
        pairs,
        np.array([100_000, 100_000, 10_000.0]),
        np.array([50_000, 150_000, 10_000.0]),
        decay=decay.exponential(0.1),
    )
    assert found.round().tolist() == [66_833, 133_203, 9_963]


def test_spatial_availability_with_all_weights_one_is_as_published(five):
    pairs, jobs, people = five
    found = spatial_availability(pairs, jobs, people, decay=np.ones_like)
    assert found.round().tolist() == [94, 44, 218, 243, 0]


@pytest.mark.parametrize(("per_min", "published"), [(0.5, [14.11, 28.02]), (0.6, [6.59, 13.4])])
def test_gravity_is_as_published(place, per_min, published):
    from geoengine.accessibility import gravity

    found = gravity(place.among(FIVE[:2]), place.amounts("jobs"), decay=decay.exponential(per_min))
    assert found.round(2).tolist() == published


class TestEquity:
    """Jobs within half an hour of five cells, or of four of them."""

    @pytest.fixture
    def jobs(self, place):
        return cumulative(place.among(FIVE), place.amounts("jobs"), cutoff_s=1800)

    @pytest.fixture
    def people(self, place):
        return place.amounts("population", FIVE)

    @pytest.fixture(params=[5, 4], ids=["five cells", "without one"])
    def case(self, request, jobs, people, place):
        there = np.array([request.param == 5 or cell != "89a88cdb5cfffff" for cell in FIVE])
        income = place.amounts("income_per_capita", FIVE)
        return request.param == 5, jobs[there], people[there], income[there]

    def test_gini(self, case):
        five, jobs, people, _ = case
        assert round(equity.gini(jobs, people), 4) == (0.1386 if five else 0.1148)

    def test_palma(self, case, place):
        five, jobs, *_ = case
        there = [cell for cell in FIVE if five or cell != "89a88cdb5cfffff"]
        access = pd.Series(jobs, there).reindex(place.cells.index).to_numpy()
        found = equity.palma_ratio(
            access, place.amounts("population"), place.amounts("income_per_capita")
        )
        assert round(found, 4) == (1.0911 if five else 0.5249)

    def test_concentration(self, case):
        five, *figures = case
        assert round(equity.concentration_index(*figures), 4) == (-0.0248 if five else -0.1148)
        corrected = equity.concentration_index(*figures, corrected=True)
        assert round(corrected, 4) == (-0.1314 if five else -0.8282)

    def test_poverty(self, case):
        five, jobs, people, _ = case
        found = [round(figure, 4) for figure in equity.poverty(jobs, people, line=100_000)]
        assert found == ([1, 0.5588, 0.3256] if five else [1, 0.6367, 0.4129])

    def test_theil(self, place):
        cells = ["89a88cd900bffff", *FIVE[:4]]
        jobs = cumulative(place.among(cells), place.amounts("jobs"), cutoff_s=1800)
        deciles = place.cells.loc[cells, "income_decile"]
        found = equity.theil(jobs, place.amounts("population", cells), deciles)
        parts = [round(part, 4) for part in (found.between, found.within, found.total)]
        assert parts == [0.0515, 0.0337, 0.0852]
        by_decile = found.by_group.round(4)
        assert by_decile["between"].tolist() == [0.0243, -0.0579, -0.0042, 0.0894]
        assert by_decile["within"].tolist() == [0, 0, 0, 0.0337]


@pytest.fixture(scope="module")
def chicago(real_data):
    geopandas = pytest.importorskip("geopandas")
    folder = real_data / "access_chicago"
    if not folder.is_dir():
        pytest.skip(f"Chicago is not here (no folder {folder})")
    supply = geopandas.read_file(folder / "doc.geojson").to_crs("EPSG:2790")
    demand = geopandas.read_file(folder / "pop.geojson").to_crs("EPSG:2790")
    east = demand.geometry.x.to_numpy()[:, None] - supply.geometry.x.to_numpy()
    north = demand.geometry.y.to_numpy()[:, None] - supply.geometry.y.to_numpy()
    distance_m = np.hypot(east, north)
    origin, destination = np.nonzero(distance_m < 250_000)
    pairs = pair_up(
        origin,
        destination,
        distance_m[origin, destination],
        origins=len(demand),
        destinations=len(supply),
    )
    assert len(pairs.seconds) == 3_724_900
    return pairs, supply, demand


@pytest.mark.parametrize(
    ("who", "published"),
    [
        ("doc", [0.837117, 0.836282, 0.842233, 0.859648, 0.893507]),
        ("dentist", [0.881353, 0.899506, 0.878215, 0.891032, 0.883204]),
    ],
)
def test_the_cost_of_access_to_chicagos_doctors_is_as_published(chicago, who, published):
    pairs, supply, demand = chicago
    people = demand["pop"].to_numpy(dtype=float)
    found = stepwise_agent_access(pairs, supply[who].to_numpy(dtype=float), people, tau_s=1e5)
    assert demand["geoid"].iloc[:5].tolist() == [
        17031010100, 17031010201, 17031010202, 17031010300, 17031010400,
    ]  # fmt: skip
    assert found[:5].round(6).tolist() == published


def test_when_chicagos_patients_have_settled_nobody_gains_by_moving(chicago):
    pairs, supply, demand = chicago
    doctors, people = supply["doc"].to_numpy(dtype=float), demand["pop"].to_numpy(dtype=float)
    found = rational_agent_access(pairs, doctors, people, tau_s=1e5, tolerance=0.02)
    again = rational_agent_access(pairs, doctors, people, tau_s=1e5, tolerance=0.01)
    assert np.abs(found - again).max() < 0.02
    assert np.average(found, weights=people) == pytest.approx(
        np.average(again, weights=people), abs=1e-3
    )

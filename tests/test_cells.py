"""Cells cover the study area, and no street, time or person is lost on the way into them."""

import h3
import numpy as np
import pytest
import shapely

from geoengine import cells

CRS = "EPSG:27700"
X, Y = 326_000.0, 372_000.0


def spread(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    return X + rng.uniform(0, 3000, count), Y + rng.uniform(0, 3000, count)


@pytest.mark.parametrize("resolution", [8, 9, 10])
def test_every_place_in_the_area_lies_in_a_cell_of_the_cover(resolution: int) -> None:
    coast = shapely.Polygon([(X, Y), (X + 3000, Y + 200), (X + 2000, Y + 2500), (X + 100, Y + 900)])
    island = shapely.Point(X + 4000, Y).buffer(20)
    area = shapely.union(coast, island)
    found = cells.cover(area, crs=CRS, resolution=resolution)
    assert area.difference(shapely.union_all(found.geometry)).area < 1e-3
    assert (found.geometry.intersection(area).area > 0).all()
    assert found.index.is_monotonic_increasing
    assert set(found["resolution"]) == {resolution}


def test_areas_given_apart_are_covered_together() -> None:
    left, right = shapely.box(X, Y, X + 500, Y + 500), shapely.box(X + 500, Y, X + 900, Y + 500)
    together = cells.cover(shapely.union(left, right), crs=CRS, resolution=10)
    apart = cells.cover(np.array([left, right]), crs=CRS, resolution=10)
    assert apart.index.equals(together.index)


def test_neighbouring_cells_leave_no_gap_and_do_not_overlap() -> None:
    found = cells.cover(shapely.Point(X, Y).buffer(1500), crs=CRS, resolution=9)
    whole = shapely.union_all(found.geometry)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert found.area.sum() == pytest.approx(whole.area, rel=1e-9)


def test_a_point_lies_inside_the_cell_it_is_located_in() -> None:
    x, y = spread(np.random.default_rng(1), 500)
    found = cells.locate(x, y, crs=CRS, resolution=9)
    hexagons = cells.outlines(found, crs=CRS)
    # Edges are straight in longitude and latitude, so the drawn ones are a hair off.
    assert (shapely.distance(hexagons, shapely.points(x, y)) < 0.05).all()


@pytest.mark.parametrize(
    ("km2", "resolution"), [(0.5, 10), (250, 10), (350, 9), (2_000, 9), (3_000, 8), (240_000, 6)]
)
def test_larger_areas_have_larger_cells(km2: float, resolution: int) -> None:
    assert cells.resolution_for(km2 * 1e6) == resolution
    assert km2 * 1e6 / h3.average_hexagon_area(resolution, unit="m^2") <= 20_000


def here(count: int, *, east: float = 0.0) -> np.ndarray:
    return cells.locate(np.full(count, X + east), np.full(count, Y), crs=CRS, resolution=9)


def test_a_cell_that_is_reached_in_part_says_how_much_is_not() -> None:
    found = cells.summarise(here(4), np.array([2.0, 4.0, np.inf, 9.0]), crs=CRS).iloc[0]
    assert (found["minutes_min"], found["minutes_mean"], found["minutes_max"]) == (2, 5, 9)
    assert found["share_unreachable"] == 0.25
    assert found["points"] == 4


def test_a_cell_that_nobody_reaches_is_unreachable_and_not_zero() -> None:
    found = cells.summarise(here(2), np.array([np.inf, np.inf]), crs=CRS).iloc[0]
    assert found[["minutes_min", "minutes_mean", "minutes_max"]].tolist() == [np.inf] * 3
    assert found["share_unreachable"] == 1


def test_people_without_a_street_keep_their_cell_but_have_no_time() -> None:
    found = cells.summarise(
        here(1), np.array([3.0]), crs=CRS, home=here(2, east=2000), people=np.array([10.0, 2.5])
    )
    assert found["people"].sum() == 12.5
    lonely = found[found["people"] > 0].iloc[0]
    assert np.isnan(lonely[["minutes_min", "minutes_mean", "minutes_max"]].astype(float)).all()
    assert np.isnan(lonely["share_unreachable"])
    assert lonely["points"] == 0


def test_a_time_that_is_not_known_counts_for_nothing() -> None:
    found = cells.summarise(here(3), np.array([1.0, np.nan, 3.0]), crs=CRS).iloc[0]
    assert (found["points"], found["minutes_mean"], found["share_unreachable"]) == (2, 2, 0)


def test_nothing_makes_no_cells() -> None:
    found = cells.summarise(here(0), np.empty(0), crs=CRS)
    assert len(found) == 0
    assert found.crs == CRS


@pytest.mark.parametrize("seed", range(5))
def test_no_point_and_nobody_is_created_or_lost(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cell = cells.locate(*spread(rng, 3000), crs=CRS, resolution=9)
    minutes = np.where(rng.random(3000) < 0.1, np.inf, rng.uniform(0, 60, 3000))
    home = cells.locate(*spread(rng, 200), crs=CRS, resolution=9)
    people = rng.integers(0, 30, 200).astype(float)
    found = cells.summarise(cell, minutes, crs=CRS, home=home, people=people)
    assert found["points"].sum() == 3000
    assert found["people"].sum() == people.sum()
    reached = found[np.isfinite(found["minutes_mean"])]
    hits = reached["points"] * (1 - reached["share_unreachable"])
    total = (reached["minutes_mean"] * hits).sum()
    assert total == pytest.approx(minutes[np.isfinite(minutes)].sum())
    assert (reached["minutes_min"] <= reached["minutes_mean"] + 1e-9).all()
    assert (reached["minutes_mean"] <= reached["minutes_max"] + 1e-9).all()


def test_mistakes_are_refused() -> None:
    with pytest.raises(ValueError, match="EPSG:4326 is not a projected CRS"):
        cells.cover(shapely.box(-3, 53, -2, 54), crs="EPSG:4326", resolution=9)
    with pytest.raises(ValueError, match="every point must have finite coordinates"):
        cells.locate(np.array([np.nan]), np.array([1.0]), crs=CRS, resolution=9)
    with pytest.raises(ValueError, match="2 cells and 1 times, or 0 homes and 0 numbers"):
        cells.summarise(here(2), np.array([1.0]), crs=CRS)
    with pytest.raises(ValueError, match="at least 0 minutes"):
        cells.summarise(here(1), np.array([-1.0]), crs=CRS)
    with pytest.raises(ValueError, match="area_m2 must be positive, not 0"):
        cells.resolution_for(0)

"""Lines around what is within limits: every square on its side, no two lines touching."""

from itertools import pairwise

import contourpy
import numpy as np
import pytest
import shapely

from geoengine.network.contours import rings

NEVER = 2**30
STEP = 40.0


def areas(time_ds, *limits, step_ds=STEP):
    """Return what the rings of each limit enclose, in squares, and check that they are sound."""
    point, first, limit, shell = rings(time_ds, np.array(limits), step_ds)
    made = [[] for _ in limits]
    lines = [point[a:b] for a, b in pairwise(first)]
    for i, line in enumerate(lines):
        assert shapely.LinearRing(line).is_ccw == (shell[i] == i)
        if shell[i] == i:
            holes = [lines[j] for j in np.flatnonzero(shell == i) if j != i]
            made[limit[i]].append(shapely.Polygon(line, holes))
    return [shapely.MultiPolygon(polygons) for polygons in made]


def framed(inner):
    return np.pad(np.asarray(inner, np.int32), 1, constant_values=NEVER)


def hilly(seed, size=40):
    """Draw times that rise and fall, with walls and pockets that are never reached."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:size, :size]
    time = 8 * np.hypot(x - rng.uniform(0, size), y - rng.uniform(0, size))
    time += rng.uniform(0, 60, time.shape) + 100 * np.sin(x / 3) * np.cos(y / 4)
    time[rng.random(time.shape) < 0.15] = NEVER
    return framed(np.maximum(time, 0))


def test_a_pocket_in_an_island_in_a_lake_is_told_from_both():
    land = np.zeros((9, 9), np.int32)
    land[1:8, 1:8] = NEVER
    land[3:6, 3:6] = 0
    land[4, 4] = NEVER
    [area] = areas(framed(land), 50)
    shore, island = sorted(area.geoms, key=lambda part: -part.envelope.area)
    assert (len(shore.interiors), len(island.interiors)) == (1, 1)
    assert shore.bounds == (0.5, 0.5, 9.5, 9.5)
    assert shapely.Polygon(shore.interiors[0]).bounds == (1.5, 1.5, 8.5, 8.5)
    assert island.bounds == (3.5, 3.5, 6.5, 6.5)


def test_a_line_crosses_where_the_time_is_used_up():
    # From 0 to 80 in one square, of which 20 are a quarter; never reached: half way.
    point, *_ = rings(framed([[0, 80]]), np.array([20]), 1000.0)
    assert sorted(x for x, y in point.tolist() if y == 1) == pytest.approx(
        [1 - 20 / (20 + 1000), 1.25]
    )


def test_corners_that_meet_across_are_joined_where_their_middle_is_within():
    joined, apart = ([[0, 70], [70, 0]], [[30, 90], [90, 30]])
    assert len(areas(framed(joined), 40)[0].geoms) == 1
    assert len(areas(framed(apart), 40)[0].geoms) == 2


@pytest.mark.parametrize("seed", range(30))
def test_every_square_is_on_its_side_and_shorter_lies_in_longer(seed):
    time = hilly(seed)
    limits = (60, 130, 131, 200)
    drawn = areas(time, *limits)
    y, x = np.mgrid[: time.shape[0], : time.shape[1]]
    for limit, area in zip(limits, drawn, strict=True):
        assert area.is_valid
        inside = shapely.contains_xy(area, x, y)
        assert (inside == (time <= limit)).all()
    for shorter, longer in pairwise(drawn):
        assert shapely.difference(shorter, longer).area < 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_the_lines_are_those_of_another_implementation(seed):
    time, limit = hilly(seed), 150
    late = np.clip(time.astype(float) - limit, -STEP, STEP)
    late[late == 0] = -1e-9
    drawn = contourpy.contour_generator(z=late, fill_type="OuterOffset").filled(-2 * STEP, 0.0)
    theirs = shapely.union_all(
        [
            shapely.Polygon(points[at[0] : at[1]], [points[a:b] for a, b in pairwise(at[1:])])
            for points, at in zip(*drawn, strict=True)
        ]
    )
    [ours] = areas(time, limit)
    # Ours keeps a 64th of a square away from where a line would run through one.
    assert shapely.symmetric_difference(ours, theirs).area < 0.002 * ours.area


def test_where_nothing_is_within_there_is_no_line():
    point, first, limit, shell = rings(framed([[NEVER]]), np.array([10]), STEP)
    assert (len(point), first.tolist(), len(limit), len(shell)) == (0, [0], 0, 0)

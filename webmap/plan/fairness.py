"""The choices between all and the deprived, as a chart that the page draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from webmap.screen.charts import Scale, Tick, steps_to
from webmap.text import wording

if TYPE_CHECKING:
    from geoengine.proposals import Proposal

WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 480, 14, 248
"""Edges of the plot, in the drawing's own units."""
NEAR = 24
"""Choices so near each other have their numbers on different sides."""


@dataclass(frozen=True)
class Point:
    """A choice: its number in the table, where it stands, and where the number does."""

    number: int
    x: float
    y: float
    number_x: float
    number_y: float


@dataclass(frozen=True)
class Series:
    """The choices of as many sites, from most people to most of the deprived, and their line."""

    sites: int
    points: tuple[Point, ...]
    line: str


@dataclass(frozen=True)
class Chart:
    """
    Choices by the people whom they bring within the cut-off: all across, the deprived upwards.

    Parameters
    ----------
    series
        From most sites to fewest.
    across, up
        The axes' marks.
    """

    series: tuple[Series, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


def chart(proposals: Sequence["Proposal"]) -> Chart:
    """Lay out choices in the order in which they are numbered, those of as many sites together."""
    people = _steps([each.people for each in proposals])
    poor = _steps([each.deprived for each in proposals])
    across = Scale(people[0], people[-1], LEFT, RIGHT)
    up = Scale(poor[0], poor[-1], BOTTOM, TOP)
    numbered = enumerate(proposals, start=1)
    series = []
    for sites, alike in groupby(numbered, key=lambda pair: len(pair[1].sites)):
        points: list[Point] = []
        for number, each in alike:
            points.append(_point(number, across(each.people), up(each.deprived), points[-1:]))
        line = " ".join(f"{one.x},{one.y}" for one in points)
        series.append(Series(sites, tuple(points), line))
    return Chart(
        tuple(series),
        tuple(Tick(round(across(value), 1), wording.number(value)) for value in people),
        tuple(Tick(round(up(value), 1), wording.number(value)) for value in poor),
    )


def _steps(values: Sequence[float]) -> list[float]:
    """Return round numbers from at most the least of some values to at least the most."""
    steps = steps_to(max(values, default=0))
    first = max(at for at, step in enumerate(steps) if step <= min(values, default=0))
    return steps[min(first, len(steps) - 2) :]


def _point(number: int, x: float, y: float, last: Sequence[Point]) -> Point:
    """Return a choice with its number above it, or below where that of the last one is near."""
    above = [one for one in last if one.number_y < one.y and abs(one.x - x) + abs(one.y - y) < NEAR]
    across, up = (-6, 16) if above else (5, -6)
    return Point(number, *(round(of, 1) for of in (x, y, x + across, y + up)))

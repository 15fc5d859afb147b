"""Charts as coordinates: what the page's drawings need, worked out before any drawing is done."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webmap.text.wording import number


@dataclass(frozen=True)
class Scale:
    """A straight line from values to places in the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a value stands."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands in the drawing, and what it says."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """A line of a chart: its points as SVG writes them, and its name with where it is written."""

    name: str
    points: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Curve:
    """
    People beyond each number of minutes, as lines that fall from left to right.

    Parameters
    ----------
    width, height
        Size of the drawing, in its own units.
    left, right, top, bottom
        Edges of the plot.
    lines
        In the order given.
    across, up
        The axes' marks.
    cutoff_x
        Where the study's cut-off stands.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    cutoff_x: float


@dataclass(frozen=True)
class Bar:
    """A decile's bar: how far it and its part beyond the cut-off reach, and what they stand for."""

    label: str
    y: int
    width: float
    beyond: float
    some: int
    all: int


def curve(minutes: Sequence[float], series: Mapping[str, Sequence[float]], cutoff: float) -> Curve:
    """
    Lay out how many people live beyond each number of minutes.

    Parameters
    ----------
    minutes
        Ascending, shape (points,).
    series
        Name → people beyond, each of shape (points,).
    cutoff
        The study's cut-off, in minutes.
    """
    left, right, top, bottom = 52, 408, 16, 216
    highest = max((max(values) for values in series.values()), default=0)
    steps = steps_to(highest)
    across = Scale(0, max(minutes), left, right)
    up = Scale(0, steps[-1], bottom, top)
    lines = []
    for name, values in series.items():
        points = [(across(x), up(y)) for x, y in zip(minutes, values, strict=True)]
        spot = points[len(points) * 5 // 12]
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        lines.append(Line(name, text, round(spot[0] + 6, 1), round(spot[1] - 8, 1)))
    return Curve(
        420, 256, left, right, top, bottom,
        tuple(lines),
        tuple(Tick(round(across(x), 1), f"{x:g}") for x in range(0, int(max(minutes)) + 1, 10)),
        tuple(Tick(round(up(y), 1), number(y)) for y in steps),
        round(across(cutoff), 1),
    )  # fmt: skip


def deciles(rows: Sequence[Mapping[str, Any]]) -> tuple[Bar, ...]:
    """
    Lay out the people of each decile, and those of them beyond the cut-off, as bars.

    Parameters
    ----------
    rows
        For each decile its number, `people` and `people_beyond`.
    """
    across = Scale(0, max((row["people"] for row in rows), default=0) or 1, 0, 216)
    return tuple(
        Bar(
            label=str(row["decile"]),
            y=34 + 22 * place,
            width=round(across(row["people"]), 1),
            beyond=round(across(row["people_beyond"]), 1),
            some=int(row["people_beyond"] + 0.5),
            all=int(row["people"] + 0.5),
        )
        for place, row in enumerate(rows)
    )


def steps_to(highest: float) -> list[float]:
    """Return round whole numbers of people from 0 to at least the highest, three to seven."""
    reach = max(highest, 5)
    size = 10 ** math.floor(math.log10(reach / 4))
    step = next(size * part for part in (1, 2, 5, 10) if reach / (size * part) <= 6)
    return [float(step * place) for place in range(math.ceil(reach / step) + 1)]

"""A sheet of A4 paper: text that is measured, wrapped and written, and boxes to draw in."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, takewhile
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D

WIDTH, HEIGHT = 595.28, 841.89
"""A4 upright, in points."""
MARGIN = 42.0
INNER = WIDTH - 2 * MARGIN
LEADING = 1.35
FAMILY = "DejaVu Sans"
"""It comes with matplotlib, and has every letter of Welsh."""
INK, QUIET = "#1d2429", "#5c6873"
MISSING = "□"


@cache
def _font(*, bold: bool) -> FT2Font:
    font = FT2Font(findfont(_properties(8, bold=bold)))
    font.set_size(100, 72)
    return font


def _properties(size: float, *, bold: bool) -> FontProperties:
    return FontProperties(family=FAMILY, size=size, weight="bold" if bold else "normal")


@cache
def _has(letter: str) -> bool:
    return bool(_font(bold=False).get_char_index(ord(letter)))


def printable(text: str) -> str:
    """
    Return text with a box for every letter that the font hasn't.

    Left out are control characters, and those that only say how others are written: they turn
    lines around, and drawing them fails.
    """
    letters = [each for each in " ".join(text.split()) if unicodedata.category(each) != "Cf"]
    return "".join(letter if _has(letter) else MISSING for letter in letters)


def measured(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of printable text is, in points."""
    return sum(_advance(letter, bold=bold) for letter in text) * size


@cache
def _advance(letter: str, *, bold: bool) -> float:
    """Return how wide a letter is, in sizes of the font; kerning only brings letters nearer."""
    return float(_font(bold=bold).load_char(ord(letter)).linearHoriAdvance) / 65536 / 100


def wrapped(
    text: str, size: float, width: float, *, bold: bool = False, most: int = 1000
) -> list[str]:
    """
    Cut text into lines.

    Parameters
    ----------
    text
        The text; words longer than a line are cut anywhere.
    size
        Of the letters, in points.
    width
        Longest line, in points.
    bold
        Whether it is written bold.
    most
        Most lines; the last ends in an ellipsis where there is more.
    """
    lines, line = [], ""
    for word in printable(text).split(" "):
        joined = f"{line} {word}".strip()
        if measured(joined, size, bold=bold) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while measured(word, size, bold=bold) > width:
            fits = _fitting(word, size, width, bold=bold)
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    lines.append(line)
    if len(lines) > most:
        last = lines[most - 1]
        while last and measured(f"{last}…", size, bold=bold) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last.rstrip()}…"]
    return lines


def _fitting(word: str, size: float, width: float, *, bold: bool) -> int:
    advances = accumulate(_advance(letter, bold=bold) for letter in word)
    return max(1, sum(1 for _ in takewhile(lambda so_far: so_far * size <= width, advances)))


class Paper:
    """
    A sheet that is written from its head down.

    Places are in points from its upper left corner.
    """

    def __init__(self) -> None:
        self.figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), facecolor="white")
        self.y = MARGIN

    def line(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        right: bool = False,
    ) -> None:
        """Write one line of printable text, its base line at y; `right` where it ends at x."""
        self.figure.text(
            x / WIDTH,
            1 - y / HEIGHT,
            text,
            fontproperties=_properties(size, bold=bold),
            color=colour,
            ha="right" if right else "left",
            va="baseline",
            parse_math=False,
        )

    def write(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        most: int = 1000,
        after: float = 0,
    ) -> None:
        """Write a paragraph over the whole width, and go on below it."""
        for line in wrapped(text, size, INNER, bold=bold, most=most):
            self.line(line, MARGIN, self.y + size, size, bold=bold, colour=colour)
            self.y += size * LEADING
        self.y += after

    def rule(self, y: float, *, width: float = 0.6, colour: str = QUIET) -> None:
        """Draw a line across the sheet."""
        at = 1 - y / HEIGHT
        ends = (MARGIN / WIDTH, 1 - MARGIN / WIDTH)
        self.figure.add_artist(Line2D(ends, (at, at), color=colour, linewidth=width))

    def box(self, x: float, y: float, width: float, height: float) -> Axes:
        """Return a box to draw in, its coordinates in points from its own lower left corner."""
        box = self.figure.add_axes(
            (x / WIDTH, 1 - (y + height) / HEIGHT, width / WIDTH, height / HEIGHT)
        )
        box.set_axis_off()
        box.set_xlim(0, width)
        box.set_ylim(0, height)
        return box


def height(lines: Sequence[Any], size: float) -> float:
    """Return how high lines of text are, in points."""
    return len(lines) * size * LEADING

"""The look of every class: its colour, and the pattern or shape that tells it without colour."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Pattern = Literal["none", "hatch", "dots", "cross", "lines", "rings"]
Shape = Literal["circle", "square", "triangle"]

PATTERN_INK: dict[Pattern, str] = {
    "hatch": "#5c6873", "dots": "#5c6873", "cross": "#ffffff", "lines": "#1d5d87",
    "rings": "#5c6873",
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """
    How the features of a class are drawn.

    Parameters
    ----------
    fill
        Colour of the inside, and of lines.
    outline
        Colour of the edge.
    pattern
        What is drawn over the fill: states have one, steps of a scale never; lines tell cold
        from hot.
    shape
        How points are drawn.
    outline_px
        Width of the edge, in CSS pixels.
    opacity
        Of the fill over the base map, 0–1.
    tints
        Fills to choose from where each feature has its own, so that neighbours differ.
    """

    fill: str
    outline: str = "#ffffff"
    pattern: Pattern = "none"
    shape: Shape = "circle"
    outline_px: float = 1.0
    opacity: float = 0.85
    tints: tuple[str, ...] = ()


UNKNOWN = Style("#e4e4e1", "#8b949c", "dots")
STATES: dict[str, Style] = {
    "unknown": UNKNOWN,
    "not_covered": Style("#f3f2ee", "#8b949c", "hatch"),
    "no_network": Style("#737b83", "#3b3b46", "cross"),
    "unreachable": Style("#3b3b46", "#ffffff", "cross"),
    "suppressed": Style("#c8bbe2", "#6b5f86", "hatch"),
    "reached_now": Style("#d8daeb", "#542788", "dots", outline_px=2.0),
    "lost": Style("#7f3b08", "#2b1300", "cross", outline_px=2.0),
    "no_neighbours": Style("#b4bec8", "#5c6873", "dots"),
    "not_enough_data": Style("#a9cdb4", "#4b6b57", "hatch"),
    "nobody": Style("#ffffff", "#5c6873", "rings"),
    "no_variation": Style("#f2cf8a", "#8a6a2a", "hatch"),
}
HOT = Style("#a3124a", "#4d0a25", outline_px=2.0, opacity=0.85)
COLD = Style("#8ec6e6", "#1d5d87", "lines", outline_px=2.0, opacity=0.85)
QUIET = Style("#efe9da", "#a39c8a", opacity=0.7)
EMERGING = (
    "new", "consecutive", "intensifying", "persistent",
    "diminishing", "sporadic", "oscillating", "historical",
)  # fmt: skip
REDS = (
    "#ff7f00", "#e6550d", "#67001f", "#a3124a", "#d6604d", "#f4a582", "#e78ac3", "#c9a6a0",
)  # fmt: skip
BLUES = (
    "#41b6c4", "#1d91c0", "#081d58", "#225ea8", "#6baed6", "#bdd7e7", "#9e9ac8", "#a0b4c9",
)  # fmt: skip
SIDES: tuple[tuple[str, str, tuple[str, ...], Pattern], ...] = (
    ("hot", "#4d0a25", REDS, "none"),
    ("cold", "#0b3350", BLUES, "lines"),
)
# Need darkens to blue and access to orange, both to near black; no two of the nine are nearer than
# 19 (CIEDE2000) to anyone, whether they see red, green and blue or not. The edge tells need again;
# that of the darkest is bright, to be seen on dark ground.
NEEDS = (("high", "#101820", 2.0), ("medium", "#5c6873", 1.0), ("low", "#ffffff", 1.0))
BIVARIATE = (
    ("#242127", "#0a327e", "#447ab7"),
    ("#8c361f", "#8c8482", "#8dbff5"),
    ("#cd8111", "#f1d89e", "#eef3f5"),
)
# ColorBrewer's PuOr, from more to less.
CHANGE = {
    "more_3": "#b35806", "more_2": "#f1a340", "more_1": "#fee0b6", "same": "#f7f7f7",
    "less_1": "#d8daeb", "less_2": "#998ec3", "less_3": "#542788",
}  # fmt: skip
NAMED: dict[str, dict[str, Style]] = {
    "status": {
        "underserved": HOT,
        "reached": Style("#6db3ae", "#2f6b67", opacity=0.75),
        "not_deprived": QUIET,
    },
    "hotspots": {
        "hot": HOT,
        "cold": COLD,
        "high_high": HOT,
        "low_low": COLD,
        "high_low": Style("#f3b49b", "#a3124a", outline_px=3.0, opacity=0.9),
        "low_high": Style("#dfeaf2", "#0b3350", "lines", outline_px=3.0, opacity=0.9),
        "not_significant": QUIET,
        "cluster": HOT,
        "none": QUIET,
    },
    "emerging": {
        **{
            f"{kind}_{side}": Style(fill, edge, pattern, outline_px=2.0)
            for side, edge, fills, pattern in SIDES
            for kind, fill in zip(EMERGING, fills, strict=True)
        },
        "no_pattern": QUIET,
    },
    "gains": {"nobody": QUIET},
    "bivariate": {
        f"{need}_{access}": Style(fill, edge, outline_px=edge_px, opacity=0.9)
        for (need, edge, edge_px), fills in zip(NEEDS, BIVARIATE, strict=True)
        for access, fill in zip(("poor", "fair", "good"), fills, strict=True)
    }
    | {"high_poor": Style(BIVARIATE[0][0], "#ffb000", outline_px=2.0, opacity=0.9)},
    "change": {key: Style(fill, "#6b6b70") for key, fill in CHANGE.items()},
    "services": {
        "eligible": Style("#12508f", "#ffffff", shape="circle", outline_px=1.5, opacity=1.0),
        "not_eligible": Style("#ffffff", "#4a4f57", shape="square", outline_px=2.0, opacity=1.0),
        "outside": Style("#d98200", "#4a2f00", shape="triangle", outline_px=1.5, opacity=1.0),
    },
}
# Inferno reversed (minutes), Purples (deprivation) and Greens (gains): lightness falls all the
# way, so that the order shows in any kind of colour vision, and on a grey print.
RAMPS: dict[str, tuple[str, ...]] = {
    "minutes": (
        "#f8d554", "#fbab2d", "#f3822a", "#dd5a3c", "#bb3754", "#8c2369", "#5c126e", "#2b0b57",
    ),
    "deprivation": (
        "#3f007d", "#532288", "#6a51a3", "#7f77b8", "#9893c6",
        "#b3b1d6", "#cac9e3", "#dcdbec", "#ebeaf4", "#f7f6fb",
    ),
    "gains": ("#e5f5e0", "#c0e6ba", "#8ed08b", "#4bb062", "#1c843f", "#00441b"),
}  # fmt: skip
# Light tints (ColorBrewer Set3 and Pastel1) that mean nothing but that neighbours differ.
TINTS = (
    "#8dd3c7", "#fdb462", "#bebada", "#b3de69", "#fb8072", "#80b1d3",
    "#fccde5", "#ffed6f", "#bc80bd", "#ccebc5", "#e5d8bd", "#cccccc",
)  # fmt: skip


def styles(palette: str, classes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """
    Give each class of a layer its look.

    Parameters
    ----------
    palette
        `status`, `deprivation`, `minutes`, `gains`, `services`, `hotspots` or `catchments`.
    classes
        The legend's lines in order, each with its `key` and whether it is a `state`.

    Returns
    -------
    list of dict
        A style for each class, as plain values.

    Examples
    --------
    >>> lines = [{"key": "0-5", "state": False}, {"key": "unreachable", "state": True}]
    >>> [(style["fill"], style["pattern"]) for style in styles("minutes", lines)]
    [('#f8d554', 'none'), ('#3b3b46', 'cross')]
    """
    steps = [str(line["key"]) for line in classes if not line["state"]]
    return [asdict(_style(palette, line, steps)) for line in classes]


def _style(palette: str, line: Mapping[str, Any], steps: Sequence[str]) -> Style:
    key = str(line["key"])
    if line["state"]:
        return STATES.get(key, UNKNOWN)
    if key in NAMED.get(palette, {}):
        return NAMED[palette][key]
    place = steps.index(key)
    if palette in RAMPS:
        return Style(_pick(RAMPS[palette], place, len(steps)))
    return Style(TINTS[0], "#4a4f57", outline_px=1.5, opacity=0.6, tints=TINTS)


def _pick(ramp: Sequence[str], place: int, steps: int) -> str:
    """Return the colour of a step: as they come while they last, else spread over the ramp."""
    if steps <= len(ramp):
        return ramp[place]
    return ramp[round(place * (len(ramp) - 1) / (steps - 1))]

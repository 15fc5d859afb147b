"""The order in which a layer's table comes until its reader asks for another."""

from collections.abc import Iterable, Sequence

import geopandas as gpd

from geoengine.layers import LayerClass


def ranked(
    frame: gpd.GeoDataFrame,
    *columns: tuple[str, str],
    classes: Iterable[LayerClass] = (),
) -> gpd.GeoDataFrame:
    """
    Return a layer's features in the order of their classes, then of columns, then of their ids.

    Parameters
    ----------
    frame
        The features; where classes are given, `class_key` holds a key of these.
    *columns
        Each with which of its values come first, `high` or `low`; those without a value are last.
    classes
        The legend's lines, the worst first; without them all features are of one class.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"minutes": [5.0, None, 9.0, 5.0]}, index=["d", "c", "b", "a"])
    >>> list(ranked(frame, ("minutes", "high")).index)
    ['b', 'a', 'd', 'c']
    """
    rows = frame.sort_index()
    for name, first in reversed(columns):
        rows = rows.sort_values(name, ascending=first == "low", kind="stable", na_position="last")
    places = {step.key: at for at, step in enumerate(classes)}
    if places:
        rows = rows.sort_values("class_key", kind="stable", key=lambda keys: keys.map(places))
    return rows


def surest_first(
    frame: gpd.GeoDataFrame, classes: Sequence[LayerClass], worse: str
) -> gpd.GeoDataFrame:
    """
    Return hotspots by what chance explains least: the worse side, the other, then the rest.

    Parameters
    ----------
    frame
        The areas, with `class_key`, `p` and `z`; of areas whose p is the same, those with the
        greatest |z| come first.
    classes
        The legend's lines.
    worse
        Which figures are the worse ones: `high` or `low`.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame(
    ...     {"class_key": ["cold", "hot", "hot"], "p": [0.001, 0.01, 0.01], "z": [-4, 3, 5]},
    ...     index=["a", "b", "c"],
    ... )
    >>> classes = [LayerClass("hot", "Hotspot"), LayerClass("cold", "Coldspot")]
    >>> list(surest_first(frame, classes, "high").index)
    ['c', 'b', 'a']
    """
    return ranked(
        frame.assign(strength=frame["z"].abs()),
        *(("p", "low"), ("strength", "high")),
        classes=worse_side_first(classes, worse),
    ).drop(columns="strength")


def worse_side_first(classes: Sequence[LayerClass], worse: str) -> list[LayerClass]:
    """Return classes of hot and cold: those of the worse side, of the other, then the rest."""
    sides = ("hot", "cold") if worse == "high" else ("cold", "hot")

    def place(step: LayerClass) -> int:
        return next((at for at, side in enumerate(sides) if step.key.endswith(side)), len(sides))

    return sorted(classes, key=place)

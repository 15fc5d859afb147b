"""A layer: a table ready to be shown, with its title, unit, classes, sources and method."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import geopandas as gpd

Geometry = Literal["polygon", "line", "point", "none"]
Palette = Literal[
    "status", "deprivation", "minutes", "gains", "services", "catchments", "hotspots", "emerging",
    "bivariate",
]  # fmt: skip


@dataclass(frozen=True)
class LayerClass:
    """
    One line of a legend.

    Parameters
    ----------
    key
        Short name, unique in the layer, stable between runs: `underserved`, `0-5`, `unreachable`.
    label
        What the legend says.
    lower, upper
        Limits of a numeric class in the layer's unit, lower exclusive (but inclusive in the
        first class), upper inclusive; `None` where it has none or is a state.
    state
        True for what is not a value (unreachable, not covered, no network, unknown): drawn
        hatched or grey, never as a step of the scale.
    """

    key: str
    label: str
    lower: float | None = None
    upper: float | None = None
    state: bool = False


@dataclass(frozen=True)
class LayerColumn:
    """A column that the table, the details and the exports show, with its title and unit."""

    name: str
    title: str
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Layer:
    """
    A table ready to be shown on a map, in a table and in a file.

    Parameters
    ----------
    layer_id
        Stable name in URLs and file names: lower-case letters and underscores.
    title
        A few words.
    question
        The question that the layer answers, in plain English.
    frame
        Index: the feature's id. Column `class_key` holds a key of `classes`; then `columns`;
        `geometry` in the study's CRS (exports turn it to longitude and latitude). A layer whose
        `geometry` kind is "none" is a plain table.
    geometry
        What it is drawn as.
    value
        The column that `classes` divide.
    unit
        Unit of `value`, spelled out.
    palette
        Which family of colours and patterns suits it.
    classes
        In legend order.
    columns
        In table order; the first is what a feature is called.
    sentence
        Column with a plain sentence about each feature; "" where there is none.
    people
        Column with the people that each feature stands for, summed in the legend; "" for none.
    people_title
        What those people are called ("children under 5").
    findings
        What the layer shows as a whole, in plain sentences.
    attribution
        Sources and licences to be printed.
    method
        How it was computed, in two or three sentences.
    as_of
        Vintage of each data set: what → when.
    """

    layer_id: str
    title: str
    question: str
    frame: "gpd.GeoDataFrame"
    geometry: Geometry
    value: str
    unit: str
    palette: Palette
    classes: tuple[LayerClass, ...]
    columns: tuple[LayerColumn, ...]
    sentence: str = ""
    people: str = ""
    people_title: str = ""
    findings: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    method: str = ""
    as_of: Mapping[str, str] = ()  # type: ignore[assignment]


def class_keys(values: NDArray[np.float64], classes: tuple[LayerClass, ...]) -> NDArray[np.str_]:
    """
    Name the class of each number.

    Parameters
    ----------
    values
        Numbers in the layer's unit, shape (features,); NaN and infinity fall in no class, since
        they are states.
    classes
        Numeric classes, ascending; states are passed over.

    Returns
    -------
    numpy.ndarray
        Class keys, shape (features,); "" where no class holds the value.

    Examples
    --------
    >>> steps = (LayerClass("0-5", "up to 5", 0, 5), LayerClass("5-10", "5 to 10", 5, 10))
    >>> [str(key) for key in class_keys(np.array([0.0, 5.0, 5.1, 11.0, np.inf]), steps)]
    ['0-5', '0-5', '5-10', '', '']
    """
    keys = np.full(len(values), "", dtype=object)
    first = True
    for step in classes:
        if step.state:
            continue
        low = -np.inf if step.lower is None else step.lower
        high = np.inf if step.upper is None else step.upper
        above = values >= low if first else values > low
        keys[above & (values <= high) & np.isfinite(values)] = step.key
        first = False
    return keys.astype(str)


def legend(layer: Layer) -> list[dict[str, Any]]:
    """
    Count the features, and the people, of each class.

    Returns
    -------
    list of dict
        One for each class in order: `key, label, lower, upper, state, features, people`
        (`people` is None where the layer counts none, or knows it of no feature of the class).
    """
    lines = []
    for step in layer.classes:
        members = layer.frame["class_key"] == step.key
        people = None
        if layer.people:
            counted = layer.frame.loc[members, layer.people].dropna()
            people = round(float(counted.sum()), 6) if len(counted) or not members.any() else None
        lines.append(
            {
                "key": step.key,
                "label": step.label,
                "lower": step.lower,
                "upper": step.upper,
                "state": step.state,
                "features": int(members.sum()),
                "people": people,
            }
        )
    return lines

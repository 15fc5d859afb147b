"""What a legend names in one line instead of a row each: the states that nothing is in."""

from collections.abc import Mapping
from typing import Any


def none_here(entry: Mapping[str, Any]) -> str:
    """
    Name the states of a layer that no feature is in; "" where there is none.

    Classes that are no states stay in the legend even when they are empty: they explain the map.

    Examples
    --------
    >>> lost, far = {"label": "Not known", "state": True}, {"label": "Far", "state": False}
    >>> none_here({"classes": [far | {"features": 0}, lost | {"features": 0}]})
    'not known'
    >>> none_here({"classes": [lost | {"features": 2}]})
    ''
    """
    empty = [line for line in entry["classes"] if line["state"] and not line["features"]]
    labels = [str(line["label"]) for line in empty]
    return "; ".join(label[:1].lower() + label[1:] for label in labels)

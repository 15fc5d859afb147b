"""What an area can be on a map of hotspots: what stands out, what does not, what was not tested."""

import pandas as pd

KINDS = {
    "hot": "values here and around are higher than chance explains",
    "cold": "values here and around are lower than chance explains",
    "high_high": "a high value among higher values than chance explains",
    "low_low": "a low value among lower values than chance explains",
    "high_low": "a high value among lower values than chance explains",
    "low_high": "a low value among higher values than chance explains",
    "alike": "more like its neighbours than chance explains",
    "unlike": "less like its neighbours than chance explains",
    "not_significant": "chance explains what is here",
    "absent": "has not what is counted, so that it was not tested",
    "no_variation": "all areas have the same value, so that there is nothing to test",
    "not_enough_data": "no neighbour has a value, or fewer than three areas have",
    "no_neighbours": "has no neighbours",
    "no_network": "is not near any street, so that it has no neighbours by travel time",
    "unknown": "its value is not known",
    "nobody": "has nobody to count among",
    "unreachable": "cannot be reached",
    "not_covered": "is not covered by the street map",
    "suppressed": "its value is withheld",
}
"""What each class of area means."""

LACKING = ("nobody", "unreachable", "not_covered", "suppressed")
"""Why an area has no value that may be compared, where that is known; else it is unknown."""

UNTESTED = (
    "absent", "no_variation", "not_enough_data", "no_neighbours", "no_network", "unknown", *LACKING,
)  # fmt: skip


def left_out(kinds: pd.Series) -> dict[str, list[str]]:
    """
    Return the codes of the areas that were not tested, by why.

    Parameters
    ----------
    kinds
        The kind of each area by its code.

    Examples
    --------
    >>> left_out(pd.Series({"a": "hot", "b": "unknown", "c": "nobody", "d": "unknown"}))
    {'unknown': ['b', 'd'], 'nobody': ['c']}
    """
    return {why: kinds.index[kinds == why].tolist() for why in UNTESTED if (kinds == why).any()}


def count_left_out(kinds: pd.Series) -> dict[str, int]:
    """Return how many areas were not tested, by why."""
    return {why: len(codes) for why, codes in left_out(kinds).items()}

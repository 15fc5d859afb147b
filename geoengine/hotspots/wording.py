"""Hot spots in plain sentences: one for each area, and a few for the map."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.hotspots.findings import Card, Hotspots
from geoengine.significance import TOLD

BoolArray = NDArray[np.bool_]

NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PLACES_NAMED = 4

_SENTENCES = {
    "hot": "{whole} have {more} than chance explains: {lag} on average, where "
    "{expected} would be expected.",
    "cold": "{whole} have {fewer} than chance explains: {lag} on average, where "
    "{expected} would be expected.",
    "high_high": "{name} has {more} than most, and so have {around}, beyond what chance explains.",
    "low_low": "{name} has {fewer} than most, and so have {around}, beyond what chance explains.",
    "high_low": "{name} stands out: it has {more} than most, while {around} have {fewer} than "
    "chance explains.",
    "low_high": "{name} stands out: it has {fewer} than most, while {around} have {more} than "
    "chance explains.",
    "alike": "{name} is more like {around} than chance explains.",
    "unlike": "{name} is less like {around} than chance explains.",
    "not_significant": "Chance can explain what is found in and around {name}.",
    "absent": "{name} has none, so it was not tested.",
    "no_variation": "All areas have the same figure, so that none stands out.",
    "not_enough_data": "Too few areas around {name} have a figure to tell.",
    "no_neighbours": "{name} has no neighbours to compare it with.",
    "no_network": "{name} is not near any street, so it has no neighbours to compare it with.",
    "unknown": "There is no figure for {name}.",
    "nobody": "{name} has nobody to count among.",
    "unreachable": "{name} cannot be reached, so it has no figure to compare.",
    "not_covered": "{name} is not covered by the street map, so it has no figure to compare.",
    "suppressed": "The figure for {name} is withheld.",
}
_GATHERED = (
    (("hot", "high_high"), "has {more} than chance explains", "have {more} than chance explains"),
    (("cold", "low_low"), "has {fewer} than chance explains", "have {fewer} than chance explains"),
    (
        ("high_low", "low_high"),
        "stands out from those around it",
        "stand out from those around them",
    ),
    (
        ("alike",),
        "is more like its neighbours than chance explains",
        "are more like their neighbours than chance explains",
    ),
    (
        ("unlike",),
        "is less like its neighbours than chance explains",
        "are less like their neighbours than chance explains",
    ),
)
_REASONS = {
    "absent": "without any",
    "no_variation": "as all have the same figure",
    "not_enough_data": "for want of figures around them",
    "no_neighbours": "for want of neighbours",
    "no_network": "not near any street",
    "unknown": "without a figure",
    "nobody": "with nobody to count among",
    "unreachable": "that cannot be reached",
    "not_covered": "that the street map does not cover",
    "suppressed": "with a figure that is withheld",
}


@dataclass(frozen=True)
class Wording:
    """
    What the values mean, in words that fit "these areas have … than chance explains".

    Parameters
    ----------
    more, fewer
        What high and low values are, such as "more children below the expected level" or "longer
        walks to a nursery".
    unit
        What follows a value, such as "per 100 children" or "minutes"; may be empty.
    people
        Who lives there, such as "children".
    digits
        Digits of a value after the point.
    """

    more: str
    fewer: str
    unit: str = ""
    people: str = "people"
    digits: int = 1


def sentences(found: Hotspots, wording: Wording, names: pd.Series) -> pd.Series:
    """
    Say what was found for each area.

    Parameters
    ----------
    found
        The hot spots.
    wording
        What their values mean.
    names
        The name of each area by its code.

    Returns
    -------
    pandas.Series
        One sentence by area code.
    """
    table, unit = found.table, f" {wording.unit}" if wording.unit else ""
    with_own = found.card.statistic == "Getis-Ord Gi*"

    def of(name: str, kind: str, others: int, lag: float, expected: float) -> str:
        around = "its neighbour" if others == 1 else f"the {_counted(others)} areas around it"
        text = _SENTENCES[kind]
        if others == 1:
            text = text.replace("so have {around}", "so has {around}")
            text = text.replace("while {around} have", "while {around} has")
        whole = f"{name} and {around}" if with_own else f"areas around {name}"
        said = text.format(
            name=name, around=around, whole=whole, more=wording.more, fewer=wording.fewer,
            lag=f"{lag:,.{wording.digits}f}{unit}", expected=f"{expected:,.{wording.digits}f}",
        )  # fmt: skip
        return said[:1].upper() + said[1:]

    told = (table[name] for name in ("kind", "neighbours", "lag", "expected"))
    rows = zip(names.reindex(table.index), *told, strict=True)
    return pd.Series([of(*row) for row in rows], index=table.index, dtype=object)


def summary(found: Hotspots, wording: Wording, names: pd.Series) -> list[str]:
    """
    Say what was found on the whole map.

    Parameters
    ----------
    found, wording, names
        As for `sentences`.

    Returns
    -------
    list
        Sentences: where values are high, where low, how sure that is and what was left out.

    Notes
    -----
    Areas of a kind that are neighbours are one place, named after the one that stands out most.
    """
    table = found.table
    said = []
    for kinds, one, many in _GATHERED:
        here = table["kind"].isin(kinds).to_numpy()
        if here.any():
            words = (one if here.sum() == 1 else many).format(
                more=wording.more, fewer=wording.fewer
            )
            said.append(_gathered(found, here, words, wording.people, names))
    if not said and found.card.tests:
        said.append("No area stands out beyond what chance explains.")
        fewest = math.ceil(found.card.least_p * found.card.tests / found.card.alpha - 1e-9)
        if fewest > 1 and found.card.correction != "none":
            said.append(
                f"With {found.card.chance} of {_counted(found.card.tests)} areas, fewer than "
                f"{_counted(fewest)} could not have stood out: try more orders."
            )
    elif said and found.card.correction != "none":
        said.append(
            f"About one in {round(1 / found.card.alpha):,} of the areas named may still be chance."
        )
    left = [
        f"{_counted(count)} {_REASONS[kind]}{_named(names[table.index[table['kind'] == kind]])}"
        for kind, count in found.card.left_out.items()
    ]
    if left:
        tests, areas = found.card.tests, found.card.areas
        were = "was" if tests == 1 else "were"
        compared = (
            f"{_counted(tests)} of {_counted(areas)} areas {were}" if tests else "no area was"
        )
        said.append(f"{compared[:1].upper()}{compared[1:]} compared; left out: {', '.join(left)}.")
    return said


def in_words(card: Card) -> str:
    """Return how hot spots were found, for a reader who wants to check it."""
    seed = f", seed {card.seed}" if card.seed else ""
    adjusted = (
        "p not adjusted"
        if card.correction == "none"
        else f"p adjusted for that many ({TOLD[card.correction]})"
    )
    statistic = card.statistic[:1].upper() + card.statistic[1:]
    return (
        f"{statistic}; neighbours: {card.weights}; chance: {card.chance}{seed}; "
        f"{card.tests:,} areas tested, {adjusted}, a finding up to {card.alpha:g}; "
        f"left out: {left_out_in_words(card.left_out)}."
    )


def left_out_in_words(left_out: Mapping[str, int]) -> str:
    """
    Return how many areas were left out and why, for a reader who wants to check it.

    Examples
    --------
    >>> left_out_in_words({"unknown": 2, "no_neighbours": 1}), left_out_in_words({})
    ('2 unknown, 1 no neighbours', 'none')
    """
    return ", ".join(f"{n:,} {why.replace('_', ' ')}" for why, n in left_out.items()) or "none"


def _gathered(found: Hotspots, here: BoolArray, words: str, people: str, names: pd.Series) -> str:
    table = found.table[here]
    part = found.neighbours.among(here).parts()
    strongest = table["z"].abs().fillna(0).groupby(part).idxmax()
    order = np.argsort(-np.bincount(part), kind="stable")
    places = [str(names[code]) for code in strongest.to_numpy()[order]]
    named = places[:PLACES_NAMED]
    if len(places) > PLACES_NAMED:
        named[PLACES_NAMED - 1 :] = [f"{_counted(len(places) - PLACES_NAMED + 1)} other places"]
    where = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    single = len(table) == 1
    count = _counted(len(table)).capitalize()
    text = f"{count} {'area' if single else 'areas'} around {where} {words}"
    if "people" not in table:
        return f"{text}."
    least = "at least " if table["people"].isna().any() else ""
    they = "it holds" if single else "they hold"
    return f"{text}; {they} {least}{table['people'].sum():,.0f} {people}."


def _named(names: pd.Series) -> str:
    """Name areas in brackets where they are few."""
    return f" ({', '.join(map(str, names))})" if len(names) < PLACES_NAMED else ""


def _counted(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"

"""What changes from one figure of each area to another: how much, in steps, and in a sentence."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webmap.text import wording
from webmap.text.language import Language

PALETTE = "change"
STEPS = 3
USUAL = 0.9
SAME = "same"
STATES = (
    "reached_now", "lost", "unreachable", "suppressed", "nobody", "not_covered", "unknown",
)  # fmt: skip
"""In the legend's order: with a way now or before only, then for want of a figure."""


@dataclass(frozen=True)
class Figure:
    """
    A figure of each area.

    Parameters
    ----------
    values
        Numbers; `None` where there is none.
    states
        Why there is none, `unreachable` or another of `STATES`; `None` where there is a number.
    """

    values: Sequence[float | None]
    states: Sequence[str | None]


def differences(before: Figure, after: Figure) -> list[float | None]:
    """Return each area's figure after, less that before; `None` where either is missing."""
    return [
        None if one is None or two is None else two - one
        for one, two in zip(before.values, after.values, strict=True)
    ]


def step_of(found: Sequence[float | None]) -> float:
    """
    Return how wide the steps of a legend of changes are: 1, 2 or 5 of some power of ten.

    Examples
    --------
    Nine areas of ten lie within the steps; the last is open for those that don't.

    >>> step_of([-14.0, 3.0, None]), step_of([0.3]), step_of([None, 0.0])
    (5.0, 0.1, 1.0)
    >>> step_of([1.0] * 9 + [99.0])
    0.5
    """
    sizes = sorted(abs(each) for each in found if each)
    if not sizes:
        return 1.0
    most = sizes[math.ceil(USUAL * len(sizes)) - 1] / STEPS
    power = math.floor(math.log10(most) + 1e-9)
    return next(
        round(size * 10.0**power, 12) for size in (1, 2, 5, 10) if size * 10.0**power >= most - 1e-9
    )


def keys(before: Figure, after: Figure, step: float) -> list[str]:
    """
    Return the class of each area's change.

    Examples
    --------
    >>> before = Figure([5.0, 5.0, 5.0, None, 5.0], [None, None, None, "unreachable", None])
    >>> after = Figure([5.0, 6.5, 2.0, 9.0, None], [None, None, None, None, "unreachable"])
    >>> keys(before, after, 1.0)
    ['same', 'more_2', 'less_3', 'reached_now', 'lost']
    >>> keys(Figure([5.0], [None]), Figure([None], ["nobody"]), 1.0)
    ['nobody']
    """
    return [
        _state(one, two) if change is None else _step(change, step)
        for change, one, two in zip(
            differences(before, after), before.states, after.states, strict=True
        )
    ]


def _step(change: float, step: float) -> str:
    if wording.as_shown(abs(change), "time") == 0:
        return SAME
    size = min(STEPS, math.ceil(abs(change) / step - 1e-9))
    return f"{'more' if change > 0 else 'less'}_{max(1, size)}"


def _state(before: str | None, after: str | None) -> str:
    if before == "unreachable" and after is None:
        return "reached_now"
    if after == "unreachable" and before is None:
        return "lost"
    told = {state for state in (before, after) if state}
    return next((state for state in STATES[2:] if state in told), "unknown")


def lines(
    language: Language,
    found: Sequence[str],
    people: Sequence[float | None] | None,
    step: float,
) -> list[dict[str, Any]]:
    """
    Return the legend's lines, each with its areas and people; states that nobody has are left out.

    Parameters
    ----------
    found
        The class of each area.
    people
        Of each area; `None` where the layer counts none.
    step
        From `step_of`.
    """
    more = [_line(language, "more", at, step) for at in range(STEPS, 0, -1)]
    less = [_line(language, "less", at, step) for at in range(1, STEPS + 1)]
    same = {"key": SAME, "label": language.say("change-same"), "lower": 0.0, "upper": 0.0}
    states = [
        {"key": key, "label": language.say(f"change-{key.replace('_', '-')}")}
        for key in STATES
        if key in found
    ]
    told = [*more, same, *less, *states]
    for line in told:
        members = [at for at, key in enumerate(found) if key == line["key"]]
        counted = [people[at] for at in members] if people else []
        known = [each for each in counted if each is not None]
        line["state"] = line["key"] in STATES
        line["features"] = len(members)
        line["people"] = sum(known) if people and (known or not members) else None
        line.setdefault("lower", None)
        line.setdefault("upper", None)
    return told


def _line(language: Language, way: str, at: int, step: float) -> dict[str, Any]:
    low, high = (at - 1) * step, at * step
    last = at == STEPS
    key = "change-over" if last else "change-up-to" if at == 1 else "change-between"
    told = {"low": wording.number(round(low, 9)), "high": wording.number(round(high, 9))}
    sides = (low, None if last else high)
    lower, upper = sides if way == "more" else (None if last else -high, -low)
    return {
        "key": f"{way}_{at}",
        "label": language.say(key, way=way, **told),
        "lower": lower,
        "upper": upper,
    }


def sentence(language: Language, name: str, before: str, after: str, change: float | None) -> str:
    """Say of one area what changes; `before` and `after` are the figures in words."""
    if change is None:
        return language.say("change-told-not", name=name, before=before, after=after)
    way = "same" if wording.as_shown(abs(change), "time") == 0 else "more" if change > 0 else "less"
    return language.say(
        "change-told",
        name=name, before=before, after=after, way=way, size=wording.number(abs(change)),
    )  # fmt: skip


def finding(language: Language, told: Sequence[Mapping[str, Any]]) -> str:
    """Say of the whole map how many areas have more, less and the same."""
    areas = {
        way: sum(line["features"] for line in told if str(line["key"]).partition("_")[0] == way)
        for way in ("more", "less", "same")
    }
    total = sum(line["features"] for line in told)
    rest = total - sum(areas.values())
    return language.say("change-finding", total=total, rest=rest, **areas)

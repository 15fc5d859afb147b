"""What a scenario would do, told: as tables, in a sentence and as JSON."""

from typing import Any

import h3
import numpy as np
import pandas as pd

from geoengine.underserved import Rule, count
from geoengine.whatif import Baseline, Figures, Outcome, Planner

DECIMALS = 3
SHOWN_NAMES = 3


def as_json(outcome: Outcome, baseline: Baseline) -> dict[str, Any]:
    """
    Tell what a scenario would do, in words and numbers that JSON can hold.

    Parameters
    ----------
    outcome
        From `Planner.evaluate`.
    baseline
        What the planner answers on.

    Returns
    -------
    dict
        `scenario`, `scenario_id`, `sentence`; `headline` and `totals`, each `before` and
        `after`; `deciles`, `settings`: all of them; `areas`: those of which any figure is
        another; `cells`: minutes on average then in the H3 cells that change. `None` stands for
        what is not known, or cannot be reached where a state beside it says so; a cell without
        a way is `None` too.
    """
    before, after, rule = outcome.before, outcome.after, baseline.rule
    cell = outcome.changed_cells
    minutes = after.cells["minutes_mean"][cell]
    return {
        "scenario": outcome.scenario.name,
        "scenario_id": outcome.scenario_id,
        "sentence": sentence(outcome, rule),
        "headline": {"before": before.headline, "after": after.headline},
        "totals": {"before": _numbers(before.totals), "after": _numbers(after.totals)},
        "deciles": _records(deciles(before, after)),
        "areas": [_numbers(row) for row in area_rows(outcome)],
        "settings": _records(_changed(settings(before, after))),
        "cells": {
            h3.int_to_str(int(code)): _number(value)
            for code, value in zip(baseline.cells[cell], minutes, strict=True)
        },
    }  # fmt: skip


def baseline_as_json(planner: Planner) -> dict[str, Any]:
    """
    Tell what is, before any scenario, as `as_json` tells what would be.

    Returns
    -------
    dict
        `baseline` (its identity), `headline`, `totals`, `deciles`, `areas` and `settings`: all
        of them; `cells`: minutes on average in every H3 cell, `None` where there is no way.
    """
    base, before = planner.baseline, planner.before
    minutes = before.cells["minutes_mean"]
    there = before.settings[["name", "abroad", "capacity", "children", "places_over"]]
    return {
        "baseline": base.identity,
        "headline": before.headline,
        "totals": _numbers(before.totals),
        "deciles": _records(before.deciles),
        "areas": [_numbers(line) for line in before.lines],
        "settings": _records(there.astype({"abroad": object})),
        "cells": {
            h3.int_to_str(int(code)): _number(value)
            for code, value in zip(base.cells, minutes, strict=True)
        },
    }


def _changed(told: pd.DataFrame) -> pd.DataFrame:
    """Return the settings of which any figure is another."""
    was = told["children_before"].to_numpy(dtype=float)
    now = told["children_after"].to_numpy(dtype=float)
    same = (told["state"].to_numpy(dtype=object) == "kept") & (was == now)
    return pd.DataFrame(told[~same])


def deciles(before: Figures, after: Figures) -> pd.DataFrame:
    """Return people beyond the cut-off before and after, by deprivation decile."""
    was, now = before.deciles, after.deciles
    return pd.DataFrame(
        {
            "decile": was["decile"], "areas": was["areas"], "people": was["people"],
            "beyond_before": was["people_beyond"], "beyond_after": now["people_beyond"],
            "unknown_before": was["people_unknown"], "unknown_after": now["people_unknown"],
        }
    )  # fmt: skip


_TOLD_OF_AREAS = (
    "status", "children_beyond", "children_unknown", "share_beyond", "minutes_median",
    "minutes_state", "minutes_worst", "worst_state", "nearest_id", "places_per_100",
)  # fmt: skip


def area_rows(outcome: Outcome) -> list[dict[str, Any]]:
    """Return a row for each area that changes, with each figure before and after."""
    rows = []
    for was, now in outcome.area_lines:
        row = {name: now[name] for name in ("area_code", "name", "decile", "children")}
        for name in _TOLD_OF_AREAS:
            row |= {f"{name}_before": was[name], f"{name}_after": now[name]}
        rows.append({**row, "sentence": now["sentence"]})
    return rows


def areas(outcome: Outcome) -> pd.DataFrame:
    """Return `area_rows` as a table; index `area_code`."""
    names = ["area_code", "name", "decile", "children"]
    names += [f"{name}_{when}" for name in _TOLD_OF_AREAS for when in ("before", "after")]
    return pd.DataFrame(area_rows(outcome), columns=[*names, "sentence"]).set_index("area_code")


def moved(outcome: Outcome) -> int:
    """Return how many areas have another status."""
    return sum(was["status"] != now["status"] for was, now in outcome.area_lines)


def settings(before: Figures, after: Figures) -> pd.DataFrame:
    """Return every setting with its children before and after; index `provision_id`."""
    was, now = before.settings.reindex(after.settings.index), after.settings
    return pd.DataFrame(
        {
            "name": now["name"], "state": now["state"],
            "places_before": was["capacity"], "places_after": now["capacity"].where(
                now["state"] != "closed"
            ),
            "children_before": was["children"], "children_after": now["children"].where(
                now["state"] != "closed"
            ),
            "places_over_before": was["places_over"], "places_over_after": now["places_over"],
        }
    )  # fmt: skip


def sentence(outcome: Outcome, rule: Rule) -> str:
    """Say for how many a scenario makes a difference, and which areas it moves."""
    more = outcome.after.totals["people_beyond"] - outcome.before.totals["people_beyond"]
    far = f"would live more than {rule.limit} from a {rule.service}"
    if abs(more) < 0.5:
        told = f"As many {rule.people} as now {far}"
    else:
        told = f"{count(abs(more))} {'more' if more > 0 else 'fewer'} {rule.people} {far}"
    flags = [
        (now["name"], was["status"] == "underserved", now["status"] == "underserved")
        for was, now in outcome.area_lines
    ]
    worse = [name for name, before, after in flags if after and not before]
    better = [name for name, before, after in flags if before and not after]
    parts = [
        f"{_listed(names)} would {verb} underserved"
        for names, verb in ((worse, "become"), (better, "no longer be"))
        if names
    ]
    return "; ".join([told, *parts])


def _listed(names: list[str]) -> str:
    shown = names[:SHOWN_NAMES]
    if len(names) > SHOWN_NAMES:
        return f"{', '.join(shown)} and {len(names) - SHOWN_NAMES} more areas"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    named = frame.reset_index() if frame.index.name else frame
    return [_numbers(row) for row in named.to_dict("records")]


def _numbers(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): _number(value) for name, value in row.items()}


def _number(value: Any) -> Any:
    """Return a number rounded, `None` for one that is missing or infinite, and text as it is."""
    if value is None or isinstance(value, str | bool):
        return value
    if not np.isfinite(value):
        return None
    number = round(float(value), DECIMALS)
    return int(number) if number.is_integer() else number

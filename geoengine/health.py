"""The data-health report: what is wrong with the data before any map is believed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geoengine.analysis import Grounds
from geoengine.intake import Inputs
from geoengine.network.snapping import ISLAND_LENGTH_M
from geoengine.study import Study

Level = Literal["good", "note", "warning", "error"]
JOINED_ENOUGH = 0.95
OFF_NETWORK_PEOPLE = 0.02
YEARS_APART = 5


@dataclass(frozen=True)
class Finding:
    """
    One line of the report.

    Parameters
    ----------
    level
        `error`: the answer would be wrong; `warning`: it should be read with care; `note`: what
        was assumed or repaired; `good`.
    topic
        A word or two.
    sentence
        What was found, with figures, and what to do.
    """

    level: Level
    topic: str
    sentence: str


def examine(study: Study, inputs: Inputs, grounds: Grounds | None = None) -> list[Finding]:
    """
    Look for what would make the answer wrong.

    Parameters
    ----------
    study, inputs
        What is asked, and what its files hold.
    grounds
        People and provision joined to the streets; without it the report is of the files alone.

    Returns
    -------
    list of Finding
        In the order of the chain: files, joins, vintages, provision, network.
    """
    findings = [
        *_joins(inputs), *_outcomes(study, inputs),
        *_vintages(study, inputs), *_provision(study, inputs), *_candidates(study, inputs),
    ]  # fmt: skip
    if grounds is not None:
        findings += [*_network(study, inputs, grounds)]
    return [*findings, *_rows(inputs)]


def _joins(inputs: Inputs) -> Iterator[Finding]:
    areas = inputs.areas
    for topic, column in (("Deprivation", "decile"), ("Population", "people")):
        known = areas[column].notna()
        share = float(known.mean())
        said = f"{int(known.sum()):,} of {len(areas):,} areas have a figure ({share:.1%})"
        if share < JOINED_ENOUGH:
            missing = ", ".join(map(str, areas.index[~known][:3]))
            yield Finding(
                "error", topic,
                f"{said}; {missing} have none. Is the file of another census year than the "
                "boundaries?",
            )  # fmt: skip
        else:
            yield Finding("good" if share == 1 else "warning", topic, f"{said}.")
    people = areas["people"].sum()
    if not people > 0:
        yield Finding("error", "Population", "nobody of the ages studied lives in these areas.")
    nations = sorted(areas["nation"].unique())
    if len(nations) > 1:
        yield Finding(
            "warning", "Nations",
            f"areas of {len(nations)} nations ({', '.join(nations)}) stand side by side; deciles "
            "are each nation’s own and must not be compared.",
        )  # fmt: skip


def _outcomes(study: Study, inputs: Inputs) -> Iterator[Finding]:
    """Say of each indicator, in its last term, how many of the areas have a figure."""
    areas = inputs.areas.index
    for name, outcomes in inputs.outcomes.items():
        topic = study.indicators[name].title
        last = outcomes[outcomes["period"] == outcomes["period"].iloc[-1]].set_index("area_code")
        state = last["state"].reindex(areas)
        there, known = int(state.notna().sum()), int((state == "known").sum())
        withheld = int((state == "suppressed").sum())
        said = f"{known:,} of {len(areas):,} areas have a figure" + (
            f" and {withheld:,} a withheld one" if withheld else ""
        )
        if not known:
            yield Finding("error", topic, f"{said}. Is the file about other areas?")
        elif there < JOINED_ENOUGH * len(areas):
            yield Finding(
                "warning", topic,
                f"{said}; {len(areas) - there:,} are not in the file and stay unknown. Is it of "
                "another census year than the boundaries?",
            )  # fmt: skip
        else:
            yield Finding("good" if known == len(areas) else "note", topic, f"{said}.")


def _vintages(study: Study, inputs: Inputs) -> Iterator[Finding]:
    years = {
        name: reading.facts["vintage"]
        for name, reading in inputs.readings.items()
        if name in ("boundaries", "deprivation", "population", "small_areas")
        and reading.facts.get("vintage", "").isdigit()
    }
    if len(set(years.values())) > 1:
        told = ", ".join(f"{name.replace('_', ' ')} {year}" for name, year in years.items())
        yield Finding(
            "error", "Census years",
            f"the files are of different census years ({told}); about one area in twenty differs. "
            "Use files of one year.",
        )  # fmt: skip
    elif years:
        year = next(iter(years.values()))
        yield Finding("good", "Census years", f"all areas are those of the census of {year}.")
    dates = {}
    for section in ("boundaries", "deprivation", "population", "streets", "provision"):
        found = re.findall(r"\b(?:19|20)\d\d\b", getattr(study, section).as_of)
        if found and section != "boundaries":
            dates[section] = max(int(year) for year in found)
    if dates and max(dates.values()) - min(dates.values()) > YEARS_APART:
        old, new = min(dates, key=lambda s: dates[s]), max(dates, key=lambda s: dates[s])
        yield Finding(
            "warning", "Dates",
            f"{old} is of {dates[old]} and {new} of {dates[new]}: what was built, opened or closed "
            "in between is missed.",
        )  # fmt: skip


def _provision(study: Study, inputs: Inputs) -> Iterator[Finding]:
    found, asked = inputs.provision, study.provision
    lost = found[found["placed_by"] == "unplaced"]
    eligible = found["eligible"]
    if not eligible.any():
        yield Finding(
            "error", "Provision",
            f"not one of {len(found):,} {asked.plural} is open, for the ages studied and on the "
            "map; without one nobody can be in reach.",
        )  # fmt: skip
    else:
        closed = int((~found["open"].astype(bool)).sum())
        other = int((found["open"].astype(bool) & ~found["suits"]).sum())
        border = int((eligible & found["abroad"]).sum())
        yield Finding(
            "good", "Provision",
            f"{int(eligible.sum()):,} of {len(found):,} {asked.plural} count, {border:,} of them "
            f"across the border (closed: {closed:,}; for other ages: {other:,}).",
        )  # fmt: skip
    if len(lost):
        places = lost["capacity"].sum()
        reasons = lost["unplaced_reason"].value_counts()
        told = "; ".join(f"{number:,}: {reason}" for reason, number in reasons.head(2).items())
        if len(reasons) > 2:
            told += f"; {reasons.iloc[2:].sum():,} for other reasons"
        yield Finding(
            "warning", "Unplaced",
            f"{_some(len(lost), study)} with {places:,.0f} places cannot be put on the map "
            f"({told}); access may be better than shown.",
        )  # fmt: skip


def _candidates(study: Study, inputs: Inputs) -> Iterator[Finding]:
    inside, told = len(inputs.candidates), len(inputs.readings["candidates"].frame)
    if told:
        yield Finding(
            "good" if inside else "note", "Buildings",
            f"{inside:,} of {told:,} buildings in which a {study.provision.service} could open lie "
            "in the areas studied.",
        )  # fmt: skip


def _network(study: Study, inputs: Inputs, grounds: Grounds) -> Iterator[Finding]:
    people = grounds.origins["people"].to_numpy(dtype=float)
    home = grounds.at_home
    total = max(people.sum(), 1e-9)
    off = float(people[~home.joined].sum())
    level: Level = "warning" if off / total > OFF_NETWORK_PEOPLE else "good"
    yield Finding(
        level, "Streets",
        f"{off:,.0f} of {total:,.0f} {study.population.people} ({off / total:.1%}) live further "
        f"than {study.travel.snap_limit_m:g} m from any street of the map.",
    )  # fmt: skip
    if not home.joined.any():
        yield Finding(
            "error", "Streets",
            "the street map lies nowhere near these areas: is it of another place?",
        )  # fmt: skip
        return
    distance = home.distance_m[home.joined]
    yield Finding(
        "good", "Distance to street",
        f"homes are {np.median(distance):.0f} m from their street at the median and "
        f"{distance.max():.0f} m at most.",
    )  # fmt: skip
    yield from _coverage(inputs, grounds)
    part = grounds.network.node_part[grounds.network.chain_tail[home.chain[home.joined]]]
    islanders = float(people[home.joined][part > 0].sum())
    islands = int((grounds.network.part_length_m[1:] >= ISLAND_LENGTH_M).sum())
    yield Finding(
        "warning" if islanders else "good", "Islands",
        "parts of the street map that are cut off from the rest and have streets enough to live "
        f"on: {islands:,}; {study.population.people} living there: {islanders:,.0f}.",
    )  # fmt: skip
    lost = int((~grounds.at_provision.joined).sum())
    if lost and lost == len(grounds.eligible):
        yield Finding(
            "error", "Provision off the streets",
            f"not one of the {study.provision.plural} that count is within "
            f"{study.travel.snap_limit_m:g} m of a street of the map: is it of another place?",
        )  # fmt: skip
    elif lost:
        yield Finding(
            "warning", "Provision off the streets",
            f"{_some(lost, study)} off the street map: homes that might be in reach are not "
            "judged.",
        )  # fmt: skip


def _some(number: int, study: Study) -> str:
    named = study.provision.service if number == 1 else study.provision.plural
    return f"{number:,} {named}"


def _coverage(inputs: Inputs, grounds: Grounds) -> Iterator[Finding]:
    on = grounds.at_home.joined
    share = grounds.origins.assign(on=on).groupby("area_code")["on"].mean()
    none = int((share == 0).sum())
    part = int(((share > 0) & (share < 1)).sum())
    if none or part:
        yield Finding(
            "warning", "Coverage",
            f"of {len(inputs.areas):,} areas, {none:,} lie outside the street map and {part:,} "
            "partly; they are shown as not covered where that leaves doubt.",
        )  # fmt: skip
    else:
        yield Finding("good", "Coverage", "the street map covers every area.")


def _rows(inputs: Inputs) -> Iterator[Finding]:
    for name, reading in inputs.readings.items():
        title = name.replace("_", " ").capitalize()
        for reason, rows in reading.left_out["reason"].value_counts().sort_index().items():
            yield Finding("warning", title, f"{rows:,} rows were left out: {reason}.")
        for note in reading.notes:
            yield Finding("note", title, note)
    for note in inputs.ways.notes:
        yield Finding("warning", "Streets", f"{note}.")

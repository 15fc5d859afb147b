"""The figures of areas that can be tested for hotspots: those every study has, and its own."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geoengine.analysis import Analysis
from geoengine.hotspots import Wording
from geoengine.published.indices import areas_ranked
from geoengine.rates import comparison

BUILT_IN = ("out_of_reach", "minutes", "deprivation")
EDGE_M = 5_000.0
"""Areas this near the border lend their figures, so that the border is no edge."""


@dataclass(frozen=True, eq=False)
class Figure:
    """
    One number for each area, and what it means.

    Parameters
    ----------
    name, title
        Short name in URLs and files, and what it is called.
    value
        What is tested, by area code; NaN where not known.
    suppressed, unreachable
        Where it is withheld, and where it is no number since there is no way; by area code.
    rates
        From `rates.comparison.compare`, in shares, where it is a count of people; or `None`.
    events, among
        That count and those counted among, by area code, in order of time: a pair for each
        period; empty where it is no count.
    periods
        The terms or years, the last of which is tested; empty where there is one only.
    wording
        How sentences tell it.
    worse
        Which figures are the worse ones: "high" or "low".
    unit
        Unit of `value`, spelled out.
    method
        What it is and what was done to it, in a sentence or two.
    """

    name: str
    title: str
    value: pd.Series
    suppressed: pd.Series
    unreachable: pd.Series
    rates: pd.DataFrame | None
    events: pd.DataFrame
    among: pd.DataFrame
    periods: tuple[str, ...]
    wording: Wording
    worse: str
    unit: str
    method: str


def around(analysis: Analysis) -> gpd.GeoDataFrame:
    """Return the areas studied and those near their border, by area code."""
    inputs = analysis.inputs
    own = inputs.areas[["name", "nation", "vintage", "geometry"]]
    if not len(inputs.elsewhere):
        return own
    near = inputs.elsewhere.geometry.distance(own.geometry.union_all()) <= EDGE_M
    return pd.concat([own, inputs.elsewhere.loc[near, own.columns]]).sort_index()


def names(analysis: Analysis) -> list[str]:
    """Return the figures that a study tests."""
    asked = analysis.study.hotspots.of
    return list(asked) if asked else [*BUILT_IN, *analysis.study.indicators]


def of(analysis: Analysis, name: str, areas: gpd.GeoDataFrame) -> Figure:
    """
    Return a figure of each area.

    Parameters
    ----------
    analysis
        What was found.
    name
        One of `BUILT_IN` or of the study's indicators.
    areas
        From `around`; what is found of the areas studied only is NaN for the others.
    """
    if name in analysis.study.indicators:
        return _indicator(analysis, name, areas)
    rule, judged = analysis.rule, analysis.judged.reindex(areas.index)
    if name == "out_of_reach":
        return _plain(
            areas, name, f"{_capital(rule.people)} out of reach",
            100 * judged["share_beyond"].astype(float),
            Wording(
                f"more {rule.people} out of reach of a {rule.service}",
                f"fewer {rule.people} out of reach of a {rule.service}", "in 100", rule.people, 0,
            ),
            f"in 100 {rule.people}",
            f"Of each area’s {rule.people}, the share who live more than {rule.limit} from a "
            f"{rule.service}.",
        )  # fmt: skip
    if name == "minutes":
        return _plain(
            areas, name, f"Time to the nearest {rule.service}",
            judged["minutes_median"].astype(float),
            Wording(
                f"longer journeys to a {rule.service}", f"shorter journeys to a {rule.service}",
                "minutes", rule.people, 0,
            ),
            "minutes",
            f"The median time of an area’s {rule.people} to the nearest {rule.service}.",
            unreachable=judged["minutes_state"] == "unreachable",
        )  # fmt: skip
    return _plain(
        areas, name, "Deprivation", _less_deprived(analysis, areas),
        Wording(
            "deeper deprivation", "less deprivation", "% of all areas less deprived",
            rule.people, 0,
        ),
        "% of all areas less deprived",
        "Which share of the nation’s areas is less deprived than this one.",
    )  # fmt: skip


def _less_deprived(analysis: Analysis, areas: gpd.GeoDataFrame) -> pd.Series:
    need = analysis.inputs.need.reindex(areas.index)
    ranked = areas_ranked(areas["nation"].to_numpy(dtype=object), areas["vintage"])
    exact = 100 * (1 - need["rank"].to_numpy(dtype=float) / ranked)
    rough = 10 * (10.5 - need["decile"].to_numpy(dtype=float))
    return pd.Series(np.where(np.isnan(exact), rough, exact), index=areas.index)


def _plain(
    areas: gpd.GeoDataFrame, name: str, title: str, value: pd.Series, wording: Wording, unit: str,
    method: str, *, unreachable: pd.Series | None = None,
) -> Figure:  # fmt: skip
    never = pd.Series(data=False, index=areas.index)
    none = pd.DataFrame(index=areas.index)
    return Figure(
        name, title, value.where(np.isfinite(value)), never,
        never if unreachable is None else unreachable.fillna(value=False).astype(bool),
        None, none, none, (), wording, "high", unit, method,
    )  # fmt: skip


def _indicator(analysis: Analysis, name: str, areas: gpd.GeoDataFrame) -> Figure:
    asked, told = analysis.study.indicators[name], analysis.inputs.outcomes[name]
    periods = tuple(dict.fromkeys(told["period"]))
    last = told[told["period"] == periods[-1]].set_index("area_code").reindex(areas.index)
    suppressed = last["state"] == "suppressed"
    title = asked.title[:1].lower() + asked.title[1:]
    at = f" in {periods[-1]}" if periods[-1] else ""
    never = pd.Series(data=False, index=areas.index)
    none = pd.DataFrame(index=areas.index)
    if not asked.count:
        value = last["value"].astype(float)
        return Figure(
            name, asked.title, value, suppressed, never, None, none, none, _several(periods),
            Wording(f"higher {title}", f"lower {title}", people=analysis.rule.people),
            asked.worse, asked.title, f"{asked.title}{at}, as published.",
        )  # fmt: skip
    events, among = (
        told.pivot_table(index="area_code", columns="period", values=column, dropna=False)
        .reindex(index=areas.index, columns=periods)
        for column in ("count", "of")
    )  # fmt: skip
    if not asked.population:
        people = analysis.inputs.areas["people"].reindex(areas.index)
        among = events.apply(lambda _: people)
    rates = comparison.compare(
        events[periods[-1]], among[periods[-1]],
        model="binomial" if asked.population else "poisson", suppressed=suppressed,
    )  # fmt: skip
    who = "those counted among" if asked.population else analysis.rule.people
    return Figure(
        name, asked.title, 100 * rates["shrunken"], suppressed, never, rates, events, among,
        _several(periods),
        Wording(f"more {title}", f"fewer {title}", "in 100", analysis.rule.people),
        asked.worse, "in 100",
        f"{asked.title}{at}, in 100 of {who}. Rates of areas with few people are drawn towards "
        "the overall rate (empirical Bayes), so that small numbers alone make no hotspot.",
    )  # fmt: skip


def _several(periods: tuple[str, ...]) -> tuple[str, ...]:
    return periods if len(periods) > 1 else ()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

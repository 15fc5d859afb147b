"""The figures of areas that can be tested for hotspots: those every study has, and its own."""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoengine import travel_times
from geoengine.analysis import Analysis, Journeys, doubt, place
from geoengine.hotspots import LACKING, Wording
from geoengine.intake import spread_homes
from geoengine.published.indices import areas_ranked
from geoengine.rates import comparison, shrinkage
from geoengine.trends import fingertips_markers
from geoengine.underserved import Reach, judge

OF_ACCESS = ("out_of_reach", "minutes")
BUILT_IN = (*OF_ACCESS, "deprivation")
EDGE_M = 5_000.0
"""Areas this near the border lend their figures, so that the border is no edge."""
LISTED = 0.5
"""
Where fewer settings for each person are listed beyond the border than this share of those within,
the list may end there, and figures of access would only seem poor.
"""


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
    rates
        From `rates.comparison.compare`, in shares, where it is a count of people; or `None`.
    history, gaps
        What was tested in each term or year, and why it is no number where that is known, one of
        `hotspots.LACKING`, else ""; by area code, in order of time. The last are `value` and
        `lacking`.
    marks
        Fingertips' marker of the recent trend, by area code, where it is a count of people in
        several periods; or `None`.
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
    rates: pd.DataFrame | None
    history: pd.DataFrame
    gaps: pd.DataFrame
    marks: pd.Series | None
    wording: Wording
    worse: str
    unit: str
    method: str

    @property
    def lacking(self) -> pd.Series:
        """Why it is no number where that is known, by area code; else ""."""
        return self.gaps.iloc[:, -1]

    def standardised(self) -> pd.Series:
        """Return what Moran's I suits: rates in standard deviations of their own, or the values."""
        if self.rates is None:
            return self.value
        rates = shrinkage.standardised(self.rates["count"], self.rates["people"])
        return pd.Series(rates, index=self.value.index)

    def told(self) -> dict[str, Any]:
        """Return all that it says in plain values, which a key can be made of."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        tables = {
            name: pd.DataFrame(part).to_dict("split")
            for name, part in held.items()
            if isinstance(part, (pd.Series, pd.DataFrame))
        }
        return held | tables


def around(analysis: Journeys) -> gpd.GeoDataFrame:
    """Return the areas studied and those near their border, by area code."""
    inputs = analysis.inputs
    own = inputs.areas[["name", "nation", "vintage", "geometry"]]
    if not len(inputs.elsewhere):
        return own
    near = inputs.elsewhere.geometry.distance(own.geometry.union_all()) <= EDGE_M
    return pd.concat([own, inputs.elsewhere.loc[near, own.columns]]).sort_index()


def names(analysis: Journeys) -> list[str]:
    """Return the figures that a study tests."""
    asked = analysis.study.hotspots.of
    return list(asked) if asked else [*BUILT_IN, *analysis.study.indicators]


def of(
    analysis: Journeys, name: str, areas: gpd.GeoDataFrame, judged: pd.DataFrame | None = None
) -> Figure:
    """
    Return a figure of each area.

    Parameters
    ----------
    analysis
        What was found; for those `OF_ACCESS`, with the areas judged.
    name
        One of `BUILT_IN` or of the study's indicators.
    areas
        From `around`. Those beyond the border have figures of access where their people are
        known and settings are listed there too; else they are NaN.
    judged
        From `judged_around`, where it is at hand already.
    """
    if name in analysis.study.indicators:
        return _indicator(analysis, name, areas)
    rule = analysis.rule
    if name == "deprivation":
        return _plain(
            areas, name, "Deprivation", _less_deprived(analysis, areas),
            Wording(
                "deeper deprivation", "less deprivation", "% of all areas less deprived",
                rule.people, 0,
            ),
            "% of all areas less deprived",
            "Which share of the nation’s areas is less deprived than this one.",
        )  # fmt: skip
    if judged is None:
        assert isinstance(analysis, Analysis)
        judged = judged_around(analysis, areas)
    states = judged["minutes_state"].str.replace(" ", "_")
    lacking = states.where(states.isin(LACKING), "")
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
            lacking=lacking,
        )  # fmt: skip
    return _plain(
        areas, name, f"Time to the nearest {rule.service}",
        judged["minutes_median"].astype(float),
        Wording(
            f"longer journeys to a {rule.service}", f"shorter journeys to a {rule.service}",
            "minutes", rule.people, 0,
        ),
        "minutes",
        f"The median time of an area’s {rule.people} to the nearest {rule.service}.",
        lacking=lacking,
    )  # fmt: skip


def judged_around(analysis: Analysis, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Judge each area of `around`; NaN beyond the border where access there is not known."""
    return pd.concat([analysis.judged, _judged_beyond(analysis, areas)]).reindex(areas.index)


def _judged_beyond(analysis: Analysis, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Judge the areas beyond the border, unless the list of settings hardly goes so far."""
    inputs, rule = analysis.inputs, analysis.rule
    near = inputs.elsewhere.loc[areas.index.difference(inputs.areas.index)]
    near = near[near["people"].notna()]
    if not _listed(inputs.provision, near) >= LISTED * _listed(inputs.provision, inputs.areas):
        return analysis.judged.iloc[:0]
    study, network, index = analysis.study, analysis.grounds.network, analysis.grounds.index
    homes = spread_homes(near, inputs.readings)
    at_home = place(study, network, index, homes)
    grounds = replace(analysis.grounds, origins=homes, at_home=at_home)
    nearest = travel_times.find_nearest(
        network, at_home, grounds.at_provision, direction=analysis.direction
    )
    uncertain = doubt(study, grounds)(rule.cutoff_s / 60)
    reach = Reach(nearest, uncertain, np.full(len(homes), np.nan))
    return judge(near, homes, reach, grounds.eligible, rule)


def _listed(provision: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> float:
    """Return how many settings that count lie in some areas, for each of their people."""
    points = provision.geometry[provision["eligible"]].to_numpy()
    found, _ = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")
    people = float(areas["people"].sum())
    return len(np.unique(found)) / people if people > 0 else float("nan")


def _less_deprived(analysis: Journeys, areas: gpd.GeoDataFrame) -> pd.Series:
    need = analysis.inputs.need.reindex(areas.index)
    ranked = areas_ranked(areas["nation"].to_numpy(dtype=object), areas["vintage"])
    exact = 100 * (1 - need["rank"].to_numpy(dtype=float) / ranked)
    rough = 10 * (10.5 - need["decile"].to_numpy(dtype=float))
    return pd.Series(np.where(np.isnan(exact), rough, exact), index=areas.index)


def _plain(
    areas: gpd.GeoDataFrame, name: str, title: str, value: pd.Series, wording: Wording, unit: str,
    method: str, *, lacking: pd.Series | None = None,
) -> Figure:  # fmt: skip
    known = value.where(np.isfinite(value))
    gaps = pd.Series("", index=areas.index) if lacking is None else lacking.where(known.isna(), "")
    return Figure(
        name, title, known, None, known.to_frame(), gaps.to_frame(), None, wording, "high", unit,
        method,
    )  # fmt: skip


def _indicator(analysis: Journeys, name: str, areas: gpd.GeoDataFrame) -> Figure:
    asked, told = analysis.study.indicators[name], analysis.inputs.outcomes[name]
    periods = list(dict.fromkeys(told["period"]))
    by_period = {
        period: part.set_index("area_code").reindex(areas.index)
        for period, part in told.groupby("period", sort=False)
    }
    state = pd.DataFrame({period: by_period[period]["state"] for period in periods})
    withheld = state == "suppressed"
    title = asked.title[:1].lower() + asked.title[1:]
    at = f" in {periods[-1]}" if periods[-1] else ""
    if not asked.count:
        history = pd.DataFrame(
            {period: by_period[period]["value"].astype(float) for period in periods}
        ).mask(withheld)
        return Figure(
            name, asked.title, history[periods[-1]], None, history, _gaps(state), None,
            Wording(f"higher {title}", f"lower {title}", people=analysis.rule.people),
            asked.worse, asked.title, f"{asked.title}{at}, as published.",
        )  # fmt: skip
    rates = {
        period: comparison.compare(
            part["count"],
            part["of"]
            if asked.population
            else analysis.inputs.areas["people"].reindex(areas.index),
            model="binomial" if asked.population else "poisson",
            suppressed=withheld[period],
        )
        for period, part in by_period.items()
    }
    history = pd.DataFrame({period: 100 * rates[period]["shrunken"] for period in periods})
    who = "those counted among" if asked.population else analysis.rule.people
    return Figure(
        name, asked.title, history[periods[-1]], rates[periods[-1]], history,
        _gaps(pd.DataFrame({period: rates[period]["kind"] for period in periods})),
        _marks([rates[period] for period in periods], asked.worse),
        Wording(f"more {title}", f"fewer {title}", "in 100", analysis.rule.people),
        asked.worse, "in 100",
        f"{asked.title}{at}, in 100 of {who}. Rates of areas with few people are drawn towards "
        "the overall rate (empirical Bayes), so that small numbers alone make no hotspot.",
    )  # fmt: skip


def _gaps(states: pd.DataFrame) -> pd.DataFrame:
    """Return why there is no number, where that is known."""
    return states.where(states.isin(LACKING), "")


def _marks(rates: list[pd.DataFrame], worse: str) -> pd.Series | None:
    if len(rates) == 1:
        return None
    rate, lower, upper = (
        np.column_stack([part[name] for part in rates]) for name in ("rate", "lower", "upper")
    )
    better: Literal["high", "low"] = "low" if worse == "high" else "high"
    marks = fingertips_markers(rate, lower, upper, better=better)
    return pd.Series(marks, index=rates[0].index)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

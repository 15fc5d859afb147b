"""The layer of hotspots: where a figure gathers more than chance explains, and how it holds."""

from collections.abc import Iterator
from typing import cast

import numpy as np
import pandas as pd

from geoengine.atlas.clusters import clusters
from geoengine.atlas.emerging import through_time
from geoengine.atlas.order import surest_first
from geoengine.atlas.setting import STATES, Setting
from geoengine.atlas.told import about, capital
from geoengine.figures import EDGE_M, Figure
from geoengine.hotspots import (
    Hotspots,
    Wording,
    agreement,
    carried,
    find,
    in_words,
    morans_i,
    sentences,
    summary,
)
from geoengine.hotspots.findings import Statistic
from geoengine.layers import Layer, LayerClass, LayerColumn
from geoengine.neighbours import Neighbours
from geoengine.rates import shrinkage
from geoengine.significance import Correction

ALSO_PERMUTATIONS = 9_999
ALONE = {
    "high": "more than expected", "low": "fewer than expected", "as_expected": "as expected",
    "nobody": "nobody to count among",
}  # fmt: skip
FUNNEL = {"above": "above its funnel", "within": "within its funnel", "below": "below its funnel"}


def layers(setting: Setting, figure: Figure) -> Iterator[Layer]:
    """
    Make the layers of a figure.

    Raises
    ------
    GeoEngineError
        If the areas cannot have the neighbours asked for.
    """
    yield hotspots(setting, figure)
    if figure.rates is not None:
        yield clusters(setting, figure)
    if figure.history.shape[1] > 1:
        yield through_time(setting, figure)


def hotspots(setting: Setting, figure: Figure) -> Layer:
    """Return where a figure gathers more than chance explains."""
    analysis, statistic = setting.analysis, setting.analysis.study.hotspots.statistic
    asked, areas = analysis.study.hotspots, analysis.inputs.areas
    neighbours = setting.around.neighbours[asked.weights]
    found = _found(setting, figure, neighbours, asked.permutations)
    held = _held(setting, figure, found)
    table = found.table.reindex(areas.index)
    names = areas["name"]
    told = sentences(found, figure.wording, names).reindex(areas.index)
    found_classes = _classes(statistic, figure.wording)
    others = held["results"] - 1
    steady = table["kind"].isin([step.key for step in found_classes]) & (others > 0)
    told[steady] += [
        f" It stays so in {int(share * count + 1e-9)} of {count:.0f} other ways to draw areas and "
        "neighbours."
        for share, count in zip(held["share"][steady], others[steady], strict=True)
    ]
    frame = areas[["name", "ward_name", "geometry"]].assign(
        class_key=table["kind"], kind=table["kind"], value=figure.value,
        lag=table["lag"], expected=table["expected"], z=table["z"],
        p=table["p"], q=table["q"], neighbours=table["neighbours"], holds=held["share"],
        people=areas["people"], sentence=told,
    )  # fmt: skip
    columns = [
        LayerColumn("name", "Area"), LayerColumn("kind", "Finding"),
        LayerColumn("value", figure.title, figure.unit),
    ]  # fmt: skip
    if figure.rates is None or statistic == "gi_star":
        columns += [
            LayerColumn("lag", "Mean here and around", figure.unit),
            LayerColumn("expected", "Mean expected by chance", figure.unit),
        ]
    if figure.rates is not None:
        rates = figure.rates.assign(nearby=_nearby(figure.rates, neighbours)).reindex(areas.index)
        frame["count"], frame["of"] = rates["count"], rates["people"]
        for name in RATES:
            frame[name] = 100 * rates[name]
        frame["alone"] = rates["kind"].map(ALONE)
        frame["funnel"] = rates["funnel"].map(FUNNEL)
        columns += [
            *(LayerColumn(name, title, figure.unit) for name, title in RATES.items()),
            LayerColumn("alone", "The count by itself"),
            LayerColumn("funnel", "Where it lies in a funnel (99.8 %)"),
            LayerColumn("count", "Counted", "people"), LayerColumn("of", "Among", "people"),
        ]  # fmt: skip
    wording = figure.wording
    classes = (
        *found_classes,
        LayerClass("not_significant", "Nothing that chance does not explain"),
        *(LayerClass(key, label, state=True) for key, label in STATES.items()),
    )
    return Layer(
        f"hotspots_{figure.name}", f"Hotspots: {figure.title}",
        f"Which areas have {wording.more} than chance explains?",
        surest_first(frame, classes, figure.worse), "polygon", "value", figure.unit, "hotspots",
        classes,
        (
            *columns,
            LayerColumn("people", capital(wording.people), "people"),
            LayerColumn("holds", "Share of ways of drawing areas in which it holds", "share"),
            LayerColumn("q", "p, adjusted for many tests", "probability"),
            LayerColumn("p", "p", "probability"),
            LayerColumn("z", "z"), LayerColumn("neighbours", "Neighbours with a figure"),
            LayerColumn("ward_name", "Ward"),
        ),
        sentence="sentence", people="people", people_title=wording.people,
        findings=tuple(summary(found, wording, names)),
        **about(
            analysis, figure.method, _tested(statistic, figure), in_words(found.card),
            _beyond(setting, figure),
            _ways(setting, figure), _overall(setting, figure, neighbours),
            indicator=setting.indicator(figure),
        ),
    )  # fmt: skip


RATES = {
    "rate": "As counted",
    "lower": "As counted: at least (95 %)",
    "upper": "As counted: at most (95 %)",
    "shrunken_lower": "Drawn to the overall rate: at least (95 %)",
    "shrunken_upper": "Drawn to the overall rate: at most (95 %)",
    "nearby": "Drawn to the rate around",
}


def _classes(statistic: str, wording: Wording) -> tuple[LayerClass, ...]:
    more, fewer = wording.more, wording.fewer
    if statistic == "gi_star":
        return (
            LayerClass("hot", f"Hotspot: {more} than chance explains"),
            LayerClass("cold", f"Coldspot: {fewer} than chance explains"),
        )
    return (
        LayerClass("high_high", f"High among high: {more} than most, here and around"),
        LayerClass("low_low", f"Low among low: {fewer} than most, here and around"),
        LayerClass("high_low", f"High among low: {more} than most, but not around"),
        LayerClass("low_high", f"Low among high: {fewer} than most, but not around"),
    )


def _nearby(rates: pd.DataFrame, neighbours: Neighbours) -> pd.Series:
    near = shrinkage.local_poisson_gamma(
        rates["count"], rates["people"], neighbours.first, neighbours.neighbour
    )
    return pd.Series(near.rate, index=rates.index)


def _found(setting: Setting, figure: Figure, neighbours: Neighbours, permutations: int) -> Hotspots:
    """Return the hotspots of a figure, over the areas of the neighbours."""
    analysis, ids = setting.analysis, neighbours.ids
    asked = analysis.study.hotspots
    value = figure.standardised() if asked.statistic == "local_moran" else figure.value
    return find(
        value[ids], neighbours,
        rng=np.random.default_rng(asked.seed), statistic=cast("Statistic", asked.statistic),
        people=analysis.inputs.areas["people"].reindex(ids), lacking=figure.lacking[ids],
        shown=setting.shown[ids], permutations=permutations,
        correction=cast("Correction", asked.correction), alpha=asked.false_discovery,
    )  # fmt: skip


def _held(setting: Setting, figure: Figure, found: Hotspots) -> pd.DataFrame:
    """Say of each area that stands out in how many ways of drawing areas it does."""
    asked = setting.analysis.study.hotspots
    first = asked.weights
    ways = {
        text: _found(setting, figure, neighbours, ALSO_PERMUTATIONS).table["kind"]
        for text, neighbours in setting.around.neighbours.items()
        if text != first
    }
    if _lent(setting, figure):
        alone = setting.around.neighbours[first].among(setting.shown.to_numpy())
        ways["alone"] = _found(setting, figure, alone, ALSO_PERMUTATIONS).table["kind"]
    scales = setting.around.scales
    coarse = {name: _coarser(setting, figure, *units) for name, units in scales.items()}
    table = found.table
    out = pd.DataFrame({"results": 1.0, "share": np.nan}, index=table.index)
    for kind in (step.key for step in _classes(asked.statistic, figure.wording)):
        here = table["kind"] == kind
        across = {
            name: carried(kinds, scales[name][1], kind=kind) for name, kinds in coarse.items()
        }
        said = agreement({first: table["kind"]} | ways | across, kind=kind).reindex(table.index)
        others = said["results"] - 1
        share = (said["share"] * said["results"] - 1) / others.where(others > 0)
        out.loc[here, "results"] = said["results"][here]
        out.loc[here, "share"] = share[here]
    return out


def _coarser(
    setting: Setting, figure: Figure, neighbours: Neighbours, across: pd.DataFrame
) -> pd.Series:
    """Return the kind of each ward or hexagon, by the mean figure of its people."""
    analysis = setting.analysis
    people = analysis.inputs.areas["people"].reindex(across["area_code"]).to_numpy(dtype=float)
    value = figure.value.reindex(across["area_code"]).to_numpy(dtype=float)
    weight = np.where(np.isnan(value), 0.0, people * across["share"].to_numpy())
    sums = pd.DataFrame({"value": np.nan_to_num(value) * weight, "weight": weight})
    sums = sums.groupby(across["from_code"].to_numpy()).sum().reindex(neighbours.ids)
    found = find(
        sums["value"] / sums["weight"].where(sums["weight"] > 0), neighbours,
        rng=np.random.default_rng(analysis.study.hotspots.seed),
        statistic=cast("Statistic", analysis.study.hotspots.statistic),
        permutations=ALSO_PERMUTATIONS,
        correction=cast("Correction", analysis.study.hotspots.correction),
        alpha=analysis.study.hotspots.false_discovery,
    )  # fmt: skip
    return found.table["kind"]


def _tested(statistic: str, figure: Figure) -> str:
    if figure.rates is None or statistic == "gi_star":
        return ""
    return "Tested are rates in standard deviations of their own (Assunção and Reis)."


def _lent(setting: Setting, figure: Figure) -> int:
    """Return how many areas beyond the border have a figure."""
    return int(figure.value[~setting.shown].notna().sum())


def _beyond(setting: Setting, figure: Figure) -> str:
    lent = _lent(setting, figure)
    if setting.shown.all():
        return "There are no areas beyond those studied: those at the edge have fewer neighbours."
    if not lent:
        return (
            "The figure is not known beyond the border: areas there have fewer neighbours with one."
        )
    return f"{lent:,} areas within {EDGE_M / 1000:g} km of the border lend their figures."


def _ways(setting: Setting, figure: Figure) -> str:
    others = [n.made for n in list(setting.around.neighbours.values())[1:]]
    if _lent(setting, figure):
        others.append("the areas studied alone")
    others += [f"the same on {name}" for name in setting.around.scales]
    missing = [f"Not held against others: {why}." for why in setting.around.missing]
    return " ".join([f"Held against: {'; '.join(others)}." if others else "", *missing]).strip()


def _overall(setting: Setting, figure: Figure, neighbours: Neighbours) -> str:
    """Say whether the figure gathers anywhere, as one number for all of the map."""
    overall = morans_i(
        figure.standardised().to_numpy(), neighbours,
        rng=np.random.default_rng(setting.analysis.study.hotspots.seed),
    )  # fmt: skip
    if np.isnan(overall.statistic):
        return ""
    of = " of standardised rates" if figure.rates is not None else ""
    return (
        f"All over: Moran’s I{of} {overall.statistic:.2f}, by chance {overall.expected:.2f} "
        f"(p = {overall.p_permuted:.2g} of {overall.permutations} random orders)."
    )

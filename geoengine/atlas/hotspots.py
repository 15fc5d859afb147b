"""The layers of hotspots: where each figure gathers more than chance explains, and how it holds."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoengine import cells, figures, surroundings
from geoengine.analysis import Journeys
from geoengine.atlas.order import ranked, surest_first, worse_side_first
from geoengine.atlas.told import about, capital
from geoengine.errors import GeoEngineError
from geoengine.figures import Figure
from geoengine.hotspots import (
    Hotspots,
    agreement,
    carried,
    emerging,
    find,
    in_words,
    scan,
    sentences,
    summary,
)
from geoengine.hotspots.windows import by_travel_time
from geoengine.layers import Layer, LayerClass, LayerColumn
from geoengine.neighbours import Neighbours, contiguity
from geoengine.study.weights import parse

ALSO_PERMUTATIONS = 9_999
RESOLUTIONS = (7, 8)
FEWEST_UNITS = 12
"""Fewer wards or hexagons than this are no test of whether a hotspot holds."""
FURTHEST_MIN = 60.0
TIMELESS = ("no_neighbours", "suppressed", "unknown")
STATES = {
    "not_enough_data": "Not enough figures around it to tell",
    "no_neighbours": "No neighbours to compare it with",
    "no_variation": "All areas have the same figure",
    "unreachable": "No way to get there: no figure to compare",
    "suppressed": "Withheld, to protect small numbers",
    "unknown": "Not known",
}


@dataclass(frozen=True, eq=False)
class Around:
    """
    The areas that figures are tested on, and what is near them.

    Parameters
    ----------
    areas
        From `figures.around`.
    points
        Where the people of each area are.
    neighbours
        The neighbours asked for, the first those that hotspots are found with.
    scales
        Other units, wards and hexagons: their neighbours, and each area's share in them.
    """

    areas: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    neighbours: dict[str, Neighbours]
    scales: dict[str, tuple[Neighbours, pd.DataFrame]]


@dataclass(frozen=True, eq=False)
class Setting:
    """The areas that figures are tested on, with what is near them, shared by all figures."""

    analysis: Journeys
    around: Around

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """The areas studied and those near their border."""
        return self.around.areas

    @property
    def shown(self) -> pd.Series:
        """Which areas are studied, and not just near the border."""
        own = self.areas.index.isin(self.analysis.inputs.areas.index)
        return pd.Series(own, index=self.areas.index)


def around(analysis: Journeys) -> Around:
    """
    Find what is near the areas of an analysis.

    Raises
    ------
    GeoEngineError
        If the areas cannot have the neighbours asked for.
    """
    areas, asked = figures.around(analysis), analysis.study.hotspots
    points = surroundings.lived_in(areas, analysis.grounds.origins)
    made = {}
    for text in dict.fromkeys((asked.weights, *asked.also)):
        try:
            made[text] = surroundings.neighbours(parse(text), areas, points, _streets(analysis))
        except GeoEngineError:
            if text == asked.weights:
                raise
    return Around(areas, points, made, _scales(analysis, str(areas.crs)))


def _streets(analysis: Journeys) -> surroundings.Streets:
    grounds = analysis.grounds
    return surroundings.Streets(grounds.network, grounds.index, analysis.study.travel.snap_limit_m)


def _scales(analysis: Journeys, crs: str) -> dict[str, tuple[Neighbours, pd.DataFrame]]:
    inputs, origins = analysis.inputs, analysis.grounds.origins
    found = {}
    wards = inputs.areas[inputs.areas["ward_name"].notna()]
    if wards["ward_name"].nunique() >= FEWEST_UNITS:
        across = pd.DataFrame(
            {"from_code": wards["ward_name"], "area_code": wards.index, "share": 1.0}
        )
        found["wards"] = (contiguity(wards.dissolve("ward_name")), across)
    x, y = (np.asarray(part(origins.geometry)) for part in (shapely.get_x, shapely.get_y))
    people = origins["people"].to_numpy(dtype=float)
    for resolution in RESOLUTIONS:
        cell = cells.locate(x, y, crs=crs, resolution=resolution)
        lived = pd.DataFrame(
            {"from_code": cell, "area_code": origins["area_code"], "share": people}
        )
        across = lived.groupby(["from_code", "area_code"], as_index=False).sum()
        across = across[across["share"] > 0]
        codes = np.unique(across["from_code"])
        if len(codes) < FEWEST_UNITS:
            continue
        hexagons = gpd.GeoDataFrame(
            geometry=cells.outlines(codes, crs=crs), index=pd.Index(codes), crs=crs
        )
        across["share"] /= across.groupby("area_code")["share"].transform("sum")
        km2 = hexagons.geometry.area.mean() / 1e6
        found[f"hexagons of {km2:.1f} km²"] = (contiguity(hexagons), across)
    return found


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
    analysis = setting.analysis
    asked, areas = analysis.study.hotspots, analysis.inputs.areas
    found = _found(setting, figure, setting.around.neighbours[asked.weights], asked.permutations)
    held = _held(setting, figure, found)
    table = found.table.reindex(areas.index)
    unreachable = figure.unreachable.reindex(areas.index) & (table["kind"] == "unknown")
    names = areas["name"]
    told = sentences(found, figure.wording, names).reindex(areas.index)
    told[unreachable] = names[unreachable] + " cannot be reached, so it has no figure to compare."
    others = held["results"] - 1
    steady = table["kind"].isin(["hot", "cold"]) & (others > 0)
    told[steady] += [
        f" It stays so in {share * count:.0f} of {count:.0f} other ways to draw areas and "
        "neighbours."
        for share, count in zip(held["share"][steady], others[steady], strict=True)
    ]
    kind = table["kind"].mask(unreachable, "unreachable")
    frame = areas[["name", "ward_name", "geometry"]].assign(
        class_key=kind, kind=kind,
        value=table["value"], lag=table["lag"], expected=table["expected"], z=table["z"],
        p=table["p"], q=table["q"], neighbours=table["neighbours"], holds=held["share"],
        people=areas["people"], sentence=told,
    )  # fmt: skip
    columns = [
        LayerColumn("name", "Area"), LayerColumn("kind", "Finding"),
        LayerColumn("value", figure.title, figure.unit),
        LayerColumn("lag", "Mean here and around", figure.unit),
        LayerColumn("expected", "Mean expected by chance", figure.unit),
    ]  # fmt: skip
    if figure.rates is not None:
        rates = figure.rates.reindex(areas.index)
        frame["count"], frame["of"] = rates["count"], rates["people"]
        for name in ("rate", "lower", "upper"):
            frame[name] = 100 * rates[name]
        columns += [
            LayerColumn("rate", "As counted", figure.unit),
            LayerColumn("lower", "As counted: at least (95 %)", figure.unit),
            LayerColumn("upper", "As counted: at most (95 %)", figure.unit),
            LayerColumn("count", "Counted", "people"), LayerColumn("of", "Among", "people"),
        ]  # fmt: skip
    wording = figure.wording
    classes = (
        LayerClass("hot", f"Hotspot: {wording.more} than chance explains"),
        LayerClass("cold", f"Coldspot: {wording.fewer} than chance explains"),
        LayerClass("not_significant", "Nothing that chance does not explain"),
        *(LayerClass(key, label, state=True) for key, label in STATES.items()),
    )
    return Layer(
        f"hotspots_{figure.name}", f"Hotspots: {figure.title}",
        f"Where are there {wording.more} than chance explains?",
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
            analysis, figure.method, in_words(found.card), _ways(setting),
            indicator=_indicator(setting, figure),
        ),
    )  # fmt: skip


def _found(setting: Setting, figure: Figure, neighbours: Neighbours, permutations: int) -> Hotspots:
    analysis = setting.analysis
    return find(
        figure.value, neighbours,
        rng=np.random.default_rng(analysis.study.hotspots.seed),
        people=analysis.inputs.areas["people"].reindex(setting.areas.index),
        suppressed=figure.suppressed, shown=setting.shown, permutations=permutations,
        alpha=analysis.study.hotspots.false_discovery,
    )  # fmt: skip


def _held(setting: Setting, figure: Figure, found: Hotspots) -> pd.DataFrame:
    """Say of each hot or cold area in how many ways of drawing areas it is so."""
    first = setting.analysis.study.hotspots.weights
    ways = {
        text: _found(setting, figure, neighbours, ALSO_PERMUTATIONS).table["kind"]
        for text, neighbours in setting.around.neighbours.items()
        if text != first
    }
    scales = setting.around.scales
    coarse = {name: _coarser(setting, figure, *units) for name, units in scales.items()}
    table = found.table
    out = pd.DataFrame({"results": 1.0, "share": np.nan}, index=table.index)
    for kind in ("hot", "cold"):
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
        permutations=ALSO_PERMUTATIONS, alpha=analysis.study.hotspots.false_discovery,
    )  # fmt: skip
    return found.table["kind"]


def _ways(setting: Setting) -> str:
    others = [n.made for n in list(setting.around.neighbours.values())[1:]]
    others += [f"the same on {name}" for name in setting.around.scales]
    return f"Held against: {'; '.join(others)}." if others else ""


def clusters(setting: Setting, figure: Figure) -> Layer:
    """Return groups of areas, near each other along streets, with more cases than elsewhere."""
    analysis, areas, rates = setting.analysis, setting.areas, figure.rates
    assert rates is not None
    asked = analysis.study.hotspots
    points = setting.around.points
    times = surroundings.between(points, _streets(analysis), limit_s=FURTHEST_MIN * 60)
    windows = by_travel_time(
        times.first_pair, times.provision, times.time_ds / 10, rates["people"].to_numpy()
    )
    share = analysis.study.indicators[figure.name].population
    found = scan.find(
        rates["count"].to_numpy(), rates["people"].to_numpy(), windows,
        rng=np.random.default_rng(asked.seed), model="bernoulli" if share else "poisson",
        direction=("high" if figure.worse == "high" else "low"),
    )  # fmt: skip
    names = [str(name) for name in areas["name"]]
    frame = areas[["name", "geometry"]].assign(
        class_key="none", cluster="", cases=rates["count"], of=rates["people"], p=np.nan,
        p_gumbel=np.nan, ratio=np.nan, sentence=areas["name"] + " is in no cluster.",
    )  # fmt: skip
    withheld = figure.suppressed.to_numpy(dtype=bool)
    lacking = rates["count"].isna().to_numpy()
    frame.loc[lacking, "class_key"] = np.where(withheld, "suppressed", "unknown")[lacking]
    frame.loc[lacking, "sentence"] = frame["name"][lacking] + " has no figure to compare."
    event = figure.wording.more.removeprefix("more ")
    said = []
    for at, cluster in enumerate(found.clusters, start=1):
        if cluster.p > asked.false_discovery:
            break
        told = scan.sentence(cluster, names, windows.unit, event=event)
        said.append(told)
        here = frame.index[cluster.members]
        frame.loc[here, "class_key"] = "cluster"
        frame.loc[here, "cluster"] = f"{at}: around {names[cluster.centre]}"
        frame.loc[here, ["p", "p_gumbel", "ratio"]] = (cluster.p, cluster.p_gumbel, cluster.ratio)
        frame.loc[here, "sentence"] = told
    frame = frame[setting.shown.to_numpy()]
    frame["people"] = analysis.inputs.areas["people"].reindex(frame.index)
    fewer = figure.worse == "low"
    classes = (
        LayerClass("cluster", f"In a cluster with {'fewer' if fewer else 'more'} {event}"),
        LayerClass("none", "In no cluster"),
        LayerClass("suppressed", STATES["suppressed"], state=True),
        LayerClass("unknown", STATES["unknown"], state=True),
    )
    return Layer(
        f"clusters_{figure.name}", f"Clusters: {figure.title}",
        f"Which groups of areas have {'fewer' if fewer else 'more'} {event} than elsewhere?",
        ranked(frame, ("p", "low"), ("cluster", "low"), classes=classes),
        "polygon", "ratio", "times as many as expected", "hotspots", classes,
        (
            LayerColumn("name", "Area"), LayerColumn("cluster", "Cluster"),
            LayerColumn("ratio", "Cluster: cases", "times as many as expected"),
            LayerColumn("p", "Cluster: p by replicates", "probability"),
            LayerColumn("p_gumbel", "Cluster: p by Gumbel’s distribution", "probability"),
            LayerColumn("cases", "Counted", "people"), LayerColumn("of", "Among", "people"),
            LayerColumn("people", capital(figure.wording.people), "people"),
        ),
        sentence="sentence", people="people", people_title=figure.wording.people,
        findings=tuple(said) or ("No group of areas has more than chance explains.",),
        **about(
            analysis,
            f"{figure.title}, as counted. Kulldorff’s scan over groups of areas that grow with the "
            f"{analysis.rule.journey} along streets, up to {FURTHEST_MIN:.0f} minutes and half of "
            f"everybody; {len(found.greatest)} random replicates, seed {asked.seed}; a cluster up "
            f"to p = {asked.false_discovery:g}; {len(found.left_out)} areas left out for want of "
            "a count.",
            indicator=_indicator(setting, figure),
        ),
    )  # fmt: skip


def through_time(setting: Setting, figure: Figure) -> Layer:
    """Return where hot and cold spots are new, lasting, fading or gone."""
    analysis, areas = setting.analysis, setting.analysis.inputs.areas
    asked, history = analysis.study.hotspots, figure.history
    neighbours = setting.around.neighbours[asked.weights]
    found = emerging.find(history.loc[neighbours.ids], neighbours, alpha=asked.false_discovery)
    table = found.areas.reindex(areas.index)
    first, last = history.columns[0], history.columns[-1]
    lost = figure.suppressed.reindex(areas.index) & (table["kind"] == "unknown")
    kind = table["kind"].mask(lost, "suppressed")
    meanings = emerging.PATTERNS | {
        "unknown": f"no figure for {last}",
        "suppressed": f"the figure for {last} is withheld",
        "no_neighbours": "no neighbours to compare it with",
    }
    there = [key for key in emerging.PATTERNS if (kind == key).any() or key == "no_pattern"]
    frame = areas[["name", "ward_name", "people", "geometry"]].assign(
        class_key=kind, kind=kind, hot=table["hot"], cold=table["cold"], periods=table["periods"],
        tau=table["tau"], p=table["p"],
        first=history[first].reindex(areas.index), last=history[last].reindex(areas.index),
        sentence=areas["name"] + ": " + kind.map(meanings) + ".",
    )  # fmt: skip
    steps = history.shape[1]
    new = frame.index[kind.isin(["new_hot", "consecutive_hot", "intensifying_hot"])]
    names = ", ".join(areas.loc[new[:4], "name"]) + (" and others" if len(new) > 4 else "")
    said = (
        f"{len(new)} areas have newly or increasingly {figure.wording.more}: {names}."
        if len(new)
        else f"Nowhere are there newly or increasingly {figure.wording.more}."
    )
    classes = (
        *(
            LayerClass(key, capital(key.replace("_", " ")) + ": " + emerging.PATTERNS[key])
            for key in there
        ),
        *(LayerClass(key, STATES[key], state=True) for key in TIMELESS),
    )
    return Layer(
        f"emerging_{figure.name}", f"Hotspots through time: {figure.title}",
        f"Where do hotspots appear, stay or fade from {first} to {last}?",
        ranked(frame, ("last", figure.worse), classes=worse_side_first(classes, figure.worse)),
        "polygon", "hot", "periods", "emerging", classes,
        (
            LayerColumn("name", "Area"), LayerColumn("kind", "Pattern"),
            LayerColumn("first", f"In {first}", figure.unit),
            LayerColumn("last", f"In {last}", figure.unit),
            LayerColumn("hot", "Hot", "periods"), LayerColumn("cold", "Cold", "periods"),
            LayerColumn("periods", "Known", "periods"),
            LayerColumn("people", capital(figure.wording.people), "people"),
            LayerColumn("tau", "Trend (Kendall’s tau)"),
            LayerColumn("p", "p of the trend", "probability"),
            LayerColumn("ward_name", "Ward"),
        ),
        sentence="sentence", people="people", people_title=figure.wording.people,
        findings=(said, *filter(None, [found.warning])),
        **about(
            analysis, figure.method,
            f"Emerging hot spot analysis as in ArcGIS Pro 3: Gi* of each area and period over its "
            f"neighbours ({neighbours.made}) in {steps} periods and the one before; "
            f"{found.tests:,} tests adjusted together (Benjamini-Hochberg); trend of each area "
            f"by Mann and Kendall; level {asked.false_discovery:g}.",
            indicator=_indicator(setting, figure),
        ),
    )  # fmt: skip


def _indicator(setting: Setting, figure: Figure) -> str:
    return figure.name if figure.name in setting.analysis.study.indicators else ""

"""The layer of clusters: groups of areas along streets with more cases than elsewhere."""

import numpy as np

from geoengine import surroundings
from geoengine.atlas.order import ranked
from geoengine.atlas.setting import STATES, Setting, streets
from geoengine.atlas.told import about, capital
from geoengine.figures import Figure
from geoengine.hotspots import scan
from geoengine.hotspots.windows import by_travel_time
from geoengine.layers import Layer, LayerClass, LayerColumn

FURTHEST_MIN = 60.0


def clusters(setting: Setting, figure: Figure) -> Layer:
    """Return groups of areas, near each other along streets, with more cases than elsewhere."""
    analysis, areas, rates = setting.analysis, setting.areas, figure.rates
    assert rates is not None
    asked = analysis.study.hotspots
    points = setting.around.points
    times = surroundings.between(points, streets(analysis), limit_s=FURTHEST_MIN * 60)
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
            indicator=setting.indicator(figure),
        ),
    )  # fmt: skip

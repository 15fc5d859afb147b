"""The layer of clusters: groups of areas along streets with more cases than elsewhere."""

import numpy as np

from geoengine import surroundings
from geoengine.atlas.order import ranked
from geoengine.atlas.setting import STATES, Setting, streets
from geoengine.atlas.told import about, capital
from geoengine.figures import Figure
from geoengine.hotspots import count_left_out, groups, left_out_in_words
from geoengine.hotspots.windows import FloatArray, Windows, by_travel_time
from geoengine.layers import Layer, LayerClass, LayerColumn

FURTHEST_MIN = 60.0


def clusters(setting: Setting, figure: Figure) -> Layer:
    """Return groups of areas, near each other along streets, with more cases than elsewhere."""
    analysis, areas, rates = setting.analysis, setting.areas, figure.rates
    assert rates is not None
    asked = analysis.study.hotspots
    share = analysis.study.indicators[figure.name].population

    def windows(people: FloatArray) -> Windows:
        points = setting.around.points
        times = surroundings.between(points, streets(analysis), limit_s=FURTHEST_MIN * 60)
        return by_travel_time(times.first_pair, times.provision, times.time_ds / 10, people)

    event = figure.wording.more.removeprefix("more ")
    grouped = groups.find(
        rates.where(rates["count"].notna()), areas["name"], windows,
        rng=np.random.default_rng(asked.seed), event=event, lacking=figure.lacking,
        alpha=asked.false_discovery, shown=setting.shown,
        model="bernoulli" if share else "poisson",
        direction="high" if figure.worse == "high" else "low",
    )  # fmt: skip
    frame = areas[["name", "geometry"]].join(grouped.table)
    frame = frame.assign(class_key=frame.pop("kind"), cases=rates["count"], of=rates["people"])
    frame = frame[setting.shown.to_numpy()]
    frame["people"] = analysis.inputs.areas["people"].reindex(frame.index)
    lost = left_out_in_words(count_left_out(frame["class_key"]))
    found, more = grouped.found, "fewer" if figure.worse == "low" else "more"
    classes = (
        LayerClass("cluster", f"In a cluster with {more} {event}"),
        LayerClass("none", "In no cluster"),
        *(LayerClass(key, STATES[key], state=True) for key in ("nobody", "suppressed", "unknown")),
    )
    return Layer(
        f"clusters_{figure.name}", f"Clusters: {figure.title}",
        f"Which groups of areas have {more} {event} than elsewhere?",
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
        findings=grouped.said or (f"No group of areas has {more} than chance explains.",),
        **about(
            analysis,
            f"{figure.title}, as counted. Kulldorff’s scan over groups of areas that grow with the "
            f"{analysis.rule.journey} along streets, up to {FURTHEST_MIN:.0f} minutes and half of "
            f"everybody; {len(found.greatest)} random replicates, seed {asked.seed}; a cluster up "
            f"to p = {asked.false_discovery:g}; left out: {lost}; "
            f"{len(found.too_large)} areas hold more than half by themselves.",
            indicator=setting.indicator(figure),
        ),
    )  # fmt: skip

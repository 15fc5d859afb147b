"""The layer of hot and cold spots through time, with the recent trend of each area."""

import re
from typing import Any, cast

import numpy as np
import pandas as pd

from geoengine.atlas.order import ranked, worse_side_first
from geoengine.atlas.setting import STATES, Setting
from geoengine.atlas.told import about, capital
from geoengine.figures import Figure
from geoengine.hotspots import count_left_out, emerging, left_out_in_words
from geoengine.layers import Layer, LayerClass, LayerColumn
from geoengine.neighbours import Neighbours
from geoengine.significance import TOLD, Correction

TIMELESS = (
    "not_enough_data", "no_variation", "no_neighbours", "no_network", "nobody", "suppressed",
    "unknown",
)  # fmt: skip
MARKS = {
    "increasing_worse": "increasing, and getting worse",
    "increasing_better": "increasing, and getting better",
    "decreasing_worse": "decreasing, and getting worse",
    "decreasing_better": "decreasing, and getting better",
    "no_change": "no significant change",
    "cannot_be_calculated": "cannot be calculated",
}
"""What Fingertips calls a recent trend."""
SPOTS = {
    "suppressed": "withheld", "nobody": "nobody to count among", "unknown": "not known",
    "no_network": "no network", "no_neighbours": "no neighbours",
    "not_enough_data": "too few around it", "hot": "hot", "cold": "cold",
}  # fmt: skip
"""What an area is called in a term, the first that holds; else neither."""


def through_time(setting: Setting, figure: Figure) -> Layer:
    """Return where hot and cold spots are new, lasting, fading or gone."""
    analysis, areas = setting.analysis, setting.analysis.inputs.areas
    asked, history = analysis.study.hotspots, figure.history
    neighbours = setting.around.neighbours[asked.weights]
    correction = cast("Correction", asked.correction)
    found = emerging.find(
        history.loc[neighbours.ids], neighbours, lacking=figure.lacking[neighbours.ids],
        correction=correction, alpha=asked.false_discovery,
    )  # fmt: skip
    table = found.areas.reindex(areas.index)
    first, last = history.columns[0], history.columns[-1]
    kind = table["kind"]
    meanings = emerging.PATTERNS | {
        "not_enough_data": f"too few areas around it have a figure for {last}",
        "no_variation": "all areas have the same figure",
        "no_neighbours": "no neighbours to compare it with",
        "no_network": "not near any street, so that it has no neighbours to compare it with",
        "nobody": f"nobody to count among in {last}",
        "suppressed": f"the figure for {last} is withheld",
        "unknown": f"no figure for {last}",
    }
    there = [key for key in emerging.PATTERNS if (kind == key).any() or key == "no_pattern"]
    terms, columns = _terms(figure, neighbours, found, asked.false_discovery)
    frame = areas[["name", "ward_name", "people", "geometry"]].assign(
        class_key=kind, kind=kind, hot=table["hot"], cold=table["cold"], periods=table["periods"],
        tau=table["tau"], p=table["p"],
        **terms.reindex(areas.index),
        sentence=areas["name"] + ": " + kind.map(meanings) + ".",
    )  # fmt: skip
    marked: tuple[LayerColumn, ...] = ()
    if figure.marks is not None:
        frame["marked"] = figure.marks.reindex(areas.index).map(MARKS)
        marked = (LayerColumn("marked", "Recent trend, as Fingertips marks it"),)
    steps = history.shape[1]
    hot = figure.worse == "high"
    side, worse = ("hot", figure.wording.more) if hot else ("cold", figure.wording.fewer)
    lately = [f"{way}_{side}" for way in ("new", "consecutive", "intensifying")]
    new = frame.index[kind.isin(lately)]
    names = ", ".join(areas.loc[new[:4], "name"]) + (" and others" if len(new) > 4 else "")
    said = (
        f"{len(new)} areas have newly or increasingly {worse}: {names}."
        if len(new)
        else f"Nowhere are there newly or increasingly {worse}."
    )
    classes = (
        *(
            LayerClass(key, capital(key.replace("_", " ")) + ": " + emerging.PATTERNS[key])
            for key in there
        ),
        *(LayerClass(key, STATES[key], state=True) for key in TIMELESS),
    )
    order = worse_side_first(classes, figure.worse)
    return Layer(
        f"emerging_{figure.name}", f"Hotspots through time: {figure.title}",
        f"Where do hotspots appear, stay or fade from {first} to {last}?",
        ranked(frame, (columns[-3].name, figure.worse), classes=order),
        "polygon", "hot", "periods", "emerging", classes,
        (
            LayerColumn("name", "Area"), LayerColumn("kind", "Pattern"),
            LayerColumn("hot", "Hot", "periods"), LayerColumn("cold", "Cold", "periods"),
            LayerColumn("periods", "Known", "periods"),
            LayerColumn("people", capital(figure.wording.people), "people"),
            LayerColumn("tau", "Trend (Kendall’s tau)"),
            LayerColumn("p", "p of the trend", "probability"), *marked,
            LayerColumn("ward_name", "Ward"), *columns,
        ),
        sentence="sentence", people="people", people_title=figure.wording.people,
        findings=(said, *filter(None, [found.warning])),
        **about(
            analysis, figure.method,
            f"Emerging hot spot analysis as in ArcGIS Pro 3: Gi* of each area and period over its "
            f"neighbours ({neighbours.made}) in {steps} periods and the one before; "
            f"{found.tests:,} tests adjusted together ({TOLD[correction]}); trend of each area "
            f"by Mann and Kendall; level {asked.false_discovery:g}; left out for {last}: "
            f"{left_out_in_words(count_left_out(kind))}.",
            indicator=setting.indicator(figure),
        ),
    )  # fmt: skip


def _terms(
    figure: Figure, neighbours: Neighbours, found: emerging.Emerging, alpha: float
) -> tuple[pd.DataFrame, list[LayerColumn]]:
    """Return each term's figures, their states, and which areas were hot or cold, with titles."""
    parts: dict[str, Any] = {}
    columns = []
    for at, (term, value) in enumerate(figure.history.loc[neighbours.ids].items()):
        gap = figure.gaps[term].loc[neighbours.ids]
        state = np.select([value.notna(), gap != ""], ["known", gap], "unknown")
        z, sure = found.z[:, at], found.q[:, at] <= alpha
        states: dict[str, Any] = {
            "suppressed": gap == "suppressed", "nobody": gap == "nobody", "unknown": value.isna(),
            "no_network": neighbours.ids.isin(neighbours.off_network),
            "no_neighbours": neighbours.ids.isin(neighbours.islands),
            "not_enough_data": np.isnan(z), "hot": sure & (z > 0), "cold": sure,
        }  # fmt: skip
        spot = np.select(list(states.values()), [SPOTS[each] for each in states], default="neither")
        name = re.sub(r"\W+", "_", str(term).lower()).strip("_")
        name = f"{name}_{at + 1}" if f"spot_{name}" in parts else name
        parts |= {f"figure_{name}": value, f"figure_{name}_state": state, f"spot_{name}": spot}
        columns += [
            LayerColumn(f"figure_{name}", str(term), figure.unit),
            LayerColumn(f"figure_{name}_state", f"{term}: state"),
            LayerColumn(f"spot_{name}", f"{term}: hot or cold"),
        ]
    return pd.DataFrame(parts, index=neighbours.ids), columns

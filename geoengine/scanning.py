"""Which groups of any areas have more cases than elsewhere: a scan that needs no study."""

import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoengine import __version__, gathering, surroundings
from geoengine.errors import GeoEngineError
from geoengine.gathering import Answer, Options
from geoengine.hotspots import UNTESTED, count_left_out, groups, left_out, left_out_in_words
from geoengine.hotspots.windows import FloatArray, Windows, by_travel_time, circles
from geoengine.layers import Layer, LayerClass, LayerColumn
from geoengine.sources import valued
from geoengine.study.weights import Weights

REPLICATES = 999
KINDS = {
    "cluster": "In a cluster with more than elsewhere",
    "none": "In no cluster",
    "suppressed": "Its value is withheld",
    "nobody": "Nobody to count among",
    "unknown": "Its value is not known",
}
COLUMNS = {
    "cluster": "Cluster",
    "ratio": "Cluster: times as many as expected",
    "p": "Cluster: p by replicates",
    "p_gumbel": "Cluster: p by Gumbel’s distribution",
    "sentence": "In a sentence",
}


def look(
    areas: Path, value: str, options: Options, *, population: str, table: Path | None = None,
    code: str = "", replicates: int = REPLICATES,
) -> Answer:  # fmt: skip
    """
    Read counts of people by area, and find the groups of areas with more than elsewhere.

    Parameters
    ----------
    areas, value, population, table, code
        As for `sources.valued.read`: `value` counts some of the people of `population`.
    options
        How to look. Weights are how far a window may grow, up to half of everybody: band:5000
        in a circle of so many metres, minutes:30 along streets.
    replicates
        How often chance is asked.

    Raises
    ------
    GeoEngineError
        If a file, a column or an option cannot be used; says what to put right.
    """
    weights = gathering.weights_of(options)
    _refuse(weights, options, population, replicates)
    reading = valued.read(
        areas, crs=options.crs, value=value, population=population, table=table, code=code
    )
    frame: gpd.GeoDataFrame = reading.frame
    points, streets = gathering.points_of(frame), gathering.streets_of(options)
    x, y = shapely.get_x(points.geometry), shapely.get_y(points.geometry)

    def windows(people: FloatArray) -> Windows:
        if streets is None or weights.kind == "band":
            return circles(x, y, people, furthest_m=weights.number)
        times = surroundings.between(points, streets, limit_s=weights.number * 60)
        return by_travel_time(times.first_pair, times.provision, times.time_ds / 10, people)

    off = frame.index[:0]
    if streets is not None and weights.kind == "minutes":
        off = surroundings.off_network(points, streets)
    why = np.select([frame["suppressed"], frame["of"] == 0], ["suppressed", "nobody"], "")
    known = frame["value"].notna() & frame["of"].notna() & (why == "")
    counts = pd.DataFrame({"count": frame["value"], "people": frame["of"]}).where(known)
    grouped = groups.find(
        counts, frame["name"], windows,
        rng=np.random.default_rng(options.seed), event=f"of ‘{value}’",
        lacking=pd.Series(why, frame.index), alpha=options.false_discovery, replicates=replicates,
    )  # fmt: skip
    far = f"{weights.number:g} {'m' if weights.kind == 'band' else f'minutes ({options.mode})'}"
    card = {
        "value": value, "population": population,
        "statistic": "Kulldorff's scan (Bernoulli)",
        "windows": f"up to {far} from each area and half of everybody",
        "replicates": replicates, "seed": str(options.seed), "alpha": options.false_discovery,
        **_found(grouped), "areas_off_network": off.tolist(),
        "rows_left_out": reading.left_out.to_dict("records"), "version": __version__,
    }  # fmt: skip
    return Answer(_layer(frame, grouped, card), card, reading)


def _refuse(weights: Weights, options: Options, population: str, replicates: int) -> None:
    if weights.kind not in ("band", "minutes"):
        raise GeoEngineError(
            "scan needs --weights band:5000 (circles of up to so many metres) or minutes:30, not "
            f"{options.weights}"
        )
    if not population:
        raise GeoEngineError("scan needs --population: whom the cases are counted among")
    if options.correction != Options.correction:
        raise GeoEngineError(
            f"scan takes no --correction {options.correction}: its p allows for all windows"
        )
    fewest = math.ceil(1 / options.false_discovery - 1e-9) - 1
    if replicates < fewest:
        raise GeoEngineError(
            f"scan needs at least --permutations {fewest} to tell p = {options.false_discovery:g} "
            f"from chance, not {replicates}"
        )


def _found(grouped: groups.Groups) -> dict[str, object]:
    """Return what was found and left out, in plain values."""
    found, codes, kinds = grouped.found, grouped.table.index, grouped.table["kind"]
    return {
        "areas": len(codes),
        "left_out": count_left_out(kinds), "areas_left_out": left_out(kinds),
        "areas_too_large": codes[found.too_large].tolist(),
        "clusters": [
            {
                "centre": codes[one.centre], "areas": codes[one.members].tolist(),
                "cases": one.cases, "people": one.people, "expected": one.expected,
                "ratio": one.ratio,
                "relative_risk": one.relative_risk if np.isfinite(one.relative_risk) else None,
                "llr": one.llr, "p": one.p,
                "p_gumbel": one.p_gumbel if np.isfinite(one.p_gumbel) else None,
            }
            for one in found.clusters
        ],
    }  # fmt: skip


def _layer(frame: gpd.GeoDataFrame, grouped: groups.Groups, card: dict[str, Any]) -> Layer:
    value, given = card["value"], frame["value"].mask(frame["suppressed"])
    told = {
        "value": (value, given), "of": (card["population"], frame["of"]),
        "rate": ("As counted, for each person", given / frame["of"].where(frame["of"] > 0)),
    } | {name: (title, grouped.table[name]) for name, title in COLUMNS.items()}  # fmt: skip
    kinds = grouped.table["kind"]
    shown = frame[["name", "geometry"]].assign(
        class_key=kinds, kind=kinds, **{name: column for name, (_, column) in told.items()}
    )
    chances = ("p", "p_gumbel")
    said = list(grouped.said) or ["No group of areas has more than chance explains."]
    if card["left_out"]:
        said.append(f"Areas left out: {left_out_in_words(card['left_out'])}.")
    if card["areas_off_network"]:
        few = len(card["areas_off_network"])
        said.append(f"Areas not near any street, each looked at by itself: {few}.")
    if card["areas_too_large"]:
        few = len(card["areas_too_large"])
        said.append(
            f"Areas with more than half of everybody, so that no group can begin there: {few}."
        )
    return Layer(
        "clusters", f"Clusters: {value}",
        f"Which groups of areas have a higher share of {value} than elsewhere?",
        shown, "polygon", "ratio", "", "hotspots",
        tuple(
            LayerClass(kind, label, state=kind in UNTESTED)
            for kind, label in KINDS.items()
            if (kinds == kind).any()
        ),
        (
            LayerColumn("name", "Area"), LayerColumn("kind", "Finding"),
            *(
                LayerColumn(name, title, "probability" if name in chances else "")
                for name, (title, _) in told.items()
            ),
        ),
        findings=tuple(said),
        method=(
            f"{card['statistic']}; windows {card['windows']}; {card['replicates']} random "
            f"replicates, seed {card['seed']}."
        ),
    )  # fmt: skip

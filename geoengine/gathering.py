"""Where any figure of any areas gathers more than chance explains: no study needed."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoengine import __version__, surroundings
from geoengine.errors import GeoEngineError
from geoengine.hotspots import (
    KINDS,
    UNTESTED,
    Card,
    Clustering,
    Hotspots,
    Wording,
    find,
    morans_i,
    sentences,
    summary,
)
from geoengine.hotspots.findings import Statistic
from geoengine.layers import Layer, LayerClass, LayerColumn
from geoengine.network import modes, snapping
from geoengine.network import streets as street_networks
from geoengine.rates import comparison, shrinkage
from geoengine.sources import streets as street_files
from geoengine.sources import valued
from geoengine.study.weights import Weights, parse
from geoengine.surroundings import Streets
from geoengine.tables import Reading

STATISTICS = ("gi_star", "gi", "local_moran", "local_geary", "join_count")
SNAP_LIMIT_M = 250.0
ORDERS_OVERALL = 999

RATES = {
    "rate": "As counted, for each person",
    "lower": "As counted: at least (95 %)",
    "upper": "As counted: at most (95 %)",
    "shrunken": "Drawn towards the overall rate",
}
TESTS = {
    "neighbours": "Neighbours with a figure",
    "lag": "Mean around",
    "expected": "Mean expected by chance",
    "statistic": "Statistic",
    "z": "z",
    "p": "p",
    "q": "p, adjusted for many tests",
}


@dataclass(frozen=True)
class Options:
    """
    How to look.

    Parameters
    ----------
    weights
        Who is whose neighbour: queen, rook, knn:8, band:2000 or minutes:15.
    statistic
        One of `STATISTICS`.
    permutations, seed
        How many random orders to try, and where they start.
    false_discovery
        Share of the findings that may be chance.
    streets, mode
        An OpenStreetMap extract and a travel mode, for neighbours by time.
    crs
        A projected CRS in metres.
    """

    weights: str = "queen"
    statistic: str = "gi_star"
    permutations: int = 99_999
    seed: int = 1
    false_discovery: float = 0.05
    streets: Path | None = None
    mode: str = "walk"
    crs: str = "EPSG:27700"


@dataclass(frozen=True, eq=False)
class Answer:
    """The layer found, how it was found, and what the files' reader left out and noted."""

    layer: Layer
    card: dict[str, object]
    reading: Reading


def look(
    areas: Path, value: str, options: Options, *, population: str = "", table: Path | None = None,
    code: str = "",
) -> Answer:  # fmt: skip
    """
    Read areas with their figures and find where these gather.

    Parameters
    ----------
    areas, value, population, table, code
        As for `sources.valued.read`. With a population the values are counts, and rates drawn
        towards the overall rate are tested (standardised ones by a local Moran’s I).
    options
        How to look.

    Raises
    ------
    GeoEngineError
        If a file, a column or an option cannot be used; says what to put right.
    """
    weights = _weights(options)
    reading = valued.read(
        areas, crs=options.crs, value=value, population=population, table=table, code=code
    )
    frame: gpd.GeoDataFrame = reading.frame
    points = gpd.GeoDataFrame(
        geometry=shapely.point_on_surface(frame.geometry.to_numpy()),
        index=frame.index, crs=frame.crs,
    )  # fmt: skip
    streets = _streets(options.streets, options) if options.streets else None
    neighbours = surroundings.neighbours(weights, frame, points, streets)
    rates = None
    if population:
        rates = comparison.compare(frame["value"], frame["of"], suppressed=frame["suppressed"])
    tested = _tested(frame, rates, options)
    found = find(
        tested, neighbours,
        rng=np.random.default_rng(options.seed), statistic=cast("Statistic", options.statistic),
        people=frame["of"] if population else None, suppressed=frame["suppressed"],
        permutations=options.permutations, alpha=options.false_discovery,
    )  # fmt: skip
    wording = Wording(
        f"more {value}", f"less {value}", "in 100" if population else "", population or "people"
    )
    overall = morans_i(
        tested.mask(frame["suppressed"]).to_numpy(), neighbours,
        rng=np.random.default_rng(options.seed), permutations=ORDERS_OVERALL,
    )  # fmt: skip
    return Answer(
        _layer(frame, found, rates, wording, value, population),
        _card(found.card, overall), reading,
    )  # fmt: skip


def _weights(options: Options) -> Weights:
    try:
        weights = parse(options.weights)
    except ValueError as error:
        raise GeoEngineError(str(error)) from error
    if weights.kind == "minutes" and options.streets is None:
        raise GeoEngineError(
            f"weights {options.weights} need --streets: an OpenStreetMap extract (.osm.pbf)"
        )
    return weights


def _streets(file: Path, options: Options) -> Streets:
    network = street_networks.build(
        street_files.read(file), modes.MODES[options.mode], crs=options.crs
    )
    return Streets(network, snapping.grid(network), SNAP_LIMIT_M)


def _tested(frame: gpd.GeoDataFrame, rates: pd.DataFrame | None, options: Options) -> pd.Series:
    """Return the values; of counts, rates drawn to the overall one, or standardised ones."""
    if rates is None:
        values: pd.Series = frame["value"]
        return values
    if options.statistic != "local_moran":
        return 100 * rates["shrunken"]
    standardised = shrinkage.standardised(rates["count"].to_numpy(), rates["people"].to_numpy())
    return pd.Series(standardised, index=frame.index)


def _layer(
    frame: gpd.GeoDataFrame, found: Hotspots, rates: pd.DataFrame | None, wording: Wording,
    value: str, population: str,
) -> Layer:  # fmt: skip
    told = found.table
    columns = {"name": LayerColumn("name", "Area"), "kind": LayerColumn("kind", "Finding")}
    out = frame[["name", "geometry"]].assign(class_key=told["kind"], kind=told["kind"])
    parts = [({"value": value}, frame.mask(frame["suppressed"])), (TESTS, told)]
    if rates is not None:
        parts.insert(1, ({"people": population} | RATES, rates))
    for titles, table in parts:
        for name, title in titles.items():
            out[name] = table[name]
            columns[name] = LayerColumn(name, title)
    out["sentence"] = sentences(found, wording, frame["name"])
    columns["sentence"] = LayerColumn("sentence", "In a sentence")
    kinds = {kind: meaning[:1].upper() + meaning[1:] for kind, meaning in KINDS.items()}
    card = found.card
    return Layer(
        "hotspots", f"Hotspots: {value}",
        f"Where is {value} higher or lower than chance explains?",
        out, "polygon", "value", "", "hotspots",
        tuple(
            LayerClass(kind, meaning, state=kind in UNTESTED)
            for kind, meaning in kinds.items()
            if (told["kind"] == kind).any()
        ),
        tuple(columns.values()),
        findings=tuple(summary(found, wording, frame["name"])),
        method=(
            f"{card.statistic}; neighbours: {card.weights}; chance: {card.chance}; "
            f"{card.tests:,} areas tested, and p adjusted for that many."
        ),
    )  # fmt: skip


def _card(card: Card, overall: Clustering) -> dict[str, object]:
    told = {
        "statistic": overall.statistic, "expected": overall.expected, "z": overall.z,
        "p": overall.p_permuted,
    }  # fmt: skip
    return asdict(card) | {
        "morans_i": {name: x if math.isfinite(x) else None for name, x in told.items()},
        "version": __version__,
    }

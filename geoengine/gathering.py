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
    LACKING,
    UNTESTED,
    Clustering,
    Hotspots,
    Wording,
    find,
    gearys_c,
    general_g,
    in_words,
    join_counts,
    morans_i,
    sentences,
    summary,
)
from geoengine.hotspots.findings import Statistic
from geoengine.layers import Layer, LayerClass, LayerColumn
from geoengine.neighbours import Neighbours
from geoengine.network import modes, snapping
from geoengine.network import streets as street_networks
from geoengine.rates import comparison, shrinkage
from geoengine.significance import Correction
from geoengine.sources import streets as street_files
from geoengine.sources import valued
from geoengine.study.reading import crs_faults
from geoengine.study.weights import Weights, parse
from geoengine.surroundings import Streets
from geoengine.tables import Reading

SNAP_LIMIT_M = 250.0
OVERALL = {"morans_i": morans_i, "gearys_c": gearys_c, "general_g": general_g}

RATES = {
    "rate": "As counted, for each person",
    "lower": "As counted: at least (95 %)",
    "upper": "As counted: at most (95 %)",
    "shrunken": "Drawn towards the overall rate",
    "shrunken_lower": "Drawn so: at least (95 %)",
    "shrunken_upper": "Drawn so: at most (95 %)",
    "nearby": "Drawn towards the rate around",
    "alone": "The count by itself, beside the overall rate",
    "funnel": "Which side of its funnel it lies on (99.8 %)",
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
        gi_star, gi, local_moran, local_geary or join_count.
    permutations, seed
        How many random orders to try, and where they start.
    false_discovery
        Share of the findings that may be chance.
    correction
        How p is adjusted for many tests: benjamini_hochberg, benjamini_yekutieli or none.
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
    correction: str = "benjamini_hochberg"
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
    areas: Path, value: str, options: Options, *, population: str = "", around: str = "",
    table: Path | None = None, code: str = "",
) -> Answer:  # fmt: skip
    """
    Read areas with their figures and find where these gather.

    Parameters
    ----------
    areas, value, population, around, table, code
        As for `sources.valued.read`. With a population the values are counts, and rates drawn
        towards the overall rate are tested (standardised ones by a local Moran’s I). With another
        figure around, each area's own is compared with that of its neighbours.
    options
        How to look.

    Raises
    ------
    GeoEngineError
        If a file, a column or an option cannot be used; says what to put right.
    """
    refuse_around(around, options.statistic)
    weights = weights_of(options)
    reading = valued.read(
        areas, crs=options.crs, value=value, population=population, around=around, table=table,
        code=code,
    )  # fmt: skip
    frame: gpd.GeoDataFrame = reading.frame
    if options.statistic == "join_count":
        _refuse_more_than_yes_and_no(frame["value"], value, population)
    neighbours = surroundings.neighbours(weights, frame, points_of(frame), streets_of(options))
    rates = _rates(frame, neighbours) if population else None
    lacking = frame["suppressed"].map({True: "suppressed", False: ""})
    if rates is not None:
        lacking = rates["kind"].where(rates["kind"].isin(LACKING), "")
    standardised = _standardised(rates) if rates is not None else frame["value"]
    tested = frame["value"] if rates is None else 100 * rates["shrunken"]
    found = find(
        standardised if options.statistic == "local_moran" else tested, neighbours,
        rng=np.random.default_rng(options.seed), statistic=cast("Statistic", options.statistic),
        around=frame["around"] if around else None,
        people=frame["of"] if population else None, lacking=lacking,
        permutations=options.permutations, correction=cast("Correction", options.correction),
        alpha=options.false_discovery,
    )  # fmt: skip
    what = f"share of ‘{value}’" if population else f"‘{value}’"
    wording = Wording(
        f"a higher {what}",
        f"a lower {what}",
        f"in 100 of ‘{population}’" if population else "",
        f"of ‘{population}’" if population else "people",
    )
    return Answer(
        _layer(frame, found, rates, wording, value, population),
        _card(found, reading, {
            "value": value, "population": population, "around": around,
            "tested": _told_of(rates is not None, options.statistic),
            "clustering": _overall(tested, standardised, frame["suppressed"], neighbours, options),
        }),
        reading,
    )  # fmt: skip


def refuse_around(around: str, statistic: str) -> None:
    """Raise where another figure around is given to a statistic that compares with none."""
    if around and statistic != "local_moran":
        raise GeoEngineError("--around is for --statistic local_moran, which compares two figures")


def _refuse_more_than_yes_and_no(values: pd.Series, value: str, population: str) -> None:
    if population:
        raise GeoEngineError("join_count is of areas that have something or not: no --population")
    strange = values[values.notna() & ~values.isin([0, 1])]
    if len(strange):
        raise GeoEngineError(
            f"join_count needs 1 where an area has it and 0 where not, but '{value}' is "
            f"{strange.iloc[0]:g} for '{strange.index[0]}'"
        )


def weights_of(options: Options) -> Weights:
    """
    Return what makes areas neighbours.

    Raises
    ------
    GeoEngineError
        If that is no word known or needs streets that are not given, or the CRS has no metres.
    """
    faults = crs_faults(options.crs, "--crs")
    if faults:
        raise GeoEngineError("; ".join(faults))
    try:
        weights = parse(options.weights)
    except ValueError as error:
        raise GeoEngineError(str(error)) from error
    if weights.kind == "minutes" and options.streets is None:
        raise GeoEngineError(
            f"weights {options.weights} need --streets: an OpenStreetMap extract (.osm.pbf)"
        )
    return weights


def streets_of(options: Options) -> Streets | None:
    """Return the streets given, as the mode can travel them."""
    if options.streets is None:
        return None
    network = street_networks.build(
        street_files.read(options.streets), modes.MODES[options.mode], crs=options.crs
    )
    return Streets(network, snapping.grid(network), SNAP_LIMIT_M)


def points_of(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a point on the ground of each area."""
    ground = shapely.point_on_surface(frame.geometry.to_numpy())
    return gpd.GeoDataFrame(geometry=ground, index=frame.index, crs=frame.crs)


def _rates(frame: gpd.GeoDataFrame, neighbours: Neighbours) -> pd.DataFrame:
    rates = comparison.compare(
        frame["value"], frame["of"], model="binomial", suppressed=frame["suppressed"]
    )
    near = shrinkage.local_poisson_gamma(
        rates["count"], rates["people"], neighbours.first, neighbours.neighbour
    )
    return rates.assign(nearby=near.rate, alone=rates["kind"])


def _standardised(rates: pd.DataFrame) -> pd.Series:
    return pd.Series(shrinkage.standardised(rates["count"], rates["people"]), index=rates.index)


def _told_of(counted: bool, statistic: str) -> str:  # noqa: FBT001 - one flag, said as words
    if not counted:
        return "the values as given"
    if statistic == "local_moran":
        return "rates standardised by empirical Bayes (Assunção and Reis)"
    return "rates drawn towards the overall rate by empirical Bayes (Martuzzi and Elliott)"


def _overall(
    tested: pd.Series, standardised: pd.Series, suppressed: pd.Series, neighbours: Neighbours,
    options: Options,
) -> dict[str, dict[str, float | None]]:  # fmt: skip
    """Say of the whole map whether figures gather; of counts by standardised rates."""
    found = {}
    for name, statistic in OVERALL.items():
        values = (tested if name == "general_g" else standardised).mask(suppressed).to_numpy()
        if name != "general_g" or not (values < 0).any():
            found[name] = statistic(values, neighbours, rng=np.random.default_rng(options.seed))
    if options.statistic == "join_count":
        joins = join_counts(
            tested.mask(suppressed).to_numpy(), neighbours, rng=np.random.default_rng(options.seed)
        )
        found |= {f"joins_{name}": joined for name, joined in joins.items()}
    return {name: _numbers(overall) for name, overall in found.items()}


def _numbers(overall: Clustering) -> dict[str, float | None]:
    told = {
        "statistic": overall.statistic, "expected": overall.expected, "z": overall.z,
        "p": overall.p_permuted,
    }  # fmt: skip
    return {name: x if math.isfinite(x) else None for name, x in told.items()}


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
            columns[name] = LayerColumn(name, title, "probability" if name in ("p", "q") else "")
    out["sentence"] = sentences(found, wording, frame["name"])
    columns["sentence"] = LayerColumn("sentence", "In a sentence")
    kinds = {kind: meaning[:1].upper() + meaning[1:] for kind, meaning in KINDS.items()}
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
        method=in_words(found.card),
    )  # fmt: skip


def _card(found: Hotspots, reading: Reading, told: dict[str, object]) -> dict[str, object]:
    return told | asdict(found.card) | {
        "areas_left_out": found.left_out,
        "rows_left_out": reading.left_out.to_dict("records"),
        "version": __version__,
    }  # fmt: skip

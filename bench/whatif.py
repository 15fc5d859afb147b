"""What-ifs: one provision more or less, every figure of it, and the gain of every place."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse.csgraph import dijkstra

from bench import places
from bench.places import Extract, Place
from bench.timing import Row, Timed, absent, against, limited
from geoengine import outcomes, replays, travel_times
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions
from geoengine.scenarios import Close, Edit, Move, Open, Scenario
from geoengine.store import Cache
from geoengine.study import load
from geoengine.whatif import Planner, closures, corners
from geoengine.whatif.nearest import LiveNearest

PROVISIONS = 300
EDITS = 200
AUTHORITIES = {"Isle of Wight": "isle_of_wight", "Newport": "newport"}


def rows(*, repeats: int) -> Iterator[Row]:
    """Compare edits with new searches by scipy, and time what a planner answers."""
    newport = places.REAL / "newport" / "newport-2023-06-13.osm.pbf"
    extracts = [one for one in places.extracts() if one.name != "Helsinki"]
    if newport.is_file():
        extracts.append(Extract("Newport", newport, "EPSG:27700"))
    at_hand = [places.from_extract(one) for one in extracts]
    city = places.city("moscow")
    if city is None:
        yield absent("close or open one provision", "Moscow’s roads", "scipy", "no file at hand")
    else:
        at_hand.append(city)
    for place in at_hand:
        yield from _edit_rows(place, repeats)
    for name, folder in AUTHORITIES.items():
        if (places.REAL / folder).is_dir():
            yield from _planner_rows(name, folder, repeats)
        else:
            yield absent("a scenario with every figure", name, "", "the files are not at hand")


def _edit_rows(place: Place, repeats: int) -> Iterator[Row]:
    """Close and open each of 300 provisions; times at every point of every street follow."""
    spots, graph_rows = place.spots(PROVISIONS, np.random.default_rng(places.SEED))
    network = place.network
    still = np.zeros(len(network.point_ds), np.int32)
    points = Positions(network.point_chain, network.point_ds, still, *np.zeros((3, len(still))))
    found = travel_times.find_nearest(network, points, spots)
    now = LiveNearest.of(network, found, points, spots, direction="to")
    best = {"close": np.inf, "open": np.inf, "scipy": np.inf}
    one_less: Any = None
    for counts in [False] + [True] * repeats:
        took = {"close": 0.0, "open": 0.0}
        for label in range(PROVISIONS):
            alone = Positions(**{n: v[label : label + 1] for n, v in vars(spots).items()})
            start = time.perf_counter()
            now.close([label])
            middle = time.perf_counter()
            if label == 0:
                one_less = now.place_ds.astype(float)
            back = time.perf_counter()
            now.open(alone, [label])
            took["open"] += time.perf_counter() - back
            took["close"] += middle - start
        start = time.perf_counter()
        theirs = dijkstra(place.graph, indices=graph_rows[1:], min_only=True)
        if counts:
            best["scipy"] = min(best["scipy"], time.perf_counter() - start)
            best |= {kind: min(best[kind], took[kind] / PROVISIONS) for kind in took}
    one_less[one_less == UNREACHED] = np.inf
    equal = np.array_equal(one_less, theirs[place.node_of_point])
    seen = f"{len(np.unique(place.node_of_point)):,} points"
    for kind in ("close", "open"):
        yield against(
            f"{kind} one of {PROVISIONS} provisions, every point", f"{place.name}, {seen}",
            Timed(best[kind], None), "scipy dijkstra(min_only) again", Timed(best["scipy"], None),
            at_least=100, same=("yes: " if equal else "NO: ") + f"all {seen} with one closed",
        )  # fmt: skip


def _planner_rows(name: str, folder: str, repeats: int) -> Iterator[Row]:
    """Time scenarios with every figure, gains, closures and the start of a planner."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        study = load(
            places.ROOT / "tests" / "real" / f"{folder}.toml",
            variables={"GEOENGINE_REAL_DATA": str(places.REAL)},
        )
        base = replays.planner_of(study, Cache(work / "kept"), lambda *_: None).baseline
    planner = _crowded(Planner(base))
    data = f"{name}, {base.homes:,} homes, {PROVISIONS} settings"
    took = sorted(_answered(planner, scenario) for scenario in _scenarios(planner))
    yield limited(
        "a scenario of one edit, every figure, as JSON: median", data, took[len(took) // 2],
        at_most=0.05,
    )  # fmt: skip
    yield limited("the same: 95 %", data, took[len(took) * 95 // 100], at_most=0.05)
    sites = corners(base.network)
    real = Planner(base)
    seconds = min(_seconds(lambda: real.gains(sites)) for _ in range(repeats + 1))
    yield limited(f"gain of {len(sites.chain):,} corners at once", name, seconds, at_most=1)
    seconds = min(_seconds(lambda: closures(planner.baseline)) for _ in range(repeats + 1))
    yield limited("closure of every setting", data, seconds, at_most=0.05)


def _crowded(planner: Planner) -> Planner:
    """Return the planner of a place with 300 settings at corners, drawn at random."""
    base, rng = planner.baseline, np.random.default_rng(places.SEED)
    at = corners(base.network)
    where = rng.choice(np.flatnonzero(base.network.node_part == 0), PROVISIONS, replace=False)
    names = [f"setting {number}" for number in range(PROVISIONS)]
    there = pd.DataFrame(
        {
            "name": names, "capacity": rng.integers(10, 80, PROVISIONS).astype(float),
            "abroad": False, "x_m": at.x_m[where], "y_m": at.y_m[where],
        },
        index=pd.Index(names, name="provision_id"),
    )  # fmt: skip
    spots = Positions(**{name: values[where] for name, values in vars(at).items()})
    return Planner(replace(base, provisions=there, at_provision=spots))


def _scenarios(planner: Planner) -> list[Scenario]:
    base, rng = planner.baseline, np.random.default_rng(places.SEED + 1)
    to_degrees = Transformer.from_crs(base.network.crs, "EPSG:4326", always_xy=True)
    corner = rng.choice(np.flatnonzero(base.network.node_part == 0), EDITS)
    east, north = to_degrees.transform(base.network.node_x_m[corner], base.network.node_y_m[corner])
    names: NDArray[Any] = rng.choice(base.provisions.index.to_numpy(dtype=object), EDITS)
    edits: list[Edit] = []
    for at, (longitude, latitude, name) in enumerate(
        zip(east.tolist(), north.tolist(), names.tolist(), strict=True)
    ):
        kinds = (Open("new", longitude, latitude, 30.0), Close(name),
                 Move(name, longitude, latitude))  # fmt: skip
        edits.append(kinds[at % 3])
    return [Scenario("one edit", (edit,)) for edit in edits]


def _answered(planner: Planner, scenario: Scenario) -> float:
    return min(
        _seconds(lambda: outcomes.as_json(planner.evaluate(scenario), planner.baseline))
        for _ in range(2)
    )


def _seconds(run: Any) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start

"""Reach: edge by edge beside scipy's search, and as areas beside Valhalla's."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse.csgraph import dijkstra

from bench import places
from bench.places import Extract, Place
from bench.timing import Row, Timed, absent, against, in_turn, limited
from geoengine import isochrones, travel_times
from geoengine.network import ground, reach, snapping
from geoengine.network.snapping import Positions

PROVISIONS, CUTOFF_S = 1_000, 1_800
ROWS_AT_ONCE = 50
CHECKED = 40
CLICK_MIN = (5, 10, 15, 30)
BANDS_MIN, THEIR_BANDS_MIN = (5, 10, 15, 20, 30), (5, 10, 15, 30)
SPOTS = 100
LIMIT_M = 250
VALHALLA = "GEOENGINE_VALHALLA_PYTHON"
"""Names a Python that has pyvalhalla; it has no wheel for ours."""

THEIRS = """
import json, subprocess, sys, time
from pathlib import Path
import valhalla
extract, folder, minutes, repeats, spots = json.load(sys.stdin)
tiles, archive = Path(folder, "tiles"), Path(folder, "tiles.tar")
tiles.mkdir()
archive.touch()
config = valhalla.get_config(tile_extract=str(archive), tile_dir=str(tiles))
del config["mjolnir"]["tile_extract"]
settings = Path(folder, "valhalla.json")
settings.write_text(json.dumps(config))
build = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
subprocess.run([str(build), "-c", str(settings), extract], check=True, capture_output=True)
actor = valhalla.Actor(config)
contours = [{"time": m} for m in minutes]
best = None
for _ in range(repeats + 1):
    start = time.perf_counter()
    for lon, lat in spots:
        actor.isochrone({"locations": [{"lon": lon, "lat": lat}], "costing": "pedestrian",
                         "contours": contours, "polygons": True})
    took = time.perf_counter() - start
    best = took if best is None else min(best, took)
print(best)
"""


def extracts() -> list[Extract]:
    """Return the real places whose homes are at hand."""
    named = {"Isle of Wight": "isle_of_wight", "Newport": "newport"}
    found = [(title, *(places.REAL / name).glob("*.osm.pbf")) for title, name in named.items()]
    return [Extract(each[0], each[1], "EPSG:27700") for each in found if len(each) > 1]


def rows(*, repeats: int) -> Iterator[Row]:
    """Compare exact reach on all networks at hand, and areas on those with homes."""
    if not extracts():
        yield absent("reach", "two real places", "scipy, Valhalla", "the files are not at hand")
    for extract in extracts():
        at = places.from_extract(extract)
        yield from _edges(at, repeats)
        yield from _click(at, repeats)
        yield from _areas(extract, at, repeats)
    city = places.city("moscow")
    if city is not None:
        yield from _edges(city, repeats)


def _edges(at: Place, repeats: int) -> Iterator[Row]:
    spots, index_rows = at.spots(PROVISIONS, np.random.default_rng(places.SEED))

    def ours() -> Any:
        return reach.each(at.network, spots, [CUTOFF_S])

    def theirs() -> None:
        for start in range(0, PROVISIONS, ROWS_AT_ONCE):
            block = index_rows[start : start + ROWS_AT_ONCE]
            dijkstra(at.graph, indices=block, limit=CUTOFF_S * 10)

    timed = in_turn({"ours": ours}, repeats=repeats)
    timed |= in_turn({"scipy": theirs}, repeats=max(1, repeats // 5))
    truth = dijkstra(at.graph, indices=index_rows[:CHECKED], limit=CUTOFF_S * 10)
    points = np.isfinite(truth[:, at.node_of_point])
    equal = all(
        np.array_equal(_points(at, timed["ours"].answer.of(start, 0)), points[start])
        for start in range(CHECKED)
    )
    yield against(
        f"{CUTOFF_S // 60}-min reach of {PROVISIONS:,} provisions", at.name, timed["ours"],
        "scipy dijkstra(limit=)", timed["scipy"], at_least=10,
        same=f"{'yes' if equal else 'NO'}: every point of the streets, from {CHECKED} of them",
    )  # fmt: skip


def _click(at: Place, repeats: int) -> Iterator[Row]:
    spots, _ = at.spots(SPOTS, np.random.default_rng(places.SEED))
    index, network = snapping.grid(at.network), at.network
    x_m, y_m = spots.x_m, spots.y_m

    def click() -> None:
        for x, y in zip(x_m, y_m, strict=True):
            spot = snapping.snap(network, index, np.array([x]), np.array([y]), limit_m=LIMIT_M)
            reach.each(network, spot, [m * 60 for m in CLICK_MIN], threads=1)

    each_s = in_turn({"ours": click}, repeats=repeats)["ours"].seconds / SPOTS
    yield limited("reach of a point clicked, four cut-offs", at.name, each_s, at_most=0.005)


def _points(at: Place, stretches: reach.Stretches) -> NDArray[np.bool_]:
    """Say of every point of the streets whether it lies on a stretch, or is the end of one."""
    network, inside = at.network, np.zeros(len(at.network.point_ds), dtype=bool)
    for chain, begin, end in zip(*vars(stretches).values(), strict=True):
        own = slice(network.first_point[chain], network.first_point[chain + 1])
        inside[own] |= (network.point_ds[own] >= begin) & (network.point_ds[own] <= end)
    everywhere = np.zeros(int(at.node_of_point.max()) + 1, dtype=bool)
    everywhere[at.node_of_point[inside]] = True
    return everywhere[at.node_of_point]


def _areas(extract: Extract, at: Place, repeats: int) -> Iterator[Row]:
    network = at.network
    index = snapping.grid(network)
    around = ground.survey(network, index, limit_m=LIMIT_M)
    x_m, y_m = _homes(extract)
    homes = snapping.snap(network, index, x_m, y_m, limit_m=LIMIT_M)
    rng = np.random.default_rng(places.SEED)
    drawn = rng.choice(np.flatnonzero(homes.joined), PROVISIONS)
    starts = Positions(**{name: part[drawn] for name, part in vars(homes).items()})
    few = Positions(**{name: part[:SPOTS] for name, part in vars(starts).items()})
    timed = in_turn(
        {
            "one": lambda: isochrones.around_each(network, around, few, BANDS_MIN, threads=1),
            "all": lambda: isochrones.around_each(network, around, starts, BANDS_MIN),
        },
        repeats=repeats,
    )
    task = f"{len(BANDS_MIN)} nested areas of {SPOTS} provisions, one thread"
    their_task = f"Valhalla isochrone, {len(THEIR_BANDS_MIN)} contours"
    told = _error(network, homes, x_m, y_m, few, timed["one"].answer)
    degrees = Transformer.from_crs(extract.crs, "EPSG:4326", always_xy=True).transform(
        x_m[drawn[:SPOTS]], y_m[drawn[:SPOTS]]
    )
    python = os.environ.get(VALHALLA)
    if python:
        theirs = _valhalla(python, extract.path, np.column_stack(degrees).tolist(), repeats)
        yield against(
            task, at.name, timed["one"], their_task, theirs, at_least=1, same=told
        )  # fmt: skip
    else:
        yield absent(task, at.name, their_task, f"{VALHALLA} names no Python that has it")
    yield limited(
        f"{len(BANDS_MIN)} nested areas of {PROVISIONS:,} provisions", at.name,
        timed["all"].seconds, at_most=10,
    )  # fmt: skip


def _homes(extract: Extract) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import pandas as pd

    codes = pd.read_csv(extract.path.parent / "postcodes_codepoint_open.csv.gz")
    return codes["easting"].to_numpy(float), codes["northing"].to_numpy(float)


def _error(
    network: Any, homes: Positions, x_m: Any, y_m: Any, starts: Positions, areas: Any
) -> str:
    """Say how many homes our lines put on the wrong side, the worst of the bands."""
    pairs = travel_times.within(network, homes, starts, cutoff_s=BANDS_MIN[-1] * 60)
    seconds = np.full((len(x_m), len(starts.chain)), np.inf)
    home = np.repeat(np.arange(len(x_m)), np.diff(pairs.first_pair))
    seconds[home, pairs.provision] = pairs.time_ds / 10
    beyond, missed = [], []
    for band, minutes in enumerate(BANDS_MIN):
        told = [
            isochrones.fidelity(area, x_m, y_m, seconds[:, at], minutes)
            for at, area in enumerate(areas[:, band])
        ]
        beyond.append(sum(t.beyond for t in told) / sum(t.inside for t in told))
        missed.append(sum(t.outside for t in told) / sum(t.reached for t in told))
    valid = "all valid" if shapely.is_valid(areas).all() else "NOT all valid"
    return (
        f"own lines each; of ours at most {max(beyond):.2%} of homes inside are beyond, "
        f"{max(missed):.2%} in reach outside, {valid}"
    )


def _valhalla(python: str, extract: Path, spots: list[list[float]], repeats: int) -> Timed:
    with tempfile.TemporaryDirectory() as folder:
        asked = json.dumps([str(extract), folder, THEIR_BANDS_MIN, repeats, spots])
        done = subprocess.run(
            [python, "-c", THEIRS], input=asked, capture_output=True, text=True, check=True
        )
    return Timed(float(done.stdout.split()[-1]), None)

"""Reach: edge by edge beside scipy's search, and as areas beside Valhalla's."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse.csgraph import dijkstra

from bench import places
from bench.places import Extract, Place
from bench.timing import Row, absent, against, in_turn, limited
from geoengine import isochrones, live, travel_times
from geoengine.degrees import to_metres
from geoengine.errors import GeoEngineError
from geoengine.network import ground, reach, snapping
from geoengine.network.snapping import Positions

PROVISIONS, CUTOFF_S = 1_000, 1_800
ROWS_AT_ONCE = 50
CHECKED = 40
CLICK_MIN = (5, 10, 15, 30)
BANDS_MIN, THEIR_BANDS_MIN = (5, 10, 15, 20, 30), (5, 10, 15, 30)
SPOTS = 100
DRAGS, STEPS, STEP_M, DRAG_MIN = 5, 40, 25.0, (5, 10, 15)
LIMIT_M = 250
VALHALLA = "GEOENGINE_VALHALLA_PYTHON"
"""Names a Python that has pyvalhalla; it has no wheel for ours."""

THEIRS = """
import json, subprocess, sys
from pathlib import Path
import valhalla
extract, folder, minutes, spots = json.loads(sys.stdin.readline())
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
for _ in sys.stdin:
    for lon, lat in spots:
        actor.isochrone({"locations": [{"lon": lon, "lat": lat}], "costing": "pedestrian",
                         "contours": contours, "polygons": True})
    print("done", flush=True)
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

    def theirs() -> None:
        for start in range(0, PROVISIONS, ROWS_AT_ONCE):
            block = index_rows[start : start + ROWS_AT_ONCE]
            dijkstra(at.graph, indices=block, limit=CUTOFF_S * 10)

    timed = in_turn(
        {
            "two threads": lambda: reach.each(at.network, spots, [CUTOFF_S], threads=2),
            "one thread": lambda: reach.each(at.network, spots, [CUTOFF_S], threads=1),
            "scipy": theirs,
        },
        repeats=repeats,
    )
    truth = dijkstra(at.graph, indices=index_rows[:CHECKED], limit=CUTOFF_S * 10)
    points = np.isfinite(truth[:, at.node_of_point])
    for how in ("two threads", "one thread"):
        equal = all(
            np.array_equal(_points(at, timed[how].answer.of(start, 0)), points[start])
            for start in range(CHECKED)
        )
        yield against(
            f"{CUTOFF_S // 60}-min reach of {PROVISIONS:,} provisions, {how}", at.name,
            timed[how], "scipy dijkstra(limit=), one thread, nodes only", timed["scipy"],
            at_least=10 if how == "two threads" else None,
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
    degrees = Transformer.from_crs(extract.crs, "EPSG:4326", always_xy=True).transform(
        x_m[drawn[:SPOTS]], y_m[drawn[:SPOTS]]
    )
    rivals: dict[str, Callable[[], Any]] = {
        "one": lambda: isochrones.around_each(network, around, few, BANDS_MIN, threads=1),
        "all": lambda: isochrones.around_each(network, around, starts, BANDS_MIN),
    }
    task = f"{len(BANDS_MIN)} nested areas of {SPOTS} provisions, one thread"
    their_task = f"Valhalla isochrone, {len(THEIR_BANDS_MIN)} contours"
    python = os.environ.get(VALHALLA)
    if python:
        with _valhalla(python, extract.path, np.column_stack(degrees).tolist()) as theirs:
            timed = in_turn(rivals | {"theirs": theirs}, repeats=repeats)
        told = _error(network, homes, x_m, y_m, few, timed["one"].answer)
        yield against(
            task, at.name, timed["one"], their_task, timed["theirs"], at_least=1, same=told
        )  # fmt: skip
    else:
        timed = in_turn(rivals, repeats=repeats)
        yield absent(task, at.name, their_task, f"{VALHALLA} names no Python that has it")
    yield limited(
        f"{len(BANDS_MIN)} nested areas of {PROVISIONS:,} provisions", at.name,
        timed["all"].seconds, at_most=10,
    )  # fmt: skip
    yield _drag(at, homes, x_m, y_m)


def _drag(at: Place, homes: Positions, x_m: Any, y_m: Any) -> Row:
    """Drag a spot from homes where nothing is surveyed yet; say what an answer takes."""
    children, nobody = np.ones(len(x_m)), np.zeros(len(x_m))
    facts = {
        "people": "children", "journeys": {"walk": "walk"}, "direction": "to", "limit_m": LIMIT_M
    }  # fmt: skip
    streets = live.Streets(at.network, snapping.grid(at.network), homes)
    here = live.LiveReach({"walk": streets}, x_m, y_m, children, nobody, facts)
    rng = np.random.default_rng(places.SEED)
    metres = np.arange(STEPS) * STEP_M
    first = rng.choice(np.flatnonzero(homes.joined), DRAGS)
    way = rng.uniform(0, 2 * np.pi, DRAGS)
    lon, lat = to_metres(here.crs).transform(
        x_m[first, None] + np.cos(way)[:, None] * metres,
        y_m[first, None] + np.sin(way)[:, None] * metres, direction="INVERSE",
    )  # fmt: skip
    seconds = []
    for spot in zip(lon.ravel().tolist(), lat.ravel().tolist(), strict=True):
        start = time.perf_counter()
        try:
            made, off_m = live.bands(here, *spot, DRAG_MIN)
        except GeoEngineError:  # dragged off the streets
            continue
        json.dumps(live.as_geojson(here, made, off_m), separators=(",", ":"))
        seconds.append(time.perf_counter() - start)
    return limited(
        f"an answer while a spot is dragged, {len(DRAG_MIN)} areas, people and GeoJSON, mean of "
        f"{len(seconds)}", at.name, float(np.mean(seconds)), at_most=0.05,
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


@contextmanager
def _valhalla(python: str, extract: Path, spots: list[list[float]]) -> Iterator[Callable[[], None]]:
    """Start Valhalla beside us; what is yielded has it draw its areas once."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [python, "-c", THEIRS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as run,
    ):
        assert run.stdin
        assert run.stdout
        asked, told = run.stdin, run.stdout
        print(json.dumps([str(extract), folder, THEIR_BANDS_MIN, spots]), file=asked)

        def draw() -> None:
            print("go", file=asked, flush=True)
            if not told.readline():
                raise RuntimeError(f"Valhalla stopped, exit code {run.wait()}")

        yield draw
        asked.close()

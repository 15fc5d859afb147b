"""
Times on foot beside the Open Source Routing Machine's and Valhalla's, on real streets.

Not part of `make bench`: it needs the programs `osrm-extract`, `osrm-contract`, `osrm-routed`
(package osrm-bindings) and `valhalla_build_tiles`, `valhalla_service` (package pyvalhalla), whose
folders are named on the command line. Both join a place to the street without charging the way
to it, so that ours leaves it out here too, and walk at one speed everywhere, so does ours.
"""

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from bench import places, report
from geoengine import analysis, intake, study, travel_times
from geoengine.network import modes, snapping, streets
from geoengine.sources import streets as files
from geoengine.store import Cache
from geoengine.tables import Ways

RESULTS = Path(__file__).with_name("RESULTS.md")
FROM, TO = 40, 25
OSRM_KPH, VALHALLA_KPH = 5.0, 5.1
CLOSE = 0.10
SHORT_S = 60.0
SNAP_APART_M = 25.0
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trips:
    """Homes of a real place, the first `FROM` to the last `TO` of them."""

    name: str
    extract: Path
    ways: Ways
    degrees: FloatArray
    x_m: FloatArray
    y_m: FloatArray


def trips(name: str) -> Trips:
    """Draw homes of a place at random, by people."""
    asked = study.load(
        places.ROOT / "tests" / "real" / f"{name}.toml",
        variables={"GEOENGINE_REAL_DATA": str(places.REAL)},
    )
    with tempfile.TemporaryDirectory() as folder:
        inputs = intake.read(asked, lambda *_: None)
        grounds = analysis.join(asked, inputs, Cache(Path(folder)), lambda *_: None)
    assert asked.streets.file is not None
    homes = grounds.origins[grounds.at_home.joined]
    rng = np.random.default_rng(places.SEED)
    weight = homes["people"].to_numpy(dtype=float)
    drawn = rng.choice(len(homes), FROM + TO, replace=False, p=weight / weight.sum())
    x, y = homes.geometry.x.to_numpy()[drawn], homes.geometry.y.to_numpy()[drawn]
    back = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    degrees = np.column_stack(back.transform(x, y))
    return Trips(name, asked.streets.file, files.read(asked.streets.file), degrees, x, y)


def ours(asked: Trips, kph: float) -> tuple[FloatArray, FloatArray]:
    """Return seconds between the homes' places on the street, and those places."""
    mode = modes.WALK.with_speeds({"all": kph, "steps": kph})
    network = streets.build(asked.ways, mode, crs="EPSG:27700")
    spots = snapping.snap(
        network, snapping.grid(network), asked.x_m, asked.y_m, limit_m=500
    )  # fmt: skip
    spots = replace(spots, leg_ds=np.zeros_like(spots.leg_ds))
    first = snapping.Positions(**{name: values[:FROM] for name, values in vars(spots).items()})
    last = snapping.Positions(**{name: values[FROM:] for name, values in vars(spots).items()})
    pairs = travel_times.within(network, first, last, cutoff_s=100_000)
    seconds = np.full((FROM, TO), np.inf)
    seconds[np.repeat(np.arange(FROM), np.diff(pairs.first_pair)), pairs.provision] = (
        pairs.time_ds / 10
    )
    return seconds, np.column_stack([spots.x_m, spots.y_m])


@contextmanager
def osrm(programs: Path, profile: Path, extract: Path) -> Iterator[str]:
    """Prepare an extract, serve it, and give the address."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        copy = Path(folder) / "streets.osm.pbf"
        copy.write_bytes(extract.read_bytes())
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        run = [str(programs / "osrm-extract"), "-p", str(profile), str(copy)]
        subprocess.run(run, check=True, **quiet)
        graph = str(Path(folder) / "streets.osrm")
        subprocess.run([str(programs / "osrm-partition"), graph], check=True, **quiet)
        subprocess.run([str(programs / "osrm-customize"), graph], check=True, **quiet)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        options = ["-i", "127.0.0.1", "-p", str(port), "-a", "mld", graph]
        server = subprocess.Popen([str(programs / "osrm-routed"), *options], **quiet)
        try:
            _await(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def _await(port: int) -> None:
    for _ in range(200):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the router did not start")


def osrm_table(address: str, asked: Trips) -> tuple[FloatArray, FloatArray]:
    """Return OSRM's seconds, NaN for none, and where it joined the homes to the street."""
    places_ = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in asked.degrees)
    sources = ";".join(map(str, range(FROM)))
    targets = ";".join(map(str, range(FROM, FROM + TO)))
    answer = _get(
        f"{address}/table/v1/foot/{places_}?sources={sources}&destinations={targets}"
    )  # fmt: skip
    seconds = np.array(answer["durations"], dtype=float)
    joined = [place["location"] for place in answer["sources"] + answer["destinations"]]
    there = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    return seconds, np.column_stack(there.transform(*np.array(joined).T))


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return json.load(answer)


def valhalla_table(programs: Path, asked: Trips) -> FloatArray:
    """Return Valhalla's seconds, NaN for none."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "valhalla.json"
        config = valhalla_settings(programs, Path(folder))
        settings.write_text(json.dumps(config), encoding="utf-8")
        build = [str(programs / "valhalla_build_tiles"), "-c", str(settings), str(asked.extract)]
        subprocess.run(build, check=True, capture_output=True)
        spots = [{"lon": lon, "lat": lat} for lon, lat in asked.degrees.tolist()]
        request = {
            "sources": spots[:FROM],
            "targets": spots[FROM:],
            "costing": "pedestrian",
            "costing_options": {"pedestrian": {"walking_speed": VALHALLA_KPH}},
            "verbose": False,
        }
        asked_of = [
            str(programs / "valhalla_service"), str(settings), "sources_to_targets",
            json.dumps(request),
        ]  # fmt: skip
        answer = subprocess.run(asked_of, check=True, capture_output=True, text=True).stdout
    found = json.loads(answer[answer.index("{") :])["sources_to_targets"]["durations"]
    return np.array(found, dtype=float)


def compared(name: str, mine: FloatArray, theirs: FloatArray) -> str:
    """Return a line on how far two tables of times agree."""
    both = np.isfinite(mine) & np.isfinite(theirs) & (theirs > 0)
    ratio = mine[both] / theirs[both]
    low, middle, high = np.percentile(ratio, [5, 50, 95])
    apart = np.abs(ratio - 1) > CLOSE
    return (
        f"| {name} | {both.sum():,} | {middle:.3f} | {low:.3f} | {high:.3f} | "
        f"{apart.sum()} ({apart.mean():.1%}) | {(~np.isfinite(mine)).sum()} | "
        f"{(~np.isfinite(theirs)).sum()} |"
    )


def why(
    address: str, asked: Trips, mine: FloatArray, theirs: FloatArray, apart_m: FloatArray
) -> Counter[str]:
    """Sort the pairs that differ by more than a tenth from OSRM's by the likeliest cause."""
    known = _segments(asked.ways)
    causes: Counter[str] = Counter()
    ratio = mine / np.where(theirs > 0, theirs, np.nan)
    for a, b in zip(*np.nonzero(np.abs(ratio - 1) > CLOSE), strict=True):
        if apart_m[a] > SNAP_APART_M or apart_m[FROM + b] > SNAP_APART_M:
            causes["an end joined to another street"] += 1
        elif abs(mine[a, b] - theirs[a, b]) <= SHORT_S:
            causes["less than a minute apart, on a short walk"] += 1
        elif mine[a, b] > theirs[a, b]:
            causes[_missing(address, asked, known, a, b)] += 1
        else:
            causes["we find a shorter way"] += 1
    return causes


def _segments(ways: Ways) -> dict[tuple[int, int], int]:
    """Return the open way between each two neighbouring points."""
    rule = modes.rules(modes.WALK, ways.tags)
    found = {}
    for way in np.flatnonzero(rule.forward):
        refs = ways.node_id[ways.ref[ways.first_ref[way] : ways.first_ref[way + 1]]].tolist()
        for one, two in pairwise(refs):
            found[min(one, two), max(one, two)] = int(way)
    return found


def _missing(
    address: str, asked: Trips, known: dict[tuple[int, int], int], a: int, b: int
) -> str:  # fmt: skip
    """Say whether OSRM's route uses what our network lacks."""
    ends = [asked.degrees[a], asked.degrees[FROM + b]]
    spots = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in ends)
    route = _get(f"{address}/route/v1/foot/{spots}?annotations=nodes&overview=false")
    nodes = route["routes"][0]["legs"][0]["annotation"]["nodes"]
    lacking = {pair for pair in pairwise(nodes) if (min(pair), max(pair)) not in known}
    if not lacking:
        return "the same ways are open: a barrier, an island or an end keeps us off"
    return f"OSRM walks ways that we hold closed: {_kinds(asked.ways, lacking)}"


def _kinds(ways: Ways, lacking: set[tuple[int, int]]) -> str:
    wanted = {(min(pair), max(pair)) for pair in lacking}
    met = set()
    for way in range(len(ways.way_id)):
        refs = ways.node_id[ways.ref[ways.first_ref[way] : ways.first_ref[way + 1]]].tolist()
        if any((min(pair), max(pair)) in wanted for pair in pairwise(refs)):
            tags = ways.tags.loc[way, ["highway", "access", "foot", "motorroad"]].dropna()
            met.add(" ".join(f"{key}={value}" for key, value in tags.items()))
    return ", ".join(sorted(met)) or "no street of the extract (a ferry, a pier, a square)"


def main() -> None:
    """Compare both places with both routers and put what is found into RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m bench.routers", description=__doc__)
    parser.add_argument("--osrm", type=Path, required=True, help="folder of OSRM's programs")
    parser.add_argument("--profile", type=Path, required=True, help="OSRM's foot.lua")
    parser.add_argument("--valhalla", type=Path, required=True, help="folder of Valhalla's")
    given = parser.parse_args()
    lines = [
        "| place and router | pairs | median | 5 % | 95 % | beyond ±10 % | no way: ours | theirs |",
        "| --- " * 8 + "|",
    ]
    causes = []
    for name, title in (("isle_of_wight", "Isle of Wight"), ("newport", "Newport")):
        asked = trips(name)
        with osrm(given.osrm, given.profile, asked.extract) as address:
            mine, spots = ours(asked, OSRM_KPH)
            theirs, their_spots = osrm_table(address, asked)
            apart_m = np.hypot(*(spots - their_spots).T)
            lines.append(compared(f"{title}, OSRM foot", mine, theirs))
            causes.append(f"{title}, pairs beyond ±10 % of OSRM:\n")
            found = why(address, asked, mine, theirs, apart_m)
            causes += [f"- {count}: {cause}" for cause, count in found.most_common()]
            causes.append("")
        mine, _ = ours(asked, VALHALLA_KPH)
        lines.append(
            compared(
                f"{title}, Valhalla pedestrian", mine,
                valhalla_table(given.valhalla, asked),
            )
        )  # fmt: skip
    text = "\n".join([*lines, "", *causes]).rstrip()
    print(text)
    report.put(RESULTS, "routers", text)


def valhalla_settings(programs: Path, folder: Path) -> dict[str, Any]:
    """Return Valhalla's own settings, with room for a thousand pairs."""
    script = programs.parent / "valhalla_build_config.py"
    told = subprocess.run(
        [sys.executable, str(script), "--mjolnir-tile-dir", str(folder / "tiles")],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    config: dict[str, Any] = json.loads(told.stdout)
    config["service_limits"]["pedestrian"].update(
        max_matrix_distance=1_000_000.0, max_matrix_location_pairs=10_000, max_distance=1_000_000.0
    )
    return config


if __name__ == "__main__":
    main()

"""
Whole tables of travel times without a cut-off: preparing, new costs, and the table itself.

OSRM is asked through a Python of its own, which the environment variable OSRM_PYTHON names.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from bench import places
from bench.timing import Row, Timed, absent, against, in_turn, once
from geoengine import travel_table
from geoengine.network import hierarchy, modes, snapping, streets
from geoengine.network.hierarchy import Ends, Metric
from geoengine.network.streets import StreetNetwork
from geoengine.sources import streets as files

ORIGINS, PROVISIONS = 35_000, 3_000
SAMPLE = 50
OSRM_SOURCES = (20, 100, 300)
TASK = f"all times, {ORIGINS:,} x {PROVISIONS:,}, no cut-off"


def rows(*, repeats: int) -> Iterator[Row]:
    """Compare on two cities both ways, and on an island's streets as cars may drive them."""
    for name in ("moscow", "rome"):
        city = places.city(name)
        if city is None:
            yield absent(TASK, name.title(), "routingkit_cch", "the file is not at hand")
        else:
            yield from _beside_libraries(city.name, city.network, repeats)
    island = next((e for e in places.extracts() if e.name == "Isle of Wight"), None)
    if island is None:
        yield absent(TASK, "Isle of Wight", "routingkit_cch", "the file is not at hand")
        return
    network = streets.build(files.read(island.path), modes.DRIVE, crs=island.crs)
    yield from _beside_libraries("Isle of Wight, driving", network, repeats)
    yield from _beside_osrm(island, network, repeats)


def _beside_libraries(name: str, network: StreetNetwork, repeats: int) -> Iterator[Row]:
    """Compare times between junctions with those of RoutingKit's hierarchy and of scipy."""
    try:
        import routingkit_cch
    except ImportError:
        yield absent(TASK, name, "routingkit_cch", "it is not installed")
        return
    tail, head, cost_ds = _directed(network)
    nodes = len(network.node_x_m)
    place = (tail.tolist(), head.tolist())
    data = f"{name}, {nodes:,} junctions"

    def their_order() -> Any:
        return routingkit_cch.compute_order_inertial(
            nodes, *place, network.node_y_m.tolist(), network.node_x_m.tolist()
        )

    timed = in_turn(
        {
            "ours": lambda: hierarchy.build(network),
            "theirs": lambda: routingkit_cch.CCH(
                their_order(), *place, filter_always_inf_arcs=False
            ),
        },
        repeats=min(repeats, 2),
    )
    yield against(
        "hierarchy, once for all costs", data, timed["ours"], "routingkit_cch", timed["theirs"]
    )
    ours, theirs = timed["ours"].answer, timed["theirs"].answer
    weights = cost_ds.tolist()
    timed = in_turn(
        {
            "ours": lambda: hierarchy.customise(ours, hierarchy.costs(network)),
            "theirs": lambda: routingkit_cch.CCHMetric(theirs, weights),
        },
        repeats=repeats,
    )
    yield against(
        "new costs for it", data, timed["ours"], "routingkit_cch", timed["theirs"]
    )  # fmt: skip
    metric, their_metric = timed["ours"].answer, timed["theirs"].answer
    rng = np.random.default_rng(places.SEED)
    source = rng.choice(nodes, min(PROVISIONS, nodes), replace=False)
    target = rng.choice(nodes, ORIGINS, replace=nodes < ORIGINS)
    graph = _graph(tail, head, cost_ds, nodes)
    search = routingkit_cch.CCHOneToMany(their_metric, target.tolist())
    sample = source[:SAMPLE]
    timed = in_turn(
        {
            "ours": lambda: _table(metric, source, target, threads=1),
            "two": lambda: _table(metric, source, target, threads=2),
            "routingkit": lambda: [search.distances_from(int(s)) for s in sample],
        },
        repeats=repeats,
    )
    timed["scipy"] = once(lambda: dijkstra(graph, indices=sample)[:, target])
    found = _finite(timed["ours"].answer[:, :SAMPLE]).T
    theirs = np.array(timed["routingkit"].answer, dtype=float)
    theirs[np.isnan(theirs)] = np.inf
    answers = {"routingkit": theirs, "scipy": np.round(timed["scipy"].answer, 3)}
    for peer, title, least in (
        ("routingkit", "routingkit_cch one-to-many", 5),
        ("scipy", "scipy dijkstra", None),
    ):
        equal = np.array_equal(found, answers[peer])
        yield against(
            f"{TASK}, one thread", data, timed["ours"], f"{title} ({SAMPLE} sources, scaled)",
            _scaled(timed[peer], len(source) / SAMPLE), at_least=least,
            same=f"{'yes' if equal else 'NO, differs'}: all {found.size:,} times of these sources",
        )  # fmt: skip
    same = timed["two"].answer.tobytes() == timed["ours"].answer.tobytes()
    yield against(
        "the same on two threads", data, timed["two"], "ours on one thread", timed["ours"],
        same="yes: the same bytes" if same else "NO, differs",
    )  # fmt: skip


def _table(
    metric: Metric, source: NDArray[Any], target: NDArray[Any], *, threads: int
) -> NDArray[Any]:
    return hierarchy.table(
        metric, Ends.at_nodes(source), Ends.at_nodes(target), arriving=False, threads=threads
    )


def _directed(network: StreetNetwork) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return every arc that may be travelled: tail, head and deciseconds."""
    arcs = np.diff(network.out_first)
    tail = np.repeat(np.arange(len(arcs)), arcs)
    return tail, np.array(network.out_arc[:, 0]), np.array(network.out_arc[:, 1])


def _graph(tail: NDArray[Any], head: NDArray[Any], cost: NDArray[Any], nodes: int) -> Any:
    """Return a graph of scipy, with the least of the costs between the same two nodes."""
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    keep = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])) & (tail != head)
    # A weight of nothing would be no arc to scipy.
    weight = np.maximum(cost[keep].astype(float), 1e-9)
    return coo_array((weight, (tail[keep], head[keep])), shape=(nodes, nodes)).tocsr()


def _finite(times: NDArray[Any]) -> NDArray[np.float64]:
    return np.where(times == np.iinfo(times.dtype).max, np.inf, times.astype(float))


def _scaled(timed: Timed, times: float) -> Timed:
    return Timed(timed.seconds * times, timed.answer)


def _beside_osrm(island: places.Extract, network: StreetNetwork, repeats: int) -> Iterator[Row]:
    """Compare door to door, joining places to the street included, with OSRM's own car profile."""
    peer = f"OSRM table, CH ({OSRM_SOURCES[0]} to {OSRM_SOURCES[-1]} sources, scaled)"
    python = os.environ.get("OSRM_PYTHON")
    if python is None:
        yield absent(
            TASK, "Isle of Wight, driving", peer, "OSRM_PYTHON names no Python that has it"
        )
        return
    rng = np.random.default_rng(places.SEED)
    spots = rng.choice(len(network.point_ds), PROVISIONS + ORIGINS)
    x_m, y_m = (
        values[spots] + rng.uniform(-30, 30, len(spots))
        for values in (network.point_x_m, network.point_y_m)
    )
    index = snapping.grid(network)
    metric = hierarchy.customise(hierarchy.build(network), hierarchy.costs(network))

    def ours() -> Any:
        sources, targets = (
            snapping.snap(network, index, x_m[part], y_m[part], limit_m=500)
            for part in (slice(PROVISIONS), slice(PROVISIONS, None))
        )
        return travel_table.between(
            network, metric, targets, sources, direction="from", threads=1
        )  # fmt: skip

    timed = in_turn({"ours": ours}, repeats=repeats)["ours"]
    back = Transformer.from_crs(island.crs, "EPSG:4326", always_xy=True)
    degrees = np.column_stack(back.transform(x_m, y_m)).round(6)
    request = {
        "extract": str(island.path), "places": degrees.tolist(), "destinations": ORIGINS,
        "sources": OSRM_SOURCES,
    }  # fmt: skip
    script = Path(__file__).with_name("osrm_tables.py")
    said = subprocess.run(
        [python, str(script)], input=json.dumps(request), check=True, capture_output=True, text=True
    )
    answer = json.loads(said.stdout)
    a_source, fixed = np.polyfit(OSRM_SOURCES, answer["seconds"], 1)
    theirs = np.array(answer["durations"], dtype=float)
    mine = timed.answer.seconds()[:, : len(theirs)].T
    both = np.isfinite(mine) & np.isfinite(theirs) & (theirs > 60)
    low, middle, high = np.percentile(mine[both] / theirs[both], [5, 50, 95])
    yield against(
        f"{TASK}, one thread, joining the street included",
        f"Isle of Wight, driving, {len(network.node_x_m):,} junctions", timed, peer,
        Timed(fixed + a_source * PROVISIONS, None), at_least=5,
        same=f"no: other speeds and turns; ours / OSRM's {middle:.2f} ({low:.2f} to {high:.2f})",
    )  # fmt: skip

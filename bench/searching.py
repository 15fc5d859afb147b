"""Shortest times: the nearest provision of every point, and all pairs within half an hour."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from bench import places
from bench.places import Place
from bench.timing import Row, against, in_turn
from geoengine import travel_times
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions

PROVISIONS = 1_000
MANY_ORIGINS, MANY_PROVISIONS, CUTOFF_S = 35_000, 3_000, 1_800
ROWS_AT_ONCE = 50


def nearest_rows(at: Place, *, repeats: int) -> Iterator[Row]:
    """Compare the search for every point's nearest provision."""
    rng = np.random.default_rng(places.SEED)
    spots, rows = at.spots(PROVISIONS, rng)
    nobody = Positions(**{name: values[:0] for name, values in vars(spots).items()})

    def search() -> Any:
        return travel_times.find_nearest(at.network, nobody, spots)

    def ours() -> Any:
        seconds, _ = travel_times.at_points(at.network, search(), spots)
        return seconds

    def theirs() -> Any:
        return dijkstra(at.graph, indices=rows, min_only=True)

    small = _with_source(at, spots)
    timed = in_turn(
        {
            "ours": ours,
            "search": search,
            "scipy": theirs,
            "small": lambda: dijkstra(small, indices=small.shape[0] - 1),
        },
        repeats=repeats,
    )
    points = len(np.unique(at.node_of_point))
    data = f"{at.name}, {points:,} points"
    equal = np.array_equal(
        np.rint(timed["ours"].answer * 10), timed["scipy"].answer[at.node_of_point]
    )
    yield against(
        f"nearest of {PROVISIONS:,} provisions, every point", data, timed["ours"],
        "scipy dijkstra(min_only), network as given", timed["scipy"], at_least=4,
        same=_verdict(f"all {points:,} times to the decisecond", equal=equal),
    )  # fmt: skip
    found = timed["search"].answer.node_ds[:, 0].astype(float)
    found[found == UNREACHED] = np.inf
    agrees = np.array_equal(found, timed["small"].answer[:-1])
    yield against(
        "the same, junctions only", f"{at.name}, {len(found):,} junctions", timed["search"],
        "scipy dijkstra, our contracted network", timed["small"],
        same=_verdict("all junctions", equal=agrees),
    )  # fmt: skip


def _with_source(at: Place, spots: Positions) -> Any:
    """Return the contracted graph with one more row, from which every provision is reached."""
    graph = places.contracted(at.network).tocoo()
    chain, count = spots.chain, graph.shape[0]
    rest = at.network.chain_ds[chain] - spots.along_ds
    node = np.concatenate((at.network.chain_tail[chain], at.network.chain_head[chain]))
    cost = np.concatenate((spots.along_ds, rest))
    order = np.lexsort((cost, node))
    node, cost = node[order], cost[order]
    first = np.concatenate(([True], node[1:] != node[:-1]))
    tail = np.concatenate((graph.row, np.full(first.sum(), count)))
    head = np.concatenate((graph.col, node[first]))
    weight = np.concatenate((graph.data, cost[first].astype(float)))
    return coo_array((weight, (tail, head)), shape=(count + 1, count + 1)).tocsr()


def pairs_rows(at: Place, *, repeats: int) -> Iterator[Row]:
    """Compare the search for every pair within half an hour's walk."""
    rng = np.random.default_rng(places.SEED)
    homes, home_rows = at.spots(MANY_ORIGINS, rng)
    spots, rows = at.spots(MANY_PROVISIONS, rng)

    def ours() -> Any:
        return travel_times.within(at.network, homes, spots, cutoff_s=CUTOFF_S, threads=2)

    def theirs() -> Any:
        found = []
        for start in range(0, len(rows), ROWS_AT_ONCE):
            block = rows[start : start + ROWS_AT_ONCE]
            time = dijkstra(at.graph, indices=block, limit=CUTOFF_S * 10)[:, home_rows]
            who, home = np.nonzero(np.isfinite(time))
            found.append((home, who + start, time[who, home]))
        return tuple(np.concatenate(part) for part in zip(*found, strict=True))

    timed = in_turn({"ours": ours}, repeats=repeats)
    timed |= in_turn({"scipy": theirs}, repeats=max(1, repeats // 5))
    pairs = timed["ours"].answer
    home, who, time = timed["scipy"].answer
    order = np.lexsort((who, home))
    equal = (
        np.array_equal(np.repeat(np.arange(MANY_ORIGINS), np.diff(pairs.first_pair)), home[order])
        and np.array_equal(pairs.provision, who[order])
        and np.array_equal(pairs.time_ds, time[order])
    )
    size = (pairs.provision.nbytes + pairs.time_ds.nbytes) / len(pairs.time_ds)
    yield against(
        f"pairs within 30 min, {MANY_ORIGINS:,} x {MANY_PROVISIONS:,}", at.name, timed["ours"],
        "scipy dijkstra(limit=)", timed["scipy"], at_least=10,
        same=_verdict(f"all {len(home):,} pairs; {size:g} bytes a pair", equal=equal),
    )  # fmt: skip


def _verdict(what: str, *, equal: bool) -> str:
    return f"yes: {what}" if equal else f"NO, differs: {what}"

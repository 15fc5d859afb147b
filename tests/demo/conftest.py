"""Counties made once for all tests of the demo."""

import itertools
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
import osmium
import pytest
from pyproj import Transformer
from scipy.spatial import KDTree

from geoengine import demo

CLOSED = {"motorway", "motorway_link"}


@dataclass(frozen=True)
class Footways:
    """All that can be walked in an extract, as a graph of metres."""

    graph: nx.Graph
    nodes: list[int]
    tree: KDTree

    def nearest(self, easting: float, northing: float) -> int:
        return self.nodes[int(self.tree.query([easting, northing])[1])]


def _footways(path: Path) -> Footways:
    points: dict[int, tuple[float, float]] = {}
    ways: list[list[int]] = []
    for item in osmium.FileProcessor(str(path)):
        if item.is_node():
            points[item.id] = (item.location.lon, item.location.lat)
        elif (
            item.is_way()
            and item.tags.get("highway", "motorway") not in CLOSED
            and item.tags.get("access") != "private"
        ):
            ways.append([node.ref for node in item.nodes])
    nodes = sorted({node for way in ways for node in way})
    turn = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    degrees = np.array([points[node] for node in nodes])
    metres = np.column_stack(turn.transform(degrees[:, 0], degrees[:, 1]))
    where = dict(zip(nodes, metres.tolist(), strict=True))
    graph = nx.Graph()
    for way in ways:
        for a, b in itertools.pairwise(way):
            graph.add_edge(a, b, metres=float(np.hypot(*np.subtract(where[a], where[b]))))
    return Footways(graph, nodes, KDTree(metres))


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county") / "demo"
    demo.write(folder)
    return folder


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "demo"
    demo.write(folder, scale=0.1)
    return folder


@pytest.fixture(scope="session", params=["county", "town"])
def place(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


@pytest.fixture(scope="session")
def footways(place: Path) -> Footways:
    return _footways(place / "streets.osm.pbf")

"""A street network as a graph of networkx, and back."""

from typing import Any

import numpy as np

from geoengine.network.streets import StreetNetwork, from_edges


def to_networkx(network: StreetNetwork) -> Any:
    """
    Return the network as a directed graph with every point of every street.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes named by the position of the point among `point_x_m` (a junction by the position of
        one of its points), with `x_m, y_m, osm_id`; edges with `time_ds`, whole deciseconds.
        `graph["junction"]` names the graph's node of each network node.

    Examples
    --------
    >>> street = from_edges(np.array([0.0, 60.0, 120.0]), np.zeros(3), [0, 1], [1, 2],
    ...                     np.array([45.0, 45.0]))
    >>> graph = to_networkx(street)
    >>> sorted(found["time_ds"] for *_, found in graph.edges(data=True))
    [450, 450, 450, 450]
    """
    import networkx

    graph = networkx.MultiDiGraph(crs=network.crs, mode=network.mode)
    starts, ends = network.first_point[:-1], network.first_point[1:] - 1
    name = np.arange(len(network.point_x_m))
    junction = np.full(len(network.node_x_m), -1, np.int64)
    junction[network.chain_head[::-1]] = ends[::-1]
    junction[network.chain_tail[::-1]] = starts[::-1]
    name[starts], name[ends] = junction[network.chain_tail], junction[network.chain_head]
    graph.graph["junction"] = junction
    for point in np.unique(name).tolist():
        graph.add_node(
            point,
            x_m=float(network.point_x_m[point]),
            y_m=float(network.point_y_m[point]),
            osm_id=int(network.point_id[point]),
        )
    for chain, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        cost = np.diff(network.point_ds[start : end + 1]).tolist()
        path = name[start : end + 1].tolist()
        for tail, head, time_ds in zip(path[:-1], path[1:], cost, strict=True):
            graph.add_edge(tail, head, time_ds=time_ds)
            if network.chain_two_way[chain]:
                graph.add_edge(head, tail, time_ds=time_ds)
    return graph


def from_networkx(
    graph: Any, *, time_s: str = "travel_time", crs: str = "EPSG:27700", mode: str = "walk"
) -> StreetNetwork:
    """
    Build a network from a projected graph such as osmnx makes.

    Parameters
    ----------
    graph
        Nodes with `x`, `y` in metres of `crs`.
    time_s
        Name of the edges' attribute with seconds.
    crs, mode
        As in `StreetNetwork`.

    Raises
    ------
    ValueError
        If an edge lacks its time, or a time is negative or not finite.
    """
    place = {node: at for at, node in enumerate(graph.nodes)}
    x_m = np.array([float(found["x"]) for _, found in graph.nodes(data=True)])
    y_m = np.array([float(found["y"]) for _, found in graph.nodes(data=True)])
    tail, head, seconds = [], [], []
    for start, end, found in graph.edges(data=True):
        if time_s not in found:
            raise ValueError(f"the edge from {start} to {end} has no '{time_s}'")
        tail.append(place[start])
        head.append(place[end])
        seconds.append(float(found[time_s]))
    both = np.full(len(tail), not graph.is_directed())
    return from_edges(
        x_m, y_m, np.array(tail, np.int64), np.array(head, np.int64), np.array(seconds),
        two_way=both, crs=crs, mode=mode,
    )  # fmt: skip

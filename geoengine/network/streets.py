"""StreetNetwork: compressed arrays of junctions, streets between them and travel costs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """
    What one mode can travel, as arrays that a file can be mapped to.

    Streets are cut at junctions only. A *node* is a junction or a dead end; a *chain* is the
    street between two nodes, with every original point on it kept. Costs are whole deciseconds,
    rounded where they have been added up along a chain, so that no error adds up.

    Parameters
    ----------
    node_x_m, node_y_m
        Metres in `crs`, shape (nodes,), nodes ordered along a Hilbert curve.
    node_part
        Connected part of each node, shape (nodes,); 0 is the largest. Streets count both ways.
    chain_tail, chain_head
        Nodes at the ends of each chain, shape (chains,); every chain may be travelled from
        tail to head.
    chain_two_way
        Whether it may be travelled from head to tail too, at the same cost, shape (chains,).
    chain_kind
        Position in `kinds` of the street's highway class, shape (chains,).
    first_point
        Chain c holds points `first_point[c]` to `first_point[c + 1]`, ends included,
        shape (chains + 1,).
    point_x_m, point_y_m
        Metres in `crs`, shape (points,).
    point_ds
        Cost from the chain's tail, deciseconds, shape (points,); 0 at the tail.
    point_id
        OpenStreetMap's node id, shape (points,).
    out_first, out_arc
        Arcs leaving node n: rows `out_first[n]` to `out_first[n + 1]` of `out_arc`, whose columns
        are the node reached, the cost in deciseconds and the chain.
    in_first, in_arc
        The same for arcs arriving at n, with the node that they come from; the very same arrays
        where every chain is two-way.
    kinds
        The highway classes that occur.
    crs
        The projected CRS, e.g. "EPSG:27700".
    mode
        Name of the travel mode.
    walk_m_per_s
        Speed on foot off the network, for the leg from a door to the street.
    """

    node_x_m: FloatArray
    node_y_m: FloatArray
    node_part: IntArray
    chain_tail: IntArray
    chain_head: IntArray
    chain_two_way: NDArray[np.bool_]
    chain_kind: NDArray[np.int8]
    first_point: LongArray
    point_x_m: FloatArray
    point_y_m: FloatArray
    point_ds: IntArray
    point_id: LongArray
    out_first: LongArray
    out_arc: IntArray
    in_first: LongArray
    in_arc: IntArray
    kinds: tuple[str, ...]
    crs: str
    mode: str
    walk_m_per_s: float

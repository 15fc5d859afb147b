"""Paths in the country and along the water: footpaths, farm tracks, the coast path, towpaths."""

import numpy as np
import shapely

from geoengine.demo import names
from geoengine.demo.barriers import Barriers
from geoengine.demo.blocks import COAST, RIVER
from geoengine.demo.edges import Edge
from geoengine.demo.roads import Draft, join
from geoengine.demo.sheet import IntArray, Tags
from geoengine.demo.terrain import FloatArray, Noise

STILES = ("stile", "kissing_gate", "gate", "stile", "kissing_gate")
ROADS = frozenset({"tertiary", "unclassified", "secondary", "track", "residential"})


def _winding(
    start: FloatArray, end: FloatArray, sway: tuple[Noise, Noise], step_m: float
) -> FloatArray:
    """Return a line between two points that strays to the side as paths do."""
    length = float(np.hypot(*(end - start)))
    t = np.linspace(0, 1, max(2, int(length / step_m)) + 1)[:, None]
    line = start * (1 - t) + end * t
    lean = (np.sin(np.pi * t) * min(26.0, 0.09 * length))[:, 0]
    line[:, 0] += lean * sway[0].at(line[:, 0], line[:, 1])
    line[:, 1] += lean * sway[1].at(line[:, 0], line[:, 1])
    return line


def fields(draft: Draft, rooms: list[shapely.Geometry | None]) -> None:
    """Draw footpaths across fields and drives to farms."""
    seed = draft.terrain.seed
    rng = np.random.default_rng([seed, 74])
    sway = (Noise.of(seed, 75, 420.0), Noise.of(seed, 76, 420.0))
    for block in np.flatnonzero(draft.seeds.style == "field").tolist():
        room, around = rooms[block], [draft.edges[at] for at in draft.around[block]]
        roads = [edge for edge in around if edge.highway in ROADS]
        luck = rng.random(4)
        if room is None or shapely.is_empty(room) or not around:
            continue
        drawn: list[shapely.Geometry] = []
        if luck[0] < 0.62 and len(around) > 1:
            drawn = _across(
                draft, room, around, sway, rng, "bridleway" if luck[1] < 0.14 else "footway"
            )
        if luck[2] < 0.5 and roads:
            _farm(draft, block, room, roads, drawn, sway, rng)


def _across(
    draft: Draft,
    room: shapely.Geometry,
    around: list[Edge],
    sway: tuple[Noise, Noise],
    rng: np.random.Generator,
    highway: str,
) -> list[shapely.Geometry]:
    """Draw a path between two edges of a block, with stiles at its ends."""
    first, last = (around[int(at)] for at in rng.choice(len(around), 2, replace=False))
    a, b = (float(e.low + (e.high - e.low) * rng.uniform(0.15, 0.85)) for e in (first, last))
    if not (first.takes(a) and last.takes(b)):
        return []
    line = _winding(first.at(a), last.at(b), sway, 38.0)
    shape = shapely.linestrings(line)
    if len(line) < 5 or not shapely.covers(room, shapely.linestrings(line[1:-1])):
        return []
    nodes = draft.sheet.nodes(line[1:-1])
    barrier = "gate" if highway == "bridleway" else STILES[int(rng.integers(len(STILES)))]
    for node in {int(nodes[0]), int(nodes[-1])}:
        draft.sheet.node_tags[node] = {"barrier": barrier}
    tags: Tags = {
        "highway": highway,
        "designation": f"public_{'footpath' if highway == 'footway' else highway}",
    }
    if highway == "footway":
        tags["surface"] = "grass" if rng.random() < 0.5 else "ground"
    refs = np.concatenate([[join(draft, first, a)], nodes, [join(draft, last, b)]])
    draft.sheet.way(refs, tags)
    return [shape]


def _farm(
    draft: Draft,
    block: int,
    room: shapely.Geometry,
    roads: list[Edge],
    drawn: list[shapely.Geometry],
    sway: tuple[Noise, Noise],
    rng: np.random.Generator,
) -> None:
    """Draw a drive to a farm in a field."""
    road = roads[int(rng.integers(len(roads)))]
    s = float(road.low + (road.high - road.low) * rng.uniform(0.1, 0.9))
    if not road.takes(s):
        return
    seed = np.array([draft.seeds.x[block], draft.seeds.y[block]])
    start = road.at(s)
    away = seed - start
    reach = min(float(np.hypot(*away)) * 0.7, rng.uniform(60, 320))
    end = start + away / max(float(np.hypot(*away)), 1.0) * reach
    line = _winding(start, end, sway, 34.0)
    shape = shapely.linestrings(line)
    if not shapely.covers(room, shapely.linestrings(line[1:])):
        return
    if any(shapely.dwithin(shape, other, 12.0) for other in drawn):
        return
    nodes = draft.sheet.nodes(line[1:])
    private = rng.random() < 0.55
    tags: Tags = (
        {"highway": "service", "service": "driveway"}
        if private
        else {"highway": "track", "tracktype": "grade2"}
    )
    if private:
        tags["access"] = "private"
        draft.sheet.node_tags[int(nodes[0])] = {"barrier": "gate"}
    draft.sheet.way(np.append(join(draft, road, s), nodes), tags)
    farm = f"{names.STREETS[int(rng.integers(len(names.STREETS)))]} Farm"
    draft.sheet.node_tags[int(nodes[-1])] = {"place": "farm", "name": farm}


def _inland(line: FloatArray, side: int, offset_m: float) -> FloatArray:
    """Return a line moved to its left (side 1) or right (-1)."""
    along = np.gradient(line, axis=0)
    along = along / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    return np.asarray(line + side * offset_m * np.column_stack([-along[:, 1], along[:, 0]]))


def _even(line: FloatArray, step_m: float) -> FloatArray:
    """Return points evenly spaced along a line, both ends included."""
    shape = shapely.linestrings(line)
    count = max(1, round(shapely.length(shape) / step_m))
    spots = shapely.line_interpolate_point(shape, np.linspace(0, 1, count + 1), normalized=True)
    return np.asarray(shapely.get_coordinates(spots))


def _tips(draft: Draft) -> dict[tuple[int, int], list[tuple[int, FloatArray]]]:
    """Return the nodes at which streets stop short of each vertex on water, by side block."""
    found: dict[tuple[int, int], list[tuple[int, FloatArray]]] = {}
    for at, edge in enumerate(draft.edges):
        for begins, vertex, s in ((True, edge.start, edge.low), (False, edge.end, edge.high)):
            node = draft.tip_node.get((at, begins))
            if node is None or not draft.blocks.barrier[vertex]:
                continue
            for block in (
                int(draft.blocks.left[edge.number]),
                int(draft.blocks.right[edge.number]),
            ):
                found.setdefault((vertex, block), []).append((node, edge.at(s)))
    return found


def waterside(draft: Draft, barriers: Barriers) -> None:
    """Draw the coast path and riverside walks, joined to the streets that stop at the water."""
    tips = _tips(draft)
    blocks = draft.blocks
    meeting: dict[tuple[int, int], int] = {}
    for at in np.flatnonzero((blocks.kind == COAST) | (blocks.kind == RIVER)).tolist():
        coast = blocks.kind[at] == COAST
        for side, block in ((1, int(blocks.left[at])), (-1, int(blocks.right[at]))):
            if block < 0 or (not coast and draft.seeds.place[block] < 0 and side < 0):
                continue
            if not coast and draft.seeds.style[block] == "industrial":
                continue
            _bank(draft, at, side, block, tips, meeting, barriers)


def _bank(
    draft: Draft,
    at: int,
    side: int,
    block: int,
    tips: dict[tuple[int, int], list[tuple[int, FloatArray]]],
    meeting: dict[tuple[int, int], int],
    barriers: Barriers,
) -> None:
    blocks = draft.blocks
    coast = blocks.kind[at] == COAST
    line = blocks.line[at]
    if len(line) < 2 or shapely.length(shapely.linestrings(line)) < 60:
        return
    offset = 24.5 if coast else barriers.half_width_m(line) + 13.5
    path = _inland(_even(line, 32.0), side, offset)
    if coast and shapely.intersects(draft.terrain.water, shapely.linestrings(path)):
        return
    ends: list[IntArray] = []
    for vertex, point in ((int(blocks.start[at]), path[0]), (int(blocks.end[at]), path[-1])):
        ends.append(_meeting(draft, vertex, block, point, tips, meeting, coast=bool(coast)))
    inner = path[1:-1]
    inner = inner[shapely.contains_xy(blocks.shape[block], inner[:, 0], inner[:, 1])]
    town = draft.seeds.place[block] >= 0
    tags: Tags = {"highway": "footway", "name": "Riverside Walk"} if town else {"highway": "path"}
    if coast:
        tags = (
            {"highway": "pedestrian", "name": "Promenade"}
            if town
            else {"highway": "path", "name": "Coast Path"}
        )
    draft.sheet.way(np.concatenate([ends[0], draft.sheet.nodes(inner), ends[1]]), tags)


def _meeting(
    draft: Draft,
    vertex: int,
    block: int,
    point: FloatArray,
    tips: dict[tuple[int, int], list[tuple[int, FloatArray]]],
    meeting: dict[tuple[int, int], int],
    *,
    coast: bool,
) -> IntArray:
    """Return the node where a waterside path meets the street that comes down to the water."""
    near = [node for node, spot in tips.get((vertex, block), []) if np.hypot(*(spot - point)) < 45]
    if near:
        return np.array(near[:1], dtype=np.int64)
    if coast:
        if (vertex, -1) not in meeting:
            meeting[vertex, -1] = int(draft.sheet.nodes(point)[0])
        return np.array([meeting[vertex, -1]], dtype=np.int64)
    return np.asarray(draft.sheet.nodes(point), dtype=np.int64)

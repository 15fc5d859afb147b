"""The motorway: two carriageways, and junctions with the main roads that it meets."""

from dataclasses import dataclass

import numpy as np
import shapely

from geoengine.demo.roads import Draft, join
from geoengine.demo.routes import SECONDARY
from geoengine.demo.sheet import IntArray
from geoengine.demo.terrain import FloatArray

HALF_GAP_M = 14.0
MERGE_M = 330.0
BETWEEN_JUNCTIONS_M = 4_500.0


@dataclass(frozen=True)
class Slip:
    """
    A slip road.

    `line` runs from the carriageway to the road; `west` tells which carriageway; `along` is
    where on the motorway it leaves or joins; `leaves` whether traffic leaves the motorway.
    """

    line: FloatArray
    node: int
    west: bool
    along: float
    leaves: bool


@dataclass(frozen=True)
class Motorway:
    """Points 60 m apart along the middle, from south to north, and the slip roads."""

    middle: FloatArray
    along: FloatArray
    slips: list[Slip]

    def at(self, along: float, left_m: float) -> FloatArray:
        """Return the point so far along, moved so far to the left of north."""
        ahead, behind = (self._point(along + step) for step in (5.0, -5.0))
        way = (ahead - behind) / 10.0
        return self._point(along) + left_m * np.array([-way[1], way[0]])

    def _point(self, along: float) -> FloatArray:
        return np.array([np.interp(along, self.along, self.middle[:, k]) for k in (0, 1)])


def _course(draft: Draft, line: shapely.LineString) -> Motorway | None:
    frame = shapely.box(*draft.terrain.outer())
    seen = shapely.get_parts(shapely.intersection(line, frame))
    if not len(seen):
        return None
    longest = max(seen, key=shapely.length)
    steps = np.arange(0.0, shapely.length(longest), 60.0)
    points = shapely.get_coordinates(shapely.line_interpolate_point(longest, steps))
    return Motorway(points, steps, [])


def plan(draft: Draft) -> list[Motorway]:
    """Return the motorways, with slip roads where main roads cross them."""
    lines = np.array([shapely.linestrings(edge.line) for edge in draft.edges], dtype=object)
    tree = shapely.STRtree(lines)
    made = []
    for line in draft.terrain.motorways:
        way = _course(draft, line)
        if way is None:
            continue
        middle = shapely.linestrings(way.middle)
        last = -np.inf
        found = []
        for at in tree.query(middle, predicate="intersects").tolist():
            edge = draft.edges[at]
            if 0 < edge.rank <= SECONDARY:
                spot = shapely.centroid(shapely.intersection(lines[at], middle))
                found.append((float(shapely.line_locate_point(middle, spot)), at))
        for along, at in sorted(found):
            if along - last > BETWEEN_JUNCTIONS_M and _junction(draft, way, along, at, tree):
                last = along
        made.append(way)
    return made


def _junction(draft: Draft, way: Motorway, along: float, at: int, tree: shapely.STRtree) -> bool:
    """Add the slip roads of one junction, unless they would run into other streets."""
    edge = draft.edges[at]
    span = next((span for span in edge.spans if span[2] == "motorway"), None)
    if span is None or span[0] - 45 < edge.low or span[1] + 45 > edge.high:
        return False
    ends = [(s, edge.at(s)) for s in (span[0] - 32.0, span[1] + 32.0)]
    ends.sort(key=lambda end: float(end[1][0]))
    slips = []
    for west, (s, spot) in zip((True, False), ends, strict=True):
        for north in (True, False):
            side = 1.0 if west else -1.0
            merge = along + (MERGE_M if north else -MERGE_M)
            if not 60 < merge < way.along[-1] - 60:
                return False
            bend = way.at(along + (115.0 if north else -115.0), 46.0 * side)
            line = _curve(way.at(merge, HALF_GAP_M * side), bend, spot)
            slips.append((line, s, west, merge, west != north))
    shapes = [shapely.linestrings(slip[0]) for slip in slips]
    if any(set(tree.query(shape, predicate="intersects").tolist()) - {at} for shape in shapes):
        return False
    nodes = {s: join(draft, edge, s) for s, _ in ends}
    way.slips.extend(
        Slip(line, nodes[s], west, merge, leaves) for line, s, west, merge, leaves in slips
    )
    return True


def _curve(start: FloatArray, bend: FloatArray, end: FloatArray) -> FloatArray:
    t = np.linspace(0, 1, 11)[:, None]
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end)


def clearance(motorways: list[Motorway]) -> list[shapely.Geometry]:
    """Return the land that slip roads take."""
    return [
        shapely.buffer(shapely.linestrings(slip.line), 22.0, quad_segs=2)
        for way in motorways
        for slip in way.slips
    ]


def draw(draft: Draft, motorways: list[Motorway]) -> None:
    """Draw carriageways and slip roads."""
    for number, way in enumerate(motorways):
        name = f"M{191 + number}"
        for west in (True, False):
            nodes = _carriageway(draft, way, name, west=west)
            for slip in way.slips:
                if slip.west == west:
                    merge = nodes[int(np.argmin(np.abs(way.along - slip.along)))]
                    inner = draft.sheet.nodes(slip.line[1:-1])
                    refs = np.concatenate([[merge], inner, [slip.node]])
                    tags = {
                        "highway": "motorway_link",
                        "oneway": "yes",
                        "maxspeed": "60 mph",
                        "ref": name,
                    }
                    draft.sheet.way(refs if slip.leaves else refs[::-1], tags)


def _carriageway(draft: Draft, way: Motorway, name: str, *, west: bool) -> IntArray:
    """Draw one carriageway, bridged over rivers; return its nodes from south to north."""
    side = HALF_GAP_M if west else -HALF_GAP_M
    line = np.array([way.at(float(s), side) for s in way.along])
    nodes = draft.sheet.nodes(line)
    spots = shapely.points(line)
    wet = np.zeros(len(line), dtype=bool)
    for river in draft.terrain.rivers:
        wet |= shapely.distance(river, spots) < 75
    tags = {"highway": "motorway", "oneway": "yes", "maxspeed": "70 mph", "ref": name, "lanes": "3"}
    order = nodes if west else nodes[::-1]
    over = wet if west else wet[::-1]
    cuts = np.flatnonzero(np.diff(over.astype(int))) + 1
    for first, last in zip([0, *cuts], [*cuts, len(order) - 1], strict=True):
        bridge = {"bridge": "yes", "layer": "1"} if over[first] else {}
        draft.sheet.way(order[first : last + 1], tags | bridge)
    return nodes

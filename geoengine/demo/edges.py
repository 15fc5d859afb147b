"""Streets between blocks: which edges carry one, where it stops short and where it bridges."""

from dataclasses import dataclass, field

import numpy as np
import shapely

from geoengine.demo.barriers import Barriers, stretches
from geoengine.demo.blocks import COAST, RAIL, RIDGE, RIVER, Blocks
from geoengine.demo.routes import PRIMARY, SECONDARY, TERTIARY, Routes
from geoengine.demo.settlements import Seeds
from geoengine.demo.sheet import IntArray
from geoengine.demo.terrain import FloatArray, Terrain

HIGHWAY = {PRIMARY: "primary", SECONDARY: "secondary", TERTIARY: "tertiary"}
RARE = {
    "modern": 0.42,
    "estate": 0.28,
    "semi": 0.14,
    "terrace": 0.06,
    "core": 0.02,
    "village": 0.35,
    "industrial": 0.35,
    "park": 0.5,
}
"""Share of edges between two blocks of a style that carry no street."""


@dataclass
class Edge:
    """
    A street along the edge between two blocks.

    `low` and `high` are where along its line it starts and ends, in metres; `spans` are the
    stretches on bridges; `joins` are the places where side streets meet it.
    """

    number: int
    line: FloatArray
    along: FloatArray
    highway: str
    rank: int
    low: float
    high: float
    start: int
    end: int
    spans: list[tuple[float, float, str]] = field(default_factory=list)
    joins: list[tuple[float, int]] = field(default_factory=list)
    start_tag: str = ""
    end_tag: str = ""

    def at(self, s: float) -> FloatArray:
        """Return the point this far along the line."""
        return np.array(
            [np.interp(s, self.along, self.line[:, 0]), np.interp(s, self.along, self.line[:, 1])]
        )

    def whole(self) -> bool:
        """Return whether it runs from vertex to vertex."""
        return self.low == 0.0 and self.high == float(self.along[-1])

    def takes(self, s: float) -> bool:
        """Return whether a side street can meet it here."""
        if not self.low <= s <= self.high:
            return False
        return all(not a - 12 < s < b + 12 for a, b, _ in self.spans)


def _choose(
    blocks: Blocks, seeds: Seeds, routes: Routes, shut: IntArray, rng: np.random.Generator
) -> list[str]:
    """Return the highway class of each edge, empty for none."""
    luck = rng.random(len(routes.rank))
    chosen = []
    for at, ridge in enumerate(blocks.ridge):
        left, right = blocks.left[at], blocks.right[at]
        if blocks.kind[at] != RIDGE or ridge < 0 or left < 0 or right < 0:
            chosen.append("")
            continue
        if routes.rank[ridge]:
            chosen.append(HIGHWAY[int(routes.rank[ridge])])
            continue
        if left == right:
            chosen.append("")
            continue
        chosen.append(
            _minor(
                str(seeds.style[left]),
                str(seeds.style[right]),
                float(luck[ridge]),
                shut=bool(shut[at]),
            )
        )
    return chosen


def _minor(a: str, b: str, luck: float, *, shut: bool) -> str:
    rural = (a == "field") + (b == "field")
    steps: tuple[tuple[float, str], ...]
    if rural == 2:
        steps = ((0.56, "unclassified"), (0.64, "track"), (0.70, "bridleway"), (0.84, "footway"))
    elif rural == 1:
        steps = (
            ((0.22, "residential"), (0.55, "footway"))
            if "village" not in (a, b)
            else ((0.12, "unclassified"), (0.5, "footway"))
        )
    else:
        rare = (RARE[a] + RARE[b]) / 2
        road = "residential" if "industrial" not in (a, b) or a != b else "unclassified"
        steps = ((1 - rare, road), (1 - rare / 2, "footway"))
    for limit, highway in steps:
        if luck < limit:
            return (
                ""
                if shut and highway in ("unclassified", "track") and rural == 2 and luck > 0.2
                else highway
            )
    return ""


def _cross(
    edge: Edge, kind: int, low: float, high: float, heads: set[int], *, passes: bool
) -> None:
    """Carry an edge across a barrier that it meets from `low` to `high`, or cut it back."""
    length = float(edge.along[-1])
    first, last = low < 3.0, high > length - 3.0
    if kind == RIVER:
        passes &= (not first or edge.start in heads) and (not last or edge.end in heads)
    if passes and kind != COAST and (first or last or kind == RIVER):
        busy = edge.rank in (PRIMARY, SECONDARY) or edge.highway == "residential"
        if kind == RIVER or busy:
            edge.spans.append(
                (
                    low if not first else 0.0,
                    high if not last else length,
                    "river" if kind == RIVER else "rail",
                )
            )
        elif first:
            edge.start_tag = "level_crossing"
        else:
            edge.end_tag = "level_crossing"
    elif first and high > edge.low:
        edge.low = high
    elif last and low < edge.high:
        edge.high = low
    elif kind != RAIL:
        edge.high = edge.low


def _heads(edges: list[Edge], routes: Routes, blocks: Blocks, kind: int) -> set[int]:
    """Return the vertices at the middle and the ends of crossings."""
    heads: set[int] = set()
    for edge in edges:
        tips = {edge.start, edge.end}
        on = any(blocks.barrier[tip] == kind for tip in tips)
        if on and routes.open[int(blocks.ridge[edge.number])]:
            heads |= tips
    return heads


def _meet(edges: list[Edge], routes: Routes, blocks: Blocks, barriers: Barriers) -> None:
    lines = np.array([shapely.linestrings(edge.line) for edge in edges], dtype=object)
    heads = {kind: _heads(edges, routes, blocks, kind) for kind in (RIVER, RAIL, COAST)}
    for (at, kind), shape in barriers.meet(lines).items():
        edge = edges[at]
        passes = bool(routes.open[int(blocks.ridge[edge.number])])
        for low, high in stretches(lines[at], shape):
            _cross(edge, kind, float(low), float(high), heads[kind], passes=passes)


def _over_motorway(edges: list[Edge], terrain: Terrain) -> None:
    lines = np.array([shapely.linestrings(edge.line) for edge in edges], dtype=object)
    tree = shapely.STRtree(lines)
    for motorway in terrain.motorways:
        for at in np.sort(tree.query(motorway, predicate="intersects")):
            for point in shapely.get_parts(shapely.intersection(lines[at], motorway)):
                s = float(shapely.line_locate_point(lines[at], shapely.centroid(point)))
                edge = edges[at]
                low, high = max(edge.low, s - 38), min(edge.high, s + 38)
                if all(high < a or b < low for a, b, _ in edge.spans) and low < high:
                    edge.spans.append((low, high, "motorway"))


def _open_up(chosen: list[str], blocks: Blocks, seeds: Seeds) -> None:
    """Give every block where people live a street on at least one side."""
    busy = np.zeros(len(blocks.barrier), dtype=np.int64)
    sides: dict[int, list[int]] = {}
    for at, highway in enumerate(chosen):
        if highway:
            busy[[blocks.start[at], blocks.end[at]]] += 1
        if blocks.kind[at] == RIDGE and blocks.ridge[at] >= 0:
            for block in {int(blocks.left[at]), int(blocks.right[at])}:
                sides.setdefault(block, []).append(at)
    for block in np.flatnonzero(seeds.people > 0).tolist():
        around = sides.get(block, [])
        if not around or any(chosen[at] not in ("", "footway") for at in around):
            continue
        fine = [at for at in around if blocks.left[at] >= 0 and blocks.right[at] >= 0] or around
        ends = [int(np.count_nonzero(busy[[blocks.start[at], blocks.end[at]]])) for at in fine]
        size = [len(blocks.line[at]) for at in fine]
        chosen[fine[int(np.lexsort((size, ends))[-1])]] = "residential"


def _trim(chosen: list[str], blocks: Blocks, seeds: Seeds) -> None:
    """Take away lanes and tracks that lead nowhere."""
    field = (seeds.place[blocks.left] < 0) & (seeds.place[blocks.right] < 0)
    minor = np.array([h in ("unclassified", "track", "bridleway", "footway") for h in chosen])
    live = np.array([bool(h) for h in chosen])
    for _ in range(12):
        degree = np.bincount(blocks.start[live], minlength=len(blocks.barrier))
        degree += np.bincount(blocks.end[live], minlength=len(blocks.barrier))
        dead = live & minor & field
        dead &= (degree[blocks.start] < 2) | (degree[blocks.end] < 2)
        if not dead.any():
            break
        live &= ~dead
    for at in np.flatnonzero(~live):
        chosen[at] = ""


def trace(
    blocks: Blocks, seeds: Seeds, routes: Routes, terrain: Terrain, barriers: Barriers
) -> list[Edge]:
    """Return the streets and paths that run between blocks."""
    rng = np.random.default_rng([terrain.seed, 61])
    barrier = np.where(
        (blocks.barrier[blocks.start] > 0) | (blocks.barrier[blocks.end] > 0), 1, 0
    ).astype(np.int64)
    chosen = _choose(blocks, seeds, routes, barrier, rng)
    _trim(chosen, blocks, seeds)
    _open_up(chosen, blocks, seeds)
    edges = []
    for at, highway in enumerate(chosen):
        if not highway:
            continue
        line, ridge = blocks.line[at], int(blocks.ridge[at])
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        edge = Edge(
            at,
            line,
            along,
            highway,
            int(routes.rank[ridge]),
            0.0,
            float(along[-1]),
            int(blocks.start[at]),
            int(blocks.end[at]),
        )
        edges.append(edge)
    _meet(edges, routes, blocks, barriers)
    edges = [edge for edge in edges if edge.whole() or edge.high - edge.low > 25]
    _over_motorway(edges, terrain)
    return edges

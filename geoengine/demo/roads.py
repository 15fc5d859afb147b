"""Draw the streets: those between blocks, those inside them, and where they meet."""

import itertools
from dataclasses import dataclass

import numpy as np
import shapely

from geoengine.demo import names, streets
from geoengine.demo.barriers import Barriers
from geoengine.demo.blocks import Blocks
from geoengine.demo.edges import Edge
from geoengine.demo.routes import PRIMARY, SECONDARY, Routes
from geoengine.demo.settlements import Place, Seeds
from geoengine.demo.sheet import IntArray, Sheet, Tags
from geoengine.demo.terrain import FloatArray, Terrain

MERGE_M = 9.0
ROUNDABOUT_M = 19.0


@dataclass
class Draft:
    """What the parts of the drawing share."""

    terrain: Terrain
    places: list[Place]
    seeds: Seeds
    blocks: Blocks
    routes: Routes
    edges: list[Edge]
    sheet: Sheet
    around: list[list[int]]
    """Positions of the streets along each block."""
    vertex_node: dict[int, int]
    tip_node: dict[tuple[int, bool], int]
    """Node at the start (True) or end of an edge where it is not its vertex's own node."""
    alias: dict[int, int]

    def vertex(self, number: int, point: FloatArray) -> int:
        """Return the node of a vertex, made when first asked for."""
        if number not in self.vertex_node:
            self.vertex_node[number] = int(self.sheet.nodes(point)[0])
        return self.vertex_node[number]


def start(
    terrain: Terrain,
    places: list[Place],
    seeds: Seeds,
    blocks: Blocks,
    routes: Routes,
    edges: list[Edge],
) -> Draft:
    """Return an empty drawing over the blocks and the streets between them."""
    around: list[list[int]] = [[] for _ in seeds.x]
    for at, edge in enumerate(edges):
        for block in {int(blocks.left[edge.number]), int(blocks.right[edge.number])}:
            around[block].append(at)
    return Draft(terrain, places, seeds, blocks, routes, edges, Sheet(), around, {}, {}, {})


def rooms(
    draft: Draft, barriers: Barriers, taken: list[shapely.Geometry]
) -> list[shapely.Geometry | None]:
    """Return the part of each block where streets may run, off water, rails and what is taken."""
    shapes = [s if s is not None else shapely.Polygon() for s in draft.blocks.shape]
    every = np.array(shapes, dtype=object)
    cuts: dict[int, list[shapely.Geometry]] = {}
    for (block, _), shape in barriers.meet(every).items():
        cuts.setdefault(block, []).append(shapely.buffer(shape, 11.0, quad_segs=2))
    tree = shapely.STRtree(every)
    for motorway in draft.terrain.motorways:
        strip = shapely.buffer(motorway, 48.0, quad_segs=2)
        for block in np.sort(tree.query(motorway, predicate="dwithin", distance=48.0)).tolist():
            box = shapely.box(*shapely.bounds(every[block]))
            cuts.setdefault(block, []).append(shapely.intersection(strip, box))
    for strip in taken:
        for block in np.sort(tree.query(strip, predicate="intersects")).tolist():
            cuts.setdefault(block, []).append(strip)
    inner = shapely.buffer(every, -streets.INSET_M, quad_segs=2, join_style="mitre")
    return [
        shapely.difference(room, shapely.union_all(cuts[at])) if at in cuts else room
        for at, room in enumerate(inner)
    ]


def roundabouts(draft: Draft) -> None:
    """Put roundabouts where main roads meet."""
    rng = np.random.default_rng([draft.terrain.seed, 71])
    meet: dict[int, list[tuple[int, bool]]] = {}
    for at, edge in enumerate(draft.edges):
        meet.setdefault(edge.start, []).append((at, True))
        meet.setdefault(edge.end, []).append((at, False))
    for vertex in sorted(meet):
        tips = meet[vertex]
        edges = [draft.edges[at] for at, _ in tips]
        main = sum(edge.rank == PRIMARY for edge in edges)
        if len(tips) < 3 or main < 3 or draft.blocks.barrier[vertex] or rng.random() > 0.7:
            continue
        if any(edge.high - edge.low < 90 or edge.spans for edge in edges):
            continue
        _roundabout(draft, tips)


def _roundabout(draft: Draft, tips: list[tuple[int, bool]]) -> None:
    at, first = tips[0]
    centre = draft.edges[at].line[0 if first else -1]
    spokes = []
    for number, begins in tips:
        edge = draft.edges[number]
        length = float(edge.along[-1])
        point = edge.at(ROUNDABOUT_M if begins else length - ROUNDABOUT_M) - centre
        spokes.append((float(np.arctan2(point[1], point[0])), number, begins))
    plain = [(angle, -1, False) for angle in np.linspace(-np.pi, np.pi, 12, endpoint=False)]
    plain = [
        p
        for p in plain
        if all(abs((p[0] - s[0] + np.pi) % (2 * np.pi) - np.pi) > 0.3 for s in spokes)
    ]
    ring = sorted(spokes + plain, reverse=True)
    around = np.array([[np.cos(angle), np.sin(angle)] for angle, _, _ in ring])
    nodes = draft.sheet.nodes(centre + ROUNDABOUT_M * around)
    for node, (_, number, begins) in zip(nodes, ring, strict=True):
        if number >= 0:
            draft.tip_node[number, begins] = int(node)
            edge = draft.edges[number]
            if begins:
                edge.low = ROUNDABOUT_M
            else:
                edge.high = float(edge.along[-1]) - ROUNDABOUT_M
    tags = {"highway": "primary", "junction": "roundabout", "oneway": "yes", "maxspeed": "30 mph"}
    draft.sheet.way(np.append(nodes, nodes[0]), tags)


def fill(draft: Draft, rooms_: list[shapely.Geometry | None]) -> None:
    """Draw the streets inside every built block and park."""
    rng = np.random.default_rng([draft.terrain.seed, 72])
    for block, style in enumerate(draft.seeds.style):
        plan = streets.STYLES.get(str(style))
        shape = draft.blocks.shape[block]
        if plan is None or shape is None or rooms_[block] is None:
            continue
        around = [(draft.edges[at], at) for at in draft.around[block]]
        for attempt in (plan, plan, streets.STYLES["semi"], streets.STYLES["core"]):
            made = streets.lay(shape, rooms_[block], around, attempt, rng)
            if made is not None and any(draft.edges[at].takes(s) for at, s, _, _ in made.joins):
                _draw_fill(draft, block, made, rng)
                break


def _draw_fill(draft: Draft, block: int, made: streets.Fill, rng: np.random.Generator) -> None:
    used = np.unique(np.concatenate([made.a, made.b]))
    node = np.full(len(made.points), -1, dtype=np.int64)
    node[used] = draft.sheet.nodes(made.points[used])
    head: dict[tuple[int, int], int] = {}
    spare: list[tuple[int, int, int]] = []
    cuts = np.flatnonzero(np.diff(made.run)) + 1
    runs = list(
        zip(np.split(made.a, cuts), np.split(made.b, cuts), np.split(made.run, cuts), strict=True)
    )
    tips = {}
    for a, b, run in runs:
        tips[int(run[0])] = (int(a[0]), int(b[-1]))
    for at, s, inner, street in made.joins:
        edge = draft.edges[at]
        if node[inner] < 0 or not edge.takes(s):
            continue
        if (street, inner) in head or inner not in tips.get(street, ()):
            spare.append((int(node[inner]), join(draft, edge, s), street))
        else:
            head[street, inner] = join(draft, edge, s)
    style = str(draft.seeds.style[block])
    labels = names.streets(rng, [style] * len(runs))
    tags_of = {}
    for label, (a, b, run) in zip(labels, runs, strict=True):
        street = int(run[0])
        refs = [int(node[a[0]]), *node[b].tolist()]
        if (street, int(a[0])) in head:
            refs.insert(0, head[street, int(a[0])])
        if (street, int(b[-1])) in head:
            refs.append(head[street, int(b[-1])])
        tags = _street_tags(draft, block, style, made.highway[street], label, rng)
        tags_of[street] = tags
        if made.highway[street] == "link" and rng.random() < 0.5:
            draft.sheet.node_tags[refs[0]] = {"barrier": "bollard"}
        draft.sheet.way(np.array(refs), tags, block)
    for inner, outer, street in spare:
        draft.sheet.way(
            np.array([inner, outer]), tags_of.get(street, {"highway": "residential"}), block
        )


PLAIN: dict[str, tuple[tuple[float, Tags], ...]] = {
    "alley": ((1.0, {"highway": "service", "service": "alley"}),),
    "link": ((0.9, {"highway": "footway"}), (1.0, {"highway": "steps"})),
    "footway": ((0.8, {"highway": "footway"}), (1.0, {"highway": "path"})),
    "service": ((1.0, {"highway": "service"}),),
}
"""Tags of ways without a name, by how lucky each must be to get them."""


def _street_tags(
    draft: Draft, block: int, style: str, highway: str, label: str, rng: np.random.Generator
) -> Tags:
    luck = rng.random()
    if highway in PLAIN:
        return dict(next(tags for limit, tags in PLAIN[highway] if luck <= limit))
    tags = {"highway": highway, "name": label, "maxspeed": "30 mph"}
    if style == "core":
        return tags | _central(float(draft.seeds.depth[block]), luck)
    if style == "modern" and luck > 0.985:
        tags |= {"highway": "living_street"}
    elif style == "modern" and luck < 0.25:
        tags |= {"maxspeed": "20 mph"}
    elif style == "terrace" and luck < 0.12:
        tags |= {"oneway": "yes", "maxspeed": "20 mph"}
    return tags


def _central(depth: float, luck: float) -> Tags:
    """Return the tags of a street in the middle of a town, some of them without cars."""
    if depth < 0.09 and luck < 0.4:
        return {"highway": "pedestrian", "maxspeed": "10 mph"}
    return {"maxspeed": "20 mph"} | ({"oneway": "yes"} if luck > 0.72 else {})


def join(draft: Draft, edge: Edge, s: float) -> int:
    """Return a new node on an edge, at which something meets it."""
    node = int(draft.sheet.nodes(edge.at(s))[0])
    edge.joins.append((s, node))
    return node


def _label(draft: Draft, edge: Edge, local: dict[int, str]) -> str:
    ridge = int(draft.blocks.ridge[edge.number])
    place = int(draft.routes.towards[ridge])
    if place >= 0:
        return f"{draft.places[place].name.split('-on-')[0]} Road"
    return local[ridge]


def _edge_tags(draft: Draft, edge: Edge, local: dict[int, str], *, rural: bool) -> Tags:
    tags: Tags = {"highway": edge.highway}
    if edge.highway in ("track", "footway", "bridleway"):
        if edge.highway == "bridleway":
            tags |= {"designation": "public_bridleway"}
        elif edge.highway == "footway" and rural:
            tags |= {"designation": "public_footpath"}
        elif edge.highway == "footway" and edge.number % 6 == 0:
            tags = {"highway": "cycleway", "foot": "designated", "segregated": "no"}
        return tags
    tags["name"] = _label(draft, edge, local)
    tags["maxspeed"] = "60 mph" if rural else "30 mph"
    place = int(draft.routes.towards[int(draft.blocks.ridge[edge.number])])
    if edge.rank in (PRIMARY, SECONDARY) and place >= 0:
        tags["ref"] = f"{'A' if edge.rank == PRIMARY else 'B'}{6800 + place % 190}"
    return tags


def between(draft: Draft) -> None:
    """Draw the streets between blocks, once every side street has joined them."""
    rng = np.random.default_rng([draft.terrain.seed, 73])
    blocks, seeds = draft.blocks, draft.seeds
    sides = [
        str(seeds.style[blocks.left[e.number]])
        if seeds.place[blocks.left[e.number]] >= 0
        else str(seeds.style[blocks.right[e.number]])
        for e in draft.edges
    ]
    ridges = [int(blocks.ridge[edge.number]) for edge in draft.edges]
    local = dict(zip(ridges, names.streets(rng, sides), strict=True))
    for number, edge in enumerate(draft.edges):
        rural = bool(
            seeds.place[blocks.left[edge.number]] < 0 and seeds.place[blocks.right[edge.number]] < 0
        )
        tags = _edge_tags(draft, edge, local, rural=rural)
        for part, bridge in _parts(draft, number, edge):
            extra = {"bridge": "yes", "layer": "1"} if bridge else {}
            draft.sheet.way(part, tags | extra, -1 if bridge else -2, edge.number)
    for refs in draft.sheet.ways:
        for at, ref in enumerate(refs):
            if int(ref) in draft.alias:
                refs[at] = draft.alias[int(ref)]


def _parts(draft: Draft, number: int, edge: Edge) -> list[tuple[IntArray, bool]]:
    """Return an edge's ways: the nodes of each, and whether it is a bridge."""
    stops = _stops(draft, number, edge)
    cuts = sorted({edge.low, edge.high, *(s for span in edge.spans for s in span[:2])})
    known = {round(s, 3): node for s, node in stops}
    for s in cuts:
        if round(s, 3) not in known:
            known[round(s, 3)] = int(draft.sheet.nodes(edge.at(s))[0])
    every = sorted(known.items())
    parts = []
    for a, b in itertools.pairwise(cuts):
        refs = [node for s, node in every if round(a, 3) <= s <= round(b, 3)]
        middle = (a + b) / 2
        parts.append((np.array(refs), any(x <= middle <= y for x, y, _ in edge.spans)))
    return parts


def _stops(draft: Draft, number: int, edge: Edge) -> list[tuple[float, int]]:
    """Return the nodes along an edge: its ends, its side streets, and its bends between them."""
    length = float(edge.along[-1])
    tips = []
    for begins, s, vertex, tag in (
        (True, edge.low, edge.start, edge.start_tag),
        (False, edge.high, edge.end, edge.end_tag),
    ):
        node = draft.tip_node.get((number, begins))
        if node is None and (s == 0 if begins else s == length):
            node = draft.vertex(vertex, edge.line[0 if begins else -1])
        elif node is None:
            node = int(draft.sheet.nodes(edge.at(s))[0])
            draft.tip_node[number, begins] = node
        if tag:
            draft.sheet.node_tags[node] = {"railway": tag}
        tips.append((s, node))
    kept = [tips[0]]
    for s, node in sorted(edge.joins):
        if s - kept[-1][0] < MERGE_M:
            draft.alias[node] = kept[-1][1]
        elif edge.high - s < MERGE_M:
            draft.alias[node] = tips[1][1]
        else:
            kept.append((s, node))
    taken = np.array([s for s, _ in kept] + [edge.high])
    bends = edge.along[(edge.along > edge.low + 5) & (edge.along < edge.high - 5)]
    if len(bends):
        gap = np.abs(bends[:, None] - taken[None, :]).min(axis=1)
        bends = bends[gap > 6]
        points = np.column_stack([np.interp(bends, edge.along, edge.line[:, k]) for k in (0, 1)])
        kept += list(zip(bends.tolist(), draft.sheet.nodes(points).tolist(), strict=True))
    return [*kept, tips[1]]

"""Blocks of land between streets: a tessellation whose every edge is shared exactly."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree, Voronoi

from geoengine.demo.settlements import Seeds
from geoengine.demo.terrain import FloatArray, Noise, Terrain

IntArray = NDArray[np.int64]
GRID_M = 0.5
RIDGE, RIVER, RAIL, COAST = 0, 1, 2, 3


@dataclass(frozen=True)
class Rough:
    """
    The tessellation before it is bent: straight ridges between seeds.

    Parameters
    ----------
    vertex
        Where ridges meet, metres, shape (vertices, 2).
    ends
        Vertices at the ends of each ridge, shape (ridges, 2).
    sides
        Seeds on its two sides, shape (ridges, 2).
    dry
        Whether a ridge lies on land all along.
    over_river, over_rail
        Position of the river or railway that a ridge crosses, -1 for none.
    inside
        Whether each seed's block belongs to the map, shape (seeds,).
    """

    vertex: FloatArray
    ends: IntArray
    sides: IntArray
    dry: NDArray[np.bool_]
    over_river: IntArray
    over_rail: IntArray
    inside: NDArray[np.bool_]

    def length(self) -> FloatArray:
        """Return each ridge's length in metres."""
        leg = self.vertex[self.ends[:, 0]] - self.vertex[self.ends[:, 1]]
        return np.asarray(np.hypot(leg[:, 0], leg[:, 1]))

    def middle(self) -> FloatArray:
        """Return each ridge's middle, shape (ridges, 2)."""
        return np.asarray(self.vertex[self.ends].mean(axis=1))


@dataclass(frozen=True)
class Blocks:
    """
    The blocks and the edges between them; every edge is part of two blocks' outlines.

    Parameters
    ----------
    shape
        Polygon of each seed's block, metres; `None` for seeds off the map.
    line
        Coordinates of each edge, a list of arrays of shape (points, 2).
    start, end
        Vertex numbers of each edge's ends.
    left, right
        Block on either side; -1 for none.
    kind
        `RIDGE`, `RIVER`, `RAIL` or `COAST`.
    ridge
        The ridge of the rough tessellation that an edge is part of; -1 for none.
    barrier
        Of each vertex: `RIVER` or `RAIL` where it lies on one, else `RIDGE`.
    """

    shape: NDArray[np.object_]
    line: list[FloatArray]
    start: IntArray
    end: IntArray
    left: IntArray
    right: IntArray
    kind: IntArray
    ridge: IntArray
    barrier: IntArray


def rough(seeds: Seeds, terrain: Terrain) -> Rough:
    """Return the straight tessellation of the seeds."""
    diagram = Voronoi(np.column_stack([seeds.x, seeds.y]))
    ends = np.asarray(diagram.ridge_vertices, dtype=np.int64)
    sides = np.asarray(diagram.ridge_points, dtype=np.int64)
    west, south, east, north = terrain.outer()
    inside = (seeds.x > west) & (seeds.x < east + 1) & (seeds.y > south) & (seeds.y < north)
    vertex = diagram.vertices
    far = (np.abs(vertex[:, 0] - (west + east) / 2) > (east - west)) | (
        np.abs(vertex[:, 1] - (south + north) / 2) > (north - south) * 1.5
    )
    keep = (ends >= 0).all(axis=1) & inside[sides].any(axis=1)
    keep &= ~far[np.maximum(ends, 0)].any(axis=1)
    ends, sides = ends[keep], sides[keep]
    lines = shapely.linestrings(vertex[ends])
    shapely.prepare(terrain.land)
    return Rough(
        vertex=vertex,
        ends=ends,
        sides=sides,
        dry=np.asarray(shapely.covers(terrain.land, lines)),
        over_river=_crossed(lines, terrain.rivers),
        over_rail=_crossed(lines, terrain.rails),
        inside=inside,
    )


def _crossed(lines: NDArray[np.object_], barriers: tuple[shapely.LineString, ...]) -> IntArray:
    over = np.full(len(lines), -1, dtype=np.int64)
    tree = shapely.STRtree(lines)
    for at, barrier in enumerate(barriers):
        over[tree.query(barrier, predicate="intersects")] = at
    return over


def straighten(mesh: Rough, main: NDArray[np.bool_]) -> FloatArray:
    """Return the vertices with the zigzag taken out of the main roads."""
    ends = mesh.ends[main]
    degree = np.bincount(ends.ravel(), minlength=len(mesh.vertex))
    through = degree == 2
    vertex = mesh.vertex.copy()
    for _ in range(7):
        total = np.zeros_like(vertex)
        np.add.at(total, ends[:, 0], vertex[ends[:, 1]])
        np.add.at(total, ends[:, 1], vertex[ends[:, 0]])
        vertex[through] = 0.5 * vertex[through] + 0.25 * total[through]
    return vertex


class Bend:
    """The bending of the plane that makes straight ridges into lanes and streets."""

    def __init__(self, seeds: Seeds, terrain: Terrain) -> None:
        built = seeds.place >= 0
        self._tree = KDTree(np.column_stack([seeds.x[built], seeds.y[built]]))
        self._wide = [Noise.of(terrain.seed, 51 + axis, 1_300) for axis in range(2)]
        self._near = [Noise.of(terrain.seed, 53 + axis, 430) for axis in range(2)]
        self._fine = [Noise.of(terrain.seed, 55 + axis, 150) for axis in range(2)]

    def __call__(self, points: FloatArray) -> FloatArray:
        """Return where points go, shape (n, 2)."""
        x, y = points[:, 0], points[:, 1]
        gap = self._tree.query(points)[0]
        rural = np.clip((gap - 120) / 900, 0, 1)
        rural = rural * rural * (3 - 2 * rural)
        moved = points.copy()
        for axis in range(2):
            moved[:, axis] += (12 + 62 * rural) * self._wide[axis].at(x, y)
            moved[:, axis] += (7 + 17 * rural) * self._near[axis].at(x, y)
            moved[:, axis] += (1.2 + 3.5 * rural) * self._fine[axis].at(x, y)
        return moved


def _ridge_lines(mesh: Rough, vertex: FloatArray, bend: Bend) -> list[FloatArray]:
    """Return every ridge as a bent line, points about 45 m apart."""
    start, end = vertex[mesh.ends[:, 0]], vertex[mesh.ends[:, 1]]
    count = np.maximum(1, np.round(np.hypot(*(end - start).T) / 42).astype(np.int64))
    first = np.concatenate([[0], np.cumsum(count + 1)])
    step = np.arange(first[-1]) - np.repeat(first[:-1], count + 1)
    share = (step / np.repeat(count, count + 1))[:, None]
    points = (
        np.repeat(start, count + 1, axis=0) * (1 - share)
        + np.repeat(end, count + 1, axis=0) * share
    )
    moved = np.round(bend(points) / GRID_M) * GRID_M
    return np.split(moved, first[1:-1])


def _sources(
    mesh: Rough, vertex: FloatArray, bend: Bend, terrain: Terrain
) -> tuple[NDArray[np.object_], IntArray, IntArray]:
    """Return all lines to be woven, with their kind and ridge."""
    ridges = [shapely.linestrings(line) for line in _ridge_lines(mesh, vertex, bend)]
    near = shapely.buffer(terrain.land, 30)
    rivers = [shapely.simplify(shapely.intersection(line, near), 0.5) for line in terrain.rivers]
    rails = [shapely.simplify(line, 0.3) for line in terrain.rails]
    coast = [shapely.simplify(shapely.boundary(terrain.land), 1.0)]
    lines = np.array([*ridges, *rivers, *rails, *coast], dtype=object)
    kind = np.repeat(
        [RIDGE, RIVER, RAIL, COAST], [len(ridges), len(rivers), len(rails), len(coast)]
    ).astype(np.int64)
    ridge = np.where(kind == RIDGE, np.arange(len(lines)), -1)
    return lines, kind, ridge


def _weave(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], IntArray]:
    """Return the lines cut wherever they meet, and the line that each piece is part of."""
    pieces = shapely.get_parts(shapely.union_all(lines, grid_size=GRID_M))
    half = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    tree = shapely.STRtree(lines)
    piece, line = tree.query_nearest(half, max_distance=3.0, all_matches=False)
    parent = np.full(len(pieces), -1, dtype=np.int64)
    parent[piece] = line
    return pieces[parent >= 0], parent[parent >= 0]


def _sides(
    pieces: NDArray[np.object_], tree: shapely.STRtree, of_face: IntArray
) -> tuple[IntArray, IntArray]:
    """Return the block to the left and to the right of each piece."""
    length = shapely.length(pieces)
    a = shapely.get_coordinates(shapely.line_interpolate_point(pieces, length * 0.5 - 0.02))
    b = shapely.get_coordinates(shapely.line_interpolate_point(pieces, length * 0.5 + 0.02))
    along = (b - a) / np.maximum(np.hypot(*(b - a).T), 1e-9)[:, None]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    sides = []
    for sign in (0.25, -0.25):
        points = shapely.points((a + b) / 2 + sign * normal)
        at, face = tree.query(points, predicate="intersects")
        block = np.full(len(pieces), -1, dtype=np.int64)
        block[at] = of_face[face]
        sides.append(block)
    return sides[0], sides[1]


def _claim(
    faces: NDArray[np.object_], seed_points: NDArray[np.object_], terrain: Terrain
) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return the seed that stands in each face (-1 for none), and whether the face is land."""
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    land = shapely.contains_xy(terrain.land, inner[:, 0], inner[:, 1])
    seed, face = shapely.STRtree(faces).query(seed_points, predicate="within")
    owner = np.full(len(faces), -1, dtype=np.int64)
    owner[face[::-1]] = seed[::-1]
    return np.where(land, owner, -1), np.asarray(land)


def _merge(
    owner: IntArray,
    land: NDArray[np.bool_],
    left: IntArray,
    right: IntArray,
    length: FloatArray,
    kind: IntArray,
) -> IntArray:
    """Return faces' owners, each orphan joined to the neighbour it shares the longest edge with."""
    owner = owner.copy()
    for barrier_too in (False, False, False, False, True, True):
        fine = (left >= 0) & (right >= 0) & (left != right) & (barrier_too | (kind == RIDGE))
        votes: dict[int, dict[int, float]] = {}
        for a, b, metres in zip(left[fine], right[fine], length[fine], strict=True):
            for orphan, heir in ((a, b), (b, a)):
                if land[orphan] and owner[orphan] < 0 and owner[heir] >= 0:
                    tally = votes.setdefault(int(orphan), {})
                    tally[int(owner[heir])] = tally.get(int(owner[heir]), 0.0) + float(metres)
        for orphan, tally in votes.items():
            owner[orphan] = max(sorted(tally), key=lambda block: tally[block])
    return owner


def settle(mesh: Rough, seeds: Seeds, terrain: Terrain, main: NDArray[np.bool_]) -> Blocks:
    """
    Return the blocks, bent, cut at rivers, railways and the shore.

    Parameters
    ----------
    mesh
        The straight tessellation.
    seeds
        Its seeds.
    terrain
        The barriers and the shore.
    main
        Whether each ridge carries a main road, which is then drawn straighter.
    """
    bend = Bend(seeds, terrain)
    lines, kind, ridge = _sources(mesh, straighten(mesh, main), bend, terrain)
    pieces, parent = _weave(lines)
    kind, ridge = kind[parent], ridge[parent]
    faces = shapely.get_parts(shapely.polygonize(pieces))
    seed_points = shapely.points(bend(np.column_stack([seeds.x, seeds.y])))
    owner, land = _claim(faces, seed_points, terrain)
    tree = shapely.STRtree(faces)
    left, right = _sides(pieces, tree, np.arange(len(faces), dtype=np.int64))
    owner = _merge(owner, land, left, right, shapely.length(pieces), kind)
    owner = np.where((owner >= 0) & mesh.inside[np.maximum(owner, 0)], owner, -1)
    shapes = np.full(len(seeds.x), None, dtype=object)
    mine = np.flatnonzero(owner >= 0)
    mine = mine[np.argsort(owner[mine], kind="stable")]
    for group in np.split(mine, np.flatnonzero(np.diff(owner[mine])) + 1):
        shapes[owner[group[0]]] = shapely.coverage_union_all(faces[group])
    ground = np.where(left >= 0, owner[np.maximum(left, 0)], -1)
    beyond = np.where(right >= 0, owner[np.maximum(right, 0)], -1)
    used = (ground >= 0) | (beyond >= 0)
    return _assemble(pieces[used], kind[used], ridge[used], ground[used], beyond[used], shapes)


def _assemble(
    pieces: NDArray[np.object_],
    kind: IntArray,
    ridge: IntArray,
    left: IntArray,
    right: IntArray,
    shapes: NDArray[np.object_],
) -> Blocks:
    points, of = shapely.get_coordinates(pieces, return_index=True)
    first = np.searchsorted(of, np.arange(len(pieces)))
    last = np.searchsorted(of, np.arange(len(pieces)), side="right") - 1
    tips = np.vstack([points[first], points[last]])
    _, vertex = np.unique(np.round(tips / GRID_M).astype(np.int64), axis=0, return_inverse=True)
    vertex = vertex.ravel()
    start, end = vertex[: len(pieces)], vertex[len(pieces) :]
    barrier = np.zeros(vertex.max() + 1, dtype=np.int64)
    for code in (RIVER, RAIL, COAST):
        barrier[start[kind == code]] = code
        barrier[end[kind == code]] = code
    return Blocks(
        shape=shapes,
        line=np.split(points, first[1:]),
        start=start,
        end=end,
        left=left,
        right=right,
        kind=kind,
        ridge=ridge,
        barrier=barrier,
    )

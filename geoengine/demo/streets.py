"""Streets inside blocks: terraces, crescents, cul-de-sacs, lanes and park paths."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geoengine.demo.edges import Edge
from geoengine.demo.sheet import IntArray
from geoengine.demo.terrain import FloatArray

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Style:
    """
    How streets are laid in a block.

    Parameters
    ----------
    step_m, row_m
        Distance between bends along a street, and between neighbouring streets.
    bow
        How far streets curve: the block's half diameter over the radius of their curve.
    wobble_m
        How far bends stray.
    every
        A cross street at every so many bends; 0 for a single spine.
    keep_row, keep_cross
        Share of pieces that are built.
    attach
        Share of streets that reach the edge and join the street there.
    highway
        Their class.
    alley
        Whether service alleys run between the streets.
    """

    step_m: float
    row_m: float
    bow: float
    wobble_m: float
    every: int
    keep_row: float
    keep_cross: float
    attach: float
    highway: str = "residential"
    alley: bool = False


STYLES = {
    "core": Style(30, 56, 0.2, 6.0, 3, 0.93, 0.85, 0.9),
    "terrace": Style(37, 46, 0.06, 1.5, 4, 0.985, 0.95, 0.92, alley=True),
    "semi": Style(36, 72, 0.5, 4.0, 4, 0.96, 0.85, 0.6),
    "estate": Style(30, 62, 1.0, 4.0, 4, 0.94, 0.8, 0.34),
    "modern": Style(27, 60, 0.8, 6.0, 0, 0.97, 1.0, 0.3),
    "village": Style(32, 84, 0.7, 7.0, 5, 0.78, 0.8, 0.5),
    "industrial": Style(55, 118, 0.2, 5.0, 3, 0.85, 0.7, 0.45, "service"),
    "park": Style(26, 150, 1.1, 11.0, 7, 0.93, 0.75, 1.0, "footway"),
}
INSET_M = 17.0
FAR_M = 1e7
NOWHERE = (-1, -1, 0.0, np.zeros(2))


@dataclass(frozen=True)
class Fill:
    """
    The streets of one block.

    `points` (n, 2); `a`, `b` the ends of each piece; `run` the street that it belongs to;
    `highway` of each street; `joins` of (edge, metres along it, node, street) where a street
    meets the edge of the block.
    """

    points: FloatArray
    a: IntArray
    b: IntArray
    run: IntArray
    highway: list[str]
    joins: list[tuple[int, float, int, int]]


@dataclass(frozen=True)
class Walls:
    """The outline of a block as straight pieces, and the street on each piece (-1 for none)."""

    start: FloatArray
    leg: FloatArray
    edge: IntArray
    along: FloatArray

    def hit(self, origin: FloatArray, ray: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
        """
        Return, for each ray, how far along it the outline is met, by which edge, and where.

        Parameters
        ----------
        origin, ray
            Starts and full lengths of the rays, shape (rays, 2).
        """
        cross = ray[:, None, 0] * self.leg[None, :, 1] - ray[:, None, 1] * self.leg[None, :, 0]
        gap = self.start[None, :, :] - origin[:, None, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (gap[..., 0] * self.leg[None, :, 1] - gap[..., 1] * self.leg[None, :, 0]) / cross
            s = (gap[..., 0] * ray[:, None, 1] - gap[..., 1] * ray[:, None, 0]) / cross
        t = np.where(
            (np.abs(cross) > 1e-9) & (t > 1e-6) & (t <= 1) & (s >= 0) & (s <= 1), t, np.inf
        )
        nearest = np.argmin(t, axis=1)
        rows = np.arange(len(t))
        metres = self.along[nearest] + np.nan_to_num(s[rows, nearest]) * np.hypot(
            *self.leg[nearest].T
        )
        return t[rows, nearest], self.edge[nearest], metres

    def nearest(self, points: FloatArray) -> tuple[int, int, float, FloatArray]:
        """Return the point nearest to a street on the outline: its number, the edge, and where."""
        fine = np.flatnonzero(self.edge >= 0)
        if not len(fine) or not len(points):
            return NOWHERE
        leg, start = self.leg[fine], self.start[fine]
        size = np.maximum((leg**2).sum(axis=1), 1e-9)
        share = ((points[:, None, :] - start[None]) * leg[None]).sum(axis=2) / size
        share = np.clip(share, 0, 1)
        foot = start[None] + share[..., None] * leg[None]
        gap = np.hypot(*np.moveaxis(points[:, None, :] - foot, 2, 0))
        at, piece = np.unravel_index(int(np.argmin(gap)), gap.shape)
        metres = self.along[fine[piece]] + share[at, piece] * np.sqrt(size[piece])
        return int(at), int(self.edge[fine[piece]]), float(metres), foot[at, piece]


def walls(shape: shapely.Geometry, around: list[tuple[Edge, int]]) -> Walls:
    """Return a block's outline, from its polygon and the streets along it (with their numbers)."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_parts(shapely.boundary(shape))]
    start = [ring[:-1] for ring in rings]
    leg = [np.diff(ring, axis=0) for ring in rings]
    edge = [np.full(sum(len(part) for part in start), -1, dtype=np.int64)]
    along = [np.zeros(len(edge[0]))]
    for street, number in around:
        start.append(street.line[:-1])
        leg.append(np.diff(street.line, axis=0))
        edge.append(np.full(len(street.line) - 1, number, dtype=np.int64))
        along.append(street.along[:-1])
    bare, rest = edge[0], edge[1:]
    whole = np.vstack(start)
    numbers, metres = np.concatenate([bare, *rest]), np.concatenate(along)
    order = np.argsort(numbers < 0, kind="stable")
    return Walls(whole[order], np.vstack(leg)[order], numbers[order], metres[order])


def _bearing(shape: shapely.Geometry) -> float:
    """Return the direction of the longest side of a block, radians."""
    ring = shapely.get_coordinates(shapely.simplify(shape, 25.0))
    leg = np.diff(ring, axis=0)
    long = leg[int(np.argmax(np.hypot(*leg.T)))] if len(leg) else np.array([1.0, 0.0])
    return float(np.arctan2(long[1], long[0]))


def _lattice(
    shape: shapely.Geometry, style: Style, rng: np.random.Generator
) -> tuple[FloatArray, tuple[int, int]]:
    """Return points in rows, shape (rows, columns, 2), that cover the block."""
    bounds = shapely.bounds(shape)
    middle = np.array([(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2])
    reach = float(np.hypot(bounds[2] - bounds[0], bounds[3] - bounds[1])) / 2 + style.row_m
    row_m = style.row_m / 2 if style.alley else style.row_m
    columns, rows = int(reach / style.step_m) + 1, int(reach / row_m) + 1
    u = (np.arange(-columns, columns + 1) + rng.uniform(-0.5, 0.5)) * style.step_m
    v = (np.arange(-rows, rows + 1) + rng.uniform(-0.5, 0.5)) * row_m
    grid_u, grid_v = np.meshgrid(u, v)
    radius = reach / max(style.bow * rng.uniform(0.6, 1.35), 0.02)
    wave = rng.uniform(0, 2 * np.pi, 4)
    lean = style.wobble_m
    grid_u += lean * np.sin(grid_v / 130 + wave[0]) + lean * 0.4 * np.sin(grid_v / 57 + wave[1])
    grid_v += lean * np.sin(grid_u / 95 + wave[2]) + lean * 0.4 * np.sin(grid_u / 53 + wave[3])
    away = radius + grid_v
    across = away * np.sin(grid_u / radius)
    up = away * np.cos(grid_u / radius) - radius
    folded = (away < 0.35 * radius) | (np.abs(grid_u) > 2.4 * radius)
    across[folded], up[folded] = FAR_M, FAR_M
    turn = _bearing(shape) + (
        rng.choice([0.0, np.pi]) + rng.normal(0, 0.2) if style.bow > 0.3 else 0.0
    )
    x = middle[0] + np.cos(turn) * across - np.sin(turn) * up
    y = middle[1] + np.sin(turn) * across + np.cos(turn) * up
    return np.stack([x, y], axis=2), (rows, columns)


def _pieces(
    style: Style, size: tuple[int, int], rng: np.random.Generator
) -> tuple[BoolArray, BoolArray]:
    """Return which pieces along rows and across them are built."""
    rows, columns = size
    along = rng.random((rows, columns - 1)) < style.keep_row
    across = np.zeros((rows - 1, columns), dtype=bool)
    if style.every == 0:
        across[:, columns // 2] = True
        if columns > 16:
            across[:, [columns // 2 - 8, columns // 2 + 8]] = True
            _break(along, rng)
        return along, across
    if style.alley:
        across[:, int(rng.integers(style.every)) :: style.every] = True
        alleys = rng.random((rows, 1)) < 0.55
        along[1::2] &= alleys[1::2]
        return along, across & (np.repeat(rng.random((rows, columns)), 1, axis=0)[:-1] < 0.98)
    for row in range(rows - 1):
        across[row, int(rng.integers(style.every)) :: style.every] = True
    across &= rng.random(across.shape) < style.keep_cross
    return along, across


def _break(along: BoolArray, rng: np.random.Generator) -> None:
    """Break most rows between the spines, so that they end in cul-de-sacs."""
    rows, columns = along.shape[0], along.shape[1] + 1
    for side in (-4, 3):
        at = columns // 2 + side + rng.integers(-1, 2, rows)
        along[np.arange(rows), at] = rng.random(rows) < 0.15


def _links(style: Style, along: BoolArray, rng: np.random.Generator) -> BoolArray:
    """Return which gaps in rows a footpath closes."""
    closed = np.zeros_like(along)
    if style.every == 0:
        closed[:, 1:-1] = ~along[:, 1:-1] & along[:, :-2] & along[:, 2:]
        closed &= rng.random(closed.shape) < 0.4
    return closed


def _runs(a: IntArray, b: IntArray, line: IntArray) -> IntArray:
    """Return a number for each unbroken run of pieces along the same line of the lattice."""
    fresh = np.ones(len(a), dtype=bool)
    fresh[1:] = (line[1:] != line[:-1]) | (a[1:] != b[:-1])
    return np.asarray(np.cumsum(fresh) - 1, dtype=np.int64)


def _ends(
    points: FloatArray, inner: BoolArray, a: IntArray, b: IntArray
) -> tuple[IntArray, FloatArray]:
    """Return the inner node and the outward ray of each piece that leaves the block."""
    leaves = inner[a] ^ inner[b]
    near = np.where(inner[a], a, b)[leaves]
    far = np.where(inner[a], b, a)[leaves]
    ray = points[far] - points[near]
    length = np.maximum(np.hypot(*ray.T), 1e-6)
    return near, ray * ((length + 2.2 * INSET_M) / length)[:, None]


def _loose(
    fill_nodes: int, a: IntArray, b: IntArray, tied: list[int]
) -> tuple[IntArray, list[int]]:
    """Return each node's group, and the groups that no join ties to the outside."""
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(fill_nodes, fill_nodes))
    _, group = connected_components(graph, directed=False)
    group = np.asarray(group, dtype=np.int64)
    bound = set(group[tied].tolist())
    return group, [g for g in np.unique(group[a]).tolist() if g not in bound]


def lay(
    shape: shapely.Geometry,
    room: shapely.Geometry,
    around: list[tuple[Edge, int]],
    style: Style,
    rng: np.random.Generator,
) -> Fill | None:
    """
    Return the streets of a block, or `None` where there is no room for any.

    Parameters
    ----------
    shape
        The block.
    room
        The part of it where streets may run (off water and rails).
    around
        The streets along its edges, with their numbers.
    style
        How streets are laid.
    rng
        The source of chance.
    """
    if shapely.is_empty(room) or not around:
        return None
    grid, _ = _lattice(shape, style, rng)
    rows, columns = grid.shape[:2]
    points = grid.reshape(-1, 2)
    inner = shapely.contains_xy(room, points[:, 0], points[:, 1])
    number = np.arange(rows * columns).reshape(rows, columns)
    along, across = _pieces(style, (rows, columns), rng)
    row_of = np.broadcast_to(np.arange(rows)[:, None], along.shape)[along]
    column_of = np.broadcast_to(np.arange(columns)[:, None], across.T.shape)[across.T]
    links = _links(style, along, rng)
    link_of = np.flatnonzero(links) + rows + columns
    a = np.concatenate([number[:, :-1][along], number[:-1].T[across.T], number[:, :-1][links]])
    b = np.concatenate([number[:, 1:][along], number[1:].T[across.T], number[:, 1:][links]])
    line = np.concatenate([row_of, rows + column_of, link_of])
    return _fit(
        points, inner, (a, b, line), (rows, columns), room, walls(shape, around), style, rng
    )


def _clear(start: FloatArray, way: FloatArray, a: FloatArray, b: FloatArray) -> BoolArray:
    """Return which of the ways from their starts cross none of the pieces from `a` to `b`."""
    leg, gap = b - a, a[None, :, :] - start[:, None, :]
    cross = way[:, None, 0] * leg[None, :, 1] - way[:, None, 1] * leg[None, :, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (gap[..., 0] * leg[None, :, 1] - gap[..., 1] * leg[None, :, 0]) / cross
        s = (gap[..., 0] * way[:, None, 1] - gap[..., 1] * way[:, None, 0]) / cross
    met = (np.abs(cross) > 1e-9) & (t > 1e-6) & (t < 1.02) & (s > -1e-6) & (s < 1 + 1e-6)
    return np.asarray(~met.any(axis=1))


def _highway(style: Style, line: int, size: tuple[int, int]) -> str:
    """Return the class of the streets on a line of the lattice."""
    if line >= sum(size):
        return "link"
    return "alley" if style.alley and line < size[0] and line % 2 else style.highway


def _fit(
    points: FloatArray,
    inner: BoolArray,
    pieces: tuple[IntArray, IntArray, IntArray],
    size: tuple[int, int],
    room: shapely.Geometry,
    outline: Walls,
    style: Style,
    rng: np.random.Generator,
) -> Fill | None:
    a, b, line = pieces
    both = np.flatnonzero(inner[a] & inner[b])
    shapely.prepare(room)
    legs = shapely.linestrings(np.stack([points[a[both]], points[b[both]]], axis=1))
    both = both[shapely.covers(room, legs)]
    streets = both[line[both] < sum(size)]
    if not len(streets):
        return None
    met = np.zeros(len(points), dtype=bool)
    met[np.concatenate([a[streets], b[streets]])] = True
    both = both[(line[both] < sum(size)) | (met[a[both]] & met[b[both]])]
    run = _runs(a[both], b[both], line[both])
    street_of = {int(node): int(r) for node, r in zip(a[both], run, strict=True)}
    street_of |= {int(node): int(r) for node, r in zip(b[both], run, strict=True)}
    highway = [
        _highway(style, int(first), size)
        for first in line[both][np.concatenate([[True], run[1:] != run[:-1]])]
    ]
    near, ray = _ends(points, inner, a, b)
    share, edge, metres = outline.hit(points[near], ray)
    wanted = (rng.random(len(near)) < style.attach) & np.isfinite(share) & (edge >= 0)
    reach = np.where(np.isfinite(share), share, 0.0)[:, None] * ray
    built = (points[a[both]], points[b[both]])
    wanted &= _clear(points[near], reach, *built)
    joins = []
    laid = (np.empty((0, 2)), np.empty((0, 2)))
    for at in np.flatnonzero(wanted):
        street = street_of.get(int(near[at]), -1)
        start = points[near[[at]]]
        if street < 0 or highway[street] in ("alley", "link"):
            continue
        if _clear(start, 1.05 * reach[[at]], *laid)[0]:
            joins.append((int(edge[at]), float(metres[at]), int(near[at]), street))
            laid = (np.vstack([laid[0], start]), np.vstack([laid[1], start + reach[[at]]]))
    group, loose = _loose(len(points), a[both], b[both], [join[2] for join in joins])
    drop = np.zeros(len(both), dtype=bool)
    for one in loose:
        members = np.unique(np.concatenate([a[both], b[both]])[np.tile(group[a[both]] == one, 2)])
        node, where, along, foot = outline.nearest(points[members]) if len(members) > 3 else NOWHERE
        way = foot - points[members[node]]
        stem = points[members[[node]]]
        if (
            node < 0
            or not _clear(
                stem, way[None, :], *(np.vstack(p) for p in zip(built, laid, strict=True))
            )[0]
        ):
            drop |= group[a[both]] == one
        else:
            joins.append((where, along, int(members[node]), street_of[int(members[node])]))
    both, run = both[~drop], run[~drop]
    return Fill(points, a[both], b[both], run, highway, joins)

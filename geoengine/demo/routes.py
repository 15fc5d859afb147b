"""Main roads: which ridges between blocks carry traffic from place to place."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from geoengine.demo.blocks import IntArray, Rough
from geoengine.demo.settlements import Place
from geoengine.demo.terrain import RIVER, FloatArray, Terrain

PRIMARY, SECONDARY, TERTIARY = 1, 2, 3
NO_CROSSING_M, NO_CROSSING_SHARE = 1_800.0, 0.155
"""How far from a planted truth nothing is crossed: metres, and at most this share of a tile."""


@dataclass(frozen=True)
class Routes:
    """
    The rank of every ridge among roads.

    Parameters
    ----------
    rank
        1 primary, 2 secondary, 3 tertiary; 0 not a main road, shape (ridges,).
    towards
        The place that the road is named after, -1 for none.
    open
        Whether a road on the ridge may cross the river or railway that the ridge crosses.
    """

    rank: IntArray
    towards: IntArray
    open: NDArray[np.bool_]


def _kept_clear(terrain: Terrain) -> float:
    return min(NO_CROSSING_M, NO_CROSSING_SHARE * terrain.size())


def _river_spots(terrain: Terrain, places: list[Place], at: int) -> list[float]:
    """Return eastings at which a river is bridged."""
    row = sorted({tile.row for tile in terrain.tiles})[at]
    spots = []
    for tile in terrain.tiles:
        if tile.row != row:
            continue
        spots += [tile.at(share, 0)[0] for share in (0.06, 0.19, 0.33)]
        for city in places:
            across, up = (city.x - tile.west) / tile.size, (city.y - tile.south) / tile.size
            if city.kind == "city" and 0 < across < 1 and abs(up - RIVER) < 0.2:
                spots += [city.x + share * city.radius_m() for share in (-0.78, -0.4, 0.0)]
    spots.append(terrain.outer()[0] + 900)
    tide = [float(shapely.bounds(part)[0]) - 260 for part in shapely.get_parts(terrain.estuary)]
    spots = [min([x, *(t for t in tide if abs(x - t) < 4_000)]) for x in spots]
    banned = [place.x for place in places if place.truth == "river"] if at == 0 else []
    return [x for x in spots if all(abs(x - ban) > _kept_clear(terrain) for ban in banned)]


def _rail_spots(terrain: Terrain, places: list[Place], at: int) -> list[tuple[float, float]]:
    """Return points at which a railway is crossed."""
    line = terrain.rails[at]
    along = np.arange(350.0, line.length, 880.0)
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    banned = [place for place in places if place.truth == "railway"]
    return [
        (float(x), float(y))
        for x, y in points
        if all(np.hypot(x - ban.x, y - ban.y) > _kept_clear(terrain) for ban in banned)
    ]


def crossings(mesh: Rough, terrain: Terrain, places: list[Place]) -> NDArray[np.bool_]:
    """Return whether a road on each ridge could cross what the ridge crosses."""
    free = (mesh.over_river < 0) & (mesh.over_rail < 0)
    middle = mesh.middle()
    for at in range(len(terrain.rivers)):
        over = np.flatnonzero((mesh.over_river == at) & (mesh.over_rail < 0) & mesh.dry)
        for x in _river_spots(terrain, places, at) if len(over) else []:
            free[over[np.argmin(np.abs(middle[over, 0] - x))]] = True
    for at in range(len(terrain.rails)):
        over = np.flatnonzero((mesh.over_rail == at) & (mesh.over_river < 0) & mesh.dry)
        for x, y in _rail_spots(terrain, places, at) if len(over) else []:
            gap = np.hypot(middle[over, 0] - x, middle[over, 1] - y)
            free[over[np.argmin(gap)]] = True
    return free


def _near(where: FloatArray, among: list[int], at: int, tree: KDTree) -> list[int]:
    """Return the three places nearest to one, of those in the tree."""
    found = np.atleast_1d(tree.query(where[at], min(4, len(among)))[1])
    return [among[int(one)] for one in found if among[int(one)] != at]


def _links(places: list[Place]) -> list[tuple[int, int, int]]:
    """Return pairs of places to be joined, with the rank of the road between them."""
    where = np.array([(place.x, place.y) for place in places])
    big = [at for at, place in enumerate(places) if place.kind in ("city", "town")]
    cities = [at for at, place in enumerate(places) if place.kind == "city"]
    every = list(range(len(places)))
    among_big, among_cities, among_all = (KDTree(where[of]) for of in (big, cities, every))
    links = []
    for at in big:
        rank = PRIMARY if places[at].people > 9_000 else SECONDARY
        links += [(at, other, rank) for other in _near(where, big, at, among_big)]
    for at in cities:
        links += [(at, other, PRIMARY) for other in _near(where, cities, at, among_cities)]
    for at in sorted(set(every) - set(big)):
        links.append((at, _near(where, big, at, among_big)[0], TERTIARY))
        links += [(at, other, TERTIARY) for other in _near(where, every, at, among_all)]
    return sorted(links, key=lambda link: link[2])


class _Finder:
    """Cheapest ways along ridges; a way once made is cheaper for the next to share."""

    def __init__(self, mesh: Rough, free: NDArray[np.bool_]) -> None:
        usable = np.flatnonzero(free & mesh.dry & mesh.inside[mesh.sides].all(axis=1))
        ends = mesh.ends[usable]
        count = len(mesh.vertex)
        self._vertex = mesh.vertex
        rows, columns = (
            np.concatenate([ends[:, 0], ends[:, 1]]),
            np.concatenate([ends[:, 1], ends[:, 0]]),
        )
        order = np.lexsort((columns, rows))
        cost = np.tile(mesh.length()[usable], 2)[order] + 4.0
        self._ridge = np.tile(usable, 2)[order]
        first = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))])
        self._graph = csr_array((cost, columns[order], first), shape=(count, count))
        self._first, self._column = first, columns[order]
        self.stops = np.unique(ends)
        self.tree = KDTree(mesh.vertex[self.stops])

    def nearest(self, x: float, y: float) -> int:
        """Return the vertex nearest to a point."""
        return int(self.stops[int(self.tree.query([x, y])[1])])

    def path(self, start: int, end: int) -> list[int]:
        """Return the ridges of the cheapest way, empty where there is none nearby."""
        middle = (self._vertex[start] + self._vertex[end]) / 2
        reach = 0.8 * float(np.hypot(*(self._vertex[start] - self._vertex[end]))) + 4_000.0
        near = self.stops[np.sort(self.tree.query_ball_point(middle, reach))]
        part = self._graph[near][:, near]
        local = np.searchsorted(near, [start, end])
        _, before = dijkstra(part, indices=int(local[0]), return_predecessors=True)
        ridges: list[int] = []
        at = int(local[1])
        while at != local[0] and before[at] >= 0:
            previous = int(before[at])
            ends = int(near[previous]), int(near[at])
            slot = self._slot(*ends)
            ridges.append(int(self._ridge[slot]))
            for place in (slot, self._slot(*ends[::-1])):
                self._graph.data[place] = min(self._graph.data[place], self._share[ridges[-1]])
            at = previous
        return ridges if at == local[0] else []

    def discount(self, length: NDArray[np.float64], share: float) -> None:
        """Let ways found from now on be shared at this share of their length."""
        self._share = length * share

    def _slot(self, row: int, column: int) -> int:
        span = slice(self._first[row], self._first[row + 1])
        return int(self._first[row] + np.flatnonzero(self._column[span] == column)[0])


def _ring(place: Place, finder: _Finder, share: float, count: int) -> list[int]:
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    reach = place.radius_m() * share
    spots = [(place.x + reach * np.cos(a), place.y + reach * np.sin(a)) for a in turn]
    stops = [finder.nearest(x, y) for x, y in spots]
    return [
        stop
        for stop, (x, y) in zip(stops, spots, strict=True)
        if np.hypot(*(finder.tree.data[np.searchsorted(finder.stops, stop)] - (x, y))) < 400
    ]


def _round(stops: list[int]) -> Iterator[tuple[int, int]]:
    return zip(stops, stops[1:] + stops[:1], strict=True)


def _town_roads(place: Place, finder: _Finder, centre: int) -> list[tuple[int, list[int]]]:
    """Return a town's ring road and radial roads as (rank, ridges)."""
    made = []
    large, middling = place.people > 60_000, place.people > 15_000
    if large:
        outer = _round(_ring(place, finder, 0.70, 12))
        made += [(PRIMARY, finder.path(a, b)) for a, b in outer]
    if middling:
        inner = _round(_ring(place, finder, 0.2, 7))
        made += [(SECONDARY, finder.path(a, b)) for a, b in inner]
    rank = SECONDARY if middling else TERTIARY
    spokes = _ring(place, finder, 0.95, 11 if large else 6)
    made += [(rank, finder.path(stop, centre)) for stop in spokes]
    return made


class _Ranks:
    """The rank of each ridge so far, and the place that its road is named after."""

    def __init__(self, ridges: int) -> None:
        self.rank = np.zeros(ridges, dtype=np.int64)
        self.towards = np.full(ridges, -1, dtype=np.int64)

    def mark(self, ridges: list[int], level: int, place: int) -> None:
        """Make ridges part of a road of this rank, unless they are part of a greater one."""
        for ridge in ridges:
            if self.rank[ridge] == 0 or level < self.rank[ridge]:
                self.rank[ridge] = level
            if self.towards[ridge] < 0:
                self.towards[ridge] = place


def _abroad(terrain: Terrain, city: Place) -> list[tuple[float, float]]:
    """Return where a city's roads leave the map."""
    west, south, _, north = terrain.outer()
    return [(west, city.y), (city.x - 5_000, south), (city.x - 3_000, north)]


def _open(
    mesh: Rough, free: NDArray[np.bool_], rank: IntArray, places: list[Place], clear_m: float
) -> NDArray[np.bool_]:
    """Return which ridges carry a road over water or rails, none near where truths forbid it."""
    crosses = (mesh.over_river >= 0) | (mesh.over_rail >= 0)
    middle = mesh.middle()
    away = np.ones(len(rank), dtype=bool)
    for place in places:
        if place.truth in ("river", "railway"):
            gap = np.hypot(middle[:, 0] - place.x, middle[:, 1] - place.y)
            away &= gap > clear_m
    return np.asarray((free & crosses) | ((rank > 0) & away))


def find(mesh: Rough, terrain: Terrain, places: list[Place]) -> Routes:
    """Return the main roads that join the places, and where rivers and railways are crossed."""
    free = crossings(mesh, terrain, places)
    ranks = _Ranks(len(mesh.ends))
    finder = _Finder(mesh, free)
    finder.discount(mesh.length(), 0.62)
    stop = [finder.nearest(place.x, place.y) for place in places]
    joins = _links(places)
    for a, b, level in joins:
        if level < TERTIARY:
            named = b if places[b].kind != "city" else a
            ranks.mark(finder.path(stop[a], stop[b]), level, named)
    for at, place in enumerate(places):
        if place.kind == "city":
            for x, y in _abroad(terrain, place):
                ranks.mark(finder.path(stop[at], finder.nearest(x, y)), PRIMARY, at)
        if place.kind in ("city", "town"):
            for level, ridges in _town_roads(place, finder, stop[at]):
                ranks.mark(ridges, level, -1)
    for a, b, level in joins:
        if level == TERTIARY:
            ranks.mark(finder.path(stop[a], stop[b]), level, b)
    return Routes(
        ranks.rank, ranks.towards, _open(mesh, free, ranks.rank, places, _kept_clear(terrain))
    )

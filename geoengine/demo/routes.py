"""Main roads: which ridges between blocks carry traffic from place to place."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from geoengine.demo.blocks import IntArray, Rough
from geoengine.demo.settlements import Place
from geoengine.demo.terrain import Terrain

PRIMARY, SECONDARY, TERTIARY = 1, 2, 3
NO_CROSSING_M = 1_800.0


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


def radius_m(place: Place) -> float:
    """Return about how far a settlement reaches, in metres."""
    return float(np.sqrt(place.people / 3_100 / np.pi) * 1_000)


def _river_spots(terrain: Terrain, places: list[Place], at: int) -> list[float]:
    """Return eastings at which a river is bridged."""
    row = sorted({tile.row for tile in terrain.tiles})[at]
    spots = []
    for tile in terrain.tiles:
        if tile.row != row:
            continue
        spots += [tile.at(share, 0)[0] for share in (0.06, 0.19, 0.33)]
        for city in places:
            if city.kind == "city" and tile.west < city.x < tile.west + tile.size:
                if abs(city.y - tile.at(0, 0.47)[1]) < 0.2 * tile.size:
                    spots += [city.x + share * radius_m(city) for share in (-0.78, -0.4, 0.0)]
    spots.append(terrain.outer()[0] + 900)
    tide = [float(shapely.bounds(part)[0]) - 260 for part in shapely.get_parts(terrain.estuary)]
    spots = [min([x, *(t for t in tide if abs(x - t) < 4_000)]) for x in spots]
    banned = [place.x for place in places if place.truth == "river"] if at == 0 else []
    return [x for x in spots if all(abs(x - ban) > NO_CROSSING_M for ban in banned)]


def _rail_spots(terrain: Terrain, places: list[Place], at: int) -> list[tuple[float, float]]:
    """Return points at which a railway is crossed."""
    line = terrain.rails[at]
    along = np.arange(350.0, line.length, 880.0)
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    banned = [place for place in places if place.truth == "railway"]
    return [
        (float(x), float(y))
        for x, y in points
        if all(np.hypot(x - ban.x, y - ban.y) > NO_CROSSING_M for ban in banned)
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


def _links(places: list[Place], terrain: Terrain) -> list[tuple[int, int, int]]:
    """Return pairs of places to be joined, with the rank of the road between them."""
    where = np.array([(place.x, place.y) for place in places])
    big = [at for at, place in enumerate(places) if place.kind in ("city", "town")]
    cities = [at for at, place in enumerate(places) if place.kind == "city"]
    links = []
    if len(big) > 1:
        near = KDTree(where[big])
        for at in big:
            for other in np.atleast_1d(near.query(where[at], min(4, len(big)))[1])[1:]:
                links.append((at, big[int(other)], PRIMARY if places[at].people > 9_000 else SECONDARY))
    if len(cities) > 1:
        near = KDTree(where[cities])
        for at in cities:
            for other in np.atleast_1d(near.query(where[at], min(4, len(cities)))[1])[1:]:
                links.append((at, cities[int(other)], PRIMARY))
    towns, every = KDTree(where[big]), KDTree(where)
    for at in range(len(places)):
        if at in set(big):
            continue
        links.append((at, big[int(towns.query(where[at])[1])], TERTIARY))
        for other in np.atleast_1d(every.query(where[at], min(4, len(places)))[1])[1:]:
            links.append((at, int(other), TERTIARY))
    return sorted(links, key=lambda link: link[2])


class _Finder:
    """Cheapest ways along ridges; a way once made is cheaper for the next to share."""

    def __init__(self, mesh: Rough, free: NDArray[np.bool_]) -> None:
        usable = np.flatnonzero(free & mesh.dry & mesh.inside[mesh.sides].all(axis=1))
        ends = mesh.ends[usable]
        count = len(mesh.vertex)
        rows, columns = np.concatenate([ends[:, 0], ends[:, 1]]), np.concatenate([ends[:, 1], ends[:, 0]])
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

    def path(self, start: int, end: int, limit_m: float) -> list[int]:
        """Return the ridges of the cheapest way, empty where there is none."""
        _, before = dijkstra(
            self._graph, indices=start, return_predecessors=True, limit=limit_m
        )
        ridges = []
        while end != start and before[end] >= 0:
            previous = int(before[end])
            slot = self._slot(previous, end)
            ridges.append(int(self._ridge[slot]))
            for place in (slot, self._slot(end, previous)):
                self._graph.data[place] = min(self._graph.data[place], self._share[ridges[-1]])
            end = previous
        return ridges if end == start else []

    def discount(self, length: NDArray[np.float64], share: float) -> None:
        """Let ways found from now on be shared at this share of their length."""
        self._share = length * share

    def _slot(self, row: int, column: int) -> int:
        span = slice(self._first[row], self._first[row + 1])
        return int(self._first[row] + np.flatnonzero(self._column[span] == column)[0])


def _ring(place: Place, finder: _Finder, share: float, count: int) -> list[int]:
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    reach = radius_m(place) * share
    spots = [(place.x + reach * np.cos(a), place.y + reach * np.sin(a)) for a in turn]
    stops = [finder.nearest(x, y) for x, y in spots]
    return [
        stop
        for stop, (x, y) in zip(stops, spots, strict=True)
        if np.hypot(*(finder.tree.data[np.searchsorted(finder.stops, stop)] - (x, y))) < 400
    ]


def _town_roads(
    place: Place, finder: _Finder, centre: int
) -> list[tuple[int, list[int]]]:
    """Return a town's ring road and radial roads as (rank, ridges)."""
    made = []
    limit = 6 * radius_m(place)
    if place.people > 60_000:
        ring = _ring(place, finder, 0.70, 12)
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            made.append((PRIMARY, finder.path(a, b, limit)))
    if place.people > 15_000:
        inner = _ring(place, finder, 0.2, 7)
        for a, b in zip(inner, inner[1:] + inner[:1], strict=True):
            made.append((SECONDARY, finder.path(a, b, limit)))
    spokes = _ring(place, finder, 0.95, 11 if place.people > 60_000 else 6)
    for stop in spokes:
        made.append((SECONDARY if place.people > 15_000 else TERTIARY, finder.path(stop, centre, limit)))
    return made


def find(mesh: Rough, terrain: Terrain, places: list[Place]) -> Routes:
    """Return the main roads that join the places, and where rivers and railways are crossed."""
    free = crossings(mesh, terrain, places)
    rank = np.zeros(len(mesh.ends), dtype=np.int64)
    towards = np.full(len(mesh.ends), -1, dtype=np.int64)
    finder = _Finder(mesh, free)
    finder.discount(mesh.length(), 0.62)
    stop = [finder.nearest(place.x, place.y) for place in places]

    def mark(ridges: list[int], level: int, place: int) -> None:
        for ridge in ridges:
            if rank[ridge] == 0 or level < rank[ridge]:
                rank[ridge] = level
            if towards[ridge] < 0:
                towards[ridge] = place

    joins = _links(places, terrain)
    for a, b, level in joins:
        if level < TERTIARY:
            mark(finder.path(stop[a], stop[b], 120_000), level, b if places[b].kind != "city" else a)
    west, south, _, north = terrain.outer()
    for at, place in enumerate(places):
        if place.kind == "city":
            for x, y in ((west, place.y), (place.x - 5_000, south), (place.x - 3_000, north)):
                mark(finder.path(finder.nearest(x, y), stop[at], 60_000), PRIMARY, at)
        if place.kind in ("city", "town"):
            for level, ridges in _town_roads(place, finder, stop[at]):
                mark(ridges, level, -1)
    for a, b, level in joins:
        if level == TERTIARY:
            mark(finder.path(stop[a], stop[b], 40_000), level, b)
    crosses = (mesh.over_river >= 0) | (mesh.over_rail >= 0)
    middle = mesh.middle()
    away = np.ones(len(rank), dtype=bool)
    for place in places:
        if place.truth in ("river", "railway"):
            gap = np.hypot(middle[:, 0] - place.x, middle[:, 1] - place.y)
            away &= gap > NO_CROSSING_M
    return Routes(rank, towards, (free & crosses) | ((rank > 0) & away))

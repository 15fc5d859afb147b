"""Statistical areas: output areas nested in LSOAs nested in wards nested in authorities."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geoengine.demo.blocks import RIDGE, Blocks
from geoengine.demo.settlements import Place, Seeds
from geoengine.demo.sheet import IntArray
from geoengine.demo.terrain import FloatArray, Terrain

AUTHORITIES = (("E06000991", "Saltmarsh"), ("E06000992", "Ferrowby"))
PER_LSOA, PER_WARD = 1_500, 7_600
FIRST_CODE = 900_001
GENERALISED_M = 9.0
ENDS = ("", "North", "South", "East", "West", "Central", "Rural")


@dataclass(frozen=True)
class Areas:
    """
    The statistical areas.

    `small_of_block` is -1 for land off the map; the others give the next larger area that each
    area lies in. Codes and names stand in the same order as the shapes, which share their edges
    exactly and are in metres.
    """

    small_of_block: IntArray
    area_of_small: IntArray
    ward_of_area: IntArray
    authority_of_ward: IntArray
    small_code: list[str]
    area_code: list[str]
    area_name: list[str]
    ward_code: list[str]
    ward_name: list[str]
    small_shape: NDArray[np.object_]
    area_shape: NDArray[np.object_]
    ward_shape: NDArray[np.object_]
    authority_shape: NDArray[np.object_]
    truth_of_area: dict[int, str]
    place_of_area: IntArray


def _authority(seeds: Seeds, terrain: Terrain) -> IntArray:
    west, south, _, north = terrain.frame
    home = (seeds.x > west) & (seeds.y > south) & (seeds.y < north)
    return np.where(home, 0, 1).astype(np.int64)


def _spread(
    lived: NDArray[np.bool_],
    kept: NDArray[np.bool_],
    authority: IntArray,
    blocks: Blocks,
    seeds: Seeds,
) -> IntArray:
    """Return for each kept block the lived-in block that it goes with, by way of its neighbours."""
    owner = np.full(len(lived), -1, dtype=np.int64)
    sources = np.flatnonzero(lived)
    points = np.column_stack([seeds.x, seeds.y])
    for strict in (True, False):
        fine = (blocks.left >= 0) & (blocks.right >= 0) & (blocks.left != blocks.right)
        fine &= authority[blocks.left] == authority[blocks.right]
        fine &= (blocks.kind == RIDGE) | (not strict)
        a, b = blocks.left[fine], blocks.right[fine]
        gap = np.hypot(*(points[a] - points[b]).T) + 50.0
        key = np.unique(np.minimum(a, b) * len(lived) + np.maximum(a, b), return_index=True)[1]
        graph = coo_array((gap[key], (a[key], b[key])), shape=(len(lived), len(lived))).tocsr()
        _, _, nearest = dijkstra(
            graph, directed=False, indices=sources, return_predecessors=True, min_only=True
        )
        owner = np.where((owner < 0) & kept & (nearest >= 0), nearest, owner)
    for lost in np.flatnonzero(kept & (owner < 0)):
        mine = sources[authority[sources] == authority[lost]]
        owner[lost] = mine[np.argmin(np.hypot(*(points[mine] - points[lost]).T))]
    return owner


def _halve(points: FloatArray, weight: FloatArray, groups: int) -> IntArray:
    """Return a group for each point: compact groups of about equal weight."""
    label = np.zeros(len(points), dtype=np.int64)
    if groups <= 1 or len(points) < 2:
        return label
    few = groups // 2
    middle = points - np.average(points, axis=0, weights=weight)
    spread = (middle * weight[:, None]).T @ middle
    axis = np.linalg.eigh(spread)[1][:, 1]
    axis = axis * np.sign(axis[0] + 0.37 * axis[1])
    order = np.argsort(middle @ axis, kind="stable")
    share = np.cumsum(weight[order]) - weight[order] / 2
    cut = int(np.searchsorted(share, weight.sum() * few / groups))
    cut = min(max(cut, min(few, len(points) - 1)), len(points) - 1)
    low, high = order[:cut], order[cut:]
    label[low] = _halve(points[low], weight[low], few)
    label[high] = few + _halve(points[high], weight[high], groups - few)
    return label


def _group(zone: IntArray, points: FloatArray, weight: FloatArray, size: float) -> IntArray:
    """Return compact groups of about `size` people that do not straddle zones."""
    label = np.zeros(len(zone), dtype=np.int64)
    first = 0
    for one in np.unique(zone):
        mine = np.flatnonzero(zone == one)
        groups = max(1, round(float(weight[mine].sum()) / size))
        label[mine] = first + _halve(points[mine], weight[mine], min(groups, len(mine)))
        first = int(label[mine].max()) + 1
    return label


def _side(points: FloatArray, lines: tuple[shapely.LineString, ...]) -> IntArray:
    """Return on which side of the nearest of the lines each point lies."""
    side = np.zeros(len(points), dtype=np.int64)
    nearest = np.full(len(points), np.inf)
    spots = shapely.points(points)
    for line in lines:
        gap = shapely.distance(line, spots)
        s = shapely.line_locate_point(line, spots)
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, s + 5))
        behind = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(s - 5, 0)))
        leg, reach = ahead - behind, points - behind
        left = (leg[:, 0] * reach[:, 1] - leg[:, 1] * reach[:, 0]) > 0
        side = np.where(gap < nearest, left, side)
        nearest = np.minimum(gap, nearest)
    return side.astype(np.int64)


def _zones(
    core: IntArray, seeds: Seeds, places: list[Place], terrain: Terrain, authority: IntArray
) -> IntArray:
    """Return the zone of each output area: its town and side of the river and railway."""
    points = np.column_stack([seeds.x[core], seeds.y[core]])
    place = seeds.place[core]
    large = np.array([p.kind in ("city", "town") and p.people > 4_000 for p in places])
    planted = np.array([bool(p.truth) for p in places])
    sides = 2 * _side(points, terrain.rivers) + _side(points, terrain.rails)
    town = np.where(large[place], 10 + 4 * place + sides, 0)
    zone = np.where(planted[place], 10 + 4 * len(places) + place, town)
    zone = zone * 2 + authority[core]
    people = seeds.people[core]
    for one in np.unique(zone):
        mine = zone == one
        if people[mine].sum() < 0.62 * PER_LSOA and one >= 20 and not planted[place[mine]].any():
            others = large[place] & (place == place[mine][0]) & ~mine & (authority[core] == one % 2)
            gap = np.hypot(*(points - points[mine].mean(axis=0)).T)
            gap[~others] = np.inf
            zone[mine] = zone[int(np.argmin(gap))] if others.any() else one % 2
    return zone


def _union(shapes: NDArray[np.object_], group: IntArray, count: int) -> NDArray[np.object_]:
    out = np.empty(count, dtype=object)
    order = np.argsort(group, kind="stable")
    order = order[group[order] >= 0]
    for mine in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        out[group[mine[0]]] = shapely.normalize(shapely.coverage_union_all(shapes[mine]))
    return out


def _renumber(group: IntArray, *keys: FloatArray) -> IntArray:
    """Return the groups numbered in the order of their members' mean keys."""
    count = int(group.max()) + 1
    size = np.bincount(group, minlength=count)
    means = [np.bincount(group, weights=key, minlength=count) / size for key in keys]
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort(means[::-1])] = np.arange(count)
    return rank[group]


def _city_names(middle: FloatArray, city: Place, docks: FloatArray, spare: list[str]) -> list[str]:
    """Return names for a city's wards, those that tell of a place where that place is."""
    from_dock = np.hypot(*(middle - docks).T)
    from_core = np.hypot(*(middle - (city.x, city.y)).T)
    wanted = (
        ("Docklands", from_dock), ("Castle Ward", from_core), ("Oldport", from_dock),
        ("Northgate", -middle[:, 1]), ("Westholme", middle[:, 0]), ("Southmarsh", middle[:, 1]),
    )  # fmt: skip
    names = [""] * len(middle)
    for name, gap in wanted:
        free = [at for at in range(len(names)) if not names[at]]
        if free:
            names[free[int(np.argmin(gap[free]))]] = name
    rest = iter(spare)
    return [name or next(rest, f"{city.name} {at + 1}") for at, name in enumerate(names)]


def _ward_names(
    ward_of_area: IntArray,
    place_of_area: IntArray,
    places: list[Place],
    middle: FloatArray,
    docks: FloatArray,
    spare: list[str],
) -> list[str]:
    wards = range(int(ward_of_area.max()) + 1)
    town = [int(np.bincount(place_of_area[ward_of_area == ward]).argmax()) for ward in wards]
    names = [places[at].name for at in town]
    for at in sorted(set(town)):
        mine = [ward for ward in wards if town[ward] == at]
        if places[at].kind == "city":
            dock = docks[np.argmin(np.hypot(*(docks - (places[at].x, places[at].y)).T))]
            told = _city_names(
                middle[mine],
                places[at],
                dock,
                spare if at == min(k for k in set(town) if places[k].kind == "city") else [],
            )
        else:
            told = [f"{places[at].name} {end}".strip() for end in ENDS][: len(mine)]
            told += [f"{places[at].name} {k + 1}" for k in range(len(told), len(mine))]
        for ward, name in zip(mine, told, strict=True):
            names[ward] = name
    return names


def draw(
    seeds: Seeds,
    people: IntArray,
    blocks: Blocks,
    places: list[Place],
    terrain: Terrain,
    suburbs: list[str],
    docks: FloatArray,
) -> Areas:
    """
    Return the statistical areas.

    Parameters
    ----------
    people
        People of each block who really have a street to live on, shape (blocks,).
    suburbs
        Names for the wards of cities.
    docks
        Where railways end at the sea, shape (docks, 2).
    """
    kept = np.array([shape is not None for shape in blocks.shape])
    lived = kept & (people > 0)
    authority = _authority(seeds, terrain)
    owner = _spread(lived, kept, authority, blocks, seeds)
    core = np.flatnonzero(lived)
    points = np.column_stack([seeds.x[core], seeds.y[core]])
    weight: FloatArray = np.asarray(people[core], dtype=np.float64)
    zone = _zones(core, seeds, places, terrain, authority)
    area = _group(zone, points, weight, PER_LSOA)
    planted = {
        int(area[at]): places[int(seeds.place[block])].truth
        for at, block in enumerate(core)
        if places[int(seeds.place[block])].truth
    }
    middle = np.column_stack(
        [
            np.bincount(area, weights=weight * points[:, axis]) / np.bincount(area, weights=weight)
            for axis in (0, 1)
        ]
    )
    folk: FloatArray = np.bincount(area, weights=weight).astype(np.float64)
    first = core[np.unique(area, return_index=True)[1]]
    cities = np.array([p.kind == "city" for p in places])[seeds.place[first]]
    ward_zone = authority[first] * 2 + cities
    ward = _renumber(
        _group(ward_zone, middle, folk, PER_WARD),
        authority[first].astype(np.float64),
        1.0 - cities,
        middle[:, 1],
    )
    order = np.lexsort((middle[:, 0], -middle[:, 1], ward))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    small_order = np.lexsort((points[:, 0], -points[:, 1], rank[area]))
    small_rank = np.empty(len(core), dtype=np.int64)
    small_rank[small_order] = np.arange(len(core))
    number = np.full(len(people), -1, dtype=np.int64)
    number[core] = small_rank
    small_of_block = np.where(owner >= 0, number[np.maximum(owner, 0)], -1)
    place_of_area = seeds.place[first][order]
    truth = {int(rank[one]): word for one, word in planted.items()}
    return _finish(
        blocks,
        small_of_block,
        rank[area][small_order],
        ward[order],
        authority[first][order],
        place_of_area,
        truth,
        _ward_names(
            ward[order], place_of_area, places, _middles(ward, middle, folk), docks, suburbs
        ),
    )


def _middles(group: IntArray, points: FloatArray, weight: FloatArray) -> FloatArray:
    """Return the weighted middle of each group of points, shape (groups, 2)."""
    total = np.bincount(group, weights=weight)
    columns = [np.bincount(group, weights=weight * points[:, k]) / total for k in (0, 1)]
    return np.column_stack(columns)


def _finish(
    blocks: Blocks,
    small_of_block: IntArray,
    area_of_small: IntArray,
    ward_of_area: IntArray,
    authority_of_area: IntArray,
    place_of_area: IntArray,
    truth: dict[int, str],
    ward_names: list[str],
) -> Areas:
    smalls, areas = len(area_of_small), len(ward_of_area)
    wards = int(ward_of_area.max()) + 1
    authority_of_ward = np.zeros(wards, dtype=np.int64)
    authority_of_ward[ward_of_area] = authority_of_area
    small_shape = _union(blocks.shape, small_of_block, smalls)
    small_shape = shapely.normalize(shapely.coverage_simplify(small_shape, GENERALISED_M))
    area_shape = _union(small_shape, area_of_small, areas)
    ward_shape = _union(area_shape, ward_of_area, wards)
    authority_shape = _union(ward_shape, authority_of_ward, int(authority_of_ward.max()) + 1)
    within = np.arange(areas) - np.searchsorted(ward_of_area, ward_of_area)
    start = np.array([int(np.flatnonzero(authority_of_ward == a)[0]) for a in authority_of_ward])
    names = [
        f"{AUTHORITIES[int(a)][1]} {int(w - start[w] + 1):03d}{chr(65 + int(k))}"
        for a, w, k in zip(authority_of_area, ward_of_area, within, strict=True)
    ]
    return Areas(
        small_of_block,
        area_of_small,
        ward_of_area,
        authority_of_ward,
        [f"E00{FIRST_CODE + k}" for k in range(smalls)],
        [f"E01{FIRST_CODE + k}" for k in range(areas)],
        names,
        [f"E05{FIRST_CODE + k}" for k in range(wards)],
        ward_names,
        small_shape,
        area_shape,
        ward_shape,
        authority_shape,
        truth,
        place_of_area,
    )

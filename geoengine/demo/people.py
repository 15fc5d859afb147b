"""Who lives where: homes along streets, postcodes, ages and deprivation."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geoengine.demo.areas import Areas
from geoengine.demo.roads import Draft
from geoengine.demo.settlements import Place, Seeds
from geoengine.demo.sheet import IntArray
from geoengine.demo.terrain import FloatArray

HOMES = frozenset(
    {
        "residential",
        "living_street",
        "pedestrian",
        "tertiary",
        "secondary",
        "primary",
        "unclassified",
    }
)
PER_HOME, HOMES_PER_POSTCODE = 2.35, 15
NATION = 33_755
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
UNDER_FIVE = {
    "core": 0.036,
    "terrace": 0.068,
    "semi": 0.056,
    "estate": 0.086,
    "modern": 0.089,
    "village": 0.047,
}
OVER_65 = {
    "core": 0.12,
    "terrace": 0.14,
    "semi": 0.23,
    "estate": 0.16,
    "modern": 0.14,
    "village": 0.28,
}
STRAIN = {
    "core": 0.75,
    "terrace": 1.0,
    "semi": -0.35,
    "estate": 1.05,
    "modern": -1.0,
    "village": -0.8,
}
PLANTED = {"river": 2.3, "railway": 2.6, "closed": 2.2, "border": 2.4, "far": -1.9, "near": 2.3}


@dataclass(frozen=True)
class Frontage:
    """
    Stretches of street that homes stand along, sorted by block.

    `a`, `b` are the ends in metres, `block` the block they belong to, `metres` their length as
    far as the block's homes are concerned, and `side` +1 or -1 where homes stand on the left or
    right only, 0 for both.
    """

    a: FloatArray
    b: FloatArray
    block: IntArray
    metres: FloatArray
    side: IntArray


@dataclass(frozen=True)
class Postcodes:
    """Live residential postcodes: where they are, and the block and output area they lie in."""

    name: list[str]
    x: FloatArray
    y: FloatArray
    block: IntArray
    small: IntArray
    homes: FloatArray


def frontage(draft: Draft) -> Frontage:
    """Return every stretch of street that homes can stand along."""
    sheet, blocks = draft.sheet, draft.blocks
    points = sheet.points()
    first, last, way = sheet.legs()
    lived = np.array(
        [tags.get("highway") in HOMES and "junction" not in tags for tags in sheet.tags]
    )
    block = np.array(sheet.block, dtype=np.int64)
    edge = np.array(sheet.edge, dtype=np.int64)
    inside = lived[way] & (block[way] >= 0)
    along = lived[way] & (block[way] == -2)
    number = edge[way[along]]
    legs = [
        (first[inside], last[inside], block[way[inside]], 1.0, 0),
        (first[along], last[along], blocks.left[number], 0.4, 1),
        (first[along], last[along], blocks.right[number], 0.4, -1),
    ]
    start = np.concatenate([leg[0] for leg in legs])
    end = np.concatenate([leg[1] for leg in legs])
    of = np.concatenate([leg[2] for leg in legs])
    share = np.concatenate([np.full(len(leg[0]), leg[3]) for leg in legs])
    side = np.concatenate([np.full(len(leg[0]), leg[4], dtype=np.int64) for leg in legs])
    metres = np.hypot(*(points[start] - points[end]).T) * share
    fine = (of >= 0) & (metres > 0.5)
    order = np.flatnonzero(fine)[np.argsort(of[fine], kind="stable")]
    return Frontage(points[start[order]], points[end[order]], of[order], metres[order], side[order])


def settled(seeds: Seeds, homes: Frontage, blocks: int) -> IntArray:
    """Return the people of each block, 0 where it has too little street to live on."""
    street = np.bincount(homes.block, weights=homes.metres, minlength=blocks)
    return np.where(street > 110, seeds.people, 0).astype(np.int64)


def _spots(
    homes: Frontage, block: IntArray, share: FloatArray, flip: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return the points this share of the way along their block's streets, 9 m from the kerb."""
    ends = np.cumsum(homes.metres)
    low = np.searchsorted(homes.block, block)
    high = np.searchsorted(homes.block, block, side="right") - 1
    floor = ends[low] - homes.metres[low]
    target = floor + share * (ends[high] - floor)
    leg = np.clip(np.searchsorted(ends, target), low, high)
    part = (target - (ends[leg] - homes.metres[leg])) / homes.metres[leg]
    a, b = homes.a[leg], homes.b[leg]
    along = (b - a) / np.maximum(np.hypot(*(b - a).T), 1e-6)[:, None]
    side = np.where(homes.side[leg] != 0, homes.side[leg], flip)[:, None]
    spot = a + part[:, None] * (b - a) + 9.0 * side * np.column_stack([-along[:, 1], along[:, 0]])
    return np.round(spot[:, 0]), np.round(spot[:, 1])


def postcodes(homes: Frontage, people: IntArray, areas: Areas) -> Postcodes:
    """Return the postcodes of all homes, about fifteen homes to each."""
    lived = np.flatnonzero(people > 0)
    count = np.ceil(people[lived] / PER_HOME / HOMES_PER_POSTCODE).astype(np.int64)
    block = np.repeat(lived, count)
    turn = np.arange(len(block)) - np.repeat(np.cumsum(count) - count, count)
    share = (turn + 0.5) / np.repeat(count, count)
    x, y = _spots(homes, block, share, np.where(turn % 2, 1, -1))
    small = areas.small_of_block[block]
    x, y = _indoors(x, y, areas.small_shape[small])
    order = np.lexsort((turn, block, small))
    area = areas.area_of_small[small[order]]
    district = _districts(areas)[area]
    names = _codes(district)
    return Postcodes(
        names,
        x[order],
        y[order],
        block[order],
        small[order],
        np.repeat(people[lived] / PER_HOME / count, count)[order],
    )


def _indoors(
    x: FloatArray, y: FloatArray, shapes: NDArray[np.object_]
) -> tuple[FloatArray, FloatArray]:
    """Return the points, those that fell outside their area moved just inside it."""
    points = shapely.points(x, y)
    out = np.flatnonzero(~shapely.contains_properly(shapes, points))
    inner = shapely.buffer(shapes[out], -4.0)
    inner = np.where(shapely.is_empty(inner), shapes[out], inner)
    nearest = shapely.get_coordinates(shapely.shortest_line(inner, points[out]))[::2]
    x, y = x.copy(), y.copy()
    x[out], y[out] = np.round(nearest[:, 0]), np.round(nearest[:, 1])
    return x, y


def _districts(areas: Areas) -> IntArray:
    """Return the postcode district of each area: one or more for every ward."""
    return np.asarray(areas.ward_of_area + 1, dtype=np.int64)


def _codes(district: IntArray) -> list[str]:
    """Return a postcode for each place in the order given: area XW, then sector and unit."""
    taken: dict[int, int] = {}
    names = []
    for one in district.tolist():
        turn = taken.get(one, 0)
        taken[one] = turn + 1
        spread = turn * 7 % 400 + turn // 400 * 400
        sector, unit = spread // 400 + turn % 3 * 3, spread % 400
        inward = f"{sector % 9 + 1}{UNIT_LETTERS[unit // 20]}{UNIT_LETTERS[unit % 20]}"
        letters = "XW" if one < 90 else f"X{UNIT_LETTERS[(one // 90) % 20]}"
        names.append(f"{letters}{one % 90 + (one >= 90)} {inward}")
    return names


def _shares(seeds: Seeds, people: IntArray, areas: Areas, table: dict[str, float]) -> FloatArray:
    """Return the table's value for each area, averaged over its people."""
    value = np.array([table.get(str(style), 0.0) for style in seeds.style])
    lived = np.flatnonzero((people > 0) & (areas.small_of_block >= 0))
    area = areas.area_of_small[areas.small_of_block[lived]]
    total = np.bincount(area, weights=people[lived], minlength=len(areas.area_code))
    return np.bincount(area, weights=people[lived] * value[lived], minlength=len(total)) / total


def ages(
    seeds: Seeds, people: IntArray, areas: Areas, places: list[Place], rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Return females and males by single year of age (90 means 90 and over), (areas, 91)."""
    lived = np.flatnonzero((people > 0) & (areas.small_of_block >= 0))
    area = areas.area_of_small[areas.small_of_block[lived]]
    total = np.bincount(area, weights=people[lived], minlength=len(areas.area_code))
    young = _shares(seeds, people, areas, UNDER_FIVE)
    old = _shares(seeds, people, areas, OVER_65)
    by_sea = np.array([places[p].name.endswith("on-Sea") for p in areas.place_of_area])
    young = young * np.where(by_sea, 0.66, 1.0) * rng.uniform(0.85, 1.15, len(young))
    old = old * np.where(by_sea, 1.55, 1.0) * rng.uniform(0.85, 1.15, len(old))
    age = np.arange(91)
    shape = np.zeros((len(young), 91))
    shape[:, :5] = young[:, None] / 5
    decay = np.exp(-(((age[65:] - 65) / 16.0) ** 2))
    decay[-1] *= 2.6
    shape[:, 65:] = old[:, None] * decay / decay.sum()
    middle = 1 + 0.25 * np.sin((age[5:65] - 18) / 9.0)
    shape[:, 5:65] = (1 - young - old)[:, None] * middle / middle.sum()
    expected = shape * total[:, None]
    both = np.floor(expected + rng.random(expected.shape)).astype(np.int64)
    share = 0.488 + 0.0022 * np.maximum(age - 50, 0)
    female = np.floor(both * share + rng.random(both.shape)).astype(np.int64)
    return np.minimum(female, both), np.maximum(both - female, 0)


def hardships(places: list[Place]) -> FloatArray:
    """Return the middle of the hard-up quarter of every large city, shape (cities, 2)."""
    spots = [
        (city.x - 0.62 * city.radius_m(), city.y - 0.42 * city.radius_m())
        for city in places
        if city.kind == "city" and city.people > 40_000
    ]
    return np.array(spots, dtype=np.float64).reshape(-1, 2)


def strain(
    seeds: Seeds,
    people: IntArray,
    areas: Areas,
    docks: FloatArray,
    hard_up: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """Return how deprived each area is before ranking: higher is worse, about normal."""
    lived = np.flatnonzero((people > 0) & (areas.small_of_block >= 0))
    area = areas.area_of_small[areas.small_of_block[lived]]
    total = np.bincount(area, weights=people[lived], minlength=len(areas.area_code))
    x = np.bincount(area, weights=people[lived] * seeds.x[lived], minlength=len(total)) / total
    y = np.bincount(area, weights=people[lived] * seeds.y[lived], minlength=len(total)) / total
    gap = np.min(np.hypot(x[:, None] - docks[:, 0], y[:, None] - docks[:, 1]), axis=1)
    level = _shares(seeds, people, areas, STRAIN) + 1.3 * np.exp(-gap / 1_500)
    for spot in hard_up:
        level += 2.4 * np.exp(-(((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / 900.0**2))
    level += rng.normal(0, 0.55, len(level))
    for one, truth in sorted(areas.truth_of_area.items()):
        level[one] = PLANTED[truth]
    return np.asarray(level)


def ranks(level: FloatArray, rng: np.random.Generator, lean: float = 0.0) -> IntArray:
    """Return different national ranks, 1 the most deprived, for levels of deprivation."""
    order = np.argsort(-level, kind="stable")
    share = 1 / (1 + np.exp(1.25 * (level - lean)))
    rank = np.clip(np.round(share * NATION + rng.uniform(-90, 90, len(level))), 1, NATION)
    rank = rank.astype(np.int64)
    last = 0
    for at in order:
        rank[at] = max(int(rank[at]), last + 1)
        last = int(rank[at])
    over = max(0, last - NATION)
    return np.asarray(np.maximum(rank - over, 1) if over and len(level) < NATION else rank)


def deciles(rank: IntArray) -> IntArray:
    """Return the national decile of ranks, 1 the most deprived."""
    return np.asarray(-(-10 * rank // NATION), dtype=np.int64)

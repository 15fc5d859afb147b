"""Where people live: the city, towns, villages and estates, and the seeds of their blocks."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geoengine.demo import names
from geoengine.demo.terrain import FloatArray, Noise, Terrain, Tile

PEOPLE = 250_000
PER_SMALL_AREA = 300
PLANTED = 1_500
GOLDEN = np.pi * (3 - 5**0.5)
TEXTURE = {"city": 1.0, "town": 0.8, "village": 0.0, "estate": 0.0, "far": 0.0}
ROOM = {"city": 0.038, "town": 0.055, "village": 0.072, "estate": 0.047, "far": 0.085}
"""Square kilometres of a settlement's innermost small area."""


@dataclass(frozen=True)
class Place:
    """
    A settlement.

    Parameters
    ----------
    kind
        `city`, `town`, `village`, `estate` (planted, deprived) or `far` (planted, well off).
    truth
        The planted truth that it carries; empty for none.
    across
        Where the service stands that a planted truth turns on; `None` for none.
    """

    name: str
    kind: str
    x: float
    y: float
    people: int
    truth: str = ""
    across: tuple[float, float] | None = None

    def radius_m(self) -> float:
        """Return about how far it reaches, in metres."""
        return float(np.sqrt(self.people / 3_100 / np.pi) * 1_000)


@dataclass(frozen=True)
class Seeds:
    """
    The seed of every block of streets or fields, in arrays of shape (blocks,).

    `place` is the position of the settlement, -1 in the fields; `depth` runs from 0 at its
    middle to 1 at its edge; `people` is 0 where nobody lives.
    """

    x: FloatArray
    y: FloatArray
    place: NDArray[np.int64]
    depth: FloatArray
    style: NDArray[np.str_]
    people: NDArray[np.int64]


def _on(line: shapely.Geometry, x: float) -> tuple[float, float, float]:
    """Return the point of a line at an easting and the line's direction there."""
    points = shapely.get_coordinates(line)
    at = int(np.argmin(np.abs(points[:, 0] - x)))
    at = min(max(at, 1), len(points) - 2)
    along = points[at + 1] - points[at - 1]
    return float(points[at, 0]), float(points[at, 1]), float(np.arctan2(along[1], along[0]))


def _beside(line: shapely.Geometry, x: float, offset_m: float) -> tuple[float, float]:
    """Return the point at this offset to the left of a line that runs east."""
    px, py, angle = _on(line, x)
    return px - offset_m * float(np.sin(angle)), py + offset_m * float(np.cos(angle))


def _planted(terrain: Terrain) -> list[Place]:
    """Return the estates that carry the planted truths, and the hamlets they look across to."""
    home = terrain.tiles[0]
    river, rail = terrain.rivers[0], terrain.rails[0]
    x_river, x_rail = home.at(0.55, 0)[0], home.at(0.53, 0)[0]
    bank, over_water = _beside(river, x_river, 315), _beside(river, x_river, -140)
    track, over_rail = _beside(rail, x_rail, -290), _beside(rail, x_rail, 110)
    closed, far = home.at(0.53, 0.86), home.at(0.38, 0.62)
    west = terrain.frame[0]
    y_border = home.at(0, 0.585)[1] if len(terrain.tiles) == 1 else home.south + 0.585 * home.size
    border, beyond = (west + 300, y_border), (west - 420, y_border + 40)
    return [
        Place("Ings Reach", "estate", *bank, PLANTED, "river", over_water),
        Place("Ferry Staithe", "village", *_beside(river, x_river, -330), 600),
        Place("Sidings", "estate", *track, PLANTED, "railway", over_rail),
        Place("Wexmoor Halt", "village", *_beside(rail, x_rail, 330), 600),
        Place("Camp Road", "estate", *closed, PLANTED, "closed", closed),
        Place("Larkmere Magna", "far", *far, PLANTED, "far"),
        Place("Boundary Lane", "estate", *border, PLANTED, "border", (west - 90, y_border + 20)),
        Place("Ferrowby Road End", "town", *beyond, 2_400),
    ]


def _urban(tile: Tile, terrain: Terrain, free: float, label: list[str]) -> list[Place]:
    river, rail = terrain.rivers[tile.row], terrain.rails[terrain.tiles.index(tile)]
    home = tile == terrain.tiles[0]
    city = _beside(river, tile.at(0.765, 0)[0], -150)
    market = _beside(rail, tile.at(0.27, 0)[0], 260)
    shore = shapely.get_coordinates(terrain.coast)
    up = tile.south + 0.82 * tile.size
    seaside = (float(np.interp(up, shore[:, 1], shore[:, 0])) - 0.016 * tile.size, up)
    down = tile.south + 0.17 * tile.size
    fishing = (float(np.interp(down, shore[:, 1], shore[:, 0])) - 0.009 * tile.size, down)
    if tile.column:
        seaside, fishing = tile.at(0.74, 0.80), tile.at(0.80, 0.10)
    title = "Saltmarsh" if home else label.pop()
    towns = [
        Place(title, "city", *city, int(0.52 * free)),
        Place("Wexmoor" if home else label.pop(), "town", *market, int(0.11 * free)),
        Place("Sandlip-on-Sea" if home else label.pop(), "town", *seaside, int(0.105 * free)),
        Place("Millbeck" if home else label.pop(), "town", *tile.at(0.24, 0.74), int(0.085 * free)),
    ]
    if free > 100_000:
        towns += [
            Place(label.pop(), "town", *tile.at(0.52, 0.12), int(0.03 * free)),
            Place(label.pop(), "town", *fishing, int(0.03 * free)),
        ]
    return towns


def _clear(
    x: float, y: float, taken: FloatArray, radius: FloatArray, barriers: shapely.Geometry
) -> bool:
    if len(taken) and np.any(np.hypot(taken[:, 0] - x, taken[:, 1] - y) < radius):
        return False
    return bool(shapely.distance(barriers, shapely.points(x, y)) > 620)


def _villages(
    terrain: Terrain,
    tile: Tile,
    found: list[Place],
    people: float,
    label: list[str],
    rng: np.random.Generator,
    box: tuple[float, float, float, float],
) -> list[Place]:
    near = shapely.box(
        tile.west - 9_000,
        tile.south - 9_000,
        tile.west + tile.size + 9_000,
        tile.south + tile.size + 9_000,
    )
    barriers = shapely.union_all(
        [
            shapely.intersection(line, near)
            for line in (*terrain.rivers, *terrain.rails, *terrain.motorways, terrain.coast)
        ]
    )
    places = [place for place in found if abs(place.x - tile.west) < 60_000]
    taken = np.array([(place.x, place.y) for place in places]).reshape(-1, 2)
    radius = np.array([900 + 24 * place.people**0.43 * 1.2 for place in places])
    made: list[Place] = []
    for _ in range(400):
        if people < 500:
            break
        x, y = rng.uniform(box[0], box[2]), rng.uniform(box[1], box[3])
        if not _clear(x, y, taken, radius, barriers):
            continue
        if not shapely.contains_xy(terrain.land, x, y):
            continue
        size = int(min(people, rng.choice([420, 600, 780, 1_100, 1_500, 2_300])))
        made.append(Place(label.pop(), "village", x, y, size))
        taken = np.vstack([taken, [x, y]])
        radius = np.append(radius, 2_150.0)
        people -= size
    return made


def plan(terrain: Terrain, scale: float) -> list[Place]:
    """Return every settlement of the county and of the strip beyond its border."""
    rng = np.random.default_rng([terrain.seed, 41])
    label = names.places(rng, 60 + 40 * len(terrain.tiles))
    people = PEOPLE * scale / len(terrain.tiles)
    places = _planted(terrain)
    rest = []
    for tile in terrain.tiles:
        planted = 7_200 if tile == terrain.tiles[0] else 0
        free = people - planted
        places += _urban(tile, terrain, free, label)
        rest.append((tile, 0.145 * free))
    for tile, folk in rest:
        box = (
            tile.west + 500,
            tile.south + 500,
            tile.west + tile.size,
            tile.south + tile.size - 500,
        )
        places += _villages(terrain, tile, places, folk, label, rng, box)
    west, south, _, north = terrain.outer()
    for up in np.arange(south, north, 9_000.0):
        strip = (west + 600, up, terrain.frame[0] - 700, min(up + 9_000, north))
        places += _villages(terrain, terrain.tiles[0], places, 1_500, label, rng, strip)
    return places


def _style(kind: str, depth: float, luck: float) -> str:
    if kind in ("estate", "far", "village"):
        return {"estate": "estate", "far": "modern"}.get(kind, "village")
    if depth < 0.16:
        return "core"
    if depth < 0.42:
        return "terrace" if luck < 0.85 else "semi"
    if depth < 0.72:
        return "semi" if luck < 0.52 else ("estate" if luck < 0.85 else "terrace")
    return "modern" if luck < 0.58 else ("estate" if luck < 0.82 else "semi")


def _block_seeds(
    place: Place, terrain: Terrain, walls: shapely.Geometry, rng: np.random.Generator, swell: Noise
) -> tuple[FloatArray, FloatArray]:
    """Return the seeds of a settlement's blocks, shape (n, 2), and their depth."""
    count = max(1, round(place.people / PER_SMALL_AREA * (1.14 if TEXTURE[place.kind] else 1.0)))
    wide = np.arange(3 * count + 12, dtype=float)
    growth = 1.7 if TEXTURE[place.kind] else 0.35
    room = 0.028 if place.truth == "border" else ROOM[place.kind]
    area = room * 1e6 * (1 + growth * np.minimum(wide / count, 1.4))
    radius = np.sqrt((np.cumsum(area) - area / 2) / np.pi)
    angle = wide * GOLDEN + rng.uniform(0, 2 * np.pi)
    x, y = place.x + radius * np.cos(angle), place.y + radius * np.sin(angle)
    reach = 1 + (0.30 if TEXTURE[place.kind] else 0.1) * swell.at(x, y)
    x, y = place.x + (x - place.x) * reach, place.y + (y - place.y) * reach
    gap = np.sqrt(area)
    x += rng.normal(0, 0.13, len(x)) * gap
    y += rng.normal(0, 0.13, len(y)) * gap
    points = shapely.points(x, y)
    fine = shapely.contains_xy(terrain.land, x, y)
    fine &= shapely.distance(points, walls) > np.where(TEXTURE[place.kind] > 0, 75, 110)
    if not TEXTURE[place.kind]:
        legs = shapely.linestrings(
            np.stack([np.column_stack([x, y]), np.full((len(x), 2), (place.x, place.y))], axis=1)
        )
        fine &= ~shapely.intersects(legs, walls)
    if place.truth == "border":
        fine &= x > terrain.frame[0] + 60
    if place.name == "Ferrowby Road End":
        fine &= x < terrain.frame[0] - 60
    kept = np.flatnonzero(fine)[:count]
    depth = np.arange(len(kept)) / max(1, len(kept))
    return np.column_stack([x[kept], y[kept]]), np.sqrt(depth)


def _fields(terrain: Terrain, built: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return seeds of field blocks, fine at the edge of towns and coarse beyond, shape (n, 2)."""
    west, south, _, north = terrain.outer()
    east = float(shapely.bounds(terrain.coast)[2]) + 1_000
    margin = 3_000.0
    tree = KDTree(built)
    layers = [built]
    for spacing, nearest, farthest in (
        (430.0, 330.0, 700.0),
        (760.0, 620.0, 1_500.0),
        (1_180.0, 950.0, np.inf),
    ):
        xs = np.arange(west - margin, east, spacing)
        ys = np.arange(south - margin, north + margin, spacing * 0.87)
        x, y = (grid.ravel() for grid in np.meshgrid(xs, ys))
        x = x + np.tile(np.arange(len(ys))[:, None] % 2 * spacing / 2, (1, len(xs))).ravel()
        x = x + rng.uniform(-0.3, 0.3, len(x)) * spacing
        y = y + rng.uniform(-0.3, 0.3, len(y)) * spacing
        gap = tree.query(np.column_stack([x, y]))[0]
        fine = (gap > nearest) & (gap < farthest) & shapely.contains_xy(terrain.land, x, y)
        points = np.column_stack([x, y])[fine]
        if len(layers) > 1 and len(points):
            near = KDTree(np.vstack(layers[1:])).query(points)[0]
            points = points[near > 0.62 * spacing]
        layers.append(points)
    return np.vstack(layers[1:])


def sow(terrain: Terrain, places: list[Place]) -> Seeds:
    """Return the seed of every block of streets and fields."""
    rng = np.random.default_rng([terrain.seed, 42])
    swell = Noise.of(terrain.seed, 43, 2_400)
    quarter = Noise.of(terrain.seed, 44, 1_500)
    walls = shapely.union_all([*terrain.rivers, *terrain.rails])
    docks = [shapely.points(line.coords[-1]) for line in terrain.rails]
    spots, owner, depths, styles, people = [], [], [], [], []
    for at, place in enumerate(places):
        points, depth = _block_seeds(place, terrain, walls, rng, swell)
        if not len(points):
            continue
        luck = np.clip(0.5 + 0.55 * quarter.at(points[:, 0], points[:, 1]), 0, 1)
        style = [_style(place.kind, d, u) for d, u in zip(depth, luck, strict=True)]
        if place.truth == "border":
            style = ["terrace"] * len(style)
        folk = rng.integers(250, 351, len(points))
        if TEXTURE[place.kind]:
            dock = min(shapely.distance(docks, shapely.points(place.x, place.y)), default=0)
            for k, spot in enumerate(points):
                harbour = (
                    place.kind == "city"
                    and dock < 4_000
                    and min(shapely.distance(docks, shapely.points(spot))) < 90 * place.people**0.2
                )
                beside = place.people > 4_000 and depth[k] > 0.35 and rng.random() < 0.05
                if harbour or beside:
                    style[k], folk[k] = "industrial", 0
                elif place.people > 4_000 and depth[k] > 0.15 and rng.random() < 0.06:
                    style[k], folk[k] = "park", 0
        spots.append(points)
        owner += [at] * len(points)
        depths.append(depth)
        styles += style
        people.append(folk)
    built = np.vstack(spots)
    fields = _fields(terrain, built, rng)
    every = np.vstack([built, fields])
    blank = len(fields)
    tree = KDTree(built)
    crowd = tree.query_ball_point(fields, 800.0, return_length=True)
    enclosed = (tree.query(fields)[0] < 560) & (crowd >= 12)
    return Seeds(
        every[:, 0],
        every[:, 1],
        np.array(owner + [-1] * blank, dtype=np.int64),
        np.concatenate([*depths, np.ones(blank)]),
        np.array(styles + np.where(enclosed, "park", "field").tolist(), dtype=str),
        np.concatenate([*people, np.zeros(blank, dtype=np.int64)]).astype(np.int64),
    )

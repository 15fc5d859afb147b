"""The lie of the land: frame, coast, rivers, railway and motorway of the invented county."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

EAST = 640_000.0
SOUTH = 420_000.0
TILE = 26_000.0
BELT_WEST = 2_600.0
BELT_SIDE = 2_000.0
SHORE = 0.875
RIVER = 0.47
TIDAL_HALF_WIDTH = 70.0


@dataclass(frozen=True)
class Noise:
    """A smooth random field: a sum of plane waves, between about -1 and 1."""

    east: FloatArray
    north: FloatArray
    phase: FloatArray

    @classmethod
    def of(cls, seed: int, salt: int, wavelength_m: float, waves: int = 9) -> "Noise":
        """Return the field with a wavelength near `wavelength_m`, the same for the same seed."""
        rng = np.random.default_rng([seed, salt])
        angle = rng.uniform(0, 2 * np.pi, waves)
        number = 2 * np.pi / (wavelength_m * rng.uniform(0.6, 1.6, waves))
        phase = rng.uniform(0, 2 * np.pi, waves)
        return cls(number * np.cos(angle), number * np.sin(angle), phase)

    def at(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return the field at the points, in the points' own shape."""
        total = np.zeros(np.shape(x))
        for east, north, phase in zip(self.east, self.north, self.phase, strict=True):
            total = total + np.sin(east * x + north * y + phase)
        return np.asarray(total * (1.4 / len(self.phase) ** 0.5 / 1.6))


@dataclass(frozen=True)
class Tile:
    """One county's worth of land; the home tile is column 0, row 0, on the coast."""

    column: int
    row: int
    west: float
    south: float
    size: float

    def at(self, across: float, up: float) -> tuple[float, float]:
        """Return the point at these fractions of the tile."""
        return self.west + across * self.size, self.south + up * self.size


@dataclass(frozen=True)
class Terrain:
    """
    Land and barriers, in metres on the British National Grid.

    Parameters
    ----------
    tiles
        The tiles, home first.
    frame
        West, south, east and north edge of the authority before its edge follows the fields.
    land
        Everything above mean high water, out to beyond the frame.
    coast
        The shore as one line from south to north, before the estuaries are cut into it.
    rivers, river_half_width_m
        Centre lines of the rivers and, for each of their points, half their width.
    water
        The rivers as polygons, where they are not tidal.
    estuary
        The tidal part of the rivers.
    rails, motorways
        Centre lines.
    """

    seed: int
    tiles: tuple[Tile, ...]
    frame: tuple[float, float, float, float]
    land: shapely.Geometry
    coast: shapely.LineString
    rivers: tuple[shapely.LineString, ...]
    river_half_width_m: tuple[FloatArray, ...]
    water: shapely.Geometry
    estuary: shapely.Geometry
    rails: tuple[shapely.LineString, ...]
    motorways: tuple[shapely.LineString, ...]

    def size(self) -> float:
        """Return the side of a tile, in metres."""
        return self.tiles[0].size

    def outer(self) -> tuple[float, float, float, float]:
        """Return the frame widened by the strip of the neighbouring authority."""
        west, south, east, north = self.frame
        return west - BELT_WEST, south - BELT_SIDE, east, north + BELT_SIDE


def _tiles(scale: float) -> tuple[Tile, ...]:
    count = max(1, round(scale))
    size = float(np.round(TILE * np.sqrt(scale / count), 1))
    columns = int(np.ceil(np.sqrt(count)))
    spots = [(at % columns, at // columns) for at in range(count)]
    return tuple(
        Tile(column, row, EAST - (column + 1) * size, SOUTH + row * size, size)
        for column, row in spots
    )


def _spline(points: list[tuple[float, float]], step_m: float) -> FloatArray:
    """Return a smooth line through the points (centripetal Catmull–Rom), shape (n, 2)."""
    control = np.array([points[0], *points, points[-1]], dtype=float)
    control[0] += control[0] - control[2] + 1e-6
    control[-1] += control[-1] - control[-3] + 1e-6
    pieces = []
    for a, b, c, d in zip(control, control[1:], control[2:], control[3:], strict=False):
        count = max(2, int(np.hypot(*(c - b)) / step_m))
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        pieces.append(
            0.5
            * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - a - 3 * c + d) * t**3
            )
        )
    pieces.append(control[-2][None, :])
    return np.vstack(pieces)


def _coast(seed: int, south: float, north: float, east: float, size: float) -> FloatArray:
    y = np.arange(south, north + 40.0, 40.0)
    base = np.full(len(y), east - (1 - SHORE) * size)
    x = (
        base
        + 0.045 * size * Noise.of(seed, 11, 0.55 * size).at(base, y)
        + 0.02 * size * Noise.of(seed, 12, 0.16 * size).at(base, y)
        + 70 * Noise.of(seed, 13, 900).at(base, y)
        + 18 * Noise.of(seed, 14, 260).at(base, y)
    )
    return np.column_stack([x, y])


def _river(
    seed: int, row: int, west: float, mouth: float, south: float, size: float
) -> tuple[FloatArray, FloatArray]:
    """Return the centre line from its head in the west to the sea, and its half widths."""
    x = np.arange(west, mouth + 1_500.0, 45.0)
    y = np.full(len(x), south + RIVER * size)
    steady = np.clip((mouth - x) / (0.10 * size), 0, 1)
    wide = Noise.of(seed, 21 + row, 0.45 * size)
    bend = Noise.of(seed, 221 + row, min(3_000.0, 0.2 * size))
    twist = Noise.of(seed, 421 + row, min(2_600.0, 0.2 * size))
    amount = min(300.0, 0.02 * size)
    line = np.column_stack(
        [
            x + amount * 0.5 * steady * twist.at(x, y),
            y
            + 0.03 * size * wide.at(x, y) * (0.35 + 0.65 * steady)
            + amount * steady * bend.at(x, y),
        ]
    )
    grown = np.clip((x - west) / (mouth - west), 0, 1)
    to_mouth = np.clip((mouth - x) / min(2_200.0, 0.1 * size), 0, 2)
    half = 9.0 + 26.0 * grown**1.5 + min(520.0, 0.028 * size) * np.exp(-((to_mouth * 1.7) ** 1.5))
    return line, half


def _ribbon(line: FloatArray, half: FloatArray) -> shapely.Geometry:
    """Return the polygon around a line of changing half width."""
    pieces = shapely.linestrings(np.stack([line[:-1], line[1:]], axis=1))
    buffered = shapely.buffer(pieces, (half[:-1] + half[1:]) / 2, quad_segs=4)
    return shapely.simplify(shapely.union_all(buffered), 1.5)


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[shapely.area(parts) > 500.0])


def _rails(tiles: tuple[Tile, ...]) -> list[FloatArray]:
    lines = []
    west = min(tile.west for tile in tiles)
    for tile in tiles:
        fractions = [(0.0, 0.27), (0.14, 0.245), (0.30, 0.285), (0.44, 0.30), (0.58, 0.305)]
        if tile.west == west:
            fractions = [(-0.4, 0.26), (-0.2, 0.29), *fractions]
        if tile.column == 0:
            fractions += [(0.68, 0.36), (0.735, 0.425), (0.785, 0.447), (0.84, 0.452)]
        else:
            fractions += [(0.72, 0.29), (0.86, 0.255), (1.0, 0.27)]
        lines.append(_spline([tile.at(*spot) for spot in fractions], 60.0))
    return lines


def _motorways(seed: int, tiles: tuple[Tile, ...], size: float) -> list[FloatArray]:
    lines = []
    for column in sorted({tile.column for tile in tiles}):
        stack = [tile for tile in tiles if tile.column == column]
        bottom = min(tile.south for tile in stack) - BELT_SIDE - 1_500
        top = max(tile.south for tile in stack) + size + BELT_SIDE + 1_500
        y = np.arange(bottom, top, 60.0)
        x0 = np.full(len(y), stack[0].west + 0.42 * size)
        x = x0 + 0.035 * size * Noise.of(seed, 31, 0.6 * size).at(x0, y)
        lines.append(np.column_stack([x, y]))
    return lines


def lay(seed: int, scale: float) -> Terrain:
    """Return the terrain of a county of this scale (1 is about 250,000 people)."""
    tiles = _tiles(scale)
    size = tiles[0].size
    west = min(tile.west for tile in tiles)
    north = max(tile.south for tile in tiles) + size
    frame = (west, SOUTH, EAST, north)
    shore = _coast(seed, SOUTH - 9_000, north + 9_000, EAST, size)
    ground = shapely.polygons(
        np.vstack([shore, [[west - 12_000, north + 9_000], [west - 12_000, SOUTH - 9_000]]])
    )
    lines, halves = [], []
    for row in sorted({tile.row for tile in tiles}):
        south = SOUTH + row * size
        mouth = float(np.interp(south + RIVER * size, shore[:, 1], shore[:, 0]))
        line, half = _river(seed, row, west - 9_000, mouth, south, size)
        lines.append(line)
        halves.append(half)
    tidal = shapely.union_all(
        [
            _ribbon(a[h > TIDAL_HALF_WIDTH], h[h > TIDAL_HALF_WIDTH])
            for a, h in zip(lines, halves, strict=True)
        ]
    )
    fresh = shapely.union_all([_ribbon(a, h) for a, h in zip(lines, halves, strict=True)])
    land = shapely.difference(ground, tidal)
    land = max(shapely.get_parts(land), key=shapely.area)
    rails = [shapely.linestrings(line) for line in _rails(tiles)]
    rails = [shapely.intersection(line, shapely.buffer(ground, -150)) for line in rails]
    return Terrain(
        seed=seed,
        tiles=tiles,
        frame=frame,
        land=land,
        coast=shapely.linestrings(shore),
        rivers=tuple(shapely.linestrings(line) for line in lines),
        river_half_width_m=tuple(halves),
        water=_polygons(shapely.intersection(shapely.difference(fresh, tidal), land)),
        estuary=tidal,
        rails=tuple(max(shapely.get_parts(line), key=shapely.length) for line in rails),
        motorways=tuple(shapely.linestrings(line) for line in _motorways(seed, tiles, size)),
    )

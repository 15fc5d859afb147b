"""A layer as vector tiles: what of it lies in each square of the web's pyramid, as it is drawn."""

from collections import OrderedDict
from dataclasses import dataclass, fields, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from webmap.api import features, mvt
from webmap.delivery import Body
from webmap.results import Snapshot

EXTENT, COARSE = 1_024, 256
"""Units along a side, four to a pixel, or one where there are `MANY` features: shapes finer than
that come together by themselves, and neighbours stay neighbours, for each corner goes where its
twin goes."""
MANY = 5_000
BUFFER = 1 / 16
"""Part of a side beyond each side, so that no edge or point is cut off where tiles meet."""
KEPT = 2_048
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
SQUARE = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
KINDS = {"point": (mvt.POINT, 0), "line": (mvt.LINE, 1), "polygon": (mvt.POLYGON, 3)}
"""The kind of a tile's features, and shapely's number of their parts' type."""


@dataclass(frozen=True, eq=False)
class Lines:
    """
    The points, lines or rings that shapes are made of, one after another.

    Parameters
    ----------
    places
        Parts of the world's square, shape (points, 2).
    count
        How many points each has, shape (lines,).
    owner
        Whose each is, ascending, shape (lines,).
    outline
        Whether it isn't a hole, shape (lines,); holes follow their outline.
    """

    places: NDArray[np.float64]
    count: NDArray[np.int64]
    owner: NDArray[np.int64]
    outline: NDArray[np.bool_]

    def take(self, which: NDArray[np.int64]) -> "Lines":
        """Return some of the lines, in another order if need be."""
        begins = np.cumsum(self.count) - self.count
        count = self.count[which]
        ends = np.cumsum(count)
        at = np.repeat(begins[which] - ends + count, count) + np.arange(count.sum())
        return Lines(self.places[at], count, self.owner[which], self.outline[which])

    def beside(self, others: "Lines") -> "Lines":
        """Return these and others."""
        every = Lines(
            *(
                np.concatenate((getattr(self, each.name), getattr(others, each.name)))
                for each in fields(self)
            )
        )
        return every.take(np.argsort(every.owner, kind="stable"))


class Pyramid:
    """
    The tiles of a layer.

    Each feature has the number of its row as its number, and the properties `id` and `class_key`;
    where there are many, it has no number. An area that is smaller than a unit is a square of one.

    Parameters
    ----------
    name
        The layer's, which the tiles give it.
    geometry
        What the layer is drawn as: point, line or polygon.
    shapes
        Geometries in longitude and latitude, shape (features,), `None` where a feature has none.
    ids, class_keys
        Each feature's, shape (features,).
    """

    def __init__(
        self,
        name: str,
        geometry: str,
        shapes: NDArray[np.object_],
        ids: list[str],
        class_keys: list[str],
    ) -> None:
        self._name = name
        self._kind, self._part_type = KINDS[geometry]
        self._shapes = shapely.transform(shapes, _to_square)
        self._bounds = shapely.bounds(self._shapes)
        self._lines = _lines(self._shapes, self._part_type)
        self._ids = ids
        self._classes, self._class_of = np.unique(class_keys, return_inverse=True)
        self._made: OrderedDict[tuple[int, int, int], Body] = OrderedDict()

    def made(self, z: int, x: int, y: int) -> Body | None:
        """Return a tile that was made before and is still kept."""
        return self._made.get((z, x, y))

    def make(self, z: int, x: int, y: int) -> Body:
        """Make a tile, and keep it; the first made go when there are too many."""
        body = self._made[z, x, y] = Body(self.write(z, x, y), MEDIA_TYPE)
        if len(self._made) > KEPT:
            self._made.popitem(last=False)
        return body

    def write(self, z: int, x: int, y: int) -> bytes:
        """
        Write a tile, empty where no feature comes near it.

        Parameters
        ----------
        z, x, y
            Zoom, column from the west and row from the north.
        """
        side = 1 / 2**z
        room = side * BUFFER
        west, north, east, south = x * side, y * side, (x + 1) * side, (y + 1) * side
        box = (west - room, north - room, east + room, south + room)
        left, top, right, bottom = self._bounds.T
        # No comparison with a missing shape's bounds, which are NaN, holds.
        near = (left <= box[2]) & (right >= box[0]) & (top <= box[3]) & (bottom >= box[1])
        inside = (left >= box[0]) & (right <= box[2]) & (top >= box[1]) & (bottom <= box[3])
        lines = self._lines.take(np.flatnonzero((near & inside)[self._lines.owner]))
        cut = np.flatnonzero(near & ~inside)
        if len(cut) and self._kind != mvt.POINT:
            pieces = _lines(shapely.clip_by_rect(self._shapes[cut], *box), self._part_type)
            lines = lines.beside(replace(pieces, owner=cut[pieces.owner]))
        many = np.count_nonzero(near) >= MANY
        extent = COARSE if many else EXTENT
        corner, scale = np.array([west, north]), extent / side
        parts, row = self._parts(lines, corner, scale)
        if self._kind == mvt.POLYGON:
            lost = np.setdiff1d(np.flatnonzero(near & inside), row)
            dots, dotted = self._dots(lost, corner, scale, extent)
            parts, row = parts.beside(dots), np.concatenate((row, dotted))
        if not len(row):
            return b""
        classes, class_at = np.unique(self._class_of[row], return_inverse=True)
        values = [str(self._classes[at]) for at in classes] + [self._ids[at] for at in row]
        tags = np.zeros((len(row), 4), dtype=np.int64)
        tags[:, 1] = len(classes) + np.arange(len(row))
        tags[:, 2], tags[:, 3] = 1, class_at
        return mvt.layer(
            self._name, self._kind, parts, ids=None if many else row,
            keys=("id", "class_key"), values=values, tags=tags, extent=extent,
        )  # fmt: skip

    def _dots(
        self, rows: NDArray[np.int64], corner: NDArray[np.float64], scale: float, extent: int
    ) -> tuple[mvt.Parts, NDArray[np.int64]]:
        """Return a square of one unit for each area too small to be drawn; the first of several."""
        west, north, east, south = self._bounds[rows].T
        middle = np.column_stack((west + east, north + south)) / 2
        unit = np.floor((middle - corner) * scale).astype(np.int64)
        here = ((unit >= 0) & (unit < extent)).all(axis=1)
        _, first = np.unique(unit[here], axis=0, return_index=True)
        found = np.flatnonzero(here)[np.sort(first)]
        each = np.arange(len(found))
        points = (unit[found][:, None] + SQUARE).reshape(-1, 2)
        return mvt.Parts(points, np.repeat(each, len(SQUARE)), each), rows[found]

    def _parts(
        self, lines: "Lines", corner: NDArray[np.float64], scale: float
    ) -> tuple[mvt.Parts, NDArray[np.int64]]:
        """Return what is drawn of lines, and the row of each feature that is left."""
        part = np.repeat(np.arange(len(lines.owner)), lines.count)
        points = np.rint((lines.places - corner) * scale).astype(np.int64)
        points, part = self._without_twins(points, part)
        count = np.bincount(part, minlength=len(lines.owner))
        drawn = count >= {mvt.POINT: 1, mvt.LINE: 2, mvt.POLYGON: 3}[self._kind]
        if self._kind == mvt.POLYGON:
            area = _twice_area(points, part, count)
            drawn &= area != 0
            # A hole goes with its outline.
            drawn &= drawn[np.flatnonzero(lines.outline)][np.cumsum(lines.outline) - 1]
            points = _turned(points, part, count, (area > 0) != lines.outline)
        keep = drawn[part]
        row, feature = np.unique(lines.owner[drawn], return_inverse=True)
        if self._kind == mvt.POINT:
            # A tile's point is one place, so that each of several is a feature.
            row, feature = lines.owner[drawn], np.arange(int(drawn.sum()))
        return mvt.Parts(points[keep], (np.cumsum(drawn) - 1)[part[keep]], feature), row

    def _without_twins(
        self, points: NDArray[np.int64], part: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Leave out points that fall on the one before, and those that close rings."""
        fresh = np.diff(part, prepend=-1) != 0
        keep = fresh | (np.diff(points, axis=0, prepend=points[:1] - 1) != 0).any(axis=1)
        points, part = points[keep], part[keep]
        if self._kind == mvt.POLYGON and len(part):
            start = np.flatnonzero(np.diff(part, prepend=-1))
            last = np.concatenate((start[1:] - 1, [len(part) - 1]))
            closes = last[(last > start) & (points[last] == points[start]).all(axis=1)]
            points, part = np.delete(points, closes, axis=0), np.delete(part, closes)
        return points, part


def _to_square(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn longitude and latitude into parts of the world's square, y downwards."""
    furthest = np.degrees(np.arctan(np.sinh(np.pi)))
    latitude = np.radians(np.clip(degrees[:, 1], -furthest, furthest))
    y = 0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)
    return np.column_stack((degrees[:, 0] / 360 + 0.5, y))


def _lines(shapes: NDArray[np.object_], part_type: int) -> Lines:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    # What is left of a shape that was cut may be a collection of collections.
    parts, inner = shapely.get_parts(parts, return_index=True)
    wanted = (shapely.get_type_id(parts) == part_type) & ~shapely.is_empty(parts)
    parts, owner = parts[wanted], owner[inner][wanted]
    outline = np.ones(len(parts), dtype=bool)
    if part_type == shapely.GeometryType.POLYGON:
        parts, of_part = shapely.get_rings(parts, return_index=True)
        outline = np.diff(of_part, prepend=-1) != 0
        owner = owner[of_part]
    places, line = shapely.get_coordinates(parts, return_index=True)
    return Lines(places, np.bincount(line, minlength=len(parts)), owner, outline)


def _twice_area(
    points: NDArray[np.int64], part: NDArray[np.int64], count: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return twice the area of each ring, above 0 where it goes clockwise on the screen."""
    after = np.roll(points, -1, axis=0)
    begins = np.cumsum(count) - count
    some = count > 0
    after[(begins + count - 1)[some]] = points[begins[some]]
    cross = points[:, 0] * after[:, 1] - after[:, 0] * points[:, 1]
    area = np.zeros(len(count), dtype=np.int64)
    np.add.at(area, part, cross)
    return area


def _turned(
    points: NDArray[np.int64],
    part: NDArray[np.int64],
    count: NDArray[np.int64],
    wrong: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return the points with some rings the other way round."""
    begins = np.cumsum(count) - count
    within = np.arange(len(points)) - begins[part]
    mirrored = begins[part] + count[part] - 1 - within
    return points[np.where(wrong[part], mirrored, np.arange(len(points)))]


def of(run: Snapshot, layer_id: str) -> Pyramid:
    """
    Return the tiles of a layer that has shapes.

    Raises
    ------
    UnknownLayerError
        If the run has no such layer.
    ResultsError
        If the layer's table can't be read.
    """
    entry = run.layer(layer_id)

    def make() -> Pyramid:
        held = features.of(run, layer_id)
        assert held.shapes is not None
        keys = run.table(layer_id)["class_key"]
        return Pyramid(layer_id, entry["geometry"], held.shapes, list(held.places), keys)

    return run.keep(f"tiles {layer_id}", make)

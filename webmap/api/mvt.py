"""Write vector tiles: whole arrays of coordinates at once into the bytes of a Mapbox tile."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

POINT, LINE, POLYGON = 1, 2, 3
MOVE_TO_ONE, LINE_TO, CLOSE = 9, 2, 15
VERSION = 2
FEATURE_ID, FEATURE_TAGS, FEATURE_KIND, FEATURE_GEOMETRY = 0x08, 0x12, 0x18, 0x22
LAYER_NAME, LAYER_FEATURE, LAYER_KEY, LAYER_VALUE = 0x0A, 0x12, 0x1A, 0x22
LAYER_EXTENT, LAYER_VERSION, TILE_LAYER, VALUE_TEXT = 0x28, 0x78, 0x1A, 0x0A


@dataclass(frozen=True, eq=False)
class Parts:
    """
    Points, lines or rings, one after another.

    Parameters
    ----------
    points
        Whole coordinates in the tile, y downwards, shape (points, 2); rings aren't closed.
    part
        The part of each point, ascending from 0 without gaps, shape (points,).
    feature
        The feature of each part, ascending from 0 without gaps, shape (parts,).
    """

    points: NDArray[np.int64]
    part: NDArray[np.int64]
    feature: NDArray[np.int64]

    def beside(self, others: "Parts") -> "Parts":
        """Return these and, after them, others, which are other features' parts."""
        count = int(self.feature[-1]) + 1 if len(self.feature) else 0
        return Parts(
            np.concatenate((self.points, others.points)),
            np.concatenate((self.part, others.part + len(self.feature))),
            np.concatenate((self.feature, others.feature + count)),
        )


def layer(
    name: str,
    kind: int,
    parts: Parts,
    *,
    ids: NDArray[np.int64] | None,
    keys: Sequence[str],
    values: Sequence[str],
    tags: NDArray[np.int64],
    extent: int,
) -> bytes:
    """
    Write a tile of one layer.

    Parameters
    ----------
    name
        The layer's.
    kind
        `POINT`, `LINE` or `POLYGON`; rings of a polygon are its outline, clockwise on the screen,
        then its holes, the other way round.
    parts
        The geometry.
    ids
        A number for each feature, shape (features,); `None` for none.
    keys, values
        The names and texts that `tags` points to.
    tags
        For each feature, in turns, the place of a key and of a value, shape (features, 2 x keys).
    extent
        Units along a side of the tile.

    Returns
    -------
    bytes
        A Mapbox vector tile.

    References
    ----------
    Mapbox Vector Tile Specification 2.1. https://github.com/mapbox/vector-tile-spec/tree/master/2.1

    Examples
    --------
    The specification's own example of a polygon, among what makes it a tile.

    >>> square = Parts(np.array([[3, 6], [8, 12], [20, 34]]), np.zeros(3, int), np.zeros(1, int))
    >>> tile = layer("a", POLYGON, square, ids=np.array([1]), keys=(), values=(),
    ...     tags=np.zeros((1, 0), int), extent=4096)
    >>> bytes([9, 6, 12, 18, 10, 12, 24, 44, 15]) in tile
    True
    """
    geometry, starts = _geometry(kind, parts, len(tags))
    tagged, tag_starts = _varints(tags.ravel(), np.arange(len(tags) + 1) * tags.shape[1])
    said = [_field(LAYER_NAME, name.encode())]
    for at in range(len(tags)):
        body = b"" if ids is None else bytes([FEATURE_ID]) + _varint(int(ids[at]))
        body += _field(FEATURE_TAGS, tagged[tag_starts[at] : tag_starts[at + 1]])
        body += bytes([FEATURE_KIND, kind])
        body += _field(FEATURE_GEOMETRY, geometry[starts[at] : starts[at + 1]])
        said.append(_field(LAYER_FEATURE, body))
    said += [_field(LAYER_KEY, key.encode()) for key in keys]
    said += [_field(LAYER_VALUE, _field(VALUE_TEXT, value.encode())) for value in values]
    said.append(bytes([LAYER_EXTENT]) + _varint(extent))
    said.append(bytes([LAYER_VERSION, VERSION]))
    return _field(TILE_LAYER, b"".join(said))


def _geometry(kind: int, parts: Parts, features: int) -> tuple[bytes, list[int]]:
    """Return every feature's commands, and where each feature's begin and end."""
    count = np.bincount(parts.part, minlength=len(parts.feature))
    head = 3 if kind == POINT else 4
    lengths = 2 * count + (1 if kind == POINT else 2 + (kind == POLYGON))
    begins = np.concatenate(([0], np.cumsum(lengths)))
    words = np.full(begins[-1], CLOSE, dtype=np.int64)
    words[begins[:-1]] = MOVE_TO_ONE
    if kind != POINT:
        words[begins[:-1] + 3] = ((count - 1) << 3) | LINE_TO

    first = np.concatenate(([0], np.cumsum(count)))[:-1]
    within = np.arange(len(parts.points)) - first[parts.part]
    fresh = np.diff(parts.feature[parts.part], prepend=-1) != 0
    before = np.roll(parts.points, 1, axis=0)
    before[fresh] = 0
    step = parts.points - before
    zigzag = (step << 1) ^ (step >> 63)
    at = begins[parts.part] + np.where(within == 0, 1, head + 2 * (within - 1))
    words[at], words[at + 1] = zigzag[:, 0], zigzag[:, 1]

    bounds = np.searchsorted(parts.feature, np.arange(features + 1))
    return _varints(words, begins[bounds])


def _varints(words: NDArray[np.int64], bounds: NDArray[np.int64]) -> tuple[bytes, list[int]]:
    """Return whole numbers in as few bytes as each needs, and where the bounds come to lie."""
    sizes = np.ones(len(words), dtype=np.int64)
    for bits in range(7, 63, 7):
        sizes += words >= 1 << bits
    ends = np.concatenate(([0], np.cumsum(sizes)))
    written = np.zeros(ends[-1], dtype=np.uint8)
    for place in range(int(sizes.max(initial=0))):
        has = sizes > place
        more = np.where(sizes[has] > place + 1, 0x80, 0)
        written[ends[:-1][has] + place] = ((words[has] >> 7 * place) & 0x7F) | more
    return written.tobytes(), ends[bounds].tolist()


def _varint(number: int) -> bytes:
    if number <= 0x7F:
        return bytes((number,))
    made = bytearray()
    while number > 0x7F:
        made.append((number & 0x7F) | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


def _field(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + _varint(len(content)) + content

"""Write the drawn sheet as an OpenStreetMap extract."""

from pathlib import Path

import numpy as np
import osmium

from geoengine.degrees import to_degrees
from geoengine.demo.sheet import IntArray, Sheet
from geoengine.demo.terrain import FloatArray

FIRST_NODE = 9_400_000_001
FIRST_WAY = 940_000_001
ORIGIN = "invented county, GeoEngine demo"


def lonlat(points: FloatArray) -> FloatArray:
    """Return metres on the British National Grid as longitude and latitude, shape (n, 2)."""
    return np.column_stack(to_degrees("EPSG:27700").transform(points[:, 0], points[:, 1]))


def write(sheet: Sheet, path: Path) -> None:
    """Write every node that a way or a tag needs, then every way, in the order of their ids."""
    points = sheet.points()
    used = np.zeros(sheet.count, dtype=bool)
    used[np.concatenate(sheet.ways)] = True
    used[sorted(sheet.node_tags)] = True
    number = np.cumsum(used) - 1 + FIRST_NODE
    degrees = np.round(lonlat(points[used]), 7)
    header = osmium.io.Header()
    box = osmium.osm.Box(*(float(v) for v in (*degrees.min(axis=0), *degrees.max(axis=0))))
    header.add_box(box)
    header.set("generator", ORIGIN)
    writer = osmium.SimpleWriter(str(path), header=header, overwrite=True)
    try:
        _nodes(writer, degrees, number[used], np.flatnonzero(used), sheet)
        _ways(writer, number, sheet)
    finally:
        writer.close()


def _nodes(
    writer: osmium.SimpleWriter, degrees: FloatArray, ids: IntArray, which: IntArray, sheet: Sheet
) -> None:
    node = osmium.osm.mutable.Node
    for one, spot, at in zip(ids.tolist(), degrees.tolist(), which.tolist(), strict=True):
        writer.add_node(node(id=one, location=spot, tags=sheet.node_tags.get(at, {}), version=1))


def _ways(writer: osmium.SimpleWriter, number: IntArray, sheet: Sheet) -> None:
    way = osmium.osm.mutable.Way
    for at, (refs, tags) in enumerate(zip(sheet.ways, sheet.tags, strict=True)):
        writer.add_way(way(id=FIRST_WAY + at, nodes=number[refs].tolist(), tags=tags, version=1))

"""OpenStreetMap extract, or a graph of osmnx, → ways with the tags that travel depends on."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoengine.errors import SourceError
from geoengine.tables import WAY_TAGS, Ways

NOT_STREETS = frozenset(
    {"construction", "proposed", "abandoned", "disused", "razed", "raceway", "no", "planned"}
)
EXTRACTS = (".osm.pbf", ".osm", ".osm.bz2", ".osm.gz", ".graphml")
UNDEFINED = 2**31 - 1
DEGREES = 1e-7


def read(path: Path) -> Ways:
    """
    Read the streets and paths of an OpenStreetMap extract.

    Parameters
    ----------
    path
        A `.osm.pbf`, `.osm`, `.osm.bz2` or `.osm.gz` file, or a `.graphml` file of osmnx.

    Raises
    ------
    SourceError
        If the file is missing, damaged, not OpenStreetMap data or holds no streets.
    """
    if not path.is_file():
        raise SourceError.of(path, "there is no such file; give the path of a street extract")
    if path.suffix.lower() == ".graphml":
        return _read_graphml(path)
    return _read_extract(path)


def _read_extract(path: Path) -> Ways:
    import osmium

    way_ids: list[int] = []
    ends: list[int] = [0]
    refs: list[int] = []
    xs: list[int] = []
    ys: list[int] = []
    tags: list[list[str | None]] = []
    barriers: dict[int, dict[str, str]] = {}
    node, way = osmium.osm.NODE, osmium.osm.WAY
    with_key: Any = osmium.filter.KeyFilter
    try:
        entities = (
            osmium.FileProcessor(str(path), node | way)
            .with_locations("flex_mem")
            .with_filter(with_key("barrier").enable_for(node))
            .with_filter(with_key("highway").enable_for(way))
        )
        entity: Any
        for entity in entities:
            if entity.is_node():
                barriers[entity.id] = dict(entity.tags)
                continue
            found = _known(entity.tags)
            if found[0] in NOT_STREETS:
                continue
            line = entity.nodes
            nodes = [*map(line.__getitem__, range(len(line)))]
            spots = [node.location for node in nodes]
            refs += [node.ref for node in nodes]
            xs += [spot.x for spot in spots]
            ys += [spot.y for spot in spots]
            ends.append(len(refs))
            way_ids.append(entity.id)
            tags.append(found)
    except (RuntimeError, ValueError, OSError) as fault:
        known = path.name.lower().endswith(EXTRACTS)
        advice = "download it again" if known else f"give one that ends in {', '.join(EXTRACTS)}"
        raise SourceError.of(
            path, f"cannot be read as OpenStreetMap data ({fault}); {advice}"
        ) from fault
    if not way_ids:
        raise SourceError.of(path, "holds no streets (no way with a 'highway' tag)")
    return _ways(
        np.array(way_ids, np.int64),
        np.array(ends, np.int64),
        np.array(refs, np.int64),
        np.array(xs, np.int64),
        np.array(ys, np.int64),
        _tag_columns(tags),
        barriers,
    )


def _known(tags: Any) -> list[str | None]:
    """Return the value of each of `WAY_TAGS`, looking no further once every tag is found."""
    found: list[str | None] = [None] * len(WAY_TAGS)
    left, value_of = len(tags), tags.get
    for at, key in enumerate(WAY_TAGS):
        value = value_of(key)
        if value is not None:
            found[at] = value
            left -= 1
            if left == 0:
                break
    return found


def _ways(
    way_id: Any, ends: Any, ref: Any, x: Any, y: Any, tags: pd.DataFrame,
    barriers: dict[int, dict[str, str]],
) -> Ways:  # fmt: skip
    placed = (x != UNDEFINED) & (y != UNDEFINED)
    notes = []
    if not placed.all():
        missing = len(np.unique(ref[~placed]))
        notes.append(
            f"{missing} points of streets are not in the extract, which cuts streets at its edge"
        )
        way, ends = _pieces(ends, placed)
        way_id, tags = way_id[way], tags.iloc[way].reset_index(drop=True)
        ref, x, y = ref[placed], x[placed], y[placed]
    node_id, first, position = np.unique(ref, return_index=True, return_inverse=True)
    barrier, names, access = _barriers(node_id, barriers)
    return Ways(
        node_id=node_id,
        longitude=x[first] * DEGREES,
        latitude=y[first] * DEGREES,
        barrier=barrier,
        barrier_names=names,
        barrier_access=access,
        way_id=way_id,
        first_ref=ends,
        ref=position.astype(np.int32),
        tags=tags,
        notes=tuple(notes),
    )


def _pieces(ends: Any, placed: Any) -> tuple[Any, Any]:
    """Part ways where points are missing; return the way of each piece and where it ends."""
    way = np.repeat(np.arange(len(ends) - 1), np.diff(ends))[placed]
    gap = np.cumsum(~placed)[placed]
    starts = np.flatnonzero(np.diff(way, prepend=-1) | np.diff(gap, prepend=gap[:1]))
    return way[starts], np.append(starts, len(way))


def _tag_columns(tags: Sequence[Sequence[str | None]]) -> pd.DataFrame:
    """Return the values of `WAY_TAGS` of each way, one column a key."""
    columns = {}
    for key, values in zip(WAY_TAGS, zip(*tags, strict=True), strict=False):
        names = sorted(value for value in set(values) if value is not None)
        code: dict[str | None, int] = {name: number for number, name in enumerate(names)}
        codes = np.array([code.get(value, -1) for value in values], np.int32)
        kind: Any = pd.CategoricalDtype(names)
        columns[key] = pd.Categorical.from_codes(codes, dtype=kind)
    return pd.DataFrame(columns)


def _barriers(
    node_id: Any, barriers: dict[int, dict[str, str]]
) -> tuple[Any, tuple[str, ...], pd.DataFrame]:
    on_streets = np.array(sorted(barriers), dtype=np.int64)
    at = np.searchsorted(node_id, on_streets)
    met = (at < len(node_id)) & (node_id[np.minimum(at, len(node_id) - 1)] == on_streets)
    at, on_streets = at[met], on_streets[met]
    kinds = [barriers[int(node)]["barrier"] for node in on_streets]
    names = tuple(sorted(set(kinds)))
    code = np.full(len(node_id), -1, np.int16)
    code[at] = [names.index(kind) for kind in kinds]
    said = [[barriers[int(node)].get(key) for key in WAY_TAGS] for node in on_streets]
    access = _tag_columns(said).astype(object)
    return code, names, access.set_index(pd.Index(at, name="node")).dropna(axis=1, how="all")


def _read_graphml(path: Path) -> Ways:
    import networkx

    try:
        graph = networkx.read_graphml(path)
    except Exception as fault:  # networkx passes on whatever its XML parser raises
        raise SourceError.of(path, f"cannot be read as GraphML ({fault})") from fault
    return from_graph(graph, source=str(path))


def from_place(place: str) -> Ways:
    """
    Download the streets of a named place from OpenStreetMap through osmnx.

    Raises
    ------
    SourceError
        If the place is not found or there is no internet.
    """
    import osmnx

    try:
        graph = osmnx.graph_from_place(place, network_type="all", simplify=False, retain_all=True)
    except Exception as fault:  # osmnx passes on whatever its downloads raise
        raise SourceError.of(
            place,
            f"its streets could not be downloaded ({type(fault).__name__}: {fault}); "
            "without internet, give a file: streets.file = 'extract.osm.pbf'",
        ) from fault
    return from_graph(graph, source=place)


def from_graph(graph: Any, *, source: str) -> Ways:
    """
    Turn a graph of osmnx into ways.

    Parameters
    ----------
    graph
        A networkx graph with node attributes `x`, `y` in degrees and edge attributes as osmnx
        names them; a simplified graph keeps its shapes in `geometry`.
    source
        What messages call it.

    Raises
    ------
    SourceError
        If nodes lack coordinates in degrees or there are no edges.
    """
    place = _places(graph, source)
    number = {node: at for at, node in enumerate(place)}
    points = list(place.values())
    edges = {}
    for tail, head, found in graph.edges(data=True):
        inner = _inner(found.get("geometry"), source, f"from {tail} to {head}")
        edges[tail, head, str(found.get("osmid")), inner] = found
    ends, ref, tags, told = [0], [], [], set()
    for (tail, head, way, inner), found in edges.items():
        back = (head, tail, way, inner[::-1])
        if back in told:
            continue
        told.add((tail, head, way, inner))
        twin = back in edges or not graph.is_directed()
        ref += [number[tail], *range(len(points), len(points) + len(inner)), number[head]]
        points += inner
        ends.append(len(ref))
        tags.append({**_plain(found), "oneway": "no" if twin else "yes"})
    if not tags:
        raise SourceError.of(source, "holds no streets (the graph has no edges)")
    where = np.round(np.array(points)[ref] / DEGREES).astype(np.int64)
    return _ways(
        np.arange(len(tags)), np.array(ends, np.int64), np.array(ref, np.int64),
        where[:, 0], where[:, 1],
        _tag_columns([[found.get(key) for key in WAY_TAGS] for found in tags]), {},
    )  # fmt: skip


def _places(graph: Any, source: str) -> dict[Any, tuple[float, float]]:
    place: dict[Any, tuple[float, float]] = {}
    for node, found in graph.nodes(data=True):
        try:
            place[node] = (float(found["x"]), float(found["y"]))
        except (KeyError, TypeError, ValueError):
            place[node] = (math.nan, math.nan)
        if not all(map(math.isfinite, place[node])):
            raise SourceError.of(source, f"node {node} has no coordinates x and y")
    if any(abs(x) > 180 or abs(y) > 90 for x, y in place.values()):
        raise SourceError.of(source, "its coordinates are not degrees; save it unprojected")
    return place


def _inner(shape: Any, source: str, which: str) -> tuple[tuple[float, float], ...]:
    """Return the points of a street between its ends."""
    import shapely

    if shape is None:
        return ()
    try:
        line = shapely.from_wkt(shape) if isinstance(shape, str) else shape
        xy = shapely.get_coordinates(line)
    except (shapely.errors.ShapelyError, TypeError) as fault:
        raise SourceError.of(source, f"the street {which} has no shape ({fault})") from fault
    if line.geom_type != "LineString" or len(xy) < 2 or not np.isfinite(xy).all():
        raise SourceError.of(source, f"the street {which} has no shape ({line.wkt[:60]})")
    return tuple((float(x), float(y)) for x, y in xy[1:-1])


def _plain(found: dict[str, Any]) -> dict[str, str]:
    plain = {}
    for key in WAY_TAGS:
        value = found.get(key)
        first = value[0] if isinstance(value, list) and value else value
        if first not in (None, ""):
            plain[key] = str(first).strip("[]' ").split("',")[0]
    return plain

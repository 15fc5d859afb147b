"""OpenStreetMap extract → what is drawn beneath the layers, and places picked by their tags."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine.degrees import WGS84
from geoengine.errors import SourceError
from geoengine.tables import BASEMAP, CANDIDATES, PROVISION, Reading

PARKS = {
    ("leisure", "park"), ("leisure", "recreation_ground"), ("leisure", "nature_reserve"),
    ("leisure", "common"), ("leisure", "golf_course"), ("landuse", "forest"),
    ("landuse", "recreation_ground"), ("landuse", "village_green"), ("natural", "wood"),
}  # fmt: skip
WATERS = {("natural", "water"), ("waterway", "riverbank"), ("landuse", "reservoir")}
PLACES = ("city", "town", "village", "suburb")
BASEMAP_KEYS = ("natural", "waterway", "leisure", "landuse", "railway", "place")
BESIDE_DEGREES = 1e-6
FRAME = 0.6
"""How far the sea is drawn beyond the map, in its longer sides: it fills wide and high screens."""
OPEN_SEA = 0.15
"""Share of the map's half outline that sea must meet to go on beyond it, as no river does."""


def read_basemap(path: Path) -> Reading:
    """
    Read sea, water, parks, railways and the names of places.

    Parameters
    ----------
    path
        An OpenStreetMap extract.

    Returns
    -------
    Reading
        `tables.BASEMAP`, in longitude and latitude. Sea is drawn where the extract has a
        coastline, whose land lies on the left of its direction.

    Raises
    ------
    SourceError
        If the file is missing or damaged.
    """
    found: dict[str, dict[str, Any]] = {}
    coast = []
    for feature_id, tags, shape in _features(path, BASEMAP_KEYS, areas=True):
        if tags.get("natural") == "coastline" and shape.geom_type == "LineString":
            coast.append(shape)
            continue
        kind = _basemap_kind(tags, shape.geom_type)
        if kind and (feature_id not in found or shape.geom_type == "MultiPolygon"):
            name = tags.get("name")
            found[feature_id] = {
                "feature_id": feature_id, "kind": kind, "name": name, "geometry": shape
            }  # fmt: skip
    rows = list(found.values())
    rows += [
        {"feature_id": f"sea{at}", "kind": "sea", "name": None, "geometry": sea}
        for at, sea in enumerate(_sea(coast, rows))
    ]
    columns = ["feature_id", "kind", "name", "geometry"]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=WGS84)
    frame = frame.sort_values(["kind", "feature_id"])
    frame = BASEMAP.check(frame.set_index("feature_id"), source=str(path))
    return Reading(frame, len(frame))


def no_basemap() -> Reading:
    """Return a basemap with nothing on it, for streets that do not come from an extract."""
    columns = ["feature_id", "kind", "name", "geometry"]
    frame = gpd.GeoDataFrame(pd.DataFrame([], columns=columns), geometry="geometry", crs=WGS84)
    return Reading(BASEMAP.check(frame.set_index("feature_id")), 0)


def _basemap_kind(tags: Mapping[str, str], geometry: str) -> str:
    if geometry == "Point":
        return tags["place"] if tags.get("place") in PLACES else ""
    if geometry == "MultiPolygon":
        found = set(tags.items())
        return "water" if found & WATERS else "park" if found & PARKS else ""
    if tags.get("railway") in ("rail", "light_rail") and "service" not in tags:
        return "rail"
    return "water" if tags.get("waterway") in ("river", "canal") else ""


def _sea(coast: list[Any], rows: list[dict[str, Any]]) -> list[Any]:
    """Divide the map by its coastline and return the pieces on the right of it."""
    if not coast:
        return []
    everything = shapely.total_bounds([*coast, *(row["geometry"] for row in rows)])
    west, south, east, north = everything
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(coast), directed=True))
    margin = FRAME * max(east - west, north - south)
    seen = shapely.box(west, south, east, north)
    frame = shapely.box(west - margin, south - margin, east + margin, north + margin)
    middle = np.array([(west + east) / 2, (south + north) / 2])
    shores = [_to_the_edge(line, middle, 4 * (margin + east - west + north - south))
              for line in merged]  # fmt: skip
    faces = shapely.polygonize([shapely.union_all([*shores, frame.boundary])])
    points = []
    for line in coast:
        xy = shapely.get_coordinates(line)
        step = np.diff(xy, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        side = np.column_stack((step[:, 1], -step[:, 0])) / np.maximum(length, 1e-12)[:, None]
        points.append((xy[:-1] + xy[1:]) / 2 + side * BESIDE_DEGREES)
    pieces = shapely.get_parts(faces)
    wet = shapely.STRtree(shapely.points(np.concatenate(points))).query(pieces, "contains")[0]
    sea = shapely.intersection(shapely.union_all(pieces[np.unique(wet)]), frame)
    reach = OPEN_SEA * (east - west + north - south)
    beyond = shapely.get_parts(sea - seen)
    open_sea = beyond[shapely.length(shapely.intersection(beyond, seen.boundary)) > reach]
    return [shapely.union_all([sea & seen, *open_sea])]


def _to_the_edge(shore: Any, middle: Any, far: float) -> Any:
    """Lengthen a shore that the extract cuts off, straight away from the middle of the map."""
    if shore.is_closed:
        return shore
    xy = shapely.get_coordinates(shore)
    ends = xy[[0, -1]] - middle
    out = middle + ends / np.maximum(np.hypot(*ends.T), 1e-12)[:, None] * far
    return shapely.linestrings(np.vstack((out[:1], xy, out[1:])))


def read_provision(
    path: Path, *, crs: str, service: str, tags: Mapping[str, Sequence[str]]
) -> Reading:
    """
    Pick the provision of a service out of an extract by its tags.

    Parameters
    ----------
    path
        An OpenStreetMap extract.
    crs
        The study's projected CRS.
    service
        What it offers.
    tags
        Values wanted of each key; a feature with any of them is picked.

    Returns
    -------
    Reading
        `tables.PROVISION`; a building or ground is put at a point within it. Capacity comes from
        the `capacity` tag where there is one.

    Raises
    ------
    SourceError
        If the file is missing or damaged, or nothing has the tags.
    """
    picked = _picked(path, tags)
    if not picked:
        wanted = ", ".join(f"{key}={'|'.join(values)}" for key, values in tags.items())
        raise SourceError.of(path, f"no feature has the tags {wanted}; see provision.osm")
    ids = sorted(picked)
    tags_of = [picked[code][0] for code in ids]
    places = _capacity(tags_of)
    frame = gpd.GeoDataFrame(
        {
            "service": service,
            "name": [t.get("name") or f"Unnamed {service}" for t in tags_of],
            "capacity": places,
            "age_from": np.nan,
            "age_to": np.nan,
            "open": True,
            "placed_by": "map",
            "unplaced_reason": pd.Series([None] * len(ids), dtype=object),
        },
        geometry=[picked[code][1] for code in ids],
        crs=WGS84,
    ).to_crs(crs)
    frame.index = pd.Index(ids, name="provision_id")
    notes = [f"{len(frame)} provisions were picked from the street map by their tags"]
    odd = sum("capacity" in tags for tags in tags_of) - int(np.isfinite(places).sum())
    if odd:
        notes.append(f"the capacity tag of {odd} is not a number of places and was not read")
    return Reading(PROVISION.check(frame, source=str(path)), len(frame), notes=tuple(notes))


def read_candidates(path: Path, *, crs: str, tags: Mapping[str, Sequence[str]]) -> Reading:
    """
    Pick the buildings of an extract in which a service could open.

    Parameters
    ----------
    path
        An OpenStreetMap extract.
    crs
        The study's projected CRS.
    tags
        Values wanted of each key; the first of them that a building has is its kind.

    Returns
    -------
    Reading
        `tables.CANDIDATES`; each building or ground at a point within it, under the id that
        OpenStreetMap has for it, after n, w or r (node, way or relation).

    Raises
    ------
    SourceError
        If the file is missing or damaged.
    """
    picked = _picked(path, tags)
    ids = sorted(picked)
    kinds = [
        next(found[key] for key, values in tags.items() if found.get(key) in values)
        for found, _ in map(picked.__getitem__, ids)
    ]
    kinds = [kind.replace("_", " ") for kind in kinds]
    names = [picked[code][0].get("name") for code in ids]
    frame = gpd.GeoDataFrame(
        {
            "name": [name or f"Unnamed {kind}" for name, kind in zip(names, kinds, strict=True)],
            "kind": kinds,
        },
        geometry=[picked[code][1] for code in ids],
        crs=WGS84,
        index=pd.Index(ids, name="candidate_id", dtype=object),
    ).to_crs(crs)
    return Reading(CANDIDATES.check(frame, source=str(path)), len(frame))


def _picked(path: Path, tags: Mapping[str, Sequence[str]]) -> dict[str, tuple[dict[str, str], Any]]:
    """Return the tags of every feature that has one of some, and a point within it, by its id."""
    picked: dict[str, tuple[dict[str, str], Any]] = {}
    for feature_id, found, shape in _features(path, tuple(tags), areas=True):
        first = feature_id not in picked or shape.geom_type == "MultiPolygon"
        if first and any(found.get(key) in values for key, values in tags.items()):
            picked[feature_id] = (found, shapely.point_on_surface(shape))
    return picked


def _capacity(tags: list[dict[str, str]]) -> NDArray[np.float64]:
    """Return the places of each, NaN where there is no tag or it tells no number of them."""
    told = pd.to_numeric(pd.Series([found.get("capacity") for found in tags]), errors="coerce")
    places = told.to_numpy(dtype=float)
    return np.where(np.isfinite(places) & (places >= 0), places, np.nan)


def _features(path: Path, keys: tuple[str, ...], *, areas: bool) -> Any:
    """
    Give each tagged point, line and area: its id, its tags and its shape in degrees.

    A closed way comes both as its outline and as the area within, under one id.
    """
    import osmium

    if not path.is_file():
        raise SourceError.of(path, "there is no such file; give the path of a street extract")
    wanted = osmium.filter.KeyFilter(*keys)
    factory = osmium.geom.WKBFactory()
    try:
        reader = osmium.FileProcessor(str(path)).with_locations("flex_mem")
        if areas:
            reader = reader.with_areas(wanted)
        entity: Any
        for entity in reader.with_filter(wanted):
            shape, prefix = _shape(entity, factory)
            if shape is not None:
                number = entity.orig_id() if entity.is_area() else entity.id
                yield f"{prefix}{number}", dict(entity.tags), shape
    except (RuntimeError, ValueError, OSError) as fault:
        raise SourceError.of(
            path, f"cannot be read as OpenStreetMap data ({fault}); download it again"
        ) from fault


def _shape(entity: Any, factory: Any) -> tuple[Any, str]:
    try:
        if entity.is_node():
            return shapely.from_wkb(factory.create_point(entity)), "n"
        if entity.is_way():
            if len(entity.nodes) < 2:
                return None, ""
            return shapely.from_wkb(factory.create_linestring(entity)), "w"
        if entity.is_area():
            prefix = "w" if entity.from_way() else "r"
            return shapely.from_wkb(factory.create_multipolygon(entity)), prefix
    except RuntimeError:  # an outline cut off by the extract's edge has no shape
        return None, ""
    return None, ""

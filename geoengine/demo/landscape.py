"""What is drawn besides streets: shore, rivers, railways, parks, place names, amenities."""

import numpy as np
import shapely

from geoengine.demo.areas import Areas
from geoengine.demo.people import Postcodes
from geoengine.demo.provision import Nursery
from geoengine.demo.roads import Draft
from geoengine.demo.sheet import Sheet, Tags
from geoengine.demo.terrain import FloatArray, Terrain

AMENITIES = (
    ("school", "{} Primary School", 3_600),
    ("doctors", "{} Surgery", 8_500),
    ("pharmacy", "{} Pharmacy", 7_000),
    ("library", "{} Library", 21_000),
    ("community_centre", "{} Community Centre", 12_000),
    ("pub", "The {}", 4_200),
    ("place_of_worship", "St {}'s Church", 6_000),
)
SIGNS = (
    "Anchor",
    "Plough",
    "Ship",
    "Wheatsheaf",
    "Railway",
    "Bell",
    "Three Herons",
    "Lifeboat",
    "Ferry",
    "King's Arms",
    "Black Dog",
    "Marquis",
)
SAINTS = ("Wenna", "Edda", "Botolph", "Mary", "Helen", "Peter", "Hybald", "Oswald", "Margaret")
PARKS = ("Victoria", "Priory", "Marsh", "Jubilee", "Beacon", "Long", "Castle", "West")
KIND = {"city": "city", "town": "town"}


def _closed(sheet: Sheet, ring: FloatArray, tags: Tags) -> None:
    nodes = sheet.nodes(ring[:-1])
    sheet.way(np.append(nodes, nodes[0]), tags)


def _outlines(sheet: Sheet, shape: shapely.Geometry, tags: Tags, smallest_m2: float) -> None:
    for part in shapely.get_parts(shape):
        if shapely.area(part) >= smallest_m2:
            _closed(sheet, shapely.get_coordinates(shapely.get_exterior_ring(part)), tags)


def shore(sheet: Sheet, terrain: Terrain) -> None:
    """Draw the coastline, land on its left, and the rivers."""
    west, south, east, north = terrain.outer()
    ring = shapely.get_coordinates(
        shapely.get_exterior_ring(shapely.orient_polygons(shapely.simplify(terrain.land, 1.5)))
    )[:-1]
    seen = (ring[:, 0] > west) & (ring[:, 1] > south - 2_500) & (ring[:, 1] < north + 2_500)
    start = int(np.flatnonzero(~seen)[0])
    ring, seen = np.roll(ring, -start, axis=0), np.roll(seen, -start)
    for run in np.split(
        np.flatnonzero(seen), np.flatnonzero(np.diff(np.flatnonzero(seen)) > 1) + 1
    ):
        for first in range(0, len(run) - 1, 180):
            refs = run[first : first + 181]
            if first == 0:
                nodes = sheet.nodes(ring[refs])
            else:
                nodes = np.append(nodes[-1], sheet.nodes(ring[refs[1:]]))
            sheet.way(nodes, {"natural": "coastline"})
    frame = shapely.box(west, south, east, north)
    _outlines(
        sheet,
        shapely.intersection(terrain.water, frame),
        {"natural": "water", "water": "river"},
        400.0,
    )
    for at, line in enumerate(terrain.rivers):
        course = shapely.get_coordinates(shapely.simplify(shapely.intersection(line, frame), 1.0))
        name = "River Wex" if at == 0 else f"River {('Neth', 'Skerne', 'Ulls', 'Yarrow')[at % 4]}"
        sheet.way(sheet.nodes(course), {"waterway": "river", "name": name})


def railways(sheet: Sheet, terrain: Terrain) -> None:
    """Draw the railways through the level crossings of the streets."""
    west, south, east, north = terrain.outer()
    frame = shapely.box(west, south, east, north)
    crossings = np.array(
        [n for n, tags in sheet.node_tags.items() if tags.get("railway") == "level_crossing"],
        dtype=np.int64,
    )
    points = sheet.points()
    for line in terrain.rails:
        seen = shapely.simplify(shapely.intersection(line, frame), 0.8)
        course = shapely.get_coordinates(seen)
        along = shapely.line_locate_point(seen, shapely.points(course))
        nodes = sheet.nodes(course)
        spots = shapely.points(points[crossings])
        mine = crossings[shapely.distance(seen, spots) < 6.0]
        at = shapely.line_locate_point(seen, shapely.points(points[mine]))
        order = np.argsort(np.concatenate([along, at]), kind="stable")
        sheet.way(np.concatenate([nodes, mine])[order], {"railway": "rail", "usage": "main"})


def ground(draft: Draft) -> None:
    """Draw parks, ponds, woods and the use of the land."""
    rng = np.random.default_rng([draft.terrain.seed, 81])
    sheet, seeds, shapes = draft.sheet, draft.seeds, draft.blocks.shape
    luck = rng.random(len(shapes))
    built: dict[int, list[shapely.Geometry]] = {}
    for at, style in enumerate(seeds.style):
        shape = shapes[at]
        if shape is None:
            continue
        if style == "park":
            name = f"{PARKS[at % len(PARKS)]} Park"
            tags = (
                {"leisure": "park", "name": name}
                if luck[at] < 0.8
                else {"landuse": "recreation_ground"}
            )
            _outlines(sheet, shapely.buffer(shape, -8.0, quad_segs=2), tags, 1_500.0)
        elif style == "industrial":
            _outlines(
                sheet, shapely.buffer(shape, -6.0, quad_segs=2), {"landuse": "industrial"}, 1_500.0
            )
        elif style == "field" and luck[at] < 0.05:
            _outlines(
                sheet,
                shapely.buffer(shapely.buffer(shape, -60.0), 25.0, quad_segs=3),
                {"natural": "wood"},
                8_000.0,
            )
        elif seeds.place[at] >= 0:
            built.setdefault(int(seeds.place[at]), []).append(shape)
    for place in sorted(built):
        _outlines(
            sheet, shapely.coverage_union_all(built[place]), {"landuse": "residential"}, 5_000.0
        )


def named(sheet: Sheet, draft: Draft, areas: Areas, codes: Postcodes) -> None:
    """Put the names of places and suburbs on the map."""
    for place in draft.places:
        kind = KIND.get(place.kind, "suburb" if place.kind == "estate" else "village")
        if place.name == "Ferrowby Road End":
            kind = "village"
        node = int(sheet.nodes(np.array([place.x, place.y]))[0])
        sheet.node_tags[node] = {"place": kind, "name": place.name, "population": str(place.people)}
    ward_of_code = areas.ward_of_area[areas.area_of_small[codes.small]]
    cities = {at for at, place in enumerate(draft.places) if place.kind == "city"}
    for ward, name in enumerate(areas.ward_name):
        mine = areas.place_of_area[areas.ward_of_area == ward]
        if int(np.bincount(mine).argmax()) in cities:
            homes = np.flatnonzero(ward_of_code == ward)
            spot = np.array([codes.x[homes].mean(), codes.y[homes].mean()])
            sheet.node_tags[int(sheet.nodes(spot)[0])] = {"place": "suburb", "name": name}


def amenities(
    sheet: Sheet, draft: Draft, areas: Areas, codes: Postcodes, nurseries: list[Nursery]
) -> None:
    """Put nurseries, schools, surgeries and the like on the map."""
    rng = np.random.default_rng([draft.terrain.seed, 82])
    spots = np.column_stack([codes.x, codes.y])
    for nursery in nurseries:
        if nursery.at >= 0 and nursery.active and nursery.postcode == codes.name[nursery.at]:
            node = int(sheet.nodes(spots[nursery.at] + 3.0)[0])
            sheet.node_tags[node] = {"amenity": "kindergarten", "name": nursery.name}
    people = float(codes.homes.sum()) * 2.35
    for kind, pattern, per in AMENITIES:
        picks = rng.choice(len(spots), max(1, round(people / per)), replace=False)
        for node, at in zip(sheet.nodes(spots[picks] + 4.0), picks.tolist(), strict=True):
            area = int(areas.area_of_small[codes.small[at]])
            ward = areas.ward_name[int(areas.ward_of_area[area])].split(" ")
            word = " ".join(ward[: 2 if ward[0] == "St" else 1])
            if kind == "pub":
                word = SIGNS[at % len(SIGNS)]
            elif kind == "place_of_worship":
                word = SAINTS[at % len(SAINTS)]
            sheet.node_tags[int(node)] = {"amenity": kind, "name": pattern.format(word)}


def stations(sheet: Sheet, draft: Draft) -> None:
    """Put a station where a railway passes a town."""
    for line in draft.terrain.rails:
        for place in draft.places:
            spot = shapely.points(place.x, place.y)
            if place.kind in ("city", "town") and shapely.distance(line, spot) < 1_100:
                at = shapely.line_interpolate_point(line, shapely.line_locate_point(line, spot))
                node = int(sheet.nodes(shapely.get_coordinates(at))[0])
                sheet.node_tags[node] = {"railway": "station", "name": place.name}

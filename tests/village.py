"""
A village so small that every figure of a study of it can be worked out on paper.

One street runs east; a lane leads north from it. Homes and nurseries stand on the street, and at
4.8 km/h 80 metres are a minute, so that a place 920 m along is 11½ minutes away.

     Moor ┌────┐ no street within 500 m
          └────┘
               │ Mill Lane, 400 m
     ┌─────────┼┬──────────┬──────────┬──────────┬──────────┐
    ─A─────────┴┼─c────────┼─s──e─────┼──────────┼────O─────┼─  High Street, 4 km
     └──────────┴──────────┴──────────┴──────────┴──────────┘
        West        Mid       East        Far      Neighbour (another authority)

    A Acorns, 80 m along, 40 places        O Oaks, 3680 m along, 20 places, across the border
    e Elms, closed     s School's Out, for children from 5 to 11     Hidden: no known place

    output areas (half an area each) and their homes:   children   minutes to A   to O   nearest
      West       200 m along                             20          1.5          …       1.5
                 600                                     20          6.5          …       6.5
      Mid       1000                                     20         11.5          …      11.5
                1400 (twice the residents)               40         16.5          …      16.5
      East      1800                                     15         21.5         23.5    21.5
                2200                                     15         26.5         18.5    18.5
      Far       2600                                     10          …           13.5    13.5
                2920 (its one live home postcode)        10          …            9.5     9.5
      Moor      -                                        10         no network

So 70 of the 150 children with streets live beyond 15 minutes: 40 of Mid's 60 and all 30 of East.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from pyproj import Transformer

from geoengine import analysis, intake, publish
from geoengine.store import Cache, Results
from geoengine.study import load

TO_DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
EAST, NORTH = 400_000, 300_000
SIDE = 800
WEST, MID, EASTERN, FAR, NEIGHBOUR, MOOR = (f"E0109900{at}" for at in range(1, 7))
OURS, THEIRS = "E06000099", "E06000098"
NAMES = {
    WEST: "West",
    MID: "Mid",
    EASTERN: "East",
    FAR: "Far",
    NEIGHBOUR: "Neighbour",
    MOOR: "Moor",
}
CORNERS = {
    WEST: (0, -400),
    MID: (800, -400),
    EASTERN: (1600, -400),
    FAR: (2400, -400),
    NEIGHBOUR: (3200, -400),
    MOOR: (40, 1600),
}
"""South-west corner of each area, metres from the start of the street."""

DEPRIVATION = f"""LSOA21CD,IMD_rank,IMD_decile
{WEST},100,1
{MID},200,1
{EASTERN},4000,2
{FAR},26000,8
{NEIGHBOUR},17000,6
{MOOR},300,1
"""
POPULATION = f"""LSOA21CD,0-4,Total
{WEST},40,1500
{MID},60,1500
{EASTERN},30,1500
{FAR},20,1500
{NEIGHBOUR},50,1500
{MOOR},10,1500
"""
POSTCODES = f"""pcds,oseast1m,osnrth1m,doterm,usertype,lsoa21cd
ZZ1 1AA,{EAST + 3680},{NORTH},,1,{NEIGHBOUR}
ZZ1 1AB,{EAST + 2920},{NORTH},,0,{FAR}
ZZ1 1AD,{EAST + 3120},{NORTH},202001,0,{FAR}
"""
PROVISION = f"""id,name,places,status,age_from,age_to,easting,northing,postcode
n1,Acorns,40,Active,0,4,{EAST + 80},{NORTH},
n2,Oaks,20,Active,0,4,,,ZZ1 1AA
n3,Elms,30,Closed,0,4,{EAST + 2000},{NORTH},
n4,School’s Out,24,Active,5,11,{EAST + 1800},{NORTH},
n5,Hidden,10,Active,0,4,,,ZZ9 9ZZ
"""
STREET = {"highway": "residential"}
STREETS: tuple[tuple[list[tuple[float, float]], dict[str, str]], ...] = (
    ([(at, 0) for at in range(0, 4001, 400)], {**STREET, "name": "High Street"}),
    ([(400, 0), (400, 400)], {**STREET, "name": "Mill Lane"}),
)
"""Each street's points, metres from the start of the High Street, and its tags."""

STUDY: dict[str, dict[str, Any]] = {
    "study": {"title": "Village", "place": "Village", "authority": OURS, "invented": True},
    "boundaries": {"areas": "areas.geojson", "small_areas": "oa.geojson", "as_of": "2021"},
    "deprivation": {"file": "imd.csv", "as_of": "2025"},
    "population": {"file": "people.csv", "as_of": "mid-2024"},
    "postcodes": {"file": "postcodes.csv"},
    "streets": {"file": "streets.osm.pbf", "as_of": "2025"},
    "provision": {
        "file": "nurseries.csv",
        "service": "nursery",
        "plural": "nurseries",
        "as_of": "2025",
    },
}


def degrees(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return metres from the start of the street as longitude and latitude."""
    metres = np.array(points, dtype=float)
    there = TO_DEGREES.transform(metres[:, 0] + EAST, metres[:, 1] + NORTH)
    return [(float(x), float(y)) for x, y in np.column_stack(there)]


def box(x: float, y: float, wide: float, high: float) -> dict[str, Any]:
    ring = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)]
    return {"type": "Polygon", "coordinates": [degrees(ring)]}


def collection(features: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": shape}
                for properties, shape in features
            ],
        }
    )


def areas(
    codes: Mapping[str, str] | None = None, *, column: str = "LSOA21CD", where: Any = CORNERS
) -> str:
    """Return the areas as GeoJSON, under other codes if asked."""
    spelled = codes or {}
    return collection(
        [
            (
                {
                    column: spelled.get(code, code),
                    "LSOA21NM": NAMES[code],
                    "LAD24CD": THEIRS if code == NEIGHBOUR else OURS,
                },
                box(corner[0], corner[1], SIDE, SIDE),
            )
            for code, corner in where.items()
        ]
    )


def small_areas() -> str:
    """Return two output areas to each area, its western and its eastern half."""
    halves = [(code, half) for code in CORNERS for half in (0, 1)]
    return collection(
        [
            (
                {
                    "OA21CD": f"E0009900{at}" if at < 10 else f"E000990{at}",
                    "LSOA21CD": code,
                    "people": 1000 if (code, half) == (MID, 1) else 500,
                },
                box(CORNERS[code][0] + half * SIDE / 2, CORNERS[code][1], SIDE / 2, SIDE),
            )
            for at, (code, half) in enumerate(halves)
        ]
    )


def write_streets(
    path: Path,
    streets: Sequence[tuple[list[tuple[float, float]], dict[str, str]]] = STREETS,
    *,
    nodes: Mapping[tuple[float, float], dict[str, str]] | None = None,
) -> Path:
    """
    Write streets as an OpenStreetMap extract; those that share a point meet there.

    `nodes` are points with tags, on a street or not. A closed ring is a closed way.
    """
    tagged = nodes or {}
    points = sorted({*(point for line, _ in streets for point in line), *tagged})
    number = {point: at + 1 for at, point in enumerate(points)}
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(path))
    try:
        for point, place in zip(points, degrees(points), strict=True):
            writer.add_node(
                osmium.osm.mutable.Node(
                    id=number[point], location=place, tags=tagged.get(point, {}), version=1
                )
            )
        for at, (line, tags) in enumerate(streets):
            writer.add_way(
                osmium.osm.mutable.Way(
                    id=at + 1, nodes=[number[point] for point in line], tags=tags, version=1
                )
            )
    finally:
        writer.close()
    return path


def toml(sections: Mapping[str, Mapping[str, Any]]) -> str:
    def value(of: Any) -> str:
        if isinstance(of, dict):
            return "{" + ", ".join(f"{json.dumps(k)} = {value(v)}" for k, v in of.items()) + "}"
        return json.dumps(of, ensure_ascii=False)

    return "\n".join(
        f"[{name}]\n" + "\n".join(f"{key} = {value(of)}" for key, of in section.items()) + "\n"
        for name, section in sections.items()
    )


def write(
    folder: Path,
    *,
    files: Mapping[str, str | bytes] | None = None,
    ways: Sequence[tuple[list[tuple[float, float]], dict[str, str]]] = STREETS,
    nodes: Mapping[tuple[float, float], dict[str, str]] | None = None,
    **study: dict[str, Any] | None,
) -> Path:
    """
    Write the village's files, and return its study.

    Parameters
    ----------
    folder
        Where to; made if need be.
    files
        What stands in a file instead of what usually does, by its name.
    ways, nodes
        For `write_streets`.
    study
        Settings to change, by section; `None` as a value takes a setting away, `None` as a
        section the section.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content: dict[str, str | bytes] = {
        "areas.geojson": areas(),
        "oa.geojson": small_areas(),
        "imd.csv": DEPRIVATION,
        "people.csv": POPULATION,
        "postcodes.csv": POSTCODES,
        "nurseries.csv": PROVISION,
    }
    write_streets(folder / "streets.osm.pbf", ways, nodes=nodes)
    for name, held in (content | dict(files or {})).items():
        (folder / name).write_bytes(held.encode() if isinstance(held, str) else held)
    path = folder / "study.toml"
    path.write_text(study_text(**study), encoding="utf-8")
    return path


def study_text(**study: dict[str, Any] | None) -> str:
    """Return the village's study with settings changed as `write` says."""
    sections: dict[str, dict[str, Any]] = {}
    for name in [*STUDY, *(section for section in study if section not in STUDY)]:
        changed = study.get(name, {})
        if changed is not None:
            merged = {**STUDY.get(name, {}), **changed}
            sections[name] = {key: of for key, of in merged.items() if of is not None}
    return toml(sections)


def quiet(step: str, done: int, total: int) -> None:
    """Take no notice of progress."""


def analyse(folder: Path, **changes: Any) -> analysis.Analysis:
    """Write a changed village, and find what there is to find in it."""
    study = load(write(folder, **changes))
    inputs = intake.read(study, quiet)
    grounds = analysis.join(study, inputs, Cache(folder / "cache"), quiet)
    return analysis.find(study, inputs, grounds, quiet)


def run(folder: Path, **changes: Any) -> Results:
    """Write a changed village, and publish what there is to find in it."""
    study = load(write(folder, **changes))
    return publish.run(study, folder / "out", Cache(folder / "cache"), quiet)

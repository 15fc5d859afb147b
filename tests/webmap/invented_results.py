"""A small results folder, drawn by hand: thirty invented areas, their streets and nurseries."""

import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Transformer

from geoengine import live
from geoengine.network import snapping
from geoengine.network.streets import from_edges

RUN = "0123456789ab"
ACROSS, DOWN = 6, 5
WEST, SOUTH = 0.9, 53.62
STREET_M = 150.0
STATUSES = ("underserved", "reached", "not_deprived", "not_covered", "unknown")
STATUS_LABELS = {
    "underserved": "Deprived, and more than 15 minutes away",
    "reached": "Deprived, and within 15 minutes",
    "not_deprived": "Not among the most deprived",
    "not_covered": "Not covered by the street map",
    "unknown": "Deprivation unknown",
}
STATES = ("not_covered", "unknown", "unreachable")
MINUTE_CLASSES = ("0-5", "5-10", "10-15", "15-20", "20-30", "30-45", "45-60", "60-")
NAMES = (
    "Old Quay", "Saltergate", "Mill Road", "Station Town", "Ropewalk", "North Strand",
    "Fenhouses", "Castle Hill", "Abbey Fields", "Market", "Lock Gardens", "Gasworks Lane",
    "Thornby East", "Thornby West", "Priory Park", "Weir End", "Tannery", "Dock Estate",
    "Long Acre", "Wexholme", "Hollin Bank", "The Crescent", "Ferry Reach", "Marsh View",
    "Upper Keld", "Ashby Rise", "Keld Green", "Sandhills", "Pier", "Beacon Point",
)  # fmt: skip

HEALTH = [
    {"level": "good", "topic": "Streets", "sentence": "every home is near a street of the map."},
    {"level": "warning", "topic": "Unplaced", "sentence": "4 nurseries can’t be put on the map."},
]


def place(across: float, down: float) -> list[float]:
    """Bend a point of a grid into a coast, as longitude and latitude."""
    bend = 0.18 * math.sin(down * 1.9) + 0.12 * math.sin(across * 2.3 + 1)
    lift = 0.2 * math.sin(across * 1.7) + 0.1 * math.cos(down * 2.7)
    return [round(WEST + (across + bend) * 0.018, 6), round(SOUTH + (down + lift) * 0.011, 6)]


def edge(start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> list[list[float]]:
    """Bend a straight line of the grid, without its end."""
    return [
        place(
            start[0] + (end[0] - start[0]) * step / steps,
            start[1] + (end[1] - start[1]) * step / steps,
        )
        for step in range(steps)
    ]


def ring(corners: list[tuple[float, float]]) -> list[list[float]]:
    """Bend a ring of the grid."""
    points: list[list[float]] = []
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        points += edge(start, end)
    return [*points, points[0]]


def status_of(at: int) -> str:
    """Return an area's status: six underserved, most not deprived, and one of each state."""
    if at == 24:
        return "not_covered"
    if at == 5:
        return "unknown"
    if at in (0, 1, 11, 16, 17, 22):
        return "underserved"
    return "reached" if at in (2, 3, 10, 12, 18) else "not_deprived"


def minute_class(minutes: float) -> str:
    """Return the class of a time."""
    for key in MINUTE_CLASSES:
        upper = key.split("-")[1]
        if not upper or minutes <= float(upper):
            return key
    raise AssertionError


def minute_line(key: str) -> tuple[str, str, bool]:
    """Return a class of minutes: key, label, whether it is a state."""
    if key == "unreachable":
        return key, "No way to walk there", True
    lower, upper = key.split("-")
    return key, f"{lower} to {upper} minutes" if upper else f"more than {lower} minutes", False


def area_rows() -> list[dict[str, Any]]:
    """Return each area's values, the underserved first."""
    rows = []
    for at, name in enumerate(NAMES):
        status = status_of(at)
        decile = (
            None if status == "unknown" else (1 + at % 2 if status in STATUSES[:2] else 3 + at % 8)
        )
        children = 60 + (at * 37) % 90
        far = {"underserved": 0.84, "reached": 0.0, "not_deprived": (at % 5) / 10}.get(status)
        minutes = {"underserved": 17.25 + at, "reached": 6.5, "not_deprived": 4.0 + at % 13}.get(
            status
        )
        rows.append(
            {
                "id": f"E019900{at:02d}",
                "name": name,
                "ward_name": f"{NAMES[at // 6]} ward",
                "status": status,
                "decile": decile,
                "rank": None if decile is None else decile * 3375 - at * 11,
                "children": children,
                "children_beyond": None if far is None else round(children * far),
                "share_beyond": far,
                "minutes_median": minutes,
                "minutes_worst": None if minutes is None or at == 17 else minutes + 6,
                "nearest_id": None if minutes is None else f"N{at % 5}",
                "nearest_name": None if minutes is None else f"Nursery {at % 5}",
                "places_per_100": round(20 + at * 1.7, 1),
                "coverage": 0.31 if status == "not_covered" else 1.0,
                "children_unknown": 0,
                "sentence": (
                    f"{name} has {children} children under 5; it is {status.replace('_', ' ')}."
                ),
            }
        )
    return sorted(rows, key=lambda row: STATUSES.index(row["status"]))


COLUMNS = [
    ("name", "Area", ""), ("ward_name", "Ward", ""), ("status", "Status", ""),
    ("decile", "Deprivation decile", ""), ("rank", "Deprivation rank", ""),
    ("children", "Children under 5", ""), ("children_beyond", "Children beyond 15 minutes", ""),
    ("share_beyond", "Share beyond", "share"), ("minutes_median", "Walk, median", "minutes"),
    ("minutes_worst", "Walk, longest", "minutes"), ("nearest_id", "Nearest, id", ""),
    ("nearest_name", "Nearest nursery", ""), ("places_per_100", "Places per 100 children", ""),
    ("coverage", "Streets mapped", "share"), ("children_unknown", "Children not placed", ""),
    ("sentence", "In a sentence", ""),
]  # fmt: skip


class Folder:
    """
    Write a results folder, layer by layer.

    Parameters
    ----------
    folder
        Where to.
    run
        The run's name.
    rename
        Turns each name of a feature into the one to be written.
    """

    def __init__(self, folder: Path, run: str, rename: Callable[[str], str]) -> None:
        self.folder = folder
        self.run = folder / f"run-{run}"
        self.run.mkdir(parents=True)
        self.rename = rename
        self.layers: list[dict[str, Any]] = []

    def layer(
        self,
        layer_id: str,
        title: str,
        lines: list[tuple[str, str, bool]],
        rows: list[dict[str, Any]],
        shapes: list[dict[str, Any]] | None,
        columns: list[tuple[str, str, str]],
        **entry: Any,
    ) -> None:
        """Write one layer's files and keep its description."""
        keys = [row["class_key"] for row in rows]
        names = {"name": [self.rename(str(row["name"])) for row in rows]}
        values = {name: [row[name] for row in rows] for name, _, _ in columns} | names
        people = entry.get("people", "")
        points = [point for shape in shapes or () for point in flat(shape["coordinates"])]
        self.layers.append(
            {
                "layer_id": layer_id,
                "title": title,
                "question": f"{title}: what does it show?",
                "geometry": "polygon",
                "value": "class_key",
                "unit": "",
                "palette": "status",
                "classes": [
                    {
                        "key": key,
                        "label": label,
                        "lower": None,
                        "upper": None,
                        "state": state,
                        "features": keys.count(key),
                        "people": float(sum(row[people] for row in rows if row["class_key"] == key))
                        if people
                        else None,
                    }
                    for key, label, state in lines
                ],
                "columns": [
                    {"name": name, "title": title, "unit": unit} for name, title, unit in columns
                ],
                "sentence": "",
                "people": "",
                "people_title": "",
                "attribution": ["Invented for this map.", "© OpenStreetMap contributors"],
                "method": "Walking time along streets to the nearest nursery, in minutes.",
                "findings": [],
                "as_of": {"streets": "November 2026", "nurseries": "August 2026"},
                "features": len(rows),
                "bounds": box(points) if points else None,
                "shapes": None,
            }
            | entry
        )
        ids = [row["id"] for row in rows]
        self.write(f"{layer_id}.values.json", {"ids": ids, "class_key": keys, "columns": values})
        if shapes is not None:
            features = [
                {"type": "Feature", "id": feature_id, "properties": {}, "geometry": shape}
                for feature_id, shape in zip(ids, shapes, strict=True)
            ]
            name = hashlib.sha256(json.dumps(features).encode()).hexdigest()[:16]
            self.layers[-1]["shapes"] = name
            self.write(f"{name}.geometry.json", {"type": "FeatureCollection", "features": features})

    def write(self, name: str, content: Any) -> None:
        """Write a file of the run."""
        (self.run / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    def finish(self, summary: dict[str, Any]) -> None:
        """Write the list of layers, then the summary, which makes the run stand."""
        self.write("layers.json", self.layers)
        fresh = self.folder / "summary.json.new"
        fresh.write_text(json.dumps(summary, ensure_ascii=False), encoding="utf-8")
        fresh.replace(self.folder / "summary.json")


def flat(coordinates: Any) -> list[list[float]]:
    """Return the points of nested coordinates."""
    if isinstance(coordinates[0], float):
        return [coordinates]
    return [point for part in coordinates for point in flat(part)]


def box(points: list[list[float]]) -> list[float]:
    """Return the west, south, east and north of points."""
    lon, lat = [point[0] for point in points], [point[1] for point in points]
    return [min(lon), min(lat), max(lon), max(lat)]


def write_results(
    folder: Path, *, run: str = RUN, rename: Callable[[str], str] = str
) -> dict[str, Any]:
    """
    Write the folder.

    Returns
    -------
    dict
        Its summary.
    """
    out = Folder(folder, run, rename)
    write_areas(out)
    write_places(out)
    write_minutes(out)
    write_doorsteps(out)
    out.write("basemap.json", basemap())
    out.write("health.json", HEALTH)
    summary = summarise(run, rename)
    out.finish(summary)
    return summary


def write_streets(folder: Path, *, run: str = RUN) -> None:
    """Write streets every 150 m under the middle of the county, with a child at every crossing."""
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    west, south = to_metres.transform(*place(1, 1))
    east, north = to_metres.transform(*place(5, 4))
    columns, rows = int((east - west) / STREET_M), int((north - south) / STREET_M)
    across, up = np.meshgrid(np.arange(columns), np.arange(rows))
    at = (up * columns + across).astype(np.int64)
    tail = np.concatenate((at[:, :-1].ravel(), at[:-1].ravel()))
    head = np.concatenate((at[:, 1:].ravel(), at[1:].ravel()))
    x_m, y_m = west + across.ravel() * STREET_M, south + up.ravel() * STREET_M
    seconds = np.full(len(tail), STREET_M * 3.6 / 4.8)
    network = from_edges(x_m, y_m, tail, head, seconds, crs="EPSG:27700")
    index = snapping.grid(network)
    homes = snapping.snap(network, index, x_m, y_m, limit_m=250)
    facts = {
        "journeys": {"walk": "walk", "cycle": "cycle ride"},
        "people": "children under 5",
        "direction": "to",
        "limit_m": 250.0,
    }
    at_12_kph = from_edges(x_m, y_m, tail, head, seconds * 4.8 / 12, mode="cycle")
    streets = {
        "walk": live.Streets(network, index, homes),
        "cycle": live.Streets(
            at_12_kph, index, snapping.snap(at_12_kph, index, x_m, y_m, limit_m=250)
        ),
    }
    everybody = np.ones(len(x_m))
    kept = live.LiveReach(streets, x_m, y_m, everybody, 9 * everybody, facts)
    live.write(kept, folder / f"run-{run}")


def write_areas(out: Folder) -> None:
    """Write the layers drawn as areas."""
    rows = area_rows()
    shapes = []
    for row in rows:
        at = int(row["id"][-2:])
        x, y = at % ACROSS, at // ACROSS
        corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
        shapes.append(
            {"type": "Polygon", "coordinates": [ring([(float(a), float(b)) for a, b in corners])]}
        )
    people = {"people": "children", "people_title": "children under 5", "sentence": "sentence"}
    for row in rows:
        row["class_key"] = row["status"]
    lines = [(key, STATUS_LABELS[key], key in STATES) for key in STATUSES]
    out.layer(
        "underserved", "Underserved areas", lines, rows, shapes, COLUMNS,
        value="status", unit="status", **people,
    )  # fmt: skip
    deciles = [
        dict(row, class_key=f"d{row['decile']}" if row["decile"] else "unknown") for row in rows
    ]
    lines = [(f"d{decile}", f"Decile {decile}", False) for decile in range(1, 11)]
    out.layer(
        "areas", "Deprivation", [*lines, ("unknown", "Unknown", True)], deciles, shapes,
        [*COLUMNS[:2], *COLUMNS[3:6], COLUMNS[-1]], value="decile", unit="decile",
        palette="deprivation", **people,
    )  # fmt: skip


def write_places(out: Folder) -> None:
    """Write the nurseries, those that can't be placed, and their catchments."""
    kinds = ["eligible"] * 5 + ["not_eligible"] * 2 + ["outside"]
    rows = [
        {
            "id": f"N{at}",
            "name": f"Nursery {at}",
            "class_key": kind,
            "why": kind,
            "capacity": None if at == 3 else 20 + 6 * at,
            "age_from": 2.0,
            "age_to": 4.0,
            "abroad": kind == "outside",
            "sentence": f"Nursery {at} is {kind.replace('_', ' ')}.",
        }
        for at, kind in enumerate(kinds)
    ]
    shapes = [
        {"type": "Point", "coordinates": place(0.7 + at * 0.71, 0.8 + (at * 1.37) % 3.9)}
        for at in range(len(rows))
    ]
    lines = [
        ("eligible", "Counted: open, with places for under-fives", False),
        ("not_eligible", "Not counted", False),
        ("outside", "Counted, across the border", False),
    ]
    columns = [
        ("name", "Nursery", ""),
        ("why", "Counted?", ""),
        ("capacity", "Places", ""),
        ("age_from", "Youngest age", ""),
        ("age_to", "Oldest age", ""),
        ("abroad", "Across the border", ""),
        ("sentence", "In a sentence", ""),
    ]
    out.layer(
        "provision", "Nurseries", lines, rows, shapes, columns,
        geometry="point", palette="services", value="why", sentence="sentence",
    )  # fmt: skip
    unplaced = [
        {
            "id": f"row {at}",
            "name": f"Childminder {at}",
            "class_key": "unplaced",
            "capacity": 6,
            "unplaced_reason": "The register hides the address",
        }
        for at in range(4)
    ]
    out.layer(
        "unplaced", "Not on the map", [("unplaced", "Not placed", False)],
        unplaced, None,
        [("name", "Setting", ""), ("capacity", "Places", ""), ("unplaced_reason", "Why", "")],
        geometry="none", palette="catchments",
    )  # fmt: skip
    halves = [
        {
            "type": "Polygon",
            "coordinates": [ring([(a, 0.0), (a + 1.2, 0.0), (a + 1.2, 5.0), (a, 5.0)])],
        }
        for a in (0.0, 1.2, 2.4, 3.6, 4.8)
    ]
    catchments = [dict(row, class_key="catchment") for row in rows[:5]]
    out.layer(
        "catchments", "Catchments",
        [("catchment", "Ground to which one nursery is the nearest", False)], catchments,
        halves, columns, palette="catchments", sentence="sentence", value="name",
    )  # fmt: skip


def write_minutes(out: Folder) -> None:
    """Write the layers of minutes: cells, streets and isochrones."""
    columns = [
        ("name", "Place", ""),
        ("minutes_mean", "Average time", "minutes"),
        ("children", "Children under 5", ""),
    ]
    lines = [minute_line(key) for key in (*MINUTE_CLASSES, "unreachable")]
    cells, hexagons = [], []
    for down in range(20):
        for across in range(21):
            x, y = across * 0.28 + (down % 2) * 0.14 + 0.1, down * 0.245 + 0.15
            lost = across > 18 and down > 16
            minutes = None if lost else round(abs(x - 2.2) * 13 + abs(y - 2.1) * 9, 2)
            corner = [
                place(
                    x + 0.155 * math.sin(turn * math.pi / 3),
                    y + 0.165 * math.cos(turn * math.pi / 3),
                )
                for turn in range(6)
            ]
            key = "unreachable" if minutes is None else minute_class(minutes)
            name = f"8a19{across:02d}{down:02d}ff"
            cells.append(
                {
                    "id": name,
                    "name": name,
                    "class_key": key,
                    "minutes_mean": minutes,
                    "children": (across * down) % 7,
                }
            )
            hexagons.append({"type": "Polygon", "coordinates": [[*corner, corner[0]]]})
    shared = {
        "value": "minutes_mean",
        "unit": "minutes",
        "palette": "minutes",
        "people_title": "children under 5",
        "people": "children",
    }
    out.layer("cells", "Minutes by cell", lines, cells, hexagons, columns, **shared)
    streets = []
    for at, key in enumerate((*MINUTE_CLASSES, "unreachable")):
        row = {
            "id": f"streets {key}",
            "name": f"Streets {key}",
            "class_key": key,
            "minutes_mean": None if key == "unreachable" else at * 5.0,
            "children": 10 * at,
        }
        streets.append(row)
    shapes = [
        {
            "type": "MultiLineString",
            "coordinates": [
                [*edge((0.3, at * 0.5 + side), (5.7, at * 0.5 + side), 40)] for side in (0.2, 0.4)
            ],
        }
        for at in range(len(streets))
    ]
    out.layer(
        "streets", "Minutes by street", lines, streets, shapes, columns, geometry="line", **shared
    )
    bands = [("0-5", 0.35), ("5-10", 0.7), ("10-15", 1.1)]
    rows, shapes = [], []
    for nursery in range(3):
        for key, size in reversed(bands):
            name = f"Nursery {nursery}, {key} minutes"
            rows.append(
                {
                    "id": f"N{nursery}/{key}",
                    "name": name,
                    "class_key": key,
                    "minutes_mean": float(key.split("-")[1]),
                    "children": 12,
                }
            )
            x, y = 1.2 + nursery * 1.8, 1.4 + nursery * 0.9
            turns = [turn * math.pi / 12 for turn in range(24)]
            round_about = [
                place(x + size * math.cos(turn), y + size * math.sin(turn)) for turn in turns
            ]
            shapes.append({"type": "Polygon", "coordinates": [[*round_about, round_about[0]]]})
    out.layer(
        "isochrones", "Walks from each nursery", [minute_line(key) for key, _ in bands],
        rows, shapes, columns, **shared,
    )  # fmt: skip


def status_at(row: dict[str, Any], minute: int) -> int:
    """Return the place in `STATUSES` of an area at another threshold."""
    if row["status"] in ("not_covered", "unknown", "not_deprived"):
        return STATUSES.index(row["status"])
    return int(minute >= row["minutes_median"])


def write_doorsteps(out: Folder) -> None:
    """Write three postcodes, what each and the first areas have in reach, and the areas' curves."""
    rows = {row["id"]: row for row in area_rows()}
    out.write(
        "postcodes.json",
        {
            "postcode": ["XW1 1AA", "XW1 1AB", "XW1 1AD", "XW1 1AE"],
            "longitude": [0.9504, 0.96, 0.97, 0.98],
            "latitude": [53.6475, 53.65, 53.65, 53.65],
            "area_code": ["E01990000", "E01990001", "E01990002", None],
            "minutes": [7.4, 17.3, None, None],
            "provision_id": ["N1", "N0", None, None],
            "state": ["measured", "measured", "no network", "ended"],
        },
    )
    out.write(
        "curves.json",
        {
            "minutes": list(range(61)),
            "beyond": {
                code: [
                    row["children"] if minute < (row["minutes_median"] or 0) else 0
                    for minute in range(61)
                ]
                for code, row in rows.items()
                if row["children_beyond"] is not None
            },
            "unknown": {},
            "status": {
                code: "".join(str(status_at(row, minute)) for minute in range(61))
                for code, row in rows.items()
            },
        },
    )
    out.write("in_reach.json", {"E01990000": [["N1", 40.0, 7.4], ["N3", 12.5, 14.0]]})
    pairs = {"from_id": ["XW1 1AA"] * 2, "to_id": ["N3", "N1"], "travel_time_min": [14.0, 7.4]}
    pd.DataFrame(pairs).to_parquet(out.run / "travel_times.parquet", index=False)


def add_minutes(folder: Path, *, run: str = RUN) -> None:
    """Add two layers to a folder: minutes on foot and by cycle, of the first five areas."""
    out = folder / f"run-{run}"
    layers = json.loads((out / "layers.json").read_text(encoding="utf-8"))
    held = json.loads((out / "underserved.values.json").read_text(encoding="utf-8"))
    columns = [("name", "Area", ""), ("minutes_state", "State", ""),
               ("children", "Children under 5", "people")]  # fmt: skip
    for name, title, minutes in (
        ("walk", "Time on foot", (10.0, 20.0, None, 30.0, 12.0)),
        ("cycle", "Time by cycle", (4.0, 26.0, 9.0, None, 12.02)),
    ):
        others = len(held["ids"]) - len(minutes)
        states = ["measured" if each is not None else "unreachable" for each in minutes]
        kept = {each: held["columns"][each] for each in ("name", "children", "sentence")}
        kept |= {
            "minutes": [*minutes, *[None] * others],
            "minutes_state": [*states, *["not covered"] * others],
        }
        shown = [columns[0], ("minutes", title, "minutes"), *columns[1:]]
        layers.append(
            layers[0]
            | {"layer_id": f"minutes_{name}", "title": title, "value": "minutes", "unit": "minutes"}
            | {
                "columns": [
                    dict(zip(("name", "title", "unit"), each, strict=True)) for each in shown
                ]
            }
        )
        values = {"ids": held["ids"], "class_key": held["class_key"], "columns": kept}
        (out / f"minutes_{name}.values.json").write_text(json.dumps(values), encoding="utf-8")
    (out / "layers.json").write_text(json.dumps(layers), encoding="utf-8")


def basemap() -> dict[str, Any]:
    """Return the base map: sea, a river, a park, streets, names and the outline."""
    features: list[dict[str, Any]] = []

    def add(kind: str, shape: str, coordinates: Any, name: str = "") -> None:
        features.append(
            {
                "type": "Feature",
                "properties": {"kind": kind, "name": name},
                "geometry": {"type": shape, "coordinates": coordinates},
            }
        )

    add("sea", "Polygon", [ring([(6.0, -1.0), (9.0, -1.0), (9.0, 6.0), (6.0, 6.0)])])
    add("water", "Polygon", [ring([(-1.0, 2.05), (6.0, 2.25), (6.0, 2.45), (-1.0, 2.15)])])
    add("park", "Polygon", [ring([(2.1, 3.1), (2.8, 3.1), (2.8, 3.7), (2.1, 3.7)])], "Priory Park")
    add("rail", "LineString", edge((-1.0, 4.2), (6.0, 3.4), 30))
    add("motorway", "LineString", edge((-0.5, -1.0), (-0.5, 6.0), 30), "M99")
    add("major", "LineString", edge((-1.0, 1.5), (6.0, 1.5), 40), "Fish Road")
    add("major", "LineString", edge((3.0, -1.0), (3.0, 6.0), 40), "Abbey Road")
    for at in range(23):
        add("minor", "LineString", edge((at * 0.25, 0.0), (at * 0.25, 5.0), 30))
        add("minor", "LineString", edge((0.0, at * 0.22), (5.8, at * 0.22), 30))
    add("path", "LineString", edge((2.1, 3.1), (2.8, 3.7), 6))
    add("town", "Point", place(3.0, 1.6), "Saltmarsh")
    add("village", "Point", place(0.4, 4.6), "Keld")
    add("suburb", "Point", place(4.4, 3.2), "Docks")
    add(
        "authority",
        "Polygon",
        [ring([(0.0, 0.0), (6.0, 0.0), (6.0, 5.0), (0.0, 5.0)])],
        "Saltmarsh",
    )
    return {"type": "FeatureCollection", "features": features}


def summarise(run: str, rename: Callable[[str], str]) -> dict[str, Any]:
    """Return the summary."""
    rows = area_rows()
    beyond = [round(2900 * math.exp(-minute / 9)) for minute in range(61)]
    return {
        "format": 2,
        "run": run,
        "folder": f"run-{run}",
        "title": rename("Saltmarsh: who can walk to a nursery?"),
        "place": rename("Saltmarsh"),
        "invented": True,
        "service": "nursery",
        "service_plural": "nurseries",
        "people_title": "children under 5",
        "mode": "walk",
        "mode_title": "walk",
        "live_modes": {"walk": "walk", "cycle": "cycle ride"},
        "cutoff_min": 15,
        "headline": (
            "412 children under 5 in 6 of the 11 most deprived areas live more than 15 minutes’ "
            "walk from a nursery"
        ),
        "figures": [
            {
                "title": "Underserved areas",
                "value": 6,
                "unit": "of 11",
                "sentence": "Deprived, and half of their children more than 15 minutes away.",
            },
            {
                "title": "Children beyond 15 minutes",
                "value": 548,
                "unit": "of 2,900",
                "sentence": "412 of them live in the most deprived areas.",
            },
            {
                "title": "Median walk",
                "value": 7.25,
                "unit": "minutes",
                "sentence": "Half of all children under 5 live nearer than this.",
            },
            {
                "title": "Places whose address is hidden",
                "value": 0.14,
                "unit": "share",
                "sentence": "24 places of childminders can’t be put on the map.",
            },
        ],
        "status_counts": {key: sum(row["status"] == key for row in rows) for key in STATUSES},
        "curve": {
            "minutes": list(range(61)),
            "people_beyond": beyond,
            "deprived_beyond": [round(count * 0.38) for count in beyond],
        },
        "deciles": [
            {
                "decile": decile,
                "people": 420.4 - 28 * decile,
                "people_beyond": 190.0 - 17 * decile,
                "areas": 3,
            }
            for decile in range(1, 11)
        ],
        "left_out": [
            {
                "source": "childcare_providers.csv",
                "reason": "The register hides the address",
                "rows": 4,
            },
            {
                "source": "childcare_providers.csv",
                "reason": "The postcode ended before 2026",
                "rows": 1,
            },
        ],
        "warnings": [
            "One area in thirty isn’t covered by the street map, and nothing is said of it."
        ],
        "inputs": [
            {
                "name": rename("Streets"),
                "file": "streets.osm.pbf",
                "sha256": "ab" * 32,
                "vintage": "November 2026",
                "licence": "ODbL 1.0",
            },
            {
                "name": "Nurseries",
                "file": "childcare_providers.csv",
                "sha256": "cd" * 32,
                "vintage": "August 2026",
                "licence": "Open Government Licence v3.0",
            },
        ],
        "versions": {"geoengine": "0.1.0", "python": "3.11"},
        "settings": {
            "travel": {"mode": "walk", "cutoff_min": 15},
            "underserved": {"deciles": [1, 2], "share": 0.25},
        },
    }

"""The village, with everything in its files that a name could do harm with."""

import json
from pathlib import Path

import village
from geoengine.store import Results
from village import EAST, NORTH

LIVE = "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>"
QUOTES = "\"'`><b onmouseover=alert(1)>&lt;b&gt;</style></title></textarea>-->"
FORMATS = "{{ 7 * 7 }}{% raw %}${7*7}%s%n%x{0.__class__}{ $place }\\u003cb\\x00"
TURNED = "\u202egnp.exe\u202c\u2066\u2028\u200b\ufeff\x07\x0b\x7f💩👩‍👩‍👧‍👦é̴̛"
NOTHING = "\x00=1+1<script>alert(0)</script>"
"""JSON can hold this; a text table that does is refused."""
LINK = "javascript:alert(1) data:text/html,<script>alert(1)</script> http://evil.example/x"
FORMULA = '=HYPERLINK("http://evil.example","a")+cmd|\' /C calc\'!A0'
LONG = "x" * 3_000
EVERY = (LIVE, QUOTES, FORMATS, TURNED, LINK)


KINDS = (*EVERY, FORMULA, f"@SUM(1){LONG}", "-2+3", "+1", "\t=1+1", "|calc")


def name(at: int) -> str:
    """Return a hostile name; each is another, and all together hold every kind of harm."""
    return f"{KINDS[at % len(KINDS)]}{at}"


def tag(at: int) -> str:
    """Return a hostile value of a tag, as long as OpenStreetMap lets one be."""
    return name(at)[:255]


def cell(text: str) -> str:
    """Return text as a cell of a CSV file."""
    return '"' + text.replace('"', '""') + '"'


def run(folder: Path) -> Results:
    """Write and analyse the hostile village."""
    areas = json.loads(village.areas())
    for at, feature in enumerate(areas["features"]):
        feature["properties"]["LSOA21NM"] = name(at) + NOTHING
    head, *rows = village.PROVISION.splitlines()
    provision = [head]
    for at, row in enumerate(rows):
        key, _, *rest = row.split(",")
        provision.append(",".join([cell(f"{key}{name(at)}"), cell(name(at + 5)), *rest]))
    streets = [(line, tags | {"name": tag(at)}) for at, (line, tags) in enumerate(village.STREETS)]
    places = {
        (200.0, 300.0): {"place": "village", "name": tag(3)},
        (2000.0, 300.0): {"place": "town", "name": tag(4)},
        (1800.0, 10.0): {"amenity": "library", "name": tag(5)},
        (600.0, 10.0): {"amenity": "school", "name": tag(6)},
    }
    assets = [
        f"{cell(name(at))},{cell(name(at + 1))},{cell(name(at + 2))},{EAST + 900 + at},{NORTH}"
        for at in range(len(KINDS))
    ]
    wards = [f"{code},{cell(name(at))},{village.OURS}" for at, code in enumerate(village.CORNERS)]
    every = " ".join(EVERY).replace("\x7f", "")  # TOML has no place for it
    indicator = {"file": "take_up.csv", "title": every, "value": "rate", "source": every}
    rates = [f"{code},{at / 10}" for at, code in enumerate(village.CORNERS)]
    return village.run(
        folder,
        files={
            "areas.geojson": json.dumps(areas),
            "nurseries.csv": "\n".join(provision) + "\n",
            "take_up.csv": "\n".join(["LSOA21CD,rate", *rates]) + "\n",
            "lookup.csv": "\n".join(["LSOA21CD,WD24NM,LAD24CD", *wards]) + "\n",
            "assets.csv": "\n".join(["Ref,Name,Asset type,Easting,Northing", *assets]) + "\n",
        },
        ways=streets,
        nodes=places,
        study={"title": every, "place": every},
        boundaries={"source": every, "as_of": every, "lookup": "lookup.csv"},
        candidates={"file": "assets.csv", "columns": {"id": "Ref"}, "source": every},
        deprivation={"source": every, "as_of": every},
        population={"people": every, "source": every, "as_of": every},
        streets={"source": every, "as_of": every},
        provision={"service": every, "plural": every, "source": every, "as_of": every},
        indicators={"take_up": indicator},
    )

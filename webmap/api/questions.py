"""What can be asked beside the layers, described for programs: reach, what-ifs, sites, sums."""

from dataclasses import dataclass
from typing import Any

from webmap.plan.links import MOST_EDITS
from webmap.screen.selection import MOST_AREAS, MOST_POINTS

Document = dict[str, Any]
GEOJSON = "application/geo+json"
JSON = "application/json"
TEXT: Document = {"type": "string"}
NUMBER: Document = {"type": "number"}
SPOT: Document = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
PLACES: Document = {
    "oneOf": [{"type": "number", "minimum": 0}, {"type": "string", "enum": ["unknown"]}]
}


def _object(needed: tuple[str, ...] = (), **properties: Document) -> Document:
    said: Document = {"type": "object", "properties": properties, "additionalProperties": False}
    return said | ({"required": list(needed)} if needed else {})


def _list(items: Document, most: int) -> Document:
    return {"type": "array", "items": items, "maxItems": most}


SCENARIO = _object(
    name=TEXT,
    baseline=TEXT,
    edit=_list(
        {
            "oneOf": [
                _object(("open", "at"), open=TEXT, at=SPOT, places=PLACES, name=TEXT),
                _object(("close",), close=TEXT),
                _object(("resize", "places"), resize=TEXT, places=PLACES),
                _object(("move", "at"), move=TEXT, at=SPOT),
            ]
        },
        MOST_EDITS,
    ),
)
CODES = _list(TEXT, MOST_AREAS)
RING: Document = {**_list(SPOT, MOST_POINTS), "minItems": 3}
AIMS: Document = {"type": "string", "enum": ["everyone", "deprived", "balance"]}
READY: Document = {"type": "object", "required": ["ready"]}
FIGURES: Document = {"type": "object", "required": ["headline", "totals", "areas", "settings"]}
SEARCH: Document = {"type": "object", "required": ["job", "state", "seconds", "best"]}
FEATURES: Document = {"type": "object", "required": ["type", "features"]}
SUMS: Document = {"type": "object", "required": ["ids", "people", "beyond", "unknown", "share"]}
COMPUTES = ("400", "429", "503")


@dataclass(frozen=True)
class Question:
    """
    Something that can be asked.

    Parameters
    ----------
    method, path
        How it is asked, the path within the interface.
    name, summary
        What it is called, and what it is.
    answer
        The answer's schema.
    parameters
        Each name with its schema and what it is; one of the path stands in the path.
    needed
        Names of those that can't be left out.
    body
        The schema of what is sent.
    statuses
        Of answers that are none.
    status
        Of the answer.
    media_type
        The answer's.
    """

    method: str
    path: str
    name: str
    summary: str
    answer: Document
    parameters: tuple[tuple[str, Document, str], ...] = ()
    needed: tuple[str, ...] = ()
    body: Document | None = None
    statuses: tuple[str, ...] = COMPUTES
    status: str = "200"
    media_type: str = JSON

    @property
    def described(self) -> Document:
        """The question as OpenAPI describes it."""
        refs = {status: {"$ref": f"#/components/responses/E{status}"} for status in self.statuses}
        content = {self.media_type: {"schema": self.answer}}
        said: Document = {
            "operationId": self.name,
            "summary": self.summary,
            "parameters": [self._parameter(*each) for each in self.parameters],
            "responses": {
                self.status: {"description": self.summary, "content": content},
                **refs,
            },
        }
        if self.body is not None:
            said["requestBody"] = {"required": True, "content": {JSON: {"schema": self.body}}}
        return said

    def _parameter(self, name: str, schema: Document, said: str) -> Document:
        within = "path" if f"{{{name}}}" in self.path else "query"
        needed = within == "path" or name in self.needed
        return {"name": name, "in": within, "required": needed, "description": said,
                "schema": schema}  # fmt: skip


_JOB = ("job_id", TEXT, "The search, as its beginning named it.")
_PLAN = ("plan", TEXT, "The plan that it comes on top of, as /whatif packs it.")
_WORDS = (
    "words",
    {"type": "string", "enum": ["en", "cy"]},
    "The language of sentences; where it is given, the answer holds what the page shows.",
)
_MINUTES: Document = {"type": "string", "pattern": "^[0-9.]+(,[0-9.]+)*$", "default": "5,10,15"}
_LONGITUDE: Document = {"type": "number", "minimum": -180, "maximum": 180}
_LATITUDE: Document = {"type": "number", "minimum": -90, "maximum": 90}

QUESTIONS = (
    Question(
        "get", "/isochrone", "reach", "What lies within some minutes of a spot", FEATURES,
        (
            ("lon", _LONGITUDE, "Longitude of the spot."),
            ("lat", _LATITUDE, "Latitude of the spot."),
            ("minutes", _MINUTES, "The longest times, with commas between."),
            ("mode", TEXT, "How people travel: walk, cycle, drive, as far as the study has it."),
            ("direction", {"type": "string", "enum": ["to", "from"]}, "To the spot, or from it."),
        ),
        needed=("lon", "lat"), media_type=GEOJSON,
    ),
    Question(
        "get", "/isochrone/ready", "reach_ready", "Whether reach can be worked out at once",
        READY, statuses=("503",),
    ),
    Question(
        "get", "/whatif", "baseline", "Every figure of what is, before any scenario", FIGURES,
    ),
    Question(
        "post", "/whatif", "whatif", "Every figure that a scenario changes", {"type": "object"},
        (_WORDS,), body=SCENARIO, statuses=("400", "413", "429", "503"),
    ),
    Question(
        "get", "/whatif/ready", "whatif_ready", "Whether what-ifs can be worked out at once",
        READY, statuses=("503",),
    ),
    Question(
        "post", "/optimise", "optimise", "Begin to look for the best sites", SEARCH, (_WORDS,),
        body=_object(
            plan=SCENARIO, sites={"type": "integer", "minimum": 1, "maximum": 10}, aim=AIMS,
            where={"type": "string", "enum": ["corners", "buildings"]},
            places={"type": "integer", "minimum": 0},
        ),
        statuses=("400", "413", "429", "503"), status="202",
    ),
    Question(
        "post", "/optimise/{job_id}/stress", "stress",
        "Begin to put to the test what a search has found", SEARCH, (_JOB, _WORDS),
        statuses=("400", "404", "429", "503"), status="202",
    ),
    Question(
        "get", "/optimise/{job_id}", "search", "How far a search has come, and its best so far",
        SEARCH, (_JOB, _WORDS), statuses=("404", "503"),
    ),
    Question(
        "delete", "/optimise/{job_id}", "stop_search", "Call a search off", SEARCH, (_JOB, _WORDS),
        statuses=("404", "503"),
    ),
    Question(
        "get", "/plan/gain", "gain", "What one more setting would bring, hexagon by hexagon",
        FEATURES, (_PLAN,), media_type=GEOJSON,
    ),
    Question(
        "get", "/plan/buildings", "buildings", "The buildings in which a setting could open",
        {"type": "object", "required": ["buildings"]}, (_PLAN, _WORDS),
    ),
    Question(
        "get", "/plan/spot", "spot", "Where a postcode is",
        {"type": "object", "required": ["longitude", "latitude"]},
        (
            ("where", TEXT, "A postcode, or longitude and latitude with a comma between."),
            _WORDS,
        ),
        statuses=("404", "503"),
    ),
    Question(
        "get", "/search", "names", "What a text may mean: places, postcodes, settings, areas",
        {"type": "object", "required": ["hits"]},
        (
            ("q", TEXT, "The text."),
            ("find", TEXT, "Instead of it the kind and key of one thing: postcode.AB12CD"),
            _WORDS,
        ),
        statuses=("400", "503"),
    ),
    Question(
        "post", "/select", "sums", "Some areas added up, named or drawn around", SUMS,
        body={
            "oneOf": [
                _object(("ids",), ids=CODES, layer=TEXT, t=TEXT),
                _object(("polygon",), polygon=RING, layer=TEXT, t=TEXT),
            ]
        },
        statuses=("400", "413", "429", "503"),
    ),
)  # fmt: skip


def paths() -> Document:
    """Return every question by its path and method, as OpenAPI describes it."""
    found: Document = {}
    for each in QUESTIONS:
        found.setdefault(each.path, {})[each.method] = each.described
    return found

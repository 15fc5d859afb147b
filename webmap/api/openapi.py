"""The open interface described for programs, as OpenAPI 3.0."""

from collections.abc import Mapping, Sequence
from typing import Any

from webmap.api import questions
from webmap.api.asking import FORMATS, LANGUAGE, MOST, USUAL_LIMIT
from webmap.api.crs import CRS84
from webmap.api.documents import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from webmap.results import Snapshot

Document = dict[str, Any]
PROBLEM = "application/problem+json"
TILE = "application/vnd.mapbox-vector-tile"
LARGEST_ZOOM = 18
ERRORS = {
    "400": "What is asked can't be understood; the detail says all that is wrong with it.",
    "404": "There is no such thing here.",
    "410": "Newer results have replaced the ones asked for.",
    "413": "What is sent is too long.",
    "429": "You have asked for too much in a minute; Retry-After says when to ask again.",
    "503": "The results are unfinished, not in memory yet or asked for by too many; ask again.",
}
DATETIME = "^[0-9.TZtz:/+-]*$"


def describe(
    run: Snapshot, root: str, kinds: Mapping[str, Mapping[str, str]], crs: Sequence[str]
) -> Document:
    """
    Describe the interface.

    Parameters
    ----------
    run
        The results.
    root
        The interface's address.
    kinds
        What each column of each layer holds: number, string or boolean.
    crs
        URIs of the CRSs offered.
    """
    layer = _path("collectionId", [str(each["layer_id"]) for each in run.layers], "The layer.")
    paths: Document = {
        "/": _get("landing", "Where everything is", [_form()]),
        "/conformance": _get("conformance", "What this conforms to", [_form()]),
        "/collections": _get("layers", "Every layer", [_form()]),
        "/collections/{collectionId}": _get("layer", "One layer", [layer, _form()], "404"),
        "/collections/{collectionId}/queryables": _get(
            "queryables", "Columns that filters may name", [layer, _form()], "404", "503",
            media_type=SCHEMA,
        ),
        "/openapi.json": _get("openapi", "This description", [], media_type=OPENAPI, page=False),
    }  # fmt: skip
    for each in run.layers:
        name, title = str(each["layer_id"]), str(each["title"])
        here = f"/collections/{name}/items"
        paths[here] = _get(
            f"{name}_features", f"{title}: features", _items(kinds[name], crs), "429",
            media_type=GEOJSON,
        )  # fmt: skip
        paths[f"{here}/{{featureId}}"] = _get(
            f"{name}_feature", f"{title}: one feature",
            [_path("featureId", None, "The feature's id."), _crs("crs", crs), _form()],
            "404", "503", media_type=GEOJSON,
        )  # fmt: skip
    placed = [str(each["layer_id"]) for each in run.layers if each["geometry"] != "none"]
    if placed:
        paths["/tiles/{layerId}/{z}/{x}/{y}.mvt"] = _get(
            "tile", "A layer as vector tiles, in the usual pyramid of web maps",
            [
                _path("layerId", placed, "The layer."),
                *(_number_path(axis, LARGEST_ZOOM if axis == "z" else None) for axis in "zxy"),
                _query("run", {"type": "string"}, "The results that the tile must be of."),
            ],
            "404", "410", "429", media_type=TILE, page=False,
        )  # fmt: skip
    paths |= questions.paths()
    return {
        "openapi": "3.0.3",
        "info": {
            "title": str(run.summary["title"]),
            "version": run.run,
            "description": (
                f"{run.summary['headline']}.\n\nThe layers as OGC API Features, and as vector "
                "tiles. QGIS: Layer, Add Layer, Add WFS / OGC API Features Layer, New; the URL is "
                f"{root}/. GDAL: ogrinfo OAPIF:{root}/"
            ),
            "license": {"name": "As each layer's attribution says"},
        },
        "servers": [{"url": root}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM_SCHEMA, "Links": _LINKS_SCHEMA},
            "responses": {
                f"E{status}": {
                    "description": said,
                    "content": {PROBLEM: {"schema": _ref("schemas/Problem")}},
                }
                for status, said in ERRORS.items()
            },
        },
    }


_LINKS_SCHEMA: Document = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
    },
}
_PROBLEM_SCHEMA: Document = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def _get(
    name: str,
    summary: str,
    parameters: list[Document],
    *statuses: str,
    media_type: str = JSON,
    page: bool = True,
) -> Document:
    schemas: Document = {media_type: {"schema": _schema(media_type)}}
    if page:
        schemas[HTML] = {"schema": {"type": "string"}}
    answers: Document = {"200": {"description": summary, "content": schemas}}
    for status in dict.fromkeys(("400", *statuses, "503")):
        answers[status] = _ref(f"responses/E{status}")
    said = {"operationId": name, "summary": summary, "parameters": parameters}
    return {"get": {**said, "responses": answers}}


def _schema(media_type: str) -> Document:
    if media_type == TILE:
        return {"type": "string", "format": "binary"}
    if media_type == GEOJSON:
        return {
            "type": "object",
            "required": ["type", "links"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection", "Feature"]},
                "links": _ref("schemas/Links"),
            },
        }
    return {"type": "object"}


def _items(kinds: Mapping[str, str], crs: Sequence[str]) -> list[Document]:
    numbers = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    names = {"type": "array", "items": {"type": "string", "enum": list(kinds)}}
    order = {"type": "string", "pattern": "^[+-]?\\w+(,[+-]?\\w+)*$"}
    whole: Document = {"type": "integer", "minimum": 0, "default": 0}
    usual: Document = {
        "type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL_LIMIT,
    }  # fmt: skip
    return [
        _query("limit", usual, "How many features to tell."),
        _query("offset", whole, "How many to pass over."),
        _listed("bbox", numbers, "A box that the features touch: west, south, east, north."),
        _crs("bbox-crs", crs),
        _crs("crs", crs),
        _query(
            "datetime",
            {"type": "string", "pattern": DATETIME},
            "An instant or interval; features have no time, so that all match.",
        ),
        _listed("properties", names, "Columns to tell."),
        _query("sortby", order, "Columns that put the features in order; - for the greatest first"),
        _query(
            "filter",
            {"type": "string", "example": f"{next(iter(kinds))} IS NOT NULL"},
            "CQL2 text, such as minutes > 15 AND name LIKE 'North%'.",
        ),
        _query("filter-lang", {"type": "string", "enum": [LANGUAGE]}, "What the filter is in."),
        _crs("filter-crs", crs),
        _form(),
        *(
            _query(name, {"type": kind}, "Features that have just this value.")
            for name, kind in kinds.items()
        ),
    ]


def _query(name: str, schema: Document, said: str) -> Document:
    return {"name": name, "in": "query", "required": False, "description": said, "schema": schema}


def _listed(name: str, schema: Document, said: str) -> Document:
    return {**_query(name, schema, said), "style": "form", "explode": False}


def _crs(name: str, crs: Sequence[str]) -> Document:
    said = "CRS of the filter's geometries." if name == "filter-crs" else f"{name}: a CRS's URI."
    return _query(name, {"type": "string", "enum": list(crs), "default": CRS84}, said)


def _form() -> Document:
    schema = {"type": "string", "enum": list(FORMATS)}
    return _query("f", schema, "json for programs, html for a page; else as Accept says.")


def _path(name: str, allowed: list[str] | None, said: str) -> Document:
    schema: Document = {"type": "string", "enum": allowed} if allowed else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "description": said, "schema": schema}


def _number_path(name: str, most: int | None) -> Document:
    schema: Document = {"type": "integer", "minimum": 0}
    if most is not None:
        schema["maximum"] = most
    said = {"z": "Zoom.", "x": "Column from the west.", "y": "Row from the north."}[name]
    return {"name": name, "in": "path", "required": True, "description": said, "schema": schema}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/{name}"}

"""The open interface: the layers as OGC API Features, and as vector tiles."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, json, render_template, request

from webmap import site
from webmap.api import asking
from webmap.api.crs import offered
from webmap.delivery import Body
from webmap.guards import limits
from webmap.kept import kept
from webmap.results import Snapshot
from webmap.state import state

if TYPE_CHECKING:
    from webmap.api.features import Features

# What computes is imported when it is first asked for: the pages don't wait for it.

FORMS = {"json": "application/json", "html": "text/html"}

api = Blueprint("api", __name__, url_prefix="/api")


@api.get("/")
@kept
def landing() -> Response:
    """Answer with where everything is."""
    from webmap.api import documents

    asking.only(_given(), ("f",))
    return _document(documents.landing(site.run(), _root(), html=_html()))


@api.get("/conformance")
@kept
def conformance() -> Response:
    """Answer with the standards that the interface conforms to."""
    from webmap.api import documents

    asking.only(_given(), ("f",))
    return _document(documents.conformance(_root(), html=_html()))


@api.get("/openapi.<any(json, html):form>")
@kept
def openapi(form: str) -> Response:
    """Answer with the description of the interface."""
    from webmap.api import documents, features
    from webmap.api import openapi as described

    asking.only(_given(), ())
    run = site.run()
    kinds = {
        str(each["layer_id"]): _kinds(features.of(run, each["layer_id"])) for each in run.layers
    }
    said = described.describe(run, _root(), kinds, offered(run.summary["settings"]))
    if form == "html":
        return _page("api/openapi.html", said)
    return _json(said, documents.OPENAPI)


@api.get("/collections")
@kept
def collections() -> Response:
    """Answer with every layer's description."""
    from webmap.api import documents

    asking.only(_given(), ("f",))
    run = site.run()
    crs = offered(run.summary["settings"])
    said = documents.collections(run, _root(), crs, html=_html())
    return _document(said, page="api/collections.html")


@api.get("/collections/<layer_id>")
@kept
def collection(layer_id: str) -> Response:
    """Answer with a layer's description."""
    from webmap.api import documents

    asking.only(_given(), ("f",))
    run = site.run()
    crs = offered(run.summary["settings"])
    return _document(documents.collection(run, run.layer(layer_id), _root(), crs, html=_html()))


@api.get("/collections/<layer_id>/queryables")
@kept
def queryables(layer_id: str) -> Response:
    """Answer with the columns that filters may name."""
    from webmap.api import documents, features

    asking.only(_given(), ("f",))
    run = site.run()
    kinds = _kinds(features.of(run, layer_id))
    said = documents.queryables(run.layer(layer_id), kinds, _root(), html=_html())
    return _document(said, documents.SCHEMA)


@api.get("/collections/<layer_id>/items")
@kept
@limits.heavy
def items(layer_id: str) -> Response:
    """Answer with the features that are asked for, a page of them at a time."""
    from webmap.api import documents, features

    run = site.run()
    entry, found = run.layer(layer_id), features.of(run, layer_id)
    html, given = _html(), _given()
    asked = asking.read(given, list(found.columns), offered(run.summary["settings"]))
    rows = found.rows(asked)
    shown = rows[asked.offset : asked.offset + asked.limit]
    here = f"{_root()}/collections/{entry['layer_id']}"
    query = {name: values[0] for name, values in given.items() if name != "f"}
    form = {"f": "html"} if html else {}
    said = {
        "type": "FeatureCollection",
        "title": entry["title"],
        "links": [
            *documents.both(f"{here}/items", documents.GEOJSON, query, html=html),
            *documents.turns(
                f"{here}/items",
                query | form,
                documents.HTML if html else documents.GEOJSON,
                start=asked.offset,
                limit=asked.limit,
                matched=len(rows),
            ),
            documents.link(here, "collection", documents.JSON, str(entry["title"])),
        ],
        "numberMatched": len(rows),
        "numberReturned": len(shown),
    }
    texts = found.texts(shown, asked.crs, asked.properties)
    if html:
        said["features"] = [json.loads(text) for text in texts]
        return _page(
            "api/items.html",
            said,
            first=asked.offset + 1,
            address_of=lambda name: documents.feature_address(_root(), entry["layer_id"], name),
        )
    return _features(said, texts, asked.crs)


@api.get("/collections/<layer_id>/items/<path:feature_id>")
@kept
def item(layer_id: str, feature_id: str) -> Response:
    """Answer with one feature."""
    import numpy as np

    from webmap.api import documents, features

    run = site.run()
    entry, found = run.layer(layer_id), features.of(run, layer_id)
    html, given = _html(), _given()
    asking.only(given, ("f", "crs"))
    asked = asking.read(given, list(found.columns), offered(run.summary["settings"]))
    if feature_id not in found.places:
        shown = feature_id[: asking.SHOWN]
        abort(HTTPStatus.NOT_FOUND, f"There is no '{shown}' in the layer '{entry['title']}'.")
    row = np.array([found.places[feature_id]])
    [text] = found.texts(row, asked.crs, None)
    feature = json.loads(text)
    here = f"{_root()}/collections/{entry['layer_id']}"
    there = documents.feature_address(_root(), str(entry["layer_id"]), feature_id)
    query = {name: values[0] for name, values in given.items() if name != "f"}
    feature["links"] = [
        *documents.both(there, documents.GEOJSON, query, html=html),
        documents.link(here, "collection", documents.JSON, str(entry["title"])),
    ]
    if html:
        return _page("api/document.html", {"title": feature_id, **feature})
    answer = _json(feature, documents.GEOJSON)
    answer.headers["Content-Crs"] = f"<{asked.crs}>"
    return answer


@api.get("/tiles/<layer_id>/<int:z>/<int:x>/<int:y>.mvt")
def tile(layer_id: str, z: int, x: int, y: int) -> Response:
    """Answer with a tile of a layer; one of a stated run may be kept by browsers."""
    from webmap.api import openapi, tiling

    given = _given()
    asking.only(given, ("run",))
    run = site.run()
    wanted = given.get("run", [run.run])[0]
    if wanted != run.run:
        abort(HTTPStatus.GONE, "Newer results have replaced these; reload the page to see them.")
    entry = run.layer(layer_id)
    if entry["geometry"] == "none":
        abort(HTTPStatus.NOT_FOUND, f"The layer '{entry['title']}' has no shapes, only a table.")
    if z > openapi.LARGEST_ZOOM or x >= 2**z or y >= 2**z:
        abort(
            HTTPStatus.NOT_FOUND,
            f"There is no tile {z}/{x}/{y}: zooms go from 0 to {openapi.LARGEST_ZOOM}, columns and "
            "rows from 0 to 2^zoom - 1.",
        )
    tiles = tiling.of(run, layer_id)
    # Nobody is kept waiting, or counted, for what is there already.
    body = tiles.made(z, x, y) or limits.heavy(tiles.make)(z, x, y)
    return body.answer(state(current_app).settings, keep="run" in given)


def _given() -> dict[str, list[str]]:
    return dict(request.args.lists())


def _root() -> str:
    return f"{request.host_url.rstrip('/')}{site.address('/api')}"


def _html() -> bool:
    """Whether a page is asked for."""
    form = request.args.get("f")
    if form is not None:
        if form not in asking.FORMATS:
            abort(
                HTTPStatus.BAD_REQUEST,
                f"f must be {' or '.join(asking.FORMATS)}, not '{form[: asking.SHOWN]}'",
            )
        return form == "html"
    kinds = ["application/json", "application/geo+json", "text/html"]
    return request.accept_mimetypes.best_match(kinds, kinds[0]) == "text/html"


def _kinds(found: "Features") -> dict[str, str]:
    return {name: column.kind for name, column in found.columns.items()}


def _document(
    said: Mapping[str, Any],
    media_type: str = "application/json",
    *,
    page: str = "api/document.html",
) -> Response:
    return _page(page, said) if _html() else _json(said, media_type)


def _json(said: Mapping[str, Any], media_type: str) -> Response:
    text = json.dumps(said, separators=(",", ":"))
    return _negotiated(Body(text.encode(), media_type))


def _page(template: str, said: Mapping[str, Any], **values: Any) -> Response:
    from webmap.api.told import Told

    run: Snapshot = site.run()
    html = render_template(
        template,
        said=said,
        summary=run.summary,
        root=_root(),
        told=Told(run, site.here()),
        **values,
    )
    return _negotiated(Body(html.encode(), "text/html; charset=utf-8"))


def _features(said: Mapping[str, Any], texts: Any, crs: str) -> Response:
    """Answer with a collection of features that are texts already."""
    from webmap.api import documents

    head = json.dumps(said, separators=(",", ":"))
    features = ",\n".join(texts)
    tag = hashlib.sha256(f"{head}{features}".encode()).hexdigest()[:16]
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    text = f'{head[:-1]},"timeStamp":"{now}","features":[\n{features}\n]}}\n'
    answer = _negotiated(Body(text.encode(), documents.GEOJSON, version=tag))
    answer.headers["Content-Crs"] = f"<{crs}>"
    return answer


def _negotiated(body: Body) -> Response:
    answer = body.answer(state(current_app).settings, keep=False)
    answer.headers["Vary"] = "Accept, Accept-Encoding"
    return answer

"""The files that the page fetches: its own assets, and the layers of a run."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, current_app, json, request

from webmap.delivery import Body
from webmap.files import downloads
from webmap.guards.limits import heavy
from webmap.results import Snapshot
from webmap.screen import compare, packing, threshold
from webmap.state import state
from webmap.text.language import languages

LANES = ("minor", "path")
REPLACED = "Newer results have replaced these; reload the page to see them."

layers = Blueprint("layers", __name__)


@layers.get("/assets/<version>/<path:name>")
def asset(version: str, name: str) -> Response:
    """Answer with a script, a style or a vendored library."""
    here = state(current_app)
    body = here.assets.find(version, name)
    if body is None:
        abort(HTTPStatus.NOT_FOUND, "There is no such file; reload the page.")
    return body.answer(here.settings, keep=True)


@layers.get("/runs/<run>/basemap/<any(ground, lanes):part>.json")
def basemap(run: str, part: str) -> Response:
    """Answer with the base map: its lanes, which only show from near, or all else."""
    snapshot = _current(run)

    def features() -> list[Any]:
        return [
            feature
            for feature in snapshot.read("basemap.json")["features"]
            if (feature["properties"]["kind"] in LANES) == (part == "lanes")
        ]

    return _packed(snapshot, f"basemap {part}", features)


def _packed(snapshot: Snapshot, name: str, features: Callable[[], list[Any]]) -> Response:
    """Answer with shapes made small, once for a run."""

    def make() -> Body:
        collection = packing.packed({"features": features()})
        return Body(json.dumps(collection, separators=(",", ":")).encode(), "application/json")

    return snapshot.keep(name, make).answer(state(current_app).settings, keep=True)


@layers.get("/runs/<run>/curves.json")
def curves(run: str) -> Response:
    """Answer with each area's people and judgement at every number of minutes."""
    snapshot = _current(run)
    if not threshold.kept(snapshot):
        abort(HTTPStatus.NOT_FOUND, "These results keep no other thresholds.")
    return snapshot.body(threshold.FILE).answer(state(current_app).settings, keep=True)


@layers.get("/runs/<run>/layers/<layer_id>/values.json")
def values(run: str, layer_id: str) -> Response:
    """Answer with a layer's values."""
    snapshot = _current(run)
    return _file(snapshot, f"{snapshot.layer(layer_id)['layer_id']}.values.json")


@layers.get("/runs/<run>/compared/<layer_id>/<other>/<mode>/<code>.json")
def compared(run: str, layer_id: str, other: str, mode: str, code: str) -> Response:
    """Answer with the values of one layer compared with another, told in a language."""
    snapshot = _current(run)
    told = next((each for each in languages() if each.code == code), None)
    asked = {"layer": layer_id, "cmp": other, "cmpmode": mode, "t": request.args.get("t", "")}
    pair = compare.asked(snapshot, asked)
    if told is None or pair is None:
        abort(HTTPStatus.NOT_FOUND, "There is no such comparison.")
    found, entry = compare.applied(snapshot, told, pair)
    table = json.dumps(found.table(entry["layer_id"]), separators=(",", ":"))
    return Body(table.encode(), "application/json").answer(state(current_app).settings, keep=True)


@layers.get("/shapes/<name>.json")
def shapes(name: str) -> Response:
    """Answer with the shapes of layers, whose name is of their content: newer runs share them."""
    snapshot = state(current_app).results.current()
    if name not in {entry["shapes"] for entry in snapshot.layers}:
        abort(HTTPStatus.GONE, REPLACED)
    file = f"{name}.geometry.json"
    return _packed(snapshot, f"sent {file}", lambda: list(snapshot.read_once(file)["features"]))


@layers.get("/runs/<run>/downloads/<layer_id>/<fmt>")
@layers.get("/runs/<run>/downloads/<layer_id>/<fmt>/<any(metadata):part>")
@heavy
def download(run: str, layer_id: str, fmt: str, part: str = "") -> Response:
    """Answer with a layer as a file to keep, or with the metadata that go with the file."""
    snapshot = _current(run)
    try:
        name, body = snapshot.keep("files", downloads.Files).get(
            (layer_id, fmt, part),
            lambda: downloads.make(snapshot, layer_id, fmt, metadata=bool(part)),
        )
    except downloads.BusyError:
        abort(HTTPStatus.SERVICE_UNAVAILABLE, languages()[0].say("file-busy"))
    answer = body.answer(state(current_app).settings, keep=True)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _current(run: str) -> Snapshot:
    snapshot = state(current_app).results.current()
    if run != snapshot.run:
        abort(HTTPStatus.GONE, REPLACED)
    return snapshot


def _file(snapshot: Snapshot, name: str) -> Response:
    return snapshot.body(name).answer(state(current_app).settings, keep=True)

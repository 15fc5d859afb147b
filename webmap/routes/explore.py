"""The map, with the same features as a table beside it."""

from dataclasses import asdict
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from werkzeug.datastructures import MultiDict

from webmap import site
from webmap.background import live
from webmap.files import downloads
from webmap.kept import kept
from webmap.results import Snapshot
from webmap.screen import compare, mapview, palettes, selection, tables, threshold
from webmap.screen import explore as exploring
from webmap.state import State, state
from webmap.text import finding, words
from webmap.text.language import Language, study_words

explore = Blueprint("explore", __name__)


@explore.get("/map")
@kept
def show() -> Response:
    """Answer with the map, showing the layer and the feature that the address names."""
    return page(request.args)


@explore.get("/map/compared")
@kept
def compared() -> Response:
    """Answer scripts with the layer of a comparison: its description, its legend and its sides."""
    own, language = site.run(), site.here()
    run, entry, pair = compare.seen(own, language, request.args)
    if pair is None:
        abort(HTTPStatus.BAD_REQUEST, "cmp must name a layer to compare with.")
    plain = compare.without(run)
    legend = render_template(
        "legend.html",
        each=entry,
        entry=entry,
        layers=words.layers(plain, language),
        looks={entry["layer_id"]: exploring.look(entry)},
        pair=pair,
        study_min=own.summary["cutoff_min"],
        offers=downloads.offers,
        path="/map",
    )
    layer = exploring.description(run, entry)
    return jsonify(layer=layer, legend=legend, pair=compare.told(plain, language, pair))


def page(asked: MultiDict[str, str], kept_query: str = "") -> Response:
    """
    Answer with the map.

    Parameters
    ----------
    asked
        What of it to show, as its address says it.
    kept_query
        The same, where it is kept under a short address; "" where it isn't.
    """
    here = state(current_app)
    own, language = site.run(), site.here()
    run, entry, pair = compare.seen(own, language, asked)
    plain = compare.without(run)
    selected = asked.get("selected", "")
    answer = site.page(
        "map.html",
        run,
        headline=finding.headline(language, run),
        entry=entry,
        layers=words.layers(plain, language),
        looks=exploring.looks(plain, language) | {entry["layer_id"]: exploring.look(entry)},
        table=tables.page(run, language, entry, rows=exploring.FIRST_ROWS),
        details=tables.details(run, language, entry, selected) if selected else None,
        kept_query=kept_query,
        offers=downloads.offers,
        profiled=exploring.profiled(own),
        frame=_frame(here, own, language, entry, pair, kept_query),
        pair=pair,
        comparisons=compare.offered(own),
        reach=live.kept(own),
        modes=exploring.modes(own, language),
        **threshold.panel(own, run, language),
    )
    if live.kept(own):
        answer.call_on_close(lambda: here.streets.of(own))
    return answer


def _frame(
    here: State,
    run: Snapshot,
    language: Language,
    entry: words.Entry,
    pair: compare.Pair | None,
    kept_query: str,
) -> mapview.Frame:
    return mapview.frame(
        name=run.run,
        label=language.say("map-of", place=run.summary["place"]),
        asset={
            name: here.assets.url(f"{mapview.LEAFLET}/{name}")
            for name in ("leaflet.js", "leaflet.css")
        },
        facts={
            "run": run.run,
            "first": entry["layer_id"],
            "address": {"page": site.address("/map"), "kept": kept_query},
            "search_url": f"/api/search?words={language.code}",
            "language": language.code,
            "tag": language.tag,
            "messages_url": here.assets.url(f"messages/{language.code}/scripts.ftl"),
            "words": study_words(language, run.summary),
            "table_url": site.address("/table"),
            "basemap_url": f"/runs/{run.run}/basemap/ground.json",
            "lanes_url": f"/runs/{run.run}/basemap/lanes.json",
            "inks": palettes.PATTERN_INK,
            "fallback": asdict(palettes.UNKNOWN),
            "table_rows": here.settings.table_rows,
            "reach": exploring.reach(run, language) if live.kept(run) else None,
            "threshold": threshold.description(run, language),
            "compare": {
                "url": site.address("/map/compared"),
                "offers": compare.offered(run),
                "pair": compare.told(run, language, pair) if pair else None,
            },
            "selection": {
                "url": f"/api/select?words={language.code}",
                "table": site.address("/table"),
                "layers": selection.layers(run),
                "own": run.summary["cutoff_min"],
            },
        },
        layers=[
            exploring.description(run, each)
            for each in (*words.layers(run, language), *((entry,) if pair else ()))
        ],
    )

"""What is on screen as a page of its own: one file that needs no server and asks nobody."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from branca.element import Figure, Link
from jinja2 import Environment
from markupsafe import escape

from geoengine import exports
from geoengine.errors import GeoEngineError
from webmap.files import pictures
from webmap.files.shown import Shown
from webmap.screen import mapview, packing, palettes, tables
from webmap.screen.view import View
from webmap.text import finding, words
from webmap.text.language import study_words

STATIC = Path(__file__).parents[1] / "static"
MODULES = ("packing", "lines", "sheet", "basemap", "labels", "renderer", "layer")
"""Each before those that import it."""
STYLES = ("tokens", "map", "alone")
IMPORT = re.compile(r'^import \{([\w, ]+)\} from "\./(\w+)\.js";$', re.MULTILINE)
DECIMALS = 5
MOST_ROWS = 20_000
ALL_BYTES = 1_000_000
"""Of the tables on disk of the layers beside the one shown."""
GROUND = (
    *("sea", "water", "park", "authority", "rail", "major", "motorway"),
    *("city", "town", "village", "suburb"),
)


def html(shown: Shown, pages: Environment) -> bytes:
    """
    Return the page: map, tables, method and sources, with every script and style in it.

    It holds the layer shown, as it is shown, and where nothing is narrowed or compared the others
    whole, as many as there is room for; and it says how many of how many. Its own policy lets
    nothing run but what is in it, and nothing be asked for.

    Parameters
    ----------
    shown
        What is on screen.
    pages
        Where the templates are.

    Raises
    ------
    GeoEngineError
        If there are more rows than a page can hold.
    """
    say = shown.language.say
    if len(shown.places) > MOST_ROWS:
        raise GeoEngineError(
            say("file-too-large", count=f"{len(shown.places):,}", most=f"{MOST_ROWS:,}")
        )
    layers = [shown, *_others(shown)]
    frame = _frame(shown)
    style = "\n".join((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in STYLES)
    script = _script()
    run_here = re.findall(r"<script>(.*?)</script>", frame.head, re.DOTALL)
    styled = re.findall(r"<style>(.*?)</style>", frame.head, re.DOTALL)
    words_ = study_words(shown.language, shown.run.summary)
    text = pages.get_template("alone.html").render(
        shown=shown,
        summary=shown.run.summary,
        language=shown.language,
        say=lambda key, **values: say(key, **words_ | values),
        headline=finding.headline(shown.language, shown.run),
        layers=[
            {
                "entry": each.entry,
                "looks": each.looks,
                "narrowing": each.narrowing,
                "table": tables.page(
                    each.run, each.language, each.entry, rows=MOST_ROWS, order=each.view.order
                ),
            }
            for each in layers
        ],
        frame=frame,
        style=style,
        script=script,
        held=_json(_held(layers)),
        policy=_policy([*run_here, script], [*styled, style]),
        inks=palettes.PATTERN_INK,
    )
    return text.encode()


def _others(shown: Shown) -> list[Shown]:
    """Return the other layers, whole, as many of the first ones as the page has room for."""
    if shown.view.only or shown.view.chosen or shown.view.compared:
        return []
    run, language = shown.run, shown.language
    room, found = ALL_BYTES, []
    for entry in words.layers(run, language):
        size = (run.folder / f"{entry['layer_id']}.parquet").stat().st_size
        if entry["layer_id"] == shown.entry["layer_id"] or entry["features"] > MOST_ROWS:
            continue
        if size <= room:
            room -= size
            whole = View(entry["layer_id"], (), "", "", tables.PLAIN)
            found.append(Shown(run, language, entry, whole, ""))
    return found


def _frame(shown: Shown) -> mapview.Frame:
    """Have folium make the map's part of the page, with Leaflet inside it."""
    shell = mapview.ShellMap(
        name=shown.run.run,
        label=shown.language.say("map-of", place=shown.run.summary["place"]),
        scripts={"leaflet": "leaflet.js"},
        styles={"leaflet_css": "leaflet.css"},
        facts={},
    )
    root = shell.get_root()
    assert isinstance(root, Figure)
    root.render()
    for child in root.header._children.values():
        if isinstance(child, Link):
            # branca would fetch it, and write bytes as Python shows them.
            code: Any = (STATIC / mapview.LEAFLET / child.url).read_text("utf-8")
            child.code = code
    return mapview.Frame(head=root.header.render(embedded=True), body=root.html.render())


def _script() -> str:
    """Return the page's script, with the modules that it shares with the map before it."""
    folder = STATIC / "js"
    parts = [_enclosed(name, (folder / f"{name}.js").read_text("utf-8")) for name in MODULES]
    return "\n".join([*parts, (folder / "alone.js").read_text("utf-8")])


def _enclosed(name: str, text: str) -> str:
    """Return a module as an object of what it exports; what it imports stands before it."""
    exported = re.findall(r"^export (?:function|const|class) (\w+)", text, re.MULTILINE)
    body = re.sub(r"^export ", "", text, flags=re.MULTILINE)
    body = IMPORT.sub(r"const {\1} = \2;", body)
    return f"const {name} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();"


def _held(layers: list[Shown]) -> dict[str, Any]:
    first = layers[0]
    ground = first.run.read("basemap.json")["features"]
    found = [each.entry["bounds"] for each in layers if each.entry["bounds"]]
    return {
        "inks": palettes.PATTERN_INK,
        "fallback": asdict(palettes.UNKNOWN),
        "bounds": found[0] if found else [-8.7, 49.8, 1.8, 60.9],
        "ground": packing.packed(
            {"features": [each for each in ground if each["properties"]["kind"] in GROUND]}
        ),
        "layers": [_layer(each) for each in layers],
    }


def _layer(shown: Shown) -> dict[str, Any]:
    entry, placed = shown.entry, shown.entry["geometry"] != "none"
    return {
        "layer_id": entry["layer_id"],
        "kind": entry["geometry"],
        "selected": shown.view.selected,
        "classes": shown.looks,
        "lines": shown.lines.tolist(),
        "tints": _tints(shown),
        "features": list(_features(shown)) if placed else None,
    }


def _tints(shown: Shown) -> list[int]:
    if not any(look["tints"] for look in shown.looks):
        return []
    return pictures.apart(np.array(shown.frame.geometry.array, dtype=object))


def _features(shown: Shown) -> Iterable[dict[str, Any]]:
    shapes = exports.geojson_shapes(shown.frame, DECIMALS)
    for at, shape in zip(shown.frame.index, shapes, strict=True):
        yield {"type": "Feature", "id": str(at), "geometry": json.loads(shape)}


def _json(content: Any) -> str:
    """Return content as JSON that no page can take for the end of a script."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return the policy that lets these scripts and styles be, and nothing else."""
    return str(
        escape(
            f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        )
    ).replace("&#39;", "'")


def _hashes(texts: Iterable[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)

"""What the map's scripts need to know: each layer in the page's language, and what can be asked."""

from collections.abc import Mapping
from typing import Any

from webmap import site
from webmap.results import Snapshot
from webmap.screen import palettes
from webmap.text import finding, words
from webmap.text.language import Language

Entry = Mapping[str, Any]
REACH_MIN = (5, 10, 15)
FIRST_ROWS = 40
"""Of the map's table: as many as are seen; scripts add the others, and its own page has all."""
OVERLAPPING = ("isochrones",)
"""Layers whose shapes lie one over another: their edges would cross everywhere."""
TILED_FROM = 5_000
"""Areas from which a layer is drawn tile by tile."""


def profiled(run: Snapshot) -> set[str]:
    """Return the layers whose areas have a page of their own: all that share the areas' shapes."""
    shapes = run.layer(finding.AREAS)["shapes"]
    return {str(each["layer_id"]) for each in run.layers if each["shapes"] == shapes}


def description(run: Snapshot, entry: Entry) -> dict[str, Any]:
    """Return what the map's scripts need to know of a layer from `words.layers`."""
    return {
        "layer_id": entry["layer_id"],
        "title": entry["title"],
        "geometry": entry["geometry"],
        "value": entry["value"],
        "sentence": entry["sentence"],
        "people": entry["people"],
        "bounds": entry["bounds"],
        "features": entry["features"],
        "area_url": site.address("/area/") if _of_areas(run, entry) else None,
        "classes": [
            {"key": line["key"], "label": line["label"], "state": line["state"], "style": style}
            for line, style in zip(entry["classes"], look(entry), strict=True)
        ],
        "columns": [
            {name: value for name, value in column.items() if name not in ("title", "unit")}
            for column in entry["columns"]
        ],
        "values_url": entry.get("values_url")
        or f"/runs/{run.run}/layers/{entry['layer_id']}/values.json",
        "geometry_url": _shapes_url(run, entry),
        **({"spoken": True} if "values_url" in entry else {}),
    }


def _shapes_url(run: Snapshot, entry: Entry) -> str | None:
    """Return where a layer's shapes are; of many areas, the address of each tile of them."""
    if not entry["shapes"]:
        return None
    if entry["geometry"] != "polygon" or entry["features"] < TILED_FROM:
        return f"/shapes/{entry['shapes']}.json"
    # Layers of the same shapes have the same tiles, so that they are fetched once.
    first = next(each for each in run.layers if each["shapes"] == entry["shapes"])
    return f"/api/tiles/{first['layer_id']}/{{z}}/{{x}}/{{y}}.mvt?run={run.run}"


def _of_areas(run: Snapshot, entry: Entry) -> bool:
    return entry.get("drawn_from", entry["layer_id"]) in profiled(run)


def look(entry: Entry) -> list[dict[str, Any]]:
    """Return the style of each class of a layer; shapes that overlap have no edges of their own."""
    styles = palettes.styles(entry["palette"], entry["classes"])
    if entry.get("drawn_from", entry["layer_id"]) not in OVERLAPPING:
        return styles
    return [{**style, "outline": style["fill"]} for style in styles]


def looks(run: Snapshot, language: Language) -> dict[str, list[dict[str, Any]]]:
    """Return the style of each class of every layer."""
    return {each["layer_id"]: look(each) for each in words.layers(run, language)}


def modes(run: Snapshot, language: Language) -> dict[str, str]:
    """Return what a spot's reach can be asked for: the journey of each mode, the study's first."""
    own = str(run.summary["mode"])
    kept = {own: run.summary["mode_title"], **run.summary.get("live_modes", {})}
    return {mode: language.word(str(journey)) for mode, journey in kept.items()}


def reach(run: Snapshot, language: Language) -> dict[str, Any]:
    """Return what the map's scripts need to know to ask for a spot's reach."""
    bands = [{"key": str(minutes), "state": False} for minutes in REACH_MIN]
    styles = palettes.styles("minutes", bands)
    return {
        "url": "/api/isochrone",
        "mode": run.summary["mode"],
        "journeys": modes(run, language),
        "bands": [
            {"minutes": minutes, "style": style}
            for minutes, style in zip(REACH_MIN, styles, strict=True)
        ],
    }

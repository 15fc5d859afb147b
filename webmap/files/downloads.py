"""Layers as files to keep: the formats offered, made when they are asked for."""

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from jinja2 import Environment
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from geoengine.errors import GeoEngineError, UnknownFormatError
from webmap.delivery import Body
from webmap.results import Snapshot

if TYPE_CHECKING:
    from webmap.files.shown import Shown

KEPT_BYTES = 100_000_000
"""Of files that are kept for those who ask again, the latest first."""
WAIT_S = 20
"""How long one who asks waits while the files of others are made."""


@dataclass(frozen=True)
class Offer:
    """
    A format that layers are offered in, as `geoengine.exports.FORMATS` has it.

    The page names the formats without importing the exports, which take a second to import.

    Parameters
    ----------
    key
        What the format is asked for by.
    title
        What the link says.
    suffix
        Of the file's name.
    placed
        Whether only layers with shapes are offered in it.
    """

    key: str
    title: str
    suffix: str
    placed: bool


OFFERS = (
    Offer("geojson", "GeoJSON", ".geojson", placed=True),
    Offer("gpkg", "GeoPackage", ".gpkg", placed=True),
    Offer("csv", "CSV", ".csv", placed=False),
    Offer("xlsx", "Excel", ".xlsx", placed=False),
    Offer("parquet", "GeoParquet", ".parquet", placed=False),
    Offer("fgb", "FlatGeobuf", ".fgb", placed=True),
)
DRAWN = (
    Offer("png", "PNG", ".png", placed=True),
    Offer("pdf", "PDF", ".pdf", placed=True),
    Offer("html", "HTML", ".html", placed=False),
)
"""Formats of what is on screen only: for paper, and to take along."""
MEDIA_TYPES = {
    "png": "image/png",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}


def offers(entry: Mapping[str, Any], *, drawn: bool = False) -> list[Offer]:
    """Return the formats that a layer is offered in; with those drawn for paper, or without."""
    placed = entry["geometry"] != "none"
    each = (*OFFERS, *DRAWN) if drawn else OFFERS
    return [offer for offer in each if placed or not offer.placed]


def file_name(run: Snapshot, layer_id: str, suffix: str) -> str:
    """Return what a downloaded file is called."""
    return f"{layer_id}-{run.run}{suffix}"


Made = tuple[str, Body]
"""A file's name and its content."""


def make(run: Snapshot, layer_id: str, fmt: str, *, metadata: bool) -> Made:
    """
    Return a layer in a format, or the metadata that go with it, made anew.

    Parameters
    ----------
    run
        The run.
    layer_id, fmt
        The layer's and the format's key.
    metadata
        Whether the metadata are asked for instead of the layer.

    Returns
    -------
    tuple of str, Body
        The file's name and its content.

    Raises
    ------
    UnknownLayerError, UnknownFormatError
        If there is no such layer, or it isn't exported in that format.
    ResultsError
        If the layer can't be read or written.
    """
    from geoengine import exports

    entry = run.layer(layer_id)
    form = exports.FORMATS.get(fmt)
    name = file_name(run, entry["layer_id"], form.suffix if form else "")
    wanted = f"{name}.metadata.json" if metadata else name
    table = run.folder / f"{entry['layer_id']}.parquet"
    with tempfile.TemporaryDirectory() as folder:
        exports.convert(table, entry, fmt, Path(folder) / name, run=run.run)
        content = (Path(folder) / wanted).read_bytes()
    return wanted, Body(content, _media_type(Path(wanted), fmt))


def _media_type(path: Path, fmt: str) -> str:
    from geoengine import exports

    if path.name.endswith(".metadata.json"):
        return "application/json"
    return exports.FORMATS[fmt].media_type


class BusyError(Exception):
    """Other files are being made, and took too long."""


class Files:
    """
    Files of a run, made one at a time, the latest of them kept.

    Parameters
    ----------
    most_bytes
        How much is kept.
    """

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        # One at a time: a large file takes a processor, and matplotlib is not for threads.
        self._turn = threading.Lock()
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, ...], Made] = OrderedDict()

    def get(self, key: tuple[str, ...], make: Callable[[], Made]) -> Made:
        """
        Return a file, made where none is kept.

        Parameters
        ----------
        key
            All that the file depends on beside the run.
        make
            Makes it.

        Raises
        ------
        BusyError
            If the files of others take too long.
        """
        if not self._turn.acquire(timeout=WAIT_S):
            raise BusyError
        try:
            if key not in self._kept:
                self._kept[key] = make()
                self._bytes += len(self._kept[key][1].content)
            self._kept.move_to_end(key)
            found = self._kept[key]
            while self._bytes > self._most_bytes:
                _, (_, gone) = self._kept.popitem(last=False)
                self._bytes -= len(gone.content)
            return found
        finally:
            self._turn.release()


def make_shown(shown: "Shown", fmt: str, pages: Environment, *, metadata: bool = False) -> Made:
    """
    Return what is on screen in a format, or the metadata that go with it, made anew.

    Parameters
    ----------
    shown
        What is on screen.
    fmt
        The format's key.
    pages
        Where the templates are.
    metadata
        Whether the metadata are asked for instead.

    Raises
    ------
    UnknownFormatError
        If the layer isn't exported in that format.
    GeoEngineError
        If the format can't hold so much.
    """
    from geoengine import exports

    layer_id = str(shown.entry["layer_id"])
    stem = f"{layer_id}-{shown.language.code}" if shown.language.prefix else layer_id
    check(shown.entry, fmt)
    if fmt in MEDIA_TYPES:
        name = file_name(shown.run, stem, f".{fmt}")
        return name, Body(_drawn(shown, fmt, pages), MEDIA_TYPES[fmt])
    name = file_name(shown.run, stem, exports.FORMATS[fmt].suffix)
    wanted = f"{name}.metadata.json" if metadata else name
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / name
        exports.write(shown.frame, shown.described, fmt, out, facts=shown.facts)
        content = (Path(folder) / wanted).read_bytes()
    return wanted, Body(content, _media_type(Path(wanted), fmt))


def check(entry: Mapping[str, Any], fmt: str) -> None:
    """
    Refuse a format that what is shown of a layer isn't offered in.

    Raises
    ------
    UnknownFormatError
        With those that it is offered in.
    """
    offered = [offer.key for offer in offers(entry, drawn=True)]
    if fmt not in offered:
        why = "" if entry["geometry"] != "none" else ", which has no places on the map,"
        raise UnknownFormatError(
            f"The layer '{entry['layer_id']}'{why} is not exported as '{fmt}'. "
            f"Choose one of: {', '.join(offered)}"
        )


def _drawn(shown: "Shown", fmt: str, pages: Environment) -> bytes:
    if fmt == "html":
        from webmap.files import alone

        return alone.html(shown, pages)
    from webmap.files import prints

    return prints.pdf(shown) if fmt == "pdf" else prints.png(shown)


def write(
    results: Path, layer_id: str, fmt: str, out: Path, *, query: str = "", code: str = "en"
) -> int:
    """
    Write what the map would show at an address to a file.

    Parameters
    ----------
    results
        The folder that `geoengine run` wrote.
    layer_id, fmt
        The layer's and the format's key.
    out
        The file to be written; beside formats of rows stands `<file>.metadata.json`.
    query
        What follows the question mark of the map's or the table's address.
    code
        The language: `en` or `cy`.

    Returns
    -------
    int
        How many rows it shows.

    Raises
    ------
    UnknownLayerError, UnknownFormatError
        If there is no such layer, or it isn't exported in that format.
    GeoEngineError
        If the format can't hold so much, there is no such language, or the file can't be written.
    """
    from geoengine import exports
    from webmap import create_app, site
    from webmap.files.shown import Shown
    from webmap.screen import threshold, view
    from webmap.state import state
    from webmap.text import words
    from webmap.text.language import languages

    spoken = {language.code: language for language in languages()}
    if code not in spoken:
        raise GeoEngineError(f"There are no pages in '{code}'. Choose one of: {', '.join(spoken)}")
    app, language = create_app(results), spoken[code]
    asked = MultiDict(parse_qsl(query.partition("?")[2] or query.lstrip("?")))
    asked["layer"] = layer_id
    try:
        with app.test_request_context(language.link("/map")):
            run = threshold.asked_for(state(app).results.current(), asked)
            entry = words.layer(run, language, layer_id)
            seen = view.read(entry, asked)
            shown = Shown(run, language, entry, seen, site.address("/map", seen.query))
            if fmt in MEDIA_TYPES:
                out.write_bytes(make_shown(shown, fmt, app.jinja_env)[1].content)
            else:
                check(shown.entry, fmt)
                exports.write(shown.frame, shown.described, fmt, out, facts=shown.facts)
    except HTTPException as error:
        raise GeoEngineError(str(error.description)) from error
    except OSError as error:
        raise GeoEngineError(f"{out}: could not be written: {error.strerror or error}") from error
    return len(shown.places)

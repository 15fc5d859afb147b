"""The frame that every page stands in: its navigation, its language, and how it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, render_template, request

from webmap.delivery import Body
from webmap.results import Snapshot
from webmap.state import state
from webmap.text import language as languages
from webmap.text.language import Language


@dataclass(frozen=True)
class Tab:
    """A page of the navigation: its address, and the message that names it."""

    path: str
    title: str


TABS = (
    Tab("/", "nav-answer"),
    Tab("/map", "nav-map"),
    Tab("/table", "nav-table"),
    Tab("/plan", "nav-plan"),
    Tab("/postcode", "nav-postcode"),
    Tab("/method", "nav-method"),
    Tab("/data", "nav-data"),
)


def run() -> Snapshot:
    """Return the results that are served."""
    return state(current_app).results.current()


def here() -> Language:
    """Return the language that the current request is in."""
    return languages.of_path(request.path)[0]


def spoken() -> Language:
    """Return the language that a script asks to be answered in by `words`; else the first."""
    wanted = request.args.get("words", "")
    every = languages.languages()
    return next((each for each in every if each.code == wanted), every[0])


def page(template: str, run: Snapshot, **values: Any) -> Response:
    """
    Answer with a page in the language of its address.

    Parameters
    ----------
    template
        The template, which extends `page.html`.
    run
        The results that it tells of.
    values
        What the template needs beside `run` and `summary`.
    """
    html = render_template(template, run=run, summary=run.summary, **values)
    return Body(html.encode(), "text/html; charset=utf-8").answer(
        state(current_app).settings, keep=False
    )


def address(
    path: str, query: Mapping[str, str] | None = None, language: Language | None = None
) -> str:
    """Return the address of a page, in the current language if in no other; empty parts go."""
    asked = {name: value for name, value in (query or {}).items() if value}
    # A comma separates, and may stand in a query as it is.
    written = f"?{urlencode(asked, safe=',')}" if asked else ""
    return (language or here()).link(path) + written


def register(app: Flask) -> None:
    """Give every template what the frame needs."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        language, path = languages.of_path(request.path)
        query = request.query_string.decode("ascii", "replace")
        words: dict[str, Any] = {}

        def say(key: str, **values: Any) -> str:
            if not words:
                words.update(_words(language))
            return language.say(key, **words | values)

        return {
            "language": language,
            "say": say,
            "as_written": language.as_written,
            "address": address,
            "tabs": TABS,
            "path": path,
            "versions": [
                (each, each.link(path) + (f"?{query}" if query else ""))
                for each in languages.languages()
            ],
        }


def _words(language: Language) -> dict[str, Any]:
    from geoengine.errors import ResultsError

    try:
        return {"": "", **languages.study_words(language, run().summary)}
    except ResultsError:
        return {"": ""}

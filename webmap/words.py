"""A layer's words in the language of the page: the catalogue's, or the engine's."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from webmap import wording
from webmap.language import Language, study_words
from webmap.results import Snapshot

Entry = Mapping[str, Any]
RANGE = re.compile(r"(\d+)-(\d*)")
# Columns of text that is the engine's own words, not the data's.
WORDED = ("why", "placed_by", "open", "abroad", "time")


def layers(run: Snapshot, language: Language) -> tuple[Entry, ...]:
    """Return the run's layers with their words in a language."""
    return run.keep(
        f"{language.code} layers", lambda: tuple(_layer(run, language, each) for each in run.layers)
    )


def layer(run: Snapshot, language: Language, layer_id: str | None) -> Entry:
    """
    Return a layer with its words in a language; the first layer for `None`.

    Raises
    ------
    UnknownLayerError
        If the run has no such layer.
    """
    wanted = run.layer(layer_id)["layer_id"]
    return next(each for each in layers(run, language) if each["layer_id"] == wanted)


def _layer(run: Snapshot, language: Language, entry: Entry) -> Entry:
    words = study_words(language, run.summary)
    layer_id = str(entry["layer_id"])

    def said(key: str, otherwise: str) -> str:
        return language.say(key, **words) if language.has(key) else otherwise

    people = str(entry["people_title"])
    lines = [dict(line, label=_label(language, entry, line, words)) for line in entry["classes"]]
    return {
        **entry,
        "title": said(f"layer-{_slug(layer_id)}", str(entry["title"])),
        "question": said(f"layer-{_slug(layer_id)}-question", str(entry["question"])),
        "unit": said(f"unit-{_slug(str(entry['unit']))}", str(entry["unit"])),
        "people_title": language.word(people) if people else "",
        "classes": lines,
        "columns": _columns(run, language, entry, words, lines),
    }


def _label(
    language: Language, entry: Entry, line: Mapping[str, Any], words: Mapping[str, Any]
) -> str:
    key = str(line["key"])
    spread = RANGE.fullmatch(key)
    if entry["palette"] == "minutes" and spread:
        low, high = spread.groups()
        name = "class-minutes" if high else "class-minutes-over"
        return language.say(name, low=low, high=high)
    for family in (str(entry["palette"]), "state"):
        name = f"class-{family}-{_slug(key)}"
        if language.has(name):
            return language.say(name, **words)
    return str(line["label"])


def _columns(
    run: Snapshot,
    language: Language,
    entry: Entry,
    words: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """
    Return the columns that are shown: `name, title, heading, kind, state, words`.

    The sentence isn't among them, for the details tell it, nor are columns of states, which other
    columns tell where they have no value; `state` names a column's own. `words` says in this
    language what the engine wrote in its own.
    """
    names = [str(column["name"]) for column in entry["columns"]]
    people = str(run.summary["people_title"])
    shown = []
    for column in entry["columns"]:
        name = str(column["name"])
        if name == entry["sentence"] or name.endswith("_state"):
            continue
        title = str(column["title"])
        for key in (f"column-{entry['layer_id']}-{_slug(name)}", f"column-{_slug(name)}"):
            if language.has(key):
                title = language.say(key, **words)
                break
        unit = str(column["unit"])
        unit_key = f"unit-{_slug(unit)}"
        kind = wording.kind(column, people)
        shown.append(
            {
                "name": name,
                "title": title,
                "heading": wording.heading(
                    title, language.say(unit_key) if language.has(unit_key) else unit, kind
                ),
                "kind": kind,
                "state": _state_column(name, names),
                "words": _texts(run, language, entry, name, words, lines),
            }
        )
    return shown


def _texts(
    run: Snapshot,
    language: Language,
    entry: Entry,
    name: str,
    words: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
) -> dict[str, str]:
    """Return what the engine's texts in a column are called in this language."""
    if name not in WORDED:
        return {}
    of_classes = {
        str(old["label"]): str(new["label"])
        for old, new in zip(entry["classes"], lines, strict=True)
    }
    found: dict[str, str] = {}
    for value in run.table(str(entry["layer_id"]))["columns"].get(name, ()):
        if not isinstance(value, str) or value in found:
            continue
        key = (
            f"text-{_slug(name)}-{_slug(value.replace(str(run.summary['people_title']), 'people'))}"
        )
        if value in of_classes:
            found[value] = of_classes[value]
        elif language.has(key):
            found[value] = language.say(key, **words)
    return found


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _state_column(name: str, names: Sequence[str]) -> str | None:
    """Return the column that tells the states of another: `worst_state` of `minutes_worst`."""
    parts = reversed(name.split("_"))
    return next((f"{part}_state" for part in parts if f"{part}_state" in names), None)

"""A layer's words in the language of the page, where the catalogue knows what the engine says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from webmap.results import Snapshot
from webmap.text import wording
from webmap.text.language import Language, languages, study_words

Entry = Mapping[str, Any]
RANGE = re.compile(r"(\d+)-(\d*)")
# Columns of text that is the engine's own words, not the data's.
WORDED = (
    "why", "placed_by", "time", "need", "access", "spot", "alone", "funnel", "marked",
)  # fmt: skip
# Columns of which there is one for each term.
OF_TERMS = ("figure_", "spot_")
FIGURES = ("figure-out-of-reach", "figure-minutes", "figure-deprivation")
# What the study or the data say within a text of the engine's; the others are as the data say them.
OPEN = ("figure", "first", "last", "more", "fewer")
MARK = re.compile("\ue000(\\w+)\ue001")


class English(str):
    """What the engine says in English on a page in another language: marked so in the page."""

    __slots__ = ()

    def __html__(self) -> Markup:
        return Markup('<span lang="en">{}</span>').format(str(self))


class PartEnglish(str):
    """A text in the page's language that names what only has an English name: that is marked."""

    __slots__ = ("name",)
    name: str

    def __html__(self) -> Markup:
        before, _, after = str(self).partition(self.name)
        return Markup("{}{}{}").format(before, English(self.name), after)


class Speech:
    """
    Turns what the engine says of a run into a language.

    Parameters
    ----------
    language
        The language.
    summary
        The run's, for the study's own words.
    """

    def __init__(self, language: Language, summary: Mapping[str, Any]) -> None:
        self.language = language
        self.words = study_words(language, summary)
        self.first = languages()[0]
        self.first_words = study_words(self.first, summary)

    def __call__(self, text: str, keys: Iterable[str], **values: Any) -> str:
        """
        Return the message that says in English what the engine says, or else the engine's text.

        Parameters
        ----------
        text
            The engine's.
        keys
            Messages that may say the same.
        values
            What these messages have places for, beside the study's words.
        """
        if self.language is self.first or not text:
            return text
        for key in filter(self.first.has, keys):
            marked = {name: f"\ue000{name}\ue001" for name in OPEN}
            said = self.first.say(key, **self.first_words | marked | values)
            found = _pattern(said).fullmatch(text)
            if found:
                return self._told(key, values | found.groupdict())
        return English(text)

    def _told(self, key: str, values: dict[str, Any]) -> str:
        if "figure" in values:
            values["figure"] = self(values["figure"], FIGURES)
        said = self.language.say(key, **self.words | dict.fromkeys(OPEN, "") | values)
        if isinstance(values.get("figure"), English):
            said = PartEnglish(said)
            said.name = str(values["figure"])
        return said


def _pattern(said: str) -> re.Pattern[str]:
    """Return what a text matches that says the same, with anything in its open places."""
    parts = MARK.split(said)
    spelled = [f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)]
    return re.compile("".join(spelled), re.IGNORECASE)


def layers(run: Snapshot, language: Language) -> tuple[Entry, ...]:
    """Return the run's layers with their words in a language."""
    speech = Speech(language, run.summary)
    return run.keep(
        f"{language.code} layers", lambda: tuple(_layer(run, speech, each) for each in run.layers)
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


def _layer(run: Snapshot, speech: Speech, entry: Entry) -> Entry:
    keys = [f"layer-{name}" for name in _names(entry)]
    asked = [f"{key}-question" for key in keys]
    lines = [dict(line, label=_label(speech, entry, line)) for line in entry["classes"]]
    unit = str(entry["unit"])
    return {
        **entry,
        "title": speech(str(entry["title"]), keys),
        "question": speech(str(entry["question"]), asked),
        "unit": _unit(run, speech, unit),
        "people_title": speech.language.word(str(entry["people_title"])),
        "classes": lines,
        "columns": _columns(run, speech, entry, lines),
    }


def _names(entry: Entry) -> tuple[str, str]:
    """Return what messages call a layer: itself, and all layers of its kind."""
    layer_id = str(entry["layer_id"])
    return _slug(layer_id), layer_id.partition("_")[0]


def _unit(run: Snapshot, speech: Speech, unit: str) -> str:
    of_people = unit.replace(str(run.summary["people_title"]), "people")
    return speech(unit, (f"unit-{_slug(unit)}", f"unit-{_slug(of_people)}"))


def _label(speech: Speech, entry: Entry, line: Mapping[str, Any]) -> str:
    key, text = str(line["key"]), str(line["label"])
    spread = RANGE.fullmatch(key)
    if spread:
        low, high = spread.groups()
        return speech(text, ("class-minutes", "class-minutes-over"), low=low, high=high)
    if text.isdecimal():
        return text
    return speech(text, [f"class-{family}-{_slug(key)}" for family in (entry["palette"], "state")])


def _columns(
    run: Snapshot, speech: Speech, entry: Entry, lines: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """
    Return the columns that are shown.

    Each has `name, title, heading, short, unit, kind, state, numeric, words`.

    The sentence isn't among them, for the details tell it, nor are columns of states, which other
    columns tell where they have no value; `state` names a column's own. `heading` is the title with
    its unit, `short` what stands over a narrow column. `words` says in this language what the
    engine wrote in its own.
    """
    names = [str(column["name"]) for column in entry["columns"]]
    people = str(run.summary["people_title"])
    held = run.table(str(entry["layer_id"]))["columns"]
    shown = []
    for column in entry["columns"]:
        name, unit = str(column["name"]), str(column["unit"])
        if name == entry["sentence"] or name.endswith("_state"):
            continue
        keys = [f"column-{each}-{_slug(name)}" for each in _names(entry)]
        title = speech(str(column["title"]), [*keys, f"column-{_family(name)}", *FIGURES])
        kind = wording.kind(column, people)
        told = wording.heading(title, _unit(run, speech, unit), kind)
        heading = English(told) if isinstance(title, English) else told
        heads = [*(f"head-{each}-{_slug(name)}" for each in _names(entry)), f"head-{_slug(name)}"]
        head = next(filter(speech.language.has, heads), "")
        shown.append(
            {
                "name": name,
                "title": title,
                "heading": heading,
                "short": speech.language.say(head, **speech.words) if head else heading,
                "unit": _unit(run, speech, unit),
                "kind": kind,
                "state": _state_column(name, names),
                "numeric": _numeric(held.get(name, ())),
                "words": _texts(speech, entry, name, held.get(name, ()), lines, people),
            }
        )
    return shown


def _texts(
    speech: Speech,
    entry: Entry,
    name: str,
    values: Sequence[Any],
    lines: Sequence[Mapping[str, Any]],
    people: str,
) -> dict[str, str]:
    """Return what the engine's texts in a column are called in this language."""
    family = _family(name)
    if family.replace("-", "_") not in WORDED:
        return {}
    found = {
        str(old["label"]): str(new["label"])
        for old, new in zip(entry["classes"], lines, strict=True)
    }
    for value in values:
        if isinstance(value, str) and value not in found:
            key = f"text-{family}-{_slug(value.replace(people, 'people'))}"
            found[value] = speech(value, (key,))
    return found


def _numeric(values: Sequence[Any]) -> bool:
    """Whether a column holds numbers, to be set to the right."""
    return any(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _family(name: str) -> str:
    """Return what messages call a column: itself, or all those of which each term has one."""
    family = next((each for each in OF_TERMS if name.startswith(each)), name)
    return _slug(family)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _state_column(name: str, names: Sequence[str]) -> str | None:
    """Return the column that tells the states of another: `worst_state` of `minutes_worst`."""
    parts = reversed(name.split("_"))
    return next((f"{part}_state" for part in parts if f"{part}_state" in names), None)

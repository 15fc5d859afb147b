"""The languages of the pages, and every word of theirs from one catalogue each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from markupsafe import Markup, escape

LONGEST_VALUE = 2_000
"""Characters of a text within a message; Fluent takes no more than 2,500."""
FOLDER = Path(__file__).parents[1] / "messages"


class Spoken(str):
    """What is said in the page's own language, where others are told what the engine wrote."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Language:
    """
    A language that the pages are written in.

    Parameters
    ----------
    code
        As addresses and the folders of messages have it: `en`, `cy`.
    tag
        As browsers have it: `en-GB`.
    name
        What its own speakers call it.
    prefix
        What every address of its pages begins with.
    """

    code: str
    tag: str
    name: str
    prefix: str
    _bundle: FluentBundle = field(init=False, repr=False)

    def __post_init__(self) -> None:
        bundle = FluentBundle([self.tag], use_isolating=False)
        for path in sorted((FOLDER / self.code).glob("*.ftl")):
            bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
        object.__setattr__(self, "_bundle", bundle)

    def has(self, key: str) -> bool:
        """Whether the catalogue has a message."""
        return bool(self._bundle.has_message(key))

    def say(self, key: str, **values: Any) -> str:
        """
        Return a message.

        Parameters
        ----------
        key
            Its name in the catalogue.
        values
            What the message has places for; whole numbers choose its plural form. Texts of more
            than 2,000 characters are cut.

        Raises
        ------
        LookupError
            If there is no such message, or a place of it has no value.
        """
        if not self.has(key):
            raise LookupError(f"no message '{key}' in {FOLDER / self.code}")
        pattern = self._bundle.get_message(key).value
        assert pattern is not None, f"message '{key}' has no text of its own"
        shown = {name: _cut(value) for name, value in values.items()}
        text, faults = self._bundle.format_pattern(pattern, shown)
        if faults:
            raise LookupError(f"message '{key}' in {FOLDER / self.code}: {faults[0]}")
        return str(text)

    def word(self, text: str) -> str:
        """Return the study's own word in this language where the catalogue knows it."""
        key = f"word-{text.lower().replace(' ', '-')}"
        return self.say(key) if key.replace("-", "").isalnum() and self.has(key) else text

    def as_written(self, text: str) -> Markup:
        """Return text that the data or the engine wrote in English, marked so elsewhere."""
        if self.code == "en" or not text or isinstance(text, Spoken):
            return escape(text)
        return Markup('<span lang="en">{}</span>').format(text)

    def link(self, path: str) -> str:
        """Return the address of a page in this language."""
        return f"{self.prefix}{path}" if path != "/" or not self.prefix else f"{self.prefix}/"


def _cut(value: Any) -> Any:
    long = isinstance(value, str) and len(value) > LONGEST_VALUE
    return f"{value[: LONGEST_VALUE - 1]}…" if long else value


@cache
def languages() -> tuple[Language, ...]:
    """Return every language, that of addresses without a prefix first."""
    return (
        Language("en", "en-GB", "English", ""),
        Language("cy", "cy", "Cymraeg", "/cy"),
    )


def of_path(path: str) -> tuple[Language, str]:
    """
    Return the language that an address is in, and the address without its prefix.

    Examples
    --------
    >>> language, rest = of_path("/cy/map")
    >>> language.code, rest
    ('cy', '/map')
    """
    first, *others = languages()
    for language in others:
        if path == language.prefix or path.startswith(f"{language.prefix}/"):
            return language, path.removeprefix(language.prefix) or "/"
    return first, path


def study_words(language: Language, summary: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what the study calls its people, its service and its journeys, for any message.

    `People` is `people` with a capital, and so on; `cutoff` is the cut-off as it is written, and
    `minutes` the same as a number, which chooses forms.
    """
    people, service = str(summary["people_title"]), str(summary["service"])
    plural, journey = str(summary["service_plural"]), str(summary["mode_title"])
    said = {
        "people": language.word(people),
        "service": language.word(service),
        "services": language.word(plural),
        "journey": language.word(journey),
        "mode": language.word(str(summary["mode"])),
        "place": str(summary["place"]),
    }
    capital = {
        f"{key[0].upper()}{key[1:]}": f"{text[:1].upper()}{text[1:]}" for key, text in said.items()
    }
    cutoff = float(summary["cutoff_min"])
    return said | capital | {"cutoff": f"{cutoff:g}", "minutes": cutoff}

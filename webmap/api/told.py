"""What the interface's documents say, told in the language of its pages."""

import re

from markupsafe import Markup

from webmap.results import Snapshot
from webmap.text import finding, words
from webmap.text.language import Language, languages


class Told:
    """
    Tells in a language what the documents say in English.

    Parameters
    ----------
    run
        The results, whose layers have words of their own.
    language
        The language.
    """

    def __init__(self, run: Snapshot, language: Language) -> None:
        self.language = language
        self.known = {f"{run.summary['headline']}.": f"{finding.headline(language, run)}."}
        for plain, told in zip(run.layers, words.layers(run, language), strict=True):
            self.known |= {str(plain[part]): told[part] for part in ("title", "question")}

    def __call__(self, text: str) -> str:
        """Return a text in the language, or marked as English where that has no words for it."""
        if self.language is languages()[0]:
            return text
        key = _key(text)
        if self.language.has(key):
            return self.language.say(key)
        if text in self.known:
            return self.known[text]
        for start in self.known:
            rest = text.removeprefix(start)
            if rest != text and rest.startswith((" ", ": ")):
                mark, rest = (": ", rest[2:]) if rest[0] == ":" else (" ", rest[1:])
                return Markup("{}{}{}").format(self.known[start], mark, self(rest))
        return words.English(text)


def _key(text: str) -> str:
    """Return what the message is called that says in English what a document says."""
    return "api-says-" + re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")

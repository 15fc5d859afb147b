"""Up to three plans side by side, as the address holds them, and the edits that a form asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from geoengine.scenarios import Close, Edit, Move, Open, Resize, Scenario
from webmap.places import spots
from webmap.plan import links
from webmap.results import Snapshot
from webmap.text.language import Language, study_words

LETTERS = ("a", "b", "c")
LONGEST_NAME = 80
NEW = "new"


@dataclass(frozen=True)
class Plans:
    """
    The plans of an address.

    Parameters
    ----------
    each
        By letter; a plan without edits is what is.
    shown
        The letter of the one that is worked on.
    """

    each: Mapping[str, Scenario] = field(
        default_factory=lambda: dict.fromkeys(LETTERS, Scenario(""))
    )
    shown: str = LETTERS[0]

    @property
    def current(self) -> Scenario:
        """The plan that is worked on."""
        return self.each[self.shown]

    @property
    def query(self) -> dict[str, str]:
        """What an address asks for them by; "" for what needs no asking."""
        packed = {letter: links.pack(self.each[letter]) for letter in LETTERS}
        return packed | {"shown": self.shown if self.shown != LETTERS[0] else ""}

    def having(self, scenario: Scenario) -> "Plans":
        """Return them with another plan in place of the one that is worked on."""
        return replace(self, each={**self.each, self.shown: scenario})


class RefusedError(Exception):
    """A form asks for what can't be done; its argument is a sentence in the page's language."""


def of_query(asked: Mapping[str, str]) -> Plans:
    """
    Return the plans that an address holds.

    Raises
    ------
    ScenarioError
        If any of them can't be understood.
    """
    shown = asked.get("shown", LETTERS[0])
    return Plans(
        {letter: links.unpack(asked.get(letter, "")) for letter in LETTERS},
        shown if shown in LETTERS else LETTERS[0],
    )


def edited(plans: Plans, asked: Mapping[str, str], run: Snapshot, language: Language) -> Plans:
    """
    Return the plans after what a form asks for.

    Parameters
    ----------
    plans
        Before it.
    asked
        `do`: open, close, resize, move, undo, clear, copy or name; and what that needs.
    run, language
        Whose postcodes are known, and the language of what is refused.

    Raises
    ------
    RefusedError
        If something is missing or not understood.
    """
    scenario, what = plans.current, asked.get("do", "")
    if what == "undo" and scenario.edits:
        return plans.having(scenario.undone())
    if what == "clear":
        return plans.having(Scenario(""))
    if what == "name":
        return plans.having(replace(scenario, name=asked.get("name", "").strip()[:LONGEST_NAME]))
    if what == "copy":
        other = asked.get("to", "")
        if other not in LETTERS:
            return plans
        return Plans({**plans.each, other: replace(scenario, name="")}, other)
    if what in ("open", "close", "resize", "move"):
        return plans.having(scenario.then(_edit(what, scenario, asked, run, language)))
    return plans


def _edit(
    what: str, scenario: Scenario, asked: Mapping[str, str], run: Snapshot, language: Language
) -> Edit:
    setting = asked.get("setting", "").strip()
    if what != "open" and not setting:
        raise RefusedError(language.say("plan-no-setting", **study_words(language, run.summary)))
    if what == "close":
        return Close(setting)
    if what == "resize":
        return Resize(setting, places_of(asked, language))
    spot = _spot(asked, run, language)
    if what == "move":
        return Move(setting, *spot)
    name = asked.get("name", "").strip()[:LONGEST_NAME]
    called = name or language.say("plan-new-name", number=len(scenario.edits) + 1)
    return opening(scenario, spot, places_of(asked, language), called)


def opening(scenario: Scenario, spot: spots.Spot, places: float | None, name: str) -> Open:
    """Return an edit that opens a setting, under an id that no other edit of a plan has."""
    number = len(scenario.edits) + 1
    taken = {edit.provision_id for edit in scenario.edits}
    while f"{NEW}-{number}" in taken:
        number += 1
    return Open(f"{NEW}-{number}", *spot, places, name)


def _spot(asked: Mapping[str, str], run: Snapshot, language: Language) -> spots.Spot:
    given = asked.get("where", "")
    found = spots.find(run, given)
    if found is None:
        raise RefusedError(language.say("plan-no-spot", given=spots.shown(given)))
    return found


def places_of(asked: Mapping[str, str], language: Language) -> float | None:
    """
    Return the number of places that a form gives; `None` where it is left empty.

    Raises
    ------
    RefusedError
        If it is no whole number.
    """
    given = asked.get("places", "").strip()
    if not given:
        return None
    if not given.isdecimal() or len(given) > 6:
        raise RefusedError(language.say("plan-bad-places", given=spots.shown(given)))
    return float(given)

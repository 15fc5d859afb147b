"""How sure suggested sites are, in sentences and a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from webmap.plan import whatifs
from webmap.results import Snapshot
from webmap.text import wording
from webmap.text.language import Language

if TYPE_CHECKING:
    from geoengine.stress import Standing, Stress

SURE, FRAGILE = 0.8, 0.5
"""Shares of draws from which a site is called sure, and under which it is called fragile."""


def told(
    language: Language, run: Snapshot, found: "Stress", names: Sequence[str], asked: int,
    *, over: bool,
) -> dict[str, Any]:  # fmt: skip
    """
    Return how a suggestion stands up in words and numbers.

    Parameters
    ----------
    language, run
        Whose words.
    found
        As far as has been tried.
    names
        What its sites are called, in their order.
    asked
        How many sites were asked for.
    over
        Whether no more will be tried.
    """
    return {
        "draws": found.draws,
        "most": _draws(),
        "finished": found.finished,
        "sentence": _sentence(language, run, found, cut_short=over and not found.finished),
        "method": _method(language, run),
        "metres": _metres(),
        "sites": [
            _site(language, name, each, asked)
            for name, each in zip(names, found.sites, strict=True)
        ],
    }


def _draws() -> int:
    from geoengine import stress

    return stress.DRAWS


def _metres() -> str:
    from geoengine import stress

    return wording.number(stress.NEAR_M)


def _sentence(language: Language, run: Snapshot, found: "Stress", *, cut_short: bool) -> str:
    said = whatifs.words(language, run)
    parts = [
        language.say("steady-nobody", count=found.draws, **said)
        if found.middle != found.middle
        else language.say(
            "steady-choice",
            count=found.draws,
            middle=_share(found.middle),
            low=_share(found.low),
            **said,
        )
    ]
    if cut_short:
        parts.append(language.say("steady-unfinished", most=_draws()))
    if not found.proven:
        parts.append(language.say("steady-unproven"))
    return " ".join(parts)


def _method(language: Language, run: Snapshot) -> str:
    from geoengine.stress import Doubts

    doubts = Doubts()
    shares = {name: _share(value) for name, value in vars(doubts).items()}
    said = whatifs.words(language, run)
    return language.say(
        "steady-method", crowd=shares["people"], speed=shares["speed"],
        closure=shares["closure"], **said,
    )  # fmt: skip


def _site(language: Language, name: str, found: "Standing", sites: int) -> dict[str, Any]:
    sure, fragile = found.share_near >= SURE, found.share_near < FRAGILE
    kind = "sure" if sure else "fragile" if fragile else "fair"
    share, near = _share(found.share), _share(found.share_near)
    return {
        "name": name,
        "kind": kind,
        "sentence": language.say(
            f"steady-{kind}", where=name, share=share, near=near, metres=_metres()
        ),
        "share": share,
        "near": near,
        "rank": _rank(language, found, sites),
    }


def _rank(language: Language, found: "Standing", sites: int) -> str:
    low, high = found.rank_low, found.rank_high
    if low > sites:
        return language.say("steady-rank-none")
    if high > sites:
        return language.say("steady-rank-or-none", low=low)
    return str(low) if low == high else language.say("steady-rank", low=low, high=high)


def _share(value: float) -> str:
    return wording.number(value, share=True)

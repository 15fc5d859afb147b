"""The sites that a search proposes, in sentences: what each brings, and how sure it is."""

from typing import TYPE_CHECKING, Any

from webmap.places import spots
from webmap.plan import whatifs
from webmap.results import Snapshot
from webmap.text import finding, wording
from webmap.text.language import Language

if TYPE_CHECKING:
    from geoengine.proposals import Answer, Proposal, Site, Wish
    from geoengine.whatif import Planner

SHOWN_AREAS = 5


def told(
    language: Language, run: Snapshot, planner: "Planner", wish: "Wish", found: "Answer"
) -> dict[str, Any]:
    """Return the best found so far in words and numbers."""
    return {
        "certainty": certainty(language, run, planner, wish, found),
        "near_best": near_best(language, found),
        "gap": found.gap if found.gap < float("inf") else None,
        "candidates": found.candidates,
        "finished": found.finished,
        "proposals": [_proposal(language, run, planner, each) for each in choices(found)],
    }


def choices(found: "Answer") -> list["Proposal"]:
    """Return all choices that were found: those of most sites first."""
    return sorted([*found.proposals, *found.fewer], key=lambda each: -len(each.sites))


def certainty(
    language: Language, run: Snapshot, planner: "Planner", wish: "Wish", found: "Answer"
) -> str:
    """Say how good the answer is proven to be."""
    said = whatifs.words(language, run)
    if wish.places == "buildings" and not len(planner.buildings.table):
        return language.say("suggest-no-buildings", **said)
    if not found.candidates:
        return language.say("suggest-nowhere", **said)
    if found.choices:
        shown = len(choices(found))
        gap = wording.number(max(found.gap, 0.01), share=True)
        key = "suggest-choices-all" if found.all_choices else "suggest-choices-some"
        return language.say(
            key, count=shown, gap=gap, candidates=wording.number(found.candidates), **said
        )
    if found.gap == 0:
        return language.say("suggest-proven", candidates=wording.number(found.candidates))
    if found.gap == float("inf"):
        return language.say("suggest-unproven", candidates=wording.number(found.candidates))
    gap = wording.number(max(found.gap, 0.01), share=True)
    return language.say("suggest-gap", gap=gap, candidates=wording.number(found.candidates))


def near_best(language: Language, found: "Answer") -> str:
    """Say how many other plans are nearly as good; "" where these were not looked for."""
    if not found.near_best:
        return ""
    key = "suggest-near-all" if found.all_near_best else "suggest-near-some"
    return language.say(key, count=found.near_best)


def _proposal(
    language: Language, run: Snapshot, planner: "Planner", proposal: "Proposal"
) -> dict[str, Any]:
    said = whatifs.words(language, run)
    known = whatifs.names(run, planner)
    people, poor = (finding.round_half_up(of) for of in (proposal.people, proposal.deprived))
    return {
        "of_sites": language.say("suggest-of-sites", count=len(proposal.sites)),
        "sentence": language.say("suggest-brings", count=people, poor=wording.number(poor), **said),
        "people": people,
        "deprived": poor,
        "gaining": _areas(language, "suggest-gaining", known, proposal.gaining),
        "losing": _areas(language, "suggest-losing", known, proposal.losing),
        "sites": [_site(language, run, planner, known, each) for each in proposal.sites],
    }


def _areas(
    language: Language, key: str, known: whatifs.Names, areas: tuple[tuple[str, float], ...]
) -> str:
    """Say who gains or loses, by area; "" for nobody."""
    some = [(known[code], finding.round_half_up(people)) for code, people in areas if people >= 0.5]
    if not some:
        return ""
    names = [f"{name} ({count:,})" for name, count in some[:SHOWN_AREAS]]
    if len(some) > SHOWN_AREAS:
        names.append(language.say("plan-and-others", count=len(some) - SHOWN_AREAS))
    return language.say(key, names=", ".join(names))


def names(language: Language, run: Snapshot, planner: "Planner", found: "Proposal") -> list[str]:
    """Return what the sites of a proposal are called: by their building, or where they are."""
    known = whatifs.names(run, planner)
    return [_name(language, run, planner, known, each) for each in found.sites]


def _name(
    language: Language, run: Snapshot, planner: "Planner", known: whatifs.Names, site: "Site"
) -> str:
    if site.candidate_id:
        return str(planner.buildings.table["name"][site.candidate_id])
    postcode = spots.postcode_near(run, site.longitude, site.latitude)
    area = known[site.area_code]
    if postcode:
        return language.say("suggest-near-postcode", postcode=postcode, area=area)
    return language.say("suggest-in-area", area=area)


def _site(
    language: Language, run: Snapshot, planner: "Planner", known: whatifs.Names, site: "Site"
) -> dict[str, Any]:
    people, poor = (finding.round_half_up(of) for of in (site.people, site.deprived))
    where = _name(language, run, planner, known, site)
    said = whatifs.words(language, run) | {"count": people, "poor": wording.number(poor)}
    sentence = (
        language.say("suggest-building", name=where, area=known[site.area_code], **said)
        if site.candidate_id
        else language.say("suggest-site", where=where, **said)
    )
    if site.share == site.share:
        every = site.share > 1 - 1e-9
        share = wording.number(site.share, share=True)
        some = "suggest-building-in-some" if site.candidate_id else "suggest-in-some"
        said_of = language.say("suggest-in-every" if every else some, share=share)
        sentence = f"{sentence} {said_of}"
    return {
        "name": where,
        "candidate": site.candidate_id,
        "sentence": sentence,
        "longitude": round(site.longitude, 6),
        "latitude": round(site.latitude, 6),
        "people": people,
        "deprived": poor,
        "share": None if site.share != site.share else round(site.share, 3),
    }

"""Searches for sites, and tests of how sure they are, run beside the serving."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import abort

from webmap.background.jobs import Job
from webmap.plan import fairness, steadiness, suggesting
from webmap.results import Snapshot
from webmap.state import State
from webmap.text.language import Language

if TYPE_CHECKING:
    from geoengine.proposals import Answer, Wish
    from geoengine.whatif import Outcome, Planner


@dataclass(frozen=True, eq=False)
class Search:
    """
    What is sought.

    Parameters
    ----------
    planner, outcome
        What is, and the plan that new sites come on top of.
    wish
        How many sites, for whom and where.
    places
        How many places each would have; `None` where that isn't known.
    """

    planner: "Planner"
    outcome: "Outcome"
    wish: "Wish"
    places: float | None = None


@dataclass(frozen=True, eq=False)
class Trial:
    """
    A proposal to be put to the test.

    Parameters
    ----------
    search
        What was sought.
    answer
        What was found; its first proposal is tested.
    """

    search: Search
    answer: "Answer"


def begin(here: State, about: Search | Trial) -> Job | None:
    """Begin a search or a test; `None` where too many are under way."""
    from geoengine import proposals, stress
    from geoengine.siting import Effort

    longest_s = float(here.settings.heavy_s)

    def work(stopped: Callable[[], bool]) -> Iterator[Any]:
        effort = Effort(longest_s, cancelled=stopped)
        if isinstance(about, Search):
            return proposals.search(about.planner, about.outcome, about.wish, effort)
        tested, of = about.answer.proposals[0], about.search
        return stress.of_proposal(of.planner, of.outcome, of.wish, tested, effort)

    return here.searches.start(about, work)


def find(here: State, job_id: str) -> Job:
    """
    Return a job.

    Raises
    ------
    werkzeug.exceptions.NotFound
        If it is not known, or no longer.
    """
    job = here.searches.find(job_id)
    if job is None:
        abort(HTTPStatus.NOT_FOUND, "There is no such search, or it was forgotten; begin anew.")
    return job


def trial(job: Job) -> Trial:
    """
    Return the test of what a job has found.

    Raises
    ------
    werkzeug.exceptions.Conflict
        If it has found nothing that can be tested, or not yet.
    """
    if not testable(job):
        abort(
            HTTPStatus.CONFLICT,
            "Only one choice of sites can be put to the test, once its search has ended.",
        )
    return Trial(job.about, job.best)


def sought(job: Job) -> Search:
    """Return what a job seeks, or what the proposal that it tests was sought by."""
    about: Search | Trial = job.about
    return about.search if isinstance(about, Trial) else about


def found(job: Job) -> "Answer | None":
    """Return the best sites that a job has found, or that it tests."""
    answer: Answer | None = job.about.answer if isinstance(job.about, Trial) else job.best
    return answer


def testable(job: Job) -> bool:
    """Whether a job has found something that can be put to the test."""
    answer = found(job)
    return (
        job.over
        and not isinstance(job.about, Trial)
        and answer is not None
        and sought(job).wish.aim != "balance"
        and bool(answer.proposals[0].sites)
    )


def told(language: Language, run: Snapshot, job: Job) -> dict[str, Any] | None:
    """Return the best sites so far in words and numbers; `None` before the first."""
    answer, search = found(job), sought(job)
    if answer is None:
        return None
    return suggesting.told(language, run, search.planner, search.wish, answer)


def chart(job: Job) -> fairness.Chart | None:
    """Return the choices that a job has found as a chart; `None` where there is only one."""
    answer = found(job)
    choices = [] if answer is None else suggesting.choices(answer)
    return fairness.chart(choices) if len(choices) > 1 else None


def tested(language: Language, run: Snapshot, job: Job) -> dict[str, Any] | None:
    """Return how sure they are, as far as has been tried; `None` where that was not asked."""
    if not isinstance(job.about, Trial) or job.best is None:
        return None
    search, proposal = job.about.search, job.about.answer.proposals[0]
    names = suggesting.names(language, run, search.planner, proposal)
    return steadiness.told(language, run, job.best, names, search.wish.sites, over=job.over)

"""Other plans as good, or nearly: which sites they share, and which are a matter of taste."""

from dataclasses import dataclass

import numpy as np

from geoengine.siting.effort import Effort, Watch
from geoengine.siting.p_centre import forbid
from geoengine.siting.plan import SAME, Plan
from geoengine.siting.problem import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class Alternatives:
    """
    Plans as good as the limit.

    Parameters
    ----------
    open_site
        Sites of each plan, best first, shape (plans, sites).
    objective
        Of each plan, shape (plans,).
    complete
        Whether there are no others.
    """

    open_site: BoolArray
    objective: FloatArray
    complete: bool

    @property
    def share(self) -> FloatArray:
        """In what share of the plans each site is, shape (sites,)."""
        return np.asarray(self.open_site.mean(axis=0))


def alternatives(
    plan: Plan,
    *,
    within: float = 0.0,
    most: int = 100,
    effort: Effort = Effort(),  # noqa: B008
) -> Alternatives:
    """
    Find every plan about as good as one that was found.

    Without a budget, plans for as many sites as the problem allows are compared; a set cover's
    may have any number of sites.

    Parameters
    ----------
    plan
        A plan of any model but `Leximin` and `EvenAccess`.
    within
        How much worse a plan may be, as a share of this one's objective.
    most
        Stop at so many plans.
    effort
        When to stop.

    Raises
    ------
    ValueError
        If there is no plan, or its model cannot list others.

    Examples
    --------
    Two of three places in a row can each be served from either side.

    >>> from geoengine.siting import PMedian, Problem, costs_of
    >>> place = np.arange(3)
    >>> costs = costs_of(60.0 * abs(place[:, None] - place))
    >>> found = alternatives(PMedian().solve(Problem(costs, np.ones(3), k=2)))
    >>> found.open_site.astype(int), found.complete
    (array([[1, 1, 0],
           [1, 0, 1],
           [0, 1, 1]]), True)
    """
    if not plan.feasible:
        raise ValueError(f"there is no plan to compare others with: {plan.reason}")
    near = getattr(plan.model, "near", None)
    if near is None:
        raise ValueError(f"{type(plan.model).__name__} cannot list other plans")
    worst = within + SAME
    limit = plan.objective * (1 + worst if plan.model.sense == "least" else 1 - worst)
    watch = Watch(effort)
    programme, free = near(plan.problem, plan.open_site, limit, watch)
    found: dict[bytes, tuple[float, BoolArray]] = {}
    complete = False
    while len(found) < most and not watch.over():
        answer = programme.solve(watch)
        if answer.values is None:
            complete = answer.state == "infeasible"
            break
        open_site = plan.open_site
        open_site[free] = answer.values[: len(free)] > 0.5
        value = plan.model.value(plan.problem, open_site)
        beyond = value > limit if plan.model.sense == "least" else value < limit
        if beyond:
            complete = answer.state == "solved"
            break
        found[open_site.tobytes()] = (value, open_site)
        if not len(free):
            complete = True
            break
        forbid(programme, open_site[free])
    sign = 1 if plan.model.sense == "least" else -1
    order = sorted(found.values(), key=lambda pair: (sign * pair[0], (~pair[1]).tobytes()))
    sites = plan.problem.costs.sites
    return Alternatives(
        np.array([pair[1] for pair in order], dtype=bool).reshape(-1, sites),
        np.array([pair[0] for pair in order]),
        complete,
    )

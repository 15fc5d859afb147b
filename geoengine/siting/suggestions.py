"""A plan in words: what each new site would bring, and what each closed one would take."""

import numpy as np

from geoengine.siting.plan import Plan, nearest
from geoengine.siting.problem import BoolArray, FloatArray


def suggestions(
    plan: Plan,
    *,
    cutoff: float,
    within: str,
    service: str = "site",
    people: str = "people",
    deprived: FloatArray | None = None,
) -> tuple[str, ...]:
    """
    Say in one sentence for each change what it does, the change that brings most first.

    Each sentence counts on top of those before it, so that the numbers add up; sites that close
    come last, when all others are open.

    Parameters
    ----------
    plan
        The plan; changes are from the sites that exist.
    cutoff
        Most that it may cost to use a site, inclusive.
    within
        The cut-off in words, such as `15 minutes`.
    service, people
        What a site is and whom it serves, such as `nursery` and `children`.
    deprived
        How many of the people of each demand point live in the most deprived areas, shape
        (demand points,); None: it is not said.

    Examples
    --------
    >>> from geoengine.siting import PMedian, Problem, costs_of
    >>> costs = costs_of(np.array([[300.0, 2000.0], [2000.0, 300.0]]))
    >>> problem = Problem(
    ...     costs, np.array([40.0, 132.0]), k=2, state=["existing-kept", "optional"],
    ...     site_ids=["Mill Lane", "Hope Street library"],
    ... )
    >>> said = suggestions(
    ...     PMedian().solve(problem), cutoff=900, within="15 minutes", service="nursery",
    ...     people="children", deprived=np.array([0.0, 88.0]),
    ... )
    >>> print(*said[0].split(" within "), sep="; ")  # doctest: +NORMALIZE_WHITESPACE
    A nursery at Hope Street library would bring 132 more children;
    15 minutes, 88 of them in the most deprived areas.
    """
    problem = plan.problem
    open_site = problem.existing.copy()
    near = _within(plan, open_site, cutoff)
    article = "An" if service[:1].lower() in "aeiou" else "A"
    said = []
    opening = np.flatnonzero(plan.open_site & ~problem.existing).tolist()
    while opening:
        reached = {j: _within(plan, _with(open_site, j, opened=True), cutoff) for j in opening}
        best = max(opening, key=lambda j: (problem.demand[reached[j]].sum(), -j))
        counted = _counted(plan, reached[best] & ~near, people, deprived, "more ")
        said.append(
            f"{article} {service} at {problem.site_name(best)} would bring {counted[0]} within "
            f"{within}{counted[1]}."
        )
        near, open_site = reached[best], _with(open_site, best, opened=True)
        opening.remove(best)
    for j in np.flatnonzero(problem.existing & ~plan.open_site).tolist():
        left = _within(plan, _with(open_site, j, opened=False), cutoff)
        counted = _counted(plan, near & ~left, people, deprived, "")
        said.append(
            f"Closing the {service} at {problem.site_name(j)} would leave {counted[0]} beyond "
            f"{within}{counted[1]}."
        )
        near, open_site = left, _with(open_site, j, opened=False)
    return tuple(said)


def _with(open_site: BoolArray, site: int, *, opened: bool) -> BoolArray:
    changed = open_site.copy()
    changed[site] = opened
    return changed


def _within(plan: Plan, open_site: BoolArray, cutoff: float) -> BoolArray:
    cost, _ = nearest(plan.problem, open_site)
    return np.asarray(cost <= cutoff)


def _counted(
    plan: Plan, points: BoolArray, people: str, deprived: FloatArray | None, more: str
) -> tuple[str, str]:
    """Return how many people, and how many of them are in deprived areas, in words."""
    count = round(float(plan.problem.demand[points].sum()))
    if not count:
        return f"no {more}{people}", ""
    if deprived is None:
        return f"{count:,} {more}{people}", ""
    poor = round(float(deprived[points].sum()))
    of_them = "all" if poor == count else f"{poor:,}" if poor else "none"
    return f"{count:,} {more}{people}", f", {of_them} of them in the most deprived areas"

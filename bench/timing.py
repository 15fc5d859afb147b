"""Time rivals in turn, so that whatever else the machine does weighs on all of them alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """
    One line of the table of results.

    Parameters
    ----------
    task, data
        What is done, and to what.
    ours
        What GeoEngine takes, with its unit.
    peer, theirs
        What it is compared with, and what that takes; empty where there is none.
    target
        The least ratio wanted, or the most that ours may take.
    ratio
        Theirs divided by ours; `None` where only a limit applies.
    met
        Whether the target is met; `None` where there is none or it could not be measured.
    same
        Whether both give the same answer, and how that was seen.
    """

    task: str
    data: str
    ours: str
    peer: str = ""
    theirs: str = ""
    target: str = ""
    ratio: float | None = None
    met: bool | None = None
    same: str = ""


@dataclass(frozen=True)
class Timed:
    """The least seconds that a rival took, and the answer that it gave."""

    seconds: float
    answer: Any


def in_turn(rivals: Mapping[str, Callable[[], Any]], *, repeats: int) -> dict[str, Timed]:
    """
    Run each rival once a round and keep its least time.

    Every rival has a round of its own before, so that none pays for what is only loaded once.

    Parameters
    ----------
    rivals
        Functions by name.
    repeats
        How many rounds count.
    """
    best: dict[str, Timed] = {}
    for counts in [False] + [True] * repeats:
        for name, run in rivals.items():
            start = time.perf_counter()
            answer = run()
            took = time.perf_counter() - start
            if counts and (name not in best or took < best[name].seconds):
                best[name] = Timed(took, answer)
    return best


def once(run: Callable[[], Any]) -> Timed:
    """Run something too slow to repeat."""
    start = time.perf_counter()
    answer = run()
    return Timed(time.perf_counter() - start, answer)


def told(seconds: float) -> str:
    """Return a time in the unit that suits it, three figures long."""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.3g} s"


def against(
    task: str, data: str, ours: Timed, peer: str, theirs: Timed,
    *, at_least: float | None = None, same: str = "",
) -> Row:  # fmt: skip
    """Return the row of a comparison with a peer."""
    ratio = theirs.seconds / ours.seconds
    return Row(
        task, data, told(ours.seconds), peer, told(theirs.seconds),
        "" if at_least is None else f"≥ {at_least:g}x", ratio,
        None if at_least is None else ratio >= at_least, same,
    )  # fmt: skip


def limited(task: str, data: str, seconds: float, *, at_most: float) -> Row:
    """Return the row of a time that must not be exceeded."""
    return Row(
        task, data, told(seconds), target=f"< {told(at_most)}", met=seconds < at_most
    )  # fmt: skip


def absent(task: str, data: str, peer: str, why: str) -> Row:
    """Return the row of a comparison that could not be made."""
    return Row(task, data, "", peer, same=f"not measured: {why}")

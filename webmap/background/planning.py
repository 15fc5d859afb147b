"""What plans are worked out on: brought into memory beside the serving, like the streets."""

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from webmap.background.live import Streets
from webmap.results import Snapshot

if TYPE_CHECKING:
    from geoengine.whatif import Planner

FILE = "plan.npz"


class Planners:
    """
    The planner of the run that is served, made in the background on the run's own streets.

    New results take the place of the old at the first question about them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run = ""
        self._coming: Future[Planner] = Future()

    def of(self, run: Snapshot, streets: Streets) -> "Future[Planner]":
        """
        Return a run's planner, done once it can answer at once; begin to make it if need be.

        Its result raises `ResultsError` where the run keeps nothing to plan on.
        """
        with self._lock:
            if run.run != self._run:
                self._run, self._coming = run.run, Future()
                work = threading.Thread(
                    target=_bring, args=(run, streets, self._coming), daemon=True
                )
                work.start()
            return self._coming


def kept(run: Snapshot) -> bool:
    """Whether a run keeps what plans are worked out on."""
    return (run.folder / FILE).is_file()


def _bring(run: Snapshot, streets: Streets, coming: "Future[Planner]") -> None:
    try:
        reach = streets.of(run).result()
        from geoengine import outcomes, plans, proposals  # noqa: F401 – loaded before they're asked
        from geoengine.scenarios import Scenario

        planner = plans.read(run.folder, reach)
        planner.evaluate(Scenario(""))
        coming.set_result(planner)
    except Exception as error:  # noqa: BLE001 – whoever asks for the result is told
        coming.set_exception(error)

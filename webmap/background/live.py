"""The streets that any spot's reach is found by: read beside the serving, not before it."""

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from webmap.results import Snapshot

if TYPE_CHECKING:
    from geoengine.live import LiveReach

FILE = "live.npz"


class Streets:
    """
    The streets and homes of the run that is served, brought into memory in the background.

    The libraries that they need take seconds to load, so nothing loads them before somebody has
    seen the page. New results take the place of the old at the first question about them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run = ""
        self._coming: Future[LiveReach] = Future()

    def of(self, run: Snapshot) -> "Future[LiveReach]":
        """
        Return a run's streets, done once they are in memory; begin to read them if need be.

        Its result raises `ResultsError` where the run keeps none, or damaged ones.
        """
        with self._lock:
            if run.run != self._run:
                self._run, self._coming = run.run, Future()
                work = threading.Thread(target=_bring, args=(run, self._coming), daemon=True)
                work.start()
            return self._coming


def kept(run: Snapshot) -> bool:
    """Whether a run keeps its streets."""
    return (run.folder / FILE).is_file()


def _bring(run: Snapshot, coming: "Future[LiveReach]") -> None:
    try:
        from geoengine import live

        coming.set_result(live.read(run.folder))
    except Exception as error:  # noqa: BLE001 – whoever asks for the result is told
        coming.set_exception(error)

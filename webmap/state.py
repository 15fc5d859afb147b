"""What every request needs: the results, the assets and the settings."""

from dataclasses import dataclass, field

from flask import Flask

from webmap.background.jobs import Jobs
from webmap.background.live import Streets
from webmap.background.planning import Planners
from webmap.background.rerun import Rerun
from webmap.delivery import Assets
from webmap.results import Results
from webmap.settings import Settings

KEY = "webmap"
SEARCHES_AT_ONCE = 2


@dataclass(frozen=True)
class State:
    """
    What an app serves.

    Parameters
    ----------
    results
        The results folder.
    assets
        Scripts, styles and vendored libraries.
    settings
        The settings.
    streets
        The streets that any spot's reach is found by.
    planners
        What plans are worked out on.
    searches
        The searches for sites that are under way.
    rerun
        What runs the study again; `None` where nobody may.
    """

    results: Results
    assets: Assets
    settings: Settings
    streets: Streets = field(default_factory=Streets)
    planners: Planners = field(default_factory=Planners)
    searches: Jobs = field(default_factory=lambda: Jobs(SEARCHES_AT_ONCE))
    rerun: Rerun | None = None


def state(app: Flask) -> State:
    """Return what an app serves."""
    held = app.extensions[KEY]
    assert isinstance(held, State)
    return held

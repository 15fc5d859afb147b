"""What commands share: the study asked for, what earlier runs kept, and the progress shown."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from geoengine.store import Cache
    from geoengine.study import Study

STUDY = click.argument("study", type=click.Path(path_type=Path))


def load(study: Path) -> "Study":
    """Return the study of a file, whose paths may name variables of the environment."""
    from geoengine.study import load

    return load(study, variables=dict(os.environ))


def cache() -> "Cache":
    """Return what earlier runs kept."""
    from geoengine.store import Cache

    named = os.environ.get("GEOENGINE_CACHE")
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Cache(Path(named or Path(base).expanduser() / "geoengine"))


class Progress:
    """Show each step as it begins; on a terminal a bar instead for a step that counts."""

    def __init__(self) -> None:
        self.step = ""
        self.bar: Any = None

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show a step, and how much of it is done if that can be counted."""
        if step != self.step:
            self.end()
            self.step = step
            if total == 0 or not sys.stderr.isatty():
                click.echo(f"{step} …", err=True)
        if total:
            if self.bar is None:
                from tqdm import tqdm

                self.bar = tqdm(total=total, desc=step, leave=False, file=sys.stderr, delay=1)
            self.bar.update(done - self.bar.n)

    def end(self) -> None:
        """Close the bar of the last step."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None

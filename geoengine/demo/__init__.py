"""An invented county, written out as the files that a council would hold."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from geoengine.errors import GeoEngineError

LEAST_SCALE, MOST_SCALE = 0.1, 400.0
MARK = "truths.json"
"""A file by which a folder is known to hold a demo."""


def write(
    folder: Path,
    *,
    seed: int = 1,
    scale: float = 1.0,
    progress: Callable[[str], None] | None = None,
) -> None:
    """
    Write the invented county of Saltmarsh: streets, boundaries, people, deprivation, nurseries.

    The same seed and scale give the same bytes of every file.

    Parameters
    ----------
    folder
        Where to write. It may be new, empty, or hold an earlier demo, which is replaced.
    seed
        Chooses among counties.
    scale
        Size: 1 is about 250,000 people, 0.1 a small town, 10 a region.
    progress
        Told what is being done, a short phrase at a time.

    Raises
    ------
    GeoEngineError
        If the folder holds something else, cannot be written, or the scale is out of bounds.
    """
    if not LEAST_SCALE <= scale <= MOST_SCALE:
        raise GeoEngineError(
            f"the scale of a demo must be between {LEAST_SCALE:g} and {MOST_SCALE:g}, not {scale:g}"
        )
    if not 0 <= seed < 2**31:
        raise GeoEngineError(f"the seed of a demo must be from 0 to {2**31 - 1}, not {seed}")
    folder = Path(folder).resolve()
    _refuse_strangers(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            fresh = Path(beside)
            _fill(fresh, seed, scale, progress or (lambda _: None))
            _move(fresh, folder)
    except OSError as error:
        raise GeoEngineError(f"the demo cannot be written to {folder}: {error}") from error


def _refuse_strangers(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise GeoEngineError(f"{folder} is a file; name a new or empty folder for the demo")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise GeoEngineError(f"{folder} holds other files; name a new or empty folder for the demo")


def _fill(folder: Path, seed: int, scale: float, say: Callable[[str], None]) -> None:
    import numpy as np

    from geoengine.demo import county, files, osm, outcomes

    made = county.build(seed, scale, say)
    say("Writing files")
    rng = np.random.default_rng([seed, 95])
    areas, codes = made.areas, made.codes
    files.boundaries(folder, areas)
    files.deprivation(
        folder / files.DEPRIVATION, areas, made.level, made.rank, made.female + made.male, rng
    )
    files.population(folder / files.POPULATION, areas, made.female, made.male)
    files.postcodes(folder / files.POSTCODES, codes, areas, made.gone, made.large, made.lost)
    files.settings(folder / files.PROVISION, made.nurseries)
    places = [made.draft.places[at].name for at in areas.place_of_area]
    towns = [
        places[areas.area_of_small[codes.small[n.at]]] if n.at >= 0 else "" for n in made.nurseries
    ]
    files.ofsted(folder / files.OFSTED, made.nurseries, towns)
    told = outcomes.assess(
        areas,
        (made.female + made.male)[:, 2:5].sum(axis=1),
        made.level,
        np.random.default_rng([seed, 97]),
    )
    files.rows(folder / outcomes.FILE, outcomes.table(areas, told))
    files.planted(folder / files.PLANTED, outcomes.planted(areas, told))
    files.truths(folder / MARK, made.truths, areas, [places[t.area] for t in made.truths])
    osm.write(made.draft.sheet, folder / files.STREETS)
    files.notes(folder)


def _move(fresh: Path, folder: Path) -> None:
    """Put the new files in place one by one, the mark last."""
    new = sorted(path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file())
    for part in sorted(new, key=lambda path: path.name == MARK):
        target = folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (fresh / part).replace(target)

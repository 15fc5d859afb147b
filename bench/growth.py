"""Whether ten times the streets take ten times as long and as much memory, and no more."""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.timing import Row, told

SCALES = {"0.1 million": 1.0, "1 million": 11.0, "5 million": 55.0}
FLAT_WITHIN = 2.0


def rows(work: Path, *, full: bool) -> Iterator[Row]:
    """Measure demo counties of growing size, each in a fresh process."""
    base: dict[str, float] = {}
    for name, scale in SCALES.items():
        if name == "5 million" and not full:
            continue
        found = _measured(streets_of(work, scale))
        data = f"demo, {found['points']:,.0f} OpenStreetMap nodes"
        for task, total in (
            ("read, build and index", found["build_s"]),
            ("nearest of 1 provision per 1,000 nodes", found["nearest_s"]),
            ("peak memory of both", found["peak_bytes"]),
        ):
            each = total / found["points"]
            unit = f"{each:,.0f} bytes" if "memory" in task else f"{each * 1e6:.3g} µs"
            whole = f"{total / 2**20:,.0f} MB" if "memory" in task else told(total)
            first = base.setdefault(task, each)
            yield Row(
                f"growth: {task}", data, f"{unit} a node ({whole})",
                target="" if each == first else f"≤ {FLAT_WITHIN:g}x a node",
                met=None if each == first else each <= FLAT_WITHIN * first,
                same="" if each == first else f"{each / first:.2f} times a node of the smallest",
            )  # fmt: skip


def streets_of(work: Path, scale: float) -> Path:
    """Return the streets of a demo of that scale, written unless they are there."""
    from geoengine import demo

    folder = work / f"demo-{scale:g}"
    if not (folder / demo.MARK).is_file():
        demo.write(folder, scale=scale)
    return folder / "streets.osm.pbf"


def _measured(path: Path) -> dict[str, float]:
    """Measure in a process that has done nothing else, after a first round on a small file."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.growth", str(path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def _measure(path: Path) -> dict[str, float]:
    import numpy as np
    import psutil

    from geoengine import travel_times
    from geoengine.network import modes, snapping, streets
    from geoengine.network.snapping import Positions
    from geoengine.sources import streets as files

    forget_peak()
    before = psutil.Process().memory_info().rss
    start = time.perf_counter()
    ways = files.read(path)
    network = streets.build(ways, modes.WALK, crs="EPSG:27700")
    snapping.grid(network)
    build_s = time.perf_counter() - start
    points = len(ways.node_id)
    rng = np.random.default_rng(1)
    at = rng.choice(len(network.point_ds), points // 1000, replace=False)
    still = np.zeros(len(at), np.int32)
    spots = Positions(
        network.point_chain[at], network.point_ds[at], still, np.zeros(len(at)),
        network.point_x_m[at], network.point_y_m[at],
    )  # fmt: skip
    nobody = Positions(**{name: values[:0] for name, values in vars(spots).items()})
    times = []
    for _ in range(3):
        start = time.perf_counter()
        found = travel_times.find_nearest(network, nobody, spots)
        travel_times.at_points(network, found, spots)
        times.append(time.perf_counter() - start)
    return {
        "points": points,
        "build_s": build_s,
        "nearest_s": min(times),
        "peak_bytes": peak_bytes() - before,
    }


def forget_peak() -> None:
    """Start a new peak where the system can; elsewhere the first round's counts too."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_bytes() -> int:
    """Return the most memory held; Linux's own figure, as `getrusage` counts the parent's too."""
    import psutil

    with contextlib.suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii")
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main() -> None:
    """Measure the file named on the command line; a tiny demo first loads every kernel."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(streets_of(Path(folder), 0.1))
    sys.stdout.write(json.dumps(_measure(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()

"""How long a person waits: for help, for a run that changes little, for the first page."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench import places
from bench.timing import Row, limited

ROUNDS = 5
GIVE_UP_S = 60


def rows(demo: Path, work: Path) -> Iterator[Row]:
    """Time fresh processes; the median of five counts."""
    yield limited("geoengine --help", "", _median(["--help"], work), at_most=0.5)
    studies = {"demo county": demo / "study.toml"}
    island = places.ROOT / "tests" / "real" / "isle_of_wight.toml"
    if (places.REAL / "isle_of_wight").is_dir():
        studies["Isle of Wight"] = island
    for name, study in studies.items():
        yield from _runs(name, study, work / name.replace(" ", "-"))


def _runs(name: str, study: Path, folder: Path) -> Iterator[Row]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    out = folder / "results"
    first = once(["run", str(study), "--out", str(out)], folder)
    yield Row("first run, nothing kept", name, f"{first:.1f} s")
    warm = _median(["run", str(study), "--out", str(out)], folder)
    yield limited("run, nothing changed", name, warm, at_most=3)
    times = []
    for cutoff in range(16, 16 + ROUNDS):
        changed = study.with_name(f"{study.stem}-{os.getpid()}.toml")
        changed.write_text(_with_cutoff(study.read_text(encoding="utf-8"), cutoff), "utf-8")
        try:
            times.append(once(["run", str(changed), "--out", str(out)], folder))
        finally:
            changed.unlink()
    yield limited("run, cut-off changed", name, statistics.median(times), at_most=3)
    pages = [_first_page(out, folder) for _ in range(ROUNDS)]
    yield limited("server start to first page", name, statistics.median(pages), at_most=3)


def _with_cutoff(text: str, cutoff: int) -> str:
    lines = [line for line in text.splitlines() if not line.startswith("cutoff_min")]
    if "[travel]" not in lines:
        lines.append("[travel]")
    lines.insert(lines.index("[travel]") + 1, f"cutoff_min = {cutoff}")
    return "\n".join(lines) + "\n"


def command(arguments: list[str]) -> list[str]:
    """Return what starts a command in a fresh process."""
    return [sys.executable, "-c", "from geoengine.cli import main; main()", *arguments]


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "GEOENGINE_CACHE": str(folder / "kept"),
        "GEOENGINE_REAL_DATA": str(places.REAL),
    }


def once(arguments: list[str], folder: Path) -> float:
    """Run a command once in a fresh process and return the seconds that it took."""
    start = time.perf_counter()
    subprocess.run(
        command(arguments), check=True, capture_output=True, cwd=places.ROOT,
        env=_environment(folder),
    )  # fmt: skip
    return time.perf_counter() - start


def _median(arguments: list[str], folder: Path) -> float:
    once(arguments, folder)
    return statistics.median(once(arguments, folder) for _ in range(ROUNDS))


def _first_page(out: Path, folder: Path) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.perf_counter()
    server = subprocess.Popen(
        command(["serve", str(out), "--port", str(port)]), cwd=places.ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment(folder),
    )  # fmt: skip
    try:
        while time.perf_counter() - start < GIVE_UP_S:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                    answer.read()
                return time.perf_counter() - start
            except OSError:
                time.sleep(0.02)
    finally:
        server.terminate()
        server.wait()
    raise RuntimeError(f"the server gave no page within {GIVE_UP_S} s")

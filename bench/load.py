"""Two hundred readers at once: how many answers a second they get, and how late the last is."""

import asyncio
import json
import math
import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from random import Random

from bench import places, starting
from bench.timing import Row, told

READERS, CORES = 200, 2
WARM_S, COUNTED_S = 5.0, 30.0
LATEST_S = 1.0
GIVE_UP_S = 60.0
LINKED = re.compile(r'(?:href|src)="(/assets/[^"]+)"')
CONFIG = re.compile(r'data-config="([^"]+)"')
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
FILES = ("/api/", "/runs/", "/shapes/", "/assets/")


@dataclass
class Tally:
    """What the readers met: the seconds that each answer took, and each fault."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def rows(demo: Path, work: Path) -> Iterator[Row]:
    """
    Serve the demo county in a process of its own to readers that never pause.

    Each reader keeps one connection, takes one way through the pages after another, and asks for
    all that it meets there anew, as a browser does that has kept nothing. Every address has been
    asked for once before. The readers are coroutines of this process, on the cores of the server;
    what they take of them is told.
    """
    folder = work / "load"
    folder.mkdir(parents=True, exist_ok=True)
    starting.once(["run", str(demo / "study.toml"), "--out", str(folder / "results")], folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:CORES])
    server = subprocess.Popen(
        starting.command(["serve", str(folder / "results"), "--port", str(port)]),
        cwd=places.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        home = f"http://127.0.0.1:{port}"
        ways = _ways(home)
        for address in {address for way in ways for address in way} | {"/plan/paper"}:
            _get(home + address)
        before = time.process_time()
        tally = asyncio.run(_read(port, ways))
        share = (time.process_time() - before) / (WARM_S + COUNTED_S)
    finally:
        server.terminate()
        server.wait()
        os.sched_setaffinity(0, cores)
    yield from _told(tally, share)


def _told(tally: Tally, share: float) -> Iterator[Row]:
    taken = sorted(tally.seconds)
    data = f"demo county, {READERS} readers, {CORES} cores"
    said = f"the readers took {share:.0%} of a core"
    yield Row("answers a second", data, f"{len(taken) / COUNTED_S:,.0f}", same=said)
    for name, part in (("median", 0.5), ("95 %", 0.95)):
        yield Row(f"an answer: {name}", data, told(taken[int(part * len(taken))]))
    late_s = taken[int(0.99 * len(taken))]
    target = f"< {told(LATEST_S)}"
    yield Row("an answer: 99 %", data, told(late_s), target=target, met=late_s < LATEST_S)
    count = f"{len(tally.faults)} of {len(taken):,}"
    seen = "; ".join(sorted(set(tally.faults))[:3])
    yield Row("errors", data, count, target="0", met=not tally.faults, same=seen)


def _ways(home: str) -> list[list[str]]:
    """Return the ways through the pages that readers take: each the addresses that it asks for."""
    page = _get(f"{home}/map", patient=True)
    found = CONFIG.search(page)
    assert found is not None
    config = json.loads(unescape(found.group(1)))
    layers, run = config["layers"], config["run"]
    ids = [each["layer_id"] for each in layers]
    values = [each["values_url"] for each in layers]
    shapes = list(dict.fromkeys(each["geometry_url"] for each in layers if each["geometry_url"]))
    codes = json.loads(_get(home + values[0]))["ids"]
    assets = LINKED.findall(page)
    return [
        ["/", "/map", *assets, config["basemap_url"], shapes[0], values[0]],
        ["/map", *values, f"/map?layer={ids[1]}", f"/map?layer={ids[0]}&selected={codes[0]}"],
        ["/table", "/table?sort=-children", f"/table?layer={ids[2]}", "/table?t=20"],
        ["/", *(f"/area/{code}" for code in codes[:40:4]), "/method", "/data", "/postcode"],
        ["/api/", "/api/collections", *(f"/api/collections/{each}" for each in ids[:4])],
        [f"/api/collections/{each}/items?limit=50" for each in ids[:3]],
        [f"/api/tiles/{ids[0]}/{tile}.mvt?run={run}" for tile in _tiles(layers[0]["bounds"])],
        ["/cy/", "/cy/map", "/plan", *shapes],
    ]


def _tiles(bounds: list[float]) -> list[str]:
    """Return the tiles at the middle of some bounds, from far to near."""
    lon, lat = (bounds[0] + bounds[2]) / 2, math.radians((bounds[1] + bounds[3]) / 2)
    across, down = (lon + 180) / 360, (1 - math.asinh(math.tan(lat)) / math.pi) / 2
    return [f"{z}/{int(across * 2**z)}/{int(down * 2**z)}" for z in range(8, 14)]


def _get(address: str, *, patient: bool = False) -> str:
    """Return a page; if patient, once the server is there."""
    end = time.monotonic() + GIVE_UP_S
    while True:
        try:
            with urllib.request.urlopen(address) as answer:
                return str(answer.read().decode(errors="replace"))
        except OSError:
            if not patient or time.monotonic() > end:
                raise
            time.sleep(0.05)


async def _read(port: int, ways: list[list[str]]) -> Tally:
    """Have all readers read, for so long, and return what they met after the first while."""
    tally = Tally()
    start = time.perf_counter()
    readers = [
        asyncio.create_task(_reader(port, ways, Random(number), tally, start))
        for number in range(READERS)
    ]
    await asyncio.gather(*readers)
    return tally


async def _reader(
    port: int, ways: list[list[str]], rng: Random, tally: Tally, start: float
) -> None:
    there, back = await asyncio.open_connection("127.0.0.1", port)
    while True:
        for address in rng.choice(ways):
            asked = time.perf_counter()
            try:
                fault = await _ask(there, back, port, address)
            except (OSError, asyncio.IncompleteReadError) as error:
                fault = type(error).__name__
            ended = time.perf_counter()
            if ended - start > WARM_S + COUNTED_S:
                back.close()
                return
            if fault:
                tally.faults.append(f"{address}: {fault}")
            if ended - start > WARM_S:
                tally.seconds.append(ended - asked)
            if fault and not fault.isdecimal():
                there, back = await asyncio.open_connection("127.0.0.1", port)


async def _ask(
    there: asyncio.StreamReader, back: asyncio.StreamWriter, port: int, address: str
) -> str:
    """Ask for an address and take in the answer; return its fault, "" for none."""
    accept = "*/*" if address.startswith(FILES) else "text/html"
    back.write(
        f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: {accept}\r\n"
        "Accept-Encoding: br, gzip\r\n\r\n".encode()
    )
    head = await there.readuntil(b"\r\n\r\n")
    found = LENGTH.search(head)
    assert found is not None, head
    length = int(found.group(1))
    body = await there.readexactly(length)
    status = head[9:12].decode()
    return "" if status == "200" and len(body) == length else status

"""From an extract to a network that can be searched."""

import contextlib
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import places
from bench.timing import Row, Timed, absent, against, in_turn, limited, once
from geoengine.network import modes, snapping, streets
from geoengine.network.snapping import SegmentGrid
from geoengine.network.streets import StreetNetwork
from geoengine.sources import streets as files
from geoengine.store import Cache

TASK = "extract to searchable network"
GRAPHS = ("networkx", "igraph", "pandana")


def rows(*, repeats: int) -> Iterator[Row]:
    """Compare the way from a file to a network on every extract at hand."""
    extracts = places.extracts()
    if not extracts:
        yield absent(TASK, "any", "pyrosm", "neither pyrosm nor a real extract is installed")
    for extract in extracts:
        ours = in_turn({"ours": partial(_ours, extract)}, repeats=repeats)["ours"]
        yield from _pyrosm(extract, repeats)
        yield _osmnx(extract, ours)
        yield _reopened(extract, ours.answer, repeats)


def _ours(extract: places.Extract) -> tuple[StreetNetwork, SegmentGrid]:
    network = streets.build(files.read(extract.path), modes.WALK, crs=extract.crs)
    return network, snapping.grid(network)


def _pyrosm(extract: places.Extract, repeats: int) -> Iterator[Row]:
    try:
        import pyrosm
    except ImportError as fault:
        yield absent(TASK, extract.name, "pyrosm", str(fault))
        return

    def theirs(kind: str) -> Any:
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            osm = pyrosm.OSM(str(extract.path))
            nodes, edges = osm.get_network(network_type="walking", nodes=True)
            osm.to_graph(nodes, edges, graph_type=kind)
            return edges

    rivals: dict[str, Any] = {"ours": partial(_ours, extract)}
    rivals |= {kind: partial(theirs, kind) for kind in GRAPHS if _has(kind)}
    timed = in_turn(rivals, repeats=repeats)
    fastest = min((kind for kind in timed if kind != "ours"), key=lambda kind: timed[kind].seconds)
    ours_km = _length_km(timed["ours"].answer[0])
    theirs_km = float(timed[fastest].answer["length"].sum()) / 1000
    yield against(
        TASK, extract.name, timed["ours"], f"pyrosm, to {fastest} (its fastest)", timed[fastest],
        at_least=3, same=f"own access rules each: {ours_km:,.0f} and {theirs_km:,.0f} km of ways",
    )  # fmt: skip


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send to nowhere what a peer prints, also from below Python."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for descriptor in (*kept, nowhere):
            os.close(descriptor)


def _has(kind: str) -> bool:
    try:
        __import__(kind)
    except ImportError:
        return False
    return True


def _length_km(network: StreetNetwork) -> float:
    step = np.hypot(np.diff(network.point_x_m), np.diff(network.point_y_m))
    step[network.first_point[1:-1] - 1] = 0
    return float(step.sum()) / 1000


def _osmnx(extract: places.Extract, ours: Timed) -> Row:
    import osmnx

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "streets.osm"
        _as_xml(extract.path, path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = once(lambda: osmnx.graph_from_xml(path, retain_all=True))
    return against(
        TASK, extract.name, ours, "osmnx graph_from_xml, once", theirs, at_least=20,
        same=f"own rules: {len(ours.answer[0].node_x_m):,} and {len(theirs.answer):,} junctions",
    )  # fmt: skip


def _as_xml(extract: Path, path: Path) -> None:
    """Write an extract as osmnx can read it: as XML, ways cut to the points in the file."""
    import osmium

    kinds = osmium.osm.NODE | osmium.osm.WAY
    held = {entity.id for entity in osmium.FileProcessor(str(extract), osmium.osm.NODE)}
    with osmium.SimpleWriter(str(path)) as writer:
        entity: Any
        for entity in osmium.FileProcessor(str(extract), kinds):
            if entity.is_node():
                writer.add(entity)
                continue
            refs = [node.ref for node in entity.nodes]
            kept = [ref for ref in refs if ref in held]
            writer.add(entity if len(kept) == len(refs) else entity.replace(nodes=kept))


def _reopened(extract: places.Extract, made: Any, repeats: int) -> Row:
    network, index = made
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(Path(folder))
        cache.save_arrays("network", network)
        cache.save_arrays("grid", index)

        def reopen() -> Any:
            again = cache.load_arrays("network", StreetNetwork)
            return again, cache.load_arrays("grid", SegmentGrid)

        seconds = in_turn({"ours": lambda: bool(reopen())}, repeats=repeats)["ours"].seconds
    return limited("the same, opened again", extract.name, seconds, at_most=0.05)

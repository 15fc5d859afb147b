"""
Time OSRM's table, by contraction hierarchy and its car profile; run by a Python that has it.

Reads from standard input, as JSON, the extract, [longitude, latitude] of all places, how many of
them (the last) are destinations, and the numbers of sources (the first) to time. Writes what it
took to prepare the extract, the seconds of each table, and the durations from the first sources.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import osrm


def main() -> None:
    """Answer one request."""
    asked = json.load(sys.stdin)
    home = Path(osrm.__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        extract = shutil.copyfile(asked["extract"], Path(folder) / "streets.osm.pbf")
        quiet = {"check": True, "stdout": subprocess.DEVNULL}
        profile = home / "share" / "profiles" / "car.lua"
        begun = time.perf_counter()
        subprocess.run([home / "bin" / "osrm-extract", "-p", profile, extract], **quiet)
        graph = Path(folder) / "streets.osrm"
        subprocess.run([home / "bin" / "osrm-contract", graph], **quiet)
        prepared = time.perf_counter() - begun
        engine = osrm.OSRM(
            algorithm="CH",
            storage_config=str(graph),
            use_shared_memory=False,
            max_locations_distance_table=-1,
        )
        seconds, durations = [], []
        for count in asked["sources"]:
            places = asked["places"][:count] + asked["places"][-asked["destinations"] :]
            parameters = osrm.TableParameters(
                coordinates=[tuple(place) for place in places],
                sources=list(range(count)),
                destinations=list(range(count, len(places))),
                annotations=["duration"],
                generate_hints=False,
            )
            start = time.process_time()
            table = engine.Table(parameters)
            seconds.append(time.process_time() - start)
            durations = durations or [list(row) for row in table["durations"]]
    json.dump({"prepared": prepared, "seconds": seconds, "durations": durations}, sys.stdout)


main()

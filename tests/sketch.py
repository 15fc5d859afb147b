"""Draw streets as text, and walk them."""

import numpy as np

from geoengine import travel_times
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork, from_edges

STEPS = {"-": (0, 1), "|": (1, 0), ">": (0, 1), "<": (0, 1), "v": (1, 0), "^": (1, 0)}


def draw(
    picture: str, *, metres: float = 100.0, m_per_s: float = 1.0
) -> tuple[StreetNetwork, dict[str, int]]:
    """
    Build the network of a picture: letters are places, - and | streets, < > ^ v one-way ones.

    One character is `metres` long; a street runs straight between two letters.
    Returns the network and the node of each letter.
    """
    rows = picture.strip("\n").split("\n")
    place = {
        mark: (r, c) for r, row in enumerate(rows) for c, mark in enumerate(row) if mark.isupper()
    }
    names = sorted(place)
    tails, heads, seconds, both = [], [], [], []
    for name in names:
        r, c = place[name]
        for down, right in ((0, 1), (1, 0)):
            marks, at = [], (r + down, c + right)
            while at[0] < len(rows) and at[1] < len(rows[at[0]]):
                mark = rows[at[0]][at[1]]
                if mark in names:
                    break
                if mark not in STEPS or STEPS[mark] != (down, right):
                    marks = None
                    break
                marks.append(mark)
                at = (at[0] + down, at[1] + right)
            else:
                marks = None
            if not marks:
                continue
            ends = (name, rows[at[0]][at[1]])
            if "<" in marks or "^" in marks:
                ends = ends[::-1]
            tails.append(names.index(ends[0]))
            heads.append(names.index(ends[1]))
            seconds.append((len(marks) + 1) * metres / m_per_s)
            both.append(not set(marks) & set("<>^v"))
    x = np.array([place[name][1] * metres for name in names])
    y = np.array([-place[name][0] * metres for name in names])
    network = from_edges(
        x,
        y,
        np.array(tails),
        np.array(heads),
        np.array(seconds),
        two_way=np.array(both),
        off_network_m_per_s=m_per_s,
    )
    return network, {name: i for i, name in enumerate(names)}


def at(network: StreetNetwork, points: list[int]) -> Positions:
    """Stand on drawn places, however they were contracted."""
    where = [int(np.flatnonzero(network.point_id == point)[0]) for point in points]
    chain = np.searchsorted(network.first_point, where, side="right") - 1
    zero = np.zeros(len(points), np.int32)
    return Positions(
        chain.astype(np.int32),
        network.point_ds[where].astype(np.int32),
        zero,
        zero.astype(float),
        network.point_x_m[where],
        network.point_y_m[where],
    )


def walk(
    picture: str, *, start: str = "A", metres: float = 100.0, direction: str = "from"
) -> dict[str, float]:
    """Return the seconds from (or to) one place to all, at one metre a second."""
    network, places = draw(picture, metres=metres)
    found = travel_times.find_nearest(
        network,
        at(network, list(places.values())),
        at(network, [places[start]]),
        direction=direction,
    )
    return dict(zip(places, found.origin_s[:, 0].tolist(), strict=True))

"""Shapes on their way to the browser are those of the results, to a metre."""

import numpy as np
import pytest
import shapely
from shapely.geometry import mapping, shape

from webmap.screen.packing import packed


def unpacked(collection):
    """Undo the packing, by numpy's sums."""

    def spots(steps):
        if isinstance(steps[0], int):
            return (np.reshape(steps, (-1, 2)).cumsum(axis=0) / collection["scale"]).tolist()
        return [spots(part) for part in steps]

    shapes = {}
    for each in collection["features"]:
        if each["geometry"] is None:
            shapes[each["id"]] = None
            continue
        kind, steps = each["geometry"]
        found = spots(steps)
        shapes[each["id"]] = {"type": kind, "coordinates": found[0] if kind == "Point" else found}
    return shapes


@pytest.mark.parametrize("seed", range(10))
def test_what_is_packed_is_the_same_to_the_fifth_decimal(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-8, 2), rng.uniform(50, 60)
    hole = shapely.Point(x, y).buffer(0.5).difference(shapely.Point(x, y).buffer(0.2))
    middle = np.array([x, y])
    drawn = [
        shapely.Point(x, y), shapely.LineString(middle + rng.uniform(-1, 1, (9, 2))), hole,
        shapely.MultiPolygon([hole, shapely.box(x + 1, y, x + 2, y + 1)]),
        shapely.MultiLineString([middle + rng.uniform(-1, 1, (4, 2)) for _ in range(3)]),
    ]  # fmt: skip
    features = [{"id": str(at), "geometry": mapping(each)} for at, each in enumerate(drawn)]
    features.append({"id": "none", "geometry": None})
    made = unpacked(packed({"features": features}))
    assert made.pop("none") is None
    for at, each in enumerate(drawn):
        again = shape(made[str(at)])
        wanted = shapely.transform(each, lambda spots: np.round(spots, 5))
        assert again.geom_type == each.geom_type
        assert np.allclose(shapely.get_coordinates(again), shapely.get_coordinates(wanted), 0, 1e-9)


def test_the_server_sends_the_shapes_of_its_results(client, folder):
    from webmap.results import Results

    run = Results(folder).current()
    for entry in run.layers:
        if not entry["shapes"]:
            continue
        answer = client.get(f"/shapes/{entry['shapes']}.json")
        sent, held = unpacked(answer.get_json()), run.shapes(entry["layer_id"])
        assert list(sent) == list(held)
        for name, geometry in held.items():
            ours, theirs = (shapely.get_coordinates(shape(g)) for g in (geometry, sent[name]))
            assert np.abs(ours - theirs).max() <= 0.5001e-5

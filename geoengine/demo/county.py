"""Make the whole county, from the coast to the last nursery."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from geoengine.demo import (
    areas,
    blocks,
    edges,
    landscape,
    motorway,
    names,
    paths,
    people,
    provision,
    roads,
    routes,
    settlements,
    terrain,
)
from geoengine.demo.barriers import Barriers
from geoengine.demo.sheet import IntArray
from geoengine.demo.terrain import FloatArray
from geoengine.demo.walking import Walks

Progress = Callable[[str], None]


@dataclass(frozen=True)
class County:
    """
    A county, ready to be written.

    `female` and `male` are people by area and single year of age; `level` and `rank` are how
    deprived the areas are. `gone`, `large` and `lost` mark postcodes terminated, of one large
    user, and without a grid reference.
    """

    draft: roads.Draft
    areas: areas.Areas
    codes: people.Postcodes
    female: IntArray
    male: IntArray
    level: FloatArray
    rank: IntArray
    nurseries: list[provision.Nursery]
    truths: list[provision.Truth]
    gone: IntArray
    large: IntArray
    lost: IntArray


def streets(seed: int, scale: float, say: Progress) -> roads.Draft:
    """Return the drawing of all streets of a county."""
    say("Laying out coast, rivers and towns")
    land = terrain.lay(seed, scale)
    places = settlements.plan(land, scale)
    seeds = settlements.sow(land, places)
    say("Finding the main roads")
    mesh = blocks.rough(seeds, land)
    main = routes.find(mesh, land, places)
    say("Cutting the land into blocks")
    made = blocks.settle(mesh, seeds, land, main.rank > 0)
    barriers = Barriers(land)
    draft = roads.start(
        land, places, seeds, made, main, edges.trace(made, seeds, main, land, barriers)
    )
    say("Drawing the streets")
    roads.roundabouts(draft)
    motorways = motorway.plan(draft)
    rooms = roads.rooms(draft, barriers, motorway.clearance(motorways))
    roads.fill(draft, rooms)
    paths.fields(draft, rooms)
    roads.between(draft)
    paths.waterside(draft, barriers)
    draft.sheet.planarise()
    draft.sheet.prune()
    motorway.draw(draft, motorways)
    return draft


def build(seed: int, scale: float, say: Progress) -> County:
    """Return the county of this seed and scale."""
    draft = streets(seed, scale, say)
    land, seeds, places = draft.terrain, draft.seeds, draft.places
    rng = np.random.default_rng([seed, 91])
    say("Settling people")
    front = people.frontage(draft)
    folk = people.settled(seeds, front, len(seeds.x))
    docks = np.array([line.coords[-1] for line in land.rails])
    drawn = areas.draw(seeds, folk, draft.blocks, places, land, list(names.SUBURBS), docks)
    codes = people.postcodes(front, folk, drawn)
    walks = Walks(draft.sheet)
    hard_up = people.hardships(places)
    ground = provision.survey(places, drawn, codes, walks, hard_up)
    drawn, ground = _with_control(places, drawn, codes, walks, ground, docks)
    female, male = people.ages(seeds, folk, drawn, places, rng)
    level = people.strain(seeds, folk, drawn, docks, hard_up, rng)
    rank = people.ranks(level, rng)
    say("Opening nurseries")
    young = (female + male)[:, :5].sum(axis=1)
    register, truths = provision.found(places, drawn, codes, young, ground, rng)
    say("Drawing parks, railways and names")
    landscape.shore(draft.sheet, land)
    landscape.railways(draft.sheet, land)
    landscape.ground(draft)
    landscape.named(draft.sheet, draft, drawn, codes)
    landscape.amenities(draft.sheet, draft, drawn, codes, register)
    landscape.stations(draft.sheet, draft)
    every, gone, large, lost = _retired(codes, rng)
    return County(
        draft, drawn, every, female, male, level, rank, register, truths, gone, large, lost
    )


def _with_control(
    places: list[settlements.Place],
    drawn: areas.Areas,
    codes: people.Postcodes,
    walks: Walks,
    ground: provision.Ground,
    docks: FloatArray,
) -> tuple[areas.Areas, provision.Ground]:
    """Plant one more truth: a deprived area with a nursery in its middle."""
    area, middle = provision.control(places, drawn, codes, walks, ground, docks)
    if area < 0:
        return drawn, ground
    return (
        replace(drawn, truth_of_area=drawn.truth_of_area | {area: "near"}),
        replace(ground, spots=ground.spots | {"near": middle}),
    )


def _retired(
    codes: people.Postcodes, rng: np.random.Generator
) -> tuple[people.Postcodes, IntArray, IntArray, IntArray]:
    """Return the postcodes with terminated ones, large users and placeless ones added."""
    count = len(codes.name)
    extra = np.sort(rng.choice(count, max(6, count // 12), replace=False))
    taken = set(codes.name)
    fresh: list[str] = []
    for at in extra.tolist():
        stem = codes.name[at][:-2]
        name = next(
            (
                stem + a + b
                for a in "ZYXW"
                for b in people.UNIT_LETTERS
                if stem + a + b not in taken
            ),
            "",
        )
        taken.add(name)
        fresh.append(name)
    kept = np.flatnonzero([bool(name) for name in fresh])
    extra, fresh = extra[kept], [fresh[k] for k in kept]
    which = np.arange(len(extra)) % 10
    none = np.zeros(count, dtype=np.int64)
    both = people.Postcodes(
        [*codes.name, *fresh],
        np.concatenate([codes.x, codes.x[extra] + rng.integers(-14, 15, len(extra))]),
        np.concatenate([codes.y, codes.y[extra] + rng.integers(-14, 15, len(extra))]),
        np.concatenate([codes.block, codes.block[extra]]),
        np.concatenate([codes.small, codes.small[extra]]),
        np.concatenate([codes.homes, np.zeros(len(extra))]),
    )
    marks = [
        np.concatenate([none, (which <= 5)]),
        np.concatenate([none, (which > 5) & (which < 9)]),
        np.concatenate([none, which == 9]),
    ]
    gone, large, lost = (mark.astype(np.int64) for mark in marks)
    return both, gone, large, lost

"""The register of nurseries, and the truths that are planted by where they stand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoengine.demo.areas import Areas
from geoengine.demo.people import Postcodes
from geoengine.demo.settlements import Place
from geoengine.demo.sheet import IntArray
from geoengine.demo.terrain import FloatArray
from geoengine.demo.walking import Walks

FAR_M = 2_300.0
DESERT_M = 1_350.0
CHILDREN_PER_NURSERY = 140
CHILDMINDERS_PER_NURSERY = 1.25
KINDS = (
    "Day Nursery",
    "Pre-School",
    "Nursery School",
    "Children's Centre Nursery",
    "Playgroup",
    "Montessori Nursery",
    "Kindergarten",
)
PETS = (
    "Little Terns",
    "Busy Bees of",
    "Marram Tots",
    "Acorns",
    "Ladybirds",
    "Puddleducks",
    "First Steps",
    "Bright Horizons at",
    "Rainbow",
    "Sunbeams",
    "Poppets",
    "Seashells",
    "Small World",
    "Tiddlers",
    "Wishing Well",
    "Little Oaks",
    "Dandelions",
    "Caterpillars",
)
ODD = (
    "O'Hara's Nursery",
    "Meithrinfa'r Môr (Welsh-medium)",
    "=Equal Start Pre-School",
    "St Ælfwynn's Pre-School",
    'The "Old School" Nursery',
    "Tŷ Bach Twt Playgroup",
    "Smith, Jones & Daughters Nursery",
)


@dataclass(frozen=True)
class Nursery:
    """
    A row of the register.

    `postcode` is empty where it is withheld; `at` is the position of the postcode that it
    really has, -1 for none; `active` is false where it has closed.
    """

    urn: str
    name: str
    kind: str
    postcode: str
    at: int
    places: int
    age_from: int
    age_to: int
    active: bool
    home: bool


@dataclass(frozen=True)
class Truth:
    """Something known about an area because it was planted there."""

    truth: str
    area: int
    because: str
    expect: str


def _homes_of(area: int, codes: Postcodes, areas: Areas) -> IntArray:
    return np.asarray(np.flatnonzero(areas.area_of_small[codes.small] == area), dtype=np.int64)


def _spread(weight: FloatArray, count: int, rng: np.random.Generator) -> IntArray:
    """Return postcodes for this many nurseries, each in its share of the children."""
    ends = np.cumsum(weight)
    step = ends[-1] / count
    target = (np.arange(count) + rng.uniform(0.1, 0.9, count)) * step
    return np.asarray(np.searchsorted(ends, target), dtype=np.int64)


@dataclass(frozen=True)
class Ground:
    """
    Where nurseries may stand.

    `node` is each postcode's place on the streets; `clear` whether a nursery may open there
    without spoiling a planted truth; `spots` the postcodes of the nurseries that truths need.
    """

    node: IntArray
    authority: IntArray
    clear: NDArray[np.bool_]
    spots: dict[str, int]


def survey(
    places: list[Place], areas: Areas, codes: Postcodes, walks: Walks, hard_up: FloatArray
) -> Ground:
    """
    Return where nurseries may and must stand for the planted truths to hold.

    None opens in the hard-up quarters of cities either.
    """
    node = walks.node(codes.x, codes.y)
    area = areas.area_of_small[codes.small]
    authority = areas.authority_of_ward[areas.ward_of_area[area]]
    never = _barred(("river", "railway", "closed", "far"), areas, codes, walks, node)
    border = _barred(("border",), areas, codes, walks, node)
    clear = ~np.isfinite(never) & ~(np.isfinite(border) & (authority == 0))
    for spot in hard_up:
        clear &= np.hypot(codes.x - spot[0], codes.y - spot[1]) > DESERT_M
    spots = _planted(places, areas, codes, authority)
    if "border" in spots:
        spots["border"] = _central(spots["border"], areas, codes, walks, node, authority == 1)
    return Ground(node, authority, clear, spots)


def _central(
    spot: int,
    areas: Areas,
    codes: Postcodes,
    walks: Walks,
    node: IntArray,
    fine: NDArray[np.bool_],
) -> int:
    """Return the postcode across the border with the shortest walk from the farthest home."""
    own = next(area for area, truth in areas.truth_of_area.items() if truth == "border")
    homes = node[_homes_of(own, codes, areas)]
    gap = np.where(fine, np.hypot(codes.x - codes.x[spot], codes.y - codes.y[spot]), np.inf)
    near = np.argsort(gap, kind="stable")[:25]
    reach = [float(walks.metres(node[[at]], homes, 6_000.0).max()) for at in near.tolist()]
    return int(near[int(np.argmin(reach))])


def control(
    places: list[Place],
    areas: Areas,
    codes: Postcodes,
    walks: Walks,
    ground: Ground,
    docks: FloatArray,
) -> tuple[int, int]:
    """Return a compact area of a town, and a postcode in it that is near all its homes."""
    area = areas.area_of_small[codes.small]
    gap = np.min(np.hypot(codes.x[:, None] - docks[:, 0], codes.y[:, None] - docks[:, 1]), axis=1)
    count = np.bincount(area, minlength=len(areas.area_code))
    from_docks = np.bincount(area, weights=gap, minlength=len(count)) / count
    best = (np.inf, -1, -1)
    for one in np.argsort(from_docks, kind="stable")[:30].tolist():
        town = places[int(areas.place_of_area[one])].kind in ("city", "town")
        if one in areas.truth_of_area or not town:
            continue
        homes = _homes_of(one, codes, areas)
        x, y = codes.x[homes], codes.y[homes]
        middle = int(homes[np.argmin(np.hypot(x - x.mean(), y - y.mean()))])
        if ground.clear[middle]:
            reach = float(walks.metres(ground.node[[middle]], ground.node[homes], 3_000.0).max())
            best = min(best, (reach, one, middle))
    if best[1] < 0:
        return -1, -1
    homes = _homes_of(best[1], codes, areas)
    fine = homes[ground.clear[homes]]
    reaches = [
        float(walks.metres(ground.node[[at]], ground.node[homes], 3_000.0).max()) for at in fine
    ]
    return best[1], int(fine[int(np.argmin(reaches))])


def _planted(
    places: list[Place], areas: Areas, codes: Postcodes, authority: IntArray
) -> dict[str, int]:
    """Return the postcode at which each planted truth's nursery stands."""
    spots = {}
    for place in places:
        if place.across is None:
            continue
        gap = np.hypot(codes.x - place.across[0], codes.y - place.across[1])
        if place.truth == "border":
            gap = np.where(authority == 1, gap, np.inf)
        own = next((a for a, t in areas.truth_of_area.items() if t == place.truth), -1)
        mine = areas.area_of_small[codes.small] == own
        gap = np.where(mine == (place.truth == "closed"), gap, np.inf)
        spots[place.truth] = int(np.argmin(gap))
    return spots


def _barred(
    truths: tuple[str, ...], areas: Areas, codes: Postcodes, walks: Walks, node: IntArray
) -> FloatArray:
    """Return the distance of every postcode from the homes that are to be far from all."""
    starts = [
        node[_homes_of(area, codes, areas)]
        for area, truth in sorted(areas.truth_of_area.items())
        if truth in truths
    ]
    if not starts:
        return np.full(len(node), np.inf)
    return np.asarray(np.min([walks.metres(start, node, FAR_M) for start in starts], axis=0))


def _name(rng: np.random.Generator, town: str) -> str:
    pet = PETS[int(rng.integers(len(PETS)))]
    kind = KINDS[int(rng.integers(len(KINDS)))]
    return (
        f"{pet} {town}"
        if pet.endswith((" of", " at"))
        else (f"{pet} {kind}" if rng.random() < 0.5 else f"{town} {kind}")
    )


def found(
    places: list[Place],
    areas: Areas,
    codes: Postcodes,
    young: IntArray,
    ground: Ground,
    rng: np.random.Generator,
) -> tuple[list[Nursery], list[Truth]]:
    """
    Return the register and the truths planted by it.

    Parameters
    ----------
    young
        Children under five of each area.
    ground
        Where nurseries may stand.
    """
    area = areas.area_of_small[codes.small]
    per_code = young[area] / np.bincount(area, minlength=len(young))[area]
    chosen = []
    for side in (0, 1):
        weight = np.where(ground.authority == side, per_code, 0.0)
        count = max(1, round(float(weight.sum()) / CHILDREN_PER_NURSERY))
        picks = _spread(weight, count, rng)
        chosen += [int(p) for p in dict.fromkeys(picks.tolist()) if ground.clear[p]]
    fixed = [at for truth, at in sorted(ground.spots.items()) if truth != "closed"]
    chosen = list(dict.fromkeys([*fixed, *chosen]))
    register = _register(places, areas, codes, chosen, ground.spots, ground.authority, rng)
    return register, _truths(areas)


def _register(
    places: list[Place],
    areas: Areas,
    codes: Postcodes,
    chosen: list[int],
    spots: dict[str, int],
    authority: IntArray,
    rng: np.random.Generator,
) -> list[Nursery]:
    rows: list[Nursery] = []
    odd = iter(ODD)

    def add(at: int, *, active: bool = True, postcode: str | None = None, name: str = "") -> None:
        town = places[int(areas.place_of_area[areas.area_of_small[codes.small[at]]])].name
        label = name or (next(odd, "") if len(rows) % 9 == 4 else "") or _name(rng, town)
        low = int(rng.choice([0, 0, 0, 2, 2, 3]))
        rows.append(
            Nursery(
                f"EY{300_101 + 37 * len(rows)}",
                label,
                "Childcare on non-domestic premises",
                codes.name[at] if postcode is None else postcode,
                at,
                int(rng.choice([16, 20, 24, 26, 30, 36, 40, 48, 52, 60, 72, 90])),
                low,
                4 if low else int(rng.choice([4, 5])),
                active,
                not authority[at],
            )
        )

    for at in chosen:
        add(at)
    if "closed" in spots:
        add(spots["closed"], active=False, name="Camp Road Community Nursery")
    count = len(chosen)
    home = np.flatnonzero(authority == 0)
    for at in rng.choice(home, max(2, count // 15)).tolist():
        add(int(at), active=False)
    for turn, at in enumerate(rng.choice(home, max(2, count // 30)).tolist()):
        add(int(at), postcode=("XW99 9ZZ", "XW1", "not known", "")[turn % 4])
    for _ in range(int(count * CHILDMINDERS_PER_NURSERY)):
        rows.append(
            Nursery(
                f"EY{300_101 + 37 * len(rows)}",
                "REDACTED",
                "Childminder",
                "REDACTED",
                -1,
                int(rng.choice([4, 5, 6, 6, 6, 8, 9, 12])),
                0,
                7,
                active=bool(rng.random() < 0.94),
                home=True,
            )
        )
    return rows


def _truths(areas: Areas) -> list[Truth]:
    told = {
        "river": ("underserved", "the nearest nursery is across the river, and no bridge is near"),
        "railway": (
            "underserved",
            "the nearest nursery is across the railway, which nothing crosses here",
        ),
        "closed": ("underserved", "its only nursery has closed, as the register tells"),
        "border": ("reached", "its only nursery near is across the border, in Ferrowby"),
        "far": ("not_deprived", "it is far from any nursery, but one of the least deprived areas"),
        "near": ("reached", "it is deprived, but a nursery stands in its middle"),
    }
    planted = sorted(areas.truth_of_area.items(), key=lambda pair: list(told).index(pair[1]))
    return [Truth(word, area, told[word][1], told[word][0]) for area, word in planted]

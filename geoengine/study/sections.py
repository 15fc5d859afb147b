"""The sections of a study file: what is asked, of which files."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Place:
    """
    `[study]`: what the study is called and where it is.

    Parameters
    ----------
    title
        Shown at the top of the map.
    place
        The authority's name in sentences.
    authority
        GSS code of the authority studied; areas elsewhere are left out. Empty: all areas.
    crs
        Projected CRS in metres.
    invented
        Whether the place is made up, which every page then says.
    """

    title: str
    place: str = ""
    authority: str = ""
    crs: str = "EPSG:27700"
    invented: bool = False


@dataclass(frozen=True)
class Boundaries:
    """
    `[boundaries]`: the areas.

    Parameters
    ----------
    areas
        LSOAs, Data Zones or SOAs.
    small_areas
        Output areas, to know where in an area its people live.
    authorities, wards
        Outlines.
    lookup
        Table that says which authority and ward hold each area.
    source, as_of
        Attribution to print, and the date of the data.
    """

    areas: Path
    small_areas: Path | None = None
    authorities: Path | None = None
    wards: Path | None = None
    lookup: Path | None = None
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Deprivation:
    """
    `[deprivation]`: how deprived each area is.

    Parameters
    ----------
    file
        IoD, WIMD or any table with a rank, score or decile.
    index
        Which index of the file: imd, idaci, income …
    direction
        What rank 1 means: "1 is most deprived" or "1 is least deprived"; empty: the former.
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path
    index: str = "imd"
    direction: str = ""
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Population:
    """
    `[population]`: the people who need the service.

    Parameters
    ----------
    file
        People by single year of age.
    ages
        Youngest and oldest age, inclusive.
    people
        What they are called in sentences.
    sheet
        Sheet of a workbook.
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path
    ages: tuple[int, int] = (0, 4)
    people: str = "children under 5"
    sheet: str = ""
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Postcodes:
    """
    `[postcodes]`: where postcodes are.

    Parameters
    ----------
    file
        ONSPD, NSPL or Code-Point Open.
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Streets:
    """
    `[streets]`: what can be travelled.

    Parameters
    ----------
    file
        OpenStreetMap extract (`.osm.pbf`) or osmnx graph (`.graphml`).
    place
        Instead of a file: a place name, whose streets are downloaded.
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path | None = None
    place: str = ""
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Provision:
    """
    `[provision]`: the places that offer the service.

    Parameters
    ----------
    service, plural
        What one and several are called in sentences.
    file
        A register.
    osm
        Instead of a file: tags of the street extract, e.g. `{amenity = ["library"]}`.
    columns
        Column of each field, where it isn't found by itself.
    where
        Keep only rows with these values, e.g. `{category = ["gp"]}`.
    source, as_of
        Attribution to print, and the date of the data.
    """

    service: str
    plural: str
    file: Path | None = None
    osm: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    source: str = ""
    as_of: str = ""


BUILDINGS: Mapping[str, tuple[str, ...]] = {
    "amenity": (
        "school", "kindergarten", "childcare", "college", "library", "community_centre",
        "social_centre", "townhall", "clinic", "doctors", "health_post", "place_of_worship",
    ),
    "leisure": ("sports_centre",),
}  # fmt: skip
"""The buildings of an extract in which a service could open, unless a study names others."""


@dataclass(frozen=True)
class Candidates:
    """
    `[candidates]`: the buildings where the service could open.

    Parameters
    ----------
    osm
        Tags of the street extract's buildings; by default `BUILDINGS`, and `{}` for none.
    file
        A list of the council's own buildings, beside those.
    columns
        Column of each field, where it isn't found by itself.
    where
        Keep only rows with these values, e.g. `{tenure = ["freehold"]}`.
    source, as_of
        Attribution to print, and the date of the data.
    """

    osm: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(BUILDINGS))
    file: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Travel:
    """
    `[travel]`: how people get there.

    Parameters
    ----------
    mode
        walk, pushchair, cycle or drive.
    cutoff_min
        Longest acceptable journey, minutes.
    direction
        "to" the provision, or "from" it.
    snap_limit_m
        Beyond this distance from any street a home has no network.
    speeds_kph
        Other speeds, by highway class; `all` for every class.
    live_modes
        Modes whose reach the map shows from any spot, beside the study's own; none: to walk,
        cycle and drive, as far as the streets carry them.
    """

    mode: str = "walk"
    cutoff_min: float = 15.0
    direction: str = "to"
    snap_limit_m: float = 250.0
    speeds_kph: Mapping[str, float] = field(default_factory=dict)
    live_modes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Underserved:
    """
    `[underserved]`: when an area is.

    Parameters
    ----------
    deciles
        Deprivation deciles that count as deprived.
    share
        Share of an area's people who may live beyond the cut-off.
    """

    deciles: tuple[int, ...] = (1, 2)
    share: float = 0.25


@dataclass(frozen=True)
class Indicator:
    """
    `[indicators.<name>]`: what else is known of the areas: an outcome, take-up, any count.

    Parameters
    ----------
    file
        A table by area code, of one term or several.
    title
        What the figure is called ("two-year-olds without a place").
    value
        Column of rates or scores, where there is no count.
    count, population
        Columns of the people counted, and of those that they are counted among.
    period
        Column that tells the term or year.
    worse
        "high" where a high figure is the worse one, or "low".
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path
    title: str
    value: str = ""
    count: str = ""
    population: str = ""
    period: str = ""
    worse: str = "high"
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Supply:
    """
    `[supply.<name>]`: places of one age band or session, beside the children they are for.

    Parameters
    ----------
    title
        What the figure is called ("Morning places for under-threes").
    ages
        Youngest and oldest age of those children, inclusive; empty: the ages of the study.
    people
        What they are called; empty: "children aged 0 to 2".
    places
        Columns of the provision's file that count, added up; empty: all places of a setting.
    mode
        How people get there; empty: as the study says.
    cutoff_min
        Longest acceptable journey, minutes; 0: as the study says.
    preset
        Instead of ages, mode and cutoff_min: a published measure, a key of `PRESETS`.
    """

    title: str = ""
    ages: tuple[int, ...] = ()
    people: str = ""
    places: tuple[str, ...] = ()
    mode: str = ""
    cutoff_min: float = 0.0
    preset: str = ""


PRESETS: dict[str, dict[str, Any]] = {
    "england-childcare": {
        "title": "Childcare places accessible by car, as England’s official measure counts them",
        "ages": (0, 7),
        "mode": "drive",
        "cutoff_min": 15.0,
    }
}
"""
What a published measure says.

References
----------
Office for National Statistics (2024) Childcare accessibility by neighbourhood: places per 100
children aged 0 to 7 within 15 minutes by car, or 25 by public transport with up to 15 of them on
foot. The streets alone tell its car part.
https://www.ons.gov.uk/peoplepopulationandcommunity/educationandchildcare/articles/childcareaccessibilitybyneighbourhood/latest
"""


@dataclass(frozen=True)
class Hotspots:
    """
    `[hotspots]`: where high and low figures gather more than chance explains.

    Parameters
    ----------
    of
        The figures tested: `out_of_reach`, `minutes`, `deprivation` and names of `[indicators]`;
        empty: these three and every indicator.
    weights
        Who is whose neighbour: queen, rook, knn:8, band:2000 (metres) or minutes:15.
    statistic
        `gi_star` finds where high and low figures gather, `local_moran` also the areas that stand
        out from those around them.
    also
        Other weights, against which each hotspot is held to see how well it stands.
    false_discovery
        Share of the areas called hot or cold that may be so by chance.
    correction
        How p is adjusted for many tests: `benjamini_hochberg`, which holds where overlapping
        neighbourhoods agree, or `benjamini_yekutieli`, which holds always.
    permutations, seed
        How many random arrangements the figures are compared with, and where they start.
    """

    of: tuple[str, ...] = ()
    weights: str = "queen"
    statistic: str = "gi_star"
    also: tuple[str, ...] = ("knn:8", "minutes:15")
    false_discovery: float = 0.05
    correction: str = "benjamini_hochberg"
    permutations: int = 99_999
    seed: int = 1


@dataclass(frozen=True)
class Study:
    """
    What is asked, of which files.

    Parameters
    ----------
    path
        The study file; paths in it are relative to its folder.
    study, boundaries, deprivation, population, streets, provision
        The sections of the file that must be there.
    postcodes, candidates, travel, underserved, hotspots
        Those that may.
    indicators, supply
        Each `[indicators.<name>]` and `[supply.<name>]`, by name.
    """

    path: Path
    study: Place
    boundaries: Boundaries
    deprivation: Deprivation
    population: Population
    streets: Streets
    provision: Provision
    postcodes: Postcodes | None = None
    candidates: Candidates = Candidates()
    travel: Travel = Travel()
    underserved: Underserved = Underserved()
    hotspots: Hotspots = Hotspots()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    supply: Mapping[str, Supply] = field(default_factory=dict)

    def ages_of(self, supply: str) -> tuple[int, int]:
        """Return the youngest and the oldest age of those whom a supply is for."""
        ages = self.supply[supply].ages or self.population.ages
        return ages[0], ages[-1]

    @property
    def sections(self) -> dict[str, Any]:
        """Every section that the file has or takes by default, by its heading."""
        one = {name: part for name in SECTIONS if (part := getattr(self, name)) is not None}
        for heading in NAMED:
            one |= {f"{heading}.{name}": part for name, part in getattr(self, heading).items()}
        return one

    @property
    def files(self) -> dict[str, Path]:
        """The files that it reads, by section and key."""
        return {
            f"{section}.{key.name}": value
            for section, part in self.sections.items()
            for key in fields(part)
            if isinstance(value := getattr(part, key.name), Path)
        }

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        """Everything that it asks for, with files by name only."""
        return {
            section: {key.name: _plain(getattr(part, key.name)) for key in fields(part)}
            for section, part in self.sections.items()
        }


SECTIONS: dict[str, type[Any]] = {
    "study": Place,
    "boundaries": Boundaries,
    "deprivation": Deprivation,
    "population": Population,
    "streets": Streets,
    "provision": Provision,
    "postcodes": Postcodes,
    "candidates": Candidates,
    "travel": Travel,
    "underserved": Underserved,
    "hotspots": Hotspots,
}
NAMED: dict[str, type[Any]] = {"indicators": Indicator, "supply": Supply}
"""Headings that stand once for each name below them."""


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.name
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value

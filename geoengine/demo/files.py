"""Write the tables of the invented county in the layouts in which they are published."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoengine.demo import osm, outcomes, workbook
from geoengine.demo.areas import AUTHORITIES, Areas
from geoengine.demo.layouts import INDICES, NSPL, OFSTED_HEADER
from geoengine.demo.people import NATION, Postcodes, deciles, ranks
from geoengine.demo.provision import Nursery, Truth
from geoengine.demo.sheet import IntArray
from geoengine.demo.terrain import FloatArray

AREAS = "boundaries/LSOA_2021_EW_BGC_Saltmarsh.geojson"
SMALL_AREAS = "boundaries/OA_2021_EW_BGC_Saltmarsh.geojson"
WARDS = "boundaries/WD_MAY_2025_UK_BGC_Saltmarsh.geojson"
AUTHORITY = "boundaries/LAD_MAY_2025_UK_BGC_Saltmarsh.geojson"
LOOKUP = "boundaries/OA21_LSOA21_WD25_LAD25_LU_Saltmarsh.csv"
DEPRIVATION = "deprivation/File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
POPULATION = "population/sapelsoasyoa20222024.xlsx"
POSTCODES = "postcodes/NSPL_NOV_2025_XW.csv"
PROVISION = "provision/early_years_settings.csv"
OFSTED = "provision/childcare_providers_most_recent_inspections_31_December_2025.csv"
STREETS = "streets.osm.pbf"
PLANTED = "outcomes/truths.json"


def rows(path: Path, table: Iterable[Sequence[object]], encoding: str = "utf-8") -> None:
    """Write rows as CSV with Windows line ends, as the publishers do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, errors="replace", newline="") as out:
        csv.writer(out, lineterminator="\r\n").writerows(table)


def _degrees(shape: shapely.Geometry) -> shapely.Geometry:
    turned = shapely.transform(shape, osm.lonlat)
    return shapely.transform(turned, lambda points: np.round(points, 6))


def _features(
    path: Path, name: str, shapes: NDArray[np.object_], columns: dict[str, Sequence[str]]
) -> None:
    """Write a set of areas as GeoJSON, one feature a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = shapely.to_geojson(_degrees(shapes))
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{"type":"FeatureCollection","name":"{name}","features":[\n')
        for at, geometry in enumerate(drawn.tolist()):
            told = {"FID": at + 1} | {key: values[at] for key, values in columns.items()}
            text = json.dumps(told, ensure_ascii=False)
            end = ",\n" if at + 1 < len(drawn) else "\n"
            out.write(f'{{"type":"Feature","properties":{text},"geometry":{geometry}}}{end}')
        out.write("]}\n")


def boundaries(folder: Path, areas: Areas) -> None:
    """Write the boundary sets and the lookup between them."""
    code = areas.area_code
    ward = areas.ward_of_area
    lad = areas.authority_of_ward
    of_small = [code[a] for a in areas.area_of_small]
    _features(
        folder / SMALL_AREAS,
        "OA_2021_EW_BGC",
        areas.small_shape,
        {
            "OA21CD": areas.small_code,
            "LSOA21CD": of_small,
            "LSOA21NM": [areas.area_name[a] for a in areas.area_of_small],
        },
    )
    _features(
        folder / AREAS,
        "LSOA_2021_EW_BGC",
        areas.area_shape,
        {"LSOA21CD": code, "LSOA21NM": areas.area_name},
    )
    _features(
        folder / WARDS,
        "WD_MAY_2025_UK_BGC",
        areas.ward_shape,
        {
            "WD25CD": areas.ward_code,
            "WD25NM": areas.ward_name,
            "LAD25CD": [AUTHORITIES[a][0] for a in lad],
            "LAD25NM": [AUTHORITIES[a][1] for a in lad],
        },
    )
    _features(
        folder / AUTHORITY,
        "LAD_MAY_2025_UK_BGC",
        areas.authority_shape,
        {"LAD25CD": [a for a, _ in AUTHORITIES], "LAD25NM": [n for _, n in AUTHORITIES]},
    )
    header = ["OA21CD", "LSOA21CD", "LSOA21NM", "WD25CD", "WD25NM", "LAD25CD", "LAD25NM"]
    rows(
        folder / LOOKUP,
        [
            header,
            *(
                (
                    small,
                    code[a],
                    areas.area_name[a],
                    areas.ward_code[ward[a]],
                    areas.ward_name[ward[a]],
                    *AUTHORITIES[int(lad[ward[a]])],
                )
                for small, a in zip(areas.small_code, areas.area_of_small, strict=True)
            ),
        ],
    )


def deprivation(
    path: Path,
    areas: Areas,
    level: FloatArray,
    rank: IntArray,
    people: IntArray,
    rng: np.random.Generator,
) -> None:
    """Write File 7 of the English indices; `people` are all by single year of age."""
    header = [
        "LSOA code (2021)",
        "LSOA name (2021)",
        "Local Authority District code (2024)",
        "Local Authority District name (2024)",
    ]
    columns: list[Sequence[Any]] = []
    for name, note, stray in INDICES:
        own = rank if not stray else ranks(level + rng.normal(0, stray, len(level)), rng)
        worst = -np.log(own / (NATION + 1))
        score = np.round(worst * (0.075 if note else 9.0), 3)
        header += [
            f"{name} Score{note}",
            f"{name} Rank (where 1 is most deprived)",
            f"{name} Decile (where 1 is most deprived 10% of LSOAs)",
        ]
        columns += [score.tolist(), own.tolist(), deciles(own).tolist()]
    header += [
        "Total population: mid 2022",
        "Dependent Children aged 0-15: mid 2022",
        "Older population aged 60 and over: mid 2022",
        "Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022",
    ]
    columns += [
        people.sum(axis=1).tolist(),
        people[:, :16].sum(axis=1).tolist(),
        people[:, 60:].sum(axis=1).tolist(),
        people[:, 18:67].sum(axis=1).tolist(),
    ]
    lad = areas.authority_of_ward[areas.ward_of_area]
    rows(
        path,
        [
            header,
            *(
                (code, name, *AUTHORITIES[int(a)], *(column[at] for column in columns))
                for at, (code, name, a) in enumerate(
                    zip(areas.area_code, areas.area_name, lad, strict=True)
                )
            ),
        ],
    )


def population(path: Path, areas: Areas, female: IntArray, male: IntArray) -> None:
    """Write the workbook of mid-year estimates by single year of age."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = [
        "LAD 2023 Code",
        "LAD 2023 Name",
        "LSOA 2021 Code",
        "LSOA 2021 Name",
        "Total",
        *(f"F{age}" for age in range(91)),
        *(f"M{age}" for age in range(91)),
    ]
    both = np.hstack([female, male])
    lad = areas.authority_of_ward[areas.ward_of_area]
    body = [
        [*AUTHORITIES[int(a)], code, name, int(counts.sum()), *counts.tolist()]
        for a, code, name, counts in zip(lad, areas.area_code, areas.area_name, both, strict=True)
    ]
    title = "Mid-2024: invented small area population estimates by single year of age and sex"
    notes = [
        ["Invented population estimates"],
        ["Nobody in this workbook exists."],
        ["Laid out as the Office for National Statistics publishes sapelsoasyoa20222024.xlsx."],
    ]
    workbook.write(
        path,
        {
            "Contents": notes,
            "Mid-2024 LSOA 2021": [
                [title],
                ["This worksheet contains one table."],
                ["F90 and M90 are people aged 90 and over."],
                header,
                *body,
            ],
        },
    )


def postcodes(
    path: Path, codes: Postcodes, areas: Areas, gone: IntArray, large: IntArray, lost: IntArray
) -> None:
    """
    Write the postcode lookup.

    Parameters
    ----------
    gone, large, lost
        Which of the postcodes, in order of position, have been terminated, belong to one
        large user, and have no grid reference.
    """
    degrees = osm.lonlat(np.column_stack([codes.x, codes.y]))
    other = {
        "cty25cd": "E99999999",
        "ced25cd": "E99999999",
        "ctry25cd": "E92000001",
        "nhser24cd": "E40000012",
        "rgn25cd": "E12000003",
        "pcon24cd": "E14009991",
        "npark16cd": "E65000001",
        "ruc21ind": "UN1",
        "msoa21cd": "E02900001",
    }
    body: list[Sequence[object]] = [NSPL]
    for at in np.argsort(np.array(codes.name), kind="stable").tolist():
        pcds = codes.name[at]
        outward, inward = pcds.split(" ")
        area = int(areas.area_of_small[codes.small[at]])
        ward = int(areas.ward_of_area[area])
        here = not lost[at]
        row: dict[str, object] = other | {
            "pcd7": f"{outward:<4}{inward}"[:7] if len(outward) < 5 else outward + inward,
            "pcd8": f"{outward:<4} {inward}",
            "pcds": pcds,
            "dointr": 198001,
            "doterm": 202106 if gone[at] else "",
            "usrtypind": int(large[at]),
            "gridind": 1 if here else 9,
            "oa21cd": areas.small_code[int(codes.small[at])] if here else "E99999999",
            "lsoa21cd": areas.area_code[area] if here else "E99999999",
            "wd25cd": areas.ward_code[ward] if here else "E99999999",
            "lad25cd": AUTHORITIES[int(areas.authority_of_ward[ward])][0] if here else "E99999999",
            "east1m": int(codes.x[at]) if here else "",
            "north1m": int(codes.y[at]) if here else "",
            "lat": f"{degrees[at, 1]:.6f}" if here else "99.999999",
            "long": f"{degrees[at, 0]:.6f}" if here else "0.000000",
        }
        body.append([row.get(name, "") for name in NSPL])
    rows(path, body)


def settings(path: Path, nurseries: list[Nursery]) -> None:
    """Write the council's own register, with places and ages."""
    header = "setting_id,setting_name,service,provider_type,status,postcode,places,age_from,age_to"
    rows(
        path,
        [
            header.split(","),
            *(
                (
                    n.urn,
                    n.name,
                    "nursery",
                    n.kind,
                    "Active" if n.active else "Closed",
                    n.postcode,
                    n.places,
                    n.age_from,
                    n.age_to,
                )
                for n in nurseries
            ),
        ],
    )


def ofsted(path: Path, nurseries: list[Nursery], towns: list[str]) -> None:
    """Write the same settings as Ofsted's management information has them (Windows-1252)."""
    body: list[Sequence[object]] = [
        ("Latest inspections of all registered providers as at 31 December 2025 (invented)",),
        ("This worksheet contains one table.",),
        OFSTED_HEADER,
    ]
    for at, (n, town) in enumerate(zip(nurseries, towns, strict=True)):
        hidden = n.at < 0
        withheld = "REDACTED"
        address = (withheld,) * 4 if hidden else (f"{3 + at * 7 % 120} Street", "", "", town)
        flags = ("Y", "Y", "N") if n.age_from < 5 else ("N", "Y", "Y")
        date = f"{1 + at * 5 % 28:02d}/{1 + at % 12:02d}/{2019 + at % 6}"
        body.append(
            (
                n.urn,
                f"{1 + at % 28:02d}/09/{2001 + at % 20}",
                n.kind,
                "Full day care" if not hidden else "",
                "Active" if n.active else "Inactive",
                "EYR-CCR",
                *flags,
                n.name,
                *address,
                n.postcode,
                AUTHORITIES[0 if n.home else 1][1],
                "Yorkshire and The Humber",
                n.places,
                n.places,
                date,
                1 + (at * 3 % 10) // 6,
            )
        )
    rows(path, body, encoding="cp1252")


def truths(path: Path, told: list[Truth], areas: Areas, place: list[str]) -> None:
    """Write what is known to be true of this county because it was made so."""
    found = [
        {
            "truth": t.truth,
            "lsoa_code": areas.area_code[t.area],
            "lsoa_name": areas.area_name[t.area],
            "name": name,
            "because": t.because,
            "expect": t.expect,
        }
        for t, name in zip(told, place, strict=True)
    ]
    path.write_text(
        json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n"
    )


def planted(path: Path, areas: dict[str, list[str]]) -> None:
    """Write in which areas outcomes were made worse, or seem so by small numbers only."""
    path.write_text(json.dumps(areas, indent=2) + "\n", encoding="utf-8", newline="\n")


STUDY = f"""[study]
title = "Saltmarsh: who can walk to a nursery?"
place = "Saltmarsh"
invented = true
authority = "{AUTHORITIES[0][0]}"
crs = "EPSG:27700"

[boundaries]
areas = "{AREAS}"
small_areas = "{SMALL_AREAS}"
authorities = "{AUTHORITY}"
wards = "{WARDS}"
source = "Invented, in the layout of the ONS Open Geography Portal"
as_of = "2021 areas, 2025 wards"

[deprivation]
file = "{DEPRIVATION}"
source = "Invented, in the layout of the English Indices of Deprivation 2025, File 7"
as_of = "2025"

[population]
file = "{POPULATION}"
ages = [0, 4]
people = "children under 5"
source = "Invented, in the layout of ONS mid-year small-area estimates"
as_of = "mid-2024"

[postcodes]
file = "{POSTCODES}"
source = "Invented, in the layout of the National Statistics Postcode Lookup"
as_of = "November 2025"

[streets]
file = "{STREETS}"
source = "Invented, in the layout of an OpenStreetMap extract"
as_of = "2025"

[provision]
file = "{PROVISION}"
service = "nursery"
plural = "nurseries"
source = "Invented, in the layout of a council’s register of settings"
as_of = "autumn 2025"

[travel]
mode = "walk"
cutoff_min = 15

[underserved]
deciles = [1, 2]

[indicators.below_expected]
file = "{outcomes.FILE}"
title = "Children below the expected level"
count = "Below expected level"
population = "Children assessed"
period = "Term"
source = "Invented, in the layout of a council’s own assessments"
as_of = "autumn 2025"
"""

README = """Saltmarsh is invented.

Every place, street, person, nursery and number in this folder is made up by GeoEngine. The county
lies in the North Sea. The files are laid out as a council downloads the real ones, so that the
whole of GeoEngine can be tried without any download:

  geoengine run study.toml

truths.json and outcomes/truths.json tell what is known to be true of this county because it was
made so.
"""


def notes(folder: Path) -> None:
    """Write the study file and the note that everything is invented."""
    (folder / "study.toml").write_text(STUDY, encoding="utf-8", newline="\n")
    (folder / "README.txt").write_text(README, encoding="utf-8", newline="\n")

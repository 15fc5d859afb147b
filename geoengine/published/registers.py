"""Registers of services: what their columns are called and what their statuses mean."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoengine.errors import Fault, SourceError
from geoengine.published import values
from geoengine.published.headers import squash
from geoengine.published.tables import Published

FIELDS = {
    "id": (
        r"providerurn", r"urn", r"registrationnumber", r"servicereference", r"ciwnumber",
        r"csnumber", r"serviceid", r"organisationcode", r"practicecode", r"provisionid",
        r"settingid", r"reference", r"osmid", r"id", r"code",
    ),
    "name": (
        r"providername", r"establishmentname", r"servicename", r"provisionname", r"settingname",
        r"nurseryname", r"practicename", r"organisationname", r"name",
    ),
    "postcode": (
        r"providerpostcode", r"servicepostcode", r"postcodes?", r"addrpostcode", r"pcds", r"pcd",
    ),
    "capacity": (
        r"places", r"registeredplaces", r"capacity", r"maximumplaces", r"numberofplaces",
        r"noofplaces", r"maxnumberofchildren", r"totalplaces", r"placesincludingestimates",
        r"schoolcapacity",
    ),
    "status": (
        r"providerstatus", r"establishmentstatusname", r"servicestatus", r"registrationstatus",
        r"statuscode", r"status", r"open",
    ),
    "age_from": (r"agefrom", r"statutorylowage", r"minimumage", r"minage", r"lowage"),
    "age_to": (r"ageto", r"statutoryhighage", r"maximumage", r"maxage", r"highage"),
    "longitude": (r"longitude", r"long?", r"lng"),
    "latitude": (r"latitude", r"lat"),
    "easting": (r"eastings?", r"xcoordinate", r"xm", r"x"),
    "northing": (r"northings?", r"ycoordinate", r"ym", r"y"),
    "kind": (r"kind", r"(?:asset|building|property|premises|site)?type", r"category"),
    "early_years": (r"providerearlyyearsregisterflag", r"earlyyearsregisterflag"),
    "registers": (r"individualregistercombinations",),
}  # fmt: skip
"""What is read of each service, by the squashed names under which registers publish it."""

LAYOUTS = {
    "Ofsted childcare providers": {"providerurn"},
    "Get Information about Schools": {"urn", "establishmentname"},
    "Care Inspectorate Wales": {"servicename", "registrationnumber"},
    "Care Inspectorate Scotland": {"careservice", "servicename"},
    "NHS organisation codes": {"organisationcode", "prescribingsetting"},
    "Open street map": {"osmtype"},
}
"""Columns by which a register is known."""

PRACTICES = (
    "Organisation Code", "Name", "National Grouping", "High Level Health Geography",
    "Address Line 1", "Address Line 2", "Address Line 3", "Address Line 4", "Address Line 5",
    "Postcode", "Open Date", "Close Date", "Status Code", "Organisation Sub-Type Code",
    "Commissioner", "Join Provider/Purchaser Date", "Left Provider/Purchaser Date",
    "Contact Telephone Number", "Null 1", "Null 2", "Null 3", "Amended Record Indicator",
    "Null 4", "Provider/Purchaser", "Null 5", "Prescribing Setting", "Null 6",
)  # fmt: skip
"""The header of epraccur.csv, which has none."""

OPEN = frozenset(
    {"active", "open", "openbutproposedtoclose", "registered", "yes", "y", "true", "1", "a"}
    | {"live", "current", "operating", "trading"}
)
SHUT = frozenset(
    {"inactive", "closed", "proposedtoopen", "suspended", "cancelled", "resigned", "removed"}
    | {"no", "n", "false", "0", "c", "d", "p", "deregistered", "dormant", "notactive", "proposed"}
    | {"cancelledvoluntarily", "pending", "archived"}
)
"""Statuses, squashed, of a place that takes people now, and of one that does not."""


def layout(table: Published) -> str:
    """Return the name of the register that the table is, judged by its columns."""
    held = {squash(name) for name in table.names}
    return next((name for name, signs in LAYOUTS.items() if signs <= held), "table of services")


def fields(table: Published, columns: Mapping[str, str]) -> dict[str, int]:
    """
    Return the column of each field: the one that the study names, or one known by its name.

    Parameters
    ----------
    table
        The register.
    columns
        Column of the file for a field; empty text for a field that is not to be read.

    Raises
    ------
    SourceError
        With each field that there is not, and each column that there is not.
    """
    faults = [
        Fault(table.source, 0, f"'{name}' is not a field; the choice is {', '.join(FIELDS)}")
        for name in columns
        if name not in FIELDS
    ]
    found: dict[str, int] = {}
    for name, patterns in FIELDS.items():
        if name in columns:
            if not columns[name]:
                continue
            position = _position(table, columns[name])
            if position is None:
                faults.append(Fault(table.source, 0, _no_column(table, columns[name])))
                continue
        else:
            position = table.find(*patterns)
        if position is not None:
            found[name] = position
    if faults:
        raise SourceError(faults)
    return found


def positions(table: Published, names: Sequence[str]) -> dict[str, int]:
    """
    Return where the columns named stand.

    Raises
    ------
    SourceError
        With each column that there is not.
    """
    found = {name: _position(table, name) for name in names}
    absent = [name for name, at in found.items() if at is None]
    if absent:
        raise SourceError(Fault(table.source, 0, _no_column(table, name)) for name in absent)
    return {name: at for name, at in found.items() if at is not None}


def _position(table: Published, name: str) -> int | None:
    exact = [at for at in table.columns if table.names[at].strip() == name.strip()]
    return exact[0] if exact else table.find(re.escape(squash(name)))


def _no_column(table: Published, name: str) -> str:
    return f"there is no column '{name}'; it has {table.headings()}"


def chosen(
    table: Published, where: Mapping[str, Sequence[Any]]
) -> tuple[NDArray[np.bool_], list[str]]:
    """
    Return which rows the study's conditions keep, shape (rows,), and notes of what they do not.

    Parameters
    ----------
    table
        The register.
    where
        Values that a column must have, whatever their case, for its row to be kept.

    Raises
    ------
    SourceError
        With each column that there is not, each of which no value occurs, or if no row is kept.
    """
    chosen = np.ones(len(table), dtype=bool)
    faults, notes = [], []
    for column, allowed in where.items():
        position = _position(table, column)
        if position is None:
            faults.append(Fault(table.source, 0, _no_column(table, column)))
            continue
        given = values.spell(table.columns[position]).str.casefold()
        wanted = {str(value).strip().casefold(): str(value) for value in allowed}
        absent = [told for key, told in wanted.items() if not (given == key).any()]
        if len(absent) == len(wanted):
            occur = sorted({text for text in values.spell(table.columns[position]) if text})
            faults.append(
                Fault(
                    table.source,
                    0,
                    f"no row has '{column}' of {' or '.join(wanted.values()) or 'nothing'}; it "
                    f"has {', '.join(occur[:8])}{' …' if len(occur) > 8 else ''}",
                )
            )
            continue
        notes += [f"No row has '{column}' of {told}." for told in absent]
        chosen &= given.isin(list(wanted)).to_numpy(dtype=bool)
    if faults:
        raise SourceError(faults)
    if not chosen.any():
        raise SourceError.of(table.source, "no row meets all the conditions of the study at once")
    dropped = int((~chosen).sum())
    if dropped:
        notes.insert(0, f"Rows of other services, left by the study's conditions: {dropped:,}.")
    return chosen, notes

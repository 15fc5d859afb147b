"""What the open interface says of itself: where things are, what it conforms to, each layer."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from geoengine import exports
from webmap.api.crs import CRS84
from webmap.files import downloads
from webmap.results import Snapshot

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
FEATURES = "http://www.opengis.net/spec/ogcapi-features"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
CONFORMS = (
    *(f"{FEATURES}-1/1.0/conf/{name}" for name in ("core", "geojson", "html", "oas30")),
    f"{FEATURES}-2/1.0/conf/crs",
    *(
        f"{FEATURES}-3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{CQL2}/{name}"
        for name in (
            *("cql2-text", "basic-cql2", "advanced-comparison-operators"),
            *("case-insensitive-comparison", "accent-insensitive-comparison"),
            *("basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions"),
            "property-property",
        )
    ),
)
FORMATS = {
    "point": "geometry-point",
    "line": "geometry-linestring-or-multilinestring",
    "polygon": "geometry-polygon-or-multipolygon",
}
Document = dict[str, Any]


def link(href: str, rel: str, media_type: str, title: str) -> Document:
    """Return a link, as every document has them."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def both(
    href: str, media_type: str, query: Mapping[str, str] | None = None, *, html: bool
) -> list[Document]:
    """
    Return the links from a document to itself, and to its other form.

    Parameters
    ----------
    href
        Its address.
    media_type
        Of the form that programs read.
    query
        What was asked of it.
    html
        Whether this is the page.
    """
    forms = [("json", media_type, "for programs"), ("html", HTML, "as a page")]
    return [
        link(
            asked(href, {**(query or {}), "f": form}),
            "self" if (form == "html") == html else "alternate",
            kind,
            f"This document {said}",
        )
        for form, kind, said in forms
    ]


def asked(href: str, query: Mapping[str, str]) -> str:
    """Return an address with what is asked of it."""
    return f"{href}?{urlencode(query, quote_via=quote)}" if query else href


def landing(run: Snapshot, root: str, *, html: bool) -> Document:
    """Return where everything is."""
    return {
        "title": run.summary["title"],
        "description": f"{run.summary['headline']}.",
        "links": [
            *both(f"{root}/", JSON, html=html),
            *_whole(root),
            link(f"{root}/openapi.html", "service-doc", HTML, "The interface, as a page"),
            link(f"{root}/conformance", "conformance", JSON, "Standards that this conforms to"),
        ],
    }


def _whole(root: str) -> list[Document]:
    """Return the links that QGIS looks for at the address that it is given."""
    return [
        link(f"{root}/openapi.json", "service-desc", OPENAPI, "The interface, for programs"),
        link(f"{root}/collections", "data", JSON, "The layers"),
    ]


def conformance(root: str, *, html: bool) -> Document:
    """Return what the interface conforms to."""
    links = both(f"{root}/conformance", JSON, html=html)
    return {"title": "Conformance", "links": links, "conformsTo": list(CONFORMS)}


def collections(run: Snapshot, root: str, crs: Sequence[str], *, html: bool) -> Document:
    """Return every layer's description."""
    return {
        "title": "Layers",
        "links": both(f"{root}/collections", JSON, html=html),
        "crs": list(crs),
        "collections": [collection(run, each, root, crs, html=None) for each in run.layers],
    }


def collection(
    run: Snapshot, entry: Mapping[str, Any], root: str, crs: Sequence[str], *, html: bool | None
) -> Document:
    """
    Return a layer's description.

    Parameters
    ----------
    run, entry
        The results, and what they say of the layer.
    root
        The interface's address.
    crs
        URIs of the CRSs offered.
    html
        Whether it is the page; `None` where it stands in the list of all.
    """
    name, title = str(entry["layer_id"]), str(entry["title"])
    here = f"{root}/collections/{name}"
    own = [link(here, "self", JSON, title)]
    if html is not None:
        own = [*both(here, JSON, html=html), *_whole(root)]
    said: Document = {
        "id": name,
        "title": title,
        "description": f"{entry['question']} {entry['method']}".strip(),
        "attribution": "; ".join(entry["attribution"]),
        "itemType": "feature",
        "links": [
            *own,
            link(f"{here}/items", "items", GEOJSON, f"{title}: the features"),
            link(f"{here}/items?f=html", "items", HTML, f"{title}: the features as a page"),
            link(
                f"{here}/queryables",
                "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                SCHEMA,
                "Columns that filters may name",
            ),
            *(
                link(
                    urljoin(root, f"/runs/{run.run}/downloads/{name}/{offer.key}"),
                    "enclosure",
                    exports.FORMATS[offer.key].media_type,
                    f"{title}: {offer.title}",
                )
                for offer in downloads.offers(entry)
            ),
        ],
        "crs": list(crs),
    }
    if entry["geometry"] != "none":
        said["storageCrs"] = CRS84
    if entry["bounds"]:
        said["extent"] = {"spatial": {"bbox": [list(entry["bounds"])], "crs": CRS84}}
    return said


def queryables(
    entry: Mapping[str, Any], kinds: Mapping[str, str], root: str, *, html: bool
) -> Document:
    """
    Return the columns that filters may name, as a JSON Schema.

    Parameters
    ----------
    entry
        The layer's description.
    kinds
        What each column holds: number, string or boolean; the id first.
    root, html
        As of `collection`.
    """
    here = f"{root}/collections/{entry['layer_id']}/queryables"
    titles = {str(each["name"]): _titled(each) for each in entry["columns"]}
    titles |= {"class": "Class, as the legend calls it", "state": "Why there is no value"}
    properties: Document = {
        name: {"title": titles.get(name, name), "type": kind} for name, kind in kinds.items()
    }
    properties["class"]["enum"] = [each["label"] for each in entry["classes"]]
    if entry["geometry"] != "none":
        properties["geometry"] = {
            "title": "Where it is",
            "format": FORMATS[entry["geometry"]],
            "x-ogc-role": "primary-geometry",
        }
    said: Document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": here,
        "type": "object",
        "title": entry["title"],
        "properties": properties,
        "additionalProperties": False,
    }
    # A schema has no place for links, and the page needs a way back.
    return {**said, "links": both(here, SCHEMA, html=html)} if html else said


def _titled(column: Mapping[str, Any]) -> str:
    return f"{column['title']} ({column['unit']})" if column["unit"] else str(column["title"])


def feature_address(root: str, layer_id: str, feature_id: str) -> str:
    """Return the address of a feature."""
    return f"{root}/collections/{layer_id}/items/{quote(feature_id, safe='')}"


def turns(
    here: str, query: Mapping[str, str], media_type: str, *, start: int, limit: int, matched: int
) -> list[Document]:
    """Return the links from a page of features to the next and the one before."""
    made = []
    if start + limit < matched:
        there = asked(here, {**query, "offset": str(start + limit)})
        made.append(link(there, "next", media_type, "The next features"))
    if start > 0:
        there = asked(here, {**query, "offset": str(max(0, start - limit))})
        made.append(link(there, "prev", media_type, "The features before"))
    return made

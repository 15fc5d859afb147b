"""A layer as a table, whole: sorted, narrowed and turned by its address."""

from flask import Blueprint, Response, current_app, request

from webmap import downloads, explore, site, words
from webmap import tables as sheets
from webmap.state import state

tables = Blueprint("tables", __name__)


@tables.get("/table")
def show() -> Response:
    """Answer with a page of the layer that the address names."""
    run, language = site.run(), site.here()
    entry = words.layer(run, language, request.args.get("layer"))
    sort = request.args.get("sort", "")
    only = {key for part in request.args.getlist("only") for key in part.split(",") if key}
    keys = [str(line["key"]) for line in entry["classes"]]
    hidden = frozenset(keys) - only if only & set(keys) else frozenset()
    order = sheets.Order(sort.removeprefix("-"), sort.startswith("-"), hidden)
    asked = {
        "layer": str(entry["layer_id"]),
        "selected": request.args.get("selected", ""),
        "only": ",".join(key for key in keys if key not in hidden) if hidden else "",
        "sort": sort,
    }
    return site.page(
        "table.html",
        run,
        entry=entry,
        layers=words.layers(run, language),
        looks=explore.looks(run, language),
        table=sheets.page(
            run,
            language,
            entry,
            rows=state(current_app).settings.table_rows,
            at=request.args.get("page", 1, type=int),
            order=order,
        ),
        order=order,
        asked=asked,
        selected=asked["selected"],
        offers=downloads.offers,
        profiled=explore.PROFILED,
    )

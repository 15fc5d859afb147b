"""A layer as a table, whole: sorted, narrowed and turned by its address."""

from flask import Blueprint, Response, current_app, request

from webmap import site
from webmap.files import downloads
from webmap.kept import kept
from webmap.screen import explore, threshold, view
from webmap.screen import tables as sheets
from webmap.state import state
from webmap.text import finding, words

tables = Blueprint("tables", __name__)


@tables.get("/table")
@kept
def show() -> Response:
    """Answer with a page of the layer that the address names."""
    own, language = site.run(), site.here()
    run = threshold.asked_for(own, request.args)
    entry = words.layer(run, language, request.args.get("layer"))
    here = view.read(entry, request.args)
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
            order=here.order,
        ),
        order=here.order,
        asked=here.query,
        selected=here.selected,
        offers=downloads.offers,
        profiled=explore.profiled(own),
        headline=finding.headline(language, run),
        **threshold.panel(own, run, language),
    )

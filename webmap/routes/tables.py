"""A layer as a table, whole: sorted, narrowed and turned by its address."""

from flask import Blueprint, Response, current_app, request

from webmap import site
from webmap.files import downloads
from webmap.kept import kept
from webmap.screen import compare, explore, selection, threshold, view
from webmap.screen import tables as sheets
from webmap.state import state
from webmap.text import finding, words

ON_MAP = ("reach", "mode", "find", "o", "z", "c")
"""What the map shows that the table doesn't, but leads back to."""

tables = Blueprint("tables", __name__)


@tables.get("/table")
@kept
def show() -> Response:
    """Answer with a page of the layer that the address names."""
    own, language = site.run(), site.here()
    run, entry, pair = compare.seen(own, language, request.args)
    plain = compare.without(run)
    here = view.read(entry, request.args)
    return site.page(
        "table.html",
        run,
        entry=entry,
        layers=words.layers(plain, language),
        looks=explore.looks(plain, language) | {entry["layer_id"]: explore.look(entry)},
        pair=pair,
        comparisons=compare.offered(own),
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
        on_map=here.query | {name: request.args.get(name, "") for name in ON_MAP},
        selected=here.selected,
        chosen=here.chosen,
        choosable=entry["layer_id"] in selection.layers(own),
        sums=selection.told(run, language, entry, here.chosen),
        offers=downloads.offers,
        profiled=explore.profiled(own),
        headline=finding.headline(language, run),
        **threshold.panel(own, run, language),
    )

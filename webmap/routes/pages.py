"""The page."""

from dataclasses import asdict

from flask import Blueprint, Response, current_app, render_template, request

from webmap import charts, downloads, live, mapview, page, palettes
from webmap.delivery import Body
from webmap.results import Snapshot
from webmap.state import State, state

NOUNS = {"polygon": "Areas", "line": "Groups", "point": "Places", "none": "Rows"}
LEVELS = {"good": "✓ good", "note": "· note", "warning": "! mind", "error": "✗ wrong"}

pages = Blueprint("pages", __name__)


@pages.get("/")
def home() -> Response:
    """Answer with the whole page, showing the layer and the feature that the address names."""
    here = state(current_app)
    run = here.results.current()
    entry = run.layer(request.args.get("layer"))
    selected = request.args.get("selected", "")
    html = render_template(
        "page.html",
        run=run,
        summary=run.summary,
        entry=entry,
        looks={each["layer_id"]: page.look(each) for each in run.layers},
        table=page.table(run, entry, limit=here.settings.table_rows),
        details=page.details(run, entry, selected) if selected else None,
        curve=page.curve(run.summary),
        bars=charts.deciles(run.summary["deciles"]),
        curve_text=page.curve_text(run.summary),
        figures=page.figures(run.summary),
        inputs=page.inputs(run.summary),
        run_facts=page.run_facts(run.summary),
        nouns=NOUNS,
        levels=LEVELS,
        offers=downloads.offers,
        frame=_frame(here, run),
        reach=live.kept(run),
    )
    answer = Body(html.encode(), "text/html; charset=utf-8").answer(here.settings, keep=False)
    if live.kept(run):
        answer.call_on_close(lambda: here.streets.of(run))
    return answer


def _frame(here: State, run: Snapshot) -> mapview.Frame:
    summary = run.summary
    return mapview.frame(
        name=run.run,
        label=f"Map of {summary['place']}",
        asset={
            name: here.assets.url(f"{mapview.LEAFLET}/{name}")
            for name in ("leaflet.js", "leaflet.css")
        },
        facts={
            "run": run.run,
            "basemap_url": f"/runs/{run.run}/basemap.json",
            "mode": summary["mode"],
            "inks": palettes.PATTERN_INK,
            "fallback": asdict(palettes.UNKNOWN),
            "table_rows": here.settings.table_rows,
            "reach": page.reach(summary) if live.kept(run) else None,
        },
        layers=[page.description(run, entry) for entry in run.layers],
    )

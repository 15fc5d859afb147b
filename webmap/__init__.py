"""The web map: serve a results folder as pages: the answer, the map, its table, its sources."""

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Flask, Response, request

from geoengine.errors import GeoEngineError
from webmap import access, errors, routes, site
from webmap.access import roles
from webmap.background.rerun import Rerun
from webmap.delivery import Assets
from webmap.guards import headers, limits, listening
from webmap.results import Results
from webmap.routes import people as signing
from webmap.routes.steward import steward
from webmap.screen import legend, methods, palettes, rail, square
from webmap.settings import Settings
from webmap.state import KEY, State
from webmap.text import language, wording

__all__ = ["Settings", "create_app", "serve"]

STATIC = Path(__file__).with_name("static")
DEFAULTS = Settings()


def create_app(results: Path, settings: Settings = DEFAULTS, *, study: Path | None = None) -> Flask:
    """
    Return the app that serves a results folder.

    Parameters
    ----------
    results
        The folder that `geoengine run` wrote. It may be replaced while it is served.
    settings
        How it is served.
    study
        The study's file, for stewards to run it again; nobody does without it.

    Raises
    ------
    ResultsError
        If the folder holds no finished run, or one that this version can't read.
    GeoEngineError
        If there is a study, but no `write_folder` of accounts.
    """
    if study is not None and not settings.write_folder:
        raise GeoEngineError(
            "a study is run again by those with an account alone: say where the accounts are, "
            "WEBMAP_WRITE_FOLDER=…, or leave the study out"
        )
    app = Flask(__name__, static_folder=None)
    opened = Results(results)
    opened.current()
    assets = Assets({"": STATIC, "messages/": language.FOLDER})
    rerun = Rerun(study, results, 60 * settings.run_min) if study else None
    app.extensions[KEY] = State(opened, assets, settings, rerun=rerun)
    limits.register(app, settings)
    access.register(app, settings)
    roles.register(app, settings)
    signing.register(app, settings)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(number=wording.number, count=wording.count)
    app.jinja_env.filters["plain"] = str
    app.jinja_env.filters["with"] = lambda query, **changes: {**query, **changes}
    app.jinja_env.globals.update(asset=assets.url, inks=palettes.PATTERN_INK)
    app.jinja_env.globals.update(rail=rail.groups, card=methods.card, square=square.rows)
    app.jinja_env.globals.update(none_here=legend.none_here, modules=assets.modules)
    app.jinja_env.globals.update(reruns=rerun is not None)
    pages = [*routes.PAGES]
    pages += [signing.people] if settings.write_folder else []
    pages += [steward] if rerun else []
    for each in language.languages():
        prefixed = Blueprint(each.code, __name__)
        for page in pages:
            prefixed.register_blueprint(page)
        app.register_blueprint(prefixed, url_prefix=each.prefix)
    for data in routes.DATA:
        app.register_blueprint(data)
    site.register(app)
    errors.register(app)

    @app.after_request
    def guard(answer: Response) -> Response:
        media_type = answer.mimetype or ""
        guarded = headers.guards(settings, encrypted=request.is_secure, media_type=media_type)
        answer.headers.update(guarded)
        return answer

    return app


def serve(
    results: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    settings: Settings = DEFAULTS,
    study: Path | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """
    Serve a results folder until interrupted.

    Parameters
    ----------
    results
        The folder that `geoengine run` wrote.
    host
        The address to listen at; the default is heard by this computer only.
    port
        The port to listen at.
    settings
        How it is served.
    study
        The study's file, for stewards to run it again; nobody does without it.
    ready
        Called when the port listens.

    Raises
    ------
    ResultsError
        If the folder holds no finished run, or one that this version can't read.
    OSError
        If the port is taken.
    """
    server = listening.server(create_app(results, settings, study=study), host, port, settings)
    if ready is not None:
        ready()
    server.run()

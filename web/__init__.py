"""The web app: pages for people and JSON for programs, over one Graph."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_openapi3 import Info, OpenAPI
from flask_openapi3.types import SecuritySchemesDict
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from graph import LOOPBACK, BadSetting, Graph, Settings
from web import api, organisation, words
from web.assets import asset, assets
from web.boundaries import boundaries
from web.broker import broker
from web.caseload import caseload
from web.corrections import corrections
from web.counts import Counts
from web.desk import NAME, Desk
from web.entry import entry
from web.errors import Problem, on_error
from web.export import export
from web.headers import add_headers, check_host
from web.limits import slow_down
from web.looks import looks
from web.moments import keep_moments
from web.own_looks import own_looks
from web.pages import pages
from web.people import Example, Person, read_people
from web.permission import check_access, may, open_to_all
from web.session import keep_sessions, origin, session_key, viewer

__all__ = ["Counts", "Example", "Person", "create_app", "read_people"]
BODY_LIMIT = 64 * 1024


def check_demo(settings: Settings) -> None:
    """Raise BadSetting where a demo would be open to other machines."""
    if settings.demo and not {settings.host, urlsplit(settings.url).hostname} <= {*LOOPBACK}:
        raise BadSetting(
            "SIGNPOST_DEMO signs anyone in, so SIGNPOST_HOST must be 127.0.0.1, and SIGNPOST_URL too; "
            "turn one of them off."
        )


def create_app(
    graph: Graph,
    settings: Settings,
    people: Sequence[Person] = (),
    examples: Sequence[Example] = (),
    counts: Counts | None = None,
) -> OpenAPI:
    """Build the app over a graph.

    people, examples: who may sign in and which children to try; used only where settings.demo is on.
    counts: in which this app and others count for their limits together; None: this one alone.
    Raises BadSetting where a demo would be open to other machines.
    """
    check_demo(settings)
    app = _app()
    _believe(app, settings.proxies)
    keep_moments(app)
    demo = {person.id: person for person in people} if settings.demo else {}
    app.extensions[NAME] = Desk(graph, settings, demo, examples if settings.demo else ())
    keep_sessions(app, session_key(settings.session_key_file), settings)
    organisation.connect(app, settings)
    _guard(app)
    _templates(app, settings)
    app.register_blueprint(assets)
    app.register_blueprint(entry)
    app.register_blueprint(pages)
    app.register_blueprint(caseload)
    app.register_blueprint(looks)
    app.register_blueprint(own_looks)
    app.register_blueprint(boundaries)
    app.register_blueprint(broker)
    app.register_blueprint(corrections)
    app.register_blueprint(export)
    app.register_api(api.api)
    _describe(app)
    slow_down(app, counts or Counts())
    return app


def _app() -> OpenAPI:
    app = OpenAPI(
        __name__,
        info=Info(title="Signpost", version="0.1.0"),
        doc_ui=False,
        validation_error_model=Problem,
        validation_error_callback=api.refuse_bad_input,
        validate_response=True,
        static_folder=None,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        WTF_CSRF_TIME_LIMIT=None,
        # It compares the Referer, which our own Referrer-Policy withholds.
        WTF_CSRF_SSL_STRICT=False,
    )
    return app


def _believe(app: OpenAPI, proxies: int) -> None:
    """Take from so many trusted proxies, and from nobody before them, the address that asks."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)


def _guard(app: OpenAPI) -> None:
    """Host, then permission, then CSRF token; and every error through one place."""
    app.before_request(check_host)
    app.before_request(check_access)
    CSRFProtect(app)
    app.after_request(add_headers)
    app.register_error_handler(Exception, on_error)


def _templates(app: OpenAPI, settings: Settings) -> None:
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_env.loader = ChoiceLoader([app.create_global_jinja_loader(), govuk])
    app.jinja_env.filters.update({word.__name__: word for word in words.FILTERS})
    app.jinja_env.globals.update(
        asset=asset,
        viewer=viewer,
        origin=origin,
        may=may,
        demo=settings.demo,
        broker_line=settings.broker_line,
    )


def _describe(app: OpenAPI) -> None:
    cookie = {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
    schemes: SecuritySchemesDict = {api.SESSION: cookie}
    app.security_schemes = schemes

    @app.route("/api/openapi.json")
    @open_to_all("it says what is in the README, and nothing of anybody")
    def openapi() -> dict[str, Any]:
        """The API, described."""
        return app.api_doc

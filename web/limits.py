"""How much one user, or one address, may ask in a while; more than anybody needs is slowed down and told."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from flask import Response, request
from flask_limiter import Limiter, RequestLimit
from flask_openapi3 import OpenAPI

from web import session
from web.counts import SCHEME, Counts
from web.desk import desk

# Nobody types a child's details every two seconds; a search that walks through names does.
BY_USER = {
    "finds": (
        "30 per minute; 300 per hour",
        (
            "pages.find_sent",
            "api.post_find",
            "looks.listed",
            "looks.report",
            "looks.report_pdf",
            "looks.deferred",
            "api.post_looks",
            "pages.shield_by_details_sent",
            "api.post_shield_by_details",
        ),
    ),
    "children opened": (
        "60 per minute; 600 per hour",
        (
            "pages.service_map",
            "api.get_service_map",
            "boundaries.shown",
            "api.get_boundaries",
            "export.taken",
            "own_looks.mine",
            "api.get_own_looks",
            "caseload.listed",
            "api.get_caseload",
            "pages.pair",
            "api.get_pair",
            # A form sent from a page shows that page again where it has faults.
            "pages.shield_asked",
            "broker.asked",
            "corrections.asked",
            "pages.pair_judged",
            "api.post_pair",
            "broker.introduction",
            "broker.answered",
            "api.get_introduction",
            "corrections.correction",
            "corrections.answered",
            "api.get_correction",
        ),
    ),
}
# Failures of one address, behind which may be a whole hospital; a user is locked after five besides.
FAILED, FAILURES = "60 per minute; 600 per hour", "failed sign-ins"
BY_ADDRESS = ("entry.sign_in_sent", "api.post_session", "entry.organisation_answered")


def slow_down(app: OpenAPI, counts: Counts) -> None:
    """Count what is asked at each of these addresses; counts: where all who serve count together."""
    # It would log each user and address that it slows down; the access record says it instead.
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)
    shared: dict[str, Any] = {"counts": counts}
    limiter = Limiter(
        _user,
        app=app,
        storage_uri=f"{SCHEME}://",
        storage_options=shared,
        headers_enabled=True,
    )
    for what, (most, endpoints) in BY_USER.items():
        told = partial(_tell, limiter, what)
        limit = limiter.shared_limit(most, scope=what, on_breach=told)
        _under(app, limit, endpoints)
    told = partial(_tell_of_address, limiter)
    limit = limiter.shared_limit(
        FAILED, scope=FAILURES, key_func=_address, deduct_when=_failed, on_breach=told
    )
    _under(app, limit, BY_ADDRESS)


def _under(app: OpenAPI, limit: Callable[..., Any], endpoints: Iterable[str]) -> None:
    for name in endpoints:
        app.view_functions[name] = limit(app.view_functions[name])


def _user() -> str:
    found = session.viewer()
    return found.id if found else _address()


def _address() -> str:
    return request.remote_addr or "-"


def _failed(response: Response) -> bool:
    return response.status_code == 401


def _tell(limiter: Limiter, what: str, limit: RequestLimit) -> None:
    """Leave a record of who was slowed down, once a minute; and once an hour their lead gets a message."""
    found, first = session.viewer(), limiter.storage.incr
    if found and first(f"told {what} {found.id}", 60) == 1:
        tells = first(f"sent {found.id}", 60 * 60) == 1
        desk().sessions.slowed(found, what, tells)


def _tell_of_address(limiter: Limiter, limit: RequestLimit) -> None:
    """Leave a record that an address was slowed down, once an hour; as often the broker gets a message."""
    first = limiter.storage.incr
    if first(f"told {FAILURES} {_address()}", 60 * 60) == 1:
        tells = first(f"sent {FAILURES}", 60 * 60) == 1
        desk().sessions.slowed_address(_address(), FAILURES, tells)

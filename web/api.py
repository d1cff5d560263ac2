"""The same questions for programs: JSON in and out, described in OpenAPI 3.1."""

from http import HTTPStatus
from typing import Any

from flask.typing import ResponseReturnValue
from flask_openapi3 import APIBlueprint
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import Unauthorized

from graph import (
    Confirmation,
    Confirmed,
    Directory,
    Found,
    Model,
    Pair,
    PairList,
    PairOf,
    Permission,
    Role,
    ServiceDirectory,
    ServiceMap,
    SourceList,
    SourceReports,
)
from web import session
from web.as_of import AsOf
from web.desk import desk
from web.errors import on_bad_input
from web.finding import FindBody
from web.judging import PairsQuery, VerdictBody
from web.pages import signed_in
from web.permission import needs, open_to_all

_PROBLEM = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
}
PROBLEMS: dict[str | int | HTTPStatus, Any] = {
    status: dict(_PROBLEM) for status in (400, 401, 403, 404, 422, 503)
}
api = APIBlueprint("api", __name__, url_prefix="/api", abp_responses=PROBLEMS)


class SignIn(Model):
    """Whom to sign in as, at a demo."""

    person: str


class Session(Model):
    """Who one is; csrf_token goes back in the header X-CSRFToken of every POST."""

    person: str | None
    name: str | None
    role: Role | None
    csrf_token: str


class ChildPath(Model):
    """A handle, as a search gave it to this viewer today."""

    handle: str


class PairPath(Model):
    """A handle, as a list of possible duplicates gave it to this viewer today."""

    handle: str


_INPUTS = (
    SignIn,
    ChildPath,
    FindBody,
    AsOf,
    PairPath,
    PairsQuery,
    VerdictBody,
    SourceReports,
    ServiceDirectory,
    Confirmation,
)


@api.get("/session", summary="Who am I?", responses={200: Session})
@open_to_all("it tells nobody more than who they are themselves")
def get_session() -> dict[str, Any]:
    """Who is signed in, and the token that every POST needs."""
    return _session()


@api.post("/session", summary="Sign in at a demo", responses={200: Session})
@open_to_all("it gives nothing but a session, and only to people of a demo")
def post_session(body: SignIn) -> dict[str, Any]:
    """Sign in as a person of the demo; there are none elsewhere."""
    if not session.sign_in(body.person):
        raise Unauthorized
    return _session()


def _session() -> dict[str, Any]:
    viewer = session.viewer()
    return _json(
        Session(
            person=viewer and viewer.id,
            name=viewer and viewer.name,
            role=viewer and viewer.role,
            csrf_token=generate_csrf(),
        )
    )


@api.post("/find", summary="Is this child known?", responses={200: Found})
@needs(Permission.FIND_CHILD)
def post_find(body: FindBody) -> dict[str, Any]:
    """By NHS number, or by any two of names, birth date and postcode, even misspelt; stating why."""
    viewer = body.stated_by(signed_in(session.viewer()))
    return _json(desk().graph.ask(viewer, body.question()))


@api.get(
    "/children/<handle>/service-map",
    summary="Who works or has worked with this child, and whom do I ring?",
    responses={200: ServiceMap},
)
@needs(Permission.SEE_SERVICE_MAP)
def get_service_map(path: ChildPath, query: AsOf) -> dict[str, Any]:
    """The service map of the child of this handle."""
    viewer = signed_in(session.viewer())
    return _json(desk().graph.ask(viewer, query.question(path.handle)))


@api.get("/sources", summary="Which sources send?", responses={200: SourceList})
@needs(Permission.SEE_SOURCES)
def get_sources(query: SourceReports) -> dict[str, Any]:
    """Silent ones first; each with its last load, and how that differs from the ones before."""
    return _json(desk().graph.ask(signed_in(session.viewer()), query))


@api.get("/services", summary="Whom to ring at an authority?", responses={200: Directory})
@needs(Permission.SEE_DIRECTORY)
def get_services(query: ServiceDirectory) -> dict[str, Any]:
    """A page of its services, with duty and out-of-hours lines, and who confirmed them when."""
    return _json(desk().graph.ask(signed_in(session.viewer()), query))


@api.post("/services/confirmed", summary="Are they right?", responses={200: Confirmed})
@needs(Permission.CONFIRM_CONTACT)
def post_confirmed(body: Confirmation) -> dict[str, Any]:
    """You checked the telephones of a service today, and they are right."""
    return _json(desk().graph.confirm(signed_in(session.viewer()), body))


@api.get("/duplicates", summary="Which children may be one?", responses={200: PairList})
@needs(Permission.JUDGE)
def get_duplicates(query: PairsQuery) -> dict[str, Any]:
    """A page of pairs, those most alike first, and nothing of who they are."""
    return _json(desk().graph.ask(signed_in(session.viewer()), query.question()))


@api.get("/duplicates/<handle>", summary="Who are the two of this pair?", responses={200: Pair})
@needs(Permission.JUDGE)
def get_pair(path: PairPath) -> dict[str, Any]:
    """Both sides, how they agree, and what was judged of them; no services."""
    return _json(desk().graph.ask(signed_in(session.viewer()), PairOf(pair=path.handle)))


@api.post("/duplicates/<handle>", summary="Are the two one child?", responses={200: Pair})
@needs(Permission.JUDGE)
def post_pair(path: PairPath, body: VerdictBody) -> dict[str, Any]:
    """Judge it: same, different or unsure; open takes it back. Nothing is lost by either."""
    viewer = signed_in(session.viewer())
    desk().graph.judge(viewer, body.on(path.handle))
    return _json(desk().graph.ask(viewer, PairOf(pair=path.handle)))


def _json(answer: BaseModel) -> dict[str, Any]:
    return answer.model_dump(mode="json", by_alias=True)


def refuse_bad_input(error: ValidationError) -> ResponseReturnValue:
    """What flask-openapi3 calls for input that does not fit."""
    return on_bad_input(error, _INPUTS)

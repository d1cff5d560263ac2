"""Every error becomes one page or one problem (RFC 9457), here and nowhere else.

Nothing of what was sent is repeated, and what goes to the log is where it broke, not on what.
"""

import traceback
from collections.abc import Sequence
from http import HTTPStatus

from flask import current_app, make_response, render_template, request
from flask.wrappers import Response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, TooManyRequests

from graph import BadQuestion, Model, NotVisible, SignpostError, explain
from web.limits import BY_ADDRESS
from web.moments import shows_nothing

SENTENCES = {
    400: "This page was open for too long, or was not sent from here. Load it again and repeat.",
    401: "Sign in first.",
    404: "There is no page at this address.",
    405: "This address does not take that kind of request.",
    413: "What was sent is too large.",
    429: "That was more than anybody needs in so short a time; your lead is told. Wait a minute, or ring the "
    "broker line.",
    503: "The database does not answer. Try again in a minute, or ring the broker line.",
}
SLOWED_ADDRESS = (
    "More sign-ins failed from where you are than anybody needs in so short a time; it is on record. "
    "Wait a minute, or ring the broker line."
)
BROKEN = "Something went wrong here. Try again in a minute, or ring the broker line."


class FaultyField(Model):
    """A field and what is wrong with it, without what was in it."""

    field: str
    sentence: str


class Problem(Model):
    """What went wrong, as RFC 9457 writes it."""

    type: str
    title: str
    status: int
    detail: str
    faults: Sequence[FaultyField] = ()


def on_error(error: Exception) -> Response:
    """Answer any error: a page to a person, a problem to a program."""
    if isinstance(error, (NotVisible, BadQuestion)):
        shows_nothing()
    problem = _problem(error)
    as_asked = _as_problem if request.path.startswith("/api/") else _as_page
    response = as_asked(problem)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def on_bad_input(error: ValidationError, kinds: Sequence[type[Model]]) -> Response:
    """Answer a request whose body or query does not fit the first of `kinds` that it names."""
    kind = next(kind for kind in kinds if kind.__name__ == error.title)
    faults = [
        FaultyField(field=name, sentence=sentence)
        if name in kind.model_fields or not name
        else FaultyField(field="", sentence="a field is not known here")
        for name, sentence in explain(error, kind)
    ]
    problem = _plain(422, "What was sent does not fit; `faults` says where.")
    return _as_problem(problem.model_copy(update={"faults": faults}))


def _problem(error: Exception) -> Problem:
    if isinstance(error, SignpostError) and error.status != 500:
        sentence = SENTENCES[503] if error.status == 503 else str(error)
        kind = f"urn:signpost:{type(error).__name__}"
        return _plain(error.status, sentence).model_copy(update={"type": kind})
    if isinstance(error, TooManyRequests) and request.endpoint in BY_ADDRESS:
        return _plain(429, SLOWED_ADDRESS)
    if isinstance(error, HTTPException) and error.code:
        return _plain(error.code, SENTENCES.get(error.code, BROKEN))
    _log(error)
    return _plain(500, BROKEN)


def _plain(status: int, sentence: str) -> Problem:
    title = HTTPStatus(status).phrase
    return Problem(type="about:blank", title=title, status=status, detail=sentence)


def _as_problem(problem: Problem) -> Response:
    shown = {"faults"} if not problem.faults else None
    response = make_response(problem.model_dump_json(exclude=shown), problem.status)
    response.mimetype = "application/problem+json"
    return response


def _as_page(problem: Problem) -> Response:
    return make_response(render_template("error.html", page=problem), problem.status)


def _log(error: Exception) -> None:
    """Write the kind of error and where it broke; its message may hold what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "site-packages" not in f.filename] or frames
    places = " <- ".join(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(own))
    current_app.logger.error("%s at %s", type(error).__name__, places)

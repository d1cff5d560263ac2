"""The pages of who looked at a child: for a steward or an auditor, and what the family is given.

Every one is the answer to a POST: the child's details stand in no address.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from graph import Deferrals, Looks, Permission, Viewer
from web import session
from web.desk import desk
from web.finding import FindForm
from web.looking import (
    UNSURE,
    AskLooksPage,
    DeferForm,
    LooksBody,
    LooksPage,
    details_in,
    is_sure,
)
from web.permission import may, needs
from web.report import FILE_NAME, Report

looks = Blueprint("looks", __name__, template_folder="templates")


@looks.get("/looks")
@needs(Permission.SEE_LOOKS)
def ask() -> str:
    """An empty form, and what is kept back."""
    return _form(FindForm.read({}))


@looks.post("/looks")
@needs(Permission.SEE_LOOKS)
def listed() -> ResponseReturnValue:
    """Who looked at the child, each look with what keeps it back."""
    form, found = _found(for_family=False)
    return _listed(form, found) if found else _refused(form)


@looks.post("/looks/deferred")
@needs(Permission.DEFER_LOOKS)
def deferred() -> ResponseReturnValue:
    """Keep a look back, or end that; and the list again."""
    viewer = session.known()
    sent = DeferForm.read(request.form).done(desk().graph, viewer)
    form, found = _found(for_family=False)
    if not found:
        return _refused(form)
    text = _listed(form, found, sent, done=not sent.faults)
    return text, 422 if sent.faults else 200


@looks.post("/looks/report")
@needs(Permission.SEE_LOOKS)
def report() -> ResponseReturnValue:
    """The report for the family, to read before it is given away."""
    return _for_family(_as_page)


@looks.post("/looks/report.pdf")
@needs(Permission.SEE_LOOKS)
def report_pdf() -> ResponseReturnValue:
    """The same as a file."""
    return _for_family(_as_file)


def _for_family(shown: Callable[[Report, FindForm], ResponseReturnValue]) -> ResponseReturnValue:
    form, found = _found(for_family=True)
    if not found:
        return _refused(form)
    if found.restricted:
        return _listed(form, found)
    return shown(Report(found, datetime.now(UTC), desk().settings.broker_line), form)


def _as_page(report: Report, form: FindForm) -> ResponseReturnValue:
    return _report(report, form)


def _report(report: Report, form: FindForm, fault: str = "") -> str:
    origin = session.origin()
    return render_template("looks_report.html", page=report, form=form, origin=origin, fault=fault)


def _as_file(report: Report, form: FindForm) -> ResponseReturnValue:
    if not session.prove(request.form.get("code", "")):
        return _report(report, form, session.NEEDS_CODE), 422
    answer = make_response(report.pdf())
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f"attachment; filename={FILE_NAME}"
    return answer


def _found(for_family: bool) -> tuple[FindForm, Looks | None]:
    """The form as it was sent, and what was found; None where it is of nobody beyond doubt."""
    viewer = session.known()
    form, body, _ = details_in(request.form).checked(viewer)
    if body is None:
        return form, None
    details = {name: getattr(body, name) for name in body.model_fields_set}
    question = LooksBody.model_construct(**details, for_family=for_family).question()
    found = desk().graph.ask(viewer, question)
    return form, found if is_sure(found) else None


def _listed(form: FindForm, found: Looks, sent: DeferForm | None = None, done: bool = False) -> str:
    viewer = session.known()
    may_defer = may(viewer, Permission.DEFER_LOOKS)
    page = LooksPage(form, found, may_defer, sent or DeferForm(), done)
    return render_template("looks.html", page=page)


def _refused(form: FindForm) -> ResponseReturnValue:
    return _form(form, "" if form.faults else UNSURE), 422


def _form(form: FindForm, said: str = "") -> str:
    viewer: Viewer = session.known()
    waiting = desk().graph.ask(viewer, Deferrals())
    return render_template("looks_ask.html", page=AskLooksPage(form, waiting, said))

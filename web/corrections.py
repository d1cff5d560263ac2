"""The pages of corrections: reporting that something is wrong, what came of it, and who sees to it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graph import AnswerCorrection, CorrectionOf, Corrections, OwnCorrections, Permission
from web import session
from web.asked import Asked
from web.correcting import CorrectionPage, CorrectionsPage, reported
from web.desk import desk
from web.map_page import map_again
from web.permission import needs

corrections = Blueprint("corrections", __name__, template_folder="templates")


@corrections.post("/children/<handle>/corrections")
@needs(Permission.ASK_CORRECTION)
def asked(handle: str) -> ResponseReturnValue:
    """Report it; or the map again, with what is wrong with the report."""
    form = reported(request.form, handle)
    if form.question is None or form.faults:
        return map_again(handle, correction=form)
    found = desk().graph.ask(session.known(), form.question)
    return render_template("correction_asked.html", page=found)


@corrections.get("/corrections/mine")
@needs(Permission.ASK_CORRECTION)
def mine() -> str:
    """One's own reports, and what came of them."""
    found = desk().graph.ask(session.known(), OwnCorrections())
    return render_template("own_corrections.html", page=found)


@corrections.get("/corrections")
@needs(Permission.CORRECT)
def listed() -> str:
    """What waits to be put right."""
    found = desk().graph.ask(session.known(), Corrections())
    page = CorrectionsPage(found, request.args.get("done", ""))
    return render_template("corrections.html", page=page)


@corrections.get("/corrections/<handle>")
@needs(Permission.CORRECT)
def correction(handle: str) -> ResponseReturnValue:
    """What is wrong, about whom, and which source to ring."""
    return _shown(handle, Asked(None))


@corrections.post("/corrections/<handle>")
@needs(Permission.CORRECT)
def answered(handle: str) -> ResponseReturnValue:
    """Note what the source said; or say what is wrong."""
    form = Asked.read(AnswerCorrection, {**request.form, "correction": handle})
    if form.question is None or form.faults:
        return _shown(handle, form)
    found = desk().graph.ask(session.known(), form.question)
    return redirect(url_for("corrections.listed", done=found.said.name.lower()), code=303)


def _shown(handle: str, form: Asked[AnswerCorrection]) -> ResponseReturnValue:
    found = desk().graph.ask(session.known(), CorrectionOf(correction=handle))
    page = CorrectionPage(found, form)
    return render_template("correction.html", page=page), 422 if page.faults else 200

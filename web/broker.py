"""The broker's pages: asking to be connected, what came of it, and the queue of who answers."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graph import (
    AnswerIntroduction,
    AskBroker,
    BrokerQueue,
    IntroductionOf,
    OwnIntroductions,
    Permission,
)
from web import session
from web.asked import Asked
from web.desk import desk
from web.map_page import map_again
from web.page_models import BrokeredPage, BrokerPage
from web.permission import needs

broker = Blueprint("broker", __name__, template_folder="templates")


@broker.post("/children/<handle>/broker")
@needs(Permission.ASK_BROKER)
def asked(handle: str) -> ResponseReturnValue:
    """Ask the broker; or the map again, with what is wrong."""
    form = Asked.read(AskBroker, {**request.form, "child": handle})
    if form.question is None or form.faults:
        return map_again(handle, broker=form)
    found = desk().graph.ask(session.known(), form.question)
    return render_template("broker_asked.html", page=found)


@broker.get("/introductions")
@needs(Permission.ASK_BROKER)
def introductions() -> str:
    """One's own requests, and whom to ring where they agreed."""
    found = desk().graph.ask(session.known(), OwnIntroductions())
    return render_template("introductions.html", page=found)


@broker.get("/broker")
@needs(Permission.BROKER)
def queue() -> str:
    """Who waits to be connected."""
    found = desk().graph.ask(session.known(), BrokerQueue())
    return render_template("broker.html", page=BrokerPage(found, request.args.get("done", "")))


@broker.get("/broker/<handle>")
@needs(Permission.BROKER)
def introduction(handle: str) -> ResponseReturnValue:
    """Both sides of one, and what to say to whom."""
    return _shown(handle, Asked(None))


@broker.post("/broker/<handle>")
@needs(Permission.BROKER)
def answered(handle: str) -> ResponseReturnValue:
    """Note what they said; or say what is wrong."""
    form = Asked.read(AnswerIntroduction, {**request.form, "introduction": handle})
    if form.question is None or form.faults:
        return _shown(handle, form)
    found = desk().graph.ask(session.known(), form.question)
    done = found.said.value.replace(" ", "-")
    return redirect(url_for("broker.queue", done=done), code=303)


def _shown(handle: str, form: Asked[AnswerIntroduction]) -> ResponseReturnValue:
    found = desk().graph.ask(session.known(), IntroductionOf(introduction=handle))
    faulty = bool(form.texts)
    return render_template("introduction.html", page=BrokeredPage(found, form)), (
        422 if faulty else 200
    )

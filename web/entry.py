"""The way in and out: signing in by password and code, through an organisation, or at a demo."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graph import NotSignedIn, Origin
from web import organisation, session
from web.desk import desk
from web.page_models import SignInPage
from web.permission import open_to_all

entry = Blueprint("entry", __name__, template_folder="templates")
_WHO = "Choose a person, or write your user name."


def come_in(person: str, user: str, password: str, code: str) -> str:
    """Sign in a person of the demo, or a user; what their cookie is to hold.

    Raises NotSignedIn where nobody is chosen or something does not fit.
    """
    if user:
        return desk().sessions.sign_in(user, password, code)
    chosen = desk().people.get(person)
    if chosen is None:
        raise NotSignedIn(_WHO)
    return desk().sessions.bring(chosen, Origin.DEMO, f"demo {person}")


@entry.get("/sign-in")
@open_to_all("nobody can have signed in before")
def sign_in() -> str:
    """Who may sign in, and by what."""
    return _page()


@entry.post("/sign-in")
@open_to_all("it gives nothing but a session, to who proves who they are, and to people of a demo")
def sign_in_sent() -> ResponseReturnValue:
    """Sign in by password and code, or as a person of the demo."""
    sent = [request.form.get(name, "") for name in ("person", "user", "password", "code")]
    try:
        session.enter(come_in(*sent))
    except NotSignedIn as refused:
        return _page(str(refused), sent[1]), refused.status
    return redirect(url_for("pages.start"), code=303)


@entry.get("/sign-in/organisation")
@open_to_all("it only leads to the organisation's own page")
def organisation_asked() -> ResponseReturnValue:
    """To the organisation's page; again: to prove oneself anew there."""
    return organisation.ask("again" in request.args)


@entry.get("/sign-in/back")
@open_to_all("it gives nothing but a session, to whom the organisation has signed in")
def organisation_answered() -> ResponseReturnValue:
    """Back from the organisation's page."""
    try:
        session.enter(organisation.come_in())
    except NotSignedIn as refused:
        return _page(str(refused)), refused.status
    return redirect(url_for("pages.start"), code=303)


@entry.post("/sign-out")
@open_to_all("it only ends one's own session")
def sign_out() -> ResponseReturnValue:
    """Sign out."""
    session.sign_out()
    return redirect(url_for("entry.sign_in"), code=303)


def _page(fault: str = "", user: str = "") -> str:
    people = list(desk().people.values())
    page = SignInPage(people, bool(desk().settings.oidc_issuer), fault, user)
    return render_template("sign_in.html", page=page)

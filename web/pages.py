"""The pages: each view asks one question and shows one template."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graph import (
    BreakGlassUses,
    Confirmation,
    DatabaseAway,
    NotAllowed,
    PairOf,
    Permission,
    PossibleDuplicates,
    ServiceDirectory,
    SourceReports,
    Viewer,
)
from web import session
from web.as_of import AsOfForm
from web.asked import Asked
from web.desk import desk
from web.finding import FindForm, find_or_say
from web.judging import PairsQuery, judge
from web.listing import DirectoryPage, SourcesPage
from web.page_models import (
    FindPage,
    FoundPage,
    MapPage,
    PairPage,
    PairsPage,
    SignInPage,
    StartPage,
)
from web.permission import may, needs, open_to_all

pages = Blueprint("pages", __name__, template_folder="templates")


def signed_in(viewer: Viewer | None) -> Viewer:
    """The viewer whom check_access has let through."""
    if viewer is None:
        raise NotAllowed("Sign in first.")
    return viewer


@pages.get("/")
@needs(Permission.SEE_SOURCES)
def start() -> str:
    """Where one begins; who may sees where break-glass was used, or how many pairs wait."""
    viewer = signed_in(session.viewer())
    ask = desk().graph.ask
    uses = ask(viewer, BreakGlassUses()) if may(viewer, Permission.SEE_BREAK_GLASS) else None
    pairs = ask(viewer, PossibleDuplicates()) if may(viewer, Permission.JUDGE) else None
    waiting = pairs.counts[pairs.judgement.value] if pairs else None
    page = StartPage(viewer, may(viewer, Permission.FIND_CHILD), uses, waiting)
    return render_template("start.html", page=page)


@pages.get("/sign-in")
@open_to_all("nobody can have signed in before")
def sign_in() -> str:
    """Who may sign in."""
    return _sign_in_page()


@pages.post("/sign-in")
@open_to_all("it gives nothing but a session, and only to people of a demo")
def sign_in_sent() -> ResponseReturnValue:
    """Sign in as a person of the demo."""
    if session.sign_in(request.form.get("person", "")):
        return redirect(url_for("pages.start"), code=303)
    return _sign_in_page("Choose a person to sign in as."), 422


def _sign_in_page(fault: str = "") -> str:
    people = list(desk().people.values())
    return render_template("sign_in.html", page=SignInPage(bool(people), people, fault))


@pages.post("/sign-out")
@open_to_all("it only ends one's own session")
def sign_out() -> ResponseReturnValue:
    """Sign out."""
    session.sign_out()
    return redirect(url_for("pages.sign_in"), code=303)


@pages.get("/find")
@needs(Permission.FIND_CHILD)
def find() -> str:
    """An empty form."""
    return render_template("find.html", page=_find_page(FindForm.read({})))


@pages.post("/find")
@needs(Permission.FIND_CHILD)
def find_sent() -> ResponseReturnValue:
    """The answer, on the same address; or the form filled in, or with what is wrong."""
    form = FindForm.read(request.form)
    if "fill" in request.form:
        return render_template("find.html", page=_find_page(form))
    form, body, viewer = form.checked(signed_in(session.viewer()))
    if body is None:
        return render_template("find.html", page=_find_page(form)), 422
    found = find_or_say(desk().graph, viewer, body.question(), desk().settings.broker_line)
    page = FoundPage(viewer, form, found)
    return render_template("found.html", page=page), 503 if page.away else 200


def _find_page(form: FindForm) -> FindPage:
    return FindPage(signed_in(session.viewer()), form, desk().examples)


@pages.get("/children/<handle>")
@needs(Permission.SEE_SERVICE_MAP)
def service_map(handle: str) -> ResponseReturnValue:
    """Who works or has worked with this child, and whom to ring."""
    form, as_of = AsOfForm.read(request.args)
    viewer = signed_in(session.viewer())
    shown = desk().graph.ask(viewer, as_of.question(handle))
    page = MapPage(shown, as_of, form)
    return render_template("service_map.html", page=page), 422 if form.faults else 200


@pages.get("/sources")
@needs(Permission.SEE_SOURCES)
def sources() -> ResponseReturnValue:
    """Which sources send, which are silent, and whose last extract is not as the ones before."""
    form = Asked.read(SourceReports, request.args)
    found = desk().graph.ask(signed_in(session.viewer()), form.question or SourceReports())
    page = SourcesPage(found, form)
    return render_template("sources.html", page=page), 422 if form.faults else 200


@pages.get("/services")
@needs(Permission.SEE_DIRECTORY)
def services() -> ResponseReturnValue:
    """The services of an authority, one's own where none is named: whom to ring, who checked."""
    viewer = signed_in(session.viewer())
    own = {"authority": viewer.authority or "", **request.args}
    form = Asked.read(ServiceDirectory, own) if own["authority"] or request.args else Asked(None)
    found = desk().graph.ask(viewer, form.question) if form.question else None
    may_confirm = may(viewer, Permission.CONFIRM_CONTACT)
    page = DirectoryPage(viewer, form, found, may_confirm, request.args.get("confirmed", ""))
    return render_template("services.html", page=page), 422 if form.faults else 200


@pages.post("/services")
@needs(Permission.CONFIRM_CONTACT)
def contact_confirmed() -> ResponseReturnValue:
    """The telephones of a service are right; back to the page where it stands."""
    service = request.form.get("service", "")
    desk().graph.confirm(signed_in(session.viewer()), Confirmation(service=service))
    form = Asked.read(ServiceDirectory, request.form)
    back = form.address(confirmed=service, page=form.texts["page"] or None)
    return redirect(url_for("pages.services", **back), code=303)


@pages.get("/duplicates")
@needs(Permission.JUDGE)
def duplicates() -> str:
    """Which children may be one, or were judged so."""
    question = PairsQuery.read(request.args).question()
    pairs = desk().graph.ask(signed_in(session.viewer()), question)
    return render_template("duplicates.html", page=PairsPage(pairs))


@pages.get("/duplicates/<handle>")
@needs(Permission.JUDGE)
def pair(handle: str) -> str:
    """The two of a pair, side by side, and what was judged of them."""
    page = _pair_page(handle, recorded="recorded" in request.args)
    return render_template("pair.html", page=page)


@pages.post("/duplicates/<handle>")
@needs(Permission.JUDGE)
def pair_judged(handle: str) -> ResponseReturnValue:
    """Judge it, and go back to it; or say what is wrong."""
    viewer = signed_in(session.viewer())
    fault = judge(desk().graph, viewer, handle, request.form.get("verdict", ""))
    if fault:
        return render_template("pair.html", page=_pair_page(handle, fault)), 422
    return redirect(url_for("pages.pair", handle=handle, recorded="yes"), code=303)


def _pair_page(handle: str, fault: str = "", recorded: bool = False) -> PairPage:
    viewer = signed_in(session.viewer())
    return PairPage(viewer, desk().graph.ask(viewer, PairOf(pair=handle)), fault, recorded)


@pages.get("/health")
@open_to_all("it says ok or not, and nothing else")
def health() -> ResponseReturnValue:
    """Whether Neo4j answers."""
    try:
        desk().graph.check()
    except DatabaseAway:
        return "no answer from Neo4j\n", 503, {"Content-Type": "text/plain"}
    return "ok\n", 200, {"Content-Type": "text/plain"}

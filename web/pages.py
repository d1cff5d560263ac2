"""The pages: each view asks one question and shows one template."""

from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graph import (
    BadQuestion,
    BreakGlassUses,
    BrokerQueue,
    CallsMade,
    CaseloadCount,
    CaseloadNews,
    Confirmation,
    Corrections,
    DatabaseAway,
    MisuseSigns,
    NoteCall,
    PairOf,
    Permission,
    PossibleDuplicates,
    ReviewShield,
    ServiceDirectory,
    ShieldByDetails,
    ShieldChild,
    Shields,
    SourceReports,
    UnexplainedUses,
    Viewer,
)
from web import session
from web.as_of import AsOfForm
from web.asked import Asked
from web.desk import desk
from web.explaining import ExplainPage, ExplanationBody
from web.finding import FindForm, find_or_say
from web.judging import PairsQuery, judge
from web.listing import DirectoryPage, MisusePage, SourcesPage
from web.looking import UNSURE, details_in
from web.map_page import MapPage, map_again
from web.page_models import (
    FindPage,
    FoundPage,
    PairPage,
    PairsPage,
    ShieldDetailsPage,
    ShieldsPage,
    StartPage,
    UsersPage,
)
from web.permission import may, needs, open_to_all

pages = Blueprint("pages", __name__, template_folder="templates")


@pages.get("/")
@needs(Permission.SEE_SOURCES)
def start() -> str:
    """Where one begins, with what waits for whoever looks, as far as their role may see it."""
    viewer = session.known()
    ask = desk().graph.ask
    uses = ask(viewer, BreakGlassUses()) if may(viewer, Permission.SEE_BREAK_GLASS) else None
    pairs = ask(viewer, PossibleDuplicates()) if may(viewer, Permission.JUDGE) else None
    calls = ask(viewer, CallsMade()) if may(viewer, Permission.SEE_CALLS) else None
    queue = ask(viewer, BrokerQueue()) if may(viewer, Permission.BROKER) else None
    wrong = ask(viewer, Corrections()) if may(viewer, Permission.CORRECT) else None
    page = StartPage(
        viewer=viewer,
        may_find=may(viewer, Permission.FIND_CHILD),
        uses=uses,
        to_judge=pairs.counts[pairs.judgement.value] if pairs else None,
        to_connect=len(queue.waiting) if queue else None,
        to_correct=len(wrong.waiting) if wrong else None,
        calls=calls,
        mine=ask(viewer, UnexplainedUses()).uses if may(viewer, Permission.EXPLAIN) else (),
        explained="explained" in request.args,
        children=_news(viewer),
    )
    return render_template("start.html", page=page)


def _news(viewer: Viewer) -> CaseloadCount | None:
    """Of the children with whom their service works; None without such a list, or where it takes too long."""
    if viewer.service is None or not may(viewer, Permission.SEE_CASELOAD):
        return None
    with suppress(DatabaseAway):
        return desk().graph.ask(viewer, CaseloadNews())
    return None


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
    form, body, viewer = form.checked(session.known())
    if body and body.emergency and not session.prove(request.form.get("code", "")):
        form, body = form.without_proof(), None
    if body is None:
        return render_template("find.html", page=_find_page(form)), 422
    found = find_or_say(desk().graph, viewer, body.question(), desk().settings.broker_line)
    page = FoundPage(viewer, form, found)
    return render_template("found.html", page=page), 503 if page.away else 200


def _find_page(form: FindForm) -> FindPage:
    return FindPage(session.known(), session.origin(), form, desk().examples)


@pages.get("/children/<handle>")
@needs(Permission.SEE_SERVICE_MAP)
def service_map(handle: str) -> ResponseReturnValue:
    """Who works or has worked with this child, and whom to ring."""
    form, as_of = AsOfForm.read(request.args)
    viewer = session.known()
    shown = desk().graph.ask(viewer, as_of.question(handle))
    page = MapPage(shown, as_of, form, called=request.args.get("called", ""))
    return render_template("service_map.html", page=page), 422 if form.faults else 200


@pages.post("/children/<handle>/calls")
@needs(Permission.NOTE_CALL)
def called(handle: str) -> ResponseReturnValue:
    """Note what came of ringing a contact, and show the map again."""
    form = Asked.read(NoteCall, {**request.form, "child": handle})
    if form.question is None:
        raise BadQuestion("Say whom you rang, and what came of it.")
    noted = desk().graph.ask(session.known(), form.question)
    said = noted.call.value.replace(" ", "-")
    return redirect(url_for("pages.service_map", handle=handle, called=said, _anchor="ring"), 303)


@pages.post("/children/<handle>/shield")
@needs(Permission.ASK_SHIELD)
def shield_asked(handle: str) -> ResponseReturnValue:
    """Shield this child; or the map again, with what is wrong."""
    form = Asked.read(ShieldChild, {**request.form, "child": handle})
    if form.question is None or form.faults:
        return map_again(handle, shield=form)
    asked = desk().graph.ask(session.known(), form.question)
    return render_template("shielded.html", page=asked)


@pages.get("/shields")
@needs(Permission.REVIEW_SHIELD)
def shields() -> str:
    """Shields that people asked for, the next review first."""
    found = desk().graph.ask(session.known(), Shields())
    return render_template("shields.html", page=ShieldsPage(found, request.args.get("done", "")))


@pages.post("/shields")
@needs(Permission.REVIEW_SHIELD)
def shield_reviewed() -> ResponseReturnValue:
    """Keep a shield, or lift it."""
    form = Asked.read(ReviewShield, request.form)
    if form.question is None:
        raise BadQuestion("Choose to keep the shield or to lift it.")
    reviewed = desk().graph.ask(session.known(), form.question)
    done = "lifted" if reviewed.lifted else "waits" if reviewed.waits else "kept"
    return redirect(url_for("pages.shields", done=done), code=303)


@pages.get("/shields/child")
@needs(Permission.REVIEW_SHIELD)
def shield_by_details() -> str:
    """An empty form: whom to shield, and why."""
    page = ShieldDetailsPage(FindForm.read({}), Asked(None))
    return render_template("shield_details.html", page=page)


@pages.post("/shields/child")
@needs(Permission.REVIEW_SHIELD)
def shield_by_details_sent() -> ResponseReturnValue:
    """Shield the one child of these details; or say what is wrong."""
    form, body, viewer = details_in(request.form).checked(session.known())
    why = Asked.read(ShieldChild, {**request.form, "child": "-"})
    said = ""
    if body and why.question and not why.faults:
        reason, reference = why.question.reason, why.question.reference
        question = ShieldByDetails(of=body.question(), reason=reason, reference=reference)
        found = desk().graph.ask(viewer, question)
        if found.review_by:
            done = "marked" if found.marked else "shielded"
            return redirect(url_for("pages.shields", done=done), code=303)
        said = UNSURE
    page = ShieldDetailsPage(form, why, said)
    return render_template("shield_details.html", page=page), 422


@pages.get("/break-glass/<handle>")
@needs(Permission.EXPLAIN)
def explain(handle: str) -> ResponseReturnValue:
    """One's own use of break-glass, to explain; to the start page where it waits no longer."""
    return _explain_page(handle, Asked(None))


@pages.post("/break-glass/<handle>")
@needs(Permission.EXPLAIN)
def explain_sent(handle: str) -> ResponseReturnValue:
    """Record what came of it, and go to the start page; or say what is wrong."""
    form = Asked.read(ExplanationBody, request.form)
    if form.question is None:
        return _explain_page(handle, form)
    desk().graph.explain(session.known(), form.question.of(handle))
    return redirect(url_for("pages.start", explained="yes"), code=303)


def _explain_page(handle: str, form: Asked[ExplanationBody]) -> ResponseReturnValue:
    question = UnexplainedUses(use=handle)
    uses = desk().graph.ask(session.known(), question).uses
    if not uses:
        return redirect(url_for("pages.start"), code=303)
    page = ExplainPage(uses[0], form)
    return render_template("explain.html", page=page), 422 if form.faults else 200


@pages.get("/misuse")
@needs(Permission.SEE_MISUSE)
def misuse() -> ResponseReturnValue:
    """Signs that somebody looked where they had no business to: counts with a reason, never of whom."""
    form = Asked.read(MisuseSigns, request.args)
    found = desk().graph.ask(session.known(), form.question or MisuseSigns())
    page = MisusePage(found, form)
    return render_template("misuse.html", page=page), 422 if form.faults else 200


@pages.get("/sources")
@needs(Permission.SEE_SOURCES)
def sources() -> ResponseReturnValue:
    """Which sources send, which are silent, and whose last extract is not as the ones before."""
    form = Asked.read(SourceReports, request.args)
    found = desk().graph.ask(session.known(), form.question or SourceReports())
    page = SourcesPage(found, form)
    return render_template("sources.html", page=page), 422 if form.faults else 200


@pages.get("/services")
@needs(Permission.SEE_DIRECTORY)
def services() -> ResponseReturnValue:
    """The services of an authority, one's own where none is named: whom to ring, who checked."""
    viewer = session.known()
    own = {"authority": viewer.authority or "", **request.args}
    form = Asked.read(ServiceDirectory, own) if own["authority"] or request.args else Asked(None)
    found = desk().graph.ask(viewer, form.question) if form.question else None
    confirms = may(viewer, Permission.CONFIRM_CONTACT)
    page = DirectoryPage(viewer, form, found, confirms, request.args.get("confirmed", ""))
    return render_template("services.html", page=page), 422 if form.faults else 200


@pages.post("/services")
@needs(Permission.CONFIRM_CONTACT)
def contact_confirmed() -> ResponseReturnValue:
    """The telephones of a service are right; back to the page where it stands."""
    service = request.form.get("service", "")
    desk().graph.confirm(session.known(), Confirmation(service=service))
    form = Asked.read(ServiceDirectory, request.form)
    back = form.address(confirmed=service, page=form.texts["page"] or None)
    return redirect(url_for("pages.services", **back), code=303)


@pages.get("/duplicates")
@needs(Permission.JUDGE)
def duplicates() -> str:
    """Which children may be one, or were judged so."""
    question = PairsQuery.read(request.args).question()
    pairs = desk().graph.ask(session.known(), question)
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
    viewer = session.known()
    fault = judge(desk().graph, viewer, handle, request.form.get("verdict", ""))
    if fault:
        return render_template("pair.html", page=_pair_page(handle, fault)), 422
    return redirect(url_for("pages.pair", handle=handle, recorded="yes"), code=303)


def _pair_page(handle: str, fault: str = "", recorded: bool = False) -> PairPage:
    viewer = session.known()
    return PairPage(viewer, desk().graph.ask(viewer, PairOf(pair=handle)), fault, recorded)


@pages.get("/users")
@needs(Permission.CONFIRM_ACCESS)
def users() -> str:
    """Who may sign in, those whose access wants to be confirmed first."""
    page = UsersPage(desk().accounts.listed(session.known()), request.args.get("done", ""))
    return render_template("users.html", page=page)


@pages.post("/users")
@needs(Permission.CONFIRM_ACCESS)
def users_decided() -> ResponseReturnValue:
    """Confirm somebody's access, or end it."""
    ends, user = "end" in request.form, request.form.get("user", "")
    decide = desk().accounts.end if ends else desk().accounts.confirm
    decide(session.known(), user)
    done = "ended" if ends else "confirmed"
    return redirect(url_for("pages.users", done=done), code=303)


@pages.get("/health")
@open_to_all("it says ok or not, and nothing else")
def health() -> ResponseReturnValue:
    """Whether Neo4j answers, and takes what is written."""
    try:
        desk().graph.check()
    except DatabaseAway:
        return "the database cannot be used\n", 503, {"Content-Type": "text/plain"}
    return "ok\n", 200, {"Content-Type": "text/plain"}

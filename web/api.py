"""The same questions for programs: JSON in and out, described in OpenAPI 3.1."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_openapi3 import APIBlueprint
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel, ValidationError

from graph import (
    AnswerCorrection,
    AnswerIntroduction,
    AskBroker,
    AskCorrection,
    BadQuestion,
    Boundaries,
    BoundariesOf,
    BrokerAsked,
    Brokered,
    BrokerList,
    BrokerQueue,
    Called,
    CallFigures,
    CallsMade,
    Caseload,
    CaseloadList,
    Confirmation,
    Confirmed,
    Corrected,
    CorrectionAsked,
    CorrectionList,
    CorrectionOf,
    Corrections,
    Corrigible,
    Deferral,
    DeferralList,
    Deferrals,
    Directory,
    Found,
    Introduced,
    IntroductionList,
    IntroductionOf,
    Looks,
    MisuseList,
    MisuseSigns,
    NoteCall,
    OwnCorrections,
    OwnIntroductions,
    OwnLookList,
    OwnLooks,
    Pair,
    PairList,
    PairOf,
    Permission,
    Reviewed,
    ReviewShield,
    ServiceDirectory,
    ServiceMap,
    ShieldAsked,
    ShieldChild,
    ShieldedByDetails,
    ShieldList,
    Shields,
    SourceList,
    SourceReports,
    ToCorrectList,
    UnexplainedUses,
    UsesToExplain,
)
from web import session
from web.api_models import (
    INPUTS,
    PROBLEMS,
    BrokerBody,
    CallBody,
    ChildPath,
    CorrectionBody,
    CorrectionPath,
    IntroductionPath,
    PairPath,
    Session,
    ShieldBody,
    ShieldDetailsBody,
    SignIn,
    UsePath,
    UserBody,
    UserList,
)
from web.as_of import AsOf
from web.desk import desk
from web.entry import come_in
from web.errors import on_bad_input
from web.explaining import ExplanationBody
from web.finding import NEEDS_PROOF, FindBody, find_child
from web.judging import PairsQuery, VerdictBody
from web.looking import LooksBody
from web.permission import needs, open_to_all

SESSION = "session"
_OR_NONE: list[dict[str, list[Any]]] = [{}]
api = APIBlueprint(
    "api",
    __name__,
    url_prefix="/api",
    abp_responses=PROBLEMS,
    abp_security=[{SESSION: []}],
)


@api.get("/session", summary="Who am I?", responses={200: Session}, security=_OR_NONE)
@open_to_all("it tells nobody more than who they are themselves")
def get_session() -> dict[str, Any]:
    """Who is signed in, and the token that every POST needs."""
    return _session()


@api.post("/session", summary="Sign in", responses={200: Session}, security=_OR_NONE)
@open_to_all("it gives nothing but a session, to who proves who they are, and to people of a demo")
def post_session(body: SignIn) -> dict[str, Any]:
    """Sign in by password and one-time code; at a demo as one of its people."""
    session.enter(come_in(body.person, body.user, body.password, body.code))
    return _session()


@api.delete("/session", summary="Sign out", responses={200: Session}, security=_OR_NONE)
@open_to_all("it only ends one's own session")
def delete_session() -> dict[str, Any]:
    """Sign out."""
    session.sign_out()
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
    viewer = body.stated_by(session.known())
    if body.emergency and not session.prove(body.code or ""):
        raise BadQuestion(NEEDS_PROOF)
    return _json(find_child(desk().graph, viewer, body.question()))


@api.get(
    "/children/<handle>/service-map",
    summary="Who works or has worked with this child, and whom do I ring?",
    responses={200: ServiceMap},
)
@needs(Permission.SEE_SERVICE_MAP)
def get_service_map(path: ChildPath, query: AsOf) -> dict[str, Any]:
    """The service map of the child of this handle."""
    viewer = session.known()
    return _json(desk().graph.ask(viewer, query.question(path.handle)))


@api.get(
    "/children/<handle>/boundaries",
    summary="Which boundaries are crossed, and whom do I ring on either side?",
    responses={200: Boundaries},
)
@needs(Permission.SEE_SERVICE_MAP)
def get_boundaries(path: ChildPath, query: AsOf) -> dict[str, Any]:
    """Both sides of each boundary on the service map of this handle's child, and the map."""
    question = BoundariesOf(of=query.question(path.handle))
    return _json(desk().graph.ask(session.known(), question))


@api.get("/caseload", summary="Who are ours, and what changed?", responses={200: CaseloadList})
@needs(Permission.SEE_CASELOAD)
def get_caseload() -> dict[str, Any]:
    """The children with whom your service works, and what changed since you last looked before today."""
    return _json(desk().graph.ask(session.known(), Caseload()))


@api.post("/children/<handle>/shield", summary="Shield", responses={200: ShieldAsked})
@needs(Permission.ASK_SHIELD)
def post_shield(path: ChildPath, body: ShieldBody) -> dict[str, Any]:
    """From now on the child is found by exact identity only, and shows nothing; a steward reviews it."""
    question = ShieldChild(child=path.handle, reason=body.reason, reference=body.reference)
    return _json(desk().graph.ask(session.known(), question))


@api.get("/shields", summary="Which are due for review?", responses={200: ShieldList})
@needs(Permission.REVIEW_SHIELD)
def get_shields() -> dict[str, Any]:
    """Shields that people asked for, the next review first, and nothing of which child."""
    return _json(desk().graph.ask(session.known(), Shields()))


@api.post("/shields", summary="Keep one, or lift it", responses={200: Reviewed})
@needs(Permission.REVIEW_SHIELD)
def post_shields(body: ReviewShield) -> dict[str, Any]:
    """Keep it for 20 working days more; or lift it, once another steward asks for that, too."""
    return _json(desk().graph.ask(session.known(), body))


@api.post("/children/<handle>/calls", summary="I rang", responses={200: Called})
@needs(Permission.NOTE_CALL)
def post_call(path: ChildPath, body: CallBody) -> dict[str, Any]:
    """Note what came of ringing a contact of the map; a wrong number reaches the stewards."""
    question = NoteCall(child=path.handle, contact=body.contact, call=body.call)
    return _json(desk().graph.ask(session.known(), question))


@api.get("/calls", summary="What came of calls?", responses={200: CallFigures})
@needs(Permission.SEE_CALLS)
def get_calls(query: CallsMade) -> dict[str, Any]:
    """How many reached somebody, and how long after the child was found; counts only."""
    return _json(desk().graph.ask(session.known(), query))


@api.post("/children/<handle>/broker", summary="Connect me", responses={200: BrokerAsked})
@needs(Permission.ASK_BROKER)
def post_broker(path: ChildPath, body: BrokerBody) -> dict[str, Any]:
    """Ask the broker to connect you with who works with this child and is withheld from you."""
    question = AskBroker(child=path.handle, telephone=body.telephone, reference=body.reference)
    return _json(desk().graph.ask(session.known(), question))


@api.get("/introductions", summary="What came of it?", responses={200: IntroductionList})
@needs(Permission.ASK_BROKER)
def get_introductions() -> dict[str, Any]:
    """Your own requests to the broker; whom to ring, where they agreed."""
    return _json(desk().graph.ask(session.known(), OwnIntroductions()))


@api.get("/broker", summary="Who waits to be connected?", responses={200: BrokerList})
@needs(Permission.BROKER)
def get_broker() -> dict[str, Any]:
    """The broker's queue, the oldest first, and nothing of which child."""
    return _json(desk().graph.ask(session.known(), BrokerQueue()))


@api.get("/broker/<handle>", summary="Who seeks whom?", responses={200: Brokered})
@needs(Permission.BROKER)
def get_introduction(path: IntroductionPath) -> dict[str, Any]:
    """Both sides and the child, for the broker alone."""
    return _json(desk().graph.ask(session.known(), IntroductionOf(introduction=path.handle)))


@api.post("/shields/child", summary="Shield by details", responses={200: ShieldedByDetails})
@needs(Permission.REVIEW_SHIELD)
def post_shield_by_details(body: ShieldDetailsBody) -> dict[str, Any]:
    """Shield the one child of these details; what a source marked can then be lifted, too."""
    return _json(desk().graph.ask(session.known(), body.question()))


@api.post("/broker", summary="What did they say?", responses={200: Introduced})
@needs(Permission.BROKER)
def post_introduction(body: AnswerIntroduction) -> dict[str, Any]:
    """They agree, with the telephone to ring; they do not; or nobody was reached, and it waits on."""
    return _json(desk().graph.ask(session.known(), body))


@api.post("/children/<handle>/corrections", summary="It is wrong", responses={200: CorrectionAsked})
@needs(Permission.ASK_CORRECTION)
def post_child_correction(path: ChildPath, body: CorrectionBody) -> dict[str, Any]:
    """Report that something on this child's map is wrong."""
    said = {name: getattr(body, name) for name in CorrectionBody.model_fields}
    return _json(desk().graph.ask(session.known(), AskCorrection(child=path.handle, **said)))


@api.get("/corrections/mine", summary="Was it righted?", responses={200: CorrectionList})
@needs(Permission.ASK_CORRECTION)
def get_own_corrections() -> dict[str, Any]:
    """What came of what you reported as wrong, by your own reference."""
    return _json(desk().graph.ask(session.known(), OwnCorrections()))


@api.get("/corrections", summary="What is wrong?", responses={200: ToCorrectList})
@needs(Permission.CORRECT)
def get_corrections() -> dict[str, Any]:
    """What waits to be put right, the oldest first, and nothing of which child."""
    return _json(desk().graph.ask(session.known(), Corrections()))


@api.get("/corrections/<handle>", summary="Who says it?", responses={200: Corrigible})
@needs(Permission.CORRECT)
def get_correction(path: CorrectionPath) -> dict[str, Any]:
    """What is wrong, about whom, and which sources to ring; for a steward alone."""
    return _json(desk().graph.ask(session.known(), CorrectionOf(correction=path.handle)))


@api.post("/corrections", summary="What did the source say?", responses={200: Corrected})
@needs(Permission.CORRECT)
def post_correction(body: AnswerCorrection) -> dict[str, Any]:
    """It was put right, it stands; or nobody was reached, and it waits on."""
    return _json(desk().graph.ask(session.known(), body))


@api.get("/sources", summary="Which sources send?", responses={200: SourceList})
@needs(Permission.SEE_SOURCES)
def get_sources(query: SourceReports) -> dict[str, Any]:
    """Silent ones first; each with its last load, and how that differs from the ones before."""
    return _json(desk().graph.ask(session.known(), query))


@api.get("/services", summary="Whom to ring at an authority?", responses={200: Directory})
@needs(Permission.SEE_DIRECTORY)
def get_services(query: ServiceDirectory) -> dict[str, Any]:
    """A page of its services, with duty and out-of-hours lines, and who confirmed them when."""
    return _json(desk().graph.ask(session.known(), query))


@api.post("/services/confirmed", summary="Are they right?", responses={200: Confirmed})
@needs(Permission.CONFIRM_CONTACT)
def post_confirmed(body: Confirmation) -> dict[str, Any]:
    """You checked the telephones of a service today, and they are right."""
    return _json(desk().graph.confirm(session.known(), body))


@api.get("/users", summary="Who may sign in?", responses={200: UserList})
@needs(Permission.CONFIRM_ACCESS)
def get_users() -> dict[str, Any]:
    """Of a lead's area, or for a steward all; those whose access wants to be confirmed first."""
    return _json(UserList(users=desk().accounts.listed(session.known())))


@api.post("/users/confirmed", summary="They still need it", responses={200: UserList})
@needs(Permission.CONFIRM_ACCESS)
def post_user_confirmed(body: UserBody) -> dict[str, Any]:
    """Confirm somebody's access for four months more; never one's own."""
    desk().accounts.confirm(session.known(), body.user)
    return get_users()


@api.post("/users/ended", summary="They may no longer", responses={200: UserList})
@needs(Permission.CONFIRM_ACCESS)
def post_user_ended(body: UserBody) -> dict[str, Any]:
    """Take somebody's access away; their sessions end everywhere at once."""
    desk().accounts.end(session.known(), body.user)
    return get_users()


@api.get("/break-glass", summary="What have I to explain?", responses={200: UsesToExplain})
@needs(Permission.EXPLAIN)
def get_unexplained() -> dict[str, Any]:
    """Your own uses of break-glass that wait to be explained, the oldest first."""
    return _json(desk().graph.ask(session.known(), UnexplainedUses()))


@api.post("/break-glass/<handle>", summary="What came of it?", responses={200: UsesToExplain})
@needs(Permission.EXPLAIN)
def post_explanation(path: UsePath, body: ExplanationBody) -> dict[str, Any]:
    """Explain a use of break-glass, once; what waits still is answered."""
    viewer = session.known()
    desk().graph.explain(viewer, body.of(path.handle))
    return _json(desk().graph.ask(viewer, UnexplainedUses()))


@api.get("/misuse", summary="Who may have looked without need?", responses={200: MisuseList})
@needs(Permission.SEE_MISUSE)
def get_misuse(query: MisuseSigns) -> dict[str, Any]:
    """Signs in your area, an auditor's are all: counts with a reason, never of which child."""
    return _json(desk().graph.ask(session.known(), query))


@api.get("/duplicates", summary="Which children may be one?", responses={200: PairList})
@needs(Permission.JUDGE)
def get_duplicates(query: PairsQuery) -> dict[str, Any]:
    """A page of pairs, those most alike first, and nothing of who they are."""
    return _json(desk().graph.ask(session.known(), query.question()))


@api.get("/duplicates/<handle>", summary="Who are the two of this pair?", responses={200: Pair})
@needs(Permission.JUDGE)
def get_pair(path: PairPath) -> dict[str, Any]:
    """Both sides, how they agree, and what was judged of them; no services."""
    return _json(desk().graph.ask(session.known(), PairOf(pair=path.handle)))


@api.post("/duplicates/<handle>", summary="Are the two one child?", responses={200: Pair})
@needs(Permission.JUDGE)
def post_pair(path: PairPath, body: VerdictBody) -> dict[str, Any]:
    """Judge it: same, different or unsure; open takes it back. Nothing is lost by either."""
    viewer = session.known()
    desk().graph.judge(viewer, body.on(path.handle))
    return _json(desk().graph.ask(viewer, PairOf(pair=path.handle)))


@api.post("/looks", summary="Who looked at this child?", responses={200: Looks})
@needs(Permission.SEE_LOOKS)
def post_looks(body: LooksBody) -> dict[str, Any]:
    """Each look with its handle; for the family without what is kept back, and without handles."""
    return _json(desk().graph.ask(session.known(), body.question()))


@api.get("/looks/mine", summary="Whom did I open today?", responses={200: OwnLookList})
@needs(Permission.SEE_OWN_LOOKS)
def get_own_looks() -> dict[str, Any]:
    """The children whose map you opened today, the latest first, each with a handle that opens it."""
    return _json(desk().graph.ask(session.known(), OwnLooks()))


@api.get("/looks/deferred", summary="What is kept back?", responses={200: DeferralList})
@needs(Permission.SEE_LOOKS)
def get_deferred() -> dict[str, Any]:
    """What is kept back from families, by whom and until when; what is due first."""
    return _json(desk().graph.ask(session.known(), Deferrals()))


@api.post("/looks/deferred", summary="Keep it back?", responses={200: DeferralList})
@needs(Permission.DEFER_LOOKS)
def post_deferred(body: Deferral) -> dict[str, Any]:
    """Keep a look back until a review, at most 90 days on; without reason and until, no longer."""
    viewer = session.known()
    desk().graph.defer(viewer, body)
    return _json(desk().graph.ask(viewer, Deferrals()))


def _json(answer: BaseModel) -> dict[str, Any]:
    return answer.model_dump(mode="json", by_alias=True)


def refuse_bad_input(error: ValidationError) -> ResponseReturnValue:
    """What flask-openapi3 calls for input that does not fit."""
    return on_bad_input(error, INPUTS)

"""Who may see what, and on which ground: one table and pure functions. What is missing is refused."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import nhs_number
from pydantic import AfterValidator, Field

from graph.authorities import successors_of
from graph.fields import AuthorityNumber, Label
from graph.model import Agency, Model

POLICY_VERSION = "2026-12-04"
# tests/test_policy.py holds it to all that it is the version of: this module's tables and graph/keeping.py.
# How long an emergency that was stated opens a child, and within which time its user must explain it.
BREAK_GLASS_LASTS = timedelta(hours=1)
EXPLAIN_WITHIN = timedelta(days=1)


class Role(StrEnum):
    """What a viewer is to Signpost."""

    PRACTITIONER = "practitioner"
    LEAD = "lead"
    ANALYST = "analyst"
    STEWARD = "steward"
    AUDITOR = "auditor"


class Ground(StrEnum):
    """Why this viewer may know this child, weakest claim first; docs/access.md says each in words."""

    OWN_SERVICE = "own service"
    OWN_AREA = "own area"
    PURPOSE = "stated purpose"
    BREAK_GLASS = "break-glass"
    ROLE = "role"


class Permission(StrEnum):
    """What may be done."""

    FIND_CHILD = "find a child"
    SEE_SERVICE_MAP = "see a child's service map"
    SEE_OWN_LOOKS = "see which children one opened today"
    SEE_CASELOAD = "see the children with whom one's service works"
    SEE_BREAK_GLASS = "see where break-glass was used"
    EXPLAIN = "explain one's own use of break-glass"
    SEE_SOURCES = "see which sources send and which are silent"
    SEE_DIRECTORY = "see the directory of services"
    CONFIRM_CONTACT = "confirm a service's telephones"
    REGISTER_SOURCE = "register a source"
    LOAD = "load an extract"
    EXPORT = "export what a source said"
    JUDGE = "judge possible duplicates"
    RETAIN = "delete what is past the time for which its source keeps it"
    ROTATE = "make seals and tokens anew under another key"
    VERIFY = "verify the record of access"
    SEE_LOOKS = "see who looked at a child"
    ASK_SHIELD = "ask that a child be shielded"
    REVIEW_SHIELD = "review shields, and lift them with another steward"
    MANAGE_USERS = "make users and give them new secrets"
    CONFIRM_ACCESS = "confirm who may sign in, or end it"
    SEE_MISUSE = "see signs of misuse"
    DEFER_LOOKS = "keep a look back from the family's report"
    SEE_AS_WAS = "see again what a user was shown"
    ASK_BROKER = "ask the broker to be connected with a service that is withheld"
    BROKER = "connect two people as the broker"
    ASK_CORRECTION = "report that something on a child's map is wrong"
    CORRECT = "see to what was reported as wrong"
    NOTE_CALL = "note what came of ringing a contact"
    EXPORT_MAP = "take a service map away as a file"
    SEE_CALLS = "see how many calls reached somebody"


class Purpose(StrEnum):
    """Why a practitioner asks (Working Together to Safeguard Children 2023, chapters 1 to 3)."""

    ASSESSMENT = "assessment under section 17"
    ENQUIRY = "enquiry under section 47"
    STRATEGY_DISCUSSION = "strategy discussion"
    EARLY_HELP = "early help assessment"
    TRANSFER_IN = "child moved into the area"
    MISSING = "missing child"
    EMERGENCY_CARE = "attendance in emergency care"
    POLICE_PROTECTION = "police protection"


class Emergency(StrEnum):
    """Why there was no time for a ground."""

    LIFE = "danger to life now"
    MISSING_NOW = "missing now and in danger"
    UNACCOMPANIED = "unaccompanied and cannot say who they are"


class Explained(StrEnum):
    """What came of an emergency, in the word of who stated it."""

    MADE_SAFE = "the child was made safe"
    HANDED_OVER = "handed over to the service on duty"
    GROUND_SINCE = "a ground has come since"
    WRONG_CHILD = "the wrong child was opened"
    NO_EMERGENCY = "the emergency was not one"


def _a_reference(text: str) -> str:
    plain = re.sub(r"[ ./_-]", "", text)
    if any(nhs_number.is_valid(ten) for ten in re.findall(r"(?=(\d{10}))", plain)):
        raise ValueError("holds an NHS number; write your own case reference")
    return text


Reference = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]*[0-9][A-Za-z0-9./_-]*$",
        max_length=40,
        description="a case reference: letters, digits and ./_-, with a digit, no spaces, at most 40",
    ),
    AfterValidator(_a_reference),
]


UserId = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._-]{1,47}$",
        description="a user's name: 2 to 48 small letters, digits and ._-",
    ),
]


class Viewer(Model):
    """Who asks, for whom they work, and why.

    service: id of the service they work for; authority: DfE number of a lead's area, or of the area
    where a practitioner works: its lead sees their use of break-glass.
    purpose with reference, or emergency with reference, where their service gives no ground.
    stated_at: when they stated it, where that was for an earlier question; None for this one.
    """

    id: UserId
    name: Label = "-"
    role: Role
    service: str | None = None
    authority: AuthorityNumber | None = None
    purpose: Purpose | None = None
    emergency: Emergency | None = None
    reference: Reference | None = None
    stated_at: datetime | None = None

    @property
    def areas(self) -> list[str]:
        """Their area, and what came after it: who led in Cumbria sees what its successors hold."""
        return list(successors_of(self.authority)) if self.authority else []

    @property
    def stated(self) -> tuple[str, str, str]:
        """Purpose, emergency and reference, each empty where it is not stated."""
        return (self.purpose or "", self.emergency or "", self.reference or "")

    def stating(
        self,
        purpose: Purpose | None = None,
        reference: str | None = None,
        emergency: Emergency | None = None,
        stated_at: datetime | None = None,
    ) -> "Viewer":
        """The same viewer with a purpose or an emergency, and a reference, stated for this question.

        stated_at: when, where it was for an earlier question.
        Raises pydantic's ValidationError where the reference is none.
        """
        stated = {"purpose": purpose, "reference": reference, "emergency": emergency}
        return Viewer.model_validate({**self.model_dump(), **stated, "stated_at": stated_at})


_TO_KNOW = {
    Role.PRACTITIONER: (Ground.OWN_SERVICE, Ground.PURPOSE, Ground.BREAK_GLASS),
    Role.LEAD: (Ground.OWN_AREA, Ground.PURPOSE, Ground.BREAK_GLASS),
}
POLICY: Mapping[Permission, Mapping[Role, tuple[Ground, ...]]] = {
    Permission.FIND_CHILD: _TO_KNOW,
    Permission.SEE_SERVICE_MAP: _TO_KNOW,
    Permission.SEE_OWN_LOOKS: {
        Role.PRACTITIONER: (Ground.OWN_SERVICE,),
        Role.LEAD: (Ground.OWN_AREA,),
    },
    Permission.SEE_CASELOAD: {Role.PRACTITIONER: (Ground.OWN_SERVICE,)},
    Permission.SEE_BREAK_GLASS: {
        Role.LEAD: (Ground.ROLE,),
        Role.STEWARD: (Ground.ROLE,),
        Role.AUDITOR: (Ground.ROLE,),
    },
    Permission.EXPLAIN: {Role.PRACTITIONER: (Ground.ROLE,), Role.LEAD: (Ground.ROLE,)},
    Permission.SEE_SOURCES: {role: (Ground.ROLE,) for role in Role},
    Permission.SEE_DIRECTORY: {role: (Ground.ROLE,) for role in Role},
    Permission.CONFIRM_CONTACT: {Role.LEAD: (Ground.ROLE,), Role.STEWARD: (Ground.ROLE,)},
    Permission.REGISTER_SOURCE: {Role.STEWARD: (Ground.ROLE,)},
    Permission.LOAD: {Role.STEWARD: (Ground.ROLE,)},
    Permission.EXPORT: {Role.STEWARD: (Ground.ROLE,)},
    Permission.JUDGE: {Role.STEWARD: (Ground.ROLE,)},
    Permission.RETAIN: {Role.STEWARD: (Ground.ROLE,)},
    Permission.ROTATE: {Role.STEWARD: (Ground.ROLE,)},
    Permission.VERIFY: {Role.AUDITOR: (Ground.ROLE,)},
    Permission.SEE_LOOKS: {Role.STEWARD: (Ground.ROLE,), Role.AUDITOR: (Ground.ROLE,)},
    Permission.ASK_SHIELD: _TO_KNOW,
    Permission.REVIEW_SHIELD: {Role.STEWARD: (Ground.ROLE,)},
    Permission.MANAGE_USERS: {Role.STEWARD: (Ground.ROLE,)},
    Permission.CONFIRM_ACCESS: {Role.LEAD: (Ground.ROLE,), Role.STEWARD: (Ground.ROLE,)},
    Permission.SEE_MISUSE: {Role.LEAD: (Ground.ROLE,), Role.AUDITOR: (Ground.ROLE,)},
    Permission.DEFER_LOOKS: {Role.STEWARD: (Ground.ROLE,)},
    Permission.SEE_AS_WAS: {Role.AUDITOR: (Ground.ROLE,)},
    Permission.ASK_BROKER: _TO_KNOW,
    Permission.BROKER: {Role.STEWARD: (Ground.ROLE,)},
    Permission.ASK_CORRECTION: _TO_KNOW,
    Permission.CORRECT: {Role.STEWARD: (Ground.ROLE,)},
    Permission.NOTE_CALL: _TO_KNOW,
    Permission.EXPORT_MAP: _TO_KNOW,
    Permission.SEE_CALLS: {
        Role.LEAD: (Ground.ROLE,),
        Role.STEWARD: (Ground.ROLE,),
        Role.ANALYST: (Ground.ROLE,),
        Role.AUDITOR: (Ground.ROLE,),
    },
}


class Facts(Model):
    """What the graph says of one child and one viewer.

    members: ids of all who are this child by a judgement, its own among them. agency: of the service
    for which the viewer works, as consent may be for some agencies only.
    """

    exists: bool = False
    members: tuple[str, ...] = ()
    shielded: bool = False
    own_service: bool = False
    own_area: bool = False
    agency: Agency | None = None


class Decision(Model):
    """Whether, on which ground, and what may be shown in clear.

    clearance: words that queries know: "identity", "service:ID" of the viewer's own service, and
    "agency:NAME" of that service's agency.
    """

    allowed: bool
    ground: Ground | None = None
    clearance: tuple[str, ...] = ()


REFUSED = Decision(allowed=False)


def may_ever(viewer: Viewer, permission: Permission) -> bool:
    """True where the table names the viewer's role for this permission at all."""
    return viewer.role in POLICY.get(permission, {})


def decide(viewer: Viewer, permission: Permission, facts: Facts) -> Decision:
    """Decide on one child by the table: the first ground that holds, else refused."""
    grounds = POLICY.get(permission, {}).get(viewer.role, ())
    if not facts.exists:
        return REFUSED
    for ground in grounds:
        if _holds(ground, viewer, facts):
            return Decision(
                allowed=True, ground=ground, clearance=_clearance(viewer, facts, ground)
            )
    return REFUSED


def _holds(ground: Ground, viewer: Viewer, facts: Facts) -> bool:
    return {
        Ground.OWN_SERVICE: facts.own_service,
        Ground.OWN_AREA: facts.own_area,
        Ground.PURPOSE: bool(viewer.purpose and viewer.reference),
        # Nobody would be told of it where the viewer has no area, and so no lead.
        Ground.BREAK_GLASS: bool(viewer.emergency and viewer.reference and viewer.authority),
        Ground.ROLE: True,
    }[ground]


def _clearance(viewer: Viewer, facts: Facts, ground: Ground) -> tuple[str, ...]:
    if ground is Ground.ROLE:
        # A steward who judges a pair sees identities, of shielded children too, and no service.
        return ("identity",)
    if facts.shielded:
        return ()
    own = (f"service:{viewer.service}",) if viewer.service else ()
    agency = (f"agency:{facts.agency.value}",) if facts.agency else ()
    return ("identity", *own, *agency)

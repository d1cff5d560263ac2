"""What programs send, and what goes wrong: paths, bodies and problems of the API."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from graph import (
    AnswerCorrection,
    AnswerIntroduction,
    CallOutcome,
    CallsMade,
    Confirmation,
    Deferral,
    FindChild,
    Mistake,
    MisuseSigns,
    Model,
    Reference,
    ReviewShield,
    Role,
    ServiceDirectory,
    ShieldByDetails,
    ShieldReason,
    SourceReports,
    Telephone,
    User,
)
from web.as_of import AsOf
from web.explaining import ExplanationBody
from web.finding import FindBody
from web.judging import PairsQuery, VerdictBody
from web.looking import LooksBody

_PROBLEM = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
}
PROBLEMS: dict[str | int | HTTPStatus, Any] = {
    status: dict(_PROBLEM) for status in (400, 401, 403, 404, 422, 429, 503)
}


class SignIn(Model):
    """Who signs in: a person of a demo; or a user by password and one-time code."""

    person: str = ""
    user: str = ""
    password: str = ""
    code: str = ""


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


class CallBody(Model):
    """Whom you rang, by the handle that the map gave, and what came of it."""

    contact: str
    call: CallOutcome


class ShieldBody(Model):
    """Why a child is to be shielded, with a case reference of one's own."""

    reason: ShieldReason
    reference: Reference


class BrokerBody(Model):
    """Where the broker, and then the others, reach you, and a case reference of your own."""

    telephone: Telephone
    reference: Reference


class IntroductionPath(Model):
    """A handle, as the broker's queue gave it today."""

    handle: str


class CorrectionBody(Model):
    """What is wrong, which service of the map it concerns, and a case reference of one's own."""

    mistake: Mistake
    service: str | None = None
    reference: Reference


class CorrectionPath(Model):
    """A handle, as the list of corrections gave it today."""

    handle: str


class ShieldDetailsBody(FindChild):
    """The details of a child, and why it is to be shielded, with a case reference of one's own."""

    reason: ShieldReason
    reference: Reference

    def question(self) -> ShieldByDetails:
        """The question."""
        details = {name: getattr(self, name) for name in FindChild.model_fields}
        of = FindChild.model_construct(**details)
        return ShieldByDetails(of=of, reason=self.reason, reference=self.reference)


class UserBody(Model):
    """Whom a decision is about."""

    user: str


class UserList(Model):
    """Who may sign in or could."""

    users: Sequence[User]


class UsePath(Model):
    """A handle, as a list of one's own uses of break-glass gave it today."""

    handle: str


INPUTS = (
    SignIn,
    CallBody,
    CallsMade,
    UserBody,
    ShieldBody,
    ShieldDetailsBody,
    BrokerBody,
    IntroductionPath,
    AnswerIntroduction,
    CorrectionBody,
    CorrectionPath,
    AnswerCorrection,
    ReviewShield,
    ChildPath,
    FindBody,
    AsOf,
    PairPath,
    PairsQuery,
    VerdictBody,
    SourceReports,
    ServiceDirectory,
    Confirmation,
    UsePath,
    ExplanationBody,
    MisuseSigns,
    LooksBody,
    Deferral,
)

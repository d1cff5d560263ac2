"""What tests of the web work with: people, one more source, a client, and a watch over a browser."""

from dataclasses import dataclass, field

import nhs_number
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from graph import Batch, ChildRow, Role
from tests import world as small
from tests.world import BRADFORD, CHIDI, LEEDS, span
from web import Example, Person

PEOPLE = (
    Person(
        id="nurse.one",
        name="Nadia One",
        role=Role.PRACTITIONER,
        authority="201",
        sentence="A&E nurse",
    ),
    Person(
        id="nurse.two",
        name="Omar Two",
        role=Role.PRACTITIONER,
        authority=LEEDS,
        sentence="Another nurse",
    ),
    Person(
        id="worker.one",
        name="Will Worker",
        role=Role.PRACTITIONER,
        service="leeds-social-care:T1",
        authority=LEEDS,
        sentence="Social worker, Leeds Front Door",
    ),
    Person(id="lead.one", name="Lena Lead", role=Role.LEAD, authority=BRADFORD, sentence="Lead"),
    Person(id="analyst.one", name="Ana Lyst", role=Role.ANALYST, sentence="Counts only"),
    Person(id="steward.one", name="Stella Ward", role=Role.STEWARD, sentence="Loads"),
    Person(id="auditor.one", name="Audrey Tor", role=Role.AUDITOR, sentence="Looks back"),
)
EXAMPLES = (Example(nhs_number=CHIDI, what="Moved, with a gap"),)


NAMESAKE, OTHER_NAMESAKE = "9990000042", "9990000050"
SAME = {"family_name": "Same", "given_name": "Sam", "birth_date": "2016-02-01"}


def leeds_health() -> Batch:
    """Chidi's health visiting in Leeds, no known start, ended before Bradford; and two namesakes."""
    return Batch(
        source="leeds-health",
        feed="csv",
        extracted=small.EXTRACTED,
        services=[small.service("HV", "Leeds Health Visiting", LEEDS, agency="health")],
        children=[
            small.child("L7", nhs_number=CHIDI, family_name="Okafor", given_name="Chidi"),
            small.child("L8", nhs_number=NAMESAKE, line=3, **SAME),
            small.child("L9", nhs_number=OTHER_NAMESAKE, line=4, **SAME),
        ],
        involvements=[small.involvement("1", "L7", "HV", span(None, "2026-01-10"))],
    )


ROSALIND, ROSALYND = "9990000131", "9990000123"


def lookalikes() -> Batch:
    """Rosalind; one who may be she; her twin Rowan; and a second record of the shielded child."""
    born = {"birth_date": "2016-05-08", "postcode": "LS6 2AB"}
    rosalind = {"family_name": "Quigley", "given_name": "Rosalind", "sex": "F", **born}
    rosalynd = {"family_name": "Quigly", "given_name": "Rosalynd", "birth_date": "2016-08-05"}
    rowan = {"family_name": "Quigley", "given_name": "Rowan", "sex": "M", **born}
    zofia = {"family_name": "Nowak", "given_name": "Zofia", "birth_date": "2012-02-29"}
    return _more(
        [
            small.child("M1", nhs_number=ROSALIND, former_names=("Oddny",), line=5, **rosalind),
            small.child("M2", nhs_number=ROSALYND, line=6, **rosalynd),
            small.child("M3", line=7, **rowan),
            small.child("M4", line=8, **zofia),
        ]
    )


def crowd(many: int = 12) -> Batch:
    """Children of one name and one birth date, each with a number of its own."""
    numbers = [f"99900{n:05}" for n in range(1000, 2000) if nhs_number.is_valid(f"99900{n:05}")]
    alex = {"family_name": "Many", "given_name": "Alex", "birth_date": "2014-05-06"}
    rows = [
        small.child(f"N{n}", nhs_number=number, line=n, **alex)
        for n, number in enumerate(numbers[:many], start=2)
    ]
    return _more(rows)


def _more(children: list[ChildRow]) -> Batch:
    said = {"source": "leeds-health", "feed": "csv", "extracted": small.EXTRACTED, "full": False}
    return Batch.model_validate({**said, "tables": ["children"], "children": children})


PERSONAL = (
    "okafor",
    "chidi",
    "nowak",
    "zofia",
    CHIDI,
    "999+000",
    "2015-06-09",
    "ed-1042",
    "quigl",
    "rosal",
)


def unhurried(app: OpenAPI) -> OpenAPI:
    """The app, where nobody is slowed down: 429 for everything would say nothing."""
    for limiter in app.extensions["limiter"]:
        limiter.enabled = False
    return app


class Client:
    """One person's browser without a browser: JSON in and out, with the token of every POST."""

    def __init__(self, app: OpenAPI, person: str | None = None) -> None:
        self.http: FlaskClient = app.test_client()
        if person:
            assert self.post("/api/session", {"person": person}).status_code == 200

    @property
    def token(self) -> str:
        """The token that a POST needs."""
        return self.http.get("/api/session").json["csrf_token"]

    def get(self, address: str):
        """GET it."""
        return self.http.get(address)

    def post(self, address: str, body: object):
        """POST JSON."""
        return self.http.post(address, json=body, headers={"X-CSRFToken": self.token})

    def send(self, address: str, **fields: str):
        """POST a form."""
        return self.http.post(address, data={**fields, "csrf_token": self.token})

    def find(self, number: str = CHIDI) -> dict:
        """The only child of a number, found for a purpose."""
        asked = {"nhs_number": number, "purpose": "strategy discussion", "reference": "ED-1042"}
        answer = self.post("/api/find", asked)
        assert answer.status_code == 200
        return answer.json["children"][0]


@dataclass
class Watch:
    """Everything that a browser did that it should not, and every address it used."""

    site: str
    addresses: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> Page:
        """A page of this context, watched."""
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " e => console.error('CSP', e.violatedDirective, e.blockedURI))"
        )
        page = context.new_page()
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error.name}"))
        return page

    def _asked(self, request: Request) -> None:
        self.addresses.append(request.url)
        if not request.url.startswith(self.site):
            self.complaints.append(f"off-origin: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.complaints.append(f"{response.status}: {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # A page answered with 404 or 422 is one that the test asked for.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

"""The catalogue holds each file to its header; the real server plans each query without a warning."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pyotp
import pytest

from graph import (
    Accounts,
    Agency,
    AnswerCorrection,
    AnswerIntroduction,
    AskBroker,
    AskCorrection,
    BadCatalogue,
    BrokerQueue,
    CallOutcome,
    ChangeReason,
    Confirmation,
    Consent,
    Corrections,
    Deferral,
    DeferralReason,
    Emergency,
    Explained,
    Explanation,
    FindChild,
    Mistake,
    NewUser,
    NoteCall,
    NotSignedIn,
    Origin,
    ParentRow,
    PointerKind,
    PointerRow,
    ReviewShield,
    Righted,
    Role,
    Sessions,
    ShieldByDetails,
    ShieldChild,
    ShieldReason,
    Shields,
    ShieldVerdict,
    Sought,
    SuccessorRow,
    UnexplainedUses,
    Viewer,
    WhoLooked,
    WithdrawalRow,
    catalogue,
)
from graph.store import Store
from tests.world import (
    CHIDI,
    NOW,
    NURSE,
    STEWARD,
    World,
    allocation,
    bradford,
    child,
    involvement,
    leeds,
    service,
    span,
)

GOOD = """// A sentence.
// param child: str -- the child's id
// param clearance: list[str] -- filled by the door
// returns id
MATCH (child:Child {id: $child}) WHERE $clearance IS NOT NULL
RETURN child.id AS id
"""


@pytest.mark.parametrize(
    ("folder", "change", "fault"),
    [
        ("ask", ("$child}", "$chld}"), "uses without declaring: chld"),
        ("ask", ("returns id", "returns name"), "does not return"),
        (
            "ask",
            ("RETURN child.id AS id", "RETURN child.id AS id; MATCH (n) RETURN n"),
            "one statement",
        ),
        ("ask", ("RETURN", "SET child.x = 1 RETURN"), "may not"),
        ("report", ("RETURN", "CREATE (n) RETURN"), "may not"),
        ("find", ("WHERE $clearance IS NOT NULL", ""), "declares without using: clearance"),
        ("ask", ("// A sentence.\n", ""), "the header is"),
        ("ask", (" -- the child's id", ""), "write // param"),
    ],
)
def test_a_bad_file_stops_the_start(
    tmp_path: Path, folder: str, change: tuple[str, str], fault: str
) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "one.cypher").write_text(GOOD.replace(*change))
    with pytest.raises(BadCatalogue, match=fault.replace("$", r"\$")):
        catalogue(tmp_path)


def test_a_query_without_clearance_is_refused_in_ask(tmp_path: Path) -> None:
    (tmp_path / "ask").mkdir()
    lines = [line for line in GOOD.splitlines() if "clearance: " not in line]
    text = "\n".join(lines).replace(" WHERE $clearance IS NOT NULL", "")
    (tmp_path / "ask" / "one.cypher").write_text(text)
    with pytest.raises(BadCatalogue, match="does not use"):
        catalogue(tmp_path)


def test_what_a_comment_or_a_text_says_is_not_cypher(tmp_path: Path) -> None:
    (tmp_path / "ask").mkdir()
    text = GOOD.replace("RETURN", "AND child.id <> 'SET $x; CREATE' // no CREATE here\nRETURN")
    (tmp_path / "ask" / "one.cypher").write_text(text.replace(" // no CREATE here", ""))
    assert catalogue(tmp_path)["ask/one"].returns == ("id",)


SCANS = ("AllNodesScan", "NodeByLabelScan", "CartesianProduct", "RelationshipTypeScan")


def test_the_server_plans_every_query_without_a_warning(world: World, store: Store) -> None:
    """On a graph in which every label, type and property has been used at least once."""
    fill_every_property(world)
    faults = []
    for name, query in catalogue().items():
        if name.startswith("schema/"):
            continue
        plan, notices, returns = store.explain(name)
        faults += [f"{name}: {notice}" for notice in notices]
        faults += [f"{name} returns {returns}"] * (tuple(returns) != query.returns)
        if name.startswith(("ask/", "find/", "access/")):
            faults += [f"{name}: {s}" for s in plan if any(scan in s for scan in SCANS)]
    assert faults == []


def fill_every_property(world: World) -> None:
    """A consent, what ended, what joined and what parted, and break-glass, explained."""
    handle, [contact, *_] = world.handle(), world.map().ring_now
    wrong = CallOutcome.WRONG_NUMBER
    world.graph.ask(NURSE, NoteCall(child=handle, contact=contact.handle, call=wrong))
    twice = child("78", family_name="Okafor", given_name="Chidi", birth_date="2015-06-09")
    world.graph.load(STEWARD, bradford(children=[twice], involvements=[], full=False))
    gone = child("77", nhs_number="9990000042", family_name="Else", birth_date="2001-01-01")
    world.graph.load(STEWARD, bradford(children=[gone], full=False))
    again = {"children": [child("79", birth_date="2014-03-03")], "involvements": [], "full": False}
    for day in (date(2026, 9, 1), date(2026, 11, 20)):
        world.graph.load(STEWARD, bradford(extracted=day, **again))
    given_to_police = {
        "consent": Consent.GIVEN,
        "consent_until": date(2027, 1, 1),
        "consent_for": (Agency.POLICE,),
    }
    given = involvement(
        "I2", "C1", "T2", span("2021-05-01"), kind="child in need", **given_to_police
    )
    left = allocation("A3", "C1", "P1", "T1", span("2024-01-06"))
    left = left.model_copy(update={"change_reason": ChangeReason.LEFTRL})
    said = {"child": "C1", "file": "x.csv", "line": 2}
    pointer = PointerRow(record="W", kind=PointerKind.PLAN_OF, period=span("2024-01-06"), **said)
    tie = {"service": "T1", "file": "x.csv", "line": 2}
    again = leeds(
        extracted=date(2026, 11, 21),
        services=[*leeds().services, service("S1", "School", "383", code="urn:107130")],
        involvements=[given],
        allocations=[left],
        pointers=[pointer],
        parents=[ParentRow(record="T", parent="T2", **tie)],
        successors=[SuccessorRow(record="T", successor="S1", **tie)],
        withdrawals=[WithdrawalRow(record="C2", **{**said, "child": "C2"})],
    )
    world.graph.load(STEWARD, again, accept_drop=True)
    world.graph.confirm(STEWARD, Confirmation(service="leeds-social-care:T1"))
    lead = Viewer(id="lead.one", role=Role.LEAD, authority="201", service="x:1")
    world.map(viewer=lead.stating(emergency=Emergency.LIFE, reference="B-1"), on=date(2026, 1, 1))
    use = world.graph.ask(lead, UnexplainedUses()).uses[0].handle
    said = Explanation(use=use, explained=Explained.MADE_SAFE, reference="B-2")
    world.graph.explain(lead, said)
    world.map(known_at=NOW.forward(minutes=1))
    handle = world.handle()
    be_introduced(world)
    be_corrected(world)
    world.graph.ask(NURSE, ShieldChild(child=handle, reason=ShieldReason.COURT, reference="S-1"))
    [shield] = world.graph.ask(STEWARD, Shields()).shields
    lift = ReviewShield(shield=shield.handle, verdict=ShieldVerdict.LIFT)
    world.graph.ask(STEWARD, lift)
    other = Viewer(id="steward.two", role=Role.STEWARD)
    [shield] = world.graph.ask(other, Shields()).shields
    world.graph.ask(other, ReviewShield(shield=shield.handle, verdict=ShieldVerdict.KEEP))
    [shield] = world.graph.ask(other, Shields()).shields
    world.graph.ask(other, ReviewShield(shield=shield.handle, verdict=ShieldVerdict.LIFT))
    world.graph.ask(STEWARD, lift)
    sessions, accounts = Sessions(world.graph), Accounts(world.graph)
    nadia = NewUser(id="nadia.one", name="Nadia", role=Role.LEAD, authority="201")
    sessions.bring(nadia, Origin.ORGANISATION, "subject")
    omar = nadia.model_copy(update={"id": "omar.two", "service": "leeds-social-care:T1"})
    given = accounts.add(STEWARD, omar, "tractor lemon quiet harbour")
    code = pyotp.TOTP(given.otp).at(NOW.at)
    sessions.sign_in("omar.two", "tractor lemon quiet harbour", code)
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            sessions.sign_in("omar.two", "another password", code)
    accounts.end(STEWARD, "omar.two")
    of = FindChild(nhs_number=CHIDI)
    world.graph.ask(lead.stating(emergency=Emergency.LIFE, reference="B-1"), of)
    looks = world.graph.ask(STEWARD, WhoLooked(of=of)).looks
    look = next(one for one in looks if one.user == "lead.one")
    until = {"reason": DeferralReason.HARM, "until": date(2026, 12, 1), "reference": "OP-7"}
    word = Deferral.model_validate({"look": look.handle, "whole_service": True, **until})
    world.graph.defer(STEWARD, word)
    shield = {"of": of, "reason": ShieldReason.COURT, "reference": "S-2"}
    world.graph.ask(STEWARD, ShieldByDetails.model_validate(shield))


def be_introduced(world: World) -> None:
    """The broker is asked, rings in vain, and then connects."""
    nurse = NURSE.model_copy(update={"service": "bradford-health:A9", "authority": "380"})
    nurse = nurse.stating(purpose=NURSE.purpose, reference=NURSE.reference)
    child_ = world.handle(viewer=nurse)
    asked = AskBroker(child=child_, telephone="01632 960201", reference="ED-1")
    assert world.graph.ask(nurse, asked).introductions
    [waiting] = world.graph.ask(STEWARD, BrokerQueue()).waiting
    for said, telephone in ((Sought.NOT_REACHED, None), (Sought.AGREED, "0113 496 0177")):
        note = AnswerIntroduction(introduction=waiting.handle, said=said, telephone=telephone)
        world.graph.ask(STEWARD, note)


def be_corrected(world: World) -> None:
    """Something is reported as wrong; a steward rings in vain, and then it is put right."""
    nurse = NURSE.model_copy(update={"service": "bradford-health:A9"})
    service = next(one.service.id for one in world.map(viewer=nurse).involvements if one.service)
    said = {"mistake": Mistake.ENDED, "service": service, "reference": "ED-1"}
    asked = {"child": world.handle(viewer=nurse), **said}
    assert world.graph.ask(nurse, AskCorrection.model_validate(asked)).corrections
    [waiting] = world.graph.ask(STEWARD, Corrections()).waiting
    for came in (Righted.NOT_REACHED, Righted.RIGHTED):
        world.graph.ask(STEWARD, AnswerCorrection(correction=waiting.handle, said=came))


# An edge found by what it says, or a node found by a key of each row and left along an edge.
_SOUGHT = re.compile(
    r"MATCH .*(\[\w*:\w+ \{\w+: (?!\$)[^}]+\}\]|"
    r"\(\w*:\w+ \{\w+: (?!\$)[^}]+\}\)<?-\[|\]->?\(\w*:\w+ \{\w+: (?!\$)[^}]+\}\))"
)


def test_every_load_says_by_which_index_it_seeks_along_an_edge() -> None:
    # Left to itself, the server was seen to go through all pairs for each child of a load.
    for name, query in catalogue().items():
        lines = query.text.splitlines() if name.startswith("load/") else []
        for line, after in pairwise(lines):
            if _SOUGHT.search(line):
                assert after.strip().startswith("USING INDEX SEEK"), name

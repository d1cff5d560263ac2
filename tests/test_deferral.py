"""A look kept back from the family's report: wholly, for a time, by a steward, and never in silence."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from graph import (
    BadQuestion,
    Deferral,
    DeferralReason,
    Deferrals,
    FindChild,
    Keyring,
    Look,
    Looks,
    NotAllowed,
    NotVisible,
    Role,
    ServiceMapOf,
    Viewer,
    WhoLooked,
)
from tests.test_commands import machine, run
from tests.world import (
    AUDITOR,
    CHIDI,
    IDLE,
    LEEDS,
    NOW,
    NURSE,
    SHIELDED,
    STEWARD,
    World,
    child,
    leeds,
)

__all__ = ["machine"]
WORKER = Viewer(id="w.one", role=Role.PRACTITIONER, service="leeds-social-care:T1", authority=LEEDS)
REVIEW = date(2026, 12, 20)


def looks(world: World, family: bool = False, viewer: Viewer = STEWARD) -> Looks:
    """Who looked at Chidi, a minute later; the steward's own looks are left out of what comes back."""
    NOW.forward(minutes=1)
    question = WhoLooked(of=FindChild(nhs_number=CHIDI), for_family=family)
    found = world.graph.ask(viewer, question)
    others = [look for look in found.looks if look.question != "WhoLooked"]
    return found.model_copy(update={"looks": others})


def by_number() -> FindChild:
    return FindChild(nhs_number=CHIDI)


def seen_by(found: Looks) -> list[tuple[str | None, str]]:
    return [(look.user, look.question) for look in found.looks]


def a_few_looks(world: World) -> None:
    """The nurse twice and the worker once, each at another time."""
    handle = world.handle()
    NOW.forward(minutes=1)
    world.graph.ask(NURSE, ServiceMapOf(child=handle))
    NOW.forward(minutes=1)
    world.graph.ask(WORKER, FindChild(nhs_number=CHIDI))


ALL = [("w.one", "FindChild"), ("nurse.one", "ServiceMapOf"), ("nurse.one", "FindChild")]


def defer(world: World, look: Look, **said: object) -> None:
    """Keep a look back until REVIEW for a police enquiry, or as said."""
    NOW.forward(minutes=1)
    said = {"reason": DeferralReason.ENQUIRY, "until": REVIEW, "reference": "OP-7", **said}
    world.graph.defer(STEWARD, Deferral.model_validate({"look": look.handle, **said}))


def test_what_is_kept_back_is_not_in_the_report_nor_counted(world: World) -> None:
    a_few_looks(world)
    nurses = looks(world).looks[1]
    whole = looks(world, family=True)
    defer(world, nurses)
    report = looks(world, family=True)
    assert seen_by(whole) == ALL
    assert seen_by(report) == [ALL[0], ALL[2]]
    assert report.total == whole.total  # one less, and the report before as one more
    assert report.note == whole.note != ""
    assert all(look.handle is None and not look.deferrals for look in report.looks)


def test_the_steward_sees_what_is_kept_back_by_whom_until_when_and_why(world: World) -> None:
    a_few_looks(world)
    defer(world, looks(world).looks[0])
    for viewer in (STEWARD, AUDITOR):
        found = looks(world, viewer=viewer)
        assert seen_by(found) == ALL
        assert [look.kept_back for look in found.looks] == [True, False, False]
        [one] = found.looks[0].deferrals
        assert (one.author, one.until, one.reason, one.reference, one.whole_service) == (
            "steward.one",
            REVIEW,
            DeferralReason.ENQUIRY,
            "OP-7",
            False,
        )
        assert found.note == ""


def test_after_its_review_it_is_shown_again_unless_it_was_renewed(world: World) -> None:
    a_few_looks(world)
    first, second, _ = looks(world).looks
    defer(world, first)
    defer(world, second)
    defer(world, second, until=REVIEW + timedelta(days=7), reason=DeferralReason.HARM)
    NOW.forward(days=(REVIEW - NOW.at.date()).days)
    assert seen_by(looks(world, family=True)) == [ALL[2]]
    NOW.forward(days=1)
    assert seen_by(looks(world, family=True)) == [ALL[0], ALL[2]]
    [over] = looks(world).looks[0].deferrals
    assert not over.in_force
    NOW.forward(days=7)
    assert seen_by(looks(world, family=True)) == ALL


def test_it_can_be_ended_before_and_then_is_gone_from_the_list(world: World) -> None:
    a_few_looks(world)
    look = looks(world).looks[0]
    defer(world, look)
    assert seen_by(looks(world, family=True)) == ALL[1:]
    defer(world, look, reason=None, until=None)
    assert seen_by(looks(world, family=True)) == ALL
    assert not looks(world).looks[0].deferrals


def test_all_looks_of_a_service_are_kept_back_those_to_come_too_and_its_searches(
    world: World,
) -> None:
    a_few_looks(world)
    NOW.forward(minutes=1)
    service = {"service": "bradford-police:P9"}
    world.graph.ask(NURSE.model_copy(update={**service, "id": "p.one"}), by_number())
    assert seen_by(looks(world, family=True))[0] == ("p.one", "FindChild")
    defer(world, looks(world).looks[0], whole_service=True)
    NOW.forward(hours=1)
    world.graph.ask(NURSE.model_copy(update={**service, "id": "p.two"}), by_number())
    world.graph.ask(IDLE.model_copy(update={**service, "id": "p.three"}), by_number())
    report, whole = looks(world, family=True), looks(world)
    assert seen_by(report) == ALL
    assert [look.user for look in whole.looks if look.kept_back] == ["p.two", "p.one"]
    assert (report.compared, whole.compared) == (0, 1)


def test_who_looked_for_no_service_is_kept_back_one_by_one(world: World, bare) -> None:
    a_few_looks(world)
    with pytest.raises(BadQuestion, match="for no service"):
        defer(world, looks(world).looks[2], whole_service=True)
    said = "MATCH (a:Access {question: 'Defer'}) RETURN a.user AS user, a.outcome AS outcome"
    assert bare(said) == [{"user": STEWARD.id, "outcome": "nothing found"}]
    assert seen_by(looks(world, family=True)) == ALL


def test_no_longer_than_ninety_days_and_not_into_the_past(world: World) -> None:
    a_few_looks(world)
    look, today = looks(world).looks[0], NOW.at.date()
    for until in (today - timedelta(days=1), today + timedelta(days=91)):
        with pytest.raises(BadQuestion, match="21 February 2027, which is 90 days on"):
            defer(world, look, until=until)
    assert seen_by(looks(world, family=True)) == ALL
    defer(world, look, until=today + timedelta(days=90))
    assert seen_by(looks(world, family=True)) == ALL[1:]


def test_a_reason_needs_a_review_and_a_review_a_reason() -> None:
    for said in ({"reason": DeferralReason.HARM}, {"until": REVIEW}):
        with pytest.raises(ValidationError, match="both a reason and the date of a review"):
            Deferral.model_validate({"look": "x", "reference": "OP-7", **said})


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.STEWARD])
def test_only_a_steward_may(world: World, bare, role: Role) -> None:
    word = Deferral(look="x", reason=DeferralReason.HARM, until=REVIEW, reference="OP-7")
    with pytest.raises(NotAllowed):
        world.graph.defer(Viewer(id="somebody", role=role), word)
    rows = bare("MATCH (r:Access {question: 'Defer'}) RETURN r.outcome AS outcome")
    assert rows == [{"outcome": "not allowed"}]


def test_anothers_handle_or_one_of_something_else_keeps_nothing_back(
    world: World, bare, keyring: Keyring
) -> None:
    a_few_looks(world)
    theirs = looks(world, viewer=AUDITOR).looks[0]
    [row] = bare("MATCH (r:Access {user: 'w.one'}) RETURN r.id AS look, r.children[0] AS child")
    of_a_pair = keyring.handle(row["look"], STEWARD.id, NOW.at.date(), row["child"])
    pair = theirs.model_copy(update={"handle": of_a_pair})
    own = looks(world).looks[0]
    with pytest.raises(NotVisible):
        defer(world, pair)
    NOW.forward(days=1)
    for look in (theirs, own, own.model_copy(update={"handle": "nonsense"})):
        with pytest.raises(NotVisible):
            defer(world, look)
    rows = bare("MATCH (r:Access {question: 'Defer'}) RETURN DISTINCT r.outcome AS outcome")
    assert rows == [{"outcome": "not visible"}]
    assert seen_by(looks(world, family=True)) == ALL


def test_a_look_at_two_children_is_kept_back_from_the_one_only(world: World) -> None:
    """A search that showed two stays in the report of the other one."""
    twin = {"family_name": "Okafor", "birth_date": "2015-06-09", "postcode": "LS1 4AP"}
    more = child("C9", line=9, nhs_number="9990000042", given_name="Chika", **twin)
    world.graph.load(STEWARD, leeds(children=[*leeds().children, more]))
    world.graph.ask(NURSE, FindChild(family_name="Okafor", birth_date="2015-06-09"))
    other = WhoLooked(of=FindChild(nhs_number="9990000042"), for_family=True)
    assert seen_by(looks(world)) == [("nurse.one", "FindChild")]
    defer(world, looks(world).looks[0])
    assert seen_by(looks(world, family=True)) == []
    assert [look.user for look in world.graph.ask(STEWARD, other).looks] == ["nurse.one"]


def test_what_is_due_is_listed_first_and_says_nothing_of_whose_it_is(world: World) -> None:
    a_few_looks(world)
    first, second, third = looks(world).looks
    defer(world, first)
    defer(world, second, until=date(2026, 12, 1), reference="OP-8")
    defer(world, third, reference="OP-9")
    defer(world, third, reason=None, until=None, reference="OP-9")
    found = world.graph.ask(AUDITOR, Deferrals())
    assert [(one.reference, one.until) for one in found.deferrals] == [
        ("OP-8", date(2026, 12, 1)),
        ("OP-7", REVIEW),
    ]
    assert found.due == 1
    NOW.forward(days=40)
    found = world.graph.ask(STEWARD, Deferrals())
    assert [(one.reference, one.in_force) for one in found.deferrals] == [("OP-7", False)]


def test_a_deferral_is_a_record_among_the_others_and_is_not_a_look(world: World, bare) -> None:
    a_few_looks(world)
    defer(world, looks(world).looks[0], whole_service=True)
    [row] = bare("MATCH (r:Access {question: 'Defer'}) RETURN properties(r) AS said")
    said = row["said"]
    assert (said["user"], said["reference"], said["until"], said["reason"]) == (
        "steward.one",
        "OP-7",
        REVIEW,
        "a police enquiry is open",
    )
    assert said["hash"]
    assert said["children"] == []
    assert not [look for look in looks(world).looks if look.question == "Defer"]


def test_of_a_shielded_child_the_family_is_told_nothing_but_the_broker_line(world: World) -> None:
    question = WhoLooked(of=FindChild(nhs_number=SHIELDED), for_family=True)
    found = world.graph.ask(STEWARD, question)
    assert (found.restricted, found.looks, found.total) == (True, (), 0)


def test_which_form_was_given_is_recorded(world: World, bare) -> None:
    looks(world)
    looks(world, family=True)
    rows = bare(
        "MATCH (r:Access {question: 'WhoLooked'}) RETURN r.for_family AS family ORDER BY r.at"
    )
    assert [row["family"] for row in rows] == [False, True]


def test_by_command_a_look_is_kept_back_listed_and_given_free(machine: Path, world: World) -> None:
    world.handle()
    words, number = ["audit", "looks", "--stdin"], f"nhs_number={CHIDI}\n"
    [defer_words] = [
        line for line in run(*words, stdin=number).splitlines() if "audit defer" in line
    ]
    command = [*defer_words.split()[1:], "--reference", "OP-7"]
    until = f"{date.today() + timedelta(days=10)}"
    run(*command, "--reason", "a police enquiry is open", "--until", until)
    said = run(*words, "--family", stdin=number)
    assert "nurse.one" not in said
    assert "These words stand in every report" in said
    assert "Kept back from the family until" in run(*words, stdin=number)
    listed = run("audit", "deferrals")
    assert "1 review is due within 14 days" in listed
    assert "a police enquiry is open. Decided by cli." in listed
    run(*command, "--end")
    assert "nurse.one" in run(*words, "--family", stdin=number)

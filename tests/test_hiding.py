"""What must stay hidden: no feed, copy, kill, correction or neighbour brings it out."""

from datetime import date, timedelta

import pytest

from graph import (
    BadKeyring,
    ChildRow,
    Consent,
    Emergency,
    Fault,
    FindChild,
    Graph,
    Keyring,
    LoadStopped,
    Outcome,
    PossibleDuplicates,
    Role,
    ServiceMapOf,
    Viewer,
)
from graph.store import Transaction
from tests.test_door import records
from tests.world import (
    BRADFORD,
    BROKER,
    CHIDI,
    IDLE,
    LEEDS,
    NOBODY,
    NOW,
    NURSE,
    SHIELDED,
    SOURCES,
    STEWARD,
    World,
    allocation,
    at,
    bradford,
    child,
    involvement,
    leeds,
    service,
    span,
)

NAMESAKE = {"family_name": "Okafor", "given_name": "Chidi", "birth_date": "2015-06-09"}
ZOFIA = {"family_name": "Nowak", "given_name": "Zofia", "birth_date": "2012-02-29"}


def found(world: World, **details: str) -> list[tuple[bool, bool]]:
    """Of each child found: restricted, and whether an identity is shown."""
    answer = world.graph.ask(NURSE, FindChild.model_validate(details))
    return [(one.restricted, one.identity is not None) for one in answer.children]


def shown(world: World) -> set[str]:
    """Names of the services on Chidi's map."""
    return {i.service.name for i in world.map().involvements if i.service}


def test_a_copy_of_a_shielded_child_is_shielded_before_anyone_sees_it(world: World) -> None:
    rows = [child("9", **ZOFIA)]
    world.graph.load(STEWARD, bradford(children=rows, involvements=[], full=False))
    assert found(world, **ZOFIA) == [(True, False)]


def test_shielding_a_child_shields_the_copies_that_were_there(world: World, bare) -> None:
    rows = [child("9", family_name="Okafor", given_name="Chidi", birth_date="2015-06-09")]
    world.graph.load(STEWARD, bradford(children=rows, involvements=[], full=False))
    first, second = leeds().children
    shielding = [first.model_copy(update={"shielded": True}), second]
    world.graph.load(STEWARD, leeds(children=shielding))
    assert bare("MATCH (c:Child {shielded: true}) RETURN count(c) AS n") == [{"n": 3}]


def test_a_known_record_that_takes_a_shielded_childs_number_is_shielded(world: World) -> None:
    early = [child("9", family_name="Else", given_name="Some", birth_date="2012-02-29")]
    world.graph.load(STEWARD, bradford(children=early, involvements=[], full=False))
    later = [child("9", nhs_number=SHIELDED, family_name="Else", given_name="Some")]
    report = world.graph.load(STEWARD, bradford(children=later, involvements=[], full=False))
    assert report.for_review == 1
    assert found(world, nhs_number=SHIELDED) == [(True, False)] * 2


def test_a_rejected_row_that_would_shield_shields(world: World, bare) -> None:
    fault = Fault(
        table="children", record="C1", sentence="is wrong", hides=True, **at(2, "children")
    )
    world.graph.load(STEWARD, leeds(children=leeds().children[1:], faults=[fault]))
    assert bare("MATCH (c:Child {shielded: true}) RETURN count(c) AS n") == [{"n": 2}]


def test_a_second_row_that_shields_a_new_child_shields_though_it_is_rejected(
    graph: Graph, bare
) -> None:
    graph.load(STEWARD, SOURCES[0])
    rows = [child("N1", **ZOFIA), child("N1", shielded=True, line=3, **ZOFIA)]
    empty = {"homes": [], "involvements": [], "allocations": []}
    report = graph.load(STEWARD, leeds(children=rows, **empty))
    assert report.rejected == 1
    assert bare("MATCH (c:Child) RETURN c.shielded AS s") == [{"s": True}]


def test_shielding_reaches_a_copy_that_only_another_source_ties_to_the_child(
    world: World, bare
) -> None:
    copy = [
        *bradford().children,
        child("9", family_name="Okafor-Eze", given_name="Chidi", birth_date="2015-06-09"),
    ]
    world.graph.load(STEWARD, bradford(children=copy))
    fault = Fault(
        table="children", record="C1", sentence="is wrong", hides=True, **at(2, "children")
    )
    world.graph.load(STEWARD, leeds(children=leeds().children[1:], faults=[fault]))
    assert bare("MATCH (c:Child {shielded: true}) RETURN count(c) AS n") == [{"n": 3}]


def test_a_rejected_row_that_would_withdraw_consent_withdraws_it(world: World) -> None:
    give(world, Consent.GIVEN)
    assert "Leeds Mind" in shown(world)
    fault = Fault(
        table="involvements", record="I2", sentence="is wrong", hides=True, **at(2, "involvements")
    )
    kept = [row for row in leeds().involvements if row.record != "I2"]
    world.graph.load(STEWARD, leeds(involvements=kept, faults=[fault]))
    assert "Leeds Mind" not in shown(world)


@pytest.mark.parametrize("between", [("C1", "T2"), None])
def test_a_rejected_row_withdraws_consent_that_another_row_gave_where_it_says_between_whom(
    world: World, bare, between: tuple[str, str] | None
) -> None:
    give(world, Consent.GIVEN)
    where = {"table": "involvements", "record": "I9", **at(9, "involvements")}
    fault = Fault(sentence="is wrong", hides=True, between=between, **where)
    rows = given_and_withdrawn("2021-05-02")[:-1]
    world.graph.load(STEWARD, leeds(involvements=rows, faults=[fault]))
    assert consents(bare) == (0 if between else 1)


def give(world: World, consent: Consent) -> None:
    """Load Chidi's sensitive involvement with a word on consent."""
    rows = list(leeds().involvements)
    rows[1] = involvement("I2", "C1", "T2", span("2021-05-01"), consent=consent)
    world.graph.load(STEWARD, leeds(involvements=rows))


def test_a_withdrawal_in_one_episode_ends_consent_given_in_another(world: World) -> None:
    give(world, Consent.GIVEN)
    given = involvement("I2", "C1", "T2", span("2021-05-01"), consent=Consent.GIVEN)
    anew = involvement("I9", "C1", "T2", span("2026-05-01"), consent=Consent.WITHDRAWN)
    world.graph.load(STEWARD, leeds(involvements=[*leeds().involvements[::2], given, anew]))
    assert "Leeds Mind" not in shown(world)


def test_consent_is_written_before_the_row_that_brings_it_counts_as_done(world: World) -> None:
    give(world, Consent.GIVEN)
    ran: list[str] = []
    run = Transaction.run
    try:
        Transaction.run = lambda self, name, /, **p: (ran.append(name), run(self, name, **p))[1]
        give(world, Consent.WITHDRAWN)
    finally:
        Transaction.run = run
    assert ran.index("load/end_consents") < ran.index("load/replace_involvements")


def test_a_kind_that_is_sensitive_is_so_without_a_flag(world: World) -> None:
    rows = [service("T7", "Clinic", LEEDS, agency="health", kind="sexual health")]
    more = [*leeds().involvements, involvement("I8", "C1", "T7", span("2026-01-01"))]
    batch = leeds(services=[*leeds().services, *rows], involvements=more)
    world.graph.load(STEWARD, batch)
    assert "Clinic" not in shown(world)


def test_what_was_sensitive_stays_so(world: World) -> None:
    plain = service("T2", "Leeds Mind", LEEDS, agency="health", duty_line="0113 496 0199")
    two = service("T2", "Leeds Mind", BRADFORD, agency="health")
    world.graph.load(STEWARD, leeds(services=[leeds().services[0], plain, two]))
    assert "Leeds Mind" not in shown(world)


def test_the_times_of_a_withheld_involvement_are_those_of_no_feed(world: World) -> None:
    [hidden] = [i for i in world.map().involvements if i.service is None]
    assert (hidden.recorded_at.day, hidden.recorded_at.microsecond) == (1, 0)
    assert hidden.asserted_on.day == 1


def test_numbers_or_births_that_do_not_agree_are_for_review(world: World) -> None:
    other = child("77", nhs_number=CHIDI, family_name="Okafor-Eze", birth_date="2014-01-01")
    assert world.graph.load(STEWARD, bradford(children=[other])).for_review == 1
    renumbered = child("77", nhs_number=NOBODY, family_name="Okafor-Eze", birth_date="2014-01-01")
    world.graph.load(STEWARD, bradford(children=[renumbered]))
    assert world.graph.ask(STEWARD, PossibleDuplicates()).pairs == []


def test_another_keyring_opens_and_loads_nothing(world: World, server) -> None:
    world.map()
    other = Graph(server.connection(), Keyring.new(), BROKER, clock=lambda: NOW.at)
    world.graph._keys_checked = False
    world.graph._check_keys()
    for work in (lambda: other.load(STEWARD, leeds()), lambda: other.ask(NURSE, find(CHIDI))):
        with pytest.raises(BadKeyring, match="not the one"):
            work()
    other.close()


def find(number: str) -> FindChild:
    """A search by number."""
    return FindChild(nhs_number=number)


def test_an_edge_that_was_corrected_away_is_no_ground(world: World) -> None:
    worker = Viewer(id="worker.two", role=Role.PRACTITIONER, service="bradford-health:A9")
    assert world.map(viewer=worker).involvements
    rows = [child("77", nhs_number=CHIDI), child("78", line=3, nhs_number=NOBODY)]
    moved = [involvement("1", "78", "A9", span("2026-04-10", "2026-04-11"))]
    world.graph.load(STEWARD, bradford(children=rows, involvements=moved))
    assert world.graph.ask(worker, find(CHIDI)).outcome is Outcome.NONE


def test_who_is_named_for_a_child_by_their_service_has_a_ground(world: World) -> None:
    only = [allocation("A1", "C1", "P1", "T1", span("2024-01-06"))]
    batch = leeds(involvements=leeds().involvements[1:], allocations=only)
    world.graph.load(STEWARD, batch, accept_drop=True)
    worker = Viewer(id="worker.three", role=Role.PRACTITIONER, service="leeds-social-care:T1")
    assert world.graph.ask(worker, find(CHIDI)).outcome is Outcome.ONE


def test_a_search_refused_and_a_search_in_vain_run_the_same_statements(
    world: World, monkeypatch
) -> None:
    ran: list[list[str]] = []
    run = Transaction.run
    monkeypatch.setattr(
        Transaction, "run", lambda s, n, /, **p: (ran[-1].append(n), run(s, n, **p))[1]
    )
    for number in (CHIDI, NOBODY):
        ran.append([])
        world.graph.ask(IDLE, find(number))
    assert ran[0] == ran[1]


def test_break_glass_needs_an_area_and_is_what_the_record_names(world: World, bare) -> None:
    hurried = IDLE.stating(emergency=Emergency.LIFE, reference="B-1")
    assert world.graph.ask(hurried, find(CHIDI)).outcome is Outcome.NONE
    namesake = [child("55", nhs_number=NOBODY, **NAMESAKE)]
    world.graph.load(STEWARD, bradford(children=namesake, involvements=[], full=False))
    viewer = Viewer(
        id="worker.four",
        role=Role.PRACTITIONER,
        service="leeds-social-care:T1",
        authority=LEEDS,
        emergency=Emergency.LIFE,
        reference="B-2",
    )
    by_name = FindChild(family_name="Okafor", given_name="Chidi", birth_date="2015-06-09")
    NOW.forward(minutes=1)
    assert world.graph.ask(viewer, by_name).outcome is Outcome.SEVERAL
    assert records(bare)[-1]["ground"] == "break-glass"


def test_the_record_tells_shown_from_refused(world: World, bare) -> None:
    namesake = [child("55", nhs_number=NOBODY, **NAMESAKE)]
    world.graph.load(STEWARD, bradford(children=namesake, involvements=[], full=False))
    worker = Viewer(id="worker.five", role=Role.PRACTITIONER, service="leeds-social-care:T1")
    by_name = FindChild(family_name="Okafor", given_name="Chidi", birth_date="2015-06-09")
    world.graph.ask(worker, by_name)
    last = records(bare)[-1]
    assert (len(last["children"]), len(last["refused"]), last["shown"]) == (1, 1, 1)


@pytest.mark.parametrize("reference", ["9990000026-1", "NHS9990000018/2", "999.000.0018"])
def test_no_reference_holds_an_nhs_number(reference: str) -> None:
    with pytest.raises(ValueError, match="holds an NHS number"):
        NURSE.stating(reference=reference)


def test_what_was_stated_for_a_child_is_recorded_for_that_child(world: World, bare) -> None:
    first = world.handle()
    plain = Viewer(id=NURSE.id, role=NURSE.role)
    world.graph.ask(plain, ServiceMapOf(child=first))
    assert (records(bare)[-1]["purpose"], records(bare)[-1]["reference"]) == (
        "attendance in emergency care",
        "ED-1042",
    )


def test_an_extract_from_the_future_is_refused(world: World) -> None:
    with pytest.raises(LoadStopped, match="in the future"):
        world.graph.load(STEWARD, leeds(extracted=NOW.at.date() + timedelta(days=1)))


def test_what_was_planned_and_then_not_sent_never_was(world: World) -> None:
    planned = involvement("I7", "C1", "T1", span("2026-12-10"))
    world.graph.load(STEWARD, leeds(involvements=[*leeds().involvements, planned]))
    NOW.forward(days=1)
    world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 22)), accept_drop=True)
    spans = [i.period for i in world.map().involvements]
    assert not any(p.from_ and p.to and p.to < p.from_ for p in spans)
    assert all(p.from_ != date(2026, 12, 10) for p in spans)


def test_an_extract_without_involvements_confirms_none(world: World) -> None:
    NOW.forward(days=7)
    only = leeds(extracted=date(2026, 11, 27), tables=("services",), involvements=[])
    world.graph.load(STEWARD, only)
    assert {i.asserted_on for i in world.map().involvements if i.service} == {date(2026, 11, 20)}


def test_a_sources_authority_put_right_moves_its_services(graph: Graph, bare) -> None:
    graph.load(STEWARD, SOURCES[0].model_copy(update={"authority": BRADFORD}))
    plain = [s.model_copy(update={"authority": None}) for s in leeds().services]
    graph.load(STEWARD, leeds(services=plain))
    graph.load(STEWARD, SOURCES[0])
    assert graph.load(STEWARD, leeds(services=plain)).changed == 2
    rows = bare("MATCH ()-[r:IN_AREA]->(a) WHERE r.key IS NOT NULL RETURN DISTINCT a.number AS a")
    assert rows == [{"a": LEEDS}]


def test_a_service_is_in_the_area_where_it_worked_at_the_time(world: World) -> None:
    once = service("T1", "Leeds Front Door", "370").model_copy(
        update={"period": span("2000-01-01", "2010-01-01")}
    )
    world.graph.load(STEWARD, leeds(services=[*leeds().services, once]))
    assert {i.authority.number for i in world.map().involvements} == {LEEDS, BRADFORD}


def test_who_takes_over_a_shielded_record_hides_those_from_whom_it_took_others(
    world: World, bare
) -> None:
    """Two records, one of a shielded child, become a third child's: nobody may be seen by that."""
    alone = {"homes": [], "involvements": [], "allocations": []}
    born = {"Ann": "2015-03-04", "Ben": "2014-07-21", "Cy": "2013-01-09"}
    numbers = dict(zip(born, ("9990010013", "9990020019", "9990030014"), strict=True))

    def said(record: str, who: str, shielded: bool = False) -> ChildRow:
        own = {"birth_date": born[who], "nhs_number": numbers[who]}
        return child(record, shielded, family_name=f"{who}son", given_name=who, **own)

    rows = [said("a", "Ann", shielded=True), said("b", "Ben")]
    world.graph.load(STEWARD, bradford(children=rows, full=False, **alone))
    for third in ([said("a", "Ann"), said("b", "Ben")], [said("a", "Cy"), said("b", "Cy")]):
        world.graph.load(STEWARD, leeds(children=third, full=False, **alone))
    found = bare("MATCH (c:Child) WHERE c.birth_year IN [2013, 2014] RETURN c.shielded AS shielded")
    assert [row["shielded"] for row in found] == [True, True]


def given_and_withdrawn(given_from: str = "2021-05-01", withdrawn=None) -> list:
    """Chidi's sensitive involvement with consent, and another that withdraws it."""
    rows = list(leeds().involvements)
    rows[1] = involvement("I2", "C1", "T2", span(given_from), consent=Consent.GIVEN)
    anew = withdrawn or span("2026-05-01")
    return [*rows, involvement("I9", "C1", "T2", anew, consent=Consent.WITHDRAWN)]


def consents(bare) -> int:
    text = "MATCH ()-[c:CONSENTS_TO]->() WHERE c.retracted_at IS NULL RETURN count(c) AS n"
    return bare(text)[0]["n"]


def test_consent_that_the_same_extract_withdraws_is_never_there(world: World, bare) -> None:
    world.graph.load(STEWARD, leeds(involvements=given_and_withdrawn()))
    assert consents(bare) == 0


def test_a_changed_row_does_not_give_again_what_another_row_withdraws(world: World, bare) -> None:
    give(world, Consent.GIVEN)
    assert consents(bare) == 1
    world.graph.load(STEWARD, leeds(involvements=given_and_withdrawn()))
    world.graph.load(STEWARD, leeds(involvements=given_and_withdrawn("2021-05-02")))
    assert consents(bare) == 0


def test_a_withdrawal_counts_however_long_ago_its_involvement_ended(world: World, bare) -> None:
    give(world, Consent.GIVEN)
    past = span("2010-05-01", "2012-01-01")
    world.graph.load(STEWARD, leeds(involvements=given_and_withdrawn(withdrawn=past)))
    assert consents(bare) == 0


def test_what_was_parted_is_marked_however_the_clock_runs(world: World, monkeypatch, bare) -> None:
    NOW.forward(days=1)
    monkeypatch.setattr(world.graph, "_clock", lambda: NOW.forward(seconds=1))
    anew = {"family_name": "Malik", "given_name": "Zara", "birth_date": "2019-05-05"}
    world.graph.load(STEWARD, bradford(children=[child("77", nhs_number=NOBODY, **anew)]))
    found = bare("MATCH ()-[k:KNOWN_AS]->() WHERE k.retracted_at IS NOT NULL RETURN k.parted AS p")
    assert found
    assert all(row["p"] for row in found)


def test_who_was_expected_is_born_once_the_day_has_come(
    world: World, keyring: Keyring, bare
) -> None:
    names = {"family_name": "Quill", "given_name": "Mae", "birth_date": "2026-12-10"}
    rows = [*leeds().children, child("U1", **names)]
    world.graph.load(STEWARD, leeds(children=rows))
    NOW.forward(days=60)
    world.graph.load(STEWARD, leeds(children=rows, extracted=date(2027, 1, 15)))
    text = "MATCH ()-[k:KNOWN_AS]->(c) WHERE k.retracted_at IS NULL RETURN k.sealed AS s, c.id AS c"
    said = [keyring.open(row["s"], row["c"]) for row in bare(text)]
    [mae] = [identity for identity in said if identity.given_name == "Mae"]
    assert mae.birth_date == date(2026, 12, 10)

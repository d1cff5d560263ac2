"""Loading: twice is once, a drop is guarded, a rejected row is not missing, marks survive."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import (
    Batch,
    DropTooLarge,
    Fault,
    Graph,
    LoadReport,
    OldExtract,
    Practitioner,
    Source,
    UnknownSource,
    loading,
    plan,
)
from graph.plan import fitting
from tests.world import (
    BRADFORD,
    CHIDI,
    EXTRACTED,
    NOBODY,
    NOW,
    SHIELDED,
    SOURCES,
    STEWARD,
    World,
    allocation,
    at,
    bradford,
    child,
    home,
    involvement,
    leeds,
    service,
    span,
    worker,
)

COUNT = (
    "MATCH (n) WHERE NOT n:Access OPTIONAL MATCH (n)-[r]->()"
    " RETURN count(DISTINCT n) AS nodes, count(r) AS edges"
)


def counts(report: LoadReport) -> tuple[int, ...]:
    """new, changed, unchanged, ended, rejected, for review."""
    r = report
    return (r.new, r.changed, r.unchanged, r.ended, r.rejected, r.for_review)


def test_the_same_file_again_writes_nothing_but_the_load_record(world: World, bare) -> None:
    [before] = bare(COUNT)
    report = world.graph.load(STEWARD, leeds())
    assert counts(report) == (0, 0, report.read, 0, 0, 0)
    [after] = bare(COUNT)
    assert (after["nodes"], after["edges"]) == (before["nodes"] + 1, before["edges"] + 1)
    [load] = bare(
        "MATCH (l:Load) RETURN l.user AS user, l.unchanged AS same ORDER BY l.unchanged DESC LIMIT 1"
    )
    assert load == {"user": "steward.one", "same": report.read}


def test_one_child_by_the_same_number_in_two_sources(world: World, bare) -> None:
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 2}]
    answer = world.map()
    assert {i.authority.number for i in answer.involvements} == {"383", "380"}
    assert answer.also_known_as in (["Chidi Okafor-Eze"], ["Chidi Okafor"])


def test_a_upn_with_the_birth_date_is_the_same_child_and_alone_is_not(graph: Graph, bare) -> None:
    for source in SOURCES:
        graph.load(STEWARD, source)
    upn = {"upn": "B801200005001"}
    graph.load(
        STEWARD, leeds(children=[child("C1", birth_date="2015-06-09", **upn), leeds().children[1]])
    )
    rows = [
        child("7", birth_date="2015-06-09", **upn),
        child("8", line=3, birth_date="2015-06-10", **upn),
    ]
    graph.load(STEWARD, bradford(children=rows, involvements=[]))
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 3}]


def test_numbers_that_point_to_two_children_are_for_review(world: World) -> None:
    both = child("C1", nhs_number="9990000026", family_name="Okafor", given_name="Chidi")
    report = world.graph.load(STEWARD, leeds(children=[both, leeds().children[1]]))
    assert report.for_review == 1


def test_two_rows_of_one_file_with_one_number_are_one_child(graph: Graph, bare) -> None:
    graph.load(STEWARD, SOURCES[1])
    rows = [child("1", nhs_number=NOBODY), child("2", line=3, nhs_number=NOBODY)]
    graph.load(STEWARD, bradford(children=rows, involvements=[]))
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 1}]


def test_an_unknown_source_loads_nothing(graph: Graph, bare) -> None:
    with pytest.raises(UnknownSource, match="signpost source add leeds-social-care"):
        graph.load(STEWARD, leeds())
    others = "MATCH (n) WHERE NOT n:Authority AND NOT n:Access AND NOT n:Keys RETURN count(n) AS n"
    assert bare(others) == [{"n": 0}]


def test_a_source_for_no_authority_is_refused(graph: Graph) -> None:
    with pytest.raises(UnknownSource, match="DfE number"):
        graph.load(STEWARD, SOURCES[0].model_copy(update={"authority": "123"}))


def test_a_source_is_put_right_without_a_second_one(graph: Graph, bare) -> None:
    graph.load(STEWARD, SOURCES[0])
    graph.load(STEWARD, SOURCES[0].model_copy(update={"authority": BRADFORD, "name": "New name"}))
    rows = bare("MATCH (s:Source)-[:SENDS_FOR]->(a) RETURN s.name AS name, a.number AS number")
    assert rows == [{"name": "New name", "number": BRADFORD}]


def test_a_large_drop_stops_and_has_written_nothing(world: World, bare) -> None:
    NOW.forward(days=7)
    [before] = bare(COUNT)
    with pytest.raises(DropTooLarge, match="--accept-drop"):
        world.graph.load(STEWARD, leeds(involvements=[], extracted=date(2026, 11, 27)))
    assert bare(COUNT) == [before]
    accepted = leeds(involvements=[], extracted=date(2026, 11, 27))
    assert world.graph.load(STEWARD, accepted, accept_drop=True).ended == 3


def test_an_older_snapshot_than_the_last_is_refused_and_a_partial_one_taken(world: World) -> None:
    NOW.forward(days=7)
    world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 27)))
    with pytest.raises(OldExtract, match="2026-11-27"):
        world.graph.load(STEWARD, leeds())
    assert world.graph.load(STEWARD, leeds(full=False)).unchanged


def test_a_partial_extract_and_an_absent_table_end_nothing(world: World) -> None:
    partial = leeds(involvements=[], homes=[], full=False)
    assert world.graph.load(STEWARD, partial).ended == 0
    without = leeds(involvements=[], tables=("services", "practitioners", "children", "homes"))
    assert world.graph.load(STEWARD, without).ended == 0


def test_a_rejected_row_is_not_taken_for_missing(world: World) -> None:
    kept = leeds().involvements[1:]
    fault = Fault(table="involvements", record="I1", sentence="is wrong", **at(2, "involvements"))
    named = leeds(involvements=kept, faults=[fault])
    assert counts(world.graph.load(STEWARD, named))[3:] == (0, 1, 0)
    unread = fault.model_copy(update={"record": None})
    assert world.graph.load(STEWARD, leeds(involvements=[], faults=[unread])).ended == 0


def test_rows_that_point_nowhere_are_rejected_with_file_and_line(graph: Graph) -> None:
    graph.load(STEWARD, SOURCES[0])
    batch = leeds(
        services=[service("T1", "Leeds Front Door", "383"), service("T9", "Nowhere", "998")],
        involvements=[
            involvement("I1", "C1", "T1", span("2020-01-06")),
            involvement("I2", "C1", "T7", span("2020-01-06")),
            involvement("I3", "C9", "T1", span("2020-01-06")),
            involvement("I1", "C1", "T1", span("2021-01-06")),
        ],
        homes=[home("H1", "C1", "999", span("2020-01-06"))],
        allocations=[],
    )
    report = graph.load(STEWARD, batch)
    said = [str(fault) for fault in report.faults]
    assert len(said) == 5
    for text in (
        "services.csv, line 2",
        "a service that is not",
        "a child who is not",
        "repeats the id",
    ):
        assert any(text in one for one in said)
    assert not any(word in "".join(said) for word in ("C9", "T7", "998", "999"))


def test_shielding_survives_every_load(world: World, bare) -> None:
    plain = leeds(children=[child("C1", nhs_number=CHIDI), child("C2", nhs_number="9990000026")])
    world.graph.load(STEWARD, plain)
    world.graph.load(
        STEWARD,
        bradford(children=[child("5", nhs_number="9990000026")], involvements=[]),
        accept_drop=True,
    )
    assert bare("MATCH (c:Child {shielded: true}) RETURN count(c) AS n") == [{"n": 1}]


def test_consent_shows_a_sensitive_service_until_it_is_withdrawn(world: World) -> None:
    def load(consent: str | None) -> bool:
        second = involvement("I2", "C1", "T2", span("2021-05-01"), consent=consent)
        rows = [leeds().involvements[0], second, leeds().involvements[2]]
        world.graph.load(STEWARD, leeds(involvements=rows))
        return any(i.service and i.service.name == "Leeds Mind" for i in world.map().involvements)

    assert [load(c) for c in (None, "given", None, "withdrawn", None, "given")] == [
        False, True, True, False, False, True,
    ]  # fmt: skip


def test_another_kind_of_file_of_the_same_source_ends_nothing_of_the_first(world: World) -> None:
    other = Batch(
        source="leeds-social-care", feed="annex-a", extracted=EXTRACTED,
        services=[service("T5", "Locality Team", "383")],
        children=[child("C1", birth_date="2015-06-09")],
        involvements=[involvement("L6", "C1", "T5", span("2026-01-01"))],
    )  # fmt: skip
    report = world.graph.load(STEWARD, other)
    assert counts(report) == (3, 0, 0, 0, 0, 0)
    assert "Locality Team" in {i.service.name for i in world.map().involvements if i.service}


def test_an_older_partial_extract_undoes_nothing_that_a_later_one_said(world: World, bare) -> None:
    NOW.forward(days=7)
    later = {"extracted": date(2026, 11, 27), "full": False}
    older = {"extracted": date(2026, 11, 24), "full": False}
    ended = [involvement("I1", "C1", "T1", span("2020-01-06", "2026-11-25"))]
    plain = child("C2", nhs_number=SHIELDED, family_name="Nowak", given_name="Zofia")
    world.graph.load(STEWARD, leeds(involvements=ended, children=[plain], **later))
    report = world.graph.load(STEWARD, leeds(**older))
    # But who was shielded in the older one is so now.
    assert counts(report)[:2] == (0, 1)
    assert "a later extract said otherwise of the same records: 1" in str(report.warnings[0])
    [row] = bare("MATCH ()-[e:INVOLVED_WITH {to: date('2026-11-25')}]->() RETURN e.key AS key")
    assert row["key"]


def test_a_practitioner_is_not_there_because_a_service_has_the_same_id(world: World) -> None:
    named = [allocation("A9", "C1", "T1", "T1", span("2024-01-06"))]
    report = world.graph.load(STEWARD, leeds(allocations=named, practitioners=[], full=False))
    assert (report.rejected, report.new) == (1, 0)
    assert "a practitioner who is not" in str(report.faults[0])


def test_another_feed_of_the_source_takes_no_telephone_from_a_worker(world: World, bare) -> None:
    said = "MATCH (p:Practitioner {id: 'leeds-social-care:P1'}) RETURN p.name AS name, p.work_phone AS tel"
    before = bare(said)
    plain = Practitioner.model_validate(
        {"id": "P1", "name": "Social worker", "profession": "social worker"}
    )
    row = worker("P1", "Social worker", "T1").model_copy(update={"practitioner": plain})
    world.graph.load(STEWARD, leeds(feed="ssda903", practitioners=[row], full=False))
    assert bare(said) == before
    assert before[0]["tel"]
    renamed = worker("P1", "Amina Yusuf-Bell", "T1")
    world.graph.load(STEWARD, leeds(practitioners=[renamed], full=False))
    assert bare(said)[0]["name"] == "Amina Yusuf-Bell"


STATES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("ST"), st.integers(0, 9), st.booleans()),
    max_size=8,
    unique_by=lambda row: (row[0], row[1]),
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=STATES, second=STATES)
def test_twice_is_once_and_only_the_last_extract_counts(graph: Graph, bare, first, second) -> None:
    """Loading any extract again changes nothing; what is open is what the last one says."""
    bare("MATCH (n) WHERE NOT n:Authority AND NOT n:Keys DETACH DELETE n")
    graph.load(
        STEWARD, Source(id="any", name="Any", authority="383", agency="health", basis="public task")
    )
    for day, state in ((1, first), (2, second)):
        batch = _batch(date(2026, 11, day), state)
        graph.load(STEWARD, batch, accept_drop=True)
        again = graph.load(STEWARD, batch, accept_drop=True)
        assert counts(again) == (0, 0, again.read, 0, 0, 0)
    rows = bare(
        "MATCH ()-[r:INVOLVED_WITH]->() WHERE r.key IS NOT NULL AND r.to IS NULL RETURN count(r) AS n"
    )
    assert rows == [{"n": sum(1 for row in second if not row[3])}]


def _batch(extracted: date, state) -> Batch:
    return Batch(
        source="any", feed="csv", extracted=extracted,
        services=[service(s, f"Service {s}", "383", agency="health") for s in "ST"],
        children=[child(c, line=n, family_name=c, given_name=c, birth_date="2015-01-01")
                  for n, c in enumerate("ABC", 2)],
        involvements=[
            involvement(f"{c}{s}", c, s, span(f"202{year}-01-01", "2030-01-01" if ended else None))
            for c, s, year, ended in state
        ],
    )  # fmt: skip


def test_a_transaction_takes_as_many_children_as_hold_the_lock_for_some_seconds() -> None:
    took = [fitting(1_000, seconds) for seconds in (0.0, 1.5, 3.0, 6.0, 60.0)]
    assert took == [4_000, 2_000, 1_000, 500, 250]


def test_who_holds_the_lock_too_long_takes_fewer_children(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CHILDREN", 5)
    monkeypatch.setattr(plan, "FEWEST", 2)
    monkeypatch.setattr(plan, "HELD", 0.0)
    graph.load(STEWARD, SOURCES[0])
    rows = [child(f"N{n}", given_name=f"Zz{'abcdefghijklmn'[n] * 3}a") for n in range(14)]
    told: list[int] = []
    empty = {"homes": [], "involvements": [], "allocations": []}
    graph.load(
        STEWARD,
        leeds(children=rows, **empty),
        progress=lambda what, done, _: told.append(done) if what == "children" else None,
    )
    # The second chunk is made while the first one is written.
    assert told == [5, 10, 12, 14]

"""Who sends, who is silent, which load stopped, and whose last extract is not as the ones before."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

import loaders
from graph import (
    Agency,
    Batch,
    Fault,
    Graph,
    Source,
    SourceList,
    SourceReport,
    SourceReports,
)
from signpost.__main__ import cli
from tests import test_ssd
from tests.test_commands import machine, run
from tests.world import (
    BRADFORD,
    IDLE,
    LEEDS,
    NOW,
    STEWARD,
    World,
    bradford,
    child,
    home,
    leeds,
    service,
    span,
)

__all__ = ["machine"]
POLICE = "bradford-police"


def asked(graph: Graph, **only: Any) -> SourceList:
    return graph.ask(IDLE, SourceReports.model_validate(only))


def one(graph: Graph, source: str) -> SourceReport:
    return next(report for report in asked(graph).sources if report.id == source)


def register(graph: Graph, id_: str, authority: str | None, agency: str = "health") -> None:
    said = {"id": id_, "name": id_.title().replace("-", " "), "authority": authority}
    graph.load(STEWARD, Source.model_validate({**said, "agency": agency, "basis": "public task"}))


def police(day: int, children: int, **more: Any) -> Batch:
    """An extract of that day in November: a service, and so many children."""
    rows = [child(f"K{n}", family_name="Many", given_name="Ann") for n in range(children)]
    said = {"source": POLICE, "feed": "csv", "extracted": date(2026, 11, day)}
    unit = service("U1", "Bradford Unit", BRADFORD, agency="police")
    return Batch.model_validate({**said, "services": [unit], "children": rows, **more})


def history(graph: Graph, *children: int) -> None:
    for day, many in enumerate(children, start=1):
        graph.load(STEWARD, police(day, many), accept_drop=True)
        NOW.forward(minutes=1)


def drift(graph: Graph) -> list[str]:
    [feed] = one(graph, POLICE).feeds
    return list(feed.drift)


def test_silent_ones_come_first_with_what_each_sent_last(world: World) -> None:
    found = asked(world.graph)
    assert [(s.name, s.silent) for s in found.sources] == [
        ("Bradford police", True),
        ("Bradford health", False),
        ("Leeds social care", False),
    ]
    assert [s.id for s in found.silent] == [POLICE]
    never, _, care = found.sources
    assert (never.last_extract, never.age_days, list(never.feeds)) == (None, None, [])
    assert care.authority
    assert (care.authority.name, care.agency, care.every_days) == ("Leeds", "social care", 7)
    assert (care.last_extract, care.age_days) == (date(2026, 11, 20), 3)
    [feed] = care.feeds
    assert feed.last
    # 2 services, 2 posts, 2 children, 2 homes, 3 involvements and 2 allocations.
    assert (feed.kind, feed.last.read, feed.last.new, feed.last.rejected) == ("csv", 13, 13, 0)
    assert feed.last.finished_at == NOW.at
    assert (feed.usual, list(feed.drift)) == (None, [])


def test_who_was_to_send_weekly_is_silent_after_two_weeks(world: World) -> None:
    NOW.forward(days=11)  # the extract is of three days before
    assert not one(world.graph, "leeds-social-care").silent
    NOW.forward(days=1)
    assert one(world.graph, "leeds-social-care").silent
    assert len(asked(world.graph, silent=True).sources) == 3


def test_by_authority_by_agency_and_silent_ones_only(world: World) -> None:
    def names(**only: Any) -> list[str]:
        return [source.name for source in asked(world.graph, **only).sources]

    assert names(authority="Leeds City Council") == names(authority="383") == ["Leeds social care"]
    assert names(agency="health") == ["Bradford health"]
    assert names(silent=True) == ["Bradford police"]
    assert names(authority="Bradford", agency="health", silent=True) == []
    assert not asked(world.graph, authority="Bradford", agency="health").without


def test_an_authority_that_nobody_knows_is_said_and_not_repeated() -> None:
    with pytest.raises(ValidationError, match="as 383 or Leeds") as caught:
        SourceReports(authority="Okaforshire")
    [fault] = caught.value.errors(include_input=False, include_url=False, include_context=False)
    assert "Okafor" not in fault["msg"]


def test_of_an_ended_authority_the_sources_of_its_successors_are_shown(graph: Graph) -> None:
    register(graph, "cumberland-health", "942")
    register(graph, "furness-health", "943")
    register(graph, "old-health", "909")
    register(graph, "leeds-health", LEEDS)
    found = asked(graph, authority="Cumbria County Council")
    assert {s.id for s in found.sources} == {"cumberland-health", "furness-health", "old-health"}
    assert [a.number for a in found.asked_for] == ["909", "942", "943"]
    assert asked(graph, authority="Cumberland").asked_for[1:] == []
    assert {s.id for s in asked(graph, authority="942").sources} == {"cumberland-health"}


def test_nobody_sends_for_authorities_that_there_are_now(graph: Graph) -> None:
    register(graph, "cumberland-health", "942")
    without = {a.number for a in asked(graph).without}
    assert LEEDS in without
    assert {"942", "909", "928", "000"} & without == set()
    assert [a.number for a in asked(graph, authority="909").without] == ["943"]


def test_a_national_register_is_listed_and_sends_for_nobody(graph: Graph) -> None:
    register(graph, "schools", None, "education")
    source = one(graph, "schools")
    assert (source.authority, source.silent) == (None, False)
    assert "schools" not in {s.id for s in asked(graph, authority="383").sources}
    assert len(asked(graph).without) > 140


def test_the_record_says_which_sources_were_asked_for(world: World, bare) -> None:
    asked(world.graph, authority="Leeds", agency=Agency.HEALTH)
    [row] = bare(
        "MATCH (r:Access {question: 'SourceReports'}) RETURN r.authority AS authority,"
        " r.agency AS agency, r.outcome AS outcome, r.children AS children"
    )
    assert row == {
        "authority": "383",
        "agency": "health",
        "outcome": "nothing found",
        "children": [],
    }


@pytest.mark.parametrize(
    ("children", "said"),
    [
        ((9, 9), []),
        ((9, 11, 10), []),
        ((9, 9, 7), []),  # 8 rows of 10: a fifth, and not more
        ((9, 9, 9, 4), ["50% fewer rows than usual: 5, usually 10."]),
        ((9, 99, 9, 4), ["50% fewer rows than usual: 5, usually 10."]),  # the median, not the mean
        ((9, 14), ["50% more rows than usual: 15, usually 10."]),
    ],
)
def test_rows_are_held_against_the_median_of_earlier_extracts(
    world: World, children: tuple[int, ...], said: list[str]
) -> None:
    history(world.graph, *children)
    assert drift(world.graph) == said


def test_an_extract_loaded_again_is_no_history_of_its_own(world: World) -> None:
    history(world.graph, 9, 4)
    for _ in range(4):
        NOW.forward(minutes=1)
        world.graph.load(STEWARD, police(2, 4))
    [feed] = one(world.graph, POLICE).feeds
    assert feed.usual
    assert (feed.usual.of, feed.usual.extracts) == (date(2026, 11, 2), 1)
    assert len(feed.drift) == 1


def test_repaired_rejects_are_not_held_against_snapshots(world: World) -> None:
    history(world.graph, 9, 9)
    repaired = police(2, 1, services=[], full=False, tables=["children"])
    world.graph.load(STEWARD, repaired)
    [feed] = one(world.graph, POLICE).feeds
    assert feed.last
    assert (feed.last.full, feed.last.read, feed.drift) == (False, 1, [])


def test_more_rejects_than_usual_are_said(world: World) -> None:
    history(world.graph, 9, 9)
    wrong = [home("H1", "nobody", BRADFORD, span("2020-01-01"))]
    world.graph.load(STEWARD, police(3, 9, homes=wrong), accept_drop=True)
    assert drift(world.graph) == ["9% of the rows were rejected, usually 0%."]


def counted(bare, day: int, **numbers: int) -> None:
    """What a load counted besides its rows, written where the load writes it."""
    bare(
        "MATCH (l:Load {extracted: $day}) SET l += $numbers",
        day=date(2026, 11, day),
        numbers=numbers,
    )


def test_fewer_named_workers_than_usual_are_said(world: World, bare) -> None:
    history(world.graph, 9, 9, 9)
    for day, unnamed in ((1, 4), (2, 5), (3, 14)):
        counted(bare, day, involvements=40, unnamed=unnamed)
    assert drift(world.graph) == [
        "No worker is named for 35% of open involvements, usually for 11%."
    ]
    counted(bare, 3, involvements=40, unnamed=8)
    assert drift(world.graph) == []


def test_more_warnings_than_usual_are_said(world: World) -> None:
    odd = [Fault(file="x.csv", line=line, sentence="is odd") for line in (2, 3)]
    for day, warnings in ((1, []), (2, []), (3, odd)):
        world.graph.load(STEWARD, police(day, 9, warnings=warnings))
    assert drift(world.graph) == ["2 warnings, usually 0."]


def an_ssd(world: World, folder: Path, day: int, *more: str, without: str = "") -> list[str]:
    """Load an extract of that day with further columns of ssd_person, and without one; return the drift."""
    head, row = test_ssd.table("ssd_person", {})
    kept = [at for at, name in enumerate(head) if name != without]
    rows = [[*(line[at] for at in kept), *more] for line in (head, row)]
    path = test_ssd.extract(folder / str(day), ssd_person=rows)
    extracted = date(2026, 11, day)
    world.graph.load(STEWARD, loaders.read("ssd", path, "leeds-social-care", extracted))
    NOW.forward(minutes=1)
    feeds = one(world.graph, "leeds-social-care").feeds
    return [sentence for feed in feeds if feed.kind == "ssd" for sentence in feed.drift]


def test_columns_that_are_new_or_gone_are_said_and_no_header_that_may_be_a_note(
    world: World, bare, tmp_path: Path
) -> None:
    assert an_ssd(world, tmp_path, 1) == []
    assert an_ssd(world, tmp_path, 2) == []
    assert an_ssd(world, tmp_path, 3, "Pers_Religion") == [
        'New, and not read: column "pers_religion" of ssd_person.'
    ]
    assert an_ssd(world, tmp_path, 4, "pers_religion") == []
    note = "see Zzcontent of 4 March"
    assert an_ssd(world, tmp_path, 5, "pers_religion", note, without="pers_nationality") == [
        "New, and not read: column 17 of ssd_person.",
        'Gone, and never read: column "pers_nationality" of ssd_person.',
    ]
    kept = bare("MATCH (l:Load {extracted: $day}) RETURN l.unread AS unread", day=date(2026, 11, 5))
    assert "Zzcontent" not in str(kept)
    assert "column 17 of ssd_person" in str(kept)


def test_what_an_older_load_did_not_keep_is_new_to_nobody(
    world: World, bare, tmp_path: Path
) -> None:
    an_ssd(world, tmp_path, 1)
    bare("MATCH (l:Load) REMOVE l.unread")
    assert an_ssd(world, tmp_path, 2, "pers_religion") == []
    assert an_ssd(world, tmp_path, 3, "pers_religion", "pers_faith") == [
        'New, and not read: column "pers_faith" of ssd_person.'
    ]


def test_what_an_older_load_did_not_count_is_not_compared(world: World, bare) -> None:
    history(world.graph, 9, 9)
    bare("MATCH (l:Load) REMOVE l.warnings, l.involvements, l.unnamed")
    counted(bare, 2, warnings=5, involvements=4, unnamed=4)
    assert drift(world.graph) == []


def test_two_kinds_of_file_of_one_source_have_each_their_own_history(world: World) -> None:
    history(world.graph, 9, 9)
    world.graph.load(STEWARD, police(3, 1, feed="annex-a"))
    csv, annex = reversed(one(world.graph, POLICE).feeds)
    assert (csv.kind, annex.kind) == ("csv", "annex-a")
    assert not csv.drift
    assert (annex.usual, list(annex.drift)) == (None, [])
    assert one(world.graph, POLICE).last_extract == date(2026, 11, 3)


class Stop(Exception):
    """Somebody pulls the plug."""


def pull(what: str, done: int, total: int) -> None:
    raise Stop


def stop(graph: Graph, batch: Batch) -> None:
    """Begin a load, and end it after its first children were written: one of them must be new."""
    with pytest.raises(Stop):
        graph.load(STEWARD, batch, accept_drop=True, progress=pull)


def test_a_load_that_began_and_never_finished_is_shown_until_one_makes_up_for_it(
    world: World,
) -> None:
    history(world.graph, 9)
    stop(world.graph, police(2, 10))
    source = one(world.graph, POLICE)
    [stopped] = source.feeds[0].stopped
    assert (stopped.extracted, stopped.finished_at) == (date(2026, 11, 2), None)
    assert source.last_extract == date(2026, 11, 1)
    assert source.stopped
    NOW.forward(minutes=1)
    world.graph.load(STEWARD, police(2, 1, services=[], full=False, tables=["children"]))
    assert one(world.graph, POLICE).stopped  # a part makes up for no snapshot
    NOW.forward(minutes=1)
    world.graph.load(STEWARD, police(2, 10))
    assert not one(world.graph, POLICE).stopped


def test_stopped_often_it_is_shown_once_and_before_those_that_only_drift(world: World) -> None:
    history(world.graph, 9, 9, 9)
    for more in range(3):
        NOW.forward(minutes=1)
        stop(world.graph, police(4, 10 + more))
    assert len(one(world.graph, POLICE).feeds[0].stopped) == 1
    world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 21), homes=[]), accept_drop=True)
    NOW.forward(minutes=1)
    few = leeds(
        extracted=date(2026, 11, 22), homes=[], involvements=[], allocations=[], practitioners=[]
    )
    world.graph.load(STEWARD, few, accept_drop=True)
    order = [s.id for s in asked(world.graph).sources]
    assert order == [POLICE, "leeds-social-care", "bradford-health"]
    # Of 1 November, it is silent too; without silence the stop still comes first.
    world.graph.load(STEWARD, police(20, 12), accept_drop=True)
    NOW.forward(minutes=1)
    stop(world.graph, police(21, 13))
    assert [s.id for s in asked(world.graph).sources] == order
    assert not asked(world.graph).silent


def test_coverage_asks_the_successors_of_an_ended_authority(world: World) -> None:
    for id_, number in (("cumberland-health", "942"), ("furness-health", "943")):
        register(world.graph, id_, number)
    lived = bradford(
        homes=[home("H1", "77", "909", span("2015-06-09", "2022-01-01"))],
        involvements=[],
        full=False,
    )
    world.graph.load(STEWARD, lived)
    coverage = world.map().coverage
    assert {"cumberland-health", "furness-health"} <= {s.id for s in coverage.sources}
    assert coverage.authorities_without_source == []


def test_a_register_of_services_is_not_asked_of_children(world: World) -> None:
    register(world.graph, "leeds-directory", LEEDS, "voluntary")
    rows = [service("V1", "Leeds Play", LEEDS, agency="voluntary")]
    said = {"source": "leeds-directory", "extracted": date(2026, 11, 20), "services": rows}
    world.graph.load(STEWARD, Batch.model_validate({**said, "feed": "openreferral"}))
    assert "leeds-directory" in {s.id for s in asked(world.graph).sources}
    assert "leeds-directory" not in {s.id for s in world.map().coverage.sources}
    # What sends of children too is asked, and is as old as what it said of them.
    said |= {"feed": "csv", "extracted": date(2026, 11, 6), "services": []}
    told = {"children": [child("D1", family_name="Else", given_name="Some")], "full": False}
    world.graph.load(STEWARD, Batch.model_validate({**said, **told}))
    [source] = [s for s in world.map().coverage.sources if s.id == "leeds-directory"]
    assert source.last_extract == date(2026, 11, 6)
    before = world.map(known_at=NOW.forward(minutes=1)).coverage
    assert "leeds-directory" in {s.id for s in before.sources}


def test_an_authority_with_nothing_but_a_register_has_no_source(graph: Graph) -> None:
    register(graph, "kent-directory", "886", "voluntary")
    rows = [service("V1", "Kent Play", "886", agency="voluntary")]
    said = {"source": "kent-directory", "extracted": date(2026, 11, 20), "services": rows}
    graph.load(STEWARD, Batch.model_validate({**said, "feed": "openreferral"}))
    found = asked(graph, authority="Kent")
    assert ([s.id for s in found.sources], [a.name for a in found.without]) == (
        ["kent-directory"],
        ["Kent"],
    )


def test_from_the_command_line(machine: Path, graph: Graph) -> None:
    NOW.forward(days=-2)  # the command asks by the machine's own clock
    World.loaded(graph)
    text = run("sources")
    assert text.index("Bradford police") < text.index("Leeds social care")
    for said in (
        "SILENT, never sent",
        "of which 1 are silent",
        "13 read, 13 new",
        "due every 7 days",
    ):
        assert said in text
    assert "Leeds social care" not in run("sources", "--silent")
    found = json.loads(run("sources", "--authority", "Bradford", "--json"))
    assert [source["id"] for source in found["sources"]] == ["bradford-police", "bradford-health"]
    assert "Asked of Cumbria, Cumberland, Westmorland and Furness." in run(
        "sources", "--authority", "909"
    )
    wrong = CliRunner().invoke(cli, ["sources", "--authority", "Okaforshire"])
    assert wrong.exit_code == 2
    assert "authority is not one that is known" in wrong.output
    assert "Okafor" not in wrong.output


def test_who_sends_for_the_whole_country_is_asked_everywhere(world: World, bare) -> None:
    for id_, agency in (("plans", "health"), ("schools", "education"), ("to-come", "health")):
        register(world.graph, id_, None, agency)
    rows = [service("P1", "Plans team", LEEDS, agency="health")]
    told = {"source": "plans", "extracted": date(2026, 11, 6), "full": False}
    held = {"children": [child("P1", family_name="Else", given_name="Some")], "services": rows}
    world.graph.load(STEWARD, Batch.model_validate({**told, **held, "feed": "cpis"}))
    told |= {"source": "schools", "services": rows}
    world.graph.load(STEWARD, Batch.model_validate({**told, "feed": "gias"}))
    coverage = world.map().coverage
    [national] = [one for one in coverage.sources if one.authority is None]
    assert (national.id, national.sends_for, national.last_extract) == (
        "plans",
        "All of England",
        date(2026, 11, 6),
    )
    assert coverage.national
    assert "plans" in {
        one.id for one in world.map(known_at=NOW.forward(minutes=1)).coverage.sources
    }
    # A register, and one of which nobody knows yet what it will send, are not asked of children.
    there = asked(world.graph, authority="Sheffield")
    assert [one.id for one in there.sources] == ["plans"]
    assert (there.national, [one.name for one in there.without]) == (True, ["Sheffield"])
    assert {"plans", "schools", "to-come"} <= {one.id for one in asked(world.graph).sources}
    # Those that an earlier version registered are told apart as the schema is made.
    bare("MATCH (s:Source) REMOVE s.national")
    bare("MATCH (n) WHERE n.schema IS NOT NULL REMOVE n.schema")
    assert not world.map().coverage.national
    world.graph.set_up()
    assert world.map().coverage.national

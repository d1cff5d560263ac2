"""What a source said, given back to its steward: whole, its own, and never who is hidden."""

import json
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graph import (
    BadInput,
    BadQuestion,
    Batch,
    ChangeReason,
    Consent,
    EpisodePage,
    EpisodesOf,
    Graph,
    InvolvementKind,
    Keyring,
    NotAllowed,
    NotVisible,
    Part,
    Role,
    Row,
    Viewer,
)
from loaders import episodes
from loaders.episodes.export import write
from signpost.__main__ import cli
from tests import test_commands
from tests.test_door import records
from tests.world import (
    BRADFORD,
    CHIDI,
    EXTRACTED,
    LEEDS,
    NOW,
    SHIELDED,
    SOURCES,
    STEWARD,
    allocation,
    bradford,
    child,
    involvement,
    leeds,
    service,
    span,
    whole,
    worker,
)

SOURCE = "leeds-social-care"
machine = test_commands.machine


def rich() -> Batch:
    """Leeds, with every kind of involvement, what ended, two areas, two services, parts and reasons."""
    usual = leeds()
    kinds = list(InvolvementKind)
    zoe = {"family_name": "Ash", "given_name": "Zoe Ann", "birth_date": "2014-03-02", "sex": "F"}
    unborn = {
        "family_name": "Ash",
        "expected_date": "2026-12-24",
        "former_names": ("Elm", "O'Neil"),
    }
    ties = [
        *usual.involvements,
        *(
            involvement(
                f"K{n}", "C4", "T1", span(f"2021-0{n + 1}-01", f"2021-0{n + 1}-20"), kind=kind
            )
            for n, kind in enumerate(kinds)
        ),
        involvement("I5", "C5", "T3", span()),
        involvement("I6", "C4", "T2", span("2022-01-01"), consent=Consent.GIVEN),
    ]
    lead, co = (
        allocation("A3", "C4", "P1", "T1", span()),
        allocation("A4", "C4", "P1", "T1", span()),
    )
    works = [
        *usual.allocations,
        lead,
        co.model_copy(update={"part": Part.CO_WORKER, "change_reason": ChangeReason.LEFTRL}),
        allocation("A5", "C4", "P1", "T1", span()),
        allocation("A6", "C5", "P2", "T1", span("2026-01-01", "2026-02-01")),
        allocation("A7", "C1", "P1", "T2", span()),
    ]
    places = [
        *usual.services,
        service("T1", "Leeds Front Door", BRADFORD, duty_line="0113 496 0101",
                out_of_hours_line="0113 496 0102", hours="Mo-Fr 09:00-17:00",
                confirmed_on="2026-11-02").model_copy(update={"period": span("2020-01-01")}),
        service("T3", "St. Mary's", LEEDS, agency="education", kind="school", code="urn:107130"),
        service("T4", "Nobody's Own", LEEDS),
    ]  # fmt: skip
    children = [*usual.children, child("C4", upn="H801200001001", **zoe), child("C5", **unborn)]
    posts = [
        *usual.practitioners,
        worker("P1", "Amina Yusuf", "T3", span("2020-01-01", "2021-01-01")),
    ]
    return leeds(
        services=places,
        practitioners=posts,
        children=children,
        involvements=ties,
        allocations=works,
    )


@pytest.fixture
def full(graph: Graph) -> Graph:
    """The small world with the richer Leeds."""
    for source in SOURCES:
        graph.load(STEWARD, source)
    graph.load(STEWARD, rich())
    graph.load(STEWARD, bradford())
    return graph


def pages(graph: Graph, who: Viewer = STEWARD, **asked: Any) -> list[EpisodePage]:
    """Every page of an export."""
    found = [graph.ask(who, EpisodesOf(**{"source": SOURCE, **asked}))]
    while found[-1].after:
        found.append(
            graph.ask(who, EpisodesOf(**{"source": SOURCE, **asked}, after=found[-1].after))
        )
    return found


def exported(graph: Graph, path: Path, **asked: Any) -> Path:
    write(path, (page.rows() for page in pages(graph, **asked)))
    return path


def told(graph: Graph, source: str = SOURCE) -> Counter[str]:
    """Everything that an export says, with children and records by what they are, not by their ids."""
    rows = [row for page in pages(graph, source=source) for row in page.rows()]
    names = {row.record: row.identity.model_dump_json() for row in rows if row.table == "children"}
    said = [
        {
            **row.model_dump(mode="json"),
            "table": row.table,
            "child": names.get(getattr(row, "child", "")),
        }
        for row in rows
    ]
    return Counter(json.dumps(one | {"record": ""}, sort_keys=True) for one in said)


def test_an_export_comes_back_as_it_went(full: Graph, bare, tmp_path: Path):
    """As another source in an emptied graph: all that the export before said, and no more."""
    before = told(full)
    path = exported(full, tmp_path / "out.json")
    bare(
        "MATCH (n) WHERE NOT n:Authority AND NOT n:Keys CALL (n) { DETACH DELETE n } IN TRANSACTIONS"
    )
    again = SOURCES[0].model_copy(update={"id": "leeds-again", "authority": BRADFORD})
    full.load(STEWARD, again)
    report = full.load(STEWARD, episodes.read(path, "leeds-again", EXTRACTED))
    assert (report.rejected, report.warnings) == (0, [])
    assert told(full, "leeds-again") == before
    # C1, C4 and C5: of C1's three services T1 alone, of C4's T1 nine times and T2 by consent, C5's T3.
    tables = Counter(json.loads(one)["table"] for one in before.elements())
    assert tables == {
        "children": 3, "services": 4, "practitioners": 3, "involvements": 12, "allocations": 6,
    }  # fmt: skip
    repeat = full.load(STEWARD, episodes.read(path, "leeds-again", EXTRACTED))
    assert (repeat.new, repeat.changed, repeat.ended) == (0, 0, 0)


def test_a_second_export_names_everything_alike(full: Graph, tmp_path: Path):
    first, second = exported(full, tmp_path / "a.json"), exported(full, tmp_path / "b.json", size=1)
    lines = [
        sorted(path.read_text().replace("},\n", "}\n").splitlines()) for path in (first, second)
    ]
    assert lines[0] == lines[1]


def test_the_file_is_what_the_standard_says(full: Graph, tmp_path: Path):
    """What the shapes of the Safeguarding Standard require of each class, but for the cost of a service."""
    required = {
        "Organisation": {"identifier", "name", "type", "contact", "relatedService"},
        "Service": {"identifier", "name", "type", "contact"},
        "Professional": {"identifier", "name", "role", "contact"},
        "ServiceEpisode": {
            "identifier", "type", "subjectPerson", "relatedService", "timeInformation", "location",
        },
        "Person": {"identifier", "name"},
    }  # fmt: skip
    nodes = json.loads(exported(full, tmp_path / "a.json").read_text())["@graph"]
    assert {node["@type"] for node in nodes} == required.keys()
    for node in nodes:
        assert required[node["@type"]] <= node.keys(), node["@type"]


def test_a_shielded_child_is_in_no_export(full: Graph, keyring: Keyring, tmp_path: Path):
    text = exported(full, tmp_path / "a.json").read_text()
    assert CHIDI in text
    assert SHIELDED not in text
    assert "Nowak" not in text
    first, second = leeds().children
    shielding = [first.model_copy(update={"shielded": True}), second]
    full.load(STEWARD, leeds(children=shielding, full=False))
    assert CHIDI not in exported(full, tmp_path / "b.json").read_text()


def test_a_child_who_is_one_with_a_shielded_child_is_in_no_export(
    full: Graph, bare, tmp_path: Path
):
    """Whatever the two nodes say by themselves, as while a load is on its way."""
    bare(
        "MATCH (a:Child {shielded: true}) MATCH (b:Child)<-[k:KNOWN_AS]-(:Source {id: $source})"
        " WHERE NOT b.shielded AND k.nhs_token IS NOT NULL"
        " CREATE (a)-[:MAY_BE {judgement: 'same', key: 'test', recorded_at: datetime()}]->(b)",
        source=SOURCE,
    )
    page = pages(full)[0]
    assert sorted(row.identity.family_name or "" for row in page.children) == ["Ash", "Ash"]
    assert CHIDI not in exported(full, tmp_path / "a.json").read_text()


def test_a_sensitive_service_is_told_only_with_consent(full: Graph, tmp_path: Path):
    """T2 is sensitive: C4 consents, and C1, who has a worker there, does not."""
    rows = pages(full)[0]
    mind = [tie for tie in (*rows.involvements, *rows.allocations) if tie.service == "T2"]
    zoe = next(row.record for row in rows.children if row.identity.given_name == "Zoe Ann")
    assert [(tie.table, tie.child) for tie in mind] == [("involvements", zoe)]
    others = [tie for tie in rich().involvements if tie.record != "I6"]

    def told(name: str, **consent: Any) -> str:
        mine = involvement("I6", "C4", "T2", span("2022-01-01"), **consent)
        full.load(STEWARD, rich().model_copy(update={"involvements": [*others, mine]}))
        return exported(full, tmp_path / f"{name}.json").read_text()

    text = told("until", consent="given", consent_until="2026-12-31")
    assert ("Leeds Mind" in text, '"signpost:consentUntil":"2026-12-31"' in text.replace(" ", "")) == (
        True, True,
    )  # fmt: skip
    for name, terms in {
        "ended": {"consent": "given", "consent_until": "2026-11-22"},
        "health": {"consent": "given", "consent_for": ["health"]},
        "withdrawn": {"consent": Consent.WITHDRAWN},
    }.items():
        assert "Leeds Mind" not in told(name, **terms)


def test_nothing_of_another_source_is_told(full: Graph, tmp_path: Path):
    """Bradford knows the same child under another spelling, and another service."""
    text = exported(full, tmp_path / "a.json").read_text()
    assert "Okafor" in text
    assert "Okafor-Eze" not in text
    assert "Bradford Emergency" not in text


def test_no_postcode_and_no_token_of_the_graph_goes_out(full: Graph, bare, tmp_path: Path):
    text = exported(full, tmp_path / "a.json").read_text()
    assert "LS1" not in text
    kept = bare("MATCH ()-[r]->() WHERE r.record IS NOT NULL RETURN DISTINCT r.record AS id")
    kept += bare("MATCH (c:Child) RETURN c.id AS id")
    assert len(kept) > 20
    assert not [one["id"] for one in kept if one["id"] in text]


def test_only_a_steward_may_and_each_page_leaves_its_record(full: Graph, bare):
    for role in Role:
        if role is not Role.STEWARD:
            with pytest.raises(NotAllowed):
                full.ask(
                    Viewer(id="one.else", role=role, authority=LEEDS), EpisodesOf(source=SOURCE)
                )
    assert len(pages(full, size=2)) == 2
    mine = [one for one in records(bare) if one["question"] == "EpisodesOf"]
    assert Counter(one["outcome"] for one in mine) == {"not allowed": 4, "shown": 2}
    shown = [one for one in mine if one["outcome"] == "shown"]
    assert sorted(len(one["children"]) for one in shown) == [1, 2]
    assert {(one["source"], one["ground"], one["user"]) for one in shown} == {
        (SOURCE, "role", "steward.one")
    }
    for value in (CHIDI, "Okafor", "Ash", "2015"):
        assert value not in str(mine)


def test_a_steward_of_another_area_sees_what_is_not_there(full: Graph):
    mine = STEWARD.model_copy(update={"authority": LEEDS})
    assert pages(full, mine)[0].children
    theirs = STEWARD.model_copy(update={"authority": BRADFORD})
    for who, source in (
        (theirs, SOURCE),
        (STEWARD, "no-such-source"),
        (STEWARD, "bradford-police"),
    ):
        with pytest.raises(NotVisible):
            full.ask(who, EpisodesOf(source=source))


def test_pages_hold_everyone_once_and_belong_to_their_viewer(full: Graph):
    small = pages(full, size=1)
    assert [page.shown for page in small] == [1, 1, 1]
    assert len({page.children[0].record for page in small}) == 3
    NOW.forward(days=2)
    second = EpisodesOf(source=SOURCE, size=1, after=small[0].after)
    assert full.ask(STEWARD, second).children == small[1].children
    other = STEWARD.model_copy(update={"id": "steward.two"})
    for who, after in ((other, small[0].after), (STEWARD, "k1.zz"), (STEWARD, "zz"), (STEWARD, "")):
        with pytest.raises(BadQuestion):
            full.ask(who, EpisodesOf(source=SOURCE, after=after))


def test_a_file_is_its_owners_only_and_never_written_over(full: Graph, tmp_path: Path):
    path = exported(full, tmp_path / "new" / "a.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    was = path.read_bytes()
    with pytest.raises(BadInput, match="is there already: name another file"):
        exported(full, path)
    assert path.read_bytes() == was


def test_an_export_that_stops_leaves_no_file(full: Graph, tmp_path: Path):
    def stopping() -> Iterator[list[Row]]:
        yield pages(full)[0].rows()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "a.json", stopping())
    assert not (tmp_path / "a.json").exists()


@pytest.mark.usefixtures("machine", "full")
def test_the_command_writes_a_file_and_tells_nobody(tmp_path: Path):
    path = tmp_path / "a.json"
    words = ["export", "episodes", str(path), "--source", SOURCE]
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "for you only" in result.output
    assert "Okafor" not in result.output
    assert episodes.knows(path)
    assert len(whole(episodes.read(path, SOURCE, EXTRACTED)).children) == 3


@pytest.mark.usefixtures("machine", "full")
def test_the_command_says_where_there_is_nothing(tmp_path: Path):
    words = ["export", "episodes", str(tmp_path / "a.json"), "--source", "bradford-police"]
    result = CliRunner().invoke(cli, words)
    assert isinstance(result.exception, BadQuestion)
    assert "There is nothing from bradford-police" in str(result.exception)
    assert not (tmp_path / "a.json").exists()


def test_an_allocation_of_a_worker_without_an_involvement_comes_back(full: Graph, tmp_path: Path):
    """C5 has a worker at T1, where no involvement is said; no involvement comes of it."""
    batch = whole(episodes.read(exported(full, tmp_path / "a.json"), SOURCE, EXTRACTED))
    alone = [tie for tie in batch.allocations if tie.practitioner == "P2" and tie.period.to]
    assert [(tie.service, str(tie.period.from_)) for tie in alone] == [("T1", "2026-01-01")]
    ties = {(tie.child, tie.service) for tie in batch.involvements}
    assert (alone[0].child, "T1") not in ties

"""Service episodes in the graph: nodes and edges as expected, again without a change, nothing of the case."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Graph, Keyring, LoadReport
from loaders import episodes
from tests.test_episodes import (
    TODAY,
    Node,
    episode,
    graph_of,
    organisation,
    person,
    professional,
    ref,
    service,
    usual,
    write,
)
from tests.world import CHIDI, NOW, SOURCES, STEWARD

SOURCE = "bradford-health"
MARKER = "ZZCONTENT"


@pytest.fixture
def registered(graph: Graph) -> Graph:
    """A graph that knows the source, which sends for Bradford."""
    graph.load(STEWARD, SOURCES[1])
    return graph


def loaded(graph: Graph, path: Path, *nodes: Any, day: date = TODAY) -> LoadReport:
    path = write(path / "a.json", graph_of(*nodes))
    return graph.load(STEWARD, episodes.read(path, SOURCE, day), accept_drop=True)


def test_nodes_and_edges(registered: Graph, bare, keyring: Keyring, tmp_path: Path):
    hub = service(identifier=[ref("SVC-2")], name="Family Hub", type=["CAMHS"])
    when = [{"startDateTime": "2026-01-06T10:00:00Z", "endDateTime": "2026-02-06T10:00:00Z"}]
    ended = episode(
        identifier=[ref("EP-2", "episode")],
        type=["section-47"],
        relatedService=[ref("SVC-2")],
        relatedProfessional=[],
        timeInformation=when,
    )
    report = loaded(registered, tmp_path, *usual(), hub, ended)
    # Two services, a post, a child, two involvements, an allocation.
    assert (report.read, report.new, report.rejected) == (7, 7, 0)
    edges = bare(
        "MATCH (a)-[e]->(b) WHERE e.feed IS NOT NULL AND NOT a:Source"
        " RETURN a.id AS start, type(e) AS edge, CASE WHEN b:Child THEN 'child'"
        " ELSE coalesce(b.number, b.id) END AS end,"
        " coalesce(e.kind, e.part) AS what, e.from AS since, e.to AS until"
    )
    one, two, amina = (f"{SOURCE}:{name}" for name in ("SVC-1", "SVC-2", "SW1234567"))
    may, january, february = date(2026, 5, 1), date(2026, 1, 6), date(2026, 2, 6)
    assert Counter(tuple(edge.values()) for edge in edges) == Counter(
        [
            (one, "IN_AREA", "383", None, None, None),
            (two, "IN_AREA", "380", None, None, None),
            (amina, "WORKS_AT", one, None, None, None),
            (one, "INVOLVED_WITH", "child", "child in need", may, None),
            (two, "INVOLVED_WITH", "child", "section 47 enquiry", january, february),
            (amina, "WORKS_WITH", "child", "allocated worker", None, None),
        ]
    )
    assert bare("MATCH (s:Service {sensitive: true}) RETURN s.name AS name") == [
        {"name": "Family Hub"}
    ]
    [child] = bare("MATCH ()-[k:KNOWN_AS]->(c) RETURN c.id AS id, k.sealed AS sealed")
    assert keyring.open(child["sealed"], child["id"]).nhs_number == CHIDI


def test_a_second_load_in_another_order_changes_nothing(registered: Graph, tmp_path: Path):
    nodes = [*usual(), episode(identifier=[ref("EP-2", "episode")], type=["cp-plan"])]
    loaded(registered, tmp_path, *nodes)
    report = loaded(registered, tmp_path, *nodes[::-1])
    assert (report.new, report.changed, report.ended, report.unchanged) == (0, 0, 0, report.read)


def test_what_is_not_sent_again_has_ended(registered: Graph, bare, tmp_path: Path):
    loaded(registered, tmp_path, *usual())
    NOW.forward(days=1)
    report = loaded(registered, tmp_path, *usual()[:4], day=date(2026, 11, 21))
    # The involvement and the allocation; services and posts are still described.
    assert (report.ended, report.rejected) == (2, 0)
    assert bare(
        "MATCH ()-[e:INVOLVED_WITH]->() WHERE e.retracted_at IS NULL RETURN e.to AS to, e.to_exact AS x"
    ) == [{"to": date(2026, 11, 21), "x": False}]


def test_a_refused_episode_ends_no_post_that_it_alone_implies(
    registered: Graph, bare, tmp_path: Path
):
    told = [organisation(), service(), professional(relatedService=[]), person()]
    loaded(registered, tmp_path, *told, episode())
    NOW.forward(days=1)
    bad = episode(timeInformation=[{"startDateTime": "2026-13-01"}])
    report = loaded(registered, tmp_path, *told, bad, day=date(2026, 11, 21))
    assert (report.ended, report.changed) == (0, 0)
    assert bare("MATCH ()-[e:WORKS_AT]->() WHERE e.retracted_at IS NULL RETURN e.to AS to") == [
        {"to": None}
    ]


def test_a_refused_professional_moves_no_work_to_another_service(registered: Graph, tmp_path: Path):
    hub = service(identifier=[ref("SVC-0")], name="Family Hub")
    both = episode(relatedService=[ref("SVC-0"), ref("SVC-1")])
    loaded(registered, tmp_path, organisation(), hub, service(), professional(), person(), both)
    NOW.forward(days=1)
    bad = professional(name={"familyName": ["Duty Team"]})
    nodes = organisation(), hub, service(), bad, person(), both
    report = loaded(registered, tmp_path, *nodes, day=date(2026, 11, 21))
    assert (report.new, report.changed, report.ended) == (0, 0, 0)
    assert {fault.file for fault in report.faults} == {"a.json/object 4", "a.json/object 6"}


def test_what_names_nobody_that_is_known_is_refused(registered: Graph, tmp_path: Path):
    """The professional and the service of an episode that the file does not describe, nor the graph has."""
    unknown = [{"professional": ref("P-9", "professional"), "involvement": "PPRF"}]
    report = loaded(registered, tmp_path, *usual(relatedProfessional=unknown))
    [fault] = report.faults
    assert (fault.table, fault.file) == ("allocations", "a.json/object 5")
    assert fault.sentence.startswith("names a practitioner who is not in this extract")
    kept = episodes.reject(tmp_path / "a.json", report.faults, tmp_path / "out")
    assert kept
    assert '"P-9"' in kept.read_text()


def stuffed(node: Node, **more: Any) -> Node:
    """A node with content in every property of the standard that says something of a child's case."""
    return node | {"@id": MARKER, "alias": [MARKER], "text": MARKER, MARKER: MARKER} | more


def test_nothing_of_the_case_is_in_the_store(
    registered: Graph, bare, keyring: Keyring, tmp_path: Path
):
    address = {"line1": MARKER, "line2": MARKER, "city": MARKER, "UPRN": MARKER, "USRN": MARKER}
    finding = {
        "observation": [{"type": MARKER, "startDate": MARKER}],
        "measurement": [{"type": MARKER, "value": MARKER}],
        "text": [MARKER],
    }
    nodes = [
        stuffed(organisation(), alias=[], address=[address]),
        stuffed(service(), address=[address], delivery=[MARKER], costFrequency=MARKER),
        stuffed(professional(), status=MARKER, relatedOrganisation=[ref(MARKER)]),
        stuffed(
            person(),
            address=[{**address, "use": "temp", "postcode": MARKER}, {**address, "use": "home"}],
            contact=[{"email": [MARKER], "telephone": [MARKER]}],
            ethnicityCode=MARKER,
            isDeceased=MARKER,
            deceasedDate={"date": MARKER},
            relatedPerson=[{"identifier": ref(MARKER), "relationship": [MARKER]}],
            primaryContactProfessional=[ref(MARKER)],
            matchedPersonRef=[ref(MARKER)],
            aboutMe=ref(MARKER),
            communication=[{"specialCommunicationNeeds": MARKER, "language": [MARKER]}],
        ),
        stuffed(
            episode(type=["plan.cin-plan", f"plan.{MARKER}"]),
            location=[MARKER],
            finding=[finding],
            outcome=MARKER,
            episodeOutcome=MARKER,
            timeInformation=[
                {"startDateTime": "2026-05-01", "frequency": {"repeat": {"when": [MARKER]}}}
            ],
        ),
        {"@type": "LifeEvent", "type": [MARKER], "location": [MARKER]},
        {"@type": "CareNeedsAssessment", "assessmentQuestion": [{"answer": [MARKER]}]},
        {"@type": "Placement", "riskAssessment": MARKER},
    ]
    report = loaded(registered, tmp_path, *nodes)
    assert (report.rejected, report.new) == (0, 5)
    rows = bare(
        "MATCH (n) RETURN properties(n) AS p UNION ALL MATCH ()-[r]->() RETURN properties(r) AS p"
    )
    assert MARKER not in str(rows)
    [child] = bare("MATCH ()-[k:KNOWN_AS]->(c) RETURN c.id AS id, k.sealed AS sealed")
    assert MARKER not in keyring.open(child["sealed"], child["id"]).model_dump_json()

"""What is wrong in a file of episodes: a sentence with its place, and a file to repair and send back."""

import json
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from graph import BadInput
from loaders import episodes
from tests.test_episodes import (
    NHS,
    TODAY,
    Node,
    episode,
    load,
    organisation,
    person,
    professional,
    ref,
    said,
    service,
    usual,
)
from tests.world import whole


@pytest.mark.parametrize(
    ("more", "column", "sentence"),
    [
        ({"identifier": []}, "identifier", "is missing, or holds what is not an identifier"),
        ({"identifier": [ref("a;b", "episode")]}, "identifier",
         "is not an id: letters, digits and ._:/@-, at most 64"),
        ({"subjectPerson": []}, "subjectPerson", "is missing, or names nobody whom it is about"),
        ({"relatedService": []}, "relatedService",
         "is missing, or holds what is not an identifier"),
        ({"relatedService": [ref("SVC-1"), {"@id": "ex:svc"}]}, "relatedService",
         "is missing, or holds what is not an identifier"),
        ({"subjectPerson": [{"involvement": "SBJ"}]}, "subjectPerson",
         "is missing, or holds what is not an identifier"),
        ({"timeInformation": [{"startDateTime": "01/05/2026"}]}, "timeInformation",
         "is not a date, as 2026-03-04T09:30:00Z"),
        ({"timeInformation": [{"startDateTime": "2026-02-30"}]}, "timeInformation",
         "is not a date, as 2026-03-04T09:30:00Z"),
        ({"timeInformation": [{"startDateTime": "1900-01-02"}]}, "timeInformation",
         "is in 1900 or before, which systems write for an unknown date"),
        ({"timeInformation": [{"startDateTime": "2026-05-02", "endDateTime": "2026-05-01"}]},
         "timeInformation", "ends before it starts"),
        ({"signpost:kind": "zz"}, "signpost:kind", "is no kind of involvement that is known"),
        ({"signpost:consent": "zz"}, "signpost:consent", "is neither given nor withdrawn"),
        ({"signpost:consentUntil": "2027-03-31"}, "signpost:consent", "is not given, but how far it goes"),
        ({"signpost:consentFor": "health"}, "signpost:consentFor", "is not a list of agencies"),
        ({"relatedProfessional": [{"professional": ref("SW1234567", "registration"),
                                   "signpost:part": "zz"}]}, "relatedProfessional",
         "says a part, a time or a reason that cannot be"),
        ({"relatedProfessional": [{"professional": ref(";", "registration")}]},
         "relatedProfessional", "is not an id: letters, digits and ._:/@-, at most 64"),
    ],
)  # fmt: skip
def test_episodes_that_cannot_be(tmp_path: Path, more: Node, column: str, sentence: str):
    good = episode(identifier=[ref("EP-2", "episode")])
    batch = load(tmp_path, *usual(**more), good)
    assert set(said(batch)) == {(column, sentence)}
    assert {fault.table for fault in batch.faults} == {
        "involvements",
        "allocations",
        "practitioners",
    }
    assert {fault.file for fault in batch.faults} == {"a.json/object 5"}
    assert len(batch.involvements) == 1


def test_a_refused_episode_holds_its_own_involvements(tmp_path: Path):
    """With its id, child and service readable, nothing else of the table is held back."""
    good = load(tmp_path, *usual()).involvements[0].record
    batch = load(tmp_path, *usual(**{"signpost:consent": "withdrawn?"}))
    faults = {(fault.table, fault.record, fault.hides) for fault in batch.faults}
    tied = {(table, None, True) for table in ("allocations", "practitioners")}
    assert faults == {("involvements", good, True), *tied}


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"identifier": [ref("LA-7", "local-authority-id"), ref("999 000 0019", NHS)]},
         "identifier"),
        ({"name": {"familyName": ["Zz9"]}}, "name"),
        ({"dateOfBirth": "zz"}, "dateOfBirth"),
        ({"dateOfBirth": {"date": "2099-01-01"}}, "dateOfBirth"),
        ({"address": [{"use": "home", "postcode": "zz"}]}, "address"),
    ],
)  # fmt: skip
def test_children_that_cannot_be(tmp_path: Path, more: Node, column: str):
    about = [{"person": ref("LA-7", "local-authority-id")}]
    batch = load(tmp_path, *usual()[:3], person(**more), episode(subjectPerson=about))
    assert {(f.column, f.table, f.record, f.hides) for f in batch.faults} == {
        (column, "children", "LA-7", False)
    }
    assert not batch.children


def test_a_rejected_child_that_was_marked_is_to_be_hidden(tmp_path: Path):
    marked = person(dateOfBirth="zz", **{"signpost:shielded": "perhaps"})
    assert [fault.hides for fault in load(tmp_path, *usual()[:3], marked, episode()).faults] == [
        True
    ]


@pytest.mark.parametrize(
    ("node", "column", "table"),
    [
        (service(name=None), "name", "services"),
        (service(name="Zz <b>" * 40), "name", "services"),
        (service(identifier=[]), "identifier", "services"),
        (service(**{"signpost:agency": "zz"}), "signpost:agency", "services"),
        (service(**{"signpost:kind": ["zz"]}), "signpost:kind", "services"),
        (
            service(**{"signpost:area": [{"signpost:authority": "999"}]}),
            "signpost:area",
            "services",
        ),
        (professional(name={"familyName": ["Duty Team"]}), "name", "practitioners"),
        (professional(identifier="?"), "identifier", "practitioners"),
        (professional(relatedService=[ref("?")]), "signpost:post", "practitioners"),
    ],
)
def test_services_and_professionals_that_cannot_be(
    tmp_path: Path, node: Node, column: str, table: str
):
    batch = load(tmp_path, node)
    assert {(f.column, f.table, f.record) for f in batch.faults} == {(column, table, None)}


@pytest.mark.parametrize(
    ("nodes", "column", "sentence"),
    [
        ([service(contact=[{"telephone": ["+44 7946 0000"]}])], "contact",
         "is not a UK telephone number, as 0113 496 0000; it is taken without that"),
        ([service(**{"signpost:hours": "zz"})], "signpost:hours",
         "is not hours, as Mo-Fr 09:00-17:00; Sa 10:00-12:00; it is taken without that"),
        ([professional(contact={"telephone": ["zz"]})], "contact",
         "is not a UK telephone number, as 0113 496 0000; it is taken without that"),
        ([organisation(name="Zz Council")], "name",
         "is no authority that is known; its services are taken for the source's own area"),
        ([{"@type": "Zz"}], "@type", "is none of those that are read"),
        (usual(timeInformation=[]), "timeInformation", "is missing; it is taken without that"),
        (usual(timeInformation=[{"startDateTime": "2027-01-01"}]), "timeInformation",
         "is after the date of the extract; it is taken as it is"),
    ],
)  # fmt: skip
def test_what_is_odd_is_a_warning(tmp_path: Path, nodes: list[Node], column: str, sentence: str):
    batch = load(tmp_path, *nodes)
    assert not batch.faults
    assert [(one.column, one.sentence) for one in batch.warnings] == [(column, sentence)]


@pytest.mark.parametrize("node", [1, "zz", None, ["zz"], {}, {"identifier": []}])
def test_what_is_no_object_of_a_type_holds_back_every_ending(tmp_path: Path, node: Any):
    batch = load(tmp_path, *usual(), node)
    assert [(f.table, f.record) for f in batch.faults] == [("", None)]
    assert batch.faults[0].sentence in ("is not an object", "has no @type")
    assert len(batch.involvements) == 1


def test_one_value_in_two_systems_is_never_taken_for_one_child(tmp_path: Path):
    """Neither of the two can be read, in whichever order they stand, nor what names them."""
    other = person(identifier=[ref("LA-7", "another-system"), ref("9990000026", NHS)])
    about = [{"person": ref("9990000026", NHS)}]
    theirs = episode(identifier=[ref("EP-2", "episode")], subjectPerson=about)
    for nodes in ([*usual(), other, theirs], [other, theirs, *usual()]):
        batch = load(tmp_path, *nodes)
        assert not batch.children
        assert not batch.involvements
        assert Counter(f.column for f in batch.faults if f.table in ("children", "involvements")) == {
            "identifier": 2, "subjectPerson": 2,
        }  # fmt: skip
    third = episode(subjectPerson=[{"person": ref("LA-7", "a-third-system")}])
    assert {f.column for f in load(tmp_path, *usual()[:4], third).faults} == {"subjectPerson"}


def test_no_fault_holds_what_it_is_about(tmp_path: Path):
    marks = usual(timeInformation=[{"startDateTime": "zz9"}], **{"signpost:kind": "zz9"})
    marks += [person(dateOfBirth="zz9"), service(name="zz9" * 50), {"@type": "zz9"}]
    batch = load(tmp_path, *marks)
    assert "zz9" not in "".join(f"{one}{one.table}" for one in (*batch.faults, *batch.warnings))


def rejected(tmp_path: Path, *nodes: Any) -> tuple[Path, list[Node]]:
    """The file of rejects of a file with these objects, and the objects in it."""
    batch = load(tmp_path, *nodes)
    kept = episodes.reject(tmp_path / "a.json", batch.faults, tmp_path / "out")
    assert kept
    return kept, json.loads(kept.read_text())["@graph"]


def test_only_what_was_rejected_goes_out_and_only_what_is_read(tmp_path: Path):
    bad = episode(timeInformation=[{"startDateTime": "never"}], finding=[{"text": ["Zz"]}])
    kept, nodes = rejected(tmp_path, *usual()[:4], bad)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    (node,) = nodes
    assert node.pop("reason") == "timeInformation: is not a date, as 2026-03-04T09:30:00Z"
    assert set(node) == {
        "@type", "identifier", "type", "subjectPerson", "relatedProfessional", "relatedService",
        "timeInformation",
    }  # fmt: skip
    assert "Zz" not in kept.read_text()
    assert "9990000018" not in kept.read_text()


def test_a_repaired_episode_loads_as_it_would_have(tmp_path: Path):
    wanted = load(tmp_path, *usual())
    bad = episode(timeInformation=[{"startDateTime": "never"}])
    kept, _ = rejected(tmp_path, *usual()[:4], bad)
    kept.write_text(kept.read_text().replace("never", "2026-05-01T09:30:00Z"))
    batch = whole(episodes.read(kept, "leeds", TODAY))
    assert not batch.full
    assert not batch.faults
    rows = [*batch.involvements, *batch.allocations]
    where = {"file": "", "line": 0}
    assert [row.model_copy(update=where) for row in rows] == [
        row.model_copy(update=where) for row in (*wanted.involvements, *wanted.allocations)
    ]
    assert episodes.knows(kept)


def test_a_repaired_service_keeps_its_area_and_a_child_no_address_but_home(tmp_path: Path):
    bad = [organisation(), service(name=""), professional()]
    places = [{"use": "temp", "postcode": "ZZ1 1ZZ"}, {"use": "home", "postcode": "LS1 4AP"}]
    child = person(dateOfBirth="never", address=places, ethnicityCode="Zz")
    kept, nodes = rejected(tmp_path, *bad, child, episode())
    assert [node["@type"] for node in nodes] == ["Organisation", "Service", "Person"]
    assert nodes[2]["address"] == [{"use": "home", "postcode": "LS1 4AP"}]
    text = kept.read_text().replace('"name": ""', '"name": "Front Door"')
    kept.write_text(text.replace("never", "2015-06-09"))
    batch = whole(episodes.read(kept, "leeds", TODAY))
    assert [(row.record, row.service.name) for row in batch.services] == [
        ("SVC-1/383", "Front Door")
    ]


def test_what_was_not_repaired_is_rejected_again(tmp_path: Path):
    first, nodes = rejected(tmp_path, *usual(timeInformation="never"), 7, {"a": "zz"})
    assert [node["reason"] for node in nodes][1:] == ["is not an object", "has no @type"]
    batch = whole(episodes.read(first, "leeds", TODAY))
    second = episodes.reject(first, batch.faults, tmp_path / "again")
    assert second
    again = json.loads(second.read_text())["@graph"]
    assert again[0] == nodes[0]
    assert len(again) == 3


def test_rejects_never_overwrite_and_nothing_rejected_writes_nothing(tmp_path: Path):
    batch = load(tmp_path, *usual(timeInformation="never"))
    with pytest.raises(BadInput, match="is there already"):
        episodes.reject(tmp_path / "a.json", batch.faults, tmp_path)
    assert episodes.reject(tmp_path / "a.json", [], tmp_path / "out") is None
    assert not (tmp_path / "out").exists()

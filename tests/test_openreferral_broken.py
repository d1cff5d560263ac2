"""Directories of services that are wrong: each fault, its repair, and files that are broken."""

import json
import stat
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph import Graph, Source
from graph.errors import BadInput
from loaders import openreferral
from loaders.openreferral.shape import REASON
from tests.test_openreferral import (
    DIRECTORY,
    ELM,
    OAK,
    SAMPLE,
    TODAY,
    envelope,
    put,
    read,
    read_one,
    said,
)
from tests.world import STEWARD


@pytest.mark.parametrize(
    ("changed", "column", "sentence", "records"),
    [
        ({"id": None}, "id", "is missing", [None]),
        ({"id": ""}, "id", "is missing", [None]),
        ({"id": {"a": 1}}, "id", "is missing", [None]),
        ({"id": "-ZZ;"}, "id", "is not an id: letters, digits and ._:/@-, at most 64", [None]),
        ({"id": "Z" * 65}, "id", "is not an id: letters, digits and ._:/@-, at most 64", [None]),
        ({"id": True}, "id", "is not an id: the cell holds a date or a yes/no", [None]),
        (
            {"id": 10**20},
            "id",
            "is a number of more digits than Excel keeps: send it as text",
            [None],
        ),
        ({"name": None}, "name", "is missing", ["/380", "/383"]),
        ({"name": "<p></p>"}, "name", "is missing", ["/380", "/383"]),
        ({"name": ["ZZ"]}, "name", "is missing", ["/380", "/383"]),
    ],
)
def test_each_fault(
    tmp_path: Path, changed: dict[str, Any], column: str, sentence: str, records: list[str | None]
):
    batch = read_one(tmp_path, **changed)
    assert not batch.services
    assert [(f.column, f.sentence) for f in batch.faults] == [(column, sentence)] * len(records)
    assert [f.record for f in batch.faults] == [r and ELM["id"] + r for r in records]
    assert {(f.file, f.line, f.table) for f in batch.faults} == {("a.json/1", 2, "services")}


@pytest.mark.parametrize("item", [None, 7, "ZZ", [], [ELM]])
def test_an_item_that_is_no_object_is_a_fault(tmp_path: Path, item: Any):
    batch = read(put(tmp_path / "a.json", envelope(OAK, item)))
    assert [row.service.id for row in batch.services] == ["b1"]
    assert said(batch.faults) == [("", "is not an object")]
    assert batch.faults[0].record is None


def test_faults_name_the_line_and_the_place_in_the_list(tmp_path: Path):
    one_line = json.dumps(envelope(ELM, {**OAK, "name": ""}, {**OAK, "id": "b2", "name": ""}))
    (tmp_path / "a.json").write_text(f"\n\n{one_line}")
    batch = read(tmp_path / "a.json")
    assert [(f.file, f.line, f.record) for f in batch.faults] == [
        ("a.json/2", 3, "b1/383"),
        ("a.json/3", 3, "b2/383"),
    ]
    text = json.dumps([ELM, {**OAK, "name": ""}], indent=2)
    (tmp_path / "a.json").write_text(text)
    (fault,) = read(tmp_path / "a.json").faults
    assert text.splitlines()[fault.line - 1].strip() == "{"
    assert OAK["id"] in text.splitlines()[fault.line]


def test_a_refused_service_has_not_ended(graph: Graph, tmp_path: Path):
    graph.load(STEWARD, DIRECTORY)
    graph.load(STEWARD, read(put(tmp_path / "a.json", [ELM, OAK])))
    report = graph.load(STEWARD, read(put(tmp_path / "a.json", [ELM, {**OAK, "name": ""}])))
    assert (report.unchanged, report.rejected, report.ended) == (2, 1, 0)


def test_rejects_are_repaired_and_loaded(tmp_path: Path):
    wrong = {**OAK, "name": "", "description": "ZZCONTENT"}
    put(tmp_path / "in" / "1.json", envelope(ELM))
    put(tmp_path / "in" / "2.json", envelope(wrong, {**OAK, "id": "b2"}, {**ELM, "id": None}))
    batch = read(tmp_path / "in")
    kept = openreferral.reject(tmp_path / "in", batch.faults, tmp_path / "out")
    assert kept == tmp_path / "out"
    (path,) = kept.iterdir()
    assert (path.name, stat.S_IMODE(path.stat().st_mode)) == ("2.json", 0o600)
    assert "ZZCONTENT" not in path.read_text()
    assert "description" not in path.read_text()
    items = json.loads(path.read_text())["contents"]
    assert [(item["id"], item[REASON]) for item in items] == [
        ("b1", "name: is missing"),
        (None, "id: is missing"),
    ]
    assert openreferral.knows(kept)
    assert len(read(kept).faults) == 2
    items[0]["name"], items[1]["id"] = "Oak Street Parenting", "b3"
    put(path, {"contents": items})
    again = read(kept)
    assert not again.faults
    assert not again.full
    assert not again.warnings
    assert [row.record for row in again.services] == ["b1/383", "b3/380", "b3/383"]
    assert again.services[0].service == read(put(tmp_path / "b.json", [OAK])).services[0].service


def test_a_national_directory_takes_a_service_without_an_area(
    graph: Graph, bare: Any, tmp_path: Path
):
    nowhere = {**OAK, "service_areas": [], "id": "b2"}
    graph.load(STEWARD, Source.model_validate({**DIRECTORY.model_dump(), "authority": None}))
    path = put(tmp_path / "a.json", envelope(OAK, nowhere))
    report = graph.load(STEWARD, read(path))
    assert (report.new, report.rejected) == (2, 0)
    areas = bare("MATCH (:Service)-[:IN_AREA]->(a:Authority) RETURN a.name AS name ORDER BY name")
    assert [row["name"] for row in areas] == ["Area not known", "Leeds"]


def test_nothing_rejected_writes_nothing(tmp_path: Path):
    path = put(tmp_path / "a.json", [ELM])
    assert openreferral.reject(path, read(path).faults, tmp_path / "out") is None
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (ELM, True),
        ([OAK], True),
        (envelope(ELM), True),
        ({"content": [OAK], "totalElements": 1}, True),
        ({"id": "o1", "name": "Elm", "services": [ELM]}, True),
        (envelope({"id": "p1", "service": ELM}), True),
        ({"id": "o1", "name": "Elm", "organization_identifiers": []}, False),
        (envelope({"id": "t1", "name": "Term", "taxonomy": "x"}), False),
        ({"resourceType": "Bundle", "id": "1", "name": "x", "status": "active", "fees": 1}, False),
        ({"Organisations": [{"Name": "x", "OrgId": "RR8", "Status": "Active"}]}, False),
        ([{"service_episode_id": "1", "status": "open", "name": "x"}], False),
        ([], False),
        ({}, False),
        (7, False),
    ],
)
def test_known_by_keys(tmp_path: Path, value: Any, known: bool):
    path = put(tmp_path / "in" / "services.json", value)
    phrase = "its objects have the keys of Open Referral services" if known else None
    assert openreferral.knows(path) == openreferral.knows(path.parent) == phrase


def test_known_by_the_beginning_of_a_large_page(tmp_path: Path):
    path = tmp_path / "a.json"
    long = {**ELM, "id": "b9", "description": "x" * 2_000_000}
    path.write_text(json.dumps(envelope(ELM, long)))
    assert openreferral.knows(path)
    path.write_text(json.dumps({**ELM, "description": "x" * 2_000_000}))
    assert openreferral.knows(path)


DEEP = "[" * 200_000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "line 1: is not JSON"),
        (b"   \n  ", "is not JSON"),
        (b"\x00\xff\xfe\x01" * 99, "is not"),
        (b"PK\x03\x04 no json", "is not JSON"),
        (b"<html>", "is not JSON"),
        (json.dumps(envelope(ELM)).encode()[:-40], "is not JSON"),
        (json.dumps([ELM]).encode() + b"]", "is not JSON"),
        (json.dumps([ELM]).encode()[:-1] + b",]", "is not JSON"),
        (b'[{"id": "1" "name": "x"}]', "is not JSON"),
        (b'{"contents": [,]}', "is not JSON"),
        (b'{"contents" []}', "is not JSON"),
        (b"{7: 8}", "is not JSON"),
        ('[{"id": "1", "name": "Caf\xe9", "status": "active"}]'.encode("cp1252"), "is not UTF-8"),
        (DEEP.encode(), "is nested too deep"),
        (b'{"a":' * 200_000, "is nested too deep"),
        (b'[{"id": ' + b"9" * 10_000 + b"}]", "holds a number that cannot be"),
        (b"7", "is not JSON"),
        (b"{}", "holds no service"),
        (b'{"contents": {"a": 1}}', "holds no service"),
        (json.dumps(envelope({"id": "t1", "name": "Term"})).encode(), "holds no service"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: bytes, sentence: str):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    openreferral.knows(path)
    with pytest.raises(BadInput, match=sentence):
        read(path)


def test_the_line_of_what_is_not_json_is_said(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps([ELM, OAK], indent=1).replace('"b1"', "b1"))
    with pytest.raises(BadInput, match=r"a\.json, line \d\d: is not JSON"):
        read(tmp_path / "a.json")


def test_a_page_that_is_too_large_is_not_opened(tmp_path: Path):
    path = put(tmp_path / "a.json", [ELM])
    with path.open("r+b") as file:
        file.truncate(200_000_001)
    with pytest.raises(BadInput, match="is larger than 200 MB"):
        read(path)


def test_folders_and_files_that_are_not_there(tmp_path: Path):
    (tmp_path / "a.json").mkdir()
    (tmp_path / "readme.txt").write_text("x")
    for path in (tmp_path, tmp_path / "none"):
        assert openreferral.knows(path) is None
        with pytest.raises(BadInput):
            read(path)


def test_an_empty_page_is_an_extract_of_nothing(tmp_path: Path):
    put(tmp_path / "in" / "1.json", envelope())
    batch = read(tmp_path / "in")
    assert (batch.services, batch.full) == ([], True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_of_json(tmp_path: Path, encoding: str):
    text = json.dumps([{**ELM, "name": "Caf\u00e9 Elm"}], ensure_ascii=False)
    (tmp_path / "a.json").write_bytes(text.encode(encoding))
    assert {row.service.name for row in read(tmp_path / "a.json").services} == {"Caf\u00e9 Elm"}
    assert openreferral.knows(tmp_path / "a.json")


def test_raw_control_characters_inside_a_text(tmp_path: Path):
    text = json.dumps([ELM]).replace("Stay and", "Stay\x01\tand\n")
    (tmp_path / "a.json").write_text(text)
    assert {row.service.name for row in read(tmp_path / "a.json").services} == {ELM["name"]}


_ODD: list[Any] = [
    None, True, 0, -1.5, 1e308, float("nan"), "", "ZZ", "\ud800", "9" * 99, [], {}, [[]], [{}],
    {"id": []}, [{"number": {}}], "<script>", "2026-02-31", "x" * 5_000,
]  # fmt: skip


def _damage(random: Random, value: Any) -> Any:
    """The same with something in one place that nobody expects there."""
    if random.random() < 0.2 or not isinstance(value, dict | list) or not value:
        return random.choice(_ODD)
    key = random.choice(list(value) if isinstance(value, dict) else range(len(value)))
    if random.random() < 0.1 and isinstance(value, dict):
        return {name: one for name, one in value.items() if name != key}
    copy = value.copy()
    copy[key] = _damage(random, value[key])
    return copy


@pytest.mark.parametrize("case", range(200))
def test_broken_services(tmp_path: Path, case: int):
    random = Random(case)
    whole = {**OAK, "id": "b2", "service_at_locations": [{"location": {"phones": ELM["phones"]}}],
             "attributes": [{"taxonomy_term": {"name": "Support"}}], "status": "inactive"}  # fmt: skip
    services = [ELM, OAK, whole]
    for _ in range(1 + case % 5):
        services = _damage(random, services)
    path = put(tmp_path / "a.json", services)
    openreferral.knows(path)
    try:
        batch = read(path)
    except BadInput:
        return
    taken = {row.file for row in batch.services}
    refused = {fault.file for fault in batch.faults}
    assert taken.isdisjoint(refused)
    assert all(row.record == f"{row.service.id}/{row.authority or ''}" for row in batch.services)
    assert len({row.record for row in batch.services}) == len(batch.services)
    if batch.faults:
        kept = openreferral.reject(path, batch.faults, tmp_path / "out")
        assert kept
        assert len({fault.file for fault in read(kept).faults}) == len(refused)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample is not beside this checkout")
@pytest.mark.parametrize("name", ["organization_list", "taxonomy", "taxonomy_list",
                                  "taxonomy_term", "taxonomy_term_list"])  # fmt: skip
def test_shared_files_without_a_service(name: str):
    path = SAMPLE / f"{name}.json"
    assert openreferral.knows(path) is None
    with pytest.raises(BadInput, match="holds no service"):
        openreferral.read(path, "leeds-directory", TODAY)


def test_a_source_that_cannot_be(tmp_path: Path):
    path = put(tmp_path / "a.json", [ELM])
    with pytest.raises(BadInput, match="source"):
        openreferral.read(path, "No Such", date(2026, 11, 20))

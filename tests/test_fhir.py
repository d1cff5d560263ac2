"""FHIR resources out of JSON and XML, as servers, exports and people write them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import BadInput
from loaders import json_text, xml_text
from loaders.fhir import FhirFile, Resource, fhir_files, resources
from loaders.fhir.references import Index
from loaders.fhir.rejects import private_bundle
from loaders.fhir.values import day, every, extensions, first_day, last_day, text
from loaders.json_text import json_parts

KEPT = {
    "Bundle": ("entry", "meta"),
    "entry": ("fullUrl", "resource"),
    "resource": ("Bundle", "Patient", "CareTeam"),
    "contained": ("CareTeam",),
    "Patient": ("id", "contained", "name", "active", "extension"),
    "CareTeam": ("id", "name"),
    "name": ("family", "given"),
    "extension": ("url", "valueCode"),
    "meta": ("tag",),
    "tag": ("code",),
}
PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "P1",
    "active": True,
    "name": [{"family": "Okafor", "given": ["Chidi", "Emeka"], "text": "ZZCONTENT"}],
    "extension": [{"url": "https://example.org/Extension-UKCore-Mark-1", "valueCode": "a"}],
    "address": [{"line": ["ZZCONTENT"]}],
}
XML = """<?xml version="1.0"?>
<Bundle xmlns="http://hl7.org/fhir">
  <type value="collection"/>
  <entry>
    <fullUrl value="urn:uuid:1"/>
    <resource>
      <Patient>
        <id value="P1"/>
        <text><div xmlns="http://www.w3.org/1999/xhtml">ZZCONTENT</div></text>
        <active value="true"/>
        <name><family value="Okafor"/><given value="Chidi"/><given value="Emeka"/></name>
        <extension url="https://example.org/Extension-UKCore-Mark-1"><valueCode value="a"/></extension>
        <address><line value="ZZCONTENT"/></address>
      </Patient>
    </resource>
  </entry>
</Bundle>
"""


def bundle(*found: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A Bundle of resources, each under a urn:uuid of its place."""
    entries = [{"fullUrl": f"urn:uuid:{n}", "resource": one} for n, one in enumerate(found, 1)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **more}


def written(path: Path, said: Any) -> Path:
    path.write_text(said if isinstance(said, str) else json.dumps(said, indent=1))
    return path


def read(path: Path) -> list[Resource]:
    return [one for file in fhir_files(path) for one in resources(file, KEPT)]


def test_json_and_xml_say_the_same(tmp_path: Path):
    from_json = read(written(tmp_path / "a.json", bundle(PATIENT)))
    from_xml = read(written(tmp_path / "a.xml", XML))
    for patient, whole in (from_json, from_xml):
        assert (patient.kind, whole.kind) == ("Patient", "Bundle")
        assert every(patient.data, "name", "given") == ["Chidi", "Emeka"]
        assert text(patient.data, "active") == "true"
        assert text(extensions(patient.data, "mark"), "valueCode") == "a"
        assert patient.url == "urn:uuid:1"
        assert "ZZCONTENT" not in str(patient.data)
    assert (from_json[0].file, from_json[0].line) == ("a.json/entry 1", 5)
    assert (from_xml[0].file, from_xml[0].line) == ("a.xml/entry 1", 4)


def test_resources_on_one_line_are_told_apart_by_their_entry(tmp_path: Path):
    path = written(tmp_path / "a.json", json.dumps(bundle(PATIENT, PATIENT)))
    assert [(one.file, one.line) for one in read(path)] == [
        ("a.json/entry 1", 1),
        ("a.json/entry 2", 1),
        ("a.json", 1),
    ]


def test_one_resource_alone_is_loose(tmp_path: Path):
    (patient,) = read(written(tmp_path / "a.json", PATIENT))
    assert (patient.kind, patient.bundle, patient.file) == ("Patient", "", "a.json")


def test_bundles_one_after_another_keep_their_own_resources(tmp_path: Path):
    lines = "\n".join(json.dumps(bundle(PATIENT)) for _ in range(3))
    found = read(written(tmp_path / "a.ndjson", lines))
    patients = [one for one in found if one.kind == "Patient"]
    assert [one.line for one in patients] == [1, 2, 3]
    assert len({one.bundle for one in patients}) == 3


def test_a_bundle_in_a_bundle_and_a_list_of_resources_are_opened(tmp_path: Path):
    inside = read(written(tmp_path / "a.json", bundle(bundle(PATIENT), PATIENT)))
    listed = read(written(tmp_path / "b.json", json.dumps([PATIENT, bundle(PATIENT)])))
    assert [one.kind for one in inside].count("Patient") == 2
    assert [one.kind for one in listed].count("Patient") == 2
    first, second = (one.bundle for one in inside if one.kind == "Patient")
    assert first != second


def test_a_prefix_and_raw_control_characters_are_read(tmp_path: Path):
    prefixed = (
        '<f:Patient xmlns:f="http://hl7.org/fhir"><f:id value="P1"/>'
        '<f:name><f:family value="Okafor"/></f:name></f:Patient>'
    )
    (one,) = read(written(tmp_path / "a.xml", prefixed))
    (other,) = read(written(tmp_path / "b.json", '{"resourceType":"Patient","id":"P\t1"}'))
    assert text(one.data, "name", "family") == "Okafor"
    assert text(other.data, "id") == "P 1"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_of_unicode_are_read(tmp_path: Path, encoding: str):
    for name, said in (("a.json", json.dumps(PATIENT)), ("a.xml", XML)):
        (tmp_path / name).write_bytes(said.encode(encoding))
    kinds = [[one.kind for one in read(tmp_path / name)] for name in ("a.json", "a.xml")]
    assert kinds == [["Patient"], ["Patient", "Bundle"]]


def test_references_are_found_however_they_are_written(tmp_path: Path):
    team = {"resourceType": "CareTeam", "id": "CPIS-CareTeam-Example", "name": "T"}
    inside = {"resourceType": "CareTeam", "id": "in", "name": "Inside"}
    path = written(tmp_path / "a.json", bundle({**PATIENT, "contained": [inside]}, team))
    found = read(path)
    index = Index.of(found)
    for reference in (
        "CareTeam/CPIS-CareTeam-Example",
        "careteam/cpis-careteam-example",
        "Careteams/CPIS-CareTeam-example/_history/3",
        "https://example.org/fhir/CareTeam/CPIS-CareTeam-Example",
        "urn:uuid:2",
        "URN:UUID:2",
    ):
        assert index.find("CareTeam", reference, found[0]) is found[1], reference
    held = index.find("CareTeam", "#in", found[0])
    assert held is not None
    assert text(held.data, "name") == "Inside"
    for orphan in ("CareTeam/other", "#other", "", "urn:uuid:9", "urn:uuid:1"):
        assert index.find("CareTeam", orphan, found[0]) is None, orphan


def test_days_are_those_of_london_and_no_day_is_none():
    assert day("2024-07-22T23:30:00Z") == date(2024, 7, 23)
    assert day("2024-12-22T23:30:00+00:00") == date(2024, 12, 22)
    assert day("2024-07-22") == date(2024, 7, 22)
    none = ("", "1900-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z")
    assert [day(said) for said in none] == [None] * 4
    assert first_day("2024-07") == (None, False)
    assert last_day("2024-02") == (date(2024, 2, 29), False)
    assert last_day("2024") == (date(2024, 12, 31), False)
    assert first_day("2024-02-03") == last_day("2024-02-03") == (date(2024, 2, 3), True)


@pytest.mark.parametrize(
    "said", ["22/07/2024", "2024-02-30", "2024-13", "0000", "1850-01-01", "2024-01-01T25:00", "x"]
)
def test_what_is_no_day_is_said_without_it(said: str):
    for read_day in (day, first_day, last_day):
        with pytest.raises(ValueError, match="is ") as caught:
            read_day(said)
        assert said not in str(caught.value)


def test_rejects_come_back_as_they_were_kept(tmp_path: Path):
    for name in ("a.json", "a.xml"):
        said = XML if name == "a.xml" else bundle({**PATIENT, "id": "P<1>"})
        path = written(tmp_path / name, said)
        one = read(path)[0]
        out = private_bundle(tmp_path / "out" / name, name == "a.xml", [[(one, "is -- wrong")]])
        again = read(out)
        assert again[0].data == one.data
        assert again[0].url == one.url
        assert text(again[1].data, "meta", "tag", "code") == "signpost-rejects"
        assert out.stat().st_mode & 0o777 == 0o600
    assert "<!-- is - - wrong -->" in (tmp_path / "out" / "a.xml").read_text()
    assert read(tmp_path / "out" / "a.json")[0].reason == "is -- wrong"


BROKEN = {
    "empty.json": (b"", None),
    "space.json": (b" \n ", None),
    "half.json": (json.dumps(bundle(PATIENT)).encode()[:-20], "line 1: is not JSON"),
    "comma.json": (b'{"resourceType": "Patient",}', "line 1: is not JSON"),
    "latin.json": ('{"resourceType": "Patient",\n"id": "é"}'.encode("latin-1"), "line 2: is not UTF-8"),
    "binary.json": (bytes(range(256)), "is not"),
    "number.json": (b"7", "is not FHIR"),
    "other.json": (b'{"children": []}', "is not FHIR"),
    "deep.json": (b'{"resourceType": "Patient", "id": ' + b"[" * 100_000, "too deep"),
    "digits.json": (b'{"resourceType": "Patient", "id": ' + b"7" * 10_000 + b"}", "a number"),
    "half.xml": (XML.encode()[:-30], "is not the whole file"),
    "other.xml": (b"<Message><Header/></Message>", "is not FHIR"),
    "bomb.xml": (
        b'<!DOCTYPE a [<!ENTITY b "zz"><!ENTITY c "&b;&b;&b;">]><Bundle xmlns="http://hl7.org/fhir">&c;</Bundle>',
        "declares a DTD",
    ),
    "deep.xml": (b'<Bundle xmlns="http://hl7.org/fhir">' + b"<entry>" * 200, "nested more than"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_one_sentence(tmp_path: Path, name: str):
    said, sentence = BROKEN[name]
    (tmp_path / name).write_bytes(said)
    if sentence is None:
        assert read(tmp_path / name) == []
        return
    with pytest.raises(BadInput, match=sentence) as caught:
        read(tmp_path / name)
    assert name in str(caught.value)


def test_lists_in_lists_deeper_than_any_resource_are_not_kept(tmp_path: Path):
    deep = "[" * 900 + '"ZZCONTENT"' + "]" * 900
    path = tmp_path / "a.json"
    path.write_text(f'{{"resourceType": "Patient", "id": "P1", "name": {deep}}}')
    [patient] = read(path)
    assert patient.data["id"] == "P1"
    assert "ZZCONTENT" not in str(patient.data)


def test_a_file_too_large_to_hold_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = written(tmp_path / "a.json", PATIENT)
    monkeypatch.setattr(json_text, "MOST_JSON", 10)
    with pytest.raises(BadInput, match="larger than 0 MB: send it in several files"):
        list(json_parts(path, ()))


def test_a_tag_as_long_as_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xml_text, "MOST_TEXT", 100_000)
    path = written(
        tmp_path / "a.xml", '<Bundle xmlns="http://hl7.org/fhir"><entry url="' + "z" * 400_000
    )
    with pytest.raises(BadInput, match="a tag or a comment"):
        read(path)


def test_what_is_not_there_or_holds_nothing_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="is not there"):
        fhir_files(tmp_path / "a.json")
    with pytest.raises(BadInput, match=r"holds no file that ends in \.json or \.ndjson or \.xml"):
        fhir_files(tmp_path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path):
    gone = FhirFile("a.json", tmp_path / "a.json", xml=False)
    with pytest.raises(BadInput, match="cannot be read"):
        list(resources(gone, KEPT))

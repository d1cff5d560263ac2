"""The files of ODS: what is known, what is refused, what is broken, and the samples."""

import json
import zipfile
from copy import deepcopy
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph import BadInput, ServiceKind
from loaders import ods
from tests.test_ods import (
    SYSTEM,
    TODAY,
    line,
    old,
    organisation,
    organization,
    read,
    report,
    searchset,
    written,
)

SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "nhs_ods"


def test_a_folder_and_a_zip_of_reports_are_one_snapshot(tmp_path: Path):
    report(tmp_path / "in" / "etr.csv", line("RWR", "TRUST", setting=""))
    report(tmp_path / "in" / "deep" / "epraccur.csv", line())
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as packed:
        packed.write(tmp_path / "in" / "etr.csv", "etr.csv")
    for path, count in ((tmp_path / "in", 2), (tmp_path / "in.zip", 1)):
        assert ods.knows(path) is not None
        batch = read(path)
        assert (batch.full, len(batch.services)) == (True, count)
    written(tmp_path / "in" / "more.json", organization("A1B"))
    batch = read(tmp_path / "in")
    assert (batch.full, len(batch.services)) == (False, 3)


def test_other_encodings_and_a_byte_order_mark_are_read(tmp_path: Path):
    accented = line(name="ST ANDRÉ SURGERY")
    for encoding in ("utf-8-sig", "utf-16"):
        path = report(tmp_path / f"{encoding}.csv", accented, encoding=encoding)
        assert [row.service.name for row in read(path).services] == ["ST ANDRÉ SURGERY"]
    batch = read(report(tmp_path / "cp1252.csv", accented, encoding="cp1252"))
    assert (len(batch.services), batch.faults) == (1, [])


def test_it_is_known_by_its_shape_and_claims_nothing_else(tmp_path: Path):
    no: dict[str, Any] = {
        "a.csv": "URN,LA (code),EstablishmentName\n107130,373,School\n",
        "b.csv": "service,name,kind,agency\nT1,Team,other,health\n",
        "c.csv": "",
        "d.csv": ",".join(["X"] * 27),
        "e.csv": ",".join(line(opened="")),
        "f.json": json.dumps({"resourceType": "Bundle", "entry": []}),
        "g.json": json.dumps(searchset(organization(), {"resourceType": "Patient", "id": "P1"})),
        "h.json": json.dumps({"organization": {"name": "a directory", "id": "1"}}),
        "i.xml": "<Message><Header/></Message>",
        "j.json": json.dumps({"resourceType": "OrganizationAffiliation", "identifier": SYSTEM}),
    }
    for name, text in no.items():
        (tmp_path / name).write_text(text)
        assert ods.knows(tmp_path / name) is None, name
        with pytest.raises(BadInput):
            read(tmp_path / name)
    (tmp_path / "k.csv").write_bytes(bytes(range(256)) * 9)
    assert ods.knows(tmp_path / "k.csv") is None
    assert ods.knows(tmp_path) is None
    assert ods.knows(tmp_path / "absent.csv") is None


def test_every_strange_file_of_a_folder_is_named(tmp_path: Path):
    report(tmp_path / "a.csv", line())
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    (tmp_path / "c.xml").write_text("<Message/>")
    with pytest.raises(BadInput) as caught:
        ods.read(tmp_path, "ods", TODAY)
    assert str(caught.value).splitlines() == [
        "b.csv holds no NHS organisations",
        "c.xml holds no NHS organisations",
    ]


GOOD = ",".join(line()).encode()
BROKEN = {
    "quote.csv": (GOOD + b'\n"A81002,THE', "a quote is opened"),
    "long.csv": (GOOD + b"\n" + b"z" * 1_000_001, "longer than 1 MB"),
    "half.json": (json.dumps(searchset(organization())).encode()[:-9], "is not JSON"),
    "half.xml": (
        b'<Bundle xmlns="http://hl7.org/fhir"><Organization>' + SYSTEM.encode(),
        "not the whole file",
    ),
    "bomb.xml": (
        b'<!DOCTYPE a [<!ENTITY b "z">]>'
        b'<Organization xmlns="http://hl7.org/fhir" a="' + SYSTEM.encode() + b'"/>',
        "a DTD",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_stops_the_load_in_one_sentence(tmp_path: Path, name: str):
    data, sentence = BROKEN[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput, match=sentence):
        read(tmp_path / name)


def spoil(holder: Any, random: Random, junk: list[Any]) -> None:
    """Replace one value, somewhere inside."""
    while isinstance(holder, (dict, list)) and holder:
        key = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        if random.random() < 0.2 or not isinstance(holder[key], (dict, list)):
            holder[key] = random.choice(junk)
            return
        holder = holder[key]


def test_mutated_files_are_refused_or_read_and_never_crash(tmp_path: Path):
    """Cells, values and bytes of good files are replaced by junk, in 500 ways."""
    random = Random(5)
    cells = [
        "",
        "zz",
        "2026-03-04",
        "20260230",
        '"',
        "\x00",
        "x" * 9_000,
        "١٩٧٤٠٤٠١",
        "211",
        "G1234567",
    ]
    junk: list[Any] = [
        None,
        "",
        7,
        True,
        [],
        {},
        [[]],
        "\ud800",
        "2026-02-30",
        {"coding": "z"},
        ["RWR"],
    ]
    good = [searchset(organization(), old("A2")), {"Organisations": [organisation()]}]
    for number in range(500):
        if number % 2:
            found = [line(f"A8100{n}") for n in range(5)]
            random.choice(found)[random.randrange(27)] = random.choice(cells)
            path = report(tmp_path / f"{number}.csv", *found)
        else:
            spoilt = deepcopy(random.choice(good))
            spoil(spoilt, random, junk)
            path = written(tmp_path / f"{number}.json", spoilt)
        data = bytearray(path.read_bytes())
        if number % 5 == 0:
            data[random.randrange(len(data))] = random.randrange(256)
            path.write_bytes(bytes(data))
        try:
            batch = read(path)
        except BadInput:
            continue
        assert batch.services or batch.faults or batch.warnings
        ods.reject(path, batch.faults, tmp_path / f"out{number}")


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_the_report_of_the_samples_has_the_counts_of_a_hand():
    """Its 227 lines are 227 trusts; four have a closing day (count the 12th cells that are not empty).

    Five have MENTAL HEALTH in their names. It has no status, telephone or setting.
    """
    batch = read(SAMPLE / "etr.csv")
    assert ods.knows(SAMPLE / "etr.csv") is not None
    assert (len(batch.services), batch.faults, batch.warnings) == (227, [], [])
    assert sum(not row.period.open for row in batch.services) == 4
    assert sum(row.service.sensitive for row in batch.services) == 5
    assert not any(row.service.duty_line for row in batch.services)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_the_fhir_of_the_samples_has_the_counts_of_a_hand():
    """Five organisations: 4VE03, FCE71, FDC49, G81086 and Q72, three of them on pages as well, the same.

    4VE03 and FCE71 are closed, 4VE03 and Q72 have no telephone, G81086 is the only practice; six files are
    errors of the service; relationships are not read.
    """
    batch = read(SAMPLE / "ods_fhir")
    found = {row.service.id: row for row in batch.services}
    assert sorted(found) == ["4VE03", "FCE71", "FDC49", "G81086", "Q72"]
    assert (len(batch.services), batch.faults, batch.successors) == (5, [], [])
    assert {code for code, row in found.items() if not row.period.open} == {"4VE03", "FCE71"}
    assert {code for code, row in found.items() if not row.service.duty_line} == {"4VE03", "Q72"}
    assert found["G81086"].service.kind is ServiceKind.COMMUNITY_HEALTH
    assert (found["Q72"].period.from_, found["4VE03"].period.to) == (
        date(2015, 1, 16),
        date(2002, 3, 31),
    )
    assert len(batch.warnings) == 6

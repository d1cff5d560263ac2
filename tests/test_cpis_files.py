"""The files of CP-IS: what is known, what is a snapshot, what is broken, and the samples."""

from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph import BadInput
from loaders import cpis
from tests.test_cpis import (
    LOOKED_AFTER,
    ONE,
    TODAY,
    TWO,
    UNBORN,
    bundle,
    coded,
    flag,
    load,
    patient,
    plan,
    said,
    team,
    usual,
    written,
)

SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "cpis_fhir"


def test_only_a_folder_is_a_snapshot(tmp_path: Path):
    assert not load(tmp_path, usual()).full
    assert not load(tmp_path, usual(), usual()).full
    written(tmp_path / "in" / "a.json", usual())
    written(tmp_path / "in" / "deeper" / "b.json", bundle(plan(LOOKED_AFTER), team(), patient(TWO)))
    batch = cpis.read(tmp_path / "in", "cpis", TODAY)
    assert (batch.full, batch.tables) == (True, ("children", "involvements"))
    assert [child.record for child in batch.children] == [ONE, TWO]
    assert not cpis.read(tmp_path / "in", "cpis", TODAY, full=False).full


def test_loose_files_of_one_folder_belong_together(tmp_path: Path):
    for one in (flag(), plan(), team(), patient()):
        written(tmp_path / "in" / f"{one['resourceType']}.json", one)
    batch = cpis.read(tmp_path / "in", "cpis", TODAY)
    assert (len(batch.involvements), batch.faults, batch.warnings) == (1, [], [])


def test_every_file_that_cannot_be_used_is_named(tmp_path: Path):
    written(tmp_path / "a.json", usual())
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "c.xml").write_text("<Message/>")
    with pytest.raises(BadInput) as caught:
        cpis.read(tmp_path, "cpis", TODAY)
    assert [line.partition(" ")[0].strip(",") for line in str(caught.value).splitlines()] == [
        "b.json",
        "c.xml",
    ]


def test_xml_that_would_fill_the_memory_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "a.xml"
    start, end = '<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>', "</Bundle>"
    line = f"{'<!-- -->' * 1_000}\n"
    for more, sentence in (
        (0, "holds no flag and no plan"),
        (1, "is XML larger than 7 MB: send it"),
    ):
        lines, rest = divmod(cpis.MOST_XML + more - len(start + end), len(line))
        path.write_text(f"{start}{line * lines}{' ' * rest}{end}")
        with pytest.raises(BadInput, match=sentence):
            cpis.read(path, "cpis", TODAY)


def test_a_file_without_any_plan_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="holds no flag and no plan of CP-IS"):
        load(tmp_path, bundle(type="searchset", total=0))


def test_it_is_known_by_its_codes_and_claims_nothing_else(tmp_path: Path):
    yes = [usual(), plan(), flag(), bundle(team(category=[coded(UNBORN)]))]
    no = [
        bundle(),
        patient(),
        bundle(flag(code=coded("SG"))),
        {"resourceType": "ValueSet", "x": UNBORN},
    ]
    for one in yes:
        assert cpis.knows(written(tmp_path / "a.json", one)) is not None
    for one in no:
        assert cpis.knows(written(tmp_path / "a.json", one)) is None
    (tmp_path / "a.json").write_bytes(bytes(range(256)))
    assert cpis.knows(tmp_path / "a.json") is None
    assert cpis.knows(tmp_path / "absent") is None


def test_mutated_bundles_are_refused_or_read_and_never_crash(tmp_path: Path):
    """Every value of a good bundle is replaced by junk, in 600 ways."""
    random = Random(5)
    junk: list[Any] = [
        None,
        "",
        "zz",
        7,
        1e300,
        True,
        [],
        {},
        [[]],
        [None],
        {"zz": []},
        "\ud800",
        "9" * 99,
    ]
    junk += ["x" * 9_000, [{"reference": "#"}], "2026-02-30", "P" * 65, {"coding": "zz"}, "\x00"]
    for number in range(600):
        spoilt = usual()
        for _ in range(random.randrange(1, 4)):
            holder: Any = spoilt
            while isinstance(holder, (dict, list)) and holder:
                key = random.choice(
                    list(holder) if isinstance(holder, dict) else range(len(holder))
                )
                if random.random() < 0.25 or not isinstance(holder[key], (dict, list)):
                    holder[key] = deepcopy(random.choice(junk))
                    break
                holder = holder[key]
        path = written(tmp_path / f"{number}.json", spoilt)
        try:
            batch = cpis.read(path, "cpis", TODAY)
        except BadInput:
            continue
        assert len(batch.involvements) + bool(batch.faults or batch.warnings) >= 1
        cpis.reject(path, batch.faults, tmp_path / f"out{number}")


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_the_samples_load_with_the_counts_of_a_hand(tmp_path: Path):
    """Neither bundle has its Patient or an NHS number, so that the one plan in each waits: 0 children.

    The folder has that plan four times: in two bundles, and alone in JSON and in XML; its flags alone
    point to the plan alone, in another case. One authority, Sheffield, with a daytime number and one for
    the night; one BaRS flag is not of CP-IS; code systems and value sets say nothing of a child.
    """
    for name in ("CPIS-CPP-Bundle-Example.json", "CPIS-CPP-Bundle-Example.xml"):
        batch = cpis.read(SAMPLE / name, "cpis", TODAY)
        assert cpis.knows(SAMPLE / name) is not None
        assert (len(batch.children), len(batch.involvements), len(batch.services)) == (0, 0, 1)
        assert [column for column, _ in said(batch.faults)] == ["subject"]
        line = batch.services[0].service
        assert (line.duty_line, line.out_of_hours_line) == ("01133973581", "07133973581")
    batch = cpis.read(SAMPLE, "cpis", TODAY)
    assert (len(batch.involvements), len(batch.services)) == (0, 1)
    assert [column for column, _ in said(batch.faults)] == ["subject"] * 4
    assert [warning.sentence.rpartition(" ")[2] for warning in batch.warnings] == ["1"]


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_the_samples_load_once_their_patient_is_named(tmp_path: Path):
    named = {
        ".json": ('"reference": "Patient/PatientFlag-AlanMann-Example"',
                  '"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}'),
        ".xml": ('<reference value="Patient/PatientFlag-AlanMann-Example" />',
                 '<identifier><system value="https://fhir.nhs.uk/Id/nhs-number"/>'
                 '<value value="9990000018"/></identifier>'),
    }  # fmt: skip
    rows = []
    for suffix, (was, now) in named.items():
        sample = (SAMPLE / f"CPIS-CPP-Bundle-Example{suffix}").read_text()
        path = tmp_path / f"b{suffix}"
        path.write_text(sample.replace(was, now))
        batch = cpis.read(path, "cpis", TODAY)
        assert not batch.faults
        rows.append([row.model_dump(exclude={"file", "line"}) for row in batch.rows()])
    assert rows[0] == rows[1]
    assert len(rows[0]) == 3

"""What ODS files say that is wrong, odd, or of no health service."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.test_ods import (
    line,
    lines,
    organisation,
    organization,
    read,
    role,
    said,
    searchset,
    succession,
    typed,
    written,
)


def test_what_is_no_health_service_is_left_out_and_counted(tmp_path: Path):
    batch = lines(
        tmp_path, line(), line("211"), line("G1234567"), line("D123456"), line("G8123456")
    )
    assert [row.service.id for row in batch.services] == ["A81001"]
    assert [(one.line, one.sentence) for one in batch.warnings] == [
        (2, "is a local authority, and no service, and is left out"),
        (3, "is a person, and no organisation, and is left out (2 more of these)"),
    ]
    found = [organization("8A1", role("RO141")), organization("8A2", role("RO233")), organization()]
    batch = read(written(tmp_path / "a.json", searchset(*found)))
    assert (len(batch.services), len(batch.warnings)) == (1, 2)


@pytest.mark.parametrize(
    ("more", "column", "sentence"),
    [
        ({"code": "A8-1"}, "code", "is not an ODS code: 3 to 10 letters and digits"),
        ({"code": ""}, "code", "is not an ODS code: 3 to 10 letters and digits"),
        ({"name": ""}, "name", "is missing"),
        ({"name": "N" * 101}, "name", "is not a short name"),
        ({"opened": "01041974"}, "open date", "is not a date, as 20260304"),
        ({"opened": "18480101"}, "open date", "is in 1900 or before"),
        ({"closed": "2020-03-31"}, "close date", "is not a date, as 20260304"),
        ({"closed": "19700101"}, "close date", "is before the opening day"),
        ({"status": "C"}, "close date", "is missing, and the organisation is said to be closed"),
    ],
)
def test_what_refuses_an_organisation(
    tmp_path: Path, more: dict[str, str], column: str, sentence: str
):
    batch = lines(tmp_path, line("A81009"), line(**more))
    assert len(batch.services) == 1
    ((number, where, found),) = said(batch.faults)
    assert (number, where, found.startswith(sentence)) == (2, column, True)
    record = None if column == "code" else "A81001/"
    assert [(fault.table, fault.record) for fault in batch.faults] == [("services", record)]


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"name": None}, "name"),
        ({"identifier": []}, "identifier"),
        ({"active": False}, "extension period.end"),
        ({"extension": [typed("Legal", "1999-13-01")]}, "extension period.start"),
    ],
)
def test_what_refuses_an_organisation_of_fhir(tmp_path: Path, more: Any, column: str):
    path = written(tmp_path / "a.json", searchset(organization("A1B"), organization(**more)))
    batch = read(path)
    assert [(fault.file, fault.column) for fault in batch.faults] == [("a.json/entry 2", column)]
    assert len(batch.services) == 1


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"Status": "Inactive"}, "Date.End"),
        ({"OrgId": "?"}, "OrgId"),
        ({"Date": [{"Type": "Operational", "Start": "2001"}]}, "Date.Start"),
    ],
)
def test_what_refuses_an_organisation_of_ord(tmp_path: Path, more: Any, column: str):
    batch = read(written(tmp_path / "a.json", {"Organisation": organisation(**more)}))
    assert [fault.column for fault in batch.faults] == [column]


def test_days_that_mean_none_and_states_that_are_not_over(tmp_path: Path):
    batch = lines(
        tmp_path,
        line("A1B", opened="19000101", status="D"),
        line("A1C", opened="20270101", status="P"),
        line("A1D", closed="99991231"),
    )
    assert [(row.period.from_, row.period.to) for row in batch.services] == [
        (None, None),
        (date(2027, 1, 1), None),
        (date(1974, 4, 1), None),
    ]


def test_a_telephone_that_cannot_be_one_is_left_out_with_a_warning(tmp_path: Path):
    batch = lines(tmp_path, line(phone="960101 x5"))
    ((number, column, sentence),) = said(batch.warnings)
    assert (number, column, "without it" in sentence) == (1, "telephone", True)
    assert batch.services[0].service.duty_line is None


def test_a_succession_without_a_day_is_taken(tmp_path: Path):
    trust = organisation(Succs={"Succ": [succession("RQJ", "Predecessor", "2001")]})
    batch = read(written(tmp_path / "a.json", {"Organisation": trust}))
    assert [tie.period.from_ for tie in batch.successors] == [None]
    assert [warning.column for warning in batch.warnings] == ["Succs.Succ.Date"]


def test_a_succession_of_what_has_no_ods_code_is_left_out_with_a_warning(tmp_path: Path):
    ties = [succession(code, "Successor") for code in ("ZZ\x07", "", "RQJ")]
    batch = read(written(tmp_path / "a.json", {"Organisation": organisation(Succs={"Succ": ties})}))
    assert [tie.successor for tie in batch.successors] == ["RQJ"]
    assert [warning.sentence for warning in batch.warnings] == [
        "names a succession by what is not an ODS code; the succession is left out"
    ] * 2

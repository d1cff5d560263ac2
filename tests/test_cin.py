"""The Children in Need census, as authorities' systems really write it."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Batch, Fault, InvolvementKind, PointerKind, Sex
from loaders import cin
from tests.world import whole

TODAY = date(2026, 3, 31)
UPN = "B801200005001"
HEADER = """<Header>
<CollectionDetails><Collection>CIN</Collection><Year>2026</Year><ReferenceDate>2026-03-31</ReferenceDate>
</CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>383</LEA><SoftwareCode>zz</SoftwareCode>
<Release>zz</Release><SerialNo>001</SerialNo><DateTime>2026-05-01T10:00:00</DateTime></Source>
</Header>
"""


def tag(name: str, *inside: str, **values: Any) -> str:
    """An element with values, each an element of its own; None leaves it out."""
    said = "".join(
        f"<{key}>{value}</{key}>\n" for key, value in values.items() if value is not None
    )
    return f"<{name}>\n{said}{''.join(inside)}</{name}>\n"


def case(*parts: str, **values: Any) -> str:
    """A CINdetails, opened on 5 January 2026."""
    usual = {"CINreferralDate": "2026-01-05", "ReferralSource": "1A", "PrimaryNeedCode": "N1"}
    return tag("CINdetails", *parts, **{**usual, "ReferralNFA": "false", **values})


def assessment(start: str | None = "2026-01-06", end: str | None = None) -> str:
    return tag("Assessments", AssessmentActualStartDate=start, AssessmentAuthorisationDate=end)


def enquiry(start: str = "2026-01-07", end: str | None = None, needless: str = "0") -> str:
    days = {"S47ActualStartDate": start, "DateOfInitialCPC": end}
    return tag("Section47", **days, ICPCnotRequired=needless)


def plan(start: str = "2026-01-20", end: str | None = None) -> str:
    reviews = tag("Reviews", CPPreviewDate="2026-03-01")
    days = {"CPPstartDate": start, "CPPendDate": end, "InitialCategoryOfAbuse": "NEG"}
    return tag("ChildProtectionPlans", reviews, **days)


def child(*cases: str, **values: Any) -> str:
    """A Child, born in 2015."""
    usual = {"LAchildID": "A1", "UPN": UPN, "PersonBirthDate": "2015-06-09", "Sex": "F"}
    known = tag("ChildIdentifiers", **{**usual, **values})
    return tag("Child", known, tag("ChildCharacteristics", Ethnicity="WBRI"), *cases)


def census(path: Path, *children: str, header: str = HEADER, root: str = "Message") -> Path:
    text = f"<{root}>\n{header}<Children>\n{''.join(children)}</Children>\n</{root.split()[0]}>\n"
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', encoding="utf-8")
    return path


def load(tmp_path: Path, *children: str, **more: str) -> Batch:
    return whole(cin.read(census(tmp_path / "c.xml", *children, **more), "leeds", TODAY))


def said(faults: Iterable[Fault]) -> list[tuple[str, str]]:
    return [(fault.column, fault.sentence) for fault in faults]


def ties(batch: Batch) -> dict[str, tuple[date | None, date | None]]:
    return {tie.record: (tie.period.from_, tie.period.to) for tie in batch.involvements}


def test_a_case_and_what_is_in_it_become_involvements_of_one_service(tmp_path: Path):
    parts = [assessment(end="2026-02-10"), enquiry(end="2026-01-20"), plan()]
    batch = load(tmp_path, child(case(*parts, CINclosureDate="2026-03-02", ReasonForClosure="RC7")))
    assert not batch.faults
    assert [(tie.record, tie.kind) for tie in batch.involvements] == [
        ("CIN:A1:2026-01-05", InvolvementKind.CHILD_IN_NEED),
        ("ASM:A1:2026-01-06", InvolvementKind.ASSESSMENT),
        ("S47:A1:2026-01-07", InvolvementKind.ENQUIRY),
        ("CPP:A1:2026-01-20", InvolvementKind.CHILD_PROTECTION),
    ]
    assert list(ties(batch).values()) == [
        (date(2026, 1, 5), date(2026, 3, 2)),
        (date(2026, 1, 6), date(2026, 2, 10)),
        (date(2026, 1, 7), date(2026, 1, 20)),
        (date(2026, 1, 20), None),
    ]
    (team,) = batch.services
    assert (team.record, team.service.name) == ("childrens-social-care/", "Children's social care")
    assert {(tie.child, tie.service) for tie in batch.involvements} == {("A1", team.service.id)}
    assert [(row.file, row.line) for row in batch.involvements[:2]] == [
        ("c.xml/Child 1", 19), ("c.xml/Child 1", 26),
    ]  # fmt: skip
    assert (batch.feed, batch.full, batch.tables) == ("cin", True, cin.TABLES)
    rows = [batch.pointers, batch.practitioners, batch.allocations, batch.homes]
    assert rows == [[], [], [], []]


def test_a_child_is_known_by_numbers_birth_and_sex_only(tmp_path: Path):
    values = {"FormerUPN": "b801200005001", "UPNunknown": "UN3", "PersonDeathDate": "2026-02-01"}
    batch = load(tmp_path, child(case(), ExpectedPersonBirthDate="2015-06-01", **values))
    (row,) = batch.children
    assert (row.record, row.file, row.line) == ("A1", "c.xml/Child 1", 9)
    assert row.identity.model_dump(exclude_defaults=True) == {
        "upn": UPN, "former_upns": (UPN,), "birth_date": date(2015, 6, 9), "sex": Sex.FEMALE,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "sex"),
    [
        ("Sex", "M", "M"), ("Sex", "F", "F"), ("Sex", "U", "U"), ("Sex", None, "U"),
        ("GenderCurrent", "1", "M"), ("GenderCurrent", "2", "F"), ("GenderCurrent", "0", "U"),
        ("GenderCurrent", "9", "U"),
    ],
)  # fmt: skip
def test_sex_as_the_census_has_coded_it_over_the_years(
    tmp_path: Path, name: str, text: str | None, sex: str
):
    batch = load(tmp_path, child(case(), **{"Sex": None, name: text}))
    assert batch.children[0].identity.sex == Sex(sex)


def test_several_cases_of_a_child_have_the_same_ids_in_any_order(tmp_path: Path):
    cases = [
        case(assessment("2024-05-02", "2024-06-01"), CINreferralDate="2024-05-01",
             CINclosureDate="2024-09-01"),
        case(assessment(), CINclosureDate="2026-02-01"),
        case(assessment(end="2026-01-06")),
    ]  # fmt: skip
    there = load(tmp_path, child(*cases))
    back = load(tmp_path, child(*reversed(cases)))
    assert sorted(ties(there)) == [
        "ASM:A1:2024-05-02", "ASM:A1:2026-01-06", "ASM:A1:2026-01-06#2",
        "CIN:A1:2024-05-01", "CIN:A1:2026-01-05", "CIN:A1:2026-01-05#2",
    ]  # fmt: skip
    assert ties(there)["CIN:A1:2026-01-05#2"] == (date(2026, 1, 5), None)
    assert ties(there) == ties(back)
    assert len(there.children) == 1


@pytest.mark.parametrize("yes", ["true", "1", " TRUE "])
def test_a_referral_without_further_action_leaves_nothing(tmp_path: Path, yes: str):
    wrong = {"CINclosureDate": "zz", "ReferralSource": "5C", "ReasonForClosure": "RC5"}
    batch = load(
        tmp_path,
        child(case(ReferralNFA=yes, **wrong)),
        child(case(ReferralNFA=yes), LAchildID=None),
        child(case(ReferralNFA=yes), case(CINreferralDate="2026-02-02"), LAchildID="A2"),
    )
    assert [row.record for row in (*batch.children, *batch.involvements)] == [
        "A2", "CIN:A2:2026-02-02",
    ]  # fmt: skip
    assert (batch.faults, batch.pointers, batch.warnings) == ([], [], [])


@pytest.mark.parametrize("no", ["false", "0", "", None])
def test_a_referral_is_taken_where_it_does_not_say_that_nothing_followed(tmp_path: Path, no: Any):
    assert list(ties(load(tmp_path, child(case(ReferralNFA=no))))) == ["CIN:A1:2026-01-05"]


def test_work_that_followed_a_referral_without_further_action_is_taken(tmp_path: Path):
    batch = load(tmp_path, child(case(plan(), ReferralNFA="1", CINreferralDate="2030-01-01")))
    assert list(ties(batch)) == ["CPP:A1:2026-01-20"]
    assert said(batch.warnings) == [
        ("ReferralNFA", "is true, though work followed; the work alone is taken")
    ]


@pytest.mark.parametrize(
    ("part", "closed", "end", "exact"),
    [
        (enquiry(end="2026-01-22"), None, date(2026, 1, 22), True),
        (enquiry(), None, None, True),
        (enquiry(needless="1"), None, date(2026, 1, 28), False),
        (enquiry(needless="true"), "2026-01-15", date(2026, 1, 15), False),
        (enquiry(needless="true"), "2026-03-15", date(2026, 1, 28), False),
        (enquiry("9999-12-30", needless="true"), None, date.max, False),
        (enquiry(), "2026-03-15", date(2026, 3, 15), False),
        (enquiry("2026-03-20"), "2026-03-15", date(2026, 3, 20), False),
        (assessment(), None, None, True),
        (assessment(), "2026-03-15", date(2026, 3, 15), False),
        (plan(), "2026-03-15", None, True),
    ],
)
def test_what_has_no_end_of_its_own_ends_with_its_case_at_the_latest(
    tmp_path: Path, part: str, closed: str | None, end: date | None, exact: bool
):
    batch = load(tmp_path, child(case(part, CINclosureDate=closed)))
    period = batch.involvements[1].period
    assert (period.to, period.to_exact) == (end, exact)
    far = [("S47ActualStartDate", "is after the date of the extract; the row is taken")]
    odd = [("CPPendDate", "is missing, though CINclosureDate is there; the plan is open")]
    assert said(batch.warnings) == (
        odd if "CPP" in part and closed else far if "9999" in part else []
    )


@pytest.mark.parametrize(
    ("born", "expected", "kind"),
    [
        ("2015-06-09", None, InvolvementKind.CHILD_PROTECTION),
        ("2026-01-20", None, InvolvementKind.CHILD_PROTECTION),
        ("2026-01-21", None, InvolvementKind.UNBORN_PROTECTION),
        (None, "2026-05-01", InvolvementKind.UNBORN_PROTECTION),
        (None, None, InvolvementKind.CHILD_PROTECTION),
    ],
)
def test_a_plan_that_began_before_the_birth_is_one_for_an_unborn_child(
    tmp_path: Path, born: str | None, expected: str | None, kind: InvolvementKind
):
    who = child(case(plan()), PersonBirthDate=born, ExpectedPersonBirthDate=expected)
    batch = load(tmp_path, who)
    assert batch.involvements[1].kind == kind
    assert batch.children[0].identity.expected_date == (expected and date.fromisoformat(expected))


def test_a_referral_and_a_transfer_point_to_an_authority_that_is_not_named(tmp_path: Path):
    values = {"ReferralSource": "5C", "ReasonForClosure": "RC5", "CINclosureDate": "2026-02-03"}
    other = case(CINreferralDate="2025-01-01", CINclosureDate="2025-02-01", ReasonForClosure="RC2")
    batch = load(tmp_path, child(case(**values), other))
    assert [
        (row.record, row.kind, row.authority, row.period.from_, row.period.to)
        for row in batch.pointers
    ] == [
        ("5C:A1:2026-01-05", PointerKind.REFERRED_BY, None, date(2026, 1, 5), date(2026, 1, 5)),
        ("RC5:A1:2026-01-05", PointerKind.TRANSFERRED_TO, None, date(2026, 2, 3), date(2026, 2, 3)),
    ]  # fmt: skip


def test_a_transfer_without_a_day_is_a_warning(tmp_path: Path):
    batch = load(tmp_path, child(case(ReasonForClosure="RC5")))
    assert not batch.pointers
    assert said(batch.warnings) == [
        ("ReasonForClosure", "says a transfer, but CINclosureDate is missing; it is not taken")
    ]


@pytest.mark.parametrize("text", ["2026-01-05", "2026-01-05Z", "2026-01-05+01:00", "\n2026-01-05 "])
def test_dates_as_the_schema_has_them(tmp_path: Path, text: str):
    batch = load(tmp_path, child(case(CINreferralDate=text)))
    assert batch.involvements[0].period.from_ == date(2026, 1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "05/01/2026",
        "2026-02-30",
        "2026-01-05T00:00:00",
        "20260105",
        "zz",
        "1900-06-01",
        "٢٠٢٦-٠١-٠٥",
    ],
)
def test_dates_that_cannot_be(tmp_path: Path, text: str):
    batch = load(tmp_path, child(case(CINclosureDate=text)))
    assert [(f.column, f.table, f.record, f.line) for f in batch.faults if f.column] == [
        ("CINclosureDate", "involvements", "CIN:A1:2026-01-05", 19)
    ]
    assert text not in batch.faults[0].sentence
    assert not batch.involvements


@pytest.mark.parametrize(
    "text", ["", "1900-01-01", "9999-12-31", "0001-01-01", "NULL", "#N/A", None]
)
def test_no_date_is_none(tmp_path: Path, text: str | None):
    batch = load(tmp_path, child(case(CINclosureDate=text)))
    assert batch.involvements[0].period.to is None
    batch = load(tmp_path, child(case(CINreferralDate=text)))
    assert said(batch.faults)[0] == ("CINreferralDate", "is missing")
    assert batch.faults[0].record is None


def test_odd_dates_are_kept_with_a_warning(tmp_path: Path):
    batch = load(
        tmp_path,
        child(case(), PersonBirthDate="1966-03-24"),
        child(case(CINreferralDate="2028-01-05"), LAchildID="A2"),
        child(case(CINclosureDate="2028-01-05"), LAchildID="A3"),
        child(case(CINreferralDate="2010-01-05"), LAchildID="A4"),
    )
    assert (len(batch.children), len(batch.involvements), batch.faults) == (4, 4, [])
    assert said(batch.warnings) == [
        ("PersonBirthDate", "is more than 26 years before the extract; the row is taken"),
        ("CINreferralDate", "is after the date of the extract; the row is taken"),
        ("CINclosureDate", "is after the date of the extract; the row is taken"),
        ("CINreferralDate", "is more than 300 days before the birth; the row is taken"),
    ]


@pytest.mark.parametrize("name", ["UPN", "FormerUPN"])
@pytest.mark.parametrize("text", ["A123456789123", "zz", "UN3", "NULL"])
def test_a_pupil_number_that_cannot_be_is_flagged_and_its_child_taken(
    tmp_path: Path, name: str, text: str
):
    batch = load(tmp_path, child(case(), **{"UPN": None, name: text}))
    (row,) = batch.children
    assert (row.identity.upn, row.identity.former_upns, batch.faults) == (None, (), [])
    assert [column for column, _ in said(batch.warnings)] == ([name] if text[0] in "Az" else [])


def test_unknown_elements_are_not_read_and_said_once(tmp_path: Path):
    new = tag("Tomorrow", CINclosureDate="2026-02-02")
    batch = load(tmp_path, child(case(new, CINClosureDate="2026-02-02"), case(new)))
    assert {tie.period.to for tie in batch.involvements} == {None}
    sentence = "is not an element of the census, or not at this place, and was not read"
    assert said(batch.warnings) == [("CINClosureDate", sentence), ("Tomorrow", sentence)]


def test_mixed_text_comments_and_a_namespace_are_tolerated(tmp_path: Path):
    mixed = child("zz", case("zz <!-- zz -->", assessment(), "zz")).replace(
        "<LAchildID>A1", '<LAchildID note="zz">\n A<!-- zz --><![CDATA[1]]>'
    )
    batch = load(tmp_path, mixed, root='Message xmlns="urn:zz"')
    assert list(ties(batch)) == ["CIN:A1:2026-01-05", "ASM:A1:2026-01-06"]
    assert (batch.faults, batch.warnings) == ([], [])
    assert "zz" not in repr([row.model_dump() for row in batch.rows()])


@pytest.mark.parametrize("text", [None, "", "-1", "x", "a;zz", "9" * 65])
def test_nothing_is_taken_of_a_child_without_an_id_nor_taken_for_ended(tmp_path: Path, text: Any):
    batch = load(tmp_path, child(case(ReferralSource="5C"), LAchildID=text), child(case()))
    assert [row.file for row in batch.children] == ["c.xml/Child 2"]
    assert [(f.column, f.table, f.record, f.line) for f in batch.faults] == [
        ("LAchildID", "children", None, 9),
        ("", "involvements", None, 9),
        ("", "pointers", None, 9),
    ]


def test_of_a_child_with_one_bad_case_the_others_are_taken(tmp_path: Path):
    values = {"ReferralSource": "5C", "ReasonForClosure": "RC5", "CINclosureDate": "2026-01-04"}
    bad = case(assessment("zz"), plan(), **values)
    batch = load(tmp_path, child(bad, case(CINreferralDate="2025-02-02")))
    assert sorted(ties(batch)) == ["CIN:A1:2025-02-02", "CPP:A1:2026-01-20"]
    assert [row.record for row in (*batch.children, *batch.pointers)] == ["A1", "5C:A1:2026-01-05"]
    assert [(f.column, f.sentence, f.table, f.record) for f in batch.faults] == [
        ("CINclosureDate", "is before CINreferralDate", "involvements", "CIN:A1:2026-01-05"),
        ("", "waits until the child is repaired", "pointers", "RC5:A1:2026-01-05"),
        ("AssessmentActualStartDate", "is not a date, as 2026-03-04", "involvements", None),
    ]


def test_a_child_of_whom_all_is_bad_waits(tmp_path: Path):
    batch = load(tmp_path, child(case(ReferralNFA="perhaps")))
    assert (batch.children, batch.involvements) == ([], [])
    assert [(f.column, f.sentence, f.table, f.record) for f in batch.faults] == [
        ("ReferralNFA", "is neither yes nor no", "involvements", "CIN:A1:2026-01-05"),
        ("", "waits until the child is repaired", "children", "A1"),
    ]


def test_a_birth_that_cannot_be_holds_back_the_child_alone(tmp_path: Path):
    batch = load(tmp_path, child(case(), PersonBirthDate="2015-02-30"))
    assert said(batch.faults) == [("PersonBirthDate", "is not a date, as 2026-03-04")]
    assert (batch.faults[0].table, batch.faults[0].record) == ("children", "A1")
    assert (len(batch.children), len(batch.involvements)) == (0, 1)
    far = load(tmp_path, child(case(), PersonBirthDate="2098-02-03"))
    assert said(far.faults) == [("PersonBirthDate", "is more than nine months from today")]


def test_two_that_differ_where_there_is_room_for_one_are_a_fault(tmp_path: Path):
    twice = case("<CINclosureDate>2026-03-01</CINclosureDate>", CINclosureDate="2026-02-01")
    batch = load(tmp_path, child(twice))
    assert said(batch.faults)[0] == ("CINclosureDate", "is there more than once, and not the same")


def test_a_child_without_cases_is_said(tmp_path: Path):
    batch = load(tmp_path, child())
    assert not batch.children
    assert said(batch.warnings) == [("", "has no CINdetails; nothing of it is taken")]

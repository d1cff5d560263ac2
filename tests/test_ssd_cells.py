"""What a cell of the SSD says, and what it cannot say."""

import re
from datetime import date
from itertools import product
from time import process_time

import pytest

from graph.model import Part, Profession
from loaders.cells import person, unbracketed
from loaders.ssd import cells
from loaders.ssd.cells import day, ident, name, part_of, profession_of, role_outside


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("2026-03-04 09:30", date(2026, 3, 4)),
        ("2026-03-04T09:30:15.1234567", date(2026, 3, 4)),
        ("2026-06-30T23:30:00Z", date(2026, 7, 1)),
        ("2026-06-30 23:30:00 +01:00", date(2026, 6, 30)),
        ("0001-01-01T00:00:00+00:00", None),
        (" 1753-01-01 ", None),
        ("1899-12-30", None),
        ("2300-01-01", None),
        ("SSD_PH", None),
        (None, None),
    ],
)
def test_days(cell: str | None, expected: date | None):
    assert day(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "04/03/2026",
        "2026-02-30",
        "2026-13-01",
        "20260304",
        "2026-03-04T25:00:00",
        "1850-01-01",
        "٢٠٢٦-٠١-٠١",
    ],
)
def test_what_is_no_day(cell: str):
    with pytest.raises(ValueError, match=r"is not a date|is in 1900") as caught:
        day(cell)
    assert cell not in str(caught.value)


def test_ids():
    assert [ident(cell) for cell in (12, "12.0", " 0012 ", "-1", "-1.0", -1, "", None)] == [
        "12", "12", "0012", None, None, None, None, None
    ]  # fmt: skip
    for cell in (True, [1], {"a": 1}, "a\tb;", "x" * 65):
        with pytest.raises(ValueError, match="is not an id"):
            ident(cell)


def test_what_a_machine_writes_is_no_name_and_what_somebody_is_called_is_one():
    called = ("Na", " Nan", "Nil", "Nan Li")
    assert [name(cell) for cell in called] == ["Na", "Nan", "Nil", "Nan Li"]
    nothing = ("nan", "NaN", "N/A", "NULL", "null", "NIL", "na", "Unknown", "SSD_PH", "", None)
    assert not any(map(name, nothing))


@pytest.mark.parametrize(
    ("role", "part"),
    [
        (None, Part.ALLOCATED_WORKER), ("CW", Part.ALLOCATED_WORKER),
        ("Allocated Social Worker", Part.ALLOCATED_WORKER), ("REL.ALLWORK", Part.ALLOCATED_WORKER),
        ("Lead Professional", Part.LEAD_PROFESSIONAL), ("16PLUS", Part.PERSONAL_ADVISER),
        ("Personal Advisor", Part.PERSONAL_ADVISER), ("Co-worker", Part.CO_WORKER),
        ("Secondary Social Worker", Part.CO_WORKER), ("CSO", Part.CO_WORKER),
        ("Independent Reviewing Officer", Part.CO_WORKER),
    ],
)  # fmt: skip
def test_roles(role: str | None, part: Part):
    assert part_of(role) is part


@pytest.mark.parametrize(
    ("title", "profession"),
    [
        ("Senior Social Worker", Profession.SOCIAL_WORKER), ("Student Social Worker", Profession.OTHER),
        ("Social Worker Assistant", Profession.OTHER), ("Health Visitor (bank)", Profession.HEALTH_VISITOR),
        ("School Nurse", Profession.SCHOOL_NURSE), ("GP", Profession.DOCTOR), (None, Profession.OTHER),
        ("YOT Officer", Profession.YOUTH_JUSTICE_WORKER), ("Family Support Worker", Profession.FAMILY_WORKER),
        ("Nursery Manager", Profession.OTHER), ("Team Manager", Profession.OTHER),
    ],
)  # fmt: skip
def test_job_titles(title: str | None, profession: Profession):
    assert profession_of(title) is profession


def test_roles_of_other_agencies():
    assert all(map(role_outside, ("School", "KASCHO", "Health Visitor", "GP", "Midwife")))
    assert not any(map(role_outside, (None, "CW", "Allocated Case Worker", "Kate", "IRO")))


def test_the_codes_are_those_of_the_specification():
    said = [
        "MANAGE",
        "FCONTA",
        "LEFTRL",
        "ORGRST",
        "TSPROC",
        "ABSENC",
        "CHCHAN",
        "PCCHAN",
        "SWDIED",
        "OTHERS",
    ]
    assert [cells.change_reason(code).value for code in said] == said


def test_what_stands_in_brackets_is_left_out_in_no_more_time_than_a_cell_is_long():
    for signs in product("(a)", repeat=7):
        text = "".join(signs)
        assert unbracketed(text) == re.sub(r"\([^)]*\)", " ", text)
    began = process_time()
    with pytest.raises(ValueError, match="is not"):
        person("(" * 200_000)
    assert process_time() - began < 1

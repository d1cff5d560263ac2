"""Days as every format writes them, and those that stand for none."""

from datetime import date

import pytest
from openpyxl.utils.datetime import MAC_EPOCH

from loaders import sheet_days
from loaders.days import COMPACT, DMY, ISO, NO_DAY, WORDS, XSD, Form, day
from loaders.sheet import Sheet

MARCH = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "forms", "expected"),
    [
        ("2026-03-04", (ISO,), MARCH),
        ("2026-3-4 09:30:15.123", (ISO,), MARCH),
        ("2026-06-30T23:30:00Z", (ISO,), date(2026, 7, 1)),
        ("2026-06-30T23:30:00", (ISO,), date(2026, 6, 30)),
        ("2026-06-30 23:30 +0100", (ISO,), date(2026, 6, 30)),
        ("2026-03-04+11:00", (XSD,), MARCH),
        ("04/03/2026", (DMY,), MARCH),
        ("4-3-2026 9:30", (DMY,), MARCH),
        ("2026-03-04", (DMY, ISO), MARCH),
        ("4 March 2026", (DMY, ISO, WORDS), MARCH),
        ("04-MAR-2026", (WORDS,), MARCH),
        ("20260304", (COMPACT,), MARCH),
        ("", (ISO,), None),
        (None, (ISO,), None),
    ],
)
def test_days_are_read_in_their_forms(
    text: str | None, forms: tuple[Form, ...], expected: date | None
):
    assert day(text, *forms) == expected


@pytest.mark.parametrize("stands_for_none", sorted(NO_DAY))
def test_what_systems_write_for_no_day_is_none_at_any_hour_and_zone(stands_for_none: date):
    for clock in ("", "T00:00:00", "T23:59:59Z", " 00:00:00 +01:00"):
        assert day(f"{stands_for_none}{clock}", ISO) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-02-30", ISO),
        ("2026-03-04T25:00", ISO),
        ("2026-03-04T09:60", ISO),
        ("2026-03-04 morning", ISO),
        ("04/03-2026", DMY),
        ("03/13/2026", DMY),
        ("4 Marchy 2026 or so", WORDS),
        ("4 Floreal 2026", WORDS),
        ("2026-03-04T00:00:00", XSD),
        ("2026034", COMPACT),
        ("٢٠٢٦-٠٣-٠٤", ISO),
    ],
)
def test_what_is_no_day_is_said_by_an_example_and_never_itself(text: str, form: Form):
    with pytest.raises(ValueError, match=f"^is not a date, as {form.example}$"):
        day(text, form)


def test_a_day_long_ago_is_a_fault_unless_nobody_needs_to_know_it():
    with pytest.raises(ValueError, match="is in 1900 or before"):
        day("1850-06-01", ISO)
    assert day("1850-06-01", ISO, ancient=True) is None


@pytest.mark.parametrize("cell", [2_958_000, -1, float("nan"), "=A1", "=B1+99999", True, "2958000"])
def test_a_cell_that_counts_to_no_day_is_said(cell: object):
    sheet = Sheet("List 6", [(cell, date(9999, 1, 1))], MAC_EPOCH)
    with pytest.raises(ValueError, match=r"^is "):
        sheet_days.day(sheet, 1, 1)

"""Models: what cannot be is refused with a sentence, and periods know their gaps."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graph import Identity, Period, Service, explain
from graph.model import Model
from graph.rows import HomeRow
from tests.world import World

DAYS = st.dates(date(1901, 1, 1), date(2099, 12, 31))
MAYBE = st.none() | DAYS


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Any period that can be."""
    start, end = draw(MAYBE), draw(MAYBE)
    if start and end and end < start:
        start, end = end, start
    return Period(from_=start, to=end)


@given(periods(), periods())
def test_overlap_is_mutual_and_means_a_shared_day(one: Period, other: Period) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    edges = [day for day in (one.from_, one.to, other.from_, other.to) if day] or [date.today()]
    assert one.overlaps(other) == any(one.holds(day) and other.holds(day) for day in edges)


@given(periods(), periods())
def test_a_gap_is_the_days_between(one: Period, other: Period) -> None:
    gap = one.gap_days(other)
    if one.to is None or other.from_ is None:
        assert gap is None
    else:
        days = range(1, (other.from_ - one.to).days)
        assert gap == len(days)
        if one.overlaps(other):
            assert gap == 0


@given(periods(), DAYS)
def test_an_open_period_never_ends_and_an_unknown_start_reaches_back(
    one: Period, day: date
) -> None:
    assert one.open == (one.to is None)
    if one.open and one.from_:
        assert one.holds(max(day, one.from_))
    if one.from_ is None and one.to:
        assert one.holds(min(day, one.to))


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"nhs_number": "9990000019"}, "nhs_number", "is not a valid NHS number"),
        ({"nhs_number": "9999999999"}, "nhs_number", "is not a valid NHS number"),
        ({"upn": "B80120000500"}, "upn", "is not a UPN"),
        ({"upn": "A801200005001"}, "upn", "check letter"),
        ({"birth_date": "1900-01-01"}, "birth_date", "1900"),
        ({"birth_date": date.today() + timedelta(days=300)}, "birth_date", "nine months"),
        ({"family_name": "<b>"}, "family_name", "letters, spaces"),
        ({"postcode": "nope"}, "postcode", "postcode"),
        ({"notes": "x"}, "notes", "not a column"),
    ],
)
def test_what_cannot_be_is_a_sentence(fields: dict, field: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Identity.model_validate(fields)
    [(where, said)] = explain(caught.value, Identity)
    assert where == field
    assert sentence in said
    assert str(next(iter(fields.values()))) not in said


@pytest.mark.parametrize("area", ["838", "839", "840", "940", "941", "942", "943"])
def test_upns_of_areas_newer_than_the_library_are_taken(area: str) -> None:
    from stdnum.gb.upn import calc_check_digit

    digits = f"{area}2000050 01".replace(" ", "")[:12].ljust(12, "0")
    assert Identity(upn=calc_check_digit(digits) + digits).upn


def test_a_child_who_is_expected_may_have_a_birth_date_to_come() -> None:
    assert Identity(birth_date=date.today() + timedelta(days=200)).birth_date


@pytest.mark.parametrize(
    "fields", [{"from": "2020-01-02", "to": "2020-01-01"}, {"from": "1900-01-01"}]
)
def test_dates_that_cannot_be_in_a_period(fields: dict) -> None:
    with pytest.raises(ValidationError):
        Period.model_validate(fields)


def test_no_model_has_a_field_for_free_text() -> None:
    """Every string that a row may hold has a pattern or a short list."""
    for kind in (Identity, Service, HomeRow):
        for name, field in kind.model_json_schema()["properties"].items():
            kinds = field.get("anyOf", [field])
            for one in kinds:
                free = one.get("type") == "string" and not {"pattern", "format", "maxLength"} & set(
                    one
                )
                assert not free or name in ("id", "file", "upn", "nhs_number"), (kind, name)


def test_an_identity_never_prints_itself() -> None:
    assert "Okafor" not in repr(Identity(family_name="Okafor")) + str(
        Identity(family_name="Okafor")
    )


def models_in(value: Any) -> Iterator[Model]:
    """A model and all that are within it."""
    if isinstance(value, Model):
        yield value
        value = list(dict(value).values())
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from models_in(one)


def test_what_is_taken_from_the_graph_unchecked_would_pass_every_check(world: World) -> None:
    found = list(models_in(world.map()))
    assert {
        "Period",
        "Authority",
        "Identity",
        "Involvement",
        "Allocation",
        "Home",
        "SourceAge",
    } <= {type(one).__name__ for one in found}
    for one in found:
        assert list(one.__dict__) == list(type(one).model_fields)
        assert type(one).model_validate(dict(one)) == one
        text = one.model_dump_json(by_alias=True)
        assert type(one).model_validate_json(text).model_dump_json(by_alias=True) == text

"""Finding a child with errors, on a real graph: five outcomes, reasons, and nothing that was not typed."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from graph import FindChild, Found, Graph, Outcome
from tests.test_door import records
from tests.world import (
    CHIDI,
    IDLE,
    NOBODY,
    NOW,
    NURSE,
    SHIELDED,
    SOURCES,
    STEWARD,
    World,
    bradford,
    child,
    leeds,
)

EMPTY: dict[str, Any] = {"homes": [], "involvements": [], "allocations": []}


def find(graph: Graph, **details: Any) -> Found:
    """A search by a nurse with a purpose."""
    return graph.ask(NURSE, FindChild.model_validate(details))


@pytest.fixture
def people(graph: Graph) -> Graph:
    """Children with names of many origins."""
    for source in SOURCES:
        graph.load(STEWARD, source)
    rows = [
        ("Mohammed", "Khan", "2014-03-05", "BD3 9QQ"),
        ("Aisha", "Al-Rashid", "2013-05-04", "BD1 1AA"),
        ("Yusuf", "Demir", "2012-11-30", "LS7 3BC"),
        ("Oleksandr", "Shevchenko", "2011-07-19", "LS8 1AB"),
        ("Siobhan", "O'Connell", "2010-08-23", "LS9 2CD"),
        ("William", "McAllister", "2016-01-17", "LS2 7EF"),
        ("Mary-Anne", "Smith-Barker", "2015-12-28", "LS3 8GH"),
        ("Joost", "van der Meer", "2009-10-21", "LS4 9IJ"),
        ("Gita", "Ramachandran", "2014-02-14", "LS5 1KL"),
    ]
    named = [
        child(
            f"N{n}",
            line=n + 2,
            given_name=given,
            family_name=family,
            birth_date=born,
            postcode=code,
        )
        for n, (given, family, born, code) in enumerate(rows)
    ]
    unborn = child("U1", line=40, family_name="Castellano", expected_date=soon(60))
    graph.load(STEWARD, leeds(children=[*named, unborn], **EMPTY))
    return graph


def soon(days: int) -> str:
    """A day to come, by the machine's clock, which bounds birth dates."""
    return (date.today() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("Muhammad", "Khan", "2014-03-05"), "Mohammed"),
        (("Mohamad", "Kahn", "2014-03-05"), "Mohammed"),
        (("Ayesha", "Rashid", "2013-05-04"), "Aisha"),
        (("Aysha", "Al Rashid", "2013-04-05"), "Aisha"),
        (("Youssef", "Demir", "2012-11-30"), "Yusuf"),
        (("Alexander", "Sevcenko", "2011-07-19"), "Oleksandr"),
        (("Олександр", "Шевченко", "2011-07-19"), "Oleksandr"),
        (("Shivaun", "Connell", "2010-08-23"), "Siobhan"),
        (("Siobhán", "OConnell", "2010-08-23"), "Siobhan"),
        (("Billy", "MacAllister", "2016-01-17"), "William"),
        (("William", "Mc Allister", "2016-01-18"), "William"),
        (("Mary Anne", "Smith Barker", "2015-12-28"), "Mary-Anne"),
        (("Mary", "Barker", "2015-12-28"), "Mary-Anne"),
        (("Joost", "Meer", "2009-10-21"), "Joost"),
        (("Ramachandran", "Gita", "2014-02-14"), "Gita"),
        (("Geeta", "Ramachandran", "2014-02-14"), "Gita"),
        (("Gita", "Ramachandran", "2013-02-14"), "Gita"),
    ],
)
def test_a_child_is_found_with_errors(people: Graph, typed: tuple[str, ...], found: str) -> None:
    given, family, born = typed
    answer = find(people, given_name=given, family_name=family, birth_date=born)
    assert answer.outcome in (Outcome.ONE, Outcome.SEVERAL)
    assert [c.identity and c.identity.given_name for c in answer.children] == [found]


@pytest.mark.parametrize(
    "typed",
    [
        {"family_name": "Shevchenko", "birth_date": "2011-07-19"},
        {"given_name": "Gita", "birth_date": "2014-02-14"},
        {"given_name": "Gita", "postcode": "LS5 1"},
        {"family_name": "Demir", "postcode": "LS7 3BC", "sex": "M"},
        {"birth_date": "2010-08-23", "postcode": "LS9 2CD"},
        {"former_name": "Shevchenko", "birth_date": "2011-07-19"},
        {"family_name": "Castellano", "birth_date": soon(45)},
    ],
)
def test_two_details_are_enough_to_look(people: Graph, typed: dict[str, str]) -> None:
    answer = find(people, **typed)
    assert answer.outcome is Outcome.SEVERAL
    [one] = answer.children
    assert one.identity
    shown = {name for name, value in one.identity if value not in (None, (), "U")}
    asked = {*typed, "expected_date"} if "Castellano" in typed.values() else set(typed)
    assert shown <= {"former_names" if name == "former_name" else name for name in asked}


def test_reasons_are_in_words_field_by_field(people: Graph) -> None:
    answer = find(
        people, given_name="Aisha", family_name="Rashid", birth_date="2013-04-05", postcode="BD2 2"
    )
    [one] = answer.children
    said = {reason.field: reason.agreement for reason in one.reasons}
    assert said == {
        "family name": "another form of it",
        "given name": "the same",
        "birth date": "day and month swapped",
        "postcode": "different",
    }


def test_what_is_common_asks_for_more(graph: Graph) -> None:
    graph.load(STEWARD, SOURCES[0])
    days = (date(2010, 1, 1) + timedelta(days=97 * n) for n in range(30))
    rows = [
        child(f"S{n}", line=n + 2, family_name="Smith", given_name="Jack", birth_date=day)
        for n, day in enumerate(days)
    ]
    graph.load(STEWARD, leeds(children=rows, **EMPTY))
    answer = find(graph, family_name="Smith", given_name="Jack")
    assert answer.outcome is Outcome.TOO_MANY
    assert not answer.children
    assert answer.asked == ["family_name", "given_name"]
    rows = [row.model_copy(update={"identity": rows[0].identity}) for row in rows]
    numbered = [
        row.model_copy(update={"identity": row.identity.model_copy(update={"nhs_number": number})})
        for row, number in zip(rows, NUMBERS, strict=False)
    ]
    graph.load(STEWARD, leeds(children=numbered, **EMPTY), accept_drop=True)
    assert find(graph, family_name="Smith", given_name="Jack", birth_date="2010-01-01").outcome is (
        Outcome.TOO_MANY
    )


NUMBERS = tuple(f"99900000{n}" for n in (18, 26, 34, 42, 50, 69, 77, 85, 93))
NUMBERS += ("9990000107", "9990000115", "9990000123")


def test_none_says_which_sources_were_asked(people: Graph) -> None:
    answer = find(people, given_name="Nobody", family_name="Nowhere", birth_date="2014-02-14")
    assert answer.outcome is Outcome.NONE
    assert answer.coverage.sources
    assert answer.asked == ["family_name", "given_name", "birth_date"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "give an NHS number, or at least two of"),
        ({"family_name": "Okafor"}, "at least two of"),
        ({"family_name": "Okafor", "sex": "M"}, "at least two of"),
        ({"family_name": "UNKNOWN", "given_name": "Chidi"}, "leave it empty"),
        ({"family_name": "Okafor", "given_name": "TWIN"}, "leave it empty"),
        ({"nhs_number": "9990000019"}, "not a valid NHS number"),
        ({"family_name": "x" * 500, "given_name": "A"}, "80 characters"),
        ({"family_name": "Oka‏for", "given_name": "A"}, "match pattern"),
        ({"family_name": "😀", "given_name": "A"}, "match pattern"),
        ({"family_name": "Okafor", "birth_date": "2015-02-30"}, "date"),
    ],
)
def test_what_cannot_be_asked_is_said(typed: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        FindChild.model_validate(typed)


def test_a_shielded_child_is_found_by_exact_identity_alone(world: World) -> None:
    exact = {"family_name": "Nowak", "given_name": "Zofia", "birth_date": "2012-02-29"}
    for typed in (exact, {"nhs_number": SHIELDED}):
        [one] = find(world.graph, **typed).children
        assert (one.restricted, one.identity, one.reasons) == (True, None, [])
    near = [
        {**exact, "given_name": "Zosia"},
        {**exact, "family_name": "Novak"},
        {**exact, "birth_date": "2012-02-28"},
        {**exact, "family_name": "Zofia", "given_name": "Nowak"},
        {"family_name": "Nowak", "birth_date": "2012-02-29"},
        {"given_name": "Zofia", "family_name": "Nowak"},
    ]
    for typed in near:
        answer = find(world.graph, **typed)
        assert (answer.outcome, answer.children) == (Outcome.NONE, []), typed


def test_without_a_ground_a_search_finds_nobody_however_it_is_typed(world: World) -> None:
    for typed in (
        {"nhs_number": CHIDI},
        {"family_name": "Okafor", "given_name": "Chidi"},
        {"family_name": "Okafor", "given_name": "Chide", "birth_date": "2015-09-06"},
    ):
        answer = world.graph.ask(IDLE, FindChild.model_validate(typed))
        nobody = world.graph.ask(IDLE, FindChild(nhs_number=NOBODY))
        assert (answer.outcome, answer.children) == (nobody.outcome, nobody.children)


def test_a_number_whose_name_is_another_is_no_match_but_is_shown_with_reasons(world: World) -> None:
    answer = find(
        world.graph,
        nhs_number=CHIDI,
        given_name="Zara",
        family_name="Malik",
        birth_date="2019-01-01",
    )
    assert answer.outcome is Outcome.SEVERAL
    [one] = answer.children
    assert {r.field: r.agreement for r in one.reasons}["given name"] == "different"
    assert one.identity
    assert (one.identity.given_name, one.identity.postcode) == ("Chidi", None)


def test_a_search_leaves_which_details_were_typed_and_never_what(people: Graph, bare) -> None:
    find(people, given_name="Gita", family_name="Ramachandran", postcode="LS5 1KL")
    last = records(bare)[-1]
    assert last["by"] == ["family_name", "given_name", "postcode"]
    assert "Gita" not in str(last)


def test_a_name_in_another_source_finds_the_same_child(world: World) -> None:
    NOW.forward(minutes=1)
    rows = [
        child(
            "77",
            nhs_number=CHIDI,
            family_name="Adeyemi",
            given_name="Chidi",
            birth_date="2015-06-09",
        )
    ]
    world.graph.load(STEWARD, bradford(children=rows))
    answer = find(world.graph, family_name="Adeyemi", given_name="Chidi", birth_date="2015-06-09")
    assert answer.outcome is Outcome.ONE


def test_who_asks_by_a_former_name_is_not_told_the_present_one(graph: Graph) -> None:
    graph.load(STEWARD, SOURCES[0])
    row = child(
        "F1",
        family_name="Quigley",
        former_names=["Oddny"],
        given_name="Ros",
        birth_date="2014-02-14",
    )
    graph.load(STEWARD, leeds(children=[row], **EMPTY))
    [one] = find(graph, family_name="Oddny", birth_date="2014-02-14").children
    assert {r.field: r.agreement for r in one.reasons}["family name"] == "the same as a former name"
    assert "Quigley" not in one.model_dump_json()


def test_values_and_reasons_are_one_sources(world: World) -> None:
    answer = find(world.graph, family_name="Okafor-Eze", birth_date="2015-06-09")
    [one] = answer.children
    assert one.identity
    assert one.identity.family_name == "Okafor-Eze"
    assert one.reasons[0].agreement == "the same"

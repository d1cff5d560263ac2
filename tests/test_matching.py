"""Whether two descriptions are of one child: names of many origins, dates, and rules that always hold."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import Identity
from graph.comparing import Level, compare_dates, compare_names, person_of, sector_of
from graph.holding import NUMBERS, TWINS, TWO_NUMBERS_TWO_NAMES
from graph.matching import Band, exact, hopeless, score
from graph.naming import FORMS, is_placeholder, name_of, sound_of
from graph.weights import Frequencies, weights

ENGLAND = Frequencies(children=100_000)
CHIDI = {
    "family_name": "Okafor",
    "given_name": "Chidi",
    "birth_date": date(2015, 6, 9),
    "sex": "M",
    "postcode": "LS1 4AP",
}


def identity(**fields: Any) -> Identity:
    """An identity of these fields."""
    return Identity.model_validate(fields)


def scored(one: dict[str, Any], other: dict[str, Any], children: int = 100_000):
    """The score of two descriptions among so many children."""
    people = [person_of(identity(**fields)) for fields in (one, other)]
    return score(*people, Frequencies(children=children))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed", "Muhammad"),
        ("Mohamad", "Mohammed"),
        ("Aisha", "Ayesha"),
        ("Aysha", "Aisha"),
        ("Yusuf", "Youssef"),
        ("Oleksandr", "Alexander"),
        ("Олександр", "Oleksandr"),
        ("محمد", "Mohammed"),
        ("Siobhan", "Shivaun"),
        ("Siobhán", "Siobhan"),
        ("Bill", "William"),
        ("Beth", "Elizabeth"),
        ("Łukasz", "Lukasz"),
        ("Nguyễn", "Nguyen"),
    ],
)
def test_forms_of_one_given_name_are_one_name(one: str, other: str) -> None:
    names = [name_of(text, "given") for text in (one, other)]
    level = compare_names(*names)  # type: ignore[arg-type]
    assert level in (Level.SAME, Level.FORM, Level.SOUND)
    assert set(names[0].sounds) & set(names[1].sounds) or level is Level.FORM  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("one", "other", "levels"),
    [
        ("O'Neil", "Oneil", (Level.SAME,)),
        ("O'Neil", "Neil", (Level.FORM,)),
        ("McDonald", "MacDonald", (Level.FORM, Level.SOUND)),
        ("Mc Donald", "McDonald", (Level.SAME,)),
        ("Al-Hassan", "Hassan", (Level.FORM,)),
        ("van der Berg", "Berg", (Level.FORM,)),
        ("Smith-Jones", "Smith Jones", (Level.SAME,)),
        ("Jones-Smith", "Smith-Jones", (Level.FORM,)),
        ("Smith-Jones", "Jones", (Level.PARTLY,)),
        ("Kowalska", "Kowalski", (Level.FORM, Level.SOUND)),
        ("Okafor", "Okaofr", (Level.SOUND, Level.SPELT)),
        ("Okafor", "Smith", (Level.DIFFERENT,)),
    ],
)
def test_family_names(one: str, other: str, levels: tuple[Level, ...]) -> None:
    names = [name_of(text, "family") for text in (one, other)]
    assert compare_names(*names) in levels  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hassan", "Husain"), ("Amelia", "Emilia"), ("Zara", "Sara"), ("Mia", "Maya")],
)
def test_two_names_that_people_have_are_not_one_misspelt(one: str, other: str) -> None:
    first = {**CHIDI, "given_name": one}
    found = scored(first, {**CHIDI, "given_name": other})
    assert found.level("given name") not in (Level.SAME, Level.FORM, Level.SPELT)
    if (one, other) != ("Zara", "Sara"):
        assert TWINS in found.holds
        assert found.band is not Band.MATCH


@pytest.mark.parametrize(
    "name",
    ["UNKNOWN", "Baby", "TWIN 1", "Test Test", "Baby Boy", "unborn", "N/A", "Not known", "XXX"],
)
def test_a_placeholder_is_no_name_and_matches_nobody(name: str) -> None:
    assert is_placeholder(name)
    assert name_of(name, "given") is None
    if name != "N/A" and "1" not in name:
        one = {**CHIDI, "family_name": name, "given_name": name}
        assert all("name" not in term.field for term in scored(one, one).terms)


@pytest.mark.parametrize("name", ["Nash", "Boyd", "Una", "Given", "Ab"])
def test_a_name_is_no_placeholder_because_it_looks_like_one(name: str) -> None:
    assert not is_placeholder(f"{name}son")
    assert name_of(f"{name}son", "family") is not None


def test_dates() -> None:
    born = date(2015, 6, 9)
    assert compare_dates(born, born) is Level.SAME
    assert compare_dates(born, date(2015, 9, 6)) is Level.SWAPPED
    assert compare_dates(born, date(2015, 6, 8)) is Level.DIGIT
    assert compare_dates(born, date(2015, 6, 27)) is Level.TWO_PARTS
    assert compare_dates(born, date(2012, 1, 30)) is Level.DIFFERENT
    assert sector_of("ls14ap") == "LS1 4"


def test_an_unborn_child_is_found_by_the_mothers_name_and_the_expected_date() -> None:
    expected = {"family_name": "Okafor", "expected_date": date(2026, 2, 1)}
    born = {**CHIDI, "birth_date": date(2026, 2, 20)}
    found = scored(expected, born)
    assert found.level("birth date") is Level.EXPECTED
    late = scored(expected, {**CHIDI, "birth_date": date(2026, 6, 1)})
    assert late.level("birth date") is Level.DIFFERENT
    assert identity(birth_date=date.today() + timedelta(days=90)).as_of(date.today()).expected_date


def test_names_in_the_wrong_order_are_seen_as_such() -> None:
    found = scored(CHIDI, {**CHIDI, "family_name": "Chidi", "given_name": "Okafor"})
    assert found.level("names") is Level.CROSSED
    assert found.band is Band.MATCH


def test_a_former_name_is_as_good_as_the_name() -> None:
    married = {**CHIDI, "family_name": "Adeyemi", "former_names": ("Okafor",)}
    assert scored(CHIDI, married).level("family name") is Level.FORMER
    assert scored(CHIDI, married).band is Band.MATCH
    assert exact(scored(CHIDI, CHIDI))


def test_twins_and_differing_numbers_are_never_a_match_by_themselves() -> None:
    twin = {**CHIDI, "given_name": "Emeka"}
    assert scored(CHIDI, twin).band is not Band.MATCH
    one = {**CHIDI, "nhs_number": "9990000018"}
    other = {**CHIDI, "nhs_number": "9990000026"}
    found = scored(one, other)
    assert NUMBERS in found.holds
    assert found.band is not Band.MATCH
    assert scored(one, {**other, "given_name": "Emeka"}).band is Band.LOW


def test_without_a_given_name_it_could_be_a_brother() -> None:
    plain = {name: value for name, value in CHIDI.items() if name != "given_name"}
    assert scored(plain, CHIDI).band is Band.POSSIBLE
    numbered = {"nhs_number": "9990000018"}
    assert scored({**plain, **numbered}, {**CHIDI, **numbered}).band is Band.MATCH


def test_a_common_name_says_less_than_a_rare_one() -> None:
    common = Frequencies({"family": {"okafor": 5_000}, "given": {}}, 100_000, 100_000)
    one = person_of(identity(**CHIDI))
    assert score(one, one, common).terms[0].bits < score(one, one, ENGLAND).terms[0].bits


NAMES = ["Okafor", "Smith", "Smyth", "Khan", "O'Neil", "al-Hassan", "Chidi", "Muhammad", "Mohammed"]
PEOPLE = st.fixed_dictionaries(
    {},
    optional={
        "family_name": st.sampled_from(NAMES),
        "given_name": st.sampled_from(NAMES),
        "birth_date": st.dates(date(2008, 1, 1), date(2026, 1, 1)),
        "sex": st.sampled_from(["M", "F", "U"]),
        "postcode": st.sampled_from(["LS1 4AP", "LS1 5AB", "BD3 9QQ"]),
        "nhs_number": st.sampled_from(["9990000018", "9990000026"]),
        "upn": st.sampled_from(["B801200005001"]),
        "former_names": st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    },
)


@given(PEOPLE, PEOPLE)
def test_scoring_is_symmetric(one: dict[str, Any], other: dict[str, Any]) -> None:
    there, back = scored(one, other), scored(other, one)
    assert there.probability == pytest.approx(back.probability)
    assert (there.band, set(there.holds)) == (back.band, set(back.holds))


@given(PEOPLE, PEOPLE, st.sampled_from([0.05, 0.25, 0.85]))
def test_who_is_hopeless_would_have_scored_little(
    one: dict[str, Any], other: dict[str, Any], least: float
) -> None:
    people = [person_of(identity(**said)) for said in (one, other)]
    found = score(*people, ENGLAND)
    little = found.probability < least or TWO_NUMBERS_TWO_NAMES in found.holds
    if hopeless(*people, ENGLAND, least):
        assert little
        assert found.level("NHS number") is not Level.SAME
        assert not exact(found)


def test_two_numbers_and_two_given_names_are_hopeless() -> None:
    numbered = {**CHIDI, "nhs_number": "9990000018"}
    twin = {**CHIDI, "given_name": "Emeka", "nhs_number": "9990000026"}
    crossed = {**twin, "given_name": "Okafor", "family_name": "Chidi"}
    one = person_of(identity(**numbered))
    assert hopeless(one, person_of(identity(**twin)), ENGLAND, 0.25)
    assert not hopeless(one, person_of(identity(**crossed)), ENGLAND, 0.25)
    assert not hopeless(one, person_of(identity(**CHIDI)), ENGLAND, 0.25)


def test_two_who_share_no_more_than_a_birth_date_are_hopeless() -> None:
    same_day = person_of(
        identity(family_name="Nowak", given_name="Zofia", birth_date=CHIDI["birth_date"])
    )
    assert hopeless(person_of(identity(**CHIDI)), same_day, ENGLAND, 0.25)


@given(PEOPLE, PEOPLE, PEOPLE)
def test_an_agreeing_field_never_lowers_a_score(
    one: dict[str, Any], other: dict[str, Any], more: dict[str, Any]
) -> None:
    for name, value in more.items():
        if name in one or name in other or name == "former_names":
            continue
        if name == "family_name" and (one.get("former_names") or other.get("former_names")):
            continue  # what was a former name alone may be the other's given name, and so crossed
        before, after = scored(one, other), scored({**one, name: value}, {**other, name: value})
        assert after.probability >= before.probability - 1e-12, name
        assert list(Band).index(after.band) <= list(Band).index(before.band), name


@given(st.text(max_size=500))
def test_no_text_breaks_a_name(text: str) -> None:
    found = name_of(text, "family")
    assert found is None or (found.text and found.sounds and found.text.isascii())
    assert sound_of(text) is not None


def test_every_level_has_a_weight_and_agreeing_never_speaks_against() -> None:
    learnt = weights()
    for part in ("family", "given"):
        for level in ("SAME", "FORM", "SOUND", "SPELT", "ALIKE", "PARTLY", "INITIAL", "DIFFERENT"):
            learnt.bits(part, level)
        assert learnt.bits(part, "DIFFERENT") < 0 < learnt.bits(part, "SAME")
        assert learnt.bits(part, "SAME", share=1.0) >= 0
    for part in ("birth", "sex", "sector", "nhs", "upn"):
        assert learnt.bits(part, "DIFFERENT") < 0 < learnt.bits(part, "SAME")
    assert learnt.origin["made"]


def test_a_person_is_what_the_identity_says_and_no_more() -> None:
    person = person_of(identity(**CHIDI, nhs_number="9990000018"))
    assert (person.sector, person.nhs, person.upn) == ("LS1 4", "9990000018", None)
    assert replace(person, sector=None) != person


def test_every_form_of_the_table_comes_to_its_name() -> None:
    astray = []
    with FORMS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            stands = name_of(row["name"], row["part"])
            for form in row["forms"].split(";"):
                found = name_of(form, row["part"])
                if not (found and stands and found.form == stands.form and found.listed):
                    astray.append((row["part"], form))
    assert astray == []


@pytest.mark.parametrize("name", ["Na", "Nil", "Thế", "Child", "Male", "A", "B", "Ellen", "Albert"])
def test_short_and_odd_names_are_names(name: str) -> None:
    found = name_of(name, "given")
    assert found
    assert found.whole == found.text

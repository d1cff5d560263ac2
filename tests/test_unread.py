"""What each format holds that is not read: two files that differ by one name, and what is told of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.rows import MOST_UNREAD, Batch
from graph.unread import unread_news
from loaders import annex_a, ods
from loaders.unread import MOST_KEYS, OF_CHILDREN, Keys, columns, is_shown
from tests import (
    test_annex_a,
    test_cin,
    test_cpis,
    test_episodes,
    test_gias,
    test_ods,
    test_openreferral,
    test_ssd,
    test_ssda903_files,
)
from tests.test_ssda903_graph import WHOLE
from tests.world import whole

Made = Callable[[Path, bool], Batch]


def an_ssd(path: Path, more: bool) -> Batch:
    table = test_ssd.table("ssd_person", {})
    for row, cell in zip(table, ("Pers_Religion", "ZZCONTENT"), strict=True):
        row += [cell] * more
    return test_ssd.load(path, ssd_person=table)


def a_903(path: Path, more: bool) -> Batch:
    folder = test_ssda903_files.as_folder(path, WHOLE)
    if more:
        head, *rows = (folder / "episodes.csv").read_text().splitlines()
        wider = [f"{head},religion", *(f"{row},ZZCONTENT" for row in rows)]
        (folder / "episodes.csv").write_text("\n".join(wider))
    return test_ssda903_files.read(folder)


def a_903_workbook(path: Path, more: bool) -> Batch:
    made = test_ssda903_files.as_workbook(path, WHOLE)
    return test_ssda903_files.read(with_header(made, "Sheet episodes", "Religion", more))


def a_903_xml(path: Path, more: bool) -> Batch:
    made = test_ssda903_files.as_xml(path, WHOLE)
    if more:
        made.write_text(made.read_text().replace("</HEADER>", "<RELIGION>ZZ</RELIGION></HEADER>"))
    return test_ssda903_files.read(made)


def an_annex_a(path: Path, more: bool) -> Batch:
    made = test_annex_a.workbook(path / "a.xlsx", {6: [test_annex_a.row(6)]})
    made = with_header(made, "List 6", "Number of siblings in care (last 12 months)", more)
    return annex_a.read(made, "leeds-csc", test_annex_a.TODAY)


def a_plain_annex_a(path: Path, more: bool) -> Batch:
    made = test_annex_a.workbook(path / "a.xlsx", {6: [test_annex_a.row(6)]})
    made = with_header(made, "List 6", " Does the child have a DISABILITY?", more)
    return annex_a.read(made, "leeds-csc", test_annex_a.TODAY)


def with_header(path: Path, sheet: str, name: str, more: bool) -> Path:
    book = openpyxl.load_workbook(path)
    if more:
        book[sheet].cell(1, book[sheet].max_column + 1, name)
    book.save(path)
    return path


def a_register(path: Path, more: bool) -> Batch:
    names = [*test_gias.SCHOOLS, *["ReligiousCharacter (name)"] * more]
    (path / "schools.csv").write_text(test_gias.csv_of(names, [test_gias.ELM]))
    return test_gias.read(path / "schools.csv")


def a_report(path: Path, more: bool) -> Batch:
    line = [*test_ods.line(), *["ZZCONTENT"] * more]
    return test_ods.read(test_ods.report(path / "epraccur.csv", line))


def an_ord(path: Path, more: bool) -> Batch:
    said = test_ods.organisation(**({"Religion": "ZZCONTENT"} if more else {}))
    return whole(ods.read(test_ods.written(path / "ord.json", said), "ods", test_ods.TODAY))


def an_ods_bundle(path: Path, more: bool) -> Batch:
    said = test_ods.organization(**({"religion": "ZZCONTENT"} if more else {}))
    return test_ods.read(test_ods.written(path / "ods.json", test_ods.searchset(said)))


def a_census(path: Path, more: bool) -> Batch:
    said = {"Religion": "ZZCONTENT"} if more else {}
    return test_cin.load(path, test_cin.child(test_cin.case(), **said))


def a_directory(path: Path, more: bool) -> Batch:
    return test_openreferral.read_one(path, **({"religion": "ZZCONTENT"} if more else {}))


def bundles(path: Path, more: bool, many: int = OF_CHILDREN) -> Batch:
    who = test_cpis.patient(**({"religion": "ZZCONTENT"} if more else {}))
    found = test_cpis.bundle(test_cpis.flag(), test_cpis.plan(), test_cpis.team(), who)
    return test_cpis.load(path, *[found] * many)


def some_episodes(path: Path, more: bool, many: int = OF_CHILDREN) -> Batch:
    said = {"religion": "ZZCONTENT"} if more else {}
    people = [test_episodes.person(**said) for _ in range(many)]
    return test_episodes.load(path, *people, test_episodes.episode())


KINDS: list[tuple[Made, str]] = [
    (an_ssd, 'column "pers_religion" of ssd_person'),
    (a_903, 'column "RELIGION" of episodes'),
    (a_903_workbook, 'column "RELIGION" of episodes'),
    (a_903_xml, 'element "RELIGION"'),
    (an_annex_a, "column 12 of List 6"),
    (a_plain_annex_a, 'column "does the child have a disability" of List 6'),
    (a_register, 'column "ReligiousCharacter (name)" of schools'),
    (a_report, "column 28 of an ODS report"),
    (an_ord, 'key "Religion" of Organisation'),
    (an_ods_bundle, 'key "religion" of Organization'),
    (a_census, 'element "Religion"'),
    (a_directory, 'key "religion" of service'),
    (bundles, 'key "religion" of Patient'),
    (some_episodes, 'key "religion" of Person'),
]


@pytest.mark.parametrize(("made", "name"), KINDS, ids=lambda one: getattr(one, "__name__", ""))
def test_one_more_name_is_told_and_nothing_else_changes(tmp_path: Path, made: Made, name: str):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first, second = made(tmp_path / "one", False), made(tmp_path / "two", True)
    assert second.kept_unread() == sorted([*set(first.unread), name])
    assert name not in set(first.unread)
    assert "ZZ" not in str(second.kept_unread())


@pytest.mark.parametrize("made", [bundles, some_episodes])
def test_a_key_of_a_few_children_is_not_told(tmp_path: Path, made: Any):
    batch = made(tmp_path, True, OF_CHILDREN - 1)
    assert "religion" not in str(batch.kept_unread())


@pytest.mark.parametrize(
    "name",
    ["Amina Yusuf", "999 000 0018", "9990000018", "2015-06-09", "LS1 4AP", "01632 960101",
     "a.yusuf@example.org", "SW000007", "see notes", "W383400015001", "x" * 31, "Ĺeeds"],
)  # fmt: skip
def test_a_header_that_may_be_a_note_is_told_by_its_place(name: str):
    assert not is_shown(name)
    assert columns("episodes", ["CHILD", name, ""], {"CHILD"}) == ["column 2 of episodes"]
    keys = Keys()
    keys.note("Person", name)
    assert list(keys) == ["a key of Person with an odd name"]


def named(*names: str) -> frozenset[str]:
    return frozenset(names)


A, B = 'column "a" of schools', 'column "b" of schools'


@pytest.mark.parametrize(
    ("now", "earlier", "said"),
    [
        (named(A), [named(A)], []),
        (named(A, B), [named(A), named(B)], []),
        (named(A, B), [named(A), named(A)], [f"New, and not read: {B}."]),
        (named(A), [named(A, B), named(A)], []),
        (named(A), [named(A, B), named(B)], [f"Gone, and never read: {B}."]),
        (
            named(B, "column 2 of links", "column 10 of links"),
            [named(A)],
            [f"New, and not read: column 2 of links, column 10 of links, {B}.",
             f"Gone, and never read: {A}."],
        ),
        # Another column before it, which is read or has a name, moves a place and no more.
        (named(A, "column 8 of schools"), [named("column 7 of schools")],
         [f"New, and not read: {A}."]),
        (named("column 7 of schools", "column 8 of schools"), [named("column 7 of schools")],
         ["New, and not read: column 8 of schools."]),
        (named("column 7 of schools"), [named("column 7 of schools", "column 8 of schools")],
         ["Gone, and never read: column 8 of schools."]),
        (named(), [named('element "a"', 'key "b" of service')], []),
    ],
)  # fmt: skip
def test_what_is_new_or_gone(now: frozenset[str], earlier: list[frozenset[str]], said: list[str]):
    assert list(unread_news(now, earlier)) == said


def test_of_many_new_ones_the_first_are_listed():
    [said] = unread_news(named(*(f"column {place} of links" for place in range(1, 14))), [named()])
    assert said.endswith("column 9 of links, column 10 of links and 3 more.")


def test_what_is_kept_has_a_bound():
    said = {"source": "leeds", "feed": "ssd", "extracted": test_ssd.TODAY}
    many = [f"column {place} of links" for place in range(MOST_UNREAD)]
    assert Batch.model_validate({**said, "unread": [*many, *many]}).kept_unread() == sorted(many)
    assert Batch.model_validate({**said, "unread": [*many, A]}).kept_unread() is None
    keys = Keys()
    for number in range(MOST_KEYS + 5):
        keys.note(f"kind{number}", "a")
    assert len(list(keys)) == MOST_KEYS

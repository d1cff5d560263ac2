"""The schools register, as Get Information about Schools gives it away."""

import csv
import io
import tracemalloc
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from graph import Agency, Batch, Fault, Graph, LawfulBasis, ServiceKind, Source
from loaders import gias
from tests.world import STEWARD, whole

TODAY = date(2026, 11, 20)
SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "gias" / "teaching_vacancies"
REGISTER = Source(
    id="gias", name="Schools register", agency=Agency.EDUCATION, basis=LawfulBasis.PUBLIC_TASK
)
SCHOOLS = [
    "URN", "LA (code)", "LA (name)", "EstablishmentNumber", "EstablishmentName",
    "TypeOfEstablishment (code)", "EstablishmentStatus (code)", "OpenDate", "CloseDate",
    "NumberOfPupils", "PercentageFSM", "LastChangedDate", "Street", "Postcode", "TelephoneNum",
    "HeadTitle (name)", "HeadFirstName", "HeadLastName", "PreviousLA (name)", "SchoolWebsite",
]  # fmt: skip
LINKS = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
GROUPS = ["Group UID", "Group Name", "Head of Group First Name"]
ELM = {
    "URN": "107130",
    "LA (code)": "383",
    "EstablishmentName": "Elm Road Primary School",
    "TypeOfEstablishment (code)": "01",
    "EstablishmentStatus (code)": "1",
    "OpenDate": "01-09-1974",
    "TelephoneNum": "01134960001",
}
# Every node and edge that a load of services leaves, and nothing of the load's own record.
EDGES = (
    "MATCH (a:Service)-[r]->(b) RETURN a.id AS service, type(r) AS edge,"
    " coalesce(b.number, b.id) AS to, r.from AS from, r.to AS until ORDER BY service, edge, to"
)
EVERYTHING = (
    "MATCH (n) OPTIONAL MATCH (n)-[r]->() UNWIND [n, r] AS one"
    " WITH one WHERE one IS NOT NULL RETURN properties(one) AS held"
)


def school(urn: str, **cells: str) -> dict[str, str]:
    """A row of the register like Elm Road's."""
    return {**ELM, "URN": urn, **cells}


def link(urn: str, other: str, kind: str, day: str = "") -> dict[str, str]:
    """A row of the links."""
    return {"URN": urn, "LinkURN": other, "LinkType": kind, "LinkEstablishedDate": day}


def csv_of(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def schools_file(path: Path, *rows: dict[str, str]) -> Path:
    """A register with these rows, as it is written: cp1252 and CRLF."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(csv_of(SCHOOLS, rows).encode("cp1252"))
    return path


def links_file(path: Path, *rows: dict[str, str]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(csv_of(LINKS, rows).encode("cp1252"))
    return path


def read(path: Path, full: bool = True) -> Batch:
    return whole(gias.read(path, "gias", TODAY, full))


def said(faults: Sequence[Fault]) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.sentence) for fault in faults]


@pytest.fixture
def registered(graph: Graph) -> Graph:
    """The graph, with the register as a source of no authority."""
    graph.load(STEWARD, REGISTER)
    return graph


def test_a_school_is_a_service_of_its_authority(tmp_path: Path):
    (row,) = read(schools_file(tmp_path / "any name.csv", ELM)).services
    assert (row.record, row.authority, row.file, row.line) == (
        "107130/383",
        "383",
        "any name.csv",
        2,
    )
    assert row.service.model_dump(exclude_defaults=True) == {
        "id": "107130",
        "name": "Elm Road Primary School",
        "kind": ServiceKind.SCHOOL,
        "agency": Agency.EDUCATION,
        "duty_line": "01134960001",
        "code": "urn:107130",
    }
    assert (row.period.from_, row.period.to) == (date(1974, 9, 1), None)


def test_nodes_and_edges_of_a_register_with_its_links(registered: Graph, bare, tmp_path: Path):
    schools_file(
        tmp_path / "in" / "a.csv",
        school("107130", **{"EstablishmentStatus (code)": "2", "CloseDate": "31-08-2019"}),
        school("147130", OpenDate="01-09-2019", EstablishmentName="Elm Road Academy"),
        school("20057", **{"TypeOfEstablishment (code)": "47", "LA (code)": "909", "OpenDate": ""}),
    )
    links_file(
        tmp_path / "in" / "b.csv",
        link("107130", "147130", "Successor", "01-09-2019"),
        link("147130", "107130", "Predecessor", "01-09-2019"),
    )
    report = registered.load(STEWARD, gias.read(tmp_path / "in", "gias", TODAY))
    assert (report.read, report.new, report.rejected) == (4, 4, 0)
    assert bare("MATCH (s:Service) RETURN s.id AS id, s.name AS name, s.kind AS kind,"
                " s.agency AS agency, s.code AS code ORDER BY id") == [
        {"id": "gias:107130", "name": "Elm Road Primary School", "kind": "school",
         "agency": "education", "code": "urn:107130"},
        {"id": "gias:147130", "name": "Elm Road Academy", "kind": "school",
         "agency": "education", "code": "urn:147130"},
        {"id": "gias:20057", "name": "Elm Road Primary School", "kind": "early help hub",
         "agency": "early help", "code": "urn:20057"},
    ]  # fmt: skip
    edges = [tuple(edge.values()) for edge in bare(EDGES)]
    assert [(a, b, c, str(d) if d else None, str(e) if e else None) for a, b, c, d, e in edges] == [
        ("gias:107130", "IN_AREA", "383", "1974-09-01", "2019-08-31"),
        ("gias:107130", "SUCCEEDED_BY", "gias:147130", "2019-09-01", None),
        ("gias:147130", "IN_AREA", "383", "2019-09-01", None),
        ("gias:20057", "IN_AREA", "909", None, None),
    ]


def test_the_same_register_in_another_order_changes_nothing(registered: Graph, tmp_path: Path):
    rows = [school("107130"), school("107131"), school("107132")]
    links = [
        link("107130", "107131", "Successor", "02-09-2019"),
        link("107131", "107130", "Predecessor - merged", "01-09-2019"),
        link("107131", "107132", "Successor"),
    ]
    schools_file(tmp_path / "in" / "a.csv", *rows)
    links_file(tmp_path / "in" / "b.csv", *links)
    registered.load(STEWARD, gias.read(tmp_path / "in", "gias", TODAY))
    schools_file(tmp_path / "in" / "a.csv", *reversed(rows))
    links_file(tmp_path / "in" / "b.csv", *reversed(links))
    report = registered.load(STEWARD, gias.read(tmp_path / "in", "gias", TODAY))
    assert (report.read, report.new, report.changed, report.ended) == (5, 0, 0, 0)


def test_a_school_that_leaves_the_register_has_ended_and_a_refused_one_has_not(
    registered: Graph, tmp_path: Path
):
    rows = [school(str(urn)) for urn in range(107130, 107150)]
    registered.load(STEWARD, gias.read(schools_file(tmp_path / "a.csv", *rows), "gias", TODAY))
    rows[0]["OpenDate"] = "31-02-2019"
    schools_file(tmp_path / "a.csv", *rows[:-1])
    report = registered.load(STEWARD, gias.read(tmp_path / "a.csv", "gias", TODAY))
    assert (report.unchanged, report.rejected, report.ended) == (18, 1, 1)


def test_nothing_but_pointers_reaches_the_store(registered: Graph, bare, tmp_path: Path):
    marked = dict.fromkeys([*SCHOOLS, "Anything new"], "ZZCONTENT")
    text = csv_of(list(marked), [{**marked, **ELM, "CloseDate": "", "LastChangedDate": ""}])
    (tmp_path / "a.csv").write_text(text)
    (tmp_path / "b.csv").write_text(csv_of(GROUPS, [dict.fromkeys(GROUPS, "ZZCONTENT")]))
    linked = link("107130", "107130", "Sixth Form Centre Link")
    (tmp_path / "c.csv").write_text(csv_of(LINKS, [{**linked, "LinkName": "ZZCONTENT"}]))
    report = registered.load(STEWARD, gias.read(tmp_path, "gias", TODAY))
    assert (report.new, report.rejected) == (1, 0)
    held = str(bare(EVERYTHING))
    assert "Elm Road" in held
    assert "ZZCONTENT" not in held


def test_the_columns_are_those_of_the_docs():
    page = (Path(__file__).parents[1] / "docs" / "gias.md").read_text()
    assert [
        c for shape in (gias.SCHOOLS, gias.LINKS) for c in shape.columns if f"`{c}`" not in page
    ] == []


@pytest.mark.parametrize(
    ("code", "kind", "agency"),
    [
        ("01", ServiceKind.SCHOOL, Agency.EDUCATION),
        ("1", ServiceKind.SCHOOL, Agency.EDUCATION),
        ("14", ServiceKind.SCHOOL, Agency.EDUCATION),
        ("47", ServiceKind.EARLY_HELP, Agency.EARLY_HELP),
        ("48", ServiceKind.EARLY_HELP, Agency.EARLY_HELP),
        ("29", ServiceKind.OTHER, Agency.EDUCATION),
        ("98", ServiceKind.OTHER, Agency.EDUCATION),
        ("", ServiceKind.SCHOOL, Agency.EDUCATION),
    ],
)
def test_kind_and_agency_by_type(tmp_path: Path, code: str, kind: ServiceKind, agency: Agency):
    cells = {"TypeOfEstablishment (code)": code}
    (row,) = read(schools_file(tmp_path / "a.csv", school("107130", **cells))).services
    assert (row.service.kind, row.service.agency) == (kind, agency)


def test_names_in_the_registers_own_encoding_and_in_utf_8(tmp_path: Path):
    name = "Ysgol Sant Siôn’s – “Élan” & Co: #1"
    path = schools_file(tmp_path / "a.csv", school("107130", EstablishmentName=name))
    path.write_bytes(
        path.read_bytes() + csv_of(SCHOOLS, [school("107131", EstablishmentName=name)])
        .partition("\r\n")[2].encode()
    )  # fmt: skip
    assert {row.service.name for row in read(path).services} == {"Ysgol Sant Siôn’s - Élan & Co 1"}


def test_commas_and_line_breaks_inside_a_cell(tmp_path: Path):
    rows = [school("107130", EstablishmentName="Elm,\r\nRoad"), school("107131")]
    found = read(schools_file(tmp_path / "a.csv", *rows)).services
    assert [(row.service.name, row.line) for row in found] == [
        ("Elm, Road", 2),
        ("Elm Road Primary School", 4),
    ]


def test_a_long_name_is_cut_between_words_with_a_warning(tmp_path: Path):
    batch = read(schools_file(tmp_path / "a.csv", school("107130", EstablishmentName="Elm " * 30)))
    assert batch.services[0].service.name == ("Elm " * 25).strip()
    assert said(batch.warnings) == [
        (2, "EstablishmentName", "is longer than 100 signs and was cut")
    ]


@pytest.mark.parametrize(
    ("cells", "first", "last", "exact", "warning"),
    [
        ({}, date(1974, 9, 1), None, True, None),
        ({"OpenDate": ""}, None, None, True, None),
        ({"OpenDate": "01/09/1974"}, date(1974, 9, 1), None, True, None),
        ({"OpenDate": "01-01-1900"}, None, None, True, None),
        ({"OpenDate": "01-01-1382"}, None, None, True, None),
        ({"OpenDate": "01-01-2027"}, date(2027, 1, 1), None, True, "after the date of the extract"),
        ({"EstablishmentStatus (code)": "3", "CloseDate": "31-08-2027"}, date(1974, 9, 1),
         date(2027, 8, 31), True, None),
        ({"EstablishmentStatus (code)": "2", "CloseDate": "31-08-1992"}, date(1974, 9, 1),
         date(1992, 8, 31), True, None),
        ({"EstablishmentStatus (code)": "2", "LastChangedDate": "24-09-2015"}, date(1974, 9, 1),
         date(2015, 9, 24), False, "the latest it can be"),
        ({"CloseDate": "31-08-1992"}, date(1974, 9, 1), date(1992, 8, 31), True, "closed by its"),
        ({"EstablishmentStatus (code)": "7"}, date(1974, 9, 1), None, True, "none of 1 to 4"),
    ],
)  # fmt: skip
def test_periods(
    tmp_path: Path,
    cells: dict[str, str],
    first: date | None,
    last: date | None,
    exact: bool,
    warning: str | None,
):
    batch = read(schools_file(tmp_path / "a.csv", school("107130", **cells)))
    (row,) = batch.services
    assert (row.period.from_, row.period.to, row.period.to_exact) == (first, last, exact)
    assert len(batch.warnings) == (warning is not None)
    assert warning is None or warning in batch.warnings[0].sentence


def test_those_left_out_are_counted_and_their_links_with_them(tmp_path: Path):
    schools_file(
        tmp_path / "in" / "a.csv",
        school("107130"),
        school("401234", **{"LA (code)": "660"}),
        school("401235", **{"LA (code)": "000"}),
        school("150001", **{"EstablishmentStatus (code)": "4"}),
        school("100001", **{"EstablishmentStatus (code)": "2"}),
    )
    links_file(
        tmp_path / "in" / "b.csv",
        link("107130", "150001", "Successor"),
        link("107130", "401234", "Predecessor"),
    )
    batch = read(tmp_path / "in")
    assert [row.record for row in batch.services] == ["107130/383"]
    assert not batch.successors
    assert not batch.faults
    assert said(batch.warnings) == [
        (3, "LA (code)", "is no authority of England, and the establishment is left out (1 more of these)"),
        (5, "EstablishmentStatus (code)",
         "is only proposed, and the establishment is left out until it opens"),
        (6, "CloseDate", "is closed since nobody knows when, and is left out"),
        (2, "", "names an establishment that is left out, and so is the link (1 more of these)"),
    ]  # fmt: skip


def test_numbers_that_cannot_be_are_one_warning(tmp_path: Path):
    rows = [school(urn, TelephoneNum="999") for urn in ("107130", "107131")]
    batch = read(schools_file(tmp_path / "a.csv", *rows, school("107132", TelephoneNum="")))
    assert [row.service.duty_line for row in batch.services] == [None, None, None]
    assert [(fault.line, fault.column) for fault in batch.warnings] == [(2, "TelephoneNum")]
    assert batch.warnings[0].sentence.endswith("without (1 more of these)")


# Every type of link that the register knows; the others are no successions.
@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("Successor", "100001/100002"),
        ("Successor - amalgamated", "100001/100002"),
        ("Successor - merged", "100001/100002"),
        ("Successor - Split School", "100001/100002"),
        ("Predecessor", "100002/100001"),
        ("Predecessor - amalgamated", "100002/100001"),
        ("Predecessor - merged", "100002/100001"),
        ("Predecessor - Split School", "100002/100001"),
        ("Closure", None),
        ("Expansion", None),
        ("Merged - change in age range", None),
        ("Merged - expansion of school capacity", None),
        ("Result of Amalgamation", None),
        ("Sixth Form Centre Link", None),
        ("Sixth Form Centre School", None),
        ("Other", None),
        ("", None),
    ],
)
def test_links_by_their_type(tmp_path: Path, kind: str, record: str | None):
    batch = read(links_file(tmp_path / "a.csv", link("100001", "100002", kind)))
    assert [tie.record for tie in batch.successors] == ([record] if record else [])
    assert not batch.faults


def test_both_sides_of_a_link_are_one_row_from_the_earlier_day(tmp_path: Path):
    batch = read(
        links_file(
            tmp_path / "a.csv",
            link("100001", "100002", "Successor"),
            link("100002", "100001", "Predecessor", "02-09-2019"),
            link("100002", "100001", "Predecessor", "01-09-2019"),
        )
    )
    (tie,) = batch.successors
    assert (tie.service, tie.successor, tie.line) == ("100001", "100002", 2)
    assert (tie.period.from_, tie.period.to) == (date(2019, 9, 1), None)


def test_only_tables_that_are_there_can_end(tmp_path: Path):
    schools, links = tmp_path / "s.csv", tmp_path / "l.csv"
    schools_file(schools, ELM)
    assert gias.read(schools, "gias", TODAY).tables == ("services",)
    links_file(links, link("107130", "107131", "Successor"))
    assert gias.read(links, "gias", TODAY).tables == ("successors",)
    assert gias.read(tmp_path, "gias", TODAY).tables == ("services", "successors")
    assert not gias.read(tmp_path, "gias", TODAY, full=False).full


def _peak(path: Path, count: int) -> int:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, SCHOOLS, restval="")
        writer.writeheader()
        writer.writerows(school(str(100_000 + n), TelephoneNum="999") for n in range(count))
    tracemalloc.start()
    rows = sum(1 for _ in gias.read(path, "gias", TODAY).rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == count
    return peak


def test_memory_does_not_grow_with_the_register(tmp_path: Path):
    _peak(tmp_path / "warm.csv", 100)
    assert _peak(tmp_path / "b.csv", 5_000) < _peak(tmp_path / "a.csv", 500) + 1_000_000


# By hand: the file has a header and 19 rows. Nine of them have its 120 columns; the ten from line 11 on
# come from a later year and have 135 cells, so that nothing in them stands under its own header.
# Groups and memberships of groups are not read.
@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample is not beside this checkout")
def test_the_shared_sample(registered: Graph, bare, tmp_path: Path):
    batch = gias.read(SAMPLE, "gias", TODAY)
    report = registered.load(STEWARD, batch)
    assert (report.read, report.new, report.rejected) == (19, 9, 10)
    assert {fault.line for fault in report.faults} == set(range(11, 21))
    assert not report.warnings
    found = bare("MATCH (s:Service)-[r:IN_AREA]->(a) RETURN a.number AS la, count(s) AS n,"
                 " sum(toInteger(r.to IS NOT NULL)) AS closed ORDER BY la")  # fmt: skip
    # Four schools of the City of London; five of Camden, of which one closed in 1992.
    assert found == [{"la": "201", "n": 4, "closed": 0}, {"la": "202", "n": 5, "closed": 1}]
    again = registered.load(STEWARD, gias.read(SAMPLE, "gias", TODAY))
    assert (again.new, again.changed, again.ended, again.unchanged) == (0, 0, 0, 9)
    kept = gias.reject(SAMPLE, report.faults, tmp_path / "out")
    assert kept
    assert (kept / "schools.csv").read_text().count("\n") == 11

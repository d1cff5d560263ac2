"""Signpost's own CSV: what docs/csv.md promises, cell by cell."""

import re
import zipfile
from datetime import date
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

import loaders
from graph.errors import BadInput
from graph.model import Agency, Part, Period, Profession, Sex
from graph.rows import Batch, Consent
from loaders import csv_folder
from loaders.csv_folder.tables import CSV_TABLES
from tests.world import whole

TODAY = date(2026, 11, 20)
DOCS = Path(__file__).parents[1] / "docs" / "csv.md"

GOOD = {
    "services": (
        "service,name,kind,agency,authority,from,to,sensitive,duty_line,out_of_hours_line,hours,"
        "confirmed_on\n"
        "T1,Leeds Front Door,front door,social care,383,2015-04-01,,,0113 496 0101,0113 496 0102,"
        "Mo-Fr 09:00-17:00,2026-11-02\n"
        'T2,"Clinic, East",sexual health,health,,,,yes,0113 496 0103,,24/7,\n'
    ),
    "practitioners": (
        "practitioner,name,profession,registration,work_phone,work_email,confirmed_on,service,from,to\n"
        "P7,Amina Yusuf,social worker,SW000007,0113 496 0107,amina.yusuf@example.org,2026-11-02,T1,"
        "2021-09-06,\n"
    ),
    "children": (
        "child,nhs_number,upn,family_name,given_name,birth_date,sex,postcode,shielded\n"
        "C12,999 012 3454,,Okafor,Chidi,2015-06-09,M,LS1 4AP,\n"
        "C13,,,Brontë-O’Neil,Zoë,2019-02-28,F,,yes\n"
    ),
    "homes": (
        "home,child,authority,from,to\nH1,C12,380,2015-06-09,2026-03-03\nH2,C12,383,2026-03-04,\n"
    ),
    "involvements": (
        "involvement,child,service,from,to,consent\n"
        "I31,C12,T1,2026-05-05,,\n"
        "I32,C13,T2,,2026-01-31,withdrawn\n"
    ),
    "allocations": (
        "allocation,child,practitioner,service,part,from,to\n"
        "A5,C12,P7,T1,lead professional,2026-05-06,\n"
    ),
}


def folder(place: Path, **files: str | bytes) -> Path:
    """A folder with these files; `children=...` becomes children.csv."""
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        data = text.encode() if isinstance(text, str) else text
        (place / f"{name}.csv").write_bytes(data)
    return place


def load(place: Path, **files: str | bytes) -> Batch:
    return whole(csv_folder.read(folder(place, **files), "leeds-csc", TODAY))


def faults(batch: Batch) -> list[tuple[int, str, str | None]]:
    return [(fault.line, fault.column, fault.record) for fault in batch.faults]


HOMES = "home,child,authority,from,to\n"


def test_every_table_is_read(tmp_path: Path):
    batch = load(tmp_path, **GOOD)
    assert not batch.faults
    assert not batch.warnings
    assert (batch.source, batch.feed, batch.full) == ("leeds-csc", "csv", True)
    assert [len(getattr(batch, table)) for table in GOOD] == [2, 1, 2, 2, 2, 1]
    front, clinic = batch.services
    assert (front.record, front.authority, front.line) == ("T1/383", "383", 2)
    assert (clinic.record, clinic.authority) == ("T2/", None)
    assert (clinic.service.name, clinic.service.sensitive) == ("Clinic, East", True)
    assert front.service.agency is Agency.SOCIAL_CARE
    assert front.period.from_ == date(2015, 4, 1)
    assert front.service.confirmed_on == date(2026, 11, 2)
    assert batch.practitioners[0].record == "P7/T1"
    assert batch.practitioners[0].practitioner.profession is Profession.SOCIAL_WORKER
    chidi, zoe = batch.children
    assert chidi.identity.nhs_number == "9990123454"
    assert chidi.identity.sex is Sex.MALE
    assert (chidi.shielded, zoe.shielded) == (False, True)
    assert zoe.identity.family_name == "Brontë-O’Neil"
    assert batch.homes[0].period == Period.model_validate(
        {"from": "2015-06-09", "to": "2026-03-03"}
    )
    assert batch.involvements[1].period.from_ is None
    assert batch.involvements[1].consent is Consent.WITHDRAWN
    assert batch.allocations[0].part is Part.LEAD_PROFESSIONAL


def example() -> dict[str, str]:
    """The files of the example in the docs."""
    text = DOCS.read_text().partition("## Example")[2].partition("\n## ")[0]
    return {
        name: re.sub(r"^ {4}", "", block, flags=re.M).strip() + "\n"
        for name, block in re.findall(r"^(\w+)\.csv\n\n((?: {4}.*\n)+)", text, flags=re.M)
    }


def test_the_example_in_the_docs_is_read(tmp_path: Path):
    files = example()
    assert files.keys() == {table.name for table in CSV_TABLES}
    assert not load(tmp_path, **files).faults


def test_the_columns_are_those_of_the_docs():
    page = DOCS.read_text().partition("| file |")[2].partition("## Example")[0]
    said: dict[str, list[str]] = {}
    for line in page.splitlines()[2:]:
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 4:
            if cells[0]:
                table = said.setdefault(cells[0].removesuffix(".csv"), [])
            table += [name + ("*" if cells[2] == "yes" else "") for name in cells[1].split(", ")]
    known = {
        table.name: {column.name + "*" * column.required for column in table.columns}
        for table in CSV_TABLES
    }
    assert {name: set(columns) for name, columns in said.items()} == known


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark(tmp_path: Path, newline: str, mark: str):
    text = (mark + GOOD["children"]).replace("\n", newline).encode()
    batch = load(tmp_path, children=text)
    assert [child.line for child in batch.children] == [2, 3]


def test_columns_in_any_order_and_cells_with_spaces_around(tmp_path: Path):
    batch = load(
        tmp_path, homes=" authority , to ,home,from,child\n 383 ,, H 1 , 2026-03-04 ,C12\n"
    )
    assert batch.homes[0].record == "H 1"
    assert batch.homes[0].period.from_ == date(2026, 3, 4)


def test_lines_are_counted_as_an_editor_counts(tmp_path: Path):
    text = (
        "\n" + HOMES + "H1,C1,383,,\n\n   \n,,,,\n"
        '"H2","C1\n\n","383",,\nH3,C1,38,,\r\nH4,C1,383,2026-02-30,\n'
    )
    batch = load(tmp_path, homes=text)
    assert [home.line for home in batch.homes] == [3, 7]
    assert faults(batch) == [(10, "authority", "H3"), (11, "from", "H4")]


def test_one_fault_for_each_bad_cell_and_none_holds_its_content(tmp_path: Path):
    text = (
        "child,nhs_number,upn,family_name,given_name,birth_date,sex,postcode,shielded\n"
        "C1,9990123455,Z123,Zzfamily7,Zzgiven9,31/12/2015,Zzsex,Zzcode,Zzflag\n"
    )
    batch = load(tmp_path, children=text)
    said = {fault.column: fault.sentence for fault in batch.faults}
    assert said == {
        "nhs_number": "is not a valid NHS number (ten digits, the last a check digit)",
        "upn": "is not a UPN (a letter, then 12 digits; the last may be a letter)",
        "family_name": "is not a name: letters, spaces, hyphens and apostrophes, at most 80",
        "given_name": "is not a name: letters, spaces, hyphens and apostrophes, at most 80",
        "birth_date": "is not a date, as 2026-03-04",
        "sex": "must be 'M', 'F' or 'U'",
        "postcode": "is not a postcode, as LS1 4AP",
        "shielded": "must be yes, no or empty",
    }
    assert not batch.children
    assert {(f.file, f.table, f.record) for f in batch.faults} == {
        ("children.csv", "children", "C1")
    }


@pytest.mark.parametrize(
    "cell",
    ["2026-2-3", "20260203", "1770076800", "2026-02-03T00:00:00", "2026-W06-2", "1900-01-01",
     "03/02/2026", "2026-02-30", "٢٠٢٦-٠٢-٠٣", "0", "today"],
)  # fmt: skip
def test_a_date_is_written_in_one_way(tmp_path: Path, cell: str):
    batch = load(tmp_path, homes=HOMES + f"H1,C1,383,{cell},\n")
    assert faults(batch) == [(2, "from", "H1")]
    assert not batch.homes


@pytest.mark.parametrize("cell", ["Yes", "YES", "true", "1", "y", "No", "x"])
def test_a_flag_is_yes_no_or_empty(tmp_path: Path, cell: str):
    batch = load(tmp_path, children=f"child,shielded\nC1,{cell}\nC2,no\nC3,\nC4,yes\n")
    assert faults(batch) == [(2, "shielded", "C1")]
    assert [child.shielded for child in batch.children] == [False, False, True]


def test_a_rejected_withdrawal_says_between_whom_where_both_can_be_read(tmp_path: Path):
    head = "involvement,child,service,from,consent\n"
    rows = "I1,C1,T1,never,withdrawn\nI2,,T1,,withdrawn\nI3,C1,T1,,with drawn\n"
    batch = load(tmp_path, involvements=head + rows)
    assert [fault.between for fault in batch.faults] == [("C1", "T1"), None, ("C1", "T1")]
    assert all(fault.hides for fault in batch.faults)
    assert "C1" not in repr(batch.faults) + batch.faults[0].model_dump_json()


@pytest.mark.parametrize(
    "row", ["C1,Ann,Smith, the younger,yes", '"C1","An\nn",Smith,yes', "C1,yes"]
)
def test_a_row_of_uneven_cells_that_asks_to_hide_hides_whom_its_id_names(tmp_path: Path, row: str):
    head = "child,given_name,family_name,shielded\n"
    batch = load(tmp_path, children=f"{head}{row},\nC2,Ann,Smith,x,no\nC3,Ann\n")
    assert [fault.record for fault in batch.faults if fault.hides] == ["C1", None]
    # Of no row is it sure which record it is: nothing of the table is taken for missing.
    assert {fault.line for fault in batch.faults if fault.record is None} >= {2}
    assert "C1" not in "".join(map(str, batch.faults))


def test_how_far_consent_goes(tmp_path: Path):
    head = "involvement,child,service,consent,consent_until,consent_for\n"
    rows = [
        "I1,C1,T1,given,2027-03-31,health; social care",
        "I2,C2,T1,given,,",
        "I3,C3,T1,given,31/03/2027,",
        "I4,C4,T1,given,,nurses",
        "I5,C5,T1,,2027-03-31,",
        "I6,C6,T1,withdrawn,,health",
    ]
    batch = load(tmp_path, involvements=head + "\n".join(rows) + "\n")
    one, two = batch.involvements
    assert (one.consent_until, one.consent_for) == (
        date(2027, 3, 31), (Agency.HEALTH, Agency.SOCIAL_CARE),
    )  # fmt: skip
    assert (two.consent_until, two.consent_for) == (None, ())
    assert faults(batch) == [
        (4, "consent_until", "I3"), (5, "consent_for", "I4"), (6, "", "I5"), (7, "", "I6"),
    ]  # fmt: skip
    # What was given before may go further than what cannot be read: it ends until the row is repaired.
    assert all(fault.hides and fault.between for fault in batch.faults)
    assert "nurses" not in str(batch.faults)


def test_to_before_from_is_a_fault_of_to(tmp_path: Path):
    batch = load(tmp_path, homes=HOMES + "H1,C1,383,2026-03-04,2026-03-03\n")
    assert faults(batch) == [(2, "to", "H1")]


def test_ids(tmp_path: Path):
    text = (
        HOMES + "H1,C1,383,,\n,C1,383,,\nH\u00e9,C1,383,,\nH4,,383,,\n" + "H" * 65 + ",C1,383,,\n"
    )
    batch = load(tmp_path, homes=text)
    assert faults(batch) == [
        (3, "home", None),
        (4, "home", None),
        (5, "child", "H4"),
        (6, "home", None),
    ]
    assert [fault.sentence for fault in batch.faults][:2] == [
        "is missing",
        "is not an id: letters, digits and ._:/@-, at most 64",
    ]


def test_ids_of_services_and_practitioners_are_held_to_the_same_shape(tmp_path: Path):
    services = "service,name,agency,authority\n<T>,A,health,\nT2,A,health,38x\n,A,health,383\n"
    posts = "practitioner,name,service\nP1,Amina Yusuf,T#1\n*,Amina Yusuf,T1\n"
    batch = load(tmp_path, services=services, practitioners=posts)
    assert faults(batch) == [
        (2, "service", None),
        (3, "authority", None),
        (4, "service", None),
        (2, "service", None),
        (3, "practitioner", None),
    ]


def test_a_row_with_too_few_or_too_many_cells_names_no_record(tmp_path: Path):
    batch = load(tmp_path, homes=HOMES + "H1,C1,383,\nH2,C1,383,,,\nH3,C1,383,,\n")
    assert faults(batch) == [(2, "", None), (3, "", None)]
    assert batch.faults[0].sentence == "must have 5 cells, as the header has"


def test_a_bad_record_over_several_lines_names_no_record(tmp_path: Path):
    """An open quote may have swallowed other rows, so that nothing of the table may end."""
    batch = load(tmp_path, homes=HOMES + 'H1,"C1,383,,\nH2,C1",383,,\nH3,C1,383,,\n')
    assert faults(batch) == [(2, "child", None)]
    assert [home.record for home in batch.homes] == ["H3"]


def test_everything_wrong_with_all_headers_is_said_at_once(tmp_path: Path):
    with pytest.raises(BadInput) as error:
        load(
            tmp_path,
            homes="home,child,from,from\nH1,C1,,\n",
            children="child,ethnicity,Zzname\nC1,x,y\n",
            involvements="",
            allocations=GOOD["allocations"],
        )
    assert str(error.value).splitlines() == [
        "children.csv: column 2 (ethnicity) is not one of its columns",
        "children.csv: column 3 is not one of its columns",
        "homes.csv: column 4 (from) is there twice",
        "homes.csv: the column authority is missing",
        "involvements.csv is empty: its first line must name the columns",
    ]


def test_a_file_without_header_is_refused_without_quoting_it(tmp_path: Path):
    with pytest.raises(BadInput) as error:
        load(tmp_path, children="zz1,9990123454,,zzfamily,zzgiven,2015-06-09,M,LS1 4AP,\n")
    assert not re.search("zz|999|LS1", str(error.value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"home,child,authority\nH1,C1,383\nH2,C\xe9,383\n", "homes.csv, line 3: is not UTF-8"),
        ("home,child,authority\n".encode("utf-16"), "homes.csv, line 1: is not UTF-8"),
        (b'home,child,authority\nH1,"C1,383\nH2,C2,383\n', "line 2: a quote is opened"),
        (b'home,child,authority\nH1,"C1"x,383\n', "line 2: a quote is followed by more"),
        (b"home,child,authority\nH1," + b"C" * 140_000 + b",383\n", "line 2: a cell is longer"),
        (b"\n\n", "homes.csv is empty"),
        (b"home,child\0,authority\nH1,C1,383\n", "column 2 is not one of its columns"),
    ],
)
def test_a_file_that_is_no_csv_stops_the_load(tmp_path: Path, text: bytes, said: str):
    with pytest.raises(BadInput, match=re.escape(said)):
        load(tmp_path, homes=text)


def test_a_nul_in_a_cell_is_a_fault(tmp_path: Path):
    batch = load(tmp_path, homes=HOMES + "H1,C\0,383,,\nH\0,C1,383,,\n")
    assert faults(batch) == [(2, "child", "H1"), (3, "home", None)]


def test_places_that_hold_no_csv(tmp_path: Path):
    file = tmp_path / "homes.csv"
    with pytest.raises(BadInput, match=r"holds none of services\.csv, "):
        csv_folder.read(tmp_path, "leeds-csc", TODAY)
    file.write_text(HOMES)
    for place in (file, tmp_path / "absent"):
        with pytest.raises(BadInput, match="is not a folder or a zip"):
            csv_folder.read(place, "leeds-csc", TODAY)
    file.unlink()
    file.mkdir()
    with pytest.raises(BadInput, match=r"homes\.csv is not a file"):
        csv_folder.read(tmp_path, "leeds-csc", TODAY)


def zip_of(path: Path, **files: str) -> Path:
    """A zip of files, `in_homes` at in/homes.csv."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name.replace('_', '/')}.csv", text)
    return path


def test_a_zip_reads_as_its_folder_does_with_or_without_a_folder_around(tmp_path: Path):
    files = {**GOOD, "homes": GOOD["homes"] + "H3,C12,383,never,\n", "other": "a,b\n"}
    wanted = load(tmp_path / "in", **files)
    around = {f"in_{name}": text for name, text in files.items()}
    for number, held in enumerate((files, around)):
        path = zip_of(tmp_path / f"{number}.zip", **held)
        found = whole(csv_folder.read(path, "leeds-csc", TODAY))
        assert found == wanted
        assert found.warnings[0].file == "other.csv"
        kept = csv_folder.reject(path, found.faults, tmp_path / f"out{number}")
        assert kept
        assert [one.name for one in kept.iterdir()] == ["homes.csv"]
        assert not whole(csv_folder.read(kept, "leeds-csc", TODAY)).full


def test_a_zip_that_holds_one_table_twice_is_refused(tmp_path: Path):
    path = zip_of(tmp_path / "a.zip", homes=HOMES, old_homes=HOMES, children="child\nC1\n")
    with pytest.raises(BadInput, match=r"^a\.zip holds homes\.csv twice: keep one$"):
        csv_folder.read(path, "leeds-csc", TODAY)
    assert csv_folder.knows(path) is None


@pytest.mark.parametrize("zipped", [False, True])
def test_of_what_kind_is_unknown_for_a_misspelt_column_says_which(tmp_path: Path, zipped: bool):
    files = {**GOOD, "children": "child,nhs_number,famly_name,given_name\nC1,,Zz,Zz\n", "homes": ""}
    place = zip_of(tmp_path / "a.zip", **files) if zipped else folder(tmp_path / "in", **files)
    with pytest.raises(BadInput) as error:
        loaders.kind_of(place)
    assert str(error.value).splitlines() == [
        "children.csv: column 3 (famly_name) is not one of its columns",
        "homes.csv is empty: its first line must name the columns",
    ]


def test_a_table_of_ours_alone_or_under_another_name_is_told_its_place(tmp_path: Path):
    folder(tmp_path / "in", children=GOOD["children"])
    folder(tmp_path / "other", Kids=GOOD["children"], notes="a,b\n")
    folder(tmp_path / "deep" / "in", Children=GOOD["children"])
    for path, says in (
        ("in/children.csv", r"children\.csv is one of .* own files.*: put it into one"),
        ("other", r"Kids\.csv has most of the columns .* own children\.csv: give it that name"),
        ("deep", r"Children\.csv lies in in, a folder within this one: load that folder itself$"),
    ):
        with pytest.raises(BadInput, match=f"^{says}"):
            loaders.kind_of(tmp_path / path)


@pytest.mark.parametrize("zipped", [False, True])
def test_the_ten_files_are_read_whatever_the_case_of_their_names(tmp_path: Path, zipped: bool):
    wanted = load(tmp_path / "small", **GOOD)
    files = {name.capitalize() if name > "d" else name.upper(): t for name, t in GOOD.items()}
    place = zip_of(tmp_path / "a.zip", **files) if zipped else folder(tmp_path / "in", **files)
    assert loaders.kind_of(place)[0] == "csv"
    found = whole(csv_folder.read(place, "leeds-csc", TODAY))
    assert not found.warnings
    assert [row.record for row in found.rows()] == [row.record for row in wanted.rows()]
    if not zipped:
        (place / "Homes.csv").rename(place / "Homes.CSV")
        assert not whole(csv_folder.read(place, "leeds-csc", TODAY)).warnings


def test_rejects_keep_the_case_of_the_names_that_were_sent(tmp_path: Path):
    batch = load(tmp_path / "in", HOMES=HOMES + "H3,C12,383,never,\n")
    kept = csv_folder.reject(tmp_path / "in", batch.faults, tmp_path / "out")
    assert kept
    assert [one.name for one in kept.iterdir()] == ["HOMES.csv"]
    assert not whole(csv_folder.read(kept, "leeds-csc", TODAY)).full


def test_two_files_whose_names_differ_in_case_alone_are_refused(tmp_path: Path):
    place = folder(tmp_path / "in", homes=HOMES, Homes=HOMES)
    path = zip_of(tmp_path / "a.zip", homes=HOMES, Homes=HOMES)
    for one, name in ((place, "in"), (path, r"a\.zip")):
        with pytest.raises(BadInput, match=rf"^{name} holds homes\.csv twice: keep one$"):
            loaders.kind_of(one)


def test_a_table_of_something_else_under_a_name_of_ours_is_of_no_kind(tmp_path: Path):
    folder(tmp_path / "in", children="id,name,amount\n1,a,2\n", services="name\na\n")
    with pytest.raises(BadInput, match=r"^in is of no kind that is known"):
        loaders.kind_of(tmp_path / "in")


def test_another_csv_in_the_folder_is_a_warning(tmp_path: Path):
    folder(tmp_path / "deep", children="child\nC1\n")
    batch = load(tmp_path, homes=HOMES, **{"2026_children": "child\nC1\n"})
    assert [str(warning) for warning in batch.warnings] == [
        "2026_children.csv, line 1: is not one of the ten files and was not read",
        "deep/children.csv, line 1: lies in a folder within this one and was not read",
    ]


def test_a_reason_column_makes_it_a_partial_load(tmp_path: Path):
    batch = load(tmp_path, homes=HOMES, children="child,reason\nC1,anything at all\n")
    assert not batch.full
    assert len(batch.children) == 1


def test_partial_when_asked(tmp_path: Path):
    assert not csv_folder.read(folder(tmp_path, **GOOD), "leeds-csc", TODAY, full=False).full


@pytest.mark.parametrize(
    ("source", "extracted"), [("Leeds CSC!", TODAY), ("leeds", date(1899, 1, 1))]
)
def test_a_source_or_a_date_that_cannot_be(tmp_path: Path, source: str, extracted: date):
    with pytest.raises(BadInput):
        csv_folder.read(folder(tmp_path, **GOOD), source, extracted)


def test_progress_is_told_now_and_then(tmp_path: Path):
    text = HOMES + "".join(f"H{n},C1,383,,\n" for n in range(150_000))
    files = folder(tmp_path, homes=text, children="child\nC1\n")
    told: list[tuple[str, int, int]] = []
    times: list[float] = []

    def tell(*said: str | int):
        told.append(said)
        times.append(monotonic())

    whole(csv_folder.read(files, "leeds", TODAY, progress=tell))
    size = len(text) + len("child\nC1\n")
    assert told
    assert all(what == "homes.csv" and 0 < done <= total == size for what, done, total in told)
    assert all(later - sooner > 0.19 for sooner, later in pairwise(times))


def test_an_unknown_kind_names_the_kinds_there_are(tmp_path: Path):
    with pytest.raises(BadInput, match="csv, annex-a"):
        loaders.read("xml", tmp_path, "leeds", TODAY)
    assert whole(loaders.read("csv", folder(tmp_path, **GOOD), "leeds", TODAY)).children

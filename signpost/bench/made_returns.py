"""Made-up statutory returns: looked-after children, children in need, and the workbook of Annex A."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from signpost.bench.crowds import CONTENT, Crowd, Person
from signpost.bench.made_tables import tables

_CARE = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
    "HOME_POST,PL_POST,URN",
    "social_worker": "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON",
    "previous_permanence": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
}
_XML_NAMES = {"CHILD": "CHILDID", "PLACE": "PL"}
_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<Message>
<Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>
<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails>
<Source><SourceLevel>L</SourceLevel><LEA>383</LEA></Source></Header>
<Children>
"""
_WHO = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age"]
_HELD = ["Allocated Team", "Allocated Worker"]
_LISTS = {
    2: ["Assessment start date", "Assessment completion date", "Organisation completing assessment"],
    3: ["Date of Referral", "Referral NFA?", *_HELD],
    4: ["Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation", *_HELD],
    6: ["CIN Start Date", "Primary Need Code", "CIN Closure Date", *_HELD],
    8: ["Date Started to be Looked After", "Date Ceased to be Looked After",
        "Start Date of Most Recent Placement", "LA of Placement", "Placement postcode", *_HELD],
    9: [*_HELD, "Allocated Personal Advisor", "Eligibility Category"],
}  # fmt: skip


def write_ssda903(folder: Path, crowd: Crowd) -> Path:
    """Write the looked-after return as CSV; of every child two episodes and a social worker."""
    with tables(folder, _CARE) as put:
        for one in crowd:
            for table, cells in _care(one):
                put[table](cells)
    return folder


def write_ssda903_workbook(folder: Path, crowd: Crowd) -> Path:
    """Write the same as a workbook, a sheet for each table."""
    folder.mkdir(parents=True, exist_ok=True)
    book = Workbook(write_only=True)
    sheets = {table: book.create_sheet(table) for table in _CARE}
    for table, head in _CARE.items():
        sheets[table].append(head.split(","))
    for one in crowd:
        for table, cells in _care(one):
            sheets[table].append(cells)
    path = folder / "return.xlsx"
    book.save(path)
    return path


def write_ssda903_xml(folder: Path, crowd: Crowd) -> Path:
    """Write the same as XML, in which no social worker stands."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "return.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write("<?xml version='1.0' encoding='utf-8'?>\n<EXPSSDA903>\n")
        for one in crowd:
            said = [(table, _elements(table, cells)) for table, cells in _care(one)]
            head = "".join(text for table, text in said if table == "header")
            earlier = "".join(
                f"<PERMANENCE>\n{text}</PERMANENCE>\n" for t, text in said if t.startswith("prev")
            )
            care = "".join(f"<EPISODE>\n{text}</EPISODE>\n" for t, text in said if t == "episodes")
            file.write(f"<CHILD>\n<HEADER>\n{head}{earlier}</HEADER>\n{care}</CHILD>\n")
        file.write("</EXPSSDA903>\n")
    return path


def _care(one: Person) -> Iterator[tuple[str, list[Any]]]:
    n, child, born = one.number, f"C{one.number}", f"{one.born:%d/%m/%Y}"
    first, change, end = (one.since + timedelta(days=days) for days in (0, 200, 500))
    days = [f"{day:%d/%m/%Y}" for day in (first, change, end)]
    yield "header", [child, one.sex, born, CONTENT, one.upn, "", ""]
    home = ["K2", "PR4", days[1], "X1", CONTENT, CONTENT, CONTENT, f"SC{100_000 + n % 50}"]
    yield "episodes", [child, days[0], "S", "C2", CONTENT, *home]
    over = [days[2], "E3" if n % 10 == 9 else "E4A"] if n % 3 == 0 else ["", ""]
    carer = ["U1", "PR2" if n % 8 == 0 else "PR1", *over, CONTENT, CONTENT, CONTENT, ""]
    yield "episodes", [child, days[1], "P", "C2", CONTENT, *carer]
    yield "social_worker", [child, born, f"SW{n % 200:06}", *days[:2], "FCONTA"]
    yield "social_worker", [child, born, f"SW{(n + 1) % 200:06}", days[1], over[0], ""]
    if n % 10 == 4:
        yield "previous_permanence", [child, born, "P2", "380", f"01/02/{one.born.year + 2}"]


def _elements(table: str, cells: list[Any]) -> str:
    said = zip(_CARE[table].split(","), cells, strict=True)
    left = set() if table == "header" else {"CHILD", "DOB"}  # these stand in the header alone
    names = ((_XML_NAMES.get(name, name), cell) for name, cell in said if name not in left)
    return "".join(
        f"<{name}>{cell}</{name}>\n" if cell else f"<{name} />\n" for name, cell in names
    )


def write_cin(folder: Path, crowd: Crowd) -> Path:
    """Write a census of children in need; of every child a case with its assessment."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "census.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        file.writelines(map(_cin_child, crowd))
        file.write("</Children>\n</Message>\n")
    return path


def _cin_child(one: Person) -> str:
    n, since = one.number, one.since
    later = since + timedelta(days=40)
    who = {"LAchildID": f"A{n}", "UPN": one.upn, "PersonBirthDate": one.born, "Sex": one.sex}
    parts = _tag("Assessments", AssessmentActualStartDate=since, AssessmentAuthorisationDate=later)
    if n % 3 == 0:
        parts += _tag("Section47", S47ActualStartDate=later, ICPCnotRequired=n % 2)
    if n % 4 == 0:
        parts += _tag("ChildProtectionPlans", CPPstartDate=later, InitialCategoryOfAbuse=CONTENT)
    closed = {"CINclosureDate": later, "ReasonForClosure": "RC5"} if n % 6 == 5 else {}
    case = {"CINreferralDate": since, "ReferralSource": "5C" if n % 5 == 4 else "1A"}
    case |= {"PrimaryNeedCode": CONTENT, "ReferralNFA": "false", **closed}
    known = _tag("ChildIdentifiers", **who) + _tag("ChildCharacteristics", Ethnicity=CONTENT)
    return f"<Child>\n{known}{_tag('CINdetails', parts, **case)}</Child>\n"


def _tag(name: str, inside: str = "", **values: Any) -> str:
    said = "".join(f"<{key}>{value}</{key}>\n" for key, value in values.items())
    return f"<{name}>\n{said}{inside}</{name}>\n"


def write_annex_a(folder: Path, crowd: Crowd) -> Path:
    """Write a workbook of six lists; of every child a referral, an assessment, and one of the others."""
    folder.mkdir(parents=True, exist_ok=True)
    book = Workbook(write_only=True)
    for number, columns in _LISTS.items():
        sheet = book.create_sheet(f"List {number}")
        sheet.append([*_WHO, *columns])
        for one in crowd:
            if number in (3, 4, (2, 6, 8, 9)[one.number % 4]):
                sheet.append(_annex_row(one, columns, crowd))
    path = folder / "annex.xlsx"
    book.save(path)
    return path


def _annex_row(one: Person, columns: list[str], crowd: Crowd) -> list[Any]:
    n, since = one.number, datetime.combine(one.since, time())
    said = {
        "Organisation completing assessment": f"{crowd.team} {n % 5}",
        "Referral NFA?": "No",
        "Allocated Team": f"{crowd.team} {n % crowd.teams}",
        "Allocated Worker": crowd.worker,
        "Allocated Personal Advisor": crowd.worker,
        "Eligibility Category": "b) Former relevant child",
        "LA of Placement": "Bradford",
        "Start Date of Most Recent Placement": since + timedelta(days=90),
        "Placement postcode": CONTENT,
        "Primary Need Code": CONTENT,
    }
    ends = {"Assessment completion date", "Continuous Assessment Date of Authorisation"}
    said |= {name: since + timedelta(days=45) if n % 2 else None for name in ends}
    born = datetime.combine(one.born, time())
    who = [10_000 + n, "b) Female" if one.sex == "F" else "a) Male", CONTENT, born, 11]
    empty = {"CIN Closure Date", "Date Ceased to be Looked After"}
    return [*who, *(said.get(name, None if name in empty else since) for name in columns)]

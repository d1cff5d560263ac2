"""The demo's England: the same each time, valid, harmless, and as it says it is."""

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import nhs_number
import pytest

from graph import (
    AllocationRow,
    BadInput,
    ChildRow,
    HomeRow,
    Identity,
    InvolvementRow,
    Period,
    Practitioner,
    PractitionerRow,
    Service,
    ServiceRow,
    Source,
    authorities,
)
from signpost.demo import England, write_england
from signpost.demo.names import SHARES

TODAY = date(2026, 6, 30)
DRAMA = re.compile(
    r"(0113|0114|0115|0116|0117|0118|0121|0131|0141|0151|0161) 496 0\d{3}"
    r"|0191 498 0\d{3}|020 7946 0\d{3}|01632 960\d{3}|07700 900\d{3}"
)
AGAIN = """
import sys; from datetime import date; from pathlib import Path; from signpost.demo import write_england
write_england(Path(sys.argv[1]), 400, today=date.fromisoformat(sys.argv[2]))
"""
Cells = dict[str, str]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> England:
    return write_england(tmp_path_factory.mktemp("small"), 400, today=TODAY)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> England:
    return write_england(tmp_path_factory.mktemp("large"), 6000, today=TODAY)


def read(file: Path) -> Iterator[Cells]:
    """The rows of a file, without their empty cells."""
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {column: cell for column, cell in row.items() if cell}


def table(england: England, name: str) -> Iterator[tuple[str, Cells]]:
    """The rows of one table of every source, each with its source."""
    for file in sorted((england.folder / "sources").glob(f"*/{name}.csv")):
        for row in read(file):
            yield file.parent.name, row


def sources(england: England) -> dict[str, Cells]:
    return {row["id"]: row for row in read(england.folder / "sources.csv")}


def persons(england: England) -> dict[tuple[str, str], str]:
    rows = read(england.folder / "truth.csv")
    return {(row["source"], row["child"]): row["person"] for row in rows}


def people(england: England) -> dict[str, list[dict[str, Any]]]:
    return json.loads((england.folder / "people.json").read_text(encoding="utf-8"))


def fingerprint(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest() for file in files}


def as_service(row: Cells, where: dict[str, Any]) -> ServiceRow:
    record, authority = f"{row['service']}/{row['authority']}", row.pop("authority")
    period = Period.model_validate({d: row.pop(d) for d in ("from", "to") if d in row})
    row["sensitive"] = row.get("sensitive", "no")
    service = Service.model_validate({"id": row.pop("service"), **row})
    return ServiceRow(record=record, service=service, authority=authority, period=period, **where)


def as_practitioner(row: Cells, where: dict[str, Any]) -> PractitionerRow:
    record, service = f"{row['practitioner']}/{row['service']}", row.pop("service")
    period = Period.model_validate({d: row.pop(d) for d in ("from", "to") if d in row})
    who = Practitioner.model_validate({"id": row.pop("practitioner"), **row})
    return PractitionerRow(record=record, practitioner=who, service=service, period=period, **where)


def as_child(row: Cells, where: dict[str, Any]) -> ChildRow:
    record, shielded = row.pop("child"), row.pop("shielded", "") == "yes"
    identity = Identity.model_validate(row)
    return ChildRow(record=record, identity=identity, shielded=shielded, **where)


def as_dated(kind: Any, key: str, row: Cells, where: dict[str, Any]) -> Any:
    period = Period.model_validate({d: row.pop(d) for d in ("from", "to") if d in row})
    return kind.model_validate({"record": row.pop(key), "period": period, **row, **where})


CHECKS: dict[str, Callable[[Cells, dict[str, Any]], Any]] = {
    "services": as_service,
    "practitioners": as_practitioner,
    "children": as_child,
    "homes": partial(as_dated, HomeRow, "home"),
    "involvements": partial(as_dated, InvolvementRow, "involvement"),
    "allocations": partial(as_dated, AllocationRow, "allocation"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_every_row_is_valid_and_its_id_its_own(small: England, name: str) -> None:
    records = Counter()
    for line, (source, row) in enumerate(table(small, name), start=2):
        checked = CHECKS[name](dict(row), {"file": f"{name}.csv", "line": line})
        records[source, checked.record] += 1
    assert sum(records.values()) == small.rows[name] > 0
    assert max(records.values()) == 1


def test_every_row_about_another_finds_it(small: England) -> None:
    columns = {"services": "service", "practitioners": "practitioner", "children": "child"}
    ids = {c: {(s, row[c]) for s, row in table(small, name)} for name, c in columns.items()}
    for name in ("homes", "involvements", "allocations", "practitioners"):
        for source, row in table(small, name):
            assert all((source, row[c]) in known for c, known in ids.items() if c in row)


def test_the_same_again_is_the_same_bytes(small: England, tmp_path: Path) -> None:
    run = [sys.executable, "-c", AGAIN, str(tmp_path), TODAY.isoformat()]
    subprocess.run(run, check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert fingerprint(tmp_path) == fingerprint(small.folder)


def test_another_seed_is_another_country(small: England, tmp_path: Path) -> None:
    write_england(tmp_path, 400, seed=2, today=TODAY)
    first, second = fingerprint(small.folder), fingerprint(tmp_path)
    assert first.keys() == second.keys()
    assert all(first[file] != second[file] for file in first if "children.csv" in file)


def test_as_many_as_promised(large: England) -> None:
    assert large.children == len(set(persons(large).values())) == 6000
    assert 120 <= large.sources <= 200
    assert 280 <= large.services <= 330
    assert 1400 <= large.practitioners <= 1700
    whose = persons(large)
    stays = Counter(whose[source, row["child"]] for source, row in table(large, "involvements"))
    few = sum(1 for times in stays.values() if times <= 4)
    assert few > 0.8 * large.children
    assert 15 <= max(stays.values()) <= 22


def test_truth_knows_every_child_of_every_source_once(small: England) -> None:
    rows = [(row["source"], row["child"]) for row in read(small.folder / "truth.csv")]
    assert sorted(rows) == sorted((s, row["child"]) for s, row in table(small, "children"))
    assert len(rows) == len(set(rows))


def test_truth_says_whence_each_childs_name_is(small: England) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for row in read(small.folder / "truth.csv"):
        found[row["person"]].add(row["origin"])
    assert all(len(origins) == 1 for origins in found.values())
    seen = Counter(origins.pop() for origins in found.values())
    assert seen.keys() <= SHARES.keys()
    assert seen.most_common(1)[0][0] == "english"
    assert len(seen) > 10


def test_numbers_are_nobodys_and_each_is_one_childs(large: England) -> None:
    whose, numbers = persons(large), defaultdict(set)
    for source, row in table(large, "children"):
        if "nhs_number" in row:
            number = row["nhs_number"].replace(" ", "")
            assert number.startswith("999")
            assert nhs_number.is_valid(number)
            numbers[number].add(whose[source, row["child"]])
    assert all(len(found) == 1 for found in numbers.values())
    without = 1 - sum("nhs_number" in row for _, row in table(large, "children")) / len(whose)
    assert 0.1 < without < 0.2


def test_pupil_numbers_are_of_real_authorities(large: England) -> None:
    areas = {row["upn"][1:4] for _, row in table(large, "children") if "upn" in row}
    assert areas <= authorities().keys()
    assert {"838", "940", "942", "383"} <= areas


def test_nobody_is_rung_or_written_to(large: England) -> None:
    for _, row in table(large, "services"):
        lines = (row.get("duty_line"), row.get("out_of_hours_line"))
        assert all(DRAMA.fullmatch(line) for line in lines if line)
    for _, row in table(large, "practitioners"):
        assert DRAMA.fullmatch(row["work_phone"])
        assert re.fullmatch(r"[a-z.]+\d*@example\.org", row["work_email"])
    for _, row in table(large, "children"):
        assert row.get("postcode", "O")[-1] in "CIKMOV"


def test_nothing_is_later_than_the_extract(large: England) -> None:
    extracted = {
        name: row["extracted"] for name, row in sources(large).items() if "extracted" in row
    }
    assert max(extracted.values()) <= TODAY.isoformat()
    for name in ("services", "practitioners", "homes", "involvements", "allocations"):
        for source, row in table(large, name):
            days = [row[d] for d in ("from", "to", "confirmed_on") if d in row]
            assert max(days) <= extracted[source], (source, name, row)


def test_nothing_is_before_birth_but_midwifery(large: England) -> None:
    born = {(s, row["child"]): row["birth_date"] for s, row in table(large, "children")}
    kinds = {(s, row["service"]): row["kind"] for s, row in table(large, "services")}
    early = Counter(
        kinds[source, row["service"]]
        for source, row in table(large, "involvements")
        if row["from"] < born[source, row["child"]]
    )
    assert list(early) == ["midwifery"]


def spans(england: England, name: str, *columns: str) -> dict[tuple, list[Period]]:
    found = defaultdict(list)
    for source, row in table(england, name):
        days = {"from": row["from"], "to": row.get("to")}
        found[source, *(row[c] for c in columns)].append(Period.model_validate(days))
    return found


def test_an_allocation_lies_within_an_involvement_and_a_post(large: England) -> None:
    stays = spans(large, "involvements", "child", "service")
    posts = spans(large, "practitioners", "practitioner", "service")
    left = 0
    for source, row in table(large, "allocations"):
        first = date.fromisoformat(row["from"])
        last = date.fromisoformat(row["to"]) if "to" in row else first
        for day in (first, last):
            assert any(p.holds(day) for p in stays[source, row["child"], row["service"]])
        post = posts[source, row["practitioner"], row["service"]]
        assert any(p.holds(first) for p in post)
        left += "to" not in row and not any(p.open for p in post)
    assert 20 < left < 200


def test_a_fifth_are_known_in_two_authorities(large: England) -> None:
    whose, number = persons(large), {i: row["authority"] for i, row in sources(large).items()}
    known = defaultdict(set)
    for source, child in whose:
        known[whose[source, child]].add(number[source])
    share = sum(len(found) > 1 for found in known.values()) / large.children
    assert 0.15 < share < 0.25


def test_after_a_move_some_wait_and_some_are_lost(large: England) -> None:
    gaps = Counter()
    for child in histories(large).values():
        for gap in child:
            gaps["never" if gap is None else "long" if gap > 28 else "short"] += 1
    assert min(gaps["never"], gaps["long"], gaps["short"]) > 100


def histories(england: England) -> dict[str, list[int | None]]:
    """For each child, days from the last end in one authority to the first start in the next."""
    whose, number = persons(england), {i: row["authority"] for i, row in sources(england).items()}
    stays: dict[str, list[tuple[str, Period]]] = defaultdict(list)
    for source, row in table(england, "involvements"):
        days = {"from": row["from"], "to": row.get("to")}
        stay = number[source], Period.model_validate(days)
        stays[whose[source, row["child"]]].append(stay)
    moves = defaultdict(dict)
    for source, row in table(england, "homes"):
        moves[whose[source, row["child"]]][row["authority"]] = row["from"]
    return {person: list(_gaps(stays[person], moved)) for person, moved in moves.items()}


def _gaps(stays: list[tuple[str, Period]], moved: dict[str, str]) -> Iterator[int | None]:
    in_order = sorted(moved, key=moved.__getitem__)
    for old, new in pairwise(in_order):
        before = [p for number, p in stays if number == old]
        after = [p for number, p in stays if number == new]
        if before and all(p.to for p in before):
            last = max(before, key=lambda p: p.to or date.max)
            yield min((last.gap_days(p) or 0 for p in after), default=None)


def test_most_sources_are_fresh_and_two_are_silent(small: England) -> None:
    days = {}
    for name, row in sources(small).items():
        source = Source.model_validate({k: v for k, v in row.items() if k != "extracted"})
        assert authorities()[source.authority].period.open
        assert (small.folder / "sources" / name).is_dir() == ("extracted" in row)
        extracted = date.fromisoformat(row["extracted"]) if "extracted" in row else None
        days[name] = (TODAY - extracted).days if extracted else None
    assert days.pop("leeds-voluntary") is None
    assert days.pop("bradford-youth-justice") == 200
    assert max(days.values()) <= 6


def test_some_of_everything(large: England) -> None:
    services = [row for _, row in table(large, "services")]
    assert {row["agency"] for row in services} == {row["agency"] for row in sources(large).values()}
    assert {row["kind"] for row in services if "sensitive" in row} == {
        "mental health",
        "sexual health",
        "substance misuse",
    }
    assert sum("confirmed_on" not in row for row in services) > 3
    stale = (TODAY - timedelta(days=90)).isoformat()
    assert sum(row.get("confirmed_on", TODAY.isoformat()) < stale for row in services) > 10
    assert {"909", "942"} <= {row["authority"] for row in services}
    shielded = sum("shielded" in row for _, row in table(large, "children"))
    assert 15 < shielded < 100


def test_the_children_to_try_are_found_and_nobody_is_not(small: England) -> None:
    by_number = defaultdict(list)
    for _, row in table(small, "children"):
        by_number[row.get("nhs_number", "").replace(" ", "")].append(row)
    *tries, nobody = people(small)["try"]
    assert nobody["nhs_number"] not in by_number
    assert nhs_number.is_valid(nobody["nhs_number"])
    for entry in tries:
        columns = ("family_name", "given_name", "birth_date")
        rows = [[row[c] for c in columns] for row in by_number[entry["nhs_number"]]]
        assert [entry[c] for c in columns] in rows
    assert len({entry["what"] for entry in tries}) == len(tries) >= 14


def test_what_is_said_of_the_first_children_to_try_is_so(small: England) -> None:
    whose, gaps = persons(small), histories(small)
    person = {
        row["nhs_number"].replace(" ", ""): whose[source, row["child"]]
        for source, row in table(small, "children")
        if "nhs_number" in row
    }
    at_once, gap, never = people(small)["try"][:3]
    assert "Leeds (health, social care)" in at_once["what"]
    assert "for 61 days" in gap["what"]
    assert gaps[person[gap["nhs_number"]]] == [61]
    assert gaps[person[never["nhs_number"]]] == [None]


def test_the_first_to_sign_in_works_with_the_first_child(small: England) -> None:
    first, child = people(small)["people"][0], people(small)["try"][0]
    source, service = first["service"].split(":")
    whose, person = persons(small), None
    for at, row in table(small, "children"):
        if row.get("nhs_number", "").replace(" ", "") == child["nhs_number"]:
            person = whose[at, row["child"]]
    rows = [row for at, row in table(small, "involvements") if at == source]
    mine = [row for row in rows if whose[source, row["child"]] == person]
    assert [(row["service"], row.get("to")) for row in mine] == [(service, None)]


def test_each_role_signs_in_at_a_service_or_an_authority_that_is(small: England) -> None:
    services = {f"{source}:{row['service']}" for source, row in table(small, "services")}
    everybody = people(small)["people"]
    assert {p["role"] for p in everybody} == {
        "practitioner",
        "lead",
        "analyst",
        "steward",
        "auditor",
    }
    assert {p["service"] for p in everybody if p["service"]} <= services
    assert {p["authority"] for p in everybody if p["authority"]} <= authorities().keys()


def test_it_writes_over_a_demo_and_over_nothing_else(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    for _ in range(2):
        write_england(tmp_path / "demo", 60, today=TODAY, progress=lambda *what: heard.append(what))
    assert heard[-1][1] == heard[-1][2]
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(BadInput):
        write_england(tmp_path, 60, today=TODAY)


@pytest.mark.parametrize(
    ("children", "today"), [(1, TODAY), (1_000_000, TODAY), (60, date(2020, 1, 1))]
)
def test_it_refuses_what_it_cannot_make(tmp_path: Path, children: int, today: date) -> None:
    with pytest.raises(BadInput, match="A demo"):
        write_england(tmp_path, children, today=today)

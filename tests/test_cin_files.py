"""Files of the Children in Need census: their header, how they are known, and what is wrong with them."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph import BadInput, Batch
from loaders import cin
from loaders.cin.tree import KEPT, NEVER
from loaders.tally import MOST_ALIKE
from tests.test_cin import (
    HEADER,
    TODAY,
    assessment,
    case,
    census,
    child,
    enquiry,
    load,
    plan,
    said,
    ties,
)
from tests.world import whole

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
SAMPLE = DATA / "cin_census" / "sf_pipeline" / "BAR_cin_2022.xml"
SCHEMAS = DATA / "cin_census" / "xsd"
here = pytest.mark.skipif(
    not DATA.exists(), reason="the shared samples are not beside this checkout"
)


def test_the_header_is_held_against_the_extract(tmp_path: Path):
    header = HEADER.replace("2026-03-31", "2021-03-31").replace("383", "123")
    assert said(load(tmp_path, child(case()), header=header).warnings) == [
        ("ReferenceDate", "is of another year than the date of this extract"),
        ("Year", "is not the year of ReferenceDate"),
        ("LEA", "is not the DfE number of an authority"),
    ]
    odd = HEADER.replace("2026-03-31", "31 March").replace("<LEA>383</LEA>", "")
    assert [column for column, _ in said(load(tmp_path, child(case()), header=odd).warnings)] == [
        "ReferenceDate", "LEA",
    ]  # fmt: skip
    batch = load(tmp_path, child(case()), header="")
    assert (len(batch.involvements), said(batch.warnings)[0][0]) == (1, "Header")


def test_a_census_on_one_line_names_its_children_by_number(tmp_path: Path):
    path = census(
        tmp_path / "c.xml", child(case()), child(case(CINclosureDate="zz"), LAchildID="A2")
    )
    path.write_text(path.read_text().replace("\n", ""))
    batch = whole(cin.read(path, "leeds", TODAY))
    assert [str(fault) for fault in batch.faults][:1] == [
        "c.xml/Child 2, line 1, column CINclosureDate: is not a date, as 2026-03-04"
    ]


def test_many_warnings_of_one_kind_are_counted(tmp_path: Path):
    many = [child(case(), LAchildID=f"A{n}", UPN="zz") for n in range(MOST_ALIKE + 30)]
    batch = load(tmp_path, *many)
    assert len(batch.children) == MOST_ALIKE + 30
    assert len(batch.warnings) == MOST_ALIKE
    assert batch.warnings[-1].sentence.endswith("(30 more of these)")


def test_more_faults_than_a_census_can_have_stop_it(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setattr(cin, "MOST_FAULTS", 9)
    with pytest.raises(BadInput, match="More than 9 rows cannot be taken, the first of them: c"):
        load(tmp_path, *[child(case(CINreferralDate="zz")) for _ in range(9)])


def test_progress_is_told(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setattr("loaders.batches.monotonic", iter(range(1000)).__next__)
    told: list[tuple[str, int, int]] = []
    path = census(tmp_path / "c.xml", child(case()))
    list(cin.read(path, "leeds", TODAY, True, lambda *step: told.append(step)).stream)
    assert told == [("c.xml", path.stat().st_size, path.stat().st_size)]


BROKEN = {
    "is empty": lambda text: b"",
    "is not XML": lambda text: b"LAchildID,UPN\nzz,zz\n",
    "holds no Child": lambda text: re.sub(rb"<Child>.*</Child>", b"", text, flags=re.S),
    "its root is not Message": lambda text: text.replace(b"Message>", b"Massage>"),
    "is of another collection": lambda text: text.replace(b">CIN<", b">CLA<"),
    "ends before its root does": lambda text: text[: text.rindex(b"</Children>")],
    "ends inside a tag": lambda text: text[: text.rindex(b"</Children>") + 4],
    "or a sign that cannot be": lambda text: text.replace(b"WBRI", "zzé".encode("cp1252")),
    "declares a DTD": lambda text: text.replace(b"<Message>", b'<!DOCTYPE a [<!ENTITY a "zz">]><Message>'),
    "nested more than 100 deep": lambda text: text.replace(b"WBRI", b"<a>" * 5_000),
    "a text of more than 1 MB": lambda text: text.replace(b"WBRI", b"zz" * 1_000_000),
    "larger than 20 MB": lambda text: text.replace(b"<CINdet", b"<CINdetails/>" * 80_000 + b"<CINdet"),
}  # fmt: skip


@pytest.mark.parametrize("sentence", BROKEN)
def test_files_that_cannot_be_used_are_refused_and_nothing_of_them_is_said(
    tmp_path: Path, sentence: str
):
    path = census(tmp_path / "c.xml", child(case()))
    path.write_bytes(BROKEN[sentence](path.read_bytes()))
    with pytest.raises(BadInput, match=sentence) as error:
        list(cin.read(path, "leeds", TODAY).stream)
    assert "zz" not in str(error.value)


JUNK = [
    "",
    "-",
    "2026-02-30",
    "9999-12-31",
    "true",
    "zz" * 90,
    "٣",
    "👶",
    "\r\n",
    "9" * 200,
    "&#10;",
    "RC5",
]
JUNK += [
    "<CINdetails/>",
    "<!-- zz -->",
    "<?a?>",
    "<a>zz</a>",
    "2026-01-01",
    "1200-01-01",
    "\ufeff",
    "-->",
]
BREAKS = ["<", ">", "&", "]]>", "<a>", "</Child>", "\0", "<!--"]


def _changed(random: Random, text: str) -> str:
    """The same with a value or a line that is another, and now and then broken."""
    lines = text.split("\n")
    leaves = [n for n, line in enumerate(lines) if re.fullmatch(r"<(\w+)>.*</\1>", line)]
    place = random.choice(leaves)
    new = [random.choice(JUNK), lines[random.choice(leaves)]]
    lines[place] = random.choice(
        [
            "",
            lines[place] * 2,
            new[1],
            *[re.sub(r">.*<", lambda _: f">{new[0]}<", lines[place])] * 3,
        ]
    )
    text = "\n".join(lines)
    start = random.randrange(len(text)) if not random.randrange(9) else len(text)
    return text[:start] + (random.choice(BREAKS) if start < len(text) else "") + text[start:]


def _read(path: Path) -> Batch | str:
    try:
        return whole(cin.read(path, "leeds", TODAY))
    except BadInput as error:
        return str(error)


def test_of_five_hundred_broken_censuses_each_is_read_or_refused(tmp_path: Path):
    random = Random(5)
    cases = [case(assessment(), enquiry(), plan()), case(ReferralNFA="1")]
    good = census(tmp_path / "c.xml", child(*cases), child(*cases)).read_text()
    kept: list[bool] = []
    for number in range(500):
        path = tmp_path / "c.xml"
        path.write_text(_changed(random, _changed(random, _changed(random, good))), newline="")
        batch = _read(path)
        if isinstance(batch, str):
            assert "zz" not in batch
            continue
        assert (
            "zz" not in " ".join(str(fault) for fault in (*batch.faults, *batch.warnings)).lower()
        )
        out = cin.reject(path, batch.faults, tmp_path / str(number))
        kept.append(out is not None)
        assert kept[-1] == bool(batch.faults)
        again = _read(out) if out else batch
        assert isinstance(again, Batch)
        assert said(again.faults) == said(batch.faults)
    assert 50 < sum(kept) < len(kept) < 450


def test_places_that_are_no_file(tmp_path: Path):
    for place in (tmp_path, tmp_path / "absent.xml"):
        assert cin.knows(place) is None
        with pytest.raises(BadInput, match="is not"):
            cin.read(place, "leeds", TODAY)


def test_a_census_is_known_by_its_content(tmp_path: Path):
    named = "its root is Message, of the collection CIN"
    assert cin.knows(census(tmp_path / "a.csv", child(case()))) == named
    bare = census(tmp_path / "b.xml", child(case()), header="")
    assert cin.knows(bare) == "its root is Message, and its Child has CINdetails"
    for name, old, new in (
        ("other collection", ">CIN<", ">CLA<"),
        ("other root", "Message", "CHILDREN"),
        ("no cases", "CINdetails>", "Other>"),
        ("nothing", "<", "zz"),
    ):
        path = census(
            tmp_path / "c.xml", child(case()), header="" if name == "no cases" else HEADER
        )
        path.write_text(path.read_text().replace(old, new))
        assert cin.knows(path) is None, name


@here
def test_samples_of_other_formats_are_not_taken_for_a_census():
    others = [
        p for p in DATA.rglob("*") if p.is_file() and p != SAMPLE and p.stat().st_size < 10**7
    ]
    assert len(others) > 20
    assert [path.name for path in others if cin.knows(path)] == []


# Counted by hand: one Child with one CINdetails, in which one Assessments, one Section47 and one
# ChildProtectionPlans; closed with RC1 and referred by 1A, so that nothing points to an authority.
@here
def test_the_published_sample():
    batch = whole(cin.read(SAMPLE, "city-of-london", date(2022, 3, 31)))
    assert cin.knows(SAMPLE)
    assert not batch.faults
    assert {table: len(getattr(batch, table)) for table in cin.TABLES} == {
        "services": 1, "children": 1, "involvements": 4, "pointers": 0,
    }  # fmt: skip
    assert [column for column, _ in said(batch.warnings)] == ["UPN", "FormerUPN", "PersonBirthDate"]
    assert ties(batch)["CIN:DfEX0000001:1970-10-06"] == (date(1970, 10, 6), date(1971, 2, 27))


@here
@pytest.mark.parametrize("year", [2017, 2024, 2026])
def test_every_element_of_the_schemas_is_read_or_is_known_and_never_read(year: int):
    text = (SCHEMAS / f"CIN_schema_{year}.xsd").read_text(encoding="utf-8")
    inside = {"Ethnicity", "Disabilities", "Disability", "AssessmentFactors", "CPPreviewDate"}
    inside |= {"CINPlanStartDate", "CINPlanEndDate", "Message", "Children"}
    read = {*KEPT, *(name for names in KEPT.values() for name in names)}
    names = set(re.findall(r'<xs:element\s+name="(\w+)"', text))
    assert names - read - NEVER - inside == set()
    assert len(names & read) >= len(read) - 1


def test_the_page_names_every_element_that_is_read():
    page = (ROOT / "docs" / "cin.md").read_text(encoding="utf-8")
    read = {name for names in KEPT.values() for name in names}
    assert {name for name in read if f"`{name}`" not in page} == set()


PEAK = """
import sys
from datetime import date
from pathlib import Path
from psutil import Process
from loaders import cin
process, peak, count = Process(), 0, 0
for count, _ in enumerate(cin.read(Path(sys.argv[1]), "leeds", date(2026, 3, 31)).stream, 1):
    if not count % 500:
        peak = max(peak, process.memory_info().rss)
print(count, peak)
"""


def test_memory_does_not_grow_with_the_census(tmp_path: Path):
    one = child(case(assessment(), enquiry(), plan()), LAchildID="A{n:08}")
    path = tmp_path / "c.xml"
    peaks = []
    for count in (1_000, 4_000):
        with path.open("w", encoding="utf-8") as file:
            file.write(f"<Message>{HEADER}<Children>")
            file.writelines(one.format(n=n) for n in range(count))
            file.write("</Children></Message>")
        run = [sys.executable, "-c", PEAK, str(path)]
        told = subprocess.run(run, capture_output=True, check=True, text=True, cwd=ROOT).stdout
        assert int(told.split()[0]) == 1 + 5 * count
        peaks.append(int(told.split()[1]) / 1e6)
    assert peaks[1] < peaks[0] + 4

"""The fuzz: good files of every shape, a spoiler that spoils, an eye for what is lost, and a short run."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from graph import Batch, Fault, Graph, LoadReport, check
from loaders import LOADERS, kind_of, read
from signpost.bench import fuzz
from signpost.bench.crowds import CONTENT, Crowd
from signpost.bench.examining import Finding, examine, examine_kind, examine_rejects
from signpost.bench.fuzz import Files, Ledger
from signpost.bench.junk import MARKS
from signpost.bench.made import EXTRACTED, KINDS, STEWARD
from signpost.bench.spoiling import spoil

SHAPES = [shape for kind in KINDS.values() for shape in kind.shapes]
DOOR = ("csv", "csv withdrawals", "ssd", "ssda903 xml", "cpis", "ods ord")
DATED = {".xlsx", ".zip"}  # in which the time of writing stands
# What is said of a good file, because of what the format or the shape lacks.
SAID = {
    "csv withdrawals": ["takes everything back"],
    "annex-a": ["has no List 5", "has no List 7"],
    "ssda903 xml": ["is XML, of which no form with social workers is known"],
}
SEEDS = 5


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("good"))


@pytest.fixture
def ledger(files: Files) -> Ledger:
    return Ledger({shape: (50, 1.0) for shape in files.shapes})


def taken(files: Files, shape: str) -> tuple[Batch, LoadReport]:
    kind = files.kind(shape)
    batch = read(kind.name, files.good(shape), kind.source.id, EXTRACTED)
    return batch, check(batch, kind.authority)


def content(path: Path) -> dict[str, bytes]:
    held = [one for one in (path, *path.rglob("*")) if one.is_file()]
    return {one.name: one.read_bytes() for one in held}


def test_every_loader_has_a_kind_of_the_benches():
    assert set(KINDS) == set(LOADERS)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_good_file_is_known_as_its_kind_and_taken_whole(files: Files, shape: str):
    _, report = taken(files, shape)
    said = [warning.sentence for warning in report.warnings]
    assert kind_of(files.good(shape))[0] == files.kind(shape).name
    assert report.read == sum(report.tables.values()) >= fuzz.CHILDREN
    assert report.faults == []
    assert len(said) == len(SAID.get(shape, ()))
    assert all(map(str.__contains__, said, SAID.get(shape, ())))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_good_file_holds_content_that_is_not_read(files: Files, shape: str):
    kind, good = files.kind(shape), files.good(shape)
    rows = read(kind.name, good, kind.source.id, EXTRACTED).rows()
    if kind.name != "csv" and good.suffix not in DATED:
        assert any(CONTENT.encode() in held for held in content(good).values())
    assert not any(CONTENT in repr(row) for row in rows)


def test_strangers_are_known_wherever_they_are():
    one = next(iter(Crowd(6, strange=True, seed=3)))
    marked = [one.given, one.family, str(one.born), one.upn, one.postcode]
    assert all(map(MARKS.search, marked))
    assert [*Crowd(3)] == [*Crowd(3)]
    assert not MARKS.search("line 12, column birth_date: is not a date, as 2026-03-04")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_spoiler_spoils_and_the_same_for_the_same_seed(
    files: Files, shape: str, tmp_path: Path
):
    good = content(files.good(shape))
    spoilt = 0
    for seed in range(8):
        paths = [files.spoilt(shape, seed, tmp_path / f"{seed} {turn}") for turn in (1, 2)]
        assert paths[0][1] == paths[1][1]
        spoilt += paths[0][1]
        if files.good(shape).suffix not in DATED:
            assert content(paths[0][0]) == content(paths[1][0])
            assert (content(paths[0][0]) != good) or not paths[0][1]
    assert spoilt >= 8


def test_the_spoilt_rows_of_a_table_are_counted_one_by_one(tmp_path: Path):
    path = tmp_path / "a.csv"
    before = ["a,b", *(f"{n},{n}" for n in range(40))]
    path.write_text("\n".join(before) + "\n")
    touched = spoil(Random(11), path)
    after = path.read_text().splitlines()
    gone, more = Counter(before) - Counter(after), Counter(after) - Counter(before)
    assert touched == max(gone.total(), more.total()) > 0


def dropping(batch: Batch) -> LoadReport:
    *rows, _ = batch.rows()
    return check(batch.model_copy(update={"stream": rows}))


def doubling(batch: Batch) -> LoadReport:
    report = check(batch)
    return report.model_copy(update={"new": report.new + 1})


def telling(batch: Batch) -> LoadReport:
    *rows, last = batch.rows()
    said = Fault(file=last.file, line=last.line, sentence=f"is not a day: {last.record}/Zzokafor")
    report = check(batch.model_copy(update={"stream": rows}))
    return report.model_copy(update={"faults": [said], "rejected": 1, "read": report.read + 1})


def refusing_what_it_takes(batch: Batch) -> LoadReport:
    rows = list(batch.rows())
    said = Fault(
        file=rows[0].file,
        line=rows[0].line,
        sentence="is odd",
        table=rows[0].table,
        record=rows[0].record,
    )
    batch.faults.append(said)  # pyright: ignore[reportAttributeAccessIssue]
    report = check(batch.model_copy(update={"stream": rows, "faults": []}))
    return report.model_copy(update={"faults": [said], "rejected": 1, "read": report.read + 1})


def breaking(batch: Batch) -> LoadReport:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("load", "sentence"),
    [
        (dropping, "a row is lost"),
        (doubling, "a good row is not counted"),
        (telling, "repeats content of the file"),
        (refusing_what_it_takes, "both taken and rejected"),
        (breaking, "ZeroDivisionError at test_fuzz_bench"),
    ],
)
def test_what_a_load_does_wrong_is_found(
    files: Files, load: Callable[[Batch], LoadReport], sentence: str
):
    with pytest.raises(Finding, match=sentence):
        examine(KINDS["csv"], files.good("csv"), load)


def test_a_load_that_is_not_the_same_again_is_found(files: Files, ledger: Ledger, tmp_path: Path):
    with pytest.raises(Finding, match="ods, seed 1: the same file again changes something"):
        fuzz.run(files, "ods", 1, tmp_path / "spoilt", ledger, check)


def test_a_file_that_is_taken_for_another_kind_is_found(files: Files):
    with pytest.raises(Finding, match="is taken for csv"):
        examine_kind(KINDS["ssd"], files.good("csv"))


def test_rejects_that_are_not_there_are_found(files: Files, tmp_path: Path):
    nowhere = Fault(file="children.csv", line=999, sentence="is odd", table="children")
    strange = nowhere.model_copy(update={"file": "other.csv"})
    with pytest.raises(Finding, match="none is there to repair"):
        examine_rejects(KINDS["csv"], files.good("csv"), [strange], tmp_path / "rejects")


@pytest.mark.parametrize("shape", SHAPES)
def test_spoilt_files_are_refused_with_a_sentence_or_every_row_is_in_one_place(
    files: Files, shape: str, ledger: Ledger, tmp_path: Path
):
    for seed in range(SEEDS):
        fuzz.run(files, shape, seed, tmp_path / "spoilt", ledger)
    assert ledger.files == SEEDS
    assert ledger.spoilt > SEEDS
    assert ledger.refused < SEEDS
    assert ledger.checked["taken"] > 0


def test_spoilt_files_go_twice_through_the_door(
    files: Files, graph: Graph, ledger: Ledger, tmp_path: Path
):
    def load(batch: Batch) -> LoadReport:
        return graph.load(STEWARD, batch, accept_drop=True)

    for seed, shape in enumerate(DOOR):
        graph.load(STEWARD, files.kind(shape).source)
        examine(files.kind(shape), files.good(shape), load)
        fuzz.run(files, shape, seed, tmp_path / "spoilt", ledger, load)
    assert ledger.loaded["files"] > len(DOOR) / 2
    held = [ledger.loaded[outcome] for outcome in ("new", "changed", "unchanged", "rejected")]
    assert sum(held) == ledger.loaded["read"]
    assert min(held) > 0

"""A source as a steward registers it, changes it, and sends a first file of another kind."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph import Graph, LawfulBasis, Source, SourceReports
from signpost.__main__ import cli
from tests import test_ods
from tests.test_commands import PURPOSE, SERVICES, fail, machine, run, write
from tests.test_csv_folder import example
from tests.world import CHIDI, IDLE, NOW, STEWARD

__all__ = ["machine"]
ADD = ["source", "add", "leeds-sc", "--name", "Leeds", "--agency", "social care"]
LEEDS = [*ADD, "--basis", "public task", "--authority", "383", "--keep", "6"]


def values(graph: Graph) -> tuple[object, ...]:
    [one] = graph.ask(IDLE, SourceReports()).sources
    return one.name, one.authority and one.authority.number, one.basis, one.keep_years


def test_the_same_values_again_are_said_to_be_registered(machine: Path, graph: Graph, bare) -> None:
    assert "leeds-sc is registered. Load its files with" in run(*LEEDS)
    assert "is registered already, with the same values" in run(*LEEDS)
    assert "is registered already, with the same values" in run(*LEEDS, "--change")
    assert bare("MATCH (r:Access {question: 'Register'}) RETURN count(r) AS n") == [{"n": 1}]


def test_other_values_are_listed_and_nothing_changes_until_asked(
    machine: Path, graph: Graph, capsys, monkeypatch
) -> None:
    run(*LEEDS)
    other = [*ADD, "--basis", "consent", "--keep", "2", "--every", "30"]
    before = values(graph)
    text = fail(capsys, monkeypatch, *other)
    lines = [
        "basis: public task -> consent",
        "keep years: 6 -> 2",
        "every days: 7 -> 30",
    ]
    assert [line.strip() for line in text.splitlines()[1:-1]] == lines
    assert "--change" in text
    assert values(graph) == before
    text = run(*other, "--change")
    assert [line.strip() for line in text.splitlines()] == ["leeds-sc is changed:", *lines]
    assert values(graph) == ("Leeds", "383", "consent", 2)
    assert "is registered already, with the same values" in run(*other)


def test_a_basis_that_is_none_is_told_those_there_are(capsys, monkeypatch) -> None:
    text = fail(capsys, monkeypatch, *ADD, "--basis", "public register")
    assert all(basis.value in text for basis in LawfulBasis)


def test_an_unknown_source_is_told_in_one_line_how_it_is_registered(
    machine: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    folder = write(tmp_path / "in", services=SERVICES)
    for kind in ("csv", "auto"):
        words = [kind, str(folder), "--source", "nhs", "--extracted", "2026-11-20"]
        text = fail(capsys, monkeypatch, "load", *words)
        assert text.endswith("Register it first: signpost source add nhs --help\n")
    assert "without --authority" in run("source", "add", "nhs", "--help")


def test_auto_says_a_first_file_of_another_kind_and_goes_on(machine: Path, tmp_path: Path) -> None:
    run(*LEEDS)
    folder = write(tmp_path / "in", services=SERVICES)
    report = test_ods.report(tmp_path / "a.csv", test_ods.line())
    load = ["--source", "leeds-sc", "--extracted", "2026-11-20"]
    assert "The first" not in run("load", "auto", str(folder), *load)
    text = run("load", "auto", str(report), *load)
    assert "The first ods from leeds-sc, which sent csv until now." in text
    assert "1 read, 1 new" in text
    assert "The first" not in run("load", "auto", str(report), *load)


def test_a_source_is_silent_when_nothing_came_for_twice_its_time_since_it_was_registered(
    graph: Graph, bare
) -> None:
    said = {"id": "leeds-sc", "name": "Leeds", "authority": "383", "agency": "social care"}
    made = Source.model_validate({**said, "basis": "public task", "every_days": 7})
    NOW.at = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # half past midnight of the 25th in London
    graph.load(STEWARD, made)

    def silent() -> bool:
        return graph.ask(IDLE, SourceReports()).sources[0].silent

    assert not silent()
    NOW.at = datetime(2026, 11, 8, 12, tzinfo=UTC)
    assert not silent()
    NOW.at = datetime(2026, 11, 9, 12, tzinfo=UTC)
    assert silent()
    graph.load(STEWARD, made.model_copy(update={"name": "Leeds City"}))
    assert silent()  # to change it is not to register it
    bare("MATCH (s:Source) REMOVE s.recorded_at")
    NOW.at = datetime(2026, 10, 26, tzinfo=UTC)
    assert silent()  # of what was registered before the day was kept


def test_the_example_of_the_own_csv_loads_with_no_reject(machine: Path, tmp_path: Path) -> None:
    run(*LEEDS)
    folder = write(tmp_path / "in", **example())
    text = run("load", "csv", str(folder), "--source", "leeds-sc", "--extracted", "2026-11-20")
    rows = sum(len(table.splitlines()) - 1 for table in example().values())
    assert re.search(rf"{rows} read, .* 0 ended, 0 rejected", text)
    assert "Rejected:" not in text


def test_a_child_of_whom_only_a_number_is_known_is_told_apart_from_nothing(
    machine: Path, tmp_path: Path
) -> None:
    run(*LEEDS)
    only = f"child,nhs_number\nC1,{CHIDI}\n"
    worked = "involvement,child,service,from\nI1,C1,T1,2020-01-06\n"
    folder = write(tmp_path / "in", services=SERVICES, children=only, involvements=worked)
    run("load", "csv", str(folder), "--source", "leeds-sc", "--extracted", "2026-11-20")
    text = run("find", "--stdin", *PURPOSE, stdin=f"nhs_number={CHIDI}\n")
    assert "One match.\nNo name is known\n  signpost map " in text


@pytest.mark.parametrize("command", ["load", "check"])
def test_the_help_says_with_what_status_a_file_with_rejects_ends(command: str) -> None:
    text = " ".join(run(command, "--help").split())
    assert "status 0" in text or "ends with 0" in text
    assert "status 1" in text or "ends with 1" in text


def test_with_rejected_rows_check_ends_with_one_and_load_with_nought(
    machine: Path, tmp_path: Path
) -> None:
    run(*LEEDS)
    folder = write(tmp_path / "in", services=f"{SERVICES}T2,Zz,nobody\n")
    assert CliRunner().invoke(cli, ["check", "csv", str(folder)]).exit_code == 1
    load = ["load", "csv", str(folder), "--source", "leeds-sc", "--extracted", "2026-11-20"]
    assert "1 rejected" in run(*load)

"""The command line: what a user types, what they read, and what three wrong inputs say."""

import io
import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph import BadKeyring, EmbeddedNeo4j, Graph, Keyring
from signpost.__main__ import cli, main
from signpost.screen import out
from tests.test_explain import HURRIED
from tests.world import CHIDI, NOBODY, NOW, World

PURPOSE = ["--because", "missing child", "--reference", "A-12"]


@pytest.fixture
def machine(graph: Graph, server: EmbeddedNeo4j, keyring: Keyring, home: Path, monkeypatch) -> Path:
    """A home whose settings point to the server and keys of this run."""
    monkeypatch.setattr(out, "width", 200)
    made = server.connection()
    (home / "keys").mkdir(parents=True)
    keyring.write(home / "keys" / "keyring.json")
    password = home / "keys" / "own"
    password.write_text(made.password)
    password.chmod(0o600)
    monkeypatch.setenv("SIGNPOST_NEO4J_URI", made.uri)
    monkeypatch.setenv("SIGNPOST_NEO4J_USER", made.user)
    monkeypatch.setenv("SIGNPOST_NEO4J_PASSWORD_FILE", str(password))
    return home


def run(*words: str, stdin: str | None = None) -> str:
    """Run a command and return what it printed; an error is raised."""
    result = CliRunner().invoke(cli, list(words), input=stdin, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def fail(capsys: pytest.CaptureFixture[str], monkeypatch, *words: str) -> str:
    """Run the program as a shell does and return the sentence it ends with."""
    monkeypatch.setattr("sys.argv", ["signpost", *words])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code
    return capsys.readouterr().err


def write(folder: Path, **tables: str) -> Path:
    """A CSV folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


SERVICES = "service,name,agency\nT1,Leeds Front Door,social care\n"
CHILDREN = (
    f"child,nhs_number,family_name,given_name,birth_date\nC1,{CHIDI},Okafor,Chidi,2015-06-09\n"
)
INVOLVED = "involvement,child,service,from\nI1,C1,T1,2020-01-06\n"


def test_from_a_file_to_a_map(machine: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", services=SERVICES, children=CHILDREN, involvements=INVOLVED)
    assert "involvements" in run("check", "csv", str(folder))
    add = [
        "source",
        "add",
        "leeds-sc",
        "--name",
        "Leeds",
        "--authority",
        "383",
        "--basis",
        "public task",
    ]
    run(*add, "--agency", "social care")
    load = ["load", "csv", str(folder), "--source", "leeds-sc", "--extracted", "2026-11-20"]
    assert "3 read, 3 new, 0 changed" in run(*load)
    assert "3 read, 0 new, 0 changed, 3 unchanged" in run(*load)
    found = json.loads(run("find", "--stdin", "--json", *PURPOSE, stdin=f"nhs_number={CHIDI}\n"))
    handle = found["children"][0]["handle"]
    text = run("map", handle, *PURPOSE)
    assert "Leeds Front Door" in text
    assert "Ring now" not in text or "Leeds" in text
    as_json = json.loads(run("map", handle, "--json", *PURPOSE))
    assert as_json["involvements"][0]["period"]["from"] == "2020-01-06"
    assert "Nothing" not in run("find", *PURPOSE, stdin="\nOkafor\nChidi\n2015-06-09\n")


def test_a_new_database_is_made_ready_by_whatever_command_comes_first(machine: Path, bare) -> None:
    bare("MATCH (n) DETACH DELETE n")
    run(
        "source",
        "add",
        "leeds-sc",
        "--name",
        "Leeds",
        "--authority",
        "383",
        "--agency",
        "health",
        "--basis",
        "public task",
    )
    assert bare("MATCH (a:Authority) RETURN count(a) > 150 AS all") == [{"all": True}]


def test_nothing_found_says_who_was_asked(machine: Path, graph: Graph) -> None:
    NOW.forward(days=-2)  # the command asks by the machine's own clock
    World.loaded(graph)
    text = run("find", "--stdin", *PURPOSE, stdin=f"nhs_number={NOBODY}\n")
    assert "Sources asked: 3, of which silent: 1" in text
    assert "Bradford police" in text


def test_rejects_come_back_after_repair(machine: Path, tmp_path: Path) -> None:
    wrong = INVOLVED + "I2,C1,T1,2020-13-01\nI3,C9,T1,2020-01-06\n"
    folder = write(tmp_path / "in", services=SERVICES, children=CHILDREN, involvements=wrong)
    add = [
        "source",
        "add",
        "leeds-sc",
        "--name",
        "Leeds",
        "--authority",
        "383",
        "--basis",
        "public task",
    ]
    run(*add, "--agency", "social care")
    load = ["load", "csv", str(folder), "--source", "leeds-sc", "--extracted", "2026-11-20"]
    text = run(*load)
    assert "2 rejected" in text
    assert "involvements.csv, line 3, column from" in text.replace("\n", " ")
    [kept] = (machine / "rejects").iterdir()
    path = next(kept.rglob("involvements.csv"))
    assert path.stat().st_mode & 0o077 == 0
    path.write_text(path.read_text().replace("2020-13-01", "2020-03-01").replace("C9", "C1"))
    again = run(
        "load", "csv", str(path.parent), "--source", "leeds-sc", "--extracted", "2026-11-20"
    )
    assert "2 read, 2 new" in again
    assert "0 ended" in again


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["load", "csv", "/nowhere", "--source", "xx", "--extracted", "2026-11-20"],
            "nowhere is not there",
        ),
        (["load", "csv", ".", "--source", "xx", "--extracted", "yesterday"], "--extracted"),
        (["load", "tsv", ".", "--source", "xx", "--extracted", "2026-11-20"], "annex-a"),
        (["find", "--because", "missing child", "--reference", "9990000018"], "NHS number"),
        (["find", "--because", "nosiness"], "missing child"),
        (["find", "--as", "somebody"], "signpost demo"),
        (
            [
                "source",
                "add",
                "UPPER",
                "--name",
                "n",
                "--authority",
                "383",
                "--agency",
                "health",
                "--basis",
                "public task",
            ],
            "small",
        ),
        (["map", "nonsense", *PURPOSE], "no such record"),
        (["keys", "new"], "is there already"),
    ],
)
def test_wrong_input_is_a_sentence(machine: Path, capsys, monkeypatch, words, said: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    text = fail(capsys, monkeypatch, *words)
    assert said in text
    assert "Traceback" not in text


def test_a_port_in_use_is_said_before_anything_starts(home: Path, capsys, monkeypatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("SIGNPOST_PORT", str(taken.getsockname()[1]))
        text = fail(capsys, monkeypatch, "run")
    assert "is in use by" in text
    assert "SIGNPOST_PORT" in text
    assert not home.exists()


def test_a_demo_is_never_open_to_other_machines(home: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("SIGNPOST_HOST", "0.0.0.0")
    assert "must be 127.0.0.1" in fail(capsys, monkeypatch, "run", "--demo")


def test_an_error_never_repeats_a_personal_value(
    machine: Path, capsys, monkeypatch, tmp_path
) -> None:
    details = tmp_path / "details"
    details.write_text("nhs_number=9990000019\n")
    with details.open() as lines:
        monkeypatch.setattr("sys.stdin", lines)
        text = fail(capsys, monkeypatch, "find", "--stdin", *PURPOSE)
    assert "nhs-number is not a valid NHS number" in text
    assert "9990000019" not in text


def test_keys_rotate_and_everything_still_opens(machine: Path, world: World) -> None:
    text = run("keys", "rotate", "--wait", "0")
    assert "4 seals anew under k2." in text
    found = run("find", "--stdin", *PURPOSE, stdin=f"nhs_number={CHIDI}\n")
    assert "Chidi Okafor" in found
    assert "4 seals anew under k3." in run("keys", "rotate", "--wait", "0")


def test_the_record_of_access_is_anchored_and_verified(machine: Path, bare) -> None:
    run("audit", "verify")
    assert "No anchor shows" in run("audit", "verify")
    assert f"Anchor 1 is in {machine / 'anchors'}; strands: 2." in run("audit", "anchor")
    assert "Nothing was recorded since the last anchor." in run("audit", "anchor")
    said = run("audit", "verify")
    assert "Access records: 5; strands: 3; anchors: 1." in said
    assert "All of them are as they were written." in said
    [row] = bare("MATCH (r:Access) WITH r ORDER BY r.id LIMIT 1 SET r.user = 'x' RETURN r.id AS id")
    result = CliRunner().invoke(cli, ["audit", "verify"])
    assert result.exit_code == 1
    assert f"Not as they were written: 1. The first:\n  {row['id']} was changed" in result.output
    (machine / "keys" / "anchor").chmod(0o644)
    with pytest.raises(BadKeyring, match="chmod 600"):
        run("audit", "verify")


def test_who_looked_is_said_in_plain_words(machine: Path, world: World) -> None:
    words, number = ["audit", "looks", "--stdin"], f"nhs_number={CHIDI}\n"
    assert run(*words, stdin=number).endswith("Nobody has looked at this child.\n")
    world.map()
    said = [line for line in run(*words, stdin=number).splitlines() if "; " in line]
    assert len(said) == 3
    nurse = (
        "nurse.one (practitioner); the map of services: shown. Why: attendance in emergency care"
    )
    assert nurse in "".join(said)
    assert json.loads(run(*words, "--json", stdin=number))["total"] == 4
    assert "not of one child beyond doubt" in run(*words, stdin=f"nhs_number={NOBODY}\n")


def test_a_user_is_made_listed_confirmed_renewed_and_ended(
    machine: Path, graph: Graph, capsys, monkeypatch
) -> None:
    secret = "tractor lemon quiet harbour"
    twice = f"{secret}\n{secret}\n"
    assert "Nobody yet" in run("users", "list")
    add = ["users", "add", "nadia.one", "--name", "Nadia One", "--role", "practitioner"]
    shown = run(*add, "--authority", "383", stdin=twice)
    assert "otpauth://totp/" in shown
    assert secret not in shown
    assert "nadia.one" in run("users", "list")
    run("users", "confirm", "nadia.one")
    assert "otpauth://totp/" in run("users", "renew", "nadia.one", stdin=twice)
    assert "has ended" in run("users", "end", "nadia.one")
    assert "ended on" in run("users", "list")
    assert "yours to confirm" in fail(capsys, monkeypatch, "users", "confirm", "nadia.one")
    weak = CliRunner().invoke(cli, [*add, "--authority", "383"], input="short\nshort\n")
    assert "at least 12" in str(weak.exception)
    assert "need an authority" in fail(capsys, monkeypatch, *add)


def test_signs_of_misuse_are_said_in_plain_words(machine: Path, world: World) -> None:
    assert "No sign in these days." in run("audit", "misuse")
    NOW.at = datetime.now(UTC) - timedelta(days=2)  # the command asks by the machine's own clock
    world.map(viewer=HURRIED)
    said = run("audit", "misuse", "--days", "7").splitlines()[-2:]
    assert said[0] == "Break-glass not explained: 1"
    assert said[1].startswith("  nurse.two: They opened a child in an emergency")
    assert json.loads(run("audit", "misuse", "--json"))["signs"][0]["references"] == ["ED-7"]


def test_the_made_pages_are_as_the_code_says(home: Path) -> None:
    assert "Checked" in run("docs", "--check")


@pytest.mark.parametrize("command", ["", *sorted(cli.commands)])
def test_every_command_has_help(command: str) -> None:
    assert "Usage" in run(*filter(None, [command]), "--help")

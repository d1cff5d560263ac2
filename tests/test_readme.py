"""What the documents tell someone to type is there; what they link to is there; their Cypher runs."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from graph import CHECKOUT, SETTINGS, Agency
from signpost.__main__ import cli
from tests.test_floors import FLOORS
from tests.world import World

DOCS = [CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md", *sorted(CHECKOUT.glob("docs/**/*.md"))]
EACH = pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
README = DOCS[0].read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.M))
LIMIT = 300_000


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(), re.M | re.S)


def typed(path: Path) -> Iterator[list[str]]:
    """The words of each line of a shell block that starts make or signpost."""
    for block in blocks(path, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            if re.search(r"(^|[ /])(make|signpost)( |$)", line):
                yield shlex.split(line, comments=True)


def after(words: list[str]) -> list[str] | None:
    """What follows the command signpost, on this machine or in a container."""
    starts = [at for at, word in enumerate(words) if word in ("signpost", ".venv/bin/signpost")]
    return words[starts[-1] + 1 :] if starts else None


def follow(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and what is left of them.

    Raises KeyError where there is none.
    """
    command: click.Command = cli
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        command = command.commands[rest.pop(0)]
    return command, rest


@EACH
def test_every_line_to_type_is_taken(path: Path) -> None:
    for words in typed(path):
        if words[0] == "make":
            assert set(words[1:]) <= TARGETS, words
        elif (said := after(words)) is not None:
            command, rest = follow(said)
            with command.make_context(command.name, rest):  # parses, and does nothing
                assert not isinstance(command, click.Group)


@EACH
def test_every_command_in_a_sentence_is_there(path: Path) -> None:
    for span in re.findall(r"`((?:signpost|make) [^`\n]+)`", path.read_text()):
        name, *words = span.split()
        if name == "make":
            assert {word for word in words if word.isalpha() and word.islower()} <= TARGETS, span
            continue
        command, rest = follow(words)
        known = {opt for param in command.params for opt in param.opts} | {"--help", "--version"}
        assert {word for word in rest if word.startswith("--")} <= known, span


@EACH
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text())
    missing = [
        link
        for link in links
        if not link.startswith(("http://", "https://")) and not (path.parent / link).exists()
    ]
    assert missing == []


@EACH
def test_every_setting_named_is_one(path: Path) -> None:
    named = set(re.findall(r"\bSIGNPOST_[A-Z0-9_]+\b", path.read_text()))
    assert named <= {setting.name for setting in SETTINGS}


@EACH
def test_every_file_in_a_sentence_is_there(path: Path) -> None:
    named = re.findall(
        r"`((?:cypher|graph|web|loaders|signpost|tests)/[\w/]+\.\w+)`", path.read_text()
    )
    assert [n for n in named if "FOLDER" not in n and not (CHECKOUT / n).exists()] == []


def test_the_two_commands_and_the_ways_in_are_there() -> None:
    said = [" ".join(words) for words in typed(DOCS[0])]
    assert {"make run", "make test"} <= set(said)
    ways = ("Practitioner", "Safeguarding lead", "Analyst", "Data steward", "Developer")
    assert [way for way in ways if f"### {way}\n" not in README] == []


def test_addresses_are_those_of_the_settings() -> None:
    defaults = {setting.name: setting.default for setting in SETTINGS}
    ports = set(re.findall(r"bolt://127\.0\.0\.1:(\d+)", README))
    assert ports == {defaults["SIGNPOST_DB_PORT"]}
    assert f"{defaults['SIGNPOST_HOME']}/keys/neo4j" in README


def test_the_cypher_for_analysts_runs_and_gives_counts_only(world: World, bare) -> None:
    queries = blocks(DOCS[0], "cypher")
    assert len(queries) == 2
    words = {agency.value for agency in Agency}
    for query in queries:
        assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b", query)
        for row in bare(query):
            assert isinstance(row.pop("children"), int)
            assert all(isinstance(value, int) or value in words for value in row.values())
    assert bare(queries[1]) != []


def test_the_python_for_analysts_is_python() -> None:
    [script] = re.findall(r"<<'END'\n(.*?)^END$", README, re.M | re.S)
    compile(script, "README.md", "exec")


def test_the_floors_that_are_drawn_are_those_that_are_held() -> None:
    path = CHECKOUT / "docs/adr/0004-rooms-of-the-house.md"
    drawn = [tuple(line.split()) for line in blocks(path, "")[0].splitlines()]
    assert list(map(sorted, drawn)) == list(map(sorted, FLOORS))


def test_the_picture_is_small_enough() -> None:
    picture = (CHECKOUT / "docs/img/service-map.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < LIMIT

"""A stolen database tells nothing: no name, birth date, number or postcode in store or logs."""

import base64
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph import EmbeddedNeo4j, FindChild, Graph, Keyring, ServiceMapOf
from graph.store import Store
from signpost.demo import write_england
from signpost.demo_load import load_england
from tests.conftest import free_port
from tests.world import BROKER, NURSE

CANARY = "canary-" + "Qwertzuiop" * 8


def encodings(value: str) -> Iterator[bytes]:
    """The value as bytes in each common encoding; base64 at each of its three alignments."""
    for text in {value, value.lower(), value.upper()}:
        for charset in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "latin-1", "cp1252"):
            try:
                plain = text.encode(charset)
            except UnicodeEncodeError:
                continue
            yield plain
        raw = text.encode()
        yield raw.hex().encode()
        for pad in range(3):
            coded = base64.b64encode(b"\0" * pad + raw)
            yield coded[4 if pad else 0 : len(coded) // 4 * 4 - 4]


@dataclass(frozen=True)
class Theft:
    """What a thief carries away, and what they would look for."""

    files: list[Path]
    values: set[str]
    secrets: dict[str, str]


@pytest.fixture(scope="module")
def theft(tmp_path_factory: pytest.TempPathFactory) -> Theft:
    """A small England, loaded into a server of its own, asked about, then stopped and stolen."""
    files, home = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("home")
    write_england(files, children=60, seed=5)
    server = EmbeddedNeo4j(home, free_port(), "512m")
    made = server.start()
    graph, store = Graph(made, Keyring.new(), BROKER), Store(made)
    graph.set_up()
    load_england(graph, files, lambda what, done, total: None)
    children = rows_of(files)
    number = next(row["nhs_number"] for row in children if row["nhs_number"])
    found = graph.ask(NURSE, FindChild(nhs_number=number))
    graph.ask(NURSE, ServiceMapOf(child=found.children[0].handle))
    store.bare("CREATE (n:Canary {text: $text})", text=CANARY)
    rows = store.bare(
        "MATCH (n) RETURN properties(n) AS p UNION ALL MATCH ()-[r]->() RETURN properties(r) AS p"
    )
    ordinary = store.bare(ORDINARY)
    graph.close()
    store.close()
    server.stop()
    return Theft(
        files=[path for path in home.rglob("*") if path.is_file()],
        values={text for row in rows for text in texts(row["p"])},
        secrets=personal(
            children, " ".join(t.lower() for row in ordinary for t in texts(row["p"]))
        ),
    )


ORDINARY = """
MATCH (n) WHERE n:Service OR n:Practitioner OR n:Authority OR n:Source OR n:Load OR n:Feed
RETURN properties(n) AS p
UNION ALL
MATCH ()-[r]->() RETURN {a: r.from, b: r.to, c: r.asserted_on} AS p
"""


def rows_of(files: Path) -> list[dict[str, str]]:
    """Every row of every children.csv."""
    found: list[dict[str, str]] = []
    for path in files.glob("sources/*/children.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            found += csv.DictReader(lines)
    return found


def secrets_of(children: list[dict[str, str]]) -> dict[str, str]:
    """Each personal value of each child, and in words what it is; common words are left out."""
    found: dict[str, str] = {}
    for row in children:
        for column in ("nhs_number", "upn", "postcode", "birth_date"):
            if row[column]:
                found[row[column]] = column
                found[row[column].replace("-", "").replace(" ", "")] = column
        if len(row["family_name"]) > 6:
            found[f"{row['given_name']} {row['family_name']}"] = "name"
            found[row["family_name"]] = "family_name"
    return found


def personal(children: list[dict[str, str]], ordinary: str) -> dict[str, str]:
    """Children's values that are not also an ordinary value of a service, a worker or a date."""
    return {v: what for v, what in secrets_of(children).items() if v.lower() not in ordinary}


def test_no_file_of_the_store_or_its_logs_holds_a_childs_identity(theft: Theft) -> None:
    wanted = {code: what for value, what in theft.secrets.items() for code in encodings(value)}
    needles = [code for code in wanted if len(code) >= 7]
    # The room that Neo4j takes for its logs beforehand is empty.
    contents = {str(path): path.read_bytes().rstrip(b"\0") for path in theft.files}
    canaries = [name for name, content in contents.items() if CANARY.encode() in content]
    assert len(canaries) >= 2, "store and transaction log hold the canary, or nothing was looked at"
    leaks = {
        (name, wanted[n]) for name, content in contents.items() for n in needles if n in content
    }
    assert leaks == set()
    assert {"name", "nhs_number", "birth_date", "postcode", "upn"} <= set(theft.secrets.values())


def test_no_property_in_the_graph_holds_a_childs_identity(theft: Theft) -> None:
    """Short texts are packed in the store's files, so every value was read through Cypher too."""
    assert CANARY in theft.values
    assert len(theft.values) > 1000
    everything = "\n".join(theft.values).lower()
    leaks = {what for secret, what in theft.secrets.items() if secret.lower() in everything}
    assert leaks == set()


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, dates as ISO; not sealed bytes nor tokens, which are keyed."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif value is not None:
        yield str(value)

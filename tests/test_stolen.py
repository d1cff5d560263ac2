"""A stolen database tells nothing: no name, birth date, number or postcode in store or logs."""

import base64
import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import EmbeddedNeo4j, FindChild, Graph, ServiceMapOf, Source
from loaders import read
from signpost.demo import write_england
from tests.world import NURSE, STEWARD

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


@pytest.fixture
def loaded(graph: Graph, tmp_path: Path) -> list[dict[str, str]]:
    """A small England, loaded and asked about; the children's rows."""
    write_england(tmp_path, children=120, seed=5)
    children: list[dict[str, str]] = []
    with (tmp_path / "sources.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            extracted = row.pop("extracted")
            graph.load(
                STEWARD, Source.model_validate({**row, "every_days": int(row["every_days"])})
            )
            folder = tmp_path / "sources" / row["id"]
            if extracted:
                graph.load(STEWARD, read("csv", folder, row["id"], date.fromisoformat(extracted)))
                with (folder / "children.csv").open(newline="") as rows:
                    children += csv.DictReader(rows)
    known = [child for child in children if child["nhs_number"]]
    found = graph.ask(NURSE, FindChild(nhs_number=known[0]["nhs_number"]))
    graph.ask(NURSE, ServiceMapOf(child=found.children[0].handle))
    return children


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


def test_no_file_of_the_store_or_its_logs_holds_a_childs_identity(
    loaded: list[dict[str, str]], server: EmbeddedNeo4j, bare
) -> None:
    bare("CREATE (n:Canary {text: $text})", text=CANARY)
    bare("CALL db.checkpoint()")
    folder = Path(server.home) / "server"
    files = [path for path in folder.rglob("*") if path.is_file()]
    wanted = {code: what for value, what in personal(loaded, bare) for code in encodings(value)}
    needles = [code for code in wanted if len(code) >= 7]
    leaks, canaries = set(), set()
    for path in files:
        content = path.read_bytes()
        if CANARY.encode() in content:
            canaries.add(path.suffix or path.name)
        leaks |= {(path.name, wanted[code]) for code in needles if code in content}
    assert len(canaries) >= 2, "the store and its log hold the canary, or nothing was looked at"
    assert leaks == set()


def test_no_property_in_the_graph_holds_a_childs_identity(
    loaded: list[dict[str, str]], bare
) -> None:
    """Short texts are packed in the store's files, so every value is read through Cypher too."""
    secrets = {value for value, _ in personal(loaded, bare)}
    rows = bare(
        "MATCH (n) RETURN properties(n) AS p UNION ALL MATCH ()-[r]->() RETURN properties(r) AS p"
    )
    values = {text for row in rows for text in texts(row["p"])}
    assert len(values) > 1000
    leaks = {v for v in values for secret in secrets if secret.lower() in v.lower()}
    assert leaks == set()


def personal(children: list[dict[str, str]], bare) -> list[tuple[str, str]]:
    """Children's values that are not also an ordinary value of a service, worker or date there."""
    open_rows = bare(
        "MATCH (n) WHERE n:Service OR n:Practitioner OR n:Authority OR n:Source OR n:Load OR n:Feed "
        "RETURN properties(n) AS p UNION ALL MATCH ()-[r]->() "
        "RETURN {a: r.from, b: r.to, c: r.asserted_on} AS p"
    )
    ordinary = " ".join(text.lower() for row in open_rows for text in texts(row["p"]))
    return [(v, what) for v, what in secrets_of(children).items() if v.lower() not in ordinary]


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

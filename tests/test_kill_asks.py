"""An app that is killed while many ask: each answer that it gave has one record, and strands are whole."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from graph import Anchors, EmbeddedNeo4j, Graph, Keyring
from tests.test_strands import AUDITOR
from tests.world import BROKER, CHIDI, NOW, World

THREADS = 8
ASKER = f"""
import sys, threading
from pathlib import Path
from graph import Connection, FindChild, Graph, Keyring, Purpose, Role, ServiceMapOf, Viewer
uri, user, password, keys, run = sys.argv[1:]
graph = Graph(Connection(uri, user, password, "neo4j"), Keyring.read(Path(keys)), "01632 960999")

def nurse(reference):
    plain = Viewer(id="nurse.one", role=Role.PRACTITIONER)
    return plain.stating(purpose=Purpose.EMERGENCY_CARE, reference=reference)

def ask_on(thread):
    number = 0
    while True:
        number += 1
        reference = f"K-{{run}}-{{thread}}-{{number}}"
        graph.ask(nurse(reference), ServiceMapOf(child=handle))
        sys.stdout.write(reference + "\\n")
        sys.stdout.flush()

found = graph.ask(nurse("F-1"), FindChild(nhs_number="{CHIDI}"))
handle = found.children[0].handle
for thread in range({THREADS}):
    threading.Thread(target=ask_on, args=(thread,), daemon=True).start()
threading.Event().wait()
"""


@pytest.mark.parametrize("run", range(5))
def test_no_record_is_lost_or_doubled(
    world: World, server: EmbeddedNeo4j, keyring: Keyring, bare, tmp_path: Path, run: int
) -> None:
    bare("MATCH (r:Access) DELETE r")
    keyring.write(tmp_path / "keyring.json")
    made = server.connection()
    words = [made.uri, made.user, made.password, str(tmp_path / "keyring.json"), str(run)]
    command = [sys.executable, "-c", ASKER, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        answered = [process.stdout.readline() for _ in range(Random(run).randint(40, 160))]
        process.kill()
        answered += process.stdout.readlines()
    given = [line.strip() for line in answered if line.endswith("\n")]
    rows = bare("MATCH (r:Access {question: 'ServiceMapOf'}) RETURN r.reference AS reference")
    recorded = Counter(row["reference"] for row in rows)
    assert len(given) >= 40
    assert set(given) <= set(recorded), "an answer without its record"
    assert set(recorded.values()) == {1}, "a record that is doubled"
    assert len(recorded) <= len(given) + THREADS
    other = Graph(made, keyring, BROKER, clock=lambda: NOW.at)
    anchors = Anchors(str(tmp_path / "anchors"), tmp_path / "anchor")
    assert other.verify(AUDITOR, anchors).damage == []
    other.close()

"""A load onto a disk of its own that is full, in a process and a name space of their own.

Run as: unshare --user --map-root-user --mount python -m tests.full_disk HOME KEYRING FOLDER. Says, a line
each: what the load raised, what an ask raised, what the check raised, the counts of the same load with
room again and of one more, and a digest of what the graph then holds.
"""

import subprocess
import sys
from pathlib import Path

from graph import EmbeddedNeo4j, Graph, Keyring, PossibleDuplicates, SignpostError
from graph.store import Store
from tests.conftest import free_port
from tests.test_faults import SOURCE, batch_of, digest
from tests.test_kill import fingerprint
from tests.world import BROKER, STEWARD

LEFT = 1_000_000  # bytes


def main(home: Path, keyring: Keyring, folder: Path) -> None:
    """Fill the disk, load, make room, load again."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500m", "tmpfs", home], check=True)
    server = EmbeddedNeo4j(home, free_port(), "512m", disk_first=0)
    graph = Graph(server.start(), keyring, BROKER)
    graph.set_up()
    graph.load(STEWARD, SOURCE)
    filler = fill(home)
    for work in (
        lambda: graph.load(STEWARD, batch_of(folder)),
        lambda: graph.ask(STEWARD, PossibleDuplicates()),
        graph.check,
    ):
        try:
            work()
            print("nothing")
        except SignpostError as error:
            print(type(error).__name__, error)
    filler.unlink()
    graph.close()
    server.stop()
    connection = server.start()
    graph, store = Graph(connection, keyring, BROKER), Store(connection)
    for report in (graph.load(STEWARD, batch_of(folder)) for _ in range(2)):
        print(report.new + report.unchanged, report.new, report.rejected)
    print(digest(fingerprint(store.bare)))
    graph.close()
    store.close()
    server.stop()


def fill(home: Path) -> Path:
    """A file that takes all room but LEFT."""
    filler = home / "filler"
    block = bytes(LEFT)
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(block) == LEFT:
                pass
        except OSError:
            pass
        file.truncate(file.tell() - LEFT)
    return filler


if __name__ == "__main__":
    main(Path(sys.argv[1]), Keyring.read(Path(sys.argv[2])), Path(sys.argv[3]))

"""Make graph/neo4j.lock again, after jars.VERSION has changed: `python -m signpost.jars_lock`."""

import hashlib
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from graph import jars

if TYPE_CHECKING:
    from jgo.maven import Artifact

SERVER = f"org.neo4j:neo4j:{jars.VERSION}+org.neo4j.app:neo4j-server:{jars.VERSION}"
HEAD = (
    f"# Neo4j Community {jars.VERSION}, made by signpost/jars_lock.py: coordinate, SHA-256, bytes"
)


def main() -> None:
    """Resolve the server's jars at Maven Central, read each once, and write the lock."""
    with tempfile.TemporaryDirectory() as repository:
        os.environ["M2_REPO"] = repository  # an empty one: no file of an earlier day gets in
        import jgo

        with ThreadPoolExecutor(jars.THREADS) as pool:
            lines = list(pool.map(_line, jgo.resolve(SERVER)))
    jars.LOCK.write_text("\n".join([HEAD, *lines]) + "\n")
    names = [jar.name for jar in jars.read_lock()]
    if len(set(names)) < len(names):
        raise SystemExit("Two jars have one name: keep them in a folder for each group.")
    print(f"{len(names)} jars, {sum(jar.size for jar in jars.read_lock()) / 1e6:.0f} MB")


def _line(artifact: "Artifact") -> str:
    data = artifact.resolve().read_bytes()
    parts = [artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier]
    return f"{':'.join(filter(None, parts))} {hashlib.sha256(data).hexdigest()} {len(data)}"


if __name__ == "__main__":
    main()

"""The jars of Neo4j: which ones (neo4j.lock), where they lie, and how they come here."""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from graph.errors import BadServer

VERSION = "2026.08.1"
LOCK = Path(__file__).with_name("neo4j.lock")
THREADS = 8
TRIES = 4

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many bytes are done and how many there are (0: not known)."""


def silent(what: str, done: int, total: int) -> None:
    """Take progress and tell nobody."""


@dataclass(frozen=True)
class Jar:
    """One line of neo4j.lock: `group:artifact:version[:classifier] sha256 bytes`."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """The file's name."""
        return "-".join(filter(None, (self.artifact, self.version, self.classifier))) + ".jar"

    @property
    def address(self) -> str:
        """The file's place in any Maven registry."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.name}"


def read_lock(file: Path = LOCK) -> tuple[Jar, ...]:
    """Read the jars that make up the server, in class-path order.

    file: lines as Jar says; `#` starts a comment.
    """
    lines = [line.split() for line in file.read_text().splitlines() if line and line[0] != "#"]
    return tuple(_jar(*line) for line in lines)


def _jar(coordinate: str, sha256: str, size: str) -> Jar:
    group, artifact, version, *classifier = coordinate.split(":")
    return Jar(group, artifact, version, "".join(classifier), sha256, int(size))


def cache() -> Path:
    """Return the folder of the jars, shared by every Signpost of this user on this machine."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().absolute() / "signpost" / f"neo4j-{VERSION}"


def missing(jars: Iterable[Jar], folder: Path) -> list[Jar]:
    """Return the jars that are not in the folder at their full size; bytes are not read."""
    return [jar for jar in jars if _size(folder / jar.name) != jar.size]


def broken(jars: Iterable[Jar], folder: Path) -> list[Jar]:
    """Return the jars in the folder whose digest differs; reads every byte (about 0.3 s)."""
    present = (jar for jar in jars if (folder / jar.name).exists())
    return [jar for jar in present if _digest((folder / jar.name).read_bytes()) != jar.sha256]


def fetch(jars: Iterable[Jar], folder: Path, progress: Progress, base: str | None = None) -> None:
    """Download what is missing, verify each digest, and only then give a file its name.

    base: address of the registry; None: Maven Central. Raises BadServer.
    """
    jars = tuple(jars)
    wanted = missing(jars, folder)
    if not wanted:
        return
    base = base or _registry()
    total = sum(jar.size for jar in jars)
    done = total - sum(jar.size for jar in wanted)
    progress("Fetching Neo4j", done, total)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None
    with ThreadPoolExecutor(THREADS) as pool:
        futures = {pool.submit(_download, jar, folder, base): jar for jar in wanted}
        try:
            for future in as_completed(futures):
                future.result()
                done += futures[future].size
                progress("Fetching Neo4j", done, total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def require_registry(base: str | None = None) -> None:
    """Raise BadServer when the registry does not answer with the smallest of the jars."""
    smallest = min(read_lock(), key=lambda jar: jar.size)
    _get(f"{base or _registry()}/{smallest.address}")


def _registry() -> str:
    # From jgo, so that no address stands in a file of ours: which registry there is remains the
    # business of the one package that knows registries, and the digests prove what any one sends.
    from jgo.constants import MAVEN_CENTRAL_URL

    return MAVEN_CENTRAL_URL


def _download(jar: Jar, folder: Path, base: str) -> None:
    fault = BadServer("")
    for attempt in range(TRIES):
        time.sleep(attempt)
        try:
            data = _get(f"{base}/{jar.address}")
        except BadServer as error:
            fault = error
            continue
        if _digest(data) == jar.sha256:
            return _keep(data, folder / jar.name)
        fault = BadServer(
            f"{jar.name} arrived broken {TRIES} times (its SHA-256 differs from graph/neo4j.lock): "
            "try again later, or from a network whose proxy does not change downloads."
        )
    raise fault


def _get(address: str) -> bytes:
    import requests

    try:
        answer = requests.get(address, timeout=30)
    except requests.RequestException:
        raise BadServer(
            "The Maven registry cannot be reached, and jars of Neo4j are still missing: connect to "
            "the network (behind a proxy set HTTPS_PROXY) and start again; what has come is kept."
        ) from None
    if answer.status_code != 200:
        raise BadServer(
            f"The Maven registry answers {answer.status_code} to a request for a jar of Neo4j: try "
            "again in some minutes, or set SIGNPOST_NEO4J_URI to a Neo4j of your own."
        )
    return answer.content


def _keep(data: bytes, file: Path) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        part.write_bytes(data)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritable(file.parent, error) from None


def _unwritable(folder: Path, error: OSError) -> BadServer:
    return BadServer(
        f"{folder} cannot be written ({error.strerror}): free some disk space, or point "
        "XDG_CACHE_HOME at a folder of yours."
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return -1

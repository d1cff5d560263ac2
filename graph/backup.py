"""A backup: the database and the anchors in one file, encrypted to a recipient; no key is in it."""

import base64
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from tarfile import BLOCKSIZE, TarInfo
from typing import Any, Literal

import graph.admin as admin
import graph.jars as jars
import graph.machine as machine
from graph import private_files, recipients
from graph.anchorage import Anchorage
from graph.embedded import EmbeddedNeo4j
from graph.errors import BadInput, BadServer
from graph.jars import Progress
from graph.model import Model

ANCHORS = "anchors.jsonl"
MANIFEST = "manifest.json"
# In this order; the first says what the others are.
PARTS = (MANIFEST, admin.DUMP, ANCHORS)
PIECE = 1 << 20


class Manifest(Model):
    """What a backup holds: its form, when it was made, and the digest (SHA-256) of each other part.

    neo4j: the version that dumped it. anchor: the name of the newest anchor. store: bytes of the
    server's data. It holds nothing of anybody.
    """

    format: Literal[1] = 1
    at: datetime
    neo4j: str
    anchor: str
    store: int
    parts: dict[str, str]


def back_up(
    server: EmbeddedNeo4j, place: str, recipient: str, file: Path, progress: Progress
) -> Manifest:
    """Write a backup of a stopped server and of all anchors to a file that is not there yet.

    place: of the anchors. recipient: who alone can read it. Whatever fails leaves no file.
    Raises BadSetting, BadServer where the server runs or the file cannot be, AnchorsAway.
    """
    to = recipients.recipient(recipient)
    if file.exists():
        raise BadInput(f"{file} is there already; a backup is never written over: name another.")
    with admin.held(server) as lock:
        store = server.status().data
        machine.require_disk(server.folder, store + machine.DISK_LATER)
        with admin.workplace(server) as work:
            admin.dump(server, lock, work, progress)
            newest = _gather(Anchorage(place), work / ANCHORS, progress)
            manifest = _described(work, newest, store)
            _seal(work, file, to, progress)
    return manifest


def _described(work: Path, newest: str, store: int) -> Manifest:
    """Write what the other parts are beside them."""
    made = Manifest(
        at=datetime.now(UTC),
        neo4j=jars.VERSION,
        anchor=newest,
        store=store,
        parts={name: digest(work / name) for name in PARTS[1:]},
    )
    private_files.write(work / MANIFEST, made.model_dump_json())
    return made


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _gather(anchorage: Anchorage, path: Path, progress: Progress) -> str:
    """Write every anchor to a file, one a line; return the name of the newest."""
    names = anchorage.names()
    with private_files.begun(path) as out:
        for done, name in enumerate(names, 1):
            content = base64.b64encode(anchorage.content(name)).decode()
            out.write(json.dumps({"name": name, "content": content}).encode() + b"\n")
            progress("Reading anchors", done, len(names))
    return names[-1] if names else ""


def _seal(work: Path, file: Path, to: Any, progress: Progress) -> None:
    try:
        with private_files.begun(file) as out:
            source = io.BufferedReader(_Joined(_tar(work, progress)), PIECE)
            recipients.encrypt(source, out, to)
    except OSError as error:
        raise BadServer(
            f"{file} cannot be written ({error.strerror}): name a place with room that is yours."
        ) from None


def _tar(work: Path, progress: Progress) -> Iterator[bytes]:
    """The parts as a tar, piece by piece."""
    total, done = sum((work / name).stat().st_size for name in PARTS), 0
    for name in PARTS:
        head = TarInfo(name)
        head.size, head.mode = (work / name).stat().st_size, 0o600
        yield head.tobuf()
        with (work / name).open("rb") as content:
            while piece := content.read(PIECE):
                yield piece
                done += len(piece)
                progress("Encrypting", done, total)
        yield bytes(-head.size % BLOCKSIZE)
    yield bytes(2 * BLOCKSIZE)


class _Joined(io.RawIOBase):
    """Pieces of bytes as one stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size

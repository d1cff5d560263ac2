"""From a backup back to a database and its anchors, on a machine that has none."""

import base64
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO, NamedTuple

from pydantic import ValidationError

import graph.admin as admin
import graph.machine as machine
import graph.server_files as server_files
import graph.swap as swap
from graph import private_files, recipients
from graph.anchorage import Anchorage
from graph.backup import ANCHORS, MANIFEST, PARTS, PIECE, Manifest, digest
from graph.embedded import EmbeddedNeo4j
from graph.errors import BadInput, BadServer
from graph.jars import Progress

_PLAIN = "plain.tar"


class Restored(NamedTuple):
    """What was in the backup, and how the anchors at their place stand to those in it.

    brought: those that were missing there. unlike: names of those that say something else there.
    newer: how many there are past the newest of the backup.
    """

    manifest: Manifest
    brought: int
    unlike: list[str]
    newer: int


def restore(
    server: EmbeddedNeo4j, place: str, key_file: Path, file: Path, progress: Progress
) -> Restored:
    """Put the database of a backup where there is none, and bring the anchors that are missing.

    place: of the anchors; one that is there stays as it is. key_file: the recipient's secret key.
    Raises BadKeyring, BadInput where the file is no whole backup made for that key, BadServer where
    there is data already or it cannot be loaded, AnchorsAway; the data is put in place last.
    """
    key = recipients.secret_key(key_file)
    with _emptied(server) as lock, _opened(file) as sealed, admin.workplace(server) as work:
        manifest = _unpack(sealed, file.stat().st_size, key, work, progress)
        machine.require_disk(server.folder, manifest.store + machine.DISK_LATER)
        made = admin.load(server, lock, work, work / "new" / "server", progress)
        restored = _bring(work / ANCHORS, Anchorage(place), manifest, progress)
        swap.replace(server.folder, made)
    return restored


@contextmanager
def _emptied(server: EmbeddedNeo4j) -> Iterator[int]:
    """Hold a home without data."""
    with admin.taken(server) as lock:
        if (server.folder / "data").exists():
            raise BadServer(
                f"There is data in {server.home}, and a restore replaces none: set SIGNPOST_HOME to "
                "another folder, or delete that data with `signpost db reset`."
            )
        yield lock


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        content = file.open("rb")
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}).") from None
    with content:
        yield content


def _unpack(sealed: BinaryIO, size: int, key: Any, work: Path, progress: Progress) -> Manifest:
    """Write the parts of a backup to a folder, each held to its digest."""
    machine.require_disk(work, 2 * size + machine.DISK_LATER)
    with server_files.writing():
        with private_files.begun(work / _PLAIN) as plain:
            recipients.decrypt(_Counted(sealed, size, progress), plain, key)
        _split(work)
    (work / _PLAIN).unlink()
    manifest = _manifest((work / MANIFEST).read_text())
    if manifest.parts != {name: digest(work / name) for name in PARTS[1:]}:
        raise BadInput("The parts of this backup are not those that it says: take another one.")
    return manifest


def _split(work: Path) -> None:
    try:
        with tarfile.open(work / _PLAIN, "r:") as parts:
            for name in PARTS:
                part = parts.next()
                content = parts.extractfile(part) if part and part.name == name else None
                if content is None:
                    raise BadInput(_FOREIGN)
                with private_files.begun(work / name) as out:
                    copyfileobj(content, out, PIECE)
    except tarfile.TarError:
        raise BadInput(_FOREIGN) from None


def _manifest(text: str) -> Manifest:
    try:
        return Manifest.model_validate_json(text)
    except ValidationError:
        raise BadInput(_FOREIGN) from None


_FOREIGN = "This is not a backup that this version of Signpost can read."


def _bring(path: Path, anchorage: Anchorage, manifest: Manifest, progress: Progress) -> Restored:
    """Put the anchors that are missing in their place, and hold the others to the backup."""
    newer = len(anchorage.names(manifest.anchor or None))
    brought, unlike = 0, []
    with path.open("rb") as lines:
        for done, line in enumerate(lines, 1):
            one = json.loads(line)
            name, content = one["name"], base64.b64decode(one["content"])
            if anchorage.put(name, content):
                brought += 1
            elif anchorage.content(name) != content:
                unlike.append(name)
            progress("Anchors", done, 0)
    return Restored(manifest, brought, unlike, newer)


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, size: int, progress: Progress) -> None:
        self._file, self._size, self._progress = file, size, progress

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        content = self._file.read(size)
        self._progress("Decrypting", self._file.tell(), self._size)
        return content

"""What is encrypted to a recipient opens with its key only; memory stays flat, and no full disk is missed."""

import io
from pathlib import Path
from typing import Any

import pytest

from graph import BadKeyring, recipients
from graph.backup import _Joined
from tests.peak import megabytes
from tests.test_commands import run


def test_a_recipient_is_printed_and_its_key_is_written_once(tmp_path: Path) -> None:
    file = tmp_path / "backup.key"
    said = run("keys", "recipient", str(file))
    [recipient] = [word for word in said.split() if word.startswith("SIGNPOST_BACKUP_RECIPIENT=")]
    assert recipients.recipient(recipient.partition("=")[2])
    before = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadKeyring, match="never replaced"):
        recipients.create(file)
    assert file.read_bytes() == before


class Full(io.BytesIO):
    """A disk with room for so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, content: Any) -> int:
        self._room -= len(content)
        if self._room < 0:
            raise OSError(28, "No space left on device")
        return super().write(content)


@pytest.mark.parametrize("room", [0, 300_000])
def test_a_full_disk_is_never_taken_for_a_whole_file(room: int, tmp_path: Path) -> None:
    """Also where the last bytes do not go out, of which the library says nothing."""
    to = recipients.recipient(recipients.create(tmp_path / "key"))
    with pytest.raises(OSError, match="No space"):
        recipients.encrypt(io.BytesIO(bytes(299_900)), Full(room), to)


def test_memory_stays_flat_and_what_is_encrypted_comes_back(tmp_path: Path) -> None:
    to = recipients.recipient(recipients.create(tmp_path / "key"))
    pieces, before = 150, megabytes()
    with (tmp_path / "sealed").open("wb") as target:
        stream = _Joined(bytes([n]) * 1_000_003 for n in range(pieces))
        recipients.encrypt(io.BufferedReader(stream), target, to)
    with (tmp_path / "sealed").open("rb") as source, (tmp_path / "plain").open("wb") as target:
        recipients.decrypt(source, target, recipients.secret_key(tmp_path / "key"))
    assert megabytes() - before < 20
    with (tmp_path / "plain").open("rb") as plain:
        for n in range(pieces):
            assert plain.read(1_000_003) == bytes([n]) * 1_000_003
        assert plain.read(1) == b""

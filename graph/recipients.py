"""Encryption to a recipient, in the age format: whoever encrypts cannot read it, nor can whoever watches.

A recipient is a public key (age1...); its secret key opens what was made for it, here or with any tool
that knows age (age-encryption.org/v1).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pyrage

from graph import private_files
from graph.errors import BadInput, BadKeyring, BadSetting

_age: Any = pyrage  # its types are in a package of their own
_SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how such a key begins


class Source(Protocol):
    """What can be read."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most so many; none at the end."""
        ...


def create(file: Path) -> str:
    """Write a new secret key to a file that is not there yet; return its recipient.

    Raises BadKeyring where something is there or nothing can be written.
    """
    made = _age.x25519.Identity.generate()
    said = str(made.to_public())
    try:
        with private_files.begun(file) as out:
            out.write(f"# opens backups of Signpost made for {said}\n{made}\n".encode())
    except FileExistsError:
        raise BadKeyring(f"{file} is there already; it is never replaced.") from None
    except OSError as error:
        raise BadKeyring(f"{file} cannot be written ({error.strerror}).") from None
    return said


def recipient(text: str) -> Any:
    """The recipient so written; raises BadSetting."""
    try:
        return _age.x25519.Recipient.from_str(text)
    except _age.RecipientError:
        raise BadSetting(
            "SIGNPOST_BACKUP_RECIPIENT must be what `signpost keys recipient` printed (age1...): "
            "backups are encrypted to it. Its secret key has no place on this machine."
        ) from None


def secret_key(file: Path) -> Any:
    """The secret key in a file; raises BadKeyring where it is none, or open to others."""
    try:
        if private_files.is_open(file):
            raise BadKeyring(f"{file} is open to other users; close it with: chmod 600 {file}")
        lines = file.read_text().splitlines()
        [line] = [line.strip() for line in lines if line.startswith(_SECRET)]
        return _age.x25519.Identity.from_str(line)
    except OSError as error:
        raise BadKeyring(f"{file} cannot be read ({error.strerror}).") from None
    except (ValueError, _age.IdentityError):
        raise BadKeyring(
            f"{file} is not a key that opens backups; `signpost keys recipient` writes such a file."
        ) from None


def encrypt(source: Source, target: BinaryIO, to: Any) -> None:
    """Encrypt what is read to a recipient; raises what reading or writing raised."""
    with _kept(source, target) as streams:
        _age.encrypt_io(*streams, [to])


def decrypt(source: Source, target: BinaryIO, key: Any) -> None:
    """Decrypt what is read; what was written is true only when this returns.

    Raises BadInput where it is not made for this key, was changed or cut; what reading or writing raised.
    """
    with _kept(source, target) as streams:
        try:
            _age.decrypt_io(*streams, [key])
        except _age.DecryptError as error:
            raise BadInput(_HEADER.get(str(error), _DAMAGED)) from None
        except OSError:
            raise BadInput(_DAMAGED) from None


_DAMAGED = "The file was changed or cut since it was made: take another copy of it."
_HEADER = {
    "No matching keys found": "The file is not made for this key, or its beginning was changed: bring the "
    "key of the recipient that it was made for.",
    "Header is invalid": "The file is not a backup of Signpost.",
}


class _Kept:
    """A stream that keeps what it raised: of that pyrage tells the words only, and at the end nothing."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.fault: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        return self._done(self._stream.read, size)

    def write(self, content: bytes) -> int:
        return self._done(self._stream.write, content)

    def flush(self) -> None:
        self._done(self._stream.flush)

    def _done(self, act: Any, *words: Any) -> Any:
        try:
            return act(*words)
        except BaseException as fault:
            self.fault = fault
            raise


@contextmanager
def _kept(*streams: Any) -> Iterator[list[_Kept]]:
    kept = [_Kept(stream) for stream in streams]
    try:
        yield kept
    finally:
        for one in kept:
            if one.fault is not None:
                raise one.fault from None

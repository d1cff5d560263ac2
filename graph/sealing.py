"""Sealed identities, stamps, layers and handles: what stands between a stolen database and a child.

Four keys are derived from each key of the keyring, one for each purpose, by HKDF-SHA256 (RFC 5869):
seal (AES-256-GCM, NIST SP 800-38D), token (HMAC-SHA256, RFC 2104), token layer (AES-256, FIPS 197),
handle (AES-256-GCM).
"""

import base64
import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from graph import private_files
from graph.errors import BadKeyring
from graph.model import Identity

_NONCE = 12
_BLOCK = 64
_TOKEN = 16
_PARTS = "\x1f"
# Of a token: the key whose layer it has, if any, and a stamp under it.
_FORM = re.compile(r"(?:(k\d+)\.)?([0-9a-f]{32})")
_MARK = "h"  # a handle begins with a letter, or a shell would take some for an option


class _Made(NamedTuple):
    """What is made of one key."""

    seals: AESGCM
    handles: AESGCM
    layer: Cipher[ECB]

    @classmethod
    def of(cls, key: bytes) -> "_Made":
        # A stamp is one block of the cipher, so that ECB is the bare permutation and nothing repeats.
        layer = Cipher(AES256(_derive(key, b"token layer")), ECB())  # noqa: S305
        return cls(AESGCM(_derive(key, b"seal")), AESGCM(_derive(key, b"handle")), layer)


@dataclass(frozen=True)
class Keyring:
    """The keys, oldest first: the newest seals and makes handles, the oldest makes stamps.

    file: from which it was read; it is read anew where a key is met that is not among these, so that a
    process that runs needs no new start when a key is added.
    """

    keys: dict[str, bytes]
    file: Path | None = field(default=None, repr=False, compare=False)
    _made: dict[str, _Made] = field(default_factory=dict, init=False, repr=False, compare=False)
    _stamps: HMAC = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._made.update((key_id, _Made.of(key)) for key_id, key in self.keys.items())
        stamps = HMAC(_derive(self.keys[self.oldest], b"token"), SHA256())
        object.__setattr__(self, "_stamps", stamps)

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.keys)})"

    @property
    def current(self) -> str:
        """The id of the key that seals now."""
        return list(self.keys)[-1]

    @property
    def oldest(self) -> str:
        """The id of the key that makes stamps."""
        return next(iter(self.keys))

    def stamp(self, purpose: str, *parts: str) -> str:
        """A keyed hash that never changes, and from which nothing is learnt.

        purpose: separates one use from another; parts: normalised values, in order.
        Return 32 hexadecimal digits.
        """
        keyed = self._stamps.copy()
        keyed.update(_PARTS.join((purpose, *parts)).encode())
        return keyed.finalize()[:_TOKEN].hex()

    def turned(self, token: str, key_id: str) -> str:
        """A token under the layer of a key, from whichever it has; what is no token stays as it is.

        Return the key's id, a dot and 32 hexadecimal digits; under the oldest key, which has no layer,
        the bare stamp. Raises BadKeyring where a key is missing.
        """
        if token.startswith(f"{key_id}."):
            return token
        bare = self.bare(token)
        if key_id == self.oldest or not _FORM.fullmatch(bare):
            return bare
        return f"{key_id}.{self._of(key_id).layer.encryptor().update(bytes.fromhex(bare)).hex()}"

    def bare(self, token: str) -> str:
        """The stamp under a token's layer; what is no token, and BadKeyring, as in `turned`."""
        # Most have no layer, and there are very many.
        form = _FORM.fullmatch(token) if "." in token else None
        if form is None or form[1] is None:
            return token
        return self._of(form[1]).layer.decryptor().update(bytes.fromhex(form[2])).hex()

    def seal(self, identity: Identity, child: str) -> str:
        """Seal an identity to one child's id, so that it opens on no other node.

        Return the key id, a dot, and the sealed bytes in base64, padded so that length tells little.
        """
        return self.seal_text(
            json.dumps(identity.model_dump(mode="json", exclude_defaults=True)), child
        )

    def open(self, sealed: str, child: str) -> Identity:
        """Open what `seal` gave.

        Raises BadKeyring where the key is missing or the value was changed or moved.
        """
        return Identity.kept(json.loads(self.open_text(sealed, child)))

    def seal_text(self, text: str, place: str) -> str:
        """Seal any text to the place where it stands; the same form as `seal`."""
        plain = text.encode()
        plain += b" " * (-len(plain) % _BLOCK)
        nonce = os.urandom(_NONCE)
        current = self.current
        sealed = self._of(current).seals.encrypt(nonce, plain, place.encode())
        return f"{current}.{base64.b64encode(nonce + sealed).decode()}"

    def open_text(self, sealed: str, place: str) -> bytes:
        """Open what `seal_text` gave; raises BadKeyring as `open` does."""
        key_id, _, text = sealed.partition(".")
        cipher = self._of(key_id).seals
        raw = base64.b64decode(text)
        try:
            return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], place.encode())
        except InvalidTag:
            raise BadKeyring(
                "A sealed identity does not open: it was changed or moved, or the keyring is another's."
            ) from None

    def handle(self, child: str, viewer: str, day: date, *stated: str) -> str:
        """A child's id sealed for one viewer and one day, fit for an address.

        stated: what the viewer stated when they found the child; it travels sealed with the id.
        """
        nonce = os.urandom(_NONCE)
        content = _PARTS.join((child, *stated)).encode()
        sealed = self._of(self.current).handles.encrypt(nonce, content, _bound(viewer, day))
        return _MARK + base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def in_handle(
        self, handle: str, viewer: str, day: date, since: str | None = None
    ) -> list[str] | None:
        """The child's id and what was stated; None where it is not this viewer's, or not today's.

        since: the oldest key that still opens handles; None for all.
        """
        try:
            text = handle.removeprefix(_MARK)
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            return None
        bound = _bound(viewer, day)
        found = self._opened(raw, bound, self._from(since))
        # Another process may have made it with a key that was added since.
        if found is None and (added := self.refresh()):
            found = self._opened(raw, bound, added)
        return found

    def _opened(self, raw: bytes, bound: bytes, keys: list[str]) -> list[str] | None:
        for key_id in reversed(keys):
            with suppress(InvalidTag, ValueError):
                plain = self._of(key_id).handles.decrypt(raw[:_NONCE], raw[_NONCE:], bound)
                return plain.decode().split(_PARTS)
        return None

    def _from(self, since: str | None) -> list[str]:
        keys = list(self.keys)
        if since is None:
            return keys
        return keys[keys.index(since) :] if since in keys else []

    def _of(self, key_id: str) -> _Made:
        if key_id not in self._made:
            self.refresh()
        if key_id not in self._made:
            raise BadKeyring(
                f"The keyring has no key {key_id}. Bring the keyring that has it: the one that sealed, or "
                "that the last `signpost keys rotate` wrote."
            )
        return self._made[key_id]

    def refresh(self) -> list[str]:
        """Take the keys that were added to the file since it was read; return their ids."""
        if self.file is None:
            return []
        try:
            written = Keyring.read(self.file).keys
        except (BadKeyring, OSError):
            return []
        if not self.keys.items() <= written.items():
            return []
        added = [key_id for key_id in written if key_id not in self.keys]
        for key_id in added:
            self._take(key_id, written[key_id])
        return added

    def _take(self, key_id: str, key: bytes) -> None:
        self._made[key_id] = _Made.of(key)
        self.keys[key_id] = key

    @classmethod
    def new(cls) -> "Keyring":
        """A keyring with one random key."""
        return cls({"k1": secrets.token_bytes(32)})

    def add(self) -> None:
        """Add a key, which seals from now on; the file has it before it is used.

        Raises BadKeyring where the file holds other keys than these.
        """
        newest = max(int(key_id[1:]) for key_id in self.keys)
        key_id, key = f"k{newest + 1}", secrets.token_bytes(32)
        if self.file is not None:
            if Keyring.read(self.file) != self:
                raise BadKeyring(f"{self.file} was changed meanwhile; run the same again.")
            Keyring({**self.keys, key_id: key}).write(self.file)
        self._take(key_id, key)

    @classmethod
    def read(cls, path: Path) -> "Keyring":
        """Read a keyring file.

        Raises BadKeyring where it is missing, open to other users, or not a keyring.
        """
        if not path.exists():
            raise BadKeyring(f"There is no keyring at {path}; make one with: signpost keys new")
        if private_files.is_open(path):
            raise BadKeyring(f"{path} is open to other users; close it with: chmod 600 {path}")
        try:
            written = json.loads(path.read_text())
            keys = {key_id: base64.b64decode(text) for key_id, text in written.items()}
            if not all(re.fullmatch(r"k\d+", i) and len(key) == 32 for i, key in keys.items()):
                raise ValueError
            return cls(keys, path)
        except (ValueError, AttributeError, StopIteration, TypeError):
            raise BadKeyring(f"{path} is not a keyring; bring it back from your copy.") from None

    def write(self, path: Path) -> None:
        """Write the keyring for this user alone, in one step."""
        written = {key_id: base64.b64encode(key).decode() for key_id, key in self.keys.items()}
        private_files.write(path, json.dumps(written))


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"signpost " + purpose).derive(key)


def _bound(viewer: str, day: date) -> bytes:
    return f"{viewer}|{day.isoformat()}".encode()

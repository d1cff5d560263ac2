"""Whether a viewer shares a family name with a child whom they are shown: a mark that only the keys read.

In clear the mark would write a child's family name beside its id, to whoever takes the database: the
user's own. So every look has a mark, and which of them say yes only a keyring tells.
"""

import secrets

from graph.asking import Asking
from graph.naming import name_of
from graph.sealing import Keyring

_PURPOSE = "namesake"
# A name that one record in 2,000 has is shared by chance: who looks at 20 children a month meets their own
# in every eighth year. Fewer than 20 records are one family's, several times, and no common name.
COMMON, FEWEST = 1 / 2_000, 20


def mark(asking: Asking) -> str | None:
    """The mark of this look; None where nobody was shown by a name."""
    if not asking.named:
        return None
    nonce = secrets.token_hex(8)
    keyring = asking.keyring
    says = keyring.stamp(_PURPOSE, nonce) if _is_one(asking) else secrets.token_hex(16)
    # Under the newest key: a record is never made anew, and an older key is to tell nothing of this one.
    return f"{nonce}.{keyring.turned(says, keyring.current)}"


def says_so(keyring: Keyring, marked: str) -> bool:
    """True where a mark says that they share a name."""
    nonce, _, says = marked.partition(".")
    return secrets.compare_digest(keyring.bare(says), keyring.stamp(_PURPOSE, nonce))


def _is_one(asking: Asking) -> bool:
    own = _forms((asking.viewer.name.split() or [""])[-1])
    theirs = {form for name in asking.named for form in _forms(name)}
    return any(not _is_common(asking, form) for form in own & theirs)


def _forms(family_name: str) -> set[str]:
    """A family name, and each name of a double one, in the form that stands for its spellings."""
    whole = name_of(family_name, "family")
    if whole is None:
        return set()
    parts = [name_of(word, "family") for word in whole.words]
    return {whole.form, *(part.form for part in parts if part)}


def _is_common(asking: Asking, form: str) -> bool:
    known = asking.frequencies
    count = known.counts.get("family", {}).get(form, 1)
    return count >= max(FEWEST, known.total * COMMON)

"""What a name is to matching: its words, the form that stands for it, and how it sounds.

Names come in many scripts and spellings; all of them are brought to Latin letters without marks
(anyascii), and from there to a key in which the spellings of one name meet.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from anyascii import anyascii

FORMS = Path(__file__).with_name("names.csv")
# fmt: off
# What clerks and systems write where they have no name: words that are enough alone, words that may
# stand beside them (they are names too: Male, Child, The), and whole phrases.
_NOBODY = frozenset((
    "unknown", "unk", "unkown", "notknown", "notgiven", "notstated", "notprovided", "none", "null",
    "noname", "unnamed", "unborn", "baby", "babyboy", "babygirl", "infant", "newborn", "neonate",
    "foetus", "fetus", "twin", "triplet", "test", "tester", "testing", "patient", "dummy", "fake",
    "anonymous", "anon", "tbc", "tba", "xx", "xxx", "xxxx", "zz", "zzz",
))
_BESIDE = frozenset((
    "male", "female", "boy", "girl", "child", "one", "two", "three", "first", "second", "i", "ii",
    "of", "mother", "mum", "not", "known", "given", "stated", "name", "surname", "forename", "the",
    "a", "b", "c",
))
_PHRASES = frozenset((
    "n a", "not known", "not given", "not stated", "no name", "male child", "female child",
))
# Words that come and go before a name, joined or apart; of given names only the article.
_PARTICLES = {
    "given": frozenset(("al", "el", "ul", "ud", "ad", "as", "ar")),
    "family": frozenset((
        "al", "el", "ul", "ud", "ad", "as", "ar", "ibn", "bin", "bint", "abu", "ben", "van", "von",
        "der", "den", "de", "da", "di", "do", "dos", "das", "del", "della", "la", "le", "les",
        "ter", "ten", "te", "af", "av", "zu", "o",
    )),
}
# fmt: on
_JOINED = re.compile(r"^(?:al|el|ul)(?=[b-df-hj-np-tv-z])")
# In this order, to the letters of one word: what sounds alike in the languages of England's children.
_SOUNDS = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"(.)\1+", r"\1"),
        (r"^kn|^gn", "n"),
        (r"^wr", "r"),
        (r"^sio(?=bh)|^si(?=[ao])", "sh"),
        (r"bh", "v"),
        (r"gh(?=t)|gh$", ""),
        (r"^mac(?=[bcdfghklmnpqrstvz])|^mc", "mk"),
        (r"ph", "f"),
        (r"t?sch|tch|cz|sz|dzh|zh|rz", "s"),
        (r"ch(?=[rl])|kh|ck|qu|q|c(?=[aou]|$|[bdfgklmnpqrt])", "k"),
        (r"sh|ch|c|z", "s"),
        (r"x", "ks"),
        (r"[dt]h|d", "t"),
        (r"gh", "g"),
        (r"(?<=[aeou])w(?=[^aeiou]|$)", ""),
        (r"w", "v"),
        (r"^(?:dj|j)", "y"),
        (r"(?<=.)h", ""),
        (r"^[aeiou]+y?(?=.)", "A"),
        (r"(?<=.)[aeiouy]", ""),
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """One name as it is compared.

    part: given or family; text: its letters; words: without particles; whole: their letters; form:
    those that stand for its other forms; sounds: keys under which it is looked for, the form's and
    the whole's first; listed: it is in names.csv, so that it is a name in its own right.
    """

    part: str
    text: str
    words: tuple[str, ...]
    whole: str
    form: str
    sounds: tuple[str, ...]
    listed: bool = False

    def __hash__(self) -> int:
        return hash(self.text)


@lru_cache(maxsize=20_000)
def is_placeholder(name: str) -> bool:
    """True where this is what is written when a name is not known, as UNKNOWN, BABY or TWIN 1."""
    words = _words(re.sub(r"\d+", " ", name))
    alone = any(word in _NOBODY for word in words)
    others = all(word in _NOBODY or word in _BESIDE for word in words)
    return (alone and others) or " ".join(words) in _PHRASES


@lru_cache(maxsize=50_000)
def name_of(name: str | None, part: str) -> Name | None:
    """A name of that part (given or family), ready to compare; None where it is no name."""
    words = _words(name) if name and not is_placeholder(name) else []
    if not words:
        return None
    text = "".join(words)
    core = tuple(w for w in words if w not in _PARTICLES[part]) or tuple(words)
    core = core if (part, text) in _forms() else tuple(_bare(word, part) for word in core)
    whole = "".join(core)
    form = _forms().get((part, text)) or _standing_for(whole, part)
    apart = [_standing_for(word, part) for word in core if len(core) > 1 and len(word) > 1]
    sounds = tuple(dict.fromkeys(sound_of(key) for key in (form, whole, *apart, text)))
    listed = (part, text) in _forms() or (part, whole) in _forms()
    return Name(part, text, core, whole, form, sounds, listed)


def _bare(word: str, part: str) -> str:
    """A word without an article that was written as one with it: Alhassan, but not Alfred."""
    bare = _JOINED.sub("", word)
    known = (part, word) not in _forms() and (part, bare) in _forms()
    return bare if known else word


@lru_cache(maxsize=50_000)
def sound_of(word: str) -> str:
    """A key in which spellings of one name meet: consonants as they sound, a first vowel as A."""
    for pattern, other in _SOUNDS:
        word = pattern.sub(other, word)
    return word


def _words(name: str) -> list[str]:
    plain = anyascii(re.sub(r"['’`.]", "", name)).lower()
    plain = re.sub(r"\b(mc|mac|o) (?=[a-z]{3})", r"\1", plain)
    words = re.findall(r"[a-z]+", plain)
    # O'Neil and Neil: an apostrophe after a first O is a particle.
    if re.match(r"^[oO]['’`]", name) and words and len(words[0]) > 3:
        words[0:1] = ["o", words[0][1:]]
    return words


def _standing_for(word: str, part: str) -> str:
    return _forms().get((part, word), word)


@lru_cache(maxsize=1)
def _forms() -> Mapping[tuple[str, str], str]:
    """Each form of names.csv to the name that stands for its group."""
    found: dict[tuple[str, str], str] = {}
    with FORMS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            stands = "".join(_words(row["name"]))
            for form in (row["name"], *row["forms"].split(";")):
                found[row["part"], "".join(_words(form))] = stands
    return found

"""Spoiling trees: values, elements and objects of XML and of JSON."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from html import escape
from pathlib import Path
from random import Random
from typing import Any

from signpost.bench.junk import TEXTS, VALUES

DEEP = 0.01  # of the changes, those that nest a thousand levels
LEAVES = 0.9  # of the changes, those of a single value
RAW = 0.03  # of the values, those that are not escaped
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_VALUE = re.compile(r">([^<>]+)</|value=\"([^\"]*)\"")
_LEAF = re.compile(r"<(\w+)(?: [^<>]*)?(?:/>|>[^<>]*</\1>)\s*")
_OPENING = re.compile(r"<(\w+)[ >]")


def spoil_xml(random: Random, path: Path, parts: int) -> int:
    """Spoil some values or elements of an XML file; return how many."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    for _ in range(parts):
        text = random.choice(_OF_XML)(random, text)
    path.write_bytes(text.encode("utf-8", errors="replace"))
    return parts


def spoil_json(random: Random, path: Path, parts: int) -> int:
    """Spoil some values or objects of a JSON file, or of several in one; return how many."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    try:
        documents = list(_documents(text))
    except ValueError:
        return 0
    for _ in range(parts):
        _spoil_value(random, documents)
    path.write_text("\n".join(map(_written, documents)), encoding="utf-8", errors="replace")
    return parts


def _found(random: Random, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return random.choice(found) if found else None


def _value(random: Random, text: str) -> str:
    """Junk in the place of a value; escaped, or as it is."""
    found = _found(random, _VALUE, text)
    if found is None:
        return text
    junk = random.choice(TEXTS)
    junk = junk if random.random() < RAW else escape(_NO_XML.sub("", junk))
    start, end = found.span(1 if found[1] is not None else 2)
    return text[:start] + junk + text[end:]


def _element_gone(random: Random, text: str) -> str:
    found = _found(random, _LEAF, text)
    return text[: found.start()] + text[found.end() :] if found else text


def _element_twice(random: Random, text: str) -> str:
    found = _found(random, _LEAF, text)
    if found is None:
        return text
    at = found.end() if random.random() < 0.5 else random.choice(_ends(text))
    return text[:at] + found[0] + text[at:]


def _subtree_twice(random: Random, text: str) -> str:
    """An element with all that is in it, once more behind itself."""
    found = _found(random, _OPENING, text)
    end = text.find(f"</{found[1]}>", found.end()) if found else -1
    if found is None or end < 0:
        return text
    end += len(found[1]) + 3
    return text[:end] + text[found.start() : end] + text[end:]


def _renamed(random: Random, text: str) -> str:
    found = _found(random, re.compile(r"<(\w+)>([^<>]*)</\1>"), text)
    if found is None:
        return text
    name = random.choice(["Other", found[1].lower(), f"x:{found[1]}", f"{found[1]}2"])
    return f"{text[: found.start()]}<{name}>{found[2]}</{name}>{text[found.end() :]}"


def _between(random: Random, text: str) -> str:
    """Something between two elements."""
    at = random.choice(_ends(text))
    return text[:at] + random.choice(_PIECES) + text[at:]


def _ends(text: str) -> list[int]:
    return [match.end() for match in re.finditer(">", text)] or [0]


_PIECES = (
    "zz", "<!-- zz -->", "<![CDATA[zz]]>", "<?zz zz?>", "&zz;", "&#0;", "&#x110000;", "<Other/>", "</Other>",
    "<Other>zz", "<!DOCTYPE z [<!ENTITY z 'zz'>]>", '<Other zz="zz"/>', "\x00", "]]>", "<" * 50,
    "<a>" * 3_000,
)  # fmt: skip
_OF_XML: tuple[Callable[[Random, str], str], ...] = (
    *[_value] * 14, *[_element_gone] * 5, *[_element_twice] * 5, *[_subtree_twice] * 3, _renamed, _renamed,
    _between,
)  # fmt: skip


def _documents(text: str) -> Any:
    at, decoder = 0, json.JSONDecoder(strict=False)
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        yield value


def _written(value: Any) -> str:
    try:
        return json.dumps(value, indent=1)
    except (RecursionError, ValueError):
        return "[" * 5_000


def _spoil_value(random: Random, documents: list[Any]) -> None:
    """Change one value, or once in a while a whole object, or even a document."""
    every = list(_places(documents))
    if not every:
        return
    leaves = [place for place in every if not isinstance(place[0][place[1]], (dict, list))]
    holder, key = random.choice(leaves if leaves and random.random() < LEAVES else every)
    random.choice(_OF_JSON)(random, holder, key)


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder and key below."""
    for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
        yield holder, key
        if isinstance(holder[key], (dict, list)):
            yield from _places(holder[key])


def _junk(random: Random, holder: Any, key: Any) -> None:
    holder[key] = deepcopy(random.choice(VALUES))


def _gone(random: Random, holder: Any, key: Any) -> None:
    del holder[key]


def _wrapped(random: Random, holder: Any, key: Any) -> None:
    value = holder[key]
    holder[key] = random.choice([[value], [value, value], {"value": value}, [[value]]])


def _repeated(random: Random, holder: Any, key: Any) -> None:
    if isinstance(holder, list):
        holder.insert(random.randrange(len(holder) + 1), deepcopy(holder[key]))
    else:
        holder[f"{key}2"] = holder[key]


def _swapped(random: Random, holder: Any, key: Any) -> None:
    other = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    holder[key], holder[other] = holder[other], holder[key]


def _deep(random: Random, holder: Any, key: Any) -> None:
    if random.random() < DEEP:
        for _ in range(900):
            holder[key] = [holder[key]]
    else:
        _junk(random, holder, key)


_OF_JSON: tuple[Callable[[Random, Any, Any], None], ...] = (
    _junk, _junk, _junk, _junk, _junk, _gone, _gone, _wrapped, _repeated, _swapped, _deep,
)  # fmt: skip

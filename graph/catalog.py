"""Reads cypher/ and holds each file to its header, so that a bad file stops the start and not a user."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString, cast

from graph.errors import BadCatalogue

FOLDER = Path(__file__).resolve().parent.parent / "cypher"
MAY_WRITE = ("schema", "load", "access")
NEEDS_CLEARANCE = ("ask", "find", "report")
_WRITES = re.compile(
    r"\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|FOREACH|LOAD\s+CSV|IN\s+TRANSACTIONS)\b", re.IGNORECASE
)
_PARAM = re.compile(r"// param (\w+): ([\w\[\]]+) -- (\S.*)")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`")


@dataclass(frozen=True)
class Query:
    """One file of cypher/.

    name: folder and stem, as ask/service_map; sentence: what it asks; params: name to type and
    meaning; returns: the names it gives, in order.
    """

    name: str
    sentence: str
    params: Mapping[str, tuple[str, str]]
    returns: tuple[str, ...]
    text: LiteralString


def catalogue(folder: Path = FOLDER) -> dict[str, Query]:
    """Read and check every query.

    folder: where the .cypher files are, one folder a permission. Return name to Query.
    Raises BadCatalogue with file and fault.
    """
    files = sorted(folder.glob("*/*.cypher"))
    if not files:
        raise BadCatalogue(f"{folder} holds no query.")
    return {query.name: query for query in map(_read, files)}


def _read(path: Path) -> Query:
    name = f"{path.parent.name}/{path.stem}"
    text = path.read_text("utf-8")
    head = [line for line in text.splitlines() if line.startswith("//")]
    params = dict(_param(name, line) for line in head if line.startswith("// param"))
    returns = [line.removeprefix("// returns ") for line in head if line.startswith("// returns ")]
    if not head or head[0].startswith(("// param", "// returns")) or len(returns) > 1:
        raise BadCatalogue(
            f"cypher/{name}: the header is a sentence, then params, then one returns."
        )
    names = tuple(part.strip() for part in returns[0].split(",")) if returns else ()
    # The one place where a query's text becomes literal: it is a file of ours, never built.
    query = Query(name, head[0][3:], params, names, cast("LiteralString", text))
    _check(query, _QUOTED.sub("''", re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)))
    return query


def _param(name: str, line: str) -> tuple[str, tuple[str, str]]:
    match = _PARAM.fullmatch(line)
    if not match:
        raise BadCatalogue(f"cypher/{name}: write // param NAME: TYPE -- what it is")
    return match[1], (match[2], match[3])


def _check(query: Query, body: str) -> None:
    folder = query.name.partition("/")[0]
    used = set(re.findall(r"\$(\w+)", body))
    faults = [
        (used - set(query.params), "uses without declaring"),
        (set(query.params) - used, "declares without using"),
    ]
    for names, what in faults:
        if names:
            raise BadCatalogue(f"cypher/{query.name} {what}: {', '.join(sorted(names))}.")
    if ";" in body.strip().rstrip(";"):
        raise BadCatalogue(f"cypher/{query.name} holds more than one statement.")
    if _returned(body) != query.returns:
        raise BadCatalogue(
            f"cypher/{query.name} does not return what its header says, in that order."
        )
    if folder not in MAY_WRITE and _WRITES.search(body):
        raise BadCatalogue(f"cypher/{query.name} writes, and {folder}/ may not.")
    if folder in NEEDS_CLEARANCE and "clearance" not in used:
        raise BadCatalogue(f"cypher/{query.name} does not use $clearance.")


def _returned(body: str) -> tuple[str, ...]:
    """The names that the last RETURN outside all braces gives."""
    flat = body
    while re.search(r"[({\[][^(){}\[\]]*[)}\]]", flat):
        flat = re.sub(r"[({\[][^(){}\[\]]*[)}\]]", "_", flat)
    parts = re.split(r"\bRETURN\b", flat, flags=re.IGNORECASE)
    if len(parts) == 1:
        return ()
    last = re.split(r"\b(?:ORDER BY|SKIP|LIMIT)\b", parts[-1], flags=re.IGNORECASE)[0]
    return tuple(re.split(r"\s+AS\s+|\.", part.strip())[-1].strip() for part in last.split(","))

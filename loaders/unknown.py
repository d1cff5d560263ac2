"""Why no loader knows a file: what is wrong with it, whatever it was meant to be."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from graph import BadInput
from loaders import csv_folder
from loaders.archives import is_zip, parts_of
from loaders.csv_set import MOST_BYTES, csv_set
from loaders.workbook import heads, is_workbook
from loaders.xml_text import opening

_MOST_LOOKED_AT = 50
_BEGINNING = 65_536
_SEPARATORS = {b";": "semicolons", b"\t": "tabs", b"|": "upright strokes"}
_TAKE_OUT = "take it out of the zip, and load that"
_HINTS = {
    **dict.fromkeys((".xml", ".json", ".ndjson", ".xlsx", ".zip"), _TAKE_OUT),
    **dict.fromkeys((".txt", ".tsv"), "let the names of tables in CSV end in .csv"),
}


def wrong_with(path: Path) -> str | None:
    """Look at a file that no loader knows, or at the first of those in a folder.

    Return a sentence on what is wrong with it; None where nothing is, but that it is something else.
    """
    if said := csv_folder.wrong_with(path):
        return said
    try:
        for file in list(_files(path))[:_MOST_LOOKED_AT]:
            _look(file)
    except BadInput as problem:
        return str(problem)
    return None


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    if not any(path.iterdir()):
        raise BadInput(f"{path.name or 'The folder'} is empty")
    yield from (one for one in sorted(path.rglob("*")) if one.is_file())


def _look(file: Path) -> None:
    """Let the reader of what it begins as say what is wrong."""
    try:
        with file.open("rb") as opened:
            start = opened.read(_BEGINNING).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
        workbook = is_workbook(file)
    except OSError:
        raise BadInput(f"{file.name} cannot be read: look at its permissions") from None
    if not start:
        raise BadInput(f"{file.name} is empty")
    if workbook:
        heads(file)
    elif is_zip(file):
        _look_into(file)
    elif start.startswith(b"<"):
        opening(file)
    elif said := _separated(start):
        raise BadInput(f"{file.name} {said}")


def _look_into(file: Path) -> None:
    """Say of a zip without CSV which other files it holds that could be loaded."""
    try:
        csv_set(file)
    except BadInput as problem:
        raise BadInput(f"{problem}{_held(file)}") from None


def _held(file: Path) -> str:
    names: list[str] = []
    with suppress(BadInput):
        names = [part.filename.lower() for part in parts_of(file, MOST_BYTES, "")]
    for suffix, hint in _HINTS.items():
        if any(name.endswith(suffix) for name in names):
            return f", but one that ends in {suffix}: {hint}"
    return ""


def _separated(start: bytes) -> str | None:
    """Say that the first line of a text has its cells between something else than commas."""
    line = (start.replace(b"\x00", b"").splitlines() or [b""])[0]
    for sign, name in _SEPARATORS.items():
        if line.count(sign) > max(1, 2 * line.count(b",")) and line.isascii():
            return f"has {name} between its cells: save it as CSV with commas, and load that"
    return None

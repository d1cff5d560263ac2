"""Why no loader knows a file: what is wrong with it, whatever it was meant to be."""

from collections.abc import Iterator
from pathlib import Path

from graph import BadInput
from loaders import csv_folder
from loaders.archives import is_zip
from loaders.csv_set import csv_set
from loaders.workbook import heads, is_workbook
from loaders.xml_text import opening

_MOST_LOOKED_AT = 50
_BEGINNING = 65_536


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
        csv_set(file)
    elif start.startswith(b"<"):
        opening(file)

"""Which of its three shapes a return has, by its content, and what it holds."""

from pathlib import Path
from types import ModuleType

from graph import BadInput
from loaders.batches import Progress
from loaders.ssda903 import csv_shape, workbook_shape, xml_shape
from loaders.ssda903.tables import READ, WORKERS, Found
from loaders.workbook import is_workbook

_WITHOUT = {
    "header": "so that only children who were sent before are known",
    "episodes": "so that nothing is said of care",
    "social_worker": "so that nothing is said of social workers",
    "previous_permanence": "so that nothing is said of earlier care",
}


def shape_of(path: Path) -> ModuleType:
    """Find out whether a return is CSV, a workbook or XML.

    Return the module that reads it. Raise BadInput where there is nothing to read.
    """
    if path.is_dir():
        return csv_shape
    try:
        with path.open("rb") as file:
            start = file.read(200)
    except FileNotFoundError:
        raise BadInput(f"{path.name} is not there") from None
    except OSError:
        raise BadInput(f"{path.name} cannot be read: look at its permissions") from None
    if is_workbook(path):
        return workbook_shape
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\x00 \t\r\n")
    return xml_shape if text.startswith(b"<") else csv_shape


def knows(path: Path) -> str | None:
    """Say by which tables or which root a return is known; None where it is none."""
    try:
        shape = shape_of(path)
        if shape is xml_shape:
            return f"its root element is {xml_shape.ROOT}" if xml_shape.is_return(path) else None
        held = {kind.name for kind in shape.kinds(path)}
    except (BadInput, OSError):
        return None
    names = ", ".join(kind.name for kind in READ if kind.name in held)
    return f"it has the columns of SSDA903's {names}" if names else None


def find(path: Path, progress: Progress | None = None) -> Found:
    """Read the tables of a return.

    Return them. Raise BadInput where it holds none, or one that cannot be read.
    """
    shape = shape_of(path)
    if shape is xml_shape and not xml_shape.is_return(path):
        raise BadInput(f"{path.name} is XML, but its root element is not {xml_shape.ROOT}")
    found: Found = shape.tables(path, progress)
    if not found.kinds:
        names = ", ".join(kind.name for kind in READ)
        raise BadInput(f"{path.name} holds none of the tables that are read: {names}")
    if found.rejects:
        return found
    absent = [
        (path.name, 1, "", _absent(kind.name, shape)) for kind in READ if kind not in found.kinds
    ]
    return found._replace(warnings=[*found.warnings, *absent])


def _absent(name: str, shape: ModuleType) -> str:
    if name == WORKERS.name and shape is xml_shape:
        return "is XML, of which no form with social workers is known: send that table as CSV"
    return f"has no table {name}, {_WITHOUT[name]}"

"""The return as XML: EXPSSDA903 with a CHILD for each child, as authorities uploaded it until 2023.

The structure is that of the DfE's schema "Expanded SSDA903 Return" and of the test file of
csc-validator-be-903. No example of it with social workers (2024 and later) is known, so none are read.
"""

from collections.abc import Iterator
from pathlib import Path

from openpyxl.utils.datetime import WINDOWS_EPOCH

from loaders.batches import Progress, Ticker
from loaders.sheet import Sheet
from loaders.ssda903.tables import EPISODES, HEADER, PERMANENCE, XML_NAMES, Found, Kind, Table
from loaders.xml_text import Element, numbered, opening, strangers

ROOT = "EXPSSDA903"


def _names(kind: Kind) -> list[str]:
    return [XML_NAMES.get(name, name) for name in kind.columns]


KEPT = {
    "CHILD": {"HEADER", "EPISODE"},
    "HEADER": {*_names(HEADER), "PERMANENCE"},
    "EPISODE": set(_names(EPISODES)) - {"CHILDID"},
    "PERMANENCE": set(_names(PERMANENCE)) - {"CHILDID"},
    **{name: set() for kind in (HEADER, EPISODES, PERMANENCE) for name in _names(kind)},
}
# Elements that are known, and never read.
_NEVER = {
    "ETHNIC", "UASC", "DUC", "MOTHER", "MC_DOB", "AREVIEW", "AMISSING", "OC2", "AD_PLACED", "IN_TOUCH",
    "ACTIV", "ACCOM", "DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR",
    "CIN", "PL_POST", "HOME_POST", "REASON_PLACE_CHANGE", "PL_LA", "PL_LOCATION", "PL_DISTANCE",
}  # fmt: skip
_STRANGE = "is an element that is not known and was not read"


def is_return(path: Path) -> bool:
    """Whether a file is XML with the root of the return. Raise BadInput where it is not XML."""
    return opening(path).root.name == ROOT


def tables(path: Path, progress: Progress | None) -> Found:
    """Read the children of the file one by one into tables.

    Return them. Raise BadInput, with the line, where it is not whole XML.
    """
    left: dict[str, int] = {}
    found = {kind: ([], []) for kind in (HEADER, EPISODES, PERMANENCE)}
    size = path.stat().st_size
    tick = Ticker(progress, size).share(path.name, size)
    for file, child in numbered(path, "CHILD", KEPT, left, tick):
        for kind, row, line in _rows(child):
            rows, origins = found[kind]
            rows.append(row)
            origins.append((file, line))
    read = [
        Table(
            kind,
            Sheet(kind.name, rows, WINDOWS_EPOCH),
            {name: number for number, name in enumerate(kind.columns, 1)},
            1,
            origins,
            xml=True,
        )
        for kind, (rows, origins) in found.items()
    ]
    strange = [(path.name, line, name, _STRANGE) for name, line in strangers(left, _NEVER)]
    return Found(read, tuple(found), opening(path).rejects, strange)


def _rows(child: Element) -> Iterator[tuple[Kind, tuple[str, ...], int]]:
    head = next(iter(child.all("HEADER")), child)
    known = _texts(head)
    yield HEADER, _row(HEADER, known), head.line
    for kind, parts in ((EPISODES, child.all("EPISODE")), (PERMANENCE, head.all("PERMANENCE"))):
        for part in parts:
            own = {"CHILDID": known.get("CHILDID", "")} | _texts(part)
            yield kind, _row(kind, own), part.line


def _texts(element: Element) -> dict[str, str]:
    """What the parts of an element say; of a repeat the first."""
    texts: dict[str, str] = {}
    for part in element.children:
        texts.setdefault(part.name, part.text)
    return texts


def _row(kind: Kind, texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(texts.get(name, "") for name in _names(kind))

"""The return as XML: EXPSSDA903 with a CHILD for each child, as authorities uploaded it until 2023.

The structure is that of the DfE's schema "Expanded SSDA903 Return" and of the test file of
csc-validator-be-903. No example of it with social workers (2024 and later) is known, so none are read.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from openpyxl.utils.datetime import WINDOWS_EPOCH

from graph import BadInput
from loaders.batches import Progress, Ticker
from loaders.cells import identifier
from loaders.sheet import Sheet
from loaders.ssda903.tables import EPISODES, HEADER, PERMANENCE, XML_NAMES, Found, Kind, Odd, Table
from loaders.unread import elements
from loaders.xml_text import Element, numbered, opening, strangers

ROOT = "EXPSSDA903"
MOST_CHILDREN = 500_000
MOST_HELD = 20_000_000
_ROW = 300  # about what a row without text takes, in bytes


def _names(kind: Kind) -> list[str]:
    return [XML_NAMES.get(name, name) for name in kind.columns]


_READ = (HEADER, EPISODES, PERMANENCE)
KEPT = {
    "CHILD": {"HEADER", "EPISODE"},
    "HEADER": {*_names(HEADER), "PERMANENCE"},
    "EPISODE": set(_names(EPISODES)) - {"CHILDID"},
    "PERMANENCE": set(_names(PERMANENCE)) - {"CHILDID"},
    **{name: set() for kind in _READ for name in _names(kind)},
}
_IDS = {"CHILD": {"HEADER"}, "HEADER": {"CHILDID"}, "CHILDID": set()}
# Elements that are known, and never read.
_NEVER = {
    "ETHNIC", "UASC", "DUC", "MOTHER", "MC_DOB", "AREVIEW", "AMISSING", "OC2", "AD_PLACED", "IN_TOUCH",
    "ACTIV", "ACCOM", "DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR",
    "CIN", "PL_POST", "HOME_POST", "REASON_PLACE_CHANGE", "PL_LA", "PL_LOCATION", "PL_DISTANCE",
}  # fmt: skip
_STRANGE = "is an element that is not known and was not read"
_TOO_MANY = (
    "has many children in more than one CHILD: write each child once, with all of its episodes, or send "
    "the tables as CSV"
)
_Row = tuple[Kind, tuple[str, ...], tuple[str, int]]


def is_return(path: Path) -> bool:
    """Whether a file is XML with the root of the return. Raise BadInput where it is not XML."""
    return opening(path).root.name == ROOT


def tables(path: Path, progress: Progress | None) -> Found:
    """Look which children are in the file more than once; all is read, child by child, as it is asked for.

    Return the tables. Raise BadInput, with the line, where it is not whole XML.
    """
    size = path.stat().st_size
    ticker = Ticker(progress, 2 * size)
    ids = numbered(path, "CHILD", _IDS, tick=ticker.share(path.name, size))
    repeated = _repeated(path, (_child_of(child) for _, child in ids))
    left, later, unread = dict[str, int](), list[Odd](), list[str]()
    found = numbered(path, "CHILD", KEPT, left, ticker.share(path.name, size))
    parts = _parts(path, found, repeated)
    return Found(
        _to_end(path, parts, left, later, unread), _READ, opening(path).rejects, [], later, unread
    )


def _repeated(path: Path, ids: Iterator[str | None]) -> set[str]:
    """The children who are in the file more than once."""
    known, repeated = set[str](), set[str]()
    for number, child in enumerate(ids, 1):
        if number > MOST_CHILDREN:
            raise BadInput(
                f"{path.name} has more than {MOST_CHILDREN:,} children, as no return has"
            )
        if child:
            (repeated if child in known else known).add(child)
    return repeated


def _to_end(
    path: Path,
    parts: Iterator[list[Table]],
    left: dict[str, int],
    later: list[Odd],
    unread: list[str],
) -> Iterator[list[Table]]:
    """The same tables; after the last, what was left is told."""
    yield from parts
    later += [(path.name, line, name, _STRANGE) for name, line in strangers(left, _NEVER)]
    unread += elements(left, _NEVER)


def _parts(
    path: Path, found: Iterator[tuple[str, Element]], repeated: set[str]
) -> Iterator[list[Table]]:
    """The tables of each child; of one who comes again, once all of the file is read."""
    waiting: dict[str, list[_Row]] = {}
    held = 0
    for file, child in found:
        rows = list(_rows(file, child))
        if (known := _child_of(child)) not in repeated:
            yield _tables(rows)
            continue
        waiting.setdefault(str(known), []).extend(rows)
        held += sum(_ROW + sum(map(len, cells)) for _, cells, _ in rows)
        if held > MOST_HELD:
            raise BadInput(f"{path.name} {_TOO_MANY}")
    yield from map(_tables, waiting.values())


def _tables(rows: list[_Row]) -> list[Table]:
    return [_table(kind, [row for row in rows if row[0] is kind]) for kind in _READ]


def _table(kind: Kind, rows: list[_Row]) -> Table:
    sheet = Sheet(kind.name, [cells for _, cells, _ in rows], WINDOWS_EPOCH)
    places = {name: number for number, name in enumerate(kind.columns, 1)}
    return Table(kind, sheet, places, 1, [origin for _, _, origin in rows], xml=True)


def _child_of(child: Element) -> str | None:
    """The id of a CHILD; None where it cannot be read."""
    with suppress(ValueError):
        return identifier(_texts(_head(child)).get("CHILDID"))


def _head(child: Element) -> Element:
    return next(iter(child.all("HEADER")), child)


def _rows(file: str, child: Element) -> Iterator[_Row]:
    head = _head(child)
    known = _texts(head)
    yield HEADER, _row(HEADER, known), (file, head.line)
    for kind, parts in ((EPISODES, child.all("EPISODE")), (PERMANENCE, head.all("PERMANENCE"))):
        for part in parts:
            own = {"CHILDID": known.get("CHILDID", "")} | _texts(part)
            yield kind, _row(kind, own), (file, part.line)


def _texts(element: Element) -> dict[str, str]:
    """What the parts of an element say; of a repeat the first."""
    texts: dict[str, str] = {}
    for part in element.children:
        texts.setdefault(part.name, part.text)
    return texts


def _row(kind: Kind, texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(texts.get(name, "") for name in _names(kind))

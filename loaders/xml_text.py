"""XML read safely as a stream: each wanted element whole, with its line, and nothing kept after it.

defusedxml refuses DTDs, entities and external references; what else could fill the memory has a limit.
Names are taken without their namespaces.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from graph import BadInput

REJECTS = "signpost rejects"  # the instruction before the root of a file of rejects
MOST_DEPTH = 100
MOST_TEXT = 1_000_000
MOST_HELD = 20_000_000
MOST_NAMES = 10_000
_PART = 300  # about what an element without text takes, in bytes
_BLOCK = 65_536
_NONE: Mapping[str, str] = {}
_SHOWN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


@dataclass(slots=True)
class Element:
    """An element, with those of its children that are kept; `line` is where it starts."""

    name: str
    line: int
    attributes: Mapping[str, str]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says itself, without what its children say; comments and CDATA do not part it."""
        return "".join(self.pieces).strip()

    def all(self, *path: str) -> list["Element"]:
        """The descendants at the end of a path of names, in their order."""
        found: list[Element] = [self]
        for name in path:
            found = [part for one in found for part in one.children if part.name == name]
        return found


class Opening(NamedTuple):
    """How a document begins: its root, without children, and whether it is a file of rejects."""

    root: Element
    rejects: bool


def opening(path: Path) -> Opening:
    """Look at the beginning of a file, and at no more of it.

    Return it. Raise BadInput where the file does not begin as XML.
    """
    handler = _Handler(path.name, (), None, {})
    for _ in _feed(path, handler, None, MOST_TEXT):
        if handler.root:
            return Opening(handler.root, handler.rejects)
    raise handler.bad("holds no element in its first megabyte")


def elements(
    path: Path,
    wanted: Container[str],
    kept: Mapping[str, Container[str]] | None = None,
    *,
    left: dict[str, int] | None = None,
    tick: Callable[[int], None] | None = None,
    most: int | None = None,
) -> Iterator[Element]:
    """Read the wanted elements of a file, each as soon as it is whole, wherever they stand.

    wanted: names; one inside another is a part of it. kept: for each name, which children are kept;
    None for all. left: takes the names of parts that were not kept, with the line of their first.
    tick: called now and then with the bytes that are read. most: how many of them to read; None for all.
    Return them in order. Raise BadInput, with the line, where the file is not XML, or is as no file of
    people and dates is.
    """
    handler = _Handler(path.name, wanted, kept, {} if left is None else left)
    for done in _feed(path, handler, tick, most):
        yield from done


def numbered(
    path: Path,
    name: str,
    kept: Mapping[str, Container[str]],
    left: dict[str, int] | None = None,
    tick: Callable[[int], None] | None = None,
) -> Iterator[tuple[str, Element]]:
    """The elements of a name, each with the name of its place: some files are one line from end to end.

    The other arguments are those of `elements`, as is what it raises.
    """
    for number, one in enumerate(elements(path, (name,), kept, left=left, tick=tick), 1):
        yield f"{path.name}/{name} {number}", one


def strangers(left: Mapping[str, int], known: Container[str]) -> Iterator[tuple[str, int]]:
    """The parts that were not kept and are not known, with their lines; empty for an odd name."""
    for name, line in left.items():
        if name not in known:
            yield name if _SHOWN.fullmatch(name) else "", line


def _feed(
    path: Path, handler: "_Handler", tick: Callable[[int], None] | None, most: int | None
) -> Iterator[list[Element]]:
    """Parse block by block, and give what each completes, before what is wrong with the next."""
    if not path.is_file():
        raise BadInput(f"{path.name} is not {'a file' if path.exists() else 'there'}")
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                problem = handler.take(block)
                yield handler.taken()
                if problem:
                    raise problem
                if tick:
                    tick(file.tell())
                if most is not None and file.tell() >= most:
                    return
    except OSError:
        raise BadInput(f"{path.name} cannot be read: look at its permissions") from None
    if problem := handler.end():
        raise problem


class _Handler(ContentHandler):
    """Builds the wanted elements from what the parser meets, and holds it to the limits."""

    def __init__(
        self,
        name: str,
        wanted: Container[str],
        kept: Mapping[str, Container[str]] | None,
        left: dict[str, int],
    ) -> None:
        super().__init__()
        self.root: Element | None = None
        self.rejects = False
        self._name, self._wanted, self._kept, self._left = name, wanted, kept, left
        self._parser = DefusedExpatParser(forbid_dtd=True)
        self._parser.setContentHandler(self)
        self._parser.feed(b"")
        self._locals: dict[str, str] = {}
        self._done: list[Element] = []
        self._open: list[Element] = []
        self._depth = self._skipped = self._held = self._text = self._stuck = 0

    def taken(self) -> list[Element]:
        """The elements that are whole since the last time."""
        done, self._done = self._done, []
        return done

    def bad(self, sentence: str) -> BadInput:
        """The refusal of the file at the place where the parser is."""
        return BadInput(f"{self._name}, line {self._line()}: {sentence}")

    def take(self, block: bytes) -> BadInput | None:
        """Parse a block; return what is wrong with it."""
        before = (self._line(), self._parser.getColumnNumber())
        problem = self._tried(lambda: self._parser.feed(block))
        moved = before != (self._line(), self._parser.getColumnNumber())
        self._stuck = 0 if moved else self._stuck + len(block)
        if self._stuck > MOST_TEXT:
            return self.bad("has a tag or a comment of more than 1 MB")
        return problem

    def end(self) -> BadInput | None:
        """Say that there is no more; return what is wrong with that."""
        return self._tried(self._parser.close)

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Begin an element."""
        self._text = 0
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise self.bad(f"elements are nested more than {MOST_DEPTH} deep")
        local, said = self._local(name), self._attributes(attrs)
        if self.root is None:
            self.root = Element(local, self._line(), said)
        if self._skipped:
            self._skipped += 1
        elif self._open and not self._keeps(local):
            self._skipped = 1
        elif self._open or local in self._wanted:
            self._hold(Element(local, self._line(), said))

    def endElement(self, name: str) -> None:
        """End an element."""
        self._text = 0
        self._depth -= 1
        if self._skipped:
            self._skipped -= 1
        elif self._open:
            element = self._open.pop()
            if not self._open:
                self._done.append(element)

    def characters(self, content: str) -> None:
        """Take a piece of text."""
        self._text += len(content)
        if self._text > MOST_TEXT:
            raise self.bad("has a text of more than 1 MB")
        if self._open and not self._skipped:
            self._weigh(len(content))
            self._open[-1].pieces.append(content)

    def processingInstruction(self, target: str, data: str) -> None:
        """Look whether this is a file of rejects."""
        self.rejects |= self.root is None and f"{target} {data}".strip() == REJECTS

    def _tried(self, parse: Callable[[], None]) -> BadInput | None:
        try:
            parse()
        except BadInput as problem:
            return problem
        except DefusedXmlException:
            return self.bad("declares a DTD or an entity, which no extract needs: it was not read")
        except SAXParseException as error:
            return self.bad(_sentence(error.getMessage(), self.root is None))
        except (LookupError, ValueError):
            return self.bad(_ENCODING)
        return None

    def _hold(self, element: Element) -> None:
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._held = 0
        self._open.append(element)
        self._weigh(_PART + sum(map(len, element.attributes.values())))

    def _weigh(self, size: int) -> None:
        self._held += size
        if self._held > MOST_HELD:
            raise self.bad(f"a {self._open[0].name} is larger than {MOST_HELD // 10**6} MB")

    def _keeps(self, local: str) -> bool:
        if self._kept is None or local in self._kept.get(self._open[-1].name, ()):
            return True
        if local not in self._left:
            self._left[local] = self._line()
        return False

    def _line(self) -> int:
        return self._parser.getLineNumber() or 1

    def _local(self, name: str) -> str:
        """A name without its prefix; the parser remembers every one, so that there must be few."""
        if name not in self._locals:
            if len(self._locals) >= MOST_NAMES:
                raise self.bad(f"has more than {MOST_NAMES:,} different names of elements")
            self._locals[name] = name.rpartition(":")[2]
        return self._locals[name]

    def _attributes(self, attrs: AttributesImpl) -> Mapping[str, str]:
        return {self._local(name): value for name, value in attrs.items()} if len(attrs) else _NONE


_ENCODING = "is in an encoding that is not known: save it as UTF-8"
_SENTENCES = (
    ("no element", "ends before its root does: it is not the whole file"),
    ("unclosed", "ends inside a tag or a text: it is not the whole file"),
    ("mismatched", "an end tag does not fit its start tag; make the file again, or mend it"),
    ("undefined entity", "has an entity that XML does not know; write the sign itself"),
    ("junk after", "goes on after the end of its root; make the file again, or mend it"),
    ("unknown encoding", _ENCODING),
    ("encoding specified", "is not in the encoding that its first line says: save it as UTF-8"),
    ("partial character", "ends inside a letter: it is not the whole file"),
    ("declaration not at start", "has something before its <?xml ...?>: take it away"),
    ("token", "has a broken tag, or a sign that cannot be: where it is a letter with an accent, the "
     "file is not in the encoding that its first line says, so save it as UTF-8"),
)  # fmt: skip


def _sentence(error: str, rootless: bool) -> str:
    """What to do about an error of expat, whose words hold nothing of the file."""
    if rootless and "no element" in error:
        return "is empty: it holds no XML"
    if rootless and ("token" in error or "syntax" in error):
        return "is not XML"
    found = (sentence for part, sentence in _SENTENCES if part in error)
    return next(found, "is not XML from here on; make the file again, or mend it")

"""The header of a Children in Need census: of which collection, day and authority it says it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph import BadInput, Fault, authority_of
from loaders.cells import code
from loaders.cin.tree import KEPT
from loaders.cin.values import Values, day
from loaders.xml_text import Element, elements, opening

COLLECTION = "CIN"
_FIRST = 1_000_000


@dataclass(frozen=True)
class Head:
    """What stands before the children; header: None where there is none."""

    file: str
    rejects: bool
    header: Element | None

    def warnings(self, extracted: date) -> Iterator[Fault]:
        """What is odd about it, for an extract of this day."""
        if self.header is None:
            yield self._said(
                1, "Header", "is missing: see yourself whose census it is, and of when"
            )
            return
        details = Values(self.header.all("CollectionDetails"))
        years = details.texts("Year")
        reference = details.take("ReferenceDate", day)
        for name, sentence in details.wrong.items():
            yield self._said(self.header.line, name, sentence)
        if reference and reference.year != extracted.year:
            sentence = "is of another year than the date of this extract"
            yield self._said(self.header.line, "ReferenceDate", sentence)
        if reference and years and years != [str(reference.year)]:
            yield self._said(self.header.line, "Year", "is not the year of ReferenceDate")
        if not any(map(authority_of, Values(self.header.all("Source")).texts("LEA"))):
            sentence = "is not the DfE number of an authority"
            yield self._said(self.header.line, "LEA", sentence)

    def _said(self, line: int, name: str, sentence: str) -> Fault:
        return Fault(file=self.file, line=line, column=name, sentence=sentence)


def head(path: Path) -> Head:
    """Read what stands before the children.

    Return it. Raise BadInput where the file is not XML, or of another collection.
    """
    begins = opening(path)
    if begins.root.name != "Message":
        raise BadInput(f"{path.name} is no Children in Need census: its root is not Message")
    first = next(elements(path, ("Header", "Child"), KEPT), None)
    header = first if first and first.name == "Header" else None
    if header and _collections(header) not in ([], [COLLECTION]):
        raise BadInput(f"{path.name} is of another collection than {COLLECTION}")
    return Head(path.name, begins.rejects, header)


def sign(path: Path) -> str | None:
    """Say by what a file is known as this census, from its beginning; None where it is not."""
    try:
        if opening(path).root.name != "Message":
            return None
        for element in elements(path, ("Header", "Child"), KEPT, most=_FIRST):
            if element.name == "Header" and (found := _collections(element)):
                known = found == [COLLECTION]
                return f"its root is Message, of the collection {COLLECTION}" if known else None
            if element.name == "Child":
                known = element.all("CINdetails")
                return "its root is Message, and its Child has CINdetails" if known else None
    except BadInput:
        return None
    return None


def _collections(header: Element) -> list[str | None]:
    texts = Values(header.all("CollectionDetails")).texts("Collection")
    return list(dict.fromkeys(map(code, texts)))

"""The children of whom something was rejected as a census of the same form, to repair and send back."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from loaders.cin_tree import KEPT, POINTS
from loaders.cin_values import code
from loaders.rejects import private_file
from loaders.xml_text import REJECTS, Element


def private_xml(
    path: Path, header: Element | None, children: Iterable[tuple[Element, Mapping[int, str]]]
) -> Path:
    """Write children, each after a comment, to a file that only its owner can read.

    path: to write. header: of the census that was read. children: each with what is wrong, by line.
    Return the path. Raise BadInput where it cannot be written.
    """
    with private_file(path) as file:
        for line in _document(header, children):
            file.write(f"{line}\n".encode())
    return path


def _document(
    header: Element | None, children: Iterable[tuple[Element, Mapping[int, str]]]
) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<?{REJECTS}?>"
    yield "<Message>"
    if header:
        yield from _written(header, "  ")
    yield "  <Children>"
    for child, reasons in children:
        why = "; ".join(f"line {line}: {reason}" for line, reason in sorted(reasons.items()))
        yield f"    <!-- {why.replace('--', '- -')} -->"
        yield from _written(child, "    ")
    yield "  </Children>"
    yield "</Message>"


def _written(element: Element, indent: str) -> Iterator[str]:
    """An element with the parts of it that are read; a code only where it points to an authority."""
    name = element.name
    if name in KEPT:
        yield f"{indent}<{name}>"
        for part in element.children:
            yield from _written(part, f"{indent}  ")
        yield f"{indent}</{name}>"
    elif name not in POINTS or code(element.text) in POINTS[name]:
        yield f"{indent}<{name}>{escape(element.text)}</{name}>"

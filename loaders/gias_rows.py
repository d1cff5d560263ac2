"""One record of the schools register: what its cells say, and what is wrong with them."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graph import Fault
from loaders.csv_text import Record
from loaders.gias_files import Part

MOST_URN = 1_000_000
Readers = Mapping[str, Callable[[str], Any]]


def urn(cell: str) -> str:
    """A unique reference number.

    Return it. Raise ValueError with a sentence where it cannot be one.
    """
    if not re.fullmatch(r"[1-9]\d{4,5}", cell.strip(), re.ASCII):
        raise ValueError("is not a URN of five or six digits")
    return cell.strip()


def read_cells(
    readers: Readers, part: Part, record: Record
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read a record's cells, each by its column's reader.

    Return the values, and a sentence for each cell that cannot be read; "" is the whole record's.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column, place in part.places.items():
        try:
            values[column] = readers[column](record.cells[place])
        except IndexError:
            pass
        except ValueError as error:
            wrong[column] = str(error)
    if len(record.cells) != part.width:
        wrong = {"": f"must have {part.width} cells, as the header has"}
    return values, wrong


def faults_of(
    part: Part, record: Record, wrong: Mapping[str, str], table: str, known: str | None
) -> Iterator[Fault]:
    """A fault for each sentence.

    known: the id of the row; not sure where the record goes over several lines, as a quote that is
    left open may have swallowed others.
    """
    for column, sentence in wrong.items():
        yield Fault(
            file=part.file.name,
            line=record.first,
            column=column,
            sentence=sentence,
            table=table,
            record=known if record.first == record.last else None,
        )

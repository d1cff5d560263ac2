"""One record of the schools register: what its cells say, and what is wrong with them."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from graph import Fault
from loaders import days
from loaders.cells import said
from loaders.csv_text import Record
from loaders.gias.files import Part

MOST_URN = 1_000_000
_DAY = days.DMY._replace(example="04-03-2026")
Readers = Mapping[str, Callable[[str], Any]]


def urn(cell: str) -> str:
    """A unique reference number.

    Return it. Raise ValueError with a sentence where it cannot be one.
    """
    if not re.fullmatch(r"[1-9]\d{4,5}", cell.strip(), re.ASCII):
        raise ValueError("is not a URN of five or six digits")
    return cell.strip()


def day(cell: str) -> date | None:
    """A day as the register writes it, 04-03-2026 or 04/03/2026.

    Return it; None also for one in 1900 or before: a school as old as that is open since anyone knows.
    Raise ValueError with a sentence where it cannot be one.
    """
    return days.day(said(cell), _DAY, ancient=True)


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

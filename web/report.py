"""The report for the family: who looked at a child, in plain words, as a page prints it and as a PDF."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typst

from graph import Looks
from web.words import counted, instant, looked

TITLE = "Who looked at the record of a child"
# The same for every child: a name on a disk or in a list of downloads tells nothing.
FILE_NAME = "who-looked.pdf"
_PAGE = Path(__file__).with_name("report.typ")


@dataclass(frozen=True)
class Report:
    """What the family is told; it names no child.

    looks: of one child beyond doubt, who is not shielded, in the form for the family; made: when.
    """

    looks: Looks
    made: datetime
    broker_line: str
    title: str = TITLE

    @property
    def about(self) -> Sequence[str]:
        """What this is, before the list."""
        return (
            "Signpost tells people who work with children which services work with a child, and whom to "
            "ring. It keeps a record of everybody who looks. This is that record for the child whose "
            "details were given, the latest look first.",
            f"Made on {instant(self.made)}. Questions: the broker line, {self.broker_line}.",
        )

    @property
    def sentences(self) -> Sequence[str]:
        """A sentence for each look."""
        return [looked(look) for look in self.looks.looks]

    @property
    def counted(self) -> Sequence[str]:
        """How many there are, after the list."""
        return counted(self.looks)

    def pdf(self) -> bytes:
        """The same as a PDF that a screen reader can read (PDF/UA-1); no network, no font of the machine."""
        said = {
            "title": self.title,
            "about": self.about,
            "looks": self.sentences,
            "counted": self.counted,
            "note": self.looks.note,
        }
        return typst.compile(
            _PAGE.read_bytes(),
            sys_inputs={"said": json.dumps(said)},
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=self.made.replace(microsecond=0),
        )

"""The lists of Annex A that name an involvement, and the headers by which they are known."""

import re
from dataclasses import dataclass
from functools import cached_property

from loaders.cells import words

NUMBERS = range(2, 10)


@dataclass(frozen=True)
class AnnexList:
    """One list: its number, what it holds, and its columns, each with a pattern for its header.

    sign: the column that no other list has. optional: columns that some authorities leave out.
    unborn: days before birth for which a start is not odd.
    """

    number: int
    what: str
    columns: dict[str, str]
    sign: str = "start"
    optional: tuple[str, ...] = ("sex",)
    unborn: int = 300

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """The headers, over small letters and digits with single spaces."""
        return {name: re.compile(form) for name, form in self.columns.items()}

    def places(self, row: tuple[object, ...]) -> dict[str, list[int]]:
        """Where each column stands if `row` is this list's header; empty if it is not."""
        cells = [bare(cell) for cell in row]
        found = {
            name: [place for place, cell in enumerate(cells, 1) if form.fullmatch(cell)]
            for name, form in self.patterns.items()
        }
        return found if found["child"] and found[self.sign] else {}


def bare(cell: object) -> str:
    """A header as small letters and digits with single spaces."""
    return re.sub(r"[^a-z0-9]+", " ", words(cell).casefold()).strip() if cell else ""


REASON = "reason"
REPEAT = "repeat"
_ANY = {
    "child": r"(unique )?child( s)?( unique)? (id|identifier|reference)( number)?",
    "birth_date": r"(child s )?(date of birth|birth date|dob)",
    "sex": r"(child s )?(gender|sex)",
}
_HELD = _ANY | {
    "team": r"allocated team( name)?",
    "worker": r"allocated (social )?worker( name)?",
}

LISTS = (
    AnnexList(
        2,
        "early help assessments",
        _ANY
        | {
            "start": r"(early help )?assessment start date",
            "end": r"(early help )?assessment (completion|completed|end) date",
            "organisation": r"organi[sz]ation completing( the)?( early help)? assessment",
        },
        sign="organisation",
    ),
    AnnexList(
        3,
        "referrals",
        _HELD
        | {
            "start": r"date of referral|referral date",
            "nfa": r"(was the )?referral (nfa|no further action)( y n)?",
        },
    ),
    AnnexList(
        4,
        "assessments",
        _HELD
        | {
            "start": r"continuous assessment start date",
            "end": r"continuous assessment (date of authori[sz]ation|authori[sz]ation date)",
        },
    ),
    AnnexList(
        5,
        "section 47 enquiries",
        _HELD
        | {
            "start": r"(strategy discussion )?(initiating )?section 47 enquiry start date",
            "end": r"date of (initial child protection conference|icpc)",
        },
    ),
    AnnexList(
        6,
        "children in need",
        _HELD | {"start": r"cin( plan)? start date", "end": r"cin( plan)? (closure|end) date"},
    ),
    AnnexList(
        7,
        "child protection plans",
        _HELD
        | {"start": r"child protection plan start date", "end": r"child protection plan end date"},
    ),
    AnnexList(
        8,
        "children looked after",
        _HELD
        | {
            "start": r"date (child )?started to be looked after",
            "end": r"date (child )?ceased to be looked after",
        },
        unborn=0,
    ),
    AnnexList(
        9,
        "care leavers",
        _HELD
        | {
            "eligibility": r"eligibility category",
            "adviser": r"allocated personal advis[eo]r( name)?",
        },
        sign="eligibility",
        optional=("sex", "adviser"),
    ),
)

"""The lists of Annex A, and the headers by which they are known (Ofsted, ILACS: child-level data)."""

import re
from dataclasses import dataclass
from functools import cached_property

from graph import InvolvementKind
from loaders.cells import words

NUMBERS = range(2, 10)


@dataclass(frozen=True)
class AnnexList:
    """One list: its number, what it holds, and its columns, each with a pattern for its header.

    kind: of the involvements that it names; None where it names none. sign: the column that no other
    list has. optional: columns that some authorities leave out.
    unborn: days before birth for which a start is not odd.
    """

    number: int
    what: str
    kind: InvolvementKind | None
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


# What headers of Annex A are made of. One of other words may be a note, and is not shown.
_WORDS = {
    "a", "about", "abuse", "academic", "accommodation", "activity", "actual", "additional", "address",
    "adviser", "advisor", "age", "agency", "allocated", "alone", "an", "and", "any", "approved",
    "assessed", "assessment", "at", "authorisation", "authority", "been", "before", "by", "care", "case",
    "category", "ceased", "change", "child", "children", "cin", "closure", "code", "conference",
    "considered", "contact", "continuous", "count", "cp", "cpp", "current", "date", "dates", "days",
    "deemed", "dental", "did", "disability", "disabled", "does", "due", "duration", "during", "early",
    "education", "eligibility", "eligible", "employment", "end", "enquiries", "enquiry", "episode",
    "ethnic", "ethnicity", "family", "first", "from", "gender", "has", "have", "health", "help", "home",
    "icpc", "id", "in", "initial", "interview", "is", "la", "last", "latest", "leaver", "leaving",
    "left", "legal", "length", "local", "looked", "main", "missing", "months", "most", "need", "needs",
    "nfa", "no", "not", "number", "of", "offered", "on", "or", "order", "organisation", "other",
    "outcome", "pathway", "permanence", "placed", "placement", "placements", "plan", "plans", "postcode",
    "previous", "primary", "protection", "provider", "reason", "received", "recent", "referral",
    "referrals", "registered", "requiring", "result", "return", "review", "reviewed", "s", "s47", "s47s",
    "school", "section", "seen", "service", "services", "setting", "sex", "short", "since", "social",
    "source", "start", "started", "status", "statutory", "step", "strategy", "sub", "suitability",
    "suitable", "support", "teeth", "the", "time", "to", "total", "training", "type", "types", "uasc",
    "unaccompanied", "unique", "unit", "unnecessary", "unsuitable", "up", "urn", "visit", "was", "were",
    "what", "when", "which", "with", "within", "worker", "year", "years",
}  # fmt: skip


def is_plain(header: str) -> bool:
    """Whether a header, made bare, is of words of Annex A and small numbers alone."""
    return all(word in _WORDS or (word.isdigit() and len(word) < 3) for word in header.split())


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

CONTACTS = AnnexList(1, "contacts", None, _ANY | {"start": r"(date of contact|contact date)"})
"""Contacts are events: known by their headers, so that a reader can be told, and never loaded."""

LISTS = (
    AnnexList(
        2,
        "early help assessments",
        InvolvementKind.EARLY_HELP,
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
        InvolvementKind.REFERRAL,
        _HELD
        | {
            "start": r"date of referral|referral date",
            "nfa": r"(was the )?referral (nfa|no further action)( y n)?",
        },
    ),
    AnnexList(
        4,
        "assessments",
        InvolvementKind.ASSESSMENT,
        _HELD
        | {
            "start": r"continuous assessment start date",
            "end": r"continuous assessment (date of authori[sz]ation|authori[sz]ation date)",
        },
    ),
    AnnexList(
        5,
        "section 47 enquiries",
        InvolvementKind.ENQUIRY,
        _HELD
        | {
            "start": r"(strategy discussion )?(initiating )?section 47 enquiry start date",
            "end": r"date of (initial child protection conference|icpc)",
        },
    ),
    AnnexList(
        6,
        "children in need",
        InvolvementKind.CHILD_IN_NEED,
        _HELD | {"start": r"cin( plan)? start date", "end": r"cin( plan)? (closure|end) date"},
    ),
    AnnexList(
        7,
        "child protection plans",
        InvolvementKind.CHILD_PROTECTION,
        _HELD
        | {"start": r"child protection plan start date", "end": r"child protection plan end date"},
    ),
    AnnexList(
        8,
        "children looked after",
        InvolvementKind.LOOKED_AFTER,
        _HELD
        | {
            "start": r"date (child )?started to be looked after",
            "end": r"date (child )?ceased to be looked after",
            "placed": r"(la|local authority) of placement|placement (la|local authority)",
            "since": r"start date of (most recent|latest|current) placement",
        },
        optional=("sex", "placed", "since"),
        unborn=0,
    ),
    AnnexList(
        9,
        "care leavers",
        InvolvementKind.CARE_LEAVER,
        _HELD
        | {
            "eligibility": r"eligibility category",
            "adviser": r"allocated personal advis[eo]r( name)?",
        },
        sign="eligibility",
        optional=("sex", "adviser"),
    ),
)

"""What each template gets: one frozen value, and nothing else of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph import (
    AnswerIntroduction,
    BreakGlassUse,
    Brokered,
    BrokerList,
    CallFigures,
    CaseloadCount,
    Emergency,
    Found,
    FoundChild,
    Judged,
    Origin,
    Outcome,
    Pair,
    PairList,
    Purpose,
    ShieldChild,
    ShieldList,
    ShieldReason,
    Sought,
    User,
    UseToExplain,
    Verdict,
    Viewer,
)
from web.asked import Asked
from web.comparing import Detail, Row, details, rows, unsaid
from web.finding import LABELS, FindForm
from web.judging import CHOICES, DOES, STATES
from web.people import Example, Person
from web.words import first_down, listed


@dataclass(frozen=True)
class SignInPage:
    """Who may sign in, and by what.

    people: of a demo; organisation: whether one signs people in; fault: what went wrong; user: as typed.
    """

    people: Sequence[Person] = ()
    organisation: bool = False
    fault: str = ""
    user: str = ""


@dataclass(frozen=True)
class ShieldsPage:
    """Shields that people asked for; done: what was just decided, kept, waits or lifted."""

    list: ShieldList
    done: str = ""


@dataclass(frozen=True)
class ShieldDetailsPage:
    """Whom to shield by details, and why: both as they were sent; unsure: they are not of one child."""

    form: FindForm
    why: Asked[ShieldChild]
    unsure: str = ""
    reasons: Sequence[ShieldReason] = tuple(ShieldReason)

    @property
    def faults(self) -> Mapping[str, str]:
        """What is wrong, field by field, in the order of the page."""
        found = dict(self.form.faults)
        if self.unsure:
            found["nhs_number"] = self.unsure
        return {**found, **self.why.faults}

    @property
    def more(self) -> bool:
        """True where something stands in, or is wrong with, the fields that are folded away."""
        there = {name for name, text in self.form.texts.items() if text} | set(self.form.faults)
        return bool(there & {"former_name", "sex"})


@dataclass(frozen=True)
class BrokerPage:
    """Who waits to be connected; done: what was just noted."""

    list: BrokerList
    done: str = ""


@dataclass(frozen=True)
class BrokeredPage:
    """Both sides of an introduction; form: what was noted of it, where that has faults."""

    brokered: Brokered
    form: Asked[AnswerIntroduction]
    choices: Sequence[tuple[Sought, str]] = (
        (Sought.AGREED, "They agree to be connected"),
        (Sought.DECLINED, "They do not agree"),
        (Sought.NOT_REACHED, "Nobody was reached; it waits on"),
    )

    @property
    def faults(self) -> Mapping[str, str]:
        """What is wrong, field by field; nothing before the form was sent."""
        if not self.form.texts:
            return {}
        if not self.form.texts.get("said"):
            return {"said": "Choose what they said."}
        said = {name or "telephone": text for name, text in self.form.faults.items()}
        return {name: text for name, text in said.items() if name in ("said", "telephone")}


@dataclass(frozen=True)
class UsersPage:
    """Who may sign in; done: what was just decided, confirmed or ended."""

    users: Sequence[User]
    done: str = ""


@dataclass(frozen=True)
class StartPage:
    """Where one begins.

    uses: None for who may not see where break-glass was used; to_judge: how many pairs wait, to_connect:
    how many ask the broker, to_correct: how many corrections, each None for who does not see to them.
    calls: what came of calls, for who may see it. mine: one's own uses of break-glass that wait to be
    explained; explained: one was explained just now. children: with how many their service works, None
    for who works for none.
    """

    viewer: Viewer
    may_find: bool
    uses: Sequence[BreakGlassUse] | None = None
    to_judge: int | None = None
    to_connect: int | None = None
    to_correct: int | None = None
    calls: CallFigures | None = None
    mine: Sequence[UseToExplain] = ()
    explained: bool = False
    children: CaseloadCount | None = None


@dataclass(frozen=True)
class FindPage:
    """The form to find a child; origin: who says that the viewer is who they are."""

    viewer: Viewer
    origin: Origin = Origin.DEMO
    form: FindForm = field(default_factory=FindForm)
    examples: Sequence[Example] = ()
    purposes: Sequence[Purpose] = tuple(Purpose)
    emergencies: Sequence[Emergency] = tuple(Emergency)

    @property
    def more(self) -> bool:
        """True where something stands in, or is wrong with, the fields that are folded away."""
        there = {name for name, text in self.form.texts.items() if text} | set(self.form.faults)
        return bool(there & {"former_name", "sex"})


@dataclass(frozen=True)
class FoundPage:
    """What a search came to, and the form as it was sent."""

    viewer: Viewer
    form: FindForm
    found: Found

    @property
    def single(self) -> FoundChild | None:
        """The child, where there is one and no other is meant."""
        return self.found.children[0] if self.found.outcome is Outcome.ONE else None

    @property
    def away(self) -> bool:
        """True where nobody was looked for."""
        return self.found.outcome is Outcome.CANNOT

    @property
    def heading(self) -> str:
        """The outcome, in words that hold nothing of the child."""
        if self.single and self.single.restricted:
            return "A restricted record exists"
        many = len(self.found.children)
        several = f"Possible matches: {many}. None of them is certain."
        return {
            Outcome.ONE: "One match",
            Outcome.SEVERAL: "1 possible match. It is not certain." if many == 1 else several,
            Outcome.TOO_MANY: "Too many to tell. Add a detail.",
            Outcome.NONE: "Nothing found",
            Outcome.CANNOT: "Signpost cannot answer now",
        }[self.found.outcome]

    @property
    def unlike(self) -> str:
        """How the one match differs from what was given; empty where it does not."""
        reasons = self.single.reasons if self.single else ()
        reasons = [one for one in reasons if one.agreement != "the same"]
        return "; ".join(f"{one.field}: {one.agreement}" for one in reasons)

    @property
    def by_number(self) -> bool:
        """True where nothing but the NHS number was given."""
        return list(self.found.asked) == ["nhs_number"]

    @property
    def asked(self) -> str:
        """Which details were given, never their values."""
        return listed(_plain(name) for name in LABELS if name in self.found.asked)

    @property
    def helpful(self) -> list[str]:
        """Which details were not given, those that tell most first."""
        missing = [name for name in TELLING if name not in self.found.asked]
        return [_plain(name) for name in missing]

    @property
    def alike(self) -> bool:
        """True where several possible matches agree in just the same details."""
        said = [[(one.value, one.agreement) for one in self.details(c)] for c in self._open]
        return len(said) > 1 and all(one == said[0] for one in said)

    @property
    def _open(self) -> Sequence[FoundChild]:
        return [
            child for child in (self.found.children if self.found else ()) if not child.restricted
        ]

    def details(self, child: FoundChild) -> list[Detail]:
        """What was typed, beside what the record of a possible match says."""
        return details(child, self.found.asked)


TELLING = (
    "nhs_number",
    "birth_date",
    "postcode",
    "given_name",
    "family_name",
    "former_name",
    "sex",
)


def _plain(name: str) -> str:
    return first_down(LABELS[name])


@dataclass(frozen=True)
class PairsPage:
    """Pairs of children who may be one, and how many there are of each judgement."""

    list: PairList

    @property
    def tabs(self) -> Sequence[tuple[Verdict, str, int]]:
        """Each judgement, in words, with how many pairs there are of it."""
        return [(one, said, self.list.counts.get(one.value, 0)) for one, said in STATES.items()]

    @property
    def title(self) -> str:
        """Which list, and which page of it."""
        of = f", page {self.list.page} of {self.list.pages}" if self.list.pages > 1 else ""
        return f"Possible duplicates: {STATES[self.list.judgement].lower()}{of}"

    @property
    def caption(self) -> str:
        """What the table shows."""
        most = "the most alike first"
        of = f"; page {self.list.page} of {self.list.pages}" if self.list.pages > 1 else ""
        return f"{STATES[self.list.judgement]}, {most}{of}"

    @property
    def empty(self) -> str:
        """What is said where there is none."""
        if self.list.judgement is Verdict.OPEN:
            return "No pair waits to be judged. New ones come with the next extract that is loaded."
        return "No pair is in this list."


@dataclass(frozen=True)
class PairPage:
    """Two children who may be one; fault: what was wrong with the judgement that was sent.

    recorded: True where it was written just now.
    """

    viewer: Viewer
    pair: Pair
    fault: str = ""
    recorded: bool = False

    @property
    def state(self) -> str:
        """The judgement in force, in words."""
        return STATES[self.pair.judgement]

    @property
    def choices(self) -> Sequence[tuple[Verdict, str, str]]:
        """What can be judged, and what it does; taken back can be only what was judged."""
        judged = self.pair.judgement is not Verdict.OPEN and self.now
        back = bool(judged and self.now and self.now.author not in (None, "Signpost"))
        there = [one for one in CHOICES if one is not Verdict.OPEN or back]
        return [(one, CHOICES[one], self._does(one)) for one in there]

    def _does(self, verdict: Verdict) -> str:
        freed = self.pair.shielded and verdict is Verdict.DIFFERENT
        return (
            f"{DOES[verdict]} Shielding that came over this pair stays until two stewards lift it."
            if freed
            else DOES[verdict]
        )

    @property
    def recorded_words(self) -> str:
        """What was written, and what it does."""
        taken = self.pair.judgement is Verdict.OPEN
        said = "Taken back" if taken else self.state
        again = "" if taken else " You can take this back at any time."
        return f"{said}. {DOES[self.pair.judgement]}{again}"

    @property
    def history(self) -> Sequence[Judged]:
        """All judgements, the one in force first."""
        return sorted(self.pair.history, key=lambda one: one.until is not None)

    @property
    def now(self) -> Judged | None:
        """The judgement in force."""
        return next((one for one in self.pair.history if one.until is None), None)

    @property
    def rows(self) -> Sequence[Row]:
        """Field by field, what is said on either side."""
        return rows(self.pair)

    @property
    def unsaid(self) -> str:
        """The fields of which neither side says anything."""
        return ", ".join(first_down(label) for label in unsaid(self.pair))

    @property
    def swapped(self) -> bool:
        """True where family and given name were compared crosswise."""
        return any(one.field == "names" for one in self.pair.compared)

"""Dates, periods and numbers as people read them: filters for templates."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from graph import (
    UNNAMED,
    Deferred,
    Judged,
    Look,
    Looks,
    MisuseSign,
    PairLine,
    Period,
    Pointer,
    Sex,
    Verdict,
)

LONDON = ZoneInfo("Europe/London")
_SEX = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.UNKNOWN: "not known"}
_JUDGED = {
    Verdict.OPEN: "Taken back",
    Verdict.SAME: "Judged one child",
    Verdict.DIFFERENT: "Judged two children",
    Verdict.UNSURE: "Judged not sure",
}


def day(value: date | None) -> str:
    """4 March 2026."""
    return f"{value:%-d %B %Y}" if value else "not known"


def local_day(value: datetime) -> str:
    """The day of an instant in London: 4 March 2026."""
    return day(value.astimezone(LONDON).date())


def instant(value: datetime) -> str:
    """4 March 2026 at 09:30, in London."""
    return f"{value.astimezone(LONDON):%-d %B %Y at %H:%M}"


def since(period: Period) -> str:
    """The first day of a period, as far as the source knows it."""
    return day(period.from_)


def until(period: Period, asserted_on: date | None = None) -> str:
    """The last day of a period; asserted_on: date of the extract that says it is open."""
    if period.to is None:
        return f"open on {day(asserted_on)}" if asserted_on else "still there"
    return day(period.to) if period.to_exact else f"by {day(period.to)}"


def spanned(period: Period) -> str:
    """A period in a sentence: since, from and to, on one day, or until."""
    if period.to is None:
        return f"since {day(period.from_)}" if period.from_ else "at a time that is not known"
    if period.from_ == period.to:
        return f"on {day(period.to)}"
    if period.from_:
        return f"from {day(period.from_)} to {until(period)}"
    return f"until {day(period.to)}" if period.to_exact else until(period)


def duration(seconds: int) -> str:
    """40 seconds, 6 minutes, 3 hours."""
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size:
            return count(seconds // size, unit)
    return count(seconds, "second")


def hour(value: datetime, now: datetime) -> str:
    """17:00 today, 09:00 tomorrow, or 09:00 on Monday 30 November; in London."""
    there, here = value.astimezone(LONDON), now.astimezone(LONDON).date()
    days = (there.date() - here).days
    when = {0: "today", 1: "tomorrow"}.get(days, f"on {there:%A %-d %B}")
    return f"{there:%H:%M} {when}"


_ASKED = {
    "FindChild": "a search",
    "ServiceMapOf": "the map of services",
    "Caseload": "a list of the children with whom their service works",
    "BoundariesOf": "both sides of the boundaries on the map of services",
    "PairOf": "two records that may be one child",
    "Judge": "a judgement whether two records are one child",
    "EpisodesOf": "an export of what a source sent",
    "WhoLooked": "who has looked",
    "OwnLooks": "a list of their own look-ups of the day",
    "AsWasSeen": "what somebody was shown before",
    "ShieldByDetails": "a request to shield the child, by a steward",
    "ExportMap": "the map of services, taken away as a file",
    "NoteCall": "a note of what came of a call",
    "AskBroker": "a request to be connected with a service",
    "IntroductionOf": "a look by the broker, to connect two people",
    "AnswerIntroduction": "a note by the broker, who had rung a service",
    "AskCorrection": "a report that something is wrong",
    "CorrectionOf": "a look by a steward, to have something put right",
    "AnswerCorrection": "a note by a steward, who had rung a source",
}


def looked(look: Look) -> str:
    """One look at a child, in plain words: when, who, from where, at what, and why."""
    who = ", ".join(word for word in (look.role, look.service, look.authority) if word)
    what = _ASKED.get(look.question, look.question) if look.question else "a look"
    saw = "refused, nothing was shown"
    if look.shown:
        saw = "only that a restricted record exists" if look.restricted else "shown"
    why = look.purpose or look.emergency
    reason = f" Why: {why}, their reference {look.reference}." if why else ""
    ground = f" Ground: {look.ground}." if look.ground else ""
    user = look.user or "somebody who is not named"
    return f"{instant(look.at)}: {user} ({who}); {what}: {saw}.{reason}{ground}"


def misused(sign: MisuseSign) -> str:
    """One sign of misuse in plain words: whose, why it is one, from when to when, and what to ask about."""
    when = f"From {instant(sign.first)} to {instant(sign.last)}."
    if sign.first == sign.last:
        when = f"On {instant(sign.first)}."
    references = f" Their references: {', '.join(sign.references)}." if sign.references else ""
    return f"{listed(sign.users)}: {sign.why} {when}{references}"


def counted(found: Looks) -> list[str]:
    """Sentences after the list of looks: how many there are, and in how many searches it was compared."""
    said = [] if found.looks else ["Nobody has looked at this child."]
    if found.total > len(found.looks):
        said = [
            f"These are the latest {len(found.looks):,} of {count(found.total, 'look')}; "
            "lists of the children of a service are left out first."
        ]
    if found.compared:
        times = "once" if found.compared == 1 else f"{found.compared:,} times"
        said += [f"In searches for somebody, the record was compared and not shown {times}."]
    return said


def deferral(one: Deferred) -> str:
    """What is kept back from the family's report, until when, by whom and why."""
    all_ = ", with all looks by the same service" if one.whole_service else ""
    kept = (
        "Kept back from the family until" if one.in_force else "Was kept back from the family until"
    )
    return (
        f"{kept} {day(one.until)}{all_}: {one.reason.value}. "
        f"Decided by {one.author} on {instant(one.at)}, their reference {one.reference}."
    )


def pointed(pointer: Pointer) -> str:
    """What a pointer says, in a sentence."""
    named = pointer.authority.number != UNNAMED
    later = listed([one.name for one in pointer.now])
    where = pointer.authority.name + (f" (now {later})" if later else "")
    said = f"{pointer.said_by} says: {pointer.kind.value}, {where if named else 'not named'}"
    return f"{said}, {spanned(pointer.period)}"


def tel(telephone: str) -> str:
    """The address behind a telephone number."""
    return "tel:" + telephone.replace(" ", "")


def nhs(number: str) -> str:
    """An NHS number as it is read aloud: 999 012 3456."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def age(born: date, today: date) -> str:
    """Years; under two, months."""
    gone = relativedelta(today, born)
    if today < born:
        return "not born yet"
    if gone.years >= 2:
        return f"{gone.years} years old"
    return f"{gone.years * 12 + gone.months} months old"


def count(number: int, one: str, many: str = "") -> str:
    """1 source, 2 sources."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str], joint: str = "and") -> str:
    """a, b and c."""
    *most, last = [*words] or [""]
    return f" {joint} ".join(filter(None, (", ".join(most), last)))


_DAYS = {
    "Mo": "Monday",
    "Tu": "Tuesday",
    "We": "Wednesday",
    "Th": "Thursday",
    "Fr": "Friday",
    "Sa": "Saturday",
    "Su": "Sunday",
}


def hours(text: str) -> str:
    """Monday to Friday, 09:00 to 17:00; Saturday, 10:00 to 12:00."""
    if text == "24/7":
        return "Day and night, every day"
    spans = [span.split() for span in text.split("; ")]
    return "; ".join(
        f"{' to '.join(_DAYS[one] for one in days.split('-'))}, {clock.replace('-', ' to ')}"
        for days, clock in spans
    )


def sex(value: Sex) -> str:
    """In a word."""
    return _SEX[value]


def alike(probability: float) -> str:
    """How alike two records are. Not how likely they are one child: twins are very much alike."""
    words = ((0.99, "Very much alike"), (0.95, "Much alike"), (0.85, "Alike"))
    return next((said for least, said in words if probability >= least), "Somewhat alike")


def judged(one: PairLine | Judged) -> str:
    """What was judged of a pair and by whom, in a few words."""
    if one.author is None:
        return "Found by Signpost"
    if one.author == "Signpost":
        return "Joined by Signpost"
    said = "Taken back" if one.judgement is Verdict.OPEN else _JUDGED[one.judgement]
    return f"{said} by {one.author}"


def first_up(text: str) -> str:
    """The same text with a capital at its start, and the rest as it is."""
    return text[:1].upper() + text[1:]


def first_down(text: str) -> str:
    """The same text with a small letter at its start, unless it begins with an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


FILTERS = (
    day,
    local_day,
    instant,
    since,
    until,
    looked,
    deferral,
    pointed,
    tel,
    nhs,
    age,
    count,
    listed,
    hours,
    hour,
    duration,
    sex,
    alike,
    judged,
    first_up,
)

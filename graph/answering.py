"""How one question is answered: grounds, decision, answer and access record, in one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeVar

from graph.access import REFUSED, Decision, Facts, Ground, decide
from graph.asking import Asking
from graph.audit import NOT_VISIBLE, NOTHING, RESTRICTED, SHOWN, access_record
from graph.errors import BadQuestion
from graph.messages import BROKER
from graph.namesakes import mark
from graph.questions import Question
from graph.strands import Pen

A = TypeVar("A")
B = TypeVar("B")


class Answered(NamedTuple, Generic[A]):
    """An answer, and whom a message tells that something waits, once it is committed.

    given: why what is asked cannot be done, which is on record like an answer; None where it needs a
    child, and there is none whom the viewer may know.
    """

    given: A | BadQuestion | None
    told: tuple[str, ...]


def answer(asking: Asking, pen: Pen, question: Question[A]) -> Answered[A]:
    """Decide on each child that a question is about, answer it, and write its access record."""
    asking = replace(asking, viewer=question.asker(asking))
    children = _tried(lambda: question.candidates(asking))
    facts = {} if isinstance(children, BadQuestion) else asking.facts(children)
    decisions = {child: decide(asking.viewer, question.permission, facts[child]) for child in facts}
    allowed = {child: decision for child, decision in decisions.items() if decision.allowed}
    words = sorted({word for decision in allowed.values() for word in decision.clearance})
    asking = replace(asking, clearance=tuple(words))
    given = children if isinstance(children, BadQuestion) else None
    if given is None and (allowed or not question.needs_child):
        shielded = {child: facts[child].shielded for child in allowed}
        given = _tried(lambda: question.answer(asking, shielded))
    pen.write(asking.transaction, _record(asking, question, facts, allowed, given))
    return Answered(given, _told(asking, question, allowed, given))


def _tried(work: Callable[[], B]) -> B | BadQuestion:
    """What it gives; or the refusal, which is raised once it is on record."""
    try:
        return work()
    except BadQuestion as refused:
        return refused


def _record(
    asking: Asking,
    question: Question[Any],
    facts: dict[str, Facts],
    allowed: dict[str, Decision],
    given: Any,
) -> dict[str, Any]:
    shown = _shown(asking, question, allowed)
    count = 0 if given is None or isinstance(given, BadQuestion) else question.shown(given)
    others = {
        "refused": [child for child in facts if child not in allowed],
        "compared": _members(facts, (child for child in allowed if child not in shown)),
        "restricted": _members(facts, (child for child in shown if facts[child].shielded)),
        "involvements": sorted(asking.listed),
        "clearance": list(asking.clearance),
        "namesake": mark(asking),
        **asking.noted,
    }
    return access_record(
        asking.viewer,
        type(question).__name__,
        {**question.asked(), **others},
        _outcome(question, [facts[child].shielded for child in shown], count),
        max(allowed.values(), key=_weakness, default=REFUSED),
        _members(facts, shown),
        count,
        asking.now,
    )


def _shown(
    asking: Asking, question: Question[Any], allowed: Mapping[str, Decision]
) -> Sequence[str]:
    return asking.chosen if question.chooses else list(allowed)


def _told(
    asking: Asking,
    question: Question[A],
    allowed: Mapping[str, Decision],
    given: A | BadQuestion | None,
) -> tuple[str, ...]:
    """The leads and the broker where break-glass opened something: when it is stated, not for its hour."""
    viewer, shown = asking.viewer, _shown(asking, question, allowed)
    broken = any(allowed[child].ground is Ground.BREAK_GLASS for child in shown)
    if broken and viewer.authority and viewer.stated_at is None:
        return viewer.authority, BROKER
    if given is None or isinstance(given, BadQuestion):
        return ()
    return question.told(given)


def _members(facts: dict[str, Facts], children: Iterable[str]) -> list[str]:
    """The ids of these children and of all who are one with them by a judgement."""
    return [member for child in children for member in facts[child].members or (child,)]


def _outcome(question: Question[Any], shielded: list[bool], count: int) -> str:
    if shielded:
        return RESTRICTED if all(shielded) else SHOWN
    if question.needs_child:
        return NOT_VISIBLE
    return SHOWN if count else NOTHING


def _weakness(decision: Decision) -> int:
    """Of several grounds, the record names the one that most needs explaining."""
    return list(Ground).index(decision.ground) if decision.ground else -1

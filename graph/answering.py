"""How one question is answered: grounds, decision, answer and access record, in one transaction."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from graph.access import REFUSED, Decision, Facts, Ground, decide
from graph.asking import Asking
from graph.audit import NOT_VISIBLE, NOTHING, RESTRICTED, SHOWN, access_record
from graph.errors import BadQuestion
from graph.namesakes import mark
from graph.questions import Question
from graph.strands import Pen

A = TypeVar("A")


def answer(asking: Asking, pen: Pen, question: Question[A]) -> A | BadQuestion | None:
    """Decide on each child that a question is about, answer it, and write its access record.

    Return the answer; why what is asked cannot be done, which is on record like an answer; None where
    it needs a child, and there is none whom the viewer may know.
    """
    asking = replace(asking, viewer=question.asker(asking))
    facts = _facts(asking, question.candidates(asking))
    decisions = {child: decide(asking.viewer, question.permission, facts[child]) for child in facts}
    allowed = {child: decision for child, decision in decisions.items() if decision.allowed}
    words = sorted({word for decision in allowed.values() for word in decision.clearance})
    asking = replace(asking, clearance=tuple(words))
    given = None
    if allowed or not question.needs_child:
        given = _given(asking, question, {child: facts[child].shielded for child in allowed})
    pen.write(asking.transaction, _record(asking, question, facts, allowed, given))
    return given


def _given(asking: Asking, question: Question[A], children: dict[str, bool]) -> A | BadQuestion:
    try:
        return question.answer(asking, children)
    except BadQuestion as refused:
        return refused


def _facts(asking: Asking, children: list[str]) -> dict[str, Facts]:
    viewer = asking.viewer
    rows = asking.transaction.run(
        "access/grounds",
        children=children,
        service=viewer.service,
        authorities=viewer.areas,
    )
    return {row.pop("child"): Facts(exists=True, **row) for row in rows}


def _record(
    asking: Asking,
    question: Question[Any],
    facts: dict[str, Facts],
    allowed: dict[str, Decision],
    given: Any,
) -> dict[str, Any]:
    shown = asking.chosen if question.chooses else list(allowed)
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

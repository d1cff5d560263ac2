"""From what was typed to the children who may be meant: candidates, scores, and one of five outcomes."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.answers import FoundChild, Outcome, Reason
from graph.asking import Asking
from graph.blocks import numbers_of, tokens_of
from graph.comparing import Level, Person, person_of
from graph.layers import Layer
from graph.matching import Band, Score, exact, exact_names, rank, score
from graph.model import Identity, Sex
from graph.naming import name_of

MOST_SHOWN = 10
MOST_UNLIKELY = 3  # shown of those who agree in their names and in all else but one detail
MOST_IN_BLOCK = 1_000
_MOST_KEPT = 50
READ_BY = 4  # so many children are read, or a multiple, whoever fits
FULL = ""  # stands among the scores where a block held too many children to compare
_TOO_MANY = Score(0.0, ())


def search(asking: Asking, person: Person, typed: str) -> dict[str, Score]:
    """The children who fit a person, each with its score, the most probable first.

    typed: all that was typed, by which others are taken who are read besides, and dropped.
    A shielded child is there only by its exact number, or by both names and birth date.
    """
    rows = asking.sought(
        "find/candidates",
        lambda layer: _tokens(person, layer),
        nobodies=[asking.nobody(typed, str(n)) for n in range(READ_BY)],
        most=MOST_IN_BLOCK,
    )
    # Those whom nobody seeks are compared too: to find nobody must take as long as to hide somebody.
    scored = [(row, _score(asking, person, row)) for row in rows if row["child"]]
    kept = {row["child"]: found for row, found in scored if found and row["sought"]}
    best_first = sorted(kept, key=lambda child: (-kept[child][0].probability, child))[:_MOST_KEPT]
    head_of = {row["child"]: min(row["child"], *row["members"]) for row in rows if row["members"]}
    found: dict[str, Score] = {}
    for child in best_first:
        head = head_of.get(child, child)
        if head not in found:
            found[head], asking.closest[head] = kept[child]
    # Who is born on a day that was typed stands in a block of that day, which is never full.
    full = person.born is None and any(row["full"] for row in rows)
    return found | ({FULL: _TOO_MANY} if full else {})


def _tokens(person: Person, layer: Layer) -> dict[str, list[str]]:
    """Under which tokens whoever may be this person stands."""
    blocks = set().union(*tokens_of(person, layer.token, searching=True).values())
    number = numbers_of(person, layer.token).get("nhs")
    return {"nhs": [number] if number else [], "blocks": sorted(blocks)}


def _score(
    asking: Asking, person: Person, row: Mapping[str, Any]
) -> tuple[Score, list[Identity]] | None:
    """The best score of one candidate, and what its sources say, the word that fits best first.

    None where it does not fit, or may not be found like this.
    """
    known = [asking.keyring.open(sealed, row["child"]) for sealed in row["sealed"]]
    if not known:
        return None
    scores = [(score(person, person_of(one), asking.frequencies), one) for one in known]
    scores.sort(key=lambda one: rank(one[0]), reverse=True)
    found = scores[0][0]
    numbered = any(one.level("NHS number") is Level.SAME for one, _ in scores)
    if row["shielded"] and not numbered and not any(exact(one) for one, _ in scores):
        return None
    fits = _differs(found) < 2 and len(found.terms) > 1
    if found.band is Band.LOW and not numbered and not fits:
        return None
    return found, [identity for _, identity in scores]


def _differs(found: Score) -> int:
    """How many of the details that were typed disagree."""
    return sum(term.level is Level.DIFFERENT for term in found.terms)


def outcome_of(scores: Mapping[str, Score], visible: Sequence[str]) -> tuple[Outcome, list[str]]:
    """What a search came to, and whom to show, the most probable first; never more than MOST_SHOWN."""
    seen = [child for child in scores if child in set(visible)]
    matches = [child for child in seen if scores[child].band is Band.MATCH]
    likely = [child for child in seen if _likely(scores[child])]
    rivals = [child for child in likely if child not in matches and not scores[child].holds]
    if len(matches) == 1 and not rivals:
        return Outcome.ONE, matches
    if len(likely) > MOST_SHOWN:
        return Outcome.TOO_MANY, []
    return (Outcome.SEVERAL, likely) if likely else _unlikely(scores, seen)


def _unlikely(scores: Mapping[str, Score], seen: Sequence[str]) -> tuple[Outcome, list[str]]:
    """Where nobody is likely: one who agrees in all, else some who agree in all but one detail.

    Several who agree in all say that too little was typed; a child who moved has another postcode.
    """
    fits = [child for child in seen if not _differs(scores[child])]
    if len(fits) == 1 and FULL not in scores:
        return Outcome.SEVERAL, fits
    if fits or FULL in scores:
        return Outcome.TOO_MANY, []
    named = [child for child in seen if exact_names(scores[child])]
    return (Outcome.SEVERAL, named) if 0 < len(named) <= MOST_UNLIKELY else (Outcome.NONE, [])


def _likely(found: Score) -> bool:
    return found.band is not Band.LOW or found.level("NHS number") is Level.SAME or exact(found)


def found_child(
    asking: Asking, child: str, shielded: bool, person: Person, typed: set[str] | None
) -> FoundChild:
    """A child as the viewer may see it.

    person: what was typed; typed: the fields to which a possible match is kept, None for a match.
    """
    found, known = asking.scores[child], asking.closest[child]
    identity = None
    if not shielded and "identity" in asking.clearance:
        identity = _whole(known) if typed is None else _only(known[0], found, person, typed)
    return FoundChild(
        handle=asking.handle(child),
        restricted=shielded,
        identity=identity,
        reasons=[] if shielded else _reasons(found),
    )


def family_names(asking: Asking, child: str) -> list[str]:
    """The family names that a child who was found has or had, as its sources say."""
    known = asking.closest[child]
    return [name for one in known for name in (one.family_name, *one.former_names) if name]


def _whole(known: Sequence[Identity]) -> Identity:
    """What that source says whose word fits best, and what it leaves out by the next; no postcode."""
    said: dict[str, Any] = {}
    for identity in known:
        for name, value in dict(identity).items():
            if said.get(name) in (None, (), Sex.UNKNOWN):
                said[name] = value
    return Identity.model_construct(**(said | {"postcode": None}))


def _only(closest: Identity, found: Score, person: Person, typed: set[str]) -> Identity:
    """What was typed, as that source has it whose word fits best; a number only where it agrees.

    Who asks by a former name is told no other name that the child has or had.
    """
    shown = typed - {"postcode", "former_name"}
    shown |= {"expected_date"} if "birth_date" in typed else set()
    if found.level("family name") is Level.FORMER:
        shown -= {"family_name"}
    if found.level("NHS number") is not Level.SAME:
        shown -= {"nhs_number"}
    kept = {name: value for name, value in dict(closest).items() if name in shown}
    if "former_name" in typed:
        forms = {name.form for name in person.family}
        names = [(text, name_of(text, "family")) for text in closest.former_names]
        kept["former_names"] = tuple(text for text, name in names if name and name.form in forms)
    return Identity.model_construct(**kept)


def _reasons(found: Score) -> list[Reason]:
    return [Reason(field=term.field, agreement=term.level.value) for term in found.terms]
